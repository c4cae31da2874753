//! The link by which a mailbox confirms what somebody agreed to for it (double opt-in): signed for one site, one mailbox and
//! the moment it was sent, and ended a week later. A GET shows the page and changes nothing, since scanners follow links
//! before people do; only the POST of its button confirms.
//!
//! Source: GDPR Art. 7(1) (the controller must be able to demonstrate consent), BGH, I ZR 164/09 (a ticked box alone proves
//! nothing about the mailbox's owner).

use crate::{
    contact::{Address, AddressKind},
    id::SiteId,
    identity, signature,
    time::{DAY_MS, Timestamp},
};

/// Keeps a token from being valid as any other under the same key.
const PURPOSE: &str = "confirm";
/// How long a link works, in milliseconds.
pub const LASTS_MS: i64 = 7 * DAY_MS;

/// What a link was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The site that asks.
    pub site: SiteId,
    /// The mailbox that is asked.
    pub mailbox: Address,
    /// When it was asked.
    pub at: Timestamp,
}

impl Asked {
    /// Whether its link has ended.
    pub const fn has_ended(&self, now: Timestamp) -> bool {
        now.since_ms(self.at) >= LASTS_MS
    }
}

/// The token of a question to a mailbox.
pub fn seal(key: &str, asked: &Asked) -> String {
    let Asked { site, mailbox, at } = asked;
    signature::seal(key, PURPOSE, format!("{site}\n{}\n{}", identity::key(mailbox), at.ms()).as_bytes())
}

/// What a token that [`seal`] made with this key was made for, ended or not; `None` for anything else.
pub fn open(key: &str, token: &str) -> Option<Asked> {
    let payload = String::from_utf8(signature::open(key, PURPOSE, token)?).ok()?;
    let mut parts = payload.splitn(3, '\n');
    let (site, mailbox, at) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Asked {
        site: SiteId::parse(site).ok()?,
        mailbox: Address::new(AddressKind::Email, mailbox),
        at: Timestamp::from_ms(at.parse().ok()?),
    })
}

/// The page of a token. `public_url` has no slash at its end; empty for a path.
pub fn link(public_url: &str, token: &str) -> String {
    format!("{public_url}/c/{token}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asked(mailbox: &str) -> Asked {
        let site = SiteId::parse("ste_larkspur").unwrap();
        Asked { site, mailbox: Address::new(AddressKind::Email, mailbox), at: Timestamp::from_ms(1_000) }
    }

    #[test]
    fn a_token_is_for_one_mailbox_and_ends_after_a_week() {
        let token = seal("key", &asked("Maria@Lopez.example"));
        assert_eq!(open("key", &token), Some(asked("maria@lopez.example")));
        assert_eq!(open("yek", &token), None);
        let (_, tag) = token.split_once('.').unwrap();
        let other = seal("key", &asked("dev@example.com"));
        let (payload, _) = other.split_once('.').unwrap();
        assert_eq!(open("key", &format!("{payload}.{tag}")), None, "one mailbox's tag fits no other");
        let unsubscribe = signature::seal("key", "unsubscribe", b"ste_larkspur\nmaria@lopez.example\n1000");
        assert_eq!(open("key", &unsubscribe), None, "another kind of token");
        let at = |ms| Timestamp::from_ms(1_000 + ms);
        assert!(
            !asked("a@b.example").has_ended(at(LASTS_MS - 1)) && asked("a@b.example").has_ended(at(LASTS_MS))
        );
        assert_eq!(link("https://x.example", "t"), "https://x.example/c/t");
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(token in ".{0,120}") {
            prop_assert_eq!(open("key", &token), None);
        }
    }
}
