//! The page where a mailbox confirms that it wants news and offers, and what its button does. Reading it changes nothing.

use super::{FlowError, Handled, Scope, choose, handle};
use crate::{
    channel::email::confirm::{self, Asked},
    command::{Command, Confirm},
    consent::{Level, Proof, Standing, marketing_topics, standing},
    ctx::Ctx,
    delivery::Purpose,
    error::Rejection,
    identity,
    page::{ConfirmState, ConfirmView},
    phrases::{self, Lang},
    signature,
    store::Db,
};

pub use crate::consent::Presser;

/// What the page shows. 404 `unknown_mailbox` where nobody has the mailbox.
pub async fn show<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    asked: &Asked,
    token: &str,
) -> Result<ConfirmView, FlowError> {
    let (contact, _, known) = choose::find(scope, &asked.mailbox).await?;
    let unknown = || Rejection::new(404, "unknown_mailbox", "Nobody here has this mailbox.");
    let (contact, (_, handle)) = contact.zip(known.owner).ok_or_else(unknown)?;
    let stands = standing(&known.chain, crate::channel::Channel::Email, Purpose::Marketing, None, ctx.now);
    let topics = marketing_topics(&known.chain, crate::channel::Channel::Email, ctx.now);
    let are_confirmed = !topics.is_empty() && topics.iter().all(|(_, level)| *level == Level::Confirmed);
    let state = match stands {
        _ if handle.blocked => ConfirmState::Stopped,
        Standing::Revoked { .. } => ConfirmState::Stopped,
        Standing::Granted { level: Level::Confirmed, .. } => ConfirmState::Confirmed,
        Standing::Silent if are_confirmed => ConfirmState::Confirmed,
        _ if asked.has_ended(ctx.now) => ConfirmState::Ended,
        _ => ConfirmState::Asked,
    };
    Ok(ConfirmView {
        lang: Lang::of(contact.locale.as_deref().unwrap_or(&scope.site.locale)),
        site_name: scope.site.name.clone(),
        address: scope.site.address.clone(),
        mailbox: identity::mask(&asked.mailbox),
        action: confirm::link("", token),
        state,
    })
}

/// Does what the button says. What the page does not ask any more changes nothing.
pub async fn press<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    asked: &Asked,
    token: &str,
    by: Presser,
) -> Result<Handled, FlowError> {
    let view = show(scope, ctx, asked, token).await?;
    if view.state != ConfirmState::Asked {
        return Ok(Handled::default());
    }
    let proof = Proof {
        asked_at: asked.at,
        token: signature::hex(&signature::sha256(token.as_bytes())),
        ip: by.ip,
        agent: by.agent,
    };
    let words = phrases::confirm::button(view.lang).to_owned();
    let page = confirm::link(scope.public_url, "");
    let command = Command::Confirm(Confirm { mailbox: asked.mailbox.clone(), words, page, proof });
    handle(scope, ctx, &command).await
}
