//! Webhooks: where a site is told what happens, and what became of telling it.

use serde::{Deserialize, Serialize};

use crate::{id::WebhookId, time::Timestamp};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What a webhook may be told of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum HookKind {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl HookKind {
            /// Every kind, in the order in which they are offered; the last is only ever sent by hand.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name, as it is stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The kind of a name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// Somebody who was not known before.
    ContactCreated = "contact.created";
    /// A contact said something.
    MessageReceived = "message.received";
    /// The assistant, a sequence or somebody of the team said something. It stands on the timeline; a line may still fail to deliver it.
    MessageSent = "message.sent";
    /// An appointment was booked.
    AppointmentBooked = "appointment.booked";
    /// It is at another time.
    AppointmentMoved = "appointment.moved";
    /// It was called off.
    AppointmentCancelled = "appointment.cancelled";
    /// A consent was given or taken back.
    ConsentChanged = "consent.changed";
    /// A person is needed.
    HandoffBegun = "handoff.begun";
    /// Somebody of the team resolved a conversation.
    ConversationResolved = "conversation.resolved";
    /// Somebody of the team tries the webhook.
    Test = "webhook.test";
}

/// Whether a webhook is told anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HookState {
    /// It is.
    On,
    /// Somebody of the team turned it off.
    Off,
    /// It failed for days and was turned off; nothing is lost of what its log holds.
    Disabled,
}

impl HookState {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Disabled => "disabled",
        }
    }

    /// The state of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::On, Self::Off, Self::Disabled].into_iter().find(|state| state.as_str() == text)
    }
}

/// A webhook, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Where it is sent; `https`.
    pub url: String,
    /// What it is told of.
    pub kinds: Vec<HookKind>,
    /// Whether it is told anything.
    pub state: HookState,
    /// Since when nothing was taken there; none while it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// When it was made.
    pub made_at: Timestamp,
}

/// The answer to `GET /api/sites/{site}/webhooks`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Webhooks {
    /// All of them, the first to be made first; at most five.
    pub webhooks: Vec<Webhook>,
}

/// The body of `POST /api/sites/{site}/webhooks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookWish {
    /// Where it is sent: `https`, a host by its name.
    pub url: String,
    /// What it is told of.
    pub kinds: Vec<HookKind>,
}

/// The body of `PATCH /api/sites/{site}/webhooks/{webhook}`: what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct WebhookChange {
    /// Where it is sent.
    pub url: Option<String>,
    /// What it is told of.
    pub kinds: Option<Vec<HookKind>>,
    /// Turns it on or off.
    pub on: Option<bool>,
}

/// The answer to `POST /api/sites/{site}/webhooks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookMade {
    /// The webhook.
    pub webhook: Webhook,
    /// What its signatures are checked with, `whsec_…`. It is told this once.
    pub secret: String,
}

/// Something that was, or is to be, sent to a webhook. It holds no words of anybody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HookSend {
    /// Which: its `webhook-id`.
    pub id: String,
    /// What happened.
    pub kind: HookKind,
    /// `pending`, `sending`, `sent`, `wedged` (given up) or `cancelled`.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// The status of the last answer; none where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why it is not taken there: a stable word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// When it was tried last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_at: Option<Timestamp>,
    /// When it is tried next; none where it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
}

/// The answer to `GET /api/sites/{site}/webhooks/{webhook}/sends`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HookLog {
    /// The newest first; at most 100 of the last 30 days.
    pub sends: Vec<HookSend>,
}

/// The answer to `POST …/test` and `…/replay`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HookSent {
    /// What is on its way: a line of the log.
    pub id: String,
}
