//! A site's webhooks: made, changed, removed, tried; and sending what happened to them.
//!
//! As a notice is sent: a claim with a lease has one winner, and what could not be sent is tried again. A lost answer is no trouble here,
//! since the same `webhook-id` goes out again. The words are read from the timeline when they are sent, so what was erased meanwhile is
//! sent to nobody.

use super::{FlowError, Scope};
use crate::{
    api::{
        access::Asker,
        scope::ApiScope,
        webhooks::{
            HookKind, HookLog, HookSent, HookState, Webhook, WebhookChange, WebhookMade, WebhookWish,
            Webhooks,
        },
    },
    ctx::Ctx,
    effect::Effect,
    error::Rejection,
    event::Event,
    http::Http,
    id::{EventId, SiteId, WebhookId},
    message::DeliveryState,
    store::{
        Answer, Db, DbError, events,
        webhooks::{self as store, Enqueued, Sending, Settled},
    },
    time::{MINUTE_MS, Timestamp},
    webhook::{self, ANYWHERE, KEPT_MS, MAX_WEBHOOKS, PATIENCE_MS, Tried},
};

/// How long a try may take before somebody else may take it on, in milliseconds.
const LEASE_MS: i64 = MINUTE_MS;
/// How many lines of its log are shown.
const LOG: u32 = 100;

/// Every webhook of the site.
pub async fn load_webhooks<D: Db>(scope: Scope<'_, D>) -> Result<Webhooks, FlowError> {
    Ok(Webhooks { webhooks: store::decode(scope.db.query(&store::of_site(&scope.site.id)).await?)? })
}

async fn load_one<D: Db>(scope: Scope<'_, D>, id: &WebhookId) -> Result<Webhook, FlowError> {
    let found = store::decode(scope.db.query(&store::one(&scope.site.id, id)).await?)?;
    let unknown = || Rejection::new(404, "unknown_webhook", "The site has no webhook of this id.");
    Ok(found.into_iter().next().ok_or_else(unknown)?)
}

/// A program cannot have sent what it may not read (403 `not_allowed`).
fn may_read(asker: &Asker) -> Result<(), Rejection> {
    let Asker::Token { scopes, .. } = asker else { return Ok(()) };
    let needed = [ApiScope::ContactsRead, ApiScope::ConversationsRead];
    match needed.into_iter().find(|scope| !scopes.contains(scope)) {
        None => Ok(()),
        Some(missing) => {
            let text = format!("This token lacks the scope `{}` and cannot have it sent.", missing.as_str());
            Err(Rejection::new(403, "not_allowed", text))
        }
    }
}

fn check_url<D: Db>(scope: Scope<'_, D>, url: &str) -> Result<(), Rejection> {
    webhook::check_url(url, scope.secrets.secret(ANYWHERE).is_some())
}

/// Makes a webhook, and tells its secret. Refuses where it may not go (400 `bad_url`), no kinds (400 `no_kinds`), one too many (409
/// `too_many_webhooks`), and a program that may not read what it would be sent (403 `not_allowed`).
pub async fn add<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    asker: &Asker,
    wish: WebhookWish,
) -> Result<WebhookMade, FlowError> {
    let WebhookWish { url, mut kinds } = wish;
    may_read(asker)?;
    check_url(scope, &url)?;
    webhook::check_kinds(&mut kinds)?;
    if load_webhooks(scope).await?.webhooks.len() >= MAX_WEBHOOKS {
        let text = format!("A site may have {MAX_WEBHOOKS} webhooks: remove one that is not used.");
        return Err(Rejection::new(409, "too_many_webhooks", text).into());
    }
    let id = WebhookId::mint(ctx);
    let secret = secret(scope, &id)?;
    let webhook = Webhook { id, url, kinds, state: HookState::On, failing_since: None, made_at: ctx.now };
    let mut stmts = vec![store::add(&scope.site.id, &webhook)];
    stmts.extend(scope.noted_of(ctx, webhook.id.as_str(), &webhook.url));
    scope.db.batch(&stmts).await?;
    Ok(WebhookMade { webhook, secret })
}

fn secret<D: Db>(scope: Scope<'_, D>, id: &WebhookId) -> Result<String, Rejection> {
    let missing = || Rejection::new(500, "missing_secret", "The secret SIGNING_KEY is not set.");
    let key = scope.secrets.secret("SIGNING_KEY").ok_or_else(missing)?;
    Ok(webhook::secret(&key, &scope.site.id, id))
}

/// Changes a webhook: refused as it is made, and 404 `unknown_webhook`. Turned on, it begins anew.
pub async fn change<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    (asker, id): (&Asker, &WebhookId),
    wish: WebhookChange,
) -> Result<Webhook, FlowError> {
    let mut webhook = load_one(scope, id).await?;
    may_read(asker)?;
    if let Some(url) = wish.url {
        check_url(scope, &url)?;
        webhook.url = url;
    }
    if let Some(mut kinds) = wish.kinds {
        webhook::check_kinds(&mut kinds)?;
        webhook.kinds = kinds;
    }
    if let Some(on) = wish.on {
        webhook.state = webhook::turned(on);
        webhook.failing_since = None;
    }
    let mut stmts = vec![store::change(&scope.site.id, &webhook)];
    stmts.extend(scope.noted(ctx));
    scope.db.batch(&stmts).await?;
    Ok(webhook)
}

/// Removes a webhook with its log. 404 `unknown_webhook`.
pub async fn remove<D: Db>(scope: Scope<'_, D>, ctx: &mut Ctx, id: &WebhookId) -> Result<(), FlowError> {
    load_one(scope, id).await?;
    let mut stmts = store::remove(&scope.site.id, id).to_vec();
    stmts.extend(scope.noted(ctx));
    scope.db.batch(&stmts).await?;
    Ok(())
}

/// What was sent to a webhook lately. 404 `unknown_webhook`.
pub async fn load_log<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, id: &WebhookId) -> Result<HookLog, FlowError> {
    load_one(scope, id).await?;
    let since = ctx.now.plus_ms(-KEPT_MS);
    let sends = store::decode_sends(scope.db.query(&store::log(&scope.site.id, id, since, LOG)).await?)?;
    Ok(HookLog { sends: sends.into_iter().map(|send| send.line).collect() })
}

/// Sends something of the log once more, under the same id. 404 `unknown_webhook`, 404 `unknown_send`; 409 `webhook_off` where nothing is sent.
pub async fn replay<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    id: &WebhookId,
    send: &str,
) -> Result<(HookSent, Vec<Effect>), FlowError> {
    load_on(scope, id).await?;
    let mut stmts = vec![store::replay(&scope.site.id, id, send, ctx.now)];
    stmts.extend(scope.noted(ctx));
    let answers = scope.db.batch(&stmts).await?;
    if answers.first().is_none_or(|answer| answer.changes == 0) {
        let text = "The log of this webhook has nothing of this id that could be sent again now.";
        return Err(Rejection::new(404, "unknown_send", text).into());
    }
    Ok((HookSent { id: send.to_owned() }, vec![hint(&scope.site.id, id, send, ctx.now)]))
}

/// Sends something that says only that it is a test. 404 `unknown_webhook`; 409 `webhook_off` where nothing is sent.
pub async fn test<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    id: &WebhookId,
) -> Result<(HookSent, Vec<Effect>), FlowError> {
    load_on(scope, id).await?;
    let send = EventId::mint(ctx).to_string();
    let mut stmts = vec![store::add_send(&scope.site.id, id, &send, HookKind::Test, ctx.now)];
    stmts.extend(scope.noted(ctx));
    scope.db.batch(&stmts).await?;
    let effect = hint(&scope.site.id, id, &send, ctx.now);
    Ok((HookSent { id: send }, vec![effect]))
}

async fn load_on<D: Db>(scope: Scope<'_, D>, id: &WebhookId) -> Result<(), FlowError> {
    if load_one(scope, id).await?.state == HookState::On {
        return Ok(());
    }
    Err(Rejection::new(409, "webhook_off", "This webhook is turned off: turn it on first.").into())
}

fn hint(site: &SiteId, webhook: &WebhookId, send: &str, due_at: Timestamp) -> Effect {
    Effect::Webhook { site: site.clone(), webhook: webhook.clone(), send: send.to_owned(), due_at }
}

/// What is to be attempted of what a batch has just put into the outbox.
pub(super) fn hints(site: &SiteId, enqueued: Answer, now: Timestamp) -> Result<Vec<Effect>, DbError> {
    let enqueued: Vec<Enqueued> = enqueued.decode_all()?;
    Ok(enqueued.into_iter().map(|it| hint(site, &it.webhook_id, &it.id, now)).collect())
}

/// Sends what is due to a webhook of this site, if nobody else is at it.
pub async fn send<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    (id, send): (&WebhookId, &str),
) -> Result<Vec<Effect>, FlowError> {
    let site = &scope.site.id;
    let lease = format!("{:016x}", ctx.entropy.next_u64());
    let until = ctx.now.plus_ms(LEASE_MS);
    let claimed = scope.db.query(&store::claim(site, id, send, (&lease, until), ctx.now)).await?;
    let Some(claimed) = store::decode_sends(claimed)?.into_iter().next() else { return Ok(Vec::new()) };
    let withdrawn = |reason| Settled {
        state: DeliveryState::Cancelled,
        status: None,
        reason: Some(reason),
        due_at: ctx.now,
    };
    let webhook = match load_one(scope, id).await {
        Ok(webhook) if webhook.state == HookState::On => webhook,
        Ok(_) | Err(FlowError::Rejected(_)) => {
            scope.db.query(&store::settle(site, id, send, &lease, &withdrawn("off"))).await?;
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    let event = load_event(scope, &claimed).await?;
    if claimed.place.is_some() && event.as_ref().and_then(webhook::kind_of) != Some(claimed.line.kind) {
        scope.db.query(&store::settle(site, id, send, &lease, &withdrawn("erased"))).await?;
        return Ok(Vec::new());
    }
    let body =
        webhook::render_body(claimed.line.kind, claimed.line.at, claimed.contact.as_ref(), event.as_ref());
    let tried = match check_url(scope, &webhook.url) {
        // The variable of development is gone.
        Err(_) => Tried { taken: false, gone: false, status: None, reason: Some("bad_url") },
        Ok(()) => match webhook::render_request(&webhook, &secret(scope, id)?, send, body, ctx.now) {
            Some(request) => webhook::tried(&http.send(&request).await),
            None => Tried { taken: false, gone: false, status: None, reason: Some("missing_key") },
        },
    };
    let settled = settled(ctx, &tried, claimed.line.attempts);
    let mut stmts = vec![
        store::settle(site, id, send, &lease, &settled),
        store::prune(site, id, ctx.now.plus_ms(-KEPT_MS)),
    ];
    if !tried.taken {
        let since = ctx.now.plus_ms(-PATIENCE_MS);
        stmts.push(store::fails(site, id, ctx.now, since, tried.gone));
    } else if webhook.failing_since.is_some() {
        stmts.push(store::works(site, id));
    }
    scope.db.batch(&stmts).await?;
    let again = settled.state == DeliveryState::Pending;
    Ok(again.then(|| hint(site, id, send, settled.due_at)).into_iter().collect())
}

fn settled(ctx: &mut Ctx, tried: &Tried, attempts: u32) -> Settled<'static> {
    let (status, reason) = (tried.status, tried.reason);
    let wait = webhook::wait_ms(attempts).filter(|_| !tried.taken && !tried.gone);
    match wait {
        _ if tried.taken => Settled { state: DeliveryState::Sent, status, reason, due_at: ctx.now },
        None => Settled { state: DeliveryState::Wedged, status, reason, due_at: ctx.now },
        Some(wait) => {
            // A tenth more at most, so that what failed together does not come back together.
            let jitter = i64::try_from(ctx.entropy.below(wait.unsigned_abs() / 10 + 1)).unwrap_or(0);
            let due_at = ctx.now.plus_ms(wait + jitter);
            Settled { state: DeliveryState::Pending, status, reason, due_at }
        }
    }
}

/// The event that is told of, as it stands on the timeline now.
async fn load_event<D: Db>(scope: Scope<'_, D>, sending: &Sending) -> Result<Option<Event>, FlowError> {
    let Some((conversation, seq)) = &sending.place else { return Ok(None) };
    let stmt = events::before(&scope.site.id, conversation, seq.saturating_add(1), 1);
    let found = events::decode_events(scope.db.query(&stmt).await?)?;
    Ok(found.into_iter().find(|event| event.id.as_str() == sending.line.id))
}
