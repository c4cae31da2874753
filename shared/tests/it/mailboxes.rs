//! One contact with two mailboxes: what belongs to one of them is neither shown nor proven to the other.

use shared::{
    channel::{Channel, email::mime},
    contact::Assurance,
    store::contacts,
    time::MINUTE_MS,
    wire::Speaker,
};

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

/// A mail that Email Routing knows nothing about, to our reply address.
fn replies(world: &mut World, from: &str, to: &str, text: &str) {
    let id = world.ctx.entropy.next_u64();
    let raw = format!(
        "Received: from mx.example by mx.cloudflare.net; Wed, 25 Nov 2026 10:00:00 +0000\r\n\
         Authentication-Results: mx.cloudflare.net; dmarc=none\r\nFrom: {from}\r\nTo: {to}\r\n\
         Subject: My bike\r\nMessage-ID: <{id}@mail.example>\r\n\r\n{text}\r\n"
    );
    world.routed(from, to, raw);
    world.advance(MINUTE_MS);
}

fn assurance(world: &World, address: &str) -> Assurance {
    let answer = world.db.run(&contacts::by_address(&world.site.id, &mailbox(address))).unwrap();
    contacts::decode_by_address(answer).unwrap().unwrap().1.assurance
}

fn last_words(world: &World, address: &str) -> String {
    let ours = world.sandbox(address).into_iter().find(|mail| mail.recipient == address);
    ours.unwrap().text
}

#[test]
fn a_reply_from_the_mailbox_that_got_the_address_proves_it_and_no_other() {
    let mut world = two_mailboxes(62);
    let to = mime::mailboxes(&field(&world, HOME, "reply-to")).pop().unwrap().1;
    replies(&mut world, HOME, &to, "And how much is a full service?");
    assert_eq!(assurance(&world, HOME), Assurance::Possessed);
    assert_eq!(assurance(&world, WORK), Assurance::Claimed);
}

#[test]
fn a_forwarded_mail_that_another_mailbox_answers_proves_neither() {
    let mut world = two_mailboxes(63);
    let to = mime::mailboxes(&field(&world, HOME, "reply-to")).pop().unwrap().1;
    replies(&mut world, WORK, &to, "What is my name?");
    assert_eq!((assurance(&world, HOME), assurance(&world, WORK)), (Assurance::Claimed, Assurance::Claimed));
    let contact = world.contact(&mailbox(WORK)).unwrap();
    let timeline = world.timeline(&contact);
    let said = timeline.iter().rfind(|event| event.speaker == Speaker::Contact).unwrap();
    assert!(said.message().unwrap().unverified && said.channel == Channel::Email, "{said:?}");
    let answer = last_words(&world, WORK);
    assert!(!answer.contains("Ana"), "answered from the mail alone: {answer}");
    let own = mime::mailboxes(&field(&world, WORK, "reply-to")).pop().unwrap().1;
    replies(&mut world, WORK, &own, "How much is a puncture repair?");
    assert_eq!(assurance(&world, WORK), Assurance::Possessed, "its own address does");
}
