//! A Chromium for the browser tests: `$CHROME`, an installed one, or Debian's.

use std::path::{Path, PathBuf};

use crate::cmd::Outcome;
use crate::setup::debian;

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const APPS: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

pub(crate) fn chromium() -> Outcome<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROME").map(PathBuf::from) {
        return if chosen.is_file() {
            Ok(chosen)
        } else {
            Err(format!("CHROME is set to {}, which is not a file.", chosen.display()))
        };
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    debian::install("Chromium", &["chromium"]).map_err(|message| {
        format!("{message} Elsewhere install Chrome or Chromium, or point CHROME at one.")
    })?;
    installed().ok_or_else(|| "Chromium was installed but is not on PATH; point CHROME at it.".to_owned())
}

fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = NAMES.iter().flat_map(|name| std::env::split_paths(&path).map(move |dir| dir.join(name)));
    on_path.chain(APPS.map(|app| Path::new(app).to_owned())).find(|candidate| candidate.is_file())
}
