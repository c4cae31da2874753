//! What could not be delivered, as a work list: why, and the way it could go now.

use crate::{
    api::list::{Failed, Failures, OtherWay},
    command::{Command, ResendWish},
    ctx::Ctx,
    decide::{Change, decide},
    flow::{FlowError, Handled, Scope, handle, load::load, team::conversation_of},
    id::ContactId,
    identity,
    page::words,
    store::{
        Db,
        work::{self, Place},
    },
    text,
};

use super::list::{cursor, from};

/// The largest page: each one is weighed by itself.
const MAX_FAILED: u32 = 20;
/// The longest excerpt, in characters.
const EXCERPT_CHARS: usize = 140;

/// A page of what could not be delivered, the latest first: the cause in words, and by what way it could go now. `me` is who
/// would send it; `after` is the `next` of the page before. Refuses a cursor that is none (`bad_cursor`).
pub async fn load_failures<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    me: &str,
    after: Option<&str>,
    limit: u32,
) -> Result<Failures, FlowError> {
    let limit = limit.clamp(1, MAX_FAILED);
    let after = after.map(super::list::parse).transpose()?;
    let page = work::not_delivered(&scope.site.id, from(after.as_ref(), work::After::NEWEST), limit);
    let places = scope.db.query(&page).await?.decode_all::<Place>()?;
    let next = places.last().filter(|_| places.len() == limit as usize).map(cursor);
    let mut failures = Vec::new();
    for Place { id, .. } in places {
        let wish = ResendWish { by: me.to_owned(), channel: None };
        let command = Command::Resend(id.clone(), wish);
        let snapshot = load(scope, &command, ctx).await?;
        let (Some((delivery, event)), Some(contact)) = (&snapshot.failed, &snapshot.contact) else {
            continue;
        };
        // Decided as if it were sent; nothing is written.
        let (way, held) = match decide(&snapshot, &command, &mut ctx.clone()) {
            Ok(decision) => {
                let judged = decision.changes.iter().find_map(|change| match change {
                    Change::Judge(verdict) => Some(verdict.detail.clone()),
                    _ => None,
                });
                let way = judged.filter(|_| decision.refused.is_none()).and_then(|detail| {
                    let case = &detail.candidates.get(detail.winner?)?.case;
                    Some(OtherWay { channel: case.channel, to: case.to.clone(), why: detail.why.clone() })
                });
                (way, decision.refused.map(|refused| refused.text))
            }
            Err(refused) => (None, Some(refused.text)),
        };
        let said = event.message().map(|message| text::one_line(&message.text)).unwrap_or_default();
        let reason = delivery.reason.clone().unwrap_or_default();
        failures.push(Failed {
            contact: contact.id.clone(),
            conversation: id,
            name: contact.name.clone(),
            channel: delivery.channel,
            to: identity::mask(&delivery.to),
            at: event.at,
            excerpt: text::shorten(&said, EXCERPT_CHARS),
            because: words::code(&reason),
            reason,
            way,
            held,
        });
    }
    Ok(Failures { failures, next })
}

/// Sends what could not be delivered another way, and deals with it. Refuses as [`super::act`] does, where nothing waits
/// (`nothing_failed`), and what the gates hold back (`held_back`, with the reason; its verdict is kept).
pub async fn resend<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: ResendWish,
) -> Result<Handled, FlowError> {
    let conversation = conversation_of(scope, contact).await?;
    let handled = handle(scope, ctx, &Command::Resend(conversation, wish)).await?;
    handled.refused.clone().map_or(Ok(handled), |refused| Err(refused.into()))
}
