//! Where a time that is wished for can be: which resource, or why none.

use super::Snapshot;
use crate::{
    appointment::{
        Appointment,
        slots::{Busy, Refused, Rules, Slot},
    },
    id::{AppointmentId, ResourceId},
    phrases::appointments::Refusal,
    site::booking::Service,
    time::Timestamp,
};

/// A time that is wished for.
pub(super) struct Wanted<'a> {
    /// What for.
    pub(super) service: &'a Service,
    /// When.
    pub(super) start: Timestamp,
    /// Whose time, where it matters.
    pub(super) resource: Option<&'a ResourceId>,
    /// Whose time rather than others'.
    pub(super) rather: Option<&'a ResourceId>,
    /// What is given up for it, and so in nobody's way.
    pub(super) instead_of: &'a [AppointmentId],
}

/// The slot that is wanted: at the resource it must be, else the one it rather is, else the first that is free. Where
/// there is none, the reason of the resource that came closest to having one.
pub(super) fn find(snapshot: &Snapshot<'_>, wanted: &Wanted<'_>, now: Timestamp) -> Result<Slot, Refusal> {
    let mut rules: Vec<Rules<'_>> = Rules::of(snapshot.site, wanted.service)
        .filter(|rules| wanted.resource.is_none_or(|resource| *resource == rules.resource.id))
        .collect();
    // Stable: `false` comes first, and the owner's order stays among the others.
    rules.sort_by_key(|rules| wanted.rather.is_some_and(|rather| *rather != rules.resource.id));
    let mut why = None;
    for rules in rules {
        let busy = busy(snapshot, &rules.resource.id, wanted.instead_of);
        match rules.slot_at(wanted.start, &busy, now) {
            Ok(slot) => return Ok(slot),
            Err(refused) => why = why.max(Some(refused)),
        }
    }
    Err(match why {
        None | Some(Refused::NotOffered) => Refusal::NotBookable,
        Some(Refused::Past) => Refusal::SlotPast,
        Some(Refused::DayFull) => Refusal::DayFull,
        Some(Refused::Taken) => Refusal::SlotTaken,
    })
}

/// Whether a hold still has its time, as far as was loaded: whoever writes with a clock that is a little behind may find
/// it given away.
pub(super) fn keeps(snapshot: &Snapshot<'_>, held: &Appointment, service: &Service) -> Result<(), Refusal> {
    let busy = busy(snapshot, &held.resource, std::slice::from_ref(&held.id));
    if busy.iter().any(|busy| busy.from < held.time.busy_to && held.time.busy_from < busy.to) {
        return Err(Refusal::SlotTaken);
    }
    let same = busy.iter().filter(|busy| busy.service == held.service && busy.day == held.time.day).count();
    match service.daily_max {
        Some(max) if same >= usize::try_from(max).unwrap_or(usize::MAX) => Err(Refusal::DayFull),
        _ => Ok(()),
    }
}

/// What takes a resource's time, but for what is given up.
fn busy(snapshot: &Snapshot<'_>, resource: &ResourceId, instead_of: &[AppointmentId]) -> Vec<Busy> {
    let all = snapshot.calendar.busy.get(resource).map_or(&[][..], Vec::as_slice);
    all.iter().filter(|(id, _)| !instead_of.contains(id)).map(|(_, busy)| busy.clone()).collect()
}
