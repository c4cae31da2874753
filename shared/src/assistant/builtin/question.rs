//! What to look up for a burst.

use super::{
    super::{Fact, Said},
    acts::{self, Intent, Part},
    booking,
    facts::facts,
    moving, phrasebook as book,
};
use crate::{knowledge, phrases, site::Site, text, wire::Speaker};

/// What a burst needs looked up before it can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// The question for the knowledge, for `knowledge::fts_query` and `knowledge::rank`; `None` where it asks nothing (a
    /// greeting, thanks). A question that names nothing takes its topic from the contact's last question, else from the
    /// service they wanted.
    pub question: Option<String>,
    /// The contact's appointments.
    pub appointments: bool,
    /// Free times.
    pub times: bool,
}

/// What a burst needs, after what was said and remembered before.
pub fn needs(site: &Site, burst: &[Said], history: &[Said], remembered: &[Fact]) -> Needs {
    let assistant = site.assistant.name.as_str();
    let (parts, _) = set_aside(site, acts::read(burst, assistant));
    let asked: Vec<String> = asked(&parts).into_iter().map(|part| topic_of(&part)).collect();
    let question = (!asked.is_empty()).then(|| with_topic(&asked.join("\n"), history, remembered, assistant));
    let books = site.booking.is_some();
    let appointments = books && booking::is_about(&parts, history);
    Needs { question, appointments, times: appointments && booking::wants_times(&parts, history) }
}

/// The parts without those that speak of what the site leaves to people, and the first of those topics.
pub(super) fn set_aside<'a>(site: &Site, parts: Vec<Part<'a>>) -> (Vec<Part<'a>>, Option<String>) {
    let mut topic = None;
    let rest = parts.into_iter().filter(|part| {
        let found = site.handoff.topic_in(part.text);
        topic = topic.take().or_else(|| found.map(str::to_owned));
        found.is_none()
    });
    let rest = rest.collect();
    (rest, topic)
}

/// The parts that ask something the knowledge may answer.
pub(super) fn asked<'a>(parts: &[Part<'a>]) -> Vec<Part<'a>> {
    let wants = |part: &&Part<'_>| {
        use Intent::{Booking, Hours, MoveTo, Place, Question, Recall};
        matches!(part.intent, Question | Hours | Place | Booking | MoveTo(_) | Recall)
    };
    let mut out: Vec<Part<'a>> = Vec::new();
    for part in parts.iter().filter(wants) {
        if !out.iter().any(|known| known.text == part.text) {
            out.push(*part);
        }
    }
    out
}

/// What a sentence asks for, without the words that only say where to send it or that it was said before.
pub(super) fn topic_of(part: &Part<'_>) -> String {
    let phrases: &[&str] = match part.intent {
        Intent::MoveTo(_) | Intent::Booking => &book::SENDING,
        Intent::Recall => &book::RECALLING,
        _ => return part.text.to_owned(),
    };
    let mut words = text::words(part.text);
    for phrase in phrases {
        if let Some(at) = text::find_phrase(&words, phrase) {
            words.drain(at..at + phrase.split(' ').count());
        }
    }
    if part.intent == Intent::Recall
        && text::words(part.text).iter().any(|w| matches!(w.as_str(), "price" | "cost" | "much" | "precio"))
    {
        words.push("price".to_owned());
    }
    words.join(" ")
}

/// Words that begin a question.
const ASKS: [&str; 18] = [
    "how", "what", "when", "where", "which", "who", "do", "does", "can", "is", "are", "cuanto", "cuanta",
    "que", "cuando", "donde", "tienen", "hay",
];

/// A question with its topic, where it names none itself or only continues another.
pub(super) fn with_topic(question: &str, history: &[Said], remembered: &[Fact], assistant: &str) -> String {
    let words = text::words(question);
    // "and how much is a puncture repair" asks a whole question of its own.
    let is_whole = words.get(1).is_some_and(|word| ASKS.contains(&word.as_str()));
    let continues = ["and", "what about", "how about", "y", "y para", "que tal"]
        .iter()
        .any(|phrase| text::find_phrase(&words, phrase) == Some(0) && words.len() <= 8 && !is_whole);
    if !knowledge::is_vague(question) && !continues {
        return question.to_owned();
    }
    let own = history
        .iter()
        .rev()
        .filter(|said| said.speaker == Speaker::Contact && !phrases::lines::is_asked_to_continue(&said.text));
    let earlier = own.take(6).find_map(|said| named_in(said, assistant));
    let wanted = remembered.iter().rev().find(|fact| fact.key == "service").map(|fact| fact.value.clone());
    match earlier.or(wanted) {
        Some(topic) => format!("{question}\n{topic}"),
        None => question.to_owned(),
    }
}

/// The thing a message names: the service it wants, else the topic of a question in it.
fn named_in(said: &Said, assistant: &str) -> Option<String> {
    let message = core::slice::from_ref(said);
    let stated = facts(message, &[]);
    if let Some(service) = stated.iter().find(|fact| fact.key == "service") {
        return Some(service.value.clone());
    }
    let parts = acts::read(message, assistant);
    let tells = |part: &Part<'_>| stated.iter().any(|fact| part.text.contains(&fact.quote));
    // A link or an address to be sent is no thing that a later question is about.
    let to_send = |part: &Part<'_>, topic: &str| {
        matches!(part.intent, Intent::Booking | Intent::MoveTo(_)) && moving::names_definition(part, topic)
    };
    asked(&parts)
        .iter()
        .filter(|part| !tells(part))
        .map(|part| (part, topic_of(part)))
        .find(|(part, topic)| !to_send(part, topic) && !knowledge::is_vague(topic))
        .map(|(_, topic)| topic)
}
