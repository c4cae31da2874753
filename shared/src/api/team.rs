//! Who is of a site's team, its API tokens, and the log of what people did.

use serde::{Deserialize, Serialize};

use super::{me::Role, scope::ApiScope};
use crate::{
    id::{AgentId, AuditId, TokenId},
    time::Timestamp,
};

/// How far somebody is with a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// Asked, and not signed in yet.
    Invited,
    /// Of the team.
    Active,
    /// Not any more.
    Removed,
}

impl AgentState {
    /// The stable name used in storage and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Removed => "removed",
        }
    }

    /// The state of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Invited, Self::Active, Self::Removed].into_iter().find(|state| state.as_str() == text)
    }
}

/// Somebody of a site's team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Agent {
    /// Their id on this site.
    pub id: AgentId,
    /// Their mailbox: what they sign in with.
    pub email: String,
    /// What contacts see them called.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// How far they are with the team.
    pub state: AgentState,
    /// Since when.
    pub since: Timestamp,
}

/// The answer to `GET /api/sites/{site}/agents`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Agents {
    /// Whoever is invited or of the team, the first to come first.
    pub agents: Vec<Agent>,
}

/// The body of `POST /api/sites/{site}/agents`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitation {
    /// Their mailbox.
    pub email: String,
    /// What contacts will see them called.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// The body of `PATCH /api/sites/{site}/agents/{agent}`: what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AgentChange {
    /// The new name.
    pub name: Option<String>,
    /// The new role.
    pub role: Option<Role>,
}

/// An API token, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What it is called.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<ApiScope>,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// When it was used last, to the hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
}

/// The answer to `GET /api/sites/{site}/tokens`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tokens {
    /// Every token that works, the first to be made first.
    pub tokens: Vec<Token>,
}

/// The body of `POST /api/sites/{site}/tokens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokenWish {
    /// What it is called.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<ApiScope>,
}

/// The answer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokenMade {
    /// The token.
    pub token: Token,
    /// What to send as `authorization: Bearer`. It is told this once.
    pub secret: String,
}

/// Something somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditLine {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who, by name; `token …` for a program, `deployment` for the deployment's own tools.
    pub agent: String,
    /// What: the operation's stable name.
    pub act: String,
    /// To whom or what: an id; empty for the site itself.
    pub subject: String,
    /// What else is to be known.
    pub detail: String,
}

/// The answer to `GET /api/sites/{site}/audit`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Audit {
    /// The newest first.
    pub lines: Vec<AuditLine>,
    /// Where the next page begins (`?before=`); none where this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
