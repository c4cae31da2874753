//! What the assistant is shown: a turn, filled as far as the line it speaks on is proven.

use crate::{
    assistant::{Passage, Said, Turn, builtin},
    channel::Channel,
    contact::{Address, AddressKind, Assurance, Handle},
    conversation::Conversation,
    ctx::Ctx,
    event::Event,
    flow::{
        FlowError, Scope,
        load::{RECENT, shared_handles},
        plan,
    },
    id::ConversationId,
    identity, knowledge,
    phrases::Lang,
    store::{
        Answer as Rows, Db, Stmt, consents, consents::Recalled, contacts, counters, events,
        knowledge as passages,
    },
    time::{DAY_MS, HOUR_MS},
    wire::Speaker,
};

/// A turn and the line its answer goes out on.
pub(super) struct Prepared {
    /// None where nothing waits any more.
    pub(super) turn: Option<Turn>,
    pub(super) channel: Channel,
    pub(super) to: Address,
    pub(super) locale: String,
    pub(super) spent: Spent,
}

/// What the whole site has used up: turns of this hour, a model's tokens of this day.
#[derive(Clone, Copy, Default)]
pub(super) struct Spent {
    pub(super) turns: u32,
    pub(super) tokens: u32,
}

/// How many passages a turn is shown.
const PASSAGES: usize = 8;

/// What [`load_turn`] needs to know of whoever is answered, in the order it takes the rows.
pub(super) fn questions<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, conversation: &ConversationId) -> [Stmt; 6] {
    let site = &scope.site.id;
    [
        contacts::of_conversation(site, conversation),
        contacts::handles_of_conversation(site, conversation),
        events::recent_of_conversation(site, conversation, RECENT),
        consents::facts_of_conversation(site, conversation),
        counters::counted(site, plan::TURNS, ctx.now, HOUR_MS),
        counters::counted(site, plan::TOKENS, ctx.now, DAY_MS),
    ]
}

/// The turn of a conversation whose answer is claimed; `rows` answer [`questions`].
pub(super) async fn load_turn<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    conversation: &Conversation,
    mut rows: impl Iterator<Item = Rows>,
) -> Result<Prepared, FlowError> {
    let mut next = || rows.next().unwrap_or_default();
    let contact = contacts::decode_one(next())?;
    let handles = contacts::decode_handles(next())?;
    let mut events = events::decode_events(next())?;
    let facts = consents::decode_facts(next())?;
    let spent = Spent { turns: counters::decode(next())?, tokens: counters::decode(next())? };
    events.reverse();
    let burst = burst(&events, conversation);
    let Some(last) = burst.last() else { return Ok(nothing()) };
    let channel = last.channel;
    let to = Address::new(AddressKind::of(channel), address_text(&handles, channel, &last.address_key));
    let own = handles.iter().find(|handle| handle.address == to);
    let assurance = own.map_or(Assurance::Anonymous, |handle| handle.assurance);
    let proven = assurance >= Assurance::Possessed;
    let visible = |key: &str, on: Channel| proven || (key == last.address_key && on == channel);
    let words = burst.iter().map(|event| words(event)).collect::<Vec<_>>().join("\n");
    let locale = locale(scope, contact.as_ref().and_then(|c| c.locale.as_deref()), &words);
    let seen = |told: &Recalled| visible(&told.said.address_key, told.said.fact.channel);
    let facts = consents::current(facts.into_iter().filter(seen).collect());
    let name = if proven {
        contact.as_ref().and_then(|contact| contact.name.clone())
    } else {
        facts.iter().rfind(|fact| fact.key == "name").map(|fact| fact.value.clone())
    };
    let reaches = |kind: AddressKind| {
        shared_handles(&handles, &to).any(|handle| handle.address.kind == kind && !handle.blocked)
    };
    let first = burst.first().map_or(0, |event| event.seq);
    let history: Vec<Said> = events
        .iter()
        .filter(|event| event.conversation != conversation.id || event.seq < first)
        .filter(|event| event.speaker != Speaker::System && visible(&event.address_key, event.channel))
        .filter_map(said)
        .collect();
    let burst: Vec<Said> = burst.iter().filter_map(|event| said(event)).collect();
    let assistant = &scope.site.assistant;
    let question = builtin::search_text(&burst, &history, &facts, &assistant.name)
        .or_else(|| (assistant.provider != "builtin").then(|| words.clone()));
    let passages = match question {
        Some(question) => find_passages(scope, &question).await?,
        None => Vec::new(),
    };
    let turn = Turn {
        site: scope.site.clone(),
        now: ctx.now,
        channel,
        time_zone: contact
            .as_ref()
            .and_then(|contact| contact.time_zone.clone())
            .unwrap_or_else(|| scope.site.time_zone.clone()),
        assurance,
        name,
        can_text: reaches(AddressKind::Phone),
        can_email: reaches(AddressKind::Email),
        facts,
        history,
        burst,
        passages,
        locale: locale.clone(),
    };
    Ok(Prepared { turn: Some(turn), channel, to, locale, spent })
}

fn nothing() -> Prepared {
    let to = Address::new(AddressKind::Visitor, "vis_0");
    Prepared { turn: None, channel: Channel::Widget, to, locale: "en".to_owned(), spent: Spent::default() }
}

/// The contact's messages of this conversation that nobody has answered.
fn burst<'a>(events: &'a [Event], conversation: &Conversation) -> Vec<&'a Event> {
    let Some(owed) = conversation.turn else { return Vec::new() };
    events
        .iter()
        .filter(|event| event.conversation == conversation.id)
        .filter(|event| event.at >= owed.since && event.seq <= owed.basis_seq)
        .filter(|event| event.speaker == Speaker::Contact)
        .filter(|event| event.message().is_some_and(|message| !message.automatic))
        .collect()
}

/// The address as it is written to; events hold it as it is compared.
fn address_text(handles: &[Handle], channel: Channel, key: &str) -> String {
    let kind = AddressKind::of(channel);
    let fits = |handle: &&Handle| handle.address.kind == kind && identity::key(&handle.address) == key;
    handles.iter().find(fits).map_or_else(|| key.to_owned(), |handle| handle.address.text.clone())
}

fn words(event: &Event) -> &str {
    event.message().map_or("", |message| &message.text)
}

fn said(event: &Event) -> Option<Said> {
    let message = event.message()?;
    Some(Said {
        id: event.id.clone(),
        at: event.at,
        channel: event.channel,
        speaker: event.speaker.clone(),
        text: message.text.clone(),
    })
}

/// The language of what was just written, else the contact's, else the site's.
fn locale<D: Db>(scope: Scope<'_, D>, told: Option<&str>, words: &str) -> String {
    let detected = Lang::detect(words).map(|lang| lang.tag().to_owned());
    detected.or_else(|| told.map(str::to_owned)).unwrap_or_else(|| scope.site.locale.clone())
}

async fn find_passages<D: Db>(scope: Scope<'_, D>, question: &str) -> Result<Vec<Passage>, FlowError> {
    let Some(query) = knowledge::fts_query(question) else { return Ok(Vec::new()) };
    let stmt = passages::search(&scope.site.id, &query, knowledge::CANDIDATES);
    let found = passages::decode(scope.db.query(&stmt).await?)?;
    let mut ranked = knowledge::rank(question, &found);
    ranked.truncate(PASSAGES);
    Ok(ranked)
}
