//! Where things are, and reading and writing them with errors that name the file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cmd::Outcome;

/// The workspace root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Cargo's target directory: `CARGO_TARGET_DIR` when set, `target/` otherwise.
pub(crate) fn target() -> PathBuf {
    root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// What these commands remember between runs; safe to delete.
pub(crate) fn scratch() -> PathBuf {
    root().join(".throughline")
}

/// Tools shared by every checkout of one person: `~/.cache/throughline/tools`.
pub(crate) fn tool_cache() -> Outcome<PathBuf> {
    let cache = match (std::env::var_os("XDG_CACHE_HOME"), std::env::home_dir()) {
        (Some(cache), _) if !cache.is_empty() => PathBuf::from(cache),
        (_, Some(home)) => home.join(".cache"),
        _ => return Err("Set HOME or XDG_CACHE_HOME, so that tools can be kept between runs.".to_owned()),
    };
    Ok(cache.join("throughline").join("tools"))
}

pub(crate) fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("Cannot read {}: {error}.", shown(path)))
}

pub(crate) fn read_text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("Cannot read {}: {error}.", shown(path)))
}

pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Outcome {
    if let Some(dir) = path.parent() {
        create_dir(dir)?;
    }
    fs::write(path, content).map_err(|error| format!("Cannot write {}: {error}.", shown(path)))
}

pub(crate) fn create_dir(dir: &Path) -> Outcome {
    fs::create_dir_all(dir).map_err(|error| format!("Cannot create {}: {error}.", shown(dir)))
}

/// Removes a directory and all below it; absent is fine.
pub(crate) fn remove_dir(dir: &Path) -> Outcome {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("Cannot remove {}: {error}.", shown(dir)))
        }
        _ => Ok(()),
    }
}

/// Every file below `dir`, sorted, as paths relative to it with `/` between the parts. An absent directory has none.
pub(crate) fn list(dir: &Path) -> Outcome<Vec<String>> {
    list_except(dir, &[])
}

/// As [`list`], without the directories whose relative path is in `skipped`.
pub(crate) fn list_except(dir: &Path, skipped: &[&str]) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    if dir.is_dir() {
        collect(dir, "", skipped, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn collect(dir: &Path, prefix: &str, skipped: &[&str], found: &mut Vec<String>) -> Outcome {
    let entries = fs::read_dir(dir).map_err(|error| format!("Cannot list {}: {error}.", shown(dir)))?;
    for entry in entries {
        let path = entry.map_err(|error| format!("Cannot list {}: {error}.", shown(dir)))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let relative = format!("{prefix}{name}");
        if !path.is_dir() {
            found.push(relative);
        } else if !skipped.contains(&relative.as_str()) {
            collect(&path, &format!("{relative}/"), skipped, found)?;
        }
    }
    Ok(())
}

/// What follows the last dot of a file's name, or nothing.
pub(crate) fn extension(name: &str) -> &str {
    Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// The path as a person in the workspace root would type it.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
