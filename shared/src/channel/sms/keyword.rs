//! The words that steer an SMS subscription, as people really write them.
//!
//! Carriers and providers recognise only a lone keyword: `STOP PLEASE` passes them by, and must be honoured all the same
//! (47 CFR 64.1200(a)(10): revocation by any reasonable means, `stop quit end revoke opt out cancel unsubscribe` per se).
//! A wrong "none" keeps writing to somebody who said no, a wrong [`Keyword::Stop`] silences somebody who asked to "stop
//! by": so a word counts where a whole clause says nothing else, and a phrase where nothing before it turns it around.
//!
//! `cancel` and `end` count alone only: "please cancel" is about an appointment more often than about messages, and is
//! left to whoever answers. Opting in is a lone word or one of a few whole sentences; `YES` is not among them, because it
//! means that only to somebody who opted out (see [`is_yes`]). Email is another line: "stop emailing me" is none here.
//!
//! Sources: <https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out> for the default words in each language,
//! the CTIA Messaging Principles section 5.1.3 for natural language. English and Spanish phrases; lone words in French,
//! German and Portuguese too.

use crate::message::Keyword;

mod words;

use words::{
    ALONE, ALONE_POLITELY, ASKING, BLUNT, CONDITIONS, CONJUNCTIONS, DO_NOT_WRITE, EMAIL, FILLERS, HELP, LEAD,
    NEGATIONS, NOUNS, OPENERS, PHRASES, QUALIFIERS, QUITS, SENDING, SINGULAR, START, STOP, TAIL, TIMES,
    UNLIST, VERBS, YES, has, has_phrase, phrases,
};

/// What a whole message asks of the subscription; `None` where it is just a message.
pub fn keyword(text: &str) -> Option<Keyword> {
    let all = words(text);
    let joined = all.concat();
    if joined.is_empty() {
        return text.contains('🛑').then_some(Keyword::Stop);
    }
    let core = trimmed(&all);
    if has(ALONE, &joined)
        || has(STOP, &joined)
        || has(ALONE_POLITELY, &core.concat())
        || clauses(text).any(|clause| stops(&clause))
    {
        Some(Keyword::Stop)
    } else if has_phrase(START, &core) {
        Some(Keyword::Start)
    } else if has_phrase(HELP, &core) {
        Some(Keyword::Help)
    } else {
        None
    }
}

/// Whether a whole message says yes and nothing else. It opts in only somebody who is opted out, and only the caller
/// knows that.
pub fn is_yes(text: &str) -> bool {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "please").collect();
    has_phrase(YES, &words)
}

/// The words of a text: lower case, without accents, apostrophes and invisible characters, a letter written three times
/// or more written once (`STOOOP`), a word said twice said once.
fn words(text: &str) -> Vec<String> {
    let folded: String = text.chars().flat_map(char::to_lowercase).filter_map(fold).collect();
    let mut words: Vec<String> = folded.split_whitespace().map(unstretched).collect();
    words.dedup_by(|again, before| again == before && before.len() > 1);
    words
}

/// A character as it is compared: `None` where it says nothing, a space where it separates.
fn fold(c: char) -> Option<char> {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(' '),
        _ => c,
    };
    Some(match c {
        '\''
        | '’'
        | '‘'
        | '´'
        | '`'
        | '\u{300}'..='\u{36f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2060}'
        | '\u{feff}' => {
            return None;
        }
        'à' | 'á' | 'â' | 'ã' | 'ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        _ if c.is_alphanumeric() => c,
        _ => ' ',
    })
}

fn unstretched(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let runs = letters.chunk_by(|a, b| a == b);
    runs.flat_map(|run| run.iter().take(if run.len() > 2 && run[0].is_alphabetic() { 1 } else { run.len() }))
        .collect()
}

/// The clauses of a text, each as its words.
fn clauses(text: &str) -> impl Iterator<Item = Vec<String>> {
    text.split(['.', '!', '?', ',', ';', ':', '\n', '\r', '(', ')', '…', '–', '—', '"', '“', '”'])
        .map(words)
        .filter(|words| !words.is_empty())
}

/// A message without the politeness around it.
fn trimmed(words: &[String]) -> Vec<&str> {
    let is_core = |word: &String| !has(FILLERS, word);
    let start = words.iter().position(is_core).unwrap_or(words.len());
    let end = words.iter().rposition(is_core).map_or(start, |last| last + 1);
    words[start..end].iter().map(String::as_str).collect()
}

/// Whether a clause asks for no more messages.
fn stops(clause: &[String]) -> bool {
    let clause: Vec<&str> = clause.iter().map(String::as_str).collect();
    (0..clause.len()).any(|at| {
        let (before, rest) = clause.split_at(at);
        let asked = is_lead(before, "") && (says_stop(rest) || refuses(rest));
        let wondered = is_lead(before, ASKING) && (unlists(rest) || stops_messages(rest));
        asked || wondered || stops_writing_me(rest) && !is_turned(before)
    })
}

/// Whether what stands before a request leaves it a request: nothing but politeness and "I want to" since the last
/// conjunction. A "why did you" or a "don't" before it is another matter.
fn is_lead(before: &[&str], also: &str) -> bool {
    let last = before.iter().rposition(|word| has(CONJUNCTIONS, word)).map_or(0, |at| at + 1);
    let mut before = &before[last..];
    while let Some(rest) = phrases(OPENERS).find_map(|opener| before.strip_prefix(opener.as_slice())) {
        before = rest;
    }
    before.iter().all(|word| has(LEAD, word) || has(also, word))
}

/// Whether what stands right before "stop texting me" makes it something else: "don't", "why did you", "if you".
fn is_turned(before: &[&str]) -> bool {
    before.last().is_some_and(|word| has(NEGATIONS, word))
        || before.iter().rev().take(3).any(|word| has(CONDITIONS, word))
}

/// `stop`, `stop all`, `stop it now`, `go away`, and nothing after.
fn says_stop(rest: &[&str]) -> bool {
    let only_tail = |tail: &[&str]| tail.iter().all(|word| has(TAIL, word) || has(STOP, word));
    let blunt = |phrase: Vec<&str>| rest.strip_prefix(phrase.as_slice()).is_some_and(only_tail);
    rest.split_first().is_some_and(|(first, tail)| has(STOP, first) && only_tail(tail))
        || phrases(BLUNT).any(blunt)
}

/// `stop sending these`, `cancel my subscription`, `end all these messages`, `dejen de escribirme`.
fn stops_messages(rest: &[&str]) -> bool {
    let Some((verb, object)) = rest.split_first() else { return false };
    let object = object.strip_prefix(&["de"]).unwrap_or(object);
    let sending = has(QUITS, verb)
        && match object {
            ["calling" | "writing", next, ..] => ["me", "us", "my", "this"].contains(next),
            [first, ..] => has(SENDING, first),
            [] => false,
        };
    (sending || has(VERBS, verb) && reaches_noun(object)) && !is_about_email(object)
}

/// `stop texting me`, `quit sending us stuff`: plain enough to count wherever it stands.
fn stops_writing_me(rest: &[&str]) -> bool {
    matches!(rest, [verb, sending, "me" | "us", ..] if has(QUITS, verb) && has(SENDING, sending))
        && !is_about_email(rest)
}

/// `no more texts`, `do not text me`, `I don't want these messages`.
fn refuses(rest: &[&str]) -> bool {
    let (["dont" | "never" | "not", forbidden @ ..] | ["do", "not", forbidden @ ..]) = rest else {
        return refuses_more(rest);
    };
    let forbidden = forbidden.strip_prefix(&["ever"]).unwrap_or(forbidden);
    match forbidden {
        ["call", "me" | "us" | "here", "again" | "anymore", ..] => true,
        ["text" | "txt" | "message" | "msg" | "contact" | "bother" | "sms", whom @ ..] => {
            let me = matches!(
                whom,
                [] | ["me" | "us" | "here" | "again" | "anymore", ..]
                    | ["this" | "my", "number" | "phone", ..]
            );
            me && !whom.iter().take(3).any(|word| has(TIMES, word))
        }
        ["send", object @ ..] => reaches_noun(object) && !object.iter().any(|word| has(TIMES, word)),
        ["want" | "wish" | "need" | "like", object @ ..] => unwanted(object),
        _ => false,
    }
}

/// `no more texts`, `no longer want messages`, `no quiero mensajes`, `no me escriban`.
fn refuses_more(rest: &[&str]) -> bool {
    match rest {
        ["no", "mas"] => true,
        ["no", "longer", "want" | "wish" | "need", object @ ..] => unwanted(object),
        ["no", "more" | "mas" | "quiero" | "deseo", object @ ..]
        | ["ya", "no", "quiero" | "deseo", object @ ..] => reaches_noun(object),
        ["no", "me", verb, ..] => has(DO_NOT_WRITE, verb),
        _ => false,
    }
}

/// What is not wanted: messages, to be written to, or "to get these anymore".
fn unwanted(object: &[&str]) -> bool {
    let getting = |word: &&str| ["get", "getting", "receive", "receiving", "recieve"].contains(word);
    let all_vague = object.iter().all(|word| has(QUALIFIERS, word)) && object.iter().any(getting);
    let left_alone = matches!(object, ["to", "be", "texted" | "contacted" | "messaged" | "bothered", ..])
        || matches!(object, ["to", "hear", "from", ..]);
    reaches_noun(object) || all_vague || left_alone
}

/// `unsubscribe me`, `opt me out`, `remove my number`, `leave me alone`, with anything after but another list or a
/// booking.
fn unlists(rest: &[&str]) -> bool {
    phrases(PHRASES).any(|phrase| rest.starts_with(&phrase)) && !rest.iter().any(|word| has(UNLIST, word))
}

/// Whether nothing but qualifiers stands before a word for messages.
fn reaches_noun(object: &[&str]) -> bool {
    let noun = object.iter().position(|word| has(NOUNS, word) || !has(QUALIFIERS, word));
    let Some((noun, after)) = noun.and_then(|at| object[at..].split_first()) else { return false };
    let continued =
        after.first().is_some_and(|next| ![QUALIFIERS, NOUNS, TAIL].iter().any(|list| has(list, next)));
    has(NOUNS, noun) && !(has(SINGULAR, noun) && continued) && !is_about_email(object)
}

/// Whether email is named where the object of a request stands.
fn is_about_email(object: &[&str]) -> bool {
    object.iter().take(6).any(|word| has(EMAIL, word))
}

#[cfg(test)]
mod tests;
