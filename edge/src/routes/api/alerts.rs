//! What the team is told in the inbox, and their rules.

use shared::{
    api::alerts::{AlertsRead, PushSubscription, Rules},
    flow::alerts::{self as flow, load_alerts, load_rules, put_rules as put, read_alerts},
};
use worker::Response;

use super::{Call, told};
use crate::error::EdgeError;

pub(super) async fn list(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&load_alerts(call.scope(), &call.ctx(), call.asker.member()?).await?)
}

/// 204.
pub(super) async fn read(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let AlertsRead { ids } = call.body().await?;
    read_alerts(call.scope(), &call.ctx(), call.asker.member()?, &ids).await?;
    Ok(Response::empty()?.with_status(204))
}

pub(super) async fn rules(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&load_rules(call.scope(), call.asker.member()?).await?)
}

/// 204.
pub(super) async fn put_rules(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let rules: Rules = call.body().await?;
    put(call.scope(), call.asker.member()?, &rules).await?;
    Ok(Response::empty()?.with_status(204))
}

pub(super) fn push_key(call: &Call<'_>) -> Result<Response, EdgeError> {
    told(&flow::push_key(call.scope()))
}

/// 204.
pub(super) async fn subscribe(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let to: PushSubscription = call.body().await?;
    flow::subscribe(call.scope(), &call.ctx(), call.asker.member()?, &to).await?;
    Ok(Response::empty()?.with_status(204))
}

/// 204.
pub(super) async fn unsubscribe(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let to: PushSubscription = call.body().await?;
    flow::unsubscribe(call.scope(), call.asker.member()?, &to.endpoint).await?;
    Ok(Response::empty()?.with_status(204))
}
