//! The widget, the sandbox and the timeline in a real Chromium, against the built worker and the demo customer's site.
//!
//! The driving is in `tests/browser/*.mjs`; what must have been seen is said here.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use e2e::{
    client::Call,
    clock::PATIENCE,
    host::{node, root},
    shop::ADMIN_TOKEN,
    world::{DEMO_OWNER, World},
};
use serde_json::{Value, json};
use shared::{channel::Channel, site::Site};

const QUESTION: &str = "How much is a basic tune-up?";
const ANSWER: &str = "$75";

#[test]
fn one_person_goes_from_chat_to_text_to_email_and_it_is_one_conversation() {
    let world = World::start_with_demo_site().unwrap_or_else(|error| panic!("{error}"));
    let site = imports_the_demo_site(&world);
    let maria =
        site.people.iter().find(|person| person.name == "Maria Lopez").expect("Maria is a demo contact");
    let address = |channel| site.endpoint_on(channel).expect("the demo site has every line").address.clone();
    let steps = play(
        "story.mjs",
        json!({
            "edge": world.edge(), "site": world.host.site(), "key": address(Channel::Widget), "name": maria.name,
            "number": maria.phone, "mailbox": maria.email, "shop": address(Channel::Sms), "post": address(Channel::Email),
            "timeZone": maria.time_zone, "question": QUESTION, "answer": ANSWER,
        }),
    );

    assert_eq!(steps["open"]["by"], "button", "the launcher stands in the corner and opens the panel");
    assert_eq!(steps["offer"]["ticked"], false, "consent is not given by a box that was ticked before");
    assert!(text(&steps, "phone").contains(ANSWER), "the text message knows the chat: {}", steps["phone"]);
    let mail = text(&steps, "mail");
    let weekday = steps["mail"]["weekday"].as_str().expect("a weekday");
    assert!(
        mail.to_lowercase().contains("when we texted") && mail.contains(weekday) && mail.contains(ANSWER),
        "{mail}"
    );
    assert!(!mail.contains("don't know"), "a letter's closing asks nothing: {mail}");
    assert!(text(&steps, "return").contains(QUESTION));
    for (name, step) in &steps {
        assert!(step["broken"].as_array().is_none_or(Vec::is_empty), "{name}: {}", step["broken"]);
    }
}

#[test]
fn the_whole_story_from_a_form_to_a_note_on_the_appointment() {
    let world = World::start_with_demo_site().unwrap_or_else(|error| panic!("{error}"));
    // Any week of the year will do: none of its days is a holiday.
    let site = imports_the_demo_site_with(&world, |definition| {
        definition["holidays"] = json!([]);
        for resource in definition["booking"]["resources"].as_array_mut().into_iter().flatten() {
            resource["dates"] = json!({});
        }
    });
    let maria = site.people.first().expect("Maria is a demo contact");
    let steps = play(
        "whole.mjs",
        json!({
            "edge": world.edge(), "page": format!("{}/contact.html", world.host.site().expect("the demo site is served")),
            "name": maria.name, "number": maria.phone, "mailbox": maria.email, "question": "Hi, how much is a full service?",
            "answer": "$140", "service": "full service", "timeZone": site.time_zone,
        }),
    );
    assert!(text(&steps, "asked").contains("https://larkspur.example/book"), "{}", steps["asked"]);
    assert_eq!(steps["asked"]["mails"], 0, "nothing goes to a mailbox that was only typed");
    let day = steps["booked"]["day"].as_str().expect("a day").to_owned();
    let booked = text(&steps, "booked");
    assert!(
        booked.contains("You are booked") && booked.contains(&day) && booked.contains("15:00"),
        "{booked}"
    );
    assert!(text(&steps, "confirmed").contains("Booked: Full service"), "{}", steps["confirmed"]);
    assert!(text(&steps, "reminded").contains("Running late? Just reply."), "{}", steps["reminded"]);
    assert!(text(&steps, "late").contains("No problem"), "{}", steps["late"]);
    for (name, step) in &steps {
        assert!(step["broken"].as_array().is_none_or(Vec::is_empty), "{name}: {}", step["broken"]);
    }
}

#[test]
fn every_page_fits_a_phone_and_can_be_read_at_night() {
    let world = World::start_with_demo_site().unwrap_or_else(|error| panic!("{error}"));
    let site = imports_the_demo_site(&world);
    let number = site.endpoint_on(Channel::Sms).expect("a number").address.clone();
    let maria =
        site.people.first().and_then(|person| person.phone.clone()).expect("a demo contact with a phone");
    world.sandbox().texts(&maria, &number, QUESTION);
    world.sandbox().waits_for(&maria, 1, PATIENCE);

    let mut pages: BTreeMap<String, String> =
        ["sandbox", "timeline"].map(|page| (page.to_owned(), format!("{}/{page}", world.edge()))).into();
    let home = world.host.site().expect("the demo site is served");
    for page in ["index", "services", "prices", "about", "faq", "contact"] {
        pages.insert(format!("site-{page}"), format!("{home}/{page}.html"));
    }
    let steps = play("phone.mjs", json!({ "pages": pages, "timeZone": "America/Los_Angeles" }));
    for page in pages.keys() {
        let seen = &steps[page];
        assert_eq!((&seen["beyond"], &seen["broken"]), (&json!(0), &json!([])), "{page}");
    }
}

#[test]
fn what_is_refused_is_said_to_whom_it_concerns() {
    let world = World::start_with_demo_site().unwrap_or_else(|error| panic!("{error}"));
    imports_the_demo_site_with(&world, |definition| definition["limits"] = json!({"messages_per_minute": 2}));
    let home = world.host.site().expect("the demo site is served").to_owned();
    let steps = play(
        "refused.mjs",
        json!({
            "edge": world.edge(), "site": home, "stranger": home.replace("127.0.0.1", "localhost"),
            "say": ["One", "Two", "Three"], "another": "Four", "timeZone": "America/Los_Angeles",
        }),
    );
    assert!(text(&steps, "stranger").contains("allowed_origins"), "{}", steps["stranger"]);
    assert!(text(&steps, "hurried").contains("second"), "how long to wait is said: {}", steps["hurried"]);
    assert_eq!(steps["hurried"]["retry"], "Try again");
    assert!(text(&steps, "plain").contains("second"), "the same over plain requests: {}", steps["plain"]);
    assert_eq!((&steps["plain"]["retry"], &steps["plain"]["banners"]), (&json!("Try again"), &json!([])));
}

#[test]
fn a_form_of_the_customers_page_is_answered_in_the_chat() {
    let world = World::start_with_demo_site().unwrap_or_else(|error| panic!("{error}"));
    imports_the_demo_site(&world);
    let page = format!("{}/contact.html", world.host.site().expect("the demo site is served"));
    let steps = play(
        "form.mjs",
        json!({
            "edge": world.edge(), "page": page, "name": "Ana", "email": "ana@mail.example", "bad": "ana@nowhere",
            "question": QUESTION, "answer": ANSWER, "timeZone": "America/Los_Angeles",
        }),
    );
    assert!(text(&steps, "refused").contains("email address"), "{}", steps["refused"]);
    assert_eq!(steps["refused"]["kept"], QUESTION, "what was typed stays");
    assert!(text(&steps, "sent").contains("in the chat"), "{}", steps["sent"]);
    assert_eq!((&steps["sent"]["left"], &steps["sent"]["broken"]), (&json!(""), &json!([])));
}

#[test]
fn a_person_takes_over_from_the_inbox_and_gives_back() {
    let world = World::start_with_demo_site().unwrap_or_else(|error| panic!("{error}"));
    let site = imports_the_demo_site(&world);
    let maria = site.people.first().expect("Maria is a demo contact");
    let steps = play(
        "inbox.mjs",
        json!({
            "edge": world.edge(), "page": world.host.site(), "site": site.id, "owner": DEMO_OWNER,
            "number": maria.phone, "shop": site.endpoint_on(Channel::Sms).expect("a number").address,
            "question": QUESTION, "answer": ANSWER, "timeZone": site.time_zone,
        }),
    );
    assert!(text(&steps, "timeline").contains(QUESTION), "{}", steps["timeline"]);
    assert_eq!(steps["undone"]["kept"], "Yes, I am Jun.", "what was taken back stands in the composer again");
    assert!(text(&steps, "answered").contains("Yes, I am Jun."), "{}", steps["answered"]);
    let between = text(&steps, "answered");
    let (_, after) = between.split_once("Is somebody there?").expect("the second question");
    assert!(!after.contains(ANSWER), "the assistant is silent while a person has the floor: {between}");
    assert!(text(&steps, "texted").contains(QUESTION), "{}", steps["texted"]);
    assert_eq!(steps["phone"]["beyond"], 0, "nothing lies beyond a phone's edge");
    for (name, step) in &steps {
        assert!(step["broken"].as_array().is_none_or(Vec::is_empty), "{name}: {}", step["broken"]);
    }
}

/// Sends the demo site's folder as `cargo xtask import` does.
fn imports_the_demo_site(world: &World) -> Site {
    imports_the_demo_site_with(world, |_| {})
}

fn imports_the_demo_site_with(world: &World, change: impl FnOnce(&mut Value)) -> Site {
    let folder = root().join("examples/site");
    let read = |path: PathBuf| {
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let mut definition: Value = serde_json::from_str(&read(folder.join("throughline.json"))).expect("JSON");
    // The page may be served at any free port.
    definition["allowed_origins"] = json!([world.host.site()]);
    change(&mut definition);
    let files = fs::read_dir(folder.join("knowledge")).expect("a folder of knowledge");
    let mut files: Vec<PathBuf> = files.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let knowledge: Vec<Value> = files
        .into_iter()
        .map(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            json!({"path": name, "text": read(path)})
        })
        .collect();
    Call::put_json(
        format!("{}/admin/sites", world.edge()),
        &json!({"definition": definition, "knowledge": knowledge}),
    )
    .header("authorization", &format!("Bearer {ADMIN_TOKEN}"))
    .send()
    .expect_ok("the import of the demo site");
    serde_json::from_value(definition).expect("the demo site's definition")
}

/// Plays a story; every step must have worked, and no page may have complained. Returns what each saw, by its name.
fn play(story: &str, mut options: Value) -> BTreeMap<String, Value> {
    let shots = std::env::var_os("THROUGHLINE_SHOTS")
        .map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser"), PathBuf::from)
        .join(story.trim_end_matches(".mjs"));
    options["chrome"] = json!(chromium());
    options["shots"] = json!(shots);
    let output = Command::new(node())
        .arg(root().join("tests/browser").join(story))
        .arg(options.to_string())
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .expect("node runs");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let steps: Vec<Value> = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if let Some(failed) = steps.iter().find(|step| step["ok"] == false) {
        panic!("{failed:#}\nall steps:\n{lines}");
    }
    assert!(output.status.success() && !steps.is_empty(), "the story broke off:\n{lines}");
    steps.into_iter().map(|step| (step["step"].as_str().unwrap_or_default().to_owned(), step)).collect()
}

fn text(steps: &BTreeMap<String, Value>, name: &str) -> String {
    steps.get(name).and_then(|step| step["text"].as_str()).unwrap_or_default().to_owned()
}

/// `$CHROME`, or the first Chromium found.
fn chromium() -> PathBuf {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = || {
        names
            .iter()
            .flat_map(|name| std::env::split_paths(&path).map(move |dir| dir.join(name)))
            .find(|p| p.is_file())
    };
    std::env::var_os("CHROME")
        .map(PathBuf::from)
        .or_else(found)
        .expect("a Chromium: install one, or point CHROME at it")
}
