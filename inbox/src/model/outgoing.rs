//! Messages on their way out of the composer: each waits a few seconds in which it can be taken back, then goes, and where
//! it is refused it stays with the reason. Nothing typed is ever lost.

use shared::{
    channel::Channel,
    id::{ContactId, EventId},
    wire::Attachment,
};

/// How long a message can be taken back, in milliseconds.
pub const UNDO_MS: f64 = 8_000.0;

/// What a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To the contact, on a channel.
    Message(Channel),
    /// A note of the team's.
    Note,
}

/// Where a message is.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It can be taken back until then, in milliseconds of the page's clock.
    Waits {
        /// When it goes.
        until: f64,
    },
    /// It is being handed over.
    Goes,
    /// It was not taken.
    Refused {
        /// Why, for people to read.
        why: String,
    },
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Counts up.
    pub number: u32,
    /// Names it at the edge: the same again is no second one.
    pub id: EventId,
    /// To whom.
    pub contact: ContactId,
    /// What it is.
    pub kind: Kind,
    /// An email's subject, where one was typed.
    pub subject: Option<String>,
    /// The words.
    pub text: String,
    /// Files that go with it.
    pub files: Vec<Attachment>,
    /// Where it is.
    pub state: State,
}

/// Everything on its way.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    all: Vec<Outgoing>,
    last: u32,
}

impl Outbox {
    /// Takes a message in at `now` (milliseconds of the page's clock); its number. A note goes at once.
    pub fn put(
        &mut self,
        (id, contact): (EventId, ContactId),
        kind: Kind,
        (subject, text, files): (Option<String>, String, Vec<Attachment>),
        now: f64,
    ) -> u32 {
        self.last += 1;
        let wait_ms = if kind == Kind::Note { 0.0 } else { UNDO_MS };
        let state = State::Waits { until: now + wait_ms };
        self.all.push(Outgoing { number: self.last, id, contact, kind, subject, text, files, state });
        self.last
    }

    /// Those to a contact, in order.
    pub fn to(&self, contact: &ContactId) -> Vec<Outgoing> {
        self.all.iter().filter(|it| it.contact == *contact).cloned().collect()
    }

    /// Those whose time to be taken back is over: they go now.
    pub fn due(&mut self, now: f64) -> Vec<Outgoing> {
        let mut due = Vec::new();
        for it in &mut self.all {
            if matches!(it.state, State::Waits { until } if until <= now) {
                it.state = State::Goes;
                due.push(it.clone());
            }
        }
        due
    }

    /// Takes a message back, as long as it has not gone: what was typed.
    pub fn take_back(&mut self, number: u32) -> Option<Outgoing> {
        let is_here = |it: &Outgoing| it.number == number && it.state != State::Goes;
        let place = self.all.iter().position(is_here)?;
        Some(self.all.remove(place))
    }

    /// It was taken.
    pub fn gone(&mut self, number: u32) {
        self.all.retain(|it| it.number != number);
    }

    /// It was not taken, and why.
    pub fn refused(&mut self, number: u32, why: &str) {
        for it in self.all.iter_mut().filter(|it| it.number == number) {
            it.state = State::Refused { why: why.to_owned() };
        }
    }

    /// Whether something would be lost if the page went away now.
    pub fn is_busy(&self) -> bool {
        !self.all.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maria() -> ContactId {
        ContactId::parse("ctc_1").unwrap()
    }

    fn id() -> EventId {
        EventId::parse("evt_1").unwrap()
    }

    fn with_one() -> (Outbox, u32) {
        let mut outbox = Outbox::default();
        let number = outbox.put(
            (id(), maria()),
            Kind::Message(Channel::Sms),
            (None, "Hello".into(), Vec::new()),
            1_000.0,
        );
        (outbox, number)
    }

    #[test]
    fn a_message_can_be_taken_back_for_eight_seconds_and_then_goes_once() {
        let (mut outbox, number) = with_one();
        assert!(outbox.due(8_999.0).is_empty());
        assert_eq!(outbox.clone().take_back(number).unwrap().text, "Hello");
        assert_eq!(outbox.due(9_000.0).len(), 1);
        assert!(outbox.due(9_001.0).is_empty() && outbox.take_back(number).is_none(), "it has gone");
        outbox.gone(number);
        assert!(!outbox.is_busy());
    }

    #[test]
    fn what_is_refused_stays_with_its_words_and_the_reason() {
        let (mut outbox, number) = with_one();
        outbox.due(9_000.0);
        outbox.refused(number, "The contact opted out.");
        let kept = outbox.to(&maria());
        assert_eq!(kept[0].state, State::Refused { why: "The contact opted out.".into() });
        assert_eq!(outbox.take_back(number).unwrap().text, "Hello");
    }

    #[test]
    fn a_note_needs_no_time_to_be_taken_back() {
        let mut outbox = Outbox::default();
        outbox.put((id(), maria()), Kind::Note, (None, "Call her".into(), Vec::new()), 5.0);
        assert_eq!(outbox.due(5.0).len(), 1);
    }
}
