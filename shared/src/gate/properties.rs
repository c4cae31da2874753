//! Whatever is asked to be said in whatever order, what is said keeps the law, the budget and the contact's word.

use std::fmt::Write;

use super::{testing::case, *};
use crate::{
    calendar::quiet::{self, whereabouts},
    ctx::{Ctx, Entropy},
    policy::Cap,
    time::{HOUR_MS, MINUTE_MS},
    verdict::Held,
};

/// How many orders of events are tried.
const ORDERS: u64 = 10_000;
/// How many events an order has.
const EVENTS: usize = 14;
const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);
const TOPICS: [&str; 3] = ["service", "race", "review"];

/// A contact, and what was said to them.
struct Contact {
    now: Timestamp,
    whereabouts: Whereabouts,
    texts_stopped: bool,
    active_at: Option<Timestamp>,
    said: Vec<Spend>,
    log: String,
}

fn pick<T: Copy>(entropy: &mut Entropy, from: &[T]) -> T {
    let index = entropy.next_u64() % u64::try_from(from.len()).unwrap();
    from[usize::try_from(index).unwrap()]
}

impl Contact {
    fn case(&self, channel: Channel, purpose: Purpose, topic: &str) -> Case {
        Case {
            now: self.now,
            topic: Some(topic.to_owned()),
            blocked: self.texts_stopped && channel == Channel::Sms,
            whereabouts: self.whereabouts.clone(),
            active_at: self.active_at,
            spent: self.said.clone(),
            ..case(channel, purpose)
        }
    }

    /// Something happens; what is said is checked against all that was said before.
    fn lives_on(&mut self, policy: &Policy, entropy: &mut Entropy) {
        self.now = self.now.plus_ms(i64::try_from(entropy.next_u64() % (30 * 60)).unwrap() * MINUTE_MS);
        match entropy.next_u64() % 10 {
            0 => self.texts_stopped = !self.texts_stopped,
            1 => self.active_at = Some(self.now),
            _ => {
                let purpose = pick(entropy, &[Purpose::Transactional, Purpose::Reminder, Purpose::Marketing]);
                let topic = pick(entropy, &TOPICS);
                self.is_told(policy, purpose, topic);
            }
        }
    }

    fn is_told(&mut self, policy: &Policy, purpose: Purpose, topic: &str) {
        let cases = [Channel::Sms, Channel::Email].map(|channel| self.case(channel, purpose, topic));
        let detail = select(policy, cases.to_vec(), &[], false).0;
        writeln!(self.log, "{:?} {purpose:?} {topic}: {}", self.now, detail.outcome()).unwrap();
        match detail.held() {
            Some(Held::Deferred(_, until)) => assert!(until > self.now, "{}", self.log),
            Some(Held::Denied(_)) => {}
            None => {
                let channel = detail.channel().unwrap();
                let spend = Spend {
                    at: self.now,
                    channel,
                    purpose,
                    topic: Some(topic.to_owned()),
                    also: Vec::new(),
                    event: None,
                };
                self.may_be_told(policy, &spend);
                self.said.push(spend);
            }
        }
    }

    fn may_be_told(&self, policy: &Policy, spend: &Spend) {
        let within = |hours: u32| {
            let since = self.now.plus_ms(-i64::from(hours) * HOUR_MS);
            self.said.iter().filter(move |earlier| earlier.at > since)
        };
        if spend.channel == Channel::Sms {
            assert!(!self.texts_stopped, "a text after STOP\n{}", self.log);
            let awake = self.active_at.is_some_and(|at| self.now.since_ms(at) <= HOUR_MS)
                && spend.purpose != Purpose::Marketing;
            let day = quiet::is_allowed(&self.whereabouts, policy.minutes(), self.now);
            assert!(day || awake, "a text in quiet hours\n{}", self.log);
        }
        for Cap { purpose, channel, at_most, within_h } in &policy.caps {
            let counts =
                |one: &Spend| one.purpose == *purpose && channel.is_none_or(|channel| one.channel == channel);
            let sent = within(*within_h).filter(|earlier| counts(earlier)).count();
            let over = counts(spend) && sent >= usize::try_from(*at_most).unwrap();
            assert!(!over, "over a cap of {at_most} in {within_h} h\n{}", self.log);
        }
        if spend.purpose != Purpose::Transactional {
            let costs = |one: &Spend| policy.points(one.channel, one.purpose);
            let spent: u32 = within(policy.budget.within_h).map(costs).sum();
            let open = policy.budget.points - policy.budget.reserve;
            assert!(spent + costs(spend) <= open, "over the budget\n{}", self.log);
        }
        let twice = within(policy.topic_within_h)
            .any(|earlier| earlier.topic == spend.topic && earlier.channel != spend.channel);
        assert!(!twice, "one topic on two channels\n{}", self.log);
    }
}

#[test]
fn no_order_of_events_breaks_the_law_the_budget_or_the_contacts_word() {
    let policy = Policy::default();
    let places = [Some("+15035550123"), Some("+18505550123"), Some("+12125550123"), None]
        .map(|number| whereabouts(None, number, "America/Los_Angeles"));
    let mut said = 0;
    for seed in 0..ORDERS {
        let mut entropy = Ctx::seeded(START, seed).entropy;
        let mut contact = Contact {
            now: START,
            whereabouts: places[usize::try_from(seed % 4).unwrap()].clone(),
            texts_stopped: false,
            active_at: None,
            said: Vec::new(),
            log: format!("seed {seed}\n"),
        };
        for _ in 0..EVENTS {
            contact.lives_on(&policy, &mut entropy);
        }
        said += contact.said.len();
    }
    println!("{ORDERS} orders from seed 0, {said} messages said");
    assert!(said > 20_000, "an order in which nothing may be said proves nothing: {said}");
}
