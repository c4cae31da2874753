//! What the assistant says in its turns when no knowledge is needed.

use super::Lang;
use crate::channel::Channel;

/// The answer to a greeting.
pub fn greeting(lang: Lang, assistant: &str, site: &str, name: Option<&str>) -> String {
    match (lang, name) {
        (Lang::En, Some(name)) => {
            format!("Hi {name}, {assistant} here, the AI assistant of {site}. How can I help?")
        }
        (Lang::En, None) => format!("Hi, I am {assistant}, the AI assistant of {site}. How can I help?"),
        (Lang::Es, Some(name)) => {
            format!("Hola, {name}. Soy {assistant}, asistente de IA de {site}. ¿En qué puedo ayudarle?")
        }
        (Lang::Es, None) => {
            format!("Hola, soy {assistant}, asistente de IA de {site}. ¿En qué puedo ayudarle?")
        }
    }
}

/// Hello again, later in a conversation.
pub const fn greeting_again(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Hello again. How can I help?",
        Lang::Es => "Hola de nuevo. ¿En qué puedo ayudarle?",
    }
}

/// The truth about who speaks.
pub fn identity(lang: Lang, assistant: &str, site: &str) -> String {
    match lang {
        Lang::En => format!(
            "I am {assistant}, an AI assistant, not a person. I answer from what {site} has written down, and I can get a \
             person for you at any time."
        ),
        Lang::Es => format!(
            "Soy {assistant}, un asistente de IA, no una persona. Respondo con lo que {site} ha dejado por escrito y puedo \
             avisar a una persona cuando quiera."
        ),
    }
}

/// Honest ignorance; [`offer_person`] follows.
pub const fn unknown(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "I don't know that, and I would rather not guess.",
        Lang::Es => "Eso no lo sé y prefiero no adivinar.",
    }
}

/// Part of a burst was answered, and part could not be.
pub const fn unknown_rest(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "The rest I don't know; I can get a person for that.",
        Lang::Es => "Lo demás no lo sé; puedo avisar a una persona.",
    }
}

/// The question whether to get a person.
pub const fn offer_person(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Shall I get a person for you?",
        Lang::Es => "¿Quiere que avise a una persona?",
    }
}

/// A person was called because the assistant did not know twice in a row.
pub const fn unsure_again(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "I can't answer that either, so I am asking a person to take over.",
        Lang::Es => "Eso tampoco lo puedo responder, así que pido a una persona que siga con usted.",
    }
}

/// A person was called; `when` is [`crate::calendar::promised_sentence`].
pub fn handoff(lang: Lang, when: &str) -> String {
    match lang {
        Lang::En => format!("I am passing this on to a person, with everything you wrote. {when}"),
        Lang::Es => format!("Se lo paso a una persona, con todo lo que ha escrito. {when}"),
    }
}

/// A promise was not kept, and stands.
pub const fn late(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "You should have had their answer by now. I am sorry: they have been told again.",
        Lang::Es => "Ya deberían haberle respondido. Lo siento: les hemos avisado otra vez.",
    }
}

/// A person is already called in; `when` as in [`handoff`].
pub fn handoff_stands(lang: Lang, when: &str) -> String {
    match lang {
        Lang::En => format!("A person has been told and can read everything here. {when}"),
        Lang::Es => format!("Ya hemos avisado a una persona, que puede leer todo esto. {when}"),
    }
}

/// Where to answer when nobody is there.
pub const fn ask_where_to_answer(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "If you leave a phone number or an email address, they can answer you there.",
        Lang::Es => "Si deja un número de teléfono o un correo, le responderán ahí.",
    }
}

/// An offer to go on by text message.
pub const fn offer_text(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Would you like to go on by text message?",
        Lang::Es => "¿Quiere seguir por mensaje de texto?",
    }
}

/// Asks for the address a move needs; the card under it carries the consent words.
pub const fn ask_address(lang: Lang, channel: Channel) -> &'static str {
    match (lang, channel) {
        (Lang::En, Channel::Email) => "Sure. Which email address may I write to?",
        (Lang::Es, Channel::Email) => "Claro. ¿A qué correo puedo escribirle?",
        (Lang::En, _) => "Sure. Which number may I text?",
        (Lang::Es, _) => "Claro. ¿A qué número puedo enviarle el mensaje?",
    }
}

/// The contact asked to go on elsewhere and may; said before it is sent. `masked` is [`super::masked`]; `None` for the
/// address we already have.
pub fn moving(lang: Lang, channel: Channel, masked: Option<&str>) -> String {
    match (lang, channel, masked) {
        (Lang::En, Channel::Email, Some(to)) => {
            format!("Sure, I am emailing it to {to}. We can go on there.")
        }
        (Lang::Es, Channel::Email, Some(to)) => {
            format!("Claro, se lo envío por correo a {to}. Podemos seguir ahí.")
        }
        (Lang::En, Channel::Email, None) => "Sure, I am emailing it to you. We can go on there.".to_owned(),
        (Lang::Es, Channel::Email, None) => "Claro, se lo envío por correo. Podemos seguir ahí.".to_owned(),
        (Lang::En, _, Some(to)) => format!("Sure, I am texting it to {to}. We can go on there."),
        (Lang::Es, _, Some(to)) => format!("Claro, se lo envío por mensaje al {to}. Podemos seguir ahí."),
        (Lang::En, _, None) => "Sure, I am texting it to you. We can go on there.".to_owned(),
        (Lang::Es, _, None) => "Claro, se lo envío por mensaje de texto. Podemos seguir ahí.".to_owned(),
    }
}

/// The contact asked for the line they are on.
pub const fn already_here(lang: Lang, channel: Channel) -> &'static str {
    match (lang, channel) {
        (Lang::En, Channel::Email) => "We are already talking by email. What can I send you?",
        (Lang::Es, Channel::Email) => "Ya estamos hablando por correo. ¿Qué le puedo enviar?",
        (Lang::En, _) => "We are already talking by text. What can I send you?",
        (Lang::Es, _) => "Ya estamos hablando por mensaje de texto. ¿Qué le puedo enviar?",
    }
}

/// What a first message elsewhere says where nothing in particular was asked to be sent.
pub fn here_we_are(lang: Lang, site: &str) -> String {
    match lang {
        Lang::En => format!("We can go on here about {site}. What would you like to know?"),
        Lang::Es => format!("Podemos seguir aquí sobre {site}. ¿Qué le gustaría saber?"),
    }
}

/// The booking link.
pub fn booking(lang: Lang, url: &str) -> String {
    match lang {
        Lang::En => format!("You can book here: {url}"),
        Lang::Es => format!("Puede reservar aquí: {url}"),
    }
}

/// The address, from the site's definition.
pub fn address(lang: Lang, address: &str) -> String {
    match lang {
        Lang::En => format!("We are at {address}."),
        Lang::Es => format!("Estamos en {address}."),
    }
}

/// The answer to thanks.
pub const fn thanks(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "You're welcome! Write any time.",
        Lang::Es => "¡De nada! Escríbanos cuando quiera.",
    }
}

/// The answer to a goodbye.
pub const fn farewell(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Goodbye, and write any time.",
        Lang::Es => "Hasta luego, y escríbanos cuando quiera.",
    }
}

/// The answer to "ok" and the like.
pub const fn agreed(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "All right. I'm here if there is anything else.",
        Lang::Es => "De acuerdo. Aquí estoy si necesita algo más.",
    }
}

/// The answer to "no, thank you" after an offer.
pub const fn declined(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "All right. Is there anything else I can look up for you?",
        Lang::Es => "De acuerdo. ¿Hay algo más que pueda buscarle?",
    }
}

/// The answer to running late; `minutes` where they were said.
pub fn running_late(lang: Lang, minutes: Option<u32>) -> String {
    match (lang, minutes) {
        (Lang::En, Some(minutes)) => {
            format!(
                "No problem, thanks for telling us. I have noted that you are about {minutes} minutes late."
            )
        }
        (Lang::En, None) => {
            "No problem, thanks for telling us. I have noted that you are running late.".to_owned()
        }
        (Lang::Es, Some(minutes)) => {
            format!("No hay problema, gracias por avisar. He anotado que llega unos {minutes} minutos tarde.")
        }
        (Lang::Es, None) => "No hay problema, gracias por avisar. He anotado que llega tarde.".to_owned(),
    }
}

/// A preference for a line was noted.
pub const fn preference(lang: Lang, channel: Channel) -> &'static str {
    match (lang, channel) {
        (Lang::En, Channel::Email) => "Noted: we will write to you by email from now on where we can.",
        (Lang::Es, Channel::Email) => {
            "Anotado: a partir de ahora le escribiremos por correo siempre que podamos."
        }
        (Lang::En, Channel::Sms) => "Noted: we will text you from now on where we can.",
        (Lang::Es, Channel::Sms) => {
            "Anotado: a partir de ahora le enviaremos mensajes de texto siempre que podamos."
        }
        (Lang::En, _) => "Noted: we will answer you here where we can.",
        (Lang::Es, _) => "Anotado: le responderemos por aquí siempre que podamos.",
    }
}

/// Something was noted as the contact asked.
pub const fn remembered(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Thanks, I have noted that.",
        Lang::Es => "Gracias, lo he anotado.",
    }
}

/// The contact said their name and nothing else.
pub fn nice_to_meet(lang: Lang, name: &str) -> String {
    match lang {
        Lang::En => format!("Nice to meet you, {name}. How can I help?"),
        Lang::Es => format!("Mucho gusto, {name}. ¿En qué puedo ayudarle?"),
    }
}

/// The answer to letters that say nothing.
pub const fn gibberish(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Sorry, I did not understand that. Could you say it in other words?",
        Lang::Es => "Perdone, no le he entendido. ¿Me lo puede decir con otras palabras?",
    }
}

/// The answer to insults.
pub const fn abuse(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "I am sorry that this is frustrating. I will stay polite, and I am asking a person to look at it."
        }
        Lang::Es => {
            "Siento que esto sea frustrante. Yo seguiré siendo amable y pido a una persona que lo mire."
        }
    }
}

/// The answer to anger about the business.
pub const fn anger(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "I am sorry about this. It needs a person.",
        Lang::Es => "Lo siento mucho. Esto lo tiene que ver una persona.",
    }
}

/// The answer to small talk.
pub fn small_talk(lang: Lang, site: &str) -> String {
    match lang {
        Lang::En => format!(
            "I'm only good for questions about {site}, but for those I am here all day. What can I look up?"
        ),
        Lang::Es => {
            format!("Solo sirvo para preguntas sobre {site}, pero para eso estoy todo el día. ¿Qué le busco?")
        }
    }
}

/// The contact asks for no more messages in words no keyword caught; a person is called as well.
pub const fn opt_out(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "Understood. Reply STOP to any of our texts and they end at once; I am telling a person, too."
        }
        Lang::Es => {
            "Entendido. Responda STOP a cualquiera de nuestros mensajes y terminan; también aviso a una persona."
        }
    }
}

/// An address was given without a word what for.
pub fn may_i_use(lang: Lang, masked: &str) -> String {
    match lang {
        Lang::En => format!("Shall we go on at {masked}?"),
        Lang::Es => format!("¿Seguimos en {masked}?"),
    }
}
