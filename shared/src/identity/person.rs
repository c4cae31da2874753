//! People as a Facebook page or an Instagram account sees them: an id that means somebody for that one page only.

use crate::contact::{Address, AddressKind};

/// The longest id, in characters.
const MAX_ID_CHARS: usize = 64;

/// The address of a person whom a page knows by an id. `None` where either is no id: letters, digits, `_` and `-`.
pub fn parse_person(kind: AddressKind, page: &str, person: &str) -> Option<Address> {
    (is_id(page) && is_id(person)).then(|| Address::new(kind, format!("{page}:{person}")))
}

/// The id by which a page knows an address of its own; `None` for another page's.
pub fn person_of_page<'a>(address: &'a str, page: &str) -> Option<&'a str> {
    address.strip_prefix(page)?.strip_prefix(':').filter(|person| is_id(person))
}

fn is_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=MAX_ID_CHARS).contains(&text.len()) && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_means_somebody_for_one_page_only() {
        let maria = parse_person(AddressKind::Messenger, "PAGE_1", "4471").unwrap();
        assert_eq!(maria.text, "PAGE_1:4471");
        assert_eq!(person_of_page(&maria.text, "PAGE_1"), Some("4471"));
        assert_eq!(person_of_page(&maria.text, "PAGE_2"), None);
        assert_eq!(person_of_page(&maria.text, "PAGE"), None);
        for (page, person) in [("", "1"), ("1", ""), ("1", "a b"), ("1", "a:b"), ("1", &"9".repeat(65))] {
            assert_eq!(parse_person(AddressKind::Instagram, page, person), None, "{page} {person}");
        }
    }
}
