//! Who is who: contacts that are joined by hand or by an answer, parted again, and kept apart.

mod exact;
mod kept;
mod shown;

use shared::{
    channel::Channel,
    command::{ApartWish, MergeWish, Plan, TagWish},
    contact::Address,
    conversation::Floor,
    ctx::Ctx,
    delivery::Purpose,
    effect::Effect,
    event::{Body, Event},
    flow::{self, FlowError, Handled, people, team},
    id::{ContactId, ConversationId, PlannedId},
    merge::Merge,
    planned::{PlannedBody, Unless},
    store::{Stmt, contacts, conversations, merges, planned},
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    wire::Speaker,
};

use crate::world::{World, now, phone, web};

pub const JUN: &str = "Jun Park";
/// Two numbers the shop does not know, and Hannah's, whom it knows and who has never written.
pub const ANA: &str = "+14155550101";
pub const BEA: &str = "+14155550102";
pub const HANNAH: &str = "+13125550163";

/// The shop, with Ana and Bea, who have each written by text.
fn with_two(seed: u64) -> (World, ContactId, ContactId) {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    for number in [ANA, BEA] {
        world.texts(number, "How much is a puncture repair?");
        world.advance(MINUTE_MS);
    }
    let (ana, bea) = (whose(&world, ANA), whose(&world, BEA));
    assert_ne!(ana, bea);
    (world, ana, bea)
}

pub fn whose(world: &World, number: &str) -> ContactId {
    world.contact(&phone(number)).unwrap()
}

pub fn merge(world: &mut World, into: &ContactId, from: &ContactId) -> Result<(), FlowError> {
    let evidence = vec!["The same name, and she said so on the phone.".to_owned()];
    let wish = MergeWish { into: into.clone(), from: from.clone(), by: JUN.into(), evidence };
    as_team(world, |world, ctx| now(people::merge(world.scope(), ctx, wish)).map(|(handled, _)| handled))
}

pub fn unmerge(world: &mut World, contact: &ContactId) -> Result<(), FlowError> {
    let (contact, by) = (contact.clone(), JUN.to_owned());
    as_team(world, |world, ctx| now(people::unmerge(world.scope(), ctx, contact, by)))
}

pub fn as_team(
    world: &mut World,
    act: impl FnOnce(&World, &mut Ctx) -> Result<Handled, FlowError>,
) -> Result<(), FlowError> {
    world.db.restart();
    let mut ctx = world.ctx.clone();
    let handled = act(world, &mut ctx);
    world.ctx = ctx;
    handled.map(|handled| world.note(handled.effects))
}

pub fn tag(world: &mut World, contact: &ContactId, tag: &str, on: bool) -> Result<(), FlowError> {
    let wish = TagWish { by: JUN.into(), tag: tag.into(), on };
    as_team(world, |world, ctx| now(team::tag(world.scope(), ctx, contact, wish)))
}

pub fn conversation_of(world: &World, contact: &ContactId) -> Option<ConversationId> {
    let found = world.db.run(&conversations::by_contact(&world.site.id, contact)).unwrap();
    conversations::decode(found).unwrap().map(|conversation| conversation.id)
}

/// Plans a plain message a month ahead.
pub fn plan(world: &mut World, conversation: &ConversationId, purpose: Purpose, in_ms: i64) -> PlannedId {
    let id = PlannedId::mint(&mut world.ctx);
    let body = PlannedBody {
        member: false,
        speaker: "care".into(),
        purpose,
        topic: None,
        among: vec![Channel::Sms],
        text: "Time for a check of your bike?".into(),
        mail: None,
        subject: None,
        unless: Unless::default(),
    };
    let due_at = world.ctx.now.plus_ms(in_ms);
    let wish = Plan { id: id.clone(), conversation: conversation.clone(), body, due_at };
    as_team(world, |world, ctx| now(flow::handle(world.scope(), ctx, &shared::command::Command::Plan(wish))))
        .unwrap();
    id
}

fn planned_in(world: &World, id: &PlannedId) -> ConversationId {
    let found = world.db.run(&planned::planned(&world.site.id, id)).unwrap();
    planned::decode(found).unwrap().remove(0).conversation
}

fn code<T: std::fmt::Debug>(asked: Result<T, FlowError>) -> &'static str {
    match asked {
        Err(FlowError::Rejected(why)) => why.code,
        other => panic!("{other:?}"),
    }
}

fn merges_of(world: &World, contact: &ContactId) -> Vec<Merge> {
    merges::decode(world.db.run(&merges::of_contact(&world.site.id, contact, 10)).unwrap()).unwrap()
}

fn bodies(world: &World, contact: &ContactId) -> Vec<(Speaker, Body)> {
    world.timeline(contact).into_iter().map(|event| (event.speaker, event.body)).collect()
}

#[test]
fn two_contacts_are_joined_by_hand_and_read_as_one() {
    let (mut world, ana, bea) = with_two(900);
    tag(&mut world, &bea, "vip", true).unwrap();
    world.advance(MINUTE_MS);
    let both = world.timeline(&ana).len() + world.timeline(&bea).len();
    merge(&mut world, &ana, &bea).unwrap();
    assert_eq!(whose(&world, BEA), ana);
    assert_eq!(world.timeline(&ana).len(), both + 1, "both timelines, and that they are one");
    let told =
        bodies(&world, &ana).into_iter().rfind(|(_, body)| matches!(body, Body::Joined { .. })).unwrap();
    assert!(
        matches!(&told, (Speaker::Agent(by), Body::Joined { contact, claim: None, merge: Some(_), .. })
            if by == JUN && *contact == bea),
        "{told:?}"
    );
    assert_eq!(now(team::load_tags(world.scope(), &ana)).unwrap(), ["vip"]);
    let row = merges_of(&world, &ana).remove(0);
    assert_eq!((row.by.as_str(), row.undone.clone(), row.evidence.lines.len()), (JUN, None, 1));
    world.texts(BEA, "And when are you open?");
    world.advance(MINUTE_MS);
    let newest: Vec<Event> = world.timeline(&ana).into_iter().rev().take(2).collect();
    let own = conversation_of(&world, &ana).unwrap();
    assert!(newest.iter().all(|event| event.conversation == own), "{newest:#?} in {own}");
}

#[test]
fn what_is_no_merge_is_refused() {
    let (mut world, ana, bea) = with_two(901);
    let nobody = ContactId::parse("ctc_nobody").unwrap();
    assert_eq!(code(merge(&mut world, &ana, &nobody)), "unknown_contact");
    assert_eq!(code(unmerge(&mut world, &nobody)), "unknown_contact");
    assert_eq!(code(merge(&mut world, &ana, &ana)), "same_person");
    assert_eq!(code(unmerge(&mut world, &ana)), "not_merged");
    let wish = |by: &str, evidence: Vec<String>| MergeWish {
        into: ana.clone(),
        from: bea.clone(),
        by: by.into(),
        evidence,
    };
    let mut ask = |wish| {
        let asked = as_team(&mut world, |world, ctx| {
            now(people::merge(world.scope(), ctx, wish)).map(|(handled, _)| handled)
        });
        code(asked)
    };
    assert_eq!(ask(wish("Nobody", Vec::new())), "unknown_member");
    assert_eq!(ask(wish(JUN, vec!["x".repeat(301)])), "bad_evidence");
    merge(&mut world, &ana, &bea).unwrap();
    assert_eq!(code(merge(&mut world, &bea, &ana)), "same_person");
    assert_eq!(code(unmerge(&mut world, &ana)), "not_merged", "she is the one who goes on");
    unmerge(&mut world, &bea).unwrap();
    assert_eq!(code(unmerge(&mut world, &bea)), "not_merged", "once is enough");
}

#[test]
fn what_waits_and_what_is_promised_goes_on_in_one_and_goes_back() {
    let (mut world, ana, bea) = with_two(902);
    let (hers, other) = (conversation_of(&world, &ana).unwrap(), conversation_of(&world, &bea).unwrap());
    let before = plan(&mut world, &other, Purpose::Reminder, 30 * DAY_MS);
    world.texts(BEA, "I want to talk to a real person");
    world.advance(MINUTE_MS);
    let of = |world: &World, id: &ConversationId| {
        conversations::decode(world.db.run(&conversations::conversation(&world.site.id, id)).unwrap())
            .unwrap()
            .unwrap()
    };
    let promised = of(&world, &other).promise.expect("somebody answers");
    merge(&mut world, &ana, &bea).unwrap();
    assert_eq!(planned_in(&world, &before), hers);
    assert_eq!((of(&world, &hers).promise, of(&world, &other).promise), (Some(promised.clone()), None));
    let since = plan(&mut world, &hers, Purpose::Reminder, 30 * DAY_MS);
    unmerge(&mut world, &bea).unwrap();
    assert_eq!((planned_in(&world, &before), planned_in(&world, &since)), (other.clone(), hers.clone()));
    assert_eq!((of(&world, &hers).promise, of(&world, &other).promise), (None, Some(promised)));
    let told = bodies(&world, &bea).pop().unwrap();
    assert!(
        matches!(&told, (Speaker::Agent(_), Body::Parted { contact, .. }) if *contact == ana),
        "{told:?}"
    );
    let told = bodies(&world, &ana).pop().unwrap();
    assert!(matches!(&told.1, Body::Parted { contact, .. } if *contact == bea), "{told:?}");
}

#[test]
fn whoever_has_the_floor_keeps_it_over_a_merge_and_it_goes_back_with_the_contact() {
    let (mut world, ana, bea) = with_two(903);
    let wish = shared::command::FloorWish { by: JUN.into(), take: true, force: true };
    as_team(&mut world, |world, ctx| now(team::floor(world.scope(), ctx, &bea, wish))).unwrap();
    merge(&mut world, &ana, &bea).unwrap();
    let floor = |world: &World| world.conversation(&phone(ANA)).floor;
    assert!(matches!(floor(&world), Floor::Agent { .. }));
    let before = world.timeline(&ana).len();
    world.texts(ANA, "Are you open on Sunday?");
    world.advance(MINUTE_MS);
    assert_eq!(world.timeline(&ana).len(), before + 1, "the assistant is silent");
    unmerge(&mut world, &bea).unwrap();
    assert_eq!(floor(&world), Floor::Assistant);
}

/// A browser in which somebody typed Ana's number, which Ana then answered.
fn joined_by_an_answer(seed: u64) -> (World, Address, ContactId, ContactId) {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.texts(ANA, "How much is a puncture repair?");
    world.advance(MINUTE_MS);
    let visitor = world.visitor();
    world.says(&visitor, "My budget is $80").unwrap();
    world.settle();
    let stranger = world.contact(&web(&visitor)).unwrap();
    world.continues(&visitor, Channel::Sms, ANA).unwrap();
    world.advance(MINUTE_MS);
    world.texts(ANA, "Yes, that was me");
    world.advance(MINUTE_MS);
    let ana = whose(&world, ANA);
    assert_eq!(world.contact(&web(&visitor)).unwrap(), ana, "they are one");
    (world, web(&visitor), ana, stranger)
}

#[test]
fn a_merge_that_came_about_by_itself_is_on_record_and_undone_for_good() {
    let (mut world, browser, ana, stranger) = joined_by_an_answer(904);
    let row = merges_of(&world, &ana).remove(0);
    assert_eq!((row.by.as_str(), &row.into, &row.from), ("", &ana, &stranger));
    assert!(row.evidence.claim.is_some());
    unmerge(&mut world, &stranger).unwrap();
    assert_eq!(world.contact(&browser).unwrap(), stranger);
    let says = |(by, body): (Speaker, Body)| {
        by == Speaker::Contact && matches!(body, Body::Message(message) if message.text.contains("$80"))
    };
    assert!(!bodies(&world, &ana).into_iter().any(says) && bodies(&world, &stranger).into_iter().any(says));
    world.texts(ANA, "Hello again");
    world.advance(MINUTE_MS);
    assert_eq!(world.contact(&browser).unwrap(), stranger, "the same claim joins nobody twice");
    let visitor = flow::catch_up::visitor_of(&browser).unwrap();
    world.continues(&visitor, Channel::Sms, ANA).unwrap();
    world.advance(MINUTE_MS);
    world.texts(ANA, "What is this?");
    world.advance(MINUTE_MS);
    assert_eq!(world.contact(&browser).unwrap(), stranger, "nor does any machine against the team's word");
    merge(&mut world, &ana, &stranger).unwrap();
    assert_eq!(world.contact(&browser).unwrap(), ana, "the team may change its mind");
}

#[test]
fn a_browser_that_is_parted_is_led_back_to_its_own_conversation() {
    let (world, browser, _, stranger) = joined_by_an_answer(905);
    let own = conversation_of(&world, &stranger).unwrap();
    let went_on = world.conversation(&browser).id;
    assert_ne!(own, went_on);
    let mut ctx = world.ctx.clone();
    let handled = now(people::unmerge(world.scope(), &mut ctx, stranger, JUN.into())).unwrap();
    assert!(handled.effects.contains(&Effect::Moved { from: went_on, to: own.clone() }));
    assert_eq!(world.conversation(&browser).id, own);
}

#[test]
fn an_adopted_conversation_goes_back_with_all_that_stands_on_it() {
    let mut world = World::with_knowledge(906, &["prices.md"]);
    let visitor = world.visitor();
    world.says(&visitor, "How much is a full service?").unwrap();
    world.settle();
    let stranger = world.contact(&web(&visitor)).unwrap();
    let begun = conversation_of(&world, &stranger).unwrap();
    world.continues(&visitor, Channel::Sms, HANNAH).unwrap();
    world.advance(MINUTE_MS);
    world.texts(HANNAH, "My budget is $90");
    world.advance(MINUTE_MS);
    let hannah = whose(&world, HANNAH);
    assert_eq!(conversation_of(&world, &hannah), Some(begun.clone()), "she goes on with what was begun");
    tag(&mut world, &hannah, "vip", true).unwrap();
    unmerge(&mut world, &stranger).unwrap();
    assert_eq!((conversation_of(&world, &hannah), conversation_of(&world, &stranger)), (None, Some(begun)));
    assert_eq!(now(team::load_tags(world.scope(), &stranger)).unwrap(), ["vip"]);
    let facts = "SELECT contact_id FROM facts WHERE key = 'budget'";
    let facts = world.db.run(&Stmt { sql: facts, args: Vec::new() }).unwrap().rows;
    assert_eq!(facts[0].get("contact_id").unwrap(), stranger.as_str());
    assert_eq!(whose(&world, HANNAH), hannah, "her number stays hers");
    let contact = world.db.run(&contacts::contact(&world.site.id, &stranger)).unwrap();
    let contact = contacts::decode_one(contact).unwrap().unwrap();
    assert_eq!(contact.name, None);
    world.texts(HANNAH, "Hello?");
    world.advance(MINUTE_MS);
    assert!(conversation_of(&world, &hannah).is_some(), "she begins one of her own");
}

#[test]
fn one_of_two_nested_merges_is_undone() {
    let (mut world, ana, bea) = with_two(907);
    world.texts(HANNAH, "How much is a full service?");
    world.advance(MINUTE_MS);
    let hannah = whose(&world, HANNAH);
    let own = conversation_of(&world, &ana).unwrap();
    let waits = plan(&mut world, &own, Purpose::Reminder, 30 * DAY_MS);
    merge(&mut world, &bea, &ana).unwrap();
    merge(&mut world, &hannah, &bea).unwrap();
    assert_eq!(
        [ANA, BEA, HANNAH].map(|number| whose(&world, number)),
        [&hannah, &hannah, &hannah].map(Clone::clone)
    );
    unmerge(&mut world, &ana).unwrap();
    assert_eq!([ANA, BEA].map(|number| whose(&world, number)), [ana.clone(), hannah.clone()]);
    assert_eq!(planned_in(&world, &waits), own, "through both");
    merge(&mut world, &bea, &ana).unwrap();
    assert_eq!(whose(&world, ANA), hannah);
    unmerge(&mut world, &bea).unwrap();
    assert_eq!(
        [ANA, BEA].map(|number| whose(&world, number)),
        [hannah.clone(), bea],
        "she was joined to Hannah"
    );
}

#[test]
fn a_person_who_was_two_gets_only_what_both_allow() {
    let (mut world, ana, bea) = with_two(908);
    world.texts(BEA, "STOP");
    world.advance(MINUTE_MS);
    let hers = conversation_of(&world, &ana).unwrap();
    let reminds = |world: &mut World, to: &str| {
        let before = world.sandbox(to).len();
        plan(world, &hers, Purpose::Reminder, HOUR_MS);
        world.advance(2 * HOUR_MS);
        world.sandbox(to).len() - before
    };
    for word in ["STOP", "START"] {
        world.texts(ANA, word);
        world.advance(MINUTE_MS);
    }
    assert_eq!(reminds(&mut world, ANA), 1);
    world.advance(10 * DAY_MS);
    merge(&mut world, &ana, &bea).unwrap();
    assert_eq!(reminds(&mut world, ANA), 0, "the one she turned out to be has stopped our texts");
    unmerge(&mut world, &bea).unwrap();
    assert_eq!(reminds(&mut world, ANA), 1, "the word was never hers");
}

#[test]
fn whom_the_team_keeps_apart_no_answer_joins() {
    let mut world = World::with_knowledge(909, &["prices.md"]);
    world.texts(ANA, "How much is a puncture repair?");
    world.advance(MINUTE_MS);
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.settle();
    world.continues(&visitor, Channel::Sms, ANA).unwrap();
    world.advance(MINUTE_MS);
    let (one, other) = (whose(&world, ANA), world.contact(&web(&visitor)).unwrap());
    let wish = ApartWish { one: one.clone(), other: other.clone(), by: JUN.into() };
    as_team(&mut world, |world, ctx| now(people::keep_apart(world.scope(), ctx, wish))).unwrap();
    world.texts(ANA, "Yes?");
    world.advance(MINUTE_MS);
    assert_eq!((whose(&world, ANA), world.contact(&web(&visitor)).unwrap()), (one, other));
}
