//! What somebody of the team was told, and their rules; and what a decision needs to know to tell the team of something.

use super::{FlowError, Scope};
use crate::{
    alert::Team,
    api::alerts::{Alerts, PushKey, PushSubscription, Rules},
    contact::{AddressKind, Assurance, Handle},
    ctx::Ctx,
    error::Rejection,
    id::{AgentId, AlertId, ConversationId},
    identity,
    push::{self, Server},
    store::{Db, DbError, alerts, contacts, events},
};

/// How many alerts are read at once.
const MAX_READ: usize = 100;

/// What an agent was told and has not read.
pub async fn load_alerts<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    agent: &AgentId,
) -> Result<Alerts, FlowError> {
    let found = scope.db.query(&alerts::unread(&scope.site.id, agent, ctx.now)).await?;
    Ok(Alerts { alerts: alerts::decode(found)? })
}

/// An agent has read some of it; all where none is named. At most 100 are taken at once.
pub async fn read_alerts<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    agent: &AgentId,
    ids: &[AlertId],
) -> Result<(), FlowError> {
    let site = &scope.site.id;
    if ids.is_empty() {
        scope.db.query(&alerts::read_all(site, agent, ctx.now)).await?;
        return Ok(());
    }
    let stmts: Vec<_> = ids.iter().take(MAX_READ).map(|id| alerts::read(site, agent, id)).collect();
    scope.db.batch(&stmts).await?;
    Ok(())
}

/// An agent's rules.
pub async fn load_rules<D: Db>(scope: Scope<'_, D>, agent: &AgentId) -> Result<Rules, FlowError> {
    Ok(alerts::decode_rules(scope.db.query(&alerts::rules(&scope.site.id, agent)).await?)?)
}

/// Takes an agent's rules. Refuses what cannot be kept to (400 `bad_rules`, with the field to change).
pub async fn put_rules<D: Db>(scope: Scope<'_, D>, agent: &AgentId, rules: &Rules) -> Result<(), FlowError> {
    if let Some(trouble) = rules.trouble() {
        return Err(Rejection::new(400, "bad_rules", trouble).into());
    }
    let mut rules = rules.clone();
    if let Some(phone) = rules.phone.as_deref().map(str::trim).filter(|phone| !phone.is_empty()) {
        let parsed = identity::parse_phone(phone, &scope.site.region)
            .map_err(|why| Rejection::new(400, "bad_rules", format!("`phone` is no phone number: {why}.")))?;
        rules.phone = Some(parsed.text);
    }
    scope.db.query(&alerts::put_rules(&scope.site.id, agent, &rules)).await?;
    Ok(())
}

/// What a browser subscribes to push messages with; none where this deployment has no key.
pub fn push_key<D: Db>(scope: Scope<'_, D>) -> PushKey {
    let server = scope.secrets.secret(push::KEY).and_then(|secret| Server::of(&secret));
    PushKey { key: server.map(|server| server.public_key()) }
}

/// A browser of an agent's takes push messages. Refuses what is no subscription of a browser (400 `bad_subscription`).
pub async fn subscribe<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    agent: &AgentId,
    to: &PushSubscription,
) -> Result<(), FlowError> {
    push::check(to)?;
    let id = push::id_of(&to.endpoint);
    scope.db.query(&alerts::subscribe(&scope.site.id, agent, &id, to, ctx.now)).await?;
    Ok(())
}

/// A browser of an agent's takes none any more.
pub async fn unsubscribe<D: Db>(
    scope: Scope<'_, D>,
    agent: &AgentId,
    endpoint: &str,
) -> Result<(), FlowError> {
    let id = push::id_of(endpoint);
    scope.db.query(&alerts::unsubscribe(&scope.site.id, agent, &id)).await?;
    Ok(())
}

/// What telling the team of something in a conversation takes; `said` is the place of what the contact wrote.
pub(super) async fn load_team<D: Db>(
    scope: Scope<'_, D>,
    conversation: Option<&ConversationId>,
    said: Option<u32>,
) -> Result<Team, DbError> {
    let site = &scope.site.id;
    let mut stmts = vec![alerts::staff(site)];
    if let Some(conversation) = conversation {
        stmts.push(contacts::handles_of_conversation(site, conversation));
        stmts.extend(said.map(|seq| events::after(site, conversation, seq.saturating_sub(1), 1)));
    }
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let staff = alerts::decode_staff(rows.next().unwrap_or_default())?;
    let handles = contacts::decode_handles(rows.next().unwrap_or_default())?;
    let event = events::decode_events(rows.next().unwrap_or_default())?.into_iter().next();
    let is_number = |handle: &&Handle| {
        handle.address.kind == AddressKind::Phone && handle.assurance >= Assurance::Possessed
    };
    Ok(Team {
        staff,
        inbox: format!("{}/inbox/{site}/c/", scope.public_url),
        words: event.and_then(|event| Some(event.message()?.text.clone())),
        phone: handles.iter().find(is_number).map(|handle| handle.address.text.clone()),
    })
}
