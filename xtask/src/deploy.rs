//! `deploy`: build, migrate, deploy. `--dry-run` does everything that needs neither a network nor an account.

use crate::cmd::{Outcome, capture, run};
use crate::setup::node::{Node, node};
use crate::size::{WORKER_BYTES, compressed};
use crate::{build, files, migration};

/// What the worker asks its environment for. Wrangler must list each, or the deployed worker would fail at its first use.
const BINDINGS: [&str; 10] =
    ["DB", "ROOMS", "DESKS", "JOBS", "FILES", "EMAIL", "SELF", "ASSETS", "PUBLIC_URL", "ENVIRONMENT"];

pub(crate) fn deploy() -> Outcome {
    build::build()?;
    let node = node()?;
    migration::check(&node)?;
    run("Migrating the database", wrangler(&node).args(["d1", "migrations", "apply", "DB", "--remote"]))?;
    run("Deploying", wrangler(&node).arg("deploy"))
}

pub(crate) fn dry_run() -> Outcome {
    build::build()?;
    let node = node()?;
    migration::check(&node)?;
    let out = files::scratch().join("deploy");
    files::remove_dir(&out)?;
    let report = capture(
        "wrangler deploy --dry-run",
        wrangler(&node).env("CI", "1").args(["deploy", "--dry-run", "--outdir"]).arg(&out),
    )?;
    if let Some(missing) = missing_binding(&report) {
        println!("{report}");
        return Err(format!("wrangler.jsonc binds no {missing}, which the worker needs."));
    }
    let bundle: Vec<_> = files::list(&out)?
        .into_iter()
        .filter(|name| matches!(files::extension(name), "js" | "wasm"))
        .map(|name| out.join(name))
        .collect();
    let bytes = compressed(&node, "gzip", &bundle)?;
    if bytes > WORKER_BYTES {
        return Err(format!("The worker is {bytes} bytes with gzip, more than {WORKER_BYTES}."));
    }
    println!("Ready to deploy: {} bindings, {bytes} of {WORKER_BYTES} bytes with gzip.", BINDINGS.len());
    Ok(())
}

fn wrangler(node: &Node) -> std::process::Command {
    let mut wrangler = node.program("wrangler/bin/wrangler.js");
    wrangler.env("WRANGLER_SEND_METRICS", "false").env("WRANGLER_HIDE_BANNER", "true");
    wrangler
}

/// The first of [`BINDINGS`] that wrangler's report, with lines such as `env.DB (throughline)   D1 Database`, does not list.
fn missing_binding(report: &str) -> Option<&'static str> {
    let listed: Vec<&str> = report
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("env."))
        .filter_map(|line| line.split([' ', '(']).next())
        .collect();
    BINDINGS.into_iter().find(|binding| !listed.contains(binding))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"
Your Worker has access to the following bindings:
Binding                                   Resource
env.ROOMS (Room)                          Durable Object
env.DESKS (Desk)                          Durable Object
env.EMAIL (unrestricted)                  Send Email
env.SELF (throughline)                    Worker
env.JOBS (throughline-jobs)               Queue
env.DB (throughline)                      D1 Database
env.FILES (throughline-files)             R2 Bucket
env.ASSETS                                Assets
env.ENVIRONMENT ("production")            Environment Variable
env.PUBLIC_URL ("https://example.com")    Environment Variable
"#;

    #[test]
    fn a_full_report_misses_nothing() {
        assert_eq!(missing_binding(REPORT), None);
    }

    #[test]
    fn a_binding_is_missed_by_its_whole_name() {
        assert_eq!(missing_binding(&REPORT.replace("env.DB ", "env.DB2 ")), Some("DB"));
        assert_eq!(missing_binding(""), Some("DB"));
    }
}
