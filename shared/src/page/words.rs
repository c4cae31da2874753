//! Stored words in plain ones.

use crate::{
    channel::Channel,
    consent::Basis,
    contact::{Address, AddressKind, Assurance},
    delivery::{Billed, Purpose},
    message::DeliveryState,
    wire::Offer,
};

/// A channel's name.
pub(crate) const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Widget => "Web chat",
        Channel::Sms => "Text message",
        Channel::Email => "Email",
        Channel::Messenger => "Messenger",
        Channel::Instagram => "Instagram",
    }
}

/// A line of a phone, as its owner calls it.
pub(crate) const fn line(on: Channel) -> &'static str {
    match on {
        Channel::Sms => "Texts",
        other => channel(other),
    }
}

/// What is allowed or taken back: "agreed to …".
pub(crate) const fn messages_on(channel: Channel) -> &'static str {
    match channel {
        Channel::Widget => "chat messages",
        Channel::Sms => "text messages",
        Channel::Email => "emails",
        Channel::Messenger => "Messenger messages",
        Channel::Instagram => "Instagram messages",
    }
}

/// What a consent is about: "text messages", "marketing by email".
pub(crate) fn consented(channel: Channel, purpose: Option<Purpose>) -> String {
    let what = match purpose {
        None => return messages_on(channel).to_owned(),
        Some(Purpose::Reminder) => "reminders",
        Some(named) => self::purpose(named),
    };
    format!("{what} by {}", self::channel(channel).to_lowercase())
}

/// How well an address is proven.
pub(crate) const fn assurance(level: Assurance) -> &'static str {
    match level {
        Assurance::Anonymous => "nobody said who this is",
        Assurance::Claimed => "claimed: somebody typed it",
        Assurance::Possessed => "proven: answered from it",
        Assurance::Signed => "vouched for by the site",
    }
}

/// How a consent was said.
pub(crate) const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Card => "sent the card in the chat",
        Basis::Form => "ticked a box in a form",
        Basis::Asked => "asked in their own words",
        Basis::Keyword => "sent a keyword",
        Basis::Words => "said so in their own words",
        Basis::Carrier => "told the carrier",
        Basis::Told => "told somebody of the team",
        Basis::Link => "pressed the button behind the link that was sent there",
        Basis::Reassigned => "somebody of the team noted it",
        Basis::Unsubscribe => "used the link in a mail",
    }
}

/// How far a delivery has come.
pub(crate) const fn delivery(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Pending => "Waiting to be sent",
        DeliveryState::Sending => "Being sent",
        DeliveryState::Sent => "Sent",
        DeliveryState::Delivered => "Delivered",
        DeliveryState::Read => "Read",
        DeliveryState::Wedged => "Not delivered",
        DeliveryState::Cancelled => "Withdrawn",
    }
}

/// What a text message is billed as: "2 segments, GSM-7".
pub(crate) fn billed(billed: Billed) -> String {
    let Billed { encoding, segments } = billed;
    let unit = if segments == 1 { "segment" } else { "segments" };
    format!("{segments} {unit}, {}", encoding.name())
}

/// A card under an answer.
pub(crate) const fn offer(offer: &Offer) -> &'static str {
    match offer {
        Offer::ContinueBySms => "continue by text",
        Offer::ContinueByEmail => "continue by email",
        Offer::Person => "talk to a person",
        Offer::Times { .. } => "times to choose from",
        Offer::Booked { .. } => "the appointment",
    }
}

/// Why a person was called.
pub(crate) fn handoff(reason: &str) -> &str {
    match reason {
        "asked" => "the contact asked for one",
        "unsure" => "the assistant did not know the answer",
        "anger" => "the contact sounded angry",
        "abuse" => "the contact was abusive",
        "sequence" => "a sequence asks for it",
        "topic" => "they speak of something that is left to people",
        "failed" => "what the assistant tried did not work",
        "vip" => "they have a tag that a person is called for",
        other => other,
    }
}

/// Why the configured assistant did not write an answer.
pub(crate) fn fallback(reason: &str) -> &str {
    match reason {
        "slow" => "the model was too slow",
        "failed" => "the model failed",
        "over_limit" => "the model's limit was reached",
        other => other,
    }
}

/// Why a message was to be sent.
pub(crate) const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Reply => "an answer",
        Purpose::Move => "the first message on a new line",
        Purpose::OptOutReply => "the confirmation of an opt-out or opt-in",
        Purpose::Transactional => "what they need for something they did",
        Purpose::Reminder => "a reminder",
        Purpose::Marketing => "marketing",
    }
}

/// A code such as `hard_bounce` as words.
pub(crate) fn code(stored: &str) -> String {
    stored.replace('_', " ")
}

/// An address to read: a North American number in its groups, a visitor by the end of their id.
pub(crate) fn address(address: &Address) -> String {
    match address.kind {
        AddressKind::Phone => phone(&address.text),
        AddressKind::Visitor => visitor(&address.text),
        // Before the colon stands the page that knows them by this id.
        AddressKind::Messenger | AddressKind::Instagram => {
            address.text.rsplit(':').next().unwrap_or(&address.text).to_owned()
        }
        AddressKind::Email => address.text.clone(),
    }
}

/// `+1 415 555 2671`; other countries as they are.
pub(crate) fn phone(e164: &str) -> String {
    match e164.strip_prefix("+1") {
        Some(rest) if rest.len() == 10 && rest.bytes().all(|b| b.is_ascii_digit()) => {
            format!("+1 {} {} {}", &rest[..3], &rest[3..6], &rest[6..])
        }
        _ => e164.to_owned(),
    }
}

/// "Visitor 9kx2": the end of an id tells two of them apart.
pub(crate) fn visitor(id: &str) -> String {
    let length = id.chars().count();
    let tail: String = id.chars().skip(length.saturating_sub(4)).collect();
    format!("Visitor {tail}")
}

/// Up to two letters for a portrait: `ML`; `?` where there are none.
pub(crate) fn initials(name: &str) -> String {
    let letters: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .filter(|c| c.is_alphabetic())
        .take(2)
        .collect();
    if letters.is_empty() { "?".to_owned() } else { letters.to_uppercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_shown_as_people_write_them() {
        assert_eq!(phone("+14155552671"), "+1 415 555 2671");
        assert_eq!(phone("+4930901820"), "+4930901820");
        assert_eq!(phone("+1é55552671"), "+1é55552671");
        assert_eq!(visitor("vis_01hzzz9kx2"), "Visitor 9kx2");
        assert_eq!(initials("Maria Lopez"), "ML");
        assert_eq!(initials("+1 415"), "?");
    }
}
