//! A stretch of a person's timeline: newest first by cursor, or what came after one.
//!
//! A cursor names a place in each of the person's conversations, so nothing is ever missed or told twice, whatever the
//! clocks said and however many conversations turned out to be theirs. What is read depends on what is asked for, not on how
//! long the timeline is.

use std::collections::BTreeMap;

use super::{called, load_contact};
use crate::{
    api::timeline::{Entry, Stretch, What},
    ctx::Ctx,
    delivery::Delivery,
    error::Rejection,
    event::Event,
    flow::{FlowError, Scope, files},
    id::{ContactId, ConversationId},
    page::Teller,
    store::{
        Answer, Db, Stmt,
        conversations::{self, Thread},
        deliveries::{self, VerdictRow},
        events,
    },
    time::Timestamp,
    told,
};

/// How many events a stretch holds at most.
pub const MAX_STRETCH: u32 = 200;
/// What was held back that little before a cursor is told again: it may have been written late. In milliseconds.
const OVERLAP_MS: i64 = 10_000;
/// Later than anything. In milliseconds a D1 number holds exactly.
const END: Timestamp = Timestamp::from_ms(9_000_000_000_000_000);
/// How many held-back messages of each conversation a stretch holds at most.
const MAX_HELD: u32 = 100;

/// Where a stretch begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// The newest.
    #[default]
    End,
    /// What stands before a cursor.
    Before(String),
    /// What came after a cursor.
    After(String),
}

type Places = BTreeMap<ConversationId, u32>;

/// A place in each conversation, and a moment for what stands in none: what was held back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cursor {
    places: Places,
    at: Timestamp,
}

/// A stretch of at most `limit` events (200 at most), oldest first, with what was held back among them. What came after a
/// cursor may tell again what was held back just before it: entries are known by their ids. 404 `unknown_contact`, 400
/// `bad_cursor`.
pub async fn load_stretch<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    id: &ContactId,
    from: &From,
    limit: u32,
) -> Result<Stretch, FlowError> {
    let contact = load_contact(scope, id).await?;
    let limit = limit.clamp(1, MAX_STRETCH);
    let threads: Vec<Thread> =
        scope.db.query(&conversations::of_person(&scope.site.id, &contact.id)).await?.decode_all()?;
    let ends: Places = threads.iter().map(|thread| (thread.id.clone(), thread.last_seq)).collect();
    let teller = Teller {
        called: called(&contact),
        zone: contact.time_zone.as_deref().unwrap_or(&scope.site.time_zone),
        assistant: &scope.site.assistant.name,
    };
    let reading = Reading { scope, threads: &threads, teller, limit, now: ctx.now };
    let total = ends.values().sum();
    if let From::After(cursor) = from {
        let cursor = Cursor::parse(cursor)?;
        let events = reading.after(&cursor.places).await?;
        let places = reached(&cursor.places, &events, u32::max);
        let is_all = ends.iter().all(|(id, seq)| places.get(id) == Some(seq));
        let at = if is_all { ctx.now } else { cursor.at };
        let span = (cursor.at.plus_ms(-OVERLAP_MS), END);
        let entries = reading.entries(&events, span).await?;
        return Ok(Stretch { entries, before: None, after: Cursor { places, at }.written(), total });
    }
    let cursor = match from {
        From::Before(cursor) => Cursor::parse(cursor)?,
        _ => Cursor { places: ends.iter().map(|(id, seq)| (id.clone(), seq + 1)).collect(), at: END },
    };
    let events = reading.before(&cursor.places).await?;
    let places = reached(&cursor.places, &events, u32::min);
    let is_start = places.values().all(|seq| *seq <= 1);
    // Where nothing stands before, all that was held back until then is told as well.
    let since = events.first().filter(|_| !is_start).map_or(Timestamp::default(), |event| event.at);
    let entries = reading.entries(&events, (since, cursor.at)).await?;
    let before = (!is_start).then(|| Cursor { places, at: since }.written());
    Ok(Stretch { entries, before, after: Cursor { places: ends, at: ctx.now }.written(), total })
}

struct Reading<'a, D: Db> {
    scope: Scope<'a, D>,
    threads: &'a [Thread],
    teller: Teller<'a>,
    limit: u32,
    now: Timestamp,
}

impl<D: Db> Reading<'_, D> {
    /// The newest events before the places, over all conversations, oldest first.
    async fn before(&self, places: &Places) -> Result<Vec<Event>, FlowError> {
        let before = |thread: &Thread| places.get(&thread.id).copied().unwrap_or(thread.last_seq + 1);
        let of =
            |thread: &Thread| events::before(&self.scope.site.id, &thread.id, before(thread), self.limit);
        let stmts: Vec<Stmt> = self.threads.iter().map(of).collect();
        let mut all = self.decode(&stmts).await?;
        let surplus = all.len().saturating_sub(usize::try_from(self.limit).unwrap_or(usize::MAX));
        all.drain(..surplus);
        Ok(all)
    }

    /// The first events after the places, of each conversation.
    async fn after(&self, places: &Places) -> Result<Vec<Event>, FlowError> {
        let after = |thread: &Thread| places.get(&thread.id).copied().unwrap_or(0);
        let stmts: Vec<Stmt> = self
            .threads
            .iter()
            .filter(|thread| after(thread) < thread.last_seq)
            .map(|thread| events::after(&self.scope.site.id, &thread.id, after(thread), self.limit))
            .collect();
        self.decode(&stmts).await
    }

    /// In order. Within a conversation its places decide, whatever a clock said.
    async fn decode(&self, stmts: &[Stmt]) -> Result<Vec<Event>, FlowError> {
        let mut all = Vec::new();
        for rows in self.batch(stmts).await? {
            all.extend(events::decode_events(rows)?);
        }
        all.sort_by(|one, other| order(one).cmp(&order(other)));
        Ok(all)
    }

    async fn batch(&self, stmts: &[Stmt]) -> Result<Vec<Answer>, FlowError> {
        if stmts.is_empty() { Ok(Vec::new()) } else { Ok(self.scope.db.batch(stmts).await?) }
    }

    /// The events as entries, with what was held back within a span of time.
    async fn entries(
        &self,
        events: &[Event],
        (since, until): (Timestamp, Timestamp),
    ) -> Result<Vec<Entry>, FlowError> {
        let site = &self.scope.site.id;
        let mut stmts = Vec::new();
        for Thread { id, .. } in self.threads {
            let seqs = events.iter().filter(|event| event.conversation == *id).map(|event| event.seq);
            let (low, high) = seqs.fold((u32::MAX, 0), |(low, high), seq| (low.min(seq), high.max(seq)));
            stmts.push(deliveries::between(site, id, low, high));
            stmts.push(deliveries::verdicts_between(site, id, low, high));
            stmts.push(deliveries::held(site, id, since, until, MAX_HELD));
        }
        let mut rows = self.batch(&stmts).await?.into_iter();
        let mut sent: BTreeMap<(&ConversationId, u32), Delivery> = BTreeMap::new();
        let mut judged: BTreeMap<(&ConversationId, u32), VerdictRow> = BTreeMap::new();
        let mut held = Vec::new();
        for Thread { id, .. } in self.threads {
            let mut next = || rows.next().unwrap_or_default();
            sent.extend(deliveries::decode(next())?.into_iter().map(|row| ((id, row.seq), row)));
            let let_through = next().decode_all::<VerdictRow>()?;
            judged.extend(let_through.into_iter().filter_map(|row| Some(((id, row.seq?), row))));
            held.extend(next().decode_all::<VerdictRow>()?.iter().map(|row| told::held(id, row)));
        }
        let told = |event: &Event| {
            let place = (&event.conversation, event.seq);
            told::entry(&self.teller, event, sent.get(&place), judged.get(&place))
        };
        let mut entries: Vec<Entry> = events.iter().map(told).collect();
        for entry in &mut entries {
            if let What::Said(said) = &mut entry.what {
                files::show(self.scope, self.now, &mut said.files);
            }
        }
        entries.extend(held);
        // Stable: what was held back stands after what happened in the same millisecond.
        entries.sort_by_key(|entry| entry.at);
        Ok(entries)
    }
}

fn order(event: &Event) -> (Timestamp, &ConversationId, u32) {
    (event.at, &event.conversation, event.seq)
}

/// The places a stretch reaches to: those of the cursor, moved by what was read.
fn reached(from: &Places, events: &[Event], pick: fn(u32, u32) -> u32) -> Places {
    let mut places = from.clone();
    for event in events {
        let place = places.entry(event.conversation.clone()).or_insert(event.seq);
        *place = pick(*place, event.seq);
    }
    places
}

impl Cursor {
    /// The cursor as text: `cnv_a.12~cnv_b.3~1795540320000`.
    fn written(&self) -> String {
        let mut parts: Vec<String> = self.places.iter().map(|(id, seq)| format!("{id}.{seq}")).collect();
        parts.push(self.at.ms().to_string());
        parts.join("~")
    }

    fn parse(text: &str) -> Result<Self, Rejection> {
        let place = |part: &str| {
            let (id, seq) = part.rsplit_once('.')?;
            Some((ConversationId::parse(id).ok()?, seq.parse().ok()?))
        };
        let bad = || Rejection::new(400, "bad_cursor", "The cursor is not one that was handed out here.");
        let (places, at) = text.rsplit_once('~').unwrap_or(("", text));
        let places = places.split('~').filter(|part| !part.is_empty());
        let places: Result<Places, Rejection> = places.map(|part| place(part).ok_or_else(bad)).collect();
        Ok(Self { places: places?, at: Timestamp::from_ms(at.parse().map_err(|_| bad())?) })
    }
}
