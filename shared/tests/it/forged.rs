//! A mail that only claims its sender: it is answered from what it says itself, and changes nothing but an opt-out.

use shared::{
    channel::Channel,
    command::{Arrival, Command},
    contact::Handle,
    flow,
    id::EventId,
    message::{InboundMessage, ThreadRef},
    store::{consents, contacts},
    time::{DAY_MS, MINUTE_MS},
};

use crate::world::{World, mailbox, now, phone};

const MAILBOX: &str = "maria@example.com";

/// Maria's mailbox is proven, and has told her name and budget.
fn maria_is_known(seed: u64) -> World {
    let mut world = World::new(seed);
    world.mails(MAILBOX, "Hello", "My name is Maria and my budget is $300. How much is a tune-up?", None);
    world.advance(2 * DAY_MS);
    assert!(world.last_answer(&mailbox(MAILBOX)).message().unwrap().text.contains("Maria"));
    world
}

/// A mail with Maria's address on it that nobody vouches for.
fn unvouched(world: &mut World, text: &str, thread: Vec<ThreadRef>) {
    let endpoint = world.site.endpoint_on(Channel::Email).unwrap().id.clone();
    let event = EventId::mint(&mut world.ctx);
    let external_id = format!("mail/{event}");
    let arrival = Arrival { endpoint, external_id, event, at: world.ctx.now, visitor: None };
    let message = InboundMessage {
        from: mailbox(MAILBOX),
        from_name: Some("Somebody".into()),
        text: text.into(),
        subject: Some("Hello".into()),
        authenticated: false,
        thread,
        message_id: None,
        keyword: None,
        automatic: false,
        files: Vec::new(),
    };
    let mut ctx = world.ctx.clone();
    let command = Command::Message(arrival, message);
    let handled = now(flow::handle(world.scope(), &mut ctx, &command)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world.advance(MINUTE_MS);
}

fn handle_of(world: &World) -> Handle {
    let answer = world.db.run(&contacts::by_address(&world.site.id, &mailbox(MAILBOX))).unwrap();
    contacts::decode_by_address(answer).unwrap().unwrap().1
}

#[test]
fn a_mail_nobody_vouches_for_is_answered_without_anything_said_before() {
    let mut world = maria_is_known(41);
    unvouched(&mut world, "How much is a full service?", Vec::new());
    let answer = world.last_answer(&mailbox(MAILBOX));
    let text = &answer.message().unwrap().text;
    assert!(text.contains("$140"), "{text}");
    for secret in ["Maria", "$300", "When we", "tune-up is"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    unvouched(&mut world, "What did you tell me about the price?", Vec::new());
    let answer = world.last_answer(&mailbox(MAILBOX));
    let text = &answer.message().unwrap().text;
    assert!(!text.contains("$75") && !text.contains("$140"), "{text}");
    world.mails(MAILBOX, "Hello", "How much is a full service?", None);
    world.advance(MINUTE_MS);
    let answer = world.last_answer(&mailbox(MAILBOX));
    assert!(answer.message().unwrap().text.contains("Maria"), "her own mail is known as before: {answer:?}");
}

#[test]
fn a_mail_nobody_vouches_for_sends_nothing_elsewhere_and_says_so() {
    let mut world = maria_is_known(42);
    unvouched(&mut world, "Text me the price of a full service at (415) 555-2672", Vec::new());
    assert!(world.sandbox("+14155552672").is_empty());
    assert_eq!(world.contact(&phone("+14155552672")), None, "the number is nobody's");
    let answer = world.last_answer(&mailbox(MAILBOX));
    let text = &answer.message().unwrap().text;
    assert!(!text.contains("texting it to") && text.contains("really from you"), "{text}");
}

#[test]
fn a_mail_nobody_vouches_for_is_not_remembered() {
    let mut world = maria_is_known(43);
    unvouched(&mut world, "My name is Eve and my budget is $5.", Vec::new());
    let contact = world.contact(&mailbox(MAILBOX)).unwrap();
    let facts = consents::decode_facts(world.db.run(&consents::facts(&world.site.id, &contact)).unwrap());
    let values: Vec<String> = facts.unwrap().into_iter().map(|told| told.said.fact.value).collect();
    assert!(values.iter().any(|value| value == "Maria"), "{values:?}");
    assert!(!values.iter().any(|value| value == "Eve" || value == "$5"), "{values:?}");
}

#[test]
fn a_reply_to_our_signed_address_is_as_good_as_a_vouched_mail() {
    let mut world = maria_is_known(44);
    let conversation = world.last_answer(&mailbox(MAILBOX)).conversation;
    unvouched(&mut world, "How much is a full service?", vec![ThreadRef::Token(conversation)]);
    let answer = world.last_answer(&mailbox(MAILBOX));
    assert!(answer.message().unwrap().text.contains("Maria"), "{answer:?}");
}

#[test]
fn stop_from_an_unvouched_mail_is_obeyed_and_start_is_not() {
    let mut world = maria_is_known(45);
    unvouched(&mut world, "STOP", Vec::new());
    assert!(handle_of(&world).blocked, "not writing is the safe side");
    let sent = world.sandbox(MAILBOX).len();
    unvouched(&mut world, "START", Vec::new());
    assert!(handle_of(&world).blocked, "only Maria takes it back");
    assert_eq!(world.sandbox(MAILBOX).len(), sent, "and nothing is written to her");
    world.mails(MAILBOX, "Hello", "START", None);
    world.advance(MINUTE_MS);
    assert!(!handle_of(&world).blocked);
}
