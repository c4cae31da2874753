//! A decision in the making: keeps places gap-free and the conversation's state true while events are added.

use super::{Change, Decision, Joining, Side, Snapshot};
use crate::{
    appointment::Act,
    channel::Channel,
    command::{Arrival, VisitorHints},
    contact::{Address, AddressKind, Assurance, Contact, Handle},
    conversation::Conversation,
    ctx::Ctx,
    effect::Effect,
    event::{Body, Event},
    id::{ContactId, ConversationId, EventId, VisitorId},
    identity,
    phrases::Lang,
    verdict::Detail,
    wire::Speaker,
};

/// A decision in the making.
pub struct Plan<'a> {
    pub(super) snapshot: &'a Snapshot<'a>,
    pub(super) contact: Contact,
    pub(super) conversation: Conversation,
    is_new: bool,
    changes: Vec<Change>,
    events: Vec<Event>,
    effects: Vec<Effect>,
    accepted: Option<EventId>,
}

impl<'a> Plan<'a> {
    /// A plan for whoever writes from `from`: known, or from now on.
    pub(super) fn from_sender(
        snapshot: &'a Snapshot<'a>,
        from: &Address,
        name: Option<&str>,
        hints: Option<&VisitorHints>,
        ctx: &mut Ctx,
    ) -> Self {
        let told = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let locale = hints.and_then(|hints| told(&hints.locale));
        let time_zone = hints.and_then(|hints| told(&hints.time_zone));
        let mut changes = Vec::new();
        let contact = if let Some(known) = &snapshot.contact {
            let contact = Contact {
                id: known.id.clone(),
                name: known.name.clone().or_else(|| name.map(str::to_owned)),
                locale: locale.or_else(|| known.locale.clone()),
                time_zone: time_zone.or_else(|| known.time_zone.clone()),
            };
            if contact != *known {
                changes.push(Change::UpdateContact(contact.clone()));
            }
            contact
        } else {
            let name = name.map(str::to_owned);
            let contact = Contact { id: ContactId::mint(ctx), name, locale, time_zone };
            changes.push(Change::AddContact(contact.clone()));
            changes.push(Change::AddHandle(Handle {
                address: from.clone(),
                owner: contact.id.clone(),
                assurance: Assurance::Anonymous,
                blocked: false,
                is_shared: false,
            }));
            contact
        };
        let mut is_new = false;
        let mut effects = Vec::new();
        let conversation = match (&snapshot.conversation, &snapshot.joining) {
            (Some(conversation), _) => conversation.clone(),
            // Who has no conversation yet goes on with the one they turn out to have begun.
            (None, Some(Joining { side: Side { conversation: Some(begun), .. }, .. })) => {
                changes.push(Change::Adopt(begun.clone(), contact.id.clone()));
                Conversation { contact: contact.id.clone(), ..begun.clone() }
            }
            (None, _) => {
                is_new = true;
                let own = conversation_of_visitor(from);
                let id = match own.clone().filter(|_| !snapshot.people.is_taken) {
                    Some(own) => own,
                    None => ConversationId::mint(ctx),
                };
                // Whoever listens there already is led on.
                let moved = own.filter(|own| *own != id);
                effects.extend(moved.map(|from| Effect::Moved { from, to: id.clone() }));
                Conversation::new(id, contact.id.clone())
            }
        };
        Self { snapshot, contact, conversation, is_new, changes, events: Vec::new(), effects, accepted: None }
    }

    /// A plan for a conversation that exists.
    pub(super) const fn on_conversation(
        snapshot: &'a Snapshot<'a>,
        contact: Contact,
        conversation: Conversation,
    ) -> Self {
        Self {
            snapshot,
            contact,
            conversation,
            is_new: false,
            changes: Vec::new(),
            events: Vec::new(),
            effects: Vec::new(),
            accepted: None,
        }
    }

    /// The language to speak to the contact in.
    pub(super) fn lang(&self) -> Lang {
        Lang::of(self.contact.locale.as_deref().unwrap_or(&self.snapshot.site.locale))
    }

    /// The contact's time zone, or the site's.
    pub(super) fn time_zone(&self) -> &str {
        self.contact.time_zone.as_deref().unwrap_or(&self.snapshot.site.time_zone)
    }

    pub(super) fn change(&mut self, change: Change) {
        self.changes.push(change);
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Whether this decision has given the conversation to somebody by turn.
    pub(super) fn has_given(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::GiveTurn(_)))
    }

    /// Adds an event at the next place.
    pub(super) fn append(
        &mut self,
        ctx: &mut Ctx,
        id: Option<EventId>,
        line: (Channel, &Address),
        speaker: Speaker,
        body: Body,
    ) -> Event {
        self.conversation.last_seq += 1;
        let event = Event {
            conversation: self.conversation.id.clone(),
            seq: self.conversation.last_seq,
            id: id.unwrap_or_else(|| EventId::mint(ctx)),
            at: ctx.now,
            channel: line.0,
            address_key: identity::key(line.1),
            speaker,
            body,
        };
        self.changes.push(Change::Append(event.clone()));
        self.events.push(event.clone());
        if matches!(event.body, Body::Handoff { .. }) {
            super::work::give(self, ctx, line);
        }
        if let Body::Appointment(told) = &event.body
            && told.act == Act::Done
        {
            super::implied::dealt(self, ctx, line, (told, &event.id));
        }
        event
    }

    /// Adds the event an arrival became, and notes the arrival.
    pub(super) fn arrive(
        &mut self,
        ctx: &mut Ctx,
        arrival: &Arrival,
        line: (Channel, &Address),
        speaker: Speaker,
        body: Body,
    ) -> Event {
        let event = self.append(ctx, Some(arrival.event.clone()), line, speaker, body);
        let (endpoint, external_id) = (arrival.endpoint.clone(), arrival.external_id.clone());
        self.changes.push(Change::Arrive(endpoint, external_id, event.clone()));
        self.accepted = Some(event.id.clone());
        let is_theirs = event.speaker == Speaker::Contact;
        // A calendar that accepts an invitation has not been heard from.
        let is_accepted = matches!(&event.body, Body::Appointment(told) if told.answer.is_some());
        if is_theirs
            && !is_accepted
            && event.message().is_none_or(|message| !message.automatic && !message.unverified)
        {
            self.conversation.hear(ctx.now, (line.0, &identity::key(line.1)), Some(&event.id));
        }
        event
    }

    /// The newest verdict of this decision.
    pub(super) fn judged_last(&self) -> Option<&Detail> {
        self.changes.iter().rev().find_map(|change| match change {
            Change::Judge(verdict) => Some(&verdict.detail),
            _ => None,
        })
    }

    /// The decision: the changes with the conversation's final state, and the events shown.
    pub(super) fn finish(mut self) -> Decision {
        let lapses_h = self.snapshot.site.policy.floor_lapses_h;
        let before = self.snapshot.conversation.as_ref();
        super::work::follow(&mut self.conversation, before, &self.events, lapses_h);
        let state = self.conversation;
        let change =
            if self.is_new { Change::AddConversation(state) } else { Change::UpdateConversation(state) };
        self.changes.push(change);
        let accepted = self.accepted.and_then(|id| {
            let event = self.events.iter().find(|event| event.id == id)?;
            Some((event.id.clone(), event.seq, event.at))
        });
        if !self.events.is_empty() {
            let site = self.snapshot.site.id.clone();
            self.effects.insert(0, Effect::Show { site, events: self.events });
        }
        Decision { changes: self.changes, effects: self.effects, accepted, refused: None }
    }
}

/// The conversation a visitor's first words open: its id follows from the visitor's, so that a browser can wait for it
/// before anything is written. `None` for other kinds of address.
pub fn conversation_of_visitor(from: &Address) -> Option<ConversationId> {
    if from.kind != AddressKind::Visitor {
        return None;
    }
    let suffix = from.text.strip_prefix(VisitorId::PREFIX)?;
    ConversationId::parse(&format!("{}{suffix}", ConversationId::PREFIX)).ok()
}

/// The decision for something that has arrived before: nothing happens, and the same is acknowledged again.
pub(super) fn duplicate(snapshot: &Snapshot<'_>, id: &EventId) -> Option<Decision> {
    let arrived = snapshot.arrived.as_ref()?;
    let at = crate::time::Timestamp::from_ms(arrived.at_ms);
    Some(Decision { accepted: Some((id.clone(), arrived.seq, at)), ..Decision::default() })
}
