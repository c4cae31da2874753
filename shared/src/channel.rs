//! Channels: the kinds of line a conversation runs over.
//!
//! The [`Channel`] enum is what everybody sees. The code of each channel, a provider codec without I/O, stands in the
//! modules below it.

use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
pub mod email;
#[cfg(feature = "server")]
pub mod meta;
#[cfg(feature = "server")]
pub mod provider;
#[cfg(feature = "server")]
pub mod sandbox;
pub mod sms;
#[cfg(test)]
mod testing;

/// A kind of line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Chat on the customer's site.
    #[default]
    Widget,
    /// Text messages.
    Sms,
    /// Email.
    Email,
    /// Facebook Messenger.
    Messenger,
    /// Instagram direct messages.
    Instagram,
}

impl Channel {
    /// Every channel, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::Widget, Self::Sms, Self::Email, Self::Messenger, Self::Instagram];

    /// The stable name used in storage and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Widget => "widget",
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Messenger => "messenger",
            Self::Instagram => "instagram",
        }
    }

    /// The channel of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }
}

/// The codec of an endpoint's provider. 400 `bad_definition` where there is no such provider for the channel.
#[cfg(feature = "server")]
pub fn provider_of(
    endpoint: &crate::site::Endpoint,
) -> Result<&'static dyn provider::Provider, crate::error::Rejection> {
    match (endpoint.channel, endpoint.provider.as_str()) {
        (Channel::Sms, "sandbox") => Ok(&sms::sandbox::SandboxSms),
        (Channel::Sms, "twilio") => Ok(&sms::twilio::Twilio),
        (Channel::Messenger | Channel::Instagram, "sandbox") => Ok(&meta::sandbox::SandboxMeta),
        (Channel::Messenger | Channel::Instagram, "meta") => Ok(&meta::Meta),
        (Channel::Email, "sandbox") => Ok(&email::sandbox::SandboxEmail),
        (Channel::Email, "cloudflare") => Ok(&email::cloudflare::CloudflareEmail),
        (channel, name) => Err(crate::error::Rejection::new(
            400,
            "bad_definition",
            format!(
                "`endpoints` has no provider \"{name}\" for {}; take \"sandbox\" or a real one.",
                channel.as_str()
            ),
        )),
    }
}
