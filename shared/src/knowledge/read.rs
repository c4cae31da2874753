//! Passages as the ranking sees them: which stems and meanings stand where.
//!
//! A passage is read once and remembered by its content, because the same few passages are candidates of most questions
//! and change only with an import. What is remembered is what reading gives, so nobody can tell whether it was.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    hash::{Hash, Hasher},
    rc::Rc,
};

use super::{
    lexicon::{Worth, meaning_at, meanings_at, worth},
    stem::{likeness, stem},
};
use crate::{
    assistant::Passage,
    phrases::Lang,
    text::{self, ByWord, WordHasher},
};

/// How many passages are remembered, some kilobytes each; beyond that all are forgotten and read again when needed.
const MAX_REMEMBERED: usize = 512;

/// What a unit of a question is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A meaning of the lexicon, by its name.
    Meaning(&'static str),
    /// The stem of a word.
    Stem(String),
}

/// One meaning-bearing piece of a question or a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// The meaning's name, or the stem of a word.
    pub key: Key,
    /// The stems it was written with.
    pub written: Vec<String>,
    /// What it is worth, in thousandths.
    pub weight: i64,
    /// Stands in no candidate as it is written.
    pub unknown: bool,
}

/// The pieces of a question whose words are known, each once.
pub(super) fn units(words: &[String]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let (key, length, weight) = match meaning_at(words, at) {
            Some((meaning, length)) => (Key::Meaning(meaning), length, base(worth(meaning), 900)),
            None => (Key::Stem(stem(&words[at])), 1, base(worth(&words[at]), 1_000)),
        };
        if weight > 0 && !units.iter().any(|unit| unit.key == key) {
            let written = words[at..at + length].iter().map(|word| stem(word)).collect();
            units.push(Unit { key, written, weight, unknown: false });
        }
        at += length;
    }
    units
}

const fn base(worth: Worth, full: i64) -> i64 {
    match worth {
        Worth::Stop => 0,
        Worth::Weak => 300,
        Worth::Full => full,
    }
}

/// The stems and meanings of one part of a passage.
pub(super) struct Field {
    stems: HashSet<String, ByWord>,
    meanings: HashSet<&'static str, ByWord>,
}

impl Field {
    fn read(part: &str, words: &[String]) -> Self {
        let mut meanings: HashSet<_, _> = (0..words.len()).flat_map(|at| meanings_at(words, at)).collect();
        if part.contains('$') {
            meanings.insert("price");
        }
        Self { stems: words.iter().map(|word| stem(word)).collect(), meanings }
    }

    /// Whether a key stands here as it is written.
    pub(super) fn holds(&self, key: &Key) -> bool {
        match key {
            Key::Meaning(meaning) => self.meanings.contains(meaning),
            Key::Stem(stem) => self.stems.contains(stem),
        }
    }

    /// How well a unit stands here, in thousandths.
    pub(super) fn fit(&self, unit: &Unit) -> i64 {
        if unit.written.iter().all(|stem| self.stems.contains(stem)) {
            return 1_000;
        }
        match &unit.key {
            Key::Meaning(meaning) if self.meanings.contains(meaning) => 950,
            Key::Stem(word) if unit.unknown => {
                self.stems.iter().map(|stem| likeness(word, stem)).max().unwrap_or(0)
            }
            _ => 0,
        }
    }
}

/// A passage, read.
pub(super) struct Fields {
    /// The language it is clearly written in.
    pub lang: Option<Lang>,
    /// The title's words.
    pub title: Field,
    /// The heading's words.
    pub heading: Field,
    /// The pieces of the heading, with their weights.
    pub keys: Vec<(Key, i64)>,
    /// The text's words.
    pub text: Field,
}

impl Fields {
    /// Reads a passage, or remembers how it read.
    pub(super) fn of(passage: &Passage) -> Rc<Self> {
        REMEMBERED.with_borrow_mut(|remembered| {
            let place = place(passage);
            if let Some(known) = remembered.get(&place).filter(|known| known.is(passage)) {
                return Rc::clone(&known.fields);
            }
            if remembered.len() >= MAX_REMEMBERED {
                remembered.clear();
            }
            let fields = Rc::new(Self::read(passage));
            let Passage { title, heading, text, .. } = passage.clone();
            remembered.insert(place, Remembered { title, heading, text, fields: Rc::clone(&fields) });
            fields
        })
    }

    fn read(passage: &Passage) -> Self {
        let Passage { title, heading, text, .. } = passage;
        let (named, words) = (text::words(heading), text::words(text));
        Self {
            lang: Lang::detect(&format!("{heading} {text}")),
            title: Field::read(title, &text::words(title)),
            heading: Field::read(heading, &named),
            keys: units(&named).into_iter().map(|unit| (unit.key, unit.weight)).collect(),
            text: Field::read(text, &words),
        }
    }
}

/// What a passage was when it was read.
struct Remembered {
    title: String,
    heading: String,
    text: String,
    fields: Rc<Fields>,
}

impl Remembered {
    fn is(&self, passage: &Passage) -> bool {
        self.title == passage.title && self.heading == passage.heading && self.text == passage.text
    }
}

/// Where a passage is remembered: two that share a place take turns.
fn place(passage: &Passage) -> u64 {
    let mut hasher = WordHasher::default();
    (&passage.title, &passage.heading, &passage.text).hash(&mut hasher);
    hasher.finish()
}

thread_local! {
    static REMEMBERED: RefCell<HashMap<u64, Remembered>> = RefCell::default();
}
