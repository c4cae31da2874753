//! `new-migration`, and the check that the migrations are numbered without a gap and apply to an empty database.
//!
//! Applying them where data lives is wrangler's work (remote) and the host script's (local).

use std::path::PathBuf;

use crate::cmd::{Outcome, run_quietly};
use crate::files;
use crate::setup::node::Node;

const APPLY: &str = r#"
const { DatabaseSync } = require("node:sqlite"), fs = require("node:fs");
const db = new DatabaseSync(":memory:");
for (const path of process.argv.slice(1)) {
  try {
    db.exec(fs.readFileSync(path, "utf8"));
  } catch (error) {
    console.error(`${path}: ${error.message}`);
    process.exit(1);
  }
}
"#;

fn dir() -> PathBuf {
    files::root().join("shared/migrations")
}

pub(crate) fn new(name: &str) -> Outcome {
    let existing = files::list(&dir())?;
    check_numbers(&existing)?;
    let file = dir().join(format!("{:04}_{name}.sql", existing.len() + 1));
    files::write(
        &file,
        "-- What this changes and why. Only additions: code that is already deployed must keep working.\n",
    )?;
    println!("{}", files::shown(&file));
    Ok(())
}

pub(crate) fn check(node: &Node) -> Outcome {
    let names = files::list(&dir())?;
    if names.is_empty() {
        return Err("shared/migrations holds no migration.".to_owned());
    }
    check_numbers(&names)?;
    let mut apply = node.command();
    apply
        .args(["--disable-warning=ExperimentalWarning", "-e", APPLY])
        .args(names.iter().map(|name| dir().join(name)));
    run_quietly("Applying the migrations to an empty database", &mut apply)
}

/// `0001_….sql`, `0002_….sql`, with neither gap nor double.
fn check_numbers(names: &[String]) -> Outcome {
    for (index, name) in names.iter().enumerate() {
        let expected = format!("{:04}_", index + 1);
        if !name.starts_with(&expected) || files::extension(name) != "sql" {
            return Err(format!(
                "shared/migrations/{name} should be named {expected}….sql, next in the sequence."
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_names(names: &[&str]) -> Outcome {
        check_numbers(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn consecutive_numbers_pass() {
        assert_eq!(check_names(&[]), Ok(()));
        assert_eq!(check_names(&["0001_start.sql", "0002_labels.sql"]), Ok(()));
    }

    #[test]
    fn gaps_doubles_and_strangers_are_named() {
        for names in [
            &["0001_start.sql", "0003_labels.sql"][..],
            &["0001_start.sql", "0001_other.sql"],
            &["0001_start.sql", "0002_notes.txt"],
        ] {
            let message = check_names(names).expect_err("not consecutive");
            assert!(message.contains(names[1]), "{message}");
        }
    }
}
