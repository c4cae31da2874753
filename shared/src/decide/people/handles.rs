//! Two people on one address: a family's phone, or a number that somebody else has by now.
//!
//! On an address that several people share, the assistant knows what was said on it and nothing else, and nothing is joined
//! by it. One that has a new owner is theirs from now on: what was said stays with the old one, and so does what they
//! allowed. That an opt-out stands is in nobody's way: a carrier keeps it by the number as well.

use super::{PeopleChange, Side, line, member, notice, unknown_contact};
use crate::{
    channel::Channel,
    command::{HandleDoes, HandleWish},
    consent::{Action, Actor, Basis, ConsentBody, ConsentEntry},
    contact::{AddressKind, Contact, Handle},
    ctx::Ctx,
    decide::{Change, Decision, Snapshot},
    effect::Effect,
    error::Rejection,
    event::Body,
    id::{ConsentId, ContactId},
    identity,
};

/// Why what waits for a reassigned address is withdrawn.
const REASSIGNED: &str = "handle.reassigned";

pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    wish: &HandleWish,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    let side = snapshot.people.into.as_ref().ok_or_else(unknown_contact)?;
    let by = member(snapshot, &wish.by)?;
    let known = snapshot.addresses.first();
    let handle = known.and_then(|known| side.handles.iter().find(|own| own.address.is_same(&known.address)));
    let Some(handle) = handle.filter(|handle| handle.address.kind != AddressKind::Visitor) else {
        let text = "The contact has no such `address` on this `channel`.";
        return Err(Rejection::new(404, "unknown_handle", text));
    };
    let mut decision = Decision::default();
    let how = match &wish.does {
        HandleDoes::Share(shared) => {
            let change = PeopleChange::Share(handle.address.clone(), *shared);
            decision.changes.push(Change::People(change));
            if *shared { "shared" } else { "not_shared" }
        }
        HandleDoes::Reassign { name } => {
            reassign(snapshot, handle, (by, name.as_deref()), ctx, &mut decision);
            "reassigned"
        }
    };
    tell(snapshot, side, handle, (by, how), ctx, &mut decision);
    Ok(decision)
}

fn reassign(
    snapshot: &Snapshot<'_>,
    handle: &Handle,
    (by, name): (&str, Option<&str>),
    ctx: &mut Ctx,
    decision: &mut Decision,
) {
    let name = name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    let contact = Contact { id: ContactId::mint(ctx), name, locale: None, time_zone: None };
    let (to, address) = (contact.id.clone(), handle.address.clone());
    decision.changes.push(Change::AddContact(contact));
    decision.changes.push(Change::Cancel(address.clone(), REASSIGNED));
    let chain = snapshot.known(&address).map(|known| known.chain.clone()).unwrap_or_default();
    let channels = Channel::ALL.into_iter().filter(|channel| AddressKind::of(*channel) == address.kind);
    if let (Some(last), Some(channel)) = (chain.last(), channels.into_iter().next()) {
        let words = format!("{by} noted that the address has another owner.");
        let body = ConsentBody {
            actor: Actor::Agent,
            ..ConsentBody::of(channel, Action::Lapse, Basis::Reassigned, &words, &last.body.event)
        };
        let of = (&snapshot.site.id, &address);
        let entry = ConsentEntry::after(&chain, of, ConsentId::mint(ctx), to.clone(), ctx.now, body);
        decision.changes.push(Change::Consent(address.clone(), entry));
    }
    let from = handle.owner.clone();
    decision.changes.push(Change::People(PeopleChange::Reassign { address, from, to, by: by.to_owned() }));
}

/// Tells it on the timeline; nothing is owed to, or heard from, an address that is another's.
fn tell(
    snapshot: &Snapshot<'_>,
    side: &Side,
    handle: &Handle,
    (by, how): (&str, &str),
    ctx: &mut Ctx,
    decision: &mut Decision,
) {
    let Some(own) = &side.conversation else { return };
    let Some((channel, address)) = line(own, &side.handles) else { return };
    let mut state = own.clone();
    if how == "reassigned" {
        let key = identity::key(&handle.address);
        state.heard.retain(|heard| heard.address_key != key);
        for on in Channel::ALL.into_iter().filter(|on| AddressKind::of(*on) == handle.address.kind) {
            state.settle(on, &key);
        }
    }
    let body = Body::Edited { what: "handle".to_owned(), how: how.to_owned() };
    let event = notice(ctx, &mut state, (channel, &address), by, body);
    decision.changes.push(Change::Append(event.clone()));
    decision.changes.push(Change::UpdateConversation(state));
    decision.effects.push(Effect::Show { site: snapshot.site.id.clone(), events: vec![event] });
}
