//! Random orders of everything that can end a sequence, at random times, with a carrier that fails now and then: nothing
//! stale is ever sent.

use std::collections::{BTreeMap, BTreeSet};

use shared::{ctx::Ctx, time::Timestamp};

use super::{appointments::books, *};
use crate::world::START;

/// How many lives are lived.
const SEEDS: u64 = 240;

/// A chase the team begins: anything the contact does ends it.
const CHASE: (&str, &str) = (
    "chase.toml",
    r#"
name = "Chase"
purpose = "reminder"
trigger = "manual"

[[step]]
send = "auto"
text = "First chase"

[[step]]
wait = "30 hours"

[[step]]
send = "email"
text = "Second chase"

[[step]]
wait = "2 days"

[[step]]
send = "sms"
text = "Third chase"
"#,
);

/// What must hold of whatever is sent from now on.
struct Truth {
    /// When Maria last did anything.
    heard_at: Timestamp,
    /// She has opted out of texts.
    no_texts: bool,
    /// When the team last began the chase, unless it has ended it since.
    chased_at: Option<Timestamp>,
    /// When her appointment is.
    booked: Option<Timestamp>,
    /// The messages that were looked at.
    seen: BTreeSet<String>,
}

impl Truth {
    /// Looks at everything that has been sent since the last look.
    fn holds(&mut self, world: &World, life: &[String]) {
        let texts = world.taken_for(MARIA).into_iter().map(|text| (true, text));
        let mails = world.taken_for(MAILBOX).into_iter().map(|mail| (false, mail));
        for (is_text, message) in texts.chain(mails) {
            if !self.seen.insert(message.id.clone()) {
                continue;
            }
            let says = |words: &str| message.text.contains(words);
            let of_sequence =
                says("chase") || says("last week") || says("still need help") || says("reminder from");
            assert!(!(is_text && self.no_texts && of_sequence), "after STOP: {message:#?}\n{life:#?}");
            if says("chase") {
                let fresh = self.chased_at.is_some_and(|since| since >= self.heard_at);
                assert!(fresh, "after a reply or a stop: {message:#?}\n{life:#?}");
            }
            if says("last week") || says("still need help") {
                let silent_ms = message.at_ms.since_ms(self.heard_at);
                assert!(silent_ms >= 7 * DAY_MS, "after {silent_ms} ms: {message:#?}\n{life:#?}");
            }
            if says("reminder from") {
                let ahead = self.booked.is_some_and(|start| message.at_ms < start);
                assert!(ahead, "of nothing: {message:#?}\n{life:#?}");
            }
        }
    }
}

/// A time of day on which the stand is free.
fn next_start(dice: &mut Ctx, now: Timestamp) -> Timestamp {
    let day = now.since_ms(START).div_euclid(DAY_MS) + 2 + i64::try_from(dice.entropy.below(4)).unwrap();
    let hour = i64::try_from(dice.entropy.below(6)).unwrap();
    START.plus_ms(day * DAY_MS + hour * HOUR_MS)
}

#[test]
fn no_order_of_replies_stops_and_jumps_of_the_clock_sends_anything_stale() {
    let (mut sent, mut ends) = (0, BTreeMap::<String, u32>::new());
    for seed in 0..SEEDS {
        let mut dice = Ctx::seeded(START, 9_000 + seed);
        let mut world = with_willing_maria(seed, &[COLD_LEAD, APPOINTMENT, CHASE]);
        let mut truth = Truth {
            heard_at: world.conversation(&phone(MARIA)).heard_at.unwrap(),
            no_texts: false,
            chased_at: None,
            booked: None,
            seen: BTreeSet::new(),
        };
        let mut appointment = None;
        let mut life = vec![format!("seed {seed}")];
        for _ in 0..8 {
            truth.holds(&world, &life);
            if dice.entropy.below(3) == 0 {
                world.outside.failures.borrow_mut().push_back(Failing::Unreachable);
            }
            let now = world.ctx.now;
            let act = dice.entropy.below(9);
            life.push(format!("{}: {act}", now.ms()));
            match act {
                0 | 1 => {
                    let begun = begins(&mut world, "chase").is_ok();
                    truth.chased_at = if begun { Some(now.max(truth.heard_at)) } else { truth.chased_at };
                }
                2 => {
                    let stopped = stops(&mut world, "chase").is_ok();
                    truth.chased_at = if stopped { None } else { truth.chased_at };
                }
                3 => world.texts(MARIA, "How much is a puncture repair?"),
                4 => world.mails(MAILBOX, "Bike", "How much is a puncture repair?", None),
                5 => {
                    world.texts(MARIA, "STOP");
                    truth.no_texts = true;
                }
                6 => {
                    world.texts(MARIA, "START");
                    truth.no_texts = false;
                }
                7 if appointment.is_none() => {
                    let start = next_start(&mut dice, now);
                    let is_open = super::appointments::is_free(&world, start);
                    if is_open {
                        appointment = Some(books(&mut world, start));
                        truth.booked = Some(start);
                    }
                }
                7 => {
                    let id = appointment.take().unwrap();
                    if truth.booked.is_some_and(|start| now < start) {
                        super::appointments::cancels(&mut world, id);
                    }
                    truth.booked = None;
                }
                _ => {}
            }
            truth.heard_at = world.conversation(&phone(MARIA)).heard_at.unwrap();
            // At once, soon, or long after.
            let jump = [0, 5 * MINUTE_MS, 3 * HOUR_MS, 26 * HOUR_MS, 3 * DAY_MS, 8 * DAY_MS];
            let jump = jump[usize::try_from(dice.entropy.below(6)).unwrap()];
            if dice.entropy.below(4) == 0 {
                // Nobody was there meanwhile: everything is late.
                world.ctx.now = world.ctx.now.plus_ms(jump);
                world.sweep();
            } else {
                world.advance(jump);
            }
        }
        truth.holds(&world, &life);
        for sequence in ["chase", "cold-lead", "appointment"] {
            let Some(run) = run_of(&world, sequence) else { continue };
            sent += run.body.done.iter().filter(|done| done.outcome == "said").count();
            *ends.entry(run.reason.unwrap_or_default()).or_default() += 1;
        }
    }
    println!("{sent} steps said; ends: {ends:#?}");
    assert!(sent > 300, "a test that sends nothing shows nothing: {sent}");
    for end in ["planned.heard", "sequence.stopped", "planned.appointment_changed", "sequence.done"] {
        assert!(ends.contains_key(end), "{end} is never reached: {ends:#?}");
    }
}
