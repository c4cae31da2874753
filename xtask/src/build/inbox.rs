//! The inbox: its wasm and everything in `inbox/page/`, as `dist/inbox/index.html` and content-named files in `dist/i/`.

use std::path::{Path, PathBuf};

use crate::build::WASM_FEATURES;
use crate::build::pack::{PAGE, Packing};
use crate::cmd::{Outcome, cargo, command, run, run_quietly};
use crate::files;
use crate::setup::node::Node;
use crate::setup::{WASM, progress};
use crate::stamp::Stamp;

pub(super) fn build(node: &Node, wasm_bindgen: &Path) -> Outcome {
    run(
        "Compiling the inbox",
        cargo().args(["build", "-p", "inbox", "--lib", "--release", "--target", WASM]),
    )?;
    let compiled = files::target().join(WASM).join("release/inbox.wasm");
    let sources = files::root().join("inbox/page");
    let dist = files::root().join("dist");
    let stamp = Stamp::new("inbox")
        .text(&wasm_bindgen.to_string_lossy())
        .file(&files::root().join("package-lock.json"))?
        .file(&compiled)?
        .dir(&sources)?;
    if stamp.is_fresh(&[&dist.join("inbox").join(PAGE), &dist.join("i")]) {
        return Ok(());
    }
    progress("Packing the inbox…");
    let bound = bind(node, wasm_bindgen, &compiled)?;
    files::remove_dir(&dist.join("i"))?;
    files::remove_dir(&dist.join("inbox"))?;
    let mut packing = Packing::new(node, sources, "i", "inbox");
    packing.add_program(&bound, "inbox")?;
    packing.add_sources()?;
    packing.finish()?;
    stamp.record()
}

/// Runs wasm-bindgen and wasm-opt; returns the directory with `inbox.js` and `inbox_bg.wasm`.
fn bind(node: &Node, wasm_bindgen: &Path, compiled: &Path) -> Outcome<PathBuf> {
    let bound = files::scratch().join("inbox");
    files::remove_dir(&bound)?;
    run_quietly(
        "wasm-bindgen",
        command(wasm_bindgen)
            .args([
                "--target",
                "web",
                "--no-typescript",
                "--remove-name-section",
                "--remove-producers-section",
            ])
            .args(["--out-name", "inbox", "--out-dir"])
            .args([&bound, compiled]),
    )?;
    let wasm = bound.join("inbox_bg.wasm");
    let mut optimize = node.program("binaryen/bin/wasm-opt");
    run_quietly("wasm-opt", optimize.args(WASM_FEATURES).arg("-Oz").arg(&wasm).arg("-o").arg(&wasm))?;
    Ok(bound)
}
