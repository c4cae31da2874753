//! How fast cards may be filled and first messages sent: every refusal is spoken, every message held back has its verdict.

use shared::{
    channel::Channel,
    error::Rejection,
    event::{Body, Event},
    flow::{FlowError, Handled},
    id::{EventId, VisitorId},
    store::deliveries::{VerdictRow, verdicts},
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    wire::{ClientFrame, Speaker},
};

use crate::world::{World, phone, web};

const MARIA: &str = "+14155552671";

fn asks_for_a_person(
    world: &mut World,
    visitor: &VisitorId,
    address: Option<&str>,
) -> Result<Handled, FlowError> {
    let id = EventId::mint(&mut world.ctx);
    world.frame(visitor, &ClientFrame::Person { id, address: address.map(str::to_owned) })
}

fn refusal(result: Result<Handled, FlowError>) -> Rejection {
    match result {
        Err(FlowError::Rejected(rejection)) => rejection,
        other => panic!("not refused: {other:?}"),
    }
}

fn number(n: u32) -> String {
    format!("+1415555267{n}")
}

fn held(world: &World, visitor: &VisitorId) -> Vec<String> {
    let timeline = world.timeline(&world.contact(&web(visitor)).unwrap());
    let stmt = verdicts(&world.site.id, &timeline[0].conversation, 1_000);
    let rows: Vec<VerdictRow> = world.db.run(&stmt).unwrap().decode_all().unwrap();
    rows.into_iter().filter(|row| row.seq.is_none()).map(|row| row.outcome).collect()
}

fn last_notice(world: &World, visitor: &VisitorId) -> String {
    let timeline = world.timeline(&world.contact(&web(visitor)).unwrap());
    let notice = |event: &&Event| event.speaker == Speaker::System && matches!(event.body, Body::Message(_));
    timeline.iter().rfind(notice).unwrap().message().unwrap().text.clone()
}

#[test]
fn cards_and_calls_for_a_person_count_like_messages() {
    let mut world = World::new(61);
    let visitor = world.visitor();
    let limit = world.site.limits.messages_per_minute;
    world.says(&visitor, "hi").unwrap();
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    for _ in 2..limit {
        asks_for_a_person(&mut world, &visitor, None).unwrap();
    }
    for refused in [
        refusal(asks_for_a_person(&mut world, &visitor, None)),
        refusal(world.continues(&visitor, Channel::Sms, MARIA)),
        refusal(world.says(&visitor, "hello?")),
    ] {
        assert_eq!((refused.status, refused.code), (429, "rate_limited"), "{refused:?}");
        assert!(refused.retry_after_ms.is_some() && refused.text.contains("try again"), "{refused:?}");
    }
    world.advance(2 * MINUTE_MS);
    asks_for_a_person(&mut world, &visitor, None).unwrap();
}

#[test]
fn the_same_address_is_not_sent_a_first_message_again_within_ten_minutes() {
    let mut world = World::new(62);
    let visitor = world.visitor();
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(5 * MINUTE_MS);
    let again = world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    assert!(again.accepted.is_some(), "it is acknowledged");
    world.advance(MINUTE_MS);
    assert_eq!(world.sandbox(MARIA).len(), 1);
    assert_eq!(held(&world, &visitor), ["limit.first_again"]);
    let notice = last_notice(&world, &visitor);
    assert!(notice.contains("•••2671") && notice.contains("just now"), "{notice}");
    world.advance(5 * MINUTE_MS);
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    assert_eq!(world.sandbox(MARIA).len(), 2);
}

#[test]
fn a_first_message_asked_for_in_words_is_held_back_as_well() {
    let mut world = World::new(63);
    let visitor = world.visitor();
    for _ in 0..3 {
        world.says(&visitor, "Text me the price of a full service at 415-555-2671").unwrap();
        world.advance(MINUTE_MS);
    }
    assert_eq!(world.sandbox(MARIA).len(), 1);
    assert_eq!(held(&world, &visitor), ["limit.first_again", "limit.first_again"]);
}

#[test]
fn a_conversation_may_type_five_addresses_a_day() {
    let mut world = World::new(64);
    let visitor = world.visitor();
    for n in 0..4 {
        world.continues(&visitor, Channel::Sms, &number(n)).unwrap();
    }
    asks_for_a_person(&mut world, &visitor, Some("ana@example.com")).unwrap();
    world.advance(11 * MINUTE_MS);
    for refused in [
        refusal(world.continues(&visitor, Channel::Sms, &number(5))),
        refusal(asks_for_a_person(&mut world, &visitor, Some("eve@example.com"))),
    ] {
        assert_eq!((refused.status, refused.code), (429, "too_many_addresses"), "{refused:?}");
        assert!(refused.text.contains("addresses"), "{refused:?}");
    }
    assert!(world.sandbox(&number(5)).is_empty());
    assert_eq!(world.contact(&phone(&number(5))), None);
    world.says(&visitor, "Text me the price of a full service at 415-555-2676").unwrap();
    world.advance(MINUTE_MS);
    assert!(world.sandbox(&number(6)).is_empty());
    assert_eq!(held(&world, &visitor), ["limit.addresses"]);
    world.continues(&visitor, Channel::Sms, &number(1)).unwrap();
    world.advance(DAY_MS);
    world.continues(&visitor, Channel::Sms, &number(5)).unwrap();
    world.advance(MINUTE_MS);
    assert_eq!(world.sandbox(&number(5)).len(), 1);
}

#[test]
fn a_site_sends_so_many_first_messages_an_hour() {
    let mut world = World::new(65);
    world.site.limits.first_messages_per_hour = 2;
    let visitors: Vec<VisitorId> = (0..3).map(|_| world.visitor()).collect();
    for (n, visitor) in (0..).zip(&visitors) {
        world.continues(visitor, Channel::Sms, &number(n)).unwrap();
        world.advance(MINUTE_MS);
    }
    assert_eq!(world.sandbox(&number(1)).len(), 1);
    assert!(world.sandbox(&number(2)).is_empty());
    assert_eq!(held(&world, &visitors[2]), ["limit.site_first"]);
    assert!(last_notice(&world, &visitors[2]).contains("later"));
    world.advance(HOUR_MS);
    world.continues(&visitors[2], Channel::Sms, &number(2)).unwrap();
    world.advance(MINUTE_MS);
    assert_eq!(world.sandbox(&number(2)).len(), 1);
}
