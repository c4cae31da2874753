//! Notices: mails and texts to our own staff. They are no messages of a conversation, pass no gate, and have an outbox of
//! their own.

use crate::{
    channel::Channel,
    id::{AgentId, NoticeId, SiteId},
    message::DeliveryState,
    time::Timestamp,
};

/// What stands in a notice's text for the link that signs its reader in: it is made when the notice is sent, so it is stored
/// nowhere.
pub const SIGN_IN_LINK: &str = "{sign_in_link}";

/// What stands before a subscription's id in [`Notice::to`] where a notice is a push message to a browser; its channel is then
/// [`Channel::Widget`], the subject its title, the last line of the text where it leads.
pub const PUSH: &str = "push:";

/// Something to be told to somebody of the team. What is put into the outbox; see [`Waiting`] for what lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id, and with it the idempotency key of the send.
    pub id: NoticeId,
    /// Whom of the team; none for somebody who is not of it yet. It is not sent to somebody who was removed meanwhile.
    pub agent: Option<AgentId>,
    /// What kind it is: a stable word, such as `sign_in` or `handoff`.
    pub kind: String,
    /// `Channel::Email` or `Channel::Sms`: by the site's first line of that kind; `Channel::Widget` for a push, see [`PUSH`].
    pub channel: Channel,
    /// The mailbox or number, normalised.
    pub to: String,
    /// A mail's subject.
    pub subject: Option<String>,
    /// The words. [`SIGN_IN_LINK`] in them becomes a link.
    pub text: String,
    /// What it is about, such as `conversation cnv_…` (see [`crate::alert::group`]): notices of one group are withdrawn together.
    pub group: String,
    /// Not before.
    pub due_at: Timestamp,
}

/// A notice in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What it says.
    pub notice: Notice,
    /// The site it belongs to.
    pub site: SiteId,
    /// How far it has come: pending, sending, sent, wedged or cancelled.
    pub state: DeliveryState,
    /// Why it did not go: a provider's code or a stable word.
    pub reason: Option<String>,
    /// How often it was claimed.
    pub attempt: u32,
    /// When it was made.
    pub made_at: Timestamp,
}
