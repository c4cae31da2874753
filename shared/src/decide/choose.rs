//! The owner of a mailbox chose what it gets, by one click in their mail program or on the page that our mail links to.
//!
//! A part that stands as it was wished stays, so a second click changes nothing. What is stopped acts at once: the ledger's
//! entry, the withdrawal of what waits for that mailbox and part, and for everything also the handle's block, in one batch.
//! The page starts again only what it stopped.

use super::{Change, Decision, Known, Plan, Snapshot, typed};
use crate::{
    channel::Channel,
    command::Choice,
    consent::{Action, Basis, Circumstances, ConsentBody, Level},
    ctx::Ctx,
    error::Rejection,
    id::EventId,
    subscription::{Part, State, keeps_reminders_stopped, level_before, state},
    wire::Speaker,
};

/// Why waiting mail is withdrawn.
const REASON: &str = "unsubscribed";

pub(super) fn decide(snapshot: &Snapshot<'_>, choice: &Choice, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    let Choice { mailbox, part, wanted, .. } = choice;
    let found = snapshot.known(mailbox).filter(|known| known.owner.is_some()).cloned();
    let mut known =
        found.ok_or_else(|| Rejection::new(404, "unknown_mailbox", "Nobody here has this mailbox."))?;
    let blocked = known.owner.as_ref().is_some_and(|(_, handle)| handle.blocked);
    let action = match (wanted, state(&known.chain, blocked, *part, ctx.now)) {
        (false, State::On | State::Unconfirmed | State::Off) => Action::Revoke,
        (true, State::Stopped) => Action::Grant,
        _ => return Ok(Decision::default()),
    };
    let mut plan = Plan::from_sender(snapshot, mailbox, None, None, ctx);
    let level = level_before(&known.chain, *part, ctx.now);
    let stays_stopped =
        *part == Part::Everything && *wanted && keeps_reminders_stopped(&known.chain, ctx.now);
    record(&mut plan, ctx, &mut known, choice, (*part, action, level));
    if stays_stopped {
        record(&mut plan, ctx, &mut known, choice, (Part::Reminders, Action::Revoke, level));
    }
    match (part.purpose(), action) {
        (Some(purpose), Action::Revoke) => {
            plan.change(Change::CancelPurpose(mailbox.clone(), purpose, REASON));
        }
        (None, Action::Revoke) => typed::close(&mut plan, Channel::Email, mailbox, REASON),
        (None, _) => plan.change(Change::Block(mailbox.clone(), false)),
        (Some(_), _) => {}
    }
    Ok(plan.finish())
}

/// Adds the entry, and the event that is where it was said.
fn record(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    known: &mut Known,
    choice: &Choice,
    (part, action, level): (Part, Action, Level),
) {
    let event = EventId::mint(ctx);
    let purpose = part.purpose();
    let body = ConsentBody {
        purpose,
        level: if action == Action::Grant { level } else { Level::default() },
        page: Some(choice.page.clone()),
        seen: Circumstances { by: choice.by.clone(), ..Circumstances::default() },
        ..ConsentBody::of(Channel::Email, action, Basis::Unsubscribe, &choice.words, &event)
    };
    let (line, by) = (known.address.clone(), (Some(event), Speaker::System));
    typed::record_as(plan, ctx, known, (Channel::Email, &line), by, body);
}
