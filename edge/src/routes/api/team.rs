//! The team: who is of it, its programs' tokens, and the log of what was done.

use shared::{
    api::team::{AgentChange, Invitation, TokenWish},
    fields::Fields,
    flow::{agents, audit::load_audit, tokens},
    id::{AgentId, TokenId},
};
use worker::Response;

use super::{Call, told};
use crate::{app::App, error::EdgeError, perform::perform};

pub(super) async fn list(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&agents::load_agents(call.scope()).await?)
}

/// Invites somebody: 201 with who they are.
pub(super) async fn invite(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let wish: Invitation = call.body().await?;
    let by = call.asker.named();
    let (agent, effects) = agents::invite(call.scope(), &mut call.ctx(), (&call.asker, &by), &wish).await?;
    perform(call.app, effects);
    App::forget_sites();
    Ok(told(&agent)?.with_status(201))
}

pub(super) async fn change(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let wish: AgentChange = call.body().await?;
    let id = agent_of(&call)?;
    let agent = agents::change(call.scope(), &mut call.ctx(), &call.asker, &id, &wish).await?;
    App::forget_sites();
    told(&agent)
}

/// Removes somebody: 204.
pub(super) async fn remove(call: &Call<'_>) -> Result<Response, EdgeError> {
    agents::remove(call.scope(), &mut call.ctx(), &call.asker, &agent_of(call)?).await?;
    App::forget_sites();
    Ok(Response::empty()?.with_status(204))
}

fn agent_of(call: &Call<'_>) -> Result<AgentId, EdgeError> {
    AgentId::parse(call.param("agent"))
        .map_err(|_| EdgeError::reject(404, "unknown_agent", "Nobody of the team has this id."))
}

pub(super) async fn audit(call: &Call<'_>) -> Result<Response, EdgeError> {
    let url = call.request.url()?;
    let query = Fields::parse(url.query().unwrap_or_default().as_bytes());
    let before = Some(query.get("before")).filter(|before| !before.is_empty());
    told(&load_audit(call.scope(), before).await?)
}

pub(super) async fn tokens(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&tokens::load_tokens(call.scope()).await?)
}

/// Makes a token: 201 with its value, told this once.
pub(super) async fn make_token(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let wish: TokenWish = call.body().await?;
    let by = call.asker.named();
    let made = tokens::make(call.scope(), &mut call.ctx(), (&call.asker, &by), wish).await?;
    Ok(told(&made)?.with_status(201))
}

/// Ends a token: 204.
pub(super) async fn end_token(call: &Call<'_>) -> Result<Response, EdgeError> {
    let id = TokenId::parse(call.param("token"))
        .map_err(|_| EdgeError::reject(404, "unknown_token", "The site has no token of this id."))?;
    tokens::end(call.scope(), &mut call.ctx(), &id).await?;
    Ok(Response::empty()?.with_status(204))
}
