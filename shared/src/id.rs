//! Prefixed, time-ordered ids.
//!
//! An id is `<prefix>_` and 26 characters of Crockford base 32: 48 bits of milliseconds since 1970 and 80 bits of
//! entropy, so ids of one kind sort by the time they were minted. Some ids are named by people (`ste_larkspur`): parsing
//! accepts any short lower-case suffix, minting makes the long one.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::ctx::Ctx;

/// Crockford's base 32 alphabet in lower case, <https://www.crockford.com/base32.html>.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The longest id accepted from outside, in bytes.
pub const MAX_ID_BYTES: usize = 48;

/// A text that is not an id of the expected kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadId;

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id of this kind")
    }
}

impl core::error::Error for BadId {}

fn encode(prefix: &str, now_ms: i64, high: u64, low: u64) -> String {
    let mut out = String::with_capacity(prefix.len() + 27);
    out.push_str(prefix);
    out.push('_');
    let time = u128::from(now_ms.max(0).cast_unsigned() & 0xffff_ffff_ffff) << 80;
    let bits = time | (u128::from(high & 0xffff) << 64) | u128::from(low);
    for shift in (0..26).rev() {
        let index = (bits >> (shift * 5)) & 31;
        out.push(char::from(ALPHABET[usize::try_from(index).unwrap_or(0)]));
    }
    out
}

fn check(prefix: &str, text: &str) -> Result<(), BadId> {
    let suffix = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(BadId)?;
    let fits = !suffix.is_empty() && text.len() <= MAX_ID_BYTES;
    let plain = suffix.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if fits && plain { Ok(()) } else { Err(BadId) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind starts with, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id: sorts after every id of this kind minted at an earlier millisecond.
            pub fn mint(ctx: &mut Ctx) -> Self {
                let (high, low) = (ctx.entropy.next_u64(), ctx.entropy.next_u64());
                Self(encode(Self::PREFIX, ctx.now.ms(), high, low))
            }

            /// Reads an id from text of at most [`MAX_ID_BYTES`]; anything but this kind's prefix and lower-case
            /// letters, digits or underscores is [`BadId`].
            pub fn parse(text: &str) -> Result<Self, BadId> {
                check(Self::PREFIX, text).map(|()| Self(text.to_owned()))
            }

            /// The id as text, prefix included.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                check(Self::PREFIX, &text).map(|()| Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// A site: one customer of Throughline, the tenant.
    SiteId = "ste";
    /// An endpoint: one configured channel instance of a site.
    EndpointId = "end";
    /// A contact: one person a site talks with.
    ContactId = "ctc";
    /// A conversation: one per contact.
    ConversationId = "cnv";
    /// An event on a timeline. A message typed in the widget gets its id in the browser.
    EventId = "evt";
    /// A delivery: one row of the outbox, and the idempotency key of the send.
    DeliveryId = "dlv";
    /// A planned message.
    PlannedId = "pln";
    /// A file that goes with a message.
    FileId = "fil";
    /// Something the team taught the assistant.
    TaughtId = "tgt";
    /// A verdict: why a message was sent or held back.
    VerdictId = "vrd";
    /// A fact remembered about a contact.
    FactId = "fct";
    /// An entry of the consent ledger.
    ConsentId = "cns";
    /// A browser that opened the widget; the widget's kind of address.
    VisitorId = "vis";
    /// A passage of a site's knowledge.
    PassageId = "psg";
    /// An appointment.
    AppointmentId = "apt";
    /// A merge: that two contacts are one person.
    MergeId = "mrg";
    /// Somebody of a site's team.
    AgentId = "agt";
    /// Something that an agent is told in the inbox.
    AlertId = "alr";
    /// A browser of an agent's that takes push messages.
    PushId = "psh";
    /// Something told to somebody of a team.
    NoticeId = "ntc";
    /// An entry of the log of what people did.
    AuditId = "aud";
    /// An API token: its name, never its value.
    TokenId = "tok";
    /// A webhook: where a site is told what happens.
    WebhookId = "whk";
    /// A service of a site: what can be booked.
    ServiceId = "svc";
    /// A resource of a site: whoever or whatever an appointment takes the time of.
    ResourceId = "rsc";
}

impl PushId {
    /// The id of a digest's lower-case hexadecimal digits, or of its beginning.
    pub fn of_digest(hex: &str) -> Self {
        Self(format!("{}_{hex}", Self::PREFIX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    #[test]
    fn ids_minted_later_sort_later() {
        let mut ctx = Ctx::seeded(Timestamp::from_ms(1_000), 7);
        let first = EventId::mint(&mut ctx);
        ctx.now = Timestamp::from_ms(1_001);
        let second = EventId::mint(&mut ctx);
        assert!(first < second, "{first} {second}");
        assert_eq!(EventId::parse(first.as_str()), Ok(first));
    }

    #[test]
    fn another_kind_or_odd_characters_are_refused() {
        for text in ["", "evt_", "cnv_1", "evt_A", "evt_a b", "evt_é", "evt"] {
            assert_eq!(EventId::parse(text), Err(BadId), "{text:?}");
        }
        assert_eq!(EventId::parse(&format!("evt_{}", "a".repeat(60))), Err(BadId));
    }
}
