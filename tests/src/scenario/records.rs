//! What the product has on record of a person, asked of its database with its own questions.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use shared::{
    channel::Channel,
    contact::{Address, AddressKind},
    event::{Body, Event},
    id::{ContactId, EventId},
    identity,
    promise::Deed,
    site::Person,
    store::{appointments, contacts, conversations, deliveries, events, sandbox},
    time::Timestamp,
    verdict::{Detail, GateResult},
    wire::Speaker,
};

use super::{
    run::{first_name, name},
    stage::{Received, Stage},
};

/// More than any scenario says.
const MANY: u32 = 10_000;

/// What arrived for somebody on a channel, oldest first.
pub(super) fn received(stage: &mut dyn Stage, who: &Person, channel: Channel) -> Vec<Received> {
    let address = match channel {
        Channel::Sms => who.phone.as_deref(),
        Channel::Email => who.email.as_deref(),
        Channel::Messenger | Channel::Instagram => who.id_on(channel),
        Channel::Widget => return stage.chat(who),
    };
    let Some(address) = address else { return Vec::new() };
    let kept = sandbox::decode(stage.ask(&sandbox::list(address, MANY))).expect("the sandbox's messages");
    let theirs = kept.into_iter().rev().filter(|message| message.recipient == address);
    theirs
        .map(|message| Received {
            id: message.id,
            at: message.at_ms,
            subject: message.subject,
            text: message.text,
            offers: Vec::new(),
        })
        .collect()
}

/// The contacts behind somebody's browser, number and mailbox: one, unless nothing has shown that they are one person.
fn contacts_of(stage: &mut dyn Stage, who: &Person) -> Vec<ContactId> {
    let address = |kind, text: &Option<String>| text.as_ref().map(|text| Address::new(kind, text));
    let addresses = [
        stage.browser(who),
        address(AddressKind::Phone, &who.phone),
        address(AddressKind::Email, &who.email),
    ];
    let site = stage.site().id.clone();
    let on_page = |channel: Channel| {
        let page = &stage.site().endpoint_on(channel)?.address;
        identity::parse_person(AddressKind::of(channel), page, who.id_on(channel)?)
    };
    let pages = [Channel::Messenger, Channel::Instagram].map(on_page);
    let mut found: Vec<ContactId> = Vec::new();
    for address in addresses.into_iter().chain(pages).flatten() {
        let answer = stage.ask(&contacts::by_address(&site, &address));
        let contact = contacts::decode_by_address(answer).expect("a contact").map(|(contact, _)| contact.id);
        found.extend(contact.filter(|contact| !found.contains(contact)));
    }
    found
}

/// Who somebody is to the site; the error says that nobody knows them yet.
pub(super) fn contact(stage: &mut dyn Stage, who: &Person) -> Result<ContactId, String> {
    let found = contacts_of(stage, who).into_iter().next();
    found.ok_or_else(|| format!("The site does not know {} yet.", who.name))
}

/// How many conversations somebody's messages stand in.
pub(super) fn conversations(stage: &mut dyn Stage, who: &Person) -> usize {
    let said = timeline(stage, who).into_iter().filter(|event| event.message().is_some());
    let mut found: Vec<_> = said.map(|event| event.conversation).collect();
    found.sort();
    found.dedup();
    found.len()
}

/// What was said to and by somebody, an entry a line: the channel, who spoke, how far it came, and the words.
pub(super) fn entries(stage: &mut dyn Stage, who: &Person) -> Vec<String> {
    let (site, timeline) = (stage.site().clone(), timeline(stage, who));
    let mut states = BTreeMap::new();
    for conversation in timeline.iter().map(|event| &event.conversation).collect::<BTreeSet<_>>() {
        let answer = stage.ask(&deliveries::of_conversation(&site.id, conversation, MANY));
        let found = deliveries::decode(answer).expect("deliveries");
        states.extend(found.into_iter().map(|sent| ((conversation.clone(), sent.seq), sent.state)));
    }
    let said = timeline.iter().filter_map(|event| Some((event, event.message()?)));
    said.map(|(event, message)| {
        let speaker = match &event.speaker {
            Speaker::Contact => first_name(&who.name).to_owned(),
            Speaker::Assistant => format!("{} (AI)", site.assistant.name),
            Speaker::Agent(name) => name.clone(),
            Speaker::Sequence(name) => format!("sequence {name}"),
            Speaker::System => "the product".to_owned(),
        };
        let state = states.get(&(event.conversation.clone(), event.seq));
        let state = state.map_or_else(String::new, |state| format!(", {}", state.as_str()));
        format!("{}, {speaker}{state}: {}", name(event.channel), message.text)
    })
    .collect()
}

/// Everything on somebody's timelines, oldest first.
pub(super) fn timeline(stage: &mut dyn Stage, who: &Person) -> Vec<Event> {
    let site = stage.site().id.clone();
    let mut all: Vec<Event> = Vec::new();
    for contact in contacts_of(stage, who) {
        let answer = stage.ask(&events::recent(&site, &contact, MANY));
        all.extend(events::decode_events(answer).expect("a timeline"));
    }
    all.sort_by(|a, b| (a.at, &a.conversation, a.seq).cmp(&(b.at, &b.conversation, b.seq)));
    all
}

/// The messages that the newest answer since a moment rests on, as the channel they stand on and their words.
pub(super) fn sources(stage: &mut dyn Stage, who: &Person, since: Timestamp) -> Vec<(Channel, String)> {
    let timeline = timeline(stage, who);
    let answers = timeline.iter().rev().filter(|event| event.at >= since);
    let newest = answers.filter_map(Event::message).find(|message| message.author.is_some());
    let sources = newest.into_iter().flat_map(|message| &message.sources);
    let named: Vec<&EventId> = sources.filter_map(|source| source.event.as_ref()).collect();
    let rested_on = timeline.iter().filter(|event| named.contains(&&event.id));
    rested_on.filter_map(|event| Some((event.channel, event.message()?.text.clone()))).collect()
}

/// The consents given (or taken back) since a moment, by channel.
pub(super) fn consents(stage: &mut dyn Stage, who: &Person, since: Timestamp) -> Vec<(Channel, bool)> {
    let recent = timeline(stage, who).into_iter().filter(|event| event.at >= since);
    recent
        .filter_map(|event| match event.body {
            Body::Consent { channel, action, .. } => Some((channel, action != "revoke")),
            _ => None,
        })
        .collect()
}

/// A verdict in one line.
pub(super) struct Judged {
    /// Where the message goes, or would have gone.
    pub(super) channel: Option<Channel>,
    /// Whether it was let through.
    pub(super) is_sent: bool,
    /// Why: the sentence, and each rule with its own.
    pub(super) because: String,
}

/// The verdicts since a moment, oldest first.
pub(super) fn verdicts(stage: &mut dyn Stage, who: &Person, since: Timestamp) -> Vec<Judged> {
    let site = stage.site().id.clone();
    let mut conversations: Vec<_> =
        timeline(stage, who).into_iter().map(|event| event.conversation).collect();
    conversations.sort();
    conversations.dedup();
    let mut found = Vec::new();
    for conversation in conversations {
        let answer = stage.ask(&deliveries::verdicts(&site, &conversation, MANY));
        let rows: Vec<deliveries::VerdictRow> = answer.decode_all().expect("verdicts");
        found.extend(rows.into_iter().filter(|row| row.at_ms >= since.ms()));
    }
    found.sort_by_key(|row| row.at_ms);
    found.iter().map(judged).collect()
}

fn judged(row: &deliveries::VerdictRow) -> Judged {
    let detail: Detail = serde_json::from_str(&row.detail).expect("a verdict");
    let gate = |gate: &GateResult| format!("{}: {} {}", gate.rule, gate.why, gate.change);
    let gates: Vec<String> = detail.gates().iter().map(gate).collect();
    Judged {
        channel: detail.channel(),
        is_sent: row.outcome == "allow",
        because: format!("{} {} ({})", detail.why, detail.change, gates.join("; ")),
    }
}

/// What somebody is promised, each as a line: what, until when, whose it is, and whether it is late.
pub(super) fn promises(stage: &mut dyn Stage, who: &Person) -> Vec<String> {
    let site = stage.site().clone();
    let zone = TimeZone::get(&site.time_zone).expect("the site's time zone");
    let mut lines = Vec::new();
    for contact in contacts_of(stage, who) {
        let answer = stage.ask(&conversations::by_contact(&site.id, &contact));
        let conversation = conversations::decode(answer).expect("a conversation");
        let Some(promise) = conversation.and_then(|conversation| conversation.promise) else { continue };
        let by = jiff::Timestamp::from_millisecond(promise.by.ms()).expect("a time");
        let by = by.to_zoned(zone.clone()).strftime("%A %H:%M");
        let deed = match promise.deed {
            Deed::Answer => "an answer",
            Deed::Call => "a call",
        };
        let late = if promise.missed_at.is_some() { ", missed" } else { "" };
        lines.push(format!("{deed} by {by}, {}{late}", promise.owner));
    }
    lines
}

/// Somebody's appointments, each as a line: what, when, how it stands, how late they are, what was noted.
pub(super) fn appointments(stage: &mut dyn Stage, who: &Person) -> Vec<String> {
    let site = stage.site().clone();
    let zone = TimeZone::get(&site.time_zone).expect("the site's time zone");
    let mut lines = Vec::new();
    for contact in contacts_of(stage, who) {
        let answer = stage.ask(&appointments::of_contact(&site.id, &contact, Timestamp::default(), MANY));
        for appointment in appointments::decode(answer).expect("appointments") {
            let services = site.booking.iter().flat_map(|booking| &booking.services);
            let service = services.into_iter().find(|service| service.id == appointment.service);
            let name = service.map_or(appointment.service.to_string(), |service| service.name.clone());
            let start = jiff::Timestamp::from_millisecond(appointment.time.start.ms()).expect("a time");
            let start = start.to_zoned(zone.clone()).strftime("%A %H:%M");
            let late = appointment.late_by_min.map(|late| format!("{late} min late"));
            let noted = appointment.note.map(|note| format!("noted: {note}"));
            let state = appointment.state.as_str().to_owned();
            let parts = [Some(name), Some(start.to_string()), Some(state), late, noted];
            let line = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
            lines.push(line);
        }
    }
    lines
}
