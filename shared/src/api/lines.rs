//! The site's lines, whether they work, and whether the snippet stands on the site's pages.

use serde::{Deserialize, Serialize};

use crate::{channel::Channel, id::EndpointId};

/// One line of a site's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Line {
    /// Its id.
    pub id: EndpointId,
    /// The kind of line.
    pub channel: Channel,
    /// Who carries it.
    pub provider: String,
    /// Its own address.
    pub address: String,
    /// The secrets it needs, by name, and whether each is set; never their values.
    pub secrets: Vec<(String, bool)>,
    /// Where its provider has to bring what comes in; none where nothing is brought by calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// Whether its provider can be asked.
    pub can_test: bool,
}

/// The answer to `GET /api/sites/{site}/lines`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lines {
    /// Every line.
    pub lines: Vec<Line>,
    /// The line to paste into the site's pages; empty where the site has no widget.
    pub snippet: String,
}

/// What a provider says of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Probed {
    /// It works.
    pub works: bool,
    /// What was found, or what to change, in one sentence.
    pub text: String,
}

/// The body of `POST /api/sites/{site}/snippet/check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SnippetCheck {
    /// A page of one of the site's allowed origins.
    pub url: String,
}

/// What was found on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SnippetState {
    /// The site's own snippet.
    Found,
    /// A snippet with another key.
    Other,
    /// No snippet.
    Absent,
    /// The page could not be read.
    Unread,
}

/// The answer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SnippetFound {
    /// What was found.
    pub state: SnippetState,
    /// What that means and what to do, in one or two sentences.
    pub text: String,
}
