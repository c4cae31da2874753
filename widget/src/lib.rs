//! The chat panel a visitor sees, as WebAssembly in an iframe of the edge's origin.
//!
//! `loader/` is the script a customer pastes: a button, and this panel's frame on intent. `panel/` is the static page that
//! paints first and takes text before this program is there; `panel/boot.js` fetches the words and this program and calls
//! [`start`].
//!
//! - [`model`] is the conversation as plain values; it names no framework and no browser, and its tests run natively.
//! - [`codec`] is the wire by hand, [`retry`] when to try what again, [`typing`] when to say that the visitor types, [`color`], [`links`] and [`words`] small pure parts.
//! - `socket`, `http`, `host`, `clock` and `dom` are the browser; `app` holds the state, `part` by part, and acts; `view`
//!   draws with `element`.
//!
//! Texts are joined with `concat` and numbers written with [`words::decimal`], not with `format!` or `to_string`: a visitor
//! would load the machinery of `core::fmt` for nothing else.

mod app;
mod clock;
pub mod codec;
pub mod color;
mod dom;
mod element;
mod host;
mod http;
pub mod links;
pub mod model;
mod part;
pub mod retry;
mod socket;
pub mod typing;
mod view;
pub mod words;

use wasm_bindgen::prelude::wasm_bindgen;

use codec::json::Json;
pub use model::Model;

/// How often what only time tells is looked after.
const TICK_MS: u64 = 5_000;

/// Takes the page over: `words` is a language file's text, `locale` its tag, `early` a JSON list of what the visitor
/// sent before this program was there, `person` whether they asked for one.
#[wasm_bindgen]
pub fn start(words: &str, locale: String, early: &str, person: bool) {
    let words = words::Words::parse(words).unwrap_or_default();
    let early = Json::parse(early).unwrap_or_default();
    view::mount(words, locale, move |app| {
        app.listen();
        for text in early.list().iter().filter_map(Json::text) {
            app.say(text);
        }
        if person {
            view::person::ask(app);
        }
        dom::every(TICK_MS, move || app.tick());
        for name in ["online", "focus"] {
            dom::on(&dom::window(), name, move |_| app.wake());
        }
        dom::on(&dom::window(), "offline", move |_| app.set_status(app::Status::Offline));
        dom::on(&dom::document(), "visibilitychange", move |_| app.wake());
    });
}
