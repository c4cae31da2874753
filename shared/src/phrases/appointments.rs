//! Refusals about appointments: each names what to do instead.

use super::Lang;
use crate::decide::Told;

/// Why something asked about an appointment cannot be. Each is a stable code and a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The time was taken, perhaps a moment ago.
    SlotTaken,
    /// The time has passed.
    SlotPast,
    /// The day has as many of this service as there may be.
    DayFull,
    /// The time is none that is offered.
    NotBookable,
    /// The site has no such service.
    UnknownService,
    /// The contact has no such appointment, or may not reach it from this line.
    UnknownAppointment,
    /// The appointment has ended: called off, missed, done, or its time is over.
    AppointmentOver,
    /// The hold has ended.
    ExpiredHold,
    /// The appointment is booked already.
    AlreadyBooked,
    /// It is only held: what was asked is for booked appointments.
    NotBooked,
    /// The appointment has not begun.
    NotBegun,
    /// It is not the version that was meant.
    Changed,
    /// Only the team may.
    NotAllowed,
    /// The contact has as many appointments ahead as they may.
    TooMany,
    /// A note without words.
    EmptyNote,
    /// A note of more than 500 characters, or more notes than an appointment takes.
    LongNote,
    /// Minutes that are none, or more than four hours.
    BadDelay,
}

impl Refusal {
    /// The HTTP status, 4xx.
    pub const fn status(self) -> u16 {
        match self {
            Self::UnknownService | Self::UnknownAppointment => 404,
            Self::NotAllowed => 403,
            Self::EmptyNote | Self::LongNote | Self::BadDelay => 400,
            Self::TooMany => 429,
            _ => 409,
        }
    }

    /// Stable, in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SlotTaken => "slot_taken",
            Self::SlotPast => "slot_past",
            Self::DayFull => "day_full",
            Self::NotBookable => "not_bookable",
            Self::UnknownService => "unknown_service",
            Self::UnknownAppointment => "unknown_appointment",
            Self::AppointmentOver => "appointment_over",
            Self::ExpiredHold => "expired_hold",
            Self::AlreadyBooked => "already_booked",
            Self::NotBooked => "not_booked",
            Self::NotBegun => "not_begun",
            Self::Changed => "appointment_changed",
            Self::NotAllowed => "not_allowed",
            Self::TooMany => "too_many_appointments",
            Self::EmptyNote => "empty_note",
            Self::LongNote => "long_note",
            Self::BadDelay => "bad_delay",
        }
    }

    /// One sentence for the contact, in their language.
    pub const fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.english(),
            Lang::Es => self.spanish(),
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::SlotTaken => "Somebody has just taken that time. Please choose another one.",
            Self::SlotPast => "That time has passed. Please choose a later one.",
            Self::DayFull => "That day is full for this service. Please choose another day.",
            Self::NotBookable => "That time cannot be booked. Please choose one of the times offered.",
            Self::UnknownService => "We do not have that service. Please choose one of those offered.",
            Self::UnknownAppointment => {
                "We cannot find that appointment here. Please use the link in your confirmation."
            }
            Self::AppointmentOver => "That appointment is over or was called off. Please book a new one.",
            Self::ExpiredHold => "We could keep that time for ten minutes only. Please choose it again.",
            Self::AlreadyBooked => "That appointment is booked already.",
            Self::NotBooked => "That time is not booked yet. Please book it, or choose another one.",
            Self::NotBegun => "That appointment has not begun yet.",
            Self::Changed => "That appointment has changed meanwhile. Please look at it again.",
            Self::NotAllowed => "Only the team can do that. Please ask for a person.",
            Self::TooMany => {
                "You have many appointments ahead already. Please cancel one, or ask for a person."
            }
            Self::EmptyNote => "That note is empty. Please write a few words.",
            Self::LongNote => "That note is too long. Please say it in fewer words.",
            Self::BadDelay => "Please say how late you are in minutes, 240 at most, or choose another time.",
        }
    }

    const fn spanish(self) -> &'static str {
        match self {
            Self::SlotTaken => "Alguien acaba de tomar esa hora. Elija otra, por favor.",
            Self::SlotPast => "Esa hora ya pasó. Elija una posterior, por favor.",
            Self::DayFull => "Ese día ya está completo para este servicio. Elija otro día, por favor.",
            Self::NotBookable => "Esa hora no se puede reservar. Elija una de las que ofrecemos, por favor.",
            Self::UnknownService => "No tenemos ese servicio. Elija uno de los que ofrecemos, por favor.",
            Self::UnknownAppointment => {
                "No encontramos esa cita aquí. Use el enlace de su confirmación, por favor."
            }
            Self::AppointmentOver => "Esa cita ya terminó o se canceló. Reserve una nueva, por favor.",
            Self::ExpiredHold => "Solo podíamos guardar esa hora diez minutos. Elíjala de nuevo, por favor.",
            Self::AlreadyBooked => "Esa cita ya está reservada.",
            Self::NotBooked => "Esa hora aún no está reservada. Resérvela o elija otra, por favor.",
            Self::NotBegun => "Esa cita aún no ha empezado.",
            Self::Changed => "Esa cita cambió mientras tanto. Mírela otra vez, por favor.",
            Self::NotAllowed => "Solo el equipo puede hacer eso. Pida hablar con una persona, por favor.",
            Self::TooMany => "Ya tiene muchas citas pendientes. Cancele una o pida hablar con una persona.",
            Self::EmptyNote => "Esa nota está vacía. Escriba unas palabras, por favor.",
            Self::LongNote => "Esa nota es demasiado larga. Dígalo con menos palabras, por favor.",
            Self::BadDelay => {
                "Diga cuántos minutos llegará tarde, 240 como máximo, o elija otra hora, por favor."
            }
        }
    }
}

/// How it is moved or called off, under a message about it.
pub(crate) fn change_it(lang: Lang, link: &str) -> String {
    match lang {
        Lang::En => format!("Move or cancel it here: {link}"),
        Lang::Es => format!("Cámbiela o anúlela aquí: {link}"),
    }
}

/// That an appointment is booked, or booked anew at another time.
pub(crate) fn confirmed(lang: Lang, told: &Told<'_>, is_moved: bool) -> String {
    let Told { site, service, when } = told;
    match (lang, is_moved) {
        (Lang::En, false) => {
            format!("You are booked at {site}: {service}, {when}. Questions? Just reply.")
        }
        (Lang::En, true) => {
            format!("Your appointment at {site} is now {service}, {when}. Questions? Just reply.")
        }
        (Lang::Es, false) => {
            format!("Su cita en {site} está reservada: {service}, {when}. ¿Preguntas? Responda aquí.")
        }
        (Lang::Es, true) => {
            format!("Su cita en {site} ahora es: {service}, {when}. ¿Preguntas? Responda aquí.")
        }
    }
}

/// The subject of that mail.
pub(crate) fn confirmed_subject(lang: Lang, told: &Told<'_>) -> String {
    let Told { service, when, .. } = told;
    match lang {
        Lang::En => format!("Booked: {service}, {when}"),
        Lang::Es => format!("Reservado: {service}, {when}"),
    }
}

/// Reminds of an appointment.
pub(crate) fn reminded(lang: Lang, told: &Told<'_>) -> String {
    let Told { site, service, when } = told;
    match lang {
        Lang::En => {
            format!("A reminder from {site}: {service}, {when}. Running late? Just reply.")
        }
        Lang::Es => {
            format!("Recordatorio de {site}: {service}, {when}. ¿Llega tarde? Responda aquí.")
        }
    }
}

/// The subject of that mail.
pub(crate) fn reminded_subject(lang: Lang, told: &Told<'_>) -> String {
    let Told { service, when, .. } = told;
    match lang {
        Lang::En => format!("Reminder: {service}, {when}"),
        Lang::Es => format!("Recordatorio: {service}, {when}"),
    }
}

/// That an appointment is called off.
pub(crate) fn called_off(lang: Lang, told: &Told<'_>) -> String {
    let Told { site, service, when } = told;
    match lang {
        Lang::En => format!("Your appointment at {site} is cancelled: {service}, {when}."),
        Lang::Es => {
            format!("Su cita en {site} está anulada: {service}, {when}.")
        }
    }
}

/// The subject of that mail.
pub(crate) fn called_off_subject(lang: Lang, told: &Told<'_>) -> String {
    let Told { service, when, .. } = told;
    match lang {
        Lang::En => format!("Cancelled: {service}, {when}"),
        Lang::Es => format!("Anulada: {service}, {when}"),
    }
}
