//! Why a message went out, or did not: the gates' results, folded.

use super::{
    super::{
        html::Html,
        icon,
        when::{self, Shape},
        words,
    },
    Scene, knot,
};
use crate::{
    event::Event,
    store::deliveries::VerdictRow,
    time::Timestamp,
    verdict::{Candidate, Detail, Finding, GateResult},
};

/// The chip under a message that went out.
pub(super) fn let_through(html: &mut Html, event: &Event, row: &VerdictRow) {
    html.tag("details").attr("id", &format!("verdict-{}", event.id)).inside(|html| {
        let detail = detail(row);
        let label = match (&detail, row.outcome.as_str()) {
            (Some(detail), "allow") if detail.gates().len() == 1 => "1 gate passed".to_owned(),
            (Some(detail), "allow") => format!("{} gates passed", detail.gates().len()),
            (None, "allow") => "Allowed".to_owned(),
            (_, rule) => rule.to_owned(),
        };
        html.tag("summary").class("chip").attr("data-verdict", &row.outcome).text(&label);
        html.tag("div").class("fold").inside(|html| gates(html, row, detail.as_ref()));
    });
}

/// The entry of a message that did not.
pub(super) fn held(html: &mut Html, scene: &Scene<'_>, row: &VerdictRow) {
    let detail = detail(row);
    let at = Timestamp::from_ms(row.at_ms);
    html.tag("li").class("notice held").inside(|html| {
        knot(html, icon::HELD);
        html.tag("div").inside(|html| {
            html.tag("p").inside(|html| {
                html.tag("b").text("Held back. ");
                html.text(&sentence(row, detail.as_ref()));
                html.text(" ");
                when::time(html, at, scene.view.now, scene.zone, Shape::Clock);
            });
            html.tag("details").attr("id", &format!("held-{}-{}", row.at_ms, row.outcome)).inside(|html| {
                html.tag("summary").class("chip").attr("data-verdict", &row.outcome).text(&row.outcome);
                html.tag("div").class("fold").inside(|html| gates(html, row, detail.as_ref()));
            });
        });
    });
}

fn detail(row: &VerdictRow) -> Option<Detail> {
    serde_json::from_str(&row.detail).ok()
}

fn sentence(row: &VerdictRow, detail: Option<&Detail>) -> String {
    let Some(detail) = detail else { return format!("The rule is {}.", row.outcome) };
    let what = format!("A message {} was not sent.", way(detail));
    match detail.against() {
        Some(gate) => format!("{what} {} {}", gate.why, change(gate)),
        None => what,
    }
}

/// Where it went, or would have gone.
fn way(detail: &Detail) -> String {
    detail.decisive().map_or_else(
        || "to nobody".to_owned(),
        |Candidate { case, .. }| format!("to {} by {}", case.to, words::channel(case.channel).to_lowercase()),
    )
}

fn change(gate: &GateResult) -> String {
    if gate.change.is_empty() { String::new() } else { format!("What would change it: {}", gate.change) }
}

fn gates(html: &mut Html, row: &VerdictRow, detail: Option<&Detail>) {
    let Some(detail) = detail else {
        html.tag("p").text(&format!("The outcome was {}; its details cannot be read.", row.outcome));
        return;
    };
    html.tag("p").class("judged").text(&format!(
        "{} {}, under policy {}.",
        capitalised(words::purpose(detail.purpose)),
        way(detail),
        detail.policy
    ));
    html.tag("ul").class("gates").inside(|html| {
        for gate in detail.gates() {
            let (finding, does) = match gate.finding {
                Finding::Allow => ("allow", " allows: "),
                Finding::Defer { .. } => ("defer", " puts off: "),
                Finding::Deny => ("deny", " denies: "),
            };
            html.tag("li").attr("data-finding", finding).inside(|html| {
                html.tag("code").text(&gate.rule);
                html.tag("span").class("sr").text(does);
                html.tag("span").text(&gate.why);
                if !gate.change.is_empty() {
                    html.tag("em").text(&change(gate));
                }
            });
        }
    });
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
