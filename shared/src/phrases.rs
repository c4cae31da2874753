//! Every fixed sentence the product says to contacts, in every language it speaks.
//!
//! One function per sentence: placeholders are arguments, and a language without a sentence does not compile. Nothing
//! here decides whether a sentence is said. A language we do not have is English ([`Lang::of`]). Sentences promise only
//! what is true when they are read: nothing is "sent" before it is.
//!
//! - [`answers`]: what the assistant says in its turns.
//! - [`appointments`]: refusals about appointments.
//! - [`booking_page`]: the pages where appointments are booked, moved and called off.
//! - [`lines`]: what a line itself needs: openers, STOP and START, email frames.
//! - [`limits`]: refusals and ceilings.
//! - [`booking`]: what the assistant says about them.
//! - [`consent`]: the versioned words under the consent cards.
//! - [`forms`]: about forms of a customer's own pages.
//! - [`memory`]: how earlier words are referred to.
//! - [`sign_in`]: how the team comes into the inbox.
//! - [`subscription`]: the last lines of marketing mail, and the page they link to.

pub mod answers;
pub mod appointments;
pub mod booking;
pub mod booking_page;
pub mod confirm;
pub mod consent;
pub mod forms;
mod lang;
pub mod limits;
pub mod lines;
pub mod memory;
pub mod sign_in;
pub mod subscription;

pub use lang::Lang;

use crate::{
    channel::Channel,
    contact::{Address, AddressKind},
    identity,
};

/// "You are talking to an AI": shown before the first word (EU AI Act, Art. 50(1)).
pub fn disclosure(lang: Lang, assistant: &str, site: &str) -> String {
    match lang {
        Lang::En => format!(
            "You are talking to {assistant}, an AI assistant of {site}. You can ask for a person at any time."
        ),
        Lang::Es => format!(
            "Está hablando con {assistant}, asistente de IA de {site}. Puede pedir hablar con una persona cuando quiera."
        ),
    }
}

/// Names for ever the words by which a channel says that an AI speaks: [`disclosure`] and the widget's own label in chat,
/// [`spoken`] elsewhere. New words are a new version.
pub fn disclosure_version(lang: Lang, channel: Channel) -> String {
    format!("ai.{}.{}.1", channel.as_str(), lang.tag())
}

/// The words a [`disclosure_version`] names, with today's names in them. `None` for a version that was never used.
pub fn disclosure_text(version: &str, assistant: &str, site: &str) -> Option<String> {
    let mut parts = version.split('.');
    let (Some("ai"), Some(channel), Some(tag), Some("1"), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let lang = Lang::ALL.into_iter().find(|lang| lang.tag() == tag)?;
    Some(match Channel::parse(channel)? {
        Channel::Widget => disclosure(lang, assistant, site),
        Channel::Email => lines::sign_off(lang, assistant, site),
        Channel::Sms | Channel::Messenger | Channel::Instagram => format!("{}:", label(lang, assistant)),
    })
}

/// The name and nature of the assistant before each of its turns: `Sprocket (AI)`.
pub fn label(lang: Lang, assistant: &str) -> String {
    match lang {
        Lang::En => format!("{assistant} (AI)"),
        Lang::Es => format!("{assistant} (IA)"),
    }
}

/// A whole assistant turn as it goes out on a line, saying that an AI speaks: nothing is added in the widget, which
/// labels every turn itself; email gets a greeting and a sign-off; every other line begins with the [`label`]. Doing it
/// twice changes nothing. `name` is the contact's, where known; an empty text stays empty.
pub fn spoken(
    lang: Lang,
    channel: Channel,
    assistant: &str,
    site: &str,
    name: Option<&str>,
    text: &str,
) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    match channel {
        Channel::Widget => text.to_owned(),
        Channel::Email => {
            let end = lines::sign_off(lang, assistant, site);
            if text.ends_with(&end) {
                text.to_owned()
            } else {
                format!("{}\n\n{text}\n\n{end}", lines::salutation(lang, name))
            }
        }
        Channel::Sms | Channel::Messenger | Channel::Instagram => {
            let start = format!("{}: ", label(lang, assistant));
            if text.starts_with(&start) { text.to_owned() } else { format!("{start}{text}") }
        }
    }
}

/// An address shown to whoever may not see all of it: the last four digits of a number, the first letter and the domain
/// of an email address.
pub fn masked(address: &str) -> String {
    let address = if address.contains('@') {
        Address::new(AddressKind::Email, address)
    } else {
        let digits: String = address.chars().filter(char::is_ascii_digit).collect();
        Address::new(AddressKind::Phone, digits)
    };
    identity::mask(&address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_turn_says_that_an_ai_speaks_and_only_once() {
        let say =
            |channel, text: &str| spoken(Lang::En, channel, "Sprocket", "Larkspur", Some("Maria"), text);
        assert_eq!(say(Channel::Widget, "Hello."), "Hello.");
        assert_eq!(say(Channel::Sms, "Hello."), "Sprocket (AI): Hello.");
        assert_eq!(say(Channel::Email, "Hello."), "Hi Maria,\n\nHello.\n\nSprocket, AI assistant\nLarkspur");
        for channel in Channel::ALL {
            let once = say(channel, "Hello.");
            assert_eq!(say(channel, &once), once);
            assert_eq!(say(channel, "  "), "");
        }
    }

    #[test]
    fn every_version_of_a_disclosure_has_its_words() {
        for lang in Lang::ALL {
            for channel in Channel::ALL {
                let version = disclosure_version(lang, channel);
                let words = disclosure_text(&version, "Sprocket", "Larkspur").unwrap();
                assert!(
                    words.contains("Sprocket") && (words.contains("AI") || words.contains("IA")),
                    "{words}"
                );
            }
        }
        for unknown in ["", "ai.sms.en", "ai.sms.en.2", "ai.sms.fr.1", "ai.fax.en.1", "ai.sms.en.1.1"] {
            assert_eq!(disclosure_text(unknown, "Sprocket", "Larkspur"), None, "{unknown}");
        }
    }

    #[test]
    fn an_address_keeps_its_secret() {
        assert_eq!(masked("+14155552671"), "•••2671");
        assert_eq!(masked("maria@example.com"), "m•••@example.com");
        assert_eq!(masked("12345"), "•••");
    }
}
