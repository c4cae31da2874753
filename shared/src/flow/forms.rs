//! Takes a form of a customer's own page.

use super::{FlowError, Handled, Scope, handle, plan};
use crate::{
    channel::Channel,
    command::{Arrival, Command, FilledForm, VisitorHints},
    ctx::Ctx,
    error::Rejection,
    form::Posted,
    id::{EventId, VisitorId},
    signature,
    store::{Db, counters},
    time::DAY_MS,
};

/// Takes a form that `visitor` filled in: what is to be attempted, and nothing where a program did, which is counted and
/// told the same as anybody. The same filling-in again changes nothing; a page that names none is known by its fields, for
/// an hour.
pub async fn take<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    visitor: &VisitorId,
    locale: &str,
    posted: &Posted,
) -> Result<Handled, FlowError> {
    let no_line = || Rejection::new(404, "unknown_widget", "The site has no widget.");
    let endpoint = scope.site.endpoint_on(Channel::Widget).ok_or_else(no_line)?;
    if posted.is_trapped {
        scope.db.query(&counters::count(&scope.site.id, plan::TRAPPED, ctx.now, DAY_MS, 1)).await?;
        return Ok(Handled::default());
    }
    let name = posted.id.as_ref().map_or_else(|| fingerprint(posted, ctx), EventId::to_string);
    let arrival = Arrival {
        endpoint: endpoint.id.clone(),
        external_id: format!("form/{name}"),
        event: posted.id.clone().unwrap_or_else(|| EventId::mint(ctx)),
        at: ctx.now,
        visitor: Some(VisitorHints {
            locale: locale.to_owned(),
            time_zone: String::new(),
            by: posted.by.clone(),
        }),
    };
    let filled = FilledForm { from: super::catch_up::address_of(visitor), form: posted.form.clone() };
    handle(scope, ctx, &Command::Form(arrival, filled)).await
}

/// What a form says and in which hour, as a name.
fn fingerprint(posted: &Posted, ctx: &Ctx) -> String {
    const HOUR_MS: i64 = crate::time::HOUR_MS;
    let text = format!("{:?} {}", posted.form, ctx.now.ms().div_euclid(HOUR_MS));
    signature::hex(&signature::sha256(text.as_bytes()))
}
