//! Whether a text speaks of a thing that somebody named in a word or a short phrase.

use super::{lexicon::meaning_at, read::Key, stem::stem};
use crate::text;

/// Whether a text names `thing`: its words one after another, by their stems or by what they mean. Small words count as well,
/// so that "money back" is not every "money".
pub fn speaks_of(text: &str, thing: &str) -> bool {
    let (named, said) = (text::words(thing), text::words(text));
    stands_in(&stems(&named), &stems(&said)) || stands_in(&keys(&named), &keys(&said))
}

fn stands_in<T: PartialEq>(named: &[T], said: &[T]) -> bool {
    !named.is_empty() && said.windows(named.len()).any(|window| window == named)
}

fn stems(words: &[String]) -> Vec<String> {
    words.iter().map(|word| stem(word)).collect()
}

fn keys(words: &[String]) -> Vec<Key> {
    let (mut keys, mut at) = (Vec::new(), 0);
    while at < words.len() {
        let (key, length) = match meaning_at(words, at) {
            Some((meaning, length)) => (Key::Meaning(meaning), length),
            None => (Key::Stem(stem(&words[at])), 1),
        };
        keys.push(key);
        at += length;
    }
    keys
}
