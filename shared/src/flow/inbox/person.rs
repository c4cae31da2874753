//! A person, as the team sees them beside the timeline: who they are, what they allowed, what is planned, and which ways a
//! message to them could go right now.

use super::{handoff::load_handoff, load_contact, name_of};
use crate::{
    api::person::{AppointmentLine, Attention, ConsentLine, FactLine, HandleLine, Person, PlannedLine, Way},
    channel::Channel,
    command::{Command, TeamReply},
    consent::{Standing, standing},
    contact::{AddressKind, Handle},
    conversation::Conversation,
    ctx::Ctx,
    decide::{Change, Decision, Snapshot, decide},
    delivery::Purpose,
    error::Rejection,
    flow::{
        FlowError, Scope,
        files::load_of_person,
        planned::{Ahead, load_ahead},
        unasked::load_unasked,
    },
    id::ContactId,
    page::words,
    site::Site,
    store::{Db, appointments, consents, contacts, conversations, tags},
    time::{DAY_MS, HOUR_MS, Timestamp},
    verdict::{Detail, Finding},
};

/// How far back appointments are shown, in milliseconds.
const APPOINTMENTS_MS: i64 = 90 * DAY_MS;
const MAX_APPOINTMENTS: u32 = 20;

/// A person; `me` is who of the team asks, for whom the ways are judged. 404 `unknown_contact`.
pub async fn load_person<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    id: &ContactId,
    me: Option<&str>,
) -> Result<Person, FlowError> {
    let site = scope.site;
    let contact = load_contact(scope, id).await?;
    let stmts = [
        contacts::handles(&site.id, &contact.id),
        consents::facts(&site.id, &contact.id),
        conversations::by_contact(&site.id, &contact.id),
        tags::of_contact(&site.id, &contact.id),
        appointments::of_contact(&site.id, &contact.id, ctx.now.plus_ms(-APPOINTMENTS_MS), MAX_APPOINTMENTS),
    ];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let handles = contacts::decode_handles(next())?;
    let facts = consents::current(consents::decode_facts(next())?);
    let conversation = conversations::decode(next())?;
    let tags = tags::decode(next())?;
    let appointments = appointments::decode(next())?;
    let snapshot = match &conversation {
        Some(conversation) => load_unasked(scope, &conversation.id, None).await?,
        None => Snapshot::empty(site),
    };
    let lapses_h = site.policy.floor_lapses_h;
    let floor = conversation.as_ref().and_then(|it| it.floor.holder(ctx.now, lapses_h).map(str::to_owned));
    let planned = load_ahead(scope, ctx, &contact.id).await?;
    let handoff = load_handoff(scope, ctx, &contact.id).await?;
    Ok(Person {
        name: name_of(&contact, &handles),
        handles: handles.iter().map(|handle| handle_line(handle, &contact.id)).collect(),
        facts: facts
            .into_iter()
            .map(|fact| FactLine {
                key: fact.key,
                value: fact.value,
                quote: fact.quote,
                source: fact.source,
                at: fact.at,
            })
            .collect(),
        consents: consent_lines(&snapshot, ctx.now),
        attention: attention(site, conversation.as_ref(), ctx.now),
        planned: planned.into_iter().map(planned_line).collect(),
        appointments: appointments.iter().map(|it| appointment_line(site, it)).collect(),
        files: load_of_person(scope, ctx.now, &contact.id).await?,
        tags,
        floor,
        fence: conversation.as_ref().map_or(0, |it| it.fence),
        assigned: conversation.as_ref().and_then(|it| it.work.assigned.clone()),
        progress: conversation.as_ref().map(|it| it.work.progress).unwrap_or_default(),
        handoff,
        ways: me.map_or_else(Vec::new, |me| ways(&snapshot, ctx, me)),
        conversation: conversation.map(|it| it.id),
        contact: contact.id,
        locale: contact.locale,
        time_zone: contact.time_zone,
    })
}

const fn channel_of(kind: AddressKind) -> Channel {
    match kind {
        AddressKind::Visitor => Channel::Widget,
        AddressKind::Phone => Channel::Sms,
        AddressKind::Email => Channel::Email,
        AddressKind::Messenger => Channel::Messenger,
        AddressKind::Instagram => Channel::Instagram,
    }
}

fn handle_line(handle: &Handle, contact: &ContactId) -> HandleLine {
    HandleLine {
        channel: channel_of(handle.address.kind),
        address: match handle.address.kind {
            AddressKind::Visitor => handle.address.text.clone(),
            _ => words::address(&handle.address),
        },
        assurance: u8::try_from(handle.assurance.level()).unwrap_or_default(),
        blocked: handle.blocked,
        joined_from: (handle.owner != *contact).then(|| handle.owner.clone()),
    }
}

fn consent_lines(snapshot: &Snapshot<'_>, now: Timestamp) -> Vec<ConsentLine> {
    let mut lines = Vec::new();
    for known in snapshot.addresses.iter().filter(|known| known.address.kind != AddressKind::Visitor) {
        let channel = channel_of(known.address.kind);
        for purpose in [Purpose::Transactional, Purpose::Reminder, Purpose::Marketing] {
            let (word, entry) = match standing(&known.chain, channel, purpose, None, now) {
                Standing::Silent => ("silent", None),
                Standing::Granted { entry, .. } => ("granted", Some(entry)),
                Standing::Revoked { entry } => ("revoked", Some(entry)),
            };
            let since =
                entry.and_then(|id| known.chain.iter().find(|said| said.id == id)).map(|said| said.at);
            lines.push(ConsentLine {
                channel,
                address: crate::identity::mask(&known.address),
                purpose: purpose.as_str().to_owned(),
                standing: word.to_owned(),
                since,
            });
        }
    }
    lines
}

fn attention(site: &Site, conversation: Option<&Conversation>, now: Timestamp) -> Attention {
    let budget = &site.policy.budget;
    let within_ms = i64::from(budget.within_h) * HOUR_MS;
    let spent = conversation.iter().flat_map(|it| &it.spent).filter(|it| now.since_ms(it.at) < within_ms);
    Attention {
        limit: budget.points,
        spent: spent.map(|it| site.policy.points(it.channel, it.purpose)).sum(),
        days: budget.within_h.div_ceil(24),
    }
}

fn planned_line(ahead: Ahead) -> PlannedLine {
    let title = match (&ahead.sequence, &ahead.step) {
        (Some(sequence), Some(step)) => format!("{sequence}: {step}"),
        _ => ahead.topic.clone().unwrap_or_else(|| words::purpose(ahead.purpose).to_owned()),
    };
    PlannedLine {
        id: ahead.id,
        due_at: ahead.due_at,
        title,
        channel: ahead.channel.filter(|_| ahead.outcome == "allow"),
        foreseen: ahead.why,
    }
}

fn appointment_line(site: &Site, appointment: &crate::appointment::Appointment) -> AppointmentLine {
    let service = site.booking.as_ref().and_then(|booking| booking.service(&appointment.service));
    AppointmentLine {
        id: appointment.id.clone(),
        service: service.map_or_else(|| appointment.service.to_string(), |service| service.name.clone()),
        start: appointment.time.start,
        state: appointment.state.as_str().to_owned(),
        note: appointment.note.clone(),
        late_by_min: appointment.late_by_min,
    }
}

/// What would become of a reply on each of the site's channels: the decision itself, taken and thrown away.
fn ways(snapshot: &Snapshot<'_>, ctx: &Ctx, me: &str) -> Vec<Way> {
    let Some(conversation) = &snapshot.conversation else { return Vec::new() };
    let tried = |channel| {
        let reply =
            TeamReply {
                by: me.to_owned(), channel, subject: None, text: "…".to_owned(), files: Vec::new()
            };
        decide(snapshot, &Command::Reply(conversation.id.clone(), reply), &mut ctx.clone())
    };
    let default = tried(None).ok().and_then(|decision| judged(&decision)?.channel());
    let here = Channel::ALL.into_iter().filter(|channel| snapshot.site.endpoint_on(*channel).is_some());
    here.map(|channel| way(channel, &tried(Some(channel)), default == Some(channel), ctx.now)).collect()
}

fn judged(decision: &Decision) -> Option<&Detail> {
    decision.changes.iter().rev().find_map(|change| match change {
        Change::Judge(verdict) => Some(&verdict.detail),
        _ => None,
    })
}

fn way(channel: Channel, tried: &Result<Decision, Rejection>, default: bool, now: Timestamp) -> Way {
    let closed = |why: &str| Way {
        channel,
        to: None,
        open: false,
        why: why.to_owned(),
        default: false,
        closes_at: None,
    };
    let decision = match tried {
        Ok(decision) => decision,
        Err(refused) => return closed(&refused.text),
    };
    let Some(detail) = judged(decision) else { return closed("Nothing can be said there.") };
    let candidate = detail.decisive();
    let puts_off = candidate.and_then(|it| it.gates.iter().find(|gate| gate.finding != Finding::Allow));
    let window_ms = 7 * DAY_MS;
    let closes_at = candidate
        .filter(|_| matches!(channel, Channel::Messenger | Channel::Instagram))
        .and_then(|it| it.case.wrote_at)
        .map(|at| at.plus_ms(window_ms))
        .filter(|at| *at > now);
    let why = match (&decision.refused, puts_off) {
        (_, Some(gate)) => gate.why.clone(),
        (Some(refused), None) => refused.text.clone(),
        (None, None) => detail.why.clone(),
    };
    Way {
        channel,
        to: candidate.map(|it| it.case.to.clone()).filter(|_| channel != Channel::Widget),
        open: decision.refused.is_none(),
        why,
        default,
        closes_at,
    }
}
