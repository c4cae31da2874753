//! "Running ten minutes late": it is written on the appointment it is about, the next one.

use super::{may_see, told};
use crate::{
    appointment::{Act, Appointment, State},
    channel::Channel,
    contact::Address,
    ctx::Ctx,
    decide::{Change, Plan},
    event::Body,
    time::{HOUR_MS, Timestamp},
    wire::Speaker,
};

/// How far ahead an appointment is that somebody can be late for, in milliseconds.
const SOON_MS: i64 = 12 * HOUR_MS;

/// Writes it on the contact's next appointment, if there is one soon that the line may know of.
pub(in crate::decide) fn note(plan: &mut Plan<'_>, ctx: &mut Ctx, line: (Channel, &Address), minutes: u32) {
    if !(1..=super::MAX_LATE_MIN).contains(&minutes) {
        return;
    }
    let snapshot = plan.snapshot;
    let reachable = |own: &&Appointment| is_soon(own, ctx.now) && may_see(plan, line.1, own);
    let Some(own) = snapshot.calendar.own.iter().find(reachable) else { return };
    let mut next = own.next_version();
    next.late_by_min = Some(minutes);
    let noted = told(snapshot, &next, Act::Noted, None, None);
    plan.append(ctx, None, line, Speaker::Assistant, Body::Appointment(noted));
    plan.change(Change::UpdateAppointment(next));
}

fn is_soon(own: &Appointment, now: Timestamp) -> bool {
    own.state == State::Booked && own.time.end > now && own.time.start.since_ms(now) < SOON_MS
}
