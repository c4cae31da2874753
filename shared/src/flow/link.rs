//! What the link of one appointment shows, and what its forms change. Reading it changes nothing.
//!
//! Whoever follows the link acts on the line the appointment was made on, as the contact; every form names the version it
//! was shown for, and is refused for another.

use super::{
    FlowError, Handled, Scope,
    appointments::load_appointment,
    book::path,
    handle,
    times::{chosen, home_of, is_free, lang_of, load_times, start_of, zone_of},
};
use crate::{
    appointment::{
        Appointment, State,
        ics::{Invite, Method, Party, render_ics},
        link::{self, expires_at},
    },
    channel::Channel,
    command::{Appoint, Arrival, Ask, Command},
    contact::AddressKind,
    ctx::Ctx,
    error::{ParseError, Rejection},
    fields::Fields,
    id::{AppointmentId, EventId},
    page::{AppointmentView, Asked, Done, Frame},
    phrases::{Lang, appointments::Refusal},
    site::{Site, booking::Service},
    store::{Db, DbError, contacts},
    time::{MINUTE_MS, Timestamp},
    wire::Speaker,
};

/// What became of a posted form.
#[derive(Clone, Debug, PartialEq)]
pub enum Posted<V> {
    /// It was done; the path of the page that says so.
    Done(Handled, String),
    /// It was not: the page that says why, and its status.
    Refused(Box<V>, u16),
}

/// The appointment of a link. 410 `ended_link` where it is over for a day, or gone.
async fn find<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, id: &AppointmentId) -> Result<Appointment, FlowError> {
    let found = load_appointment(scope, id).await?.filter(|found| ctx.now < expires_at(found));
    let ended = || Rejection::new(410, "ended_link", "This link was for an appointment that is over.");
    Ok(found.ok_or_else(ended)?)
}

/// What the page of an appointment shows; `query` is the page's own, `zone` where the request came from, as far as that is
/// known.
pub async fn show<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    id: &AppointmentId,
    query: &Fields,
    zone: &str,
) -> Result<AppointmentView, FlowError> {
    let found = find(scope, ctx, id).await?;
    let mut view = view_of(scope, ctx, &found, query, zone).await?;
    let service = service_of(scope, &found);
    match (query.get("ask"), service, start_of(query)) {
        _ if !view.is_open => {}
        ("cancel", ..) => view.asked = Asked::Cancel,
        ("move", Some(service), Some(start)) if is_free(scope, ctx, service, start).await? => {
            view.asked = Asked::MoveTo(start, end_of(service, start));
        }
        ("move", Some(service), start) => {
            view.trouble = start.map(|_| Refusal::SlotTaken.text(view.frame.lang).to_owned());
            offer(scope, ctx, service, &mut view, query.get("from")).await?;
        }
        _ => {}
    }
    Ok(view)
}

/// Does what a form of the page asks for. `malformed_form` for a form that is none of the page's.
pub async fn act<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    id: &AppointmentId,
    form: &Fields,
    zone: &str,
) -> Result<Posted<AppointmentView>, FlowError> {
    let found = find(scope, ctx, id).await?;
    let malformed = || ParseError::new("malformed_form", "The form is none of the page's.");
    let version: u32 = form.get("version").parse().map_err(|_| malformed())?;
    let (ask, what, done) = match (form.get("do"), start_of(form)) {
        ("cancel", _) => (Ask::Cancel(id.clone()), "cancel".to_owned(), Done::Cancelled),
        ("move", Some(start)) => {
            let ask = Ask::Move { id: id.clone(), start, resource: None };
            (ask, format!("move/{}", start.ms()), Done::Moved)
        }
        _ => return Err(malformed().into()),
    };
    let line = scope.site.endpoint_for(found.line.kind);
    let ended = || Rejection::new(410, "ended_link", "The line this was booked on is gone.");
    let arrival = Arrival {
        endpoint: line.ok_or_else(ended)?.id.clone(),
        // The same form twice is one arrival.
        external_id: format!("link/{id}/{version}/{what}"),
        event: EventId::mint(ctx),
        at: ctx.now,
        visitor: None,
    };
    let from = found.line.clone();
    let appoint = Appoint { from, by: Speaker::Contact, version: Some(version), ask };
    match handle(scope, ctx, &Command::Appoint(arrival, appoint)).await {
        Ok(handled) => {
            let mut path = form_urlencoded::Serializer::new(String::new());
            path.append_pair("done", done.as_str()).extend_pairs(chosen(form));
            let path = format!("{}?{}", path_of(scope, id), path.finish());
            Ok(Posted::Done(handled, path))
        }
        Err(FlowError::Rejected(why)) => {
            let newest = find(scope, ctx, id).await?;
            let mut view = view_of(scope, ctx, &newest, form, zone).await?;
            view.trouble = Some(why.text);
            if let (Done::Moved, true, Some(service)) =
                (done, view.is_open && why.code != Refusal::Changed.code(), service_of(scope, &newest))
            {
                offer(scope, ctx, service, &mut view, "").await?;
            }
            Ok(Posted::Refused(Box::new(view), why.status))
        }
        Err(error) => Err(error),
    }
}

/// A copy of the appointment for a calendar. 410 where there is nothing to put into one.
pub async fn calendar<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    id: &AppointmentId,
) -> Result<String, FlowError> {
    let found = find(scope, ctx, id).await?;
    if found.state != State::Booked {
        return Err(Rejection::new(410, "ended_link", "The appointment is not booked any more.").into());
    }
    let site = scope.site;
    let mailbox = site.endpoint_on(Channel::Email).map(|line| line.address.clone()).unwrap_or_default();
    let organizer = Party { name: site.name.clone(), mailbox };
    let nobody = Party { name: String::new(), mailbox: String::new() };
    let name = service_of(scope, &found).map_or("", |service| service.name.as_str());
    let invite = Invite {
        method: Method::Publish,
        summary: format!("{name}, {}", site.name),
        description: scope.appointment_link(id).unwrap_or_default(),
        location: site.address.clone(),
        ..Invite::of(&found, ctx.now, organizer, nobody)
    };
    Ok(render_ics(&invite))
}

fn service_of<'a, D: Db>(scope: Scope<'a, D>, appointment: &Appointment) -> Option<&'a Service> {
    scope.site.booking.as_ref()?.service(&appointment.service)
}

/// The path of the page, without a query.
pub(super) fn path_of<D: Db>(scope: Scope<'_, D>, id: &AppointmentId) -> String {
    let key = scope.secrets.secret("SIGNING_KEY").unwrap_or_default();
    link::link("", &link::seal(&key, &scope.site.id, id))
}

/// Shows other times.
async fn offer<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    service: &Service,
    view: &mut AppointmentView,
    from: &str,
) -> Result<(), DbError> {
    view.asked = Asked::Move(load_times(scope, ctx, service, &view.frame.zone, from).await?);
    Ok(())
}

/// The page that only shows the appointment.
async fn view_of<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    found: &Appointment,
    form: &Fields,
    zone: &str,
) -> Result<AppointmentView, DbError> {
    let site = scope.site;
    let contact = contacts::contact(&site.id, &found.contact);
    let contact = contacts::decode_one(scope.db.query(&contact).await?)?;
    let known = contact.and_then(|contact| contact.locale);
    let lang = lang_of(form).unwrap_or_else(|| Lang::of(known.as_deref().unwrap_or(&site.locale)));
    let service = service_of(scope, found);
    let home = home_of(site, Some(&found.resource));
    let is_open = found.state == State::Booked && ctx.now < found.time.end;
    let done = Done::ALL.into_iter().find(|done| done.as_str() == form.get("done"));
    Ok(AppointmentView {
        frame: Frame {
            lang,
            site_name: site.name.clone(),
            address: site.address.clone(),
            phone: site.phone.clone(),
            path: path_of(scope, &found.id),
            zone: zone_of(form, zone, &home),
            home,
            chosen: chosen(form),
        },
        service: service.map_or_else(|| found.service.to_string(), |service| service.name.clone()),
        start: found.time.start,
        end: found.time.end,
        state: found.state,
        is_open,
        version: found.version,
        asked: Asked::Look,
        // What stands in an address may be old: it is said where it is so.
        done: done.filter(|done| (found.state == State::Cancelled) == (*done == Done::Cancelled)),
        trouble: None,
        book: again(scope, ctx, found),
    })
}

/// Where whoever has an appointment books another one: on their own page where it was made on a line they are written to.
fn again<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, found: &Appointment) -> Option<String> {
    let public = book_url(scope.site)?;
    let is_ours = public == path(scope.site) && found.line.kind != AddressKind::Visitor;
    let own = || scope.personal_link(&found.contact, ctx.now);
    Some(is_ours.then(own).flatten().unwrap_or(public))
}

/// Where a new appointment is booked: where the owner says, else on our own page where it can be.
pub fn book_url(site: &Site) -> Option<String> {
    let theirs = site.booking_url.clone();
    let theirs = theirs.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    theirs.or_else(|| site.booking.as_ref().map(|_| path(site)))
}

/// Where a free start ends, for a service.
pub(super) fn end_of(service: &Service, start: Timestamp) -> Timestamp {
    start.plus_ms(i64::from(service.duration_min) * MINUTE_MS)
}
