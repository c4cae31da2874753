//! The languages the product speaks itself, and how to tell them apart.

use std::sync::LazyLock;

use crate::text::{self, WordSet};

/// A language the fixed sentences exist in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// English: also where a language is missing.
    #[default]
    En,
    /// Spanish.
    Es,
}

/// Words that hardly occur outside English; folded.
static ENGLISH: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::from_iter([
        "tell", "an", "any", "about", "some", "has", "get", "give", "am", "not", "its", "from", "the", "is",
        "are", "what", "how", "much", "my", "you", "your", "can", "do", "does", "for", "with", "when",
        "where", "have", "it", "this", "that", "please", "thanks", "thank", "hi", "hello", "hey", "i", "im",
        "to", "of", "and", "would", "want", "need", "text", "could", "on", "at", "price", "cost", "will",
        "who", "yes", "be", "was", "did", "if", "or", "in", "we", "they", "there", "good", "open", "late",
        "running", "wheres", "whats", "bye", "goodbye", "sorry",
    ])
});

/// Words that hardly occur outside Spanish; folded.
static SPANISH: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::from_iter([
        "el", "la", "los", "las", "un", "una", "es", "son", "que", "como", "cuanto", "cuanta", "cuantos",
        "cuando", "donde", "cual", "mi", "su", "sus", "tu", "para", "por", "con", "tienen", "tiene", "tengo",
        "quiero", "puedo", "puede", "pueden", "hola", "gracias", "buenos", "buenas", "dias", "tardes",
        "noches", "precio", "cuesta", "hacen", "hay", "estan", "esta", "estoy", "necesito", "cita", "favor",
        "si", "pero", "mas", "muy", "soy", "se", "del", "al", "y", "o", "abren", "abierto", "horario",
        "quien", "ustedes", "usted", "persona", "hablar", "mensaje", "correo", "llego", "tarde", "cobran",
        "aceptan", "de", "en",
    ])
});

impl Lang {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// The language of a BCP 47 tag (`es-MX` is Spanish); English where it is missing.
    pub fn of(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("es") { Self::Es } else { Self::En }
    }

    /// The primary subtag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// The language a text is clearly written in; `None` where it is too short or mixed to say.
    pub fn detect(text: &str) -> Option<Self> {
        Self::of_words(text, &text::words(text))
    }

    /// The language of a text whose words are known, as [`Lang::detect`] tells it.
    pub fn of_words(text: &str, words: &[String]) -> Option<Self> {
        let count = |list: &WordSet| words.iter().filter(|word| list.contains(word.as_str())).count();
        let marks = text.chars().filter(|c| matches!(c, '¿' | '¡' | 'ñ' | 'Ñ')).count();
        let accents = text.chars().filter(|c| matches!(c, 'á' | 'é' | 'í' | 'ó' | 'ú')).count().min(1);
        let (english, spanish) = (count(&ENGLISH), count(&SPANISH) + 2 * marks + accents);
        let clear =
            |more: usize, less: usize| more > less && (more >= 2 * less) && more >= words.len().div_ceil(8);
        if clear(spanish, english) {
            Some(Self::Es)
        } else if clear(english, spanish) {
            Some(Self::En)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_its_language_and_anything_else_is_english() {
        for (tag, lang) in
            [("es", Lang::Es), ("ES-mx", Lang::Es), ("en-GB", Lang::En), ("fr", Lang::En), ("", Lang::En)]
        {
            assert_eq!(Lang::of(tag), lang, "{tag}");
        }
    }

    #[test]
    fn clear_text_is_told_apart_and_unclear_text_is_not() {
        for text in
            ["How much is a tune-up?", "hi", "are you open on sunday", "can you text me a link to book?"]
        {
            assert_eq!(Lang::detect(text), Some(Lang::En), "{text}");
        }
        for text in
            ["¿Cuánto cuesta?", "hola", "a que hora abren", "quiero hablar con una persona", "precio?"]
        {
            assert_eq!(Lang::detect(text), Some(Lang::Es), "{text}");
        }
        for text in ["", "ok", "415-555-2671", "Shimano 105"] {
            assert_eq!(Lang::detect(text), None, "{text}");
        }
    }
}
