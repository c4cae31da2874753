//! What went through the sandbox: the carrier and mail service of a demonstration.

use serde::{Deserialize, Serialize};

use super::{Answer, DbError, Stmt, statements, stmt};
use crate::{id::SiteId, time::Timestamp};

statements! {
    /// Takes a message; the same one again is taken once.
    ADD = "INSERT INTO sandbox_messages (id, site_id, channel, sender, recipient, subject, text, raw, message_id, at_ms)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO NOTHING";
    /// The newest messages to or from an address (all where the address is empty), newest first.
    LIST = "SELECT id, site_id, channel, sender, recipient, subject, text, raw, message_id, at_ms FROM sandbox_messages
        WHERE ?1 = '' OR sender = ?1 OR recipient = ?1 ORDER BY at_ms DESC, id DESC LIMIT ?2";
    /// One message.
    ONE = "SELECT id, site_id, channel, sender, recipient, subject, text, raw, message_id, at_ms FROM sandbox_messages
        WHERE id = ?1";
}

/// A message in the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxMessage {
    /// Its id: the delivery's for what we sent, minted for what the person wrote.
    pub id: String,
    /// The site it belongs to.
    pub site_id: SiteId,
    /// `sms` or `email`.
    pub channel: String,
    /// From which address.
    pub sender: String,
    /// To which address.
    pub recipient: String,
    /// An email's subject.
    pub subject: Option<String>,
    /// The words.
    pub text: String,
    /// An email as it was on the wire.
    pub raw: Option<String>,
    /// An email's Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// When, in milliseconds since 1970.
    pub at_ms: Timestamp,
}

/// Takes a message.
pub fn add(message: &SandboxMessage) -> Stmt {
    let m = message.clone();
    stmt!(
        ADD,
        m.id,
        m.site_id.as_str(),
        m.channel,
        m.sender,
        m.recipient,
        m.subject,
        m.text,
        m.raw,
        m.message_id,
        m.at_ms
    )
}

/// Asks for the newest messages of an address, or of everybody where it is empty.
pub fn list(address: &str, limit: u32) -> Stmt {
    stmt!(LIST, address, limit)
}

/// Asks for one message.
pub fn one(id: &str) -> Stmt {
    stmt!(ONE, id)
}

/// The messages of an answer.
pub fn decode(answer: Answer) -> Result<Vec<SandboxMessage>, DbError> {
    answer.decode_all()
}
