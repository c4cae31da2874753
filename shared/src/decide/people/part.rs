//! A contact that was joined to another is a person of their own after all; and two that are not the same person.
//!
//! What the merge moved goes back, wherever further merges have carried it. What happened since stays with the contact on
//! whose conversation it stands: where the one that goes on had adopted the other's conversation, it goes back with all
//! that stands on it. Nobody who was parted is joined again by a machine.

use super::{PeopleChange, Rung, Side, line, member, notice, unknown_contact};
use crate::{
    command::{ApartWish, UnmergeWish},
    contact::{Contact, Handle},
    conversation::{Conversation, Heard},
    ctx::Ctx,
    decide::{Change, Decision, Snapshot},
    effect::Effect,
    error::Rejection,
    event::{Body, Event},
    id::{ConversationId, SiteId},
    identity, merge,
    promise::Promise,
};

pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    wish: &UnmergeWish,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    let people = &snapshot.people;
    let Some(from) = &people.from else { return Err(unknown_contact()) };
    let by = member(snapshot, &wish.by)?;
    let (Some(first), Some(root)) = (people.path.first(), &people.into) else {
        let text =
            "This contact is joined to nobody: name the one that was joined, not the one that goes on.";
        return Err(Rejection::new(409, "not_merged", text));
    };
    let merge = &first.merge;
    let adopted = adopted(&people.path);
    let mut changes = Vec::new();
    if let Some((place, begun)) = adopted {
        changes.push(Change::Adopt(begun.clone(), from.contact.id.clone()));
        for Rung { merge, .. } in &people.path[..=place] {
            changes.push(Change::People(PeopleChange::GiveBack {
                conversation: begun.id.clone(),
                from: merge.into.clone(),
                to: from.contact.id.clone(),
                handles: merge.detail.handles.clone(),
            }));
        }
    }
    let (merge_id, contact) = (merge.id.clone(), from.contact.id.clone());
    changes.push(Change::People(PeopleChange::Part { merge: merge_id, contact, by: by.to_owned() }));
    if adopted.is_none() {
        // Whatever was taken off both of them was taken off the other.
        let tags = merge.detail.tags.iter().cloned();
        changes
            .extend(tags.map(|tag| Change::People(PeopleChange::PutTagBack(from.contact.id.clone(), tag))));
    }
    for other in [&merge.into, &root.contact.id] {
        changes.push(Change::People(PeopleChange::KeepApart(
            from.contact.id.clone(),
            other.clone(),
            by.to_owned(),
        )));
    }
    changes
        .extend(emptied(&people.path).into_iter().map(|who| Change::People(PeopleChange::SetContact(who))));

    let states = States::of(&people.path, (from, root), adopted, ctx);
    let mut decision = Decision { changes, ..Decision::default() };
    Told { by, snapshot, from, root }.tell(states, ctx, &mut decision);
    Ok(decision)
}

/// The parted contact's own conversation, where one who had none has adopted it, and how far up it is by now.
fn adopted(path: &[Rung]) -> Option<(usize, &Conversation)> {
    let adopted = path.first()?.merge.detail.adopted.as_ref()?;
    let held = path.iter().enumerate().filter_map(|(place, rung)| Some((place, rung.conversation.as_ref()?)));
    held.into_iter().find(|(_, conversation)| conversation.id == *adopted)
}

/// What was filled in with the parted contact's, and stands unchanged, is taken away again: over the whole path.
fn emptied(path: &[Rung]) -> Vec<Contact> {
    let mut changed = Vec::new();
    let Some(mut filled) = path.first().map(|rung| rung.merge.detail.filled.clone()) else { return changed };
    for rung in path {
        filled = filled.passed_on(&rung.merge.detail.filled);
        let mut contact = rung.into.clone();
        if filled.empty(&mut contact) {
            changed.push(contact);
        }
    }
    changed
}

/// Where everybody is after the parting.
struct States {
    /// The conversations from the one it was joined to up to the one that goes on, without what the parted contact had
    /// brought. An adopted one is not among them.
    others: Vec<Conversation>,
    /// The one that goes on.
    root: Option<ConversationId>,
    /// The parted contact's own.
    theirs: Option<Conversation>,
    /// Those that are new: somebody is left without one to whom others were joined.
    fresh: Vec<ConversationId>,
    promise: Option<Promise>,
}

impl States {
    fn of(
        path: &[Rung],
        (from, root): (&Side, &Side),
        adopted: Option<(usize, &Conversation)>,
        ctx: &mut Ctx,
    ) -> Self {
        let theirs = adopted
            .map(|(_, begun)| Conversation { contact: from.contact.id.clone(), ..begun.clone() })
            .or_else(|| from.conversation.clone());
        let mut states = Self { others: Vec::new(), root: None, theirs, fresh: Vec::new(), promise: None };
        // An adopted conversation was brought further by the next merge.
        let place = adopted.map_or(0, |(place, _)| place + 1);
        let detail = path.get(place).map(|rung| &rung.merge.detail);
        let brought = detail.and_then(|detail| detail.brought.clone());
        let mut heard = Vec::new();
        for (index, rung) in path.iter().enumerate().skip(place) {
            let Some(mut state) = rung.conversation.clone() else { continue };
            if let Some(brought) = &brought {
                let before = detail.filter(|detail| index == place && detail.on.as_ref() == Some(&state.id));
                let before = before.and_then(|detail| detail.before.as_ref());
                let (since, promise) = merge::part(&mut state, before, brought, &from.handles);
                heard.extend(since);
                states.promise = states.promise.or(promise);
            }
            states.others.push(state);
        }
        states.root = states
            .others
            .last()
            .map(|last| last.id.clone())
            .filter(|last| root.conversation.as_ref().is_some_and(|own| own.id == *last));
        let is_alone = |side: &Side, but: &[Handle]| {
            let is_but = |handle: &&Handle| but.iter().any(|other| other.address == handle.address);
            side.handles.iter().filter(|handle| !is_but(handle)).all(|handle| handle.owner == side.contact.id)
        };
        if let Some((_, adopted)) = adopted.filter(|_| path.len() == place && !is_alone(root, &from.handles))
        {
            states.leave(adopted, root, &from.handles, ctx);
        }
        if states.theirs.is_none() && !is_alone(from, &[]) {
            let fresh = Conversation::new(ConversationId::mint(ctx), from.contact.id.clone());
            states.fresh.push(fresh.id.clone());
            states.theirs = Some(fresh);
        }
        states.give(heard);
        states
    }

    /// Whoever had adopted a conversation, and is left with those who were joined to them, goes on in a new one.
    fn leave(&mut self, adopted: &Conversation, root: &Side, parted: &[Handle], ctx: &mut Ctx) {
        let mut fresh = Conversation::new(ConversationId::mint(ctx), root.contact.id.clone());
        let is_parted = |key: &str| parted.iter().any(|handle| identity::key(&handle.address) == key);
        fresh.heard.clone_from(&adopted.heard);
        fresh.heard.retain(|heard| !is_parted(&heard.address_key));
        fresh.heard_at = fresh.heard.last().map(|heard| heard.at);
        // Nobody is written to more because of it.
        fresh.spent.clone_from(&adopted.spent);
        if let Some(theirs) = &mut self.theirs {
            let is_theirs = |promise: &Promise| is_parted(&identity::key(&promise.to));
            if theirs.promise.as_ref().is_some_and(|promise| !is_theirs(promise)) {
                fresh.promise = theirs.promise.take();
            }
            theirs.heard.retain(|heard| is_parted(&heard.address_key));
        }
        self.fresh.push(fresh.id.clone());
        self.root = Some(fresh.id.clone());
        self.others.push(fresh);
    }

    /// Gives the parted contact what was heard from them since, and what is promised to them.
    fn give(&mut self, mut heard: Vec<Heard>) {
        let Some(theirs) = &mut self.theirs else { return };
        heard.sort_by_key(|heard| heard.at);
        for heard in heard {
            let known = theirs.heard_from(heard.channel, &heard.address_key);
            if known.is_none_or(|known| known.at < heard.at) {
                theirs
                    .heard
                    .retain(|own| (own.channel, &own.address_key) != (heard.channel, &heard.address_key));
                theirs.heard_at = theirs.heard_at.max(Some(heard.at));
                theirs.heard.push(heard);
            }
        }
        if self.promise.is_some() {
            theirs.promise.clone_from(&self.promise);
        }
    }
}

/// Who is told of it, and by whom.
struct Told<'a> {
    by: &'a str,
    snapshot: &'a Snapshot<'a>,
    from: &'a Side,
    root: &'a Side,
}

impl Told<'_> {
    /// Notes it on both timelines, writes the states, and leads whoever watches back to their own conversation.
    fn tell(&self, mut states: States, ctx: &mut Ctx, decision: &mut Decision) {
        let Self { by, snapshot, from, root } = *self;
        let is_own = |handle: &&Handle| !from.handles.iter().any(|other| other.address == handle.address);
        let roots: Vec<Handle> = root.handles.iter().filter(is_own).cloned().collect();
        let (went_on, back) = (states.root.clone(), states.theirs.as_ref().map(|theirs| theirs.id.clone()));
        let mut events: Vec<Event> = Vec::new();
        if let Some(last) = states.others.last_mut().filter(|last| Some(&last.id) == went_on.as_ref())
            && let Some((channel, address)) = line(last, &roots)
        {
            let body = Body::Parted { contact: from.contact.id.clone(), conversation: back.clone() };
            events.push(notice(ctx, last, (channel, &address), by, body));
        }
        if let Some(theirs) = &mut states.theirs
            && let Some((channel, address)) = line(theirs, &from.handles)
        {
            let body = Body::Parted { contact: root.contact.id.clone(), conversation: went_on.clone() };
            events.push(notice(ctx, theirs, (channel, &address), by, body));
        }
        decision.changes.extend(events.iter().cloned().map(Change::Append));
        for state in states.others.iter().chain(&states.theirs) {
            let is_fresh = states.fresh.contains(&state.id);
            let write = if is_fresh { Change::AddConversation } else { Change::UpdateConversation };
            decision.changes.push(write(state.clone()));
        }
        let watched = root.conversation.as_ref().map(|watched| watched.id.clone());
        if let (Some(watched), Some(to)) = (watched, back) {
            // A conversation that goes back takes nothing along of those who stay.
            let goes_back = watched == to;
            let (to, contact) = match &went_on {
                Some(rest) if goes_back => (rest.clone(), root.contact.id.clone()),
                _ => (to, from.contact.id.clone()),
            };
            if watched != to {
                let from = watched.clone();
                let back = PeopleChange::PassBack { from, to: to.clone(), contact };
                decision.changes.push(Change::People(back));
            }
            decision.effects.push(Effect::Moved { from: watched, to });
        }
        decision.effects.extend(overdue(&snapshot.site.id, &states));
        if !events.is_empty() {
            let site = snapshot.site.id.clone();
            decision.effects.insert(0, Effect::Show { site, events });
        }
    }
}

/// The promise that goes back is looked at in its own conversation again.
fn overdue(site: &SiteId, states: &States) -> Option<Effect> {
    let due_at = states.promise.as_ref()?.wakes_at?;
    let (site, conversation) = (site.clone(), states.theirs.as_ref()?.id.clone());
    Some(Effect::Overdue { site, conversation, due_at })
}

/// Two contacts are not the same person: nothing joins them by itself, and nobody suggests it again.
pub(super) fn keep(snapshot: &Snapshot<'_>, wish: &ApartWish) -> Result<Decision, Rejection> {
    let (Some(one), Some(other)) = (&snapshot.people.into, &snapshot.people.from) else {
        return Err(unknown_contact());
    };
    let by = member(snapshot, &wish.by)?;
    if one.contact.id == other.contact.id {
        let text = "The two are joined: undo that to part them.";
        return Err(Rejection::new(409, "same_person", text));
    }
    let apart = PeopleChange::KeepApart(one.contact.id.clone(), other.contact.id.clone(), by.to_owned());
    Ok(Decision { changes: vec![Change::People(apart)], ..Decision::default() })
}
