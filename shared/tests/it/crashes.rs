//! Bad days in virtual time: processes that end anywhere, sends that fail, input that is doubled, reordered, late, or there
//! while an answer is drafted. The invariants are looked at after every step.

use proptest::prelude::*;
use shared::{
    contact::Address,
    http::Request,
    id::VisitorId,
    store::{Stmt, sqlite::Break},
    time::{HOUR_MS, MINUTE_MS},
};

use crate::{
    arrivals::Arrival,
    checks::{holds, is_at_rest, leaves_committed_claimed_and_judged},
    world::{World, mailbox, outside::Failing, phone, web},
};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody says, texts or mails one of the words, or fills the card.
    Arrives(Line, usize),
    /// The same, held back for a while.
    Held(Line, usize),
    /// The same, while the next answer is drafted.
    Meanwhile(Line, usize),
    /// Something that has arrived arrives again.
    Again(usize),
    /// The newest of what is held back arrives.
    Released,
    /// The carriers report on everything they took, also on what we never heard they did.
    Reported(bool),
    Waits(i64),
    Fails(Failing),
    Ends(u32, Break),
}

/// How something arrives.
#[derive(Clone, Copy, Debug)]
enum Line {
    Widget,
    Phone,
    Mailbox,
    Card,
}

const WORDS: [&str; 10] = [
    "How much is a full service?",
    "STOP",
    "START",
    "text me at 415 555 2671",
    "thanks!",
    "can I talk to a person?",
    "my name is Maria, that's too expensive",
    "running 10 min late",
    "asdf qwer",
    "hello",
];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let line = || prop_oneof![4 => Just(Line::Widget), 3 => Just(Line::Phone), 2 => Just(Line::Mailbox), 1 => Just(Line::Card)];
    let word = || 0..WORDS.len();
    let waits = prop_oneof![Just(1_000), Just(5_000), Just(MINUTE_MS), Just(26 * HOUR_MS)];
    let fails = prop_oneof![Just(Failing::LostAfter), Just(Failing::LostBefore), Just(Failing::Unreachable)];
    let how = prop_oneof![Just(Break::Before), Just(Break::After)];
    let step = prop_oneof![
        10 => (line(), word()).prop_map(|(line, word)| Step::Arrives(line, word)),
        2 => (line(), word()).prop_map(|(line, word)| Step::Held(line, word)),
        2 => (line(), word()).prop_map(|(line, word)| Step::Meanwhile(line, word)),
        2 => (0_usize..64).prop_map(Step::Again),
        2 => Just(Step::Released),
        2 => prop_oneof![3 => Just(true), 1 => Just(false)].prop_map(Step::Reported),
        3 => waits.prop_map(Step::Waits),
        1 => fails.prop_map(Step::Fails),
        2 => (0_u32..12, how).prop_map(|(after, how)| Step::Ends(after, how)),
    ];
    proptest::collection::vec(step, 1..24)
}

/// A world in which steps are taken.
struct Play {
    world: World,
    visitor: VisitorId,
    /// Everything that ever arrived, and whether it was acknowledged.
    past: Vec<(Arrival, bool)>,
    held: Vec<Arrival>,
    addresses: [Address; 3],
}

impl Play {
    fn new(seed: u64) -> Self {
        let mut world = World::with_knowledge(seed, &["prices.md", "hours-and-location.md"]).with_a_model();
        world.outside.watch = Some(leaves_committed_claimed_and_judged);
        let visitor = world.visitor();
        let addresses = [web(&visitor), phone(MARIA), mailbox(MAILBOX)];
        Self { world, visitor, past: Vec::new(), held: Vec::new(), addresses }
    }

    fn arrival(&mut self, line: Line, word: usize) -> Arrival {
        let words = WORDS[word];
        match line {
            Line::Widget => self.world.frame_saying(&self.visitor, words),
            Line::Phone => self.world.hook_of_text(MARIA, words),
            Line::Mailbox => self.world.hook_of_mail(MAILBOX, words),
            Line::Card => self.world.frame_of_card(&self.visitor, MARIA),
        }
    }

    fn arrives(&mut self, arrival: Arrival) {
        let before = self.arrived();
        let acknowledged = self.world.arrive(&arrival);
        let is_message = !matches!(&arrival, Arrival::Hook(_, request) if is_report(request));
        if acknowledged && is_message {
            let more = self.arrived() - before;
            assert_eq!(more, 1, "acknowledged is committed: {arrival:?}");
        }
        self.past.push((arrival, acknowledged));
    }

    fn arrives_again(&mut self, which: usize) {
        let Some(index) = which.checked_rem(self.past.len()) else { return };
        let (arrival, acknowledged) = self.past[index].clone();
        let before = self.arrived();
        let again = self.world.arrive(&arrival);
        assert!(!acknowledged || self.arrived() == before, "taken twice: {arrival:?}");
        self.past[index].1 |= again;
    }

    /// How many messages have arrived: each is one of the timelines' events, and the only way to one.
    fn arrived(&self) -> usize {
        let count = |sql| {
            let answer = self.world.db.run(&Stmt { sql, args: Vec::new() }).unwrap();
            answer.rows[0].get("count").unwrap().as_u64().unwrap()
        };
        let arrived = count("SELECT COUNT(*) AS count FROM arrivals");
        let said = count("SELECT COUNT(*) AS count FROM events WHERE speaker = '\"contact\"'");
        assert_eq!(arrived, said);
        usize::try_from(arrived).unwrap()
    }

    fn reported(&mut self, arrived: bool) {
        let state = if arrived { "delivered" } else { "failed" };
        for address in [MARIA, MAILBOX] {
            for message in self.world.taken_for(address) {
                let report = self.world.hook_of_report(&message, state, None);
                self.arrives(report);
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Arrives(line, word) => {
                let arrival = self.arrival(*line, *word);
                self.arrives(arrival);
            }
            Step::Held(line, word) => {
                let arrival = self.arrival(*line, *word);
                self.held.push(arrival);
            }
            Step::Meanwhile(line, word) => {
                let arrival = self.arrival(*line, *word);
                self.world.arrives_meanwhile(&arrival);
            }
            Step::Again(which) => self.arrives_again(*which),
            Step::Released => {
                if let Some(arrival) = self.held.pop() {
                    self.arrives(arrival);
                }
            }
            Step::Reported(arrived) => self.reported(*arrived),
            Step::Waits(ms) => self.world.advance(*ms),
            Step::Fails(how) => self.world.outside.failures.borrow_mut().push_back(*how),
            Step::Ends(after, how) => self.world.db.crash(*after, *how),
        }
        self.world.settle();
        holds(&self.world, &self.addresses);
    }

    /// Failures end; what is held back arrives; then nobody may be left waiting.
    fn ends_well(mut self) {
        self.world.db.crash(u32::MAX / 2, Break::Before);
        self.world.outside.failures.borrow_mut().clear();
        self.world.outside.meanwhile.borrow_mut().clear();
        while !self.held.is_empty() {
            self.step(&Step::Released);
        }
        for _ in 0..3 {
            self.world.advance(HOUR_MS);
        }
        holds(&self.world, &self.addresses);
        is_at_rest(&self.world, &self.addresses);
    }
}

fn is_report(request: &Request) -> bool {
    String::from_utf8_lossy(&request.body).starts_with("{\"status\"")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_acts_and_failures_breaks_an_invariant(steps in steps(), seed in 0_u64..1_000_000) {
        let mut play = Play::new(seed);
        for step in &steps {
            play.step(step);
        }
        play.ends_well();
    }
}
