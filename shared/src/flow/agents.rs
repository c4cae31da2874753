//! A site's team: inviting, changing and removing. Each act is written with its entry in the log, or not at all.

use super::{Effect, FlowError, Scope, door, sign_in};
use crate::{
    api::{
        access::Asker,
        team::{Agent, AgentChange, AgentState, Agents, Invitation},
    },
    channel::Channel,
    ctx::Ctx,
    error::Rejection,
    id::{AgentId, NoticeId},
    identity,
    notice::Notice,
    phrases::{Lang, sign_in as words},
    store::{Db, DbError, Stmt, agents, notices},
    team,
};

/// How often a change is tried because somebody else changed the team meanwhile.
const MAX_TRIES: u32 = 3;

/// Whoever is invited or of the team.
pub async fn load_agents<D: Db>(scope: Scope<'_, D>) -> Result<Agents, FlowError> {
    let mut agents = everybody(scope).await?;
    agents.retain(|agent| agent.state != AgentState::Removed);
    Ok(Agents { agents })
}

async fn everybody<D: Db>(scope: Scope<'_, D>) -> Result<Vec<Agent>, DbError> {
    let all = agents::decode(scope.db.query(&agents::of_site(&scope.site.id)).await?)?;
    Ok(all.into_iter().map(|(_, agent)| agent).collect())
}

/// Invites somebody by mail: once more where they have not come yet. Refuses what is no address (400 `bad_address`), a name that does
/// not do (see [`team::check_name`]), somebody who is of the team (409 `already_member`), a role beyond one's own (403
/// `not_allowed`), and a site without a mailbox to write from (409 `no_endpoint`).
pub async fn invite<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    (asker, by): (&Asker, &str),
    wish: &Invitation,
) -> Result<(Agent, Vec<Effect>), FlowError> {
    team::may_reach(asker, &[wish.role])?;
    let address = identity::parse_email(&wish.email)
        .map_err(|_| Rejection::new(400, "bad_address", words::no_address(Lang::En)))?;
    if scope.site.endpoint_on(Channel::Email).is_none() {
        let text = "The site has no mailbox that an invitation could be written from.";
        return Err(Rejection::new(409, "no_endpoint", text).into());
    }
    let key = identity::key(&address);
    let mut last = None;
    for _ in 0..MAX_TRIES {
        let all = everybody(scope).await?;
        let own = all.iter().find(|agent| door::email_key(&agent.email) == key);
        if own.is_some_and(|own| own.state == AgentState::Active) {
            return Err(Rejection::new(409, "already_member", "This mailbox is of the team already.").into());
        }
        if let Some(own) = own.filter(|own| own.state == AgentState::Invited) {
            team::may_reach(asker, &[own.role])?;
        }
        let id = own.map_or_else(|| AgentId::mint(ctx), |own| own.id.clone());
        let agent = Agent {
            name: team::check_name(&wish.name, all.iter().filter(|other| other.id != id))?,
            id,
            email: address.text.clone(),
            role: wish.role,
            state: AgentState::Invited,
            since: ctx.now,
        };
        let notice = invitation(scope, ctx, by, &agent);
        let mut stmts = vec![
            agents::take_in(&scope.site.id, &agent, &key),
            notices::add(&scope.site.id, &notice, ctx.now),
        ];
        stmts.extend(scope.noted_of(ctx, agent.id.as_str(), agent.role.as_str()));
        match scope.db.batch(&stmts).await {
            Ok(_) => {
                return Ok((agent, vec![Effect::Notify { notice: notice.id, due_at: notice.due_at }]));
            }
            Err(DbError::Conflict(what)) => last = Some(what),
            Err(error) => return Err(error.into()),
        }
    }
    Err(DbError::Conflict(last.unwrap_or_default()).into())
}

fn invitation<D: Db>(scope: Scope<'_, D>, ctx: &mut Ctx, by: &str, agent: &Agent) -> Notice {
    let (site, lang) = (scope.site, Lang::of(&scope.site.locale));
    Notice {
        id: NoticeId::mint(ctx),
        agent: Some(agent.id.clone()),
        kind: "invitation".to_owned(),
        channel: Channel::Email,
        to: agent.email.clone(),
        subject: Some(words::invite_subject(lang, &site.name)),
        text: words::invite_mail(lang, by, &site.name, &sign_in::page_of(scope)),
        group: format!("invitation {}", agent.id),
        due_at: ctx.now,
    }
}

/// Changes somebody's name or role. Refuses whom the team does not have (404 `unknown_agent`), a name that does not do, a role beyond
/// one's own, and the last owner's end (409 `last_owner`).
pub async fn change<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    asker: &Asker,
    id: &AgentId,
    wish: &AgentChange,
) -> Result<Agent, FlowError> {
    put(scope, ctx, asker, id, |agent, others| {
        Ok(Agent {
            name: match &wish.name {
                Some(name) => team::check_name(name, others)?,
                None => agent.name.clone(),
            },
            role: wish.role.unwrap_or(agent.role),
            ..agent.clone()
        })
    })
    .await
}

/// Removes somebody: from that moment on they see nothing and are told nothing. What they said stays theirs. Refuses as
/// [`change`] does.
pub async fn remove<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    asker: &Asker,
    id: &AgentId,
) -> Result<(), FlowError> {
    put(scope, ctx, asker, id, |agent, _| Ok(Agent { state: AgentState::Removed, ..agent.clone() }))
        .await
        .map(drop)
}

async fn put<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    asker: &Asker,
    id: &AgentId,
    changed: impl Fn(&Agent, &[Agent]) -> Result<Agent, Rejection>,
) -> Result<Agent, FlowError> {
    let mut last = None;
    for _ in 0..MAX_TRIES {
        let mut others = everybody(scope).await?;
        let place = others.iter().position(|agent| agent.id == *id && agent.state != AgentState::Removed);
        let unknown = || Rejection::new(404, "unknown_agent", "Nobody of the team has this id.");
        let agent = others.remove(place.ok_or_else(unknown)?);
        let to = changed(&agent, &others)?;
        team::may_reach(asker, &[agent.role, to.role])?;
        if agent.role == crate::api::me::Role::Owner && agent.state == AgentState::Active {
            team::check_owner(&to, others.iter().chain([&to]))?;
        }
        let mut stmts: Vec<Stmt> = vec![agents::change(&scope.site.id, &to)];
        let detail = match (agent.role == to.role, agent.name == to.name) {
            (true, true) => String::new(),
            (false, true) => format!("{} to {}", agent.role.as_str(), to.role.as_str()),
            (true, false) => "name".to_owned(),
            (false, false) => format!("name, {} to {}", agent.role.as_str(), to.role.as_str()),
        };
        stmts.extend(scope.noted_of(ctx, id.as_str(), &detail));
        match scope.db.batch(&stmts).await {
            Ok(_) => return Ok(to),
            Err(DbError::Conflict(what)) => last = Some(what),
            Err(error) => return Err(error.into()),
        }
    }
    Err(DbError::Conflict(last.unwrap_or_default()).into())
}
