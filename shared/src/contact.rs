//! Contacts and the addresses they are reached at.

use serde::{Deserialize, Serialize};

use crate::{channel::Channel, id::ContactId, identity};

/// The kind of an address; a phone number serves every channel that dials it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    /// A browser that opened the widget.
    Visitor,
    /// A phone number in E.164, or a short code as `short:12345:US`.
    Phone,
    /// An email address: domain in lower case ASCII, local part as given; compared case-insensitively.
    Email,
    /// A person as a Facebook page sees them (PSID).
    Messenger,
    /// A person as an Instagram account sees them (IGSID).
    Instagram,
}

impl AddressKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Visitor, Self::Phone, Self::Email, Self::Messenger, Self::Instagram];

    /// The stable name used in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Messenger => "messenger",
            Self::Instagram => "instagram",
        }
    }

    /// The kind of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The kind of address a channel is reached at.
    pub const fn of(channel: Channel) -> Self {
        match channel {
            Channel::Widget => Self::Visitor,
            Channel::Sms => Self::Phone,
            Channel::Email => Self::Email,
            Channel::Messenger => Self::Messenger,
            Channel::Instagram => Self::Instagram,
        }
    }
}

/// An address, normalised: two that are [`same`](Self::is_same) reach the same place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Address {
    /// What kind it is.
    pub kind: AddressKind,
    /// The normalised text (see [`AddressKind`]).
    pub text: String,
}

impl Address {
    /// An address whose text is already normalised.
    pub fn new(kind: AddressKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    /// Whether both reach the same place: mailboxes are compared without case.
    pub fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && (self.text == other.text || identity::key(self) == identity::key(other))
    }
}

/// How well it is proven that a person is who an address says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// L0: nobody said who this is.
    #[default]
    Anonymous,
    /// L1: somebody typed it.
    Claimed,
    /// L2: answered from that phone or mailbox.
    Possessed,
    /// L3: the site signed it.
    Signed,
}

impl Assurance {
    /// Every level, weakest first; the index is the stored number.
    pub const ALL: [Self; 4] = [Self::Anonymous, Self::Claimed, Self::Possessed, Self::Signed];

    /// The stored number, 0 to 3.
    pub const fn level(self) -> i64 {
        match self {
            Self::Anonymous => 0,
            Self::Claimed => 1,
            Self::Possessed => 2,
            Self::Signed => 3,
        }
    }

    /// The level of a stored number; anything unknown proves nothing.
    pub fn from_level(level: i64) -> Self {
        Self::ALL.into_iter().find(|a| a.level() == level).unwrap_or_default()
    }
}

/// A person a site talks with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Their id.
    pub id: ContactId,
    /// Their name, where known.
    pub name: Option<String>,
    /// Their language, a BCP 47 tag, where known.
    pub locale: Option<String>,
    /// Their IANA time zone, where known.
    pub time_zone: Option<String>,
}

/// A contact's address on a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handle {
    /// The address.
    pub address: Address,
    /// The contact it was first seen with; joins do not change it, so that they can be undone.
    pub owner: ContactId,
    /// How well it is proven.
    pub assurance: Assurance,
    /// Opted out of the channel.
    pub blocked: bool,
    /// Several people are reached there: what was said elsewhere is nobody's to hear on it.
    pub is_shared: bool,
}

/// The longest tag, in characters.
pub const MAX_TAG_CHARS: usize = 40;

/// A tag as it is stored: in lower case, with single spaces. `None` where the text is none: empty, too long, or with
/// control characters.
pub fn tag(text: &str) -> Option<String> {
    let tag = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let fits = (1..=MAX_TAG_CHARS).contains(&tag.chars().count()) && !tag.chars().any(char::is_control);
    fits.then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_one_short_line_in_lower_case() {
        assert_eq!(tag("  VIP   customer "), Some("vip customer".into()));
        assert_eq!(tag(&"x".repeat(40)).map(|tag| tag.len()), Some(40));
        for wrong in ["", "  ", &"x".repeat(41), "a\u{7}b"] {
            assert_eq!(tag(wrong), None, "{wrong:?}");
        }
    }
}
