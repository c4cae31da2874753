//! How marketing mail is left: the signed link of RFC 8058, the two headers that carry it, and the POST that answers them.
//!
//! The link's token names the site and the one mailbox that the mail goes to, under our key: nobody can make one up, and none
//! works for another mailbox. It never expires (16 CFR 316.5(a)(3) asks for 30 days, CASL s. 11 for 60), since whoever holds
//! it can do no more than choose what that mailbox gets. Only a GET that changes nothing and a POST that acts at once are
//! answered: scanners follow links before people do.
//!
//! Sources: RFC 8058 sections 3.1 and 3.2, RFC 2369 section 3.2, RFC 6068.

use crate::{
    contact::{Address, AddressKind},
    id::SiteId,
    identity, signature,
};

/// The body of the POST: 26 bytes, also what the header announces.
pub const ONE_CLICK: &str = "List-Unsubscribe=One-Click";
/// The name of the field in it.
const FIELD: &str = "List-Unsubscribe";
/// Its value.
const VALUE: &str = "One-Click";
/// Keeps a token from being valid as any other under the same key.
const PURPOSE: &str = "unsubscribe";

/// The token of a mailbox's choices.
pub fn seal(key: &str, site: &SiteId, mailbox: &Address) -> String {
    signature::seal(key, PURPOSE, format!("{site}\n{}", identity::key(mailbox)).as_bytes())
}

/// The site and mailbox of a token that [`seal`] made with this key; `None` for anything else.
pub fn open(key: &str, token: &str) -> Option<(SiteId, Address)> {
    let payload = String::from_utf8(signature::open(key, PURPOSE, token)?).ok()?;
    let (site, mailbox) = payload.split_once('\n')?;
    Some((SiteId::parse(site).ok()?, Address::new(AddressKind::Email, mailbox)))
}

/// The page of a token. `public_url` has no slash at its end.
pub fn link(public_url: &str, token: &str) -> String {
    format!("{public_url}/u/{token}")
}

/// What stands in `List-Unsubscribe` beside the page, for programs that send a mail instead: one that says STOP.
pub(super) fn mail_link(mailbox: &str) -> String {
    let mut out = "mailto:".to_owned();
    for byte in mailbox.bytes() {
        if byte.is_ascii_alphanumeric() || b"@.+-_~!$'*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&signature::hex(&[byte]).to_ascii_uppercase());
        }
    }
    out + "?subject=STOP&body=STOP"
}

/// Whether a body is a mail program's one click: a form of exactly that field, in either encoding that RFC 8058 section 3.2
/// allows.
pub fn is_one_click(content_type: &str, body: &[u8]) -> bool {
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    match kind.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => body == ONE_CLICK.as_bytes(),
        "multipart/form-data" => boundary(parameters).is_some_and(|boundary| is_one_part(&boundary, body)),
        _ => false,
    }
}

fn boundary(parameters: &str) -> Option<String> {
    let named = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_owned())
    });
    named.filter(|boundary| !boundary.is_empty())
}

/// Whether a multipart form has one part, and that is the field (RFC 7578).
fn is_one_part(boundary: &str, body: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(body) else { return false };
    let inner = text
        .trim_start_matches("\r\n")
        .strip_prefix(&format!("--{boundary}\r\n"))
        .and_then(|rest| rest.trim_end_matches("\r\n").strip_suffix(&format!("\r\n--{boundary}--")));
    let Some((head, value)) = inner.and_then(|part| part.split_once("\r\n\r\n")) else { return false };
    let disposition = format!("content-disposition: form-data; name=\"{}\"", FIELD.to_ascii_lowercase());
    value == VALUE && head.lines().any(|line| line.trim().to_ascii_lowercase() == disposition)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mailbox(text: &str) -> Address {
        Address::new(AddressKind::Email, text)
    }

    fn site() -> SiteId {
        SiteId::parse("ste_larkspur").unwrap()
    }

    #[test]
    fn a_token_names_one_site_and_one_mailbox_and_opens_for_ever() {
        let token = seal("key", &site(), &mailbox("Maria@Lopez.example"));
        assert_eq!(token, "c3RlX2xhcmtzcHVyCm1hcmlhQGxvcGV6LmV4YW1wbGU.1bqBSTH-bVDnM_PWpERkvg");
        assert_eq!(open("key", &token), Some((site(), mailbox("maria@lopez.example"))));
        let other = seal("key", &site(), &mailbox("dev@example.com"));
        let (payload, _) = other.split_once('.').unwrap();
        let (_, tag) = token.split_once('.').unwrap();
        assert_eq!(open("key", &format!("{payload}.{tag}")), None, "one mailbox's tag fits no other");
        assert_eq!(open("yek", &token), None);
        let visitor = signature::seal("key", "visitor", b"ste_larkspur\nmaria@lopez.example");
        assert_eq!(open("key", &visitor), None, "another kind of token");
        assert_eq!(link("https://x.example", &token), format!("https://x.example/u/{token}"));
    }

    #[test]
    fn the_mail_link_is_one_whatever_the_mailbox() {
        assert_eq!(mail_link("hello+r.1a@x.example"), "mailto:hello+r.1a@x.example?subject=STOP&body=STOP");
        assert_eq!(mail_link("a?b&c%>@x"), "mailto:a%3Fb%26c%25%3E@x?subject=STOP&body=STOP");
    }

    #[test]
    fn one_click_is_exactly_these_bytes() {
        let form = "application/x-www-form-urlencoded";
        assert_eq!(ONE_CLICK.len(), 26);
        for kind in [form, "application/x-www-form-urlencoded; charset=utf-8"] {
            assert!(is_one_click(kind, ONE_CLICK.as_bytes()), "{kind}");
        }
        for body in [
            "",
            "List-Unsubscribe=One-Click\n",
            "list-unsubscribe=One-Click",
            "List-Unsubscribe=One-Click&a=b",
        ] {
            assert!(!is_one_click(form, body.as_bytes()), "{body:?}");
        }
        for kind in ["", "text/plain", "application/json"] {
            assert!(!is_one_click(kind, ONE_CLICK.as_bytes()), "{kind:?}");
        }
    }

    #[test]
    fn one_click_may_come_as_a_multipart_form() {
        let kind = "multipart/form-data; boundary=\"b1\"";
        let good = "--b1\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b1--\r\n";
        assert!(is_one_click(kind, good.as_bytes()));
        for bad in [
            good.replace("One-Click", "Two-Clicks"),
            good.replace("List-", ""),
            good.replace("--b1--", "--b1\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n--b1--"),
            good.replace("b1", "b2"),
            String::new(),
        ] {
            assert!(!is_one_click(kind, bad.as_bytes()), "{bad:?}");
        }
        assert!(!is_one_click("multipart/form-data", good.as_bytes()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged_without_a_panic(kind in ".{0,60}", body in prop::collection::vec(any::<u8>(), 0..80), token in ".{0,80}") {
            let _ = is_one_click(&kind, &body);
            let _ = is_one_click("multipart/form-data; boundary=b", &body);
            prop_assert_eq!(open("key", &token), None);
        }
    }
}
