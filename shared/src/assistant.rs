//! The assistant: what it is shown, and what it proposes.
//!
//! A turn is a value: [`Turn`] in, [`Draft`] out. The built-in assistant is a function between the two; model providers
//! are codecs around the same two. A draft is only a proposal: `decide` and the gates dispose.

pub mod builtin;
#[cfg(test)]
mod fixtures;
pub mod guard;
pub mod handoff;
pub mod openai;
pub mod prompt;
pub mod sse;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    appointment::Appointment,
    calendar,
    channel::Channel,
    command::Ask,
    contact::Assurance,
    handoff::Reason,
    id::{EventId, ServiceId},
    phrases::{self, Lang},
    promise::{self, Deed},
    site::Site,
    time::Timestamp,
    wire::{Offer, Source, Speaker},
};

/// Everything the assistant may know when it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn<'a> {
    /// The site it speaks for.
    pub site: Cow<'a, Site>,
    /// The present.
    pub now: Timestamp,
    /// The line the answer will go out on.
    pub channel: Channel,
    /// The contact's language, a BCP 47 tag.
    pub locale: String,
    /// The contact's IANA time zone; the site's where nobody said.
    pub time_zone: String,
    /// How well the contact is proven on this line. Below [`Assurance::Possessed`] `history` and `facts` hold only what
    /// was said on this line itself.
    pub assurance: Assurance,
    /// The contact's name, where known.
    pub name: Option<String>,
    /// The contact has a phone number that may be texted.
    pub can_text: bool,
    /// The contact has an email address that may be written to.
    pub can_email: bool,
    /// What is remembered.
    pub facts: Vec<Fact>,
    /// Earlier messages over all channels, oldest first, without `burst`.
    pub history: Vec<Said>,
    /// The contact's messages that wait for this answer, oldest first; never empty, but for a [`Task`].
    pub burst: Vec<Said>,
    /// The best passages of the site's knowledge for the burst, best first.
    pub passages: Vec<Passage>,
    /// The contact's appointments that are not over and that this line may know of, earliest first; only where the burst
    /// is about appointments.
    pub appointments: Vec<Appointment>,
    /// The times that can be booked, earliest first; only where the burst is about appointments.
    pub openings: Vec<Opening>,
    /// Until when a person acts, as it was promised and is still to be kept.
    pub promised: Option<Timestamp>,
    /// What a person was called for, and what calls one.
    pub handoff: Handoff,
    /// What the site's owner asks it to write, though nobody wrote just now; then `burst` is empty.
    pub task: Option<Task>,
}

/// What a turn knows of people being needed, as far as its line may know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handoff {
    /// What a person was called for and nobody of the team has answered yet, with what it is about.
    pub open: Vec<(Reason, Option<String>)>,
    /// The assistant did not know the last time it spoke on this line, a moment ago.
    pub was_unsure: bool,
    /// A tag of the contact's for which a person is always called.
    pub tag: Option<String>,
}

/// What the site's owner asks the assistant to write to a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What it is to be about, in the owner's words.
    pub ask: String,
    /// What is said where there is nothing better.
    pub text: String,
}

impl Turn<'_> {
    /// Until when a person acts: as it was promised, else as it can be promised now; `None` where no time can be.
    pub fn acts_by(&self) -> Option<Timestamp> {
        self.promised.or_else(|| promise::by(&self.site, self.now))
    }

    /// Whether a person was called for this already and is still to come: nobody is called for it again. One that is late
    /// is told again.
    pub fn is_called(&self, reason: Reason, about: Option<&str>) -> bool {
        let stands = self.promised.is_some_and(|by| by > self.now);
        let is_late = self.promised.is_some_and(|by| by <= self.now);
        let same = |(open, of): &(Reason, Option<String>)| *open == reason && of.as_deref() == about;
        (reason == Reason::Asked && stands) || (!is_late && self.handoff.open.iter().any(same))
    }

    /// The same as a whole sentence on the contact's clock. Where the promise was not kept, it says so.
    pub fn people(&self, lang: Lang) -> String {
        if self.promised.is_some_and(|by| by <= self.now) {
            return phrases::answers::late(lang).to_owned();
        }
        let promised = (None, Deed::Answer, self.acts_by());
        calendar::promised_sentence(&self.site, promised, self.now, &self.time_zone, lang.tag())
    }
}

/// A time at which a service can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The service.
    pub service: ServiceId,
    /// Its start.
    pub start: Timestamp,
    /// The IANA zone whose wall clock it is told on: that of whoever does it.
    pub time_zone: String,
}

/// A message as the assistant sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The event.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// On which line.
    pub channel: Channel,
    /// By whom.
    pub speaker: Speaker,
    /// What.
    pub text: String,
}

/// A passage of the site's knowledge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The file it stands in.
    pub path: String,
    /// The file's title.
    pub title: String,
    /// Its heading.
    pub heading: String,
    /// Its text, Markdown taken off.
    pub text: String,
    /// How well it fits, in thousandths; higher is better. Comparable between passages of one question only.
    pub score: i64,
}

/// Something remembered about a contact: never without the words it was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// `name`, `service`, `budget`, `objection`, `timing`, `preference`, or a free lower-case word.
    pub key: String,
    /// The value, short.
    pub value: String,
    /// The exact words, a part of the source message.
    pub quote: String,
    /// The message.
    pub source: EventId,
    /// The line it was said on.
    pub channel: Channel,
    /// When it was said.
    pub at: Timestamp,
}

/// What the assistant proposes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// What to say; plain text. Empty says nothing (a "thanks" that needs no answer never is: it gets one).
    pub text: String,
    /// An email's subject, where a new thread begins.
    pub subject: Option<String>,
    /// Where the answer comes from.
    pub sources: Vec<Source>,
    /// Cards to show in the widget.
    pub offers: Vec<Offer>,
    /// What to do besides speaking.
    pub acts: Vec<Act>,
    /// Who wrote it: `builtin` or a model's name.
    pub author: String,
    /// Why the configured provider did not write it: `slow`, `failed`, `over_limit`.
    pub fallback: Option<String>,
    /// Tokens spent at the provider.
    pub tokens: u32,
}

impl Draft {
    /// What it asks about an appointment: one thing at most, the first.
    pub fn asked(&self) -> Option<&Ask> {
        self.acts.iter().find_map(|act| if let Act::Appoint(ask) = act { Some(ask) } else { None })
    }
}

/// Something the assistant proposes to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Remember a fact.
    Remember(Fact),
    /// Go on by text or email, as the contact asked in their own words; `address` as they typed it, where they did.
    MoveTo {
        /// [`Channel::Sms`] or [`Channel::Email`].
        channel: Channel,
        /// A number or address found in the contact's own words.
        address: Option<String>,
        /// The message that asked.
        source: EventId,
        /// What the first message there says (the link, the price, what they asked to have sent).
        text: String,
    },
    /// Something is asked about an appointment, in the contact's name; what comes of it is said before the draft's text.
    Appoint(Ask),
    /// It did not know what was asked.
    Unsure,
    /// Call a person in.
    CallPerson {
        /// Why.
        reason: Reason,
        /// The topic or the tag, where it is one.
        about: Option<String>,
        /// Until when a person acts, as the draft says it; none where no time was named.
        by: Option<Timestamp>,
    },
}
