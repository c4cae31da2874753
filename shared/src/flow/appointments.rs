//! Reads what appointments need: the slots that can be offered, a contact's own appointments, and what a command about
//! one is decided from. Writing is [`super::handle()`]'s alone.

use std::collections::BTreeMap;

use super::Scope;
use crate::{
    appointment::{
        Appointment,
        slots::{Rules, Slot},
    },
    assistant::{Opening, Said, builtin},
    command::Ask,
    contact::Contact,
    ctx::Ctx,
    decide::Calendar,
    id::{AppointmentId, ContactId, ResourceId, ServiceId},
    site::booking::Service,
    store::{Db, DbError, Stmt, appointments},
    time::{DAY_MS, Timestamp},
};

/// How many of a contact's appointments are looked at.
const MAX_OWN: u32 = 100;
/// The longest window slots are looked for in, in milliseconds.
const MAX_WINDOW_MS: i64 = 93 * DAY_MS;

/// A service of the site.
fn service_of<'a, D: Db>(scope: Scope<'a, D>, id: &ServiceId) -> Option<&'a Service> {
    scope.site.booking.as_ref()?.service(id)
}

/// The slots of a service that begin within `[from, to)` and can be booked now, earliest first; where several resources
/// are free at the same time, in the owner's order. Empty for a service the site does not have; a window of more than 93
/// days is cut. One round trip.
pub async fn load_slots<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    service: &ServiceId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Slot>, DbError> {
    let Some(service) = service_of(scope, service) else { return Ok(Vec::new()) };
    let from = from.max(ctx.now);
    let to = to.min(from.plus_ms(MAX_WINDOW_MS));
    let rules: Vec<Rules<'_>> = Rules::of(scope.site, service).collect();
    let site = &scope.site.id;
    let stmts: Vec<Stmt> =
        rules.iter().map(|rules| appointments::busy(site, &rules.resource.id, from, to, ctx.now)).collect();
    let mut slots = Vec::new();
    for (rules, answer) in rules.iter().zip(scope.db.batch(&stmts).await?) {
        let busy: Vec<_> = appointments::decode_busy(answer)?.into_iter().map(|(_, busy)| busy).collect();
        slots.extend(rules.slots(from, to, &busy, ctx.now));
    }
    // Stable: the owner's order stays among slots of the same start.
    slots.sort_by_key(|slot| slot.time.start);
    Ok(slots)
}

/// The times of every service that can be booked within the next three weeks, or around a later day that a burst names,
/// earliest first. A time at which several resources are free stands there once. One round trip.
pub(super) async fn load_openings<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    burst: &[Said],
) -> Result<Vec<Opening>, DbError> {
    let site = scope.site;
    let services = site.booking.iter().flat_map(|booking| &booking.services);
    let rules: Vec<Rules<'_>> = services.flat_map(|service| Rules::of(site, service)).collect();
    let (from, to) = builtin::looked_at(site, burst, ctx.now);
    let mut resources: Vec<&ResourceId> = rules.iter().map(|rules| &rules.resource.id).collect();
    resources.sort();
    resources.dedup();
    let stmts: Vec<Stmt> =
        resources.iter().map(|resource| appointments::busy(&site.id, resource, from, to, ctx.now)).collect();
    let mut busy = BTreeMap::new();
    for (resource, answer) in resources.into_iter().zip(scope.db.batch(&stmts).await?) {
        let taken: Vec<_> = appointments::decode_busy(answer)?.into_iter().map(|(_, busy)| busy).collect();
        busy.insert(resource, taken);
    }
    let mut openings: Vec<Opening> = Vec::new();
    for rules in rules {
        let taken = busy.get(&rules.resource.id).map_or(&[][..], Vec::as_slice);
        let (service, time_zone) = (&rules.service.id, &rules.resource.time_zone);
        for slot in rules.slots(from, to, taken, ctx.now) {
            let start = slot.time.start;
            if !openings.iter().any(|known| known.service == *service && known.start == start) {
                openings.push(Opening { service: service.clone(), start, time_zone: time_zone.clone() });
            }
        }
    }
    openings.sort_by_key(|opening| opening.start);
    Ok(openings)
}

/// An appointment of the site; `None` where there is none of this id.
pub async fn load_appointment<D: Db>(
    scope: Scope<'_, D>,
    id: &AppointmentId,
) -> Result<Option<Appointment>, DbError> {
    let answer = scope.db.query(&appointments::one(&scope.site.id, id)).await?;
    Ok(appointments::decode(answer)?.into_iter().next())
}

/// A contact's appointments that are not over, holds that last included, earliest first.
pub async fn load_open<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    contact: &ContactId,
) -> Result<Vec<Appointment>, DbError> {
    let stmt = appointments::of_contact(&scope.site.id, contact, ctx.now, MAX_OWN);
    let mut own = appointments::decode(scope.db.query(&stmt).await?)?;
    own.retain(|own| !own.is_over_at(ctx.now) && !own.is_expired_at(ctx.now));
    Ok(own)
}

/// What something asked about an appointment is decided from: the appointment it names or `makes`, the contact's others,
/// and what takes the time of the resources it may go to.
pub(super) async fn load_calendar<D: Db>(
    scope: Scope<'_, D>,
    ask: &Ask,
    makes: Option<&AppointmentId>,
    contact: Option<&Contact>,
    ctx: &Ctx,
) -> Result<Calendar, DbError> {
    let site = &scope.site.id;
    let named = match ask.names().or(makes) {
        Some(id) => load_appointment(scope, id).await?,
        None => None,
    };
    let (service, start) = match ask {
        Ask::Hold(wish) | Ask::Book(wish) | Ask::BookAs(wish, _) => (Some(&wish.service), Some(wish.start)),
        Ask::BookHeld { .. } => {
            (named.as_ref().map(|held| &held.service), named.as_ref().map(|held| held.time.start))
        }
        Ask::Move { start, .. } => (named.as_ref().map(|booked| &booked.service), Some(*start)),
        Ask::Cancel(_) | Ask::Note(..) | Ask::MarkMissed(_) | Ask::MarkDone(_) => (None, None),
    };
    let mut stmts: Vec<Stmt> =
        contact.iter().map(|contact| appointments::of_contact(site, &contact.id, ctx.now, MAX_OWN)).collect();
    let service = service.and_then(|id| service_of(scope, id));
    let rules: Vec<Rules<'_>> =
        service.map(|service| Rules::of(scope.site, service).collect()).unwrap_or_default();
    if let Some(start) = start {
        stmts.extend(
            rules.iter().map(|rules| appointments::busy(site, &rules.resource.id, start, start, ctx.now)),
        );
    }
    if stmts.is_empty() {
        return Ok(Calendar { named, ..Calendar::default() });
    }
    let mut answers = scope.db.batch(&stmts).await?.into_iter();
    let own = match contact {
        Some(_) => appointments::decode(answers.next().unwrap_or_default())?,
        None => Vec::new(),
    };
    let mut busy = BTreeMap::new();
    for (rules, answer) in rules.iter().zip(answers) {
        busy.insert(rules.resource.id.clone(), appointments::decode_busy(answer)?);
    }
    Ok(Calendar { named, own, busy, link: None })
}
