//! Errors by blame: the caller's ([`Rejection`]) and their bytes' ([`ParseError`]). A port's own failures stand with the
//! port ([`crate::http::HttpError`], `store::DbError`).

use crate::wire::Wrong;

/// The caller may not, or asked for something that cannot be: a stable code and a sentence that is safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {text}")]
pub struct Rejection {
    /// The HTTP status, 4xx.
    pub status: u16,
    /// Stable, in snake case; programs may match on it.
    pub code: &'static str,
    /// One sentence that names what to change.
    pub text: String,
    /// When the same may be tried again, in milliseconds.
    pub retry_after_ms: Option<u32>,
    /// What is wrong with each field of what was sent, where that is known.
    pub fields: Vec<Wrong>,
}

impl Rejection {
    /// A rejection that trying again will not change.
    pub fn new(status: u16, code: &'static str, text: impl Into<String>) -> Self {
        Self { status, code, text: text.into(), retry_after_ms: None, fields: Vec::new() }
    }

    /// The same, with what is wrong with each field.
    #[must_use]
    pub fn with_fields(self, fields: Vec<Wrong>) -> Self {
        Self { fields, ..self }
    }

    /// 403: the signature is missing or wrong. Nothing of the request was read.
    pub fn bad_signature(what: &'static str) -> Self {
        Self::new(403, "bad_signature", what)
    }
}

/// Bytes from outside that are not what they should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {text}")]
pub struct ParseError {
    /// Stable, in snake case: `malformed_form`, `malformed_json`, `malformed_mime`, `missing_field`, `too_large`.
    pub code: &'static str,
    /// One sentence that names the field or the place.
    pub text: String,
}

impl ParseError {
    /// An error with its stable code.
    pub fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}
