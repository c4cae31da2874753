//! Planned messages: they go by the best open channel, wait for their budget, and cancel themselves.

use shared::{
    channel::Channel,
    command::{Command, Plan},
    consent::{Action, Basis, ConsentBody, ConsentEntry, Level},
    contact::Address,
    delivery::Purpose,
    flow,
    id::{ConsentId, EventId, PlannedId},
    planned::{Planned, PlannedBody, PlannedState, Unless},
    store::{DbError, consents, conversations, deliveries, planned},
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    verdict::Detail,
};

use crate::world::{World, mailbox, now, outside::Failing, phone, web};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

/// Maria has written by text and by email, and has agreed to everything on both.
fn with_maria(seed: u64) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.texts(MARIA, "How much is a full service?");
    world.advance(MINUTE_MS);
    world.mails(MAILBOX, "Prices", "How much is a puncture repair?", None);
    world.advance(MINUTE_MS);
    assert_eq!(world.contact(&phone(MARIA)), world.contact(&mailbox(MAILBOX)), "one person");
    for (address, channel) in [(phone(MARIA), Channel::Sms), (mailbox(MAILBOX), Channel::Email)] {
        agrees(&mut world, &address, channel);
    }
    world.advance(DAY_MS);
    world
}

/// Agrees to everything, to marketing as strongly as there is.
fn agrees(world: &mut World, address: &Address, channel: Channel) {
    let site = world.site.id.clone();
    let contact = world.contact(address).unwrap();
    let marketing = Some(Purpose::Marketing);
    for (action, purpose, level) in [
        (Action::Grant, None, Level::Express),
        (Action::Grant, marketing, Level::ExpressWritten),
        (Action::Confirm, marketing, Level::Express),
    ] {
        let chain = consents::decode_chain(world.db.run(&consents::chain(&site, address)).unwrap()).unwrap();
        let event = EventId::mint(&mut world.ctx);
        let body = ConsentBody {
            purpose,
            level,
            ..ConsentBody::of(channel, action, Basis::Card, "I want offers", &event)
        };
        let (id, at) = (ConsentId::mint(&mut world.ctx), world.ctx.now);
        let entry = ConsentEntry::after(&chain, (&site, address), id, contact.clone(), at, body);
        world.db.run(&consents::add(&site, address, &entry)).unwrap();
    }
}

pub fn body(purpose: Purpose, text: &str) -> PlannedBody {
    PlannedBody {
        member: false,
        speaker: "cold lead".into(),
        purpose,
        topic: None,
        among: Vec::new(),
        text: text.into(),
        mail: None,
        subject: None,
        unless: Unless::default(),
    }
}

fn plan(world: &mut World, body: PlannedBody, in_ms: i64) -> PlannedId {
    plan_for(world, &phone(MARIA), body, in_ms)
}

/// Plans something for whoever has this address.
pub fn plan_for(world: &mut World, of: &Address, body: PlannedBody, in_ms: i64) -> PlannedId {
    let conversation = world.conversation(of).id;
    let id = PlannedId::mint(&mut world.ctx);
    let wish = Plan { id: id.clone(), conversation, body, due_at: world.ctx.now.plus_ms(in_ms) };
    let mut ctx = world.ctx.clone();
    let handled = now(flow::handle(world.scope(), &mut ctx, &Command::Plan(wish))).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    id
}

fn stored(world: &World, id: &PlannedId) -> Planned {
    planned::decode(world.db.run(&planned::planned(&world.site.id, id)).unwrap()).unwrap().remove(0)
}

/// Its state and why, once everything until then has happened.
fn fate(world: &World, id: &PlannedId) -> (PlannedState, Option<String>) {
    let planned = stored(world, id);
    (planned.state, planned.reason)
}

fn got(world: &World, address: &str, text: &str) -> usize {
    world.taken_for(address).iter().filter(|message| message.text.contains(text)).count()
}

fn newest_verdict(world: &World) -> Detail {
    let stored = world.db.run(&conversations::by_address(&world.site.id, &phone(MARIA))).unwrap();
    let conversation = conversations::decode(stored).unwrap().unwrap().id;
    let rows = world.db.run(&deliveries::verdicts(&world.site.id, &conversation, 1)).unwrap();
    let row = rows.decode_first::<deliveries::VerdictRow>().unwrap().unwrap();
    serde_json::from_str(&row.detail).unwrap()
}

#[test]
fn a_reminder_goes_by_text_and_a_confirmation_by_email_each_with_every_way_it_could_have_gone() {
    let mut world = with_maria(91);
    let reminder = plan(&mut world, body(Purpose::Reminder, "Your bike is due"), HOUR_MS);
    assert_eq!(fate(&world, &reminder).0, PlannedState::Waiting);
    world.advance(2 * HOUR_MS);
    assert_eq!(fate(&world, &reminder), (PlannedState::Said, None));
    assert_eq!((got(&world, MARIA, "due"), got(&world, MAILBOX, "due")), (1, 0));
    let detail = newest_verdict(&world);
    let ways: Vec<Channel> = detail.candidates.iter().map(|way| way.case.channel).collect();
    let all = vec![Channel::Sms, Channel::Email, Channel::Instagram, Channel::Messenger];
    assert_eq!((ways, detail.winner), (all, Some(0)));

    let confirmation = plan(&mut world, body(Purpose::Transactional, "You are booked"), 0);
    world.advance(MINUTE_MS);
    assert_eq!(fate(&world, &confirmation).0, PlannedState::Said);
    assert_eq!((got(&world, MARIA, "booked"), got(&world, MAILBOX, "booked")), (0, 1));
}

#[test]
fn the_same_plan_again_changes_nothing() {
    let mut world = with_maria(92);
    let id = plan(&mut world, body(Purpose::Reminder, "Your bike is due"), HOUR_MS);
    let twice = stored(&world, &id);
    let wish = Plan {
        id: id.clone(),
        conversation: twice.conversation,
        body: body(Purpose::Reminder, "Something else"),
        due_at: world.ctx.now,
    };
    let mut ctx = world.ctx.clone();
    now(flow::handle(world.scope(), &mut ctx, &Command::Plan(wish))).unwrap();
    world.advance(2 * HOUR_MS);
    assert_eq!((got(&world, MARIA, "due"), got(&world, MARIA, "Something else")), (1, 0));
}

#[test]
fn what_the_contact_did_meanwhile_makes_it_pointless_at_any_moment() {
    for answered_before_due in [true, false] {
        let mut world = with_maria(93);
        let unless = Unless { heard_after: Some(world.ctx.now), ..Unless::default() };
        let nudge = PlannedBody { unless, ..body(Purpose::Marketing, "Still interested?") };
        let id = plan(&mut world, nudge, HOUR_MS);
        if answered_before_due {
            world.advance(MINUTE_MS);
            world.texts(MARIA, "I will come on Friday");
        } else {
            // It is decided, but the provider cannot be reached before they answer.
            world.outside.failures.borrow_mut().push_back(Failing::Unreachable);
            world.advance(HOUR_MS);
            assert_eq!(fate(&world, &id).0, PlannedState::Said);
            world.mails(MAILBOX, "Re: Prices", "I will come on Friday", None);
        }
        world.advance(2 * DAY_MS);
        assert_eq!((got(&world, MARIA, "Still"), got(&world, MAILBOX, "Still")), (0, 0));
        let expected = if answered_before_due { PlannedState::Stale } else { PlannedState::Said };
        assert_eq!(fate(&world, &id).0, expected);
        if answered_before_due {
            assert_eq!(fate(&world, &id).1.as_deref(), Some("planned.heard"));
        } else {
            let contact = world.contact(&phone(MARIA)).unwrap();
            let withdrawn = world
                .deliveries(&contact)
                .into_iter()
                .filter(|delivery| delivery.reason.as_deref() == Some("planned.heard"));
            assert_eq!(withdrawn.count(), 1);
        }
    }
}

#[test]
fn it_can_be_called_off_once() {
    let mut world = with_maria(94);
    let id = plan(&mut world, body(Purpose::Reminder, "Your bike is due"), HOUR_MS);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let until = planned::until(&world.site.id, &contact, world.ctx.now.plus_ms(DAY_MS), 10);
    let next = planned::decode(world.db.run(&until).unwrap()).unwrap();
    assert_eq!(next.iter().map(|planned| &planned.id).collect::<Vec<_>>(), [&id]);
    let mut ctx = world.ctx.clone();
    let cancel = Command::CancelPlanned(id.clone());
    now(flow::handle(world.scope(), &mut ctx, &cancel)).unwrap();
    let again = now(flow::handle(world.scope(), &mut ctx, &cancel)).unwrap_err();
    assert!(again.to_string().contains("not waiting"), "{again}");
    world.advance(DAY_MS);
    assert_eq!(fate(&world, &id).0, PlannedState::Cancelled);
    assert_eq!(got(&world, MARIA, "due"), 0);
}

#[test]
fn what_is_over_the_cap_waits_and_is_sent_when_there_is_room() {
    let mut world = with_maria(95);
    world.texts(MARIA, "Texts are fine");
    let only_text = |text: &str| PlannedBody { among: vec![Channel::Sms], ..body(Purpose::Marketing, text) };
    let first = plan(&mut world, only_text("First offer"), 0);
    world.advance(HOUR_MS);
    let second = plan(&mut world, only_text("Second offer"), 0);
    world.advance(20 * HOUR_MS);
    assert_eq!(fate(&world, &first).0, PlannedState::Said);
    let put_off = stored(&world, &second);
    assert_eq!((put_off.state, put_off.reason.as_deref()), (PlannedState::Waiting, Some("budget.capped")));
    assert_eq!((got(&world, MARIA, "First"), got(&world, MARIA, "Second")), (1, 0));
    world.advance(5 * HOUR_MS);
    assert_eq!(fate(&world, &second).0, PlannedState::Said);
    let texts = world.taken_for(MARIA);
    let at = |text: &str| texts.iter().find(|message| message.text.contains(text)).unwrap().at_ms;
    assert!(at("Second").since_ms(at("First")) >= DAY_MS);
    assert!(
        texts.iter().any(|message| message.text.ends_with("Second offer Reply STOP to end.")),
        "{texts:#?}"
    );
}

#[test]
fn an_opt_out_of_texts_sends_by_email_and_holds_what_goes_by_text_only() {
    let mut world = with_maria(96);
    world.texts(MARIA, "STOP");
    world.advance(HOUR_MS);
    let any = plan(&mut world, body(Purpose::Reminder, "Your bike is due"), 0);
    let text = PlannedBody { among: vec![Channel::Sms], ..body(Purpose::Reminder, "Only by text") };
    let text = plan(&mut world, text, 0);
    world.advance(HOUR_MS);
    assert_eq!(fate(&world, &any), (PlannedState::Said, None));
    assert_eq!(fate(&world, &text), (PlannedState::Held, Some("revocation.opted_out".into())));
    assert_eq!(
        (got(&world, MAILBOX, "due"), got(&world, MARIA, "due"), got(&world, MARIA, "Only")),
        (1, 0, 0)
    );
}

#[test]
fn one_topic_is_said_on_one_channel() {
    let mut world = with_maria(97);
    let about = |only| PlannedBody {
        topic: Some("service".into()),
        among: vec![only],
        ..body(Purpose::Reminder, "Due")
    };
    let by_text = plan(&mut world, about(Channel::Sms), 0);
    world.advance(HOUR_MS);
    let by_mail = plan(&mut world, about(Channel::Email), 0);
    world.advance(HOUR_MS);
    assert_eq!(fate(&world, &by_text).0, PlannedState::Said);
    assert_eq!(fate(&world, &by_mail), (PlannedState::Held, Some("topic.said".into())));
}

#[test]
fn a_stored_verdict_is_reached_again_from_what_it_stores() {
    let mut world = with_maria(98);
    plan(&mut world, body(Purpose::Reminder, "Your bike is due"), 0);
    world.advance(HOUR_MS);
    let detail = newest_verdict(&world);
    let cases = detail.candidates.iter().map(|way| way.case.clone()).collect();
    assert_eq!(shared::gate::select(&world.site.policy, cases, &detail.aside, false).0, detail);
}

#[test]
fn whoever_read_an_older_state_of_a_conversation_or_of_a_planned_message_writes_nothing() {
    let mut world = with_maria(31);
    let id = plan(&mut world, body(Purpose::Transactional, "Your bike is ready."), DAY_MS);
    let state = world.conversation(&phone(MARIA));
    let (site, at) = (world.site.id.clone(), world.ctx.now);
    world.db.run(&conversations::update(&site, &state, at)).unwrap();
    let again = world.db.run(&conversations::update(&site, &state, at));
    assert!(matches!(again, Err(DbError::Conflict(_))), "{again:?}");

    let ended = planned::Ended { state: PlannedState::Cancelled, reason: None, delivery: None };
    world.db.run(&planned::end(&site, &id, &ended, at)).unwrap();
    let said = planned::Ended { state: PlannedState::Said, ..ended };
    for late in [planned::end(&site, &id, &said, at), planned::put_off(&site, &id, at, "quiet.hours", at)] {
        let late = world.db.run(&late);
        assert!(matches!(late, Err(DbError::Conflict(_))), "{late:?}");
    }
}

#[test]
fn what_a_stranger_typed_is_told_nothing_once_somebody_has_proven_who_they_are() {
    let mut world = World::with_knowledge(32, &["prices.md"]);
    let stranger = world.visitor();
    world.says(&stranger, "How much is a puncture repair?").unwrap();
    world.advance(MINUTE_MS);
    world.continues(&stranger, Channel::Email, "s@evil.example").unwrap();
    world.continues(&stranger, Channel::Sms, "+14155550123").unwrap();
    world.advance(MINUTE_MS);
    world.texts("+14155550123", "Who is this?");
    world.advance(MINUTE_MS);
    let proven = phone("+14155550123");
    assert_eq!(world.contact(&proven), world.contact(&mailbox("s@evil.example")), "one contact");
    let conversation = world.conversation(&proven).id;
    let id = PlannedId::mint(&mut world.ctx);
    let body = body(Purpose::Transactional, "Your appointment is on Tuesday at 10:00.");
    let wish = Plan { id: id.clone(), conversation, body, due_at: world.ctx.now };
    let mut ctx = world.ctx.clone();
    now(flow::handle(world.scope(), &mut ctx, &Command::Plan(wish))).unwrap();
    let before = world.taken_for("s@evil.example").len();
    let speak = Command::Speak { planned: id, present: vec![stranger] };
    let handled = now(flow::handle(world.scope(), &mut ctx, &speak)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world.advance(MINUTE_MS);
    assert_eq!(world.taken_for("s@evil.example").len(), before, "nobody has proven that mailbox");
    let texts = world.taken_for("+14155550123");
    assert!(texts.iter().any(|text| text.text.contains("Tuesday at 10:00")), "{texts:#?}");
}

#[test]
fn what_was_planned_before_two_threads_became_one_hears_the_answer_in_the_other() {
    let mut world = World::with_knowledge(33, &["prices.md"]);
    world.mails("ana@mail.example", "Prices", "How much is a puncture repair?", None);
    let visitor = world.visitor();
    world.says(&visitor, "How much is a full service?").unwrap();
    world.advance(MINUTE_MS);
    world.continues(&visitor, Channel::Email, "ana@mail.example").unwrap();
    world.advance(MINUTE_MS);
    let begun = world.conversation(&web(&visitor));
    let id = PlannedId::mint(&mut world.ctx);
    let mut nudge = body(Purpose::Transactional, "Shall we keep your place?");
    nudge.unless.heard_after = begun.heard_at;
    let wish = Plan {
        id: id.clone(),
        conversation: begun.id.clone(),
        body: nudge,
        due_at: world.ctx.now.plus_ms(DAY_MS),
    };
    let mut ctx = world.ctx.clone();
    now(flow::handle(world.scope(), &mut ctx, &Command::Plan(wish))).unwrap();
    world.ctx = ctx;
    world.mails("ana@mail.example", "Prices", "Yes, that was me.", None);
    world.advance(MINUTE_MS);
    assert_eq!(world.contact(&web(&visitor)), world.contact(&mailbox("ana@mail.example")), "one person");
    let stored = planned::decode(world.db.run(&planned::planned(&world.site.id, &id)).unwrap()).unwrap();
    assert_ne!(stored[0].conversation, begun.id, "it is said where the contact goes on");
    world.advance(DAY_MS + MINUTE_MS);
    world.sweep();
    let stored = planned::decode(world.db.run(&planned::planned(&world.site.id, &id)).unwrap()).unwrap();
    assert_eq!((stored[0].state, stored[0].reason.as_deref()), (PlannedState::Stale, Some("planned.heard")));
}
