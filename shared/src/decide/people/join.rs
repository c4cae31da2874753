//! Two contacts are one person: because an address was proven, or because somebody of the team says so.
//!
//! Addresses, timelines, facts, tags, appointments and consents stay whose they were and are read together. What waits to
//! be said, and the sequences that run, go on in the conversation that goes on. One who has no conversation goes on with
//! the other's.

use super::{PeopleChange, Side, line, member, unknown_contact};
use crate::{
    channel::Channel,
    command::MergeWish,
    contact::Address,
    conversation::Conversation,
    ctx::Ctx,
    decide::{Change, Decision, Joining, Plan, Snapshot},
    effect::Effect,
    error::Rejection,
    event::Body,
    id::{ContactId, MergeId},
    merge::{self, Detail, Evidence, Filled, Merge},
    wire::Speaker,
};

/// The most lines of evidence, and the longest, in characters.
const MAX_LINES: usize = 20;
const MAX_LINE_CHARS: usize = 300;

/// Whoever typed the sender's address is thereby the same person.
pub(in crate::decide) fn proven(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    line: (Channel, &Address),
    joining: &Joining,
) {
    let from = &joining.side;
    plan.change(Change::People(PeopleChange::Settle(line.1.clone(), from.contact.id.clone())));
    let evidence = Evidence { claim: Some(joining.claim.clone()), lines: Vec::new() };
    let join = Join { from, handles: &joining.known, by: "", evidence };
    join.take(plan, ctx, Some(line));
}

pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    wish: &MergeWish,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    let (Some(into), Some(from)) = (&snapshot.people.into, &snapshot.people.from) else {
        return Err(unknown_contact());
    };
    let by = member(snapshot, &wish.by)?;
    if into.contact.id == from.contact.id {
        let text = "The two are one person already.";
        return Err(Rejection::new(409, "same_person", text));
    }
    let lines: Vec<String> = wish.evidence.iter().map(|line| line.trim().to_owned()).collect();
    let fits = |line: &String| (1..=MAX_LINE_CHARS).contains(&line.chars().count());
    if lines.len() > MAX_LINES || !lines.iter().all(fits) {
        let text = format!("`evidence` takes at most {MAX_LINES} lines of 1 to {MAX_LINE_CHARS} characters.");
        return Err(Rejection::new(400, "bad_evidence", text));
    }
    let handles: Vec<Address> = into.handles.iter().map(|handle| handle.address.clone()).collect();
    let join = Join { from, handles: &handles, by, evidence: Evidence { claim: None, lines } };
    let apart = PeopleChange::DropApart(into.contact.id.clone(), from.contact.id.clone());
    let (conversation, adopted) = match (&into.conversation, &from.conversation) {
        (Some(own), _) => (own.clone(), None),
        (None, Some(begun)) => {
            (Conversation { contact: into.contact.id.clone(), ..begun.clone() }, Some(begun))
        }
        // Nothing was ever said to either.
        (None, None) => {
            let mut contact = into.contact.clone();
            let merge = join.merge(
                &into.contact.id,
                ctx,
                Detail {
                    filled: Filled::fill(&mut contact, &from.contact),
                    tags: from.tags.clone(),
                    ..Detail::default()
                },
            );
            let mut changes =
                vec![Change::People(apart), Change::People(PeopleChange::Join(Box::new(merge)))];
            if contact != into.contact {
                changes.push(Change::UpdateContact(contact));
            }
            return Ok(Decision { changes, ..Decision::default() });
        }
    };
    let handles: Vec<_> = into.handles.iter().chain(&from.handles).cloned().collect();
    let line = line(&conversation, &handles);
    let mut plan = Plan::on_conversation(snapshot, into.contact.clone(), conversation);
    plan.change(Change::People(apart));
    if let Some(begun) = adopted {
        plan.change(Change::Adopt(begun.clone(), into.contact.id.clone()));
    }
    join.take(&mut plan, ctx, line.as_ref().map(|(channel, address)| (*channel, address)));
    Ok(plan.finish())
}

/// A contact who is joined into that of a plan.
struct Join<'a> {
    from: &'a Side,
    /// What the other one has: needed where they adopt a conversation.
    handles: &'a [Address],
    by: &'a str,
    evidence: Evidence,
}

impl Join<'_> {
    fn merge(&self, into: &ContactId, ctx: &mut Ctx, detail: Detail) -> Merge {
        Merge {
            id: MergeId::mint(ctx),
            into: into.clone(),
            from: self.from.contact.id.clone(),
            at: ctx.now,
            by: self.by.to_owned(),
            evidence: self.evidence.clone(),
            undone: None,
            detail,
        }
    }

    /// Joins them. The plan's conversation is the one that goes on.
    fn take(&self, plan: &mut Plan<'_>, ctx: &mut Ctx, line: Option<(Channel, &Address)>) {
        let from = self.from;
        let mut detail = Detail { tags: from.tags.clone(), ..Detail::default() };
        let before = plan.contact.clone();
        detail.filled = Filled::fill(&mut plan.contact, &from.contact);
        if plan.contact != before {
            plan.change(Change::UpdateContact(plan.contact.clone()));
        }
        let theirs = from.conversation.as_ref().map(|theirs| theirs.id.clone());
        match &from.conversation {
            Some(theirs) if theirs.id == plan.conversation.id => {
                detail.adopted = Some(theirs.id.clone());
                detail.handles = self.handles.to_vec();
            }
            Some(theirs) => {
                let mut theirs = theirs.clone();
                let lapses_h = plan.snapshot.site.policy.floor_lapses_h;
                let (before, brought) =
                    merge::combine(&mut plan.conversation, &mut theirs, ctx.now, lapses_h);
                (detail.before, detail.brought) = (Some(before), Some(brought));
                detail.on = Some(plan.conversation.id.clone());
                plan.change(Change::PassOn(theirs.id.clone(), plan.conversation.id.clone()));
                plan.change(Change::UpdateConversation(theirs));
            }
            None => {}
        }
        let merge = self.merge(&plan.contact.id, ctx, detail);
        let body = Body::Joined {
            contact: from.contact.id.clone(),
            conversation: theirs.clone(),
            claim: self.evidence.claim.clone(),
            merge: Some(merge.id.clone()),
        };
        plan.change(Change::People(PeopleChange::Join(Box::new(merge))));
        let speaker = if self.by.is_empty() { Speaker::System } else { Speaker::Agent(self.by.to_owned()) };
        if let Some(line) = line {
            plan.append(ctx, None, line, speaker, body);
        }
        let to = plan.conversation.id.clone();
        if let Some(from) = theirs.filter(|theirs| *theirs != to) {
            plan.effect(Effect::Moved { from, to });
        }
    }
}
