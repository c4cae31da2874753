//! Who is signed in to the inbox, and what they may do.

use serde::{Deserialize, Serialize};

use crate::{
    id::{AgentId, SiteId},
    time::Timestamp,
};

/// What somebody of a site's team may do; each may do all that the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads, and changes nothing.
    ReadOnly,
    /// Answers, sorts and plans.
    Agent,
    /// Also settings, the team, the log of what people did, exports and erasure.
    Admin,
    /// Also who is an owner.
    Owner,
}

impl Role {
    /// Every role, the one that may do least first.
    pub const ALL: [Self; 4] = [Self::ReadOnly, Self::Agent, Self::Admin, Self::Owner];

    /// The stable name used in storage and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "read_only",
            Self::Agent => "agent",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// The role of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// The answer to `GET /api/me`: who is signed in, and where they belong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Me {
    /// Their email address.
    pub email: String,
    /// The present, by the server's clock.
    pub now: Timestamp,
    /// The sites whose team they are of.
    pub sites: Vec<Membership>,
}

/// That somebody is of a site's team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Membership {
    /// Which site.
    pub site: SiteId,
    /// Its name.
    pub site_name: String,
    /// Its IANA time zone.
    pub time_zone: String,
    /// Its brand colour, `#rrggbb`.
    pub color: String,
    /// Its assistant's name.
    pub assistant: String,
    /// Their id there.
    pub agent: AgentId,
    /// Their name, as contacts see it.
    pub name: String,
    /// What they may do there.
    pub role: Role,
    /// Everybody of the team who can be given a conversation, by name.
    pub team: Vec<String>,
}
