//! The panel's head: whose site this is, who answers now, and the way out.

use shared::wire::Speaker;

use super::speaker_name;
use crate::app::App;
use crate::element::{El, button, el};

/// The head.
pub(super) fn header(app: App) -> El {
    let name = move || app.site.with(|site| site.as_ref().map(|site| site.site.clone()));
    let initial = move || name().unwrap_or_default().chars().take(1).collect();
    let answers = move || {
        let agent = app.model.with(|model| match model.floor() {
            Speaker::Agent(name) => Some(Speaker::Agent(name.clone())),
            _ => None,
        });
        let tag = if agent.is_some() { "team" } else { "ai" };
        app.site
            .with(Option::is_some)
            .then(|| (speaker_name(app, &agent.unwrap_or(Speaker::Assistant)), app.word(tag)))
    };
    let who = el("p", "").holds(answers, |answers| {
        let (name, tag) = answers.as_ref()?;
        Some(el("span", "answers").child(el("span", "name").text(name)).child(el("span", "tag").text(tag)))
    });
    el("header", "head")
        .child(el("span", "face").attr("aria-hidden", "true").says(initial))
        .child(
            el("div", "who")
                .child(el("h1", "").says(move || name().unwrap_or_else(|| app.word("title"))))
                .child(who),
        )
        .child(button("icon close", move || app.close()).named(app.saying("close")))
}
