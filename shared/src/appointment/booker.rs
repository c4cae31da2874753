//! Who books on the booking page: what they typed of themselves, read.
//!
//! All of it is claimed, none of it proven: it says where a confirmation goes, and unlocks nothing.

use crate::{contact::Address, identity};

/// The longest name taken, in characters.
pub const MAX_NAME_CHARS: usize = 80;

/// What somebody typed of themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Booker {
    /// What they are called.
    pub name: String,
    /// Where the confirmation goes.
    pub email: String,
    /// Where they can be called; empty where they gave none.
    pub phone: String,
}

/// The same, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What they are called: on one line, 1 to [`MAX_NAME_CHARS`] characters.
    pub name: String,
    /// The mailbox.
    pub email: Address,
    /// The number.
    pub phone: Option<Address>,
}

/// A field of the page's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The time.
    Start,
    /// The name.
    Name,
    /// The mailbox.
    Email,
    /// The number.
    Phone,
    /// The note.
    Note,
}

impl Field {
    /// The field's name in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Note => "note",
        }
    }

    /// The code of a refusal because of it, in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Start => "bad_start",
            Self::Name => "bad_name",
            Self::Email => "bad_email",
            Self::Phone => "bad_phone",
            Self::Note => "long_note",
        }
    }
}

impl Booker {
    /// Reads it for a site that is at home in `region` (ISO 3166); else every field that cannot be taken.
    pub fn read(&self, region: &str) -> Result<Read, Vec<Field>> {
        let name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        let fits =
            !name.is_empty() && name.chars().count() <= MAX_NAME_CHARS && !name.chars().any(char::is_control);
        let email = identity::parse_email(&self.email);
        let phone = match self.phone.trim() {
            "" => Ok(None),
            text => identity::parse_phone(text, region).map(Some),
        };
        let wrong: Vec<Field> =
            [(Field::Name, !fits), (Field::Email, email.is_err()), (Field::Phone, phone.is_err())]
                .into_iter()
                .filter_map(|(field, is_wrong)| is_wrong.then_some(field))
                .collect();
        match (email, phone) {
            (Ok(email), Ok(phone)) if wrong.is_empty() => Ok(Read { name, email, phone }),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, email: &str, phone: &str) -> Result<Read, Vec<Field>> {
        Booker { name: name.into(), email: email.into(), phone: phone.into() }.read("US")
    }

    #[test]
    fn what_was_typed_is_read_into_its_normal_form() {
        let ana = read("  Ana\n María ", " Ana@Example.com ", "(415) 555-2671").unwrap();
        assert_eq!((ana.name.as_str(), ana.email.text.as_str()), ("Ana María", "Ana@example.com"));
        assert_eq!(ana.phone.unwrap().text, "+14155552671");
        assert_eq!(read("Ana", "a@b.example", " ").unwrap().phone, None);
    }

    #[test]
    fn every_field_that_cannot_be_taken_is_named() {
        assert_eq!(read(" ", "x", "12"), Err(vec![Field::Name, Field::Email, Field::Phone]));
        assert_eq!(read(&"a".repeat(81), "a@b.example", ""), Err(vec![Field::Name]));
        assert_eq!(read("A\u{7}", "a@b.example", ""), Err(vec![Field::Name]));
    }
}
