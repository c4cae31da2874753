//! The gates once more, and the claim.
//!
//! What was put off when it was decided has no verdict yet that lets it go: that is written in the claim's own transaction, and
//! only if the claim is won.
//!
//! The claim is one UPDATE that repeats what the gates rest on: the address is not blocked or suppressed, its ledger has no
//! new entry, the floor has not changed hands. Where it misses although the delivery still waits, something has changed
//! between, and the gates judge again.

use super::Context;
use crate::{
    consent::{self, ConsentEntry},
    contact::Assurance,
    conversation::Conversation,
    ctx::Ctx,
    decide::{About, Known, Motive, alone},
    delivery::Delivery,
    effect::Effect,
    flow::{FlowError, Scope, appointments::load_appointment, load, plan},
    gate::{Case, judge, select},
    id::{ContactId, VerdictId},
    message::DeliveryState,
    planned::Planned,
    store::{
        Answer, Db, DbError, Stmt, consents, conversations,
        deliveries::{self, Seen},
        merges, planned,
    },
    time::{SECOND_MS, Timestamp},
    verdict::{Candidate, Held, Verdict},
};

/// How long a claim holds, in milliseconds: longer than any provider call may take.
pub const LEASE_MS: i64 = 60 * SECOND_MS;

/// How often the gates judge anew because something changed under them; the sweep tries again later.
const MAX_TRIES: u32 = 3;

/// What became of an attempt to claim.
pub(super) enum Claim {
    /// It is ours to send.
    Won(Box<Delivery>),
    /// Not now: it was withdrawn or put off, or somebody else is at it.
    Later(Vec<Effect>),
}

/// Claims a delivery that the gates let through; withdraws or puts off one that they do not.
pub(super) async fn claim<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    delivery: &Delivery,
    (context, mut state): (&Context, State),
    lease: &str,
) -> Result<Claim, FlowError> {
    let (site, id) = (&scope.site.id, &delivery.id);
    for _ in 0..MAX_TRIES {
        let unless = state.planned.as_ref().map(|planned| &planned.body.unless);
        let about = unless.and_then(|unless| unless.appointment.as_ref());
        let appointment = match about {
            Some(about) => load_appointment(scope, &about.id).await?,
            None => None,
        };
        if let Some(rule) =
            unless.and_then(|unless| unless.pointless(&state.conversation, appointment.as_ref(), ctx.now))
        {
            scope.db.query(&deliveries::withdraw(site, id, rule, ctx.now)).await?;
            return Ok(Claim::Later(Vec::new()));
        }
        let candidate = judge(&scope.site.policy, case_of(scope, ctx, delivery, context, &state));
        if let Some(held) = candidate.held() {
            return Ok(Claim::Later(hold(scope, ctx, delivery, candidate, &held).await?));
        }
        let seen = Seen {
            entries: state.known.chain.last().map_or(0, |entry| entry.n),
            fence: state.conversation.fence,
            address_hash: scope.hash(&delivery.to),
            last_seq: delivery.purpose.is_unasked().then_some(state.conversation.last_seq),
        };
        let until = ctx.now.plus_ms(LEASE_MS);
        let claim = deliveries::claim(site, id, lease, until, ctx.now, &seen);
        let claimed = if delivery.due_at > context.event.at {
            let verdict = verdict_of(scope, ctx, delivery, candidate);
            let stmts = [claim, deliveries::add_claimed_verdict(site, id, lease, &verdict, ctx.now)];
            scope.db.batch(&stmts).await?.into_iter().next().unwrap_or_default()
        } else {
            scope.db.query(&claim).await?
        };
        if let Some(claimed) = deliveries::decode(claimed)?.into_iter().next() {
            return Ok(Claim::Won(Box::new(claimed)));
        }
        let now = deliveries::decode(scope.db.query(&deliveries::delivery(id)).await?)?.into_iter().next();
        let waits = now.is_some_and(|now| now.state == DeliveryState::Pending && now.due_at <= ctx.now);
        let again = scope.db.batch(&State::questions(scope, delivery)).await?;
        match State::decode(delivery, &mut again.into_iter())?.filter(|_| waits) {
            Some(newer) => state = newer,
            None => break,
        }
    }
    Ok(Claim::Later(Vec::new()))
}

/// What holds right now of a delivery's address and conversation, and what it came from.
pub(super) struct State {
    known: Known,
    conversation: Conversation,
    planned: Option<Planned>,
    /// What the same person said of addresses that came with other contacts, and when they were joined.
    joined_at: Option<Timestamp>,
    others: Vec<Vec<ConsentEntry>>,
}

impl State {
    /// The questions whose answers [`State::decode`] reads, in order.
    pub(super) fn questions<D: Db>(scope: Scope<'_, D>, delivery: &Delivery) -> Vec<Stmt> {
        let site = &scope.site.id;
        let mut stmts = load::questions(scope, &delivery.to).to_vec();
        stmts.push(conversations::conversation(site, &delivery.conversation));
        if delivery.purpose.is_unasked() {
            stmts.push(planned::of_delivery(site, &delivery.id));
            stmts.push(merges::joined_at(site, &delivery.conversation));
            stmts.push(consents::chains_of_others(site, &delivery.conversation, &delivery.to));
        }
        stmts
    }

    /// The answers; nothing where the conversation is gone.
    pub(super) fn decode(
        delivery: &Delivery,
        rows: &mut impl Iterator<Item = Answer>,
    ) -> Result<Option<Self>, DbError> {
        let known = load::decode_known(&delivery.to, rows)?;
        let conversation = conversations::decode(rows.next().unwrap_or_default())?;
        let planned = planned::decode(rows.next().unwrap_or_default())?.into_iter().next();
        let joined_at = merges::decode_joined_at(rows.next().unwrap_or_default())?;
        let others = consents::decode_chains(rows.next().unwrap_or_default())?;
        Ok(conversation.map(|conversation| Self { known, conversation, planned, joined_at, others }))
    }

    /// Whether the address is proven to be a contact's.
    pub(super) fn is_proven_of(&self, contact: &ContactId) -> bool {
        let owner = self.known.owner.as_ref();
        owner.is_some_and(|(owner, handle)| owner == contact && handle.assurance >= Assurance::Possessed)
    }

    /// The planned message it came from.
    pub(super) const fn planned(&self) -> Option<&Planned> {
        self.planned.as_ref()
    }
}

/// What the gates are shown of a message in the outbox.
fn case_of<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    delivery: &Delivery,
    context: &Context,
    state: &State,
) -> Case {
    let event = &context.event;
    let about = About {
        now: ctx.now,
        site: scope.site,
        conversation: &state.conversation,
        time_zone: context.time_zone.as_deref(),
    };
    let motive = Motive {
        purpose: delivery.purpose,
        topic: state.planned.as_ref().and_then(|planned| planned.body.topic.clone()),
        speaker: event.speaker.clone(),
        priority: 0,
    };
    let message = event.message().cloned().unwrap_or_default();
    let mut case = about.case(&state.known, delivery.channel, &motive, &message);
    if delivery.purpose.is_unasked() {
        let about = (delivery.channel, delivery.purpose, motive.topic.as_deref());
        let others = state.others.iter().map(Vec::as_slice);
        case.standing = consent::strictest(&state.known.chain, others, state.joined_at, about, ctx.now);
    }
    // What this very message cost was counted when it was decided.
    case.spent.retain(|spend| spend.at != event.at);
    case
}

/// Withdraws a delivery, or puts it off, with the verdict that says why.
async fn hold<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    delivery: &Delivery,
    candidate: Candidate,
    held: &Held,
) -> Result<Vec<Effect>, FlowError> {
    let (site, id) = (&scope.site.id, &delivery.id);
    let (stmt, effects) = match held {
        Held::Denied(rule) => (deliveries::withdraw(site, id, rule, ctx.now), Vec::new()),
        Held::Deferred(rule, until) => {
            let again = Effect::Deliver { delivery: id.clone(), due_at: *until };
            (deliveries::put_off(site, id, rule, *until, ctx.now), vec![again])
        }
    };
    let verdict = verdict_of(scope, ctx, delivery, candidate);
    let mut stmts = vec![stmt, deliveries::add_verdict(site, &verdict, ctx.now)];
    if let Held::Denied(rule) = held {
        stmts.push(plan::count_held(scope.site, rule, ctx.now));
    }
    scope.db.batch(&stmts).await?;
    Ok(effects)
}

/// The verdict of an attempt: a message in the outbox has one way to go.
fn verdict_of<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    delivery: &Delivery,
    candidate: Candidate,
) -> Verdict {
    let (policy, purpose) = (&scope.site.policy, delivery.purpose);
    // As what nobody asked for was decided, so that it is replayed alike.
    let detail = if purpose.is_unasked() {
        select(policy, vec![candidate.case], &[], false).0
    } else {
        alone(policy, purpose, candidate)
    };
    let (conversation, seq) = (delivery.conversation.clone(), Some(delivery.seq));
    Verdict { id: VerdictId::mint(ctx), conversation, seq, detail }
}
