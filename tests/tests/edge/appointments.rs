//! Appointments on the wire: booked once however many try, confirmed by email, reminded of unless called off.

use std::{sync::Arc, thread, time::Duration};

use e2e::{
    client::{Answer, Call},
    clock::{PATIENCE, eventually},
    shop::{ADMIN_TOKEN, QUESTION, Shop},
    world::World,
};
use serde_json::{Value, json};
use shared::site::Person;

use crate::a_world_of_its_own;

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@mail.example";
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A shop that knows Maria, is open at any hour, and has one stand.
fn opens(world: &World) -> (Shop, String) {
    let mut shop = Shop::new();
    let always = json!([["00:00", "23:59"]]);
    let hours: Value = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        .iter()
        .map(|day| ((*day).to_owned(), always.clone()))
        .collect();
    let booking = json!({
        "services": [{"id": "svc_tune_up", "name": "Tune-up", "duration_min": 60, "resources": ["rsc_stand"],
            "step_min": 60, "ahead_days": 30}],
        "resources": [{"id": "rsc_stand", "name": "The stand", "time_zone": "UTC", "hours": hours}],
    });
    shop.site.booking = Some(serde_json::from_value(booking).expect("a booking"));
    shop.site.people.push(Person {
        name: "Maria Lopez".into(),
        phone: Some(MARIA.into()),
        email: Some(MAILBOX.into()),
        time_zone: None,
    });
    let shop = shop.opens(world.edge());
    world.sandbox().texts(MARIA, shop.number(), QUESTION).expect_ok("a text");
    world.sandbox().waits_for(MARIA, 1, PATIENCE);
    let sql = "SELECT contact_id AS id FROM handles WHERE site_id = ?1 AND kind = 'phone'";
    let rows = world.host.query(sql, &[json!(shop.site.id.as_str())]);
    let contact = rows[0]["id"].as_str().expect("a contact").to_owned();
    (shop, contact)
}

fn admin(world: &World, shop: &Shop, path: &str) -> String {
    format!("{}/admin/sites/{}/{path}", world.edge(), shop.site.id)
}

fn with_token(call: Call) -> Call {
    call.header("authorization", &format!("Bearer {ADMIN_TOKEN}"))
}

fn books(url: &str, start_ms: i64) -> Answer {
    with_token(Call::post_json(url, &json!({"service": "svc_tune_up", "start_ms": start_ms}))).send()
}

/// Noon in the stand's zone, three days from the worker's present.
fn in_three_days(world: &World) -> i64 {
    let today = world.sandbox().advances(Duration::ZERO) / DAY_MS;
    (today + 3) * DAY_MS + 12 * HOUR_MS
}

#[test]
fn a_slot_is_booked_once_confirmed_by_email_and_a_reminder_can_be_called_off() {
    let world = a_world_of_its_own();
    let (shop, contact) = opens(&world);
    let start_ms = in_three_days(&world);
    let url = Arc::new(admin(&world, &shop, &format!("contacts/{contact}/appointments")));
    let attempts: Vec<_> = (0..50)
        .map(|_| {
            let url = Arc::clone(&url);
            thread::spawn(move || books(&url, start_ms).status)
        })
        .collect();
    let statuses: Vec<u16> = attempts.into_iter().map(|attempt| attempt.join().expect("an answer")).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    let rows = world.host.query("SELECT state FROM appointments WHERE state = 'booked'", &[]);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(books(&url, start_ms).expect_failure(409).code, "slot_taken");
    assert_eq!(books(&url, start_ms - 96 * HOUR_MS).expect_failure(409).code, "slot_past");

    let confirmed = world.sandbox().waits_for(MAILBOX, 1, PATIENCE);
    assert!(confirmed.subject.as_deref().is_some_and(|subject| subject.contains("Booked")), "{confirmed:?}");

    let ahead = admin(&world, &shop, &format!("contacts/{contact}/planned"));
    let planned: Value = with_token(Call::get(&ahead)).send().expect_ok("what is planned").json();
    let planned = planned.as_array().expect("a list");
    assert_eq!(planned.len(), 1, "{planned:#?}");
    assert_eq!(
        (&planned[0]["purpose"], &planned[0]["channel"]),
        (&json!("reminder"), &json!("email")),
        "no consent to texts"
    );
    let id = planned[0]["id"].as_str().expect("an id");
    let cancel = admin(&world, &shop, &format!("planned/{id}"));
    let delete = || with_token(Call::delete(&cancel)).send();
    assert_eq!(delete().status, 204);
    assert_eq!(delete().expect_failure(409).code, "not_waiting");

    world.sandbox().advances(Duration::from_hours(96));
    world.host.cron();
    assert_eq!(world.sandbox().inbox(MAILBOX).len(), 1, "only the confirmation");
}

#[test]
fn a_reminder_is_sent_when_its_day_has_come() {
    let world = a_world_of_its_own();
    let (shop, contact) = opens(&world);
    let start_ms = in_three_days(&world);
    books(&admin(&world, &shop, &format!("contacts/{contact}/appointments")), start_ms)
        .expect_ok("a booking");
    world.sandbox().waits_for(MAILBOX, 1, PATIENCE);
    let now_ms = world.sandbox().advances(Duration::ZERO);
    let until_due =
        Duration::from_millis(u64::try_from(start_ms - 24 * HOUR_MS - now_ms + 1_000).expect("ahead"));
    world.sandbox().advances(until_due);
    let reminded = eventually(PATIENCE, "the reminder", || {
        world.host.cron();
        world
            .sandbox()
            .inbox(MAILBOX)
            .into_iter()
            .find(|mail| mail.subject.as_deref().is_some_and(|subject| subject.contains("Reminder")))
    });
    assert!(reminded.text.contains("Tune-up"), "{reminded:?}");
}

#[test]
fn nobody_books_or_looks_without_the_owners_word_or_for_another_sites_contact() {
    let world = a_world_of_its_own();
    let (shop, contact) = opens(&world);
    let other = world.opens_a_shop();
    let path = format!("contacts/{contact}/appointments");
    let start_ms = in_three_days(&world);
    let body = json!({"service": "svc_tune_up", "start_ms": start_ms});
    assert_eq!(Call::post_json(admin(&world, &shop, &path), &body).send().status, 401);
    assert_eq!(books(&admin(&world, &other, &path), start_ms).expect_failure(404).code, "unknown_contact");
    let planned = admin(&world, &other, &format!("contacts/{contact}/planned"));
    let found: Value = with_token(Call::get(&planned)).send().expect_ok("nothing").json();
    assert_eq!(found, json!([]));
}
