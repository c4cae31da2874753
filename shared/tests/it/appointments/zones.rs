//! A site's services and resources in other zones than its own, set as an owner sets them: by an import.

use shared::{
    calendar,
    fields::Fields,
    flow::{
        book::{Visit, show},
        import::{Import, import},
    },
    id::ResourceId,
    page::Step,
    site::Site,
};

use super::*;

/// The demo shop's definition, whose stand is in a zone, open from nine to noon and by night, every day.
fn definition(site: &Site, zone: &str) -> Site {
    let mut site = serde_json::to_value(site).unwrap();
    let spans = serde_json::json!([["00:00", "05:00"], ["09:00", "12:00"]]);
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let hours: serde_json::Map<_, _> = days.iter().map(|day| ((*day).to_owned(), spans.clone())).collect();
    site["booking"] = serde_json::json!({
        "services": [{
            "id": "svc_tune_up", "name": "Basic tune-up", "duration_min": 60, "resources": ["rsc_stand"],
            "step_min": 60, "ahead_days": 500,
        }],
        "resources": [{ "id": "rsc_stand", "name": "The stand", "time_zone": zone, "hours": hours }],
    });
    serde_json::from_value(site).unwrap()
}

/// An instant as RFC 3339 writes it.
fn utc(text: &str) -> Timestamp {
    Timestamp::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn sets(world: &mut World, definition: Site) -> Result<(), FlowError> {
    let import_ = Import { definition, knowledge: Vec::new(), sequences: Vec::new() };
    let mut ctx = world.ctx.clone();
    now(import(&world.db, &mut ctx, &import_))?;
    world.site = now(shared::store::sites::load_site(&world.db, &world.site.id)).unwrap().unwrap();
    Ok(())
}

/// The starts of a day in UTC, as `HH:MM`, counted from midnight in UTC; the hours before and after it belong to the days beside.
fn starts(world: &World, from: &str, hours: i64) -> Vec<String> {
    let from = utc(from);
    let to = from.plus_ms(hours * HOUR_MS);
    let slots =
        now(appointments::load_slots(world.scope(), &world.ctx, &service("tune_up"), from, to)).unwrap();
    slots.into_iter().map(|slot| calendar::local_time(slot.time.start, "UTC")).collect()
}

#[test]
fn a_stand_in_berlin_of_a_shop_in_california_opens_at_nine_in_berlin_on_both_sides_of_both_changes() {
    let mut world = World::with_knowledge(171, &["prices.md"]);
    assert_eq!(world.site.time_zone, "America/Los_Angeles");
    let berlin = definition(&world.site, "Europe/Berlin");
    sets(&mut world, berlin).unwrap();
    // Saturday in winter: 9:00 is 8:00 in UTC. The 28th of March 2027 skips from 2:00 to 3:00, so the night has four.
    world.ctx.now = utc("2027-03-20T00:00:00Z");
    let winter = ["23:00", "0:00", "1:00", "2:00", "3:00", "8:00", "9:00", "10:00"];
    assert_eq!(starts(&world, "2027-03-26T23:00:00Z", 24), winter);
    let forward = ["23:00", "0:00", "1:00", "2:00", "7:00", "8:00", "9:00"];
    assert_eq!(starts(&world, "2027-03-27T23:00:00Z", 23), forward);
    let summer = ["22:00", "23:00", "0:00", "1:00", "2:00", "7:00", "8:00", "9:00"];
    assert_eq!(starts(&world, "2027-03-28T22:00:00Z", 24), summer);
    // California changes two weeks before Berlin, and that is nobody's business in Berlin.
    world.ctx.now = utc("2027-03-10T00:00:00Z");
    assert_eq!(starts(&world, "2027-03-12T23:00:00Z", 24), winter);
    assert_eq!(starts(&world, "2027-03-13T23:00:00Z", 24), winter);
    // The 31st of October 2027 has 2:00 twice; a start is the first of them.
    world.ctx.now = utc("2027-10-20T00:00:00Z");
    assert_eq!(starts(&world, "2027-10-29T22:00:00Z", 24), summer);
    let back = ["22:00", "23:00", "0:00", "2:00", "3:00", "8:00", "9:00", "10:00"];
    assert_eq!(starts(&world, "2027-10-30T22:00:00Z", 25), back);
    assert_eq!(starts(&world, "2027-10-31T23:00:00Z", 24), winter);
    // The page says nine o'clock as well, to whoever is there.
    let query = Fields::parse(b"service=svc_tune_up&from=2027-10-31");
    let view = now(show(world.scope(), &mut world.ctx.clone(), &query, Visit::default())).unwrap();
    let Step::Times(_, times) = &view.step else { panic!("{view:?}") };
    let clock: Vec<_> =
        times.days[0].starts.iter().map(|at| calendar::local_time(*at, &view.frame.zone)).collect();
    assert_eq!(view.frame.zone, "Europe/Berlin");
    assert_eq!(clock[clock.len() - 3..], ["9:00", "10:00", "11:00"], "{clock:?}");
}

#[test]
fn a_zone_that_is_changed_in_the_settings_moves_the_slots_and_nothing_that_is_booked() {
    let mut world = World::with_knowledge(172, &["prices.md"]);
    let berlin = definition(&world.site, "Europe/Berlin");
    sets(&mut world, berlin).unwrap();
    let ana = visitor(&mut world);
    // Tuesday, nine in Berlin.
    let nine = utc("2026-11-24T08:00:00Z");
    let id = books(&mut world, &ana, "tune_up", nine);
    // Half an hour off the hour, and with a change of half an hour.
    let howe = definition(&world.site, "Australia/Lord_Howe");
    sets(&mut world, howe).unwrap();
    let booked = appointment(&world, &id);
    assert_eq!((booked.time.start, booked.state), (nine, State::Booked));
    assert_eq!(booked.resource, ResourceId::parse("rsc_stand").unwrap());
    // Summer there is +11:00, winter +10:30: nine is 22:00 the day before, then 22:30.
    world.ctx.now = utc("2027-04-01T00:00:00Z");
    assert_eq!(starts(&world, "2027-04-02T20:00:00Z", 6), ["22:00", "23:00", "0:00"]);
    assert_eq!(starts(&world, "2027-04-03T20:00:00Z", 6), ["22:30", "23:30", "0:30"]);
    world.ctx.now = utc("2027-09-30T00:00:00Z");
    assert_eq!(starts(&world, "2027-10-01T20:00:00Z", 6), ["22:30", "23:30", "0:30"]);
    assert_eq!(starts(&world, "2027-10-02T20:00:00Z", 6), ["22:00", "23:00", "0:00"]);
}

#[test]
fn a_zone_nobody_knows_is_refused_and_the_settings_stay() {
    let mut world = World::with_knowledge(173, &["prices.md"]);
    let mars = definition(&world.site, "Mars/Olympus");
    let before = world.site.clone();
    let refused = sets(&mut world, mars);
    let Err(FlowError::Rejected(why)) = refused else { panic!("{refused:?}") };
    assert!(why.text.contains("Mars/Olympus"), "{why:?}");
    assert_eq!(now(shared::store::sites::load_site(&world.db, &before.id)).unwrap().unwrap(), before);
}
