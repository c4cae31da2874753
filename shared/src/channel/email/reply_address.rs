//! Signed reply addresses: `hello@larkspur.example` becomes `hello+r.<token>@larkspur.example`.
//!
//! The token is the conversation id without its prefix (26 characters when minted) and 16 characters of Crockford base 32:
//! the first 80 bits of an HMAC-SHA256 over the id, the least that RFC 2104 section 5 allows. All of it is lower case and
//! read in any case, because mail systems change the case of local parts. With a minted id a mailbox of up to 19
//! characters fits the 64 bytes of a local part (RFC 5321 section 4.5.3.1.1).
//!
//! A token says which conversation a mail answers, not who wrote it: whether the sender may speak there is decided by
//! whoever resolves the contact.

use crate::{id::ConversationId, signature};

/// Bytes of a local part, at most.
pub const MAX_LOCAL_BYTES: usize = 64;

/// What stands between the mailbox's name and the token.
const MARK: &str = "+r.";
/// Keeps a reply address from being valid as any other token under the same key.
const DOMAIN: &[u8] = b"reply address\0";
/// Characters of the tag: 80 bits.
const TAG_CHARS: u32 = 16;
/// Crockford's base 32 in lower case, the alphabet of ids.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The address that a reply to this conversation goes to. Where the token does not fit the local part the mailbox itself
/// comes back: the thread is then found by `In-Reply-To` alone.
pub fn render_reply_address(key: &str, conversation: &ConversationId, mailbox: &str) -> String {
    let Some((local, domain)) = mailbox.rsplit_once('@') else { return mailbox.to_owned() };
    let id = conversation.as_str();
    let name = id.get(ConversationId::PREFIX.len() + 1..).unwrap_or(id);
    let signed = format!("{local}{MARK}{name}{}", tag(key, conversation));
    if signed.len() > MAX_LOCAL_BYTES { mailbox.to_owned() } else { format!("{signed}@{domain}") }
}

/// The conversation of an address that [`render_reply_address`] made with this key, in any case and in angle brackets or
/// not; `None` for anything else. The comparison takes the same time wherever the tag differs.
pub fn parse_reply_address(key: &str, address: &str) -> Option<ConversationId> {
    let (local, _) = address.trim_matches(['<', '>', ' ']).rsplit_once('@')?;
    if local.len() > MAX_LOCAL_BYTES || !local.is_ascii() {
        return None;
    }
    let local = local.to_ascii_lowercase();
    let (_, token) = local.rsplit_once(MARK)?;
    let (name, claimed) = token.split_at_checked(token.len().checked_sub(TAG_CHARS as usize)?)?;
    let conversation = ConversationId::parse(&format!("{}_{name}", ConversationId::PREFIX)).ok()?;
    signature::same(tag(key, &conversation).as_bytes(), claimed.as_bytes()).then_some(conversation)
}

/// An address without its plus tag: `hello+x@shop.example` is `hello@shop.example`. Letters stay as they are; what has no
/// `@` comes back unchanged.
///
/// Only for mailboxes of ours and for recognising machines: whether the tag of another's mailbox matters, only its
/// provider knows (see [`crate::identity`]).
pub fn without_tag(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else { return address.to_owned() };
    let bare = local.split_once('+').map_or(local, |(bare, _)| bare);
    format!("{bare}@{domain}")
}

fn tag(key: &str, conversation: &ConversationId) -> String {
    let mac = signature::hmac_sha256(key.as_bytes(), &[DOMAIN, conversation.as_str().as_bytes()]);
    let bits = mac[..10].iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let digit = |place: u32| char::from(ALPHABET[usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0)]);
    (0..TAG_CHARS).rev().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ctx::Ctx, time::Timestamp};

    fn conversation(seed: u64) -> ConversationId {
        ConversationId::mint(&mut Ctx::seeded(Timestamp::from_ms(1_795_399_800_000), seed))
    }

    #[test]
    fn the_format_of_a_reply_address_does_not_change() {
        let named = ConversationId::parse("cnv_1").unwrap();
        let address = render_reply_address("key", &named, "hello@larkspur.example");
        assert_eq!(address, "hello+r.12vcn20q7m6hqaz3z@larkspur.example");
    }

    #[test]
    fn a_minted_id_fits_a_local_part_beside_a_mailbox_of_nineteen_characters() {
        let address = render_reply_address("key", &conversation(1), "appointments-berlin@a.example");
        let (local, _) = address.rsplit_once('@').unwrap();
        assert_eq!(local.len(), MAX_LOCAL_BYTES);
        assert_eq!(parse_reply_address("key", &address), Some(conversation(1)));
        let long = "appointments-hamburg@a.example";
        assert_eq!(render_reply_address("key", &conversation(1), long), long, "no room: the plain mailbox");
    }

    #[test]
    fn capitals_brackets_and_another_domain_change_nothing() {
        let address = render_reply_address("key", &conversation(2), "Hello+web@larkspur.example");
        let upper = format!("<{}>", address.to_ascii_uppercase());
        assert_eq!(parse_reply_address("key", &upper), Some(conversation(2)));
        let forwarded = address.replace("larkspur.example", "relay.example");
        assert_eq!(parse_reply_address("key", &forwarded), Some(conversation(2)));
    }

    #[test]
    fn a_tag_is_no_part_of_the_mailbox() {
        assert_eq!(without_tag("hello+x@shop.example"), "hello@shop.example");
        assert_eq!(without_tag("Hello+x+y@shop.example"), "Hello@shop.example");
        assert_eq!(without_tag("hello@shop.example"), "hello@shop.example");
        assert_eq!(without_tag("hello@shop+x.example"), "hello@shop+x.example", "a domain has none");
        assert_eq!(without_tag("+14155552671"), "+14155552671", "no mailbox");
    }

    #[test]
    fn a_forged_truncated_or_foreign_token_names_nothing() {
        let address = render_reply_address("key", &conversation(3), "hello@larkspur.example");
        assert_eq!(parse_reply_address("other", &address), None, "another key");
        let other = render_reply_address("key", &conversation(4), "hello@larkspur.example");
        let (mine, theirs) = (address.split('@').next().unwrap(), other.split('@').next().unwrap());
        let spliced = format!("{}{}@x", &theirs[..theirs.len() - 16], &mine[mine.len() - 16..]);
        assert_eq!(parse_reply_address("key", &spliced), None, "one conversation's tag on another's id");
        for cut in 0..mine.len() {
            assert_eq!(parse_reply_address("key", &format!("{}@x", &mine[..cut])), None, "cut at {cut}");
        }
    }

    proptest! {
        #[test]
        fn any_address_is_judged_without_a_panic(address in ".{0,120}", token in "[a-z0-9.+_]{0,60}") {
            prop_assert_eq!(parse_reply_address("key", &address), None);
            prop_assert_eq!(parse_reply_address("key", &format!("hello+r.{token}@x")), None);
        }

        #[test]
        fn a_changed_character_breaks_the_token(seed: u64, at in 8_usize..50) {
            let address = render_reply_address("key", &conversation(seed), "hello@larkspur.example");
            let mut bytes = address.into_bytes();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            prop_assert_eq!(parse_reply_address("key", &String::from_utf8(bytes).unwrap()), None);
        }
    }
}
