//! The inbox, as WebAssembly: where a site's team sees one timeline per person, and answers.
//!
//! - [`model`] is what the inbox holds as plain values: the timeline merged by cursor, messages on their way with their
//!   undo, keyboard commands. It names no framework and no browser, and its tests run natively.
//! - [`route`] is the address bar, [`words`] the language.
//! - `net` and `live` speak to the edge, `browser` to the page; `state` holds what is shown and acts; `view` draws.
//!
//! What the edge sends is text and is shown as text: nothing it says becomes markup.

mod browser;
mod live;
pub mod model;
mod net;
mod push;
pub mod route;
mod state;
#[expect(unreachable_pub, reason = "what the component macro makes is public whatever the component is")]
mod view;
pub mod words;

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes the page over: `language` is a language file's text, `locale` its tag.
#[wasm_bindgen]
pub fn start(language: &str, locale: String) {
    words::choose(words::Words::parse(language), locale);
    view::mount();
}
