//! What a contact told a member of the team about our messages is obeyed like their own word.

use shared::{
    channel::Channel,
    command::{Command, Revoke},
    consent::{Action, Actor, Basis},
    flow::{self, FlowError},
    store::consents,
    time::{DAY_MS, MINUTE_MS},
};

use crate::{
    checks,
    world::{World, mailbox, now, phone},
};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

fn with_maria(seed: u64) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.texts(MARIA, "How much is a full service?");
    world.mails(MAILBOX, "Prices", "How much is a puncture repair?", None);
    world.advance(MINUTE_MS);
    world
}

/// How much the site has sent to an address.
fn received(world: &World, address: &str) -> usize {
    world.sandbox(address).iter().filter(|message| message.recipient == address).count()
}

fn revokes(world: &mut World, by: &str, channels: &[Channel], words: &str) -> Result<(), FlowError> {
    let conversation = world.conversation(&phone(MARIA)).id;
    let revoke = Revoke { by: by.into(), channels: channels.to_vec(), words: words.into() };
    let mut ctx = world.ctx.clone();
    let handled = now(flow::handle(world.scope(), &mut ctx, &Command::Revoke(conversation, revoke)));
    world.ctx = ctx;
    world.note(handled?.effects);
    world.settle();
    Ok(())
}

#[test]
fn texts_stop_at_once_email_goes_on_and_only_the_contact_lifts_it() {
    let mut world = with_maria(701);
    revokes(&mut world, "Jun Park", &[Channel::Sms], "On the phone: please no more texts.").unwrap();
    checks::holds(&world, &[phone(MARIA), mailbox(MAILBOX)]);
    let chain = consents::chain(&world.site.id, &phone(MARIA));
    let chain = consents::decode_chain(world.db.run(&chain).unwrap()).unwrap();
    let last = &chain.last().unwrap().body;
    assert_eq!((last.action, last.basis, last.actor), (Action::Revoke, Basis::Told, Actor::Agent));
    assert_eq!(last.evidence, "On the phone: please no more texts.");
    let texts = received(&world, MARIA);
    world.texts(MARIA, "How much is a tune-up?");
    world.advance(MINUTE_MS);
    assert_eq!(received(&world, MARIA), texts, "nothing goes there");
    let mails = received(&world, MAILBOX);
    world.mails(MAILBOX, "Again", "How much is a tune-up?", None);
    world.advance(MINUTE_MS);
    assert_eq!(received(&world, MAILBOX), mails + 1, "email goes on");
    // Twice is once.
    revokes(&mut world, "Jun Park", &[Channel::Sms], "Again.").unwrap();
    let again = consents::chain(&world.site.id, &phone(MARIA));
    assert_eq!(consents::decode_chain(world.db.run(&again).unwrap()).unwrap().len(), chain.len());
    world.texts(MARIA, "START");
    world.advance(MINUTE_MS);
    world.texts(MARIA, "How much is a tune-up?");
    world.advance(DAY_MS);
    assert!(received(&world, MARIA) > texts + 1, "she asked for texts again herself");
    checks::holds(&world, &[phone(MARIA), mailbox(MAILBOX)]);
}

#[test]
fn without_channels_everything_stops_and_what_says_too_little_changes_nothing() {
    let mut world = with_maria(702);
    let code = |told: Result<(), FlowError>| match told {
        Err(FlowError::Rejected(rejection)) => rejection.code,
        other => panic!("not refused: {other:?}"),
    };
    assert_eq!(code(revokes(&mut world, "Somebody", &[], "No more.")), "unknown_member");
    assert_eq!(code(revokes(&mut world, "Jun Park", &[], "  ")), "bad_words");
    assert_eq!(code(revokes(&mut world, "Jun Park", &[Channel::Instagram], "No more.")), "no_address");
    let (texts, mails) = (received(&world, MARIA), received(&world, MAILBOX));
    revokes(&mut world, "Jun Park", &[], "In the shop: do not write to me at all.").unwrap();
    world.texts(MARIA, "How much is a tune-up?");
    world.mails(MAILBOX, "Again", "How much is a tune-up?", None);
    world.advance(DAY_MS);
    assert_eq!((received(&world, MARIA), received(&world, MAILBOX)), (texts, mails));
    checks::holds(&world, &[phone(MARIA), mailbox(MAILBOX)]);
}
