//! From full-text candidates to answers: how much of the question does a passage speak of?
//!
//! A passage's score is the covered part of the question's meaning, in thousandths. A word counts by what it says: stop
//! words nothing, words of every question little, and a word in many candidates less than a word in few. A word that
//! stands in no candidate counts in full and is never covered, so "do you sell kayaks" stays below [`CONFIDENT`] however
//! well "sell" fits. A word in the heading counts more than one in the text.

use std::{collections::HashMap, rc::Rc};

use super::{
    read::{Fields, Key, Unit, units},
    stem::likeness,
};
use crate::{
    assistant::Passage,
    phrases::Lang,
    text::{self, ByWord},
};

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
    let mut scored: Vec<(i64, &Passage)> = scores(question, candidates).into_iter().zip(candidates).collect();
    scored.sort_by_key(|(score, _)| core::cmp::Reverse(*score));
    scored.into_iter().map(|(score, passage)| Passage { score, ..passage.clone() }).collect()
}

/// The score of a passage that is the only candidate; see [`rank`].
pub fn score(question: &str, passage: &Passage) -> i64 {
    scores(question, core::slice::from_ref(passage)).into_iter().next().unwrap_or(0)
}

/// The scores of candidates, in their order.
fn scores(question: &str, candidates: &[Passage]) -> Vec<i64> {
    let words = text::words(question);
    let fields: Vec<Rc<Fields>> = candidates.iter().map(Fields::of).collect();
    let (units, fits) = weigh(units(&words), &fields);
    let named = named(&fields);
    let lang = Lang::of_words(question, &words);
    let score_of = |(fields, fits): (&Rc<Fields>, &Vec<Fit>)| {
        let foreign = lang.is_some() && fields.lang.is_some() && fields.lang != lang;
        let share = if foreign { FOREIGN } else { 1_000 };
        share_of(&units, fits, fields, &named) * share / 1_000
    };
    fields.iter().zip(&fits).map(score_of).collect()
}

/// How well a unit stands in a passage's heading and in its text, in thousandths.
struct Fit {
    heading: i64,
    text: i64,
}

/// The units, weighed by how few candidates hold them, and how well each candidate holds each.
fn weigh(mut units: Vec<Unit>, fields: &[Rc<Fields>]) -> (Vec<Unit>, Vec<Vec<Fit>>) {
    let mut fits: Vec<Vec<Fit>> = fields.iter().map(|_| Vec::with_capacity(units.len())).collect();
    for unit in &mut units {
        unit.unknown = !fields.iter().any(|f| f.heading.holds(&unit.key) || f.text.holds(&unit.key));
        let mut holding = 0;
        for (fields, fits) in fields.iter().zip(&mut fits) {
            let fit = Fit { heading: fields.heading.fit(unit), text: fields.text.fit(unit) };
            holding += usize::from(fit.heading.max(fit.text) > 0);
            fits.push(fit);
        }
        unit.weight = unit.weight * rarity(holding, fields.len()) / 1_000;
    }
    (units, fits)
}

/// 1,000 for what stands in one candidate or none, falling to 400 for what stands in all.
fn rarity(holding: usize, all: usize) -> i64 {
    let share = holding.saturating_sub(1) * 1_000 / all.max(8);
    1_000 - i64::try_from(share.min(1_000)).unwrap_or(0) * 600 / 1_000
}

/// How rare the pieces of the candidates' headings are among them, in thousandths.
fn named(fields: &[Rc<Fields>]) -> HashMap<&Key, i64, ByWord> {
    let mut holding: HashMap<&Key, usize, ByWord> = HashMap::default();
    for (key, _) in fields.iter().flat_map(|fields| &fields.keys) {
        *holding.entry(key).or_default() += 1;
    }
    holding.into_iter().map(|(key, count)| (key, rarity(count, fields.len()))).collect()
}

fn share_of(units: &[Unit], fits: &[Fit], fields: &Fields, named: &HashMap<&Key, i64, ByWord>) -> i64 {
    let asked: i64 = units.iter().map(|unit| unit.weight).sum();
    if asked == 0 {
        return 0;
    }
    let covered = |(unit, fit): (&Unit, &Fit)| {
        let text = fit.text * 780 / 1_000;
        let title = fields.title.fit(unit) * 500 / 1_000;
        unit.weight * fit.heading.max(text).max(title) / 1_000
    };
    let covered: i64 = units.iter().zip(fits).map(covered).sum();
    let weighed = |(key, weight): &(Key, i64)| weight * named.get(key).copied().unwrap_or(1_000) / 1_000;
    let all: i64 = fields.keys.iter().map(weighed).sum();
    let asks = |piece: &&(Key, i64)| asks(units, &piece.0);
    let met: i64 = fields.keys.iter().filter(asks).map(weighed).sum();
    let heading = if all == 0 { 0 } else { met * 1_000 / all };
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
