//! Files that go with messages. Their bytes lie elsewhere: a row is there before its bytes and goes after them, so nothing is
//! ever kept that nobody knows of.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, encode_json, statements, stmt};
use crate::{
    file::File,
    id::{ConversationId, FileId, SiteId},
    time::Timestamp,
};

statements! {
    /// A new file. The same again changes nothing.
    ADD = "INSERT INTO files (site_id, id, conversation_id, address_key, name, media_type, bytes, sha256, created_at_ms, seq,
          due_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (site_id, id) DO NOTHING";
    /// The file goes with a message: it stays.
    SEND = "UPDATE files SET conversation_id = ?3, seq = ?4, due_at_ms = NULL
        WHERE site_id = ?1 AND id = ?2 AND seq IS NULL AND media_type <> ''";
    /// A file.
    ONE = "SELECT * FROM files WHERE site_id = ?1 AND id = ?2";
    /// Files by their ids.
    NAMED = "SELECT f.* FROM json_each(?2) j CROSS JOIN files f ON f.site_id = ?1 AND f.id = j.value ORDER BY j.key";
    /// What goes with the messages of a conversation, the newest first.
    OF_CONVERSATION = "SELECT * FROM files WHERE site_id = ?1 AND conversation_id = ?2 AND seq IS NOT NULL
        ORDER BY created_at_ms DESC LIMIT ?3";
    /// Removes everything of a conversation: nothing of it is known from now on, and its bytes go with the next sweep.
    ERASE = "UPDATE files INDEXED BY files_by_conversation SET address_key = '', name = '', media_type = '', sha256 = '', seq = NULL, due_at_ms = 0
        WHERE site_id = ?1 AND conversation_id = ?2";
    /// What is to be removed, of all sites.
    DUE = "SELECT site_id, id FROM files INDEXED BY files_due WHERE due_at_ms IS NOT NULL AND due_at_ms <= ?1
        ORDER BY due_at_ms LIMIT ?2";
    /// Nothing is ever removed that goes with a message by now.
    REMOVE = "DELETE FROM files WHERE site_id = ?1 AND id = ?2 AND due_at_ms <= ?3";
    /// Keeps a file from going with a message any more, before its bytes are removed. Its id tells whether it was so.
    CLOSE = "UPDATE files SET due_at_ms = 0, media_type = '' WHERE site_id = ?1 AND id = ?2 AND due_at_ms <= ?3 RETURNING id";
}

#[derive(Deserialize)]
struct Row {
    site_id: SiteId,
    id: FileId,
    conversation_id: ConversationId,
    address_key: String,
    name: String,
    media_type: String,
    bytes: u32,
    sha256: String,
    created_at_ms: Timestamp,
    seq: Option<u32>,
    due_at_ms: Option<Timestamp>,
}

/// What is to be removed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Due {
    /// The site.
    pub site_id: SiteId,
    /// Which.
    pub id: FileId,
}

/// Adds a file.
pub fn add(file: &File) -> Stmt {
    let File {
        site,
        id,
        conversation,
        address_key,
        name,
        media_type,
        bytes,
        sha256,
        created_at,
        seq,
        due_at,
    } = file;
    stmt!(
        ADD,
        site.as_str(),
        id.as_str(),
        conversation.as_str(),
        address_key.as_str(),
        name.as_str(),
        media_type.as_str(),
        *bytes,
        sha256.as_str(),
        *created_at,
        *seq,
        *due_at
    )
}

/// Lets a file go with the message at a place of its conversation.
pub fn send(site: &SiteId, id: &FileId, conversation: &ConversationId, seq: u32) -> Stmt {
    stmt!(SEND, site.as_str(), id.as_str(), conversation.as_str(), seq)
}

/// Asks for a file.
pub fn one(site: &SiteId, id: &FileId) -> Stmt {
    stmt!(ONE, site.as_str(), id.as_str())
}

/// Asks for files by their ids, in this order.
pub fn named(site: &SiteId, ids: &[FileId]) -> Stmt {
    stmt!(NAMED, site.as_str(), encode_json(&ids))
}

/// Asks for what goes with the messages of a conversation.
pub fn of_conversation(site: &SiteId, conversation: &ConversationId, limit: u32) -> Stmt {
    stmt!(OF_CONVERSATION, site.as_str(), conversation.as_str(), limit)
}

/// Erases what was kept of a conversation.
pub fn erase(site: &SiteId, conversation: &ConversationId) -> Stmt {
    stmt!(ERASE, site.as_str(), conversation.as_str())
}

/// Asks what is to be removed; answers with [`Due`].
pub fn due(now: Timestamp, limit: u32) -> Stmt {
    stmt!(DUE, now, limit)
}

/// Takes a file that is due out of everybody's reach; the answer has a row where it was.
pub fn close(site: &SiteId, id: &FileId, now: Timestamp) -> Stmt {
    stmt!(CLOSE, site.as_str(), id.as_str(), now)
}

/// Forgets a file whose bytes are gone.
pub fn remove(site: &SiteId, id: &FileId, now: Timestamp) -> Stmt {
    stmt!(REMOVE, site.as_str(), id.as_str(), now)
}

/// The files of an answer; those that are erased or closed are nobody's any more.
pub fn decode(answer: Answer) -> Result<Vec<File>, DbError> {
    let rows = answer.decode_all::<Row>()?.into_iter().filter(|row| !row.media_type.is_empty());
    Ok(rows
        .map(|row| File {
            site: row.site_id,
            id: row.id,
            conversation: row.conversation_id,
            address_key: row.address_key,
            name: row.name,
            media_type: row.media_type,
            bytes: row.bytes,
            sha256: row.sha256,
            created_at: row.created_at_ms,
            seq: row.seq,
            due_at: row.due_at_ms,
        })
        .collect())
}
