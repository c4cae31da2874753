//! What a line itself needs: openers, keyword answers, email frames, notices.

use super::Lang;
use crate::channel::Channel;

/// The first text message to a contact: who is texting, and how to stop (CTIA Messaging Principles: program name,
/// frequency, rates, HELP and STOP).
pub fn sms_opener(lang: Lang, assistant: &str, site: &str) -> String {
    match lang {
        Lang::En => format!(
            "{assistant} here, the AI assistant of {site}, by text as you asked. Msg frequency varies. Msg & data rates may \
             apply. Reply STOP to end, HELP for help."
        ),
        Lang::Es => format!(
            "Soy {assistant}, asistente de IA de {site}, por SMS como pidió. La frecuencia varía. Pueden aplicarse tarifas. \
             Responda STOP para terminar, HELP para ayuda."
        ),
    }
}

/// What is sent on a channel, as a thing one gets or does not get.
const fn messages(lang: Lang, channel: Channel) -> &'static str {
    match (lang, channel) {
        (Lang::En, Channel::Sms) => "texts",
        (Lang::Es, Channel::Sms) => "mensajes de texto",
        (Lang::En, Channel::Email) => "emails",
        (Lang::Es, Channel::Email) => "correos",
        (Lang::En, Channel::Messenger) => "Messenger messages",
        (Lang::Es, Channel::Messenger) => "mensajes de Messenger",
        (Lang::En, Channel::Instagram) => "Instagram messages",
        (Lang::Es, Channel::Instagram) => "mensajes de Instagram",
        (Lang::En, Channel::Widget) => "messages",
        (Lang::Es, Channel::Widget) => "mensajes",
    }
}

/// The names in a row: commas between them, and `last` before the last.
fn listed(names: &[&str], last: &str) -> String {
    match names.split_last() {
        Some((name, before)) if !before.is_empty() => [&before.join(", "), last, name].concat(),
        _ => names.concat(),
    }
}

/// The one confirmation of an opt-out (47 CFR 64.1200(a)(12): within five minutes, no marketing), for the line `on`;
/// `stopped` are the channels on which nothing more is sent. How to take it back is told where that can be done by an
/// answer: START lifts the opt-out of the line it is written on, and of no other.
pub fn stop_confirmation(lang: Lang, site: &str, on: Channel, stopped: &[Channel]) -> String {
    let names: Vec<&str> = stopped.iter().map(|channel| messages(lang, *channel)).collect();
    let (own, alone) = (messages(lang, on), stopped.len() == 1);
    let hint = match lang {
        _ if !stopped.contains(&on) => String::new(),
        Lang::En => format!(" Reply START to get {} again.", if alone { "them" } else { own }),
        Lang::Es if alone => " Responda START para recibirlos de nuevo.".to_owned(),
        Lang::Es => format!(" Responda START para recibir {own} de nuevo."),
    };
    match lang {
        Lang::En => {
            format!("{site}: you are unsubscribed and will get no more {}.{hint}", listed(&names, " or "))
        }
        Lang::Es => format!("{site}: no recibirá más {}.{hint}", listed(&names, " ni ")),
    }
}

/// The answer to START on the line `on`.
pub fn start_confirmation(lang: Lang, site: &str, on: Channel) -> String {
    let messages = messages(lang, on);
    match (lang, on) {
        (Lang::En, Channel::Sms) => format!(
            "{site}: you will get {messages} again. Msg frequency varies. Reply STOP to end, HELP for help."
        ),
        (Lang::En, _) => format!("{site}: you will get {messages} again. Reply STOP to end."),
        (Lang::Es, Channel::Sms) => format!(
            "{site}: volverá a recibir {messages}. La frecuencia varía. Responda STOP para terminar, HELP para ayuda."
        ),
        (Lang::Es, _) => format!("{site}: volverá a recibir {messages}. Responda STOP para terminar."),
    }
}

/// The text after HELP; `contact` is a phone number or address where a person is reached.
pub fn help(lang: Lang, site: &str, contact: &str) -> String {
    match lang {
        Lang::En => format!(
            "{site}: questions? Write here or call {contact}. Msg & data rates may apply. \
             Reply STOP to end."
        ),
        Lang::Es => format!(
            "{site}: ¿preguntas? Escriba aquí o llame al {contact}. Pueden aplicarse tarifas. Responda STOP para terminar."
        ),
    }
}

/// An email's first line, by the first name.
pub fn salutation(lang: Lang, name: Option<&str>) -> String {
    let first = name.and_then(|name| name.split_whitespace().next());
    match (lang, first) {
        (Lang::En, Some(name)) => format!("Hi {name},"),
        (Lang::En, None) => "Hi,".to_owned(),
        (Lang::Es, Some(name)) => format!("Hola, {name}:"),
        (Lang::Es, None) => "Hola:".to_owned(),
    }
}

/// An assistant's email ends with this.
pub fn sign_off(lang: Lang, assistant: &str, site: &str) -> String {
    match lang {
        Lang::En => format!("{assistant}, AI assistant\n{site}"),
        Lang::Es => format!("{assistant}, asistente de IA\n{site}"),
    }
}

/// The subject of a new thread; `topic` is a heading or a few words of the contact's, where there are any.
pub fn subject(lang: Lang, site: &str, topic: Option<&str>) -> String {
    match (lang, topic) {
        (_, Some(topic)) => format!("{topic} – {site}"),
        (Lang::En, None) => format!("Your question to {site}"),
        (Lang::Es, None) => format!("Su pregunta a {site}"),
    }
}

/// The line above quoted history: "On Tuesday, 24 November 2026 at 9:12, Maria wrote:"; `when` is
/// [`crate::calendar::local_date_time`].
pub fn quote_intro(lang: Lang, when: &str, who: &str) -> String {
    match lang {
        Lang::En => format!("On {when}, {who} wrote:"),
        Lang::Es => format!("El {when}, {who} escribió:"),
    }
}

/// The notice that a person was told; `when` is [`crate::calendar::promised_sentence`].
pub fn called(lang: Lang, when: &str) -> String {
    match lang {
        Lang::En => format!("A person has been told. {when}"),
        Lang::Es => format!("Hemos avisado a una persona. {when}"),
    }
}

/// The notice where the conversation goes on elsewhere.
pub fn continued(lang: Lang, masked: &str) -> String {
    match lang {
        Lang::En => format!("The conversation goes on at {masked}. You can write here as well."),
        Lang::Es => format!("La conversación sigue en {masked}. También puede escribir aquí."),
    }
}

/// What a visitor did by sending a consent card, as a line on their thread.
pub fn asked_to_continue(lang: Lang, masked: &str) -> String {
    match lang {
        Lang::En => format!("Please continue at {masked}."),
        Lang::Es => format!("Sigamos en {masked}, por favor."),
    }
}

/// Whether a contact's message is [`asked_to_continue`]: written by the card, not by them.
pub fn is_asked_to_continue(text: &str) -> bool {
    Lang::ALL.into_iter().any(|lang| {
        let whole = asked_to_continue(lang, "\0");
        let (before, after) = whole.split_once('\0').unwrap_or((&whole, ""));
        let masked = text.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        masked.is_some_and(|masked| masked.contains('•'))
    })
}

/// How to stop, at the end of a marketing text (CTIA Messaging Principles 5.1).
pub const fn how_to_stop(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Reply STOP to end.",
        Lang::Es => "Responda STOP para terminar.",
    }
}

/// Whether a text says how to stop, as every language here says it.
pub fn says_stop(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "STOP")
}

/// The notice where the conversation may not go on elsewhere; `rule` is the rule that held it.
pub fn not_continued(lang: Lang, masked: &str, rule: &str) -> String {
    match (lang, rule) {
        (_, "revocation.opted_out") => super::limits::opted_out(lang).to_owned(),
        (_, "limit.first_again") => super::limits::first_again(lang, masked),
        (_, "limit.addresses") => super::limits::too_many_addresses(lang).to_owned(),
        (_, "limit.site_first") => super::limits::first_messages_used_up(lang, masked),
        (Lang::En, _) => format!("We can't write to {masked}. You can go on here, or give another address."),
        (Lang::Es, _) => {
            format!("No podemos escribir a {masked}. Puede seguir aquí o darnos otra dirección.")
        }
    }
}
