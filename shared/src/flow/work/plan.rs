//! A member of the team plans what they will say later.

use crate::{
    channel::Channel,
    command::{Command, Plan},
    ctx::Ctx,
    delivery::Purpose,
    error::Rejection,
    flow::{FlowError, Handled, Scope, handle, team::conversation_of},
    id::{ContactId, PlannedId},
    planned::{PlannedBody, Unless},
    store::Db,
    time::{DAY_MS, Timestamp},
    wire::MAX_MESSAGE_CHARS,
};

/// How far ahead a message may be planned, in milliseconds.
const MAX_AHEAD_MS: i64 = 366 * DAY_MS;
/// How much later than planned it may still be said, in milliseconds.
const LATE_MS: i64 = 2 * DAY_MS;

/// What a member will say later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// Its id, minted by whoever plans it: the same again changes nothing.
    pub id: PlannedId,
    /// Who, by name.
    pub by: String,
    /// The words.
    pub text: String,
    /// An email's subject.
    pub subject: Option<String>,
    /// By which channel; the best open one where there is none.
    pub channel: Option<Channel>,
    /// Not before then.
    pub due_at: Timestamp,
    /// Not at all if the contact does anything before.
    pub unless_heard: bool,
}

/// Plans it: it is decided when it is due, as everything unasked is. Refuses a contact without a conversation
/// (`unknown_conversation`), somebody who is not of the team (`unknown_member`), no text or too much (`bad_text`), and a time
/// that has passed (`bad_due`).
pub async fn later<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
    wish: Later,
) -> Result<Handled, FlowError> {
    let by = wish.by.trim();
    if !scope.site.has_member(by) {
        let text = "`by` names nobody of the site's `team`: who writes?";
        return Err(Rejection::new(400, "unknown_member", text).into());
    }
    let text = wish.text.trim();
    if text.is_empty() || text.chars().count() > MAX_MESSAGE_CHARS {
        let text = format!("`text` takes 1 to {MAX_MESSAGE_CHARS} characters.");
        return Err(Rejection::new(400, "bad_text", text).into());
    }
    if !(1..=MAX_AHEAD_MS).contains(&wish.due_at.since_ms(ctx.now)) {
        let text = "`due_at` takes a time that is to come, within a year.";
        return Err(Rejection::new(400, "bad_due", text).into());
    }
    let conversation = conversation_of(scope, contact).await?;
    let unless = Unless {
        heard_after: wish.unless_heard.then_some(ctx.now),
        later_than: Some(wish.due_at.plus_ms(LATE_MS)),
        appointment: None,
    };
    let body = PlannedBody {
        speaker: by.to_owned(),
        member: true,
        purpose: Purpose::Transactional,
        topic: None,
        among: wish.channel.into_iter().collect(),
        text: text.to_owned(),
        mail: None,
        subject: wish.subject,
        unless,
    };
    let plan = Plan { id: wish.id, conversation, body, due_at: wish.due_at };
    handle(scope, ctx, &Command::Plan(plan)).await
}
