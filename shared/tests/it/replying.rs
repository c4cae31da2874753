//! A member of the team writes to a contact, and has the floor meanwhile.

use shared::{
    channel::Channel,
    command::{FloorWish, TeamReply},
    conversation::Floor,
    event::Body,
    flow::{FlowError, team},
    id::ContactId,
    store::deliveries,
    time::{HOUR_MS, MINUTE_MS},
    wire::Speaker,
};

use crate::world::{World, mailbox, now, phone, web};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";
const JUN: &str = "Jun Park";

fn with_maria(seed: u64) -> (World, ContactId) {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.mails(MAILBOX, "Prices", "How much is a full service?", None);
    world.advance(MINUTE_MS);
    world.texts(MARIA, "Can I talk to a person?");
    world.advance(MINUTE_MS);
    let contact = world.contact(&phone(MARIA)).unwrap();
    (world, contact)
}

fn writes(
    world: &mut World,
    contact: &ContactId,
    (by, channel, text): (&str, Option<Channel>, &str),
) -> Result<(), FlowError> {
    let reply = TeamReply { by: by.into(), channel, subject: None, text: text.into(), files: Vec::new() };
    let mut ctx = world.ctx.clone();
    let handled = now(team::reply(world.scope(), &mut ctx, contact, reply));
    world.ctx = ctx;
    handled.map(|handled| {
        world.note(handled.effects);
        world.settle();
    })
}

fn gives_back(world: &mut World, contact: &ContactId) -> Result<(), FlowError> {
    let mut ctx = world.ctx.clone();
    let wish = FloorWish { by: JUN.into(), take: false, force: false };
    let handled = now(team::floor(world.scope(), &mut ctx, contact, wish));
    world.ctx = ctx;
    handled.map(|handled| {
        world.note(handled.effects);
        world.settle();
    })
}

fn refusal(refused: Result<(), FlowError>) -> (&'static str, String) {
    match refused {
        Err(FlowError::Rejected(why)) => (why.code, why.text),
        other => panic!("{other:?}"),
    }
}

fn count(world: &World, address: &str, words: &str) -> usize {
    world.taken_for(address).iter().filter(|message| message.text.contains(words)).count()
}

#[test]
fn it_goes_where_they_last_wrote_or_where_it_is_told_and_keeps_the_promise() {
    let (mut world, contact) = with_maria(520);
    assert!(world.conversation(&phone(MARIA)).promise.is_some());
    writes(&mut world, &contact, (JUN, None, "Which wheel is it?")).unwrap();
    writes(&mut world, &contact, (JUN, Some(Channel::Email), "Here is what it costs.")).unwrap();
    assert_eq!((count(&world, MARIA, "Which wheel"), count(&world, MAILBOX, "Here is what")), (1, 1));
    let conversation = world.conversation(&phone(MARIA));
    assert_eq!(conversation.promise, None, "it is kept");
    assert!(matches!(&conversation.floor, Floor::Agent { name, .. } if name == JUN));
    let timeline = world.timeline(&contact);
    let taken = timeline.iter().filter(|event| matches!(event.body, Body::Floor { taken: true })).count();
    assert_eq!(taken, 1, "once: {timeline:#?}");
    assert!(
        timeline
            .iter()
            .filter_map(|event| event.message().map(|_| &event.speaker))
            .any(|by| *by == Speaker::Agent(JUN.into()))
    );
}

#[test]
fn the_assistant_is_silent_until_the_floor_is_given_back_or_lapses() {
    let (mut world, contact) = with_maria(521);
    writes(&mut world, &contact, (JUN, None, "Which wheel is it?")).unwrap();
    world.texts(MARIA, "How much is a puncture repair?");
    world.advance(HOUR_MS);
    assert_eq!(count(&world, MARIA, "$"), 0);
    gives_back(&mut world, &contact).unwrap();
    world.advance(MINUTE_MS);
    assert_eq!(count(&world, MARIA, "$"), 1, "what still waited is answered");
    assert_eq!(refusal(gives_back(&mut world, &contact)).0, "not_taken");
    // Nobody gives it back: half a day later the assistant answers again.
    writes(&mut world, &contact, (JUN, None, "Anything else?")).unwrap();
    world.advance(12 * HOUR_MS);
    world.texts(MARIA, "How much is a full service?");
    world.advance(MINUTE_MS);
    assert_eq!(count(&world, MARIA, "$140"), 1, "{:#?}", world.taken_for(MARIA));
}

#[test]
fn an_answer_that_is_being_written_is_dropped_where_a_person_writes_first() {
    let (mut world, contact) = with_maria(522);
    world.texts(MARIA, "How much is a full service?");
    let text = "I have it here: $120 for you.".into();
    let reply = TeamReply { by: JUN.into(), channel: None, subject: None, text, files: Vec::new() };
    let conversation = world.conversation(&phone(MARIA)).id;
    world.outside.meanwhile.borrow_mut().push_back(shared::command::Command::Reply(conversation, reply));
    world.advance(5 * MINUTE_MS);
    let (human, assistant) = (count(&world, MARIA, "$120"), count(&world, MARIA, "$140"));
    assert_eq!(human + assistant, 1, "one speaker: {:#?}", world.taken_for(MARIA));
    drop(contact);
}

#[test]
fn what_cannot_be_sent_is_told_with_its_reason_and_its_verdict_stays() {
    let (mut world, contact) = with_maria(523);
    world.texts(MARIA, "STOP");
    world.advance(MINUTE_MS);
    let verdicts = |world: &World| {
        let conversation = world.conversation(&phone(MARIA)).id;
        let rows = world.db.run(&deliveries::verdicts(&world.site.id, &conversation, 100)).unwrap();
        rows.decode_all::<deliveries::VerdictRow>().unwrap().len()
    };
    let before = verdicts(&world);
    let (code, text) = refusal(writes(&mut world, &contact, (JUN, Some(Channel::Sms), "Hello?")));
    assert_eq!(code, "held_back");
    assert!(text.contains("revocation.opted_out") && text.contains("opted out"), "{text}");
    assert_eq!((verdicts(&world), count(&world, MARIA, "Hello?")), (before + 1, 0));
    // Email goes on.
    writes(&mut world, &contact, (JUN, Some(Channel::Email), "Hello by mail")).unwrap();
    assert_eq!(count(&world, MAILBOX, "Hello by mail"), 1);
    for (by, channel, text, code) in [
        ("Nobody", None, "Hi", "unknown_member"),
        (JUN, None, "  ", "bad_text"),
        (JUN, None, &*"x".repeat(5_000), "bad_text"),
        (JUN, Some(Channel::Messenger), "Hi", "held_back"),
        (JUN, Some(Channel::Widget), "Hi", "no_address"),
    ] {
        assert_eq!(refusal(writes(&mut world, &contact, (by, channel, text))).0, code, "{by} {channel:?}");
    }
}

#[test]
fn a_visitor_is_answered_in_the_chat() {
    let mut world = World::with_knowledge(524, &["prices.md"]);
    let browser = world.visitor();
    world.says(&browser, "Can I talk to a person?").unwrap();
    world.advance(MINUTE_MS);
    let contact = world.contact(&web(&browser)).unwrap();
    writes(&mut world, &contact, (JUN, None, "Jun here, what is it?")).unwrap();
    let last = world.timeline(&contact).into_iter().rev().find(|event| event.message().is_some()).unwrap();
    assert!(last.item_for(&web(&browser)).is_some_and(|item| item.speaker == Speaker::Agent(JUN.into())));
    drop(mailbox(MAILBOX));
}

#[test]
fn a_mail_of_the_teams_has_the_subject_that_was_typed_and_never_more_than_a_line() {
    let (mut world, contact) = with_maria(312);
    let with = |world: &mut World, subject: &str| {
        let text = "It is ready.".to_owned();
        let subject = Some(subject.to_owned());
        let reply =
            TeamReply { by: JUN.into(), channel: Some(Channel::Email), subject, text, files: Vec::new() };
        let mut ctx = world.ctx.clone();
        let handled = now(team::reply(world.scope(), &mut ctx, &contact, reply));
        world.ctx = ctx;
        handled.map(|handled| {
            world.note(handled.effects);
            world.settle();
        })
    };
    with(&mut world, " Your wheel ").unwrap();
    let newest = world.sandbox(MAILBOX).into_iter().find(|mail| mail.recipient == MAILBOX).unwrap();
    assert!(newest.subject.as_deref().is_some_and(|it| it.ends_with("Your wheel")), "{newest:?}");
    for bad in ["Your wheel\r\nBcc: all@example.com", &"x".repeat(201)] {
        assert_eq!(refusal(with(&mut world, bad)).0, "bad_subject");
    }
}
