//! The inbox: its two programs and everything in `inbox/page/`, as `dist/inbox/index.html` and content-named files in `dist/i/`.

use std::path::{Path, PathBuf};

use crate::build::WASM_FEATURES;
use crate::build::pack::{PAGE, Packing};
use crate::cmd::{Outcome, cargo, command, run, run_quietly};
use crate::files;
use crate::setup::node::Node;
use crate::setup::{WASM, progress};
use crate::stamp::Stamp;

/// The programs, each with what it reaches of the library; the page's script runs one of them.
pub(crate) const PROGRAMS: [&str; 2] = ["threads", "pages"];

/// Leptos' own switch: views lose their types where a component ends, so that no view is compiled into another. A sixth less.
const ERASED: &str = "--cfg erase_components";

pub(super) fn build(node: &Node, wasm_bindgen: &Path) -> Outcome {
    run(
        "Compiling the inbox",
        cargo().env("RUSTFLAGS", ERASED).args([
            "build",
            "-p",
            "inbox",
            "--bins",
            "--release",
            "--target",
            WASM,
        ]),
    )?;
    let compiled = PROGRAMS.map(|program| files::target().join(WASM).join(format!("release/{program}.wasm")));
    let sources = files::root().join("inbox/page");
    let dist = files::root().join("dist");
    let mut stamp = Stamp::new("inbox")
        .text(&wasm_bindgen.to_string_lossy())
        .file(&files::root().join("package-lock.json"))?
        .dir(&sources)?;
    for program in &compiled {
        stamp = stamp.file(program)?;
    }
    if stamp.is_fresh(&[&dist.join("inbox").join(PAGE), &dist.join("i")]) {
        return Ok(());
    }
    progress("Packing the inbox…");
    files::remove_dir(&dist.join("i"))?;
    files::remove_dir(&dist.join("inbox"))?;
    let mut packing = Packing::new(node, sources, "i", "inbox");
    for (program, compiled) in PROGRAMS.iter().zip(&compiled) {
        packing.add_program(&bind(node, wasm_bindgen, program, compiled)?, program)?;
    }
    packing.add_sources()?;
    packing.finish()?;
    stamp.record()
}

/// Runs wasm-bindgen and wasm-opt; returns the directory with `{program}.js` and `{program}_bg.wasm`.
fn bind(node: &Node, wasm_bindgen: &Path, program: &str, compiled: &Path) -> Outcome<PathBuf> {
    let bound = files::scratch().join("inbox").join(program);
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
            .args(["--out-name", program, "--out-dir"])
            .args([&bound, compiled]),
    )?;
    let wasm = bound.join(format!("{program}_bg.wasm"));
    let mut optimize = node.program("binaryen/bin/wasm-opt");
    run_quietly("wasm-opt", optimize.args(WASM_FEATURES).arg("-Oz").arg(&wasm).arg("-o").arg(&wasm))?;
    Ok(bound)
}
