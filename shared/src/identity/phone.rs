//! Phone numbers, by the rules of libphonenumber.
//!
//! Two doors. What a person or an agent types must be a number that exists, because we will write to it; what a carrier
//! hands us has just been used, so it is kept even where the numbering plan does not know it, and short codes are kept
//! as `short:12345:US` because they mean something only within their country.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

use super::BadAddress;
use crate::contact::{Address, AddressKind};

/// The longest text worth reading as one number, in bytes: fifteen digits (ITU-T E.164 section 6.1) with generous
/// punctuation.
const MAX_PHONE_BYTES: usize = 80;

/// Groups of digits that one written number may have: `+33 6 12 34 56 78` has six.
const MAX_GROUPS: usize = 8;

/// The calling code of the North American Numbering Plan.
const NORTH_AMERICA: i32 = 1;

/// Reads a number that somebody wants to be written to, in any national or international notation. `region` is where a
/// national notation is at home, an ISO 3166 code; an unknown one leaves international notation only.
///
/// Gives E.164. Only a valid number passes; one with an extension is [`BadAddress::Extension`].
pub fn parse_phone(text: &str, region: &str) -> Result<Address, BadAddress> {
    read(text, region).and_then(|number| valid(&number)).map(|text| Address::new(AddressKind::Phone, text))
}

/// Reads the sender that a provider vouches for: E.164 where it is possible at all, else any `+` with up to 15 digits as
/// it is, else three to eight digits as a short code of `region`.
pub fn parse_inbound_phone(text: &str, region: &str) -> Result<Address, BadAddress> {
    let text = text.trim();
    let number = |text: String| Ok(Address::new(AddressKind::Phone, text));
    if (3..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return number(format!("short:{text}:{}", country(region)));
    }
    let read = read(text, region);
    if let Ok(read) = &read
        && read.extension.is_none()
        && PHONE_NUMBER_UTIL.is_possible_number(read)
    {
        return number(e164(read));
    }
    match text.strip_prefix('+') {
        Some(rest) if (3..=15).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit()) => {
            number(text.to_owned())
        }
        _ => Err(read.err().unwrap_or(BadAddress::NoSuchNumber)),
    }
}

/// The first valid number inside a sentence, as it is written there. National notation is that of `region`.
///
/// Strict on purpose, because a false find would text a stranger: no dates, prices, parts of longer digit strings or
/// URLs; North American numbers only in their usual groups, others only with their trunk prefix where one is usual.
pub fn find_phone<'a>(text: &'a str, region: &str) -> Option<&'a str> {
    runs(text).into_iter().find_map(|groups| {
        (0..groups.len()).find_map(|first| {
            let last = groups.len().min(first + MAX_GROUPS);
            (first..last).rev().find_map(|last| candidate(text, &groups[first..=last], region))
        })
    })
}

fn read(text: &str, region: &str) -> Result<PhoneNumber, BadAddress> {
    let text = text.trim();
    if text.is_empty() {
        return Err(BadAddress::Empty);
    }
    if text.len() > MAX_PHONE_BYTES {
        return Err(BadAddress::TooLong);
    }
    PHONE_NUMBER_UTIL.parse(text, Region::from_code(region).ok()).map_err(|_| BadAddress::NotAPhone)
}

fn valid(number: &PhoneNumber) -> Result<String, BadAddress> {
    if number.extension.is_some() {
        Err(BadAddress::Extension)
    } else if PHONE_NUMBER_UTIL.is_valid_number(number) {
        Ok(e164(number))
    } else {
        Err(BadAddress::NoSuchNumber)
    }
}

fn e164(number: &PhoneNumber) -> String {
    PHONE_NUMBER_UTIL.format(number, PhoneNumberFormat::E164).into_owned()
}

/// The region of a short code; `ZZ` is ISO 3166's "unknown".
fn country(region: &str) -> String {
    let letters = region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_alphabetic());
    if letters { region.to_ascii_uppercase() } else { "ZZ".to_owned() }
}

/// Digits that stand together, as byte offsets; `start` includes a `+` or an opening parenthesis.
#[derive(Clone, Copy)]
struct Group {
    start: usize,
    digits: usize,
    end: usize,
}

/// The groups of digits of a text, in lists that only a number's punctuation holds together.
fn runs(text: &str) -> Vec<Vec<Group>> {
    let mut runs: Vec<Vec<Group>> = Vec::new();
    let mut joined = false;
    let mut opening = None;
    let mut inside = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_numeric() {
            match runs.last_mut().filter(|_| joined) {
                Some(run) if inside => run.iter_mut().last().into_iter().for_each(|group| group.end = end),
                Some(run) => run.push(Group { start: opening.unwrap_or(at), digits: at, end }),
                None => runs.push(vec![Group { start: opening.unwrap_or(at), digits: at, end }]),
            }
            (joined, inside, opening) = (true, true, None);
            continue;
        }
        inside = false;
        match c {
            '+' | '＋' => opening = opening.or(Some(at)),
            '(' => opening = Some(at),
            ' ' | '\u{a0}' | '-' | '\u{2010}'..='\u{2015}' | '.' | ')' | '/' => opening = None,
            _ => (joined, opening) = (false, None),
        }
    }
    runs
}

/// The text of these groups, where it is a number by itself.
fn candidate<'a>(text: &'a str, groups: &[Group], region: &str) -> Option<&'a str> {
    let (first, last) = (groups.first()?, groups.last()?);
    let written = text.get(first.start..last.end)?;
    let shape: Vec<&str> = groups.iter().filter_map(|group| text.get(group.digits..group.end)).collect();
    let digits: usize = shape.iter().map(|group| group.chars().count()).sum();
    let alone = starts_alone(&text[..first.start]) && ends_alone(&text[last.end..]);
    if !alone || !(7..=18).contains(&digits) || written.matches('/').count() > 1 || is_date(&shape) {
        return None;
    }
    let number = read(written, region).ok()?;
    valid(&number).ok()?;
    let international = written.trim_start_matches('(').starts_with(['+', '＋']);
    let usual = match number.country_code {
        NORTH_AMERICA => is_north_american(&shape),
        _ => international || digits == national_digits(&number),
    };
    usual.then_some(written)
}

/// Whether a number may begin after this: not in the middle of a word, an amount, an order number or a URL.
fn starts_alone(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !"#$€£¥@_./=&-+".contains(c))
}

/// Whether a number may end before this: not before a letter, nor before what goes on as a longer number or a time.
fn ends_alone(after: &str) -> bool {
    let mut rest = after.chars();
    match (rest.next(), rest.next()) {
        (Some(c), _) if c.is_alphanumeric() || "@_%=&".contains(c) => false,
        (Some(c), Some(next)) if next.is_numeric() => c.is_whitespace(),
        _ => true,
    }
}

/// `2026-11-24 …` or `24.11.2026`.
fn is_date(shape: &[&str]) -> bool {
    let year = |group: &str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    match shape {
        [y, m, d, ..] if m.len() <= 2 && d.len() <= 2 && year(y) => true,
        [d, m, y] => d.len() <= 2 && m.len() <= 2 && year(y),
        _ => false,
    }
}

/// `415 555 2671` in one, two or three groups, with or without the 1.
fn is_north_american(shape: &[&str]) -> bool {
    let lengths: Vec<usize> = shape.iter().map(|group| group.chars().count()).collect();
    let plain = |rest: &[usize]| matches!(rest, [10] | [3, 3, 4] | [3, 7] | [6, 4]);
    matches!(lengths.as_slice(), [11] | [4, 3, 4]) || plain(lengths.strip_prefix(&[1]).unwrap_or(&lengths))
}

/// How many digits the number has in its usual national notation, trunk prefix included.
fn national_digits(number: &PhoneNumber) -> usize {
    let national = PHONE_NUMBER_UTIL.format(number, PhoneNumberFormat::National);
    national.chars().filter(char::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn typed(text: &str, region: &str) -> Result<String, BadAddress> {
        parse_phone(text, region).map(|address| address.text)
    }

    fn inbound(text: &str) -> Result<String, BadAddress> {
        parse_inbound_phone(text, "US").map(|address| address.text)
    }

    #[test]
    fn every_notation_of_a_number_gives_one_address() {
        for text in [
            "+14155552671",
            " 415 555 2671 ",
            "(415) 555-2671",
            "415.555.2671",
            "1-415-555-2671",
            "tel:+1-415-555-2671",
        ] {
            assert_eq!(typed(text, "US").as_deref(), Ok("+14155552671"), "{text}");
        }
        assert_eq!(typed("(415) 555-2671", "us").as_deref(), Ok("+14155552671"));
        assert_eq!(typed("020 7946 0958", "GB").as_deref(), Ok("+442079460958"));
        assert_eq!(typed("06 12 34 56 78", "FR").as_deref(), Ok("+33612345678"));
        assert_eq!(typed("0039 02 1234 5678", "DE").as_deref(), Ok("+390212345678"), "Italy keeps its zero");
        assert_eq!(
            typed("+８１９０１２３４５６７８", "US").as_deref(),
            Ok("+819012345678"),
            "full-width digits"
        );
    }

    #[test]
    fn what_cannot_be_texted_is_refused_with_its_reason() {
        assert_eq!(typed("  ", "US"), Err(BadAddress::Empty));
        assert_eq!(typed(&"1".repeat(90), "US"), Err(BadAddress::TooLong));
        assert_eq!(typed("maria", "US"), Err(BadAddress::NotAPhone));
        assert_eq!(typed("555 2671", "US"), Err(BadAddress::NoSuchNumber), "no area code");
        assert_eq!(typed("+1 015 555 2671", "US"), Err(BadAddress::NoSuchNumber));
        assert_eq!(typed("415 555 2671 ext. 12", "US"), Err(BadAddress::Extension));
        assert_eq!(typed("415 555 2671", "nowhere"), Err(BadAddress::NotAPhone));
        assert_eq!(typed("12345", "US"), Err(BadAddress::NoSuchNumber), "a short code gets no outbound text");
    }

    #[test]
    fn what_a_carrier_hands_over_is_kept_even_where_the_plan_does_not_know_it() {
        assert_eq!(inbound("+14155552671").as_deref(), Ok("+14155552671"));
        assert_eq!(inbound("+15005550006").as_deref(), Ok("+15005550006"));
        assert_eq!(inbound("+266696687").as_deref(), Ok("+266696687"), "how an unknown caller is spelt");
        assert_eq!(inbound("+99912345").as_deref(), Ok("+99912345"));
        assert_eq!(inbound("12345").as_deref(), Ok("short:12345:US"));
        assert_eq!(parse_inbound_phone("60999", "g").map(|a| a.text).as_deref(), Ok("short:60999:ZZ"));
        assert!(inbound("AMAZON").is_err());
        assert!(inbound("").is_err());
        assert!(inbound("+1234567890123456").is_err());
    }

    #[test]
    fn a_number_is_found_inside_a_sentence() {
        for (text, region, found) in [
            ("text me at 415 555 2671 please", "US", "415 555 2671"),
            ("(415) 555-2671", "US", "(415) 555-2671"),
            ("my cell is 4155552671.", "US", "4155552671"),
            ("I have 2 bikes, call +1 (415) 555-2671, thanks", "US", "+1 (415) 555-2671"),
            ("2 415-555-2671", "US", "415-555-2671"),
            ("at 5 or 6? 1 415 555 2671", "US", "1 415 555 2671"),
            ("phone:415-555-2671;", "US", "415-555-2671"),
            ("415 555 2671 4 pm is fine", "US", "415 555 2671"),
            ("mon portable 06 12 34 56 78 merci", "FR", "06 12 34 56 78"),
            ("+44 20 7946 0958", "US", "+44 20 7946 0958"),
            ("ruf an: 0171/1234567", "DE", "0171/1234567"),
        ] {
            assert_eq!(find_phone(text, region), Some(found), "{text}");
        }
    }

    #[test]
    fn dates_prices_orders_and_longer_digit_strings_are_no_numbers() {
        for (text, region) in [
            ("2026-11-24 10", "US"),
            ("2026-11-24 10:30", "US"),
            ("24.11.2026", "DK"),
            ("24/11/2026", "DK"),
            ("order #4155552671", "US"),
            ("$4155552671", "US"),
            ("4111 1111 1111 1111", "US"),
            ("4155552671@example.com", "US"),
            ("https://example.com/4155552671", "US"),
            ("https://example.com/?p=4155552671", "US"),
            ("bike4155552671", "US"),
            ("415 555 2671x5", "US"),
            ("415-555-26713", "US"),
            ("94105-1234 or 94110", "US"),
            ("555 2671", "US"),
            ("612345678", "FR"),
            ("", "US"),
        ] {
            assert_eq!(find_phone(text, region), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,60}", region in "[A-Z]{2}|\\PC{0,3}") {
            let _ = parse_inbound_phone(&text, &region);
            let _ = parse_phone(&text, &region);
            let _ = find_phone(&text, &region);
        }

        #[test]
        fn digits_and_punctuation_are_read_without_a_panic(text in "[-+()./;x# 0-9٠-٩０-９,=:a-z]{0,60}") {
            let _ = parse_inbound_phone(&text, "US");
            let _ = parse_phone(&text, "GB");
            let _ = find_phone(&text, "US");
        }

        #[test]
        fn what_is_found_parses(text in "([a-z ]{0,6}[(+]?[0-9]{1,5}[ )./-]{0,2}){1,9}") {
            if let Some(found) = find_phone(&text, "US") {
                prop_assert!(parse_phone(found, "US").is_ok(), "{}", found);
                prop_assert!(text.contains(found));
            }
        }

        #[test]
        fn an_address_reads_back_as_itself(area in 201..990_u32, line in 2_000_000..10_000_000_u32) {
            let text = format!("{area}{line}");
            if let Ok(address) = parse_phone(&text, "US") {
                prop_assert_eq!(parse_phone(&address.text, "DE"), Ok(address.clone()));
                prop_assert_eq!(parse_inbound_phone(&address.text, "DE"), Ok(address));
            }
        }
    }
}
