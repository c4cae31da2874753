//! What the panel knows of the conversation, as plain values: no framework, no browser, no clock.
//!
//! Frames go in through [`Model::apply`]; what has to be done because of them comes out as [`Effect`]s. A message of the
//! visitor's waits in the outbox under the id it was born with until the edge accepts or refuses it, so that nothing is
//! lost and sending again is harmless. Items are kept in the order of their `seq` and once per id, so that an echo, a
//! catch-up and a second tab may bring the same item any number of times.

mod outbox;
mod rows;

use shared::channel::Channel;
use shared::id::{ConversationId, EventId};
use shared::time::{SECOND_MS, Timestamp};
use shared::wire::{ClientFrame, Item, MAX_MESSAGE_CHARS, Receipt, ServerFrame, Speaker};

pub use self::outbox::{Pending, State, refusal};
pub use self::rows::Row;

/// A sign of typing or a piece of an answer is believed this long without another.
const LIVE_MS: i64 = 30 * SECOND_MS;

/// What the caller has to do after [`Model::apply`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Say hello again: something is missing.
    Hello,
    /// Send what waits in the outbox.
    Flush,
    /// The token is not accepted any more: ask for another.
    Renew,
    /// The edge has this message: it need not be kept over a reload any longer.
    Forget(EventId),
    /// Somebody other than the visitor said this.
    Arrived(Item),
}

/// Why a text is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing but white space.
    Empty,
    /// Over [`MAX_MESSAGE_CHARS`] by this many characters.
    TooLong(usize),
}

/// The conversation as this panel has it.
#[derive(Clone, Debug)]
pub struct Model {
    conversation: Option<ConversationId>,
    /// Everything up to here has been seen by this panel, as far as it is the visitor's to see.
    cursor: u32,
    items: Vec<Item>,
    outbox: Vec<Pending>,
    done: Vec<EventId>,
    floor: Speaker,
    turn: Option<u32>,
    stream: Option<String>,
    typing: Option<Speaker>,
    live_until: Timestamp,
    delivered: u32,
    read: u32,
    seen: u32,
    trouble: Option<String>,
    revision: u32,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            conversation: None,
            cursor: 0,
            items: Vec::new(),
            outbox: Vec::new(),
            done: Vec::new(),
            floor: Speaker::Assistant,
            turn: None,
            stream: None,
            typing: None,
            live_until: Timestamp::default(),
            delivered: 0,
            read: 0,
            seen: 0,
            trouble: None,
            revision: 0,
        }
    }
}

impl Model {
    /// Remembers how far the visitor had read at an earlier visit.
    pub fn remember_seen(&mut self, seen: u32) {
        self.seen = self.seen.max(seen);
    }

    /// Whether `text` may be sent; the trimmed text where it may.
    pub fn fit(text: &str) -> Result<&str, Unfit> {
        let text = text.trim();
        match text.chars().count() {
            0 => Err(Unfit::Empty),
            count if count > MAX_MESSAGE_CHARS => Err(Unfit::TooLong(count - MAX_MESSAGE_CHARS)),
            _ => Ok(text),
        }
    }

    /// The first frame on a connection.
    pub fn hello(&self, locale: &str, time_zone: &str) -> ClientFrame {
        ClientFrame::Hello {
            conversation: self.conversation.clone(),
            last_seq: self.cursor,
            locale: locale.to_owned(),
            time_zone: time_zone.to_owned(),
        }
    }

    /// Takes a frame in.
    pub fn apply(&mut self, frame: ServerFrame, now: Timestamp) -> Vec<Effect> {
        match frame {
            ServerFrame::Ready { conversation, last_seq, items, floor } => {
                return self.ready(conversation, last_seq, items, floor);
            }
            ServerFrame::Item(item) => return self.arrive(item),
            ServerFrame::Accepted { id, seq, at } => return self.accept(&id, seq, at),
            ServerFrame::Refused { id, text, retry_after_ms, .. } => {
                self.refuse(&id, text, retry_after_ms.is_some());
            }
            ServerFrame::Delta { turn, text } => {
                let goes_on = self.stream.is_some() && Some(turn) == self.turn;
                if goes_on || Some(turn) > self.turn {
                    self.turn = Some(turn);
                    self.stream = Some(text);
                    self.live_until = now.plus_ms(LIVE_MS);
                }
            }
            ServerFrame::Typing { speaker, on } => {
                self.typing = (on && speaker != Speaker::Contact).then_some(speaker);
                self.live_until = now.plus_ms(LIVE_MS);
            }
            ServerFrame::Receipt { seq, state } => {
                self.delivered = self.delivered.max(seq);
                if state == Receipt::Read {
                    self.read = self.read.max(seq);
                }
            }
            ServerFrame::Moved { .. } => return vec![Effect::Hello],
            ServerFrame::Trouble { code, text } => {
                if code == "unauthorized" {
                    return vec![Effect::Renew];
                }
                self.trouble = Some(text);
            }
        }
        Vec::new()
    }

    /// Drops what nobody has confirmed for a while: an answer that broke off, a typist who left. True where it did.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        let stale = now > self.live_until && (self.stream.is_some() || self.typing.is_some());
        if stale {
            self.quiet();
        }
        stale
    }

    /// The visitor has seen everything so far; the `seq` to report where that is news.
    pub fn see(&mut self) -> Option<u32> {
        let newest = self.items.last().map_or(0, |item| item.seq);
        let news = newest > self.seen;
        self.seen = self.seen.max(newest);
        news.then_some(newest)
    }

    /// How many messages of others the visitor has not seen.
    pub fn unread(&self) -> usize {
        let others = |item: &&Item| !matches!(item.speaker, Speaker::Contact | Speaker::System);
        self.items.iter().rev().take_while(|item| item.seq > self.seen).filter(others).count()
    }

    /// Where the next catch-up begins.
    pub fn cursor(&self) -> u32 {
        self.cursor
    }

    /// The items, in order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Who answers now.
    pub fn floor(&self) -> &Speaker {
        &self.floor
    }

    /// The answer being written, so far.
    pub fn stream(&self) -> Option<&str> {
        self.stream.as_deref()
    }

    /// Who is typing.
    pub fn typing(&self) -> Option<&Speaker> {
        self.typing.as_ref()
    }

    /// What is wrong with the connection, in the edge's words.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Shows a sentence of trouble, or takes it away.
    pub fn set_trouble(&mut self, text: Option<String>) {
        self.trouble = text;
    }

    /// Grows whenever [`Model::rows`] would give something else.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Whether the conversation went on elsewhere after `seq`, which a notice tells: a card that offers it has done its
    /// work.
    pub fn continued_after(&self, seq: u32) -> bool {
        self.items.iter().any(|item| item.seq > seq && item.speaker == Speaker::System)
    }

    /// Whether the visitor has said anything after `seq`, even if it is still on its way.
    pub fn said_after(&self, seq: u32) -> bool {
        let own = |item: &Item| item.seq > seq && item.speaker == Speaker::Contact;
        self.items.iter().any(own) || !self.outbox.is_empty()
    }

    fn ready(&mut self, id: ConversationId, last_seq: u32, items: Vec<Item>, floor: Speaker) -> Vec<Effect> {
        let known = self.conversation.as_ref() == Some(&id);
        if !known {
            if self.conversation.is_some() {
                self.seen = 0;
            }
            self.items.clear();
            (self.cursor, self.delivered, self.read) = (0, 0, 0);
        }
        self.conversation = Some(id);
        self.trouble = None;
        if items.iter().any(|item| item.speaker != Speaker::Contact) {
            self.quiet();
        }
        let mut effects = vec![Effect::Flush];
        for item in items {
            self.insert(item, &mut effects);
        }
        self.cursor = self.cursor.max(last_seq);
        self.floor = floor;
        self.revision += 1;
        effects
    }

    fn arrive(&mut self, item: Item) -> Vec<Effect> {
        let mut effects = Vec::new();
        let seq = item.seq;
        match &item.speaker {
            Speaker::Contact => {}
            Speaker::Assistant => {
                self.floor = Speaker::Assistant;
                self.quiet();
            }
            Speaker::Agent(_) => {
                self.floor = item.speaker.clone();
                self.quiet();
            }
            Speaker::Sequence(_) | Speaker::System => self.typing = None,
        }
        self.insert(item, &mut effects);
        self.advance(seq, &mut effects);
        effects
    }

    fn accept(&mut self, id: &EventId, seq: u32, at: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(index) = self.outbox.iter().position(|pending| pending.id() == Some(id)) {
            let pending = self.outbox.remove(index);
            self.done.push(id.clone());
            if let ClientFrame::Say { id, text, .. } = pending.frame {
                let (channel, speaker) = (Channel::Widget, Speaker::Contact);
                // The files come with the item that takes this one's place.
                let (sources, offers, files) = (Vec::new(), Vec::new(), Vec::new());
                self.insert(
                    Item { seq, id, at, channel, speaker, text, subject: None, sources, offers, files },
                    &mut effects,
                );
            }
            effects.push(Effect::Forget(id.clone()));
        }
        self.trouble = None;
        self.advance(seq, &mut effects);
        effects
    }

    /// Puts an item in its place, once; an own message that waited under its id waits no longer.
    fn insert(&mut self, item: Item, effects: &mut Vec<Effect>) {
        if let Some(index) = self.outbox.iter().position(|pending| pending.id() == Some(&item.id)) {
            self.outbox.remove(index);
            self.done.push(item.id.clone());
            effects.push(Effect::Forget(item.id.clone()));
        }
        let held =
            self.items.iter().position(|known| known.id == item.id).map(|index| self.items.remove(index));
        if held.is_none() && item.speaker != Speaker::Contact {
            effects.push(Effect::Arrived(item.clone()));
        }
        let place = self.items.partition_point(|known| known.seq < item.seq);
        self.items.insert(place, item);
        self.revision += 1;
    }

    /// Moves the cursor over `seq` where nothing is missing before it. Not every event of a timeline is the visitor's to
    /// see, so a gap may be nothing; asking is cheap and makes a lost broadcast harmless.
    fn advance(&mut self, seq: u32, effects: &mut Vec<Effect>) {
        if seq > self.cursor + 1 {
            effects.push(Effect::Hello);
        } else {
            self.cursor = self.cursor.max(seq);
        }
    }

    /// Nobody is writing any more; late pieces of the answer that was being written are ignored.
    fn quiet(&mut self) {
        self.stream = None;
        self.typing = None;
    }
}
