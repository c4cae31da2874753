//! The words of marketing mail's last lines and of the page where somebody chooses what a mailbox gets.
//!
//! A button's words are what the ledger keeps as evidence of a choice.

use super::Lang;
use crate::subscription::{Part, State};

/// The last lines of marketing mail: why it came, how to stop it, and who sent it from where (16 CFR 316.5(a)(3), (5)).
pub fn footer(lang: Lang, site: &str, address: &str, link: &str) -> String {
    match lang {
        Lang::En => format!(
            "You get this because you agreed to news and offers from {site}.\n\
             Unsubscribe, or choose what you get: {link}\n{site}, {address}"
        ),
        Lang::Es => format!(
            "Recibe este mensaje porque aceptó noticias y ofertas de {site}.\n\
             Darse de baja o elegir qué recibe: {link}\n{site}, {address}"
        ),
    }
}

/// The page's heading.
pub const fn heading(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "What you get by email",
        Lang::Es => "Lo que recibe por correo",
    }
}

/// The sentence below it.
pub fn lead(lang: Lang, site: &str, masked: &str) -> String {
    match lang {
        Lang::En => format!("Choose what {site} sends to {masked}. Every choice holds at once."),
        Lang::Es => format!("Elija qué envía {site} a {masked}. Cada cambio vale de inmediato."),
    }
}

/// A part's name.
pub const fn name(lang: Lang, part: Part) -> &'static str {
    match (lang, part) {
        (Lang::En, Part::Marketing) => "News and offers",
        (Lang::En, Part::Reminders) => "Reminders",
        (Lang::En, Part::Everything) => "Everything by email",
        (Lang::Es, Part::Marketing) => "Noticias y ofertas",
        (Lang::Es, Part::Reminders) => "Recordatorios",
        (Lang::Es, Part::Everything) => "Todo por correo",
    }
}

/// What a part is.
pub fn about(lang: Lang, part: Part, site: &str) -> String {
    match (lang, part) {
        (Lang::En, Part::Marketing) => "What is new, and what costs less for a while.".to_owned(),
        (Lang::En, Part::Reminders) => "About appointments and what you agreed with us.".to_owned(),
        (Lang::En, Part::Everything) => {
            format!("Then {site} writes to this mailbox no more: no answers and no confirmations either.")
        }
        (Lang::Es, Part::Marketing) => "Lo nuevo, y lo que por un tiempo cuesta menos.".to_owned(),
        (Lang::Es, Part::Reminders) => "De sus citas y de lo que acordó con nosotros.".to_owned(),
        (Lang::Es, Part::Everything) => {
            format!("{site} ya no escribirá a este buzón: tampoco respuestas ni confirmaciones.")
        }
    }
}

/// How a part stands, in a few words.
pub const fn standing(lang: Lang, state: State) -> &'static str {
    match (lang, state) {
        (Lang::En, State::On) => "You get these",
        (Lang::En, State::Unconfirmed) => "Not confirmed yet",
        (Lang::Es, State::Unconfirmed) => "Sin confirmar",
        (Lang::En, State::Off) => "You do not get these",
        (Lang::En, State::Stopped | State::StoppedElsewhere | State::Covered) => "Stopped",
        (Lang::Es, State::On) => "Los recibe",
        (Lang::Es, State::Off) => "No los recibe",
        (Lang::Es, State::Stopped | State::StoppedElsewhere | State::Covered) => "Detenido",
    }
}

/// The button that stops a part (`wanted` is false) or starts it again.
pub const fn button(lang: Lang, part: Part, wanted: bool) -> &'static str {
    match (lang, part, wanted) {
        (Lang::En, Part::Marketing, false) => "Stop news and offers",
        (Lang::En, Part::Marketing, true) => "Start news and offers again",
        (Lang::En, Part::Reminders, false) => "Stop reminders",
        (Lang::En, Part::Reminders, true) => "Start reminders again",
        (Lang::En, Part::Everything, false) => "Stop everything by email",
        (Lang::En, Part::Everything, true) => "Start email again",
        (Lang::Es, Part::Marketing, false) => "Detener noticias y ofertas",
        (Lang::Es, Part::Marketing, true) => "Volver a recibir noticias y ofertas",
        (Lang::Es, Part::Reminders, false) => "Detener recordatorios",
        (Lang::Es, Part::Reminders, true) => "Volver a recibir recordatorios",
        (Lang::Es, Part::Everything, false) => "Detener todo por correo",
        (Lang::Es, Part::Everything, true) => "Volver a recibir correo",
    }
}

/// What has just been done.
pub const fn done(lang: Lang, part: Part, wanted: bool) -> &'static str {
    match (lang, part, wanted) {
        (Lang::En, Part::Marketing, false) => "Done: no more news and offers.",
        (Lang::En, Part::Marketing, true) => "Done: you get news and offers again.",
        (Lang::En, Part::Reminders, false) => "Done: no more reminders by email.",
        (Lang::En, Part::Reminders, true) => "Done: you get reminders again.",
        (Lang::En, Part::Everything, false) => "Done: no more email at all.",
        (Lang::En, Part::Everything, true) => "Done: you get email again. News and offers stay stopped.",
        (Lang::Es, Part::Marketing, false) => "Hecho: no más noticias ni ofertas.",
        (Lang::Es, Part::Marketing, true) => "Hecho: volverá a recibir noticias y ofertas.",
        (Lang::Es, Part::Reminders, false) => "Hecho: no más recordatorios por correo.",
        (Lang::Es, Part::Reminders, true) => "Hecho: volverá a recibir recordatorios.",
        (Lang::Es, Part::Everything, false) => "Hecho: ningún correo más.",
        (Lang::Es, Part::Everything, true) => {
            "Hecho: volverá a recibir correo. Las noticias y ofertas siguen detenidas."
        }
    }
}

/// That everything is stopped, and how it is started again; `here` where the page can do so.
pub fn all_stopped(lang: Lang, site: &str, here: bool) -> String {
    match (lang, here) {
        (Lang::En, true) => format!("You get no email from {site}."),
        (Lang::En, false) => {
            format!(
                "You get no email from {site}, as you told us. To get email again, write START from this mailbox."
            )
        }
        (Lang::Es, true) => format!("No recibe ningún correo de {site}."),
        (Lang::Es, false) => {
            format!(
                "No recibe ningún correo de {site}, como nos pidió. Para volver a recibirlo, escriba START desde este buzón."
            )
        }
    }
}

/// Where else to turn; `mail` where a mail would be answered.
pub fn help(lang: Lang, phone: &str, mail: bool) -> String {
    match (lang, mail) {
        (Lang::En, true) => format!("Questions? Call {phone}, or answer any of our emails."),
        (Lang::En, false) => format!("Questions? Call {phone}."),
        (Lang::Es, true) => {
            format!("¿Preguntas? Llame al {phone} o responda a cualquiera de nuestros correos.")
        }
        (Lang::Es, false) => format!("¿Preguntas? Llame al {phone}."),
    }
}

/// The heading where a link does not work.
pub const fn unknown_heading(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "This link does not work",
        Lang::Es => "Este enlace no funciona",
    }
}

/// What to do then.
pub const fn unknown(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "It may have been cut short on its way, and nothing was changed. Open it again from the newest email, or \
             answer that email with STOP: that ends all email."
        }
        Lang::Es => {
            "Puede que se cortara por el camino, y nada ha cambiado. Ábralo de nuevo desde el correo más reciente, o \
             responda a ese correo con STOP: así termina todo el correo."
        }
    }
}

/// The heading where a form cannot be read.
pub const fn unread_heading(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "That was not understood",
        Lang::Es => "No se ha entendido",
    }
}

/// What to do then.
pub const fn unread(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Nothing was changed. Open the link from the email again and use the buttons there.",
        Lang::Es => "Nada ha cambiado. Abra de nuevo el enlace del correo y use los botones.",
    }
}
