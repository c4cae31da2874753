//! The invariants of the timeline, each looked at where it could break.

use std::{fs, path::Path};

use shared::{
    assistant::Draft,
    channel::Channel,
    command::Command,
    conversation::Floor,
    flow::{self, FlowError, catch_up},
    message::DeliveryState,
    store::{
        Stmt, conversations,
        sqlite::{Break, Recorded},
    },
    time::{HOUR_MS, MINUTE_MS},
    wire::{Item, ServerFrame, Speaker},
};

use crate::{
    arrivals::Arrival,
    checks::{is_at_rest, leaves_committed_claimed_and_judged},
    world::{World, mailbox, now, phone, web},
};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";
const OTHERS: &str = "hannah@example.com";

/// Everything the database was asked while somebody came, went on by text, wrote an email, stopped and started again.
pub fn recorded_story() -> (World, Vec<Recorded>) {
    let mut world = World::new(31);
    let visitor = world.visitor();
    world.db.record();
    let mut arrivals = vec![world.frame_saying(&visitor, "How much is a full service?")];
    arrivals.push(world.frame_of_card(&visitor, MARIA));
    arrivals.push(world.hook_of_text(MARIA, "My budget is $100. How much is a tune-up?"));
    arrivals.push(world.hook_of_mail(MAILBOX, "Where are you?"));
    arrivals.push(world.hook_of_text(MARIA, "STOP"));
    arrivals.push(world.hook_of_text(MARIA, "START"));
    for arrival in arrivals {
        world.insists(&arrival);
        world.advance(MINUTE_MS);
    }
    let recorded = world.db.recorded();
    (world, recorded)
}

/// The files of the product that contain some text.
fn files_with(text: &str) -> Vec<String> {
    fn walk(folder: &Path, text: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, text, found);
            } else if fs::read_to_string(&path).is_ok_and(|read| read.contains(text)) {
                let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src/");
                found.push(path.to_string_lossy().replace(root, ""));
            }
        }
    }
    let mut found = Vec::new();
    walk(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), text, &mut found);
    found.sort();
    found
}

#[test]
fn invariant_1_only_handle_writes_the_timeline_and_always_as_one_batch() {
    assert_eq!(files_with("events::append("), ["flow/plan.rs"]);
    assert_eq!(files_with("plan_changes("), ["flow/handle.rs", "flow/plan.rs"]);
    let (_, recorded) = recorded_story();
    let mut written = 0;
    for asked in &recorded {
        let appended: Vec<_> =
            asked.stmts.iter().filter(|stmt| stmt.sql.starts_with("INSERT INTO events")).collect();
        let Some(last) = appended.last() else { continue };
        written += appended.len();
        // The newest place stands in the conversation's row of the same batch.
        let state = asked.stmts.iter().find(|stmt| {
            stmt.sql.starts_with("INSERT INTO conversations")
                || stmt.sql.starts_with("UPDATE conversations SET last_seq")
        });
        let state = state.unwrap_or_else(|| panic!("an event alone: {asked:?}"));
        assert_eq!((&state.args[1], &state.args[3]), (&last.args[1], &last.args[2]), "{asked:?}");
    }
    assert!(written > 10, "only {written} events");
}

#[test]
fn invariant_2_the_timeline_is_append_only_and_only_an_erasure_blanks_what_was_said() {
    let (world, _) = recorded_story();
    let contact = world.contact(&phone(MARIA)).unwrap();
    let before = world.timeline(&contact);
    let refused = [
        "DELETE FROM events WHERE seq = 1",
        "UPDATE events SET body = '{\"message\":{\"text\":\"other words\"}}' WHERE seq = 1",
        "UPDATE events SET body = '{\"erased\":{}}', at_ms = 5 WHERE seq = 1",
        "UPDATE events SET body = '{\"erased\":{}}', speaker = '\"assistant\"' WHERE seq = 1",
        "UPDATE events SET body = '{\"erased\":{}}', address_key = 'somebody else' WHERE seq = 1",
        "UPDATE events SET body = '{\"erased\":{}}', address_key = 'erased:+14155552671' WHERE seq = 1",
        "UPDATE events SET address_key = 'erased:00000000000000000000000000000000' WHERE seq = 1",
        "UPDATE events SET body = '{\"erased\":{}}', seq = 1000 WHERE seq = 1",
        "INSERT INTO events SELECT site_id, conversation_id, 1000, id, at_ms, channel, address_key, speaker, body
           FROM events WHERE seq = 1",
        "INSERT INTO events SELECT site_id, conversation_id, 2, id, at_ms, channel, address_key, speaker, body
           FROM events WHERE seq = 1",
    ];
    for sql in refused {
        assert!(world.db.run(&Stmt { sql, args: Vec::new() }).is_err(), "{sql}");
    }
    assert_eq!(world.timeline(&contact), before);
    let erase = "UPDATE events SET body = '{\"erased\":{}}' WHERE seq = 1";
    assert_eq!(world.db.run(&Stmt { sql: erase, args: Vec::new() }).unwrap().changes, 1);
    assert_eq!(world.timeline(&contact).len(), before.len());
}

#[test]
fn invariant_3_a_second_arrival_is_acknowledged_at_the_same_place_and_changes_nothing() {
    let mut world = World::new(33);
    let visitor = world.visitor();
    let frame = world.frame_saying(&visitor, "How much is a full service?");
    let Arrival::Frame(_, say) = &frame else { panic!("a frame") };
    let first = world.frame(&visitor, say).unwrap().accepted;
    assert!(first.is_some());
    let arrivals = [
        frame.clone(),
        world.frame_of_card(&visitor, MARIA),
        world.hook_of_text(MARIA, "How much is a tune-up?"),
        world.hook_of_mail(MAILBOX, "Where are you?"),
        world.hook_of_text(MARIA, "STOP"),
    ];
    for arrival in &arrivals {
        world.insists(arrival);
        world.advance(MINUTE_MS);
    }
    let everything = |world: &World| {
        let contact = world.contact(&phone(MARIA)).unwrap();
        (world.timeline(&contact), world.deliveries(&contact), world.sandbox("").len())
    };
    let before = everything(&world);
    for arrival in &arrivals {
        world.insists(arrival);
        world.advance(MINUTE_MS);
    }
    assert_eq!(world.frame(&visitor, say).unwrap().accepted, first);
    assert_eq!(everything(&world), before);
}

#[test]
fn invariant_4_what_is_acknowledged_is_committed_and_nothing_leaves_before_it_is() {
    for how in [Break::Before, Break::After] {
        for at in 0..8 {
            let mut world = World::with_knowledge(34, &["prices.md"]);
            world.outside.watch = Some(leaves_committed_claimed_and_judged);
            let visitor = world.visitor();
            let arrival = world.frame_saying(&visitor, "How much is a full service?");
            world.db.crash(at, how);
            let acknowledged = world.arrive(&arrival);
            let stands = world.contact(&web(&visitor)).map_or(0, |contact| world.timeline(&contact).len());
            assert!(stands == 1 || !acknowledged, "{how:?} {at}: acknowledged and not committed");
            assert!(world.sandbox("").is_empty());
        }
    }
    let mut world = World::new(34);
    world.outside.watch = Some(leaves_committed_claimed_and_judged);
    world.texts(MARIA, "How much is a full service?");
    assert!(world.taken_for(MARIA).is_empty(), "a webhook is answered before anything is sent");
    world.advance(MINUTE_MS);
    assert_eq!(world.taken_for(MARIA).len(), 1);
}

#[test]
fn invariant_6_with_every_hint_lost_the_sweep_alone_brings_every_answer() {
    let mut world = World::new(36);
    let visitor = world.visitor();
    let arrivals = [
        world.frame_saying(&visitor, "How much is a full service?"),
        world.hook_of_text(MARIA, "How much is a tune-up?"),
        world.hook_of_mail(OTHERS, "Where are you?"),
    ];
    for arrival in &arrivals {
        world.insists(arrival);
        world.waiting.clear();
    }
    for _ in 0..4 {
        world.ctx.now = world.ctx.now.plus_ms(MINUTE_MS);
        // The sweep's own hints are performed; what follows from them is lost again.
        let effects = now(flow::sweep::sweep(&world.db, &world.ctx)).unwrap();
        for effect in effects {
            world.perform(&effect);
            world.waiting.clear();
        }
    }
    let addresses = [web(&visitor), phone(MARIA), mailbox(OTHERS)];
    is_at_rest(&world, &addresses);
    assert_eq!(world.last_answer(&addresses[0]).channel, Channel::Widget);
    assert_eq!((world.taken_for(MARIA).len(), world.taken_for(OTHERS).len()), (1, 1));
    for address in &addresses[1..] {
        let deliveries = world.deliveries(&world.contact(address).unwrap());
        assert!(deliveries.iter().all(|delivery| delivery.state == DeliveryState::Sent), "{deliveries:?}");
    }
}

#[test]
fn invariant_8_an_answer_to_what_is_no_longer_the_last_word_is_dropped() {
    let mut world = World::new(12).with_a_model();
    let visitor = world.visitor();
    let second = world.frame_saying(&visitor, "Sorry, I mean a full service");
    world.arrives_meanwhile(&second);
    world.says(&visitor, "How much is a puncture repair?").unwrap();
    world.settle();
    let timeline = world.timeline(&world.contact(&web(&visitor)).unwrap());
    let speakers: Vec<_> = timeline.iter().map(|event| &event.speaker).collect();
    assert_eq!(speakers, [&Speaker::Contact, &Speaker::Contact, &Speaker::Assistant], "{timeline:#?}");
    let answer = timeline[2].message().unwrap();
    assert!(answer.text.contains("$140"), "{answer:?}");
}

#[test]
fn invariant_8_stop_while_an_answer_is_drafted_leaves_only_its_confirmation() {
    let mut world = World::new(13).with_a_model();
    let stop = world.hook_of_text(MARIA, "STOP");
    world.arrives_meanwhile(&stop);
    world.texts(MARIA, "How much is a puncture repair?");
    world.advance(HOUR_MS);
    let taken = world.taken_for(MARIA);
    assert_eq!(taken.len(), 1, "{taken:#?}");
    assert!(!taken[0].text.contains('$'), "{taken:#?}");
}

#[test]
fn invariant_8_a_draft_begun_before_the_floor_changed_hands_is_dropped() {
    let ana = Floor::Agent { name: "Ana".into(), at: World::new(14).ctx.now };
    for (fence, floor) in [(1, Floor::Assistant), (0, ana), (0, Floor::Assistant)] {
        let mut world = World::new(14);
        let visitor = world.visitor();
        world.says(&visitor, "How much is a full service?").unwrap();
        let draft = Draft { text: "It is $140.".into(), author: "builtin".into(), ..Draft::default() };
        let answer = world.answer(&visitor, draft);
        let mut state = world.conversation(&web(&visitor));
        let is_current = fence == state.fence && floor == Floor::Assistant;
        (state.fence, state.floor) = (fence, floor);
        world.db.run(&conversations::update(&world.site.id, &state, world.ctx.now)).unwrap();
        let mut ctx = world.ctx.clone();
        let handled = now(flow::handle(world.scope(), &mut ctx, &Command::Answer(answer)));
        let is_stale = matches!(&handled, Err(FlowError::Rejected(why)) if why.code == "stale");
        assert_eq!(is_stale, !is_current, "{state:?}: {handled:?}");
        let timeline = world.timeline(&world.contact(&web(&visitor)).unwrap());
        assert_eq!(timeline.len(), if is_current { 2 } else { 1 });
    }
}

#[test]
fn invariant_9_from_any_cursor_a_browser_catches_up_with_all_it_missed_and_nothing_else() {
    let mut world = World::new(39);
    let visitor = world.visitor();
    // Everything at the same moment: a window of time could not tell these apart.
    for text in ["How much is a full service?", "And a tune-up?", "Where are you?", "Thanks!"] {
        world.says(&visitor, text).unwrap();
        world.settle();
    }
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.settle();
    let ready = |last_seq| {
        let held = world.conversation(&web(&visitor)).id;
        let frame =
            now(catch_up::ready(world.scope(), &visitor, Some(&held), last_seq, world.ctx.now)).unwrap();
        let ServerFrame::Ready { items, last_seq, .. } = frame else { panic!("{frame:?}") };
        (items, last_seq)
    };
    let (all, newest): (Vec<Item>, u32) = ready(0);
    assert!(all.len() >= 10 && newest > u32::try_from(all.len()).unwrap(), "{all:?}");
    for cursor in 0..=newest {
        let missed: Vec<Item> = all.iter().filter(|item| item.seq > cursor).cloned().collect();
        assert_eq!(ready(cursor), (missed, newest), "from {cursor}");
    }
}
