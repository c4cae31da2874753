//! Consent that follows from dealing with each other: who asked or came may be told more for a while, and no longer.

use shared::{
    appointment::id_of,
    channel::Channel,
    command::{Appoint, Arrival, Ask, Command, Wish},
    consent::{Basis, ConsentEntry, LegalBasis, Level},
    contact::{Address, Assurance},
    delivery::Purpose,
    flow,
    id::{AppointmentId, EventId, ServiceId},
    planned::PlannedBody,
    policy::Need,
    store::{consents, contacts, deliveries},
    time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp},
    wire::Speaker,
};

use crate::{
    planned::{body, plan_for},
    world::{START, World, mailbox, now, phone},
};

const TORONTO: &str = "+14165550123";
const SEATTLE: &str = "+12065550123";
const OFFER: &str = "Tune-ups are half price this week. Reply STOP to opt out.";

/// The shop, which is content with what the law takes as consent to marketing.
fn content_with_implied(seed: u64) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    let needs = &mut world.site.policy.needs;
    needs.retain(|need| need.purpose != Purpose::Marketing);
    for channel in [Channel::Sms, Channel::Email] {
        needs.push(Need { channel, purpose: Purpose::Marketing, level: Level::Implied });
    }
    world
}

fn chain(world: &World, address: &Address) -> Vec<ConsentEntry> {
    consents::decode_chain(world.db.run(&consents::chain(&world.site.id, address)).unwrap()).unwrap()
}

/// Plans an offer by text for a moment, lets it come, and tells what became of it.
fn offered(world: &mut World, to: &Address, at: Timestamp) -> String {
    let conversation = world.conversation(to).id;
    let body = PlannedBody { among: vec![Channel::Sms], ..body(Purpose::Marketing, OFFER) };
    plan_for(world, to, body, at.since_ms(world.ctx.now));
    world.advance(at.since_ms(world.ctx.now) + MINUTE_MS);
    let newest = deliveries::verdicts(&world.site.id, &conversation, 1);
    let row = world.db.run(&newest).unwrap().decode_first::<deliveries::VerdictRow>().unwrap().unwrap();
    row.outcome
}

/// An instant, for the reader: `2027-05-23T18:00:00Z`.
fn at(text: &str) -> Timestamp {
    Timestamp::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

#[test]
fn whoever_asked_is_told_more_until_the_day_before_six_months_are_over_and_not_the_day_after() {
    let asked = |seed| {
        let mut world = content_with_implied(seed);
        world.texts(TORONTO, "How much is a puncture repair?");
        world.advance(MINUTE_MS);
        world
    };
    let (mut before, mut after) = (asked(1201), asked(1202));
    let to = phone(TORONTO);
    let [entry] = chain(&before, &to).try_into().unwrap();
    let body = &entry.body;
    assert_eq!((body.purpose, body.level), (Some(Purpose::Marketing), Level::Implied));
    assert_eq!((body.basis, body.legal), (Basis::Inquired, LegalBasis::ImpliedInquiry));
    assert_eq!(body.evidence, "How much is a puncture repair?");
    assert_eq!(body.expires_at, Some(at("2027-05-23T18:00:00Z")), "six months after {START:?}");
    assert_eq!(offered(&mut before, &to, at("2027-05-22T18:00:00Z")), "allow");
    assert_eq!(
        before.taken_for(TORONTO).iter().filter(|message| message.text.contains("half price")).count(),
        1
    );
    assert_eq!(offered(&mut after, &to, at("2027-05-24T18:00:00Z")), "consent.missing");
    assert!(after.taken_for(TORONTO).iter().all(|message| !message.text.contains("half price")));
}

#[test]
fn nothing_follows_from_what_is_no_question_nor_where_the_law_asks_for_more_nor_for_who_opted_out() {
    let mut world = content_with_implied(1203);
    world.texts(TORONTO, "Thanks, see you.");
    world.texts(SEATTLE, "How much is a puncture repair?");
    world.advance(MINUTE_MS);
    assert_eq!(chain(&world, &phone(TORONTO)), [], "not a question");
    assert_eq!(chain(&world, &phone(SEATTLE)), [], "47 CFR 64.1200(a)(2) wants it in writing");
    world.texts(TORONTO, "STOP");
    world.advance(MINUTE_MS);
    world.texts(TORONTO, "How much is a full service?");
    world.advance(MINUTE_MS);
    assert_eq!(chain(&world, &phone(TORONTO)).len(), 1, "the opt-out alone");
    // The site's own policy asks for more than the law.
    let mut strict = World::with_knowledge(1204, &["prices.md"]);
    strict.texts(TORONTO, "How much is a puncture repair?");
    strict.advance(MINUTE_MS);
    assert_eq!(chain(&strict, &phone(TORONTO)), []);
}

#[test]
fn a_ledger_is_not_written_with_every_question() {
    let mut world = content_with_implied(1205);
    for _ in 0..3 {
        world.texts(TORONTO, "How much is a puncture repair?");
        world.advance(DAY_MS);
    }
    assert_eq!(chain(&world, &phone(TORONTO)).len(), 1);
    world.advance(40 * DAY_MS);
    world.texts(TORONTO, "And how much is a full service?");
    world.advance(MINUTE_MS);
    let chain = chain(&world, &phone(TORONTO));
    assert_eq!(chain.len(), 2);
    assert!(chain[1].body.expires_at > chain[0].body.expires_at);
}

/// Somebody of a number says or is said to do something about an appointment.
fn appoint(world: &mut World, number: &str, by: Speaker, ask: Ask) -> AppointmentId {
    let event = EventId::mint(&mut world.ctx);
    let arrival = Arrival {
        endpoint: world.endpoint(Channel::Sms).id,
        external_id: format!("{number}/{event}"),
        event: event.clone(),
        at: world.ctx.now,
        visitor: None,
    };
    let id = ask.names().cloned().unwrap_or_else(|| id_of(&event));
    let command = Command::Appoint(arrival, Appoint { from: phone(number), by, version: None, ask });
    let mut ctx = world.ctx.clone();
    let handled = now(flow::handle(world.scope(), &mut ctx, &command)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    id
}

#[test]
fn whoever_came_is_told_more_until_the_day_before_two_years_are_over_and_not_the_day_after() {
    let came = |seed| {
        let mut world = content_with_implied(seed);
        world.texts(TORONTO, "Hello, it is me again.");
        world.advance(MINUTE_MS);
        let wish = Wish {
            service: ServiceId::parse("svc_tune_up").unwrap(),
            resource: None,
            start: START.plus_ms(DAY_MS),
            note: None,
        };
        let id = appoint(&mut world, TORONTO, Speaker::Contact, Ask::Book(wish));
        world.advance(DAY_MS + 4 * HOUR_MS);
        assert_eq!(chain(&world, &phone(TORONTO)), [], "booked, and not come yet");
        appoint(&mut world, TORONTO, Speaker::Agent("Rosa".into()), Ask::MarkDone(id));
        world.advance(MINUTE_MS);
        world
    };
    let (mut before, mut after) = (came(1206), came(1207));
    let to = phone(TORONTO);
    let [entry] = chain(&before, &to).try_into().unwrap();
    assert_eq!((entry.body.basis, entry.body.legal), (Basis::Dealt, LegalBasis::ImpliedDealing));
    let ends = entry.body.expires_at.unwrap();
    assert!((at("2028-11-24T18:00:00Z")..at("2028-11-25T00:00:00Z")).contains(&ends), "{ends:?}");
    assert_eq!(offered(&mut before, &to, at("2028-11-23T18:00:00Z")), "allow");
    assert_eq!(offered(&mut after, &to, at("2028-11-25T18:30:00Z")), "consent.missing");
}

#[test]
fn only_an_address_that_is_proven_is_told_more_for_an_appointment() {
    let mut world = content_with_implied(1208);
    let ana = "ana@example.com";
    world.mails(ana, "Hello", "I am Ana.", None);
    world.advance(MINUTE_MS);
    let stored = world.db.run(&contacts::by_address(&world.site.id, &mailbox(ana))).unwrap();
    let (_, handle) = contacts::decode_by_address(stored).unwrap().unwrap();
    assert_eq!(handle.assurance, Assurance::Possessed);
    world.mails(ana, "Prices", "How much is a puncture repair?", None);
    world.advance(MINUTE_MS);
    let [entry] = chain(&world, &mailbox(ana)).try_into().unwrap();
    assert_eq!(entry.body.level, Level::Implied, "the site's own policy asks for no more of a mailbox");
}
