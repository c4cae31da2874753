//! Bodies of requests about a contact.
//!
//! `by` names who of the team does it. Where somebody is signed in it is them, whatever the body says.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{AppointmentId, ContactId, EventId, FileId, ResourceId, ServiceId},
};

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// A person answers.
    Answer,
    /// A person calls.
    Call,
}

/// Whom and what a sequence is to be about: the body of `POST …/contacts/{contact}/sequences/{sequence}` and `…/dry-run`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct About {
    /// Who; only where the path does not say it.
    pub contact: Option<ContactId>,
    /// Which appointment; the contact's next where there is none.
    pub appointment: Option<AppointmentId>,
    /// When it would begin, in milliseconds since 1970; now where there is none.
    pub at_ms: Option<i64>,
}

/// The body of `PATCH …/contacts/{contact}`: what is not given stays, and what is empty is cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Edited {
    /// Who does it.
    pub by: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// Their language, a BCP 47 tag.
    pub locale: Option<String>,
    /// Their IANA time zone.
    pub time_zone: Option<String>,
}

/// The body of `POST …/facts/corrected` and `…/forgotten`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactAsked {
    /// Who does it.
    #[serde(default)]
    pub by: Option<String>,
    /// What it is about.
    pub key: String,
    /// The event it was learnt from.
    pub source: EventId,
    /// What is true; only where it is corrected.
    #[serde(default)]
    pub value: Option<String>,
}

/// The body of `PUT …/fields/{field}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct FieldAsked {
    /// Who does it.
    pub by: Option<String>,
    /// Its value; it is dropped where there is none.
    pub value: Option<String>,
}

/// The body of `POST …/merges`, and of `…/apart`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Other {
    /// Who says so.
    #[serde(default)]
    pub by: Option<String>,
    /// The other contact: the one that is joined to the path's, or kept apart from it.
    pub contact: ContactId,
    /// What speaks for it: at most 20 lines of 300 characters.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// The body of `POST …/handles/reassigned` and `…/shared`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HandleAsked {
    /// Who says so.
    #[serde(default)]
    pub by: Option<String>,
    /// The kind of line.
    pub channel: Channel,
    /// The address.
    pub address: String,
    /// What the new owner is called, where it is known.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether several people are reached there; they are where nothing else is said.
    #[serde(default = "yes")]
    pub shared: bool,
}

const fn yes() -> bool {
    true
}

/// The body of `POST …/promises`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Promised {
    /// Who promises it.
    #[serde(default)]
    pub by: Option<String>,
    /// What.
    pub deed: Deed,
    /// In minutes of the team's own time; as the site promises where there is none.
    #[serde(default)]
    pub within_min: Option<u32>,
    /// Whether it is said to the contact as well.
    #[serde(default)]
    pub tell: bool,
}

/// The body of `POST …/promises/kept` and `…/withdrawn`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Ended {
    /// Who says so.
    pub by: Option<String>,
    /// What became of it.
    pub note: Option<String>,
}

/// The body of `POST …/consent/revocations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revoked {
    /// Who was told.
    #[serde(default)]
    pub by: Option<String>,
    /// Every channel where there is none.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// What the contact said.
    pub words: String,
}

/// The body of `POST …/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "WrittenMessage"))]
pub struct Said {
    /// Who writes.
    #[serde(default)]
    pub by: Option<String>,
    /// Where; on the line the contact last wrote on where there is none.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// An email's subject, at most 200 characters; one of ours where there is none.
    #[serde(default)]
    pub subject: Option<String>,
    /// The words.
    pub text: String,
    /// What was uploaded for it: see `POST …/files`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
}

/// The body of `POST …/floor/taken` and `…/floor/given-back`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "FloorAsked"))]
#[serde(default)]
pub struct Named {
    /// Who.
    pub by: Option<String>,
    /// Take it even from a colleague who has just written.
    pub force: bool,
}

/// The answer to `POST …/floor/taken` and `…/floor/given-back`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FloorNumber {
    /// The floor's number from now on: what was begun under another one is stale.
    pub fence: u32,
}

/// The body of `POST …/calls`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Called {
    /// Who called.
    pub by: Option<String>,
    /// The number; the contact's own where there is none.
    pub number: Option<String>,
    /// What is to be noted of it.
    pub note: Option<String>,
}

/// The body of `POST …/tags` and `…/tags/removed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tagged {
    /// Who sorts.
    #[serde(default)]
    pub by: Option<String>,
    /// The label.
    pub tag: String,
}

/// The body of `POST …/appointments`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Booking {
    /// What.
    pub service: ServiceId,
    /// With whom; whoever is free where there is none.
    #[serde(default)]
    pub resource: Option<ResourceId>,
    /// Milliseconds since 1970.
    pub start_ms: i64,
    /// What is noted on it.
    #[serde(default)]
    pub note: Option<String>,
    /// The caller's own name for the request: the same again books no second time.
    #[serde(default)]
    pub request: Option<EventId>,
}

/// The body of `POST …/appointments/{appointment}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppointmentDoes {
    /// Who of the team.
    #[serde(default)]
    pub by: Option<String>,
    /// The caller's own name for the request: the same again changes nothing.
    #[serde(default)]
    pub request: Option<EventId>,
    /// What becomes of the appointment.
    pub act: AppointmentAct,
}

/// What becomes of an appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AppointmentAct {
    /// It is put at another time.
    Move {
        /// The new start, in milliseconds since 1970.
        start_ms: i64,
        /// With whom; the same where they are free, else anybody who does the service, where there is none.
        #[serde(default)]
        resource: Option<ResourceId>,
    },
    /// It is called off.
    Cancel {},
    /// Something is noted on it.
    Note {
        /// The words, 1 to 500 characters.
        text: String,
    },
    /// The contact did not come.
    Missed {},
    /// It took place.
    Done {},
}
