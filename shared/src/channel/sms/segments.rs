//! How many parts a text message takes: GSM 03.38 (3GPP TS 23.038) where every character is in it, UCS-2 otherwise.
//!
//! One message holds 140 octets: 160 septets or 70 UTF-16 units. A longer text is sent in parts, each with a header of
//! six octets, so that 153 septets or 67 units remain (3GPP TS 23.040 section 9.2.3.24.1). Neither the two septets of an
//! extension character nor the two units of a surrogate pair may straddle a part.
//!
//! Counting is by code point: a flag or a family of several code points may be cut between them and comes together
//! again at the phone. No "smart encoding" is assumed: curly quotes and non-breaking spaces make a text UCS-2.

/// How a text goes over the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Seven bits a character, fourteen for the extension table.
    Gsm7,
    /// Sixteen bits a UTF-16 unit.
    Ucs2,
}

impl Encoding {
    /// The stable name used in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gsm7 => "gsm7",
            Self::Ucs2 => "ucs2",
        }
    }

    /// The encoding of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Gsm7, Self::Ucs2].into_iter().find(|encoding| encoding.as_str() == text)
    }

    /// The name carriers print on their bills.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// Units that a message of one part holds.
    const fn single(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Units that each of several parts holds.
    const fn part(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// Units a character takes: septets or UTF-16 units.
    const fn units(self, c: char) -> usize {
        match self {
            Self::Gsm7 => match septets(c) {
                Some(septets) => septets,
                None => 1,
            },
            Self::Ucs2 => c.len_utf16(),
        }
    }
}

/// What a text costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments {
    /// How it goes over the air.
    pub encoding: Encoding,
    /// Messages that are billed; 1 for an empty text.
    pub parts: usize,
}

/// What a text costs to send.
pub fn segments(text: &str) -> Segments {
    let encoding = encoding(text);
    Segments { encoding, parts: cuts(text, encoding).len() + 1 }
}

fn encoding(text: &str) -> Encoding {
    if text.chars().all(|c| septets(c).is_some()) { Encoding::Gsm7 } else { Encoding::Ucs2 }
}

/// Septets (GSM-7) or UTF-16 units (UCS-2), without headers.
fn units(text: &str, encoding: Encoding) -> usize {
    text.chars().map(|c| encoding.units(c)).sum()
}

/// The byte offsets at which new parts begin, the first left out.
fn cuts(text: &str, encoding: Encoding) -> Vec<usize> {
    let mut cuts = Vec::new();
    if units(text, encoding) <= encoding.single() {
        return cuts;
    }
    let mut used = 0;
    for (at, c) in text.char_indices() {
        let wanted = encoding.units(c);
        if used + wanted > encoding.part() {
            cuts.push(at);
            used = 0;
        }
        used += wanted;
    }
    cuts
}

/// Septets of a character in the GSM default alphabet (1) or its extension table (2); `None` where it is in neither.
/// 3GPP TS 23.038 sections 6.2.1 and 6.2.1.1, without the escape itself.
#[expect(clippy::match_same_arms, reason = "one arm for each block of the table")]
const fn septets(c: char) -> Option<usize> {
    match c {
        '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' | '\u{c}' => Some(2),
        '\n' | '\r' | ' '..='Z' | '_' | 'a'..='z' => Some(1),
        '¡' | '£' | '¤' | '¥' | '§' | '¿' | 'Ä' | 'Å' | 'Æ' | 'Ç' | 'É' | 'Ñ' | 'Ö' | 'Ø' | 'Ü' | 'ß' => {
            Some(1)
        }
        'à' | 'ä' | 'å' | 'æ' | 'è' | 'é' | 'ì' | 'ñ' | 'ò' | 'ö' | 'ø' | 'ù' | 'ü' => Some(1),
        'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | 'Ω' => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn parts(text: &str) -> usize {
        segments(text).parts
    }

    /// The text of each part, in order; joined they are the text.
    fn split(text: &str) -> Vec<&str> {
        let cuts = cuts(text, encoding(text));
        let from = [0].into_iter().chain(cuts.iter().copied());
        from.zip(cuts.iter().copied().chain([text.len()])).map(|(from, to)| &text[from..to]).collect()
    }

    #[test]
    fn the_published_boundaries_hold() {
        for (text, expected) in [
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            ("😀".repeat(35), 1),
            ("😀".repeat(36), 2),
            ("ê".repeat(70), 1),
            ("ê".repeat(71), 2),
            ("a".repeat(152) + "€" + &"b".repeat(10), 2),
            ("ê".repeat(66) + "😀" + &"ê".repeat(10), 2),
            (String::new(), 1),
        ] {
            assert_eq!(parts(&text), expected, "{text}");
        }
        assert_eq!(segments("[]{}^~|\\"), Segments { encoding: Encoding::Gsm7, parts: 1 });
        assert_eq!(units("[]{}^~|\\", Encoding::Gsm7), 16);
    }

    #[test]
    fn neighbours_in_the_alphabet_differ() {
        let is_gsm = |text: &str| segments(text).encoding == Encoding::Gsm7;
        assert!(is_gsm("Çéè@£$¥\n\r\u{c}Ω"));
        for text in ["ç", "ê", "`", "\u{a0}", "\u{2019}", "\t", "\u{1b}", "😀"] {
            assert!(!is_gsm(text), "{text:?}");
        }
    }

    #[test]
    fn no_pair_straddles_a_part() {
        let gsm = "a".repeat(152) + "€" + &"b".repeat(10);
        assert_eq!(split(&gsm), ["a".repeat(152), "€".to_owned() + &"b".repeat(10)]);
        let ucs = "ê".repeat(66) + "😀" + &"ê".repeat(10);
        assert_eq!(split(&ucs), ["ê".repeat(66), "😀".to_owned() + &"ê".repeat(10)]);
    }

    /// Made once with `sms-segments-calculator` 1.3.0 of npm (Twilio's own) on seeded random strings.
    #[test]
    fn every_recorded_count_of_the_providers_calculator_is_ours() {
        let cases: Vec<Value> =
            serde_json::from_str(include_str!("../../../fixtures/sms/segments.json")).unwrap();
        assert!(cases.len() >= 300);
        for case in cases {
            let text = case["text"].as_str().unwrap();
            let found = segments(text);
            let encoding = if found.encoding == Encoding::Gsm7 { "GSM-7" } else { "UCS-2" };
            assert_eq!(case["encoding"], encoding, "{text:?}");
            assert_eq!(case["parts"], found.parts, "{text:?}");
            assert_eq!(case["units"], units(text, found.encoding), "{text:?}");
            let lengths: Vec<usize> = split(text).iter().map(|part| units(part, found.encoding)).collect();
            assert_eq!(case["lengths"], Value::from(lengths), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn parts_join_to_the_text_and_each_fits(text in "([a-z€]{0,90}|\\PC{0,40}|[ê😀]{0,80}){0,6}") {
            let whole = segments(&text);
            let split = split(&text);
            prop_assert_eq!(split.concat(), text.as_str());
            prop_assert_eq!(split.len(), whole.parts);
            let limit = if whole.parts == 1 { whole.encoding.single() } else { whole.encoding.part() };
            for part in split {
                prop_assert!(units(part, whole.encoding) <= limit);
            }
        }
    }
}
