//! The words by which a mailbox is asked to confirm that it wants news and offers. A button's words are what the ledger
//! keeps as evidence. Nothing in them was typed by whoever filled in the form.

use super::Lang;

/// The subject of the mail that asks.
pub fn subject(lang: Lang, site: &str) -> String {
    match lang {
        Lang::En => format!("Please confirm: news and offers from {site}"),
        Lang::Es => format!("Confirme, por favor: noticias y ofertas de {site}"),
    }
}

/// The mail that asks.
pub fn mail(lang: Lang, site: &str, link: &str) -> String {
    match lang {
        Lang::En => format!(
            "Somebody gave this mailbox on our site and ticked that it wants news and offers from {site}. If that was you, \
             confirm it here:\n\n{link}\n\nIf it was not, do nothing: none will come. The link works for 7 days."
        ),
        Lang::Es => format!(
            "Alguien dejó este correo en nuestra web y marcó que quiere noticias y ofertas de {site}. Si fue usted, \
             confírmelo aquí:\n\n{link}\n\nSi no, no haga nada: no llegará ninguna. El enlace vale 7 días."
        ),
    }
}

/// The page's heading.
pub fn heading(lang: Lang, site: &str) -> String {
    match lang {
        Lang::En => format!("News and offers from {site}"),
        Lang::Es => format!("Noticias y ofertas de {site}"),
    }
}

/// The sentence below it.
pub fn lead(lang: Lang, masked: &str) -> String {
    match lang {
        Lang::En => format!(
            "May we send them to {masked}? You can stop them at any time, with the link in every mail."
        ),
        Lang::Es => format!(
            "¿Podemos enviarlas a {masked}? Puede dejar de recibirlas cuando quiera, con el enlace de cada correo."
        ),
    }
}

/// The button.
pub const fn button(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Yes, send me news and offers",
        Lang::Es => "Sí, envíenme noticias y ofertas",
    }
}

/// It is confirmed.
pub fn done(lang: Lang, masked: &str) -> String {
    match lang {
        Lang::En => format!("Thank you. {masked} is confirmed."),
        Lang::Es => format!("Gracias. {masked} está confirmado."),
    }
}

/// Its owner stopped them, or all mail, since.
pub const fn stopped(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "This mailbox has stopped our mail, and a link does not start it again. Write START to us from it to get mail again."
        }
        Lang::Es => {
            "Este correo dejó de recibir nuestros mensajes y un enlace no los reanuda. Escríbanos START desde él para volver a recibirlos."
        }
    }
}

/// The link has ended.
pub const fn ended(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "This link worked for 7 days and has ended. Tick the box on our site once more, and a new one comes."
        }
        Lang::Es => {
            "Este enlace valía 7 días y ha caducado. Vuelva a marcar la casilla en nuestra web y le llegará otro."
        }
    }
}
