//! Merges: two contacts turned out to be one person, and how that is taken back.
//!
//! Each merge is a record of its own, whether it came about by itself or by hand. The merges that stand make a tree; a
//! contact's `merged_into` is the root of theirs, so a reader never takes more than one step. What a merge moved is in its
//! [`Detail`] or carries where it came from, so that undoing it gives both histories back exactly. What happened in the
//! meantime stays with the contact on whose conversation it stands.
//!
//! Handles, timelines, facts, tags, appointments and consents do not move at all: they are read together.

use serde::{Deserialize, Serialize};

use crate::{
    contact::{Address, Contact, Handle},
    conversation::{Conversation, Floor, Heard, Spend},
    id::{ContactId, ConversationId, EventId, MergeId},
    identity,
    promise::Promise,
    time::Timestamp,
};

/// One contact joined into another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// Who goes on: nobody else's at that time.
    pub into: ContactId,
    /// Who turned out to be them.
    pub from: ContactId,
    /// When.
    pub at: Timestamp,
    /// Who of the team did it; empty where it came about by itself.
    pub by: String,
    /// On what ground.
    pub evidence: Evidence,
    /// When it was undone, and by whom.
    pub undone: Option<(Timestamp, String)>,
    /// What it takes to undo it.
    pub detail: Detail,
}

/// On what ground two contacts were joined. Stored as JSON in this shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The event in which an address was typed whose owner then answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<EventId>,
    /// What somebody of the team saw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// What it takes to undo a merge. Stored as JSON in the shape spelled out in this module's tests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The conversation that the other goes on with, who had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted: Option<ConversationId>,
    /// What they had then, where they adopted one: whatever they have got since stands on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handles: Vec<Address>,
    /// What was not known of the one and is known of the other.
    #[serde(default, skip_serializing_if = "Filled::is_empty")]
    pub filled: Filled,
    /// The tags of the joined contact, and of those joined to it: one that is taken off together is put back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tagged>,
    /// The conversation that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<ConversationId>,
    /// Its state, as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<State>,
    /// The state of the other one, which was added to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought: Option<State>,
}

/// What a contact took over of another's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Their time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// A tag of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tagged {
    /// Whose.
    pub contact_id: ContactId,
    /// Which.
    pub tag: String,
    /// Since when.
    pub at_ms: Timestamp,
}

/// What of a conversation's state a merge adds to another's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What was sent unasked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spent: Vec<Spend>,
    /// Where the contact wrote from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heard: Vec<Heard>,
    /// When they last did something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<Timestamp>,
    /// What was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
    /// Who had the floor.
    #[serde(default)]
    pub floor: Floor,
}

/// How many addresses a conversation keeps what was heard from.
const MAX_HEARD: usize = 8;

impl State {
    /// The state of a conversation.
    pub fn of(conversation: &Conversation) -> Self {
        Self {
            spent: conversation.spent.clone(),
            heard: conversation.heard.clone(),
            heard_at: conversation.heard_at,
            promise: conversation.promise.clone(),
            floor: conversation.floor.clone(),
        }
    }
}

impl Filled {
    const fn is_empty(&self) -> bool {
        self.name.is_none() && self.locale.is_none() && self.time_zone.is_none()
    }

    /// Takes what is not known of a contact from another one, and says what that was.
    pub fn fill(into: &mut Contact, from: &Contact) -> Self {
        let take = |known: &mut Option<String>, other: &Option<String>| {
            let taken = other.clone().filter(|_| known.is_none());
            if taken.is_some() {
                known.clone_from(&taken);
            }
            taken
        };
        Self {
            name: take(&mut into.name, &from.name),
            locale: take(&mut into.locale, &from.locale),
            time_zone: take(&mut into.time_zone, &from.time_zone),
        }
    }

    /// Takes away from a contact what came with another one, unless it has been changed since. True where anything was.
    pub fn empty(&self, contact: &mut Contact) -> bool {
        let before = contact.clone();
        let drop = |known: &mut Option<String>, filled: &Option<String>| {
            if filled.is_some() && known == filled {
                *known = None;
            }
        };
        drop(&mut contact.name, &self.name);
        drop(&mut contact.locale, &self.locale);
        drop(&mut contact.time_zone, &self.time_zone);
        *contact != before
    }

    /// What of this a further merge passed on.
    #[must_use]
    pub fn passed_on(&self, by: &Self) -> Self {
        let on =
            |own: &Option<String>, by: &Option<String>| own.clone().filter(|own| by.as_ref() == Some(own));
        Self {
            name: on(&self.name, &by.name),
            locale: on(&self.locale, &by.locale),
            time_zone: on(&self.time_zone, &by.time_zone),
        }
    }
}

/// Adds the state of one conversation to another's, which goes on: what was spent on one person counts together, and one
/// person is promised one thing. The promise is the other one's alone from then on, and whoever has the floor keeps it.
/// What both were before is what [`part`] needs.
pub fn combine(
    into: &mut Conversation,
    from: &mut Conversation,
    now: Timestamp,
    lapses_h: u32,
) -> (State, State) {
    let states = (State::of(into), State::of(from));
    into.spent.extend(from.spent.iter().cloned());
    into.spent.sort_by_key(|spend| spend.at);
    into.heard.splice(0..0, from.heard.iter().cloned());
    into.heard.sort_by_key(|heard| heard.at);
    let more = into.heard.len().saturating_sub(MAX_HEARD);
    into.heard.drain(..more);
    into.heard_at = into.heard_at.max(from.heard_at);
    // Whoever was called for either is called for both.
    into.called.extend(from.called.iter().cloned());
    into.called.sort_by_key(|called| called.at);
    into.work.join(from.work.clone());
    // What is due first.
    let promises = [into.promise.take(), from.promise.take()];
    into.promise = promises.into_iter().flatten().min_by_key(|promise| (promise.wakes_at, promise.by));
    if into.floor.holder(now, lapses_h).is_none() && from.floor.holder(now, lapses_h).is_some() {
        into.floor = from.floor.clone();
        into.fence += 1;
    }
    states
}

/// Takes out of a conversation what a merge had brought to it. `before` is its state then, where it is the very one it was
/// brought to. What was heard since from an address of the parted contact is handed back, newest last.
pub fn part(
    state: &mut Conversation,
    before: Option<&State>,
    brought: &State,
    handles: &[Handle],
) -> (Vec<Heard>, Option<Promise>) {
    for spend in &brought.spent {
        if let Some(place) = state.spent.iter().position(|own| own == spend) {
            state.spent.remove(place);
        }
    }
    let is_theirs = |heard: &Heard| {
        handles.iter().any(|handle| {
            identity::key(&handle.address) == heard.address_key
                && crate::contact::AddressKind::of(heard.channel) == handle.address.kind
        })
    };
    let (theirs, mut own): (Vec<Heard>, Vec<Heard>) = state.heard.drain(..).partition(is_theirs);
    for earlier in before.into_iter().flat_map(|before| &before.heard) {
        let is_known = own
            .iter()
            .any(|heard| (heard.channel, &heard.address_key) == (earlier.channel, &earlier.address_key));
        if !is_known && !is_theirs(earlier) {
            own.push(earlier.clone());
        }
    }
    own.sort_by_key(|heard| heard.at);
    let more = own.len().saturating_sub(MAX_HEARD);
    own.drain(..more);
    if theirs.iter().any(|heard| Some(heard.at) == state.heard_at) || state.heard_at == brought.heard_at {
        let heard_at = own.last().map(|heard| heard.at);
        state.heard_at = heard_at.max(before.and_then(|before| before.heard_at));
    }
    state.heard = own;
    let is_theirs =
        |address_key: &str| handles.iter().any(|handle| identity::key(&handle.address) == address_key);
    state.called.retain(|called| !is_theirs(&called.address_key));
    let promise = part_promise(state, before, brought);
    if state.floor == brought.floor && before.is_none_or(|before| before.floor != brought.floor) {
        state.floor = before.map(|before| before.floor.clone()).unwrap_or_default();
        state.fence += 1;
    }
    (theirs, promise)
}

/// Which promise stays, and which goes back: each with whatever became of it since.
fn part_promise(state: &mut Conversation, before: Option<&State>, brought: &State) -> Option<Promise> {
    let is_same = |one: &Promise, other: &Promise| {
        (one.made_at, one.deed, &one.made_by) == (other.made_at, other.deed, &other.made_by)
    };
    let own = before.and_then(|before| before.promise.clone());
    let theirs = brought.promise.clone();
    let stood = [own.clone(), theirs.clone()].into_iter().flatten().min_by_key(|one| (one.wakes_at, one.by));
    let was_theirs =
        theirs.as_ref().zip(stood.as_ref()).is_some_and(|(theirs, stood)| is_same(theirs, stood));
    match state.promise.take() {
        Some(now) if theirs.as_ref().is_some_and(|theirs| is_same(theirs, &now)) => {
            state.promise = own;
            Some(now)
        }
        Some(now) => {
            let is_own = own.as_ref().is_some_and(|own| is_same(own, &now));
            state.promise = Some(now);
            // The one that stood gave way to a newer one, and so is not owed any more.
            theirs.filter(|_| is_own || !was_theirs)
        }
        // The one that stood was seen to.
        None if was_theirs => {
            state.promise = own;
            None
        }
        None => theirs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channel::Channel,
        contact::{AddressKind, Assurance},
        delivery::Purpose,
        promise::Deed,
        wire::Speaker,
    };

    const fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    fn conversation(name: &str) -> Conversation {
        let contact = ContactId::parse(&format!("ctc_{name}")).unwrap();
        Conversation::new(ConversationId::parse(&format!("cnv_{name}")).unwrap(), contact)
    }

    fn spend(ms: i64) -> Spend {
        let (channel, purpose) = (Channel::Sms, Purpose::Marketing);
        Spend { at: at(ms), channel, purpose, topic: None, also: Vec::new(), event: None }
    }

    fn promise(by: i64) -> Promise {
        Promise {
            deed: Deed::Call,
            by: at(by),
            made_by: Speaker::Assistant,
            made_at: at(by - 5),
            channel: Channel::Sms,
            to: Address::new(AddressKind::Phone, "+1"),
            owner: "Sam".into(),
            missed_at: None,
            wakes_at: Some(at(by)),
        }
    }

    fn handle(text: &str) -> Handle {
        Handle {
            address: Address::new(AddressKind::Phone, text),
            owner: ContactId::parse("ctc_b").unwrap(),
            assurance: Assurance::Possessed,
            blocked: false,
            is_shared: false,
        }
    }

    /// Two conversations: one heard from `+1` at 10, the other from `+2` at 20, each with something spent and promised.
    fn two() -> (Conversation, Conversation) {
        let (mut one, mut two) = (conversation("a"), conversation("b"));
        one.hear(at(10), (Channel::Sms, "+1"), None);
        two.hear(at(20), (Channel::Sms, "+2"), None);
        (one.spent, two.spent) = (vec![spend(3)], vec![spend(3), spend(4)]);
        (one.promise, two.promise) = (Some(promise(90)), Some(promise(80)));
        two.floor = Floor::Agent { name: "Jo".into(), at: at(15) };
        (one, two)
    }

    #[test]
    fn what_was_combined_is_parted_exactly() {
        let (mut one, mut other) = two();
        let (was, theirs) = (one.clone(), other.clone());
        let (before, brought) = combine(&mut one, &mut other, at(30), 12);
        assert_eq!((one.spent.len(), one.heard.len(), one.heard_at), (3, 2, Some(at(20))));
        assert_eq!((one.promise.as_ref().map(|p| p.by), other.promise.clone()), (Some(at(80)), None));
        assert_eq!(one.floor.holder(at(30), 12), Some("Jo"), "whoever has the floor keeps it");
        let (heard, promise) = part(&mut one, Some(&before), &brought, &[handle("+2")]);
        assert_eq!((heard, promise), (theirs.heard, theirs.promise));
        let fence = one.fence;
        assert_eq!(one, Conversation { fence, ..was });
    }

    #[test]
    fn what_happened_since_stays_where_it_stands() {
        let (mut one, mut other) = two();
        let (before, brought) = combine(&mut one, &mut other, at(30), 12);
        one.hear(at(40), (Channel::Sms, "+1"), None);
        one.hear(at(50), (Channel::Sms, "+2"), None);
        one.spent.push(spend(45));
        one.promise.as_mut().unwrap().missed_at = Some(at(80));
        let (heard, promise) = part(&mut one, Some(&before), &brought, &[handle("+2")]);
        assert_eq!(heard.iter().map(|heard| heard.at).collect::<Vec<_>>(), [at(50)]);
        assert_eq!(promise.and_then(|promise| promise.missed_at), Some(at(80)), "it was missed meanwhile");
        assert_eq!((one.heard_at, one.heard.len()), (Some(at(40)), 1));
        assert_eq!(one.spent, [spend(3), spend(45)]);
        assert_eq!(one.promise.map(|promise| promise.by), Some(at(90)));
    }

    #[test]
    fn a_promise_that_was_kept_meanwhile_is_not_owed_again_and_the_other_one_is() {
        let (mut one, mut other) = two();
        let (before, brought) = combine(&mut one, &mut other, at(30), 12);
        one.promise = None;
        let (_, promise) = part(&mut one, Some(&before), &brought, &[handle("+2")]);
        assert_eq!((promise, one.promise.map(|promise| promise.by)), (None, Some(at(90))));
    }

    #[test]
    fn what_was_filled_in_is_taken_away_unless_it_was_changed() {
        let contact = |id: &str, name: Option<&str>, locale: Option<&str>| Contact {
            id: ContactId::parse(id).unwrap(),
            name: name.map(str::to_owned),
            locale: locale.map(str::to_owned),
            time_zone: None,
        };
        let mut one = contact("ctc_a", None, Some("es"));
        let filled = Filled::fill(&mut one, &contact("ctc_b", Some("Maria"), Some("en")));
        assert_eq!((one.name.as_deref(), one.locale.as_deref()), (Some("Maria"), Some("es")));
        assert_eq!((filled.name.as_deref(), filled.locale.as_deref()), (Some("Maria"), None));
        let mut changed = contact("ctc_a", Some("María López"), Some("es"));
        assert!(!filled.empty(&mut changed) && filled.empty(&mut one));
        assert_eq!((one.name, changed.name.as_deref()), (None, Some("María López")));
    }

    #[test]
    fn the_stored_shape_stays() {
        assert_eq!(serde_json::to_string(&Detail::default()).unwrap(), "{}");
        let text = r#"{"adopted":"cnv_b","handles":[{"kind":"phone","text":"+1"}],"filled":{"name":"Maria"},"tags":[{"contact_id":"ctc_b","tag":"vip","at_ms":5}],"on":"cnv_a","before":{"spent":[{"at":3,"channel":"sms","purpose":"marketing"}],"heard":[{"channel":"sms","address_key":"+1","at":10}],"heard_at":10,"floor":"assistant"},"brought":{"floor":{"agent":{"name":"Jo","at":15}}}}"#;
        let detail: Detail = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&detail).unwrap(), text);
        let evidence = r#"{"claim":"evt_1","lines":["The same name"]}"#;
        let read: Evidence = serde_json::from_str(evidence).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), evidence);
    }
}
