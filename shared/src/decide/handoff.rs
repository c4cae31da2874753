//! A person is called: one event, the promise with its timer, and whoever of the team is told, in one batch.
//!
//! Nobody is called twice on a line for one reason while the first call is open, unless what was promised is late: then
//! they are told again. It is open until a member of the team answers, or says that there is no need.

use super::{
    Plan,
    notify::{self, Told},
    promise,
};
use crate::{
    api::alerts::AlertKind,
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

/// Calls a person from a line, and tells the team.
pub(super) fn call(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    line: (Channel, &Address),
    speaker: Speaker,
    call: &Call,
) {
    let opened = open(plan, ctx, line, speaker, call);
    promise::by_assistant(plan, ctx, line, call.by);
    if let Some(rings) = opened {
        tell(plan, ctx, line, call, rings);
    }
}

/// Calls a person from a line, unless one is called for the same already. Whether that rings; see [`note`].
pub(super) fn open(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    line: (Channel, &Address),
    speaker: Speaker,
    call: &Call,
) -> Option<bool> {
    if is_called(plan, ctx, line, call) {
        return None;
    }
    let body = body(plan, ctx, call, None);
    let event = plan.append(ctx, None, line, speaker, body);
    Some(note(plan, ctx, call, &event))
}

/// Tells the team; one mail each until somebody has answered.
pub(super) fn tell(plan: &mut Plan<'_>, ctx: &mut Ctx, line: (Channel, &Address), call: &Call, rings: bool) {
    let because = call.reason.because(call.about.as_deref());
    notify::everybody(plan, ctx, &Told { kind: AlertKind::Handoff, because, line, rings });
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

/// Keeps that a person was called by an event. Whether that rings: where nobody was called yet, or what was promised is late.
pub(super) fn note(plan: &mut Plan<'_>, ctx: &Ctx, call: &Call, event: &Event) -> bool {
    let rings = plan.conversation.called.is_empty() || is_late(plan, ctx);
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
    rings
}

/// A member of the team has `answered`, or it is `resolved`: nobody waits for a person any more, and nobody is told so.
pub(super) fn close(plan: &mut Plan<'_>, how: &'static str) {
    plan.conversation.called.clear();
    notify::withdraw(plan, how);
}

fn is_late(plan: &Plan<'_>, ctx: &Ctx) -> bool {
    plan.conversation.promise.as_ref().is_some_and(|promise| promise.by <= ctx.now)
}

fn is_called(plan: &Plan<'_>, ctx: &Ctx, (channel, to): (Channel, &Address), call: &Call) -> bool {
    let key = identity::key(to);
    !is_late(plan, ctx) && plan.conversation.called.iter().any(|known| is_same(known, call, channel, &key))
}

fn is_same(known: &Called, call: &Call, channel: Channel, key: &str) -> bool {
    (known.reason, &known.about) == (call.reason, &call.about)
        && (known.channel, known.address_key.as_str()) == (channel, key)
}
