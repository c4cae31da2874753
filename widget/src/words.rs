//! The panel's own words: one small file a language, loaded alone.

use crate::codec::json::Json;

/// A whole number in decimal digits. `to_string` does the same, but goes through `core::fmt` and all it can do.
pub fn decimal(number: i64) -> String {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    while rest > 0 || digits.is_empty() {
        digits.extend(char::from_digit(u32::try_from(rest % 10).unwrap_or(0), 10));
        rest /= 10;
    }
    if number < 0 {
        digits.push('-');
    }
    digits.into_iter().rev().collect()
}

/// The sentences of one language, by key.
#[derive(Clone, Debug, Default)]
pub struct Words(Json);

impl Words {
    /// Reads a language file; none where it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        Json::parse(text).filter(|json| matches!(json, Json::Map(_))).map(Self)
    }

    /// The sentence of a key; the key itself where it is missing.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).text().unwrap_or(key)
    }

    /// The sentence with its `{}` filled in.
    pub fn fill(&self, key: &str, value: &str) -> String {
        let sentence = self.get(key);
        // A page pays for the search of one character, which it has anyway, but not for the search of a text.
        match sentence.split_once('{') {
            Some((before, after)) => [before, value, after.trim_start_matches('}')].concat(),
            None => sentence.to_owned(),
        }
    }

    /// Every key, in the file's order.
    pub fn keys(&self) -> Vec<&str> {
        match &self.0 {
            Json::Map(entries) => entries.iter().map(|(key, _)| key.as_str()).collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimal_says_what_to_string_says() {
        for number in [0, 7, -7, 10, 1_234_567_890, -100, i64::MAX, i64::MIN] {
            assert_eq!(decimal(number), number.to_string());
        }
    }
}
