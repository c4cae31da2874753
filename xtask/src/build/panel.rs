//! The panel: the widget's wasm and everything in `widget/panel/`, as `dist/panel/index.html` and content-named files in
//! `dist/a/`.
//!
//! The page and its scripts name files plainly (`panel.css`, `widget_bg.wasm`, `lang/en.json`); each such name in quotes becomes
//! its address. The page's `<script type="application/json" id="tl-assets">` receives the whole map.

use std::path::{Path, PathBuf};

use crate::build::WASM_FEATURES;
use crate::build::names;
use crate::build::pack::{PAGE, Packing};
use crate::cmd::{Outcome, capture, cargo, command, run, run_quietly};
use crate::files;
use crate::setup::node::Node;
use crate::setup::{self, WASM, progress};
use crate::stamp::Stamp;

/// What wasm-opt does, in this order, chosen by what is left after compression. A function called
/// once stays whole unless it is shorter than the first limit, and one called often unless shorter than the second: larger
/// before compression, smaller after it. Rust keeps the stack in low memory,
/// where nothing else is, so an address's constant part may go into the instruction.
const PASSES: [&str; 9] = [
    "--low-memory-unused",
    "--one-caller-inline-max-function-size=15",
    "--always-inline-max-function-size=5",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--converge",
];

pub(super) fn build(node: &Node, wasm_bindgen: &Path) -> Outcome {
    let compiled = compile()?;
    let sources = files::root().join("widget/panel");
    let dist = files::root().join("dist");
    let stamp = Stamp::new("panel")
        .text(&wasm_bindgen.to_string_lossy())
        .file(&files::root().join("package-lock.json"))?
        .file(&compiled)?
        .dir(&sources)?;
    if stamp.is_fresh(&[&dist.join("panel").join(PAGE), &dist.join("a")]) {
        return Ok(());
    }
    progress("Packing the panel…");
    let bound = bind(node, wasm_bindgen, &compiled)?;
    files::remove_dir(&dist.join("a"))?;
    files::remove_dir(&dist.join("panel"))?;
    let mut packing = Packing::new(node, sources, "a", "panel");
    packing.add_program(&bound, "widget")?;
    packing.add_sources()?;
    packing.finish()?;
    stamp.record()
}

/// Compiles the widget together with a standard library of its own, whose panics are traps without words: their texts,
/// and the code that would format them, are a seventh of what a visitor loads. The pinned compiler can do that today,
/// but asks for a nightly's rights; nothing but the panel is built this way, and no source depends on it.
fn compile() -> Outcome<PathBuf> {
    setup::standard_library()?;
    let target = files::target().join("panel");
    run(
        "Compiling the widget",
        cargo()
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTC_BOOTSTRAP", "1")
            .env(
                "RUSTFLAGS",
                "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
            )
            .args(["build", "-p", "widget", "--lib", "--release", "--target", WASM])
            .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]),
    )?;
    Ok(target.join(WASM).join("release/widget.wasm"))
}

/// Runs wasm-bindgen and wasm-opt; returns the directory with `widget.js` and `widget_bg.wasm`.
fn bind(node: &Node, wasm_bindgen: &Path, compiled: &Path) -> Outcome<PathBuf> {
    let bound = files::scratch().join("panel");
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
            .args(["--out-name", "widget", "--out-dir"])
            .args([&bound, compiled]),
    )?;
    let (raw, text, glue) = (bound.join("widget_bg.wasm"), bound.join("widget.wat"), bound.join("widget.js"));
    let optimize = || {
        let mut optimize = node.program("binaryen/bin/wasm-opt");
        optimize.args(WASM_FEATURES);
        optimize
    };
    run_quietly("wasm-opt", optimize().args(PASSES).arg("-S").arg(&raw).arg("-o").arg(&text))?;
    files::write(&text, names::of_environment(&files::read_text(&text)?))?;
    let shortened = capture(
        "Shortening names",
        optimize().arg(&text).arg("--minify-imports-and-exports").arg("-o").arg(&raw),
    )?;
    let shortened = names::Names::parse(&shortened).ok_or("wasm-opt told no list of shortened names.")?;
    files::write(&glue, shortened.rename(&files::read_text(&glue)?)?)?;
    Ok(bound)
}
