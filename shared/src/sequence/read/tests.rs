use super::*;
use crate::{
    channel::Channel,
    sequence::{
        Does, Question,
        moment::When,
        words::{Own, Words},
    },
    time::HOUR_MS,
};

fn site() -> Site {
    serde_json::from_str(include_str!("../../../../examples/site/throughline.json")).unwrap()
}

fn trouble(text: &str) -> (&'static str, usize, usize, String) {
    let Trouble { code, line, column, text } = read("test", text, &site()).unwrap_err();
    (code, line, column, text)
}

const COLD: &str = r#"
name = "Cold lead"
purpose = "marketing"
trigger = "no answer for 7 days"

[[step]]
send = "email"
subject = "Still thinking about your bike?"
text = "Hi {name|there}, {site} here."

[[step]]
wait = "3 days"

[[step]]
send = "sms"
text = { en = "Still interested?", es = "¿Sigue interesado?" }
"#;

#[test]
fn a_file_becomes_a_sequence() {
    let cold = read("cold-lead", COLD, &site()).unwrap();
    assert_eq!((cold.id.as_str(), cold.name.as_str()), ("cold-lead", "Cold lead"));
    assert_eq!((cold.silence_ms(), cold.ends_on_reply), (Some(7 * DAY_MS), true));
    let ids: Vec<&str> = cold.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(cold.steps[1].does, Does::Wait(3 * DAY_MS));
    let Does::Send(send) = &cold.steps[2].does else { panic!("{:?}", cold.steps[2]) };
    assert_eq!(
        (send.among.as_slice(), send.purpose, send.topic.as_deref()),
        (&[Channel::Sms][..], Purpose::Marketing, None)
    );
    // As it is kept.
    let kept = serde_json::to_string(&cold).unwrap();
    assert_eq!(serde_json::from_str::<Sequence>(&kept).unwrap(), cold);
}

#[test]
fn every_step_that_is_done_today_is_read() {
    let text = r#"
name = "Appointment"
purpose = "reminder"
trigger = ["appointment booked", "appointment moved", "manual"]
ends_on_reply = false

[[step]]
send = ["email", "sms"]
words = "appointment confirmed"
purpose = "transactional"

[[step]]
wait_until = "1 day before"
if_passed = "morning"

[[step]]
id = "reminder"
send = "sms"
words = "appointment reminder"
not_after = "1 hour before"

[[step]]
stop = "reminded"

[[step]]
id = "morning"
wait_until = "08:00 on the day"

[[step]]
branch = "agreed to reminder by sms"
then = "late"
else = "end"

[[step]]
branch = "prefers email"
then = "end"

[[step]]
branch = "replied"

[[step]]
id = "late"
send = "auto"
text = "See you {when} for {service}."
"#;
    let read = read("appointment", text, &site()).unwrap();
    let does: Vec<&Does> = read.steps.iter().map(|step| &step.does).collect();
    assert!(
        matches!(does[0], Does::Send(send) if send.among == [Channel::Email, Channel::Sms] && send.words == Words::Own(Own::Confirmed))
    );
    assert_eq!(does[1], &Does::WaitUntil { when: When::Before(DAY_MS), if_passed: 4 });
    assert!(matches!(does[2], Does::Send(send) if send.not_after == Some(When::Before(HOUR_MS))));
    assert_eq!(does[3], &Does::Stop("reminded".into()));
    assert_eq!(
        does[4],
        &Does::WaitUntil { when: When::OnTheDay(480), if_passed: 6 },
        "with what it waits for"
    );
    let consents = Question::Consents(Channel::Sms, Purpose::Reminder);
    assert_eq!(does[5], &Does::Branch { on: consents, then: 8, otherwise: 9 });
    assert_eq!(does[6], &Does::Branch { on: Question::Prefers(Channel::Email), then: 9, otherwise: 7 });
    assert_eq!(does[7], &Does::Branch { on: Question::Replied, then: 8, otherwise: 8 });
}

#[test]
fn what_is_wrong_has_a_stable_code_and_its_place() {
    let cases: [(&str, &str, &str, usize, usize, &str); 16] = [
        ("wait = \"3 days\"", "wait = \"soon\"", "sequence_bad_duration", 12, 8, "`soon`"),
        ("for 7 days", "for 7 moons", "sequence_bad_duration", 4, 11, "`7 moons`"),
        ("send = \"sms\"", "send = \"fax\"", "sequence_unknown_channel", 15, 8, "`fax`"),
        ("{site}", "{shop}", "sequence_unknown_variable", 9, 26, "{shop}"),
        ("{site}", "{when}", "sequence_unknown_variable", 9, 26, "appointment"),
        ("{name|there}", "{name}", "sequence_unknown_variable", 9, 12, "{name|there}"),
        ("Still interested?", "Still {", "sequence_unknown_variable", 16, 22, "no such variable"),
        ("no answer for 7 days", "full moon", "sequence_unknown_trigger", 4, 11, "full moon"),
        (
            "wait = \"3 days\"",
            "branch = \"replied\"\nthen = \"moon\"",
            "sequence_unknown_step",
            13,
            8,
            "`moon`",
        ),
        (
            "wait = \"3 days\"",
            "branch = \"replied\"\nthen = \"1\"",
            "sequence_unknown_step",
            13,
            8,
            "goes back",
        ),
        ("wait = ", "await = ", "sequence_bad_value", 11, 1, "exactly one of"),
        ("subject = ", "subjekt = ", "sequence_unknown_field", 8, 1, "`subjekt`"),
        ("purpose = \"marketing\"\n", "", "sequence_missing_field", 1, 1, "`purpose`"),
        ("\"marketing\"", "\"reply\"", "sequence_bad_value", 3, 11, "`reply`"),
        ("en = ", "fr = ", "sequence_unknown_field", 16, 10, "`fr`"),
        ("wait = \"3 days\"", "wait = 3 days", "sequence_syntax", 12, 8, "not TOML"),
    ];
    for (from, to, code, line, column, says) in cases {
        assert!(COLD.contains(from), "{from}");
        let found = trouble(&COLD.replacen(from, to, 1));
        assert_eq!((found.0, found.1, found.2), (code, line, column), "{to}: {}", found.3);
        assert!(found.3.contains(says), "{to}: {}", found.3);
    }
    let refusal = read("test", "", &site()).unwrap_err().in_file("test.toml");
    assert_eq!((refusal.status, refusal.code), (400, "sequence_missing_field"));
    assert_eq!(refusal.text, "sequences/test.toml:1:1: `name` is missing here.");
}

#[test]
fn the_assistant_is_asked_to_write_and_there_are_words_where_it_does_not() {
    let asked =
        COLD.replacen("send = \"sms\"", "write = \"Ask what holds them back.\"\nchannel = \"sms\"", 1);
    let read = read("test", &asked, &site()).unwrap();
    let Does::Send(send) = &read.steps[2].does else { panic!("{:?}", read.steps[2]) };
    assert_eq!(
        (send.ask.as_deref(), &send.among[..]),
        (Some("Ask what holds them back."), &[Channel::Sms][..])
    );
    assert!(matches!(&send.words, Words::Written { .. }));
    let bare = "name = \"x\"\npurpose = \"reminder\"\ntrigger = \"manual\"\n[[step]]\nwrite = \"Ask.\"";
    assert_eq!(trouble(bare).0, "sequence_missing_field", "words of the owner's are needed");
}

#[test]
fn a_tag_begins_a_sequence_and_a_priority_is_a_digit() {
    let tagged = COLD.replacen("no answer for 7 days", "tag  VIP customer", 1);
    assert_eq!(read("test", &tagged, &site()).unwrap().triggers, [Trigger::Tag("vip customer".into())]);
    let with = |priority: &str| COLD.replacen("trigger", &format!("priority = {priority}\ntrigger"), 1);
    assert_eq!(read("test", &with("9"), &site()).unwrap().priority, 9);
    for wrong in ["10", "-1", "\"high\"", "1.5"] {
        let (code, line, column, text) = trouble(&with(wrong));
        assert_eq!((code, line, column), ("sequence_bad_value", 4, 12), "{wrong}: {text}");
    }
    assert_eq!(trouble(&COLD.replacen("no answer for 7 days", "tag  ", 1)).0, "sequence_unknown_trigger");
}

#[test]
fn forms_and_missed_promises_begin_a_sequence_and_a_member_of_the_team_is_called_in_by_name() {
    for (trigger, is) in [
        ("form", Trigger::Form("*".into())),
        ("form quote", Trigger::Form("quote".into())),
        ("handoff missed", Trigger::HandoffMissed),
    ] {
        let read = read("test", &COLD.replacen("no answer for 7 days", trigger, 1), &site()).unwrap();
        assert_eq!(read.triggers, [is]);
    }
    let calls = |name: &str| COLD.replacen("wait = \"3 days\"", &format!("assign = \"{name}\""), 1);
    let read = read("test", &calls("Jun Park"), &site()).unwrap();
    assert_eq!(read.steps[1].does, Does::Assign("Jun Park".into()));
    let found = trouble(&calls("Nobody"));
    assert_eq!(found.0, "sequence_unknown_member");
    assert!(found.3.contains("nobody called `Nobody`"), "{}", found.3);
}

#[test]
fn every_way_through_comes_to_an_end_and_a_file_has_a_plain_name() {
    let many = format!("{COLD}\n{}", "[[step]]\nwait = \"1 day\"\n".repeat(MAX_STEPS));
    assert_eq!(trouble(&many).0, "sequence_bad_value");
    for name in ["", "Cold Lead", "../x", &"a".repeat(41)] {
        assert_eq!(read(name, COLD, &site()).unwrap_err().code, "sequence_bad_value", "{name}");
    }
    for id in ["end", "1", "a b", "é"] {
        let text = COLD.replacen("wait = ", &format!("id = \"{id}\"\nwait = "), 1);
        assert_eq!(trouble(&text).0, "sequence_bad_value", "{id}");
    }
}

proptest::proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in ".{0,200}", at in 0_usize..300, insert in "[{}\"|=\\[\\]é\n ]{0,6}") {
        drop(read("test", &text, &site()));
        let at = (0..=at.min(COLD.len())).rev().find(|at| COLD.is_char_boundary(*at)).unwrap_or(0);
        let (before, after) = COLD.split_at(at);
        drop(read("test", &format!("{before}{insert}{after}"), &site()));
    }
}
