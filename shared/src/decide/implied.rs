//! Consent to marketing that follows from dealing with each other and ends by itself: six months after somebody asked us
//! something, two years after an appointment that took place. Source: CASL s. 10(9)(a), 10(10)(a) and (e), 10(13).
//!
//! It is recorded only where it is what the law of the contact's place and the site's policy ask for, no more and no less, and
//! only for an address whose owner it is known to be: the one a question came from, or one that is proven. What somebody took
//! back it never brings back. A ledger is not written with every message: what ends no more than a month earlier than it
//! could stands as it is, which errs on the side of silence.

use super::{Plan, typed};
use crate::{
    appointment::AppointmentEvent,
    calendar::{self, quiet},
    channel::Channel,
    consent::{Action, Actor, Basis, ConsentBody, LegalBasis, Level, Standing, standing},
    contact::{Address, AddressKind, Assurance},
    ctx::Ctx,
    delivery::Purpose,
    event::Event,
    gate::marketing_needs,
    id::EventId,
    text,
    time::{DAY_MS, Timestamp},
};

/// How long an inquiry counts, in months: CASL s. 10(10)(e).
const INQUIRY_MONTHS: i32 = 6;
/// How long something that was bought or agreed counts, in months: CASL s. 10(10)(a).
const DEALING_MONTHS: i32 = 24;
/// How much later an end must be to be worth an entry, in milliseconds.
const WORTH_MS: i64 = 30 * DAY_MS;
/// How much of a question is kept as evidence, in characters.
const MAX_EVIDENCE_CHARS: usize = 500;

/// The contact asked something from an address that is vouched for.
pub(super) fn inquired(plan: &mut Plan<'_>, ctx: &mut Ctx, line: (Channel, &Address), event: &Event) {
    let Some(message) = event.message().filter(|message| !message.automatic && asks(&message.text)) else {
        return;
    };
    let ends = calendar::months_after(event.at, INQUIRY_MONTHS);
    let evidence = text::shorten(&message.text, MAX_EVIDENCE_CHARS);
    let basis = (Basis::Inquired, LegalBasis::ImpliedInquiry);
    grant(plan, ctx, line.1, line, basis, (&evidence, &event.id), ends);
}

/// An appointment took place.
pub(super) fn dealt(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    line: (Channel, &Address),
    (told, event): (&AppointmentEvent, &EventId),
) {
    let ends = calendar::months_after(told.end, DEALING_MONTHS);
    let evidence = format!("{}, {}", told.name, calendar::local(told.start, &jiff::tz::TimeZone::UTC).date());
    let is_proven = |known: &&super::Known| {
        let owner = known.owner.as_ref();
        owner.is_some_and(|(id, handle)| {
            *id == plan.contact.id && handle.assurance >= Assurance::Possessed && !handle.is_shared
        })
    };
    let own: Vec<Address> =
        plan.snapshot.addresses.iter().filter(is_proven).map(|known| known.address.clone()).collect();
    for address in own {
        let basis = (Basis::Dealt, LegalBasis::ImpliedDealing);
        grant(plan, ctx, &address, line, basis, (&evidence, event), ends);
    }
}

/// Whether a text asks something, in any of the scripts that contacts write in.
fn asks(text: &str) -> bool {
    text.contains(['?', '؟', '？'])
}

fn grant(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    address: &Address,
    line: (Channel, &Address),
    (basis, legal): (Basis, LegalBasis),
    (evidence, event): (&str, &EventId),
    ends: Timestamp,
) {
    let Some(channel) =
        [Channel::Sms, Channel::Email].into_iter().find(|on| AddressKind::of(*on) == address.kind)
    else {
        return;
    };
    let mut known = typed::known(plan.snapshot, address);
    let number = (address.kind == AddressKind::Phone).then_some(address.text.as_str());
    let site = plan.snapshot.site;
    let place = quiet::whereabouts(plan.contact.time_zone.as_deref(), number, &site.time_zone);
    let is_blocked = known.owner.as_ref().is_some_and(|(_, handle)| handle.blocked);
    if is_blocked
        || marketing_needs(&site.policy, &place, channel) != Some(Level::Implied)
        || !is_worth_it(&known.chain, channel, ends, ctx.now)
    {
        return;
    }
    let body = ConsentBody {
        purpose: Some(Purpose::Marketing),
        level: Level::Implied,
        legal,
        actor: Actor::System,
        expires_at: Some(ends),
        ..ConsentBody::of(channel, Action::Grant, basis, evidence, event)
    };
    typed::record(plan, ctx, &mut known, line, body);
}

/// Whether nothing stands yet, or nothing but what follows from earlier dealings and ends a good while sooner.
fn is_worth_it(
    chain: &[crate::consent::ConsentEntry],
    channel: Channel,
    ends: Timestamp,
    now: Timestamp,
) -> bool {
    if ends <= now {
        return false;
    }
    match standing(chain, channel, Purpose::Marketing, None, now) {
        Standing::Silent => true,
        Standing::Granted { level: Level::Implied, .. } => {
            let implied = chain.iter().filter(|entry| {
                entry.body.channel == channel
                    && entry.body.purpose == Some(Purpose::Marketing)
                    && entry.body.level == Level::Implied
            });
            let latest = implied.filter_map(|entry| entry.body.expires_at).max();
            latest.is_none_or(|latest| ends.since_ms(latest) > WORTH_MS)
        }
        Standing::Granted { .. } | Standing::Revoked { .. } => false,
    }
}
