//! Where a reader may be sent: links, phone numbers, mailboxes.

use crate::identity::{find_email, find_phone};

/// Links, with and without a scheme, without the punctuation after them.
pub(super) fn urls(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in text.split(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '“' | '”' | '[' | ']')
    }) {
        let lower = word.to_lowercase();
        let begins = ["https://", "http://", "www."].iter().filter_map(|start| lower.find(start)).min();
        if let Some(url) = begins.and_then(|at| lower.get(at..)) {
            out.push(url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '/', '*', '_']).to_owned());
        } else if bare_domain(&lower) {
            out.push(lower.trim_end_matches(['.', ',', ';', ':', '!', '?', '/']).to_owned());
        }
    }
    out
}

/// `evil.example/pay`, `bit.ly/x`: a domain with a path, or with an ending people click on.
fn bare_domain(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    let host = word.split('/').next().unwrap_or_default();
    let Some((name, ending)) = host.rsplit_once('.') else { return false };
    let letters = ending.len() >= 2 && ending.bytes().all(|b| b.is_ascii_lowercase());
    let known = matches!(
        ending,
        "com" | "net" | "org" | "io" | "co" | "app" | "dev" | "shop" | "info" | "biz" | "ly" | "me"
    );
    !word.contains('@') && !name.is_empty() && letters && (known || word.contains('/'))
}

/// A phone number as its digits, without a leading country code of North America.
pub(super) fn phone(text: &str, region: &str) -> Option<String> {
    if digits(text) < 7 {
        return None;
    }
    let found = find_phone(text, region)?;
    let digits: String = found.chars().filter(char::is_ascii_digit).collect();
    Some(digits.strip_prefix('1').filter(|rest| rest.len() == 10).map_or(digits.clone(), str::to_owned))
}

/// Email addresses, in lower case.
pub(super) fn emails(text: &str) -> Vec<String> {
    let words = text.split(char::is_whitespace).filter(|word| word.contains('@'));
    words.filter_map(|word| find_email(word).map(str::to_lowercase)).collect()
}

pub(super) fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_with_and_without_a_scheme() {
        assert_eq!(urls("See (https://X.example/Book)."), ["https://x.example/book"]);
        assert_eq!(urls("go to evil.com/pay, or bit.ly"), ["evil.com/pay", "bit.ly"]);
        assert_eq!(urls("a@b.com and 3.5 and e.g. this and Mr.Smith"), Vec::<String>::new());
    }
}
