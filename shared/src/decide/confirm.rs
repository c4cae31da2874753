//! Double opt-in: a box that was ticked for a mailbox counts for marketing once the mailbox itself confirms it.
//!
//! Anybody may type any mailbox, so the mail that asks holds nothing that was typed, goes once a day and three times at most,
//! and counts as a first message. A mailbox that has stopped our mail is not asked.

use super::{Change, Decision, Known, Plan, Snapshot, pace, typed};
use crate::{
    channel::Channel,
    command::Confirm,
    consent::{Action, Basis, ConsentBody, Level, Standing, marketing_topics, standing},
    contact::Address,
    ctx::Ctx,
    delivery::Purpose,
    error::Rejection,
    event::Message,
    id::EventId,
    phrases::confirm as words,
    time::{DAY_MS, Timestamp},
    wire::Speaker,
};

/// How often a mailbox is asked in vain, within [`ASKED_MS`].
const MAX_ASKED: u32 = 3;
/// How far back that is counted, in milliseconds.
pub(crate) const ASKED_MS: i64 = 90 * DAY_MS;

/// What is known before a mailbox is asked to confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asks {
    /// The link that confirms.
    pub link: String,
    /// How often it was asked today.
    pub today: u32,
    /// How often it was asked in the last 90 days.
    pub lately: u32,
}

/// How marketing by email stands.
pub(super) fn stands(known: &Known, now: Timestamp) -> Standing {
    standing(&known.chain, Channel::Email, Purpose::Marketing, None, now)
}

/// Whether a mailbox itself has confirmed that it wants news and offers.
pub(super) fn is_confirmed(known: &Known, now: Timestamp) -> bool {
    matches!(stands(known, now), Standing::Granted { level: Level::Confirmed, .. })
}

/// Asks a mailbox that was typed on `line` to confirm, if it may be asked now.
pub(super) fn ask(plan: &mut Plan<'_>, ctx: &mut Ctx, known: &Known, line: &Address) {
    let Some(asks) = &plan.snapshot.asks else { return };
    let has_line = plan.snapshot.site.endpoint_on(Channel::Email).is_some();
    if !has_line || asks.today > 0 || asks.lately >= MAX_ASKED {
        return;
    }
    let blocked = known.owner.as_ref().is_some_and(|(_, handle)| handle.blocked);
    if blocked
        || matches!(
            stands(known, ctx.now),
            Standing::Revoked { .. } | Standing::Granted { level: Level::Confirmed, .. }
        )
    {
        return;
    }
    let (lang, site) = (plan.lang(), plan.snapshot.site);
    let message = Message {
        text: words::mail(lang, &site.name, &asks.link),
        subject: Some(words::subject(lang, &site.name)),
        ..Message::default()
    };
    // What holds it back is in its verdict; the box stays ticked.
    if pace::say_notice(plan, ctx, known, Channel::Email, line, message).is_ok() {
        plan.change(Change::CountAsked(known.address.clone()));
    }
}

/// The button behind the link was pressed.
pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    confirm: &Confirm,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    let found = snapshot.known(&confirm.mailbox).filter(|known| known.owner.is_some()).cloned();
    let mut known =
        found.ok_or_else(|| Rejection::new(404, "unknown_mailbox", "Nobody here has this mailbox."))?;
    if known.owner.as_ref().is_some_and(|(_, handle)| handle.blocked) {
        return Err(Rejection::new(409, "stopped", "The mailbox has stopped our mail."));
    }
    let topics = marketing_topics(&known.chain, Channel::Email, ctx.now);
    let action = match stands(&known, ctx.now) {
        Standing::Granted { level: Level::Confirmed, .. } => return Ok(Decision::default()),
        Standing::Revoked { .. } => {
            return Err(Rejection::new(409, "stopped", "The mailbox has stopped news and offers."));
        }
        Standing::Granted { .. } => Action::Confirm,
        // Ticked for some topics only: they are confirmed, and nothing else is.
        Standing::Silent if topics.iter().any(|(_, level)| *level < Level::Confirmed) => Action::Confirm,
        Standing::Silent if !topics.is_empty() => return Ok(Decision::default()),
        // Ticked by somebody whose the mailbox was not known to be: this is the first word of whoever has it.
        Standing::Silent => Action::Grant,
    };
    let mut plan = Plan::from_sender(snapshot, &confirm.mailbox, None, None, ctx);
    let event = EventId::mint(ctx);
    let body = ConsentBody {
        purpose: Some(Purpose::Marketing),
        level: if action == Action::Grant { Level::Confirmed } else { Level::default() },
        page: Some(confirm.page.clone()),
        confirmed: Some(confirm.proof.clone()),
        ..ConsentBody::of(Channel::Email, action, Basis::Link, &confirm.words, &event)
    };
    let (line, by) = (known.address.clone(), (Some(event), Speaker::System));
    typed::record_as(&mut plan, ctx, &mut known, (Channel::Email, &line), by, body);
    Ok(plan.finish())
}
