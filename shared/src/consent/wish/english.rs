//! English: a small grammar, because negation and politeness stand in so many places.
//!
//! A request counts where nothing but politeness and "I want to" stands before it in its clause; "stop texting me" is plain
//! enough to count wherever it stands, unless it is turned around.

mod words;

use self::words::{
    ALL_OF_IT, ANYWAY, ASKING, BLUNT, CALLING, CONDITIONS, CONJUNCTIONS, CONTACTING, ENDING, EVERYONE, LEAD,
    NEGATIONS, NOUNS, OPENERS, PHRASES, PRODUCTS, QUALIFIERS, QUITS, SENDING, SINGULAR, STOP, TAIL, TIMES,
    UNLIST, VERBS, WRITE,
};
use super::{Found, Kind, list::has};
use crate::text::Phrases;

/// The request in a clause.
pub(super) fn find(clause: &[&str]) -> Option<Found> {
    let wondering = || (0..clause.len()).find_map(|at| from(clause, at));
    let anywhere = || {
        let plain = |at: &usize| stops_writing_me(&clause[*at..]) && !is_turned(&clause[..*at]);
        let at = (0..clause.len()).find(plain)?;
        Some(Found { kind: writing(clause[at + 1]), at })
    };
    wondering().or_else(anywhere)
}

/// The request that begins at a place, if what stands before leaves it one.
fn from(clause: &[&str], at: usize) -> Option<Found> {
    let (before, rest) = clause.split_at(at);
    let found = |kind| Some(Found { kind, at });
    // What stands before is looked at last: most words begin no request.
    if let Some(kind) = refuses(rest).or_else(|| says_stop(rest)).filter(|_| is_lead(before, "")) {
        return found(kind);
    }
    let kind = unlists(rest).or_else(|| stops_messages(rest))?;
    if is_lead(before, ASKING) { found(kind) } else { None }
}

/// Whether what stands before a request leaves it a request: nothing but politeness and "I want to" since the last
/// conjunction. A "why did you" or a "don't" before it is another matter.
fn is_lead(before: &[&str], also: &'static str) -> bool {
    let last = before.iter().rposition(|word| has(CONJUNCTIONS, word)).map_or(0, |at| at + 1);
    let mut before = &before[last..];
    while let Some(opener) = begun(&OPENERS, before).next() {
        before = &before[opener..];
    }
    before.iter().all(|word| has(LEAD, word) || has(also, word))
}

/// Whether what stands right before "stop texting me" makes it something else: "don't", "why did you", "if you".
fn is_turned(before: &[&str]) -> bool {
    before.last().is_some_and(|word| has(NEGATIONS, word))
        || before.iter().rev().take(3).any(|word| has(CONDITIONS, word))
}

/// `stop`, `stop all`, `stop it now`, `go away`, and nothing after.
fn says_stop(rest: &[&str]) -> Option<Kind> {
    let only_tail = |tail: &[&str]| tail.iter().all(|word| has(TAIL, word) || has(STOP, word));
    let stopped = rest.split_first().filter(|(first, tail)| has(STOP, first) && only_tail(tail));
    match stopped {
        Some((_, ["them" | "those" | "these", ..])) => Some(Kind::Referring),
        Some(_) => Some(Kind::Bare),
        None => begun(&BLUNT, rest).any(|phrase| only_tail(&rest[phrase..])).then_some(Kind::Bare),
    }
}

/// `stop sending these`, `cancel my subscription`, `end all these messages`, `make these texts stop`.
fn stops_messages(rest: &[&str]) -> Option<Kind> {
    let (verb, object) = rest.split_first()?;
    if has(QUITS, verb) {
        match object {
            ["calling", "me" | "us" | "my" | "this", ..] => return Some(Kind::Calls),
            ["writing", "me" | "us" | "to", ..] => return Some(Kind::Request),
            ["sending", "these" | "those" | "them", ..] => return Some(Kind::Referring),
            ["sending", what @ ..] => return sends_messages(what).then_some(Kind::Request),
            [first, what @ ..] if has(SENDING, first) && is_to_writer(what) => return Some(writing(first)),
            _ => {}
        }
    }
    let ends = ["make", "get"].contains(verb)
        && object.iter().any(|word| ["stop", "end"].contains(word))
        && object.iter().all(|word| {
            has(QUALIFIERS, word) || has(NOUNS, word) || has(TAIL, word) || has("stop end", word)
        });
    let is_to_another =
        object.first().is_some_and(|first| has(SENDING, first)) && !is_to_writer(&object[1..]);
    if !(has(VERBS, verb) || ends) || is_to_another || !reaches_noun(object) {
        return None;
    }
    // In the widget a subscription is a product's as likely as not.
    let noun = object.iter().find(|word| has(NOUNS, word))?;
    let all = object.first().is_some_and(|first| has(ALL_OF_IT, first)) && noun.starts_with("communication");
    Some(match *noun {
        "contact" => Kind::Everyone,
        "subscription" if object.iter().any(|word| has(UNLIST, word)) => return None,
        "subscription" => Kind::Bare,
        _ if all => Kind::Everyone,
        _ => Kind::Request,
    })
}

/// What is not to be sent: messages, "this", or anything to "me" that is no thing of its own.
fn sends_messages(what: &[&str]) -> bool {
    match what {
        ["me" | "us", product, ..] if has(PRODUCTS, product) && !reaches_noun(what) => false,
        [] | ["me" | "us" | "this" | "these" | "those" | "them" | "it", ..] => true,
        what => what.iter().all(|word| has(TAIL, word)) || reaches_noun(what),
    }
}

/// Whether who is written to is the writer, or nobody in particular: "stop texting", not "stop texting my wife".
fn is_to_writer(whom: &[&str]) -> bool {
    match whom {
        [
            "my" | "this" | "that",
            "number" | "phone" | "cell" | "email" | "emailaddress" | "address" | "inbox" | "line",
            ..,
        ] => true,
        ["my", ..] => false,
        _ => true,
    }
}

/// `stop texting me`, `quit emailing us`: plain enough to count wherever it stands.
fn stops_writing_me(rest: &[&str]) -> bool {
    match rest {
        [verb, "sending", "me" | "us", ..] => has(QUITS, verb) && sends_messages(&rest[2..]),
        [verb, sending, "me" | "us", ..] => has(QUITS, verb) && has(SENDING, sending),
        _ => false,
    }
}

fn writing(verb: &str) -> Kind {
    match verb {
        verb if has(CONTACTING, verb) => Kind::Everyone,
        verb if has(CALLING, verb) => Kind::Calls,
        _ => Kind::Request,
    }
}

/// `no more texts`, `do not text me`, `I don't want these messages`.
fn refuses(rest: &[&str]) -> Option<Kind> {
    let (["dont" | "never" | "not", forbidden @ ..] | ["do", "not", forbidden @ ..]) = rest else {
        return refuses_more(rest);
    };
    let forbidden = forbidden.strip_prefix(&["you"]).unwrap_or(forbidden);
    let forbidden = forbidden.strip_prefix(&["ever"]).unwrap_or(forbidden);
    let timed = |words: &[&str]| words.iter().any(|word| has(TIMES, word));
    match forbidden {
        ["call", "again" | "anymore", ..]
        | ["call", "me" | "us" | "here", "again" | "anymore" | "ever", ..] => Some(Kind::Calls),
        [verb, "or", other, whom @ ..] if has(WRITE, verb) && has(WRITE, other) => {
            (is_me(whom) && !timed(whom)).then(|| forbids(verb))
        }
        [verb, whom @ ..] if has(WRITE, verb) => (is_me(whom) && !timed(whom)).then(|| forbids(verb)),
        ["send", object @ ..] => (reaches_noun(object) && !timed(object)).then_some(Kind::Request),
        ["want" | "wish" | "need" | "like", object @ ..] => unwanted(object),
        _ => None,
    }
}

/// Whether "me" is who must not be written to, and nothing that it must not be written about.
fn is_me(whom: &[&str]) -> bool {
    match whom {
        ["me" | "us", after @ ..] => after.first().is_none_or(|next| has(TAIL, next) || has(ANYWAY, next)),
        []
        | ["here" | "again" | "anymore" | "any" | "ever", ..]
        | ["this" | "my" | "that", "number" | "phone" | "cell" | "email" | "inbox" | "address", ..] => true,
        _ => false,
    }
}

fn forbids(verb: &str) -> Kind {
    if ["contact", "bother"].contains(&verb) { Kind::Everyone } else { Kind::Request }
}

/// `no more texts`, `no longer want messages`, `no emails please`.
fn refuses_more(rest: &[&str]) -> Option<Kind> {
    match rest {
        ["no", "longer", "want" | "wish" | "need", object @ ..] => unwanted(object),
        ["no", "more", object @ ..] => reaches_noun(object).then_some(Kind::Request),
        ["no", noun, ending @ ..] if has(NOUNS, noun) => {
            let more = |word: &&str| has(NOUNS, word) || ["or", "and", "nor", "no"].contains(word);
            let ends = ending.iter().any(|word| has(ENDING, word));
            let is_all = ending.iter().all(|word| has(ENDING, word) || more(word));
            (ends && is_all).then_some(Kind::Request)
        }
        _ => None,
    }
}

/// What is not wanted: messages, to be written to, or "to get these anymore".
fn unwanted(object: &[&str]) -> Option<Kind> {
    let getting = |word: &&str| ["get", "getting", "receive", "receiving", "recieve"].contains(word);
    let object = object.strip_prefix(&["you", "to"]).unwrap_or(object);
    match object {
        ["to", "be", "contacted" | "bothered", ..]
        | ["to", "hear", "from", ..]
        | ["contact" | "contacting", "me", ..] => Some(Kind::Everyone),
        ["to", "be", "texted" | "messaged" | "emailed", ..] => Some(Kind::Request),
        _ => {
            let vague = object.iter().all(|word| has(QUALIFIERS, word)) && object.iter().any(getting);
            (vague || reaches_noun(object)).then_some(Kind::Request)
        }
    }
}

/// `unsubscribe me`, `opt me out`, `remove my number`, `leave me alone`, with anything after but another list or a
/// booking.
fn unlists(rest: &[&str]) -> Option<Kind> {
    let everyone = begun(&EVERYONE, rest).next();
    let phrase = begun(&PHRASES, rest).max();
    if everyone.or(phrase).is_none() || rest.iter().any(|word| has(UNLIST, word)) {
        return None;
    }
    if everyone.is_some() {
        return Some(Kind::Everyone);
    }
    let (phrase, after) = rest.split_at(phrase?);
    let says_no_more = after.iter().all(|word| has(TAIL, word));
    let whom = phrase.iter().any(|word| ["me", "us", "my", "this", "emailaddress"].contains(word));
    Some(if says_no_more && !whom { Kind::Bare } else { Kind::Request })
}

/// Whether nothing but qualifiers stands before a word for messages.
fn reaches_noun(object: &[&str]) -> bool {
    let noun = object.iter().position(|word| has(NOUNS, word) || !has(QUALIFIERS, word));
    let Some((noun, after)) = noun.and_then(|at| object[at..].split_first()) else { return false };
    let continued = after.first().is_some_and(|next| {
        ![QUALIFIERS, NOUNS, TAIL, CONJUNCTIONS, "or nor"].iter().any(|list| has(list, next))
    });
    has(NOUNS, noun) && !(has(SINGULAR, noun) && continued)
}

/// How many words the phrases of a list have that some words begin with.
fn begun<'a>(list: &'a Phrases, words: &'a [&'a str]) -> impl Iterator<Item = usize> + 'a {
    list.at(words, 0).map(|found| found.end)
}
