//! Ten thousand random orders of everything that can happen between a contact and a site with all its sequences: booking,
//! moving, calling off, not coming, replies and opt-outs on every line, browsers that turn out to be hers, forms, calls for a
//! person, clocks that jump, a carrier that fails and processes that end. After every act the truth is looked at, by rules
//! of its own that know nothing of the gates.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use shared::{
    command::{Ask, Plan},
    ctx::Ctx,
    delivery::Delivery,
    id::{AppointmentId, ContactId, DeliveryId, PlannedId, VisitorId},
    message::DeliveryState,
    planned::{PlannedBody, Unless},
    store::{
        contacts,
        deliveries::{self, VerdictRow},
    },
    time::Timestamp,
    verdict::{Detail, Held},
};

use super::{
    appointments::{asks, books, cancels, is_free},
    *,
};
use crate::{checks, world::START};

/// How many orders each test tries.
const ORDERS: u64 = 2_500;
/// How many acts an order has at most.
const ACTS: u64 = 6;

/// What is known of Maria without asking the product.
struct Order {
    seed: u64,
    dice: Ctx,
    world: World,
    browser: VisitorId,
    /// Addresses that are stopped, as this order has it.
    stopped: BTreeSet<&'static str>,
    /// Her appointment, and when it is.
    booked: Option<(AppointmentId, Timestamp)>,
    seen: BTreeSet<DeliveryId>,
    acts: Vec<String>,
}

/// What all orders together have seen.
#[derive(Default)]
struct Seen {
    unasked: usize,
    acts: BTreeMap<&'static str, usize>,
}

const NAMES: [&str; 16] = [
    "chats",
    "texts",
    "mails",
    "books",
    "moves",
    "calls off",
    "does not come",
    "stops texts",
    "starts texts",
    "stops mails",
    "is joined",
    "calls a person",
    "fills a form",
    "is chased",
    "crashes",
    "waits",
];

impl Order {
    fn new(seed: u64) -> Self {
        let mut world = with_willing_maria(seed, &DEMO);
        let browser = world.visitor();
        Self {
            seed,
            dice: Ctx::seeded(START, 77_000 + seed),
            world,
            browser,
            stopped: BTreeSet::new(),
            booked: None,
            seen: BTreeSet::new(),
            acts: Vec::new(),
        }
    }

    fn below(&mut self, count: u64) -> u64 {
        self.dice.entropy.below(count)
    }

    /// Something happens; its name.
    fn act(&mut self) -> &'static str {
        let which = usize::try_from(self.below(16)).unwrap();
        let world = &mut self.world;
        match which {
            0 => drop(world.says(&self.browser, "How much is a tune-up?")),
            1 => world.texts(MARIA, "How much is a puncture repair?"),
            2 => world.mails(MAILBOX, "Bike", "How much is a puncture repair?", None),
            3 => self.books(),
            4 => self.moves(),
            5 => {
                if let Some((id, _)) = self.booked.take_if(|(_, start)| *start > world.ctx.now) {
                    cancels(world, id);
                }
            }
            6 => {
                if let Some((id, _)) =
                    self.booked.take_if(|(_, start)| start.plus_ms(HOUR_MS) < world.ctx.now)
                {
                    asks(world, Ask::MarkMissed(id));
                }
            }
            7 => {
                world.texts(MARIA, "STOP");
                self.stopped.insert(MARIA);
            }
            8 => {
                world.texts(MARIA, "START");
                self.stopped.remove(MARIA);
            }
            9 => {
                world.mails(MAILBOX, "No more", "Please stop emailing me.", None);
                self.stopped.insert(MAILBOX);
            }
            10 => {
                // Her number is typed in a browser, and she answers from it.
                let _ = world.says(&self.browser, "Hi");
                let _ = world.continues(&self.browser, Channel::Sms, MARIA);
                world.advance(MINUTE_MS);
                world.texts(MARIA, "That was me in the chat");
            }
            11 => world.texts(MARIA, "Can I talk to a person?"),
            12 => {
                let body = format!("name=Maria&email={MAILBOX}&message=How+much+is+a+full+service%3F");
                let posted = shared::form::read(body.as_bytes()).unwrap();
                let mut ctx = world.ctx.clone();
                let taken = now(flow::forms::take(world.scope(), &mut ctx, &self.browser, "en", &posted));
                world.ctx = ctx;
                world.note(taken.map(|handled| handled.effects).unwrap_or_default());
            }
            13 => self.chases(),
            14 => {
                let how = if self.dice.entropy.below(2) == 0 { Break::Before } else { Break::After };
                world.db.crash(u32::try_from(self.dice.entropy.below(12)).unwrap(), how);
                world.texts(MARIA, "Do I need to book?");
                world.settle();
                world.db.spare();
            }
            _ => {}
        }
        NAMES[which]
    }

    fn books(&mut self) {
        if self.booked.is_some() {
            return;
        }
        let start = self.some_start();
        if is_free(&self.world, start) {
            self.booked = Some((books(&mut self.world, start), start));
        }
    }

    /// The team wants four things said at once.
    fn chases(&mut self) {
        let conversation = self.world.conversation(&phone(MARIA)).id;
        for _ in 0..4 {
            let body = PlannedBody {
                member: false,
                speaker: "reminders".into(),
                purpose: Purpose::Reminder,
                topic: None,
                among: Vec::new(),
                text: "Your bike is due.".into(),
                mail: None,
                subject: None,
                unless: Unless::default(),
            };
            let (conversation, due_at) = (conversation.clone(), self.world.ctx.now);
            let plan = Plan { id: PlannedId::mint(&mut self.world.ctx), conversation, body, due_at };
            let mut ctx = self.world.ctx.clone();
            let handled = now(flow::handle(self.world.scope(), &mut ctx, &Command::Plan(plan))).unwrap();
            self.world.ctx = ctx;
            self.world.note(handled.effects);
        }
    }

    fn moves(&mut self) {
        let start = self.some_start();
        let Some((id, was)) = &self.booked else { return };
        if *was > self.world.ctx.now && *was != start && is_free(&self.world, start) {
            let id = id.clone();
            asks(&mut self.world, Ask::Move { id: id.clone(), start, resource: None });
            self.booked = Some((id, start));
        }
    }

    fn some_start(&mut self) -> Timestamp {
        let day = self.world.ctx.now.since_ms(START).div_euclid(DAY_MS) + 1;
        let (days, hours) = (self.below(4), self.below(6));
        let start = START.plus_ms((day + i64::try_from(days).unwrap()) * DAY_MS);
        start.plus_ms(i64::try_from(hours).unwrap() * HOUR_MS)
    }

    /// Time passes: at once, soon, or long after; with the world looking on, or with everything late.
    fn passes(&mut self) {
        let jumps = [0, MINUTE_MS, 40 * MINUTE_MS, 3 * HOUR_MS, 26 * HOUR_MS, 3 * DAY_MS, 8 * DAY_MS];
        let jump = jumps[usize::try_from(self.below(7)).unwrap()];
        if self.below(4) == 0 {
            self.world.outside.failures.borrow_mut().push_back(Failing::Unreachable);
        }
        if self.below(4) == 0 {
            self.world.ctx.now = self.world.ctx.now.plus_ms(jump);
            self.world.sweep();
            self.world.settle();
        } else {
            self.world.advance(jump);
        }
    }

    fn contact(&self) -> ContactId {
        self.world.contact(&phone(MARIA)).unwrap()
    }

    /// Looks at everything that has been sent since the last look.
    fn holds(&mut self, seen: &mut Seen) {
        let world = &self.world;
        let contact = self.contact();
        let sent: Vec<Delivery> = world.deliveries(&contact);
        let sent: Vec<&Delivery> = sent.iter().filter(|sent| has_left(sent)).collect();
        let at = |delivery: &Delivery| {
            let messages = world.taken_for(&delivery.to.text);
            let text = text_of(world, &contact, delivery);
            messages
                .into_iter()
                .find(|message| text.is_some() && message.text.contains(text.as_deref().unwrap()))
        };
        let fresh: Vec<&&Delivery> = sent.iter().filter(|sent| !self.seen.contains(&sent.id)).collect();
        for delivery in &fresh {
            let why = format!("seed {}: {delivery:#?}\n{:#?}", self.seed, self.acts);
            one_verdict(world, delivery, &why);
            if !delivery.purpose.is_unasked() {
                continue;
            }
            seen.unasked += 1;
            let Some(message) = at(delivery) else { panic!("it never arrived: {why}") };
            let to = delivery.to.text.as_str();
            assert!(!self.stopped.contains(to), "after an opt-out: {why}");
            if delivery.channel == Channel::Sms {
                is_by_day(world, &contact, message.at_ms, &why);
            }
            if message.text.contains("reminder from") {
                let ahead = self.booked.as_ref().is_some_and(|(_, start)| message.at_ms < *start);
                assert!(ahead, "a reminder of nothing: {why}");
            }
        }
        self.within_attention(&sent);
        let fresh: Vec<DeliveryId> = fresh.into_iter().map(|sent| sent.id.clone()).collect();
        self.seen.extend(fresh);
    }

    /// Points over all channels and topics on two of them, counted from what stands on her timelines.
    fn within_attention(&self, sent: &[&Delivery]) {
        let (world, contact) = (&self.world, self.contact());
        let timeline = world.timeline(&contact);
        let said_at = |delivery: &Delivery| {
            let mut own = timeline.iter();
            own.find(|event| event.conversation == delivery.conversation && event.seq == delivery.seq)
                .map(|event| event.at)
        };
        let spent: Vec<(Timestamp, Channel, Purpose)> = sent
            .iter()
            .filter(|sent| sent.purpose.is_unasked())
            .filter_map(|sent| Some((said_at(sent)?, sent.channel, sent.purpose)))
            .collect();
        for (at, channel, purpose) in &spent {
            if !matches!(purpose, Purpose::Reminder | Purpose::Marketing) {
                continue;
            }
            // What is transactional is never held, so one that came at the same moment may have come after.
            let before = spent.iter().filter(|(other, _, why)| {
                let is_before = other < at || other == at && *why != Purpose::Transactional;
                is_before && at.since_ms(*other) < 7 * DAY_MS
            });
            let points: u32 = before.map(|(_, channel, purpose)| points(*channel, *purpose)).sum();
            assert!(points <= 40, "{points} points within a week, seed {}: {:#?}", self.seed, self.acts);
            let alike = spent.iter().filter(|(other, on, why)| {
                on == channel
                    && *why == Purpose::Marketing
                    && other <= at
                    && at.since_ms(*other) < 16 * HOUR_MS
            });
            let is_marketing = *purpose == Purpose::Marketing;
            assert!(!is_marketing || alike.count() <= 1, "seed {}: {:#?}", self.seed, self.acts);
        }
        for spend in &self.world.conversation(&phone(MARIA)).spent {
            let twice = self.world.conversation(&phone(MARIA)).spent.into_iter().find(|other| {
                spend.topic.is_some()
                    && other.topic == spend.topic
                    && other.channel != spend.channel
                    && other.at.since_ms(spend.at).abs() < 72 * HOUR_MS
            });
            assert_eq!(twice, None, "one topic on two channels, seed {}: {:#?}", self.seed, self.acts);
        }
    }
}

/// What a message costs of her attention, as the policy's documentation has it.
fn points(channel: Channel, purpose: Purpose) -> u32 {
    match (channel, purpose) {
        (_, Purpose::Marketing) => 10,
        (Channel::Sms, Purpose::Reminder) => 5,
        (Channel::Email, Purpose::Transactional) => 2,
        _ => 3,
    }
}

fn has_left(delivery: &Delivery) -> bool {
    matches!(delivery.state, DeliveryState::Sent | DeliveryState::Delivered | DeliveryState::Read)
}

/// The first line of what was said, as it stands on the timeline.
fn text_of(world: &World, contact: &ContactId, delivery: &Delivery) -> Option<String> {
    let timeline = world.timeline(contact);
    let event = timeline
        .iter()
        .find(|event| event.conversation == delivery.conversation && event.seq == delivery.seq)?;
    let text = &event.message()?.text;
    Some(text.lines().find(|line| !line.trim().is_empty())?.trim().to_owned())
}

/// Invariant 10: one verdict let it through, or put it off until a time that has come.
fn one_verdict(world: &World, delivery: &Delivery, why: &str) {
    let stmt = deliveries::verdicts(&world.site.id, &delivery.conversation, 10_000);
    let rows: Vec<VerdictRow> = world.db.run(&stmt).unwrap().decode_all().unwrap();
    let own: Vec<&VerdictRow> = rows.iter().filter(|row| row.seq == Some(delivery.seq)).collect();
    let allowed = own.iter().filter(|row| row.outcome == "allow").count();
    let newest: Detail = serde_json::from_str(&own.first().expect(why).detail).unwrap();
    let has_come = matches!(newest.held(), Some(Held::Deferred(_, until)) if until <= world.ctx.now);
    assert!(allowed == 1 || allowed == 0 && has_come, "{allowed} verdicts and {newest:?}: {why}");
}

/// 8:00 to 21:00 on her own clock.
fn is_by_day(world: &World, contact: &ContactId, at: Timestamp, why: &str) {
    let found = contacts::decode_one(world.db.run(&contacts::contact(&world.site.id, contact)).unwrap());
    let zone = found.unwrap().and_then(|contact| contact.time_zone).expect("her browser or the shop told it");
    let there = jiff::Timestamp::from_millisecond(at.ms()).unwrap();
    let there = there.to_zoned(TimeZone::get(&zone).unwrap());
    assert!((8..21).contains(&there.hour()), "at {there}: {why}");
}

/// Lives one order to its end.
fn lives(seed: u64, seen: &mut Seen) {
    let mut order = Order::new(seed);
    order.holds(seen);
    for _ in 0..=order.below(ACTS) {
        let at = order.world.ctx.now.ms();
        let act = order.act();
        order.acts.push(format!("{at}: {act}"));
        *seen.acts.entry(act).or_default() += 1;
        order.passes();
        order.holds(seen);
    }
    order.acts.push("two weeks".to_owned());
    order.world.advance(14 * DAY_MS);
    order.holds(seen);
    checks::holds(&order.world, &[phone(MARIA), mailbox(MAILBOX)]);
}

fn lives_all(from: u64) {
    let mut seen = Seen::default();
    for seed in from..from + ORDERS {
        lives(seed, &mut seen);
    }
    println!("orders {from} to {}: {} unasked messages, {:?}", from + ORDERS - 1, seen.unasked, seen.acts);
    assert!(seen.unasked > 2_000, "a test that sends nothing shows nothing: {}", seen.unasked);
    assert_eq!(seen.acts.len(), NAMES.len(), "{:?}", seen.acts);
}

#[test]
fn no_order_breaks_a_promise_to_the_contact_first_quarter() {
    lives_all(0);
}

#[test]
fn no_order_breaks_a_promise_to_the_contact_second_quarter() {
    lives_all(ORDERS);
}

#[test]
fn no_order_breaks_a_promise_to_the_contact_third_quarter() {
    lives_all(2 * ORDERS);
}

#[test]
fn no_order_breaks_a_promise_to_the_contact_last_quarter() {
    lives_all(3 * ORDERS);
}
