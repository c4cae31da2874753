//! `ci` and `test`: the one list of what must hold before a change is merged. CI runs this and nothing else.

use std::process::Command;

use crate::args::Selection;
use crate::cmd::{Outcome, cargo, run};
use crate::setup::node::{Node, node};
use crate::setup::{self, WASM, chromium};
use crate::steps::Steps;
use crate::{build, deploy, rules, size};

/// Each crate alone, so that none borrows another's features.
const NATIVE: [&[&str]; 7] = [
    &["-p", "shared", "--features", "sqlite"],
    &["-p", "xtask"],
    &["-p", "e2e"],
    &["-p", "edge"],
    &["-p", "widget"],
    &["-p", "inbox"],
    &["-p", "verify-consent"],
];
const BROWSER_AND_WORKER: [&[&str]; 4] =
    [&["-p", "shared"], &["-p", "edge"], &["-p", "widget"], &["-p", "inbox"]];

pub(crate) fn test(selection: Selection) -> Outcome {
    let mut steps = Steps::default();
    match selection {
        Selection::Everything => {
            checks(&mut steps);
            unit(&mut steps);
            steps.check("build", build::build);
            steps.check("size", size::size);
            steps.check("deploy, dry", deploy::dry_run);
            end_to_end(&mut steps);
            browser(&mut steps);
        }
        Selection::Checks => checks(&mut steps),
        Selection::Unit => unit(&mut steps),
        Selection::EndToEnd => {
            steps.check("build", build::build);
            end_to_end(&mut steps);
        }
        Selection::Browser => {
            steps.check("build", build::build);
            browser(&mut steps);
        }
    }
    steps.finish()
}

fn checks(steps: &mut Steps) {
    steps.check("format", || run("cargo fmt", cargo().args(["fmt", "--all", "--", "--check"])));
    steps.check("rules", rules::check);
    steps.check("clippy, native", || {
        NATIVE.iter().try_for_each(|package| clippy(package, &["--all-targets"]))
    });
    steps.check("clippy, wasm32", || {
        setup::wasm_target()?;
        BROWSER_AND_WORKER.iter().try_for_each(|package| clippy(package, &["--target", WASM]))
    });
    steps.check("documentation", || {
        run(
            "cargo doc",
            cargo().env("RUSTDOCFLAGS", "-Dwarnings").args([
                "doc",
                "--quiet",
                "--workspace",
                "--no-deps",
                "--features",
                "shared/sqlite",
            ]),
        )
    });
}

fn clippy(package: &[&str], flags: &[&str]) -> Outcome {
    run(
        &format!("clippy {}", package.join(" ")),
        cargo().args(["clippy", "--quiet"]).args(package).args(flags).args(["--", "-D", "warnings"]),
    )
}

/// Everything that needs neither workerd nor a browser, the simulations included.
fn unit(steps: &mut Steps) {
    for package in NATIVE.iter().filter(|package| package[1] != "e2e") {
        steps.tests(&format!("tests, {}", package[1]), || Ok(cargo_test(package)));
    }
    // The stand-ins alone; what they stand beside is driven further down.
    steps.tests("tests, e2e", || Ok(cargo_test(&["-p", "e2e", "--lib"])));
}

/// The `e2e` package's target `edge`, which drives the built worker in workerd.
fn end_to_end(steps: &mut Steps) {
    steps.tests("end to end, workerd", || Ok(target("edge", &node()?)));
}

/// The `e2e` package's target `browser`, which drives the built widget in a Chromium as well.
fn browser(steps: &mut Steps) {
    steps.tests("end to end, browser", || {
        let mut command = target("browser", &node()?);
        command.env("CHROME", chromium::chromium()?);
        Ok(command)
    });
}

fn target(name: &str, node: &Node) -> Command {
    let mut command = cargo_test(&["-p", "e2e", "--test", name]);
    command.env("PATH", node.path()).env("THROUGHLINE_NODE", node.bin());
    command
}

fn cargo_test(package: &[&str]) -> Command {
    let mut command = cargo();
    command.args(["test", "--quiet", "--no-fail-fast"]).args(package);
    command
}
