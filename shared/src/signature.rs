//! Keyed hashes: what webhooks are checked with, and what our own tokens are sealed with.
//!
//! Every comparison of a secret-derived value goes through [`same`], which takes the same time wherever the bytes
//! differ. Nothing here knows a provider: each codec composes these in its own way.
//!
//! Sources: HMAC is RFC 2104 (its section 5 allows truncation to no less than half the hash and no less than 80 bits),
//! base64url is RFC 4648 section 5 without padding.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Bytes of the hash kept in a token of [`seal`]: 128 bits.
const TOKEN_TAG_BYTES: usize = 16;

/// The block of both hashes, in bytes: an HMAC key is padded to it.
const BLOCK_BYTES: usize = 64;

/// HMAC-SHA1 of the pieces, one after the other, as 20 bytes.
pub fn hmac_sha1(key: &[u8], pieces: &[&[u8]]) -> [u8; 20] {
    let mut mac = Hmac::<Sha1>::new(&block::<Sha1>(key).into());
    for piece in pieces {
        mac.update(piece);
    }
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA256 of the pieces, one after the other, as 32 bytes.
pub fn hmac_sha256(key: &[u8], pieces: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new(&block::<Sha256>(key).into());
    for piece in pieces {
        mac.update(piece);
    }
    mac.finalize().into_bytes().into()
}

/// SHA-256, as 32 bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Standard base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// A signed token, `<base64url payload>.<base64url tag>`: readable by anyone, forged by nobody without the key.
///
/// `purpose` keeps tokens of one kind from being taken for another kind's under the same key.
pub fn seal(key: &str, purpose: &str, payload: &[u8]) -> String {
    let tag = tag(key, purpose, payload);
    format!("{}.{}", URL_SAFE_NO_PAD.encode(payload), URL_SAFE_NO_PAD.encode(&tag[..TOKEN_TAG_BYTES]))
}

/// The payload of a token that [`seal`] made with this key and purpose; `None` for anything else.
pub fn open(key: &str, purpose: &str, token: &str) -> Option<Vec<u8>> {
    let (payload, claimed) = token.split_once('.')?;
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claimed = URL_SAFE_NO_PAD.decode(claimed).ok()?;
    let tag = tag(key, purpose, &payload);
    same(&tag[..TOKEN_TAG_BYTES], &claimed).then_some(payload)
}

/// A key as RFC 2104 section 2 wants it: hashed where it is longer than a block, then padded with zeros.
fn block<D: Digest>(key: &[u8]) -> [u8; BLOCK_BYTES] {
    let hashed = (key.len() > BLOCK_BYTES).then(|| D::digest(key));
    let key = hashed.as_deref().unwrap_or(key);
    let mut block = [0; BLOCK_BYTES];
    block[..key.len()].copy_from_slice(key);
    block
}

fn tag(key: &str, purpose: &str, payload: &[u8]) -> [u8; 32] {
    let length = u64::try_from(purpose.len()).unwrap_or(u64::MAX).to_be_bytes();
    hmac_sha256(key.as_bytes(), &[&length, purpose.as_bytes(), payload])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_hashes_agree_with_the_rfcs_test_cases() {
        // RFC 2202 section 3, case 2, and RFC 4231 section 4.3.
        let (key, text) = (b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&hmac_sha1(key, &[text])), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(
            hex(&hmac_sha256(key, &[&text[..9], &text[9..]])),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        // RFC 4231 section 4.7: a key longer than the block.
        assert_eq!(
            hex(&hmac_sha256(&[0xaa; 131], &[b"Test Using Larger Than Block-Size Key - Hash Key First"])),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
        assert_eq!(hex(&sha256(b"{}")), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }

    #[test]
    fn the_format_of_a_sealed_token_does_not_change() {
        assert_eq!(seal("key", "visitor", b"vis_1"), "dmlzXzE.OE-ST9YG3_IVLMvVb6BHXQ");
    }

    #[test]
    fn a_token_of_one_purpose_or_key_does_not_open_as_another() {
        let token = seal("key", "visitor", b"vis_1");
        assert_eq!(open("key", "reply", &token), None);
        assert_eq!(open("yek", "visitor", &token), None);
        assert_eq!(open("key", "visitor", &token.to_ascii_uppercase()), None);
        let (payload, _) = token.split_once('.').unwrap();
        assert_eq!(open("key", "visitor", &format!("{payload}.")), None, "an empty tag proves nothing");
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens_and_a_changed_byte_does_not(
            key in ".{0,80}", payload in prop::collection::vec(any::<u8>(), 0..80), at in any::<prop::sample::Index>(),
        ) {
            let token = seal(&key, "test", &payload);
            prop_assert_eq!(open(&key, "test", &token), Some(payload));
            let mut changed = token.into_bytes();
            let index = at.index(changed.len());
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            prop_assert_eq!(open(&key, "test", &String::from_utf8(changed).unwrap()), None);
        }

        #[test]
        fn any_text_is_judged_without_a_panic(key in ".{0,8}", text in ".{0,200}") {
            prop_assert_eq!(open(&key, "test", &text), None);
        }
    }
}
