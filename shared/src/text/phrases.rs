//! Fixed lists of words and phrases, cut up once and then only looked up.
//!
//! Phrases are runs of whole folded words, as in [`find_phrase`](super::find_phrase). The lists are constants of the
//! product: nothing here is built from what people write.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

/// A hasher for short words of our own lists. It does not resist chosen keys, so no table that grows with what people
/// write may use it.
#[derive(Clone, Copy, Default)]
pub struct WordHasher(u64);

/// Builds [`WordHasher`]s.
pub type ByWord = BuildHasherDefault<WordHasher>;

impl WordHasher {
    const FACTOR: u64 = 0x517c_c1b7_2722_0a95;

    const fn mix(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(Self::FACTOR);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.mix(u64::from_le_bytes(*chunk));
        }
        if !rest.is_empty() {
            self.mix(rest.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.mix(value.into());
    }

    fn finish(&self) -> u64 {
        // The table takes its place from the low bits and its tag from the high ones; a product's low bits are poor.
        self.0 ^ self.0 >> 32
    }
}

/// Words, to ask whether one is among them.
pub type WordSet = HashSet<&'static str, ByWord>;

/// A place where a phrase of a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The phrase's place in its list.
    pub entry: usize,
    /// The index of its first word.
    pub start: usize,
    /// The index after its last word.
    pub end: usize,
}

/// A phrase without its first word, and its place in its list.
struct Rest<P> {
    entry: usize,
    words: Vec<P>,
}

/// Phrases, found by their first word.
pub struct Phrases<P = &'static str> {
    by_first: HashMap<P, Vec<Rest<P>>, ByWord>,
}

impl Phrases {
    /// The phrases of a text that separates them with `|`.
    pub fn of(list: &'static str) -> Self {
        Self::from_list(list.split('|'))
    }

    /// The phrases of a list.
    pub fn from_list(list: impl Iterator<Item = &'static str>) -> Self {
        Self::cut(list.map(|phrase| phrase.split(' ').filter(|word| !word.is_empty()).collect()))
    }
}

impl Phrases<String> {
    /// The phrases of a list that is put together when it is first needed.
    pub fn from_owned(list: impl Iterator<Item = String>) -> Self {
        Self::cut(list.map(|phrase| phrase.split_whitespace().map(str::to_owned).collect()))
    }
}

impl<P: std::borrow::Borrow<str> + std::hash::Hash + Eq> Phrases<P> {
    fn cut(list: impl Iterator<Item = Vec<P>>) -> Self {
        let mut by_first: HashMap<P, Vec<Rest<P>>, ByWord> = HashMap::default();
        for (entry, phrase) in list.enumerate() {
            let mut words = phrase.into_iter();
            if let Some(first) = words.next() {
                by_first.entry(first).or_default().push(Rest { entry, words: words.collect() });
            }
        }
        Self { by_first }
    }

    /// The phrases that begin at `words[start]`, in the order of the list.
    pub fn at<'a, W: AsRef<str>>(&'a self, words: &'a [W], start: usize) -> impl Iterator<Item = Found> + 'a {
        let known = words.get(start).and_then(|first| self.by_first.get(first.as_ref()));
        let after = words.get(start + 1..).unwrap_or_default();
        known
            .into_iter()
            .flatten()
            .filter(move |rest| {
                rest.words.len() <= after.len()
                    && rest.words.iter().zip(after).all(|(want, have)| want.borrow() == have.as_ref())
            })
            .map(move |rest| Found { entry: rest.entry, start, end: start + 1 + rest.words.len() })
    }

    /// Every place where a phrase stands in `words`, from the front.
    pub fn all<'a, W: AsRef<str>>(&'a self, words: &'a [W]) -> impl Iterator<Item = Found> + 'a {
        (0..words.len()).flat_map(|start| self.at(words, start))
    }

    /// Whether one of the phrases stands in `words`.
    pub fn stand_in<W: AsRef<str>>(&self, words: &[W]) -> bool {
        self.all(words).next().is_some()
    }

    /// The first place where one of the phrases stands; of those that begin there, the longest.
    pub fn first_in<W: AsRef<str>>(&self, words: &[W]) -> Option<Found> {
        (0..words.len()).find_map(|start| self.at(words, start).max_by_key(|found| found.end))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::{find_phrase, words};

    #[test]
    fn a_phrase_is_found_where_it_stands_and_the_longest_first() {
        let phrases = Phrases::of("full service|full|a full service bike|service");
        let said = words("I need a full service.");
        assert_eq!(phrases.first_in(&said), Some(Found { entry: 0, start: 3, end: 5 }));
        let all: Vec<_> = phrases.all(&said).map(|found| found.entry).collect();
        assert_eq!(all, [0, 1, 3]);
        assert!(!phrases.stand_in(&words("fully serviced")));
    }

    proptest! {
        #[test]
        fn a_list_finds_what_its_phrases_find_one_by_one(said in "([abc]{1,2} ){0,9}") {
            const LIST: &str = "a|a b|b c a|cc|ab a|c c c";
            let words = words(&said);
            let mut one_by_one: Vec<_> = LIST.split('|').map(|phrase| find_phrase(&words, phrase)).collect();
            for found in Phrases::of(LIST).all(&words) {
                if one_by_one[found.entry] == Some(found.start) {
                    one_by_one[found.entry] = None;
                }
            }
            prop_assert!(one_by_one.iter().all(Option::is_none));
        }
    }
}
