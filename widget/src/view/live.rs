//! What happens right now: an answer being written, somebody typing.
//!
//! It stands outside the log and is hidden from screen readers, which hear the finished message once, from the log; that
//! somebody writes is said once, in a status line.

use shared::wire::Speaker;

use super::speaker_name;
use super::text::{label, linked};
use crate::app::App;
use crate::element::{El, el};

/// Says who writes.
pub(super) fn status(app: App) -> El {
    el("p", "unseen").attr("role", "status").says(move || {
        writer(app).map_or_else(String::new, |who| app.fill("writing", &speaker_name(app, &who)))
    })
}

/// The answer so far, or three dots; nothing while nobody writes.
pub(super) fn live(app: App) -> El {
    el("div", "").attr("aria-hidden", "true").holds(
        move || writer(app),
        move |who| {
            let bubble = el("div", "bubble").attr("dir", "auto").holds(
                move || app.model.with(|model| model.stream().map(str::to_owned)),
                |text| Some(text.as_ref().map_or_else(dots, |text| linked(el("span", ""), text))),
            );
            Some(el("div", "row first last live").child(label(app, who.as_ref()?)).child(bubble))
        },
    )
}

fn writer(app: App) -> Option<Speaker> {
    app.model.with(|model| {
        model.typing().cloned().or_else(|| model.stream().is_some().then_some(Speaker::Assistant))
    })
}

fn dots() -> El {
    el("span", "dots").child(el("i", "")).child(el("i", "")).child(el("i", ""))
}
