//! From full-text candidates to answers: how much of the question does a passage speak of?
//!
//! A passage's score is the covered part of the question's meaning, in thousandths. A word counts by what it says: stop
//! words nothing, words of every question little, and a word in many candidates less than a word in few. A word that
//! stands in no candidate counts in full and is never covered, so "do you sell kayaks" stays below [`CONFIDENT`] however
//! well "sell" fits. A word in the heading counts more than one in the text.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    lexicon::{Worth, meaning_at, meanings_at, worth},
    stem::{likeness, stem},
};
use crate::{assistant::Passage, phrases::Lang, text};

/// From this score on a passage is an answer.
///
/// Measured by the tests in `measure`: on the example site, which the ranking was tuned on, 270 of 307 questions are
/// answered rightly (88 %), 23 with another passage, and 3 of 55 that have no answer get one (5 %). On a clinic's
/// knowledge, which it was not tuned on, 21 of 30 (70 %), 4 and 0 of 14.
pub const CONFIDENT: i64 = 500;

/// The part of a score that comes from how much of the question the passage covers; the rest comes from how much of the
/// heading the question names.
const COVERAGE: i64 = 800;
/// What is left, in thousandths, of the score of a passage in another language than the question's.
const FOREIGN: i64 = 800;

/// Scores candidates against a question and sorts them, best first. Scores are 0 to 1,000 and replace what stood there;
/// candidates that tie keep their order.
pub fn rank(question: &str, candidates: &[Passage]) -> Vec<Passage> {
    let asked = Question::read(question);
    let mut fields: Vec<Fields> = candidates.iter().map(Fields::read).collect();
    weigh_headings(&mut fields);
    let units = asked.weighed(&fields);
    let lang = Lang::detect(question);
    let mut scored: Vec<Passage> = candidates
        .iter()
        .zip(&fields)
        .map(|(passage, fields)| {
            let foreign = lang.is_some() && fields.lang.is_some() && fields.lang != lang;
            let share = if foreign { FOREIGN } else { 1_000 };
            Passage { score: score(&units, fields) * share / 1_000, ..passage.clone() }
        })
        .collect();
    scored.sort_by_key(|passage| core::cmp::Reverse(passage.score));
    scored
}

/// One meaning-bearing piece of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Unit {
    /// The meaning's name, or the stem of a word.
    key: Key,
    /// The stems it was written with.
    written: Vec<String>,
    /// What it is worth, in thousandths.
    weight: i64,
    /// Stands in no candidate as it is written.
    unknown: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Meaning(&'static str),
    Stem(String),
}

struct Question {
    units: Vec<Unit>,
}

impl Question {
    fn read(question: &str) -> Self {
        let words = text::words(question);
        let mut units: Vec<Unit> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let (key, length, weight) = match meaning_at(&words, at) {
                Some((meaning, length)) => (Key::Meaning(meaning), length, base(worth(meaning), 900)),
                None => (Key::Stem(stem(&words[at])), 1, base(worth(&words[at]), 1_000)),
            };
            let written = words[at..at + length].iter().map(|word| stem(word)).collect();
            if weight > 0 && !units.iter().any(|unit| unit.key == key) {
                units.push(Unit { key, written, weight, unknown: false });
            }
            at += length;
        }
        Self { units }
    }

    /// The units, weighed by how few candidates hold them.
    fn weighed(mut self, fields: &[Fields]) -> Vec<Unit> {
        for unit in &mut self.units {
            unit.unknown = !fields.iter().any(|f| f.heading.holds(&unit.key) || f.text.holds(&unit.key));
            let holding = fields.iter().filter(|f| f.heading.fit(unit).max(f.text.fit(unit)) > 0).count();
            unit.weight = unit.weight * rarity(holding, fields.len()) / 1_000;
        }
        self.units
    }
}

const fn base(worth: Worth, full: i64) -> i64 {
    match worth {
        Worth::Stop => 0,
        Worth::Weak => 300,
        Worth::Full => full,
    }
}

/// 1,000 for what stands in one candidate or none, falling to 400 for what stands in all.
fn rarity(holding: usize, all: usize) -> i64 {
    let share = holding.saturating_sub(1) * 1_000 / all.max(8);
    1_000 - i64::try_from(share.min(1_000)).unwrap_or(0) * 600 / 1_000
}

/// The stems and meanings of one part of a passage.
struct Field {
    stems: BTreeSet<String>,
    meanings: BTreeSet<&'static str>,
    keys: Vec<(Key, i64)>,
}

impl Field {
    fn read(part: &str) -> Self {
        let words = text::words(part);
        let mut field = Self { stems: BTreeSet::new(), meanings: BTreeSet::new(), keys: Vec::new() };
        for at in 0..words.len() {
            field.stems.insert(stem(&words[at]));
            field.meanings.extend(meanings_at(&words, at));
        }
        if part.contains('$') {
            field.meanings.insert("price");
        }
        for unit in Question::read(part).units {
            field.keys.push((unit.key, unit.weight));
        }
        field
    }

    fn holds(&self, key: &Key) -> bool {
        match key {
            Key::Meaning(meaning) => self.meanings.contains(meaning),
            Key::Stem(stem) => self.stems.contains(stem),
        }
    }

    /// How well a unit stands here, in thousandths.
    fn fit(&self, unit: &Unit) -> i64 {
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

struct Fields {
    lang: Option<Lang>,
    title: Field,
    heading: Field,
    text: Field,
}

impl Fields {
    fn read(passage: &Passage) -> Self {
        Self {
            lang: Lang::detect(&format!("{} {}", passage.heading, passage.text)),
            title: Field::read(&passage.title),
            heading: Field::read(&passage.heading),
            text: Field::read(&passage.text),
        }
    }
}

/// Makes the pieces of a heading count by how few of the candidates hold them.
fn weigh_headings(fields: &mut [Fields]) {
    let mut holding: BTreeMap<Key, usize> = BTreeMap::new();
    for (key, _) in fields.iter().flat_map(|field| &field.heading.keys) {
        *holding.entry(key.clone()).or_default() += 1;
    }
    let all = fields.len();
    for (key, weight) in fields.iter_mut().flat_map(|field| &mut field.heading.keys) {
        *weight = *weight * rarity(holding.get(key).copied().unwrap_or(1), all) / 1_000;
    }
}

fn score(units: &[Unit], fields: &Fields) -> i64 {
    let asked: i64 = units.iter().map(|unit| unit.weight).sum();
    if asked == 0 {
        return 0;
    }
    let covered: i64 = units
        .iter()
        .map(|unit| {
            let heading = fields.heading.fit(unit);
            let text = fields.text.fit(unit) * 780 / 1_000;
            let title = fields.title.fit(unit) * 500 / 1_000;
            unit.weight * heading.max(text).max(title) / 1_000
        })
        .sum();
    let named: i64 =
        fields.heading.keys.iter().filter(|(key, _)| asks(units, key)).map(|(_, weight)| weight).sum();
    let all: i64 = fields.heading.keys.iter().map(|(_, weight)| weight).sum();
    let heading = if all == 0 { 0 } else { named * 1_000 / all };
    (covered * COVERAGE / asked) + heading * (1_000 - COVERAGE) / 1_000
}

/// Whether the question names a piece of a heading.
fn asks(units: &[Unit], key: &Key) -> bool {
    units.iter().any(|unit| {
        unit.key == *key
            || match (&unit.key, key) {
                (Key::Stem(asked), Key::Stem(named)) => unit.unknown && likeness(asked, named) > 0,
                _ => false,
            }
    })
}
