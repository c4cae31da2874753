//! A visitor filled in a form on the customer's page: who they say they are is claimed, what they agreed to is recorded with
//! its words, and what they asked is answered in their chat.

use super::{
    Change, Decision, Plan, Snapshot, confirm, message::owe, pace, plan::duplicate, sequence, typed, wish,
};
use crate::{
    assistant::Fact,
    channel::Channel,
    command::{Arrival, FilledForm},
    consent::{
        Basis, Circumstances, Level,
        wish::{What, Wish},
    },
    ctx::Ctx,
    delivery::Purpose,
    error::Rejection,
    event::{Body, Event, Message},
    form::Agreed,
    identity, phrases,
    store::consents::Remembered,
    wire::{MAX_MESSAGE_CHARS, Speaker},
};

pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    arrival: &Arrival,
    filled: &FilledForm,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    if let Some(decision) = duplicate(snapshot, &arrival.event) {
        return Ok(decision);
    }
    let mut plan = Plan::from_sender(snapshot, &filled.from, None, arrival.visitor.as_ref(), ctx);
    let (lang, form) = (plan.lang(), &filled.form);
    if snapshot.forms >= snapshot.site.limits.forms_per_hour {
        return Err(Rejection::new(429, "too_many_forms", phrases::forms::too_many(lang)));
    }
    pace::check(&plan, ctx)?;
    let asked = form.message.clone().unwrap_or_else(|| phrases::forms::asked(lang, &form.rest));
    if asked.chars().count() > MAX_MESSAGE_CHARS {
        return Err(Rejection::new(400, "too_long", phrases::limits::too_long(lang, MAX_MESSAGE_CHARS)));
    }
    let mut addresses = Vec::new();
    for (channel, text) in [(Channel::Email, &form.email), (Channel::Sms, &form.phone)] {
        let Some(text) = text else { continue };
        let address = typed::parse(snapshot, channel, text).ok_or_else(|| {
            Rejection::new(400, bad_code(channel), phrases::limits::bad_address(lang, channel))
        })?;
        let known = typed::known(snapshot, &address);
        pace::take_typed(&mut plan, ctx, &known, &filled.from)
            .map_err(|_| pace::too_many_addresses(&plan))?;
        addresses.push((channel, known));
    }
    pace::count(&mut plan, ctx);
    plan.change(Change::CountForm);
    let line = (Channel::Widget, &filled.from);
    let body = Body::Form { page: form.page.clone(), fields: told(filled) };
    let event = plan.arrive(ctx, arrival, line, Speaker::Contact, body);
    let mut news = None;
    let stops = matches!(snapshot.wish, Some(Wish { what: What::Stop(_), .. }));
    for (channel, known) in &mut addresses {
        typed::claim(&mut plan, known, &event);
        // Who asks for no more agrees to nothing, and nobody agrees to marketing at what is another's.
        let is_own = known.owner.as_ref().is_some_and(|(owner, _)| *owner == plan.contact.id);
        let holds = |agreed: &&Agreed| !stops && (is_own || !agreed.marketing);
        for agreed in form.agreed.iter().filter(|agreed| agreed.channel == *channel).filter(holds) {
            let given = given(&plan, agreed, &form.page, typed::seen_by(arrival.visitor.as_ref()));
            typed::grant(&mut plan, ctx, known, line, &given, &event);
        }
        if *channel == Channel::Email && !stops && form.wants_news() {
            news = Some(known.clone());
        }
    }
    let text = Message { text: asked, ..Message::default() };
    let message = plan.append(ctx, None, line, Speaker::Contact, Body::Message(text));
    if let Some(name) = &form.name {
        remember_name(&mut plan, name, &event, filled);
    }
    if let Some(mailbox) = news {
        confirm::ask(&mut plan, ctx, &mailbox, &filled.from);
    }
    let words = filled.as_message();
    let said = wish::Said { line, message: &words, event: &message, vouched: true };
    if !wish::obey(&mut plan, ctx, &said) {
        owe(&mut plan, ctx.now, Channel::Widget, &message);
        sequence::on_form(&mut plan, ctx, &form.called);
    }
    Ok(plan.finish())
}

/// The code of a field that is no address, which names the field.
const fn bad_code(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "bad_email",
        _ => "bad_phone",
    }
}

/// What stands on the timeline: the fields as they were filled in, addresses masked as everywhere.
fn told(filled: &FilledForm) -> Vec<(String, String)> {
    let form = &filled.form;
    let own = |name: &str, value: &Option<String>| value.clone().map(|value| (name.to_owned(), value));
    let masked = |value: &Option<String>| value.as_deref().map(phrases::masked);
    let mut fields: Vec<(String, String)> = own("name", &form.name).into_iter().collect();
    fields.extend(own("email", &masked(&form.email)));
    fields.extend(own("phone", &masked(&form.phone)));
    fields.extend(form.rest.iter().cloned());
    fields
}

fn given<'a>(plan: &Plan<'_>, agreed: &'a Agreed, page: &'a str, seen: Circumstances) -> typed::Given<'a> {
    // What 47 CFR 64.1200(f)(9) wants of a written consent: the words name who writes.
    let names_us = agreed.words.contains(&plan.snapshot.site.name);
    typed::Given {
        purpose: agreed.marketing.then_some(Purpose::Marketing),
        level: if agreed.marketing && names_us { Level::ExpressWritten } else { Level::Express },
        page: Some(page).filter(|page| !page.is_empty()),
        topic: agreed.topic.as_deref(),
        seen: Circumstances { field: Some(agreed.field.clone()), ..seen },
        ..typed::Given::of(agreed.channel, Basis::Form, &agreed.words)
    }
}

/// The name counts as told on this line, as if it had been said in the chat.
fn remember_name(plan: &mut Plan<'_>, name: &str, event: &Event, filled: &FilledForm) {
    let fact = Fact {
        key: "name".to_owned(),
        value: name.to_owned(),
        quote: name.to_owned(),
        source: event.id.clone(),
        channel: Channel::Widget,
        at: event.at,
    };
    let said = Remembered { fact, address_key: identity::key(&filled.from) };
    plan.change(Change::Remember(plan.contact.id.clone(), said));
    if plan.contact.name.is_none() {
        plan.contact.name = Some(name.to_owned());
        plan.change(Change::UpdateContact(plan.contact.clone()));
    }
}
