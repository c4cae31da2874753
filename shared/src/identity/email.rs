//! Email addresses: `addr-spec` of RFC 5321 section 4.1.2, without comments, address literals or display names.
//!
//! The local part stays as given (only its owner's server may read it); the domain is lowered. Domains outside ASCII are
//! refused in favour of their `xn--` form.

use super::BadAddress;
use crate::contact::{Address, AddressKind};

/// RFC 5321 section 4.5.3.1.3: a path has 256 octets, two of them the angle brackets.
const MAX_EMAIL_BYTES: usize = 254;
/// RFC 5321 section 4.5.3.1.1.
const MAX_LOCAL_BYTES: usize = 64;
/// RFC 1035 section 2.3.4.
const MAX_LABEL_BYTES: usize = 63;

/// Reads one address, spaces around it ignored. A bare host name (`maria@localhost`) is not one.
pub fn parse_email(text: &str) -> Result<Address, BadAddress> {
    let text = text.trim();
    if text.is_empty() {
        return Err(BadAddress::Empty);
    }
    if text.len() > MAX_EMAIL_BYTES {
        return Err(BadAddress::TooLong);
    }
    let (local, domain) = text.rsplit_once('@').ok_or(BadAddress::NotAnEmail)?;
    if local.len() > MAX_LOCAL_BYTES {
        return Err(BadAddress::TooLong);
    }
    if !is_dot_atom(local) && !is_quoted(local) {
        return Err(BadAddress::NotAnEmail);
    }
    if !domain.is_ascii() {
        return Err(BadAddress::DomainNotAscii);
    }
    let domain = domain.to_ascii_lowercase();
    if is_domain(&domain) {
        Ok(Address::new(AddressKind::Email, format!("{local}@{domain}")))
    } else {
        Err(BadAddress::NotAnEmail)
    }
}

/// The first address inside a sentence, as it is written there; quoted local parts are not looked for.
pub fn find_email(text: &str) -> Option<&str> {
    text.match_indices('@').find_map(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + 1..]);
        let start = before.rfind(|c| !is_sentence_local(c)).map_or(0, |last| last + width(before, last));
        let start = start + before[start..].find(char::is_alphanumeric)?;
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '.').unwrap_or(after.len());
        let domain = after[..end].trim_end_matches(['.', '-']);
        let found = &text[start..at + 1 + domain.len()];
        let alone = !text[..start].ends_with('@') && !text[at + 1 + domain.len()..].starts_with('@');
        (alone && parse_email(found).is_ok()).then_some(found)
    })
}

fn width(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

/// What may stand in an address that somebody writes in a sentence: `atext` less the marks that quote or separate.
fn is_sentence_local(c: char) -> bool {
    c.is_alphanumeric() || "._+-'&~=#$%!".contains(c)
}

/// `Dot-string` of RFC 5321, with the letters that RFC 6531 adds.
fn is_dot_atom(local: &str) -> bool {
    let atext = |c: char| {
        c.is_ascii_alphanumeric()
            || "!#$%&'*+-/=?^_`{|}~".contains(c)
            || !c.is_ascii() && !c.is_control() && !c.is_whitespace()
    };
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext))
}

/// `Quoted-string` of RFC 5321: printable ASCII, quotes and backslashes escaped.
fn is_quoted(local: &str) -> bool {
    let Some(inner) = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    let mut escaped = false;
    for c in inner.chars() {
        escaped = match c {
            _ if !(' '..='~').contains(&c) => return false,
            _ if escaped => false,
            '\\' => true,
            '"' => return false,
            _ => false,
        };
    }
    !escaped && !inner.is_empty()
}

/// Two or more letter-digit-hyphen labels (RFC 1123 section 2.1), the last not a number.
fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=MAX_LABEL_BYTES).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let last_is_a_name =
        domain.rsplit_once('.').is_some_and(|(_, top)| !top.bytes().all(|b| b.is_ascii_digit()));
    last_is_a_name && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<String, BadAddress> {
        parse_email(text).map(|address| address.text)
    }

    #[test]
    fn the_domain_is_lowered_and_the_local_part_is_kept() {
        assert_eq!(read(" Maria.Diaz+Shop@EXAMPLE.Com\n").as_deref(), Ok("Maria.Diaz+Shop@example.com"));
        assert_eq!(read("o'brien@sub.example.co.uk").as_deref(), Ok("o'brien@sub.example.co.uk"));
        assert_eq!(read("a@xn--bcher-kva.example").as_deref(), Ok("a@xn--bcher-kva.example"));
        assert_eq!(read("josé@example.com").as_deref(), Ok("josé@example.com"));
        assert_eq!(read(r#""maria diaz"@example.com"#).as_deref(), Ok(r#""maria diaz"@example.com"#));
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        let (long_local, long) = ("a".repeat(65) + "@example.com", format!("a@{}com", "abc.".repeat(70)));
        let long_label = format!("a@{}.com", "b".repeat(64));
        for (text, reason) in [
            ("", BadAddress::Empty),
            (long_local.as_str(), BadAddress::TooLong),
            (long.as_str(), BadAddress::TooLong),
            (long_label.as_str(), BadAddress::NotAnEmail),
            ("a@bücher.example", BadAddress::DomainNotAscii),
            ("maria", BadAddress::NotAnEmail),
            ("@example.com", BadAddress::NotAnEmail),
            ("maria@", BadAddress::NotAnEmail),
            ("maria@localhost", BadAddress::NotAnEmail),
            ("maria@[127.0.0.1]", BadAddress::NotAnEmail),
            ("maria@127.0.0.1", BadAddress::NotAnEmail),
            ("maria@example..com", BadAddress::NotAnEmail),
            ("maria@-example.com", BadAddress::NotAnEmail),
            ("maria@exam_ple.com", BadAddress::NotAnEmail),
            ("ma ria@example.com", BadAddress::NotAnEmail),
            ("maria.@example.com", BadAddress::NotAnEmail),
            ("a@b@example.com", BadAddress::NotAnEmail),
            ("maria@example.com\r\nBcc: x@example.com", BadAddress::NotAnEmail),
            ("\"a\nb\"@example.com", BadAddress::NotAnEmail),
            (r#""a"b"@example.com"#, BadAddress::NotAnEmail),
            (r#""a\"@example.com"#, BadAddress::NotAnEmail),
            ("Maria <maria@example.com>", BadAddress::NotAnEmail),
        ] {
            assert_eq!(read(text), Err(reason), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_found_inside_a_sentence() {
        for (text, found) in [
            ("write to maria@example.com, please", Some("maria@example.com")),
            ("It's maria.diaz+shop@Example.com.", Some("maria.diaz+shop@Example.com")),
            ("(maria@example.com)", Some("maria@example.com")),
            ("<mailto:maria@example.com>", Some("maria@example.com")),
            ("'maria@example.com'", Some("maria@example.com")),
            ("maria@home or maria@example.com?", Some("maria@example.com")),
            ("é…maria@example.com!", Some("maria@example.com")),
            ("see you @ 5", None),
            ("@larkspur on instagram", None),
            ("a@b@c.com", None),
            ("", None),
        ] {
            assert_eq!(find_email(text), found, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "[@.a\"\\\\ é<>\\PC]{0,60}") {
            if let Ok(address) = parse_email(&text) {
                prop_assert_eq!(parse_email(&address.text), Ok(address.clone()));
                prop_assert!(!address.text.contains(['\r', '\n', '\0']));
            }
            if let Some(found) = find_email(&text) {
                prop_assert!(parse_email(found).is_ok());
            }
        }

        #[test]
        fn an_address_in_a_sentence_is_the_one_found(local in "[a-z][a-z0-9.]{0,10}[a-z0-9]", domain in "[a-z]{1,8}\\.[a-z]{2,5}") {
            prop_assume!(!local.contains(".."));
            let address = format!("{local}@{domain}");
            let text = format!("Sure, {address}. Thanks!");
            prop_assert_eq!(find_email(&text), Some(address.as_str()));
        }
    }
}
