//! The line to the site's Desk: what is new, and who of the team is here. Losing it loses nothing: whoever comes back reads by
//! cursor what was missed, and as long as it is down everything is read again now and then.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::prelude::{Set, set_timeout};
use shared::{
    api::live::{DeskCall, DeskNews, SUBPROTOCOL},
    id::SiteId,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{MessageEvent, WebSocket};

use crate::{browser, state::App};

/// How long to wait before the first try to come back, in milliseconds; it doubles up to the last.
const FIRST_WAIT_MS: u64 = 500;
const LAST_WAIT_MS: u64 = 20_000;

/// The line.
#[derive(Clone, Default)]
pub(crate) struct Line(Rc<RefCell<Option<WebSocket>>>);

impl Line {
    /// Says something, if the line is up.
    pub(crate) fn say(&self, call: &DeskCall) {
        let Ok(text) = serde_json::to_string(call) else { return };
        if let Some(socket) = self.0.borrow().as_ref().filter(|it| it.ready_state() == WebSocket::OPEN) {
            socket.send_with_str(&text).ok();
        }
    }

    /// Opens the line to a site's Desk, and keeps it open.
    pub(crate) fn open(&self, app: App, site: SiteId) {
        self.connect(app, site, FIRST_WAIT_MS);
    }

    fn connect(&self, app: App, site: SiteId, wait_ms: u64) {
        if let Some(old) = self.0.borrow_mut().take() {
            old.set_onclose(None);
            old.close().ok();
        }
        let location = browser::window().location();
        let scheme = if location.protocol().as_deref() == Ok("https:") { "wss" } else { "ws" };
        let host = location.host().unwrap_or_default();
        let address = format!("{scheme}://{host}/api/sites/{site}/live");
        let Ok(socket) = WebSocket::new_with_str(&address, SUBPROTOCOL) else { return };
        let news = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            if let Ok(news) = serde_json::from_str::<DeskNews>(&text) {
                app.hears(news);
            }
        });
        socket.set_onmessage(Some(news.into_js_value().unchecked_ref()));
        let was_open = Rc::new(RefCell::new(false));
        let opened = Rc::clone(&was_open);
        let up = Closure::<dyn FnMut()>::new(move || {
            *opened.borrow_mut() = true;
            app.listens();
        });
        socket.set_onopen(Some(up.into_js_value().unchecked_ref()));
        let line = self.clone();
        let down = Closure::<dyn FnMut()>::new(move || {
            app.live.set(false);
            let wait_ms = if *was_open.borrow() { FIRST_WAIT_MS } else { wait_ms };
            let (line, site) = (line.clone(), site.clone());
            let again = move || line.connect(app, site, (wait_ms * 2).min(LAST_WAIT_MS));
            set_timeout(again, Duration::from_millis(wait_ms));
        });
        socket.set_onclose(Some(down.into_js_value().unchecked_ref()));
        *self.0.borrow_mut() = Some(socket);
    }
}
