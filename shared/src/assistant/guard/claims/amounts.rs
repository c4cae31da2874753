//! Amounts of money and percentages, read so that one written two ways is equal.

use std::collections::BTreeSet;

use crate::text;

/// Amounts of money as `$140`, `$1.50`; percentages as `10%`.
pub(super) fn amounts(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (start, number, end) in numbers(text) {
        let before = text[..start].trim_end();
        let after = &text[end..];
        let next = text::words(text::truncate(after, 24)).into_iter().next().unwrap_or_default();
        let unit = after.trim_start().starts_with(|c: char| c.is_alphabetic());
        let named = unit
            && matches!(
                next.as_str(),
                "dollars" | "dollar" | "bucks" | "usd" | "dolares" | "euros" | "euro" | "pesos"
            );
        if before.ends_with(['$', '€', '£'])
            || before.ends_with("USD")
            || named
            || after.trim_start().starts_with('€')
        {
            out.insert(format!("${number}"));
        } else if after.trim_start().starts_with('%') {
            out.insert(format!("{number}%"));
        }
    }
    out
}

/// Numbers without separators and without `.00`, with where they stand.
fn numbers(text: &str) -> Vec<(usize, String, usize)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() {
            let separated =
                matches!(bytes[at], b'.' | b',') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
            if !bytes[at].is_ascii_digit() && !separated {
                break;
            }
            at += 1;
        }
        out.push((start, plain(&text[start..at]), at));
    }
    out
}

/// `1,200.00` as `1200`, `1.50` as `1.50`: one or two digits after the last separator are cents.
fn plain(number: &str) -> String {
    match number.rsplit_once(['.', ',']) {
        Some((whole, cents)) if cents.len() <= 2 => {
            let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
            if cents.bytes().all(|b| b == b'0') { whole } else { format!("{whole}.{cents:0<2}") }
        }
        _ => number.chars().filter(char::is_ascii_digit).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_equal_however_they_are_written() {
        let one = |text: &str| amounts(text).into_iter().collect::<Vec<_>>().join(" ");
        for (text, expect) in [
            ("$140", "$140"),
            ("$ 140.00,", "$140"),
            ("140 dollars", "$140"),
            ("$1,200.50", "$1200.50"),
            ("$1.5", "$1.50"),
            ("10 %", "10%"),
            ("20 minutes, 3 bikes, 2418 SE", ""),
        ] {
            assert_eq!(one(text), expect, "{text}");
        }
    }
}
