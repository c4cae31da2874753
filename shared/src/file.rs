//! Files: what is taken, what it is called, and how it is given out.
//!
//! What a file is, its own first bytes say ([`kind`]); neither its name nor what a browser claims is believed. What a browser
//! could run on our own origin (HTML, SVG, scripts) and what a computer could run (executables) is refused. A file that is
//! taken is given out under a signed link alone ([`link`]), as a download unless it is a picture, and under a policy that
//! lets it run nothing ([`headers`]).

pub mod kind;
pub mod link;
mod name;

pub use name::clean as clean_name;

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    error::Rejection,
    id::{ConversationId, FileId, SiteId},
    time::{DAY_MS, HOUR_MS, Timestamp},
    wire::{Attachment, MAX_FILE_BYTES},
};

/// How long what was uploaded and never sent is kept, in milliseconds.
pub const UNSENT_MS: i64 = DAY_MS;
/// How long a link that the inbox or the widget shows is good, in milliseconds: both are given new ones with what they read.
pub const SHOWN_MS: i64 = 12 * HOUR_MS;
/// How long a link that was sent in a message is good, in milliseconds: nobody can be given a new one there.
pub const SENT_MS: i64 = 30 * DAY_MS;
/// The most bytes of files that go with one email, before they are encoded: base64 makes four of three, and Cloudflare's Email
/// Service takes 5 MiB: <https://developers.cloudflare.com/email-service/platform/limits/>. What is more goes as links.
pub const MAX_MAIL_BYTES: u32 = 3_500_000;
/// The most bytes of a picture that goes with a text message: <https://www.twilio.com/docs/messaging/guides/accepted-mime-types>.
/// What is more, or no picture, goes as a link.
pub const MAX_MMS_BYTES: u32 = 5 * 1024 * 1024;
/// How many characters a link in a text message takes, about: it is made when the message leaves, and billed before.
pub const LINK_CHARS: usize = 130;

/// Where files are kept, by [`crate::http::Http`]: `GET`, `PUT` and `DELETE` of a key behind it.
pub const STORE_URL: &str = "binding://files/";

/// A file as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The site.
    pub site: SiteId,
    /// Its id.
    pub id: FileId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The browser that brought it, as its address is compared; empty for what the team or a provider brought.
    pub address_key: String,
    /// What it is called: see [`clean_name`].
    pub name: String,
    /// What it is: see [`kind`].
    pub media_type: String,
    /// How large.
    pub bytes: u32,
    /// The SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// When it was brought.
    pub created_at: Timestamp,
    /// The place of the message it goes with; none while it goes with none.
    pub seq: Option<u32>,
    /// When it is to be removed; never while there is none.
    pub due_at: Option<Timestamp>,
}

impl File {
    /// Where its bytes lie: see [`STORE_URL`].
    pub fn key(site: &SiteId, id: &FileId) -> String {
        format!("files/{site}/{id}")
    }

    /// What a message says of it.
    pub fn attachment(&self) -> Attachment {
        Attachment {
            id: self.id.clone(),
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            bytes: self.bytes,
            url: String::new(),
        }
    }
}

/// What may be taken of some bytes: their kind and a name that fits it. Refuses what is empty (400 `empty_file`), larger than
/// [`MAX_FILE_BYTES`] (413 `file_too_large`) and of no kind that is taken (415 `bad_file`).
pub fn accept(name: &str, bytes: &[u8]) -> Result<(kind::Kind, String), Rejection> {
    if bytes.is_empty() {
        return Err(Rejection::new(400, "empty_file", "The file is empty: choose another one."));
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(too_large());
    }
    let kind = kind::of(name, bytes)?;
    Ok((kind, clean_name(name, kind)))
}

/// The refusal of a file that is too large.
pub fn too_large() -> Rejection {
    let text =
        format!("A file may have {} MB at most: make it smaller, or send a link.", MAX_FILE_BYTES >> 20);
    Rejection::new(413, "file_too_large", text)
}

/// Whether a file goes along with a message itself on a channel, as the `n`th of `total_bytes` altogether; else a link to it
/// does. `rings_mms` says that the line's carrier takes pictures.
pub fn travels(channel: Channel, file: &Attachment, total_bytes: u32, rings_mms: bool) -> bool {
    match channel {
        Channel::Email => total_bytes <= MAX_MAIL_BYTES,
        Channel::Sms => {
            let fits = matches!(file.media_type.as_str(), "image/jpeg" | "image/png" | "image/gif");
            rings_mms && fits && total_bytes <= MAX_MMS_BYTES
        }
        Channel::Widget => true,
        // Meta's message has either words or a file; words with a link are one message.
        Channel::Messenger | Channel::Instagram => false,
    }
}

/// The headers under which a file is given out. A picture is shown, anything else is saved; nothing of it ever runs.
pub fn headers(file: &File) -> Vec<(&'static str, String)> {
    let shown = if file.attachment().is_picture() { "inline" } else { "attachment" };
    vec![
        ("content-type", file.media_type.clone()),
        ("content-disposition", format!("{shown}; {}", name::disposition(&file.name))),
        ("content-security-policy", "sandbox; default-src 'none'".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("cache-control", "private, max-age=3600".to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
        ("cross-origin-resource-policy", "same-origin".to_owned()),
        ("etag", format!("\"{}\"", file.sha256.get(..32).unwrap_or_default())),
    ]
}

#[cfg(test)]
mod tests;
