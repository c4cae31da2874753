//! Sends one notice to somebody of the team.
//!
//! As a delivery is sent, without the gates: our own staff are no contacts. A claim with a lease has one winner; a claim left behind
//! is sent again where the provider tells repeats apart, and otherwise wedged. It goes by the site's first line of its channel,
//! through that line's own codec, so in development it lies in the sandbox like every other mail.

mod push;

use super::{Effect, FlowError, Scope};
use crate::{
    channel::{self, provider::Setup},
    ctx::Ctx,
    delivery::Purpose,
    http::Http,
    id::{ConversationId, DeliveryId, EventId, NoticeId},
    message::{DeliveryState, Outcome, Outgoing},
    notice::{PUSH, SIGN_IN_LINK, Waiting},
    phrases::Lang,
    retry::{MAX_ATTEMPTS, backoff_ms},
    store::{Db, DbError, deliveries::Settled, notices},
};

/// A notice by its id; `None` where nobody has it. This is how a queued hint finds its site.
pub async fn load_notice(db: &impl Db, id: &NoticeId) -> Result<Option<Waiting>, DbError> {
    notices::decode(db.query(&notices::notice(id)).await?)
}

/// Sends a notice of this site, if it is due and nobody else is at it.
pub async fn notify<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    waiting: &Waiting,
) -> Result<Vec<Effect>, FlowError> {
    let (site, id) = (&scope.site.id, &waiting.notice.id);
    let is_push = waiting.notice.to.starts_with(PUSH);
    let endpoint = scope.site.endpoint_on(waiting.notice.channel).filter(|_| !is_push);
    let provider = endpoint.map(channel::provider_of).transpose()?;
    // A push again takes the place of the one before it, at the push service and in the browser.
    let idempotent = is_push || provider.as_ref().is_some_and(|it| it.capabilities().idempotent_send);
    match waiting.state {
        DeliveryState::Pending => {}
        DeliveryState::Sending => {
            let (to, reason) = if idempotent {
                (DeliveryState::Pending, "sent_again")
            } else {
                (DeliveryState::Wedged, "unknown")
            };
            scope.db.query(&notices::abandon(site, id, to, reason, ctx.now)).await?;
        }
        _ => return Ok(Vec::new()),
    }
    let lease = format!("{:016x}", ctx.entropy.next_u64());
    let until = ctx.now.plus_ms(super::deliver::LEASE_MS);
    let answers = scope.db.batch(&notices::claim(site, id, &lease, until, ctx.now)).await?;
    let Some(claimed) = notices::decode(answers.into_iter().nth(1).unwrap_or_default())? else {
        return Ok(Vec::new());
    };
    let outcome = match (endpoint, provider) {
        _ if is_push => push::send(scope, http, ctx, &claimed).await?,
        (Some(endpoint), Some(provider)) => {
            let setup =
                Setup { site: scope.site, endpoint, secrets: scope.secrets, public_url: scope.public_url };
            match outgoing(scope, &claimed).map(|outgoing| provider.render(setup, &outgoing)) {
                Some(Ok(request)) => provider.outcome(&http.send(&request).await),
                Some(Err(error)) => Outcome::Failed { code: error.to_string(), suppress: None },
                None => Outcome::Failed { code: "missing_key".to_owned(), suppress: None },
            }
        }
        _ => Outcome::Failed { code: "no_endpoint".to_owned(), suppress: None },
    };
    let settled = settled(ctx, &claimed, outcome, idempotent);
    scope.db.query(&notices::settle(site, id, &lease, &settled)).await?;
    let again = settled.state == DeliveryState::Pending;
    Ok(again.then(|| Effect::Notify { notice: id.clone(), due_at: settled.due_at }).into_iter().collect())
}

/// The notice as the codecs take it; `None` where it holds a link and there is no key to make it with.
fn outgoing<D: Db>(scope: Scope<'_, D>, waiting: &Waiting) -> Option<Outgoing> {
    let notice = &waiting.notice;
    let text = if notice.text.contains(SIGN_IN_LINK) {
        notice.text.replace(SIGN_IN_LINK, &scope.sign_in_link(&notice.id)?)
    } else {
        notice.text.clone()
    };
    // The codecs know deliveries of conversations; ids of the same name stand in for them, and lead nowhere.
    let name = notice.id.as_str().split_once('_').map_or("", |(_, name)| name);
    let named = |prefix: &str| format!("{prefix}_{name}");
    Some(Outgoing {
        delivery: DeliveryId::parse(&named(DeliveryId::PREFIX)).ok()?,
        conversation: ConversationId::parse(&named(ConversationId::PREFIX)).ok()?,
        event: EventId::parse(&named(EventId::PREFIX)).ok()?,
        at: waiting.made_at,
        channel: notice.channel,
        to: notice.to.clone(),
        purpose: Purpose::Transactional,
        lang: Lang::of(&scope.site.locale),
        text,
        subject: notice.subject.clone(),
        references: Vec::new(),
        quoted: None,
        automatic: true,
        to_team: true,
        calendar: None,
        files: Vec::new(),
    })
}

fn settled(ctx: &mut Ctx, claimed: &Waiting, outcome: Outcome, idempotent: bool) -> Settled {
    let wedged = |reason: String, now| Settled {
        state: DeliveryState::Wedged,
        reason: Some(reason),
        provider_id: None,
        due_at: now,
    };
    let (wish, code) = match outcome {
        Outcome::Accepted { provider_id } => {
            let provider_id = Some(provider_id);
            return Settled { state: DeliveryState::Sent, reason: None, provider_id, due_at: ctx.now };
        }
        Outcome::Failed { code, .. } => return wedged(code, ctx.now),
        Outcome::Unknown if !idempotent => return wedged("unknown".to_owned(), ctx.now),
        Outcome::Unknown => (None, "unknown".to_owned()),
        Outcome::Retry { after_ms, code } => (after_ms, code),
    };
    if claimed.attempt >= MAX_ATTEMPTS {
        return wedged(format!("gave_up:{code}"), ctx.now);
    }
    let due_at = ctx.now.plus_ms(backoff_ms(ctx, claimed.attempt, wish));
    Settled { state: DeliveryState::Pending, reason: Some(code), provider_id: None, due_at }
}
