//! Tool calls: collected from deltas, and turned into acts the policy may take.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    assistant::{Act, Fact, Said, Turn, prompt::booking},
    channel::Channel,
    command::{Ask, Note, Wish},
    handoff::Reason,
    identity::{find_email, find_phone},
    text,
    wire::Speaker,
};

/// The most calls of one answer that are looked at.
pub(super) const MAX_CALLS: usize = 16;
/// The longest arguments of a call, in bytes.
const MAX_ARGUMENT_BYTES: usize = 16 * 1024;
/// The longest note on an appointment, in characters.
const MAX_NOTE_CHARS: usize = 500;
/// The longest value of a fact, in characters.
const MAX_VALUE_CHARS: usize = 160;

/// A tool call as the model made it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolCall {
    /// The provider's id of it.
    pub id: String,
    /// The tool.
    pub name: String,
    /// JSON, as far as it came.
    pub arguments: String,
}

#[derive(Deserialize)]
struct Arguments {
    #[serde(default)]
    key: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    quote: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    start: String,
    #[serde(default)]
    appointment: usize,
    #[serde(default)]
    minutes_late: Option<u32>,
}

impl ToolCall {
    /// The call as it is told back to the model.
    pub(super) fn to_json(&self) -> Value {
        let arguments =
            if serde_json::from_str::<Value>(&self.arguments).is_ok() { &self.arguments } else { "{}" };
        json!({ "id": self.id, "type": "function", "function": { "name": self.name, "arguments": arguments } })
    }

    /// The act a call asks for; `None` where it is unknown, incomplete, or quotes what the contact did not say in this
    /// burst.
    pub(super) fn act(&self, turn: &Turn) -> Option<Act> {
        let given: Arguments = serde_json::from_str(&self.arguments).ok()?;
        match self.name.as_str() {
            "remember" => remember(turn, &given),
            "move_to" => move_to(turn, &given),
            "call_person" => {
                use Reason::{Abuse, Anger, Asked, Unsure};
                let known = |reason: &Reason| matches!(reason, Asked | Unsure | Anger | Abuse);
                let reason = Reason::parse(&given.reason).filter(known).unwrap_or(Asked);
                Some(Act::CallPerson { reason, about: None, by: turn.acts_by() })
            }
            "not_known" => Some(Act::Unsure),
            name => appoint(turn, name, &given).map(Act::Appoint),
        }
    }

    /// What is told back to the model of a call.
    pub(super) fn result(&self, turn: &Turn) -> String {
        if self.name == "find_times" {
            let given: Option<Arguments> = serde_json::from_str(&self.arguments).ok();
            return given.map_or_else(
                || "Not possible: name a service.".to_owned(),
                |given| booking::found(turn, &given.service, &given.day),
            );
        }
        if self.act(turn).is_some() {
            return "Noted.".to_owned();
        }
        let given = || serde_json::from_str::<Arguments>(&self.arguments).ok();
        match given().filter(|_| matches!(self.name.as_str(), "hold_time" | "book_time")) {
            Some(given) => {
                let free = booking::found(turn, &given.service, given.start.get(..10).unwrap_or_default());
                format!("Not possible: that is no free start. {free}")
            }
            None => "Not possible: answer without it.".to_owned(),
        }
    }
}

/// What a call asks about an appointment: only of what the turn holds, and only in the contact's own words.
fn appoint(turn: &Turn, name: &str, given: &Arguments) -> Option<Ask> {
    let said = quoted(turn, &given.quote)?;
    let own = || booking::appointment(turn, given.appointment);
    let held = || booking::held(turn, &given.service, &given.start);
    let wish = || {
        let opening = booking::opening(turn, &given.service, &given.start)?;
        let (service, start) = (opening.service.clone(), opening.start);
        Some(Wish { service, resource: None, start, note: None })
    };
    Some(match name {
        "hold_time" => Ask::Hold(wish()?),
        "book_time" => match held() {
            Some(held) => Ask::BookHeld { id: held.id.clone(), note: None },
            None => Ask::Book(wish()?),
        },
        "move_appointment" => {
            let own = own()?;
            let opening = booking::opening(turn, own.service.as_str(), &given.start)?;
            Ask::Move { id: own.id.clone(), start: opening.start, resource: None }
        }
        "cancel_appointment" => Ask::Cancel(own()?.id.clone()),
        "note_on_appointment" => {
            let words = || Note::Text(text::shorten(&text::one_line(&said.text), MAX_NOTE_CHARS));
            Ask::Note(own()?.id.clone(), given.minutes_late.map_or_else(words, Note::LateByMin))
        }
        _ => return None,
    })
}

/// The contact's message of this burst that holds the quoted words.
fn quoted<'a>(turn: &'a Turn, quote: &str) -> Option<&'a Said> {
    let quote = quote.trim();
    let own = turn.burst.iter().filter(|said| said.speaker == Speaker::Contact);
    own.rev().find(|said| !quote.is_empty() && said.text.contains(quote))
}

fn remember(turn: &Turn, given: &Arguments) -> Option<Act> {
    let known = ["name", "service", "budget", "objection", "timing", "preference", "note"];
    let said = quoted(turn, &given.quote)?;
    let value = text::shorten(&text::one_line(&given.value), MAX_VALUE_CHARS);
    let listed = known.contains(&given.key.as_str()) && !value.is_empty();
    listed.then(|| {
        Act::Remember(Fact {
            key: given.key.clone(),
            value,
            quote: given.quote.trim().to_owned(),
            source: said.id.clone(),
            channel: said.channel,
            at: said.at,
        })
    })
}

/// The address is looked for in the contact's own words, never taken from the model.
fn move_to(turn: &Turn, given: &Arguments) -> Option<Act> {
    let channel = Channel::parse(&given.channel).filter(|c| matches!(c, Channel::Sms | Channel::Email))?;
    let asked = quoted(turn, &given.quote)?;
    let find = |said: &Said| match channel {
        Channel::Email => find_email(&said.text).map(str::to_owned),
        _ => find_phone(&said.text, &turn.site.region).map(str::to_owned),
    };
    let address = find(asked).or_else(|| turn.burst.iter().rev().find_map(find));
    let known = if channel == Channel::Email { turn.can_email } else { turn.can_text };
    (address.is_some() || known).then(|| Act::MoveTo {
        channel,
        address,
        source: asked.id.clone(),
        text: given.text.trim().to_owned(),
    })
}

/// Merges a delta's calls into those collected so far, by `index`; the same index may come twice in one chunk, and calls
/// may interleave. Where a provider leaves the index out, a new id begins a new call.
pub(super) fn merge(calls: &mut Vec<(u64, ToolCall)>, deltas: &Value) {
    for delta in deltas.as_array().into_iter().flatten() {
        let id = delta["id"].as_str().unwrap_or_default();
        let index = delta["index"].as_u64().unwrap_or_else(|| implied(calls, id));
        let found = calls.iter().position(|(known, _)| *known == index);
        let at = match found {
            Some(at) => at,
            None if calls.len() < MAX_CALLS => {
                calls.push((index, ToolCall::default()));
                calls.len() - 1
            }
            None => continue,
        };
        let call = &mut calls[at].1;
        if call.id.is_empty() {
            id.clone_into(&mut call.id);
        }
        let function = if delta["function"].is_object() { &delta["function"] } else { delta };
        if let Some(name) = function["name"].as_str().filter(|_| call.name.is_empty()) {
            name.clone_into(&mut call.name);
        }
        let piece = match &function["arguments"] {
            Value::String(piece) => piece.clone(),
            Value::Object(whole) => Value::Object(whole.clone()).to_string(),
            _ => String::new(),
        };
        if call.arguments.len() + piece.len() <= MAX_ARGUMENT_BYTES {
            call.arguments.push_str(&piece);
        }
    }
}

fn implied(calls: &[(u64, ToolCall)], id: &str) -> u64 {
    let next = calls.iter().map(|(index, _)| index + 1).max().unwrap_or(0);
    let same = calls.iter().find(|(_, call)| !id.is_empty() && call.id == id);
    match same {
        Some((index, _)) => *index,
        None if id.is_empty() => next.saturating_sub(1),
        None => next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assistant::fixtures;

    fn call(name: &str, arguments: &str) -> ToolCall {
        ToolCall { id: "call_1".into(), name: name.into(), arguments: arguments.into() }
    }

    #[test]
    fn only_what_the_contact_said_is_remembered() {
        let turn = fixtures::turn(Channel::Widget, "I'm Maria, that's too much");
        let told = call("remember", r#"{"key":"name","value":"Maria","quote":"I'm Maria"}"#).act(&turn);
        assert!(
            matches!(told, Some(Act::Remember(fact)) if fact.value == "Maria" && fact.source.as_str() == "evt_9")
        );
        for arguments in [
            r#"{"key":"name","value":"Maria","quote":"my name is Maria"}"#,
            r#"{"key":"password","value":"x","quote":"I'm Maria"}"#,
            r#"{"key":"name","value":"","quote":"I'm Maria"}"#,
            r#"{"key":"name","value":"Maria","quote":" "}"#,
            r#"{"key":"name","#,
        ] {
            assert_eq!(call("remember", arguments).act(&turn), None, "{arguments}");
        }
    }

    #[test]
    fn an_address_is_only_ever_the_contacts_own_words() {
        let arguments = r#"{"channel":"sms","text":"Book here","quote":"text me","address":"+19995550000"}"#;
        let turn = fixtures::turn(Channel::Widget, "text me at 415-555-2671");
        let act = call("move_to", arguments).act(&turn);
        assert!(matches!(act, Some(Act::MoveTo { address: Some(address), .. }) if address == "415-555-2671"));
        let turn = fixtures::turn(Channel::Widget, "text me");
        assert_eq!(call("move_to", arguments).act(&turn), None, "no number is known");
        let arguments = r#"{"channel":"instagram","text":"x","quote":"text me"}"#;
        assert_eq!(call("move_to", arguments).act(&turn), None);
    }

    #[test]
    fn only_what_the_turn_holds_can_be_booked_and_only_in_the_contacts_words() {
        let mut turn = fixtures::turn(Channel::Widget, "Tuesday at 9 is fine");
        let start = turn.now.plus_ms(5 * crate::time::DAY_MS - crate::time::HOUR_MS);
        let service = crate::id::ServiceId::parse("svc_tune_up").unwrap();
        let time_zone = "America/Los_Angeles".to_owned();
        turn.openings = vec![crate::assistant::Opening { service: service.clone(), start, time_zone }];
        let found = call("find_times", r#"{"service":"svc_tune_up"}"#);
        assert_eq!((found.act(&turn), found.result(&turn).as_str()), (None, "Free: 2026-12-01T09:00"));
        let later = call("find_times", r#"{"service":"svc_tune_up","day":"2026-12-02"}"#);
        assert_eq!(later.result(&turn), "Nothing is free then.");
        let asks = |start: &str, quote: &str| {
            let arguments = format!(r#"{{"service":"svc_tune_up","start":"{start}","quote":"{quote}"}}"#);
            call("book_time", &arguments).act(&turn)
        };
        let wish = Wish { service, resource: None, start, note: None };
        assert_eq!(asks("2026-12-01T09:00", "Tuesday at 9"), Some(Act::Appoint(Ask::Book(wish))));
        assert_eq!(asks("2026-12-01T10:00", "Tuesday at 9"), None, "it is not free");
        assert_eq!(asks("2026-12-01T09:00", "Wednesday at 9"), None, "they did not say so");
        let cancel = call("cancel_appointment", r#"{"appointment":1,"quote":"fine"}"#);
        assert_eq!((cancel.act(&turn), cancel.result(&turn).contains("Not possible")), (None, true));
    }

    #[test]
    fn unknown_tools_do_nothing() {
        let turn = fixtures::turn(Channel::Widget, "hi");
        assert_eq!(call("delete_everything", "{}").act(&turn), None);
    }
}
