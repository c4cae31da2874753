//! The inbox, as WebAssembly: where a site's team sees one timeline per person, and answers.
//!
//! - [`model`] is what the inbox holds as plain values: the timeline merged by cursor, messages on their way with their
//!   undo, keyboard commands. It names no framework and no browser, and its tests run natively.
//! - [`route`] is the address bar, [`words`] the language.
//! - `net` and `live` speak to the edge, `browser` to the page; `state` holds what is shown and acts; `view` draws.
//!
//! It is two programs, `bin/threads.rs` and `bin/pages.rs`, since nobody who answers a message needs the settings first. Both are this
//! library, each with what it reaches of it: what is theirs alone is behind `state::Program`. The page's script runs the one
//! that shows what the address names, and a link to what the other one shows loads the page anew.
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

use words::Words;

/// Takes the page over with lists and timelines: `language` is a language file's text, `locale` its tag.
pub fn threads(language: &str, locale: String) {
    words::choose(Words::parse(language), locale);
    view::mount(view::threads::program);
}

/// The same with review, reports and settings.
pub fn pages(language: &str, locale: String) {
    words::choose(Words::parse(language), locale);
    view::mount(view::pages::program);
}
