//! An address's chain, entry by entry.

use super::{
    super::{html::Html, words},
    fact, moment, strength,
};
use crate::{
    consent::{Action, Actor, Circumstances, ConsentBody, LegalBasis, Proof},
    proof::{AddressProof, Link},
};

pub(super) fn draw(html: &mut Html, address: &AddressProof, zone: &str) {
    html.tag("h3").text("Every entry, oldest first");
    if address.chain.is_empty() {
        html.tag("p").class("soft").text("Nothing was ever said about this address.");
        return;
    }
    html.tag("ol").class("ledger").inside(|html| {
        for link in &address.chain {
            match link.entry() {
                Some(entry) => known(html, link, &entry.body, zone),
                None => unknown(html, link, zone),
            }
        }
    });
}

fn known(html: &mut Html, link: &Link, body: &ConsentBody, zone: &str) {
    let (word, action) = match body.action {
        Action::Grant => ("Agreed to", "grant"),
        Action::Confirm => ("Confirmed", "grant"),
        Action::Lapse => ("Has another owner", "revoke"),
        Action::Revoke => ("Opted out of", "revoke"),
    };
    html.tag("li").attr("data-action", action).inside(|html| {
        let what = words::consented(body.channel, body.purpose);
        html.tag("h3").text(&format!("{}. {word} {what}", link.n));
        html.tag("p").class("when").inside(|html| moment(html, link.at_ms, zone));
        html.tag("blockquote").attr("dir", "auto").text(&body.evidence);
        html.tag("dl").class("facts").inside(|html| details(html, link, body, zone));
    });
}

fn details(html: &mut Html, link: &Link, body: &ConsentBody, zone: &str) {
    let text = |html: &mut Html, name: &str, value: &str| fact(html, name, |html| html.text(value));
    text(html, "How", words::basis(body.basis));
    if body.action != Action::Revoke {
        text(html, "Strength", strength(body.level));
        text(html, "Lawful because", lawful(body.legal));
    }
    if let Some(topic) = &body.topic {
        text(html, "Topic", topic);
    }
    if let Some(ends) = body.expires_at {
        fact(html, "Ends", |html| moment(html, ends.ms(), zone));
    }
    if body.actor != Actor::Contact {
        text(html, "Written by", actor(body.actor));
    }
    if let Some(Proof { asked_at, token, ip, agent }) = &body.confirmed {
        fact(html, "Asked", |html| moment(html, asked_at.ms(), zone));
        let from = [ip.as_deref(), agent.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        if !from.is_empty() {
            text(html, "Answered from", &from);
        }
        fact(html, "Link", |html| html.tag("code").text(token));
    }
    let Circumstances { by, locale, field, places } = &body.seen;
    let from = [by.ip.as_deref(), by.agent.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    for (name, value) in [
        ("From", from.as_str()),
        ("Language", locale.as_deref().unwrap_or_default()),
        ("Checkbox", field.as_deref().unwrap_or_default()),
        ("Place", places.join(", ").as_str()),
    ] {
        if !value.is_empty() {
            text(html, name, value);
        }
    }
    if let Some(page) = &body.page {
        text(html, "Page", page);
    }
    let code =
        |html: &mut Html, name: &str, value: &str| fact(html, name, |html| html.tag("code").text(value));
    if let Some(wording) = &body.wording {
        code(html, "Wording", wording);
    }
    code(html, "Contact", link.contact.as_str());
    code(html, "Event", body.event.as_str());
    code(html, "Entry", link.id.as_str());
    code(html, "Hash", &link.hash);
}

/// An entry of a later version, or one that was tampered with: its bare text.
fn unknown(html: &mut Html, link: &Link, zone: &str) {
    html.tag("li").attr("data-action", "revoke").inside(|html| {
        html.tag("h3").text(&format!("{}. An entry that is not understood", link.n));
        html.tag("p").class("when").inside(|html| moment(html, link.at_ms, zone));
        html.tag("blockquote").text(&link.body);
        html.tag("dl").class("facts").inside(|html| {
            fact(html, "Entry", |html| html.tag("code").text(link.id.as_str()));
            fact(html, "Hash", |html| html.tag("code").text(&link.hash));
        });
    });
}

const fn lawful(legal: LegalBasis) -> &'static str {
    match legal {
        LegalBasis::Consent => "they consented",
        LegalBasis::Contract => "it is needed for what was agreed",
        LegalBasis::LegitimateInterest => "both sides may expect it",
        LegalBasis::ImpliedInquiry => "they asked us something not long before",
        LegalBasis::ImpliedDealing => "they bought or agreed something not long before",
    }
}

const fn actor(actor: Actor) -> &'static str {
    match actor {
        Actor::Contact => "the contact",
        Actor::Agent => "somebody of the team, on the contact’s word",
        Actor::System => "a rule or an import",
    }
}
