//! Who may depend on whom, and that every third-party version is pinned in one place.

use serde_json::Value;

use crate::cmd::{Outcome, capture, cargo};
use crate::files;

/// Nothing depends on these: they are where the product meets a platform.
const LEAVES: [&str; 4] = ["edge", "widget", "inbox", "xtask"];
/// The one crate that names the Workers runtime.
const WORKER: (&str, &str) = ("worker", "edge");

pub(super) fn check() -> Outcome<Vec<String>> {
    let metadata = capture(
        "cargo metadata",
        cargo().args(["metadata", "--format-version", "1", "--no-deps", "--quiet"]),
    )?;
    let metadata: Value =
        serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata is not JSON: {error}."))?;
    let mut broken = edges(&metadata).iter().filter_map(Edge::complaint).collect::<Vec<_>>();
    broken.extend(unpinned(&files::read_text(&files::root().join("Cargo.toml"))?));
    Ok(broken)
}

/// One line of some member's dependencies.
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    /// Cargo's requirement, such as `=1.0.2`.
    version: &'a str,
    in_workspace: bool,
}

fn edges(metadata: &Value) -> Vec<Edge<'_>> {
    list(&metadata["packages"])
        .flat_map(|package| {
            let from = package["name"].as_str().unwrap_or_default();
            list(&package["dependencies"]).map(move |dependency| Edge {
                from,
                to: dependency["name"].as_str().unwrap_or_default(),
                version: dependency["req"].as_str().unwrap_or_default(),
                in_workspace: dependency["source"].is_null(),
            })
        })
        .collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

impl Edge<'_> {
    fn complaint(&self) -> Option<String> {
        let Self { from, to, version, in_workspace } = *self;
        let because = if LEAVES.contains(&to) && in_workspace {
            format!("nothing may depend on {to}")
        } else if to == WORKER.0 && from != WORKER.1 {
            format!("only {} may name the Workers runtime", WORKER.1)
        } else if from == "xtask" && in_workspace {
            "xtask must build before every other crate of the workspace".to_owned()
        } else if !in_workspace && !version.starts_with('=') {
            format!("`{version}` is not pinned; use `{to}.workspace = true`")
        } else {
            return None;
        };
        Some(format!("{from}/Cargo.toml depends on {to}: {because}."))
    }
}

/// Entries of `[workspace.dependencies]` that are neither a path nor pinned with `=`.
fn unpinned(manifest: &str) -> Vec<String> {
    manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| line.contains('=') && !line.starts_with('#'))
        .filter(|line| !line.contains("path = ") && !line.contains("\"="))
        .map(|line| format!("Cargo.toml: `{line}` needs an exact version, \"=…\"."))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn complaints(from: &str, to: &str, version: &str, source: Option<&str>) -> Vec<String> {
        let metadata = json!({"packages": [
            {"name": from, "dependencies": [{"name": to, "req": version, "source": source}]},
        ]});
        edges(&metadata).iter().filter_map(Edge::complaint).collect()
    }

    #[test]
    fn only_edge_names_the_runtime_and_nothing_names_edge() {
        assert!(complaints("edge", "worker", "=0.8.7", Some("registry")).is_empty());
        assert_eq!(complaints("shared", "worker", "=0.8.7", Some("registry")).len(), 1);
        assert_eq!(complaints("e2e", "edge", "*", None).len(), 1);
        assert_eq!(complaints("xtask", "shared", "*", None).len(), 1);
        assert!(complaints("e2e", "shared", "*", None).is_empty());
    }

    #[test]
    fn versions_are_exact() {
        assert!(complaints("shared", "serde", "=1.0.1", Some("registry")).is_empty());
        assert_eq!(complaints("shared", "serde", "^1.0.1", Some("registry")).len(), 1);
        let manifest = "[package]\nx = \"1\"\n[workspace.dependencies]\nshared = { path = \"shared\" }\n# serde = \"1\"\na = \"=1.0.0\"\nb = \"1\"\n[profile.dev]\nopt-level = 1\n";
        assert_eq!(unpinned(manifest), ["Cargo.toml: `b = \"1\"` needs an exact version, \"=…\"."]);
    }
}
