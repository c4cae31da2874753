//! What follows where a provider says that an address must not be written to.
//!
//! A mailbox that does not exist and a complaint are suppressed, and no word of the person's lifts that. A phone on the
//! carrier's block list is another matter: its owner put it there with STOP and takes it off with START. A carrier that
//! answers those words itself (Twilio does, on every number without Advanced Opt-Out) tells us of it by refusing the next
//! message and by nothing else. So the refusal is an opt-out like any other: the handle is blocked, the ledger holds it,
//! what waits is withdrawn, and START lifts it. Source: <https://www.twilio.com/docs/api/errors/21610>.

use super::{Scope, load};
use crate::{
    channel::Channel,
    consent::{Action, Basis, ConsentBody, ConsentEntry, Standing, standing},
    contact::AddressKind,
    ctx::Ctx,
    delivery::{Delivery, Purpose},
    id::ConsentId,
    message::{DeliveryState, Suppress},
    store::{Answer, Db, DbError, Stmt, consents, contacts, deliveries, events},
};

/// How often it is written anew because somebody else added to the ledger first.
const MAX_TRIES: u32 = 5;

/// A provider's word against an address.
pub(super) struct Refusal<'a> {
    /// The message it was about.
    pub delivery: &'a Delivery,
    /// What kind of word.
    pub why: Suppress,
    /// The provider's code: the proof in the ledger.
    pub code: &'a str,
    /// How it was told.
    pub told: Told,
}

/// How a refusal was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// In answer to the send, just now.
    AtOnce,
    /// In a report of this state. It counts where the delivery comes to that state, or stands there already.
    Later(DeliveryState),
}

/// Whether the address is on the carrier's list of people who sent it STOP.
pub(super) fn is_opt_out(delivery: &Delivery, why: Option<Suppress>) -> bool {
    why == Some(Suppress::Carrier) && delivery.to.kind == AddressKind::Phone
}

/// Writes `stmts` and what follows from the refusal, in one batch.
pub(super) async fn commit<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    refusal: &Refusal<'_>,
    stmts: &[Stmt],
) -> Result<Vec<Answer>, DbError> {
    let mut tries = 0;
    loop {
        let mut batch = stmts.to_vec();
        batch.extend(plan(scope, ctx, refusal).await?);
        match scope.db.batch(&batch).await {
            Err(DbError::Conflict(_)) if tries < MAX_TRIES => tries += 1,
            result => return result,
        }
    }
}

async fn plan<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    refusal: &Refusal<'_>,
) -> Result<Vec<Stmt>, DbError> {
    let Refusal { delivery, why, .. } = refusal;
    if is_opt_out(delivery, Some(*why)) {
        return opt_out(scope, ctx, refusal).await;
    }
    let (site, hash, why) = (&scope.site.id, scope.hash(&delivery.to), why.as_str());
    Ok(vec![match refusal.told {
        Told::AtOnce => deliveries::suppress(site, delivery.to.kind, &hash, why, ctx.now),
        Told::Later(state) => deliveries::suppress_reported(site, &delivery.id, &hash, why, state, ctx.now),
    }])
}

async fn opt_out<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    refusal: &Refusal<'_>,
) -> Result<Vec<Stmt>, DbError> {
    let (site, delivery) = (&scope.site.id, refusal.delivery);
    // The ledger's places let one of two reports of the same refusal through; one that comes again much later is told
    // by the delivery, which has ended.
    let (sent_at, is_new) = match refusal.told {
        Told::AtOnce => (ctx.now, true),
        Told::Later(_) => (delivery.due_at, !delivery.has_ended()),
    };
    if !is_new {
        return Ok(Vec::new());
    }
    let known = load::known(scope, &delivery.to).await?;
    let newest = known.chain.iter().rfind(|entry| entry.body.channel == Channel::Sms);
    // What the person said after the message was handed over counts more.
    if newest.is_some_and(|entry| entry.body.action == Action::Grant && entry.at > sent_at) {
        return Ok(Vec::new());
    }
    let mut stmts = vec![
        contacts::block_handle(site, &delivery.to, true),
        deliveries::cancel_to(site, &delivery.to, "opted_out", ctx.now),
    ];
    let stands = standing(&known.chain, Channel::Sms, Purpose::Transactional, None, ctx.now);
    if matches!(stands, Standing::Revoked { .. }) {
        return Ok(stmts);
    }
    let about = [
        contacts::of_conversation(site, &delivery.conversation),
        events::after(site, &delivery.conversation, delivery.seq.saturating_sub(1), 1),
    ];
    let mut rows = scope.db.batch(&about).await?.into_iter();
    let contact = contacts::decode_one(rows.next().unwrap_or_default())?;
    let event = events::decode_events(rows.next().unwrap_or_default())?.into_iter().next();
    if let (Some(contact), Some(event)) = (contact, event) {
        let (action, basis) = (Action::Revoke, Basis::Carrier);
        let body = ConsentBody::of(Channel::Sms, action, basis, refusal.code, &event.id);
        let (of, id) = ((site, &delivery.to), ConsentId::mint(ctx));
        let entry = ConsentEntry::after(&known.chain, of, id, contact.id, ctx.now, body);
        stmts.push(consents::add(site, &delivery.to, &entry));
    }
    Ok(stmts)
}
