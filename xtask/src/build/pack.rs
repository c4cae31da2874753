//! A page with its program, styles, scripts and words, as one HTML file and content-named files beside the others.
//!
//! The page and its scripts name files plainly (`panel.css`, `widget_bg.wasm`, `lang/en.json`); each such name in quotes becomes
//! its address. The page's `<script type="application/json" id="tl-assets">` receives the whole map.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::build::esbuild;
use crate::build::rewrite::{Assets, fill_map};
use crate::cmd::{Outcome, capture};
use crate::files;
use crate::setup::node::Node;
use crate::stamp::short_hash;

/// The page of a directory of sources, and what it is served as.
pub(super) const PAGE: &str = "index.html";

/// A page that is being packed.
pub(super) struct Packing<'a> {
    node: &'a Node,
    sources: PathBuf,
    dist: PathBuf,
    /// The directory of the content-named files.
    files: &'static str,
    /// The directory of the page.
    page: &'static str,
    assets: Assets,
}

impl<'a> Packing<'a> {
    /// Packs `sources` into `dist/{page}/index.html` and `dist/{files}/`.
    pub(super) fn new(node: &'a Node, sources: PathBuf, files: &'static str, page: &'static str) -> Self {
        Self { node, sources, dist: files::root().join("dist"), files, page, assets: Assets::default() }
    }

    /// The program that wasm-bindgen left in `bound`: the wasm first, because the glue names it.
    pub(super) fn add_program(&mut self, bound: &Path, name: &str) -> Outcome {
        let wasm = format!("{name}_bg.wasm");
        self.add(&wasm, &files::read(&bound.join(&wasm))?)?;
        // Bundled, so that the snippets wasm-bindgen puts beside the glue are inside it.
        let glue = format!("{name}.js");
        let minified = capture(
            &format!("Minifying the glue of the {name}"),
            esbuild(self.node).args(["--bundle", "--format=esm"]).arg(bound.join(&glue)),
        )?;
        self.add_text(&glue, &minified)
    }

    /// Everything else: scripts last, because they may name the other files.
    pub(super) fn add_sources(&mut self) -> Outcome {
        let (scripts, others): (Vec<_>, Vec<_>) = files::list(&self.sources)?
            .into_iter()
            .filter(|name| name != PAGE)
            .partition(|name| files::extension(name) == "js");
        for name in others.iter().chain(&scripts) {
            let path = self.sources.join(name);
            match files::extension(name) {
                "json" | "webmanifest" => self.add_text(name, &minify_json(&path)?)?,
                "css" | "js" => {
                    let minified = capture(&format!("Minifying {name}"), esbuild(self.node).arg(&path))?;
                    self.add_text(name, &minified)?;
                }
                _ => self.add(name, &files::read(&path)?)?,
            }
        }
        Ok(())
    }

    /// The page itself.
    pub(super) fn finish(self) -> Outcome {
        let source = self.sources.join(PAGE);
        let page = self.assets.rewrite(&files::read_text(&source)?);
        let page = fill_map(&page, &self.assets.to_json()).ok_or_else(|| {
            let shown = files::shown(&source);
            format!("{shown} has no <script type=\"application/json\" id=\"tl-assets\">{{}}</script>.")
        })?;
        files::write(&self.dist.join(self.page).join(PAGE), page)
    }

    fn add_text(&mut self, name: &str, text: &str) -> Outcome {
        let text = self.assets.rewrite(text.trim_end());
        self.add(name, text.as_bytes())
    }

    fn add(&mut self, name: &str, content: &[u8]) -> Outcome {
        let address = format!("{}/{}.{}", self.files, short_hash(content), files::extension(name));
        files::write(&self.dist.join(&address), content)?;
        self.assets.insert(name, &format!("/{address}"));
        Ok(())
    }
}

fn minify_json(path: &Path) -> Outcome<String> {
    let value: Value = serde_json::from_str(&files::read_text(path)?)
        .map_err(|error| format!("{} is not JSON: {error}.", files::shown(path)))?;
    Ok(value.to_string())
}
