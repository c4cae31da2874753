//! The words of the booking page, and of the page of one appointment.

use super::Lang;
use crate::{
    appointment::{State, booker::Field},
    page::Done,
};

/// The sentence of a language.
const fn say(lang: Lang, en: &'static str, es: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Es => es,
    }
}

/// A language's own name.
pub const fn language(lang: Lang) -> &'static str {
    say(lang, "English", "Español")
}

/// Where else to turn.
pub fn help(lang: Lang, phone: &str) -> String {
    match lang {
        Lang::En => format!("Questions? Call {phone}."),
        Lang::Es => format!("¿Preguntas? Llame al {phone}."),
    }
}

/// Whose clock a time is on; `place` is the zone's.
pub fn in_zone(lang: Lang, place: &str) -> String {
    match (lang, place) {
        (Lang::En, "UTC") => "UTC".to_owned(),
        (Lang::En, _) => format!("{place} time"),
        (Lang::Es, _) => format!("Hora de {place}"),
    }
}

/// When it is on the clock of the place; `zone` is [`in_zone`].
pub fn on_the_spot(lang: Lang, when: &str, zone: &str) -> String {
    match lang {
        Lang::En => format!("With us: {when} ({zone})"),
        Lang::Es => format!("Aquí: {when} ({})", zone.replacen("Hora", "hora", 1)),
    }
}

/// What opens the choice of a zone.
pub const fn other_zone(lang: Lang) -> &'static str {
    say(lang, "Show it in another time zone", "Ver en otra zona horaria")
}

/// Above the choice of a zone.
pub const fn zone_label(lang: Lang) -> &'static str {
    say(lang, "Times are shown for", "Las horas son de")
}

/// The button beside it.
pub const fn zone_button(lang: Lang) -> &'static str {
    say(lang, "Show", "Mostrar")
}

/// No time is free in the days looked at.
pub const fn none_free(lang: Lang) -> &'static str {
    say(
        lang,
        "No time is free in these weeks. Please look at later ones, or call us.",
        "No hay horas libres en estas semanas. Mire más adelante o llámenos, por favor.",
    )
}

/// What the links to other days are, for screen readers.
pub const fn more_times(lang: Lang) -> &'static str {
    say(lang, "More times", "Más horas")
}

/// Back to the first days.
pub const fn earliest(lang: Lang) -> &'static str {
    say(lang, "← Earliest times", "← Primeras horas")
}

/// On to later days.
pub const fn later(lang: Lang) -> &'static str {
    say(lang, "Later times →", "Más adelante →")
}

/// The heading of an appointment's page.
pub const fn heading(lang: Lang, state: State) -> &'static str {
    match state {
        State::Held | State::Booked => say(lang, "Your appointment", "Su cita"),
        State::Cancelled => say(lang, "This appointment is cancelled", "Esta cita está anulada"),
        State::Missed | State::Done => say(lang, "This appointment is over", "Esta cita ya pasó"),
    }
}

/// What has just been done.
pub const fn done(lang: Lang, done: Done) -> &'static str {
    match done {
        Done::Booked => say(lang, "You are booked.", "Su cita está reservada."),
        Done::Moved => say(lang, "Done: it is at the new time.", "Hecho: la cita tiene la nueva hora."),
        Done::Cancelled => say(lang, "Done: it is cancelled.", "Hecho: la cita está anulada."),
    }
}

/// The link to the calendar file.
pub const fn add_to_calendar(lang: Lang) -> &'static str {
    say(lang, "Add to calendar", "Añadir al calendario")
}

/// The link to other times.
pub const fn move_link(lang: Lang) -> &'static str {
    say(lang, "Move it", "Cambiar la hora")
}

/// The link to the question whether to call it off.
pub const fn cancel_link(lang: Lang) -> &'static str {
    say(lang, "Cancel it", "Anularla")
}

/// What the page is good for later.
pub const fn keep_link(lang: Lang) -> &'static str {
    say(
        lang,
        "Keep the address of this page: here you move or cancel the appointment. Do not pass it on.",
        "Guarde la dirección de esta página: aquí cambia o anula la cita. No la comparta.",
    )
}

/// The link to a new booking.
pub const fn book_again(lang: Lang) -> &'static str {
    say(lang, "Book a new appointment", "Reservar otra cita")
}

/// The heading above other times.
pub const fn move_heading(lang: Lang) -> &'static str {
    say(lang, "Choose another time", "Elija otra hora")
}

/// The heading above the question whether to move it.
pub const fn move_to_heading(lang: Lang) -> &'static str {
    say(lang, "Move your appointment?", "¿Cambiar su cita?")
}

/// Above the time it would have.
pub const fn new_time(lang: Lang) -> &'static str {
    say(lang, "The new time", "La nueva hora")
}

/// The button that moves it.
pub const fn move_button(lang: Lang) -> &'static str {
    say(lang, "Move to this time", "Cambiar a esta hora")
}

/// Back to the times.
pub const fn other_time(lang: Lang) -> &'static str {
    say(lang, "Choose a different time", "Elegir otra hora")
}

/// The heading above the question whether to call it off.
pub const fn cancel_heading(lang: Lang) -> &'static str {
    say(lang, "Cancel this appointment?", "¿Anular esta cita?")
}

/// The button that calls it off.
pub const fn cancel_button(lang: Lang) -> &'static str {
    say(lang, "Cancel the appointment", "Anular la cita")
}

/// Back, with nothing changed.
pub const fn keep(lang: Lang) -> &'static str {
    say(lang, "Keep it as it is", "Dejarla como está")
}

/// The heading where a link is none of ours.
pub const fn no_link_heading(lang: Lang) -> &'static str {
    say(lang, "This link does not work", "Este enlace no funciona")
}

/// What to do then.
pub const fn no_link(lang: Lang) -> &'static str {
    say(
        lang,
        "It may have been cut short on its way, and nothing was changed. Open it again from the newest message about your \
         appointment.",
        "Puede que se cortara por el camino, y nada ha cambiado. Ábralo de nuevo desde el último mensaje sobre su cita.",
    )
}

/// The heading where a link has ended.
pub const fn ended_link_heading(lang: Lang) -> &'static str {
    say(lang, "This link has ended", "Este enlace ya no vale")
}

/// What to do then.
pub const fn ended_link(lang: Lang) -> &'static str {
    say(
        lang,
        "It was for an appointment that is over, and nothing was changed.",
        "Era de una cita que ya pasó, y nada ha cambiado.",
    )
}

/// The heading where a form cannot be read.
pub const fn unread_heading(lang: Lang) -> &'static str {
    say(lang, "That was not understood", "No se ha entendido")
}

/// What to do then.
pub const fn unread(lang: Lang) -> &'static str {
    say(
        lang,
        "Nothing was changed. Go back, load the page again and use the buttons there.",
        "Nada ha cambiado. Vuelva atrás, cargue la página de nuevo y use los botones.",
    )
}

/// A field of the form that cannot be taken.
pub const fn wrong(lang: Lang, field: Field) -> &'static str {
    match field {
        Field::Start => say(lang, "Please choose a time.", "Elija una hora, por favor."),
        Field::Name => say(
            lang,
            "Please write your name, in 80 characters or fewer.",
            "Escriba su nombre, en 80 caracteres o menos.",
        ),
        Field::Email => super::limits::bad_email(lang),
        Field::Phone => say(
            lang,
            "That does not look like a phone number. Please check it, with the area code, or leave it empty.",
            "Eso no parece un número de teléfono. Revíselo, con el código de área, o déjelo vacío.",
        ),
        Field::Note => say(
            lang,
            "Please say it in 500 characters or fewer.",
            "Dígalo en 500 caracteres o menos, por favor.",
        ),
    }
}

/// `too_many_bookings`: the site's first messages of this hour are used up.
pub fn too_many(lang: Lang, phone: &str) -> String {
    match lang {
        Lang::En => {
            format!(
                "So many people are booking that this page has to pause. Please call {phone}, or try again in an hour."
            )
        }
        Lang::Es => {
            format!(
                "Hay tanta gente reservando que esta página hace una pausa. Llame al {phone} o inténtelo en una hora."
            )
        }
    }
}

/// `too_many_for_mailbox`: the page has booked for this mailbox as often as it does in a day.
pub fn too_many_for_mailbox(lang: Lang, phone: &str) -> String {
    match lang {
        Lang::En => format!(
            "This email address has many bookings today already. Please call {phone} for another one."
        ),
        Lang::Es => format!("Esta dirección ya tiene muchas reservas hoy. Para otra, llame al {phone}."),
    }
}

/// The heading above the services.
pub const fn book_heading(lang: Lang) -> &'static str {
    say(lang, "Book an appointment", "Reservar una cita")
}

/// The heading above the times.
pub const fn time_heading(lang: Lang) -> &'static str {
    say(lang, "Choose a time", "Elija una hora")
}

/// The heading above the form.
pub const fn details_heading(lang: Lang) -> &'static str {
    say(lang, "Your details", "Sus datos")
}

/// How long something takes: `45 min`, `2 h`, `1 h 30 min`.
pub fn duration(_: Lang, minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The link back to the services.
pub const fn other_service(lang: Lang) -> &'static str {
    say(lang, "Change", "Cambiar")
}

/// Above the times that are free instead of one that is gone.
pub const fn instead(lang: Lang) -> &'static str {
    say(lang, "These times are free", "Estas horas están libres")
}

/// Above the list of what is wrong.
pub const fn please_check(lang: Lang) -> &'static str {
    say(lang, "Nothing is booked yet. Please check:", "Aún no hay nada reservado. Revise, por favor:")
}

/// The label of a field.
pub const fn label(lang: Lang, field: Field) -> &'static str {
    match field {
        Field::Start => say(lang, "Time", "Hora"),
        Field::Name => say(lang, "Name", "Nombre"),
        Field::Email => say(lang, "Email", "Correo electrónico"),
        Field::Phone => say(lang, "Phone (optional)", "Teléfono (opcional)"),
        Field::Note => {
            say(lang, "Anything we should know? (optional)", "¿Algo que debamos saber? (opcional)")
        }
    }
}

/// What a field is for; empty where that is plain.
pub const fn hint(lang: Lang, field: Field) -> &'static str {
    match field {
        Field::Email => {
            say(lang, "For the confirmation and a reminder.", "Para la confirmación y un recordatorio.")
        }
        Field::Phone => say(
            lang,
            "So that we can call if something comes up. We do not text it.",
            "Para llamarle si surge algo. No enviaremos mensajes de texto.",
        ),
        Field::Start | Field::Name | Field::Note => "",
    }
}

/// The label of the field that people do not see.
pub const fn trap(lang: Lang) -> &'static str {
    say(lang, "Leave this empty", "Deje esto vacío")
}

/// That it was filled in all the same.
pub const fn trapped(lang: Lang) -> &'static str {
    say(
        lang,
        "A field that must stay empty was filled in, perhaps by your browser. Nothing is booked yet: please send it again.",
        "Se rellenó un campo que debe quedar vacío, quizá por el navegador. Aún no hay nada reservado: envíelo de nuevo, por \
         favor.",
    )
}

/// The form is none of ours, or was cut.
pub const fn stale_form(lang: Lang) -> &'static str {
    say(
        lang,
        "This form was out of date. Nothing is booked yet: please send it again.",
        "Este formulario estaba desactualizado. Aún no hay nada reservado: envíelo de nuevo, por favor.",
    )
}

/// The button that books.
pub const fn book_button(lang: Lang) -> &'static str {
    say(lang, "Book this time", "Reservar esta hora")
}

/// What the details are for.
pub fn used_for(lang: Lang, site: &str) -> String {
    match lang {
        Lang::En => format!("{site} uses your details for this appointment, and not for advertising."),
        Lang::Es => format!("{site} usa sus datos para esta cita, y no para publicidad."),
    }
}

/// As whom a personal link books.
pub const fn books_as(lang: Lang) -> &'static str {
    say(lang, "You book as", "Reserva como")
}

/// The way to the site's own page, for somebody else.
pub const fn not_you(lang: Lang) -> &'static str {
    say(lang, "Not you? Book here", "¿No es usted? Reserve aquí")
}

/// What to do where a personal link has ended.
pub const fn ended_personal(lang: Lang) -> &'static str {
    say(
        lang,
        "It was a personal link to book with, and it works no more. Nothing was changed.",
        "Era un enlace personal para reservar y ya no funciona. Nada ha cambiado.",
    )
}

/// The heading where nothing can be booked.
pub const fn nothing_heading(lang: Lang) -> &'static str {
    say(lang, "Nothing can be booked here", "Aquí no se puede reservar nada")
}

/// What to do then.
pub const fn nothing(lang: Lang) -> &'static str {
    say(
        lang,
        "Please check the address of this page, or ask whoever gave it to you.",
        "Revise la dirección de esta página o pregunte a quien se la dio, por favor.",
    )
}
