//! The days and times that a page offers, on the clock of whoever looks.

use jiff::{Span, civil::Date, tz::TimeZone};

use super::{Scope, appointments::load_slots};
use crate::{
    calendar,
    ctx::Ctx,
    fields::Fields,
    id::ResourceId,
    page::{Day, Times},
    phrases::Lang,
    site::{Site, booking::Service},
    store::{Db, DbError},
    time::Timestamp,
};

/// How many days are looked at for one page.
const WINDOW_DAYS: i64 = 28;
/// How many days with free times one page shows.
const SHOWN_DAYS: usize = 5;
/// How many times are offered instead of one that is gone.
const INSTEAD: usize = 6;

/// The free times of a service, from a day on (`YYYY-MM-DD` in `zone`; today where it is none). One round trip.
pub(super) async fn load_times<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    service: &Service,
    zone: &str,
    from: &str,
) -> Result<Times, DbError> {
    let there = calendar::zone(zone);
    let today = calendar::local(ctx.now, &there).date();
    let ahead = Span::new().days(i64::from(service.ahead_days.min(10_000)) + 1);
    let horizon = today.saturating_add(ahead);
    let from = from.parse::<Date>().ok().filter(|day| *day > today && *day <= horizon);
    let first = from.unwrap_or(today);
    let after = first.saturating_add(Span::new().days(WINDOW_DAYS));
    let slots = load_slots(scope, ctx, &service.id, begins(first, &there), begins(after, &there)).await?;
    let mut days: Vec<(Date, Day)> = Vec::new();
    for slot in slots {
        let start = slot.time.start;
        let date = calendar::local(start, &there).date();
        match days.last_mut() {
            // Several resources may be free at the same time.
            Some((last, day)) if *last == date => {
                if day.starts.last() != Some(&start) {
                    day.starts.push(start);
                }
            }
            _ => days.push((date, Day { starts: vec![start] })),
        }
    }
    let next = days.get(SHOWN_DAYS).map(|(date, _)| *date);
    let later = next.or_else(|| Some(after).filter(|after| *after <= horizon));
    days.truncate(SHOWN_DAYS);
    Ok(Times {
        days: days.into_iter().map(|(_, day)| day).collect(),
        from: from.map(|day| day.to_string()),
        later: later.map(|day| day.to_string()),
    })
}

/// The free starts that are closest to one that is not, from its day on, earliest first.
pub(super) async fn load_instead<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    service: &Service,
    zone: &str,
    start: Timestamp,
) -> Result<Vec<Timestamp>, DbError> {
    let day = calendar::local(start, &calendar::zone(zone)).date().to_string();
    let free = load_times(scope, ctx, service, zone, &day).await?;
    let mut starts: Vec<Timestamp> = free.days.into_iter().flat_map(|day| day.starts).collect();
    starts.sort_by_key(|free| free.since_ms(start).saturating_abs());
    starts.truncate(INSTEAD);
    starts.sort_unstable();
    Ok(starts)
}

/// Whether a start can be booked now, as far as is known. One round trip.
pub(super) async fn is_free<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    service: &Service,
    start: Timestamp,
) -> Result<bool, DbError> {
    let slots = load_slots(scope, ctx, &service.id, start, start.plus_ms(1)).await?;
    Ok(slots.iter().any(|slot| slot.time.start == start))
}

/// When a day begins in a zone.
fn begins(day: Date, zone: &TimeZone) -> Timestamp {
    let at = day.to_zoned(zone.clone()).map(|at| at.timestamp().as_millisecond());
    Timestamp::from_ms(at.unwrap_or(i64::MAX))
}

/// The zone a page is shown in: the one that was chosen, else the visitor's as far as the request told it, else the place's.
pub(super) fn zone_of(form: &Fields, told: &str, home: &str) -> String {
    let known = |zone: &&str| !zone.is_empty() && TimeZone::get(zone).is_ok();
    [form.get("zone"), told].into_iter().find(known).unwrap_or(home).to_owned()
}

/// The zone of the place: the resource's, else the site's.
pub(super) fn home_of(site: &Site, resource: Option<&ResourceId>) -> String {
    let resource = resource.and_then(|resource| site.booking.as_ref()?.resource(resource));
    resource.map_or_else(|| site.time_zone.clone(), |resource| resource.time_zone.clone())
}

/// The language a page is asked for in.
pub(super) fn lang_of(form: &Fields) -> Option<Lang> {
    Lang::ALL.into_iter().find(|lang| lang.tag() == form.get("lang"))
}

/// What the visitor chose of language and zone, as it is kept in every link.
pub(super) fn chosen(form: &Fields) -> Vec<(&'static str, String)> {
    let mut chosen = Vec::new();
    if let Some(lang) = lang_of(form) {
        chosen.push(("lang", lang.tag().to_owned()));
    }
    let zone = form.get("zone");
    if !zone.is_empty() && TimeZone::get(zone).is_ok() {
        chosen.push(("zone", zone.to_owned()));
    }
    chosen
}

/// The instant of a `start` field.
pub(super) fn start_of(form: &Fields) -> Option<Timestamp> {
    form.get("start").parse().ok().map(Timestamp::from_ms)
}
