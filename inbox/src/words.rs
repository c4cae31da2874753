//! The inbox's own words, in the reader's language. What the edge says comes in words already.

use std::{cell::RefCell, collections::BTreeMap};

/// A language file: sentences by name. `{}` stands for what is filled in.
#[derive(Clone, Debug, Default)]
pub struct Words(BTreeMap<String, String>);

thread_local! {
    static CHOSEN: RefCell<(Words, String)> = RefCell::default();
}

impl Words {
    /// Reads a language file: one JSON object of texts. Anything else has no words, and every name stands for itself.
    pub fn parse(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// The sentence of a name; the name itself where there is none.
    pub fn of(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    /// The names it has sentences for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Chooses the language, once.
pub fn choose(words: Words, locale: String) {
    CHOSEN.with_borrow_mut(|chosen| *chosen = (words, locale));
}

/// The reader's language, a BCP 47 tag.
pub fn locale() -> String {
    CHOSEN.with_borrow(|(_, locale)| locale.clone())
}

/// The sentence of a name.
pub fn say(name: &str) -> String {
    CHOSEN.with_borrow(|(words, _)| words.of(name))
}

/// The sentence of a name with its gap filled.
pub fn fill(name: &str, with: &str) -> String {
    say(name).replacen("{}", with, 1)
}

/// The sentence of a name with what it is about: "Edit: +1 415 555 2671". It begins with what whoever sees the button reads on it.
pub fn about(name: &str, what: &str) -> String {
    [&say(name), ": ", what].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_sentence_stands_for_itself() {
        let words = Words::parse(r#"{"send": "Senden"}"#);
        assert_eq!((words.of("send"), words.of("undo")), ("Senden".into(), "undo".into()));
        assert_eq!(Words::parse("[").of("send"), "send");
    }
}
