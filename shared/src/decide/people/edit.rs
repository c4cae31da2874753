//! What is kept of a contact is changed by somebody of the team: their name, what is remembered, the site's own fields.
//!
//! The timeline tells who changed what; the value itself stands where it is kept, so that erasing it there is enough.

use super::{PeopleChange, Side, line, member, notice, unknown_contact};
use crate::{
    assistant::Fact,
    command::{EditWish, FactWish, FieldWish},
    contact::Contact,
    ctx::Ctx,
    decide::{Change, Decision, Snapshot},
    effect::Effect,
    error::Rejection,
    event::{Body, Event},
    id::EventId,
    store::consents::Remembered,
};

/// The longest name, and the longest value of a field or a fact, in characters.
const MAX_NAME_CHARS: usize = 120;
const MAX_VALUE_CHARS: usize = 500;

/// Name, language and time zone.
pub(super) fn edit(snapshot: &Snapshot<'_>, wish: &EditWish, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    let side = snapshot.people.into.as_ref().ok_or_else(unknown_contact)?;
    let by = member(snapshot, &wish.by)?;
    let mut contact = side.contact.clone();
    let mut changed = Vec::new();
    let mut set = |known: &mut Option<String>, new: &Option<String>, what: &'static str| {
        let Some(new) = new.as_deref().map(str::trim) else { return };
        let new = Some(new.to_owned()).filter(|new| !new.is_empty());
        if *known != new {
            changed.push((what, if new.is_some() { "changed" } else { "cleared" }));
            *known = new;
        }
    };
    set(&mut contact.name, &wish.name, "name");
    set(&mut contact.locale, &wish.locale, "locale");
    set(&mut contact.time_zone, &wish.time_zone, "time_zone");
    check(&contact)?;
    let mut decision = Decision::default();
    if !changed.is_empty() {
        decision.changes.push(Change::People(PeopleChange::SetContact(contact)));
        for (what, how) in changed {
            tell(side, ctx, by, (what, how), None, &mut decision);
        }
        settle(snapshot, side, &mut decision);
    }
    Ok(decision)
}

fn check(contact: &Contact) -> Result<(), Rejection> {
    let bad = |code, text: &str| Err(Rejection::new(400, code, text));
    let is_text = |text: &str, max: usize| text.chars().count() <= max && !text.chars().any(char::is_control);
    if contact.name.as_deref().is_some_and(|name| !is_text(name, MAX_NAME_CHARS)) {
        return bad("bad_name", "`name` takes at most 120 characters on one line.");
    }
    let is_tag = |tag: &str| tag.len() <= 35 && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if contact.locale.as_deref().is_some_and(|tag| !is_tag(tag)) {
        return bad("bad_locale", "`locale` takes a BCP 47 tag, such as `es` or `en-GB`.");
    }
    if contact.time_zone.as_deref().is_some_and(|zone| jiff::tz::TimeZone::get(zone).is_err()) {
        return bad("bad_time_zone", "`time_zone` takes an IANA name, such as `Europe/Madrid`.");
    }
    Ok(())
}

/// A fact is corrected or forgotten. What was forgotten is not learnt from the same event again.
pub(super) fn fact(snapshot: &Snapshot<'_>, wish: &FactWish, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    let side = snapshot.people.into.as_ref().ok_or_else(unknown_contact)?;
    let by = member(snapshot, &wish.by)?;
    let is_meant = |said: &&Remembered| said.fact.key == wish.key && said.fact.source == wish.source;
    let Some(known) = snapshot.facts.iter().find(is_meant) else {
        let text = "Nothing of this `key` is remembered from this `source`.";
        return Err(Rejection::new(404, "unknown_fact", text));
    };
    let value = wish.value.as_deref().map(value).transpose()?;
    let mut decision = Decision::default();
    let contact = side.contact.id.clone();
    decision.changes.push(Change::People(PeopleChange::Forget {
        contact: contact.clone(),
        key: wish.key.clone(),
        source: wish.source.clone(),
        by: by.to_owned(),
    }));
    let event = EventId::mint(ctx);
    if let Some(value) = &value {
        let fact = Fact {
            value: value.clone(),
            quote: value.clone(),
            source: event.clone(),
            at: ctx.now,
            ..known.fact.clone()
        };
        decision.changes.push(Change::Remember(contact, Remembered { fact, ..known.clone() }));
    }
    let how = if value.is_some() { "corrected" } else { "forgotten" };
    tell(side, ctx, by, (&format!("fact.{}", wish.key), how), Some(event), &mut decision);
    settle(snapshot, side, &mut decision);
    Ok(decision)
}

/// A field is set or dropped.
pub(super) fn field(snapshot: &Snapshot<'_>, wish: &FieldWish, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    let side = snapshot.people.into.as_ref().ok_or_else(unknown_contact)?;
    let by = member(snapshot, &wish.by)?;
    let Some(defined) = snapshot.site.fields.iter().find(|field| field.name == wish.name) else {
        let text = "`name` is no field of the site's `fields`.";
        return Err(Rejection::new(400, "unknown_field", text));
    };
    let value = wish.value.as_deref().map(value).transpose()?;
    if let Some(value) = value.as_ref().filter(|_| !defined.options.is_empty())
        && !defined.options.contains(value)
    {
        let text = format!("`value` takes one of: {}.", defined.options.join(", "));
        return Err(Rejection::new(400, "bad_value", text));
    }
    let how = if value.is_some() { "changed" } else { "cleared" };
    let mut decision = Decision::default();
    decision.changes.push(Change::People(PeopleChange::SetField {
        contact: side.contact.id.clone(),
        name: wish.name.clone(),
        value,
        by: by.to_owned(),
    }));
    tell(side, ctx, by, (&format!("field.{}", wish.name), how), None, &mut decision);
    settle(snapshot, side, &mut decision);
    Ok(decision)
}

fn value(text: &str) -> Result<String, Rejection> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_VALUE_CHARS {
        let text = format!("`value` takes 1 to {MAX_VALUE_CHARS} characters.");
        return Err(Rejection::new(400, "bad_value", text));
    }
    Ok(text.to_owned())
}

/// Tells on the timeline what was changed, where there is one.
fn tell(
    side: &Side,
    ctx: &mut Ctx,
    by: &str,
    (what, how): (&str, &str),
    id: Option<EventId>,
    decision: &mut Decision,
) {
    let Some(own) = &side.conversation else { return };
    let Some((channel, address)) = line(own, &side.handles) else { return };
    let told = decision.changes.iter().filter(|change| matches!(change, Change::Append(_))).count();
    let mut state = own.clone();
    state.last_seq += u32::try_from(told).unwrap_or_default();
    let body = Body::Edited { what: what.to_owned(), how: how.to_owned() };
    let mut event = notice(ctx, &mut state, (channel, &address), by, body);
    event.id = id.unwrap_or(event.id);
    decision.changes.push(Change::Append(event));
}

/// The conversation's state after what was told, and the events shown.
fn settle(snapshot: &Snapshot<'_>, side: &Side, decision: &mut Decision) {
    let events: Vec<Event> = decision
        .changes
        .iter()
        .filter_map(|change| if let Change::Append(event) = change { Some(event.clone()) } else { None })
        .collect();
    let (Some(own), Some(last)) = (&side.conversation, events.last()) else { return };
    let mut state = own.clone();
    state.last_seq = last.seq;
    decision.changes.push(Change::UpdateConversation(state));
    decision.effects.push(Effect::Show { site: snapshot.site.id.clone(), events });
}
