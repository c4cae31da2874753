//! What a message asks of our writing to its sender: no more of it, more again, or help with it. Read out of the words
//! alone, whatever line they are written on and whatever line they are about.
//!
//! A wrong "nothing" keeps writing to somebody who said no (47 CFR 64.1200(a)(10): revocation by any reasonable means, `stop
//! quit end revoke opt out cancel unsubscribe` per se). A wrong [`What::Stop`] silences somebody who asked to "stop by". So
//! a word counts where it is the whole message or a whole clause, and a phrase where nothing before it turns it around.
//!
//! **What it is about.** A request that names lines is about those, wherever it is written. One that names none is about the
//! line it is written on; "never contact me again" is about every line. In the widget nothing is sent to anybody who has
//! left the site, so a lone "stop" or "unsubscribe" there is said to whoever answers and left to them; a whole request that
//! names no line ("unsubscribe me") can only mean what is sent elsewhere, all of it. `START` and `HELP` are about the
//! line they are written on and mean nothing in the widget.
//!
//! `cancel` and `end` must be the whole message but for "please" and "thanks", because "cancel it" is about an appointment
//! more often than about messages. `YES` opts in only who has opted out, which only the caller knows (see [`is_yes`]).
//!
//! English has a small grammar, the other languages lists of patterns. It judges no more than the first
//! [`READ_CHARS`] characters, and it knows nothing of who may stop what: that is `decide`'s.
//!
//! Sources: the CTIA Messaging Principles, section 5.1.3 (natural language must be honoured);
//! <https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out> (the words of carriers in each language).

mod arabic;
mod english;
mod fold;
mod french;
mod german;
mod keywords;
mod lines;
mod list;
mod pattern;
mod spanish;

use std::sync::LazyLock;

use self::pattern::{Language, Patterns};
use crate::{
    channel::Channel,
    message::{InboundMessage, Keyword},
};

/// How much of a text is read, in characters.
pub const READ_CHARS: usize = 8_000;

/// What a message asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What is asked for.
    pub what: What,
    /// Said by a keyword and nothing else but politeness; otherwise in the writer's own words.
    pub exact: bool,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// No more messages.
    Stop(Reach),
    /// Messages again, on the line it is written on.
    Start,
    /// Who writes, and how to stop it.
    Help,
}

/// On which lines nothing more is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The line it is written on.
    Here,
    /// The named ones, in the order of [`Channel::ALL`]; never empty.
    Lines(Vec<Channel>),
    /// Every line.
    Everything,
}

impl Reach {
    /// Whether what is sent on `channel` is meant by somebody who writes on the line `on`. The widget never is.
    pub fn covers(&self, on: Channel, channel: Channel) -> bool {
        channel != Channel::Widget
            && match self {
                Self::Here => channel == on,
                Self::Lines(lines) => lines.contains(&channel),
                Self::Everything => true,
            }
    }
}

/// How a clause asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A lone word or a blunt one: "stop", "go away".
    Bare,
    /// The same of what was named just before: "please stop them".
    Referring,
    /// A whole request: "unsubscribe me", "no more messages".
    Request,
    /// A request to be left alone altogether.
    Everyone,
    /// A request not to be called, which is about the phone.
    Calls,
}

/// A request that was found in a clause, and the index of its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    kind: Kind,
    at: usize,
}

/// What a message asks for, `on` the line it came on. A machine asks for nothing; a mail without words is read by its
/// subject, as the mail programs write that answer `List-Unsubscribe`.
pub fn of(message: &InboundMessage, on: Channel) -> Option<Wish> {
    if message.automatic {
        return None;
    }
    let exact = |what| Some(Wish { what, exact: true });
    match message.keyword {
        Some(Keyword::Stop) => return exact(What::Stop(Reach::Here)),
        Some(Keyword::Start) => return exact(What::Start),
        Some(Keyword::Help) => return exact(What::Help),
        None => {}
    }
    let subject = message.subject.as_deref().filter(|_| message.text.trim().is_empty());
    read(subject.unwrap_or(&message.text), on)
}

/// What a whole text asks for, written on the line `on`; `None` where it is just a message.
pub fn read(text: &str, on: Channel) -> Option<Wish> {
    let text = fold::without_footer(text);
    let words = fold::words(&text);
    if let Some(wish) = keywords::read(&text, &words) {
        // A lone word is about nothing in the widget.
        return Some(wish).filter(|_| on != Channel::Widget);
    }
    if let Some(reach) = stops(&text, on) {
        return Some(Wish { what: What::Stop(reach), exact: false });
    }
    let what = keywords::asks_again(&words).then_some(What::Start)?;
    let named = lines::named(&words);
    let is_here = on != Channel::Widget && (named.is_empty() || named.contains(&on));
    is_here.then_some(Wish { what, exact: false })
}

/// Whether a whole message says yes and nothing else. It opts in only somebody who is opted out, and only the caller
/// knows that.
pub fn is_yes(text: &str) -> bool {
    keywords::is_yes(&fold::words(&fold::without_footer(text)))
}

/// What all clauses together ask to stop. Those that name lines say it best: "Stop! No more texts." in a mail is about
/// texts.
fn stops(text: &str, on: Channel) -> Option<Reach> {
    let (mut named, mut here, mut before) = (Vec::new(), false, Vec::new());
    for clause in fold::clauses(text) {
        if let Some(found) = find(&clause) {
            let mut lines = lines::named(&clause[found.at..]);
            if lines.is_empty() && found.kind == Kind::Referring {
                lines = lines::named(&before);
            }
            match found.kind {
                Kind::Calls => here |= on == Channel::Sms,
                _ if lines::are_all(&clause[found.at..]) => return Some(Reach::Everything),
                _ if !lines.is_empty() => named.extend(lines),
                Kind::Everyone => return Some(Reach::Everything),
                Kind::Request if on == Channel::Widget => return Some(Reach::Everything),
                Kind::Request => here = true,
                Kind::Bare | Kind::Referring => here |= on != Channel::Widget,
            }
        }
        before = clause;
    }
    if here && on == Channel::Sms && !named.is_empty() {
        // By text a word of its own stops texts, whatever else is named (47 CFR 64.1200(a)(10)).
        named.push(on);
    }
    named.sort_unstable();
    named.dedup();
    if !named.is_empty() {
        return Some(Reach::Lines(named));
    }
    here.then_some(Reach::Here)
}

/// The languages that are read by patterns.
static OTHERS: LazyLock<[(&Language, Patterns); 4]> = LazyLock::new(|| {
    [&spanish::SPANISH, &french::FRENCH, &german::GERMAN, &arabic::ARABIC]
        .map(|language| (language, Patterns::of(language)))
});

/// The request in a clause, in whichever language has one; one that says more counts more.
fn find(clause: &[String]) -> Option<Found> {
    let clause: Vec<&str> = clause.iter().map(String::as_str).collect();
    let found = OTHERS.iter().filter_map(|(language, patterns)| pattern::find(language, patterns, &clause));
    found.chain(english::find(&clause)).max_by_key(|found| match found.kind {
        Kind::Bare => 0,
        Kind::Referring => 1,
        Kind::Calls => 2,
        Kind::Request => 3,
        Kind::Everyone => 4,
    })
}

#[cfg(test)]
mod tests;
