//! What happened, as the team is told it: an event with its delivery and its verdict, as an entry of the inbox's timeline.
//!
//! Pure: rows in, words out. The words are English; the inbox's own are translated.

use crate::{
    api::timeline::{Entry, GateLine, Judged, Said, Sent, What},
    contact::{Address, AddressKind},
    delivery::Delivery,
    event::{Body, Event, Message},
    page::{Teller, sentence, words},
    store::deliveries::VerdictRow,
    time::Timestamp,
    verdict::{Candidate, Detail, Finding, GateResult},
    wire::Speaker,
};

/// An event as an entry. `delivery` and `verdict` are its own, where it has them.
pub(crate) fn entry(
    teller: &Teller<'_>,
    event: &Event,
    delivery: Option<&Delivery>,
    verdict: Option<&VerdictRow>,
) -> Entry {
    let what = match &event.body {
        Body::Message(message) => What::Said(said(message, delivery, verdict)),
        Body::Erased {} => What::Erased,
        Body::Note { text, mentions } => What::Note { text: text.clone(), mentions: mentions.clone() },
        other => What::Notice { kind: kind(other).to_owned(), text: sentence(teller, event, other) },
    };
    Entry {
        id: event.id.to_string(),
        conversation: event.conversation.clone(),
        seq: Some(event.seq),
        at: event.at,
        channel: event.channel,
        address: shown(AddressKind::of(event.channel), &event.address_key),
        speaker: event.speaker.clone(),
        what,
    }
}

/// What was held back, as an entry.
pub(crate) fn held(conversation: &crate::id::ConversationId, row: &VerdictRow) -> Entry {
    let detail = detail(row);
    let decisive = detail.as_ref().and_then(Detail::decisive);
    Entry {
        id: format!("held-{}", row.id),
        conversation: conversation.clone(),
        seq: None,
        at: Timestamp::from_ms(row.at_ms),
        channel: decisive.map(|candidate| candidate.case.channel).unwrap_or_default(),
        address: decisive.map(|candidate| candidate.case.to.clone()).unwrap_or_default(),
        speaker: decisive.map_or(Speaker::System, |candidate| candidate.case.speaker.clone()),
        what: What::HeldBack { judged: judged(row) },
    }
}

/// An address for people to read; empty for a browser.
pub(crate) fn shown(kind: AddressKind, key: &str) -> String {
    if kind == AddressKind::Visitor { String::new() } else { words::address(&Address::new(kind, key)) }
}

const fn kind(body: &Body) -> &'static str {
    match body {
        Body::Consent { .. } => "consent",
        Body::Handoff { .. } => "handoff",
        Body::Floor { .. } => "floor",
        Body::Promise(_) => "promise",
        Body::Appointment(_) => "appointment",
        Body::Proven { .. } => "proven",
        Body::Joined { .. } | Body::Parted { .. } | Body::Answered { .. } => "joined",
        Body::Form { .. } => "form",
        Body::Tag { .. } => "tag",
        Body::Call { .. } => "call",
        Body::Work(_) => "work",
        Body::Note { .. } => "note",
        Body::Edited { .. } => "edited",
        Body::Message(_) | Body::Erased {} => "said",
    }
}

fn said(message: &Message, delivery: Option<&Delivery>, verdict: Option<&VerdictRow>) -> Said {
    Said {
        text: message.words(),
        subject: message.subject.clone(),
        sources: message.sources.clone(),
        files: message.files.clone(),
        notes: notes(message),
        sent: delivery.map(sent),
        judged: verdict.map(judged),
    }
}

fn notes(message: &Message) -> Vec<String> {
    let mut notes = Vec::new();
    if !message.offers.is_empty() {
        let offers: Vec<&str> = message.offers.iter().map(words::offer).collect();
        notes.push(format!("Offered: {}", offers.join(", ")));
    }
    match (&message.author, &message.fallback) {
        (Some(author), Some(reason)) => {
            notes.push(format!("Written by {author}, because {}", words::fallback(reason)));
        }
        (Some(author), None) => notes.push(format!("Written by {author}")),
        (None, _) => {}
    }
    if message.automatic {
        notes.push("A machine sent this: it is never answered".to_owned());
    }
    if message.repeated {
        notes.push("The mailbox said this before within the hour: it is not answered".to_owned());
    }
    if message.unsure {
        notes.push("The assistant did not know".to_owned());
    }
    if message.unverified {
        notes.push("Nobody vouches that it comes from this address".to_owned());
    }
    notes
}

fn sent(delivery: &Delivery) -> Sent {
    Sent {
        state: delivery.state.as_str().to_owned(),
        reason: delivery.reason.clone(),
        because: delivery.reason.as_deref().map(words::code),
        segments: delivery.billed.map(|billed| billed.segments),
    }
}

fn detail(row: &VerdictRow) -> Option<Detail> {
    serde_json::from_str(&row.detail).ok()
}

/// A stored verdict, for people to read.
pub(crate) fn judged(row: &VerdictRow) -> Judged {
    let outcome = row.outcome.clone();
    let Some(detail) = detail(row) else {
        return Judged { outcome, why: "Its details cannot be read.".to_owned(), ..Judged::default() };
    };
    let against = detail.against();
    Judged {
        outcome,
        why: against.map_or_else(|| detail.why.clone(), |gate| gate.why.clone()),
        change: against.map_or_else(|| detail.change.clone(), |gate| gate.change.clone()),
        about: about(&detail),
        gates: detail.gates().iter().map(gate_line).collect(),
    }
}

fn about(detail: &Detail) -> String {
    let way = detail.decisive().map_or_else(
        || "to nobody".to_owned(),
        |Candidate { case, .. }| format!("to {} by {}", case.to, words::channel(case.channel).to_lowercase()),
    );
    let purpose = words::purpose(detail.purpose);
    let mut letters = purpose.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{} {way}, under policy {}.", letters.as_str(), detail.policy)
}

fn gate_line(gate: &GateResult) -> GateLine {
    let finding = match gate.finding {
        Finding::Allow => "allow",
        Finding::Defer { .. } => "defer",
        Finding::Deny => "deny",
    };
    GateLine { rule: gate.rule.clone(), finding: finding.to_owned(), why: gate.why.clone() }
}
