//! What the inbox reads: the timeline by cursor without a gap, and the person beside it.

use shared::{
    api::{
        person::Way,
        timeline::{Entry, Stretch, What},
    },
    channel::Channel,
    event::Body,
    flow::{
        FlowError,
        inbox::{
            person::load_person,
            timeline::{From, load_stretch},
        },
    },
    id::ContactId,
    time::{HOUR_MS, MINUTE_MS},
};

use crate::world::{World, mailbox, now, phone};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";
const JUN: &str = "Jun Park";

/// Maria in the chat, by text and by mail; the browser's thread and hers have become one.
fn with_maria(seed: u64) -> (World, ContactId) {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    let visitor = world.visitor();
    world.says(&visitor, "How much is a puncture repair?").unwrap();
    world.advance(MINUTE_MS);
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    world.texts(MARIA, "How much is a full service?");
    world.advance(MINUTE_MS);
    world.mails(MAILBOX, "Prices", "How much is a basic tune-up?", None);
    world.advance(MINUTE_MS);
    let contact = world.contact(&phone(MARIA)).unwrap();
    assert_eq!(Some(&contact), world.contact(&mailbox(MAILBOX)).as_ref());
    (world, contact)
}

fn stretch(world: &World, contact: &ContactId, from: &From, limit: u32) -> Stretch {
    now(load_stretch(world.scope(), &world.ctx, contact, from, limit)).unwrap()
}

fn ids(entries: &[Entry]) -> Vec<String> {
    entries.iter().filter(|entry| entry.seq.is_some()).map(|entry| entry.id.clone()).collect()
}

fn way(world: &World, contact: &ContactId, channel: Channel) -> Way {
    let person = now(load_person(world.scope(), &world.ctx, contact, Some(JUN))).unwrap();
    person.ways.into_iter().find(|way| way.channel == channel).unwrap()
}

#[test]
fn a_timeline_read_in_stretches_of_any_length_is_the_whole_of_it_once() {
    let (world, contact) = with_maria(501);
    let whole: Vec<String> = world.timeline(&contact).iter().map(|event| event.id.to_string()).collect();
    assert!(whole.len() > 8, "{whole:?}");
    for limit in [1, 2, 3, 5, 200] {
        let mut read: Vec<String> = Vec::new();
        let mut from = From::End;
        loop {
            let part = stretch(&world, &contact, &from, limit);
            assert!(part.total as usize == whole.len() && ids(&part.entries).len() <= limit as usize);
            read.splice(0..0, ids(&part.entries));
            match part.before {
                Some(cursor) => from = From::Before(cursor),
                None => break,
            }
        }
        assert_eq!(read, whole, "in stretches of {limit}");
    }
}

#[test]
fn what_came_after_a_cursor_is_told_once_and_what_was_held_back_with_it() {
    let (mut world, contact) = with_maria(502);
    let mut held = stretch(&world, &contact, &From::End, 200);
    world.texts(MARIA, "STOP");
    world.advance(MINUTE_MS);
    world.mails(MAILBOX, "Hours", "When are you open?", None);
    world.advance(MINUTE_MS);
    let mut told = ids(&held.entries);
    let mut rounds = 0;
    loop {
        let next = stretch(&world, &contact, &From::After(held.after.clone()), 1);
        let fresh = ids(&next.entries);
        if fresh.is_empty() {
            break;
        }
        told.extend(fresh);
        held = next;
        rounds += 1;
    }
    let whole: Vec<String> = world.timeline(&contact).iter().map(|event| event.id.to_string()).collect();
    assert!(rounds > 1);
    assert_eq!(told, whole);
}

#[test]
fn an_entry_tells_who_spoke_how_far_it_came_and_why_it_was_let_through() {
    let (world, contact) = with_maria(503);
    let all = stretch(&world, &contact, &From::End, 200).entries;
    let answered = all.iter().find_map(|entry| match &entry.what {
        What::Said(said) if entry.channel == Channel::Sms && said.sent.is_some() => Some(said),
        _ => None,
    });
    let said = answered.unwrap();
    assert_eq!(said.sent.as_ref().unwrap().state, "sent");
    let judged = said.judged.as_ref().unwrap();
    assert!(judged.outcome == "allow" && judged.gates.len() > 8, "{judged:?}");
    assert!(all.iter().any(|entry| matches!(&entry.what, What::Notice { kind, .. } if kind == "consent")));
    assert!(all.iter().any(|entry| matches!(&entry.what, What::Said(said) if !said.sources.is_empty())));
}

#[test]
fn a_line_that_was_closed_stays_in_sight_with_its_reason() {
    let (mut world, contact) = with_maria(504);
    let open = way(&world, &contact, Channel::Email);
    assert!(open.open && open.default && open.to.as_deref() == Some("m•••@example.com"), "{open:?}");
    assert!(way(&world, &contact, Channel::Sms).open);
    world.texts(MARIA, "STOP");
    world.advance(MINUTE_MS);
    let closed = way(&world, &contact, Channel::Sms);
    assert!(!closed.open && closed.why.contains("opted out"), "{closed:?}");
    assert!(way(&world, &contact, Channel::Email).open, "an opt-out of texts keeps email");
    let before = world.timeline(&contact).len();
    way(&world, &contact, Channel::Messenger);
    assert_eq!(world.timeline(&contact).len(), before, "looking writes nothing");
}

#[test]
fn messenger_counts_down_to_the_end_of_its_window() {
    let (mut world, contact) = with_maria(505);
    let page = world.endpoint(Channel::Messenger).address;
    let maria = world.site.people[0].messenger.clone().unwrap();
    world.messages(Channel::Messenger, &maria, "Do you fix e-bikes?");
    let wrote_at = world.ctx.now;
    world.advance(MINUTE_MS);
    let known = way(&world, &contact, Channel::Messenger);
    assert!(known.open, "{page}: {known:?}");
    assert_eq!(known.closes_at, Some(wrote_at.plus_ms(7 * 24 * HOUR_MS)));
    world.advance(8 * 24 * HOUR_MS);
    let closed = way(&world, &contact, Channel::Messenger);
    assert!(!closed.open && closed.why.contains("window"), "{closed:?}");
}

#[test]
fn a_person_is_shown_with_addresses_facts_consents_and_attention() {
    let (world, contact) = with_maria(506);
    let person = now(load_person(world.scope(), &world.ctx, &contact, Some(JUN))).unwrap();
    let phone = person.handles.iter().find(|handle| handle.address == "+1 415 555 2671").unwrap();
    assert!(phone.assurance >= 2 && !phone.blocked, "{phone:?}");
    let granted = person.consents.iter().find(|line| line.standing == "granted").unwrap();
    assert!(granted.channel == Channel::Sms && granted.since.is_some(), "{granted:?}");
    assert_eq!((person.attention.limit, person.attention.days), (60, 7));
    assert!(person.conversation.is_some() && person.floor.is_none());
}

#[test]
fn a_foreign_contact_or_a_made_up_cursor_is_refused() {
    let (world, contact) = with_maria(507);
    let nobody = ContactId::parse("ctc_nobody").unwrap();
    let code = |refused: Result<Stretch, FlowError>| match refused {
        Err(FlowError::Rejected(why)) => why.code,
        other => panic!("{other:?}"),
    };
    let read = |contact, from: &str| {
        now(load_stretch(world.scope(), &world.ctx, contact, &From::Before(from.into()), 10))
    };
    assert_eq!(code(read(&nobody, "1")), "unknown_contact");
    for bad in ["x", "cnv_1.x~1", "evt_1.2~1", "cnv_1~1"] {
        assert_eq!(code(read(&contact, bad)), "bad_cursor", "{bad}");
    }
    assert!(world.timeline(&contact).iter().all(|event| !matches!(event.body, Body::Erased {})));
}
