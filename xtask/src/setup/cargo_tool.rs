//! Command-line tools from crates.io, each version in a directory of its own in the tool cache.

use std::fs;
use std::path::PathBuf;

use crate::cmd::{Outcome, cargo, command, run};
use crate::setup::{debian, progress};
use crate::{files, lockfile};

/// wasm-bindgen's generator, at exactly the version of the `wasm-bindgen` crate: the two refuse to work otherwise.
pub(crate) fn wasm_bindgen() -> Outcome<PathBuf> {
    let version = lockfile::version_of("wasm-bindgen")?;
    // The lock file its package carries pins yanked crates, so this one is resolved afresh.
    install("wasm-bindgen-cli", "wasm-bindgen", &version, &[])
}

/// Wraps the compiled worker in JavaScript, at the version of the `worker` crate.
pub(crate) fn worker_build() -> Outcome<PathBuf> {
    let version = lockfile::version_of("worker")?;
    if cached("worker-build", "worker-build", &version)?.is_none() {
        openssl()?;
    }
    install("worker-build", "worker-build", &version, &["--locked"])
}

fn cached(package: &str, program: &str, version: &str) -> Outcome<Option<PathBuf>> {
    let path = files::tool_cache()?.join(format!("{package}-{version}")).join("bin").join(program);
    Ok(path.is_file().then_some(path))
}

fn install(package: &str, program: &str, version: &str, flags: &[&str]) -> Outcome<PathBuf> {
    if let Some(path) = cached(package, program, version)? {
        return Ok(path);
    }
    progress(&format!("Installing {package} {version} (a few minutes, once)…"));
    let cache = files::tool_cache()?;
    let (partial, done) =
        (cache.join(format!("{package}-{version}.partial")), cache.join(format!("{package}-{version}")));
    files::create_dir(&partial)?;
    // Started from the cache, whose parents hold no cargo configuration of this workspace; and with a target directory of
    // its own, so that the tool's crates do not mix with ours.
    run(
        &format!("Installing {package}"),
        cargo()
            .current_dir(&cache)
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS")
            .args(["install", "--quiet", package, "--version", &format!("={version}"), "--root"])
            .arg(&partial)
            .args(flags),
    )?;
    files::remove_dir(&done)?;
    fs::rename(&partial, &done).map_err(|error| format!("Cannot keep {package}: {error}."))?;
    cached(package, program, version)?
        .ok_or_else(|| format!("{package} {version} installed no program `{program}`."))
}

/// worker-build links the system's OpenSSL on Linux.
fn openssl() -> Outcome {
    if !cfg!(target_os = "linux") || std::env::var_os("OPENSSL_DIR").is_some() {
        return Ok(());
    }
    let found = command("pkg-config").args(["--exists", "openssl"]).status().is_ok_and(|s| s.success());
    if found { Ok(()) } else { debian::install("OpenSSL's headers", &["pkg-config", "libssl-dev"]) }
}
