//! The script a customer pastes, and the one it brings for the page's own forms: minified, nothing else. Their names are
//! part of the customer's page and never change.

use crate::build::esbuild;
use crate::cmd::{Outcome, run_quietly};
use crate::files;
use crate::setup::node::Node;
use crate::setup::progress;
use crate::stamp::Stamp;

pub(super) fn build(node: &Node) -> Outcome {
    for name in ["loader", "forms"] {
        minify(node, name)?;
    }
    Ok(())
}

fn minify(node: &Node, name: &str) -> Outcome {
    let root = files::root();
    let source = root.join(format!("widget/loader/{name}.js"));
    let output = root.join(format!("dist/{name}.js"));
    let stamp = Stamp::new(name).file(&source)?.file(&root.join("package-lock.json"))?;
    if stamp.is_fresh(&[&output]) {
        return Ok(());
    }
    progress(&format!("Minifying {name}.js…"));
    let outfile = format!("--outfile={}", output.display());
    run_quietly("Minifying a script", esbuild(node).arg(&source).arg(outfile))?;
    stamp.record()
}
