//! The worker: compiled by cargo, wrapped by worker-build.

use std::path::Path;

use crate::cmd::{Outcome, cargo, command, run, run_quietly};
use crate::files;
use crate::setup::node::Node;
use crate::setup::{WASM, progress};
use crate::stamp::Stamp;

pub(super) fn build(node: &Node, wasm_bindgen: &Path, worker_build: &Path) -> Outcome {
    let root = files::root();
    // The flags and the variable are worker-build's own, so that its cargo finds nothing left to do.
    run(
        "Compiling the worker",
        cargo()
            .current_dir(root.join("edge"))
            .env("CARGO_TARGET_DIR", files::target())
            .env("WASM_BINDGEN_USE_JS_SYS", "1")
            .args(["build", "--lib", "--release", "--target", WASM]),
    )?;
    let stamp = Stamp::new("edge")
        .text(&wasm_bindgen.to_string_lossy())
        .text(&worker_build.to_string_lossy())
        .file(&root.join("package-lock.json"))?
        .file(&root.join("edge/Cargo.toml"))?
        .file(&files::target().join(WASM).join("release/edge.wasm"))?;
    let build = root.join("edge/build");
    if stamp.is_fresh(&[&build.join("index.js"), &build.join("index_bg.wasm")]) {
        return Ok(());
    }
    progress("Wrapping the worker…");
    // worker-build downloads each of these tools that it is not given.
    run_quietly(
        "worker-build",
        command(worker_build)
            .current_dir(root.join("edge"))
            .env("CARGO_TARGET_DIR", files::target())
            .env("PATH", node.path())
            .env("WASM_BINDGEN_BIN", wasm_bindgen)
            .env("WASM_OPT_BIN", root.join("node_modules/binaryen/bin/wasm-opt"))
            .env("ESBUILD_BIN", root.join("node_modules/esbuild/bin/esbuild"))
            .arg("--release"),
    )?;
    stamp.record()
}
