//! The store: SQL as data, and the port that runs it.
//!
//! Every statement of the product stands in the modules below, once, as a constant; D1 runs the text in production and
//! [`sqlite`] runs the same text natively. Each module turns its rows into types with `decode_*` and its changes into
//! statements with functions named after what they do. Nothing here decides anything.

pub mod agents;
pub mod alerts;
pub mod appointments;
pub mod audit;
pub mod canned;
pub mod clock;
pub mod consents;
pub mod contacts;
pub mod conversations;
pub mod counters;
pub mod crawls;
pub mod deliveries;
pub mod digests;
pub mod erasures;
pub mod events;
pub mod fields;
pub mod files;
pub mod handles;
pub mod knowledge;
pub mod merges;
pub mod notices;
pub mod planned;
mod row;
pub mod runs;
pub mod sandbox;
pub mod search;
pub mod sign_ins;
pub mod sites;
pub mod sources;
#[cfg(feature = "sqlite")]
pub mod sqlite;
pub mod tags;
pub mod taught;
pub mod tokens;
pub mod webhooks;
pub mod work;

use serde::de::DeserializeOwned;

pub use self::row::{Columns, Row};

/// An argument of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// SQL NULL.
    Null,
    /// A whole number below 2^53 in magnitude: D1 binds every number as a REAL.
    Int(i64),
    /// Text.
    Text(String),
}

impl From<i64> for Arg {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Arg {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Arg {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Arg {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<crate::time::Timestamp> for Arg {
    fn from(value: crate::time::Timestamp) -> Self {
        Self::Int(value.ms())
    }
}

/// A statement ready to run. At most 100 arguments (a limit of D1).
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// The text, one of the constants of this module's children.
    pub sql: &'static str,
    /// Its arguments, in order.
    pub args: Vec<Arg>,
}

/// A statement with its arguments, each turned into an [`Arg`].
macro_rules! stmt {
    ($sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::store::Stmt { sql: $sql, args: vec![$($crate::store::Arg::from($arg)),*] }
    };
}
pub(crate) use stmt;

/// Statement constants, and the list of them that tests walk.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: &str = $sql;)*
        /// Every statement of this module, by its path.
        pub(crate) const ALL: &[(&str, &str)] =
            &[$((concat!(module_path!(), "::", stringify!($name)), $sql)),*];
    };
}
pub(crate) use statements;

/// Every statement of the product, by its path (`shared::store::events::APPEND`).
pub fn all_statements() -> Vec<(&'static str, &'static str)> {
    [
        agents::ALL,
        alerts::ALL,
        appointments::ALL,
        canned::ALL,
        audit::ALL,
        clock::ALL,
        consents::ALL,
        contacts::ALL,
        conversations::ALL,
        counters::ALL,
        crawls::ALL,
        deliveries::ALL,
        digests::ALL,
        erasures::ALL,
        events::ALL,
        fields::ALL,
        files::ALL,
        handles::ALL,
        knowledge::ALL,
        notices::ALL,
        merges::ALL,
        planned::ALL,
        runs::ALL,
        sandbox::ALL,
        search::ALL,
        sign_ins::ALL,
        sites::ALL,
        sources::ALL,
        tags::ALL,
        taught::ALL,
        tokens::ALL,
        webhooks::ALL,
        work::ALL,
    ]
    .concat()
}

/// What a statement gave back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Its rows.
    pub rows: Vec<Row>,
    /// How many rows it changed.
    pub changes: u32,
}

impl Answer {
    /// All rows, decoded.
    pub fn decode_all<T: DeserializeOwned>(self) -> Result<Vec<T>, DbError> {
        self.rows.into_iter().map(Row::decode).collect()
    }

    /// The first row, decoded; `None` where there is none.
    pub fn decode_first<T: DeserializeOwned>(self) -> Result<Option<T>, DbError> {
        self.rows.into_iter().next().map(Row::decode).transpose()
    }
}

/// A failure of the store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// Somebody else wrote first: nothing was written; load again and decide again.
    #[error("written by somebody else first: {0}")]
    Conflict(String),
    /// A limit of the database: too many arguments, too large a row, full.
    #[error("over a limit of the database: {0}")]
    Limit(String),
    /// The database did not answer; whether a batch was written is not known.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// A stored row is not what this version understands, or a statement is wrong.
    #[error("stored data is not understood: {0}")]
    Corrupt(String),
}

/// What the database says where somebody else wrote first.
const RACES: [&str; 14] = [
    "the site was changed meanwhile",
    "a site keeps an owner",
    "UNIQUE constraint failed",
    "the timeline has no gaps",
    "the time is taken",
    "the day is full",
    "the appointment has changed",
    "the conversation has gone on",
    "the planned message has ended",
    "the run has changed",
    "the turn was given",
    "the conversation was digested",
    "the contacts have been joined",
    "the contacts have been parted",
];

impl DbError {
    /// The error of a message from SQLite or D1.
    pub fn from_message(message: &str) -> Self {
        let has = |part: &str| message.contains(part);
        if RACES.into_iter().any(has) {
            Self::Conflict(message.to_owned())
        } else if has("too many") || has("too big") || has("SQLITE_FULL") || has("SQLITE_TOOBIG") {
            Self::Limit(message.to_owned())
        } else if has("constraint failed") || has("SQLITE_ERROR") || has("append-only") || has("syntax error")
        {
            Self::Corrupt(message.to_owned())
        } else {
            Self::Unavailable(message.to_owned())
        }
    }
}

/// The database port: one site's database.
#[expect(async_fn_in_trait, reason = "single-threaded hosts: futures need not be Send")]
pub trait Db {
    /// Runs one statement.
    async fn query(&self, stmt: &Stmt) -> Result<Answer, DbError>;

    /// Runs statements as one transaction: all or none. The answers stand in the same order.
    async fn batch(&self, stmts: &[Stmt]) -> Result<Vec<Answer>, DbError>;
}

/// Reads a stored JSON text.
pub(crate) fn decode_json<T: DeserializeOwned>(text: &str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|error| DbError::Corrupt(error.to_string()))
}

/// Writes a value as stored JSON. The types stored here have string keys only, so this cannot fail in practice.
pub(crate) fn encode_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Reads a stored id, channel or other word by its own parser.
pub(crate) fn decode_word<T>(word: &str, parsed: Option<T>) -> Result<T, DbError> {
    parsed.ok_or_else(|| DbError::Corrupt(format!("not understood: {word}")))
}
