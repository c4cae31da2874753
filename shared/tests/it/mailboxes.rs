//! One contact with two mailboxes: what belongs to one of them is neither shown nor proven to the other.

use shared::{channel::Channel, channel::email::mime, time::MINUTE_MS};

use crate::world::{World, mailbox};

const HOME: &str = "ana@example.com";
const WORK: &str = "ana@work.example";

/// One browser was told to go on at two mailboxes that nobody had; each got its first mail.
fn two_mailboxes(seed: u64) -> World {
    let mut world = World::new(seed);
    let visitor = world.visitor();
    world.says(&visitor, "My name is Ana. How much is a tune-up?").unwrap();
    world.settle();
    for address in [HOME, WORK] {
        world.continues(&visitor, Channel::Email, address).unwrap();
        world.advance(MINUTE_MS);
    }
    assert_eq!(world.contact(&mailbox(HOME)), world.contact(&mailbox(WORK)));
    world
}

/// A field of our newest mail to a mailbox.
fn field(world: &World, address: &str, name: &str) -> String {
    let mails = world.sandbox(address);
    let ours = mails.iter().find(|mail| mail.recipient == address).unwrap();
    let raw = ours.raw.clone().unwrap();
    mime::field(&mime::parse_mail(raw.as_bytes()).headers, name).unwrap_or_default().to_owned()
}

#[test]
fn a_thread_refers_only_to_mails_exchanged_with_its_own_mailbox() {
    let mut world = two_mailboxes(61);
    for (address, text) in [(WORK, "How much is a full service?"), (HOME, "When are you open on Monday?")] {
        let first = field(&world, address, "message-id");
        world.mails(address, "My bike", text, None);
        world.advance(MINUTE_MS);
        let references = field(&world, address, "references");
        assert!(references.contains(&first), "{address} goes on in its own thread: {references}");
    }
    let (home, work) = (field(&world, HOME, "references"), field(&world, WORK, "references"));
    let shared: Vec<&str> = home.split_whitespace().filter(|id| work.contains(id)).collect();
    assert_eq!(shared, Vec::<&str>::new(), "{home} | {work}");
}
