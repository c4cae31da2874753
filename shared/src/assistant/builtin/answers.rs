//! Answers to questions: from the site's definition, from its knowledge, from what was said before.

use super::{
    super::{Act, Fact, Passage, Turn},
    acts::{Intent, Part},
    facts::first_amount,
    question::{asked, topic_of, with_topic},
    recall,
    reply::Reply,
};
use crate::{
    calendar,
    channel::Channel,
    knowledge::{self, CONFIDENT},
    phrases::{self, Lang},
    text,
    time::DAY_MS,
    wire::{Offer, Source, Speaker},
};

/// The most answers in one turn.
const MAX_ANSWERS: usize = 3;
/// A month's name says enough of a day longer ago than this, in milliseconds.
const MONTHS_AGO_MS: i64 = 45 * DAY_MS;
/// An objection younger than this needs no reminder, in milliseconds.
const OBJECTED_MS: i64 = DAY_MS;

/// Answers what the burst asks, if it asks anything.
pub(super) fn answer(reply: &mut Reply<'_>, parts: &[Part<'_>]) {
    let asked = asked(parts);
    let single = asked.len() == 1;
    let mut unknown = 0;
    for part in asked.iter().take(MAX_ANSWERS) {
        let answered = match part.intent {
            Intent::Hours => hours(reply, part),
            Intent::Place => place(reply),
            Intent::Booking => booking(reply) || known(reply, part, single),
            Intent::Recall => known_again(reply, part) || known(reply, part, single),
            _ => known(reply, part, single),
        };
        let statement =
            part.intent == Intent::Question && reply.told().is_some() && !part.text.contains(['?', '¿']);
        unknown += usize::from(!answered && !statement);
    }
    if unknown > 0 && reply.is_silent() {
        let recalls = asked.iter().any(|part| part.intent == Intent::Recall);
        if recalls {
            reply.say(phrases::memory::nothing_recalled(reply.lang));
            reply.say(phrases::answers::offer_person(reply.lang));
            reply.offer(Offer::Person);
            reply.act(Act::Unsure);
        } else {
            reply.unsure(phrases::answers::unknown(reply.lang));
        }
    } else if unknown > 0 && !single {
        reply.say(phrases::answers::unknown_rest(reply.lang));
        reply.offer(Offer::Person);
    }
}

fn hours(reply: &mut Reply<'_>, part: &Part<'_>) -> bool {
    let (site, now) = (&reply.turn.site, reply.turn.now);
    let Some(week) = calendar::week_sentence(site, reply.lang) else { return false };
    if let Some(day) = calendar::day_sentence(site, now, part.text, reply.lang) {
        reply.say(day);
    }
    reply.say(week.clone());
    let title = phrases::memory::definition(reply.lang, false).to_owned();
    reply.cite(Source { title, quote: week, event: None });
    true
}

fn place(reply: &mut Reply<'_>) -> bool {
    let address = reply.turn.site.address.trim();
    if address.is_empty() {
        return false;
    }
    reply.say(phrases::answers::address(reply.lang, address));
    let title = phrases::memory::definition(reply.lang, true).to_owned();
    reply.cite(Source { title, quote: address.to_owned(), event: None });
    true
}

/// The booking link, with the offer to go on by text where that is possible and was not offered yet.
fn booking(reply: &mut Reply<'_>) -> bool {
    let turn = reply.turn;
    let Some(url) = &turn.site.booking_url else { return false };
    reply.say(phrases::answers::booking(reply.lang, url));
    let offer = phrases::answers::offer_text(reply.lang);
    let offered =
        turn.history.iter().any(|said| said.speaker == Speaker::Assistant && said.text.contains(offer));
    let possible = turn.channel == Channel::Widget && turn.site.endpoint_on(Channel::Sms).is_some();
    if possible && !turn.can_text && !offered {
        reply.say(offer);
        reply.offer(Offer::ContinueBySms);
    }
    true
}

/// The passage that answers a part, where one does. A turn with one question trusts the scores it was given.
pub(super) fn best<'a>(turn: &'a Turn, part: &Part<'_>, single: bool) -> Option<&'a Passage> {
    if single {
        return turn.passages.first().filter(|passage| passage.score >= CONFIDENT);
    }
    let question = with_topic(&topic_of(part), &turn.history, &turn.facts, &turn.site.assistant.name);
    let ranked = knowledge::rank(&question, &turn.passages);
    let best = ranked.first().filter(|passage| passage.score >= CONFIDENT)?;
    turn.passages.iter().find(|passage| passage.heading == best.heading && passage.text == best.text)
}

fn known(reply: &mut Reply<'_>, part: &Part<'_>, single: bool) -> bool {
    let turn = reply.turn;
    let Some(passage) = best(turn, part, single) else { return false };
    reply.topic.get_or_insert_with(|| passage.heading.clone());
    if let Some(said) = recall::earlier(turn, passage) {
        let (sentence, source) = recall::reminder(turn, reply.lang, said, passage);
        reply.say(sentence);
        reply.cite(source);
    }
    objection(reply, passage);
    budget(reply, passage);
    let text = text::lead(&passage.text, reply.room());
    reply.say(text);
    let title = format!("{}: {}", passage.title, passage.heading);
    reply.cite(Source { title, quote: passage.text.clone(), event: None });
    true
}

/// A price is named to someone who once found it too much: that is said, so that they need not say it again.
fn objection(reply: &mut Reply<'_>, passage: &Passage) {
    let (turn, lang) = (reply.turn, reply.lang);
    if !passage.text.contains('$') {
        return;
    }
    let Some(fact) = turn.facts.iter().rev().find(|fact| fact.key == "objection").cloned() else { return };
    let age_ms = turn.now.since_ms(fact.at);
    let amount = amount_of(&fact);
    let fits = amount.as_ref().is_none_or(|amount| names(&passage.text, amount))
        || about_their_service(turn, passage);
    let sentence = objected(turn, lang, &fact);
    let said = turn.history.iter().any(|said| said.at > fact.at && said.text.contains(&sentence));
    if age_ms >= OBJECTED_MS && fits && !said {
        reply.say(sentence);
        reply.cite(source_of(turn, reply, &fact));
    }
}

fn amount_of(fact: &Fact) -> Option<String> {
    first_amount(&fact.value).or_else(|| first_amount(&fact.quote))
}

/// "Last time, in May, you felt $140 was a lot."
pub(super) fn objected(turn: &Turn, lang: Lang, fact: &Fact) -> String {
    let age_ms = turn.now.since_ms(fact.at);
    let zone = calendar::known_zone(&turn.time_zone, &turn.site);
    let when = if age_ms > MONTHS_AGO_MS && age_ms < 330 * DAY_MS {
        phrases::memory::in_month(lang, calendar::month(fact.at, zone, lang))
    } else {
        calendar::relative_day(fact.at, turn.now, zone, lang)
    };
    phrases::memory::objection(lang, &when, amount_of(fact).as_deref(), &fact.quote)
}

/// A price is named to someone who spoke of a budget before: it is shown that we know, once.
fn budget(reply: &mut Reply<'_>, passage: &Passage) {
    let Some(fact) = reply.fact("budget").cloned().filter(|_| passage.text.contains('$')) else { return };
    let turn = reply.turn;
    let sentence = phrases::memory::budget(reply.lang, &fact.value);
    let just_now = turn.burst.iter().any(|said| said.id == fact.source);
    let said = turn.history.iter().any(|said| said.at >= fact.at && said.text.contains(&sentence));
    if !just_now && !said {
        reply.say(sentence);
        reply.cite(source_of(turn, reply, &fact));
    }
}

/// "What is my name?": what the contact told, where this line may know it; else that it is not known.
pub(super) fn own_name(reply: &mut Reply<'_>) {
    let fact = reply.fact("name").cloned();
    let told = fact.as_ref().map(|fact| fact.value.clone());
    match told.or_else(|| reply.turn.name.clone()) {
        Some(name) => reply.say(phrases::memory::your_name(reply.lang, &name)),
        None => reply.say(phrases::memory::no_name(reply.lang)),
    }
    if let Some(fact) = fact {
        reply.cite(source_of(reply.turn, reply, &fact));
    }
}

/// "What was my budget?", likewise.
pub(super) fn own_budget(reply: &mut Reply<'_>) {
    let Some(fact) = reply.fact("budget").cloned() else {
        reply.say(phrases::memory::no_budget(reply.lang));
        return;
    };
    reply.say(phrases::memory::your_budget(reply.lang, &fact.value));
    reply.cite(source_of(reply.turn, reply, &fact));
}

fn source_of(turn: &Turn, reply: &Reply<'_>, fact: &Fact) -> Source {
    let zone = calendar::known_zone(&turn.time_zone, &turn.site);
    let day = calendar::relative_day(fact.at, turn.now, zone, reply.lang);
    let title = phrases::memory::source_title(reply.lang, fact.channel, true, &day);
    Source { title, quote: fact.quote.clone(), event: Some(fact.source.clone()) }
}

/// Whether a text names an amount, and not one that only begins alike.
fn names(text: &str, amount: &str) -> bool {
    text.match_indices(amount).any(|(at, _)| {
        let rest = &text[at + amount.len()..];
        let mut next = rest.chars();
        match next.next() {
            Some('.' | ',') => !next.next().is_some_and(|c| c.is_ascii_digit()),
            Some(c) => !c.is_ascii_digit(),
            None => true,
        }
    })
}

fn about_their_service(turn: &Turn, passage: &Passage) -> bool {
    let Some(fact) = turn.facts.iter().rev().find(|fact| fact.key == "service") else { return false };
    let heading = text::words(&passage.heading);
    let service = text::words(&fact.value);
    !service.is_empty() && text::has_phrase(&heading, &service.join(" "))
}

/// "What did you quote me in the chat?": what we said then, in our own words.
fn known_again(reply: &mut Reply<'_>, part: &Part<'_>) -> bool {
    let turn = reply.turn;
    if !knowledge::is_vague(&topic_of(part)) && best(turn, part, true).is_some() {
        return false;
    }
    let Some(said) = recall::said_before(turn, part.text) else { return false };
    let room = reply.room().saturating_sub(80);
    let words = text::lead(&recall::bare(turn, said), room);
    let day = recall::day(turn, reply.lang, said);
    let sentence = match &said.speaker {
        Speaker::Agent(name) => phrases::memory::said_by(reply.lang, said.channel, &day, name, &words),
        _ => phrases::memory::said(reply.lang, said.channel, &day, &words),
    };
    reply.say(sentence);
    reply.cite(recall::source(turn, reply.lang, said));
    true
}
