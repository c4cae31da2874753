//! What the assistant knows: the sources of its passages, reading the site's own pages, and what would be answered.

use serde::{Deserialize, Serialize};

use crate::{time::Timestamp, wire};

/// Where a source came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A file that was imported with the site's definition; the next import brings it again.
    File,
    /// Put in by somebody of the team.
    Own,
    /// A page of the site.
    Page,
}

impl SourceKind {
    /// The stable name used in storage and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Own => "own",
            Self::Page => "page",
        }
    }

    /// The kind of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::File, Self::Own, Self::Page].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KnownSource {
    /// Its path: what names it.
    pub path: String,
    /// Where it came from.
    pub kind: SourceKind,
    /// Its title.
    pub title: String,
    /// How many passages it has.
    pub passages: u32,
    /// Its address, where it is a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Since when it is as it is; none where it was imported long ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Who put it in.
    pub by: String,
}

/// The answer to `GET /api/sites/{site}/knowledge`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Known {
    /// Every source, by path.
    pub sources: Vec<KnownSource>,
    /// The site's own pages being read, or when they were last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crawl: Option<CrawlState>,
}

/// The answer to `GET /api/sites/{site}/knowledge/source?path=…`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SourceText {
    /// Its passages in order: heading and text.
    pub passages: Vec<(String, String)>,
}

/// How an added source is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SourceFormat"))]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Markdown.
    Markdown,
    /// A page.
    Html,
    /// Plain text.
    Text,
}

/// The body of `POST /api/sites/{site}/knowledge`: adds a source, or puts a new text in the place of one of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SourceWish {
    /// What it is called: a file's name, or a few words.
    pub name: String,
    /// How it is written.
    pub format: Format,
    /// Its text.
    pub text: String,
}

/// The body of `POST /api/sites/{site}/knowledge/removed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SourceGone {
    /// Which source, by its path.
    pub path: String,
}

/// How far reading the site's own pages has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CrawlState {
    /// The origin.
    pub origin: String,
    /// `running`, `done`, `stopped` or `failed`.
    pub state: String,
    /// How many pages were read.
    pub read: u32,
    /// How many are still to be read.
    pub left: u32,
    /// Pages that could not be read, with why.
    #[serde(default)]
    pub failed: Vec<(String, String)>,
    /// Why it came to its end, where there is something to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it last went on.
    pub at: Timestamp,
}

/// The body of `POST /api/sites/{site}/knowledge/crawl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CrawlWish {
    /// One of the site's allowed origins.
    pub origin: String,
}

/// The body of `POST /api/sites/{site}/knowledge/tried`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "QuestionTried"))]
pub struct Tried {
    /// The question, as a visitor would write it.
    pub question: String,
}

/// What would be answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answered {
    /// The answer's text; empty where what became of an appointment would be said.
    pub text: String,
    /// Where it comes from.
    pub sources: Vec<wire::Source>,
    /// The passages that were found, the best first: title, heading, and the file they stand in.
    pub found: Vec<(String, String, String)>,
    /// Who wrote it: `builtin` or a model's name.
    pub author: String,
    /// Why the model that is set did not write it: `slow`, `failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// It did not know.
    pub unsure: bool,
    /// Why a person would be called, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// An appointment would be looked up, made or changed.
    pub appoints: bool,
}
