//! Typing: an answer waits a moment for a visitor who writes on.

use std::time::Duration;

use e2e::{
    clock::{Deadline, PATIENCE, eventually},
    shop::{QUESTION, Shop},
    visitor::Visitor,
    world::World,
};
use shared::{
    id::EventId,
    wire::{Receipt, ServerFrame, Speaker},
};

use crate::{visitor, world};

/// A comparison says something only while an answer may still be held back: for 1.5 seconds from the message on.
const HELD: Duration = Duration::from_millis(1_200);

/// Whether the visitor is answered, as the Room knows it now.
fn is_answered(visitor: &mut Visitor, id: &EventId) -> bool {
    let seq = visitor.is_accepted(id);
    visitor.says_hello();
    visitor.items.range(seq + 1..).any(|(_, item)| item.speaker == Speaker::Assistant)
}

/// Looks again with other visitors until a look was quick enough to tell.
fn in_time(world: &World, shop: &Shop, look: impl Fn([Visitor; 3], Deadline) -> bool) {
    eventually(PATIENCE, "a look that was quick enough", || {
        let visitors = [(); 3].map(|()| visitor(world, shop));
        look(visitors, Deadline::within(HELD)).then_some(())
    });
}

#[test]
fn an_answer_waits_while_the_visitor_types_on_and_no_longer() {
    let world = world();
    let shop = world.opens_a_shop();
    in_time(&world, &shop, |[mut types_on, mut stops, mut typed_before], hold| {
        let waits = types_on.says_and_types_on(QUESTION);
        types_on.is_accepted(&waits);

        let lets_go = stops.says_and_types_on(QUESTION);
        stops.is_accepted(&lets_go);
        stops.types(false);
        stops.waits_for_answer_to(&lets_go);

        typed_before.types(true);
        typed_before.asks(QUESTION);

        let answered = is_answered(&mut types_on, &waits);
        let tells = hold.left().is_some();
        assert!(!(tells && answered), "who asked first and types on is answered last");
        types_on.types(false);
        types_on.waits_for_answer_to(&waits);
        tells
    });
}

#[test]
fn an_answer_does_not_wait_for_ever() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    let id = visitor.says_and_types_on(QUESTION);
    visitor.waits_for_answer_to(&id);
}

#[test]
fn two_messages_with_typing_between_get_one_answer() {
    let world = world();
    let shop = world.opens_a_shop();
    in_time(&world, &shop, |[mut visitor, ..], hold| {
        let first = visitor.says_and_types_on(QUESTION);
        visitor.is_accepted(&first);
        let second = visitor.says("When are you open?");
        visitor.is_accepted(&second);
        let tells = hold.left().is_some();
        let answer = visitor.waits_for_answer_to(&second);
        // The answer to a later question shows that no other is on its way.
        visitor.asks("How much is a flat tire?");
        let answers = visitor.items.values().filter(|item| item.speaker == Speaker::Assistant).count();
        assert!(!tells || (answers == 2 && answer.text.contains("$75")), "{:?}", visitor.items);
        tells
    });
}

/// Whether the assistant writes, as each of these frames says it.
fn signs(frames: &[ServerFrame]) -> Vec<bool> {
    let signs = frames.iter().filter_map(|frame| match frame {
        ServerFrame::Typing { speaker: Speaker::Assistant, on } => Some(*on),
        _ => None,
    });
    signs.collect()
}

#[test]
fn a_visitor_sees_that_the_assistant_writes_from_the_acceptance_on_until_the_answer() {
    let world = world();
    let shop = world.opens_a_shop();
    let (mut one, mut stranger) = (visitor(&world, &shop), visitor(&world, &shop));
    let mut tab = one.opens_another_tab();
    let id = one.says(QUESTION);
    one.waits_for_answer_to(&id);
    let place =
        |is_it: &dyn Fn(&ServerFrame) -> bool| one.frames.iter().position(is_it).expect("such a frame");
    let accepted = place(&|frame| matches!(frame, ServerFrame::Accepted { .. }));
    let writes = place(&|frame| matches!(frame, ServerFrame::Typing { on: true, .. }));
    let answer =
        place(&|frame| matches!(frame, ServerFrame::Item(item) if item.speaker == Speaker::Assistant));
    assert!(accepted < writes && writes < answer, "{:?}", one.frames);
    tab.waits_for("the sign in another tab", 0, |frame| {
        matches!(frame, ServerFrame::Typing { speaker: Speaker::Assistant, on: true }).then_some(())
    });
    stranger.says_hello();
    assert_eq!(signs(&stranger.frames), Vec::<bool>::new());
}

#[test]
fn an_answer_that_says_nothing_ends_the_sign_that_the_assistant_writes() {
    let world = world();
    let mut shop = Shop::new();
    shop.site.limits.turns_per_hour = 1;
    let shop = shop.opens(world.edge());
    let mut visitor = visitor(&world, &shop);
    for question in [QUESTION, "When are you open?"] {
        let id = visitor.says(question);
        let seq = visitor.is_accepted(&id);
        visitor.waits_for_answer_to(&id);
        visitor.waits_for_receipt(seq, Receipt::Read);
        visitor.says_hello();
    }
    let before = visitor.frames.len();
    let id = visitor.says("And on Monday?");
    visitor.is_accepted(&id);
    visitor.waits_for("the end of writing", before, |frame| {
        matches!(frame, ServerFrame::Typing { on: false, .. }).then_some(())
    });
    assert_eq!(signs(&visitor.frames[before..]), [true, false]);
}
