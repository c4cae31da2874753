//! The built-in assistant: a function from a turn to a draft, with no model behind it.
//!
//! It reads what the burst does (`acts`), remembers what was stated (`facts`), and answers from the site's
//! definition and knowledge, from nothing else: a price, date or link it says stands in a passage, in the definition or
//! in the contact's own words. What it does not know it says it does not know, and offers a person. It also speaks when
//! a model is slow, failing or over its ceiling.
//!
//! The draft's text is bare: `phrases::spoken` puts label or greeting around it when it goes out.

mod acts;
mod answers;
mod booking;
mod facts;
mod moving;
mod phrasebook;
mod question;
mod recall;
mod reply;
mod when;
mod write;

#[cfg(test)]
mod tests;

pub use booking::looked_at;
pub use facts::facts;
pub use moving::asked_to_send;
pub use question::{Needs, needs};

use acts::{Intent, Part};
use question::{asked, set_aside};
use reply::Reply;

use super::{Act, Draft, Turn};
use crate::{
    handoff::Reason,
    phrases::{self, Lang},
    wire::Speaker,
};

/// Who it says it is in a [`Draft`].
pub const AUTHOR: &str = "builtin";

/// What a turn asks for: an answer, or what the owner wants written. Never empty.
pub fn draft(turn: &Turn) -> Draft {
    turn.task.as_ref().map_or_else(|| answer(turn), |task| write::write(turn, task))
}

/// Answers a turn. Total and deterministic: any burst gives a draft, and never an empty one: what asks for something about
/// an appointment may leave the words to whoever knows what came of it.
pub fn answer(turn: &Turn) -> Draft {
    let parts = acts::read(&turn.burst, &turn.site.assistant.name);
    let mut reply = Reply::new(turn, language(turn));
    for fact in facts(&turn.burst, &turn.history) {
        reply.remember(fact);
    }
    if !alone(&mut reply, &parts) {
        let (rest, topic) = set_aside(turn.site.as_ref(), parts);
        if let Some(topic) = topic {
            call_person(&mut reply, Reason::Topic, Some(topic));
            // Whatever else was asked is answered all the same, courtesies aside.
            if !asked(&rest).is_empty() {
                answer_parts(&mut reply, &rest);
            }
        } else {
            answer_parts(&mut reply, &rest);
        }
    }
    reply.finish()
}

fn answer_parts(reply: &mut Reply<'_>, parts: &[Part<'_>]) {
    if !booking::answer(reply, parts) && !moving::answer(reply, parts) {
        together(reply, parts);
    }
}

/// Why the burst's own words want a person: asked for, in anger, or abusive.
pub fn person_wanted(turn: &Turn) -> Option<Reason> {
    let parts = acts::read(&turn.burst, &turn.site.assistant.name);
    let has = |intent| parts.iter().any(|part| part.intent == intent);
    [
        (Intent::OptOut, Reason::Asked),
        (Intent::Abuse, Reason::Abuse),
        (Intent::Anger, Reason::Anger),
        (Intent::Person, Reason::Asked),
    ]
    .into_iter()
    .find_map(|(intent, reason)| has(intent).then_some(reason))
}

/// The language to answer in: what the burst is clearly written in, else what the contact wrote last, else theirs.
pub fn language(turn: &Turn) -> Lang {
    let burst: Vec<&str> = turn.burst.iter().map(|said| said.text.as_str()).collect();
    let earlier = || {
        let own = turn.history.iter().rev().filter(|said| said.speaker == Speaker::Contact);
        own.take(5).find_map(|said| Lang::detect(&said.text))
    };
    Lang::detect(&burst.join("\n")).or_else(earlier).unwrap_or_else(|| Lang::of(&turn.locale))
}

/// What is answered alone, whatever else was said: orders to stop, insults, anger, and the wish for a person.
fn alone(reply: &mut Reply<'_>, parts: &[Part<'_>]) -> bool {
    let has = |intent| parts.iter().any(|part| part.intent == intent);
    let lang = reply.lang;
    if has(Intent::OptOut) {
        reply.say(phrases::answers::opt_out(lang));
        reply.call(Reason::Asked, None);
    } else if has(Intent::Abuse) {
        reply.say(phrases::answers::abuse(lang));
        reply.say(reply.people());
        reply.call(Reason::Abuse, None);
    } else if has(Intent::Anger) {
        reply.say(phrases::answers::anger(lang));
        call_person(reply, Reason::Anger, None);
    } else if has(Intent::Person) || (has(Intent::Yes) && reply.was_offered(phrases::answers::offer_person)) {
        call_person(reply, Reason::Asked, None);
    } else {
        return false;
    }
    true
}

/// Calls a person and says honestly when they come; asks where to answer if nobody is there and no address is known.
fn call_person(reply: &mut Reply<'_>, reason: Reason, about: Option<String>) {
    let (lang, when) = (reply.lang, reply.people());
    let again = reason == Reason::Asked && reply.last_words().contains(&phrases::answers::handoff(lang, ""));
    if again || reply.turn.is_called(reason, about.as_deref()) {
        reply.say(phrases::answers::handoff_stands(lang, &when));
    } else {
        reply.say(phrases::answers::handoff(lang, &when));
        reply.call(reason, about);
    }
    reply.ask_where_to_answer();
}

/// What is answered together, in one turn: news first, then answers, then courtesies.
fn together(reply: &mut Reply<'_>, parts: &[Part<'_>]) {
    let (turn, lang) = (reply.turn, reply.lang);
    for part in parts {
        match part.intent {
            Intent::RunningLate(minutes) => {
                reply.say(phrases::answers::running_late(lang, minutes));
                let value = minutes.map_or_else(|| "late".to_owned(), |minutes| format!("{minutes} min"));
                reply.remember_part("late", value, part);
                if let Some(minutes) = minutes {
                    booking::late(reply, minutes);
                }
            }
            Intent::Prefers(channel) => {
                reply.say(phrases::answers::preference(lang, channel));
                reply.remember_part("preference", channel.as_str().to_owned(), part);
            }
            Intent::MyName => answers::own_name(reply),
            Intent::MyBudget => answers::own_budget(reply),
            Intent::Identity => {
                reply.say(phrases::answers::identity(lang, &turn.site.assistant.name, &turn.site.name));
            }
            _ => {}
        }
    }
    answers::answer(reply, parts);
    if reply.is_silent() {
        courtesies(reply, parts);
    }
}

fn courtesies(reply: &mut Reply<'_>, parts: &[Part<'_>]) {
    let (turn, lang) = (reply.turn, reply.lang);
    let has = |intent| parts.iter().any(|part| part.intent == intent);
    let (assistant, site) = (&turn.site.assistant.name, &turn.site.name);
    if has(Intent::Thanks) {
        reply.say(phrases::answers::thanks(lang));
    } else if has(Intent::Farewell) {
        reply.say(phrases::answers::farewell(lang));
    } else if has(Intent::SmallTalk) {
        reply.say(phrases::answers::small_talk(lang, site));
    } else if let Some(told) = reply.told() {
        reply.say(told);
    } else if has(Intent::Greeting) {
        let spoken = turn.history.iter().any(|said| said.speaker == Speaker::Assistant);
        if spoken {
            reply.say(phrases::answers::greeting_again(lang));
        } else {
            let stated = reply.fact("name").map(|fact| fact.value.clone());
            let name = turn.name.clone().or(stated);
            reply.say(phrases::answers::greeting(lang, assistant, site, name.as_deref()));
        }
    } else if has(Intent::No) {
        reply.say(phrases::answers::declined(lang));
    } else if has(Intent::Yes) || has(Intent::Agreed) {
        reply.say(phrases::answers::agreed(lang));
    } else {
        reply.unsure(phrases::answers::gibberish(lang));
    }
}

/// Whether an act calls a person.
const fn calls(act: &Act) -> bool {
    matches!(act, Act::CallPerson { .. })
}
