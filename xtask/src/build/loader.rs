//! The script a customer pastes: minified, nothing else. Its name is part of the customer's page and never changes.

use crate::build::esbuild;
use crate::cmd::{Outcome, run_quietly};
use crate::files;
use crate::setup::node::Node;
use crate::setup::progress;
use crate::stamp::Stamp;

pub(super) fn build(node: &Node) -> Outcome {
    let (source, output) =
        (files::root().join("widget/loader/loader.js"), files::root().join("dist/loader.js"));
    let stamp = Stamp::new("loader").file(&source)?.file(&files::root().join("package-lock.json"))?;
    if stamp.is_fresh(&[&output]) {
        return Ok(());
    }
    progress("Minifying the loader…");
    let outfile = format!("--outfile={}", output.display());
    run_quietly("Minifying the loader", esbuild(node).arg(&source).arg(outfile))?;
    stamp.record()
}
