//! The program of lists, timelines and their people. The page calls it, with the language it has fetched.

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes the page over: `language` is a language file's text, `locale` its tag.
#[wasm_bindgen]
pub fn start(language: &str, locale: String) {
    inbox::threads(language, locale);
}

fn main() {}
