//! Versions from Cargo.lock, so that a command-line tool always matches the crate it goes with.

use crate::cmd::Outcome;
use crate::files;

/// The version of `package` that the workspace is built with.
pub(crate) fn version_of(package: &str) -> Outcome<String> {
    let lock = files::read_text(&files::root().join("Cargo.lock"))?;
    find(&lock, package)
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock does not name `{package}`; run `cargo check` and try again."))
}

fn find<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_by_the_whole_name() {
        let lock = "[[package]]\nname = \"worker-sys\"\nversion = \"0.8.6\"\n\n[[package]]\nname = \"worker\"\nversion = \"0.8.7\"\n";
        assert_eq!(find(lock, "worker"), Some("0.8.7"));
        assert_eq!(find(lock, "work"), None);
    }
}
