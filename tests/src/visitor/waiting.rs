//! What a visitor waits for, and the deadline by which it must have come.

use shared::{
    id::EventId,
    wire::{Item, Receipt, ServerFrame, Speaker},
};

use super::Visitor;
use crate::clock::{Deadline, PATIENCE};

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

impl Visitor {
    /// Waits until a message is acknowledged; returns its place.
    #[track_caller]
    pub fn is_accepted(&mut self, id: &EventId) -> u32 {
        self.is_taken(id).unwrap_or_else(|refusal| panic!("refused: {}", refusal.text))
    }

    /// Waits until a message is refused.
    #[track_caller]
    pub fn is_refused(&mut self, id: &EventId) -> Refusal {
        match self.is_taken(id) {
            Err(refusal) => refusal,
            Ok(_) => panic!("accepted"),
        }
    }

    /// Waits until a message is acknowledged, with its place, or refused.
    #[track_caller]
    pub fn is_taken(&mut self, id: &EventId) -> Result<u32, Refusal> {
        self.waits_for(&format!("{id} to be accepted or refused"), 0, |frame| match frame {
            ServerFrame::Accepted { id: named, seq, .. } if named == id => Some(Ok(*seq)),
            ServerFrame::Refused { id: named, code, text, retry_after_ms } if named == id => {
                Some(Err(Refusal { code: code.clone(), text: text.clone(), retry_after_ms: *retry_after_ms }))
            }
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
}
