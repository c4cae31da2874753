//! System packages, only where they can be had without asking: Debian and its kin, as root.

use crate::cmd::{Outcome, capture, command, run_quietly};
use crate::setup::progress;

/// Installs `packages`, or says in one sentence what the person should install.
pub(crate) fn install(what: &str, packages: &[&str]) -> Outcome {
    let root = capture("Asking who runs this", command("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let apt = command("apt-get").arg("--version").output().is_ok_and(|output| output.status.success());
    if !(root && apt) {
        return Err(format!(
            "{what} is not installed; on Debian or Ubuntu: sudo apt-get install {}.",
            packages.join(" ")
        ));
    }
    progress(&format!("Installing {what} with apt-get ({})…", packages.join(", ")));
    run_quietly("apt-get update", command("apt-get").arg("update"))?;
    run_quietly(
        "apt-get install",
        command("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
    )
}
