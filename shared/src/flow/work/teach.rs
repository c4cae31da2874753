//! The team looks at what the assistant was unsure of, and teaches it.
//!
//! What is taught is a passage of its own beside the imported files: no import touches it, it is found as they are, and it can
//! be changed and removed.

use crate::{
    api::teach::{Review, Reviews, Taught},
    ctx::Ctx,
    error::Rejection,
    flow::{FlowError, Scope},
    id::{ConversationId, TaughtId},
    store::{
        Db, events,
        taught::{self, ReviewRow, TaughtRow},
    },
    text,
    wire::Speaker,
    work::Lesson,
};

use super::digest::digest;

/// The largest page.
const MAX_REVIEWS: u32 = 50;
/// How far a question is looked for before its answer, in events.
const LOOKS_BACK: u32 = 12;
/// How many lessons a site has at most.
const MAX_TAUGHT: u32 = 1_000;
/// The longest question, in characters.
const MAX_QUESTION_CHARS: usize = 300;
/// The longest answer, in characters.
const MAX_ANSWER_CHARS: usize = 2_000;

/// A page of the answers somebody should look at, the latest first. Refuses a cursor that is none (`bad_cursor`).
pub async fn load_reviews<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    after: Option<&str>,
    limit: u32,
) -> Result<Reviews, FlowError> {
    let limit = limit.clamp(1, MAX_REVIEWS);
    let place = after.map(parse).transpose()?;
    let before =
        place.as_ref().map_or((9_007_199_254_740_991, "~", 0), |(at, id, seq)| (*at, id.as_str(), *seq));
    digest(scope, ctx).await?;
    let site = &scope.site.id;
    let rows = scope.db.query(&taught::reviews(site, before, limit)).await?.decode_all::<ReviewRow>()?;
    let next = rows.last().filter(|_| rows.len() == limit as usize);
    let next = next.map(|row| format!("{}~{}~{}", row.at_ms, row.conversation_id, row.seq));
    let stmts: Vec<_> = rows
        .iter()
        .map(|row| {
            let from = row.seq.saturating_sub(LOOKS_BACK);
            events::after(site, &row.conversation_id, from, row.seq - from)
        })
        .collect();
    let mut found = if stmts.is_empty() { Vec::new() } else { scope.db.batch(&stmts).await? }.into_iter();
    let mut reviews = Vec::new();
    for row in rows {
        let events = events::decode_events(found.next().unwrap_or_default())?;
        let Some(said) = events.last().filter(|event| event.seq == row.seq) else { continue };
        let line = (said.channel, &said.address_key);
        let asked = events.iter().rev().find(|event| {
            event.speaker == Speaker::Contact
                && (event.channel, &event.address_key) == line
                && event.message().is_some()
        });
        let words = |event: &crate::event::Event| event.message().map(|message| message.text.clone());
        reviews.push(Review {
            contact: row.contact_id,
            conversation: row.conversation_id,
            seq: row.seq,
            at: said.at,
            why: row.why,
            question: asked.and_then(words).unwrap_or_default(),
            answer: words(said).unwrap_or_default(),
        });
    }
    Ok(Reviews { reviews, next })
}

/// Somebody of the team has looked at an answer; a second time changes nothing. Refuses whoever is not of the team
/// (`unknown_member`).
pub async fn reviewed<D: Db>(
    scope: Scope<'_, D>,
    by: &str,
    conversation: &ConversationId,
    seq: u32,
) -> Result<(), FlowError> {
    let by = member(scope, by)?;
    scope.db.query(&taught::reviewed(&scope.site.id, conversation, seq, by)).await?;
    Ok(())
}

/// Teaches the assistant an answer, or changes one; `about` is the answer that gave rise to it, which is looked at thereby.
/// Refuses whoever is not of the team (`unknown_member`), no question or answer or too long a one (`bad_question`,
/// `bad_answer`), and one lesson too many (`too_many`).
pub async fn teach<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    lesson: &Lesson,
    about: Option<(&ConversationId, u32)>,
) -> Result<(), FlowError> {
    let by = member(scope, &lesson.by)?;
    let question = text::one_line(&lesson.question);
    if question.is_empty() || question.chars().count() > MAX_QUESTION_CHARS {
        let text = format!("`question` takes 1 to {MAX_QUESTION_CHARS} characters.");
        return Err(Rejection::new(400, "bad_question", text).into());
    }
    let answer = lesson.answer.trim();
    if answer.is_empty() || answer.chars().count() > MAX_ANSWER_CHARS {
        let text = format!("`answer` takes 1 to {MAX_ANSWER_CHARS} characters.");
        return Err(Rejection::new(400, "bad_answer", text).into());
    }
    let known = load_taught(scope).await?;
    if known.len() >= MAX_TAUGHT as usize && !known.iter().any(|known| known.id == lesson.id) {
        let text = format!("A site has at most {MAX_TAUGHT} lessons: put some into a file of its knowledge.");
        return Err(Rejection::new(409, "too_many", text).into());
    }
    let lesson = Lesson { id: lesson.id.clone(), question, answer: answer.to_owned(), by: by.to_owned() };
    let mut stmts = taught::put(&scope.site.id, &lesson, ctx.now);
    stmts.extend(about.map(|(conversation, seq)| taught::reviewed(&scope.site.id, conversation, seq, by)));
    scope.db.batch(&stmts).await?;
    Ok(())
}

/// Forgets a lesson; one that there is none of changes nothing.
pub async fn forget<D: Db>(scope: Scope<'_, D>, id: &TaughtId) -> Result<(), FlowError> {
    scope.db.batch(&taught::remove(&scope.site.id, id)).await?;
    Ok(())
}

/// What a site was taught, the newest first.
pub async fn load_taught<D: Db>(scope: Scope<'_, D>) -> Result<Vec<Taught>, FlowError> {
    let rows = scope.db.query(&taught::all(&scope.site.id, MAX_TAUGHT)).await?.decode_all::<TaughtRow>()?;
    let taught = rows.into_iter().map(|row| Taught {
        id: row.id,
        question: row.question,
        answer: row.answer,
        by: row.taught_by,
        at: row.at_ms,
    });
    Ok(taught.collect())
}

fn member<'a, D: Db>(scope: Scope<'_, D>, by: &'a str) -> Result<&'a str, Rejection> {
    let member = by.trim();
    if scope.site.has_member(member) {
        return Ok(member);
    }
    Err(Rejection::new(400, "unknown_member", "`by` names nobody of the site's `team`: who does it?"))
}

fn parse(cursor: &str) -> Result<(i64, String, u32), Rejection> {
    let mut parts = cursor.split('~');
    let mut read = || {
        let at = parts.next()?.parse().ok()?;
        let id = ConversationId::parse(parts.next()?).ok()?;
        Some((at, id.to_string(), parts.next()?.parse().ok()?))
    };
    read().ok_or_else(|| {
        Rejection::new(400, "bad_cursor", "`after` takes the `next` of the page before, as it was given.")
    })
}
