//! A model books by its tools: what it held is what it books.

use serde_json::json;

use super::*;

const START_TOLD: &str = "2026-11-24T10:00";

/// The stream of one answer: a tool call, or words.
fn streams(delta: &serde_json::Value) -> String {
    let chunk = json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": null }] });
    let end = json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] });
    format!("data: {chunk}\n\ndata: {end}\n\ndata: [DONE]\n\n")
}

/// The model is going to call a tool for Tuesday at ten, in the contact's words, and then say something.
fn calls(world: &World, tool: &str, quote: &str, then: &str) {
    let arguments = json!({ "service": "svc_tune_up", "start": START_TOLD, "quote": quote }).to_string();
    let call = json!({ "index": 0, "id": "call_1", "function": { "name": tool, "arguments": arguments } });
    let mut model = world.outside.model.borrow_mut();
    model.push_back(streams(&json!({ "tool_calls": [call] })));
    model.push_back(streams(&json!({ "content": then })));
}

fn texts(world: &mut World, text: &str) -> String {
    world.texts(MARIA, text);
    world.advance(5_000);
    let answer = world.last_answer(&phone(MARIA));
    let answer = answer.message().unwrap();
    assert_eq!(answer.fallback, None, "the model wrote it: {answer:?}");
    answer.text.clone()
}

/// Maria, for whom the model has just held Tuesday at ten.
fn with_hold(seed: u64) -> (World, Appointment) {
    let mut world = World::with_knowledge(seed, &["prices.md"]).with_a_model();
    calls(&world, "hold_time", "Tuesday at 10", "");
    let told = texts(&mut world, "Is Tuesday at 10 free for a tune-up? I have to ask my wife.");
    assert!(told.contains("I keep Basic tune-up, Tuesday 24 November, 10:00, free for you"), "{told}");
    assert!(told.ends_with("Shall I book it?"), "{told}");
    let held = own(&world).remove(0);
    assert_eq!((held.state, held.time.start), (State::Held, tuesday(10)));
    (world, held)
}

fn own(world: &World) -> Vec<Appointment> {
    let contact = world.contact(&phone(MARIA)).unwrap();
    now(appointments::load_open(world.scope(), &world.ctx, &contact)).unwrap()
}

fn acts(world: &World) -> Vec<Act> {
    told(world, &phone(MARIA)).into_iter().map(|told| told.act).collect()
}

#[test]
fn a_time_the_assistant_held_is_booked_when_the_contact_says_yes() {
    let (mut world, held) = with_hold(151);
    world.advance(8 * MINUTE_MS);
    calls(&world, "book_time", "yes", "");
    let told = texts(&mut world, "yes please, she is fine with it");
    assert!(told.contains("You are booked: Basic tune-up, Tuesday 24 November, 10:00."), "{told}");
    let booked = own(&world);
    assert_eq!(
        booked.iter().map(|own| (&own.id, own.state)).collect::<Vec<_>>(),
        [(&held.id, State::Booked)]
    );
    assert_eq!(acts(&world), [Act::Held, Act::Booked], "the very time that was held, not another one");
}

#[test]
fn a_hold_that_has_run_out_is_booked_anew_where_its_time_is_still_free() {
    let (mut world, held) = with_hold(152);
    world.advance(11 * MINUTE_MS);
    calls(&world, "book_time", "yes", "");
    let told = texts(&mut world, "yes, book it");
    assert!(told.contains("You are booked: Basic tune-up, Tuesday 24 November, 10:00."), "{told}");
    let booked = own(&world);
    assert_eq!(booked.len(), 1);
    assert!(booked[0].state == State::Booked && booked[0].id != held.id);
    assert_eq!(appointment(&world, &held.id).state, State::Cancelled, "tidied up");
}

#[test]
fn a_hold_that_has_run_out_and_was_taken_by_somebody_else_books_nothing() {
    let (mut world, _) = with_hold(153);
    world.advance(11 * MINUTE_MS);
    let ben = visitor(&mut world);
    books(&mut world, &ben, "tune_up", tuesday(10));
    calls(&world, "book_time", "yes", "I am sorry, that time is gone. When else would it suit you?");
    let told = texts(&mut world, "yes");
    assert!(told.contains("that time is gone"), "{told}");
    assert_eq!(acts(&world), [Act::Held]);
    assert!(own(&world).is_empty());
}

#[test]
fn where_the_model_fails_after_a_hold_a_yes_still_books_it() {
    let (mut world, held) = with_hold(154);
    world.texts(MARIA, "yes");
    world.advance(5_000);
    let answer = world.last_answer(&phone(MARIA));
    let answer = answer.message().unwrap();
    assert!(answer.fallback.is_some() && answer.text.contains("You are booked"), "{answer:?}");
    assert_eq!((own(&world)[0].id.clone(), acts(&world)), (held.id, vec![Act::Held, Act::Booked]));
}
