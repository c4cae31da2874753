//! Random orders of messages, opt-outs, tags, plans, bookings, merges and partings on four contacts, looked at by rules of
//! their own: once every merge is undone, everybody has exactly what happened on their own conversation, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use shared::{
    command::{Appoint, Arrival, Ask, Command, Wish},
    consent::first_break,
    delivery::Purpose,
    flow::{self, appointments},
    id::{ContactId, ConversationId, EventId, ServiceId},
    store::{Arg, Row, Stmt, consents},
    time::{DAY_MS, MINUTE_MS},
    wire::Speaker,
};

use super::{ANA, BEA, HANNAH, as_team, conversation_of, merge, plan, tag, unmerge};
use crate::world::{World, now, phone};

/// Dev is known to the shop, like Hannah, and has never written.
const DEV: &str = "+15035550147";
const NUMBERS: [&str; 4] = [ANA, BEA, HANNAH, DEV];

#[derive(Clone, Debug)]
enum Step {
    Says(usize),
    Tells(usize, u8),
    Stops(usize),
    Starts(usize),
    Tags(usize, u8),
    Untags(usize, u8),
    Plans(usize),
    Books(usize, u8),
    Merges(usize, usize),
    Parts(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || 0..NUMBERS.len();
    let step = prop_oneof![
        2 => who().prop_map(Step::Says),
        2 => (who(), 0..4_u8).prop_map(|(who, what)| Step::Tells(who, what)),
        1 => who().prop_map(Step::Stops),
        1 => who().prop_map(Step::Starts),
        2 => (who(), 0..3_u8).prop_map(|(who, what)| Step::Tags(who, what)),
        1 => (who(), 0..3_u8).prop_map(|(who, what)| Step::Untags(who, what)),
        2 => who().prop_map(Step::Plans),
        1 => (who(), 0..40_u8).prop_map(|(who, when)| Step::Books(who, when)),
        5 => (who(), who()).prop_map(|(into, from)| Step::Merges(into, from)),
        4 => who().prop_map(Step::Parts),
    ];
    proptest::collection::vec(step, 1..22)
}

/// Something that belongs to somebody: the table and its own key.
type Item = (&'static str, String);

/// Tags, each with whose it is.
type Tags = Vec<(ContactId, String)>;

/// What belongs to whom by the rules alone.
#[derive(Default)]
struct Model {
    /// Who goes on for whom.
    parents: BTreeMap<ContactId, ContactId>,
    /// Whose a conversation is once every merge is undone.
    begun_by: BTreeMap<ConversationId, ContactId>,
    items: BTreeMap<Item, ContactId>,
    tags: BTreeSet<(ContactId, String)>,
    /// The tags of whoever was joined, and their conversation where it was adopted.
    joined: BTreeMap<ContactId, (Tags, Option<ConversationId>)>,
}

impl Model {
    fn root(&self, contact: &ContactId) -> ContactId {
        self.parents.get(contact).map_or_else(|| contact.clone(), |parent| self.root(parent))
    }

    fn is_in(&self, contact: &ContactId, part: &ContactId) -> bool {
        contact == part || self.parents.get(contact).is_some_and(|parent| self.is_in(parent, part))
    }
}

fn rows(world: &World, sql: &'static str) -> Vec<Row> {
    world.db.run(&Stmt { sql, args: Vec::new() }).unwrap().rows
}

fn text(row: &Row, column: &str) -> String {
    row.get(column).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

fn id(row: &Row, column: &str) -> ContactId {
    ContactId::parse(&text(row, column)).unwrap()
}

/// Every item with whose it is in the store, or the conversation it stands on.
fn stored(world: &World) -> Vec<(Item, Option<ContactId>, Option<ConversationId>)> {
    let conversation = |row: &Row| ConversationId::parse(&text(row, "conversation_id")).ok();
    let mut all = Vec::new();
    for row in rows(world, "SELECT id, conversation_id FROM events") {
        all.push((("event", text(&row, "id")), None, conversation(&row)));
    }
    for row in rows(world, "SELECT id, conversation_id FROM planned WHERE state = 'waiting'") {
        all.push((("planned", text(&row, "id")), None, conversation(&row)));
    }
    for row in rows(world, "SELECT id, contact_id FROM facts") {
        all.push((("fact", text(&row, "id")), Some(id(&row, "contact_id")), None));
    }
    for row in rows(world, "SELECT id, contact_id FROM appointments") {
        all.push((("appointment", text(&row, "id")), Some(id(&row, "contact_id")), None));
    }
    for row in rows(world, "SELECT address_key, contact_id FROM handles") {
        all.push((("handle", text(&row, "address_key")), Some(id(&row, "contact_id")), None));
    }
    all
}

/// Takes note of what is new: it belongs to whoever began the conversation it happened on.
fn note(world: &World, model: &mut Model) {
    for row in rows(world, "SELECT id, contact_id FROM conversations") {
        let conversation = ConversationId::parse(&text(&row, "id")).unwrap();
        model.begun_by.entry(conversation).or_insert_with(|| id(&row, "contact_id"));
    }
    for (item, contact, conversation) in stored(world) {
        if model.items.contains_key(&item) {
            continue;
        }
        let on = conversation.or_else(|| conversation_of(world, contact.as_ref()?));
        let owner = on.and_then(|on| model.begun_by.get(&on).cloned()).filter(|_| item.0 != "handle");
        model.items.insert(item, owner.or(contact).unwrap());
    }
}

fn play(world: &mut World, model: &mut Model, step: &Step) {
    let named = |world: &World, who: &usize| world.contact(&phone(NUMBERS[*who]));
    match step {
        Step::Says(who) => world.texts(NUMBERS[*who], "How much is a puncture repair?"),
        Step::Tells(who, what) => world.texts(NUMBERS[*who], &format!("My budget is ${}0", 5 + what)),
        Step::Stops(who) => world.texts(NUMBERS[*who], "STOP"),
        Step::Starts(who) => world.texts(NUMBERS[*who], "START"),
        Step::Tags(who, what) | Step::Untags(who, what) => {
            let on = matches!(step, Step::Tags(..));
            let Some(root) = named(world, who) else { return };
            let word = format!("tag {what}");
            if tag(world, &root, &word, on).is_ok() {
                let group: Vec<(ContactId, String)> = model
                    .tags
                    .iter()
                    .filter(|(of, own)| model.root(of) == root && *own == word)
                    .cloned()
                    .collect();
                if !on {
                    model.tags.retain(|own| !group.contains(own));
                } else if group.is_empty() {
                    model.tags.insert((root, word));
                }
            }
        }
        Step::Plans(who) => {
            if let Some(conversation) = named(world, who).and_then(|own| conversation_of(world, &own)) {
                plan(world, &conversation, Purpose::Reminder, 60 * DAY_MS);
            }
        }
        Step::Books(who, when) => books(world, NUMBERS[*who], *when),
        Step::Merges(into, from) => {
            let (Some(into), Some(from)) = (named(world, into), named(world, from)) else { return };
            let adopts = conversation_of(world, &from).filter(|_| conversation_of(world, &into).is_none());
            let tags = model.tags.iter().filter(|(of, _)| model.root(of) == from).cloned().collect();
            if merge(world, &into, &from).is_ok() {
                model.joined.insert(from.clone(), (tags, adopts));
                model.parents.insert(from, into);
            }
        }
        Step::Parts(who) => {
            let row = rows(world, "SELECT address_key, contact_id FROM handles");
            let own = row.iter().find(|row| text(row, "address_key") == NUMBERS[*who]);
            if let Some(own) = own {
                parts(world, model, &id(own, "contact_id"));
            }
        }
    }
    world.advance(MINUTE_MS);
}

fn parts(world: &mut World, model: &mut Model, contact: &ContactId) {
    let is_joined = model.parents.contains_key(contact);
    // Everybody up to whoever holds the conversation that was adopted.
    let adopted = model.joined.get(contact).and_then(|(_, adopted)| adopted.clone());
    let mut held = Vec::new();
    let mut above = model.parents.get(contact).cloned();
    while let (Some(adopted), Some(next)) = (&adopted, above) {
        above = model.parents.get(&next).cloned();
        let is_held = conversation_of(world, &next).as_ref() == Some(adopted);
        held.push((next, is_held));
        if is_held {
            break;
        }
    }
    let is_held = held.last().is_some_and(|(_, is_held)| *is_held);
    assert_eq!(unmerge(world, contact).is_ok(), is_joined);
    let Some((tags, _)) = model.joined.remove(contact) else { return };
    model.parents.remove(contact);
    if is_held {
        let theirs = |of: &ContactId| held.iter().any(|(holder, _)| holder == of);
        let given: Vec<_> = model.tags.iter().filter(|(of, _)| theirs(of)).cloned().collect();
        for own in given {
            model.tags.remove(&own);
            model.tags.insert((contact.clone(), own.1));
        }
    } else {
        let back = tags.into_iter().filter(|(of, _)| model.is_in(of, contact)).collect::<Vec<_>>();
        model.tags.extend(back);
    }
}

fn books(world: &mut World, number: &str, when: u8) {
    let event = EventId::mint(&mut world.ctx);
    let arrival = Arrival {
        endpoint: world.endpoint(shared::channel::Channel::Sms).id,
        external_id: event.to_string(),
        event,
        at: world.ctx.now,
        visitor: None,
    };
    let service = ServiceId::parse("svc_tune_up").unwrap();
    let (from, to) = (world.ctx.now.plus_ms(30 * DAY_MS), world.ctx.now.plus_ms(37 * DAY_MS));
    let slots = now(appointments::load_slots(world.scope(), &world.ctx, &service, from, to)).unwrap();
    let Some(slot) = slots.get(usize::from(when)) else { return };
    let ask = Ask::Book(Wish { service, resource: None, start: slot.time.start, note: None });
    let appoint = Appoint { from: phone(number), by: Speaker::Contact, version: None, ask };
    // A time that was taken meanwhile is nobody's.
    let _ = as_team(world, |world, ctx| {
        now(flow::handle(world.scope(), ctx, &Command::Appoint(arrival, appoint)))
    });
}

/// Nobody is more than one step from whoever goes on, and that is who the merges that stand lead to.
fn leads_where_the_merges_lead(world: &World, model: &Model) {
    for row in rows(world, "SELECT id, merged_into FROM contacts") {
        let contact = id(&row, "id");
        let into = row.get("merged_into").and_then(|value| value.as_str()).map(str::to_owned);
        let root = model.root(&contact);
        assert_eq!(into, (root != contact).then(|| root.to_string()), "{contact}");
    }
}

fn has_exactly_their_own(world: &World, model: &Model) {
    for (item, contact, conversation) in stored(world) {
        let holder = contact.or_else(|| {
            let sql = "SELECT contact_id FROM conversations WHERE id = ?1";
            let args = vec![Arg::from(conversation.as_ref()?.as_str())];
            let found = world.db.run(&Stmt { sql, args }).unwrap().rows;
            Some(id(&found[0], "contact_id"))
        });
        assert_eq!(holder.as_ref(), model.items.get(&item), "{item:?}");
    }
    let tags = rows(world, "SELECT contact_id, tag FROM tags");
    let tags: BTreeSet<_> = tags.iter().map(|row| (id(row, "contact_id"), text(row, "tag"))).collect();
    assert_eq!(tags, model.tags);
    for row in rows(world, "SELECT id, contact_id FROM conversations") {
        let conversation = ConversationId::parse(&text(&row, "id")).unwrap();
        assert_eq!(id(&row, "contact_id"), model.begun_by[&conversation]);
    }
}

/// The ledger's last word of each number.
fn ledger(world: &World) -> Vec<(u32, Option<u32>, String)> {
    let chain = |number: &str| {
        let found = world.db.run(&consents::chain(&world.site.id, &phone(number))).unwrap();
        consents::decode_chain(found).unwrap()
    };
    let chains = NUMBERS.iter().map(|number| chain(number));
    let last = |chain: &Vec<shared::consent::ConsentEntry>| {
        chain.last().map(|entry| format!("{:?}", entry.body.action)).unwrap_or_default()
    };
    chains.map(|chain| (u32::try_from(chain.len()).unwrap(), first_break(&chain), last(&chain))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn invariant_14_what_was_joined_is_parted_exactly(steps in steps(), order in Just(()).prop_perturb(|(), mut dice| dice.next_u64())) {
        let mut world = World::with_knowledge(910, &["prices.md"]);
        let mut alone = World::with_knowledge(910, &["prices.md"]);
        let mut model = Model::default();
        note(&world, &mut model);
        for step in &steps {
            play(&mut world, &mut model, step);
            note(&world, &mut model);
            leads_where_the_merges_lead(&world, &model);
            // What somebody says about their own number is theirs, joined or not.
            if matches!(step, Step::Says(_) | Step::Tells(..) | Step::Stops(_) | Step::Starts(_)) {
                play(&mut alone, &mut Model::default(), step);
            }
        }
        let mut joined: Vec<ContactId> = model.parents.keys().cloned().collect();
        while !joined.is_empty() {
            let next = joined.remove(usize::try_from(order).unwrap_or(7) % joined.len());
            parts(&mut world, &mut model, &next);
            note(&world, &mut model);
            leads_where_the_merges_lead(&world, &model);
        }
        has_exactly_their_own(&world, &model);
        let (now, then) = (ledger(&world), ledger(&alone));
        for ((entries, broken, said), (_, _, before)) in now.into_iter().zip(then) {
            prop_assert_eq!((entries > 0, broken), (!before.is_empty(), None));
            prop_assert_eq!(said, before);
        }
    }
}
