//! Names and texts inside messages.

use shared::wire::Speaker;

use super::speaker_name;
use crate::app::App;
use crate::element::{El, el};
use crate::links::{Part, split};

/// Who speaks: a name, and what they are.
pub(super) fn label(app: App, speaker: &Speaker) -> El {
    let tag = match speaker {
        Speaker::Assistant => Some("ai_assistant"),
        Speaker::Agent(_) => Some("team"),
        Speaker::Sequence(_) => Some("automatic"),
        Speaker::Contact | Speaker::System => None,
    };
    let (who, class) = (speaker.clone(), if *speaker == Speaker::Contact { "by unseen" } else { "by" });
    el("p", class)
        .child(el("span", "name").attr("dir", "auto").says(move || speaker_name(app, &who)))
        .maybe(tag.map(|tag| el("span", "tag").says(app.saying(tag))))
}

/// Adds a text as text nodes and anchors.
pub(super) fn linked(to: El, text: &str) -> El {
    split(text).into_iter().fold(to, |to, part| match part {
        Part::Text(text) => to.text(text),
        Part::Link(address) => to.child(
            el("a", "")
                .attr("href", address)
                .attr("target", "_blank")
                .attr("rel", "noopener noreferrer nofollow")
                .text(address),
        ),
    })
}
