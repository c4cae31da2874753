//! Booking in conversation: finds times, books, moves and calls off, on any line.
//!
//! What was offered is read from the assistant's own last words, so a choice means what the contact read, whatever was
//! taken meanwhile. A time is only booked when the contact named it or chose it; an appointment is only called off after
//! a yes. What is chosen in the chat is held first ([`held`]), so that nobody takes it while the contact looks at it.

mod held;

use std::collections::BTreeSet;

use super::{
    super::{Act, Opening, Said},
    acts::{Intent, Part},
    reply::Reply,
    when::When,
};
use crate::{
    appointment::{Appointment, State},
    calendar,
    channel::Channel,
    command::{Ask, Note, Wish},
    id::ServiceId,
    phrases::{self, Lang, booking as words},
    site::{Site, booking::Service},
    text,
    time::{DAY_MS, HOUR_MS, Timestamp},
    wire::{Offer, Speaker},
};

/// How many times are offered at once.
const OFFERED: usize = 3;
/// What may stand beside the number of a choice without saying anything else.
const BESIDE_A_NUMBER: [&str; 34] = [
    "the", "one", "option", "number", "no", "please", "thanks", "thank", "you", "ok", "okay", "yes", "is",
    "works", "fine", "good", "great", "perfect", "for", "me", "i", "ill", "take", "lets", "do", "la", "el",
    "opcion", "por", "favor", "gracias", "si", "vale", "mejor",
];
/// The longest note on an appointment, in characters.
const MAX_NOTE_CHARS: usize = 500;
/// How far ahead times are looked for, in milliseconds.
const LOOKED_AT_MS: i64 = 21 * DAY_MS;
/// How far ahead an appointment is that somebody can be late for, in milliseconds.
const SOON_MS: i64 = 12 * HOUR_MS;

/// Whether a burst is about appointments: what it does, or what we asked before it.
pub(super) fn is_about(parts: &[Part<'_>], history: &[Said]) -> bool {
    let tells = |part: &Part<'_>| matches!(part.intent, Intent::MyVisit | Intent::RunningLate(_));
    parts.iter().any(tells) || wants_times(parts, history)
}

/// Whether free times are needed to answer a burst.
pub(super) fn wants_times(parts: &[Part<'_>], history: &[Said]) -> bool {
    let wants =
        |part: &Part<'_>| matches!(part.intent, Intent::Booking | Intent::CancelVisit | Intent::MoveVisit);
    let last = history.iter().rev().find(|said| said.speaker != Speaker::Contact);
    let ours = last.filter(|said| said.speaker == Speaker::Assistant);
    let asked = || ours.is_some_and(|said| asks_something(&said.text)) || held::question(history).is_some();
    parts.iter().any(wants) || asked()
}

/// The days in which times are looked for: from now on, and around the day that a burst names if that is later.
pub fn looked_at(site: &Site, burst: &[Said], now: Timestamp) -> (Timestamp, Timestamp) {
    let zone = calendar::zone(&site.time_zone);
    let texts: Vec<&str> = burst.iter().map(|said| said.text.as_str()).collect();
    let when = When::read(&texts.join("\n"), calendar::local(now, &zone).date());
    let named = when.day.and_then(|day| day.to_zoned(zone).ok());
    let named = named.map(|there| Timestamp::from_ms(there.timestamp().as_millisecond()));
    match named {
        Some(day) if day > now.plus_ms(LOOKED_AT_MS - 3 * DAY_MS) => (now.max(day), day.plus_ms(7 * DAY_MS)),
        _ => (now, now.plus_ms(LOOKED_AT_MS)),
    }
}

/// Whether our words asked for a choice, a service, a day, or a yes to calling off.
fn asks_something(last: &str) -> bool {
    let asks = |lang| {
        last.contains(words::asks_service(lang))
            || last.contains(words::which_day(lang))
            || last.contains(words::asks_cancel(lang))
            || last.contains(words::nothing_free(lang))
    };
    last.contains(&words::one(1, "")) || Lang::ALL.into_iter().any(asks)
}

/// Answers what a burst wants of appointments; `true` where the turn is answered.
pub(super) fn answer(reply: &mut Reply<'_>, parts: &[Part<'_>]) -> bool {
    let has = |intent| parts.iter().any(|part| part.intent == intent);
    let elsewhere = parts.iter().any(|part| matches!(part.intent, Intent::MoveTo(_)));
    let is_about = reply.turn.site.booking.is_some() && is_about(parts, &reply.turn.history);
    if !is_about || elsewhere || wants_link(parts) {
        return false;
    }
    if has(Intent::MyVisit) {
        tell(reply);
        return true;
    }
    let when = read(reply, parts.iter().map(|part| part.text));
    if has(Intent::CancelVisit) {
        return cancel(reply, &when);
    }
    if has(Intent::MoveVisit) && own(reply, &When::default()).is_some() {
        return move_to(reply, parts, &when);
    }
    if let Some(appointment) = asked_to_cancel(reply) {
        if has(Intent::No) {
            reply.say(words::kept(reply.lang));
            return true;
        }
        let agrees = |part: &Part<'_>| matches!(part.intent, Intent::Yes | Intent::Agreed | Intent::Thanks);
        // "ok, but what is the fee?" is no yes.
        if !has(Intent::Question) && parts.iter().all(agrees) && !parts.is_empty() {
            reply.act(Act::Appoint(Ask::Cancel(appointment.id)));
            return true;
        }
    }
    if held::answer(reply, parts, &when) {
        return true;
    }
    if has(Intent::Booking) {
        return begin(reply, parts, &when);
    }
    choose(reply, parts, &when) || name_service(reply, parts, &when)
}

/// Notes a delay on the appointment it is about, the next one, if there is one soon.
pub(super) fn late(reply: &mut Reply<'_>, minutes: u32) {
    let now = reply.turn.now;
    let soon = |own: &&Appointment| {
        own.state == State::Booked && own.time.end > now && own.time.start.since_ms(now) < SOON_MS
    };
    if let Some(id) = reply.turn.appointments.iter().find(soon).map(|own| own.id.clone()) {
        reply.act(Act::Appoint(Ask::Note(id, Note::LateByMin(minutes))));
    }
}

/// "a link to book": the page, not a conversation about it.
fn wants_link(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| {
        text::words(part.text).iter().any(|word| matches!(word.as_str(), "link" | "enlace" | "online"))
    })
}

/// The day and time in words, counted from today at the site.
fn read<'a>(reply: &Reply<'_>, texts: impl Iterator<Item = &'a str>) -> When {
    let today = calendar::local(reply.turn.now, &calendar::zone(&reply.turn.site.time_zone)).date();
    When::read(&texts.collect::<Vec<_>>().join("\n"), today)
}

/// Begins: which service, or which time.
fn begin(reply: &mut Reply<'_>, parts: &[Part<'_>], when: &When) -> bool {
    let Some(service) = service(reply, parts) else { return ask_service(reply) };
    find(reply, &service, when, None)
}

fn ask_service(reply: &mut Reply<'_>) -> bool {
    let site = &reply.turn.site;
    let names: Vec<&str> = site
        .booking
        .iter()
        .flat_map(|booking| &booking.services)
        .map(|service| service.name.as_str())
        .collect();
    reply.say(words::which_service(reply.lang, &names));
    true
}

/// The answer to "what is it for?"; the day may have been named before.
fn name_service(reply: &mut Reply<'_>, parts: &[Part<'_>], when: &When) -> bool {
    let last = reply.last_words();
    let asked = |lang| last.contains(words::asks_service(lang));
    let day_asked = |lang| last.contains(words::which_day(lang)) || last.contains(words::nothing_free(lang));
    let named = service(reply, parts);
    if Lang::ALL.into_iter().any(asked) {
        let Some(named) = named else { return false };
        let earlier = || {
            let before = reply.turn.history.iter().rev().find(|said| said.speaker == Speaker::Contact);
            before.map(|said| read(reply, std::iter::once(said.text.as_str())))
        };
        let when = if when.is_empty() { earlier().unwrap_or_default() } else { when.clone() };
        return find(reply, &named, &when, None);
    }
    if Lang::ALL.into_iter().any(day_asked) && !when.is_empty() {
        let Some(named) = named.or_else(|| offered_before(reply)) else { return ask_service(reply) };
        return find(reply, &named, when, None);
    }
    false
}

/// The service of the last offer on this or another line.
fn offered_before(reply: &Reply<'_>) -> Option<ServiceId> {
    let site = &reply.turn.site;
    let services = &site.booking.as_ref()?.services;
    let ours = reply.turn.history.iter().rev().filter(|said| said.speaker == Speaker::Assistant);
    let offer = ours.take(6).find(|said| said.text.contains(&words::one(1, "")))?;
    services.iter().find(|service| offer.text.contains(&service.name)).map(|service| service.id.clone())
}

/// The service that is meant: named now, else wanted before, else the only one.
fn service(reply: &Reply<'_>, parts: &[Part<'_>]) -> Option<ServiceId> {
    let booking = reply.turn.site.booking.as_ref()?;
    let said: Vec<String> = parts.iter().flat_map(|part| text::words(part.text)).collect();
    let wanted = || {
        let fact = reply.fact("service")?;
        named(&reply.turn.site, &booking.services, &text::words(&fact.value))
    };
    let only = || match &booking.services[..] {
        [only] => Some(only),
        _ => None,
    };
    let found = named(&reply.turn.site, &booking.services, &said).or_else(wanted).or_else(only);
    found.map(|service| service.id.clone())
}

/// The one service whose name is best met by words, at least by half. A word that only one name has says more; one that
/// the site's own name has says nothing.
fn named<'a>(site: &Site, services: &'a [Service], said: &[String]) -> Option<&'a Service> {
    let site_name = text::words(&site.name);
    let names: Vec<BTreeSet<String>> = services
        .iter()
        .map(|service| {
            text::words(&service.name).into_iter().filter(|word| !site_name.contains(word)).collect()
        })
        .collect();
    let weight =
        |word: &String| if names.iter().filter(|name| name.contains(word)).count() == 1 { 2 } else { 1 };
    let scored = services.iter().zip(&names).map(|(service, name)| {
        let whole: usize = name.iter().map(weight).sum();
        let met: usize = name.iter().filter(|word| said.contains(word)).map(weight).sum();
        (met, whole, service)
    });
    let mut fitting: Vec<_> = scored.filter(|(met, whole, _)| *met > 0 && met * 2 >= *whole).collect();
    fitting.sort_by(|left, right| (right.0 * left.1).cmp(&(left.0 * right.1)));
    match &fitting[..] {
        [(_, _, only)] => Some(*only),
        [(met, whole, best), (next_met, next_whole, _), ..] => {
            (met * next_whole > next_met * whole).then_some(*best)
        }
        [] => None,
    }
}

/// Books or moves to the one time that was named, else offers times.
fn find(reply: &mut Reply<'_>, service: &ServiceId, when: &When, instead_of: Option<&Appointment>) -> bool {
    let openings: Vec<&Opening> =
        reply.turn.openings.iter().filter(|opening| opening.service == *service).collect();
    let fitting: Vec<&Opening> = openings.iter().copied().filter(|opening| fits(when, opening)).collect();
    if when.day.is_some()
        && !when.times.is_empty()
        && let [only] = fitting[..]
    {
        take(reply, only, instead_of);
        return true;
    }
    let wished = !when.is_empty();
    let shown = if fitting.is_empty() { near(&openings, when) } else { spread(&fitting) };
    if shown.is_empty() {
        reply.say(words::nothing_free(reply.lang));
        reply.say(phrases::answers::offer_person(reply.lang));
        reply.offer(Offer::Person);
        return true;
    }
    if wished && fitting.is_empty() {
        reply.say(words::not_then(reply.lang));
    }
    offer(reply, service, &shown, instead_of);
    true
}

fn fits(when: &When, opening: &Opening) -> bool {
    let there = calendar::local(opening.start, &calendar::zone(&opening.time_zone));
    when.fits(there.date(), there.time())
}

/// The times nearest to a day that has none to offer: those of the day itself, else the first from it on.
fn near<'a>(openings: &[&'a Opening], when: &When) -> Vec<&'a Opening> {
    let day_only = When { day: when.day, ..When::default() };
    let same_day: Vec<&Opening> =
        openings.iter().copied().filter(|opening| fits(&day_only, opening)).collect();
    if when.day.is_some() && !same_day.is_empty() {
        return spread(&same_day);
    }
    let local =
        |opening: &Opening| calendar::local(opening.start, &calendar::zone(&opening.time_zone)).date();
    let later: Vec<&Opening> =
        openings.iter().copied().filter(|opening| when.day.is_none_or(|day| local(opening) >= day)).collect();
    if later.is_empty() { spread(openings) } else { spread(&later) }
}

/// A few times that differ: the first of each half of a day.
fn spread<'a>(openings: &[&'a Opening]) -> Vec<&'a Opening> {
    let mut halves = BTreeSet::new();
    let mut chosen: Vec<&Opening> = Vec::new();
    for opening in openings {
        let there = calendar::local(opening.start, &calendar::zone(&opening.time_zone));
        if halves.insert((there.date(), there.hour() >= 12)) && chosen.len() < OFFERED {
            chosen.push(opening);
        }
    }
    // A single half of a day has more than one time to offer.
    let rest = openings.iter().filter(|opening| !chosen.contains(opening)).copied();
    let missing = OFFERED.saturating_sub(chosen.len());
    let mut filled: Vec<&Opening> = rest.take(missing).chain(chosen.iter().copied()).collect();
    filled.sort_by_key(|opening| opening.start);
    filled
}

fn offer(reply: &mut Reply<'_>, service: &ServiceId, shown: &[&Opening], instead_of: Option<&Appointment>) {
    let lang = reply.lang;
    let slots: Vec<String> =
        shown.iter().map(|opening| words::slot(lang, opening.start, &opening.time_zone)).collect();
    let slots = words::numbered(lang, &slots);
    let name = name_of(reply, service);
    let sentence = match instead_of {
        None => words::offered(lang, &name, &slots),
        Some(own) => words::offered_instead(lang, &name, &slot_of(reply, own, lang), &slots),
    };
    reply.say(sentence);
    reply.offer(Offer::Times { starts: shown.iter().map(|opening| opening.start).collect() });
}

/// Asks for a time to be booked or moved to; what comes of it is said by whoever knows.
fn take(reply: &mut Reply<'_>, opening: &Opening, instead_of: Option<&Appointment>) {
    let (service, start) = (opening.service.clone(), opening.start);
    if let Some(own) = instead_of {
        reply.act(Act::Appoint(Ask::Move { id: own.id.clone(), start, resource: None }));
        return;
    }
    reply.act(Act::Appoint(Ask::Book(Wish { service, resource: None, start, note: None })));
    where_to_confirm(reply);
}

/// Keeps a time that was chosen among those shown; it is booked once they say so.
fn hold(reply: &mut Reply<'_>, opening: &Opening) {
    let (service, start) = (opening.service.clone(), opening.start);
    reply.act(Act::Appoint(Ask::Hold(Wish { service, resource: None, start, note: None })));
}

/// Asks where a confirmation may go, where none is known.
fn where_to_confirm(reply: &mut Reply<'_>) {
    let turn = reply.turn;
    let reachable = turn.can_email || turn.can_text || turn.channel != Channel::Widget;
    if !reachable && turn.site.endpoint_on(Channel::Email).is_some() {
        reply.say(words::where_to_confirm(reply.lang));
        reply.offer(Offer::ContinueByEmail);
    }
}

/// A choice among what was offered: by number, by time, or a yes where there was only one.
fn choose(reply: &mut Reply<'_>, parts: &[Part<'_>], when: &When) -> bool {
    let last = reply.last_words();
    if !last.contains(&words::one(1, "")) {
        return false;
    }
    let is_move = Lang::ALL.into_iter().any(|lang| last.contains(words::instead(lang)));
    let instead_of = if is_move { moved(reply, &last) } else { None };
    if is_move && instead_of.is_none() {
        return false;
    }
    if parts.iter().any(|part| part.intent == Intent::No) && when.is_empty() {
        reply.say(words::which_day(reply.lang));
        return true;
    }
    let offered = offered(reply, &last);
    let Some(service) = offered
        .iter()
        .find_map(|(_, opening)| opening.map(|opening| opening.service.clone()))
        .or_else(|| offered_before(reply))
    else {
        return false;
    };
    let said = parts.iter().map(|part| part.text).collect::<Vec<_>>().join(" ");
    let by_number = number(&said, offered.len()).and_then(|number| offered.get(number - 1));
    let by_time = || {
        let mut fitting = offered.iter().filter(|(_, opening)| opening.is_some_and(|o| fits(when, o)));
        fitting.next().filter(|_| !when.is_empty() && fitting.next().is_none())
    };
    let agrees = parts.iter().any(|part| matches!(part.intent, Intent::Yes | Intent::Agreed));
    let only = || offered.first().filter(|_| agrees && when.is_empty() && offered.len() == 1);
    match by_number.or_else(by_time).or_else(only) {
        Some((_, Some(opening))) => {
            let opening = (*opening).clone();
            if is_held_first(reply) && instead_of.is_none() {
                hold(reply, &opening);
            } else {
                take(reply, &opening, instead_of.as_ref());
            }
        }
        // It was free when it was offered.
        Some((_, None)) => return find_again(reply, &service, instead_of.as_ref()),
        None if !when.is_empty() => return find(reply, &service, when, instead_of.as_ref()),
        None => return false,
    }
    true
}

/// In the chat a choice is one tap, and a card asks once more; in writing it is said in words, and each answer takes its time.
fn is_held_first(reply: &Reply<'_>) -> bool {
    reply.turn.channel == Channel::Widget
}

fn find_again(reply: &mut Reply<'_>, service: &ServiceId, instead_of: Option<&Appointment>) -> bool {
    reply.say(phrases::appointments::Refusal::SlotTaken.text(reply.lang));
    find(reply, service, &When::default(), instead_of)
}

/// What our last words offered, by its number: the words, and the time where it is still free.
fn offered<'a>(reply: &Reply<'a>, last: &str) -> Vec<(usize, Option<&'a Opening>)> {
    let service = offered_before(reply);
    let openings = || {
        reply.turn.openings.iter().filter(|o| service.as_ref().is_none_or(|service| *service == o.service))
    };
    (1..=OFFERED)
        .take_while(|number| last.contains(&words::one(*number, "")))
        .map(|number| {
            let written = |opening: &&Opening| {
                Lang::ALL.into_iter().any(|lang| {
                    let slot = words::slot(lang, opening.start, &opening.time_zone);
                    last.contains(&words::one(number, &slot))
                })
            };
            (number, openings().find(written))
        })
        .collect()
}

/// "2", "the second one please", "la última": nothing but a number among so many, and what goes with it.
fn number(said: &str, count: usize) -> Option<usize> {
    let mut chosen = None;
    for word in text::words(said).iter().filter(|word| !BESIDE_A_NUMBER.contains(&word.as_str())) {
        let number = match word.as_str() {
            "first" | "1st" | "primera" | "primero" => 1,
            "second" | "2nd" | "segunda" | "segundo" => 2,
            "third" | "3rd" | "tercera" | "tercero" => 3,
            "last" | "ultima" | "ultimo" => count,
            other => other.parse().ok()?,
        };
        if chosen.replace(number).is_some() {
            return None;
        }
    }
    chosen.filter(|number| (1..=count).contains(number))
}

/// The contact's booked appointment that is meant: the one on the day or time named, else the next.
fn own(reply: &Reply<'_>, when: &When) -> Option<Appointment> {
    let booked = |own: &&Appointment| own.state == State::Booked && own.time.start > reply.turn.now;
    let all: Vec<&Appointment> = reply.turn.appointments.iter().filter(booked).collect();
    let at = |own: &&&Appointment| {
        let there = calendar::local(own.time.start, &calendar::zone(&zone_of(reply, own)));
        !when.is_empty() && when.fits(there.date(), there.time())
    };
    all.iter().find(at).or_else(|| all.first()).map(|own| (*own).clone())
}

/// Tells what is booked.
fn tell(reply: &mut Reply<'_>) {
    let (turn, lang) = (reply.turn, reply.lang);
    let ahead = |own: &&Appointment| own.state == State::Booked && own.time.end > turn.now;
    let booked: Vec<String> = turn
        .appointments
        .iter()
        .filter(ahead)
        .map(|own| format!("{}, {}", name_of(reply, &own.service), slot_of(reply, own, lang)))
        .collect();
    if booked.is_empty() {
        find_none(reply);
    } else {
        reply.say(words::yours(lang, &booked));
    }
}

fn find_none(reply: &mut Reply<'_>) {
    reply.say(words::none_found(reply.lang));
    reply.say(phrases::answers::offer_person(reply.lang));
    reply.offer(Offer::Person);
}

fn cancel(reply: &mut Reply<'_>, when: &When) -> bool {
    let Some(own) = own(reply, when) else {
        if !reply.turn.passages.is_empty() {
            return false;
        }
        find_none(reply);
        return true;
    };
    let lang = reply.lang;
    let (name, slot) = (name_of(reply, &own.service), slot_of(reply, &own, lang));
    reply.say(words::shall_i_cancel(lang, &name, &slot));
    true
}

/// The appointment our last words asked about calling off.
fn asked_to_cancel(reply: &Reply<'_>) -> Option<Appointment> {
    let last = reply.last_words();
    let asked = |own: &&Appointment| {
        Lang::ALL.into_iter().any(|lang| {
            last.contains(&words::shall_i_cancel(
                lang,
                &name_of(reply, &own.service),
                &slot_of(reply, own, lang),
            ))
        })
    };
    reply.turn.appointments.iter().find(asked).cloned()
}

/// Moves what is booked, or offers times for it. "my Friday appointment to Monday at 10": what stands before the last "to"
/// names the appointment, what stands after it the time.
fn move_to(reply: &mut Reply<'_>, parts: &[Part<'_>], when: &When) -> bool {
    let said = parts.iter().map(|part| part.text).collect::<Vec<_>>().join(" ");
    let split = [" to ", " al ", " para el "].iter().find_map(|word| said.rsplit_once(word));
    let halves = split.map(|(from, to)| (read(reply, [from].into_iter()), read(reply, [to].into_iter())));
    let (named, wish) = match halves.filter(|(from, to)| !from.is_empty() && !to.is_empty()) {
        Some(halves) => halves,
        // "my Friday appointment": the day is that of what is booked, and no wish.
        None if booked_on(reply, when) => (when.clone(), When::default()),
        None => (When::default(), when.clone()),
    };
    let Some(own) = own(reply, &named) else { return false };
    let others = reply.turn.appointments.iter().filter(|other| other.state == State::Booked).count();
    // Where it is not clear which one is meant, nothing moves before a choice that names it.
    let is_clear = !named.is_empty() || others == 1;
    let wish = if is_clear { wish } else { When { times: Vec::new(), ..wish } };
    let service = own.service.clone();
    let is_found = find(reply, &service, &wish, Some(&own));
    // Whoever looks at the appointment meanwhile sees what is wished for.
    if is_found && is_clear && !wish.is_empty() && !reply.has_asked() {
        let note = text::shorten(&text::one_line(&said), MAX_NOTE_CHARS);
        reply.act(Act::Appoint(Ask::Note(own.id, Note::Text(note))));
    }
    is_found
}

/// Whether a day without a time is the day of something booked.
fn booked_on(reply: &Reply<'_>, when: &When) -> bool {
    let there =
        |own: &Appointment| calendar::local(own.time.start, &calendar::zone(&zone_of(reply, own))).date();
    let booked = reply.turn.appointments.iter().filter(|own| own.state == State::Booked);
    when.times.is_empty() && when.day.is_some_and(|day| booked.into_iter().any(|own| there(own) == day))
}

/// The appointment our last words offered other times for.
fn moved(reply: &Reply<'_>, last: &str) -> Option<Appointment> {
    let named = |own: &&Appointment| {
        own.state == State::Booked
            && Lang::ALL.into_iter().any(|lang| last.contains(&slot_of(reply, own, lang)))
    };
    reply.turn.appointments.iter().find(named).cloned()
}

fn name_of(reply: &Reply<'_>, service: &ServiceId) -> String {
    let found = reply.turn.site.booking.as_ref().and_then(|booking| booking.service(service));
    found.map_or_else(|| service.to_string(), |service| service.name.clone())
}

fn zone_of(reply: &Reply<'_>, own: &Appointment) -> String {
    let site = &reply.turn.site;
    let resource = site.booking.as_ref().and_then(|booking| booking.resource(&own.resource));
    resource.map_or_else(|| site.time_zone.clone(), |resource| resource.time_zone.clone())
}

fn slot_of(reply: &Reply<'_>, own: &Appointment, lang: Lang) -> String {
    words::slot(lang, own.time.start, &zone_of(reply, own))
}
