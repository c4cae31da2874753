//! Something is asked about an appointment.
//!
//! 1. A duplicate is acknowledged again.
//! 2. Who may: the contact and the assistant reach the contact's own appointments, from a line that is not proven only
//!    those made on it; the team reaches those of the contact it names. Anything else looks as if it were not there.
//! 3. What is asked is refused where it cannot be; a refusal has a stable code and changes nothing.
//! 4. The appointment's next version, and one event that tells it, go into the same batch.
//!
//! Times are judged here so that a refusal can say why; that nobody else takes them meanwhile is the database's to keep.

mod booker;
mod notices;
mod place;

use std::collections::BTreeMap;

pub(crate) use notices::Told;
use place::Wanted;

use super::{Change, Decision, Plan, Snapshot, pace, plan::duplicate, planned::wakes, sequence};
use crate::{
    appointment::{Act, Appointment, AppointmentEvent, HOLD_MS, State, ics::Answer, id_of, slots::Busy},
    channel::Channel,
    command::{Appoint, Arrival, Ask, Note, Wish},
    contact::Address,
    ctx::Ctx,
    error::Rejection,
    event::Body,
    id::{AppointmentId, ResourceId},
    identity,
    phrases::{self, Lang, appointments::Refusal},
    site::{Site, booking::Service},
    time::Timestamp,
    wire::{Offer, Speaker},
};

/// How many appointments a contact may have ahead.
const MAX_AHEAD: usize = 12;
/// The longest note, in characters.
const MAX_NOTE_CHARS: usize = 500;
/// The longest that an appointment's notes may be together, in characters.
const MAX_NOTES_CHARS: usize = 2_000;
/// The longest delay, in minutes.
const MAX_LATE_MIN: u32 = 240;

/// What is known of appointments.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// The appointment the command is about, or one that has the id of the one it would make.
    pub named: Option<Appointment>,
    /// The contact's appointments that end in the future, earliest first.
    pub own: Vec<Appointment>,
    /// What takes the time of each resource the command may go to.
    pub busy: BTreeMap<ResourceId, Vec<(AppointmentId, Busy)>>,
    /// The link of the appointment that a planned message is about.
    pub link: Option<String>,
}

/// What an appointment becomes, and how it is told.
struct Step {
    next: Appointment,
    act: Act,
    was: Option<Timestamp>,
    note: Option<String>,
    answer: Option<Answer>,
}

pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    arrival: &Arrival,
    appoint: &Appoint,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    if let Some(decision) = duplicate(snapshot, &arrival.event) {
        return Ok(decision);
    }
    let mut lang = Lang::of(&snapshot.site.locale);
    if let Some(hints) = arrival.visitor.as_ref().filter(|hints| !hints.locale.is_empty()) {
        lang = Lang::of(&hints.locale);
    }
    let typed = appoint.ask.booker().map(|booker| booker::read(snapshot, booker, lang)).transpose()?;
    let name = typed.as_ref().map(|typed| typed.name.as_str());
    let mut plan = Plan::from_sender(snapshot, &appoint.from, name, arrival.visitor.as_ref(), ctx);
    let lang = plan.lang();
    let refused = |why: Refusal| Rejection::new(why.status(), why.code(), why.text(lang));
    if appoint.by == Speaker::Contact {
        pace::check(&plan, ctx)?;
        pace::count(&mut plan, ctx);
    }
    if let Some(typed) = &typed {
        booker::count(&mut plan, ctx, typed, &appoint.from)?;
    }
    let on = channel_of(snapshot, arrival);
    let (told, change) = take(&mut plan, ctx, appoint, &id_of(&arrival.event), on).map_err(refused)?;
    let line = (on, &appoint.from);
    let event = plan.arrive(ctx, arrival, line, appoint.by.clone(), Body::Appointment(told));
    if let Some(typed) = &typed {
        booker::claim(&mut plan, typed, &event);
    }
    plan.change(change);
    Ok(plan.finish())
}

/// What came of something the assistant asked for: a sentence, and in a chat a card.
pub(super) struct Made {
    pub(super) sentence: Option<String>,
    pub(super) card: Option<Offer>,
}

/// What the assistant asks in the name of whom it answers, on their line; or why nothing came of it. A refusal changes
/// nothing. `makes` is the appointment it makes or changes, and the page where that is changed.
pub(super) fn by_assistant(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    line: (Channel, &Address),
    (ask, makes): (&Ask, Option<&(AppointmentId, Option<String>)>),
    lang: Lang,
) -> Result<Made, Refusal> {
    let appoint = Appoint { from: line.1.clone(), by: Speaker::Assistant, version: None, ask: ask.clone() };
    let id = makes.map_or_else(|| AppointmentId::mint(ctx), |(id, _)| id.clone());
    let (told, change) = take(plan, ctx, &appoint, &id, line.0)?;
    let zone = zone_of(plan.snapshot.site, &told.resource);
    let when = phrases::booking::slot(lang, told.start, zone);
    let sentence = phrases::booking::done(lang, told.act, &told.name, &when);
    let (name, start) = (told.name.clone(), told.start);
    let card = match told.act {
        Act::Booked | Act::Moved => {
            let link = makes.and_then(|(_, link)| link.clone()).unwrap_or_default();
            Some(Offer::Booked { name, start, link })
        }
        Act::Held => Some(Offer::Held { name, start, until: ctx.now.plus_ms(HOLD_MS) }),
        _ => None,
    };
    let card = card.filter(|_| line.0 == Channel::Widget);
    plan.append(ctx, None, line, Speaker::Assistant, Body::Appointment(told));
    plan.change(change);
    Ok(Made { sentence, card })
}

/// Takes the step that is asked for, but for the event that tells it and the change that writes it, which come last.
fn take(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    appoint: &Appoint,
    makes: &AppointmentId,
    on: Channel,
) -> Result<(AppointmentEvent, Change), Refusal> {
    let (snapshot, lang) = (plan.snapshot, plan.lang());
    let step = step(plan, makes, appoint, ctx)?;
    let is_new = step.next.version == 1;
    if is_new {
        release(plan, ctx, appoint, on);
    }
    if matches!(step.act, Act::Held | Act::Booked | Act::Moved) {
        plan.change(Change::ExpireHolds(step.next.resource.clone(), step.next.time.clone()));
    }
    let was_booked = snapshot.calendar.named.as_ref().is_some_and(|named| named.state == State::Booked);
    // Who is answered by text has read it there.
    let said_by_text = appoint.by == Speaker::Assistant && on == Channel::Sms;
    if !sequence::tells_of(snapshot.site, step.act) {
        let what = (step.act, was_booked);
        for planned in notices::notices(snapshot.site, &step.next, what, lang, said_by_text, ctx) {
            plan.effect(wakes(snapshot, &planned, planned.due_at));
            plan.change(Change::Plan(planned));
        }
    }
    sequence::on_appointment(plan, ctx, &step.next, step.act, said_by_text.then_some(Channel::Sms));
    let told = told(snapshot, &step.next, step.act, step.was, step.note);
    let told = AppointmentEvent { answer: step.answer, ..told };
    let change =
        if is_new { Change::AddAppointment(step.next) } else { Change::UpdateAppointment(step.next) };
    Ok((told, change))
}

fn step(plan: &Plan<'_>, makes: &AppointmentId, appoint: &Appoint, ctx: &Ctx) -> Result<Step, Refusal> {
    let plain = |next, act| Step { next, act, was: None, note: None, answer: None };
    match &appoint.ask {
        Ask::Hold(wish) => begin(plan, makes, appoint, wish, ctx, State::Held),
        Ask::Book(wish) | Ask::BookAs(wish, _) => begin(plan, makes, appoint, wish, ctx, State::Booked),
        Ask::BookHeld { note, .. } => {
            let mut next = named(plan, appoint)?.next_version();
            if next.is_expired_at(ctx.now) {
                return Err(Refusal::ExpiredHold);
            }
            in_play(&next, ctx)?;
            if next.state == State::Booked {
                return Err(Refusal::AlreadyBooked);
            }
            let service = service_of(plan.snapshot, &next).ok_or(Refusal::UnknownService)?;
            place::keeps(plan.snapshot, &next, service)?;
            let note = checked_note(note.as_deref())?;
            next.note = noted(next.note.as_deref(), note.as_deref())?;
            // What the owner's definition says today: the database compares with it.
            (next.state, next.held_until, next.day_max) = (State::Booked, None, service.daily_max);
            Ok(Step { note, ..plain(next, Act::Booked) })
        }
        Ask::Move { start, resource, .. } => {
            let mut next = booked(plan, appoint, ctx)?.next_version();
            let service = service_of(plan.snapshot, &next).ok_or(Refusal::UnknownService)?;
            let was = next.time.start;
            if was == *start && resource.as_ref().is_none_or(|resource| *resource == next.resource) {
                return Err(Refusal::AlreadyBooked);
            }
            let wanted = Wanted {
                service,
                start: *start,
                resource: resource.as_ref(),
                rather: Some(&next.resource),
                instead_of: std::slice::from_ref(&next.id),
            };
            let slot = place::find(plan.snapshot, &wanted, ctx.now)?;
            (next.resource, next.time, next.day_max) = (slot.resource, slot.time, service.daily_max);
            next.sequence += 1;
            next.late_by_min = None;
            Ok(Step { was: Some(was), ..plain(next, Act::Moved) })
        }
        Ask::Cancel(_) => {
            let mut next = named(plan, appoint)?.next_version();
            if next.is_expired_at(ctx.now) {
                return Err(Refusal::ExpiredHold);
            }
            in_play(&next, ctx)?;
            // What was only held is let go; nobody was told of it.
            let act = if next.state == State::Held { Act::Released } else { Act::Cancelled };
            next.sequence += u32::from(next.state == State::Booked);
            (next.state, next.held_until) = (State::Cancelled, None);
            Ok(plain(next, act))
        }
        Ask::Note(_, Note::Text(text)) => {
            let mut next = booked(plan, appoint, ctx)?.next_version();
            let note = checked_note(Some(text))?;
            next.note = noted(next.note.as_deref(), note.as_deref())?;
            Ok(Step { note, ..plain(next, Act::Noted) })
        }
        Ask::Note(_, Note::LateByMin(minutes)) => {
            let mut next = booked(plan, appoint, ctx)?.next_version();
            if !(1..=MAX_LATE_MIN).contains(minutes) {
                return Err(Refusal::BadDelay);
            }
            next.late_by_min = Some(*minutes);
            Ok(plain(next, Act::Noted))
        }
        Ask::Note(_, Note::Answer(answer)) => {
            let next = booked(plan, appoint, ctx)?.next_version();
            Ok(Step { answer: Some(*answer), ..plain(next, Act::Noted) })
        }
        Ask::MarkMissed(_) => mark(plan, appoint, ctx, State::Missed).map(|next| plain(next, Act::Missed)),
        Ask::MarkDone(_) => mark(plan, appoint, ctx, State::Done).map(|next| plain(next, Act::Done)),
    }
}

impl Appointment {
    fn next_version(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }
}

/// A new appointment at a time that is wished for.
fn begin(
    plan: &Plan<'_>,
    makes: &AppointmentId,
    appoint: &Appoint,
    wish: &Wish,
    ctx: &Ctx,
    state: State,
) -> Result<Step, Refusal> {
    let snapshot = plan.snapshot;
    // Whoever names a new thing like another's old one is told no more than that.
    if snapshot.calendar.named.is_some() {
        return Err(Refusal::Changed);
    }
    let booking = snapshot.site.booking.as_ref();
    let service =
        booking.and_then(|booking| booking.service(&wish.service)).ok_or(Refusal::UnknownService)?;
    let ahead = snapshot.calendar.own.iter().filter(|own| own.state == State::Booked).count();
    if ahead >= MAX_AHEAD && !is_team(appoint) {
        return Err(Refusal::TooMany);
    }
    let note = checked_note(wish.note.as_deref())?;
    let typed = appoint.ask.booker().and_then(|booker| booker.read(&snapshot.site.region).ok());
    let typed = typed.map(|typed| typed.email);
    let instead_of: Vec<_> = held(plan, appoint, ctx).into_iter().map(|hold| hold.id).collect();
    let (start, resource) = (wish.start, wish.resource.as_ref());
    let wanted = Wanted { service, start, resource, rather: None, instead_of: &instead_of };
    let slot = place::find(snapshot, &wanted, ctx.now)?;
    let act = if state == State::Held { Act::Held } else { Act::Booked };
    let next = Appointment {
        id: makes.clone(),
        contact: plan.contact.id.clone(),
        conversation: plan.conversation.id.clone(),
        line: appoint.from.clone(),
        service: service.id.clone(),
        resource: slot.resource,
        time: slot.time,
        day_max: service.daily_max,
        state,
        held_until: (state == State::Held).then(|| ctx.now.plus_ms(HOLD_MS)),
        version: 1,
        sequence: 0,
        note: note.clone(),
        late_by_min: None,
        mailbox: typed,
        created_at: ctx.now,
    };
    Ok(Step { next, act, was: None, note, answer: None })
}

/// The contact's holds that last, as far as whoever asks may reach them.
fn held(plan: &Plan<'_>, appoint: &Appoint, ctx: &Ctx) -> Vec<Appointment> {
    let own = plan.snapshot.calendar.own.iter();
    own.filter(|own| own.is_held_at(ctx.now) && may_reach(plan, appoint, own)).cloned().collect()
}

/// Lets go of them: nobody keeps more than one time free.
fn release(plan: &mut Plan<'_>, ctx: &mut Ctx, appoint: &Appoint, on: Channel) {
    let line = (on, &appoint.from);
    for hold in held(plan, appoint, ctx) {
        let mut next = hold.next_version();
        (next.state, next.held_until) = (State::Cancelled, None);
        let told = told(plan.snapshot, &next, Act::Released, None, None);
        plan.append(ctx, None, line, Speaker::System, Body::Appointment(told));
        plan.change(Change::UpdateAppointment(next));
    }
}

/// The appointment that is asked about, where whoever asks may reach it.
fn named<'a>(plan: &Plan<'a>, appoint: &Appoint) -> Result<&'a Appointment, Refusal> {
    let named = plan.snapshot.calendar.named.as_ref().filter(|named| may_reach(plan, appoint, named));
    let named = named.ok_or(Refusal::UnknownAppointment)?;
    match appoint.version {
        Some(version) if version != named.version => Err(Refusal::Changed),
        _ => Ok(named),
    }
}

/// The same, booked and not over.
fn booked<'a>(plan: &Plan<'a>, appoint: &Appoint, ctx: &Ctx) -> Result<&'a Appointment, Refusal> {
    let named = named(plan, appoint)?;
    if named.is_expired_at(ctx.now) {
        return Err(Refusal::ExpiredHold);
    }
    in_play(named, ctx)?;
    if named.state == State::Booked { Ok(named) } else { Err(Refusal::NotBooked) }
}

fn in_play(appointment: &Appointment, ctx: &Ctx) -> Result<(), Refusal> {
    if appointment.is_over_at(ctx.now) { Err(Refusal::AppointmentOver) } else { Ok(()) }
}

/// The end of a booked appointment, as the team saw it. It may come at any time after its start.
fn mark(plan: &Plan<'_>, appoint: &Appoint, ctx: &Ctx, state: State) -> Result<Appointment, Refusal> {
    if !is_team(appoint) {
        return Err(Refusal::NotAllowed);
    }
    let mut next = named(plan, appoint)?.next_version();
    match next.state {
        State::Booked if next.time.start > ctx.now => Err(Refusal::NotBegun),
        State::Booked => {
            next.state = state;
            Ok(next)
        }
        State::Held => Err(Refusal::NotBooked),
        State::Cancelled | State::Missed | State::Done => Err(Refusal::AppointmentOver),
    }
}

const fn is_team(appoint: &Appoint) -> bool {
    matches!(appoint.by, Speaker::Agent(_) | Speaker::Sequence(_) | Speaker::System)
}

/// Whether an appointment is the contact's, and within reach of the line it is asked on.
fn may_reach(plan: &Plan<'_>, appoint: &Appoint, appointment: &Appointment) -> bool {
    let own = appointment.contact == plan.contact.id;
    own && (is_team(appoint) || may_see(plan, &appoint.from, appointment))
}

/// Whether a line of the contact's may know of an appointment of theirs.
fn may_see(plan: &Plan<'_>, line: &Address, appointment: &Appointment) -> bool {
    let same_line =
        appointment.line.kind == line.kind && identity::key(&appointment.line) == identity::key(line);
    same_line || plan.snapshot.is_proven(line)
}

fn service_of<'a>(snapshot: &'a Snapshot<'a>, appointment: &Appointment) -> Option<&'a Service> {
    snapshot.site.booking.as_ref()?.service(&appointment.service)
}

/// The zone whose wall clock a resource keeps; the site's where it was taken out of the definition.
pub(crate) fn zone_of<'a>(site: &'a Site, resource: &ResourceId) -> &'a str {
    let resource = site.booking.as_ref().and_then(|booking| booking.resource(resource));
    resource.map_or(&site.time_zone, |resource| &resource.time_zone)
}

/// A note without the white space around it; one that is missing or blank where it may be is none.
fn checked_note(note: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(note) = note else { return Ok(None) };
    let note = note.trim();
    match note.chars().count() {
        0 => Err(Refusal::EmptyNote),
        1..=MAX_NOTE_CHARS => Ok(Some(note.to_owned())),
        _ => Err(Refusal::LongNote),
    }
}

/// The notes so far and one more, each on a line.
fn noted(so_far: Option<&str>, more: Option<&str>) -> Result<Option<String>, Refusal> {
    let lines: Vec<&str> = [so_far, more].into_iter().flatten().collect();
    let notes = lines.join("\n");
    if notes.chars().count() > MAX_NOTES_CHARS {
        return Err(Refusal::LongNote);
    }
    Ok((!notes.is_empty()).then_some(notes))
}

fn told(
    snapshot: &Snapshot<'_>,
    next: &Appointment,
    act: Act,
    was: Option<Timestamp>,
    note: Option<String>,
) -> AppointmentEvent {
    AppointmentEvent {
        id: next.id.clone(),
        version: next.version,
        act,
        service: next.service.clone(),
        // A service that was taken out of the definition is called by its id.
        name: service_of(snapshot, next)
            .map_or_else(|| next.service.to_string(), |service| service.name.clone()),
        resource: next.resource.clone(),
        start: next.time.start,
        end: next.time.end,
        was,
        note,
        late_by_min: (act == Act::Noted).then_some(next.late_by_min).flatten(),
        answer: None,
    }
}

fn channel_of(snapshot: &Snapshot<'_>, arrival: &Arrival) -> Channel {
    let endpoint = snapshot.site.endpoints.iter().find(|endpoint| endpoint.id == arrival.endpoint);
    endpoint.map_or(Channel::Widget, |endpoint| endpoint.channel)
}
