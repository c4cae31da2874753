//! A person is called: one event, the promise with its timer, and whoever of the team is told, in one batch.
//!
//! Nobody is called twice on a line for one reason while the first call is open, unless what was promised is late: then
//! they are told again. It is open until a member of the team answers, or says that there is no need.

use super::{Plan, promise};
use crate::{
    calendar,
    channel::Channel,
    contact::Address,
    ctx::Ctx,
    event::{Body, Event},
    handoff::{Called, MAX_CALLED, Reason},
    identity,
    time::Timestamp,
    wire::Speaker,
};

/// What a person is called for.
pub(super) struct Call {
    pub(super) reason: Reason,
    pub(super) about: Option<String>,
    /// Until when the contact hears that one acts; none where no time was named.
    pub(super) by: Option<Timestamp>,
}

/// Calls a person from a line.
pub(super) fn call(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    line: (Channel, &Address),
    speaker: Speaker,
    call: &Call,
) {
    if !is_called(plan, ctx, line, call) {
        let body = body(plan, ctx, call, None);
        let event = plan.append(ctx, None, line, speaker, body);
        note(plan, call, &event);
    }
    promise::by_assistant(plan, ctx, line, call.by);
}

/// The event's body; `address` is where to answer, masked.
pub(super) fn body(plan: &Plan<'_>, ctx: &Ctx, call: &Call, address: Option<String>) -> Body {
    let site = plan.snapshot.site;
    let is_there = calendar::is_open(site, ctx.now);
    Body::Handoff {
        reason: call.reason.as_str().to_owned(),
        about: call.about.clone(),
        expected_at: if is_there { None } else { calendar::next_open(site, ctx.now) },
        address,
    }
}

/// Keeps that a person was called by an event.
pub(super) fn note(plan: &mut Plan<'_>, call: &Call, event: &Event) {
    let called = &mut plan.conversation.called;
    called.retain(|known| !is_same(known, call, event.channel, &event.address_key));
    called.truncate(MAX_CALLED - 1);
    called.push(Called {
        reason: call.reason,
        about: call.about.clone(),
        event: event.id.clone(),
        at: event.at,
        channel: event.channel,
        address_key: event.address_key.clone(),
    });
}

/// A member of the team has answered, or there is no need: nobody waits for a person any more.
pub(super) fn close(plan: &mut Plan<'_>) {
    plan.conversation.called.clear();
}

fn is_called(plan: &Plan<'_>, ctx: &Ctx, (channel, to): (Channel, &Address), call: &Call) -> bool {
    let is_late = plan.conversation.promise.as_ref().is_some_and(|promise| promise.by <= ctx.now);
    let key = identity::key(to);
    !is_late && plan.conversation.called.iter().any(|known| is_same(known, call, channel, &key))
}

fn is_same(known: &Called, call: &Call, channel: Channel, key: &str) -> bool {
    (known.reason, &known.about) == (call.reason, &call.about)
        && (known.channel, known.address_key.as_str()) == (channel, key)
}
