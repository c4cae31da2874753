//! Where an assistant's answer comes from, folded away until asked for.

use shared::wire::Source;

use crate::app::App;
use crate::dom;
use crate::element::{El, button, el};
use crate::words::decimal;

/// The sources of one answer.
pub(super) fn sources(app: App, sources: Vec<Source>) -> El {
    let count = i64::try_from(sources.len()).unwrap_or(i64::MAX);
    let heading = move || if count == 1 { app.word("source") } else { app.fill("sources", &decimal(count)) };
    let list = sources.into_iter().fold(el("ul", ""), |list, source| list.child(entry(app, source)));
    el("details", "sources").child(el("summary", "").says(heading)).child(list)
}

fn entry(app: App, source: Source) -> El {
    let earlier = source.event.map(|event| {
        let show = move || {
            if let Some(element) = dom::document().get_element_by_id(event.as_str()) {
                element.scroll_into_view();
            }
        };
        button("link", show).says(app.saying("show_message"))
    });
    el("li", "")
        .attr("dir", "auto")
        .child(el("strong", "").text(&source.title))
        .child(el("q", "").text(&source.quote))
        .maybe(earlier)
}
