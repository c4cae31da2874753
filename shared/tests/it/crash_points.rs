//! The process ends at every single point, one after another: before and after each query, each batch and each send. What
//! was not acknowledged comes again, the sweep finds the rest, and a short story comes to the same end every time.

use std::collections::BTreeSet;

use shared::{
    channel::Channel, contact::Address, event::Event, message::DeliveryState, store::sqlite::Break,
    time::MINUTE_MS, wire::Speaker,
};

use crate::{
    arrivals::Arrival,
    checks::{holds, is_at_rest, leaves_committed_claimed_and_judged},
    world::{World, mailbox, phone, web},
};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

/// A world in which the story is played, and what has been acknowledged in it.
struct Play {
    world: World,
    addresses: [Address; 3],
    reported: BTreeSet<String>,
    /// The call the process ends at; until then everything is as in the undisturbed run.
    ends_at: u32,
    /// Where in the story a failure is.
    place: String,
}

impl Play {
    /// The next thing in the story: it arrives until it is acknowledged, and what follows from it happens.
    fn next(&mut self, arrival: &Arrival) {
        self.world.insists(arrival);
        self.look();
        self.world.settle();
        self.report();
        // Whatever was lost is found by the sweep, once leases have run out.
        for _ in 0..2 {
            self.world.advance(2 * MINUTE_MS);
            self.report();
        }
    }

    /// The carriers report on what they took, also on what we never heard they did.
    fn report(&mut self) {
        for address in [MARIA, MAILBOX] {
            for message in self.world.taken_for(address) {
                if self.reported.insert(message.id.clone()) {
                    let report = self.world.hook_of_report(&message, "delivered", None);
                    self.world.insists(&report);
                }
            }
        }
        self.look();
    }

    fn look(&self) {
        if self.world.db.calls() > self.ends_at {
            holds(&self.world, &self.addresses);
        }
    }

    fn answers_on(timeline: &[Event], channel: Channel) -> usize {
        let on = timeline.iter().filter(|event| event.channel == channel && event.message().is_some());
        on.filter(|event| event.speaker == Speaker::Assistant).count()
    }

    /// Everything acknowledged is there once, every delivery happened once or is shown to a human.
    fn ends_well(&self) {
        let (world, place) = (&self.world, &self.place);
        is_at_rest(world, &self.addresses);
        let contact = world.contact(&phone(MARIA)).unwrap();
        assert_eq!(world.contact(&self.addresses[0]), Some(contact.clone()), "{place}: one person");
        let mut timeline = world.timeline(&contact);
        let mail = world.contact(&mailbox(MAILBOX)).unwrap();
        if mail != contact {
            timeline.extend(world.timeline(&mail));
        }
        let said = |channel| {
            let on = timeline.iter().filter(move |event| event.channel == channel);
            on.filter(|event| event.speaker == Speaker::Contact).count()
        };
        let said = [Channel::Widget, Channel::Sms, Channel::Email].map(said);
        assert_eq!(said, [2, 3, 1], "{place}: {timeline:#?}");
        let answers =
            [Channel::Widget, Channel::Sms, Channel::Email].map(|on| Self::answers_on(&timeline, on));
        assert_eq!(answers, [1, 2, 1], "{place}: {timeline:#?}");
        let mut deliveries = world.deliveries(&contact);
        if mail != contact {
            deliveries.extend(world.deliveries(&mail));
        }
        assert_eq!(deliveries.len(), 5, "{place}: {deliveries:#?}");
        let (texts, mails) = (world.taken_for(MARIA).len(), world.taken_for(MAILBOX).len());
        let wedged = deliveries.iter().filter(|delivery| delivery.state == DeliveryState::Wedged);
        let wedged: Vec<_> = wedged.map(|delivery| delivery.reason.as_deref()).collect();
        assert!(wedged.iter().all(|reason| *reason == Some("unknown")), "{place}: {wedged:?}");
        let arrived = deliveries.iter().filter(|delivery| delivery.state == DeliveryState::Delivered).count();
        assert_eq!(arrived + wedged.len(), 5, "{place}: {deliveries:#?}");
        assert!((5 - wedged.len()..=5).contains(&(texts + mails)), "{place}: {texts} texts, {mails} mails");
    }
}

/// Plays the story with an end of the process at one place. How many places there were.
fn play(world: World, crash: Option<(u32, Break)>) -> u32 {
    let mut play = Play {
        world,
        addresses: [web_of_nobody(), phone(MARIA), mailbox(MAILBOX)],
        reported: BTreeSet::new(),
        ends_at: 0,
        place: format!("{crash:?}"),
    };
    let visitor = play.world.visitor();
    play.addresses[0] = web(&visitor);
    play.world.outside.watch = Some(leaves_committed_claimed_and_judged);
    let begun = play.world.db.calls();
    if let Some((at, how)) = crash {
        play.world.db.crash(at, how);
        play.ends_at = begun + at;
    }
    let arrival = play.world.frame_saying(&visitor, "How much is a full service?");
    play.next(&arrival);
    let arrival = play.world.frame_of_card(&visitor, MARIA);
    play.next(&arrival);
    let arrival = play.world.hook_of_text(MARIA, "How much is a puncture repair?");
    play.next(&arrival);
    let arrival = play.world.hook_of_mail(MAILBOX, "Where are you?");
    play.next(&arrival);
    let arrival = play.world.hook_of_text(MARIA, "STOP");
    play.next(&arrival);
    let arrival = play.world.hook_of_text(MARIA, "START");
    play.next(&arrival);
    play.ends_well();
    play.world.db.calls() - begun
}

fn web_of_nobody() -> Address {
    Address::new(shared::contact::AddressKind::Visitor, "vis_0")
}

fn everywhere(world: impl Fn() -> World) -> u32 {
    let places = play(world(), None);
    for how in [Break::Before, Break::After] {
        for at in 0..places {
            play(world(), Some((at, how)));
        }
    }
    places
}

#[test]
fn invariants_3_to_7_an_end_at_any_point_loses_and_doubles_nothing() {
    let places = everywhere(|| World::with_knowledge(1, &["prices.md", "hours-and-location.md"]));
    assert!(places > 60, "only {places} places");
}

#[test]
fn invariants_3_to_7_an_end_at_any_point_sends_nothing_twice_where_repeats_are_not_told_apart() {
    let places = everywhere(|| World::with_knowledge(1, &["prices.md", "hours-and-location.md"]).on_twilio());
    assert!(places > 60, "only {places} places");
}
