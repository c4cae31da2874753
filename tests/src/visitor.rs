//! A person at the widget, without the widget: speaks [`shared::wire`] over a real WebSocket or the HTTP fallback.
//!
//! The acts are a person's: arrive, say, wait for the answer, leave, come back. The visitor keeps what the widget keeps (the
//! token, the items, the cursor) and every frame it was sent, so a test can look at either.

use std::{collections::BTreeMap, time::Duration};

use shared::{
    channel::Channel,
    ctx::Ctx,
    id::{ConversationId, EventId},
    wire::{ClientFrame, Failure, Item, Receipt, ServerFrame, Session, SessionRequest, Speaker},
};

use crate::{
    client::{Answer, Call},
    clock::{Deadline, PATIENCE, fresh_ctx},
};

pub use line::Line;

mod line;

/// The visitor's time zone; not the shop's.
pub const TIME_ZONE: &str = "America/New_York";

/// How an embedding page asks for a session.
#[derive(Clone, Debug)]
pub struct Door {
    /// The worker's address, without a trailing slash.
    pub edge: String,
    /// The widget's key.
    pub key: String,
    /// The page's origin; none for a caller that is no browser.
    pub origin: Option<String>,
    /// The visitor's language.
    pub locale: String,
    /// The token of an earlier visit.
    pub token: Option<String>,
}

impl Door {
    /// The door of a page at `origin`.
    pub fn of(edge: &str, key: &str, origin: &str) -> Self {
        let (edge, key, origin) = (edge.to_owned(), key.to_owned(), Some(origin.to_owned()));
        Self { edge, key, origin, locale: "en".to_owned(), token: None }
    }

    /// Asks for a session; the answer may be anything.
    #[track_caller]
    pub fn knock(&self) -> Answer {
        let request = SessionRequest {
            key: self.key.clone(),
            token: self.token.clone(),
            locale: self.locale.clone(),
            time_zone: TIME_ZONE.to_owned(),
        };
        let body = serde_json::to_value(request).expect("a session request is JSON");
        let call = Call::post_json(format!("{}/v1/session", self.edge), &body);
        match &self.origin {
            Some(origin) => call.header("origin", origin).send(),
            None => call.send(),
        }
    }

    /// Asks for a session that must be refused with this status.
    #[track_caller]
    pub fn is_shut(&self, status: u16) -> Failure {
        self.knock().expect_failure(status)
    }

    /// Opens a session.
    #[track_caller]
    pub fn opens(&self) -> Session {
        self.knock().expect_ok("a session").json()
    }
}

/// The first words of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FirstWords {
    /// A piece of an answer being written.
    Delta(String),
    /// The finished answer.
    Whole(String),
}

/// A message that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable.
    pub code: String,
    /// The sentence the visitor reads.
    pub text: String,
    /// When the same may be sent again.
    pub retry_after_ms: Option<u32>,
}

/// A visitor with a session.
pub struct Visitor {
    /// Where they are.
    pub door: Door,
    /// What the panel was told at the start.
    pub session: Session,
    /// The conversation they are in, once they said hello.
    pub conversation: Option<ConversationId>,
    /// What the panel shows, by `seq`; their own messages only as far as they came back as items.
    pub items: BTreeMap<u32, Item>,
    /// Every frame from the edge, in order of arrival.
    pub frames: Vec<ServerFrame>,
    /// The cursor.
    pub last_seq: u32,
    line: Line,
    ids: Ctx,
}

impl Visitor {
    /// Opens a session and a socket, and says hello.
    #[track_caller]
    pub fn arrives(door: &Door) -> Self {
        let mut visitor = Self::new(door);
        visitor.opens_a_socket();
        visitor
    }

    /// Opens a session and says hello over plain HTTP, as where sockets are blocked.
    #[track_caller]
    pub fn arrives_without_sockets(door: &Door) -> Self {
        let mut visitor = Self::new(door);
        visitor.says_hello();
        visitor
    }

    #[track_caller]
    fn new(door: &Door) -> Self {
        let session = door.opens();
        Self {
            line: Line::over_http(door, &session.token),
            door: Door { token: Some(session.token.clone()), ..door.clone() },
            session,
            conversation: None,
            items: BTreeMap::new(),
            frames: Vec::new(),
            last_seq: 0,
            ids: fresh_ctx(),
        }
    }

    /// The same person in a second tab, which holds nothing yet.
    #[must_use]
    #[track_caller]
    pub fn opens_another_tab(&self) -> Self {
        Self::arrives(&self.door)
    }

    /// Closes the socket; the panel keeps what it holds.
    pub fn leaves(&mut self) {
        self.line = Line::over_http(&self.door, &self.session.token);
    }

    /// Opens a socket and says hello with the cursor.
    #[track_caller]
    pub fn opens_a_socket(&mut self) {
        self.line = Line::over_socket(&self.door, &self.session.token);
        self.says_hello();
    }

    /// Says hello with the cursor and waits to be ready; returns what was missed.
    #[track_caller]
    pub fn says_hello(&mut self) -> Vec<Item> {
        let before = self.frames.len();
        self.sends(&self.hello());
        self.waits_for("being ready", before, |frame| match frame {
            ServerFrame::Ready { items, .. } => Some(items.clone()),
            _ => None,
        })
    }

    fn hello(&self) -> ClientFrame {
        ClientFrame::Hello {
            conversation: self.conversation.clone(),
            last_seq: self.last_seq,
            locale: self.door.locale.clone(),
            time_zone: TIME_ZONE.to_owned(),
        }
    }

    /// Says something once; does not wait.
    #[track_caller]
    pub fn says(&mut self, text: &str) -> EventId {
        let id = EventId::mint(&mut self.ids);
        self.says_again(&id, text);
        id
    }

    /// Sends a message once more under the same id.
    #[track_caller]
    pub fn says_again(&mut self, id: &EventId, text: &str) {
        self.sends(&ClientFrame::Say { id: id.clone(), text: text.to_owned() });
    }

    /// Says something and types on at once: both go out in one piece, so that nothing comes between them.
    #[track_caller]
    pub fn says_and_types_on(&mut self, text: &str) -> EventId {
        let id = EventId::mint(&mut self.ids);
        let frames =
            [ClientFrame::Say { id: id.clone(), text: text.to_owned() }, ClientFrame::Typing { on: true }];
        let texts = frames.map(|frame| serde_json::to_string(&frame).expect("a frame is JSON"));
        self.line.send_together(&texts);
        id
    }

    /// Starts or stops typing.
    #[track_caller]
    pub fn types(&mut self, on: bool) {
        self.sends(&ClientFrame::Typing { on });
    }

    /// Says something and waits for the answer to it.
    #[track_caller]
    pub fn asks(&mut self, text: &str) -> Item {
        let id = self.says(text);
        self.waits_for_answer_to(&id)
    }

    /// Fills in the card "Continue by text".
    #[track_caller]
    pub fn continues_by_text(&mut self, number: &str) -> EventId {
        let wording = self.session.sms.clone().expect("the site has a number").version;
        let (id, channel) = (EventId::mint(&mut self.ids), Channel::Sms);
        self.sends(&ClientFrame::Continue { id: id.clone(), channel, address: number.to_owned(), wording });
        id
    }

    /// Presses "Talk to a person".
    #[track_caller]
    pub fn asks_for_a_person(&mut self, address: Option<&str>) -> EventId {
        let id = EventId::mint(&mut self.ids);
        self.sends(&ClientFrame::Person { id: id.clone(), address: address.map(str::to_owned) });
        id
    }

    /// Sends any frame.
    #[track_caller]
    pub fn sends(&mut self, frame: &ClientFrame) {
        let text = serde_json::to_string(frame).expect("a frame is JSON");
        self.sends_text(&text);
    }

    /// Sends any text, a frame or not.
    #[track_caller]
    pub fn sends_text(&mut self, text: &str) {
        let frames = self.line.send(text);
        self.takes(frames);
    }

    /// Waits until a message is acknowledged; returns its place.
    #[track_caller]
    pub fn is_accepted(&mut self, id: &EventId) -> u32 {
        self.waits_for(&format!("{id} to be accepted"), 0, |frame| match frame {
            ServerFrame::Accepted { id: named, seq, .. } if named == id => Some(*seq),
            ServerFrame::Refused { id: named, text, .. } if named == id => panic!("refused: {text}"),
            _ => None,
        })
    }

    /// Waits until a message is refused.
    #[track_caller]
    pub fn is_refused(&mut self, id: &EventId) -> Refusal {
        self.waits_for(&format!("{id} to be refused"), 0, |frame| match frame {
            ServerFrame::Refused { id: named, code, text, retry_after_ms } if named == id => {
                Some(Refusal { code: code.clone(), text: text.clone(), retry_after_ms: *retry_after_ms })
            }
            ServerFrame::Accepted { id: named, .. } if named == id => panic!("accepted"),
            _ => None,
        })
    }

    /// Waits for what the other side says after a message, once that is acknowledged.
    #[track_caller]
    pub fn waits_for_answer_to(&mut self, id: &EventId) -> Item {
        let asked = self.is_accepted(id);
        self.waits_until("the answer", |visitor| {
            let theirs = |item: &&Item| matches!(item.speaker, Speaker::Assistant | Speaker::Agent(_));
            visitor.items.range(asked + 1..).map(|(_, item)| item).find(theirs).cloned()
        })
    }

    /// Waits for the first words of an answer that arrive after the first `frames` frames.
    #[track_caller]
    pub fn waits_for_first_words(&mut self, frames: usize) -> FirstWords {
        self.waits_for("the first words", frames, |frame| match frame {
            ServerFrame::Delta { text, .. } if !text.is_empty() => Some(FirstWords::Delta(text.clone())),
            ServerFrame::Item(item) if item.speaker == Speaker::Assistant => {
                Some(FirstWords::Whole(item.text.clone()))
            }
            _ => None,
        })
    }

    /// Waits for a receipt of at least this state that covers `seq`.
    #[track_caller]
    pub fn waits_for_receipt(&mut self, seq: u32, state: Receipt) {
        self.waits_for("a receipt", 0, |frame| match frame {
            ServerFrame::Receipt { seq: upto, state: reached } => {
                (*upto >= seq && *reached >= state).then_some(())
            }
            _ => None,
        });
    }

    /// Waits for an item anyone may have caused.
    #[track_caller]
    pub fn waits_to_see(&mut self, what: &str, is_it: impl Fn(&Item) -> bool) -> Item {
        self.waits_until(what, |visitor| visitor.items.values().find(|item| is_it(item)).cloned())
    }

    /// Waits for a frame after the first `from` frames.
    #[track_caller]
    pub fn waits_for<T>(&mut self, what: &str, from: usize, pick: impl Fn(&ServerFrame) -> Option<T>) -> T {
        self.waits_until(what, |visitor| visitor.frames[from..].iter().find_map(&pick))
    }

    /// How often a message was acknowledged, and at how many different places.
    pub fn acknowledgements(&self, id: &EventId) -> (usize, usize) {
        let mut seqs: Vec<u32> = self
            .frames
            .iter()
            .filter_map(|frame| match frame {
                ServerFrame::Accepted { id: named, seq, .. } if named == id => Some(*seq),
                _ => None,
            })
            .collect();
        let count = seqs.len();
        seqs.sort_unstable();
        seqs.dedup();
        (count, seqs.len())
    }

    #[track_caller]
    fn waits_until<T>(&mut self, what: &str, look: impl Fn(&Self) -> Option<T>) -> T {
        let deadline = Deadline::within(PATIENCE);
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            assert!(deadline.left().is_some(), "waited in vain for {what}; frames: {:#?}", self.frames);
            self.listens();
        }
    }

    /// Takes in whatever has arrived, waiting a moment where nothing has.
    #[track_caller]
    pub fn listens(&mut self) {
        let frames = self.line.receive(self.last_seq, Duration::from_millis(50));
        let moved = frames.iter().any(|frame| matches!(frame, ServerFrame::Moved { .. }));
        self.takes(frames);
        if moved {
            self.sends(&self.hello());
        }
    }

    fn takes(&mut self, frames: Vec<ServerFrame>) {
        for frame in frames {
            match &frame {
                ServerFrame::Ready { conversation, last_seq, items, .. } => {
                    if self.conversation.as_ref() != Some(conversation) {
                        self.items.clear();
                    }
                    self.conversation = Some(conversation.clone());
                    self.items.extend(items.iter().map(|item| (item.seq, item.clone())));
                    self.last_seq = *last_seq;
                }
                ServerFrame::Item(item) => {
                    self.last_seq = self.last_seq.max(item.seq);
                    self.items.insert(item.seq, item.clone());
                }
                // Over HTTP the cursor moves with what was fetched only, or an answer in between could be skipped.
                ServerFrame::Accepted { seq, .. } if self.line.is_socket() => {
                    self.last_seq = self.last_seq.max(*seq);
                }
                _ => {}
            }
            self.frames.push(frame);
        }
    }
}

#[cfg(test)]
mod tests;
