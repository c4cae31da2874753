//! What is said about forms of a customer's own pages.

use super::Lang;

/// A form arrived.
pub const fn thanks(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Thank you. We have your message, and the answer is in the chat.",
        Lang::Es => "Gracias. Tenemos su mensaje y la respuesta está en el chat.",
    }
}

/// The same, where the page cannot show the chat.
pub const fn thanks_alone(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Thank you. We have your message and will answer as soon as we can.",
        Lang::Es => "Gracias. Tenemos su mensaje y responderemos lo antes posible.",
    }
}

/// The heading of that page.
pub const fn heading(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Thank you",
        Lang::Es => "Gracias",
    }
}

/// The heading of a page that says why a form was not taken.
pub const fn refused(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "That could not be sent",
        Lang::Es => "No se ha podido enviar",
    }
}

/// `too_many_forms`: the site takes no more this hour.
pub const fn too_many(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "We get more messages than we can take right now. Please write in the chat, or try again in an hour."
        }
        Lang::Es => {
            "Recibimos más mensajes de los que podemos atender. Escriba en el chat o inténtelo dentro de una hora."
        }
    }
}

/// What a form without a message asks, in the contact's name: its other fields, else to be in touch.
pub fn asked(lang: Lang, fields: &[(String, String)]) -> String {
    if fields.is_empty() {
        return match lang {
            Lang::En => "Please have somebody contact me.".to_owned(),
            Lang::Es => "Quiero que alguien me contacte, por favor.".to_owned(),
        };
    }
    let told: Vec<String> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    told.join("\n")
}
