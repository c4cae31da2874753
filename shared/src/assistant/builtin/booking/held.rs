//! What is held for the contact while they make up their mind: a yes books it, a no lets it go and offers other times.
//!
//! The question is found in our own last words, and what it was about is read from them, so a yes means what the contact
//! read. A hold that has run out is booked anew where its time is still free; where it is not, that is said and others are
//! offered.

use super::{
    super::{acts::Intent, acts::Part, reply::Reply, when::When},
    find, find_again, fits, slot_of, take, where_to_confirm,
};
use crate::{
    appointment::{Appointment, State},
    assistant::{Act, Opening, Said},
    command::Ask,
    id::ServiceId,
    phrases::{Lang, booking as words},
    wire::Speaker,
};

/// How many of our messages back the question may stand, where what is held still is.
const BACK: usize = 3;

/// Our newest message that asks whether to book what is held.
pub(super) fn question(history: &[Said]) -> Option<&Said> {
    let ours = history.iter().rev().filter(|said| said.speaker != Speaker::Contact);
    let asks = |said: &&Said| Lang::ALL.into_iter().any(|lang| said.text.contains(words::shall_i_book(lang)));
    ours.take(BACK).filter(|said| said.speaker == Speaker::Assistant).find(asks)
}

/// Answers what a burst says to that question; `false` where it was not asked, or something else is said.
pub(super) fn answer(reply: &mut Reply<'_>, parts: &[Part<'_>], when: &When) -> bool {
    let Some(asked) = question(&reply.turn.history).map(|said| said.text.clone()) else { return false };
    let hold = hold(reply, &asked);
    let Some(service) = hold.as_ref().map(|hold| hold.service.clone()).or_else(|| named(reply, &asked))
    else {
        return false;
    };
    let is_last = reply.last_words() == asked;
    if !is_last && hold.is_none() {
        return false;
    }
    let has = |intent| parts.iter().any(|part| part.intent == intent);
    if has(Intent::No) && when.is_empty() {
        if let Some(hold) = hold {
            reply.act(Act::Appoint(Ask::Cancel(hold.id)));
        }
        return find(reply, &service, &When::default(), None);
    }
    let opening = opening(reply, &service, &asked);
    let is_same =
        |when: &When| when.is_empty() || opening.as_ref().is_some_and(|opening| fits(when, opening));
    let agrees = |part: &Part<'_>| {
        matches!(part.intent, Intent::Yes | Intent::Agreed | Intent::Thanks | Intent::Booking)
    };
    let yes = has(Intent::Yes) || has(Intent::Booking) || (is_last && has(Intent::Agreed));
    if yes && parts.iter().all(agrees) && is_same(when) {
        match (hold, opening) {
            (Some(hold), _) => {
                reply.act(Act::Appoint(Ask::BookHeld { id: hold.id, note: None }));
                where_to_confirm(reply);
            }
            (None, Some(opening)) => take(reply, &opening, None),
            (None, None) => return find_again(reply, &service, None),
        }
        return true;
    }
    // Another time is named instead.
    is_last && !when.is_empty() && !is_same(when) && find(reply, &service, when, None)
}

/// What our words say is held, where it still is.
fn hold(reply: &Reply<'_>, asked: &str) -> Option<Appointment> {
    let is_it = |own: &&Appointment| {
        own.state == State::Held
            && Lang::ALL.into_iter().any(|lang| asked.contains(&slot_of(reply, own, lang)))
    };
    reply.turn.appointments.iter().find(is_it).cloned()
}

/// The service our words name; the longest name, since one may be part of another.
fn named(reply: &Reply<'_>, asked: &str) -> Option<ServiceId> {
    let services = &reply.turn.site.booking.as_ref()?.services;
    let named = services.iter().filter(|service| asked.contains(&service.name));
    named.max_by_key(|service| service.name.len()).map(|service| service.id.clone())
}

/// The time our words name: still held, or free.
fn opening(reply: &Reply<'_>, service: &ServiceId, asked: &str) -> Option<Opening> {
    let held = hold(reply, asked).map(|hold| {
        let time_zone = super::zone_of(reply, &hold);
        Opening { service: hold.service, start: hold.time.start, time_zone }
    });
    let named = |opening: &&Opening| {
        let slot = |lang| words::slot(lang, opening.start, &opening.time_zone);
        opening.service == *service && Lang::ALL.into_iter().any(|lang| asked.contains(&slot(lang)))
    };
    held.or_else(|| reply.turn.openings.iter().find(named).cloned())
}
