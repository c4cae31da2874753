//! Getting the tools a command needs, automatically and once, with a line that says so.
//!
//! Everything comes from a package registry (npm, crates.io, Debian, rustup). A C compiler is not checked for: without one
//! cargo could not have linked this program. Nothing outside the tool cache, `node_modules/` and rustup's own directory is
//! written, except on Debian as root, where two system packages may be installed.

pub(crate) mod cargo_tool;
pub(crate) mod chromium;
pub(crate) mod debian;
pub(crate) mod node;

use crate::cmd::{Outcome, capture, command, run};

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Says what takes time, before it does.
pub(crate) fn progress(line: &str) {
    eprintln!("\x1b[2m·\x1b[0m {line}");
}

/// The standard library for WebAssembly.
pub(crate) fn wasm_target() -> Outcome {
    let libraries = capture(
        "Asking rustc for its targets",
        command("rustc").args(["--target", WASM, "--print", "target-libdir"]),
    )?;
    if std::path::Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    progress("Installing Rust's wasm32-unknown-unknown target…");
    run("Installing the wasm target", command("rustup").args(["target", "add", WASM]))
}

/// The standard library's source, to compile it anew for the panel.
pub(crate) fn standard_library() -> Outcome {
    let root = capture("Asking rustc for its directory", command("rustc").args(["--print", "sysroot"]))?;
    if std::path::Path::new(root.trim()).join("lib/rustlib/src/rust/library/std").is_dir() {
        return Ok(());
    }
    progress("Installing the source of Rust's standard library…");
    run("Installing rust-src", command("rustup").args(["component", "add", "rust-src"]))
}
