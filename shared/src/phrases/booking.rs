//! What the assistant says about appointments. A time is written as [`slot`] writes it, wherever it stands: the assistant
//! finds in its own last words what it has offered.

use super::Lang;
use crate::{appointment::Act, calendar, time::Timestamp};

/// A start on the wall clock of a zone: `Thursday 26 November, 10:00`, `jueves 26 de noviembre, 10:00`.
pub fn slot(lang: Lang, start: Timestamp, time_zone: &str) -> String {
    let (day, time) =
        (calendar::weekday_date(start, time_zone, lang), calendar::local_time(start, time_zone));
    format!("{day}, {time}")
}

/// The slots offered, each with the number it is chosen by: `1) …; 2) … or 3) …`.
pub fn numbered(lang: Lang, slots: &[String]) -> String {
    let or = match lang {
        Lang::En => " or ",
        Lang::Es => " o ",
    };
    let mut out = String::new();
    for (number, slot) in (1..).zip(slots) {
        out.push_str(match number {
            1 => "",
            _ if number == slots.len() => or,
            _ => "; ",
        });
        out.push_str(&one(number, slot));
    }
    out
}

/// One slot offered.
pub fn one(number: usize, slot: &str) -> String {
    format!("{number}) {slot}")
}

/// Offers times; `slots` is [`numbered`].
pub fn offered(lang: Lang, service: &str, slots: &str) -> String {
    match lang {
        Lang::En => {
            format!("For {service} I can offer {slots}. Which one suits you? You can also name another day.")
        }
        Lang::Es => format!(
            "Para {service} puedo ofrecerle {slots}. ¿Cuál le conviene? También puede decirme otro día."
        ),
    }
}

/// Offers other times for what is booked; `was` is [`slot`].
pub fn offered_instead(lang: Lang, service: &str, was: &str, slots: &str) -> String {
    match lang {
        Lang::En => format!("{} {service}, {was}, I can offer {slots}. Which one suits you?", instead(lang)),
        Lang::Es => {
            format!("{} {service}, {was}, puedo ofrecerle {slots}. ¿Cuál le conviene?", instead(lang))
        }
    }
}

/// How [`offered_instead`] begins.
pub const fn instead(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Instead of",
        Lang::Es => "En lugar de",
    }
}

/// What was wished for is not to be had.
pub const fn not_then(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Nothing is free then.",
        Lang::Es => "No hay nada libre entonces.",
    }
}

/// Nothing can be booked within the days that were looked at.
pub const fn nothing_free(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "I find no free time in the next weeks.",
        Lang::Es => "No encuentro ninguna hora libre en las próximas semanas.",
    }
}

/// Asks what the appointment is for; `services` are their names.
pub fn which_service(lang: Lang, services: &[&str]) -> String {
    let question = asks_service(lang);
    let names = services.join(", ");
    match lang {
        Lang::En => format!("{question} We offer: {names}."),
        Lang::Es => format!("{question} Ofrecemos: {names}."),
    }
}

/// The question of [`which_service`].
pub const fn asks_service(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Happy to book that. What is it for?",
        Lang::Es => "Con gusto. ¿Para qué es la cita?",
    }
}

/// None of the times offered suits.
pub const fn which_day(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "No problem. Which day and time would suit you?",
        Lang::Es => "No hay problema. ¿Qué día y a qué hora le conviene?",
    }
}

/// What the contact has booked: each the service and [`slot`].
pub fn yours(lang: Lang, booked: &[String]) -> String {
    let booked = booked.join("; ");
    match lang {
        Lang::En => format!("You have an appointment: {booked}."),
        Lang::Es => format!("Tiene cita: {booked}."),
    }
}

/// Asks before calling off; `when` is [`slot`].
pub fn shall_i_cancel(lang: Lang, service: &str, when: &str) -> String {
    format!("{} {service}, {when}?", asks_cancel(lang))
}

/// How [`shall_i_cancel`] begins.
pub const fn asks_cancel(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Shall I cancel",
        Lang::Es => "¿Anulo",
    }
}

/// It was not called off after all.
pub const fn kept(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "All right, it stays as it is.",
        Lang::Es => "De acuerdo, se queda como está.",
    }
}

/// The line knows of no appointment.
pub const fn none_found(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "I cannot find an appointment of yours here. If you booked elsewhere, please use the line you booked on."
        }
        Lang::Es => {
            "No encuentro ninguna cita suya aquí. Si la reservó por otra vía, escríbanos por esa, por favor."
        }
    }
}

/// Asks where a confirmation may go.
pub const fn where_to_confirm(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Which email address may I send a confirmation to?",
        Lang::Es => "¿A qué correo puedo enviarle una confirmación?",
    }
}

/// Asks whether what is held is to be booked.
pub const fn shall_i_book(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Shall I book it?",
        Lang::Es => "¿La reservo?",
    }
}

/// What became of an appointment, said by whoever knows that it did; `when` is [`slot`]. `None` for what is told otherwise.
pub fn done(lang: Lang, act: Act, service: &str, when: &str) -> Option<String> {
    Some(match (lang, act) {
        (Lang::En, Act::Booked) => format!("You are booked: {service}, {when}."),
        (Lang::Es, Act::Booked) => format!("Su cita está reservada: {service}, {when}."),
        (Lang::En, Act::Moved) => format!("Done. {service} is now {when}."),
        (Lang::Es, Act::Moved) => format!("Hecho. {service} ahora es {when}."),
        (Lang::En, Act::Cancelled) => format!("{service}, {when}, is cancelled."),
        (Lang::Es, Act::Cancelled) => format!("{service}, {when}, queda anulada."),
        (Lang::En, Act::Held) => {
            format!("I keep {service}, {when}, free for you for ten minutes. {}", shall_i_book(lang))
        }
        (Lang::Es, Act::Held) => {
            format!("Le guardo {service}, {when}, durante diez minutos. {}", shall_i_book(lang))
        }
        (_, Act::Released | Act::Noted | Act::Missed | Act::Done) => return None,
    })
}
