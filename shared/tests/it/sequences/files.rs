//! The texts of sequences: read and drawn, kept on the text that was looked at, switched off and removed.

use shared::{
    api::sequences::{Leads, SequenceFile, SequenceText, StepDoes},
    error::Rejection,
    flow::{
        FlowError, policy,
        sequences::{self, files},
    },
    store::sites,
    time::MINUTE_MS,
};

use crate::world::{World, now, phone};

const MARIA: &str = "+14155552671";
const TEXT: &str = r#"# Kept as it is.
name = "Nudge"
purpose = "reminder"
trigger = "manual"

[[step]]
branch = "replied"
then = "end"

[[step]]
wait = "1 day"

[[step]]
id = "ask"
send = "sms"
text = "Still there?"
"#;

fn world(seed: u64) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.texts(MARIA, "How much is a full service?");
    world.advance(MINUTE_MS);
    world
}

fn puts(world: &mut World, text: &str, version: &str) -> Result<SequenceFile, FlowError> {
    let mut ctx = world.ctx.clone();
    let wish = SequenceText { text: text.into(), version: version.into() };
    let kept = now(files::put(world.scope(), &mut ctx, "Ana", "nudge", &wish));
    world.ctx = ctx;
    world.site = now(sites::load_site(&world.db, &world.site.id)).unwrap().unwrap();
    kept
}

fn refusal<T: std::fmt::Debug>(result: Result<T, FlowError>) -> Rejection {
    match result {
        Err(FlowError::Rejected(rejection)) => rejection,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_is_kept_as_it_was_written_and_drawn_with_its_branches() {
    let mut world = world(90);
    let kept = puts(&mut world, TEXT, "").unwrap();
    let listed = now(files::load_files(world.scope())).unwrap().sequences;
    assert_eq!(listed, std::slice::from_ref(&kept));
    assert_eq!((kept.text.as_str(), kept.drawn.enabled), (TEXT, true));
    let steps = &kept.drawn.steps;
    assert!(matches!(&steps[0].does, StepDoes::Branch { asks, .. } if asks == "replied"));
    let leads = |when: &str, to: Option<&str>| Leads { when: when.into(), to: to.map(str::to_owned) };
    assert_eq!(steps[0].to, [leads("yes", None), leads("no", Some(&steps[1].id))]);
    assert_eq!(steps[2].to, [leads("next", None)], "after the last step is the end");
    assert_eq!(puts(&mut world, TEXT, "").unwrap(), kept, "the same again changes nothing");
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_column_and_nothing_is_kept() {
    let mut world = world(91);
    let text = TEXT.replace("1 day", "soon");
    let wrong = files::check(world.scope(), "nudge", &text).unwrap().wrong.unwrap();
    assert_eq!((wrong.code.as_str(), wrong.line, wrong.column), ("sequence_bad_duration", 11, 8));
    let refused = refusal(puts(&mut world, &text, ""));
    assert_eq!((refused.code, refused.fields[0].field.as_str()), ("sequence_bad_duration", "11:8"));
    assert!(refused.text.starts_with("Line 11, column 8: "), "{}", refused.text);
    assert!(world.site.sequences.is_empty());
}

#[test]
fn a_text_that_somebody_changed_meanwhile_is_refused_with_their_name() {
    let mut world = world(92);
    let first = puts(&mut world, TEXT, "").unwrap();
    puts(&mut world, &TEXT.replace("1 day", "2 days"), &first.version).unwrap();
    let refused = refusal(puts(&mut world, &TEXT.replace("1 day", "3 days"), &first.version));
    assert_eq!((refused.status, refused.code), (409, "stale"));
    assert!(refused.text.starts_with("Ana "), "{}", refused.text);
}

#[test]
fn one_that_is_switched_off_is_begun_by_nobody_and_one_that_is_removed_ends_for_whoever_is_in_it() {
    let mut world = world(93);
    let kept = puts(&mut world, TEXT, "").unwrap();
    let contact = world.contact(&phone(MARIA)).unwrap();
    let mut ctx = world.ctx.clone();
    now(sequences::begin(world.scope(), &mut ctx, &contact, "nudge", None)).unwrap();
    world.ctx = ctx;
    world.advance(MINUTE_MS);
    let off = puts(&mut world, &["enabled = false\n", TEXT].concat(), &kept.version).unwrap();
    assert!(!off.drawn.enabled);
    let mut ctx = world.ctx.clone();
    let refused = refusal(now(sequences::begin(world.scope(), &mut ctx, &contact, "nudge", None)));
    assert_eq!((refused.status, refused.code), (409, "sequence_off"));
    let runs = now(sequences::load_runs(world.scope(), &world.ctx, &contact)).unwrap();
    assert_eq!(runs[0].state, "running", "who is in it goes on");
    now(files::remove(world.scope(), &mut ctx, "Ana", "nudge", &off.version)).unwrap();
    let again = now(files::remove(world.scope(), &mut ctx, "Ana", "nudge", &off.version));
    assert_eq!(refusal(again).code, "unknown_sequence");
}

#[test]
fn another_policy_tells_whom_of_last_month_it_would_touch_and_the_same_one_nobody() {
    let world = world(94);
    let mut value = serde_json::Map::new();
    value.insert("policy".into(), serde_json::to_value(&world.site.policy).unwrap());
    let same = now(policy::try_policy(world.scope(), &world.ctx, &value)).unwrap();
    assert!(same.judged > 0 && !same.cut);
    assert_eq!((same.touched, same.examples.len()), (0, 0));
    value["policy"]["paused"] = true.into();
    let paused = now(policy::try_policy(world.scope(), &world.ctx, &value)).unwrap();
    assert_eq!((paused.judged, paused.vanish), (same.judged, paused.touched));
    assert!(paused.vanish > 0, "{paused:?}");
    let example = &paused.examples[0];
    assert_eq!((example.change.as_str(), example.rule.as_deref()), ("vanish", Some("pause.on")));
    assert_eq!(Some(&example.contact), world.contact(&phone(MARIA)).as_ref());
    value["policy"]["hours"] = serde_json::json!(["21:00", "08:00"]);
    let refused = refusal(now(policy::try_policy(world.scope(), &world.ctx, &value)));
    assert_eq!((refused.status, refused.code), (400, "bad_settings"));
}
