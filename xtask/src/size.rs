//! `size`: what a visitor downloads and what Cloudflare accepts, against fixed budgets.
//!
//! Files are compressed one by one, as they are served. It measures what `build` left; it builds nothing itself.

use std::path::{Path, PathBuf};

use crate::build;
use crate::cmd::{Outcome, capture};
use crate::files;
use crate::setup::node::{Node, node};

/// The pasted script, which every page of every customer loads.
const LOADER_BYTES: u64 = 2_000;
/// What a page's forms bring once somebody touches one.
const FORMS_BYTES: u64 = 1_500;
/// Page, styles, scripts, wasm and one language: everything until a visitor can type.
const PANEL_BYTES: u64 = 64_000;
/// All that one of the inbox's two programs loads before it can be used, in one language.
const INBOX_BYTES: u64 = 350_000;
/// The free plan's limit (<https://developers.cloudflare.com/workers/platform/limits/#worker-size>).
pub(crate) const WORKER_BYTES: u64 = 3_000_000;

const COMPRESS: &str = r#"
const zlib = require("node:zlib"), fs = require("node:fs");
const [kind, ...paths] = process.argv.slice(1);
for (const path of paths) {
  const content = fs.readFileSync(path);
  const packed = kind === "gzip"
    ? zlib.gzipSync(content, { level: 9 })
    : zlib.brotliCompressSync(content, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } });
  console.log(packed.length);
}
"#;

struct Part {
    name: &'static str,
    coding: &'static str,
    bytes: u64,
    budget: u64,
}

pub(crate) fn size() -> Outcome {
    let node = node()?;
    let root = files::root();
    let edge = root.join("edge/build");
    let parts = [
        measure(&node, "loader", "brotli", LOADER_BYTES, &[root.join("dist/loader.js")])?,
        measure(&node, "forms", "brotli", FORMS_BYTES, &[root.join("dist/forms.js")])?,
        measure(&node, "open panel", "brotli", PANEL_BYTES, &page_files(&root.join("dist"), "panel", &[])?)?,
        inbox(&node, "inbox, lists", "threads")?,
        inbox(&node, "inbox, pages", "pages")?,
        measure(&node, "worker", "gzip", WORKER_BYTES, &[edge.join("index.js"), edge.join("index_bg.wasm")])?,
    ];
    println!("{:<12} {:<7} {:>10} {:>10}", "", "", "bytes", "budget");
    for part in &parts {
        let mark = if part.bytes > part.budget { "  OVER" } else { "" };
        println!("{:<12} {:<7} {:>10} {:>10}{mark}", part.name, part.coding, part.bytes, part.budget);
    }
    match parts.iter().find(|part| part.bytes > part.budget) {
        None => Ok(()),
        Some(part) => {
            Err(format!("The {} is {} bytes over its budget.", part.name, part.bytes - part.budget))
        }
    }
}

fn measure(
    node: &Node,
    name: &'static str,
    coding: &'static str,
    budget: u64,
    paths: &[PathBuf],
) -> Outcome<Part> {
    Ok(Part { name, coding, bytes: compressed(node, coding, paths)?, budget })
}

/// The inbox with one of its programs.
fn inbox(node: &Node, name: &'static str, program: &str) -> Outcome<Part> {
    let others: Vec<&str> = build::PROGRAMS.into_iter().filter(|it| *it != program).collect();
    measure(node, name, "brotli", INBOX_BYTES, &page_files(&files::root().join("dist"), "inbox", &others)?)
}

/// The sum of the files' compressed sizes; `coding` is `brotli` or `gzip`.
pub(crate) fn compressed(node: &Node, coding: &str, paths: &[PathBuf]) -> Outcome<u64> {
    let sizes = capture("Measuring", node.command().args(["-e", COMPRESS, coding]).args(paths))?;
    Ok(sizes.lines().filter_map(|line| line.parse::<u64>().ok()).sum())
}

/// The page and every file it names, with English as the one language, and without some of its programs.
fn page_files(dist: &Path, name: &str, without: &[&str]) -> Outcome<Vec<PathBuf>> {
    let page = dist.join(name).join("index.html");
    let map = build::read_map(&files::read_text(&page)?)
        .ok_or_else(|| format!("dist/{name}/index.html carries no asset map."))?;
    let loaded = map
        .iter()
        .filter(|(name, _)| !name.starts_with("lang/") || name.starts_with("lang/en."))
        .filter(|(name, _)| !without.iter().any(|program| is_of(program, name)))
        .filter_map(|(_, address)| address.as_str())
        .map(|address| dist.join(address.trim_start_matches('/')));
    Ok(loaded.chain([page.clone()]).collect())
}

/// Whether a file is a program's glue or its wasm.
fn is_of(program: &str, name: &str) -> bool {
    name.strip_prefix(program).is_some_and(|rest| [".js", "_bg.wasm"].contains(&rest))
}
