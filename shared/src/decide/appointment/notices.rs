//! What a contact is told unasked about an appointment: a confirmation at once, a reminder the day before, and that it was
//! called off.
//!
//! Each is a planned message of one state of the appointment: whatever moves it or calls it off makes them pointless. An
//! appointment that is booked late is reminded of in its own morning, or not at all.

use jiff::civil::Time as Clock;

use crate::{
    appointment::{Act, Appointment},
    calendar,
    channel::Channel,
    ctx::Ctx,
    delivery::Purpose,
    id::PlannedId,
    phrases::{Lang, appointments as phrases},
    planned::{AppointmentAt, Planned, PlannedBody, PlannedState, Unless},
    site::Site,
    time::{DAY_MS, HOUR_MS, Timestamp},
};

/// How long before an appointment a reminder is of no use any more, in milliseconds.
const TOO_LATE_MS: i64 = HOUR_MS;
/// The hour, where the appointment is, at which somebody who booked late is reminded.
const MORNING: i8 = 8;
/// Who says it, as the timeline names it.
const SPEAKER: &str = "appointments";

/// The messages that an act brings about; `said_by_text` where the contact has just read it as a text message.
pub(super) fn notices(
    site: &Site,
    next: &Appointment,
    (act, was_booked): (Act, bool),
    lang: Lang,
    said_by_text: bool,
    ctx: &mut Ctx,
) -> Vec<Planned> {
    let zone = super::zone_of(site, &next.resource);
    let service = site.booking.as_ref().and_then(|booking| booking.service(&next.service));
    let name = service.map_or("", |service| &service.name);
    let when = calendar::local_date_time(next.time.start, zone, lang);
    let told = Told { site: &site.name, service: name, when: &when };
    let mut planned = Vec::new();
    let now = |ctx: &mut Ctx, what, text, subject| {
        let mut body = confirmation(next, what, text, subject, next.time.end);
        if said_by_text {
            body.among = vec![Channel::Email];
        }
        notice(next, ctx, ctx.now, body)
    };
    match act {
        Act::Booked | Act::Moved => {
            let text = phrases::confirmed(lang, &told, act == Act::Moved);
            planned.push(now(ctx, "confirmed", text, phrases::confirmed_subject(lang, &told)));
            if let Some(due_at) = reminded_at(next, zone, ctx.now) {
                let text = phrases::reminded(lang, &told);
                let reminder = PlannedBody {
                    purpose: Purpose::Reminder,
                    among: Vec::new(),
                    subject: Some(phrases::reminded_subject(lang, &told)),
                    ..confirmation(
                        next,
                        "reminder",
                        text,
                        String::new(),
                        next.time.start.plus_ms(-TOO_LATE_MS),
                    )
                };
                planned.push(notice(next, ctx, due_at, reminder));
            }
        }
        Act::Cancelled if was_booked => {
            let text = phrases::called_off(lang, &told);
            planned.push(now(ctx, "called_off", text, phrases::called_off_subject(lang, &told)));
        }
        _ => {}
    }
    planned
}

/// What the sentences are about.
pub(crate) struct Told<'a> {
    pub(crate) site: &'a str,
    pub(crate) service: &'a str,
    pub(crate) when: &'a str,
}

fn confirmation(
    appointment: &Appointment,
    what: &str,
    text: String,
    subject: String,
    later_than: Timestamp,
) -> PlannedBody {
    let Appointment { id, sequence, state, .. } = appointment;
    PlannedBody {
        member: false,
        speaker: SPEAKER.into(),
        purpose: Purpose::Transactional,
        topic: Some(format!("{id}.{what}.{sequence}")),
        // It is kept and looked up again, so it goes where things are kept.
        among: vec![Channel::Email, Channel::Sms],
        text,
        mail: None,
        subject: Some(subject),
        unless: Unless {
            heard_after: None,
            later_than: Some(later_than),
            appointment: Some(AppointmentAt { id: id.clone(), sequence: *sequence, state: *state }),
        },
    }
}

fn notice(appointment: &Appointment, ctx: &mut Ctx, due_at: Timestamp, body: PlannedBody) -> Planned {
    Planned {
        id: PlannedId::mint(ctx),
        conversation: appointment.conversation.clone(),
        body,
        due_at,
        state: PlannedState::Waiting,
        reason: None,
        delivery: None,
    }
}

/// When a reminder is due: a day before, else in the morning of the day itself, else never.
fn reminded_at(appointment: &Appointment, zone: &str, now: Timestamp) -> Option<Timestamp> {
    let start = appointment.time.start;
    let last = start.plus_ms(-TOO_LATE_MS);
    let day_before = start.plus_ms(-DAY_MS);
    if day_before > now {
        return Some(day_before);
    }
    let there = calendar::local(start, &calendar::zone(zone));
    let morning = there.with().time(Clock::constant(MORNING, 0, 0, 0)).build().ok()?;
    let morning = Timestamp::from_ms(morning.timestamp().as_millisecond());
    // Whoever has just booked for the same morning needs no reminder.
    (morning.since_ms(now) > HOUR_MS && morning < last).then_some(morning)
}
