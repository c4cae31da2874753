//! Who speaks: contacts write, the assistant thinks, members of the team take over, write and give back, all at once, in a
//! thousand seeded orders. Tasks stop before and after each call of the database, and the next step is any of them; a process may
//! end at every such place, and a lease may run out under whoever holds it.

mod steps;

use std::collections::BTreeMap;

use shared::{
    channel::Channel,
    event::{Body, Event},
    id::VisitorId,
    time::{MINUTE_MS, SECOND_MS},
    wire::Speaker,
};

use crate::world::{World, phone, web};
use steps::{Kind, Seen, Shop, Turns};

const MARIA: &str = "+14155552671";
const TEAM: [&str; 2] = ["Jun Park", "Rosa Delgado"];
const WORDS: [&str; 5] = [
    "How much is a full service?",
    "Do you sell kayaks?",
    "Can I talk to a person?",
    "And how much is a puncture repair?",
    "Thanks!",
];
/// How many things happen in one order.
const HAPPENINGS: u32 = 14;

/// Plays one order: what it came to.
fn play(seed: u64) -> Result<Tally, String> {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    let visitor = world.visitor();
    // Maria has both lines: the number was typed in the chat, and she has answered from it.
    world.continues(&visitor, Channel::Sms, MARIA).map_err(|error| error.to_string())?;
    world.advance(MINUTE_MS);
    world.texts(MARIA, "Hello");
    world.advance(MINUTE_MS);
    let shop = Shop::of(&world, &phone(MARIA));
    let mut turns = Turns::new(&shop, seed);
    for _ in 0..HAPPENINGS {
        happens(&mut turns, &visitor);
        for _ in 0..turns.below(24) {
            turns.step();
        }
    }
    // Whoever still has the floor gives it back, and everybody comes to their end.
    turns.run_out();
    turns.begin(Kind::Floor { by: TEAM[0], take: true });
    turns.run_out();
    turns.begin(Kind::Floor { by: TEAM[0], take: false });
    turns.run_out();
    for _ in 0..4 {
        turns.pass(31 * SECOND_MS);
        turns.begin(Kind::Sweep);
        turns.run_out();
    }
    let timeline = shop.timeline(&phone(MARIA));
    let seen = turns.seen.take();
    judge(&timeline, &seen, [web(&visitor).text, MARIA.to_owned()])
}

fn happens(turns: &mut Turns<'_>, visitor: &VisitorId) {
    let word = WORDS[turns.below(WORDS.len())];
    let by = TEAM[turns.below(TEAM.len())];
    match turns.below(13) {
        0..=2 => turns.says(visitor, word),
        3 | 4 => turns.texts(MARIA, word),
        5 => turns.begin(Kind::Floor { by, take: true }),
        6 => turns.begin(Kind::Floor { by, take: false }),
        7 => turns.begin(Kind::Reply { by, channel: Some(Channel::Sms) }),
        8 => turns.begin(Kind::Reply { by, channel: None }),
        9 => turns.pass(31 * SECOND_MS),
        10 => turns.begin(Kind::Glance { by }),
        11 => turns.begin(Kind::Sweep),
        _ => turns.end_one(),
    }
}

/// What was seen over all orders, so that nothing is proven by not happening.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    by_assistant: u32,
    by_people: u32,
    taken: u32,
    dropped: u32,
}

impl Tally {
    const fn and(self, other: Self) -> Self {
        Self {
            by_assistant: self.by_assistant + other.by_assistant,
            by_people: self.by_people + other.by_people,
            taken: self.taken + other.taken,
            dropped: self.dropped + other.dropped,
        }
    }
}

/// Looks at one timeline: one speaker at a time, one answer to each message, nobody left without one.
fn judge(timeline: &[Event], seen: &Seen, lines: [String; 2]) -> Result<Tally, String> {
    let mut tally = Tally { dropped: seen.dropped, ..Tally::default() };
    let begun = &seen.begun;
    let mut floor: Option<(u32, bool)> = None;
    // Whether anything waits on a line.
    let mut waits: BTreeMap<&str, bool> = BTreeMap::new();
    let fail = |event: &Event, what: &str| {
        let told: Vec<String> = timeline
            .iter()
            .map(|event| {
                format!(
                    "{} {:?} {} {:?} {:.40}",
                    event.seq,
                    event.speaker,
                    event.address_key,
                    event.channel,
                    format!("{:?}", event.body)
                )
            })
            .collect();
        Err(format!("{what}: {} in\n{}", event.seq, told.join("\n")))
    };
    for event in timeline {
        if let Body::Floor { taken } = event.body {
            tally.taken += u32::from(taken);
            floor = Some((event.seq, taken));
        }
        let Some(message) = event.message() else { continue };
        let line = event.address_key.as_str();
        match &event.speaker {
            Speaker::Contact if !message.automatic => drop(waits.insert(line, true)),
            Speaker::Agent(_) => {
                tally.by_people += 1;
                waits.insert(line, false);
            }
            Speaker::Assistant => {
                tally.by_assistant += 1;
                if floor.is_some_and(|(_, taken)| taken) {
                    return fail(event, "the assistant speaks while a person has the floor");
                }
                if let Some(since) = begun.get(&event.seq)
                    && floor.is_some_and(|(seq, _)| seq > *since)
                {
                    return fail(event, "an answer that was begun before the floor changed hands");
                }
                if begun.contains_key(&event.seq) && waits.insert(line, false) == Some(false) {
                    return fail(event, "a second answer to one message");
                }
            }
            _ => {}
        }
    }
    for line in lines {
        if waits.get(line.as_str()) == Some(&true) {
            let last = timeline.last().expect("something was said");
            return fail(last, &format!("nobody answered {line}"));
        }
    }
    Ok(tally)
}

/// How many processes play them.
const PLAYERS: u64 = 4;

#[test]
fn invariants_8_and_11_one_speaker_and_one_answer_in_a_thousand_orders() {
    let orders = |player: u64| {
        let seeds = (player..1_000).step_by(usize::try_from(PLAYERS).unwrap());
        seeds.fold(Tally::default(), |all, seed| {
            let played = play(seed).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
            all.and(played)
        })
    };
    let all = std::thread::scope(|scope| {
        let players: Vec<_> = (0..PLAYERS).map(|player| scope.spawn(move || orders(player))).collect();
        players.into_iter().map(|player| player.join().unwrap()).fold(Tally::default(), Tally::and)
    });
    assert!(
        all.by_assistant > 1_500 && all.by_people > 1_000 && all.taken > 1_000 && all.dropped > 300,
        "what is to be shown must have happened: {all:?}"
    );
}
