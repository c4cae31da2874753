//! The words by which somebody of a team comes into the inbox: the mails, and the pages they link to.

use super::Lang;

/// How long a link works, in minutes.
const MINUTES: i64 = crate::flow::sign_in::LINK_MS / crate::time::MINUTE_MS;

/// The subject of the mail with the link.
pub fn subject(lang: Lang, site: &str) -> String {
    match lang {
        Lang::En => format!("Sign in to the inbox of {site}"),
        Lang::Es => format!("Entrar en la bandeja de {site}"),
    }
}

/// The mail with the link.
pub fn mail(lang: Lang, site: &str, link: &str) -> String {
    match lang {
        Lang::En => format!(
            "Here is your link to the inbox of {site}:\n\n{link}\n\nIt works once, for {MINUTES} minutes. If you did not \
             ask for it, do nothing: nobody gets in without it."
        ),
        Lang::Es => format!(
            "Aquí tiene su enlace a la bandeja de {site}:\n\n{link}\n\nVale una vez, durante {MINUTES} minutos. Si no lo \
             ha pedido, no haga nada: nadie entra sin él."
        ),
    }
}

/// The subject of an invitation.
pub fn invite_subject(lang: Lang, site: &str) -> String {
    match lang {
        Lang::En => format!("You are invited to the team of {site}"),
        Lang::Es => format!("Le invitan al equipo de {site}"),
    }
}

/// An invitation.
pub fn invite_mail(lang: Lang, by: &str, site: &str, link: &str) -> String {
    match lang {
        Lang::En => format!(
            "{by} invites you to answer the customers of {site}. Sign in with this mailbox:\n\n{link}\n\nIf you do not \
             know what this is about, do nothing."
        ),
        Lang::Es => format!(
            "{by} le invita a atender a los clientes de {site}. Entre con este correo:\n\n{link}\n\nSi no sabe de qué \
             se trata, no haga nada."
        ),
    }
}

/// The heading of the sign-in page.
pub const fn heading(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Sign in to the inbox",
        Lang::Es => "Entrar en la bandeja",
    }
}

/// The sentence below it.
pub const fn lead(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "We send a link to your mailbox. There is no password.",
        Lang::Es => "Le enviamos un enlace a su correo. No hay contraseña.",
    }
}

/// The field's label.
pub const fn label(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Your email address",
        Lang::Es => "Su dirección de correo",
    }
}

/// The button that asks for a link.
pub const fn ask(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Send me a link",
        Lang::Es => "Envíenme un enlace",
    }
}

/// What was typed is no address.
pub const fn no_address(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "This is not an email address. It looks like name@example.com.",
        Lang::Es => "Esto no es una dirección de correo. Tiene la forma nombre@example.com.",
    }
}

/// Too many tries, and when the next one counts.
pub fn too_many(lang: Lang, minutes: u32) -> String {
    match (lang, minutes) {
        (Lang::En, 1) => "That was asked too often. Please try again in a minute.".to_owned(),
        (Lang::En, _) => format!("That was asked too often. Please try again in {minutes} minutes."),
        (Lang::Es, 1) => "Se ha pedido demasiadas veces. Vuelva a intentarlo en un minuto.".to_owned(),
        (Lang::Es, _) => format!("Se ha pedido demasiadas veces. Vuelva a intentarlo en {minutes} minutos."),
    }
}

/// The heading once a link was asked for.
pub const fn asked(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Look into your mailbox",
        Lang::Es => "Mire su correo",
    }
}

/// The sentence below it: the same whether anybody has this address.
pub fn asked_lead(lang: Lang, email: &str) -> String {
    match lang {
        Lang::En => format!(
            "If {email} belongs to somebody of a team, a link is on its way to it. It works once, for {MINUTES} minutes."
        ),
        Lang::Es => format!(
            "Si {email} es de alguien de un equipo, un enlace va en camino. Vale una vez, durante {MINUTES} minutos."
        ),
    }
}

/// The link that leads back to the form.
pub const fn again(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Ask for a link",
        Lang::Es => "Pedir un enlace",
    }
}

/// The sentence of the page behind a link.
pub fn enter_lead(lang: Lang, email: &str) -> String {
    match lang {
        Lang::En => format!("You are about to sign in as {email} on this device."),
        Lang::Es => format!("Va a entrar como {email} en este dispositivo."),
    }
}

/// Its button.
pub const fn enter(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Sign in",
        Lang::Es => "Entrar",
    }
}

/// The heading where a link leads nowhere.
pub const fn refused(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "This link does not work",
        Lang::Es => "Este enlace no funciona",
    }
}

/// The link was used, or is too old.
pub fn ended(lang: Lang) -> String {
    match lang {
        Lang::En => format!("A link works once, for {MINUTES} minutes. Ask for a new one."),
        Lang::Es => format!("Un enlace vale una vez, durante {MINUTES} minutos. Pida otro."),
    }
}

/// The link is none of ours.
pub const fn forged(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "We did not make this link. Perhaps a part of it was lost: open it from the mail once more."
        }
        Lang::Es => "Este enlace no es nuestro. Quizá se perdió una parte: ábralo otra vez desde el correo.",
    }
}

/// They are of no team any more.
pub const fn no_team(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "You are of no team any more. Ask whoever looks after it to invite you.",
        Lang::Es => "Ya no forma parte de ningún equipo. Pida a quien lo lleva que le invite.",
    }
}
