//! Files on their way in, where they are got, and their end.
//!
//! A row is written before its bytes and with a time at which both go; the message that takes the file along takes that time
//! away in its own batch. So a crash anywhere leaves nothing that nobody knows of, and nothing that was said is ever swept.

use super::{FlowError, Scope, catch_up::load_conversation, team::conversation_of};
use crate::{
    api::person::FileLine,
    ctx::Ctx,
    error::Rejection,
    event::{Body, Event, named},
    file::{self, File, STORE_URL, UNSENT_MS, link},
    http::{self, Http, HttpError, Request, Response},
    id::{ContactId, ConversationId, EndpointId, FileId, SiteId, VisitorId},
    message::{Brought, InboundMessage},
    signature,
    store::{
        Db, DbError,
        conversations::{self, Thread},
        counters, files,
    },
    time::{HOUR_MS, Timestamp},
    wire::{Attachment, MAX_FILES, ServerFrame},
};

/// How many files a browser uploads in an hour, and all browsers of a site together.
const UPLOADS: (u32, u32) = (20, 500);
/// How many files one sweep removes; the next one goes on.
const AT_ONCE: u32 = 50;
/// How many files of a person are shown.
const MAX_SHOWN: u32 = 50;
/// The counter of a site's uploads by browsers in an hour.
const COUNTED: &str = "uploads";

/// Somebody of the team uploads a file for a contact: what a message may take along within a day. Refuses a contact to whom
/// nothing was ever said (404 `unknown_conversation`) and what [`file::accept`] refuses.
pub async fn upload<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    contact: &ContactId,
    (name, bytes): (&str, Vec<u8>),
) -> Result<Attachment, FlowError> {
    let conversation = conversation_of(scope, contact).await?;
    let id = FileId::mint(ctx);
    let mut kept = keep(scope, http, ctx, (id, conversation, ""), (name, bytes)).await?.attachment();
    show(scope, ctx.now, core::slice::from_mut(&mut kept));
    Ok(kept)
}

/// A visitor uploads a file for what they are about to say. Refuses too many (429 `rate_limited`) and what [`file::accept`]
/// refuses.
pub async fn upload_of_visitor<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    visitor: &VisitorId,
    (name, bytes): (&str, Vec<u8>),
) -> Result<Attachment, FlowError> {
    let site = &scope.site.id;
    // A digest, since a counter outlives what it counts.
    let mine =
        format!("{COUNTED}.{}", &signature::hex(&signature::sha256(visitor.as_str().as_bytes()))[..24]);
    let asked = [&mine, COUNTED].map(|name| counters::counted(site, name, ctx.now, HOUR_MS));
    let mut counted = scope.db.batch(&asked).await?.into_iter().map(counters::decode);
    let mut next = || counted.next().unwrap_or(Ok(0));
    if next()? >= UPLOADS.0 || next()? >= UPLOADS.1 {
        let text = "Too many files were sent in this hour. Try again later, or send them by email.";
        return Err(Rejection::new(429, "rate_limited", text).into());
    }
    let id = FileId::mint(ctx);
    // The conversation they are in, so that it goes with everything else of theirs when they are erased.
    let conversation = load_conversation(scope, visitor).await?.id;
    let file = keep(scope, http, ctx, (id, conversation, visitor.as_str()), (name, bytes)).await?;
    let counts = [mine.as_str(), COUNTED].map(|name| counters::count(site, name, ctx.now, HOUR_MS, 1));
    scope.db.batch(&counts).await?;
    let mut kept = file.attachment();
    show(scope, ctx.now, core::slice::from_mut(&mut kept));
    Ok(kept)
}

/// Keeps what came with a message before it is committed. What is not taken stays named in the message's words, and is not
/// kept. The ids follow from the arrival, so the same arrival again keeps nothing twice.
pub(super) async fn take_in<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &Ctx,
    (endpoint, external_id): (&EndpointId, &str),
    message: &mut InboundMessage,
) -> Result<(), FlowError> {
    let brought = core::mem::take(&mut message.files);
    for (place, brought) in brought.into_iter().enumerate() {
        let Brought::Whole(name, bytes) = brought else {
            message.files.push(brought);
            continue;
        };
        if message.files.len() >= MAX_FILES {
            continue;
        }
        let text = format!("{endpoint}\n{external_id}\n{place}");
        let digest = signature::hex(&signature::sha256(text.as_bytes()));
        let Ok(id) = FileId::parse(&format!("{}_{}", FileId::PREFIX, &digest[..26])) else { continue };
        match keep(scope, http, ctx, (id, conversation_of_nobody()?, ""), (&name, bytes)).await {
            Ok(file) => {
                message.text = message.text.replacen(&named(&name), &named(&file.name), 1);
                message.files.push(Brought::Kept(file));
            }
            Err(FlowError::Rejected(refused)) if refused.status < 500 => {
                let line = named(&name);
                let told =
                    format!("{} (not kept: {})", line.trim_end_matches(']'), refused.code.replace('_', " "));
                message.text = message.text.replacen(&line, &format!("{told}]"), 1);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Before a message takes it along, a file is of no conversation.
fn conversation_of_nobody() -> Result<ConversationId, DbError> {
    ConversationId::parse("cnv_0").map_err(|bad| DbError::Corrupt(bad.to_string()))
}

/// Writes the row, then the bytes.
async fn keep<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &Ctx,
    (id, conversation, address_key): (FileId, ConversationId, &str),
    (name, bytes): (&str, Vec<u8>),
) -> Result<File, FlowError> {
    let (kind, name) = file::accept(name, &bytes)?;
    let kept = File {
        site: scope.site.id.clone(),
        id,
        conversation,
        address_key: address_key.to_owned(),
        name,
        media_type: kind.media_type.to_owned(),
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        sha256: signature::hex(&signature::sha256(&bytes)),
        created_at: ctx.now,
        seq: None,
        due_at: Some(ctx.now.plus_ms(UNSENT_MS)),
    };
    scope.db.query(&files::add(&kept)).await?;
    let put = Request { method: "PUT".to_owned(), ..at(&kept.site, &kept.id) };
    let put = Request { body: bytes, ..put };
    match http.send(&put).await {
        Ok(answer) if answer.status < 300 => Ok(kept),
        _ => Err(unavailable()),
    }
}

fn at(site: &SiteId, id: &FileId) -> Request {
    Request {
        method: "GET".to_owned(),
        url: format!("{STORE_URL}{}", File::key(site, id)),
        headers: Vec::new(),
        body: Vec::new(),
        timeout_ms: http::DEFAULT_TIMEOUT_MS,
    }
}

fn unavailable() -> FlowError {
    DbError::Unavailable("the store of files did not answer".to_owned()).into()
}

/// A file's bytes: an answer of 200, or of 404 where they are gone.
pub(super) async fn bytes(http: &impl Http, site: &SiteId, id: &FileId) -> Result<Response, HttpError> {
    http.send(&at(site, id)).await
}

/// Gives files the links by which a browser that may see them gets them, for a while.
pub fn show<D: Db>(scope: Scope<'_, D>, now: Timestamp, files: &mut [Attachment]) {
    for file in files {
        file.url = scope.file_link("", &file.id, now.plus_ms(file::SHOWN_MS)).unwrap_or_default();
    }
}

/// What went with the messages of a person, the newest first.
pub(super) async fn load_of_person<D: Db>(
    scope: Scope<'_, D>,
    now: Timestamp,
    contact: &ContactId,
) -> Result<Vec<FileLine>, DbError> {
    let site = &scope.site.id;
    let threads: Vec<Thread> =
        scope.db.query(&conversations::of_person(site, contact)).await?.decode_all()?;
    let stmts: Vec<_> =
        threads.iter().map(|thread| files::of_conversation(site, &thread.id, MAX_SHOWN)).collect();
    if stmts.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for answer in scope.db.batch(&stmts).await? {
        found.extend(files::decode(answer)?);
    }
    found.sort_by(|one, other| (other.created_at, &other.id).cmp(&(one.created_at, &one.id)));
    found.truncate(usize::try_from(MAX_SHOWN).unwrap_or(usize::MAX));
    let mut lines: Vec<FileLine> =
        found.iter().map(|file| FileLine { file: file.attachment(), at: file.created_at }).collect();
    for line in &mut lines {
        show(scope, now, core::slice::from_mut(&mut line.file));
    }
    Ok(lines)
}

/// The same in new events, with the key that signs.
pub fn show_events(key: &str, site: &SiteId, now: Timestamp, events: &mut [Event]) {
    for event in events {
        let Body::Message(message) = &mut event.body else { continue };
        for attached in &mut message.files {
            let until = now.plus_ms(file::SHOWN_MS);
            let named = link::Named { site: site.clone(), id: attached.id.clone(), until };
            attached.url = link::link("", &link::seal(key, &named));
        }
    }
}

/// The same in what a visitor is told.
pub fn show_in<D: Db>(scope: Scope<'_, D>, now: Timestamp, frame: &mut ServerFrame) {
    match frame {
        ServerFrame::Item(item) => show(scope, now, &mut item.files),
        ServerFrame::Ready { items, .. } => {
            for item in items {
                show(scope, now, &mut item.files);
            }
        }
        _ => {}
    }
}

/// The file of a link. Refuses what is no link of ours, what is not there any more (404 `unknown_file`) and a link that has
/// ended (410 `link_ended`).
pub async fn load_linked(db: &impl Db, key: &str, token: &str, now: Timestamp) -> Result<File, FlowError> {
    let unknown = || {
        let text = "This file is not there, or its link is cut off: open it from the message again.";
        FlowError::from(Rejection::new(404, "unknown_file", text))
    };
    let named = link::open(key, token).ok_or_else(unknown)?;
    if named.until < now {
        let text = "This link has ended. Open the file from the message again, or ask for a new one.";
        return Err(Rejection::new(410, "link_ended", text).into());
    }
    let found = files::decode(db.query(&files::one(&named.site, &named.id)).await?)?;
    found.into_iter().next().ok_or_else(unknown)
}

/// Removes what is due: what was never sent, and what was erased. First nobody reaches it any more, then its bytes go, then
/// its row; whatever fails is done by the next sweep. How many are gone.
pub async fn remove_due(db: &impl Db, http: &impl Http, now: Timestamp) -> Result<u32, DbError> {
    let mut gone = 0;
    for due in db.query(&files::due(now, AT_ONCE)).await?.decode_all::<files::Due>()? {
        let closed = db.query(&files::close(&due.site_id, &due.id, now)).await?;
        if closed.rows.is_empty() {
            continue;
        }
        let delete = Request { method: "DELETE".to_owned(), ..at(&due.site_id, &due.id) };
        if http.send(&delete).await.is_ok_and(|answer| answer.status < 300) {
            db.query(&files::remove(&due.site_id, &due.id, now)).await?;
            gone += 1;
        }
    }
    Ok(gone)
}
