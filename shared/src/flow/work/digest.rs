//! Takes what was committed into the search and the counts of its day, each event once.
//!
//! It is done after the commit, by the cron and whenever somebody searches or reads a report, so that a visitor's message
//! pays nothing for it. A conversation is read by its newest move, with an overlap for clocks that differ; how far it is
//! digested stands in its row, and moves on in the batch that takes the words in, so a crash loses nothing and repeats nothing.

use crate::{
    ctx::Ctx,
    event::{Body, Event},
    flow::Scope,
    id::SiteId,
    store::{
        Db, DbError, decode_json,
        digests::{self, News},
        events,
        search::{self, PersonWords, Stale, Words},
    },
    text,
    time::MINUTE_MS,
    work::tally::{LOOKS_BACK, tally},
};

/// How many sites one run of the cron sees to.
const SITES: u32 = 10;
/// How many conversations of each stage one run takes on.
const CONVERSATIONS: u32 = 40;
/// How many events of a conversation one batch takes in.
const EVENTS: u32 = 200;
/// How many contacts one run takes in anew.
const PEOPLE: u32 = 200;
/// How far the clocks of those who write may differ, in milliseconds.
const OVERLAP_MS: i64 = 5 * MINUTE_MS;
/// How many characters of a message are searched.
const SEARCHED_CHARS: usize = 8_000;
/// The stages a conversation may be at.
const STAGES: [&str; 4] = ["open", "snoozed", "resolved", "joined"];

/// The sites whose turn it is to be digested: the cron's list.
pub async fn load_due(db: &impl Db) -> Result<Vec<SiteId>, DbError> {
    digests::decode_due(db.query(&digests::due(SITES)).await?)
}

/// Digests what is new of a site, up to a bound. Answers whether that was all.
pub async fn digest<D: Db>(scope: Scope<'_, D>, ctx: &Ctx) -> Result<bool, DbError> {
    let site = &scope.site.id;
    let since_ms = digests::decode_since(scope.db.query(&digests::since(site)).await?)?;
    let stmts = STAGES.map(|stage| digests::news(site, stage, since_ms, CONVERSATIONS));
    let mut until_ms = ctx.now.plus_ms(-OVERLAP_MS).ms();
    let mut is_all = true;
    for answer in scope.db.batch(&stmts).await? {
        let news = answer.decode_all::<News>()?;
        if news.len() == CONVERSATIONS as usize {
            is_all = false;
            until_ms = until_ms.min(news.last().map_or(until_ms, |last| last.updated_at_ms));
        }
        for one in news {
            if !take(scope, &one).await? {
                is_all = false;
                until_ms = until_ms.min(one.updated_at_ms);
            }
        }
    }
    let people = scope.db.query(&search::stale(site, PEOPLE)).await?.decode_all::<Stale>()?;
    is_all &= people.len() < PEOPLE as usize;
    let people = people.into_iter().map(words_of).collect::<Result<Vec<_>, _>>()?;
    let mut stmts = vec![digests::done(site, until_ms, ctx.now)];
    if !people.is_empty() {
        stmts.extend(search::renew(site, &people));
    }
    scope.db.batch(&stmts).await?;
    Ok(is_all)
}

/// Takes in what is new in a conversation. Answers whether that was all of it.
async fn take<D: Db>(scope: Scope<'_, D>, news: &News) -> Result<bool, DbError> {
    let (site, from) = (&scope.site.id, news.digested_seq);
    let before = from.saturating_sub(LOOKS_BACK);
    let events = events::after(site, &news.id, before, from - before + EVENTS);
    let events = events::decode_events(scope.db.query(&events).await?)?;
    let Some(to) = events.last().map(|event| event.seq).filter(|to| *to > from) else { return Ok(true) };
    let said: Vec<Words> = events.iter().filter(|event| event.seq > from).filter_map(said).collect();
    let counted = tally(&events, from, &scope.site.time_zone);
    let mut stmts = vec![digests::take(site, &news.id, from, to)];
    if !said.is_empty() {
        stmts.extend(search::add(site, &news.id, &said));
    }
    if !counted.counts.is_empty() {
        let counts = counted.counts.iter().map(|((day, name), count)| (&**day, &**name, *count));
        stmts.push(digests::count(site, counts));
    }
    let reviews = counted.reviews.into_iter();
    stmts.extend(reviews.map(|(seq, at, why)| digests::review(site, &news.id, seq, why, at)));
    match scope.db.batch(&stmts).await {
        Ok(_) => Ok(to >= news.last_seq),
        // Somebody else has taken it in meanwhile; what is still new is seen the next time.
        Err(DbError::Conflict(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The words of an event that is searched: of a message, or of a note.
fn said(event: &Event) -> Option<Words> {
    let (subject, text) = match &event.body {
        Body::Message(message) => (message.subject.as_deref().unwrap_or_default(), &message.text),
        Body::Note { text, .. } => ("", text),
        _ => return None,
    };
    let words = |text: &str| text::words(text::truncate(text, SEARCHED_CHARS)).join(" ");
    Some(Words { seq: event.seq, subject: words(subject), text: words(text) })
}

/// The words of a contact: what they are called, and their addresses with every end of three characters and more.
fn words_of(stale: Stale) -> Result<PersonWords, DbError> {
    let addresses: Vec<String> = decode_json(&stale.addresses)?;
    let mut words = Vec::new();
    for address in addresses {
        let (local, host) = address.split_once('@').unwrap_or((&address, ""));
        for piece in text::words(local) {
            let ends = piece.char_indices().map(|(at, _)| piece[at..].to_owned());
            let count = piece.chars().count();
            words.extend(ends.take(count.saturating_sub(2).max(1)));
        }
        words.extend(text::words(host));
    }
    let name = text::words(stale.name.as_deref().unwrap_or_default()).join(" ");
    Ok(PersonWords { contact: stale.contact_id, n: stale.n, name, address: words.join(" ") })
}
