//! The one way through: load, decide, commit, and hand back what to attempt.
//!
//! Everything here is async over two ports, [`Db`] and [`crate::http::Http`], and performs nothing else: queue hints and
//! broadcasts come back as [`Effect`]s. [`handle()`] is the only writer of the timeline, and writes one batch.

pub mod access;
pub mod agents;
pub mod alerts;
pub mod appointments;
pub mod audit;
pub mod book;
pub mod catch_up;
pub mod choose;
pub mod confirm;
pub mod crawl;
pub mod deliver;
pub mod door;
pub mod files;
pub mod forms;
pub mod handle;
pub mod import;
pub mod inbox;
pub mod ingest;
pub mod knowledge;
pub mod lines;
pub mod link;
mod load;
pub mod log;
pub mod notices;
pub mod pages;
pub mod people;
mod plan;
pub mod planned;
pub mod policy;
pub mod proof;
mod refusal;
mod response;
pub mod sandbox;
pub mod sequences;
pub mod settings;
pub mod sign_in;
mod step;
pub mod sweep;
pub mod team;
pub mod think;
mod thread;
mod times;
pub mod tokens;
mod unasked;
pub mod view;
pub mod webhooks;
pub mod work;

pub use handle::handle;
pub use step::step;

use crate::{
    appointment::link as signed,
    audit::Act,
    channel::{
        email::confirm::{self as confirmed, Asked},
        provider::Secrets,
    },
    contact::Address,
    ctx::Ctx,
    effect::Effect,
    error::{ParseError, Rejection},
    file,
    id::{AppointmentId, AuditId, ContactId, EventId, FileId, NoticeId},
    identity, signature,
    site::Site,
    store::{Db, DbError, Stmt, audit as log_of_acts},
    time::Timestamp,
};

/// What links that sign in are sealed for.
const SIGN_IN: &str = "sign in";

/// The site a request belongs to, its database, and the platform's secrets.
pub struct Scope<'a, D: Db> {
    /// The site's database.
    pub db: &'a D,
    /// The site.
    pub site: &'a Site,
    /// The platform's secrets.
    pub secrets: &'a dyn Secrets,
    /// The public base URL of this deployment, without a trailing slash.
    pub public_url: &'a str,
    /// What somebody of the team, or a program, is about to do: it is noted in the batch that does it.
    pub act: Option<&'a Act>,
}

impl<D: Db> Clone for Scope<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Db> Copy for Scope<'_, D> {}

impl<D: Db> Scope<'_, D> {
    /// The entry of the log for what is being done, where somebody does it.
    pub(crate) fn noted(&self, ctx: &mut Ctx) -> Option<Stmt> {
        let act = self.act?;
        Some(log_of_acts::add(&self.site.id, &AuditId::mint(ctx), act, ctx.now))
    }

    /// The same, of an act about something that the call itself does not name.
    pub(crate) fn noted_of(&self, ctx: &mut Ctx, subject: &str, detail: &str) -> Option<Stmt> {
        let act = Act { subject: subject.to_owned(), detail: detail.to_owned(), ..self.act?.clone() };
        Scope { act: Some(&act), ..*self }.noted(ctx)
    }

    /// The keyed hash under which an address is suppressed.
    pub fn hash(&self, address: &Address) -> String {
        let key = self.secrets.secret("SIGNING_KEY").unwrap_or_default();
        let text = format!("suppression\n{}\n{}", address.kind.as_str(), identity::key(address));
        signature::hex(&signature::hmac_sha256(key.as_bytes(), &[text.as_bytes()]))
    }

    /// The link of an appointment; `None` without the key that signs it.
    pub fn appointment_link(&self, id: &AppointmentId) -> Option<String> {
        let key = self.secrets.secret("SIGNING_KEY")?;
        Some(signed::link(self.public_url, &signed::seal(&key, &self.site.id, id)))
    }

    /// A contact's personal link to the booking page, from `now` on; `None` without the key that signs it, or where the site
    /// books nothing.
    pub fn personal_link(&self, contact: &ContactId, now: Timestamp) -> Option<String> {
        let key = self.secrets.secret("SIGNING_KEY").filter(|_| self.site.booking.is_some())?;
        let until = signed::personal_until(now);
        Some(format!(
            "{}/book/{}",
            self.public_url,
            signed::seal_personal(&key, &self.site.id, contact, until)
        ))
    }

    /// The link of a file, which ends; `None` without the key that signs it. `base` is the public URL, or empty for a path.
    pub fn file_link(&self, base: &str, id: &FileId, until: Timestamp) -> Option<String> {
        let key = self.secrets.secret("SIGNING_KEY")?;
        let named = file::link::Named { site: self.site.id.clone(), id: id.clone(), until };
        Some(file::link::link(base, &file::link::seal(&key, &named)))
    }

    /// What stands in the link that signs in whoever was sent a notice; `None` without the key.
    pub fn sign_in_token(&self, notice: &NoticeId) -> Option<String> {
        let key = self.secrets.secret("SIGNING_KEY")?;
        Some(signature::seal(&key, SIGN_IN, notice.as_str().as_bytes()))
    }

    /// That link.
    pub fn sign_in_link(&self, notice: &NoticeId) -> Option<String> {
        Some(format!("{}/inbox/in/{}", self.public_url, self.sign_in_token(notice)?))
    }

    /// The link by which a mailbox confirms what is agreed to for it, as it is asked now; `None` without the key.
    pub fn confirm_link(&self, mailbox: &Address, now: Timestamp) -> Option<String> {
        let key = self.secrets.secret("SIGNING_KEY")?;
        let asked = Asked { site: self.site.id.clone(), mailbox: mailbox.clone(), at: now };
        Some(confirmed::link(self.public_url, &confirmed::seal(&key, &asked)))
    }
}

/// What was committed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Handled {
    /// The event the command became, its place and its time.
    pub accepted: Option<(EventId, u32, Timestamp)>,
    /// What to attempt now.
    pub effects: Vec<Effect>,
    /// What is told to whoever asked although something was written: that it is held back, and why.
    pub refused: Option<Rejection>,
    /// The number of the conversation's floor as it was written; see [`crate::conversation::Conversation::fence`].
    pub fence: Option<u32>,
}

/// Why a flow did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlowError {
    /// The caller may not.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The caller's bytes are wrong.
    #[error(transparent)]
    Malformed(#[from] ParseError),
    /// The store failed; nothing was acknowledged.
    #[error(transparent)]
    Store(#[from] DbError),
}
