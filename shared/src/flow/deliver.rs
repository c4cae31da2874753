//! Sends one delivery.
//!
//! 1. Load it with all that rendering needs.
//! 2. A claim left behind is ended first: sent again where the provider tells repeats apart, shown to a human where
//!    it does not.
//! 3. The gates judge again, and the claim that follows has one winner and holds only while what they saw still stands.
//! 4. Render, send, settle. A crash anywhere leaves a row that says what is known.

mod claim;
mod enclose;
mod invite;

pub use self::claim::LEASE_MS;
use self::claim::{Claim, State};
use super::{
    Effect, FlowError, Scope,
    refusal::{self, Refusal, Told},
};
use crate::{
    calendar,
    channel::{self, Channel, provider::Setup},
    contact::Contact,
    ctx::Ctx,
    delivery::{Delivery, Purpose},
    event::Event,
    http::Http,
    id::DeliveryId,
    message::{DeliveryState, Outcome, Outgoing, Quoted, Suppress},
    phrases::{self, Lang},
    retry::{MAX_ATTEMPTS, backoff_ms},
    site::Endpoint,
    store::{Db, DbError, contacts, deliveries, deliveries::Settled, events},
    wire::Speaker,
};

/// How many events an email looks at for what it answers, its own among them.
const LOOKED_BACK: u32 = 30;

/// A delivery by its id; `None` where nobody has it. This is how a queued hint finds its site.
pub async fn load_delivery(db: &impl Db, id: &DeliveryId) -> Result<Option<Delivery>, DbError> {
    Ok(deliveries::decode(db.query(&deliveries::delivery(id)).await?)?.into_iter().next())
}

/// Sends a delivery of this site, if it is due, allowed and nobody else is at it.
pub async fn deliver<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    delivery: &Delivery,
) -> Result<Vec<Effect>, FlowError> {
    let site = &scope.site.id;
    if !matches!(delivery.state, DeliveryState::Pending | DeliveryState::Sending) {
        return Ok(Vec::new());
    }
    let found = scope.site.endpoints.iter().find(|endpoint| endpoint.id == delivery.endpoint);
    let Some(endpoint) = found else {
        scope.db.query(&deliveries::withdraw(site, &delivery.id, "no_endpoint", ctx.now)).await?;
        return Ok(Vec::new());
    };
    let provider = channel::provider_of(endpoint)?;
    if delivery.state == DeliveryState::Sending {
        let (state, reason) = if provider.capabilities().idempotent_send {
            (DeliveryState::Pending, "sent_again")
        } else {
            (DeliveryState::Wedged, "unknown")
        };
        scope.db.query(&deliveries::abandon(site, &delivery.id, state, reason, ctx.now)).await?;
    }
    let Some((mut context, state)) = load_context(scope, endpoint, delivery).await? else {
        return Ok(Vec::new());
    };
    let lease = format!("{:016x}", ctx.entropy.next_u64());
    let claimed = match claim::claim(scope, ctx, delivery, (&context, state), &lease).await? {
        Claim::Won(claimed) => claimed,
        Claim::Later(effects) => return Ok(effects),
    };
    let setup = Setup { site: scope.site, endpoint, secrets: scope.secrets, public_url: scope.public_url };
    let Context { outgoing, event, .. } = &mut context;
    let enclosed = match event.message() {
        Some(message) => enclose::enclose(scope, http, (endpoint, ctx.now), message, outgoing).await,
        None => Ok(()),
    };
    let outcome = match enclosed.map(|()| provider.render(setup, &context.outgoing)) {
        Ok(Ok(request)) => provider.outcome(&http.send(&request).await),
        Ok(Err(error)) => Outcome::Failed { code: error.to_string(), suppress: None },
        Err(outcome) => outcome,
    };
    let idempotent = provider.capabilities().idempotent_send;
    settle(scope, ctx, &claimed, &lease, &context, outcome, idempotent).await
}

/// All that rendering needs.
struct Context {
    outgoing: Outgoing,
    event: Event,
    /// The contact's, where known.
    time_zone: Option<String>,
}

async fn load_context<D: Db>(
    scope: Scope<'_, D>,
    endpoint: &Endpoint,
    delivery: &Delivery,
) -> Result<Option<(Context, State)>, FlowError> {
    let site = &scope.site.id;
    // An email goes on in its thread, so it looks back.
    let count = if endpoint.channel == Channel::Email { LOOKED_BACK } else { 1 };
    let before = delivery.seq.saturating_sub(count);
    let mut stmts = vec![
        events::after(site, &delivery.conversation, before, count),
        contacts::of_conversation(site, &delivery.conversation),
    ];
    stmts.extend(State::questions(scope, delivery));
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let events = events::decode_events(next())?;
    let contact = contacts::decode_one(next())?;
    let Some(state) = State::decode(delivery, &mut rows)? else { return Ok(None) };
    let Some(event) = events.iter().find(|event| event.seq == delivery.seq) else { return Ok(None) };
    let Some(message) = event.message() else { return Ok(None) };
    // A name that somebody typed goes to no mailbox but one that is proven to be theirs.
    let named = contact.as_ref().filter(|contact| state.is_proven_of(&contact.id));
    let locale = contact.as_ref().and_then(|contact| contact.locale.as_deref());
    let mut outgoing = Outgoing {
        delivery: delivery.id.clone(),
        conversation: delivery.conversation.clone(),
        event: event.id.clone(),
        at: event.at,
        channel: endpoint.channel,
        to: delivery.to.text.clone(),
        purpose: delivery.purpose,
        lang: Lang::of(locale.unwrap_or(&scope.site.locale)),
        text: message.text.clone(),
        subject: message.subject.clone(),
        references: Vec::new(),
        quoted: None,
        calendar: invite::load_invite(scope, (delivery, endpoint, event), state.planned(), named).await?,
        automatic: event.speaker != Speaker::Contact && !matches!(event.speaker, Speaker::Agent(_)),
        to_team: false,
        files: Vec::new(),
    };
    if endpoint.channel == Channel::Email {
        thread_mail(scope, &mut outgoing, &events, event, contact.as_ref()).await?;
    }
    let time_zone = contact.and_then(|contact| contact.time_zone);
    Ok(Some((Context { outgoing, event: event.clone(), time_zone }, state)))
}

/// An email goes on in its thread and quotes what it answers.
async fn thread_mail<D: Db>(
    scope: Scope<'_, D>,
    outgoing: &mut Outgoing,
    events: &[Event],
    event: &Event,
    contact: Option<&Contact>,
) -> Result<(), FlowError> {
    // Only what this mailbox itself wrote: others may be in the conversation as well.
    let asked = events.iter().rfind(|earlier| {
        earlier.seq < event.seq
            && earlier.channel == Channel::Email
            && earlier.address_key == event.address_key
            && earlier.speaker == Speaker::Contact
    });
    let Some((asked, said)) = asked.and_then(|asked| Some((asked, asked.message()?))) else { return Ok(()) };
    outgoing.references =
        events::load_mail_ids(scope.db, &scope.site.id, &event.conversation, &event.address_key).await?;
    let lang = outgoing.lang;
    let zone = contact.and_then(|c| c.time_zone.as_deref()).unwrap_or(&scope.site.time_zone);
    let who = contact.and_then(|c| c.name.as_deref()).unwrap_or(&asked.address_key);
    let when = calendar::local_date_time(asked.at, zone, lang);
    if outgoing.subject.is_none() {
        outgoing.subject.clone_from(&said.subject);
    }
    outgoing.quoted =
        Some(Quoted { intro: phrases::lines::quote_intro(lang, &when, who), text: said.text.clone() });
    Ok(())
}

async fn settle<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    delivery: &Delivery,
    lease: &str,
    context: &Context,
    outcome: Outcome,
    idempotent: bool,
) -> Result<Vec<Effect>, FlowError> {
    let site = &scope.site.id;
    let wedged = |reason: String| Settled {
        state: DeliveryState::Wedged,
        reason: Some(reason),
        provider_id: None,
        due_at: ctx.now,
    };
    let mut stmts = Vec::new();
    let mut refused: Option<(Suppress, String)> = None;
    let settled = match outcome {
        Outcome::Accepted { provider_id } => {
            stmts.push(deliveries::note_provider(site, &delivery.id, &provider_id));
            if delivery.channel == Channel::Email {
                let own = channel::email::message_id_of(
                    &delivery.id,
                    &delivery.conversation,
                    &context.outgoing_mailbox(scope, delivery),
                );
                for id in [own, provider_id.clone()] {
                    stmts.push(events::add_mail_id(site, &id, &delivery.conversation, delivery.seq));
                }
            }
            Settled {
                state: DeliveryState::Sent,
                reason: None,
                provider_id: Some(provider_id),
                due_at: ctx.now,
            }
        }
        Outcome::Failed { code, suppress: why } => {
            refused = why.map(|why| (why, code.clone()));
            if refusal::is_opt_out(delivery, why) && delivery.purpose == Purpose::OptOutReply {
                // The carrier has confirmed the STOP itself: nothing is missing, and nobody must look.
                Settled { state: DeliveryState::Cancelled, ..wedged("opted_out".to_owned()) }
            } else {
                wedged(code)
            }
        }
        Outcome::Unknown if !idempotent => wedged("unknown".to_owned()),
        Outcome::Retry { code, .. } if delivery.attempt >= MAX_ATTEMPTS => wedged(format!("gave_up:{code}")),
        Outcome::Unknown if delivery.attempt >= MAX_ATTEMPTS => wedged("gave_up:unknown".to_owned()),
        Outcome::Unknown | Outcome::Retry { .. } => {
            let (wish, code) = match outcome {
                Outcome::Retry { after_ms, code } => (after_ms, code),
                _ => (None, "unknown".to_owned()),
            };
            let due_at = ctx.now.plus_ms(backoff_ms(ctx, delivery.attempt, wish));
            Settled { state: DeliveryState::Pending, reason: Some(code), provider_id: None, due_at }
        }
    };
    stmts.push(deliveries::settle(site, &delivery.id, lease, &settled, ctx.now));
    if let Some((why, code)) = refused {
        let refusal = Refusal { delivery, why, code: &code, told: Told::AtOnce };
        refusal::commit(scope, ctx, &refusal, &stmts).await?;
    } else {
        scope.db.batch(&stmts).await?;
    }
    if settled.state == DeliveryState::Pending {
        return Ok(vec![Effect::Deliver { delivery: delivery.id.clone(), due_at: settled.due_at }]);
    }
    Ok(Vec::new())
}

impl Context {
    /// The mailbox the email went out from.
    fn outgoing_mailbox<D: Db>(&self, scope: Scope<'_, D>, delivery: &Delivery) -> String {
        let endpoint = scope.site.endpoints.iter().find(|endpoint| endpoint.id == delivery.endpoint);
        endpoint.map_or_else(|| self.outgoing.to.clone(), |endpoint| endpoint.address.clone())
    }
}
