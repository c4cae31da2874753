//! Every scenario, played natively; the reader and the runner, where a file does not hold.

use std::collections::BTreeSet;

use super::{Native, folder, load, parse::parse, run, run::Failure};

fn plays(name: &str) {
    let scenario = load(&folder().join(format!("{name}.scn"))).unwrap_or_else(|error| panic!("{error}"));
    run(&scenario, &mut Native::new(), &mut |_| {}).unwrap_or_else(|failure| panic!("{failure}"));
}

crate::each_scenario!(plays);

#[test]
fn every_file_of_the_folder_is_played() {
    let entries = std::fs::read_dir(folder()).expect("the scenarios").flatten().map(|entry| entry.path());
    let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "scn"));
    let there: BTreeSet<String> =
        files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    let played: BTreeSet<String> = crate::each_scenario!(names).into_iter().map(str::to_owned).collect();
    assert_eq!(there, played, "name each file once in `each_scenario!`");
}

fn fails(text: &str) -> Failure {
    let scenario = parse("a.scn", text).unwrap_or_else(|error| panic!("{error}"));
    run(&scenario, &mut Native::new(), &mut |_| {}).expect_err("a failure")
}

#[test]
fn a_failure_names_its_line_and_what_came_instead() {
    let failure = fails("day 0 09:00 web: \"How much is a full service?\"\n\nexpect chat contains \"$141\"");
    assert_eq!((failure.line, failure.source.as_str()), (3, "expect chat contains \"$141\""));
    let told = failure.to_string();
    assert!(
        told.starts_with("a.scn:3: expect chat contains \"$141\"\n  day 0, Mon 09:00:00 by chat: "),
        "{told}"
    );
    assert!(told.contains("A full service is $140"), "{told}");
    let told = fails("day 0 09:00 sms in \"How much is a full service?\"\nexpect email contains \"$140\"")
        .to_string();
    assert!(
        told.contains("No message came by email.") && told.contains("by sms: \"Sprocket (AI): A full"),
        "{told}"
    );
}

#[test]
fn each_kind_of_expectation_can_fail() {
    let asked = "day 0 09:00 sms in \"How much is a full service?\"\n";
    for (expectation, instead) in [
        ("expect no sms", "by sms: \"Sprocket (AI): A full service is $140"),
        ("expect no sms contains \"$140\"", "by sms: \"Sprocket (AI): A full service is $140"),
        ("expect sms within 1s contains \"$140\"", "It came after 3.0 s"),
        ("expect sms contains \"$140\" and not \"full service\"", "by sms: \"Sprocket (AI): A full service"),
        ("expect chat offers sms", "No message came by chat."),
        ("expect source chat contains \"x\"", "The newest answer rests on no message."),
        ("expect consent sms given", "Recorded was no consent."),
        ("expect verdict no sms because \"\"", "The verdicts are:\nsms because "),
        ("expect verdict sms because \"the weather\"", "The verdicts are:\nsms because "),
        ("expect appointment contains \"\"", "The appointments are none."),
        ("expect promise contains \"\"", "Promised is nothing."),
    ] {
        let failure = fails(&format!("{asked}{expectation}"));
        assert!(failure.line == 2 && failure.instead.contains(instead), "{expectation}: {failure}");
    }
}

#[test]
fn what_cannot_be_done_is_told() {
    for (text, told) in [
        ("person Ottokar", "The site knows Maria, Dev, Hannah."),
        ("email in \"Thanks\"", "There is no mail to answer: a new one needs a `subject`."),
        ("continue by sms 12", "That does not look like a phone number we can text."),
    ] {
        let failure = fails(text);
        assert!(failure.instead.contains(told), "{text}: {failure}");
    }
}

#[test]
fn what_came_before_the_newest_act_is_not_new_and_people_are_told_apart() {
    let text = "day 0 09:00 sms in \"How much is a full service?\"\nexpect sms contains \"$140\"\nperson Dev\n\
        expect no sms\nday 0 10:00\nperson Maria\nexpect no sms";
    let scenario = parse("a.scn", text).expect("a scenario");
    run(&scenario, &mut Native::new(), &mut |_| {}).unwrap_or_else(|failure| panic!("{failure}"));
}
