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
};

pub(super) fn draw(html: &mut Html, scene: &Scene<'_>, event: &Event, body: &Body) {
    html.tag("li").class("notice").attr("id", event.id.as_str()).inside(|html| {
        knot(html, drawing(body));
        html.tag("p").inside(|html| {
            html.text(&sentence(scene, event, body));
            if let Body::Joined { claim, .. } = body {
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
        Body::Handoff { .. } | Body::Floor { .. } | Body::Call { .. } => icon::PERSON,
        Body::Promise(_) | Body::Appointment(_) => icon::CLOCK,
        Body::Proven { .. } => icon::KEY,
        Body::Joined { .. } | Body::Answered { .. } => icon::JOINED,
        Body::Tag { .. } => icon::TAG,
        Body::Erased {} | Body::Message(_) => icon::ERASED,
    }
}

fn sentence(scene: &Scene<'_>, event: &Event, body: &Body) -> String {
    let who = scene.called();
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
                    let day = when::relative_day(*at, event.at, scene.zone);
                    let clock = when::text(*at, event.at, scene.zone, Shape::Clock);
                    format!("Somebody will be there {day} from {clock}.")
                }
                None => "Somebody is there now.".to_owned(),
            };
            let to = address.as_ref().map_or_else(String::new, |to| format!(" The answer goes to {to}."));
            format!("A person was called in: {}. {arrival}{to}", words::handoff(reason))
        }
        Body::Promise(told) => promise(scene, event, told),
        Body::Proven { address, assurance } => match assurance {
            Assurance::Signed => format!("The site vouches that {address} belongs to {}.", lower(who)),
            Assurance::Possessed => format!("{who} wrote from {address}: it is proven to be theirs."),
            Assurance::Claimed | Assurance::Anonymous => {
                format!("{who} gave {address}; that proves nothing yet.")
            }
        },
        Body::Joined { .. } => format!(
            "Two threads are one: whoever wrote in the other conversation turned out to be {}.",
            lower(who)
        ),
        Body::Answered { address, .. } => format!(
            "A mail from {address} answers mail to another contact. They may be one person, and are kept apart until \
             that is proven."
        ),
        Body::Appointment(told) => appointment::sentence(scene, event, told),
        Body::Form { page, fields } => {
            let told: Vec<String> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            let at = if page.is_empty() { String::new() } else { format!(" on {page}") };
            format!("{who} filled in a form{at}. {}", told.join("; "))
        }
        Body::Floor { taken } => {
            let name = match &event.speaker {
                Speaker::Agent(name) => name.as_str(),
                _ => "The team",
            };
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
        Body::Erased {} => "What stood here was erased on request.".to_owned(),
    }
}

fn promise(scene: &Scene<'_>, event: &Event, told: &PromiseEvent) -> String {
    let day = when::relative_day(told.by, event.at, scene.zone);
    let clock = when::text(told.by, event.at, scene.zone, Shape::Clock);
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
