//! What the visitor sent and the edge has not answered yet.

use shared::ctx::Ctx;
use shared::id::EventId;
use shared::time::Timestamp;
use shared::wire::{ClientFrame, Failure, ServerFrame, Speaker};

use super::Model;

/// How far something the visitor sent has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for a connection.
    Queued,
    /// Handed to the connection; not answered yet.
    Sending,
    /// On the timeline.
    Sent,
    /// In the inbox of whoever answers.
    Delivered,
    /// Read by whoever answers.
    Read,
    /// Refused, and why.
    Failed {
        /// The edge's sentence.
        text: String,
        /// Whether sending the same again can help.
        retry: bool,
    },
}

/// An entry of the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// A message or a card's form.
    pub frame: ClientFrame,
    /// When the visitor sent it.
    pub at: Timestamp,
    /// Queued, sending or failed.
    pub state: State,
}

impl Pending {
    /// The id it was born with.
    pub fn id(&self) -> Option<&EventId> {
        id_of(&self.frame)
    }

    /// A message's text.
    pub fn text(&self) -> Option<&str> {
        if let ClientFrame::Say { text, .. } = &self.frame { Some(text) } else { None }
    }
}

/// What a plain request's failure means, as the frame a socket would have brought: a refusal where the message itself was
/// not taken, which leaves the line up; trouble with the line everywhere else.
pub fn refusal(frame: &ClientFrame, status: u16, failure: Failure) -> ServerFrame {
    let Failure { code, text, .. } = failure;
    match id_of(frame) {
        Some(id) if matches!(status, 400 | 413 | 429) => {
            // Only the pace passes by itself; when, the sentence says.
            let retry_after_ms = (code == "rate_limited").then_some(0);
            ServerFrame::Refused { id: id.clone(), code, text, retry_after_ms }
        }
        _ => ServerFrame::Trouble { code, text },
    }
}

fn id_of(frame: &ClientFrame) -> Option<&EventId> {
    match frame {
        ClientFrame::Say { id, .. } | ClientFrame::Continue { id, .. } | ClientFrame::Person { id, .. } => {
            Some(id)
        }
        ClientFrame::Hello { .. } | ClientFrame::Typing { .. } | ClientFrame::Read { .. } => None,
    }
}

impl Model {
    /// Puts a frame in the outbox under a new id; `make` is given the id.
    pub fn submit(&mut self, ctx: &mut Ctx, make: impl FnOnce(EventId) -> ClientFrame) -> Pending {
        let pending = Pending { frame: make(EventId::mint(ctx)), at: ctx.now, state: State::Queued };
        self.outbox.push(pending.clone());
        self.revision += 1;
        pending
    }

    /// Takes in what an earlier page or another tab left in the outbox; what is known already stays as it is.
    pub fn adopt(&mut self, frame: ClientFrame, at: Timestamp) {
        let pending = Pending { frame, at, state: State::Queued };
        let Some(id) = pending.id() else { return };
        let known = self.items.iter().any(|item| item.id == *id)
            || self.done.contains(id)
            || self.outbox.iter().any(|other| other.id() == Some(id));
        if !known {
            let place = self.outbox.partition_point(|other| other.at <= at);
            self.outbox.insert(place, pending);
            self.revision += 1;
        }
    }

    /// Another tab says this one is settled: nothing more to send. Its item comes with the next catch-up.
    pub fn settle(&mut self, id: &EventId) {
        if let Some(pending) = self.pending_mut(id) {
            match pending.state {
                State::Failed { .. } => drop(self.withdraw(id)),
                _ => pending.state = State::Sent,
            }
        }
    }

    /// The next frame to send, now marked as being sent.
    pub fn next_to_send(&mut self) -> Option<ClientFrame> {
        let pending = self.outbox.iter_mut().find(|pending| pending.state == State::Queued)?;
        pending.state = State::Sending;
        Some(pending.frame.clone())
    }

    /// The connection broke: whatever it was given may not have arrived, so it waits again, and nobody is known to write.
    pub fn disconnected(&mut self) {
        self.quiet();
        self.turn = None;
        for pending in &mut self.outbox {
            if pending.state == State::Sending {
                pending.state = State::Queued;
            }
        }
    }

    /// Sends a failed one again, under the same id.
    pub fn retry(&mut self, id: &EventId) {
        if let Some(pending) = self.pending_mut(id) {
            pending.state = State::Queued;
        }
    }

    /// Takes one back out; its text returns to the composer.
    pub fn withdraw(&mut self, id: &EventId) -> Option<Pending> {
        let index = self.outbox.iter().position(|pending| pending.id() == Some(id))?;
        self.revision += 1;
        Some(self.outbox.remove(index))
    }

    /// How far something the visitor sent has come; none where this panel knows nothing of it.
    pub fn state(&self, id: &EventId) -> Option<State> {
        if let Some(pending) = self.outbox.iter().find(|pending| pending.id() == Some(id)) {
            return Some(pending.state.clone());
        }
        let own = |item: &&shared::wire::Item| item.id == *id && item.speaker == Speaker::Contact;
        if let Some(item) = self.items.iter().rev().find(own) {
            return Some(match item.seq {
                seq if seq <= self.read => State::Read,
                seq if seq <= self.delivered => State::Delivered,
                _ => State::Sent,
            });
        }
        self.done.contains(id).then_some(State::Sent)
    }

    /// What waits, in the order it was written.
    pub fn outbox(&self) -> &[Pending] {
        &self.outbox
    }

    pub(super) fn refuse(&mut self, id: &EventId, text: String, retry: bool) {
        if let Some(pending) = self.pending_mut(id) {
            pending.state = State::Failed { text, retry };
        }
    }

    fn pending_mut(&mut self, id: &EventId) -> Option<&mut Pending> {
        self.outbox.iter_mut().find(|pending| pending.id() == Some(id))
    }
}
