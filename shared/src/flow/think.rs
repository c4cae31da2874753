//! One turn of the assistant, on one line.
//!
//! 1. Claim the answer that is owed: one winner. What the assistant may know comes in the same round trip.
//! 2. Keep of it what it may know on this line, and search the site's knowledge.
//! 3. Over a ceiling it says so, once.
//! 4. The configured provider drafts, streaming; where it is slow or fails, the built-in does.
//! 5. The draft becomes a command like any other: if something was said meanwhile it is dropped, and the newer turn
//!    is owed.

mod find;
mod provider;
mod suggest;
mod turn;
mod write;

pub(super) use self::{suggest::suggest, write::write};

use self::turn::Spent;
use super::{Effect, FlowError, Handled, Scope, handle};
use crate::{
    assistant::{Draft, Turn, builtin, handoff},
    calendar,
    channel::Channel,
    command::{Answer, Ask, Ceiling, Command},
    contact::Address,
    conversation::Conversation,
    ctx::Ctx,
    error::Rejection,
    http::Http,
    id::{AppointmentId, ConversationId, SiteId},
    phrases::{self, Lang},
    store::{Db, DbError, conversations},
    time::{DAY_MS, HOUR_MS},
};

/// Hears the text so far while an answer to a visitor is being written: to whom, which turn, the text. What goes out on
/// another line is not heard, because nobody who watches the conversation may read along with it.
pub type OnText<'a> = &'a mut dyn FnMut(&Address, u32, &str);

/// Answers a conversation that waits for it. Nothing owed, not due yet, or somebody else at it: nothing happens.
pub async fn think<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    conversation: &ConversationId,
    on_text: OnText<'_>,
) -> Result<Handled, FlowError> {
    let lease = format!("{:016x}", ctx.entropy.next_u64());
    let mut stmts = vec![conversations::claim_turn(&scope.site.id, conversation, &lease, ctx.now)];
    stmts.extend(turn::questions(scope, ctx, conversation));
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let Some(claimed) = conversations::decode(rows.next().unwrap_or_default())? else {
        return Ok(Handled::default());
    };
    let Some(owed) = claimed.next_owed() else { return Ok(Handled::default()) };
    let prepared = turn::load_turn(scope, ctx, &claimed, owed, rows).await?;
    let mut ceiling = None;
    let draft = match &prepared.turn {
        None => Draft::default(),
        Some(turn) => match reached(scope, ctx, &claimed, turn, prepared.spent) {
            Some((whose, draft)) => {
                ceiling = Some(whose);
                draft
            }
            None if !may_spend(scope, ctx, &claimed) => {
                let draft = handoff::settle(turn, builtin::answer(turn));
                Draft { fallback: Some("over_limit".to_owned()), ..draft }
            }
            None => {
                let mut show = |text: &str| {
                    if prepared.channel == Channel::Widget {
                        on_text(&prepared.to, owed.basis_seq, text);
                    }
                };
                handoff::settle(turn, provider::draft(scope, http, turn, &mut show).await)
            }
        },
    };
    let appointment = match draft.asked() {
        Some(Ask::Book(_)) => Some(AppointmentId::mint(ctx)),
        Some(Ask::Move { id, .. }) => Some(id.clone()),
        _ => None,
    };
    let appointment = appointment.map(|id| (id.clone(), scope.appointment_link(&id)));
    let answer = Answer {
        conversation: conversation.clone(),
        basis_seq: owed.basis_seq,
        fence: claimed.fence,
        channel: prepared.channel,
        to: prepared.to,
        locale: prepared.locale,
        unverified: prepared.unverified,
        name: prepared.turn.and_then(|turn| turn.name),
        appointment,
        ceiling,
        draft,
    };
    match handle(scope, ctx, &Command::Answer(answer)).await {
        Err(FlowError::Rejected(Rejection { code: "stale", .. })) => {
            let (site, conversation) = (scope.site.id.clone(), conversation.clone());
            let effects = vec![Effect::Think { site, conversation, due_at: ctx.now }];
            Ok(Handled { effects, ..Handled::default() })
        }
        other => other,
    }
}

/// Whether an answer is owed in a conversation, whoever works on it.
pub async fn is_owed(db: &impl Db, site: &SiteId, conversation: &ConversationId) -> Result<bool, DbError> {
    let found = conversations::decode(db.query(&conversations::conversation(site, conversation)).await?)?;
    Ok(found.is_some_and(|conversation| !conversation.owed.is_empty()))
}

/// The ceiling that is reached, and the draft that says so: once in an hour. The turns after that say nothing at all.
fn reached<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    conversation: &Conversation,
    turn: &Turn,
    spent: Spent,
) -> Option<(Ceiling, Draft)> {
    let site = scope.site;
    let limits = &site.limits;
    let turns = conversation.turns.count_at(ctx.now, HOUR_MS);
    let lang = Lang::of(&turn.locale);
    let when = calendar::opens_sentence(site, ctx.now, &turn.time_zone, lang.tag());
    let told = conversation.busy_told_at.is_some_and(|told| ctx.now.since_ms(told) < HOUR_MS);
    let (whose, text) = if turns > limits.turns_per_hour {
        (Ceiling::Conversation, String::new())
    } else if turns == limits.turns_per_hour {
        (Ceiling::Conversation, phrases::limits::turns_used_up(lang, &when))
    } else if spent.turns >= limits.site_turns_per_hour || spent.tokens >= limits.site_tokens_per_day {
        (Ceiling::Site, if told { String::new() } else { phrases::limits::site_busy(lang, &when) })
    } else {
        return None;
    };
    let fallback = Some("over_limit".to_owned());
    Some((whose, Draft { text, author: "builtin".to_owned(), fallback, ..Draft::default() }))
}

/// Whether the conversation may still spend tokens at a model today.
fn may_spend<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, conversation: &Conversation) -> bool {
    conversation.tokens.count_at(ctx.now, DAY_MS) < scope.site.limits.tokens_per_day
}
