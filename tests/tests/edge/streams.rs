//! An answer that is being written is shown to the one browser it is meant for.

use std::time::Duration;

use e2e::{
    clock::PATIENCE,
    openai::{OpenAi, Script},
    shop::Shop,
    visitor::{FirstWords, Visitor},
    world::World,
};
use shared::wire::{Receipt, ServerFrame};

use crate::{visitor, world};

/// Said in no other answer of these tests.
const PRIVATE: &str = "Gern! Unser Team kümmert sich heute um Ihr Rad.";

/// A visitor who goes on at a phone number.
fn goes_on_by_text(world: &World, shop: &Shop, number: &str, nth: usize) -> Visitor {
    let mut visitor = visitor(world, shop);
    visitor.asks("Can you help me?");
    let moved = visitor.continues_by_text(number);
    visitor.is_accepted(&moved);
    world.sandbox().waits_for(number, nth, PATIENCE);
    visitor
}

/// What was written into this browser after its first `from` frames.
fn written(visitor: &Visitor, from: usize) -> Vec<&str> {
    let pieces = visitor.frames[from..].iter().filter_map(|frame| match frame {
        ServerFrame::Delta { text, .. } => Some(text.as_str()),
        _ => None,
    });
    pieces.collect()
}

/// Whether this browser was told that something after `seq` has been read.
fn is_read_after(visitor: &Visitor, seq: u32) -> bool {
    visitor.frames.iter().any(|frame| match frame {
        ServerFrame::Receipt { seq: upto, state: Receipt::Read } => *upto > seq,
        _ => false,
    })
}

#[test]
fn an_answer_that_goes_out_by_text_is_not_written_into_the_chat() {
    let world = world();
    let model = OpenAi::start();
    let shop = world.opens_a_shop_answered_by(&model);
    let number = "+14155552681";
    let mut visitor = goes_on_by_text(&world, &shop, number, 1);
    let (before, seq) = (visitor.frames.len(), visitor.last_seq);
    model.next(Script::says(PRIVATE).every(Duration::from_millis(30)));
    world.sandbox().texts(number, shop.number(), "Can you help me here, too?");
    let answer = world.sandbox().waits_for(number, 2, PATIENCE);
    assert!(answer.text.contains("Unser Team"), "{answer:?}");
    // Hello is answered after whatever was sent before it.
    visitor.says_hello();
    assert_eq!(written(&visitor, before), Vec::<&str>::new());
    assert!(!is_read_after(&visitor, seq));
}

#[test]
fn an_answer_is_not_written_into_another_browser_of_the_same_conversation() {
    let world = world();
    let model = OpenAi::start();
    let shop = world.opens_a_shop_answered_by(&model);
    let number = "+14155552682";
    let mut one = goes_on_by_text(&world, &shop, number, 1);
    world.sandbox().texts(number, shop.number(), "Can you help me here, too?");
    world.sandbox().waits_for(number, 2, PATIENCE);
    let mut other = goes_on_by_text(&world, &shop, number, 3);
    world.sandbox().texts(number, shop.number(), "Are you still there?");
    world.sandbox().waits_for(number, 4, PATIENCE);
    for visitor in [&mut one, &mut other] {
        visitor.leaves();
        visitor.opens_a_socket();
    }
    assert_eq!(one.conversation, other.conversation, "both are in one Room");

    let before = (one.frames.len(), other.frames.len());
    model.next(Script::says(PRIVATE).every(Duration::from_millis(30)));
    let said = one.says("Can you help me once more?");
    assert!(matches!(one.waits_for_first_words(before.0), FirstWords::Delta(_)));
    let seq = one.is_accepted(&said);
    one.waits_for_answer_to(&said);
    one.waits_for_receipt(seq, Receipt::Read);
    other.says_hello();
    assert_eq!(written(&other, before.1), Vec::<&str>::new());
    assert!(!is_read_after(&other, seq - 1));
}
