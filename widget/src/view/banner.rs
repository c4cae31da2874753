//! A line under the head for what is wrong with the connection, in plain words.

use crate::app::{App, Status};
use crate::dom;
use crate::element::{El, el};

/// The banner; nothing while all is well.
pub(super) fn banner(app: App) -> El {
    let sentence = move || {
        let trouble = app.model.with(|model| model.trouble().map(str::to_owned));
        trouble.or_else(|| match app.status.get() {
            Status::Offline if dom::window().navigator().on_line() => Some(app.word("reconnecting")),
            Status::Offline => Some(app.word("offline")),
            Status::Starting | Status::Online => None,
        })
    };
    el("div", "")
        .attr("role", "status")
        .holds(sentence, |sentence| Some(el("p", "banner").attr("dir", "auto").text(sentence.as_deref()?)))
}
