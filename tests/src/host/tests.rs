use super::*;
use crate::clock::{PATIENCE, eventually};

/// Speaks the host's protocol with nothing behind it: keeps the options it was given, counts its starts in the state
/// folder, and has a child that outlives it unless the whole group is ended.
const STAND_IN: &str = r#"
read -r options
state=$(printf '%s' "$options" | sed 's/.*"persist":"\([^"]*\)".*/\1/')
mkdir -p "$state"
echo start >> "$state/starts"
printf '%s' "$options" > "$state/options"
sleep 600 <&- >&- 2>&- &
echo $! > "$state/child"
echo '{"ready":true,"url":"http://127.0.0.1:4711/","site":null}'
while read -r command; do
  case "$command" in
    *'"query"'*sqlite_master*) echo '{"ok":true,"results":[{"name":"events"},{"name":"sites"}]}' ;;
    *'"query"'*events*) echo '{"ok":true,"results":[{"text":"hello word"},{"text":"other"}]}' ;;
    *'"query"'*) echo '{"ok":true,"results":[]}' ;;
    *'"cron"'*) echo '{"ok":false,"error":"no such handler"}' ;;
  esac
done
kill $(cat "$state/child")
"#;

fn stand_in(script: &str, options: Options) -> Result<Host, String> {
    let arguments = vec!["-c".to_owned(), script.to_owned()];
    Host::run(Program { name: "/bin/sh".into(), arguments }, options)
}

fn state(host: &Host, file: &str) -> String {
    fs::read_to_string(host.folder.join("state").join(file)).unwrap_or_default()
}

fn is_alive(process: &str) -> bool {
    let status = Command::new("kill").args(["-0", process.trim()]).stderr(Stdio::null()).status();
    let defunct =
        fs::read_to_string(format!("/proc/{}/stat", process.trim())).is_ok_and(|s| s.contains(") Z "));
    status.is_ok_and(|status| status.success()) && !defunct
}

#[test]
fn it_is_started_with_its_options_and_answers_queries() {
    let vars = BTreeMap::from([("ADMIN_TOKEN".to_owned(), "t".to_owned())]);
    let host = stand_in(STAND_IN, Options { vars, ..Options::default() }).expect("ready");
    assert_eq!((host.url(), host.site()), ("http://127.0.0.1:4711", None));
    let options: Value = serde_json::from_str(&state(&host, "options")).expect("JSON");
    assert_eq!((&options["vars"]["ADMIN_TOKEN"], &options["port"]), (&json!("t"), &json!(0)));
    assert_eq!(host.mentions("word"), [("events".to_owned(), json!({"text": "hello word"}))]);
}

#[test]
#[should_panic(expected = "no such handler")]
fn a_refused_command_fails_the_test_with_the_hosts_words() {
    stand_in(STAND_IN, Options::default()).expect("ready").cron();
}

#[test]
fn a_restart_and_a_kill_keep_the_state_and_the_address() {
    let mut host = stand_in(STAND_IN, Options::default()).expect("ready");
    host.restart();
    let options: Value = serde_json::from_str(&state(&host, "options")).expect("JSON");
    assert_eq!(options["port"], 4711);
    let child = state(&host, "child");
    assert!(is_alive(&child));
    host.kill9();
    assert_eq!(state(&host, "starts").lines().count(), 3);
    eventually(PATIENCE, "the killed host's child to be gone", || (!is_alive(&child)).then_some(()));
}

#[test]
fn a_dropped_host_leaves_neither_processes_nor_files() {
    let host = stand_in(STAND_IN, Options::default()).expect("ready");
    let (child, folder) = (state(&host, "child"), host.folder.clone());
    drop(host);
    eventually(PATIENCE, "the host's child to be gone", || (!is_alive(&child)).then_some(()));
    assert!(!folder.exists());
}

#[test]
fn a_host_that_cannot_start_says_why_and_what_to_do() {
    let script = "read -r options; echo 'the log' >&2; echo '{\"ready\":false,\"error\":\"no such file\"}'";
    let error = stand_in(script, Options::default()).err().expect("an error");
    assert!(error.contains("no such file") && error.contains("cargo xtask build"), "{error}");
    assert!(error.contains("the log"), "{error}");
}
