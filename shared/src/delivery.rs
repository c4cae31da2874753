//! Deliveries: the rows of the outbox.

use serde::{Deserialize, Serialize};

use crate::{
    channel::{
        Channel,
        sms::segments::{Encoding, Segments, segments},
    },
    contact::Address,
    id::{ConversationId, DeliveryId, EndpointId, SiteId},
    message::DeliveryState,
    time::Timestamp,
};

/// Why a message is sent; the gates ask for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Answers somebody who wrote from that very address.
    #[default]
    Reply,
    /// The first message on a line the contact asked to go on with.
    Move,
    /// The one message that confirms an opt-out, opt-in or answers HELP; goes out whatever was revoked.
    OptOutReply,
    /// What somebody needs because of something they did: a confirmation, a quote, a promise kept (16 CFR 316.3(c)).
    Transactional,
    /// Reminds of something they agreed to.
    Reminder,
    /// Everything that wants to sell or to win back.
    Marketing,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 6] =
        [Self::Reply, Self::Move, Self::OptOutReply, Self::Transactional, Self::Reminder, Self::Marketing];

    /// Whether nobody has just asked for it: such a message has to keep quiet hours, budget, preference and topic.
    pub const fn is_unasked(self) -> bool {
        matches!(self, Self::Transactional | Self::Reminder | Self::Marketing)
    }

    /// The stable name used in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Move => "move",
            Self::OptOutReply => "opt_out_reply",
            Self::Transactional => "transactional",
            Self::Reminder => "reminder",
            Self::Marketing => "marketing",
        }
    }

    /// The purpose of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }
}

/// A message on its way out. Its id is the idempotency key of the send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The site.
    pub site: SiteId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The event it carries.
    pub seq: u32,
    /// The line it goes out on.
    pub endpoint: EndpointId,
    /// That line's kind.
    pub channel: Channel,
    /// To whom.
    pub to: Address,
    /// Why.
    pub purpose: Purpose,
    /// How far it has come.
    pub state: DeliveryState,
    /// Why it did not go: a provider's code or a stable word.
    pub reason: Option<String>,
    /// How often it was claimed.
    pub attempt: u32,
    /// Not before.
    pub due_at: Timestamp,
    /// Who holds the claim.
    pub lease: Option<String>,
    /// The provider's id.
    pub provider_id: Option<String>,
    /// What a text message is billed as; none on other channels.
    pub billed: Option<Billed>,
}

/// What a text message is billed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Billed {
    /// How it goes over the air.
    pub encoding: Encoding,
    /// In how many messages.
    pub segments: u32,
}

impl Billed {
    /// What a text is billed as.
    pub fn of(text: &str) -> Self {
        let Segments { encoding, parts, .. } = segments(text);
        Self { encoding, segments: u32::try_from(parts).unwrap_or(u32::MAX) }
    }
}

impl Delivery {
    /// Whether its fate is known: nothing that a provider still tells of it changes whether it arrived.
    pub fn has_ended(&self) -> bool {
        match self.state {
            DeliveryState::Pending | DeliveryState::Sending | DeliveryState::Sent => false,
            DeliveryState::Wedged => self.reason.as_deref() != Some("unknown"),
            DeliveryState::Delivered | DeliveryState::Read | DeliveryState::Cancelled => true,
        }
    }
}
