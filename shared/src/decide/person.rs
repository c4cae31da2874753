//! A visitor asked for a person: the handoff stands on the timeline, and the visitor hears honestly when somebody will
//! answer.

use super::{Decision, Plan, Snapshot, pace, plan::duplicate, typed};
use crate::{
    calendar,
    channel::Channel,
    command::{Arrival, Person},
    contact::Address,
    ctx::Ctx,
    error::Rejection,
    event::{Body, Message},
    identity, phrases,
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
    let body = Body::Handoff {
        reason: "asked".to_owned(),
        expected_at: expected_at(snapshot, ctx),
        address: address.as_ref().map(identity::mask),
    };
    let event = plan.arrive(ctx, arrival, line, Speaker::Contact, body);
    if let Some(known) = &mut known {
        typed::claim(&mut plan, known, &event);
    }
    notice(&mut plan, ctx, line);
    Ok(plan.finish())
}

/// When somebody will be there; none while somebody is.
pub(super) fn expected_at(snapshot: &Snapshot<'_>, ctx: &Ctx) -> Option<crate::time::Timestamp> {
    if calendar::is_open(snapshot.site, ctx.now) { None } else { calendar::next_open(snapshot.site, ctx.now) }
}

fn notice(plan: &mut Plan<'_>, ctx: &mut Ctx, line: (Channel, &Address)) {
    let lang = plan.lang();
    let when = calendar::opens_sentence(plan.snapshot.site, ctx.now, plan.time_zone(), lang.tag());
    let text = phrases::lines::called(lang, &when);
    plan.append(ctx, None, line, Speaker::System, Body::Message(Message { text, ..Message::default() }));
}
