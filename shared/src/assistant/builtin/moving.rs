//! "Text me", "email me": going on elsewhere, with what was asked for.
//!
//! The contact's own words are the consent, so nothing moves without them: a request in the burst, a yes to our offer,
//! or the address we asked for.

use super::{
    super::{Act, Said},
    acts::{Intent, Part},
    answers::best,
    question::{asked, topic_of},
    recall,
    reply::Reply,
};
use crate::{
    calendar,
    channel::Channel,
    identity::{find_email, find_phone},
    knowledge, phrases,
    site::Site,
    text,
    wire::{Offer, Speaker},
};

/// How much of an earlier answer goes along, in characters.
const CARRIED_CHARS: usize = 480;

/// Moves, asks for the address, or does nothing; `true` where the turn is answered.
pub(super) fn answer(reply: &mut Reply<'_>, parts: &[Part<'_>]) -> bool {
    let asked = parts.iter().find_map(|part| match part.intent {
        Intent::MoveTo(channel) => Some((channel, part.said)),
        _ => None,
    });
    if let Some((channel, said)) = asked {
        go(reply, channel, said, parts);
        return true;
    }
    given(reply, parts)
}

/// An address in the burst, or a yes, where we had asked for it.
fn given(reply: &mut Reply<'_>, parts: &[Part<'_>]) -> bool {
    let region = reply.turn.site.region.clone();
    let lang = reply.lang;
    let found = reply.turn.burst.iter().rev().find_map(|said| {
        let email = find_email(&said.text).map(|address| (Channel::Email, said, address));
        email.or_else(|| find_phone(&said.text, &region).map(|address| (Channel::Sms, said, address)))
    });
    let agrees = parts.iter().any(|part| part.intent == Intent::Yes);
    let where_to = reply.was_offered(phrases::answers::ask_where_to_answer);
    let asked_for = |channel| move |lang| phrases::answers::ask_address(lang, channel);
    let offered = reply.was_offered(phrases::answers::offer_text);
    let to_confirm = reply.was_offered(phrases::booking::where_to_confirm);
    match found {
        Some((channel, said, _))
            if where_to || offered || to_confirm || was_asked(reply, asked_for(channel)) =>
        {
            go(reply, channel, said, parts);
        }
        Some((_, _, address)) if only_address(parts) => {
            reply.say(phrases::answers::may_i_use(lang, &phrases::masked(address)));
        }
        None if agrees && offered => {
            if let Some(said) = reply.turn.burst.last() {
                go(reply, Channel::Sms, said, parts);
            }
        }
        None if agrees => return confirmed(reply, parts, &region),
        _ => return false,
    }
    true
}

fn was_asked(reply: &Reply<'_>, question: impl Fn(phrases::Lang) -> &'static str) -> bool {
    let last = reply.last_words();
    phrases::Lang::ALL.iter().any(|lang| last.contains(question(*lang)))
}

/// Nothing was said but an address.
fn only_address(parts: &[Part<'_>]) -> bool {
    let quiet = |intent| matches!(intent, Intent::Greeting | Intent::Thanks | Intent::Agreed | Intent::Yes);
    parts.iter().all(|part| quiet(part.intent) || text::words(part.text).len() <= 8)
        && !parts.iter().any(|part| part.text.contains('?'))
}

/// A yes to "shall we go on at …?": the address stands in their message before.
fn confirmed(reply: &mut Reply<'_>, parts: &[Part<'_>], region: &str) -> bool {
    let turn = reply.turn;
    let Some(before) = turn.history.iter().rev().find(|said| said.speaker == Speaker::Contact) else {
        return false;
    };
    let email = find_email(&before.text).map(|address| (Channel::Email, address));
    let found = email.or_else(|| find_phone(&before.text, region).map(|address| (Channel::Sms, address)));
    let Some((channel, address)) = found else { return false };
    let masked = phrases::masked(address);
    let asked = phrases::Lang::ALL
        .iter()
        .any(|lang| reply.last_words().contains(&phrases::answers::may_i_use(*lang, &masked)));
    if asked {
        depart(reply, channel, Some(address.to_owned()), before, parts);
    }
    asked
}

/// Goes on at `channel` as `said` asked, or asks for the address that is missing.
fn go(reply: &mut Reply<'_>, channel: Channel, said: &Said, parts: &[Part<'_>]) {
    let turn = reply.turn;
    let (lang, region) = (reply.lang, turn.site.region.as_str());
    let find = |text: &str| match channel {
        Channel::Email => find_email(text).map(str::to_owned),
        _ => find_phone(text, region).map(str::to_owned),
    };
    let own = find(&said.text).map(|address| (address, said));
    let near = || turn.burst.iter().rev().find_map(|other| find(&other.text).map(|address| (address, other)));
    let known = if channel == Channel::Email { turn.can_email } else { turn.can_text };
    if turn.site.endpoint_on(channel).is_none() {
        reply.unsure(phrases::answers::unknown(lang));
        return;
    }
    match own.or_else(near) {
        Some((address, source)) => depart(reply, channel, Some(address), source, parts),
        None if turn.channel == channel => {
            let wanted = content(reply, parts);
            reply.say(wanted.unwrap_or_else(|| phrases::answers::already_here(lang, channel).to_owned()));
        }
        None if known => depart(reply, channel, None, said, parts),
        None => {
            reply.say(phrases::answers::ask_address(lang, channel));
            let card = if channel == Channel::Email { Offer::ContinueByEmail } else { Offer::ContinueBySms };
            reply.offer(card);
        }
    }
}

fn depart(
    reply: &mut Reply<'_>,
    channel: Channel,
    address: Option<String>,
    source: &Said,
    parts: &[Part<'_>],
) {
    let lang = reply.lang;
    let wanted =
        content(reply, parts).unwrap_or_else(|| phrases::answers::here_we_are(lang, &reply.turn.site.name));
    let masked = address.as_deref().map(phrases::masked);
    reply.say(phrases::answers::moving(lang, channel, masked.as_deref()));
    reply.act(Act::MoveTo { channel, address, source: source.id.clone(), text: wanted });
}

/// What to send: what this burst asks for, else what the request before it asked for, else the last answer.
fn content(reply: &Reply<'_>, parts: &[Part<'_>]) -> Option<String> {
    let turn = reply.turn;
    if reply.was_offered(phrases::answers::ask_where_to_answer) {
        return Some(phrases::answers::handoff_stands(reply.lang, &reply.people()));
    }
    if let Some(wanted) = wanted(reply, parts) {
        return Some(wanted);
    }
    let mut earlier = turn.history.iter().rev().filter(|said| said.speaker == Speaker::Contact);
    if let Some(before) = earlier.next() {
        let parts = super::acts::read(core::slice::from_ref(before), &turn.site.assistant.name);
        let asked_then = parts.iter().any(|part| matches!(part.intent, Intent::MoveTo(_) | Intent::Booking));
        if let Some(wanted) = wanted(reply, &parts).filter(|_| asked_then) {
            return Some(wanted);
        }
    }
    let last = turn
        .history
        .iter()
        .rev()
        .filter(|said| matches!(said.speaker, Speaker::Assistant | Speaker::Agent(_)));
    let price = parts.iter().any(|part| {
        text::words(part.text).iter().any(|w| matches!(w.as_str(), "price" | "quote" | "precio"))
    });
    let mut told = last.filter(|said| !recall::is_formal(turn, said) && (!price || said.text.contains('$')));
    told.next().map(|said| text::shorten(&recall::bare(turn, said), CARRIED_CHARS))
}

/// What a burst asks to have sent.
fn wanted(reply: &Reply<'_>, parts: &[Part<'_>]) -> Option<String> {
    let (turn, lang) = (reply.turn, reply.lang);
    let mut out = Vec::new();
    for part in asked(parts) {
        let topic = topic_of(&part);
        if names_definition(&part, &topic) {
            out.extend(defined(&part, &topic, &turn.site, lang));
        } else if !knowledge::is_vague(&topic) {
            out.extend(best(turn, &part, false).map(|passage| text::lead(&passage.text, CARRIED_CHARS)));
        }
    }
    out.dedup();
    if out.is_empty() { None } else { Some(out.join("\n")) }
}

/// What a message asks to have sent elsewhere of what stands in the site's definition (where to book, the hours, the
/// address); nothing where it asks for something else, or to have it here.
pub fn asked_to_send(said: &Said, site: &Site, lang: phrases::Lang) -> Option<String> {
    let parts = super::acts::read(core::slice::from_ref(said), &site.assistant.name);
    if !parts.iter().any(|part| matches!(part.intent, Intent::MoveTo(_))) {
        return None;
    }
    let mut out: Vec<String> =
        asked(&parts).iter().filter_map(|part| defined(part, &topic_of(part), site, lang)).collect();
    out.dedup();
    if out.is_empty() { None } else { Some(out.join("\n")) }
}

/// Whether what is asked for stands in the site's definition, if anywhere.
pub(super) fn names_definition(part: &Part<'_>, topic: &str) -> bool {
    matches!(part.intent, Intent::Booking | Intent::Hours | Intent::Place)
        || (matches!(part.intent, Intent::MoveTo(_)) && (has_word(topic, &ADDRESS) || has_word(topic, &LINK)))
}

const ADDRESS: [&str; 2] = ["address", "direccion"];
const LINK: [&str; 4] = ["link", "enlace", "book", "reservar"];

fn has_word(topic: &str, words: &[&str]) -> bool {
    text::words(topic).iter().any(|word| words.contains(&word.as_str()))
}

/// What the site's definition says to what is asked for.
fn defined(part: &Part<'_>, topic: &str, site: &Site, lang: phrases::Lang) -> Option<String> {
    let booking = || site.booking_url.as_ref().map(|url| phrases::answers::booking(lang, url));
    let address = || Some(phrases::answers::address(lang, &site.address));
    match part.intent {
        Intent::Booking => booking(),
        Intent::Hours => calendar::week_sentence(site, lang),
        Intent::Place => address(),
        Intent::MoveTo(_) if has_word(topic, &ADDRESS) => address(),
        Intent::MoveTo(_) if has_word(topic, &LINK) => booking(),
        _ => None,
    }
}
