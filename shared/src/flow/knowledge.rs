//! The sources of what the assistant knows: listed, put in and taken away by the team.

use super::{FlowError, Scope};
use crate::{
    api::knowledge::{Answered, CrawlState, Format, Known, SourceKind, SourceText, SourceWish},
    assistant::Passage,
    ctx::Ctx,
    error::Rejection,
    http::Http,
    knowledge,
    store::{
        Db, crawls,
        sources::{self, Put},
        taught,
    },
    text,
};

/// The largest text of a source, in bytes.
pub const MAX_SOURCE_BYTES: usize = 512 * 1024;
/// How many sources a site may have.
pub const MAX_SOURCES: u32 = 1_000;
/// How many passages a source may have.
pub const MAX_PASSAGES: usize = 400;
/// The longest name of a source, in characters.
const MAX_NAME_CHARS: usize = 100;
/// The longest question that is tried, in characters.
const MAX_QUESTION_CHARS: usize = 1_000;

/// Every source, and how far reading the site's pages has come.
pub async fn load_known<D: Db>(scope: Scope<'_, D>) -> Result<Known, FlowError> {
    let site = &scope.site.id;
    let mut rows =
        scope.db.batch(&[sources::of_site(site, MAX_SOURCES), crawls::one(site)]).await?.into_iter();
    let sources = sources::decode(rows.next().unwrap_or_default())?;
    let crawl = crawls::decode(rows.next().unwrap_or_default())?.map(told);
    Ok(Known { sources, crawl })
}

pub(super) fn told(crawl: crawls::Crawl) -> CrawlState {
    let left = crawl.todo.as_ref().map_or(0, Vec::len);
    CrawlState {
        origin: crawl.origin,
        state: crawl.state,
        read: crawl.read,
        left: u32::try_from(left).unwrap_or(u32::MAX),
        failed: crawl.failed,
        note: crawl.note,
        begun_at: crawl.begun_at,
        at: crawl.at,
    }
}

/// The passages of a source. Refuses one that there is none of (404 `unknown_source`).
pub async fn load_source<D: Db>(scope: Scope<'_, D>, path: &str) -> Result<SourceText, FlowError> {
    let found = scope.db.query(&sources::passages(&scope.site.id, path)).await?;
    let passages = sources::decode_passages(found)?.ok_or_else(unknown)?;
    Ok(SourceText { passages })
}

fn unknown() -> Rejection {
    Rejection::new(404, "unknown_source", "The assistant has no source of this path.")
}

/// Puts a source in, in the place of one of the same name. Refuses a name that does not do (400 `bad_name`), a text that is too large or
/// says nothing (400 `bad_text`), and one source too many (409 `too_many`).
pub async fn add<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    by: &str,
    wish: &SourceWish,
) -> Result<Known, FlowError> {
    let path = path_of(&wish.name)?;
    let found = passages_of(&path, wish)?;
    let known = load_known(scope).await?;
    if known.sources.len() >= MAX_SOURCES as usize && !known.sources.iter().any(|source| source.path == path)
    {
        let text = format!("The assistant has at most {MAX_SOURCES} sources: take some away.");
        return Err(Rejection::new(409, "too_many", text).into());
    }
    let beside = Put { kind: SourceKind::Own, address: None, by };
    let mut stmts = sources::replace(&scope.site.id, &found, beside, ctx.now);
    stmts.extend(scope.noted_of(ctx, &path, ""));
    scope.db.batch(&stmts).await?;
    load_known(scope).await
}

/// Where a source of a name stands: `own/opening-hours`.
fn path_of(name: &str) -> Result<String, Rejection> {
    let name = text::one_line(name);
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let plain: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '-' }).collect();
    let plain = plain.trim_matches(['-', '.']);
    if plain.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        let text =
            format!("`name` takes 1 to {MAX_NAME_CHARS} characters, with a letter or digit among them.");
        return Err(Rejection::new(400, "bad_name", text));
    }
    Ok(format!("{}{}", sources::OWN, plain.to_lowercase()))
}

fn passages_of(path: &str, wish: &SourceWish) -> Result<Vec<Passage>, Rejection> {
    let bad = |text: String| Rejection::new(400, "bad_text", text);
    if wish.text.len() > MAX_SOURCE_BYTES {
        return Err(bad("`text` is larger than 512 kB: put it in as several sources.".to_owned()));
    }
    if wish.text.contains('\0') || wish.text.starts_with("%PDF") {
        return Err(bad("`text` is no text: open the file, copy its words, and paste them.".to_owned()));
    }
    let markdown = match wish.format {
        Format::Markdown => wish.text.clone(),
        Format::Html => knowledge::markdown_of_html(&wish.text),
        Format::Text => wish.text.replace('<', "\\<"),
    };
    let mut found = knowledge::passages(path, &markdown);
    if found.is_empty() {
        return Err(bad("`text` has nothing in it that could be an answer.".to_owned()));
    }
    if found.len() > MAX_PASSAGES {
        return Err(bad(format!(
            "`text` makes more than {MAX_PASSAGES} passages: put it in as several sources."
        )));
    }
    // A text without a heading of its own is called what it was called.
    let stem = path.rsplit('/').next().unwrap_or(path).replace(['-', '_'], " ");
    let called = text::one_line(&wish.name);
    for passage in found.iter_mut().filter(|passage| passage.title == stem) {
        if passage.heading == stem {
            passage.heading.clone_from(&called);
        }
        passage.title.clone_from(&called);
    }
    Ok(found)
}

/// Takes a source away. What the team taught is forgotten elsewhere. Refuses one that there is none of (404 `unknown_source`).
pub async fn remove<D: Db>(scope: Scope<'_, D>, ctx: &mut Ctx, path: &str) -> Result<(), FlowError> {
    load_source(scope, path).await?;
    if path.starts_with(taught::FOLDER) {
        return Err(unknown().into());
    }
    let mut stmts = sources::remove(&scope.site.id, path);
    stmts.extend(scope.noted_of(ctx, path, ""));
    scope.db.batch(&stmts).await?;
    Ok(())
}

/// What would be answered to a stranger's question in the chat, and from where; nothing is sent or kept. Refuses no question, or too
/// long a one (400 `bad_question`).
pub async fn try_answer<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &mut Ctx,
    question: &str,
) -> Result<Answered, FlowError> {
    let question = question.trim();
    if question.is_empty() || question.chars().count() > MAX_QUESTION_CHARS {
        let text = format!("`question` takes 1 to {MAX_QUESTION_CHARS} characters.");
        return Err(Rejection::new(400, "bad_question", text).into());
    }
    super::think::preview(scope, http, ctx, question).await
}
