//! The page around the panel: what it keeps for us, and what it asks of us.
//!
//! The panel runs in a frame of another origin, where some browsers give no lasting storage, so the loader keeps the
//! panel's few texts in the host page's own storage under `throughline:KEY`. Every message is a JSON text with the key
//! `tl`. The loader puts its origin into the frame's address, after the `#`; the panel posts to that origin only and
//! listens to that origin's window only. A page that lies about its origin cannot frame the panel at all: the edge's
//! `frame-ancestors` names the site's origins. Opened on its own, the panel keeps its texts itself.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Storage, Window};

use crate::codec::json::{Json, Object};
use crate::dom;

/// The names of what is kept.
pub(crate) mod kept {
    /// The edge's last `Session`, as it came.
    pub(crate) const SESSION: &str = "";
    /// The composer's text.
    pub(crate) const DRAFT: &str = ":draft";
    /// How far the visitor had read.
    pub(crate) const SEEN: &str = ":seen";
    /// In front of the id of something that waits in the outbox.
    pub(crate) const OUTBOX: &str = ":out:";
}

/// What the page says.
pub(crate) enum Asked {
    /// First: what was kept, whether the panel shows, and what was set before it was there.
    Init { saved: Vec<(String, String)>, open: bool },
    /// The panel shows now.
    Open,
    /// It does not.
    Close,
    /// Speak this language.
    Locale(String),
    /// `light`, `dark` or anything else for the visitor's own choice.
    Theme(String),
    /// Who the visitor is, signed by the site.
    Identify(String),
    /// Another tab changed what is kept.
    Saved(String, Option<String>),
}

/// The way to the page.
pub(crate) struct Host {
    parent: Option<Window>,
    origin: String,
    key: String,
}

impl Host {
    /// Finds out where the panel runs.
    pub(crate) fn new() -> Self {
        let window = dom::window();
        let hash = window.location().hash().unwrap_or_default();
        let parent = window.parent().ok().flatten().filter(|parent| *parent != window);
        let path = window.location().pathname().unwrap_or_default();
        let key = path.rsplit_once('/').map_or("", |(_, key)| key).to_owned();
        Self { parent, origin: hash.trim_start_matches('#').to_owned(), key }
    }

    /// The widget's key: the last part of the panel's address.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Listens to the page, and says that the panel is there. A panel on its own is asked at once.
    pub(crate) fn listen(&self, mut asked: impl FnMut(Asked) + 'static) {
        let Some(parent) = self.parent.clone() else {
            asked(Asked::Init { saved: self.own_saved(), open: true });
            return;
        };
        let origin = self.origin.clone();
        dom::on(&dom::window(), "message", move |event| {
            let event: MessageEvent = event.unchecked_into();
            let from_parent =
                event.source().is_some_and(|source| JsValue::from(source) == JsValue::from(&parent));
            if from_parent
                && event.origin() == origin
                && let Some(json) = event.data().as_string().and_then(|text| Json::parse(&text))
            {
                for message in read(&json) {
                    asked(message);
                }
            }
        });
        self.post(Object::default().text("tl", "hi"));
    }

    /// Keeps a text over reloads, or forgets it.
    pub(crate) fn keep(&self, name: &str, value: Option<&str>) {
        if self.parent.is_some() {
            self.post(Object::default().text("tl", "put").text("k", name).maybe("v", value));
        } else if let Some(storage) = own_storage() {
            let key = [&self.prefix(), name].concat();
            match value {
                Some(value) => storage.set_item(&key, value).ok(),
                None => storage.remove_item(&key).ok(),
            };
        }
    }

    /// Tells the page something; `message` has the key `tl`.
    pub(crate) fn post(&self, message: Object) {
        if let Some(parent) = &self.parent {
            // An origin that is none, because the address was tampered with, reaches nobody.
            parent.post_message(&message.end().into(), &self.origin).ok();
        }
    }

    fn prefix(&self) -> String {
        ["throughline:", &self.key].concat()
    }

    fn own_saved(&self) -> Vec<(String, String)> {
        let Some(storage) = own_storage() else { return Vec::new() };
        let (prefix, mut saved) = (self.prefix(), Vec::new());
        for index in 0..storage.length().unwrap_or(0) {
            if let Ok(Some(name)) = storage.key(index)
                && let Some(short) = name.strip_prefix(&prefix)
                && (short.is_empty() || short.starts_with(':'))
                && let Ok(Some(value)) = storage.get_item(&name)
            {
                saved.push((short.to_owned(), value));
            }
        }
        saved
    }
}

fn own_storage() -> Option<Storage> {
    dom::window().local_storage().ok().flatten()
}

fn read(json: &Json) -> Vec<Asked> {
    let value = |key: &str| json.get(key).text().map(str::to_owned);
    let mut asked = Vec::new();
    match json.get("tl").text() {
        Some("init") => {
            asked.extend(value("locale").map(Asked::Locale));
            asked.extend(value("theme").map(Asked::Theme));
            asked.extend(value("identify").map(Asked::Identify));
            let mut saved = Vec::new();
            if let Json::Map(entries) = json.get("saved") {
                for (name, value) in entries {
                    saved.extend(value.text().map(|value| (name.clone(), value.to_owned())));
                }
            }
            asked.push(Asked::Init { saved, open: json.get("open").bool() == Some(true) });
        }
        Some("open") => asked.push(Asked::Open),
        Some("close") => asked.push(Asked::Close),
        Some("locale") => asked.extend(value("v").map(Asked::Locale)),
        Some("theme") => asked.extend(value("v").map(Asked::Theme)),
        Some("identify") => asked.extend(value("v").map(Asked::Identify)),
        Some("saved") => asked.extend(value("k").map(|name| Asked::Saved(name, value("v")))),
        _ => {}
    }
    asked
}
