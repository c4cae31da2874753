//! Addresses: reading what people type and what providers send into one normal form, and showing as little of it as a
//! notice or a log needs.
//!
//! Equality of two [`Address`]es under [`key`] is the only ground on which anything may be joined: dots and plus tags of
//! a mailbox are kept, because only its owner's provider knows whether they matter.
//!
//! What it does not do: it proves nothing. That an address is well formed says nothing of who typed it.

use crate::contact::{Address, AddressKind};

mod email;
mod person;
mod phone;

pub use email::{find_email, parse_email};
pub use person::{parse_person, person_of_page};
pub use phone::{find_phone, parse_inbound_phone, parse_phone};

/// A text that cannot be written to; each displays as one sentence that is safe to show and says what to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Nothing but spaces.
    #[error("the address is empty")]
    Empty,
    /// Longer than any address may be.
    #[error("the address is too long")]
    TooLong,
    /// No phone number can be read from it.
    #[error("this is not a phone number")]
    NotAPhone,
    /// The digits do not make a number that exists in its country; the area or country code may be missing.
    #[error("this phone number is not complete or does not exist: check the area code and country code")]
    NoSuchNumber,
    /// A text message cannot dial an extension, and without it somebody else would get the message.
    #[error("a number with an extension cannot get text messages")]
    Extension,
    /// Not `name@domain`.
    #[error("this is not an email address")]
    NotAnEmail,
    /// The domain has letters outside ASCII; its `xn--` form is accepted.
    #[error("an email domain with accented letters must be given in its `xn--` form")]
    DomainNotAscii,
}

/// What two addresses have in common exactly when they are the same place: an email in lower case, anything else as it
/// is.
///
/// Local parts are case-sensitive by RFC 5321 section 2.4, and in practice nowhere.
pub fn key(address: &Address) -> String {
    match address.kind {
        AddressKind::Email => address.text.to_lowercase(),
        _ => address.text.clone(),
    }
}

/// An address as notices and logs show it: `•••2671`, `m•••@example.com`. Never more than four characters of anything
/// but an email's domain, and nothing of what has fewer than seven.
pub fn mask(address: &Address) -> String {
    const HIDDEN: &str = "•••";
    match (address.kind, address.text.rsplit_once('@')) {
        (AddressKind::Email, Some((local, domain))) => {
            let first = local.chars().next().map(String::from).unwrap_or_default();
            format!("{first}{HIDDEN}@{domain}")
        }
        (AddressKind::Email, None) => HIDDEN.to_owned(),
        _ => {
            let length = address.text.chars().count();
            let shown = if length < 7 || address.text.starts_with("short:") { 0 } else { 4 };
            let tail: String = address.text.chars().skip(length - shown).collect();
            format!("{HIDDEN}{tail}")
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn emails_are_one_whatever_their_case_and_dots_stay() {
        let email = |text: &str| key(&parse_email(text).unwrap());
        assert_eq!(email("Maria.Diaz@Example.COM"), email("maria.diaz@example.com"));
        assert_ne!(email("mariadiaz@example.com"), email("maria.diaz@example.com"));
        assert_ne!(email("maria+shop@example.com"), email("maria@example.com"));
    }

    #[test]
    fn a_mask_shows_just_enough_to_recognise() {
        let of = |kind, text: &str| mask(&Address::new(kind, text));
        assert_eq!(of(AddressKind::Phone, "+14155552671"), "•••2671");
        assert_eq!(of(AddressKind::Email, "maria@example.com"), "m•••@example.com");
        assert_eq!(of(AddressKind::Email, "oddity"), "•••");
        assert_eq!(of(AddressKind::Phone, "short:12345:US"), "•••");
        assert_eq!(of(AddressKind::Messenger, "1234"), "•••");
        assert_eq!(of(AddressKind::Visitor, "vis_01hzzz9kx2"), "•••9kx2");
    }

    proptest! {
        #[test]
        fn any_text_masks_and_keys_without_a_panic(kind in 0..5_usize, text in "\\PC{0,40}") {
            let address = Address::new(AddressKind::ALL[kind], text);
            prop_assert!(mask(&address).contains("•••"));
            let _ = key(&address);
        }
    }
}
