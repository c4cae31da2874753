//! What the inbox and its Desk (a site's Durable Object) say to each other over a WebSocket.
//!
//! Losing any of it is harmless: whoever comes back says hello with nothing, and reads by cursor what was missed.

use serde::{Deserialize, Serialize};

use crate::id::{ContactId, ConversationId};

/// The WebSocket subprotocol.
pub const SUBPROTOCOL: &str = "throughline.inbox.v1";

/// From an inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskCall {
    /// Looks at a contact, or at none.
    Look {
        /// Whom.
        contact: Option<ContactId>,
    },
    /// Types to the contact who is looked at, or stopped. In the chat the contact is shown it.
    Typing {
        /// The contact's conversation.
        conversation: Option<ConversationId>,
        /// Typing now.
        on: bool,
    },
}

/// To an inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskNews {
    /// A conversation has gone on: its list entry and timeline are to be read again from the cursor.
    Moved {
        /// Which.
        conversation: ConversationId,
        /// Its newest place.
        seq: u32,
    },
    /// Who of the team is here, and where: sent whenever it changes.
    Here {
        /// Everybody, each of their windows once.
        colleagues: Vec<Colleague>,
    },
}

/// Somebody of the team who has the inbox open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Colleague {
    /// Who, by name.
    pub name: String,
    /// Whom they look at.
    pub contact: Option<ContactId>,
    /// They type to them.
    pub types: bool,
}
