//! The assistant finished a draft: it speaks only if nothing has happened since it began, and only through the gates.

use super::{
    Change, Decision, Plan, Snapshot, appointment,
    continue_by::first_words,
    handoff::{self, Call},
    pace, person, sequence, typed,
};
use crate::{
    assistant::{Act, Draft, Fact},
    calendar,
    channel::Channel,
    command::{Answer, Ask, Ceiling},
    consent::Basis,
    contact::AddressKind,
    ctx::Ctx,
    delivery::Purpose,
    effect::Effect,
    error::Rejection,
    event::{Body, Event, Message},
    handoff::Reason,
    identity,
    phrases::{self, Lang, appointments::Refusal},
    promise::{self, Deed},
    store::consents::Remembered,
    time::{DAY_MS, HOUR_MS},
    verdict::Held,
    wire::{Offer, Speaker},
};

pub(super) fn decide(snapshot: &Snapshot<'_>, answer: &Answer, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    let (Some(contact), Some(conversation)) = (&snapshot.contact, &snapshot.conversation) else {
        return Err(stale());
    };
    let key = identity::key(&answer.to);
    let owed = conversation.owed_on(answer.channel, &key);
    let current = owed.is_some_and(|owed| owed.basis_seq == answer.basis_seq);
    let holder = conversation.floor.holder(ctx.now, snapshot.site.policy.floor_lapses_h);
    if !current || conversation.fence != answer.fence || holder.is_some() {
        return Err(stale());
    }
    let mut plan = Plan::on_conversation(snapshot, contact.clone(), conversation.clone());
    let lang = Lang::of(&answer.locale);
    let restrained = answer.unverified.then(|| restrain(answer, lang));
    let answer = restrained.as_ref().unwrap_or(answer);
    let draft = &answer.draft;
    plan.conversation.settle(answer.channel, &key);
    plan.conversation.turns = plan.conversation.turns.add(ctx.now, HOUR_MS, 1);
    plan.conversation.tokens = plan.conversation.tokens.add(ctx.now, DAY_MS, draft.tokens);
    plan.change(Change::CountTurn(draft.tokens));
    let line = (answer.channel, &answer.to);
    let (of, to) = (conversation.id.clone(), answer.to.clone());
    plan.effect(Effect::Seen { conversation: of, to, seq: answer.basis_seq });
    remember(&mut plan, answer);
    let makes = answer.appointment.as_ref();
    let made = draft.asked().map(|ask| appointment::by_assistant(&mut plan, ctx, line, (ask, makes), lang));
    let card = made.as_ref().and_then(|made| made.as_ref().ok()?.card.clone());
    let outcome = made.map(|made| made.map(|made| made.sentence));
    let failed =
        outcome.as_ref().and_then(|outcome| outcome.as_ref().err()).filter(|why| needs_person(**why));
    let failed = failed.map(|why| failure(&plan, ctx, why.code(), lang));
    let mut text = words(draft, outcome, lang);
    if let Some((_, told)) = &failed {
        text = format!("{text} {told}");
    }
    speak(&mut plan, ctx, answer, (&text, card), lang);
    if let Some((call, _)) = &failed {
        handoff::call(&mut plan, ctx, line, Speaker::Assistant, call);
    }
    for act in &draft.acts {
        match act {
            Act::Remember(_) | Act::Appoint(_) | Act::Unsure => {}
            Act::MoveTo { channel, address, source, text } => {
                let asked = Asked { channel: *channel, address: address.as_deref(), source, text };
                move_to(&mut plan, ctx, answer, &asked, lang);
            }
            Act::CallPerson { reason, about, by } => {
                let call = Call { reason: *reason, about: about.clone(), by: *by };
                handoff::call(&mut plan, ctx, line, Speaker::Assistant, &call);
            }
        }
    }
    sequence::on_answer(&mut plan, ctx, answer);
    // Whoever asked for another line's answer meanwhile found this one in the way.
    if let Some(due_at) = plan.conversation.next_owed().map(|owed| owed.due_at) {
        let (site, conversation) = (snapshot.site.id.clone(), plan.conversation.id.clone());
        plan.effect(Effect::Think { site, conversation, due_at });
    }
    Ok(plan.finish())
}

/// Something happened while the draft was made: it is dropped, and the newer turn is answered instead.
fn stale() -> Rejection {
    Rejection::new(409, "stale", "Something was said after this answer was begun.")
}

/// What an answer to a message nobody vouches for may do: speak and call a person. Nothing is remembered of somebody who
/// may be another, and nothing is sent elsewhere; where that was asked for, it is said why not.
fn restrain(answer: &Answer, lang: Lang) -> Answer {
    let mut draft = answer.draft.clone();
    if draft.acts.iter().any(|act| matches!(act, Act::MoveTo { .. } | Act::Appoint(_))) {
        phrases::limits::unverified(lang).clone_into(&mut draft.text);
        draft.sources.clear();
    }
    draft.acts.retain(|act| matches!(act, Act::CallPerson { .. }));
    Answer { draft, ..answer.clone() }
}

/// Whether the contact can do nothing about a refusal, and a person can.
const fn needs_person(why: Refusal) -> bool {
    matches!(why, Refusal::TooMany | Refusal::UnknownService | Refusal::NotAllowed)
}

/// A person is called because something did not work, and the sentence that says so.
fn failure(plan: &Plan<'_>, ctx: &Ctx, what: &str, lang: Lang) -> (Call, String) {
    let (site, zone) = (plan.snapshot.site, plan.time_zone());
    let by = promise::by(site, ctx.now);
    let when = calendar::promised_sentence(site, (None, Deed::Answer, by), ctx.now, zone, lang.tag());
    let call = Call { reason: Reason::Failed, about: Some(what.to_owned()), by };
    (call, phrases::answers::handoff(lang, &when))
}

fn remember(plan: &mut Plan<'_>, answer: &Answer) {
    let facts: Vec<&Fact> = answer
        .draft
        .acts
        .iter()
        .filter_map(|act| if let Act::Remember(fact) = act { Some(fact) } else { None })
        .collect();
    for fact in facts {
        let said = Remembered { fact: fact.clone(), address_key: identity::key(&answer.to) };
        plan.change(Change::Remember(plan.contact.id.clone(), said));
        if fact.key == "name" && plan.contact.name.is_none() {
            plan.contact.name = Some(fact.value.clone());
            plan.change(Change::UpdateContact(plan.contact.clone()));
        }
    }
}

/// What came of an appointment, before the draft's own words; what was refused takes their place, unless they stand for
/// themselves (a delay that no appointment takes).
fn words(draft: &Draft, outcome: Option<Result<Option<String>, Refusal>>, lang: Lang) -> String {
    match outcome {
        Some(Ok(Some(done))) => format!("{done} {}", draft.text).trim_end().to_owned(),
        Some(Err(refused)) if !matches!(draft.asked(), Some(Ask::Note(..))) => refused.text(lang).to_owned(),
        _ => draft.text.clone(),
    }
}

fn speak(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    answer: &Answer,
    (text, card): (&str, Option<Offer>),
    lang: Lang,
) {
    let Draft { subject, sources, offers, author, fallback, .. } = &answer.draft;
    if text.trim().is_empty() {
        return;
    }
    let site = &plan.snapshot.site;
    let name = name_on_line(answer);
    let message = Message {
        text: phrases::spoken(lang, answer.channel, &site.assistant.name, &site.name, name, text),
        subject: subject.clone(),
        sources: sources.clone(),
        offers: card.into_iter().chain(offers.iter().cloned()).collect(),
        author: Some(author.clone()),
        fallback: fallback.clone(),
        files: Vec::new(),
        automatic: false,
        repeated: false,
        unverified: false,
        unsure: answer.draft.acts.contains(&Act::Unsure),
    };
    let known = typed::known(plan.snapshot, &answer.to);
    if plan.say(ctx, &known, answer.channel, Purpose::Reply, Speaker::Assistant, message).is_ok() {
        plan.conversation.disclose(
            answer.channel,
            phrases::disclosure_version(lang, answer.channel),
            ctx.now,
        );
        if answer.ceiling == Some(Ceiling::Site) {
            plan.conversation.busy_told_at = Some(ctx.now);
        }
    }
}

/// The contact's name as far as the line may know it: as it was just told there, or as the turn was shown it.
fn name_on_line(answer: &Answer) -> Option<&str> {
    let told = answer.draft.acts.iter().rev().find_map(|act| match act {
        Act::Remember(fact) if fact.key == "name" => Some(fact.value.as_str()),
        _ => None,
    });
    told.or(answer.name.as_deref())
}

struct Asked<'a> {
    channel: Channel,
    address: Option<&'a str>,
    source: &'a crate::id::EventId,
    text: &'a str,
}

/// Goes on by text or email, as the contact asked in their own words: that is the consent, and the words are its proof.
fn move_to(plan: &mut Plan<'_>, ctx: &mut Ctx, answer: &Answer, asked: &Asked<'_>, lang: Lang) {
    let snapshot = plan.snapshot;
    let said = snapshot.recent.iter().find(|event| event.id == *asked.source).cloned();
    let address = match asked.address {
        Some(text) => typed::parse(snapshot, asked.channel, text),
        None => own_address(snapshot, asked.channel),
    };
    let line = (answer.channel, &answer.to);
    let (Some(address), Some(said)) = (address, said) else {
        failed(plan, ctx, answer, "no address to go on at", lang);
        return;
    };
    if address.is_same(&answer.to) {
        return;
    }
    let mut known = typed::known(snapshot, &address);
    let sent = if let Err(rule) = pace::take_typed(plan, ctx, &known, &answer.to) {
        Err(plan.hold(ctx, &known, asked.channel, Purpose::Move, rule))
    } else {
        typed::claim(plan, &mut known, &said);
        let channel = asked.channel;
        let given = typed::Given::of(channel, Basis::Asked, said_words(&said));
        typed::grant(plan, ctx, &mut known, line, &given, &said);
        let carried = Some(asked.text).filter(|text| !text.is_empty());
        let message = first_words(plan, channel, lang, name_on_line(answer), carried);
        pace::say_first(plan, ctx, &known, channel, &answer.to, message, lang)
    };
    let Err(held) = sent else { return };
    if answer.channel == Channel::Widget {
        let text = phrases::lines::not_continued(lang, &identity::mask(&address), held.rule());
        let body = Body::Message(Message { text, ..Message::default() });
        plan.append(ctx, None, line, Speaker::System, body);
    }
    // What they decided themselves, and what they typed too often, is theirs to change.
    let is_theirs = ["revocation.opted_out", "limit.addresses", "limit.first_again"].contains(&held.rule());
    if !is_theirs && matches!(held, Held::Denied(_)) {
        failed(plan, ctx, answer, held.rule(), lang);
    }
}

/// What the assistant said it would do did not come about: a person is called, and the contact hears it where words reach
/// them by themselves. Elsewhere nothing more is said, and so nothing is promised.
fn failed(plan: &mut Plan<'_>, ctx: &mut Ctx, answer: &Answer, what: &str, lang: Lang) {
    let line = (answer.channel, &answer.to);
    let (mut call, _) = failure(plan, ctx, what, lang);
    if answer.channel == Channel::Widget {
        person::notice(plan, ctx, line, call.by);
    } else {
        call.by = None;
    }
    handoff::call(plan, ctx, line, Speaker::Assistant, &call);
}

fn said_words(said: &Event) -> &str {
    said.message().map_or("", |message| &message.text)
}

/// The contact's own address on a channel, the best proven first.
fn own_address(snapshot: &Snapshot<'_>, channel: Channel) -> Option<crate::contact::Address> {
    let contact = &snapshot.contact.as_ref()?.id;
    let kind = AddressKind::of(channel);
    let owned = snapshot.addresses.iter().filter(|known| known.address.kind == kind).filter_map(|known| {
        let (owner, handle) = known.owner.as_ref()?;
        (owner == contact).then_some((handle.assurance, &known.address))
    });
    owned.max_by_key(|(assurance, _)| *assurance).map(|(_, address)| address.clone())
}
