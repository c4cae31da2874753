//! A member of the team writes to a contact: on the line they last wrote on, or another one.
//!
//! Who writes has the floor: the assistant is silent until it is given back, or until nothing was said from there for a
//! while. What was promised as an answer is kept by it. The gates are asked as for everything that leaves; what they hold
//! back is told, with its reason, and its verdict stays.

use super::{Decision, Known, Plan, Snapshot, files, handoff, message::owe, promise};
use crate::{
    channel::Channel,
    command::{FloorWish, TeamReply},
    contact::{Address, AddressKind, Assurance},
    conversation::Floor,
    ctx::Ctx,
    delivery::Purpose,
    error::Rejection,
    event::{Body, Event, Message},
    identity, phrases,
    promise::Deed,
    time::MINUTE_MS,
    wire::{MAX_MESSAGE_CHARS, Speaker},
};

/// How long nobody takes the floor by mistake from a colleague who wrote or took it, in minutes.
const JUST_WROTE_MIN: i64 = 10;
/// The longest subject, in characters.
const MAX_SUBJECT_CHARS: usize = 200;

/// A member writes.
pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    reply: &TeamReply,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    let (mut plan, member) = begin(snapshot, &reply.by)?;
    let attached = files::uploaded(snapshot, &plan.conversation.id, "", &reply.files)?;
    let text = reply.text.trim();
    if (text.is_empty() && attached.is_empty()) || text.chars().count() > MAX_MESSAGE_CHARS {
        let text = format!("`text` takes 1 to {MAX_MESSAGE_CHARS} characters.");
        return Err(Rejection::new(400, "bad_text", text));
    }
    let (channel, to) = line(&plan, reply.channel)?;
    let lang = plan.lang();
    let given = reply.subject.as_deref().map(str::trim).filter(|given| !given.is_empty());
    if given.is_some_and(|given| given.chars().count() > MAX_SUBJECT_CHARS || given.contains(['\r', '\n'])) {
        let text = format!("`subject` takes one line of at most {MAX_SUBJECT_CHARS} characters.");
        return Err(Rejection::new(400, "bad_subject", text));
    }
    let ours = || phrases::lines::subject(lang, &snapshot.site.name, None);
    let subject = (channel == Channel::Email).then(|| given.map_or_else(ours, str::to_owned));
    let text = files::text(text, &attached);
    let message = Message { text, subject, files: attached, ..Message::default() };
    let wrote = plan.conversation.heard_from(channel, &identity::key(&to.address)).is_some();
    // Who wrote from there gets an answer there; any other line has to be allowed for what it is.
    let purpose = if wrote { Purpose::Reply } else { Purpose::Transactional };
    let said = plan.say(ctx, &to, channel, purpose, Speaker::Agent(member.clone()), message);
    let Ok(event) = said else {
        let held = plan.judged_last().map_or_else(String::new, |detail| {
            format!("{} {} ({})", detail.why, detail.change, detail.outcome())
        });
        let mut decision = plan.finish();
        decision.refused = Some(Rejection::new(409, "held_back", held));
        return Ok(decision);
    };
    files::send(&mut plan, &event);
    hand(&mut plan, ctx, Some(&member), (channel, &to.address));
    plan.conversation.owed.clear();
    handoff::close(&mut plan, "answered");
    if plan.conversation.promise.as_ref().is_some_and(|promise| promise.deed == Deed::Answer) {
        promise::done(&mut plan, ctx, &member, None, true)?;
    }
    let mut decision = plan.finish();
    decision.accepted = Some((event.id, event.seq, event.at));
    Ok(decision)
}

/// A member takes the floor, or gives it back: then whoever still waits is answered by the assistant.
pub(super) fn floor(snapshot: &Snapshot<'_>, wish: &FloorWish, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    let (mut plan, member) = begin(snapshot, &wish.by)?;
    let (channel, to) = line(&plan, None)?;
    let holder = plan.conversation.floor.holder(ctx.now, snapshot.site.policy.floor_lapses_h);
    if let Some(colleague) = holder.filter(|holder| wish.take && !wish.force && *holder != member) {
        let Floor::Agent { at, .. } = &plan.conversation.floor else { return Ok(Decision::default()) };
        let minutes = ctx.now.since_ms(*at) / MINUTE_MS;
        if minutes < JUST_WROTE_MIN {
            let text = format!(
                "{colleague} has the floor and was at it {minutes} minutes ago. Take it all the same with `force`."
            );
            return Err(Rejection::new(409, "taken", text));
        }
    }
    if wish.take {
        hand(&mut plan, ctx, Some(&member), (channel, &to.address));
        plan.conversation.owed.clear();
    } else if holder.is_some() {
        hand(&mut plan, ctx, None, (channel, &to.address));
        for event in unanswered(snapshot) {
            owe(&mut plan, ctx.now, event.channel, event);
        }
    } else {
        return Err(Rejection::new(409, "not_taken", "Nobody of the team has the floor."));
    }
    Ok(plan.finish())
}

/// The plan, and the member's name as the site writes it.
fn begin<'a>(snapshot: &'a Snapshot<'a>, by: &str) -> Result<(Plan<'a>, String), Rejection> {
    let (Some(contact), Some(conversation)) = (&snapshot.contact, &snapshot.conversation) else {
        let text = "The contact has no conversation: nothing was ever said.";
        return Err(Rejection::new(404, "unknown_conversation", text));
    };
    let member = by.trim();
    if !snapshot.site.has_member(member) {
        let text = "`by` names nobody of the site's `team`: who writes?";
        return Err(Rejection::new(400, "unknown_member", text));
    }
    Ok((Plan::on_conversation(snapshot, contact.clone(), conversation.clone()), member.to_owned()))
}

/// The address that is written to: where the contact last wrote from, on a channel where one is named, else the best
/// proven there.
fn line(plan: &Plan<'_>, channel: Option<Channel>) -> Result<(Channel, Known), Rejection> {
    let snapshot = plan.snapshot;
    let fits = |on: Channel| channel.is_none_or(|wanted| wanted == on);
    let heard = plan.conversation.heard.iter().rev().filter(|heard| fits(heard.channel)).find_map(|heard| {
        let is_there = |known: &&Known| {
            let kind = AddressKind::of(heard.channel);
            known.address.kind == kind && identity::key(&known.address) == heard.address_key
        };
        Some((heard.channel, snapshot.addresses.iter().find(is_there)?))
    });
    let best = || {
        let of =
            |known: &Known| Channel::ALL.into_iter().find(|on| AddressKind::of(*on) == known.address.kind);
        let assurance = |known: &Known| known.owner.as_ref().map(|(_, handle)| handle.assurance);
        let ways = snapshot.addresses.iter().filter_map(|known| Some((of(known)?, known)));
        let ways = ways.filter(|(on, _)| fits(*on) && *on != Channel::Widget);
        ways.max_by_key(|(_, known)| assurance(known).unwrap_or(Assurance::Anonymous))
    };
    let found = heard.or_else(best).map(|(channel, known)| (channel, known.clone()));
    found.ok_or_else(|| {
        let on = channel.map_or_else(String::new, |on| format!(" on {}", on.as_str()));
        Rejection::new(409, "no_address", format!("The contact has no address{on}."))
    })
}

/// The floor changes hands; whoever has it already keeps it from now on.
fn hand(plan: &mut Plan<'_>, ctx: &mut Ctx, to: Option<&str>, line: (Channel, &Address)) {
    let lapses_h = plan.snapshot.site.policy.floor_lapses_h;
    let before = plan.conversation.floor.holder(ctx.now, lapses_h).map(str::to_owned);
    plan.conversation.floor = match to {
        Some(name) => Floor::Agent { name: name.to_owned(), at: ctx.now },
        None => Floor::Assistant,
    };
    if before.as_deref() != to {
        plan.conversation.fence += 1;
        let by = to.map(str::to_owned).or(before).unwrap_or_default();
        let body = Body::Floor { taken: to.is_some() };
        plan.append(ctx, None, line, Speaker::Agent(by), body);
    }
}

/// What the contact wrote on each line since anybody last answered there, oldest first.
fn unanswered<'a>(snapshot: &'a Snapshot<'_>) -> Vec<&'a Event> {
    let mut answered: Vec<(Channel, &str)> = Vec::new();
    let mut waiting = Vec::new();
    for event in snapshot.recent.iter().filter(|event| event.message().is_some()) {
        let line = (event.channel, event.address_key.as_str());
        if event.speaker != Speaker::Contact {
            answered.push(line);
        } else if !answered.contains(&line) {
            waiting.push(event);
        }
    }
    waiting.reverse();
    waiting
}
