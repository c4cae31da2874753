//! A visitor filled the "continue by text" or "by email" card: the consent is recorded with its exact words, and the
//! conversation goes on there with what was asked for or said last, as far as the line that asks may know it: a typed
//! address takes nothing along that was said to somebody else.

use super::{Decision, Plan, Snapshot, pace, plan::duplicate, typed};
use crate::{
    assistant::{Said, builtin},
    channel::Channel,
    command::{Arrival, Continue},
    consent::Basis,
    contact::Address,
    ctx::Ctx,
    error::Rejection,
    event::{Body, Event, Message},
    identity,
    phrases::{self, Lang},
    text,
    wire::Speaker,
};

/// How much of the last answer goes along, in characters.
const CARRIED_CHARS: usize = 600;

pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    arrival: &Arrival,
    request: &Continue,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    if let Some(decision) = duplicate(snapshot, &arrival.event) {
        return Ok(decision);
    }
    let mut plan = Plan::from_sender(snapshot, &request.from, None, arrival.visitor.as_ref(), ctx);
    let lang = plan.lang();
    pace::check(&plan, ctx)?;
    let Some(address) = typed::parse(snapshot, request.channel, &request.address) else {
        let text = phrases::limits::bad_address(lang, request.channel);
        return Err(Rejection::new(400, "bad_address", text));
    };
    let shown = request.wording.starts_with(request.channel.as_str());
    let Some(words) = phrases::consent::text_of(&request.wording, &snapshot.site.name).filter(|_| shown)
    else {
        return Err(Rejection::new(400, "malformed", phrases::limits::stale_card(lang)));
    };
    let line = (Channel::Widget, &request.from);
    let mut known = typed::known(snapshot, &address);
    pace::take_typed(&mut plan, ctx, &known, &request.from).map_err(|_| pace::too_many_addresses(&plan))?;
    pace::count(&mut plan, ctx);
    let masked = identity::mask(&address);
    let asked = Message { text: phrases::lines::asked_to_continue(lang, &masked), ..Message::default() };
    let event = plan.arrive(ctx, arrival, line, Speaker::Contact, Body::Message(asked));
    typed::claim(&mut plan, &mut known, &event);
    let given = typed::Given {
        wording: Some(&request.wording),
        seen: typed::seen_by(arrival.visitor.as_ref()),
        ..typed::Given::of(request.channel, Basis::Card, &words)
    };
    typed::grant(&mut plan, ctx, &mut known, line, &given, &event);
    let carried = asked_for(snapshot, &request.from, lang).or_else(|| last_answer(snapshot, &request.from));
    let name = snapshot.name_on(Channel::Widget, &request.from);
    let message = first_words(&plan, request.channel, lang, name, carried.as_deref());
    let sent = pace::say_first(&mut plan, ctx, &known, request.channel, &request.from, message, lang);
    let notice = match sent {
        Ok(_) => phrases::lines::continued(lang, &masked),
        Err(held) => phrases::lines::not_continued(lang, &masked, held.rule()),
    };
    let notice = Body::Message(Message { text: notice, ..Message::default() });
    plan.append(ctx, None, line, Speaker::System, notice);
    Ok(plan.finish())
}

/// The first message on a line the contact asked for: who writes, how to stop, and what was asked for. `name` is the
/// contact's, as far as the line that asked may know it.
pub(super) fn first_words(
    plan: &Plan<'_>,
    channel: Channel,
    lang: Lang,
    name: Option<&str>,
    carried: Option<&str>,
) -> Message {
    let site = &plan.snapshot.site;
    let carried = carried.map_or_else(|| phrases::answers::here_we_are(lang, &site.name), str::to_owned);
    if channel == Channel::Email {
        let text = phrases::spoken(lang, channel, &site.assistant.name, &site.name, name, &carried);
        let subject = Some(phrases::lines::subject(lang, &site.name, None));
        return Message { text, subject, author: Some("builtin".into()), ..Message::default() };
    }
    let opener = phrases::lines::sms_opener(lang, &site.assistant.name, &site.name);
    Message { text: format!("{opener}\n\n{carried}"), author: Some("builtin".into()), ..Message::default() }
}

/// What the newest message on the asking line asks to have sent, where it stands in the site's definition.
fn asked_for(snapshot: &Snapshot<'_>, from: &Address, lang: Lang) -> Option<String> {
    let key = identity::key(from);
    let own = |event: &&Event| {
        event.channel == Channel::Widget && event.address_key == key && event.speaker == Speaker::Contact
    };
    // Who fills the card again still wants what they asked for.
    let by_card = |event: &&Event| {
        event.message().is_some_and(|message| phrases::lines::is_asked_to_continue(&message.text))
    };
    let newest = snapshot.recent.iter().filter(own).find(|event| !by_card(event))?;
    let said = Said {
        id: newest.id.clone(),
        at: newest.at,
        channel: newest.channel,
        speaker: newest.speaker.clone(),
        text: newest.message()?.text.clone(),
    };
    builtin::asked_to_send(&said, snapshot.site, lang)
}

/// The last thing the assistant answered from a source where `from` may know it, shortened.
fn last_answer(snapshot: &Snapshot<'_>, from: &Address) -> Option<String> {
    let answers = snapshot.recent.iter().filter(|event| {
        event.speaker == Speaker::Assistant
            && snapshot.may_know(Channel::Widget, from, event.channel, &event.address_key)
    });
    let mut messages = answers.filter_map(|event| event.message());
    let message = messages.find(|message| !message.sources.is_empty())?;
    Some(text::shorten(&message.text, CARRIED_CHARS))
}
