//! A site's knowledge: from Markdown files to passages, and from a question to the passages that answer it.
//!
//! The store keeps passages in an FTS5 table with `tokenize = 'porter unicode61 remove_diacritics 2'`. [`fts_query`] writes
//! the `MATCH` text, and [`CANDIDATES`] is how many rows to fetch. [`rank`] then scores the rows against the question; at
//! [`CONFIDENT`] and above the first one is an answer, below it nothing is.
//!
//! Full-text search finds words, not meanings, so the ranking knows a little about how people ask: which words mean
//! nothing, which mean the same, and that a word nobody wrote down means the answer is not written down either.

mod chunk;
mod html;
mod lexicon;
mod mention;
mod query;
mod rank;
mod read;
mod stem;

#[cfg(test)]
#[cfg(feature = "sqlite")]
mod measure;

pub use chunk::passages;
pub use html::markdown_of_html;
pub use mention::speaks_of;
pub use query::{fts_query, is_vague};
pub use rank::{CONFIDENT, rank, score};

/// How many rows to fetch for [`rank`].
pub const CANDIDATES: u32 = 32;
