//! Leaving marketing mail: by one click, on the page behind the link, and what neither of them touches.

use shared::{
    channel::{Channel, email::unsubscribe},
    consent::{Action, Basis, ConsentBody, ConsentEntry, Level, Presser, first_break},
    contact::Address,
    delivery::{Delivery, Purpose},
    effect::Effect,
    event::{Body, Event},
    flow::{FlowError, Scope, choose},
    id::{ConsentId, DeliveryId, SiteId},
    message::DeliveryState,
    page,
    store::{consents, contacts, deliveries},
    subscription::{Asked, Part, State},
    time::{DAY_MS, MINUTE_MS},
};

use crate::world::{START, World, mailbox, now};

const MARIA: &str = "maria@example.com";
const DEV: &str = "dev@example.com";

/// Maria and Dev have written by email and agreed to marketing.
fn world() -> World {
    let mut world = World::with_knowledge(91, &["prices.md"]);
    for who in [MARIA, DEV] {
        world.mails(who, "My bike", "How much is a full service?", None);
        world.advance(MINUTE_MS);
        agrees(&mut world, who);
    }
    world
}

fn agrees(world: &mut World, who: &str) {
    let (contact, chain) = (world.contact(&mailbox(who)).unwrap(), chain(world, who));
    let event = world.timeline(&contact).pop().unwrap().id;
    let body = ConsentBody {
        purpose: Some(Purpose::Marketing),
        level: Level::Confirmed,
        ..ConsentBody::of(Channel::Email, Action::Grant, Basis::Card, "News, please", &event)
    };
    let (id, at) = (ConsentId::mint(&mut world.ctx), world.ctx.now);
    let entry = ConsentEntry::after(&chain, (&world.site.id, &mailbox(who)), id, contact, at, body);
    world.db.run(&consents::add(&world.site.id, &mailbox(who), &entry)).unwrap();
}

fn chain(world: &World, who: &str) -> Vec<ConsentEntry> {
    let rows = world.db.run(&consents::chain(&world.site.id, &mailbox(who))).unwrap();
    consents::decode_chain(rows).unwrap()
}

fn is_blocked(world: &World, who: &str) -> bool {
    let rows = world.db.run(&contacts::by_address(&world.site.id, &mailbox(who))).unwrap();
    contacts::decode_by_address(rows).unwrap().unwrap().1.blocked
}

fn timeline(world: &World, who: &str) -> Vec<Event> {
    world.timeline(&world.contact(&mailbox(who)).unwrap())
}

/// A message to somebody that waits until `in_ms` from now.
fn waits(world: &mut World, who: &str, purpose: Purpose, in_ms: i64) -> DeliveryId {
    let contact = world.contact(&mailbox(who)).unwrap();
    let sent = world.deliveries(&contact).into_iter().find(|sent| sent.channel == Channel::Email).unwrap();
    let id = DeliveryId::mint(&mut world.ctx);
    let (state, due_at) = (DeliveryState::Pending, world.ctx.now.plus_ms(in_ms));
    let next = Delivery { id: id.clone(), purpose, state, due_at, provider_id: None, ..sent };
    world.db.run(&deliveries::add(&next, world.ctx.now)).unwrap();
    id
}

/// What has become of a message once it was tried.
fn tried(world: &mut World, id: &DeliveryId) -> (DeliveryState, Option<String>) {
    let effect = Effect::Deliver { delivery: id.clone(), due_at: world.ctx.now };
    world.perform(&effect);
    fate(world, id)
}

fn fate(world: &World, id: &DeliveryId) -> (DeliveryState, Option<String>) {
    let found = deliveries::decode(world.db.run(&deliveries::delivery(id)).unwrap()).unwrap().remove(0);
    (found.state, found.reason)
}

fn posts(world: &mut World, who: &str, asked: Asked) {
    let mut ctx = world.ctx.clone();
    let handled =
        now(choose::choose(world.scope(), &mut ctx, &mailbox(who), asked, Presser::default())).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
}

fn states(world: &World, who: &str) -> [State; 3] {
    now(choose::show(world.scope(), &world.ctx, &mailbox(who))).unwrap().parts.map(|(_, state)| state)
}

fn cancelled(reason: &str) -> (DeliveryState, Option<String>) {
    (DeliveryState::Cancelled, Some(reason.to_owned()))
}

#[test]
fn marketing_mail_carries_the_link_of_its_own_mailbox() {
    let mut world = world();
    let id = waits(&mut world, MARIA, Purpose::Marketing, 0);
    assert_eq!(tried(&mut world, &id).0, DeliveryState::Sent);
    let raw = world.sandbox(MARIA).remove(0).raw.unwrap();
    assert!(raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{raw}");
    let start = raw.find("<https://edge.example/u/").unwrap() + 1;
    let link = raw[start..].split('>').next().unwrap();
    let token = link.strip_prefix("https://edge.example/u/").unwrap();
    assert_eq!(unsubscribe::open("test-signing-key", token), Some((world.site.id.clone(), mailbox(MARIA))));
    world.advance(MINUTE_MS);
    let other = waits(&mut world, MARIA, Purpose::Transactional, 0);
    assert_eq!(tried(&mut world, &other).0, DeliveryState::Sent);
    let raw = world.sandbox(MARIA).remove(0).raw.unwrap();
    assert!(!raw.contains("List-Unsubscribe"), "{raw}");
}

#[test]
fn looking_at_the_page_changes_nothing() {
    let world = world();
    let before = (timeline(&world, MARIA), chain(&world, MARIA), world.conversation(&mailbox(MARIA)));
    for _ in 0..3 {
        let view = now(choose::show(world.scope(), &world.ctx, &mailbox(MARIA))).unwrap();
        let html = page::choice(&view);
        assert!(html.contains("m•••@example.com") && html.contains("Stop news and offers"), "{html}");
        assert!(!html.contains(MARIA), "the page does not show whose it is to whoever finds the link");
    }
    assert_eq!((timeline(&world, MARIA), chain(&world, MARIA), world.conversation(&mailbox(MARIA))), before);
}

#[test]
fn one_click_is_one_entry_and_one_event_however_often_it_comes() {
    let mut world = world();
    let before = timeline(&world, MARIA).len();
    for _ in 0..3 {
        posts(&mut world, MARIA, Asked::OneClick);
        world.advance(MINUTE_MS);
    }
    let (chain, events) = (chain(&world, MARIA), timeline(&world, MARIA));
    assert_eq!((chain.len(), events.len()), (2, before + 1));
    assert_eq!(first_break(&chain), None);
    let (entry, event) = (&chain[1], events.last().unwrap());
    assert_eq!(
        (entry.body.action, entry.body.basis, entry.body.purpose, entry.body.evidence.as_str()),
        (Action::Revoke, Basis::Unsubscribe, Some(Purpose::Marketing), "List-Unsubscribe=One-Click")
    );
    assert_eq!(entry.body.event, event.id, "it was said in the event that shows it");
    assert!(matches!(&event.body, Body::Consent { purpose: Some(Purpose::Marketing), .. }), "{event:?}");
    assert!(!is_blocked(&world, MARIA));
}

#[test]
fn what_waits_is_withdrawn_for_this_mailbox_and_purpose_only() {
    let mut world = world();
    let marketing = waits(&mut world, MARIA, Purpose::Marketing, DAY_MS);
    let confirmation = waits(&mut world, MARIA, Purpose::Transactional, DAY_MS);
    let of_dev = waits(&mut world, DEV, Purpose::Marketing, DAY_MS);
    posts(&mut world, MARIA, Asked::OneClick);
    assert_eq!(fate(&world, &marketing), cancelled("unsubscribed"));
    for id in [&confirmation, &of_dev] {
        assert_eq!(fate(&world, id).0, DeliveryState::Pending);
    }
    world.advance(DAY_MS + MINUTE_MS);
    for id in [&confirmation, &of_dev] {
        assert_eq!(fate(&world, id).0, DeliveryState::Sent);
    }
}

#[test]
fn the_gates_hold_marketing_afterwards_and_let_the_rest_through() {
    let mut world = world();
    posts(&mut world, MARIA, Asked::OneClick);
    let marketing = waits(&mut world, MARIA, Purpose::Marketing, 0);
    assert_eq!(tried(&mut world, &marketing), cancelled("revocation.opted_out"));
    for purpose in [Purpose::Transactional, Purpose::Reminder, Purpose::Reply] {
        let id = waits(&mut world, MARIA, purpose, 0);
        assert_eq!(tried(&mut world, &id).0, DeliveryState::Sent, "{purpose:?}");
    }
    assert_eq!(states(&world, MARIA), [State::Stopped, State::On, State::On]);
    assert_eq!(states(&world, DEV), [State::On, State::On, State::On]);
}

#[test]
fn reminders_are_stopped_and_started_by_themselves() {
    let mut world = world();
    posts(&mut world, MARIA, Asked::Form(Part::Reminders, false));
    assert_eq!(states(&world, MARIA), [State::On, State::Stopped, State::On]);
    let reminder = waits(&mut world, MARIA, Purpose::Reminder, 0);
    assert_eq!(tried(&mut world, &reminder), cancelled("revocation.opted_out"));
    posts(&mut world, MARIA, Asked::Form(Part::Reminders, true));
    assert_eq!(states(&world, MARIA), [State::On, State::On, State::On]);
    let words: Vec<String> = chain(&world, MARIA).into_iter().map(|entry| entry.body.evidence).collect();
    assert_eq!(words, ["News, please", "Stop reminders", "Start reminders again"], "the buttons' own words");
}

#[test]
fn what_the_page_stopped_it_starts_again_as_strong_as_it_was() {
    let mut world = world();
    posts(&mut world, MARIA, Asked::OneClick);
    posts(&mut world, MARIA, Asked::Form(Part::Marketing, true));
    posts(&mut world, MARIA, Asked::Form(Part::Marketing, true));
    let chain = chain(&world, MARIA);
    assert_eq!((chain.len(), chain[2].body.level), (3, Level::Confirmed));
    let marketing = waits(&mut world, MARIA, Purpose::Marketing, 0);
    assert_eq!(tried(&mut world, &marketing).0, DeliveryState::Sent);
}

#[test]
fn everything_is_everything_and_comes_back_without_marketing() {
    let mut world = world();
    posts(&mut world, MARIA, Asked::Form(Part::Reminders, false));
    let waiting = waits(&mut world, MARIA, Purpose::Transactional, DAY_MS);
    posts(&mut world, MARIA, Asked::Form(Part::Everything, false));
    assert_eq!(fate(&world, &waiting), cancelled("unsubscribed"));
    assert!(is_blocked(&world, MARIA));
    let reply = waits(&mut world, MARIA, Purpose::Reply, 0);
    assert_eq!(tried(&mut world, &reply), cancelled("revocation.opted_out"));
    posts(&mut world, MARIA, Asked::OneClick);
    assert_eq!(chain(&world, MARIA).len(), 3, "it is stopped already");
    posts(&mut world, MARIA, Asked::Form(Part::Everything, true));
    assert!(!is_blocked(&world, MARIA));
    assert_eq!(
        states(&world, MARIA),
        [State::Stopped, State::Stopped, State::On],
        "marketing is never given back silently, and reminders were stopped before"
    );
    assert_eq!(first_break(&chain(&world, MARIA)), None);
}

#[test]
fn the_page_does_not_lift_a_stop_and_start_lifts_the_pages() {
    let mut world = world();
    world.mails(MARIA, "Please", "STOP", None);
    world.advance(MINUTE_MS);
    let before = chain(&world, MARIA).len();
    for part in Part::ALL {
        posts(&mut world, MARIA, Asked::Form(part, true));
    }
    assert_eq!((chain(&world, MARIA).len(), is_blocked(&world, MARIA)), (before, true));
    assert_eq!(states(&world, MARIA), [State::Covered, State::Covered, State::StoppedElsewhere]);
    posts(&mut world, DEV, Asked::Form(Part::Everything, false));
    world.mails(DEV, "Please", "START", None);
    world.advance(MINUTE_MS);
    assert_eq!(states(&world, DEV), [State::Stopped, State::On, State::On]);
}

#[test]
fn a_mailbox_or_site_nobody_here_has_is_unknown_and_nothing_is_written() {
    let mut world = world();
    let mut other = world.site.clone();
    other.id = SiteId::parse("ste_other").unwrap();
    let nobody = mailbox("nobody@example.com");
    let mut ctx = world.ctx.clone();
    let calls: [(Scope<'_, _>, &Address); 2] =
        [(world.scope(), &nobody), (Scope { site: &other, ..world.scope() }, &mailbox(MARIA))];
    for (scope, whose) in calls {
        for asked in [Asked::OneClick, Asked::Form(Part::Everything, false)] {
            let Err(FlowError::Rejected(rejection)) =
                now(choose::choose(scope, &mut ctx, whose, asked, Presser::default()))
            else {
                panic!("{whose:?} was taken");
            };
            assert_eq!((rejection.status, rejection.code), (404, "unknown_mailbox"));
        }
        assert!(now(choose::show(scope, &ctx, whose)).is_err());
    }
    assert_eq!(chain(&world, MARIA).len(), 1);
    world.advance(MINUTE_MS);
    assert!(world.ctx.now > START);
}
