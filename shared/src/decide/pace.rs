//! How fast a conversation may go: messages and cards by the minute, typed addresses by the day, first messages to them
//! by the hour.
//!
//! A typed address may be anybody's, so whoever types cannot make us write to many people, or often to one. Somebody who
//! has proven both the line they ask on and the address they ask for is not slowed down. What is refused is spoken; what
//! is held back leaves its verdict.

use super::{Change, Known, Plan};
use crate::{
    channel::Channel,
    contact::{Address, Assurance},
    conversation::Typed,
    ctx::Ctx,
    delivery::Purpose,
    error::Rejection,
    event::{Event, Message},
    identity,
    phrases::{self, Lang},
    time::{DAY_MS, MINUTE_MS},
    verdict::{GateResult, Held},
    wire::Speaker,
};

/// How long the same address is not sent a first message again, in milliseconds.
const FIRST_AGAIN_MS: i64 = 10 * MINUTE_MS;
/// How many different addresses may be typed in a conversation a day.
const MAX_TYPED: usize = 5;

/// Refuses whoever writes, or fills cards, faster than we take it.
pub(super) fn check(plan: &Plan<'_>, ctx: &Ctx) -> Result<(), Rejection> {
    let said = plan.conversation.said;
    if said.count_at(ctx.now, MINUTE_MS) < plan.snapshot.site.limits.messages_per_minute {
        return Ok(());
    }
    let wait_ms = u32::try_from(said.ends_in_ms(ctx.now, MINUTE_MS)).unwrap_or(60_000).max(1_000);
    let text = phrases::limits::rate_limited(plan.lang(), wait_ms.div_ceil(1_000));
    Err(Rejection { retry_after_ms: Some(wait_ms), ..Rejection::new(429, "rate_limited", text) })
}

/// Counts a message or a card.
pub(super) const fn count(plan: &mut Plan<'_>, ctx: &Ctx) {
    plan.conversation.said = plan.conversation.said.add(ctx.now, MINUTE_MS, 1);
}

/// Notes that an address was typed on `line`; one too many is denied.
pub(super) fn take_typed(
    plan: &mut Plan<'_>,
    ctx: &Ctx,
    known: &Known,
    line: &Address,
) -> Result<(), GateResult> {
    if is_their_own(plan, known, line) {
        return Ok(());
    }
    let (kind, key) = (known.address.kind, identity::key(&known.address));
    let typed = &mut plan.conversation.typed;
    typed.retain(|earlier| ctx.now.since_ms(earlier.at) < DAY_MS);
    if let Some(again) = typed.iter_mut().find(|earlier| earlier.kind == kind && earlier.key == key) {
        again.at = ctx.now;
        let on = identity::key(line);
        if !again.on.contains(&on) {
            again.on.push(on);
        }
        return Ok(());
    }
    if typed.len() >= MAX_TYPED {
        return Err(GateResult::deny(
            "limit.addresses",
            "The conversation has typed as many different addresses today as it may.",
            "The contact gives one of those addresses, or waits a day.",
        ));
    }
    typed.push(Typed { kind, key, at: ctx.now, sent_at: None, on: vec![identity::key(line)] });
    Ok(())
}

/// The rejection of a card with one address too many.
pub(super) fn too_many_addresses(plan: &Plan<'_>) -> Rejection {
    Rejection::new(429, "too_many_addresses", phrases::limits::too_many_addresses(plan.lang()))
}

/// Says the first words at an address that was asked for on `line`, if they may be said now and the gates allow it; else
/// the rule that held them is returned.
pub(super) fn say_first(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    known: &Known,
    channel: Channel,
    line: &Address,
    message: Message,
    lang: Lang,
) -> Result<Event, Held> {
    let event =
        say_to_typed(plan, ctx, (known, line), (channel, Purpose::Move, Speaker::Assistant), message)?;
    plan.conversation.disclose(channel, phrases::disclosure_version(lang, channel), ctx.now);
    Ok(event)
}

/// Says something of the product's own at an address that was typed on `line`, as [`say_first`] does.
pub(super) fn say_notice(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    known: &Known,
    channel: Channel,
    line: &Address,
    message: Message,
) -> Result<Event, Held> {
    say_to_typed(plan, ctx, (known, line), (channel, Purpose::Transactional, Speaker::System), message)
}

fn say_to_typed(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    (known, line): (&Known, &Address),
    (channel, purpose, speaker): (Channel, Purpose, Speaker),
    message: Message,
) -> Result<Event, Held> {
    let own = is_their_own(plan, known, line);
    if let Some(gate) = too_soon(plan, ctx, known).filter(|_| !own) {
        return Err(plan.hold(ctx, known, channel, purpose, gate));
    }
    let event = plan.say(ctx, known, channel, purpose, speaker, message)?;
    if !own {
        let (kind, key) = (known.address.kind, identity::key(&known.address));
        let mut typed = plan.conversation.typed.iter_mut();
        if let Some(typed) = typed.find(|typed| typed.kind == kind && typed.key == key) {
            typed.sent_at = Some(ctx.now);
        }
        plan.change(Change::CountFirst);
    }
    Ok(event)
}

fn too_soon(plan: &Plan<'_>, ctx: &Ctx, known: &Known) -> Option<GateResult> {
    // Whoever has opted out hears that, whatever was sent before.
    if known.owner.as_ref().is_some_and(|(_, handle)| handle.blocked) {
        return None;
    }
    let (kind, key) = (known.address.kind, identity::key(&known.address));
    let typed = plan.conversation.typed.iter().find(|typed| typed.kind == kind && typed.key == key);
    let sent_at = typed.and_then(|typed| typed.sent_at);
    if sent_at.is_some_and(|at| ctx.now.since_ms(at) < FIRST_AGAIN_MS) {
        return Some(GateResult::deny(
            "limit.first_again",
            "The address was sent a first message by this conversation a moment ago.",
            "Ten minutes pass, or somebody writes from the address.",
        ));
    }
    (plan.snapshot.first_messages >= plan.snapshot.site.limits.first_messages_per_hour).then(|| {
        GateResult::deny(
            "limit.site_first",
            "The site has sent as many first messages this hour as it may.",
            "The hour passes, or the site's limit is raised.",
        )
    })
}

/// Whether the address and the line it is asked for on are both proven to be the contact's.
fn is_their_own(plan: &Plan<'_>, known: &Known, line: &Address) -> bool {
    let theirs = known
        .owner
        .as_ref()
        .is_some_and(|(owner, handle)| *owner == plan.contact.id && handle.assurance >= Assurance::Possessed);
    theirs && plan.snapshot.is_proven(line)
}
