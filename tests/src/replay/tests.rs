use std::path::PathBuf;

use shared::flow::log::load_log;

use super::{Told, run};
use crate::{
    native::{World, now, phone},
    scenario::stage,
};

const MARIA: &str = "+14155552671";

/// The log of somebody who asked, stopped and asked again, as it is handed out.
fn log() -> String {
    let mut world = World::of(11, stage::import());
    world.texts(MARIA, "How much is a full service?");
    world.advance(60_000);
    world.texts(MARIA, "STOP");
    world.advance(60_000);
    world.texts(MARIA, "How much is a tune-up?");
    world.advance(60_000);
    let contact = world.contact(&phone(MARIA)).expect("a contact");
    let log = now(load_log(world.scope(), &world.ctx, &contact)).expect("a log");
    serde_json::to_string_pretty(&log).expect("JSON")
}

/// A file of this test's own, gone with it.
struct File(PathBuf);

impl File {
    fn of(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("throughline-replay-{}-{name}", std::process::id()));
        std::fs::write(&path, text).expect("a file");
        Self(path)
    }

    fn path(&self) -> String {
        self.0.display().to_string()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn replayed(name: &str, text: &str) -> Result<Told, String> {
    run(&[File::of(name, text).path()])
}

#[test]
fn a_log_holds_as_it_is_and_not_when_a_verdict_or_its_policy_was_altered() {
    let text = log();
    let told = replayed("good", &text).unwrap();
    assert!(told.holds && told.text.contains(" 0 not, 0 reached under a policy that"), "{}", told.text);
    let altered = text.replacen("It answers a message from this address.", "They agreed.", 1);
    let told = replayed("altered", &altered).unwrap();
    assert!(!told.holds && told.text.contains("differs"), "{}", told.text);
    let other = text.replace("\"policy\": \"20", "\"policy\": \"19");
    let told = replayed("other", &other).unwrap();
    assert!(!told.holds && told.text.contains("Nothing could be judged again"), "{}", told.text);
}

#[test]
fn another_policy_tells_what_vanishes_and_a_broken_file_is_named_with_its_place() {
    let (text, paused) = (log(), File::of("paused", r#"{"paused": true}"#));
    let file = File::of("log", &text);
    let compare = |policy: &str| run(&[file.path(), "--policy".into(), policy.into()]);
    let told = compare(&paused.path()).unwrap();
    assert!(told.holds && told.text.contains("vanishes (pause.on)"), "{}", told.text);
    let broken = File::of("broken", "{\n  \"paused\": maybe\n}");
    let error = compare(&broken.path()).err().unwrap();
    assert!(error.starts_with(&broken.path()) && error.contains("line 2 column"), "{error}");
    let error = replayed("cut", &text[..text.len() / 2]).err().unwrap();
    assert!(error.contains("malformed_log") && error.contains("line "), "{error}");
    assert!(compare("/nowhere/policy.json").err().unwrap().starts_with("/nowhere/policy.json: "));
    assert!(run(&[]).is_err());
}
