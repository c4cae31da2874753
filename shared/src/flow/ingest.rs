//! What providers bring: verify, parse, and hand each inbound to its flow.
//!
//! 1. The signature is checked on the raw bytes; a wrong one leaves a counter and nothing else.
//! 2. The bytes are parsed whole or not at all.
//! 3. Messages become commands, and so does what a calendar answers an invitation.
//! 4. Reports move deliveries along their lattice, and suppress the address where they say so.

use super::{
    Effect, FlowError, Scope, files, handle,
    refusal::{self, Refusal, Told},
    response,
};
use crate::{
    channel,
    channel::provider::Setup,
    command::{Arrival, Command},
    ctx::Ctx,
    http::{Http, Request, Response},
    id::{EndpointId, EventId},
    message::{DeliveryReport, Inbound, InboundBody},
    site::Endpoint,
    store::{Db, DbError, counters, deliveries},
    time::{DAY_MS, Timestamp},
};

/// Takes a webhook: the answer for the provider, and what to attempt.
pub async fn webhook<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    endpoint: &Endpoint,
    request: &Request,
) -> Result<(Response, Vec<Effect>), FlowError> {
    let provider = channel::provider_of(endpoint)?;
    let setup = Setup { site: scope.site, endpoint, secrets: scope.secrets, public_url: scope.public_url };
    if let Err(rejection) = provider.verify(setup, request, ctx.now) {
        let name = format!("refused.{}", endpoint.id);
        scope.db.query(&counters::count(&scope.site.id, &name, ctx.now, DAY_MS, 1)).await?;
        return Err(rejection.into());
    }
    let inbounds = provider.parse(setup, request, ctx.now)?;
    let mut effects = Vec::new();
    for inbound in inbounds {
        effects.extend(take(scope, http, ctx, inbound).await?);
    }
    Ok((provider.acknowledge(), effects))
}

/// Takes one inbound.
pub async fn take<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    mut inbound: Inbound,
) -> Result<Vec<Effect>, FlowError> {
    if let InboundBody::Message(message) | InboundBody::Response(message, _) = &mut inbound.body {
        // Kept before it is said: what is acknowledged is not lost.
        files::take_in(scope, http, ctx, (&inbound.endpoint, &inbound.external_id), message).await?;
    }
    match inbound.body {
        InboundBody::Message(message) => {
            let arrival = arrival(ctx, inbound.endpoint, inbound.external_id, inbound.at);
            Ok(handle(scope, ctx, &Command::Message(arrival, message)).await?.effects)
        }
        InboundBody::Response(message, said) => {
            let Inbound { endpoint, external_id, at, .. } = inbound;
            let (from, vouched) = (message.from.clone(), message.authenticated);
            let arrival = arrival(ctx, endpoint.clone(), external_id.clone(), at);
            // First the mail itself, which proves its mailbox; whoever brings it again finds both done or goes on here.
            let mut effects = handle(scope, ctx, &Command::Message(arrival, message)).await?.effects;
            if vouched {
                effects.extend(response::take(scope, ctx, (endpoint, &external_id), &from, &said).await?);
            }
            Ok(effects)
        }
        InboundBody::Status(report) => {
            take_report(scope, ctx, &inbound.endpoint, &report).await?;
            Ok(Vec::new())
        }
    }
}

fn arrival(ctx: &mut Ctx, endpoint: EndpointId, external_id: String, at: Timestamp) -> Arrival {
    Arrival { endpoint, external_id, event: EventId::mint(ctx), at, visitor: None }
}

/// Moves the delivery, and with it, in one batch, takes what the report says against its address: a crash between the two
/// would lose that for ever, because the second arrival of a report moves nothing.
async fn take_report<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    endpoint: &EndpointId,
    report: &DeliveryReport,
) -> Result<(), DbError> {
    let site = &scope.site.id;
    let moves = deliveries::report(site, endpoint, report, ctx.now);
    let Some(why) = report.suppress else {
        scope.db.query(&moves).await?;
        return Ok(());
    };
    let named = match &report.delivery {
        Some(id) => deliveries::delivery(id),
        None => deliveries::by_provider(site, endpoint, &report.provider_id),
    };
    let found = deliveries::decode(scope.db.query(&named).await?)?.into_iter().next();
    let Some(delivery) = found.filter(|found| found.site == *site && found.endpoint == *endpoint) else {
        return Ok(());
    };
    let code = report.code.as_deref().unwrap_or(why.as_str());
    let refusal = Refusal { delivery: &delivery, why, code, told: Told::Later(report.state) };
    refusal::commit(scope, ctx, &refusal, &[moves]).await?;
    Ok(())
}
