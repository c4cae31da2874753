//! What the team teaches the assistant, and what it says often.

use serde::{Deserialize, Serialize};

use crate::{
    id::{ContactId, ConversationId, TaughtId},
    time::Timestamp,
    wire::Source,
};

/// Answers that somebody should look at: the answer to `GET /api/sites/{site}/review`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reviews {
    /// The latest first.
    pub reviews: Vec<Review>,
    /// Where the next page begins (`?after=`); none where this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An answer of the assistant that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Review {
    /// To whom.
    pub contact: ContactId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// At which place.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// `unsure`, or `no_source`.
    pub why: String,
    /// What was asked: the contact's last words before it.
    pub question: String,
    /// What the assistant said.
    pub answer: String,
    /// Where it took it from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

/// Something the team taught the assistant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Taught {
    /// Which.
    pub id: TaughtId,
    /// What is asked.
    pub question: String,
    /// What is to be answered.
    pub answer: String,
    /// Who taught it, by name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Canned {
    /// Its name.
    pub name: String,
    /// Its words; `{name}` stands for what the contact is called, `{site}` for the business.
    pub text: String,
}

/// The variables of a canned reply: what the contact is called, and the business.
pub const VARIABLES: [&str; 2] = ["name", "site"];

/// A piece of a canned reply's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words as they are.
    Words(&'a str),
    /// A variable, by its name.
    Variable(&'a str),
}

/// The text in pieces. A brace that no name follows is a brace.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(open) = rest.find('{') {
        let inside = &rest[open + 1..];
        let close = inside.find('}');
        let name = close
            .map(|close| &inside[..close])
            .filter(|name| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_'));
        let Some(name) = name else {
            pieces.push(Piece::Words(&rest[..=open]));
            rest = inside;
            continue;
        };
        pieces.push(Piece::Words(&rest[..open]));
        pieces.push(Piece::Variable(name));
        rest = &inside[name.len() + 1..];
    }
    pieces.push(Piece::Words(rest));
    pieces
}

/// The words with the variables filled in of which something is known; the others stay as they are, to be seen.
pub fn fill_known(text: &str, name: Option<&str>, site: &str) -> String {
    let mut out = String::new();
    for piece in pieces(text) {
        match (piece, name) {
            (Piece::Words(words), _) => out.push_str(words),
            (Piece::Variable("site"), _) => out.push_str(site),
            (Piece::Variable("name"), Some(name)) => out.push_str(name),
            (Piece::Variable(other), _) => {
                out.push('{');
                out.push_str(other);
                out.push('}');
            }
        }
    }
    out
}

/// The first variable of a canned reply that still stands in a text.
pub fn unset(text: &str) -> Option<&str> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Variable(name) if VARIABLES.contains(&name) => Some(name),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_filled_in_and_what_is_not_is_named() {
        let text = "Hi {name}, {site} here. {other} { stays }";
        assert_eq!(fill_known(text, Some("Ann"), "Larkspur"), "Hi Ann, Larkspur here. {other} { stays }");
        let left = fill_known(text, None, "Larkspur");
        assert_eq!(left, "Hi {name}, Larkspur here. {other} { stays }");
        assert_eq!(unset(&left), Some("name"));
        assert_eq!(unset("Hi {other} {}"), None);
    }
}
