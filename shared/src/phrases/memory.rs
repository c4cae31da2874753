//! How earlier words are referred to: right verb per line, right day.

use super::Lang;
use crate::channel::Channel;

/// "When we texted on Tuesday, you asked about the tune-up." `day` is [`crate::calendar::relative_day`], `topic` the
/// contact's own words or a heading.
pub fn recall(lang: Lang, channel: Channel, day: &str, topic: &str) -> String {
    let verb = talked(lang, channel);
    match lang {
        Lang::En => format!("When we {verb} {day}, you asked about {topic}."),
        Lang::Es => format!("Cuando {verb} {day}, preguntó por {topic}."),
    }
}

/// "chatted", "texted", "emailed": what we did on a line.
pub const fn talked(lang: Lang, channel: Channel) -> &'static str {
    match (lang, channel) {
        (Lang::En, Channel::Widget) => "chatted",
        (Lang::En, Channel::Sms) => "texted",
        (Lang::En, Channel::Email) => "emailed",
        (Lang::En, Channel::Messenger) => "talked on Messenger",
        (Lang::En, Channel::Instagram) => "talked on Instagram",
        (Lang::Es, Channel::Widget) => "chateamos",
        (Lang::Es, Channel::Sms) => "hablamos por mensaje de texto",
        (Lang::Es, Channel::Email) => "hablamos por correo",
        (Lang::Es, Channel::Messenger) => "hablamos por Messenger",
        (Lang::Es, Channel::Instagram) => "hablamos por Instagram",
    }
}

/// What was said before, repeated: "In our chat on Tuesday I wrote: …".
pub fn said(lang: Lang, channel: Channel, day: &str, text: &str) -> String {
    match lang {
        Lang::En => format!("When we {} {day}, I wrote: “{text}”", talked(lang, channel)),
        Lang::Es => format!("Cuando {} {day}, le escribí: «{text}»", talked(lang, channel)),
    }
}

/// What a person of the team said before.
pub fn said_by(lang: Lang, channel: Channel, day: &str, person: &str, text: &str) -> String {
    match lang {
        Lang::En => format!("When we {} {day}, {person} wrote: “{text}”", talked(lang, channel)),
        Lang::Es => format!("Cuando {} {day}, {person} le escribió: «{text}»", talked(lang, channel)),
    }
}

/// Nothing to recall on this line. Says nothing about whether anything was said elsewhere.
pub const fn nothing_recalled(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "I can't see anything about that here.",
        Lang::Es => "Aquí no veo nada sobre eso.",
    }
}

/// The name of a source that is an earlier message: "your text message of Tuesday"; `day` without its preposition.
pub fn source_title(lang: Lang, channel: Channel, theirs: bool, day: &str) -> String {
    let what = match (lang, channel) {
        (Lang::En, Channel::Sms) => "text message",
        (Lang::En, Channel::Email) => "email",
        (Lang::En, Channel::Widget) => "chat message",
        (Lang::En, Channel::Messenger | Channel::Instagram) => "message",
        (Lang::Es, Channel::Email) => "correo",
        (Lang::Es, _) => "mensaje",
    };
    match (lang, theirs) {
        (Lang::En, true) => format!("your {what}, {day}"),
        (Lang::En, false) => format!("our {what}, {day}"),
        (Lang::Es, true) => format!("su {what}, {day}"),
        (Lang::Es, false) => format!("nuestro {what}, {day}"),
    }
}

/// A price is named to someone who found it too much before: "Last time, in May, you felt $140 was a lot." `when` has its
/// preposition; without an amount their own words are quoted.
pub fn objection(lang: Lang, when: &str, amount: Option<&str>, quote: &str) -> String {
    match (lang, amount) {
        (Lang::En, Some(amount)) => format!("Last time, {when}, you felt {amount} was a lot."),
        (Lang::En, None) => format!("Last time, {when}, you wrote “{quote}”."),
        (Lang::Es, Some(amount)) => format!("La última vez, {when}, {amount} le pareció mucho."),
        (Lang::Es, None) => format!("La última vez, {when}, escribió «{quote}»."),
    }
}

/// What is remembered about a service and a budget, in front of an answer.
pub fn budget(lang: Lang, budget: &str) -> String {
    match lang {
        Lang::En => format!("You mentioned a budget of {budget}."),
        Lang::Es => format!("Usted mencionó un presupuesto de {budget}."),
    }
}

/// The contact asked for their own name.
pub fn your_name(lang: Lang, name: &str) -> String {
    match lang {
        Lang::En => format!("Your name is {name}."),
        Lang::Es => format!("Se llama {name}."),
    }
}

/// The contact asked for their own name, and this line knows none.
pub const fn no_name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "I don't know your name yet.",
        Lang::Es => "Todavía no sé su nombre.",
    }
}

/// The contact asked for the budget they told.
pub fn your_budget(lang: Lang, budget: &str) -> String {
    match lang {
        Lang::En => format!("You told me your budget is {budget}."),
        Lang::Es => format!("Me dijo que su presupuesto es de {budget}."),
    }
}

/// The contact asked for their budget, and this line knows none.
pub const fn no_budget(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "I don't know your budget yet.",
        Lang::Es => "Todavía no sé su presupuesto.",
    }
}

/// "in May", "in May 2025": a month with its preposition.
pub fn in_month(lang: Lang, month: &str) -> String {
    match lang {
        Lang::En => format!("in {month}"),
        Lang::Es => format!("en {month}"),
    }
}

/// The price of a thing, as a topic.
pub fn price_of(lang: Lang, thing: &str) -> String {
    match lang {
        Lang::En => format!("the price of {thing}"),
        Lang::Es => format!("el precio de {thing}"),
    }
}

/// Their own words, as a topic.
pub fn quoted(lang: Lang, words: &str) -> String {
    match lang {
        Lang::En => format!("“{words}”"),
        Lang::Es => format!("«{words}»"),
    }
}

/// The source of an answer out of the site's definition.
pub const fn definition(lang: Lang, place: bool) -> &'static str {
    match (lang, place) {
        (Lang::En, true) => "Address",
        (Lang::En, false) => "Opening hours",
        (Lang::Es, true) => "Dirección",
        (Lang::Es, false) => "Horario",
    }
}
