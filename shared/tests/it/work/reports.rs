//! A report tells what happened, and counting it day by day tells the same as counting it again.

use std::collections::BTreeMap;

use shared::{
    api::report::{Named, Report, SequenceSends},
    channel::Channel,
    flow::{
        self,
        work::{digest, reports},
    },
    store::{
        Stmt,
        deliveries::{self, VerdictRow},
        digests, events,
    },
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    work::tally::tally,
};

use super::{ANN, JUN, MARIA, PERSON, refused, texted, writes};
use crate::world::{World, now, phone, web};

fn report(world: &World) -> Report {
    now(reports::load_report(world.scope(), &world.ctx, "2026-11-01", "2026-12-31")).unwrap()
}

/// Some days of a shop: questions, people called and answering, a move, an opt-out, what is held back.
fn some_days(seed: u64, digests_often: bool) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    let visitor = world.visitor();
    let pause = |world: &mut World, ms: i64| {
        if digests_often {
            now(digest::digest(world.scope(), &world.ctx)).unwrap();
        }
        world.advance(ms);
    };
    world.texts(ANN, "Hello");
    pause(&mut world, MINUTE_MS);
    world.says(&visitor, "How much is a full service?").unwrap();
    pause(&mut world, MINUTE_MS);
    world.says(&visitor, PERSON).unwrap();
    pause(&mut world, 20 * MINUTE_MS);
    writes(&mut world, &web(&visitor), JUN, "Jun here, what is it?");
    pause(&mut world, MINUTE_MS);
    world.says(&visitor, "The wheel").unwrap();
    pause(&mut world, 10 * MINUTE_MS);
    writes(&mut world, &web(&visitor), JUN, "Bring it by");
    pause(&mut world, DAY_MS);
    world.continues(&visitor, Channel::Sms, ANN).unwrap();
    pause(&mut world, MINUTE_MS);
    world.texts(ANN, "Me again, how much is a tune-up?");
    pause(&mut world, MINUTE_MS);
    world.texts(ANN, "STOP");
    pause(&mut world, MINUTE_MS);
    world.continues(&visitor, Channel::Sms, ANN).unwrap();
    pause(&mut world, MINUTE_MS);
    for day in 0..3 {
        for hour in 0..4 {
            world.texts(MARIA, if day == 1 { PERSON } else { "How much is a full service?" });
            pause(&mut world, (hour + 1) * HOUR_MS);
        }
        pause(&mut world, DAY_MS);
    }
    world
}

/// What each conversation counts for, read anew from its beginning.
fn recounted(world: &World) -> BTreeMap<String, u32> {
    let ids = "SELECT id FROM conversations ORDER BY id";
    let mut counts = BTreeMap::new();
    for row in world.db.run(&Stmt { sql: ids, args: Vec::new() }).unwrap().rows {
        let id = shared::id::ConversationId::parse(row.get("id").unwrap().as_str().unwrap()).unwrap();
        let all = world.db.run(&events::after(&world.site.id, &id, 0, 10_000)).unwrap();
        let all = events::decode_events(all).unwrap();
        for ((_, name), count) in tally(&all, 0, &world.site.time_zone).counts {
            *counts.entry(name).or_default() += count;
        }
        let verdicts = world.db.run(&deliveries::verdicts(&world.site.id, &id, 10_000)).unwrap();
        for row in verdicts.decode_all::<VerdictRow>().unwrap() {
            let detail: shared::verdict::Detail = serde_json::from_str(&row.detail).unwrap();
            if let Some(shared::verdict::Held::Denied(rule)) = detail.held() {
                *counts.entry(format!("held.{rule}")).or_default() += 1;
            }
        }
    }
    counts
}

fn counted(world: &World) -> BTreeMap<String, u32> {
    let counts = digests::counted(&world.site.id, "2026-01-01", "2027-12-31");
    digests::decode_counts(world.db.run(&counts).unwrap()).unwrap()
}

#[test]
fn what_was_counted_piece_by_piece_is_what_is_counted_at_once() {
    for digests_often in [true, false] {
        let world = some_days(761, digests_often);
        while !now(digest::digest(world.scope(), &world.ctx)).unwrap() {}
        assert_eq!(counted(&world), recounted(&world), "{digests_often}");
    }
}

#[test]
fn a_report_tells_the_waits_the_handoffs_the_promises_and_what_was_held_back() {
    let world = some_days(762, true);
    let report = report(&world);
    let person = report.first_answers.iter().find(|answer| answer.by == "person").unwrap();
    assert_eq!((person.channel, person.count), (Channel::Widget, 1), "{report:#?}");
    assert!((530..=600).contains(&person.median_s), "ten minutes: {}", person.median_s);
    assert!(
        report.first_answers.iter().any(|answer| answer.by == "assistant" && answer.channel == Channel::Sms)
    );
    assert_eq!(report.handoffs, [Named { name: "asked".into(), count: 2 }]);
    assert_eq!((report.promises_kept, report.promises_missed), (1, 1));
    assert_eq!(report.promises_kept_per_100, Some(50));
    assert!(
        report.held_back.iter().any(|held| held.name == "revocation.opted_out"),
        "{:?}",
        report.held_back
    );
    assert_eq!((report.contacts, report.joined), (3, 1));
    assert!(report.answers > report.answers_unsourced && report.answers_unsourced > 0);
    assert_eq!(report.days.iter().map(|day| day.talks).sum::<u32>(), report.talks);
    assert!(reports::csv(&report).contains("handoff,asked,2\r\n"));
}

#[test]
fn the_opt_outs_after_a_sequences_messages_are_put_down_to_it() {
    let nudge = "name = \"Nudge\"\npurpose = \"transactional\"\ntrigger = \"manual\"\n\n[[step]]\nsend = \"sms\"\n\
                 text = \"A nudge for {name|you}\"\n";
    let mut world = World::with_sequences(763, &["prices.md"], &[("nudge.toml", nudge)]);
    let visitor = world.visitor();
    world.says(&visitor, "How much is a full service?").unwrap();
    world.advance(MINUTE_MS);
    world.continues(&visitor, Channel::Sms, ANN).unwrap();
    world.advance(MINUTE_MS);
    world.texts(ANN, "Thanks");
    world.advance(MINUTE_MS);
    let (ann, mut ctx) = (world.contact(&phone(ANN)).unwrap(), world.ctx.clone());
    let begun = now(flow::sequences::begin(world.scope(), &mut ctx, &ann, "nudge", None)).unwrap();
    world.ctx = ctx;
    world.note(begun.effects);
    world.advance(HOUR_MS);
    world.texts(ANN, "STOP");
    world.advance(MINUTE_MS);
    let sends =
        SequenceSends { sequence: "Nudge".into(), sent: 1, opted_out: 1, opted_out_per_1000: Some(1_000) };
    assert_eq!(report(&world).sequences, [sends]);
}

#[test]
fn only_a_span_of_days_within_a_year_is_a_report() {
    let world = texted(764, &[(ANN, "Hello")]);
    for (from, to) in
        [("2026-11-02", "2026-11-01"), ("2025-01-01", "2026-11-01"), ("x", "2026-11-01"), ("", "")]
    {
        let told = now(reports::load_report(world.scope(), &world.ctx, from, to));
        assert_eq!(refused(told.map(drop)), "bad_days", "{from} {to}");
    }
    assert_eq!(report(&world).talks, 1);
}
