//! A site: one customer of Throughline, with what its owner told us.

pub mod booking;
pub mod check;
pub mod parts;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    contact::AddressKind,
    handoff::Triggers,
    id::{EndpointId, SiteId},
    policy::Policy,
    sequence::Sequence,
    work::Settings,
};

/// A site's definition, as its owner writes it (`throughline.json`) and as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The tenant's id.
    pub id: SiteId,
    /// The business's name.
    pub name: String,
    /// Its IANA time zone.
    pub time_zone: String,
    /// Its first language, a BCP 47 tag.
    pub locale: String,
    /// Where its phone numbers are at home, an ISO 3166 code in upper case.
    pub region: String,
    /// The origins whose pages may embed the widget, `scheme://host[:port]`.
    pub allowed_origins: Vec<String>,
    /// Looks and first words.
    pub brand: Brand,
    /// The postal address.
    pub address: String,
    /// The phone number people may call.
    pub phone: String,
    /// Where appointments are booked.
    #[serde(default)]
    pub booking_url: Option<String>,
    /// What can be booked, where anything can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking: Option<booking::Booking>,
    /// Opening hours by weekday (`mon` … `sun`): spans of local time, `HH:MM`.
    pub hours: BTreeMap<String, Vec<(String, String)>>,
    /// Days closed, `YYYY-MM-DD` in the site's zone.
    #[serde(default)]
    pub holidays: Vec<String>,
    /// Who answers.
    pub assistant: AssistantSettings,
    /// The site's lines.
    pub endpoints: Vec<Endpoint>,
    /// The team's members by name, in the order in which a promise is passed on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<String>,
    /// What is promised in the team's name.
    #[serde(default)]
    pub promises: Promises,
    /// How conversations are given to the team's members.
    #[serde(default)]
    pub work: Settings,
    /// When a person is called, besides whenever one is asked for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub handoff: Triggers,
    /// Ceilings on the assistant's talk.
    #[serde(default)]
    pub limits: Limits,
    /// What may be sent unasked, when, how often and where.
    #[serde(default)]
    pub policy: Policy,
    /// Follow-ups, as their files were read; the definition itself holds none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sequences: Vec<Sequence>,
    /// What the team keeps of its contacts besides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// People the owner already knows, with addresses the owner vouches for.
    #[serde(default)]
    pub people: Vec<Person>,
}

/// Something the team keeps of its contacts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name, for programs.
    pub name: String,
    /// The same for people to read.
    #[serde(default)]
    pub label: String,
    /// The values it takes; any text where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// Looks and first words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// `#rrggbb`.
    pub color: String,
    /// First words by language.
    pub greeting: BTreeMap<String, String>,
}

/// Who answers, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssistantSettings {
    /// `builtin`, or `openai` for any OpenAI-compatible endpoint.
    pub provider: String,
    /// What the assistant is called.
    pub name: String,
    /// How it should sound, in a few words.
    #[serde(default)]
    pub tone: String,
    /// The model's name at the provider.
    #[serde(default)]
    pub model: Option<String>,
    /// The provider's base URL, without `/v1`.
    #[serde(default)]
    pub base_url: Option<String>,
}

/// One configured channel instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// The kind of line.
    pub channel: Channel,
    /// Whose line: `widget`, `sandbox`, `twilio`, `cloudflare`, `meta`.
    pub provider: String,
    /// Its own address: a widget key, a phone number in E.164, a mailbox, a page's id.
    pub address: String,
    /// What else the provider needs, by name (`account_sid`); never a secret.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
}

/// A person the owner already knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their phone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Their email address.
    #[serde(default)]
    pub email: Option<String>,
    /// Who they are on Messenger: their id as the site's page knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messenger: Option<String>,
    /// Who they are on Instagram: their id as the site's account knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instagram: Option<String>,
    /// Their IANA time zone.
    #[serde(default)]
    pub time_zone: Option<String>,
}

/// What is promised in the team's name, in minutes of its own time: those while it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Promises {
    /// Within how many a person answers.
    pub within_min: u32,
    /// After how many more a promise that was missed is the next one's.
    pub pass_on_after_min: u32,
}

impl Default for Promises {
    fn default() -> Self {
        Self { within_min: 60, pass_on_after_min: 30 }
    }
}

/// Ceilings; each is spoken to the visitor when it is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Assistant turns per conversation and hour.
    pub turns_per_hour: u32,
    /// Assistant turns of the whole site per hour.
    pub site_turns_per_hour: u32,
    /// Model tokens per conversation and day.
    pub tokens_per_day: u32,
    /// Model tokens of the whole site per day.
    pub site_tokens_per_day: u32,
    /// A visitor's messages and cards per minute.
    pub messages_per_minute: u32,
    /// First messages of the whole site per hour to addresses that visitors typed.
    pub first_messages_per_hour: u32,
    /// Forms of the whole site per hour.
    pub forms_per_hour: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            turns_per_hour: 60,
            site_turns_per_hour: 5_000,
            tokens_per_day: 60_000,
            site_tokens_per_day: 3_000_000,
            messages_per_minute: 20,
            first_messages_per_hour: 100,
            forms_per_hour: 200,
        }
    }
}

fn is_default(triggers: &Triggers) -> bool {
    *triggers == Triggers::default()
}

impl Person {
    /// Their id on one of Meta's channels, as the site's page knows it.
    pub fn id_on(&self, channel: Channel) -> Option<&str> {
        match channel {
            Channel::Messenger => self.messenger.as_deref(),
            Channel::Instagram => self.instagram.as_deref(),
            _ => None,
        }
    }
}

impl Site {
    /// Whether somebody of the team has this name.
    pub fn has_member(&self, name: &str) -> bool {
        self.team.iter().any(|member| member == name)
    }

    /// The sequence of an id.
    pub fn sequence(&self, id: &str) -> Option<&Sequence> {
        self.sequences.iter().find(|sequence| sequence.id == id)
    }

    /// The site's first endpoint on a channel.
    pub fn endpoint_on(&self, channel: Channel) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.channel == channel)
    }

    /// The site's first endpoint that reaches addresses of a kind.
    pub fn endpoint_for(&self, kind: AddressKind) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| AddressKind::of(endpoint.channel) == kind)
    }

    /// The channel of one of the site's endpoints; the widget's where it is none of them.
    pub fn channel_of(&self, endpoint: &EndpointId) -> Channel {
        let endpoint = self.endpoints.iter().find(|known| known.id == *endpoint);
        endpoint.map_or(Channel::Widget, |endpoint| endpoint.channel)
    }
}
