//! A person at the widget, without the widget: speaks [`shared::wire`] over a real WebSocket or the HTTP fallback.
//!
//! The acts are a person's: arrive, say, wait for the answer, leave, come back. The visitor keeps what the widget keeps (the
//! token, the items, the cursor) and every frame it was sent, so a test can look at either.

use std::{collections::BTreeMap, time::Duration};

use shared::{
    channel::Channel,
    ctx::Ctx,
    id::{ConversationId, EventId},
    wire::{ClientFrame, Item, ServerFrame, Session},
};

use crate::clock::fresh_ctx;

pub use self::{
    door::Door,
    line::Line,
    waiting::{FirstWords, Refusal},
};

mod door;
mod line;
mod waiting;

/// The visitor's time zone; not the shop's.
pub const TIME_ZONE: &str = "America/New_York";

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
        self.sends(&ClientFrame::Say { id: id.clone(), text: text.to_owned(), files: Vec::new() });
    }

    /// Says something and types on at once: both go out in one piece, so that nothing comes between them.
    #[track_caller]
    pub fn says_and_types_on(&mut self, text: &str) -> EventId {
        let id = EventId::mint(&mut self.ids);
        let frames = [
            ClientFrame::Say { id: id.clone(), text: text.to_owned(), files: Vec::new() },
            ClientFrame::Typing { on: true },
        ];
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
        self.continues_by(Channel::Sms, number)
    }

    /// Fills in the card "Continue by text" or "by email".
    #[track_caller]
    pub fn continues_by(&mut self, channel: Channel, address: &str) -> EventId {
        let wording = if channel == Channel::Sms { &self.session.sms } else { &self.session.email };
        let wording = wording.clone().expect("the site has this line").version;
        let (id, address) = (EventId::mint(&mut self.ids), address.to_owned());
        self.sends(&ClientFrame::Continue { id: id.clone(), channel, address, wording });
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
