//! Somebody books on the booking page: the contact, what they typed, and the appointment come in one batch.
//!
//! What was typed follows the rules of every typed address: it becomes the contact's where nobody has it, is only noted
//! where somebody does, and unlocks nothing. The confirmation is a first message to it, so the site's limit of those per
//! hour holds, and a mailbox is booked for so many times a day at most, by whomever.

use super::{Change, Plan};
use crate::{
    appointment::booker::{Booker, Read},
    contact::Address,
    ctx::Ctx,
    decide::{Snapshot, pace, typed},
    error::Rejection,
    event::Event,
    phrases::{Lang, booking_page as words},
};

/// How many times a day the page books for one mailbox.
const MAX_A_DAY: u32 = 5;

/// Reads what was typed. Rejects what cannot be taken, by the first field it is.
pub(super) fn read(snapshot: &Snapshot<'_>, booker: &Booker, lang: Lang) -> Result<Read, Rejection> {
    booker.read(&snapshot.site.region).map_err(|wrong| {
        let field = wrong.first().copied().unwrap_or(crate::appointment::booker::Field::Name);
        Rejection::new(400, field.code(), words::wrong(lang, field))
    })
}

/// Counts it against what may be typed and said; rejects one too many.
pub(super) fn count(plan: &mut Plan<'_>, ctx: &Ctx, read: &Read, line: &Address) -> Result<(), Rejection> {
    let (snapshot, lang) = (plan.snapshot, plan.lang());
    let phone = &snapshot.site.phone;
    if snapshot.first_messages >= snapshot.site.limits.first_messages_per_hour {
        return Err(Rejection::new(429, "too_many_bookings", words::too_many(lang, phone)));
    }
    if snapshot.booked_for >= MAX_A_DAY {
        return Err(Rejection::new(429, "too_many_for_mailbox", words::too_many_for_mailbox(lang, phone)));
    }
    for address in [Some(&read.email), read.phone.as_ref()].into_iter().flatten() {
        let known = typed::known(snapshot, address);
        pace::take_typed(plan, ctx, &known, line).map_err(|_| pace::too_many_addresses(plan))?;
    }
    plan.change(Change::CountFirst);
    plan.change(Change::CountBooked(read.email.clone()));
    Ok(())
}

/// Notes that what was read was typed in `event`.
pub(super) fn claim(plan: &mut Plan<'_>, read: &Read, event: &Event) {
    for address in [Some(&read.email), read.phone.as_ref()].into_iter().flatten() {
        let mut known = typed::known(plan.snapshot, address);
        typed::claim(plan, &mut known, event);
    }
}
