//! How a site is set: parts that are read together and changed each by itself.
//!
//! A part's value is JSON in the shape of the site's definition, so `V` is any JSON value: the server and the inbox have one, the
//! widget needs none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The answer to `GET /api/sites/{site}/settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Settings"))]
pub struct Settings<V> {
    /// How often the settings were changed: what a change names as what it was made on.
    pub version: u32,
    /// The parts by name: `site`, `origins`, `hours`, `assistant`, `limits`, `policy`, `booking`, `privacy`, `handoff`,
    /// `promises`, `work`.
    pub parts: BTreeMap<String, V>,
    /// Who changed which part last; `*` stands for all of them.
    #[serde(default)]
    pub changed: BTreeMap<String, Changed>,
}

/// The body of `PATCH /api/sites/{site}/settings`; the answer is [`Settings`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SettingsChange"))]
pub struct SettingsChange<V> {
    /// Which part.
    pub part: String,
    /// The version that was read.
    pub version: u32,
    /// The whole part; what it does not name stays.
    pub value: V,
}

/// Who changed a part last. Stored as JSON in this shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SettingsChanged"))]
pub struct Changed {
    /// The version it became.
    pub version: u32,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The fields that became others, by their paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// The answer to `GET /api/sites/{site}/settings/retention?months=…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetentionTried {
    /// How many people have been silent for so long.
    pub people: u32,
    /// There may be more: they are counted up to here.
    pub or_more: bool,
}
