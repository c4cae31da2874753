//! What another policy would have done to the messages of the last month: their verdicts, judged again.

use serde_json::{Map, Value};

use super::{FlowError, Scope};
use crate::{
    api::policy::{Example, PolicyTried},
    ctx::Ctx,
    error::Rejection,
    id::{ContactId, ConversationId},
    policy::Policy,
    replay::{Change, between},
    site::parts,
    store::{
        Db, Stmt, decode_json,
        deliveries::{self, VerdictRow},
        work::{self, After, CardRow, Place},
    },
    time::{DAY_MS, Timestamp},
    verdict::Detail,
};

/// How far back is looked, in milliseconds.
const BACK_MS: i64 = 30 * DAY_MS;
/// How many verdicts are judged again at most.
pub const MAX_VERDICTS: u32 = 2_000;
/// How many of a conversation's are read at most.
const MAX_OF_ONE: u32 = 100;
/// How many conversations are read at once.
const PAGE: u32 = 40;
/// How many messages are told of.
const MAX_EXAMPLES: usize = 8;

/// Judges last month's messages by a policy as it would be (`{"policy": …}`), seen against the one in force: the newest
/// [`MAX_VERDICTS`], conversation by conversation from the one that moved last. Writes nothing. Refuses a policy that
/// cannot be (400 `bad_settings`, with its fields).
pub async fn try_policy<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    value: &Map<String, Value>,
) -> Result<PolicyTried, FlowError> {
    let next = next_policy(scope, value)?;
    let since = ctx.now.plus_ms(-BACK_MS);
    let mut tried = PolicyTried::default();
    let mut found: Vec<(ConversationId, Example)> = Vec::new();
    for stage in ["open", "snoozed", "resolved"] {
        if tried.cut {
            break;
        }
        judge_stage(scope, (stage, since), &next, &mut tried, &mut found).await?;
    }
    found.sort_by_key(|(_, example)| core::cmp::Reverse(example.at));
    found.truncate(MAX_EXAMPLES);
    let mut ids: Vec<&ConversationId> = found.iter().map(|(id, _)| id).collect();
    ids.dedup();
    let rows = if ids.is_empty() {
        Vec::new()
    } else {
        scope.db.query(&work::cards(&scope.site.id, &ids)).await?.decode_all::<CardRow>()?
    };
    let named = found.iter().filter_map(|(id, example)| {
        let row = rows.iter().find(|row| row.conversation_id == *id)?;
        Some(Example { contact: row.contact_id.clone(), name: row.name.clone(), ..example.clone() })
    });
    tried.examples = named.collect();
    Ok(tried)
}

/// The policy as it would be.
fn next_policy<D: Db>(scope: Scope<'_, D>, value: &Map<String, Value>) -> Result<Policy, Rejection> {
    let definition = serde_json::to_value(scope.site).unwrap_or_default();
    let unknown = || Rejection::new(400, "bad_settings", "The body takes `policy`.");
    let part = parts::part("policy").ok_or_else(unknown)?;
    let next = parts::put(part, &definition, value).map_err(|wrong| {
        let text = wrong.first().map(|wrong| format!("`{}` {}", wrong.field, wrong.text));
        Rejection::new(400, "bad_settings", text.unwrap_or_default()).with_fields(wrong)
    })?;
    match next.policy.trouble() {
        Some(trouble) => Err(Rejection::new(400, "bad_settings", trouble)),
        None => Ok(next.policy),
    }
}

/// Judges what was said in the conversations of one stage that moved since then.
async fn judge_stage<D: Db>(
    scope: Scope<'_, D>,
    (stage, since): (&str, Timestamp),
    next: &Policy,
    tried: &mut PolicyTried,
    found: &mut Vec<(ConversationId, Example)>,
) -> Result<(), FlowError> {
    let site = &scope.site.id;
    let mut last: Option<Place> = None;
    loop {
        let after = last
            .as_ref()
            .map_or(After::NEWEST, |place| After { key_ms: place.key_ms, id: place.id.as_str() });
        let stmt = work::at_stage(site, stage, after, PAGE);
        let places = scope.db.query(&stmt).await?.decode_all::<Place>()?;
        let recent: Vec<&Place> = places.iter().filter(|place| place.key_ms >= since.ms()).collect();
        let stmts: Vec<Stmt> =
            recent.iter().map(|place| deliveries::verdicts(site, &place.id, MAX_OF_ONE)).collect();
        if stmts.is_empty() {
            return Ok(());
        }
        for (place, answer) in recent.iter().zip(scope.db.batch(&stmts).await?) {
            let rows = answer.decode_all::<VerdictRow>()?;
            tried.cut |= rows.len() == MAX_OF_ONE as usize;
            for row in rows.into_iter().filter(|row| row.at_ms >= since.ms()) {
                if tried.judged == MAX_VERDICTS {
                    tried.cut = true;
                    return Ok(());
                }
                let detail: Detail = decode_json(&row.detail)?;
                let at = Timestamp::from_ms(row.at_ms);
                let example = judge(&scope.site.policy, next, (&detail, at), tried);
                found.extend(example.map(|example| (place.id.clone(), example)));
            }
        }
        // Only the newest are told of.
        found.sort_by_key(|(_, example)| core::cmp::Reverse(example.at));
        found.truncate(MAX_EXAMPLES);
        if places.len() < PAGE as usize || recent.len() < places.len() {
            return Ok(());
        }
        last = places.into_iter().next_back();
    }
}

/// Judges one message, and counts what would become of it.
fn judge(
    now: &Policy,
    next: &Policy,
    (detail, at): (&Detail, Timestamp),
    tried: &mut PolicyTried,
) -> Option<Example> {
    tried.judged += 1;
    let changes = between(now, next, detail);
    if changes.is_empty() {
        return None;
    }
    tried.touched += 1;
    let mut example = Example {
        // Filled in once it is known which are told of.
        contact: ContactId::parse("ctc_0").ok()?,
        name: None,
        at,
        purpose: detail.purpose.as_str().to_owned(),
        change: String::new(),
        channel: detail.channel(),
        to: None,
        until: None,
        rule: None,
    };
    for change in changes.into_iter().rev() {
        let word = match change {
            Change::Appears(channel, until) => {
                tried.appear += 1;
                (example.channel, example.until) = (Some(channel), until);
                "appear"
            }
            Change::Vanishes(rule) => {
                tried.vanish += 1;
                example.rule = Some(rule);
                "vanish"
            }
            Change::Moves(_, until) => {
                tried.moved += 1;
                example.until = until;
                "moved"
            }
            Change::ChangesChannel(from, to) => {
                tried.switched += 1;
                (example.channel, example.to) = (Some(from), Some(to));
                "switched"
            }
        };
        word.clone_into(&mut example.change);
    }
    Some(example)
}
