//! A visitor asked for a person: the handoff stands on the timeline, and the visitor hears honestly when somebody will
//! answer.

use super::{
    Decision, Plan, Snapshot,
    handoff::{self, Call},
    pace,
    plan::duplicate,
    promise, typed,
};
use crate::{
    calendar,
    channel::Channel,
    command::{Arrival, Person},
    contact::Address,
    ctx::Ctx,
    error::Rejection,
    event::{Body, Message},
    handoff::Reason,
    identity, phrases,
    promise::Deed,
    time::Timestamp,
    wire::Speaker,
};

pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    arrival: &Arrival,
    request: &Person,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    if let Some(decision) = duplicate(snapshot, &arrival.event) {
        return Ok(decision);
    }
    let mut plan = Plan::from_sender(snapshot, &request.from, None, arrival.visitor.as_ref(), ctx);
    let lang = plan.lang();
    pace::check(&plan, ctx)?;
    let typed_address = request.address.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let address = match typed_address {
        None => None,
        Some(text) => Some(
            typed::parse(snapshot, Channel::Sms, text)
                .or_else(|| typed::parse(snapshot, Channel::Email, text))
                .ok_or_else(|| {
                    Rejection::new(400, "bad_address", phrases::limits::bad_address(lang, Channel::Widget))
                })?,
        ),
    };
    let mut known = address.as_ref().map(|address| typed::known(snapshot, address));
    if let Some(known) = &known {
        pace::take_typed(&mut plan, ctx, known, &request.from)
            .map_err(|_| pace::too_many_addresses(&plan))?;
    }
    pace::count(&mut plan, ctx);
    let line = (Channel::Widget, &request.from);
    let call = Call { reason: Reason::Asked, about: None, by: None };
    let body = handoff::body(&plan, ctx, &call, address.as_ref().map(identity::mask));
    let event = plan.arrive(ctx, arrival, line, Speaker::Contact, body);
    let rings = handoff::note(&mut plan, ctx, &call, &event);
    if let Some(known) = &mut known {
        typed::claim(&mut plan, known, &event);
    }
    let by = plan.conversation.promise.as_ref().filter(|promise| promise.to.is_same(&request.from));
    let by = by.map(|promise| promise.by).filter(|by| *by > ctx.now).or_else(|| by_now(snapshot, ctx));
    promise::by_assistant(&mut plan, ctx, line, by);
    handoff::tell(&mut plan, ctx, line, &call, rings);
    notice(&mut plan, ctx, line, by);
    Ok(plan.finish())
}

/// Until when a person can be promised now.
fn by_now(snapshot: &Snapshot<'_>, ctx: &Ctx) -> Option<Timestamp> {
    crate::promise::by(snapshot.site, ctx.now)
}

/// Says on the line, in the product's own words, that a person was called and when they act.
pub(super) fn notice(plan: &mut Plan<'_>, ctx: &mut Ctx, line: (Channel, &Address), by: Option<Timestamp>) {
    let lang = plan.lang();
    let promised = (None, Deed::Answer, by);
    let when =
        calendar::promised_sentence(plan.snapshot.site, promised, ctx.now, plan.time_zone(), lang.tag());
    let text = phrases::lines::called(lang, &when);
    plan.append(ctx, None, line, Speaker::System, Body::Message(Message { text, ..Message::default() }));
}
