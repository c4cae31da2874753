//! Sequences on the wire: files are imported or refused with their place, and the team tries, begins and ends them.

use std::time::Duration;

use e2e::{
    client::{Answer, Call},
    clock::PATIENCE,
    openai::{OpenAi, Script},
    shop::{ADMIN_TOKEN, QUESTION, Shop},
    world::World,
};
use serde_json::{Value, json};
use shared::site::Person;

use crate::a_world_of_its_own;

const MAILBOX: &str = "maria@mail.example";

/// Two emails a day apart, until Maria does anything.
const NUDGES: &str = r#"
name = "Nudges"
purpose = "reminder"
trigger = "manual"

[[step]]
send = "email"
subject = "Your bike"
text = "Hi {name|there}, your bike is due at {site}."

[[step]]
wait = "1 day"

[[step]]
id = "again"
send = "email"
text = "Your bike is still due."
"#;

/// One text a minute after it began, another a minute later.
const MINUTES: &str = r#"
name = "Minutes"
purpose = "reminder"
trigger = "manual"

[[step]]
wait = "1 minutes"

[[step]]
send = "email"
subject = "Your bike"
text = "One minute is over."
"#;

fn with_token(call: Call) -> Answer {
    call.header("authorization", &format!("Bearer {ADMIN_TOKEN}")).send()
}

/// The shop takes on the nudges, as written there.
fn imports(world: &World, shop: &Shop, text: &str) -> Answer {
    let mut body = shop.body();
    body["sequences"] = json!([{"path": "nudges.toml", "text": text}]);
    with_token(Call::put_json(format!("{}/admin/sites", world.edge()), &body))
}

fn admin(world: &World, shop: &Shop, path: &str) -> String {
    format!("{}/api/sites/{}/{path}", world.edge(), shop.site.id)
}

/// The one contact of the shop that has a mailbox.
fn contact_of(world: &World, shop: &Shop) -> String {
    let sql = "SELECT contact_id AS id FROM handles WHERE site_id = ?1 AND kind = 'email'";
    let rows = world.host.query(sql, &[json!(shop.site.id.as_str())]);
    rows[0]["id"].as_str().expect("a contact").to_owned()
}

#[test]
fn a_step_is_taken_when_it_is_due_without_any_sweep() {
    let world = a_world_of_its_own();
    let shop = Shop::new();
    imports(&world, &shop, MINUTES).expect_ok("the import of a sequence");
    world.sandbox().writes(MAILBOX, shop.mailbox(), "A question", QUESTION);
    world.sandbox().waits_for(MAILBOX, 1, PATIENCE);
    let runs = admin(&world, &shop, &format!("contacts/{}/sequences/nudges", contact_of(&world, &shop)));
    assert_eq!(with_token(Call::post_json(&runs, &json!({}))).status, 201);
    // Most of the minute passes at once, before anything is due; then the team looks at another sequence, and the Room
    // sets its alarm by the new time.
    world.sandbox().advances(Duration::from_secs(52));
    assert_eq!(world.sandbox().inbox(MAILBOX).len(), 1, "nothing is due");
    let promised = admin(&world, &shop, &format!("contacts/{}/promises", contact_of(&world, &shop)));
    let made = with_token(Call::post_json(&promised, &json!({"by": "Jo", "deed": "answer"})));
    assert_eq!(made.status, 204, "{made:?}");
    let mail = world.sandbox().waits_for(MAILBOX, 2, PATIENCE);
    assert!(mail.text.contains("One minute is over."), "{mail:?}");
}

#[test]
fn what_the_team_promises_is_listed_kept_and_counted() {
    let world = a_world_of_its_own();
    let shop = Shop::new().opens(world.edge());
    world.sandbox().writes(MAILBOX, shop.mailbox(), "A question", "Can I talk to a person?");
    let mail = world.sandbox().waits_for(MAILBOX, 1, PATIENCE);
    assert!(mail.text.contains("A person will answer"), "{mail:?}");
    let all = admin(&world, &shop, "promises");
    let list = || -> Value { with_token(Call::get(&all)).expect_ok("the promises").json() };
    let contact = contact_of(&world, &shop);
    let before = list();
    assert_eq!(before["open"][0]["contact"], json!(contact), "{before:#?}");
    assert_eq!((&before["open"][0]["owner"], &before["kept"]), (&json!("Jo"), &json!(0)), "{before:#?}");
    let own = admin(&world, &shop, &format!("contacts/{contact}/promises"));
    let does = |path: &str, body: Value| with_token(Call::post_json(format!("{own}{path}"), &body));
    assert_eq!(does("", json!({"by": "Nobody", "deed": "call"})).expect_failure(400).code, "unknown_member");
    assert_eq!(does("", json!({"by": "Jo", "deed": "dance"})).expect_failure(400).code, "malformed_json");
    assert_eq!(does("", json!({"by": "Kim", "deed": "call", "tell": true})).status, 204);
    assert_eq!(list()["open"][0]["owner"], json!("Kim"));
    assert_eq!(does("/kept", json!({"by": "Kim", "note": "called"})).status, 204);
    let after = list();
    assert_eq!((&after["open"], &after["kept"], &after["missed"]), (&json!([]), &json!(1), &json!(0)));
    assert_eq!(does("/kept", json!({"by": "Kim"})).expect_failure(409).code, "nothing_promised");
    let revoke = |body: Value| {
        let path = format!("contacts/{contact}/consent/revocations");
        with_token(Call::post_json(admin(&world, &shop, &path), &body))
    };
    let told = json!({"by": "Jo", "channels": ["email"], "words": "On the phone: no more mails."});
    assert_eq!(revoke(json!({"by": "Jo", "words": ""})).expect_failure(400).code, "bad_words");
    assert_eq!(revoke(told).status, 204);
    let sql = "SELECT blocked FROM handles WHERE site_id = ?1 AND kind = 'email'";
    let rows = world.host.query(sql, &[json!(shop.site.id.as_str())]);
    assert_eq!(rows[0]["blocked"], json!(1));
    // Why each of these messages was sent is handed out, and comes out the same when it is judged again.
    let log = admin(&world, &shop, &format!("contacts/{contact}/log"));
    let log = shared::replay::read(&with_token(Call::get(&log)).expect_ok("the log").text()).expect("a log");
    assert!(log.verdicts.len() >= 2, "{log:#?}");
    for entry in &log.verdicts {
        assert_eq!(shared::replay::replay(&log, entry), shared::replay::Replayed::Same, "{entry:#?}");
    }
    assert_eq!(Call::get(admin(&world, &shop, &format!("contacts/{contact}/log"))).send().status, 401);
    let other = Shop::new().opens(world.edge());
    let foreign = admin(&world, &other, &format!("contacts/{contact}/log"));
    assert_eq!(with_token(Call::get(&foreign)).expect_failure(404).code, "unknown_contact");
    let foreign = admin(&world, &other, &format!("contacts/{contact}/promises"));
    let foreign = with_token(Call::post_json(&foreign, &json!({"by": "Jo", "deed": "call"})));
    assert_eq!(foreign.expect_failure(404).code, "unknown_conversation");
}

#[test]
fn a_sequence_is_imported_tried_begun_seen_ahead_and_ended() {
    let world = a_world_of_its_own();
    let mut shop = Shop::new();
    shop.site.people.push(Person {
        name: "Maria Lopez".into(),
        phone: None,
        email: Some(MAILBOX.into()),
        messenger: None,
        instagram: None,
        time_zone: None,
    });
    let refused = imports(&world, &shop, &NUDGES.replace("1 day", "one day")).expect_failure(400);
    assert_eq!(refused.code, "sequence_bad_duration");
    imports(&world, &shop, NUDGES).expect_ok("the import of a sequence");
    world.sandbox().writes(MAILBOX, shop.mailbox(), "A question", QUESTION);
    world.sandbox().waits_for(MAILBOX, 1, PATIENCE);
    let contact = contact_of(&world, &shop);

    let dry = admin(&world, &shop, "sequences/nudges/dry-run");
    assert_eq!(with_token(Call::post_json(&dry, &json!({}))).expect_failure(400).code, "missing_field");
    let dry = with_token(Call::post_json(&dry, &json!({"contact": contact})));
    let dry: Value = dry.expect_ok("a dry run").json();
    let steps: Vec<_> = dry["steps"].as_array().expect("steps").iter().map(|step| &step["step"]).collect();
    assert_eq!(steps, ["1", "again"], "{dry:#?}");
    assert_eq!((&dry["steps"][0]["channel"], &dry["ended"]), (&json!("email"), &json!("sequence.done")));

    let runs = admin(&world, &shop, &format!("contacts/{contact}/sequences"));
    let one = format!("{runs}/nudges");
    let delete = || with_token(Call::delete(&one));
    assert_eq!(delete().expect_failure(404).code, "not_running");
    let begin = || with_token(Call::post_json(&one, &json!({})));
    assert_eq!(begin().status, 201);
    let mail = world.sandbox().waits_for(MAILBOX, 2, PATIENCE);
    assert!(mail.text.contains("your bike is due"), "{mail:?}");
    assert_eq!(begin().expect_failure(409).code, "already_running");

    let ahead = admin(&world, &shop, &format!("contacts/{contact}/planned"));
    let ahead: Value = with_token(Call::get(&ahead)).expect_ok("what is planned").json();
    let steps: Vec<_> = ahead.as_array().expect("a list").iter().map(|next| &next["step"]).collect();
    assert_eq!(steps, ["again"], "{ahead:#?}");

    assert_eq!(delete().status, 204);
    let seen: Value = with_token(Call::get(&runs)).expect_ok("its runs").json();
    assert_eq!((&seen[0]["state"], &seen[0]["reason"]), (&json!("ended"), &json!("sequence.stopped")));
    world.sandbox().advances(Duration::from_hours(48));
    world.host.cron();
    assert_eq!(world.sandbox().inbox(MAILBOX).len(), 2, "an answer and the first nudge");

    let other = Shop::new().opens(world.edge());
    let foreign = admin(&world, &other, &format!("contacts/{contact}/sequences/nudges"));
    assert_eq!(
        with_token(Call::post_json(&foreign, &json!({}))).expect_failure(404).code,
        "unknown_conversation"
    );
}

#[test]
fn a_model_is_asked_to_write_a_step_and_a_tag_begins_it() {
    const ASKS: &str = "name = \"Win back\"\npurpose = \"transactional\"\ntrigger = \"tag undecided\"\n\n[[step]]\n\
        write = \"Ask whether anything is still open.\"\nchannel = \"email\"\nsubject = \"Your bike\"\n\
        text = \"Is anything still open?\"\n";
    let world = a_world_of_its_own();
    let model = OpenAi::start();
    let shop = Shop::new().answered_by(&model);
    imports(&world, &shop, ASKS).expect_ok("the import of a sequence");
    model.next(Script::says("It is $75."));
    world.sandbox().writes(MAILBOX, shop.mailbox(), "A question", QUESTION);
    world.sandbox().waits_for(MAILBOX, 1, PATIENCE);
    let contact = contact_of(&world, &shop);
    model.next(Script::says("You asked about a basic tune-up. Shall we look at your bike this week?"));
    let tags = admin(&world, &shop, &format!("contacts/{contact}/tags"));
    let put = |path: &str, tag: &str| {
        with_token(Call::post_json(format!("{tags}{path}"), &json!({"by": "Jo", "tag": tag})))
    };
    assert_eq!(put("", "Undecided").status, 204);
    let mail = world.sandbox().waits_for(MAILBOX, 2, PATIENCE);
    assert!(mail.text.contains("Shall we look at your bike this week?"), "{mail:?}");
    let prompt = model.waits_for_prompt(2, PATIENCE);
    assert!(
        prompt.by("system").iter().any(|text| text.contains("TASK") && text.contains("still open")),
        "{prompt:?}"
    );
    assert!(
        prompt.shows(QUESTION) && prompt.0["tools"].is_null(),
        "it knows what was said, and can only write"
    );
    let list: Value = with_token(Call::get(&tags)).expect_ok("the tags").json();
    assert_eq!(list, json!(["undecided"]));
    assert_eq!(put("/removed", "undecided").status, 204);
    assert_eq!(put("", "").expect_failure(400).code, "bad_tag");
    // A person writes from the same conversation, and has the floor.
    let writes = |body: Value| {
        with_token(Call::post_json(admin(&world, &shop, &format!("contacts/{contact}/messages")), &body))
    };
    assert_eq!(writes(json!({"by": "Jo", "text": "Jo here. Come by any time."})).status, 201);
    assert!(world.sandbox().waits_for(MAILBOX, 3, PATIENCE).text.contains("Jo here"));
    assert_eq!(
        writes(json!({"by": "Jo", "text": "Hi", "channel": "sms"})).expect_failure(409).code,
        "no_address"
    );
    let back = admin(&world, &shop, &format!("contacts/{contact}/floor/given-back"));
    assert_eq!(with_token(Call::post_json(&back, &json!({"by": "Jo"}))).status, 200);
    assert_eq!(
        with_token(Call::post_json(&back, &json!({"by": "Jo"}))).expect_failure(409).code,
        "not_taken"
    );
    assert_eq!(model.complaints(), Vec::<String>::new());
}
