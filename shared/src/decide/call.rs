//! A member of the team has called the contact: it is noted, and keeps what was promised.

use super::{Decision, Plan, Snapshot, handoff, promise};
use crate::{
    channel::Channel,
    command::CallNote,
    contact::{Address, AddressKind},
    ctx::Ctx,
    error::Rejection,
    event::Body,
    identity,
    promise::Deed,
    wire::Speaker,
};

/// The longest note, in characters.
const MAX_NOTE_CHARS: usize = 1_000;

pub(super) fn decide(snapshot: &Snapshot<'_>, call: &CallNote, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    let (Some(contact), Some(conversation)) = (&snapshot.contact, &snapshot.conversation) else {
        let text = "The contact has no conversation: nothing was ever said.";
        return Err(Rejection::new(404, "unknown_conversation", text));
    };
    let member = call.by.trim();
    if !snapshot.site.has_member(member) {
        let text = "`by` names nobody of the site's `team`: who called?";
        return Err(Rejection::new(400, "unknown_member", text));
    }
    let note = call.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > MAX_NOTE_CHARS) {
        let text = format!("`note` has at most {MAX_NOTE_CHARS} characters.");
        return Err(Rejection::new(400, "too_long", text));
    }
    let number = number(snapshot, call.number.as_deref())?;
    let line = number.clone().map(|number| (Channel::Sms, number)).or_else(|| promise::best_line(snapshot));
    let Some((channel, to)) = line else {
        let text = "The contact has no address that a call could be noted on.";
        return Err(Rejection::new(409, "no_address", text));
    };
    let mut plan = Plan::on_conversation(snapshot, contact.clone(), conversation.clone());
    let body = Body::Call { number: number.as_ref().map(identity::mask), note: note.map(str::to_owned) };
    let event = plan.append(ctx, None, (channel, &to), Speaker::Agent(member.to_owned()), body);
    // A call answers as well as words do.
    handoff::close(&mut plan, "answered");
    let kept = plan.conversation.promise.as_ref().map(|promise| promise.deed);
    if matches!(kept, Some(Deed::Call | Deed::Answer)) {
        promise::done(&mut plan, ctx, member, note, true)?;
    }
    let mut decision = plan.finish();
    decision.accepted = Some((event.id, event.seq, event.at));
    Ok(decision)
}

/// The number that was called: as it is named, else the contact's best proven; none where nobody knows one.
fn number(snapshot: &Snapshot<'_>, named: Option<&str>) -> Result<Option<Address>, Rejection> {
    if let Some(named) = named.map(str::trim).filter(|named| !named.is_empty()) {
        return identity::parse_phone(named, &snapshot.site.region).map(Some).map_err(|why| {
            Rejection::new(400, "bad_address", format!("`number` is no phone number: {why}."))
        });
    }
    let phones = snapshot.addresses.iter().filter(|known| known.address.kind == AddressKind::Phone);
    let assurance = |known: &&super::Known| known.owner.as_ref().map(|(_, handle)| handle.assurance);
    Ok(phones.max_by_key(assurance).map(|known| known.address.clone()))
}
