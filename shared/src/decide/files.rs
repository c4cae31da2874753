//! The files that go with a message: each goes with one message only, of the conversation it was brought to.

use super::{Change, Plan, Snapshot};
use crate::{
    error::Rejection,
    event::{Event, named},
    file::File,
    id::{ConversationId, FileId},
    wire::{Attachment, MAX_FILES},
};

/// What was uploaded for a message: by a browser, `whose` key it is, for whatever conversation it is in; else by the team, for
/// this conversation. Refuses more than [`MAX_FILES`] (400 `too_many_files`), what is not there or somebody else's (404
/// `unknown_file`) and what was sent before (409 `file_sent`).
pub(super) fn uploaded(
    snapshot: &Snapshot<'_>,
    conversation: &ConversationId,
    whose: &str,
    ids: &[FileId],
) -> Result<Vec<Attachment>, Rejection> {
    if ids.len() > MAX_FILES {
        let text =
            format!("At most {MAX_FILES} files go with one message: send the others with another one.");
        return Err(Rejection::new(400, "too_many_files", text));
    }
    let mut found: Vec<Attachment> = Vec::with_capacity(ids.len());
    for id in ids {
        let is_it = |file: &&File| {
            let here = if whose.is_empty() { file.conversation == *conversation } else { true };
            file.id == *id && file.address_key == whose && here
        };
        let Some(file) = snapshot.files.iter().find(is_it) else {
            let text = "A file of this message is not there: upload it again.";
            return Err(Rejection::new(404, "unknown_file", text));
        };
        if file.seq.is_some() {
            let text = "A file of this message has been sent already: upload it again to send it once more.";
            return Err(Rejection::new(409, "file_sent", text));
        }
        if !found.iter().any(|known| known.id == *id) {
            found.push(file.attachment());
        }
    }
    Ok(found)
}

/// A message's text, which names its files for whoever is shown words alone.
pub(super) fn text(words: &str, files: &[Attachment]) -> String {
    let mut text = words.to_owned();
    for line in files.iter().map(|file| named(&file.name)) {
        if !text.lines().any(|known| known == line) {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line);
        }
    }
    text
}

/// The files stay as long as their message does.
pub(super) fn send(plan: &mut Plan<'_>, event: &Event) {
    for file in event.message().into_iter().flat_map(|message| &message.files) {
        plan.change(Change::SendFile(file.id.clone(), event.conversation.clone(), event.seq));
    }
}
