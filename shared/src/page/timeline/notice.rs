//! Events that are no messages, each as one plain sentence.

use super::{
    super::{
        html::Html,
        icon,
        when::{self, Shape},
        words,
    },
    Scene, appointment, knot, to_event,
};
use crate::{
    contact::Assurance,
    event::{Body, Event},
    promise::{Deed, PromiseAct, PromiseEvent},
    wire::Speaker,
    work::WorkEvent,
};

pub(super) fn draw(html: &mut Html, scene: &Scene<'_>, event: &Event, body: &Body) {
    html.tag("li").class("notice").attr("id", event.id.as_str()).inside(|html| {
        knot(html, drawing(body));
        html.tag("p").inside(|html| {
            html.text(&sentence(&scene.teller(), event, body));
            if let Body::Joined { claim: Some(claim), .. } = body {
                html.text(" ");
                to_event(html, scene, claim, "This is where the address was given.");
            }
            html.text(" ");
            when::time(html, event.at, scene.view.now, scene.zone, Shape::Clock);
        });
    });
}

const fn drawing(body: &Body) -> &'static str {
    match body {
        Body::Consent { .. } | Body::Form { .. } => icon::CONSENT,
        Body::Handoff { .. } | Body::Floor { .. } | Body::Call { .. } | Body::Work(_) | Body::Note { .. } => {
            icon::PERSON
        }
        Body::Promise(_) | Body::Appointment(_) => icon::CLOCK,
        Body::Proven { .. } => icon::KEY,
        Body::Joined { .. } | Body::Parted { .. } | Body::Answered { .. } => icon::JOINED,
        Body::Tag { .. } | Body::Edited { .. } => icon::TAG,
        Body::Erased {} | Body::Message(_) => icon::ERASED,
    }
}

/// Whom a sentence tells of, and on whose clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Teller<'a> {
    /// The contact's first name, or "The contact".
    pub(crate) called: &'a str,
    /// The contact's IANA zone, else the site's.
    pub(crate) zone: &'a str,
    /// The assistant's name.
    pub(crate) assistant: &'a str,
}

impl Teller<'_> {
    /// Who did it.
    pub(super) fn doer<'b>(&'b self, speaker: &'b Speaker) -> &'b str {
        match speaker {
            Speaker::Contact => self.called,
            Speaker::Assistant => self.assistant,
            Speaker::Agent(name) | Speaker::Sequence(name) => name,
            Speaker::System => "Throughline",
        }
    }
}

/// An event that is no message, as one plain sentence.
pub(crate) fn sentence(teller: &Teller<'_>, event: &Event, body: &Body) -> String {
    let who = teller.called;
    match body {
        Body::Message(message) => message.text.clone(),
        Body::Consent { channel, action, address, purpose } => {
            let messages = words::consented(*channel, *purpose);
            match action.as_str() {
                "grant" => format!("{who} agreed to {messages} at {address}."),
                "confirm" => format!("{address} confirmed {messages} by the link sent there."),
                "revoke" if purpose.is_some() => format!("{who} opted out of {messages} at {address}."),
                "revoke" => format!("{who} opted out of {messages} at {address}: nothing more goes there."),
                other => format!("Consent for {messages} at {address}: {}.", words::code(other)),
            }
        }
        Body::Handoff { reason, expected_at, address, .. } => {
            let arrival = match expected_at {
                Some(at) => {
                    let day = when::relative_day(*at, event.at, teller.zone);
                    let clock = when::text(*at, event.at, teller.zone, Shape::Clock);
                    format!("Somebody will be there {day} from {clock}.")
                }
                None => "Somebody is there now.".to_owned(),
            };
            let to = address.as_ref().map_or_else(String::new, |to| format!(" The answer goes to {to}."));
            format!("A person was called in: {}. {arrival}{to}", words::handoff(reason))
        }
        Body::Promise(told) => promise(teller, event, told),
        Body::Proven { address, assurance } => match assurance {
            Assurance::Signed => format!("The site vouches that {address} belongs to {}.", lower(who)),
            Assurance::Possessed => format!("{who} wrote from {address}: it is proven to be theirs."),
            Assurance::Claimed | Assurance::Anonymous => {
                format!("{who} gave {address}; that proves nothing yet.")
            }
        },
        Body::Joined { .. } if matches!(&event.speaker, Speaker::Agent(_)) => {
            format!("{} joined another contact to this one: they are one person.", by(event))
        }
        Body::Parted { .. } => {
            format!("{} parted two contacts again: they are not the same person.", by(event))
        }
        Body::Joined { .. } => format!(
            "Two threads are one: whoever wrote in the other conversation turned out to be {}.",
            lower(who)
        ),
        Body::Answered { address, .. } => format!(
            "A mail from {address} answers mail to another contact. They may be one person, and are kept apart until \
             that is proven."
        ),
        Body::Appointment(told) => appointment::sentence(teller, event, told),
        Body::Form { page, fields } => {
            let told: Vec<String> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            let at = if page.is_empty() { String::new() } else { format!(" on {page}") };
            format!("{who} filled in a form{at}. {}", told.join("; "))
        }
        Body::Floor { taken } => {
            let name = by(event);
            if *taken {
                format!("{name} took over: the assistant is silent.")
            } else {
                format!("{name} gave the conversation back to the assistant.")
            }
        }
        Body::Call { number, note } => {
            let number = number.as_ref().map(|number| format!(" ({number})")).unwrap_or_default();
            let note = note.as_ref().map(|note| format!(" {note}")).unwrap_or_default();
            format!("The team called{number}.{note}")
        }
        Body::Tag { tag, on } => {
            let does = if *on { "put on" } else { "taken off" };
            format!("The tag “{tag}” was {does}.")
        }
        Body::Work(told) => work(teller, event, told),
        Body::Note { text, .. } => format!("{} noted for the team: “{text}”", by(event)),
        Body::Edited { what, how } => {
            let what = match what.split_once('.') {
                None if what == "handle" => "who is reached at an address".to_owned(),
                Some(("fact", key)) => format!("what is remembered of: {key}"),
                Some((_, name)) => format!("the field “{name}”"),
                None if what == "locale" => "the language".to_owned(),
                None if what == "time_zone" => "the time zone".to_owned(),
                None => format!("the {what}"),
            };
            format!("{} changed {what} ({how}).", by(event))
        }
        Body::Erased {} => "What stood here was erased on request.".to_owned(),
    }
}

/// Who of the team did it.
fn by(event: &Event) -> &str {
    match &event.speaker {
        Speaker::Agent(name) => name,
        _ => "The team",
    }
}

fn work(teller: &Teller<'_>, event: &Event, told: &WorkEvent) -> String {
    let by = by(event);
    match told {
        WorkEvent::Given { to, open } => {
            format!("It was {to}’s turn: the conversation is now theirs, beside {open} open ones.")
        }
        WorkEvent::Assigned { to: Some(to) } if to == by => format!("{by} took the conversation on."),
        WorkEvent::Assigned { to: Some(to) } => format!("{by} gave the conversation to {to}."),
        WorkEvent::Assigned { to: None } => format!("{by} left the conversation to nobody."),
        WorkEvent::Resolved {} => format!("{by} resolved the conversation."),
        WorkEvent::Reopened {} => format!("{by} opened the conversation again."),
        WorkEvent::Snoozed { until } => {
            let day = when::relative_day(*until, event.at, teller.zone);
            let clock = when::text(*until, event.at, teller.zone, Shape::Clock);
            format!("{by} put the conversation off until {clock} {day}.")
        }
        WorkEvent::Awake {} => "It was put off until now: the conversation is open again.".to_owned(),
        WorkEvent::DealtWith {} => format!("{by} dealt with what could not be delivered."),
    }
}

fn promise(teller: &Teller<'_>, event: &Event, told: &PromiseEvent) -> String {
    let day = when::relative_day(told.by, event.at, teller.zone);
    let clock = when::text(told.by, event.at, teller.zone, Shape::Clock);
    let deed = match told.deed {
        Deed::Answer => "an answer",
        Deed::Call => "a call",
    };
    let owner = if told.owner.is_empty() { "the team" } else { &told.owner };
    let note = told.note.as_ref().map_or_else(String::new, |note| format!(" “{note}”"));
    match told.act {
        PromiseAct::Made => format!("Promised: {deed} by {clock} {day}. It is for {owner} to keep."),
        PromiseAct::Kept => format!("Kept in time: {deed} by {clock} {day}.{note}"),
        PromiseAct::Missed => {
            format!("Missed: {deed} was promised by {clock} {day}. It is for {owner} to make good.")
        }
        PromiseAct::PassedOn => format!("Passed on: {deed} promised by {clock} {day} is now {owner}’s."),
        PromiseAct::KeptLate => format!("Kept, but late: {deed} was promised by {clock} {day}.{note}"),
        PromiseAct::Withdrawn => format!("No longer needed: {deed} promised by {clock} {day}.{note}"),
    }
}

/// "the contact" inside a sentence; names stay.
pub(super) fn lower(who: &str) -> &str {
    if who == "The contact" { "the contact" } else { who }
}
