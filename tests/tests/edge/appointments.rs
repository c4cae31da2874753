//! Appointments on the wire: booked once however many try, confirmed by email, reminded of unless called off.

use std::{sync::Arc, thread, time::Duration};

use e2e::{
    client::{Answer, Call},
    clock::{PATIENCE, eventually},
    shop::{ADMIN_TOKEN, QUESTION, Shop},
    world::{SIGNING_KEY, World},
};
use serde_json::{Value, json};
use shared::{
    appointment::{
        ics::uid_of,
        link::{link, open, seal},
    },
    channel::{Channel, sandbox},
    id::AppointmentId,
    site::Person,
};

use crate::a_world_of_its_own;

const FORM: &str = "application/x-www-form-urlencoded";
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
        messenger: None,
        instagram: None,
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
    format!("{}/api/sites/{}/{path}", world.edge(), shop.site.id)
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
    let attempts: Vec<_> = (0..200)
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
fn the_team_changes_what_is_booked_and_who_did_not_come_is_asked_why() {
    const ASKED_WHY: &str = "name = \"Missed\"\npurpose = \"transactional\"\ntrigger = \"appointment missed\"\n\n[[step]]\n\
        send = \"email\"\nsubject = \"We missed you\"\ntext = \"Shall we find another time?\"\n";
    let world = a_world_of_its_own();
    let (shop, contact) = opens(&world);
    let mut body = shop.body();
    body["sequences"] = json!([{"path": "missed.toml", "text": ASKED_WHY}]);
    with_token(Call::put_json(format!("{}/admin/sites", world.edge()), &body)).send().expect_ok("an import");
    let start_ms = in_three_days(&world);
    let booked = books(&admin(&world, &shop, &format!("contacts/{contact}/appointments")), start_ms);
    let booked: Value = booked.expect_ok("a booking").json();
    let does = |id: &str, act: Value| {
        let url = admin(&world, &shop, &format!("contacts/{contact}/appointments/{id}"));
        with_token(Call::post_json(url, &json!({"by": "Jo", "act": act}))).send()
    };
    let id = booked["id"].as_str().expect("an id");
    assert_eq!(does("apt_nobody", json!({"cancel": {}})).expect_failure(404).code, "unknown_appointment");
    assert_eq!(does(id, json!({"cancel": {"why": "rain"}})).status, 400);
    let start_ms = start_ms + HOUR_MS;
    assert_eq!(does(id, json!({"move": {"start_ms": start_ms}})).status, 204);
    assert_eq!(does(id, json!({"note": {"text": "Brings the red bike."}})).status, 204);
    let stored = |column: &str| {
        let sql = format!("SELECT {column} AS it FROM appointments WHERE site_id = ?1 AND id = ?2");
        world.host.query(&sql, &[json!(shop.site.id.as_str()), json!(id)])[0]["it"].clone()
    };
    assert_eq!((stored("starts_at_ms"), stored("note")), (json!(start_ms), json!("Brings the red bike.")));
    assert_eq!(does(id, json!({"missed": {}})).expect_failure(409).code, "not_begun");
    let now_ms = world.sandbox().advances(Duration::ZERO);
    world
        .sandbox()
        .advances(Duration::from_millis(u64::try_from(start_ms - now_ms + HOUR_MS).expect("ahead")));
    assert_eq!(does(id, json!({"missed": {}})).status, 204);
    assert_eq!(does(id, json!({"done": {}})).expect_failure(409).code, "appointment_over");
    eventually(PATIENCE, "the question", || {
        world.host.cron();
        let mails = world.sandbox().inbox(MAILBOX);
        mails
            .into_iter()
            .find(|mail| mail.subject.as_deref().is_some_and(|subject| subject.contains("We missed you")))
    });
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

/// The link of an appointment that the team booked for Maria.
fn link_of(world: &World, shop: &Shop, contact: &str, start_ms: i64) -> String {
    let booked = books(&admin(world, shop, &format!("contacts/{contact}/appointments")), start_ms);
    let booked: Value = booked.expect_ok("a booking").json();
    let id = AppointmentId::parse(booked["id"].as_str().expect("an id")).expect("an id");
    link(world.edge(), &seal(SIGNING_KEY, &shop.site.id, &id))
}

fn states(world: &World, shop: &Shop) -> Vec<Value> {
    let sql = "SELECT state, version, starts_at_ms FROM appointments WHERE site_id = ?1";
    world.host.query(sql, &[json!(shop.site.id.as_str())])
}

#[test]
fn the_link_in_the_confirmation_moves_and_cancels_by_post_and_a_scanner_changes_nothing() {
    let world = a_world_of_its_own();
    let (shop, contact) = opens(&world);
    let start_ms = in_three_days(&world);
    let link = link_of(&world, &shop, &contact, start_ms);
    let confirmed = world.sandbox().waits_for(MAILBOX, 1, PATIENCE);
    assert!(confirmed.text.contains(&link), "{}", confirmed.text);
    let later_ms = start_ms + 2 * HOUR_MS;
    for query in
        ["", "?ask=cancel", "?ask=move", &format!("?ask=move&start={later_ms}"), "?do=cancel&version=1"]
    {
        let page = Call::get(format!("{link}{query}")).send().expect_ok("the page");
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
        assert_eq!((page.header("set-cookie"), page.header("cache-control")), (None, Some("no-store")));
        assert!(page.text().contains("Tune-up") && !page.text().contains("<script"), "{}", page.text());
    }
    assert_eq!(states(&world, &shop), [json!({"state": "booked", "version": 1, "starts_at_ms": start_ms})]);
    let file = Call::get(format!("{link}/appointment.ics")).send().expect_ok("a file");
    assert!(file.header("content-type").is_some_and(|kind| kind.starts_with("text/calendar")));
    assert!(file.text().starts_with("BEGIN:VCALENDAR\r\n") && file.text().contains("METHOD:PUBLISH"));

    let moved = Call::post(&*link, FORM, format!("do=move&version=1&start={later_ms}")).send();
    assert_eq!(moved.status, 303);
    let to = moved.header("location").expect("a page").to_owned();
    assert!(to.starts_with("/b/") && to.ends_with("?done=moved"), "{to}");
    let page = Call::get(format!("{}{to}", world.edge())).send().expect_ok("the page").text();
    assert!(page.contains("it is at the new time") && page.contains("role=\"status\""), "{page}");
    let stale = Call::post(&*link, FORM, "do=cancel&version=1").send();
    assert_eq!(stale.status, 409);
    assert!(stale.text().contains("has changed meanwhile"), "{}", stale.text());
    assert_eq!(Call::post(&*link, FORM, "do=cancel&version=2").send().status, 303);
    assert_eq!(
        states(&world, &shop),
        [json!({"state": "cancelled", "version": 3, "starts_at_ms": later_ms})]
    );
}

#[test]
fn a_forged_link_is_403_an_ended_one_410_and_neither_changes_anything() {
    let world = a_world_of_its_own();
    let (shop, contact) = opens(&world);
    let start_ms = in_three_days(&world);
    let good = link_of(&world, &shop, &contact, start_ms);
    let before = states(&world, &shop);
    let (payload, tag) = good.rsplit_once('.').expect("a tag");
    let other = AppointmentId::parse("apt_other").expect("an id");
    let gone = link(world.edge(), &seal(SIGNING_KEY, &shop.site.id, &other));
    let (gone_payload, _) = gone.rsplit_once('.').expect("a tag");
    let forged = [
        format!("{payload}."),
        format!("{payload}.AAAAAAAAAAAAAAAAAAAAAA"),
        format!("{gone_payload}.{tag}"),
        link(world.edge(), &seal("another key", &shop.site.id, &other)),
        format!("{}/b/x", world.edge()),
    ];
    for link in forged {
        let page = Call::get(&*link).header("accept-language", "es-MX,es;q=0.9").send();
        assert_eq!(page.status, 403, "{link}");
        assert!(page.text().contains("Este enlace no funciona"), "{}", page.text());
        assert_eq!(Call::post(&*link, FORM, "do=cancel&version=1").send().status, 403, "{link}");
        assert_eq!(Call::get(format!("{link}/appointment.ics")).send().status, 403, "{link}");
    }
    assert_eq!(Call::get(&*gone).send().status, 410);
    for (kind, body) in [(FORM, "do=cancel"), (FORM, ""), ("application/json", "do=cancel&version=1")] {
        assert_eq!(Call::post(&*good, kind, body).send().status, 400, "{kind} {body}");
    }
    world.sandbox().advances(Duration::from_hours(24 * 5));
    assert_eq!(Call::get(&*good).send().status, 410);
    assert_eq!(Call::post(&*good, FORM, "do=cancel&version=1").send().status, 410);
    assert_eq!(states(&world, &shop), before);
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("the field");
    rest.split('"').next().unwrap_or_default().to_owned()
}

#[test]
fn anybody_books_on_the_page_without_a_script_and_the_confirmation_brings_the_link() {
    let world = a_world_of_its_own();
    let (shop, _) = opens(&world);
    let page_url = format!("{}/book/{}", world.edge(), shop.site.id);
    let start_ms = in_three_days(&world);
    let times =
        Call::get(&*page_url).header("accept-language", "es-MX,es;q=0.9").send().expect_ok("the page");
    let policy = times.header("content-security-policy").expect("a policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
    assert_eq!((times.header("set-cookie"), times.header("cache-control")), (None, Some("no-store")));
    assert!(times.text().contains("Elija una hora"), "the only service is chosen: {}", times.text());
    let form_url = format!("{page_url}?service=svc_tune_up&start={start_ms}&zone=Europe%2FMadrid");
    let form = Call::get(&*form_url).send().expect_ok("the form").text();
    assert!(
        form.contains("13:00–14:00") && form.contains("Madrid time") && !form.contains("<script"),
        "{form}"
    );
    assert_eq!(states(&world, &shop), Vec::<Value>::new(), "looking changes nothing");

    let token = hidden(&form, "form");
    let body = |email: &str, trap: &str| {
        format!(
            "form={token}&service=svc_tune_up&start={start_ms}&zone=Europe%2FMadrid&name=Ana+Ruiz&email={email}&website={trap}"
        )
    };
    let send = |body: String| Call::post(&*page_url, FORM, body).send();
    let wrong = send(body("ana%22%3E%3Cscript%3E", ""));
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("value=\"ana&quot;&gt;&lt;script&gt;\""), "{}", wrong.text());
    assert_eq!(send(body("ana%40mail.example", "spam")).status, 400);
    assert_eq!(Call::post(&*page_url, "application/json", "{}").send().status, 400);
    assert_eq!(states(&world, &shop), Vec::<Value>::new());

    let booked = send(body("ana%40mail.example", ""));
    assert_eq!(booked.status, 303, "{}", booked.text());
    let to = booked.header("location").expect("a page").to_owned();
    let own = Call::get(format!("{}{to}", world.edge())).send().expect_ok("the page").text();
    assert!(own.contains("You are booked.") && own.contains("13:00–14:00"), "{own}");
    assert_eq!(send(body("ana%40mail.example", "")).header("location"), Some(to.as_str()), "once");
    assert_eq!(states(&world, &shop), [json!({"state": "booked", "version": 1, "starts_at_ms": start_ms})]);
    let mail = world.sandbox().waits_for("ana@mail.example", 1, PATIENCE);
    assert!(mail.text.contains(to.split('?').next().unwrap_or_default()), "{}", mail.text);

    let again = Call::get(&*form_url).send().expect_ok("other times").text();
    assert!(again.contains("Somebody has just taken that time."), "{again}");
    let level = world.host.query(
        "SELECT assurance FROM handles WHERE site_id = ?1 AND address_key = 'ana@mail.example'",
        &[json!(shop.site.id.as_str())],
    );
    assert_eq!(level, [json!({"assurance": 1})], "claimed, not proven");
    let elsewhere = Call::get(format!("{}/book/ste_nobody", world.edge())).send();
    assert_eq!(elsewhere.status, 404);
    assert!(elsewhere.text().contains("Nothing can be booked here"), "{}", elsewhere.text());
}

#[test]
fn a_calendars_decline_calls_the_appointment_off_and_a_strangers_changes_nothing() {
    let world = a_world_of_its_own();
    let (shop, contact) = opens(&world);
    let start_ms = in_three_days(&world);
    let link = link_of(&world, &shop, &contact, start_ms);
    let invited = world.sandbox().waits_for(MAILBOX, 1, PATIENCE);
    let token = link.rsplit_once('/').expect("a token").1;
    let (_, id) = open(SIGNING_KEY, token).expect("our own");
    let answers = |from: &str, attendee: &str| {
        let raw = format!(
            "From: <{from}>\r\nTo: <{to}>\r\nSubject: Declined\r\nMessage-ID: <{from}>\r\n\
             Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n\
             Declined. {QUESTION}\r\n--x\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\n\
             METHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{}\r\nSEQUENCE:0\r\n\
             ATTENDEE;PARTSTAT=DECLINED:mailto:{attendee}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--x--\r\n",
            uid_of(&id),
            to = shop.mailbox(),
        );
        let hook = format!("{}/hooks/{}", world.edge(), shop.endpoint(Channel::Email).id);
        let signature = sandbox::sign(SIGNING_KEY, raw.as_bytes());
        let call = Call::post(hook, "message/rfc822", raw).header("x-throughline-signature", &signature);
        call.header("x-envelope-from", from)
            .header("x-envelope-to", shop.mailbox())
            .send()
            .expect_ok("a receipt");
    };
    answers("eve@mail.example", "eve@mail.example");
    answers("eve@mail.example", MAILBOX);
    assert_eq!(states(&world, &shop), [json!({"state": "booked", "version": 1, "starts_at_ms": start_ms})]);
    answers(MAILBOX, MAILBOX);
    assert_eq!(
        states(&world, &shop),
        [json!({"state": "cancelled", "version": 2, "starts_at_ms": start_ms})]
    );
    let cancelled = world.sandbox().waits_for(MAILBOX, 2, PATIENCE);
    assert!(
        cancelled.subject.as_deref().is_some_and(|subject| subject.starts_with("Cancelled")),
        "{cancelled:?}"
    );
    assert_ne!(invited.subject, cancelled.subject);
    let spoken = "SELECT COUNT(*) AS n FROM events WHERE site_id = ?1 AND channel = 'email'
        AND json_extract(speaker, '$') = 'assistant'";
    assert_eq!(world.host.query(spoken, &[json!(shop.site.id.as_str())]), [json!({"n": 0})]);
}
