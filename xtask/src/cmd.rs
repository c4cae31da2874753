//! Running other programs. Every failure is a sentence a person can act on; there is no retry and no shell.

use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::files;

/// The error is what is printed before the command exits with 1. An empty one has been printed already.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// `program`, run from the workspace root.
pub(crate) fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(files::root());
    command
}

/// The cargo that runs this task, from the workspace root.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs to the end with its output on the terminal.
pub(crate) fn run(what: &str, command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| cannot_start(what, command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("{what} failed; its output is above.")) }
}

/// Runs to the end in silence; its output is shown only when it fails.
pub(crate) fn run_quietly(what: &str, command: &mut Command) -> Outcome {
    capture(what, command).map(drop)
}

/// Runs to the end and returns what it wrote to stdout; all it wrote is shown when it fails.
pub(crate) fn capture(what: &str, command: &mut Command) -> Outcome<String> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| cannot_start(what, command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("{what} failed; its output is above."))
}

/// Runs with its output on the terminal, handing each line of stdout to `see` as well. Returns whether it succeeded.
pub(crate) fn watch(what: &str, command: &mut Command, mut see: impl FnMut(&str)) -> Outcome<bool> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().map_err(|error| cannot_start(what, command, &error))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            see(&line);
        }
    }
    let status = child.wait().map_err(|error| format!("{what} was lost: {error}."))?;
    Ok(status.success())
}

fn cannot_start(what: &str, command: &Command, error: &std::io::Error) -> String {
    let program = command.get_program().to_string_lossy();
    if error.kind() == ErrorKind::NotFound {
        format!("{what} needs `{program}`, which is not installed or not on PATH.")
    } else {
        format!("{what} could not start `{program}`: {error}.")
    }
}
