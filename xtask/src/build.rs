//! `build`: the widget and the inbox into `dist/`, the worker into `edge/build/`. A step whose inputs did not change is skipped.

mod edge;
mod inbox;
mod loader;
mod names;
mod pack;
mod panel;
mod rewrite;

pub(crate) use inbox::PROGRAMS;
pub(crate) use rewrite::read_map;

use std::process::Command;

use crate::cmd::Outcome;
use crate::files;
use crate::setup::{self, cargo_tool, node::Node};

/// Everything under `/a/` is named by its content and never changes. Host pages load the scripts and the panel's iframe
/// fetches fonts and wasm from there, so both are readable from any origin. `/i/` is the same for the inbox, on our own pages only.
const HEADERS: &str = "\
/a/*
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
/i/*
  Cache-Control: public, max-age=31536000, immutable
  Service-Worker-Allowed: /inbox/
  X-Content-Type-Options: nosniff
/loader.js
  Cache-Control: public, max-age=300, stale-while-revalidate=86400
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
/forms.js
  Cache-Control: public, max-age=300, stale-while-revalidate=86400
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
";

/// The WebAssembly features rustc uses by default; newer encodings are left out so that older engines still load it.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

pub(crate) fn build() -> Outcome {
    let node = setup::node::node()?;
    setup::wasm_target()?;
    let wasm_bindgen = cargo_tool::wasm_bindgen()?;
    let worker_build = cargo_tool::worker_build()?;
    loader::build(&node)?;
    panel::build(&node, &wasm_bindgen)?;
    inbox::build(&node, &wasm_bindgen)?;
    files::write(&files::root().join("dist/_headers"), HEADERS)?;
    edge::build(&node, &wasm_bindgen, &worker_build)
}

fn esbuild(node: &Node) -> Command {
    let mut esbuild = node.program("esbuild/bin/esbuild");
    esbuild.args(["--minify", "--target=es2022", "--log-level=warning"]);
    esbuild
}
