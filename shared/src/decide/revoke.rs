//! A member of the team passes on what a contact told them: no more messages, on these channels or on any. It does what the
//! contact's own STOP would, and START by the contact lifts it. Nobody of the team can take such a word back.

use super::{Decision, Plan, Snapshot, typed, wish};
use crate::{
    channel::Channel,
    command::Revoke,
    consent::{Action, Actor, Basis, ConsentBody},
    contact::AddressKind,
    ctx::Ctx,
    error::Rejection,
    id::EventId,
    wire::Speaker,
};

/// The longest account of what was said, in characters.
const MAX_WORDS_CHARS: usize = 1_000;

pub(super) fn decide(snapshot: &Snapshot<'_>, revoke: &Revoke, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    let (Some(contact), Some(conversation)) = (&snapshot.contact, &snapshot.conversation) else {
        let text = "The contact has no conversation: nothing was ever said.";
        return Err(Rejection::new(404, "unknown_conversation", text));
    };
    let (member, words) = (revoke.by.trim(), revoke.words.trim());
    if !snapshot.site.has_member(member) {
        let text = "`by` names nobody of the site's `team`: who was told?";
        return Err(Rejection::new(400, "unknown_member", text));
    }
    if words.is_empty() || words.chars().count() > MAX_WORDS_CHARS {
        let text = format!("`words` takes 1 to {MAX_WORDS_CHARS} characters: what was said, and where.");
        return Err(Rejection::new(400, "bad_words", text));
    }
    let mut plan = Plan::on_conversation(snapshot, contact.clone(), conversation.clone());
    let mut is_met = false;
    for known in &snapshot.addresses {
        let Some((channel, mut known)) = reached(&plan, revoke, known) else { continue };
        is_met = true;
        if known.owner.as_ref().is_some_and(|(_, handle)| handle.blocked) {
            continue;
        }
        let (event, line) = (EventId::mint(ctx), known.address.clone());
        let body = ConsentBody {
            actor: Actor::Agent,
            ..ConsentBody::of(channel, Action::Revoke, Basis::Told, words, &event)
        };
        let by = (Some(event), Speaker::Agent(member.to_owned()));
        typed::record_as(&mut plan, ctx, &mut known, (channel, &line), by, body);
        typed::close(&mut plan, channel, &line, wish::OPTED_OUT);
    }
    if !is_met {
        let text = "The contact has no address on these channels that could be stopped.";
        return Err(Rejection::new(409, "no_address", text));
    }
    Ok(plan.finish())
}

/// One of the contact's own addresses on a channel that is meant.
fn reached(plan: &Plan<'_>, revoke: &Revoke, known: &super::Known) -> Option<(Channel, super::Known)> {
    let channel = Channel::ALL.into_iter().find(|channel| AddressKind::of(*channel) == known.address.kind)?;
    let is_meant = revoke.channels.is_empty() || revoke.channels.contains(&channel);
    let known = typed::known(plan.snapshot, &known.address);
    let is_own = known.owner.as_ref().is_some_and(|(owner, _)| *owner == plan.contact.id);
    (channel != Channel::Widget && is_meant && is_own).then_some((channel, known))
}
