//! The built worker in workerd: starts `tests/host/host.mjs` and speaks its protocol, one JSON value per line.
//!
//! The worker's state lives in a folder of its own, which outlives [`Host::restart`] and [`Host::kill9`] and goes with the
//! [`Host`]. What the worker logs is kept there too, and shown when a test fails.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::clock::{Deadline, fresh_word};

#[cfg(unix)]
use std::os::unix::process::CommandExt;

/// How long the worker may take to start or to answer a command.
const START: Duration = Duration::from_mins(2);
/// How long it may take to stop when asked nicely.
const STOP: Duration = Duration::from_secs(5);

/// How to run the worker.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Variables and secrets, over those of `wrangler.jsonc`.
    pub vars: BTreeMap<String, String>,
    /// A customer's site to serve beside it.
    pub site_dir: Option<PathBuf>,
    /// The customer's site's port; any free one by default.
    pub site_port: u16,
    /// How often the scheduled handler runs by itself; 0 for only when [`Host::cron`] says so.
    pub cron_seconds: u32,
}

/// A running worker.
pub struct Host {
    program: Program,
    options: Options,
    folder: PathBuf,
    port: u16,
    running: Mutex<Option<Running>>,
    url: String,
    site: Option<String>,
}

/// What is run: the host script, or in this file's tests something in its place.
#[derive(Clone)]
struct Program {
    name: PathBuf,
    arguments: Vec<String>,
}

struct Running {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
}

impl Host {
    /// Starts the worker and waits until it answers.
    pub fn start(options: Options) -> Result<Self, String> {
        let script = root().join("tests/host/host.mjs").display().to_string();
        Self::run(Program { name: node(), arguments: vec![script] }, options)
    }

    fn run(program: Program, options: Options) -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("throughline-e2e-{}", fresh_word()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let running = Mutex::new(None);
        let mut host = Self { program, options, folder, port: 0, running, url: String::new(), site: None };
        host.spawn()?;
        Ok(host)
    }

    /// The worker's address, without a trailing slash.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The customer's site's address, where one is served.
    pub fn site(&self) -> Option<&str> {
        self.site.as_deref()
    }

    /// Runs the scheduled handler once.
    #[track_caller]
    pub fn cron(&self) {
        self.command(&json!({"cmd": "cron"}));
    }

    /// The rows of a statement run in D1, a JSON object each.
    #[track_caller]
    pub fn query(&self, sql: &str, params: &[Value]) -> Vec<Value> {
        let answer = self.command(&json!({"cmd": "query", "sql": sql, "params": params}));
        match answer["results"].as_array() {
            Some(rows) => rows.clone(),
            None => panic!("no rows in {answer}"),
        }
    }

    /// Runs statements in D1 as one transaction, each with its parameters, and gives the rows and the number of changes
    /// of each, or D1's error.
    #[track_caller]
    pub fn batch(&self, statements: &[(&str, Vec<Value>)]) -> Result<Vec<(Vec<Value>, u32)>, String> {
        let statements: Vec<Value> =
            statements.iter().map(|(sql, params)| json!({"sql": sql, "params": params})).collect();
        let answer = self.ask(&json!({"cmd": "batch", "statements": statements}));
        if let Some(error) = answer["error"].as_str() {
            return Err(error.to_owned());
        }
        let Some(results) = answer["results"].as_array() else { panic!("no results in {answer}") };
        let read = |result: &Value| {
            let rows = result["rows"].as_array().cloned().unwrap_or_default();
            (rows, result["changes"].as_u64().and_then(|changes| u32::try_from(changes).ok()).unwrap_or(0))
        };
        Ok(results.iter().map(read).collect())
    }

    /// Brings raw mail as Email Routing does; gives the reason where the worker rejected it.
    #[track_caller]
    pub fn receives_mail(&self, from: &str, to: &str, raw: &str) -> Option<String> {
        let answer = self.command(&json!({"cmd": "email", "from": from, "to": to, "raw": raw}));
        answer["rejected"].as_str().map(str::to_owned)
    }

    /// The raw mail that left through the platform's binding since the start, oldest first.
    #[track_caller]
    pub fn sent_mail(&self) -> Vec<String> {
        let answer = self.command(&json!({"cmd": "mails"}));
        let Some(mails) = answer["mails"].as_array() else { panic!("no mails in {answer}") };
        mails.iter().filter_map(|mail| mail.as_str().map(str::to_owned)).collect()
    }

    /// Every row of the database that contains `words` in any column, with its table's name: says whether something was
    /// stored without knowing how.
    #[track_caller]
    pub fn mentions(&self, words: &str) -> Vec<(String, Value)> {
        let tables = self.query(
            "SELECT name FROM sqlite_master t WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' \
             AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND NOT EXISTS (SELECT 1 FROM sqlite_master v \
             WHERE v.sql LIKE 'CREATE VIRTUAL%' AND t.name GLOB v.name || '_*')",
            &[],
        );
        let names = tables.iter().filter_map(|row| row["name"].as_str());
        names
            .flat_map(|table| {
                let rows = self.query(&format!("SELECT * FROM \"{table}\""), &[]);
                let found = rows.into_iter().filter(|row| row.to_string().contains(words));
                found.map(|row| (table.to_owned(), row)).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Everything the worker and its runtime have logged, over restarts.
    pub fn log_text(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.log()).unwrap_or_default()).into_owned()
    }

    /// Stops the worker properly and starts it again on the same state, at the same address.
    pub fn restart(&mut self) {
        self.stop(false);
        self.spawn().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Kills the worker without a word, as a power cut would, and starts it again on the same state, at the same address.
    pub fn kill9(&mut self) {
        self.stop(true);
        self.spawn().unwrap_or_else(|error| panic!("{error}"));
    }

    fn spawn(&mut self) -> Result<(), String> {
        let lost =
            |error: std::io::Error| format!("{} could not start: {error}", self.program.name.display());
        let log = File::options().create(true).append(true).open(self.log()).map_err(lost)?;
        let mut command = Command::new(&self.program.name);
        command.args(&self.program.arguments).current_dir(root());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        // A group of its own, so that the whole of it can be ended.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().map_err(lost)?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the host has no input and output".to_owned());
        };
        let (to, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if to.send(line).is_err() {
                    return;
                }
            }
        });
        let options = json!({
            "port": self.port, "persist": self.folder.join("state"), "vars": self.options.vars,
            "siteDir": self.options.site_dir, "sitePort": self.options.site_port,
            "cronSeconds": self.options.cron_seconds,
        });
        let _ = writeln!(stdin, "{options}");
        let mut running = Running { child, stdin, lines };
        let ready = running.next_line();
        if ready["ready"] != true {
            end(&mut running.child, true);
            return Err(format!(
                "the worker did not start ({ready}); build it with `cargo xtask build`. Its log:\n{}",
                self.last_words()
            ));
        }
        ready["url"].as_str().unwrap_or_default().trim_end_matches('/').clone_into(&mut self.url);
        self.site = ready["site"].as_str().map(|site| site.trim_end_matches('/').to_owned());
        self.port = self.url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default();
        if let Some(port) = self.site.as_deref().and_then(|site| site.rsplit(':').next()?.parse().ok()) {
            self.options.site_port = port;
        }
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        Ok(())
    }

    #[track_caller]
    fn command(&self, command: &Value) -> Value {
        let answer = self.ask(command);
        assert_eq!(answer["ok"], true, "{command} was answered {answer}; log:\n{}", self.last_words());
        answer
    }

    #[track_caller]
    fn ask(&self, command: &Value) -> Value {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(running) = running.as_mut() else { panic!("the worker is not running") };
        let _ = writeln!(running.stdin, "{command}");
        running.next_line()
    }

    fn stop(&self, hard: bool) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Running { mut child, stdin, .. }) = running {
            // Its end of input asks it to stop.
            drop(stdin);
            end(&mut child, hard);
        }
    }

    fn log(&self) -> PathBuf {
        self.folder.join("host.log")
    }

    fn last_words(&self) -> String {
        let text = self.log_text();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

impl Running {
    /// The next line of the host's, or null when there is none in time.
    fn next_line(&mut self) -> Value {
        let line = self.lines.recv_timeout(START).unwrap_or_default();
        serde_json::from_str(&line).unwrap_or_default()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the worker's last words:\n{}", self.last_words());
        }
        self.stop(false);
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Ends the process and its group: by itself within a moment unless `hard`, then by force.
fn end(child: &mut Child, hard: bool) {
    let deadline = Deadline::within(STOP);
    while !hard && deadline.left().is_some() {
        if matches!(child.try_wait(), Ok(Some(_))) {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let group = format!("-{}", child.id());
    let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    let _ = child.kill();
    let _ = child.wait();
}

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// A Node new enough for the host: `THROUGHLINE_NODE`, the one npm supplies in the repository, or the system's.
pub fn node() -> PathBuf {
    let supplied = root().join("node_modules/node/bin/node");
    match std::env::var_os("THROUGHLINE_NODE") {
        Some(node) => node.into(),
        None if supplied.is_file() => supplied,
        None => "node".into(),
    }
}

#[cfg(all(test, unix))]
mod tests;
