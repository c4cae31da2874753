//! Signed reply addresses: `hello@larkspur.example` becomes `hello+r.<token>@larkspur.example`.
//!
//! The token is the conversation id without its prefix (26 characters when minted) and 16 characters of Crockford base 32:
//! the first 80 bits of an HMAC-SHA256 over the id and the mailbox the address is given to, the least that RFC 2104
//! section 5 allows. All of it is lower case and read in any case, because mail systems change the case of local parts.
//! With a minted id a mailbox of up to 19 characters fits the 64 bytes of a local part (RFC 5321 section 4.5.3.1.1).
//!
//! The mailbox goes into the hash and not into the token: there is no room for it, and whoever reads a mail has its sender
//! to try. From the mailbox it was given to, the address proves that mailbox. From any other (the mail was forwarded, the
//! tag is made up) it still names the conversation, and proves nothing: as a `Message-ID` does, which holds the same id.
//! Whether the sender may speak there is decided by whoever resolves the contact.

use crate::{id::ConversationId, message::ThreadRef, signature};

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

/// The address that a reply of `theirs`, the contact's mailbox, to this conversation goes to; `mailbox` is ours. Where the
/// token does not fit the local part our mailbox itself comes back: the thread is then found by `In-Reply-To` alone.
pub fn render_reply_address(key: &str, conversation: &ConversationId, mailbox: &str, theirs: &str) -> String {
    let Some((local, domain)) = mailbox.rsplit_once('@') else { return mailbox.to_owned() };
    let id = conversation.as_str();
    let name = id.get(ConversationId::PREFIX.len() + 1..).unwrap_or(id);
    let signed = format!("{local}{MARK}{name}{}", tag(key, conversation, theirs));
    if signed.len() > MAX_LOCAL_BYTES { mailbox.to_owned() } else { format!("{signed}@{domain}") }
}

/// What an address of [`render_reply_address`]'s form says when `sender` writes to it, in any case and in angle brackets or
/// not: [`ThreadRef::Token`] where it was made for that very mailbox with this key, else [`ThreadRef::Named`]; `None` for
/// anything else. The comparison takes the same time wherever the tag differs.
pub fn parse_reply_address(key: &str, address: &str, sender: &str) -> Option<ThreadRef> {
    let (local, _) = address.trim_matches(['<', '>', ' ']).rsplit_once('@')?;
    if local.len() > MAX_LOCAL_BYTES || !local.is_ascii() {
        return None;
    }
    let local = local.to_ascii_lowercase();
    let (_, token) = local.rsplit_once(MARK)?;
    let (name, claimed) = token.split_at_checked(token.len().checked_sub(TAG_CHARS as usize)?)?;
    let conversation = ConversationId::parse(&format!("{}_{name}", ConversationId::PREFIX)).ok()?;
    let own = signature::same(tag(key, &conversation, sender).as_bytes(), claimed.as_bytes());
    Some(if own { ThreadRef::Token(conversation) } else { ThreadRef::Named(conversation) })
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

fn tag(key: &str, conversation: &ConversationId, theirs: &str) -> String {
    let theirs = theirs.trim().to_lowercase();
    // An id holds no zero byte, so no other pair of id and mailbox gives the same bytes.
    let pieces = [DOMAIN, conversation.as_str().as_bytes(), b"\0", theirs.as_bytes()];
    let mac = signature::hmac_sha256(key.as_bytes(), &pieces);
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

    const MARIA: &str = "maria@lopez.example";

    fn address(seed: u64) -> String {
        render_reply_address("key", &conversation(seed), "hello@larkspur.example", MARIA)
    }

    fn token(seed: u64) -> ThreadRef {
        ThreadRef::Token(conversation(seed))
    }

    fn named(seed: u64) -> ThreadRef {
        ThreadRef::Named(conversation(seed))
    }

    #[test]
    fn the_format_of_a_reply_address_does_not_change() {
        let named = ConversationId::parse("cnv_1").unwrap();
        let address = render_reply_address("key", &named, "hello@larkspur.example", MARIA);
        assert_eq!(address, "hello+r.1a75spt1qzhqjs78h@larkspur.example");
    }

    #[test]
    fn a_minted_id_fits_a_local_part_beside_a_mailbox_of_nineteen_characters() {
        let of = |mailbox| render_reply_address("key", &conversation(1), mailbox, MARIA);
        let address = of("appointments-berlin@a.example");
        let (local, _) = address.rsplit_once('@').unwrap();
        assert_eq!(local.len(), MAX_LOCAL_BYTES);
        assert_eq!(parse_reply_address("key", &address, MARIA), Some(token(1)));
        let long = "appointments-hamburg@a.example";
        assert_eq!(of(long), long, "no room: the plain mailbox");
    }

    #[test]
    fn capitals_brackets_and_another_domain_change_nothing() {
        let plain = render_reply_address("key", &conversation(2), "Hello+web@larkspur.example", MARIA);
        let upper = format!("<{}>", plain.to_ascii_uppercase());
        assert_eq!(parse_reply_address("key", &upper, "Maria@Lopez.example"), Some(token(2)));
        let forwarded = plain.replace("larkspur.example", "relay.example");
        assert_eq!(parse_reply_address("key", &forwarded, MARIA), Some(token(2)));
    }

    #[test]
    fn only_the_mailbox_it_was_given_to_is_proven() {
        for other in ["maria@work.example", "maria+shop@lopez.example", "aria@lopez.example", ""] {
            assert_eq!(parse_reply_address("key", &address(3), other), Some(named(3)), "{other:?}");
        }
    }

    #[test]
    fn a_forged_truncated_or_foreign_token_proves_nothing() {
        assert_eq!(parse_reply_address("other", &address(3), MARIA), Some(named(3)), "another key");
        let (mine, theirs) = (address(3), address(4));
        let (mine, theirs) = (mine.split('@').next().unwrap(), theirs.split('@').next().unwrap());
        let spliced = format!("{}{}@x", &theirs[..theirs.len() - 16], &mine[mine.len() - 16..]);
        assert_eq!(
            parse_reply_address("key", &spliced, MARIA),
            Some(named(4)),
            "one conversation's tag on another's"
        );
        for cut in 0..mine.len() {
            let read = parse_reply_address("key", &format!("{}@x", &mine[..cut]), MARIA);
            assert!(!matches!(read, Some(ThreadRef::Token(_))), "cut at {cut}: {read:?}");
        }
    }

    #[test]
    fn a_tag_is_no_part_of_the_mailbox() {
        assert_eq!(without_tag("hello+x@shop.example"), "hello@shop.example");
        assert_eq!(without_tag("Hello+x+y@shop.example"), "Hello@shop.example");
        assert_eq!(without_tag("hello@shop.example"), "hello@shop.example");
        assert_eq!(without_tag("hello@shop+x.example"), "hello@shop+x.example", "a domain has none");
        assert_eq!(without_tag("+14155552671"), "+14155552671", "no mailbox");
    }

    proptest! {
        #[test]
        fn any_address_is_judged_without_a_panic(address in ".{0,120}", token in "[a-z0-9.+_]{0,60}", from in ".{0,30}") {
            prop_assert_eq!(parse_reply_address("key", &address, &from), None);
            let read = parse_reply_address("key", &format!("hello+r.{token}@x"), &from);
            prop_assert!(!matches!(read, Some(ThreadRef::Token(_))));
        }

        #[test]
        fn a_changed_character_breaks_the_token(seed: u64, at in 8_usize..50) {
            let mut bytes = address(seed).into_bytes();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            let read = parse_reply_address("key", &String::from_utf8(bytes).unwrap(), MARIA);
            prop_assert!(!matches!(read, Some(ThreadRef::Token(_))));
        }
    }
}
