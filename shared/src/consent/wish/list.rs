//! Lists of words parted by spaces: constants of the product, each cut up once, when it is first asked.

use std::{cell::RefCell, collections::HashMap};

use crate::text::WordSet;

/// Where a list lies and how long it is: a constant has one place, and its words need not be compared to find it.
type Place = (usize, usize);

thread_local! {
    static CUT: RefCell<HashMap<Place, WordSet>> = RefCell::default();
}

/// Whether a list of words has this one.
pub(super) fn has(list: &'static str, word: &str) -> bool {
    if list.is_empty() {
        return false;
    }
    let place = (list.as_ptr().addr(), list.len());
    CUT.with_borrow_mut(|cut| {
        let set = cut.entry(place).or_insert_with(|| list.split_ascii_whitespace().collect());
        set.contains(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_its_whole_words_and_a_part_of_it_only_its_own() {
        const LIST: &str = "stop quit  end";
        for _ in 0..2 {
            assert!(has(LIST, "stop") && has(LIST, "end"));
            assert!(!has(LIST, "sto") && !has(LIST, "") && !has(LIST, "stop quit"));
            assert!(has(&LIST[..4], "stop") && !has(&LIST[..4], "quit"), "the same place, but shorter");
            assert!(!has("", ""));
        }
    }
}
