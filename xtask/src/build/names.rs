//! Short names between the panel's wasm and its glue.
//!
//! wasm-bindgen names every function that crosses by what it does and a hash, on both sides; hashes do not compress. wasm-opt
//! shortens the wasm's side and tells how, for imports of the module `env` only, and [`Names::rename`] does the same to
//! the glue. Pure.

use serde_json::Value;

const MODULE: &str = "\"./widget_bg.js\"";
const ENVIRONMENT: &str = "\"env\"";

/// The wasm's text with its imports taken from `env`.
pub(super) fn of_environment(text: &str) -> String {
    text.replace(&format!("(import {MODULE}"), &format!("(import {ENVIRONMENT}"))
}

/// Old names and new ones.
pub(super) struct Names {
    imports: Vec<(String, String)>,
    exports: Vec<(String, String)>,
}

impl Names {
    /// Reads what `wasm-opt --minify-imports-and-exports` prints: `{"imports": [[module, old, new]], "exports": [[old, new]]}`.
    pub(super) fn parse(told: &str) -> Option<Self> {
        let told: Value = serde_json::from_str(told).ok()?;
        let pairs = |key: &str, from: usize| {
            let pair = |row: &Value| {
                Some((row.get(from)?.as_str()?.to_owned(), row.get(from + 1)?.as_str()?.to_owned()))
            };
            told.get(key)?.as_array()?.iter().map(pair).collect::<Option<Vec<_>>>()
        };
        Some(Self { imports: pairs("imports", 1)?, exports: pairs("exports", 0)? })
    }

    /// The glue with the new names. Every import must stand in it once.
    pub(super) fn rename(&self, glue: &str) -> Result<String, String> {
        let mut glue = glue.replace(&format!("{MODULE}: "), &format!("{ENVIRONMENT}: "));
        for (old, new) in &self.imports {
            let written = format!(" {old}: function");
            if glue.matches(&written).count() != 1 {
                return Err(format!("The glue does not define {old} once."));
            }
            glue = glue.replace(&written, &format!(" {new}: function"));
        }
        Ok(self.exports.iter().fold(glue, |glue, (old, new)| rename_export(&glue, old, new)))
    }
}

/// Replaces `wasm.old` where no longer name goes on.
fn rename_export(glue: &str, old: &str, new: &str) -> String {
    let (written, short) = (format!("wasm.{old}"), format!("wasm.{new}"));
    let mut out = String::with_capacity(glue.len());
    let mut rest = glue;
    while let Some(at) = rest.find(&written) {
        let (before, after) = (&rest[..at], &rest[at + written.len()..]);
        let longer =
            after.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_' || next == '$');
        out.push_str(before);
        out.push_str(if longer { &written } else { &short });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str =
        r#"{"imports": [["env", "__wbg_now_1f", "a"]], "exports": [["memory", "b"], ["start", "c"]]}"#;

    #[test]
    fn both_sides_get_the_same_names() {
        let names = Names::parse(TOLD).expect("a list");
        let glue = "import0 = { __wbg_now_1f: function() {} }; { \"./widget_bg.js\": import0 } start(); wasm.start(wasm.memory, wasm.memory2)";
        let expected =
            "import0 = { a: function() {} }; { \"env\": import0 } start(); wasm.c(wasm.b, wasm.memory2)";
        assert_eq!(names.rename(glue).as_deref(), Ok(expected));
        assert_eq!(of_environment(r#"(import "./widget_bg.js" "x")"#), r#"(import "env" "x")"#);
    }

    #[test]
    fn a_glue_that_lacks_an_import_is_refused() {
        let names = Names::parse(TOLD).expect("a list");
        assert!(names.rename("import0 = {}").is_err());
        assert!(Names::parse("[]").is_none());
    }
}
