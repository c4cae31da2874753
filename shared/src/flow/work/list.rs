//! The list of conversations, a page at a time.
//!
//! A page is read by its view's index from where the one before ended, so what happens meanwhile shifts nothing. What a
//! filter leaves out is looked at all the same, up to a bound: a page may be short, even empty, where another follows.

use crate::{
    api::list::{Card, Cards, Counts, View},
    channel::Channel,
    conversation::Floor,
    ctx::Ctx,
    error::Rejection,
    event::Body,
    flow::{FlowError, Scope},
    store::{
        Db, DbError, Stmt, decode_json, decode_word,
        work::{self, After, CardRow, Place},
    },
    text,
    time::Timestamp,
    wire::Speaker,
};

/// The largest page.
pub const MAX_CARDS: u32 = 100;
/// How many conversations one page looks at, those that a filter leaves out among them.
const LOOKED_AT: u32 = 400;
/// How far each view is counted.
pub const COUNTED: u32 = 1_000;
/// The longest excerpt, in characters.
const EXCERPT_CHARS: usize = 140;

/// What a page is to show of its view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those whose newest message is on this channel.
    pub channel: Option<Channel>,
    /// Only those with this tag.
    pub tag: Option<String>,
    /// Only those of this member.
    pub assigned: Option<String>,
}

impl Filter {
    fn takes(&self, card: &Card) -> bool {
        self.channel.is_none_or(|channel| card.channel == channel)
            && self.tag.as_ref().is_none_or(|tag| card.tags.contains(tag))
            && self.assigned.as_ref().is_none_or(|name| card.assigned.as_ref() == Some(name))
    }
}

/// A page of a view. `me` is who asks, by name; `after` is the `next` of the page before. Refuses a cursor that is none
/// (`bad_cursor`).
pub async fn load_cards<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    (view, me): (View, Option<&str>),
    filter: &Filter,
    after: Option<&str>,
    limit: u32,
) -> Result<Cards, FlowError> {
    let limit = limit.clamp(1, MAX_CARDS);
    let mut after = after.map(parse).transpose()?;
    let mut cards = Vec::new();
    let mut looked = 0;
    loop {
        let stmt = page(scope, (view, me), filter, after.as_ref(), limit);
        let places = scope.db.query(&stmt).await?.decode_all::<Place>()?;
        let is_last = places.len() < limit as usize;
        looked += limit;
        let ids: Vec<_> = places.iter().map(|place| &place.id).collect();
        if ids.is_empty() {
            return Ok(Cards { cards, next: None });
        }
        let rows = scope.db.query(&work::cards(&scope.site.id, &ids)).await?.decode_all::<CardRow>()?;
        let lapses_h = scope.site.policy.floor_lapses_h;
        let mut rows = rows.into_iter().peekable();
        for place in &places {
            // One that is gone meanwhile has no card.
            let Some(row) = rows.next_if(|row| row.conversation_id == place.id) else { continue };
            let card = card_of(row, ctx.now, lapses_h)?;
            if (view != View::Automated || is_automated(&card)) && filter.takes(&card) {
                cards.push(card);
                if cards.len() == limit as usize {
                    let is_end = is_last && places.last() == Some(place);
                    return Ok(Cards { cards, next: (!is_end).then(|| cursor(place)) });
                }
            }
        }
        if is_last || looked >= LOOKED_AT {
            let next = places.last().filter(|_| !is_last).map(cursor);
            return Ok(Cards { cards, next });
        }
        after = places.into_iter().next_back();
    }
}

/// How many conversations stand in each view, each counted up to [`COUNTED`].
pub async fn load_counts<D: Db>(scope: Scope<'_, D>, me: Option<&str>) -> Result<Counts, FlowError> {
    let counts = work::counts(&scope.site.id, me.unwrap_or_default(), COUNTED);
    Ok(scope.db.query(&counts).await?.decode_first::<Counts>()?.unwrap_or_default())
}

/// The assistant or a sequence looks after it.
const fn is_automated(card: &Card) -> bool {
    card.floor.is_none() && card.assigned.is_none() && card.waits_since.is_none()
}

fn page<D: Db>(
    scope: Scope<'_, D>,
    (view, me): (View, Option<&str>),
    filter: &Filter,
    after: Option<&Place>,
    limit: u32,
) -> Stmt {
    let site = &scope.site.id;
    let (newest, oldest) = (from(after, After::NEWEST), from(after, After::OLDEST));
    match (view, filter.assigned.as_deref()) {
        (View::All, Some(name)) => work::assigned(site, name, newest, limit),
        (View::All | View::Automated, _) => work::at_stage(site, "open", newest, limit),
        (View::Snoozed, _) => work::at_stage(site, "snoozed", newest, limit),
        (View::Resolved, _) => work::at_stage(site, "resolved", newest, limit),
        (View::Mine, _) => work::assigned(site, me.unwrap_or_default(), newest, limit),
        (View::Unassigned, _) => work::unassigned(site, oldest, limit),
        (View::Waiting, _) => work::waiting(site, oldest, limit),
        (View::Promised, _) => work::promised(site, oldest, limit),
        (View::NotDelivered, _) => work::not_delivered(site, newest, limit),
    }
}

/// Where a page begins: after a place, or at the start.
pub(super) fn from<'a>(after: Option<&'a Place>, start: After<'static>) -> After<'a> {
    after.map_or(start, |place| After { key_ms: place.key_ms, id: place.id.as_str() })
}

pub(super) fn cursor(place: &Place) -> String {
    format!("{}~{}", place.key_ms, place.id)
}

pub(super) fn parse(cursor: &str) -> Result<Place, Rejection> {
    let read = || {
        let (key, id) = cursor.split_once('~')?;
        Some(Place { key_ms: key.parse().ok()?, id: crate::id::ConversationId::parse(id).ok()? })
    };
    read().ok_or_else(|| {
        Rejection::new(400, "bad_cursor", "`after` takes the `next` of the page before, as it was given.")
    })
}

fn card_of(row: CardRow, now: Timestamp, lapses_h: u32) -> Result<Card, DbError> {
    let floor: Floor = decode_json(&row.floor)?;
    let channel = row.channel.as_deref().unwrap_or(Channel::Widget.as_str());
    let speaker = row.speaker.as_deref().map_or(Ok(Speaker::Contact), decode_json)?;
    let body = row.body.as_deref().map(decode_json::<Body>).transpose()?;
    let time = |ms: Option<i64>| ms.map(Timestamp::from_ms);
    Ok(Card {
        contact: row.contact_id,
        conversation: row.conversation_id,
        name: row.name.or(row.address),
        channel: decode_word(channel, Channel::parse(channel))?,
        speaker,
        excerpt: body.as_ref().map(excerpt).unwrap_or_default(),
        at: Timestamp::from_ms(row.at_ms.unwrap_or(row.updated_at_ms)),
        floor: floor.holder(now, lapses_h).map(str::to_owned),
        assigned: row.assigned,
        progress: work::progress(&row.progress, row.snoozed_until_ms),
        waits_since: time(row.waits_since_ms),
        promised_by: time(row.promised_by_ms),
        not_delivered: row.not_delivered_at_ms.is_some(),
        tags: decode_json(&row.tags)?,
    })
}

/// How a message begins; an email without words by its subject.
fn excerpt(body: &Body) -> String {
    let Body::Message(message) = body else { return String::new() };
    let line = text::one_line(&message.text);
    let line = if line.is_empty() { message.subject.clone().unwrap_or_default() } else { line };
    text::shorten(&line, EXCERPT_CHARS)
}
