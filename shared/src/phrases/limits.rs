//! Refusals and ceilings: each is spoken, none is silent.

use super::Lang;
use crate::channel::Channel;

/// `rate_limited`: the contact writes faster than we take it.
pub fn rate_limited(lang: Lang, seconds: u32) -> String {
    match (lang, seconds) {
        (Lang::En, 0 | 1) => "That was a bit fast. Please try again in a second.".to_owned(),
        (Lang::En, _) => format!("That was a bit fast. Please try again in {seconds} seconds."),
        (Lang::Es, 0 | 1) => "Eso fue muy rápido. Inténtelo de nuevo en un segundo.".to_owned(),
        (Lang::Es, _) => format!("Eso fue muy rápido. Inténtelo de nuevo en {seconds} segundos."),
    }
}

/// A first message was asked for again at an address that has just been sent one.
pub fn first_again(lang: Lang, masked: &str) -> String {
    match lang {
        Lang::En => format!("We wrote to {masked} just now. Please look there, or go on here."),
        Lang::Es => format!("Acabamos de escribir a {masked}. Mire ahí, o siga aquí."),
    }
}

/// `too_many_addresses`: more different addresses than a conversation may type in a day.
pub const fn too_many_addresses(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "You have given many different addresses today. Please use one of those, or go on here.",
        Lang::Es => "Hoy ya nos ha dado muchas direcciones distintas. Use una de ellas, o siga aquí.",
    }
}

/// The site's first messages of this hour are used up.
pub fn first_messages_used_up(lang: Lang, masked: &str) -> String {
    match lang {
        Lang::En => format!("We can't write to {masked} right now. Please try again later, or go on here."),
        Lang::Es => {
            format!("Ahora no podemos escribir a {masked}. Inténtelo de nuevo más tarde, o siga aquí.")
        }
    }
}

/// The assistant's turns of this hour are used up; `when` is [`crate::calendar::opens_sentence`].
pub fn turns_used_up(lang: Lang, when: &str) -> String {
    match lang {
        Lang::En => {
            format!("I have answered as much as I may this hour, so a person will take it from here. {when}")
        }
        Lang::Es => {
            format!("He respondido todo lo que puedo esta hora; a partir de aquí sigue una persona. {when}")
        }
    }
}

/// The whole site is at its ceiling.
pub fn site_busy(lang: Lang, when: &str) -> String {
    match lang {
        Lang::En => {
            format!("So many people are writing that I cannot answer right now. Your message is kept. {when}")
        }
        Lang::Es => format!(
            "Está escribiendo mucha gente y ahora no puedo responder. Su mensaje está guardado. {when}"
        ),
    }
}

/// `too_long`: more than `max` characters.
pub fn too_long(lang: Lang, max: usize) -> String {
    match lang {
        Lang::En => {
            format!("That message is too long. Please keep it under {max} characters, or send it in parts.")
        }
        Lang::Es => {
            format!("Ese mensaje es demasiado largo. Escriba menos de {max} caracteres o envíelo por partes.")
        }
    }
}

/// `empty`: nothing to send.
pub const fn empty(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "There is nothing in that message. Please write something first.",
        Lang::Es => "Ese mensaje está vacío. Escriba algo primero.",
    }
}

/// `bad_address`: not a phone number that can be texted.
pub const fn bad_phone(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "That does not look like a phone number we can text. Please check it, with the area code."
        }
        Lang::Es => {
            "Eso no parece un número al que podamos enviar mensajes. Revíselo, con el código de área."
        }
    }
}

/// `bad_address`: not an email address.
pub const fn bad_email(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "That does not look like an email address. Please check it.",
        Lang::Es => "Eso no parece una dirección de correo. Revísela.",
    }
}

/// A message asked for on a line where none may be sent: the person opted out there.
pub const fn opted_out(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "You asked us not to text that number. Text START to our number to change that.",
        Lang::Es => {
            "Nos pidió que no enviáramos mensajes a ese número. Envíe START a nuestro número para cambiarlo."
        }
    }
}

/// Something was asked for in a mail nobody vouches for, which only its true sender may ask for.
pub const fn unverified(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "I can't do that from this mail, because I can't tell whether it is really from you. Please reply to one of our \
             mails, or ask on our website."
        }
        Lang::Es => {
            "No puedo hacerlo desde este correo, porque no sé si de verdad es suyo. Responda a uno de nuestros correos o \
             pídalo en nuestra web."
        }
    }
}

/// `stale_card`: the card was filled from words that are no longer shown.
pub const fn stale_card(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "This form is out of date. Please reload and try again.",
        Lang::Es => "Este formulario está desactualizado. Recargue la página e inténtelo de nuevo.",
    }
}

/// `bad_address`: what was typed is no address of the line; in the widget either kind would do.
pub const fn bad_address(lang: Lang, channel: Channel) -> &'static str {
    match (channel, lang) {
        (Channel::Sms, _) => bad_phone(lang),
        (Channel::Email, _) => bad_email(lang),
        (_, Lang::En) => "That is neither a phone number nor an email address. Please check it.",
        (_, Lang::Es) => "Eso no es un número de teléfono ni una dirección de correo. Revíselo.",
    }
}
