//! What the assistant writes to somebody who did not write just now.

use std::borrow::Cow;

use super::{find, may_spend, provider, turn};
use crate::{
    assistant::{Draft, Handoff, Said, Task, Turn},
    channel::Channel,
    contact::{AddressKind, Assurance},
    ctx::Ctx,
    decide::Snapshot,
    flow::{FlowError, Scope, plan},
    http::Http,
    phrases::Lang,
    sequence::{Send, words::About},
    store::{Db, consents, contacts, counters, events, knowledge},
    time::{DAY_MS, HOUR_MS},
    wire::Speaker,
};

/// A draft for a step of a sequence. Nothing where no address of the contact's is proven, since it may hold anything they
/// ever said, and where the site or the conversation is over its ceiling.
pub(in crate::flow) async fn write<D: Db>(
    scope: Scope<'_, D>,
    http: &impl Http,
    ctx: &Ctx,
    snapshot: &Snapshot<'_>,
    send: &Send,
) -> Result<Option<Draft>, FlowError> {
    let (Some(contact), Some(conversation), Some(ask)) =
        (&snapshot.contact, &snapshot.conversation, &send.ask)
    else {
        return Ok(None);
    };
    let may_go = |channel: Channel| send.among.is_empty() || send.among.contains(&channel);
    let proven: Vec<Channel> = Channel::ALL
        .into_iter()
        .filter(|channel| *channel != Channel::Widget && may_go(*channel))
        .filter(|channel| {
            let is_there = |known: &&crate::decide::Known| known.address.kind == AddressKind::of(*channel);
            snapshot.addresses.iter().filter(is_there).any(|known| snapshot.is_proven(&known.address))
        })
        .collect();
    // Short enough for the narrowest of the lines it may go by.
    let Some(channel) = proven.iter().copied().min_by_key(|on| crate::assistant::guard::max_chars(*on))
    else {
        return Ok(None);
    };
    let site = &scope.site.id;
    let stmts = [
        events::recent_of_conversation(site, &conversation.id, turn::RECENT),
        consents::facts_of_conversation(site, &conversation.id),
        contacts::handles_of_conversation(site, &conversation.id),
        counters::counted(site, plan::TURNS, ctx.now, HOUR_MS),
        counters::counted(site, plan::TOKENS, ctx.now, DAY_MS),
        knowledge::digest(site),
    ];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let mut said = events::decode_events(next())?;
    let told = consents::decode_facts(next())?;
    let handles = contacts::decode_handles(next())?;
    let (turns, tokens) = (counters::decode(next())?, counters::decode(next())?);
    let digest = knowledge::decode_digest(next())?;
    let limits = &scope.site.limits;
    let is_over = turns >= limits.site_turns_per_hour || tokens >= limits.site_tokens_per_day;
    if is_over || !may_spend(scope, ctx, conversation) {
        return Ok(None);
    }
    said.reverse();
    let history: Vec<Said> =
        said.iter().filter(|event| event.speaker != Speaker::System).filter_map(turn::said).collect();
    let asked = history.iter().rfind(|said| said.speaker == Speaker::Contact);
    let question = format!("{ask} {}", asked.map_or("", |said| said.text.as_str()));
    let passages = find::passages(scope, digest.as_deref(), &question).await?;
    let locale = contact.locale.clone().unwrap_or_else(|| scope.site.locale.clone());
    let named = snapshot.calendar.named.as_ref();
    let zone = |named: &crate::appointment::Appointment| crate::decide::zone_of(scope.site, &named.resource);
    let about = About {
        site: scope.site,
        lang: Lang::of(&locale),
        name: contact.name.as_deref(),
        appointment: named.map(|named| (named, zone(named))),
    };
    let text = send.words.of(channel, &about).0;
    let reaches = |kind| handles.iter().any(|handle| handle.address.kind == kind && !handle.blocked);
    let turn = Turn {
        site: Cow::Borrowed(scope.site),
        now: ctx.now,
        channel,
        time_zone: contact.time_zone.clone().unwrap_or_else(|| scope.site.time_zone.clone()),
        assurance: Assurance::Possessed,
        name: contact.name.clone(),
        can_text: reaches(AddressKind::Phone),
        can_email: reaches(AddressKind::Email),
        facts: consents::current(told),
        history,
        burst: Vec::new(),
        passages,
        appointments: Vec::new(),
        openings: Vec::new(),
        promised: None,
        handoff: Handoff::default(),
        task: Some(Task { ask: ask.clone(), text }),
        locale,
    };
    Ok(Some(provider::draft(scope, http, &turn, &mut |_: &str| {}).await))
}
