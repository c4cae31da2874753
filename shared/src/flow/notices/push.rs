//! A notice as a push message to a browser.

use crate::{
    ctx::Ctx,
    flow::{FlowError, Scope},
    http::Http,
    id::PushId,
    message::Outcome,
    notice::{PUSH, Waiting},
    push::{self, Push, Server},
    store::{Db, alerts},
};

/// Sends it, and forgets a browser that has ended its subscription.
pub(super) async fn send<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &Ctx,
    claimed: &Waiting,
) -> Result<Outcome, FlowError> {
    let failed = |code: &str| Ok(Outcome::Failed { code: code.to_owned(), suppress: None });
    let (site, notice) = (&scope.site.id, &claimed.notice);
    let Some(server) = scope.secrets.secret(push::KEY).and_then(|secret| Server::of(&secret)) else {
        return failed("missing_key");
    };
    let browser = notice.to.strip_prefix(PUSH).and_then(|id| PushId::parse(id).ok());
    let (Some(agent), Some(browser)) = (&notice.agent, browser) else { return failed("gone") };
    let found = scope.db.query(&alerts::subscription(site, agent, &browser)).await?;
    let Some(to) = alerts::decode_subscription(found)? else { return failed("gone") };
    let (body, url) = notice.text.rsplit_once('\n').unwrap_or((&notice.text, scope.public_url));
    let title = notice.subject.as_deref().unwrap_or_default();
    let message = Push { title, body, url, tag: &notice.group };
    let rendered = server.render_request(&to, &message, notice.id.as_str(), scope.public_url, ctx.now);
    let Some(request) = rendered else { return failed("bad_subscription") };
    let outcome = push::outcome(&http.send(&request).await);
    if matches!(&outcome, Outcome::Failed { code, .. } if code == "gone") {
        scope.db.query(&alerts::unsubscribe(site, agent, &browser)).await?;
    }
    Ok(outcome)
}
