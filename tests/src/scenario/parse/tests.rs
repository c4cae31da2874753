use super::*;

fn one(line: &str) -> StepKind {
    let mut steps = parse("a.scn", line).unwrap_or_else(|error| panic!("{error}")).steps;
    assert_eq!(steps.len(), 1, "{steps:?}");
    steps.remove(0).kind
}

fn words(these: &[&str], not: &[&str]) -> Words {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Words { these: owned(these), not: owned(not) }
}

#[test]
fn every_line_means_what_it_says() {
    use Channel::{Email, Sms, Widget};
    for (line, kind) in [
        ("day 12 09:30", StepKind::At { day: 12, minute: 570 }),
        ("advance 7d", StepKind::Advance(7 * DAY_MS)),
        ("advance 90s", StepKind::Advance(90_000)),
        ("person Dev", StepKind::Person("Dev".into())),
        (r#"web: "how much is X?""#, StepKind::Act(Act::Chat("how much is X?".into()))),
        (r#"form "Hi""#, StepKind::Act(Act::Form("Hi".into(), None))),
        (
            r#"form "Hi" agrees "Text me.""#,
            StepKind::Act(Act::Form(
                "Hi".into(),
                Some(Ticked { marketing: false, words: "Text me.".into() }),
            )),
        ),
        (
            r#"form "Hi" agrees to marketing "News.""#,
            StepKind::Act(Act::Form("Hi".into(), Some(Ticked { marketing: true, words: "News.".into() }))),
        ),
        ("confirms", StepKind::Act(Act::Confirm)),
        (r#"instagram in "Hi""#, StepKind::Act(Act::Short(Channel::Instagram, "Hi".into()))),
        (
            r#"team "Jun Park" writes by email "Hi""#,
            StepKind::Act(Act::Team("Jun Park".into(), Some(Channel::Email), "Hi".into())),
        ),
        (r#"team "Jun Park" writes "Hi""#, StepKind::Act(Act::Team("Jun Park".into(), None, "Hi".into()))),
        (r#"team "Jun Park" gives back"#, StepKind::Act(Act::GivesBack("Jun Park".into()))),
        (
            r#"expect timeline shows "a" then "b""#,
            StepKind::Expect(Expect::Timeline(vec!["a".into(), "b".into()])),
        ),
        ("expect one conversation", StepKind::Expect(Expect::OneConversation)),
        (r#"sms in "STOP" # at once"#, StepKind::Act(Act::Short(Channel::Sms, "STOP".into()))),
        (
            r##"email in subject "My \"old\" bike" "# is no comment""##,
            StepKind::Act(Act::Mail(r#"My "old" bike"#.into(), "# is no comment".into())),
        ),
        (r#"email in "Thanks\nMaria""#, StepKind::Act(Act::Answer("Thanks\nMaria".into()))),
        ("continue by sms +14155552671", StepKind::Act(Act::Continue(Sms, "+14155552671".into()))),
        (
            r#"expect chat within 3s contains "$" and not "sorry""#,
            StepKind::Expect(Expect::Message(Widget, Some(3_000), words(&["$"], &["sorry"]))),
        ),
        ("expect chat offers sms", StepKind::Expect(Expect::Offer(Sms))),
        ("expect no sms", StepKind::Expect(Expect::Nothing(Sms, None))),
        (
            r#"expect no email contains "sale""#,
            StepKind::Expect(Expect::Nothing(Email, Some(words(&["sale"], &[])))),
        ),
        (
            r#"expect source sms contains "a" and "b""#,
            StepKind::Expect(Expect::Source(Sms, words(&["a", "b"], &[]))),
        ),
        ("expect consent sms withdrawn", StepKind::Expect(Expect::Consent(Sms, false))),
        (r#"expect verdict email because "x""#, StepKind::Expect(Expect::Verdict(Email, true, "x".into()))),
        (r#"expect verdict no sms because "x""#, StepKind::Expect(Expect::Verdict(Sms, false, "x".into()))),
        (
            r#"expect appointment contains "10 min late""#,
            StepKind::Expect(Expect::Appointment(words(&["10 min late"], &[]))),
        ),
        (r#"expect promise contains "Jun""#, StepKind::Expect(Expect::Promise(words(&["Jun"], &[])))),
    ] {
        assert_eq!(one(line), kind, "{line}");
    }
}

#[test]
fn a_time_and_what_happens_then_stand_on_one_line_and_comments_and_blank_lines_say_nothing() {
    let text = "# A story.\n\nday 0 09:00 web: \"Hi\"   # the first words\n";
    let scenario = parse("a.scn", text).expect("a scenario");
    let steps: Vec<_> = scenario.steps.iter().map(|step| (step.line, &step.kind)).collect();
    let hi = StepKind::Act(Act::Chat("Hi".into()));
    assert_eq!(steps, [(3, &StepKind::At { day: 0, minute: 540 }), (3, &hi)]);
    assert_eq!(scenario.steps[1].source, r#"day 0 09:00 web: "Hi""#);
}

#[test]
fn what_is_no_scenario_is_told_with_its_place_and_what_was_expected() {
    for (text, told) in [
        (
            "\n  phone in \"Hi\"",
            "a.scn:2:3: expected `day`, `web:`, `form`, `sms`, `email`, `messenger`, `instagram`, `continue`, `confirms`, `team`, `advance`, `person` or `expect`, found `phone`",
        ),
        (
            "day 0 09:00 day 1 09:00",
            "a.scn:1:13: expected `web:`, `form`, `sms`, `email`, `messenger`, `instagram`, `continue`, `confirms`, `team`, `advance`, `person` or `expect`, found `day`",
        ),
        ("day 0 25:00", "a.scn:1:7: expected a time of day such as 09:00, found `25:00`"),
        ("day 0 9:00", "a.scn:1:7: expected a time of day such as 09:00, found `9:00`"),
        ("day one", "a.scn:1:5: expected the number of a day, from 0 to 9999, found `one`"),
        (
            "day 1 09:00\nday 0 10:00",
            "a.scn:2:5: expected a time that is not over: this line comes after day 1 09:00",
        ),
        (
            "day 1 09:00\nadvance 2h\nday 1 10:59",
            "a.scn:3:5: expected a time that is not over: this line comes after day 1 11:00",
        ),
        (
            "web: \"Hi",
            "a.scn:1:6: expected a closing quotation mark for this text before the end of the line",
        ),
        (r#"sms in "a\b""#, r#"a.scn:1:10: expected \", \\ or \n after the backslash"#),
        ("sms \"Hi\"", "a.scn:1:5: expected `in`, found \"Hi\""),
        ("web: Hi", "a.scn:1:6: expected what the visitor says, in quotation marks, found `Hi`"),
        (
            "email in subject \"a\"",
            "a.scn:1:21: expected what is written, in quotation marks, found the end of the line",
        ),
        ("advance 7", "a.scn:1:9: expected a duration such as 30s, 10m, 2h or 7d, found `7`"),
        ("advance -7d", "a.scn:1:9: expected a duration such as 30s, 10m, 2h or 7d, found `-7d`"),
        ("continue by fax +1", "a.scn:1:13: expected `sms` or `email`, found `fax`"),
        ("expect sms", "a.scn:1:11: expected `contains`, found the end of the line"),
        (
            "expect no fax",
            "a.scn:1:11: expected `chat`, `sms`, `email`, `messenger` or `instagram`, found `fax`",
        ),
        ("expect consent chat given", "a.scn:1:16: expected `sms` or `email`, found `chat`"),
        ("expect sms contains \"ünï\" \"more\"", "a.scn:1:27: expected the end of the line, found \"more\""),
    ] {
        let error = parse("a.scn", text).expect_err(text);
        assert_eq!(error.to_string(), told, "{text}");
    }
}

#[test]
fn whatever_is_written_is_read_or_refused_and_never_breaks_the_reader() {
    let mut dice = shared::ctx::Ctx::seeded(shared::time::Timestamp::default(), 7);
    let parts = [
        "day", "0", "9", "99999", "09:00", "web:", "\"", "\\", "#", " ", "\n", "é", "sms", "in", "email",
        "subject", "expect", "no", "contains", "and", "not", "within", "3s", "d", "advance", "verdict",
        "because", "\u{2028}",
    ];
    for _ in 0..5_000 {
        let length = dice.entropy.next_u64() % 12;
        let text: String = (0..length)
            .map(|_| parts[usize::try_from(dice.entropy.next_u64() % parts.len() as u64).unwrap_or_default()])
            .collect::<Vec<_>>()
            .join(if dice.entropy.next_u64().is_multiple_of(2) { " " } else { "" });
        if let Err(error) = parse("a.scn", &text) {
            let line = text.lines().nth(error.line - 1).unwrap_or_else(|| panic!("{error} in {text:?}"));
            assert!((1..=line.chars().count() + 1).contains(&error.column), "{error} in {text:?}");
        }
    }
}
