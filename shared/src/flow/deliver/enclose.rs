//! The files of a message that leaves: in the message itself where its channel takes them, else as links in its words.

use crate::{
    channel::Channel,
    event::Message,
    file::{self, SENT_MS},
    flow::{Scope, files},
    http::Http,
    message::{Enclosed, Outcome, Outgoing},
    site::Endpoint,
    store::Db,
    time::Timestamp,
    wire::Attachment,
};

/// The endpoint's setting that says that its number sends pictures: `yes`. Carriers take them in North America only.
const MMS: &str = "mms";

/// Puts a message's files into it. An outcome where one of them cannot be read now.
pub(super) async fn enclose<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    (endpoint, now): (&Endpoint, Timestamp),
    message: &Message,
    outgoing: &mut Outgoing,
) -> Result<(), Outcome> {
    if message.files.is_empty() {
        return Ok(());
    }
    let total_bytes = message.files.iter().fold(0_u32, |total, file| total.saturating_add(file.bytes));
    let rings_mms =
        endpoint.settings.get(MMS).is_some_and(|set| set == "yes") && outgoing.to.starts_with("+1");
    let mut text = message.words();
    let mut names = Vec::new();
    for attached in &message.files {
        let link = scope.file_link(scope.public_url, &attached.id, now.plus_ms(SENT_MS)).unwrap_or_default();
        if file::travels(endpoint.channel, attached, total_bytes, rings_mms) {
            let bytes = if endpoint.channel == Channel::Email {
                read(scope, http, attached).await?
            } else {
                Vec::new()
            };
            names.push(attached.name.as_str());
            let Attachment { name, media_type, .. } = attached.clone();
            outgoing.files.push(Enclosed { name, media_type, bytes, url: link });
        } else {
            let lead = if text.is_empty() { "" } else { "\n" };
            text = [&text, lead, &attached.name, ": ", &link].concat();
        }
    }
    outgoing.text = if text.is_empty() { names.join(", ") } else { text };
    Ok(())
}

async fn read<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    attached: &Attachment,
) -> Result<Vec<u8>, Outcome> {
    match files::bytes(http, &scope.site.id, &attached.id).await {
        Ok(answer) if answer.status == 200 => Ok(answer.body),
        Ok(answer) if answer.status == 404 => {
            Err(Outcome::Failed { code: "file_missing".to_owned(), suppress: None })
        }
        _ => Err(Outcome::Retry { after_ms: None, code: "file_unread".to_owned() }),
    }
}
