//! What the assistant is shown: a turn, filled as far as the line it speaks on is proven.

use std::borrow::Cow;

use super::find;
use crate::{
    appointment::Appointment,
    assistant::{Handoff, Said, Turn, builtin},
    channel::Channel,
    contact::{Address, AddressKind, Assurance, Handle},
    conversation::{Conversation, Owed},
    ctx::Ctx,
    event::Event,
    flow::{
        FlowError, Scope,
        appointments::{load_open, load_openings},
        load::shared_handles,
        plan,
    },
    handoff::looks_at_tags,
    id::{ContactId, ConversationId},
    identity,
    phrases::Lang,
    store::{
        Answer as Rows, Db, Stmt, consents, consents::Recalled, contacts, counters, events, knowledge, tags,
    },
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    wire::Speaker,
};

pub(super) use crate::flow::load::RECENT;

/// How long not having known counts as the first of two times, in milliseconds.
const UNSURE_MS: i64 = 30 * MINUTE_MS;

/// A turn and the line its answer goes out on.
pub(super) struct Prepared<'a> {
    /// None where nothing waits any more.
    pub(super) turn: Option<Turn<'a>>,
    pub(super) channel: Channel,
    pub(super) to: Address,
    pub(super) locale: String,
    /// Nobody vouches for a message of the burst.
    pub(super) unverified: bool,
    pub(super) spent: Spent,
}

/// What the whole site has used up: turns of this hour, a model's tokens of this day.
#[derive(Clone, Copy, Default)]
pub(super) struct Spent {
    pub(super) turns: u32,
    pub(super) tokens: u32,
}

/// What [`load_turn`] needs to know of whoever is answered, in the order it takes the rows.
pub(super) fn questions<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, conversation: &ConversationId) -> Vec<Stmt> {
    let site = &scope.site.id;
    let mut stmts = vec![
        contacts::of_conversation(site, conversation),
        contacts::handles_of_conversation(site, conversation),
        events::recent_of_conversation(site, conversation, RECENT),
        consents::facts_of_conversation(site, conversation),
        counters::counted(site, plan::TURNS, ctx.now, HOUR_MS),
        counters::counted(site, plan::TOKENS, ctx.now, DAY_MS),
        knowledge::digest(site),
    ];
    if looks_at_tags(scope.site) {
        stmts.push(tags::of_conversation(site, conversation));
    }
    stmts
}

/// The turn of the line whose answer is claimed; `rows` answer [`questions`].
pub(super) async fn load_turn<'a, D: Db>(
    scope: Scope<'a, D>,
    ctx: &Ctx,
    conversation: &Conversation,
    owed: &Owed,
    mut rows: impl Iterator<Item = Rows>,
) -> Result<Prepared<'a>, FlowError> {
    let mut next = || rows.next().unwrap_or_default();
    let contact = contacts::decode_one(next())?;
    let handles = contacts::decode_handles(next())?;
    let mut events = events::decode_events(next())?;
    let facts = consents::decode_facts(next())?;
    let spent = Spent { turns: counters::decode(next())?, tokens: counters::decode(next())? };
    let digest = knowledge::decode_digest(next())?;
    let tags = tags::decode(next())?;
    events.reverse();
    let (channel, key) = (owed.channel, owed.address_key.as_str());
    let to = Address::new(AddressKind::of(channel), address_text(&handles, channel, key));
    let burst = burst(&events, conversation, owed);
    if burst.is_empty() {
        let locale = scope.site.locale.clone();
        return Ok(Prepared { turn: None, channel, to, locale, unverified: false, spent });
    }
    let own = handles.iter().find(|handle| handle.address == to);
    // What an address has proven does not speak for a mail that only claims to come from it: such a mail is shown to the
    // assistant alone, without anything that was said or remembered before.
    let unverified = burst.iter().any(|event| event.message().is_some_and(|message| message.unverified));
    // Nor does what one of several people has proven speak for the others.
    let is_shared = own.is_some_and(|handle| handle.is_shared);
    let most = if unverified || is_shared { Assurance::Claimed } else { Assurance::Signed };
    let assurance = own.map_or(Assurance::Anonymous, |handle| handle.assurance).min(most);
    let proven = assurance >= Assurance::Possessed;
    let visible = |by: &str, on: Channel| !unverified && (proven || (by == key && on == channel));
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
        !unverified
            && shared_handles(&handles, &to).any(|handle| handle.address.kind == kind && !handle.blocked)
    };
    let history: Vec<Said> = events
        .iter()
        .filter(|event| event.conversation != conversation.id || event.seq < owed.first_seq)
        .filter(|event| event.speaker != Speaker::System && visible(&event.address_key, event.channel))
        .filter_map(said)
        .collect();
    let burst: Vec<Said> = burst.iter().filter_map(|event| said(event)).collect();
    let assistant = &scope.site.assistant;
    let is_model = assistant.provider != "builtin";
    let needs = builtin::needs(scope.site, &burst, &history, &facts);
    let question = needs.question.or_else(|| is_model.then(|| words.clone()));
    let passages = match question {
        Some(question) => find::passages(scope, digest.as_deref(), &question).await?,
        None => Vec::new(),
    };
    let (appointments, openings) = match &contact {
        // A model decides by itself what a burst is about.
        Some(contact) if needs.appointments || (is_model && scope.site.booking.is_some()) => {
            let own = visible_appointments(scope, ctx, &contact.id, visible).await?;
            let openings =
                if needs.times || is_model { load_openings(scope, ctx, &burst).await? } else { Vec::new() };
            (own, openings)
        }
        _ => (Vec::new(), Vec::new()),
    };
    let promised = conversation.promise.as_ref();
    let promised = promised.filter(|promise| visible(&identity::key(&promise.to), promise.channel));
    let promised = promised.map(|promise| promise.by);
    let called = conversation.called.iter().filter(|call| visible(&call.address_key, call.channel));
    let handoff = Handoff {
        open: called.map(|call| (call.reason, call.about.clone())).collect(),
        was_unsure: was_unsure(&events, conversation, owed, ctx),
        tag: scope.site.handoff.tag_among(&tags).map(str::to_owned),
    };
    let turn = Turn {
        site: Cow::Borrowed(scope.site),
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
        appointments,
        openings,
        promised,
        handoff,
        task: None,
        locale: locale.clone(),
    };
    Ok(Prepared { turn: Some(turn), channel, to, locale, unverified, spent })
}

/// The contact's appointments that are not over, as far as the line may know of them.
async fn visible_appointments<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    contact: &ContactId,
    visible: impl Fn(&str, Channel) -> bool,
) -> Result<Vec<Appointment>, FlowError> {
    let mut own = load_open(scope, ctx, contact).await?;
    own.retain(|own| {
        let key = identity::key(&own.line);
        Channel::ALL.into_iter().any(|on| AddressKind::of(on) == own.line.kind && visible(&key, on))
    });
    Ok(own)
}

/// The contact's messages on the line that is owed an answer. What waits on another line is answered there.
fn burst<'a>(events: &'a [Event], conversation: &Conversation, owed: &Owed) -> Vec<&'a Event> {
    let on_line = |event: &&Event| event.channel == owed.channel && event.address_key == owed.address_key;
    events
        .iter()
        .filter(|event| event.conversation == conversation.id)
        .filter(on_line)
        .filter(|event| (owed.first_seq..=owed.basis_seq).contains(&event.seq))
        .filter(|event| event.speaker == Speaker::Contact)
        .filter(|event| event.message().is_some_and(|message| !message.automatic))
        .collect()
}

/// Whether the assistant did not know when it last spoke on the line, a moment ago, and nobody of the team has spoken since.
fn was_unsure(events: &[Event], conversation: &Conversation, owed: &Owed, ctx: &Ctx) -> bool {
    let on_line = |event: &&Event| {
        event.conversation == conversation.id
            && (event.channel, event.address_key.as_str()) == (owed.channel, owed.address_key.as_str())
    };
    let said = events.iter().filter(on_line).filter_map(|event| Some((event, event.message()?)));
    let ours = said.filter(|(event, _)| !matches!(event.speaker, Speaker::Contact | Speaker::System));
    ours.max_by_key(|(event, _)| event.seq)
        .is_some_and(|(event, message)| message.unsure && ctx.now.since_ms(event.at) <= UNSURE_MS)
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

pub(super) fn said(event: &Event) -> Option<Said> {
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
