//! The published schema of a sequence's file says what the reader says.

use shared::{sequence::read::read, site::Site};

use super::DEMO;

const SCHEMA: &str = include_str!("../../../../examples/site/sequences/sequence.schema.json");
const SITE: &str = include_str!("../../../../examples/site/throughline.json");
const EVERYTHING: &str = r#"
name = "Everything"
purpose = "reminder"
trigger = ["appointment booked", "tag vip", "form quote"]
topic = "care"
ends_on_reply = false
ends_on_resolve = true
enabled = true
priority = 3

[[step]]
wait_until = "08:00 on the day"
if_passed = "last"

[[step]]
id = "told"
send = ["email", "sms"]
words = "appointment confirmed"
purpose = "transactional"
not_after = "1 hour before"

[[step]]
branch = "agreed to marketing by email"
then = "last"
else = "end"

[[step]]
write = "Ask how it went."
channel = "auto"
text = { en = "How did it go?" }

[[step]]
assign = "Jun Park"

[[step]]
id = "last"
send = "auto"
text = "See you {when}."
mail = "See you {when}, {name|there}."
subject = "Soon"

[[step]]
wait = "2 weeks"

[[step]]
stop = "done"
"#;

fn by_schema(text: &str) -> bool {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let file: Option<serde_json::Value> = toml::from_str(text).ok();
    file.is_some_and(|file| jsonschema::validator_for(&schema).unwrap().is_valid(&file))
}

fn by_reader(text: &str) -> bool {
    let site: Site = serde_json::from_str(SITE).unwrap();
    read("test", text, &site).is_ok()
}

#[test]
fn every_file_that_ships_and_one_with_every_field_fits_the_schema() {
    for (path, text) in DEMO.into_iter().chain([("everything.toml", EVERYTHING)]) {
        assert!(by_reader(text) && by_schema(text), "{path}");
    }
}

#[test]
fn what_the_reader_refuses_the_schema_refuses() {
    for (from, to) in [
        ("name = \"Everything\"", ""),
        ("\"reminder\"", "\"reply\""),
        ("tag vip", "full moon"),
        ("priority = 3", "priority = 10"),
        ("priority = 3", "prioriti = 3"),
        ("ends_on_reply = false", "ends_on_reply = \"no\""),
        ("08:00 on the day", "8 on the day"),
        ("1 hour before", "an hour before"),
        ("[\"email\", \"sms\"]", "\"fax\""),
        ("appointment confirmed", "appointment forgotten"),
        ("words = \"appointment confirmed\"", "words = \"appointment confirmed\"\ntext = \"Booked\""),
        ("agreed to marketing by email", "agreed to all"),
        ("text = { en", "text = { fr"),
        ("wait = \"2 weeks\"", "wait = \"soon\""),
        ("wait = \"2 weeks\"", "wait = \"2 weeks\"\nstop = \"so\""),
        ("id = \"told\"", "id = \"1\""),
        ("subject = \"Soon\"", "subjekt = \"Soon\""),
        ("write = \"Ask how it went.\"", "write = \" \""),
    ] {
        assert!(EVERYTHING.contains(from), "{from}");
        let wrong = EVERYTHING.replacen(from, to, 1);
        assert!(!by_reader(&wrong), "the reader takes {to}");
        assert!(!by_schema(&wrong), "the schema takes {to}");
    }
}
