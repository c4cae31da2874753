//! The worker running locally: starts `tests/host/host.mjs` and speaks its protocol, one JSON value per line.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::cmd::Outcome;
use crate::setup::node::Node;

/// A running worker. It stops when its input closes, so it cannot outlive this process.
pub(crate) struct Host {
    child: Child,
    stdin: Stop,
    pub(crate) url: String,
    pub(crate) site: String,
}

/// Closes the host's input, once; callable from a signal handler's thread.
#[derive(Clone)]
pub(crate) struct Stop(Arc<Mutex<Option<ChildStdin>>>);

impl Stop {
    pub(crate) fn now(&self) {
        if let Ok(mut stdin) = self.0.lock() {
            drop(stdin.take());
        }
    }
}

impl Host {
    /// Waits until the worker answers. `options` are the host script's, see there.
    pub(crate) fn start(node: &Node, options: &Value) -> Outcome<Self> {
        let lost = |error: std::io::Error| format!("The local worker could not start: {error}.");
        let mut child = node
            .command()
            .arg("tests/host/host.mjs")
            // A group of its own: Ctrl-C reaches this process only, which then closes the host's input.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(lost)?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("The local worker could not start: it has no input and output.".to_owned());
        };
        writeln!(stdin, "{options}").map_err(lost)?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).map_err(lost)?;
        let answer: Value = serde_json::from_str(&line).unwrap_or_default();
        if answer["ready"] == true {
            let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
            let (url, site) = (text("url"), text("site"));
            return Ok(Self { child, stdin: Stop(Arc::new(Mutex::new(Some(stdin)))), url, site });
        }
        drop(stdin);
        let _ = child.wait();
        Err(explain(&answer))
    }

    pub(crate) fn stopper(&self) -> Stop {
        self.stdin.clone()
    }

    /// Waits for the host to end, whatever ends it.
    pub(crate) fn wait(mut self) -> Outcome {
        let status = self.child.wait().map_err(|error| format!("The local worker was lost: {error}."))?;
        if status.success() {
            Ok(())
        } else {
            Err("The local worker ended with an error; its output is above.".to_owned())
        }
    }
}

fn explain(answer: &Value) -> String {
    if answer["code"] == "EADDRINUSE" {
        let port = &answer["port"];
        return format!(
            "Port {port} is taken; choose others with --port N (worker) and --site-port N (demo site)."
        );
    }
    let error = answer["error"].as_str().unwrap_or("it ended at once; its output is above");
    format!("The local worker could not start: {error}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_names_the_flags() {
        let answer =
            serde_json::json!({"ready": false, "code": "EADDRINUSE", "port": 8787, "error": "listen"});
        let message = explain(&answer);
        assert!(
            message.contains("8787") && message.contains("--port") && message.contains("--site-port"),
            "{message}"
        );
    }
}
