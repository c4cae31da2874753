//! The conversation as the panel keeps it.

use shared::{
    channel::Channel,
    ctx::Ctx,
    id::{ConversationId, EventId},
    time::Timestamp,
    wire::{ClientFrame, Failure, Item, Receipt, ServerFrame, Speaker},
};
use widget::model::{Effect, Model, State, Unfit, refusal};

const NOW: Timestamp = Timestamp::from_ms(1_000_000);

fn ctx() -> Ctx {
    Ctx::seeded(NOW, 5)
}

fn conversation(name: &str) -> ConversationId {
    ConversationId::parse(name).expect("an id")
}

fn item(seq: u32, id: &str, speaker: Speaker) -> Item {
    Item {
        seq,
        id: EventId::parse(id).expect("an id"),
        at: NOW,
        channel: Channel::Widget,
        speaker,
        text: format!("text of {id}"),
        subject: None,
        sources: Vec::new(),
        offers: Vec::new(),
        files: Vec::new(),
    }
}

fn ready(model: &mut Model, name: &str, last_seq: u32, items: Vec<Item>) {
    model.apply(
        ServerFrame::Ready { conversation: conversation(name), last_seq, items, floor: Speaker::Assistant },
        NOW,
    );
}

fn says(model: &mut Model, ctx: &mut Ctx, text: &str) -> EventId {
    let pending = model.submit(ctx, |id| ClientFrame::Say { id, text: text.to_owned(), files: Vec::new() });
    pending.id().expect("a message").clone()
}

#[test]
fn a_message_goes_out_again_under_its_id_until_it_is_accepted() {
    let (mut model, mut ctx) = (Model::default(), ctx());
    let id = says(&mut model, &mut ctx, "hello");
    assert_eq!(model.state(&id), Some(State::Queued));
    let first = model.next_to_send().expect("something to send");
    assert_eq!(model.state(&id), Some(State::Sending));
    assert_eq!(model.next_to_send(), None);
    model.disconnected();
    assert_eq!(model.next_to_send(), Some(first), "the same frame again");
    let effects = model.apply(ServerFrame::Accepted { id: id.clone(), seq: 1, at: NOW }, NOW);
    assert!(effects.contains(&Effect::Forget(id.clone())), "{effects:?}");
    assert_eq!(model.state(&id), Some(State::Sent));
    model.disconnected();
    assert_eq!(model.next_to_send(), None);
}

#[test]
fn the_state_shown_is_never_more_than_is_true() {
    let (mut model, mut ctx) = (Model::default(), ctx());
    let id = says(&mut model, &mut ctx, "hello");
    model.next_to_send();
    model.apply(ServerFrame::Accepted { id: id.clone(), seq: 1, at: NOW }, NOW);
    model.apply(ServerFrame::Receipt { seq: 1, state: Receipt::Delivered }, NOW);
    assert_eq!(model.state(&id), Some(State::Delivered));
    model.apply(ServerFrame::Receipt { seq: 1, state: Receipt::Read }, NOW);
    assert_eq!(model.state(&id), Some(State::Read));
    model.apply(ServerFrame::Receipt { seq: 1, state: Receipt::Delivered }, NOW);
    assert_eq!(model.state(&id), Some(State::Read), "a late receipt takes nothing back");
}

#[test]
fn a_refusal_is_shown_with_its_reason_and_can_be_tried_again() {
    let (mut model, mut ctx) = (Model::default(), ctx());
    let id = says(&mut model, &mut ctx, "hello");
    model.next_to_send();
    let text = "Too fast.".to_owned();
    let refused =
        ServerFrame::Refused { id: id.clone(), code: "rate_limited".into(), text, retry_after_ms: Some(5) };
    model.apply(refused, NOW);
    assert_eq!(model.state(&id), Some(State::Failed { text: "Too fast.".into(), retry: true }));
    model.retry(&id);
    assert!(matches!(model.next_to_send(), Some(ClientFrame::Say { id: again, .. }) if again == id));
}

#[test]
fn a_message_refused_over_a_plain_request_is_not_sent_and_the_line_is_not_to_blame() {
    let (mut model, mut ctx) = (Model::default(), ctx());
    let failed = |code: &str| Failure { code: code.to_owned(), text: "Too fast.".to_owned() };
    for (status, code, retry) in
        [(429, "rate_limited", true), (429, "too_many_addresses", false), (400, "too_long", false)]
    {
        let id = says(&mut model, &mut ctx, "hello");
        let frame = model.next_to_send().expect("something to send");
        model.apply(refusal(&frame, status, failed(code)), NOW);
        assert_eq!(model.state(&id), Some(State::Failed { text: "Too fast.".into(), retry }), "{code}");
        assert_eq!((model.next_to_send(), model.trouble()), (None, None), "{code}");
    }
    let id = says(&mut model, &mut ctx, "hello");
    let frame = model.next_to_send().expect("something to send");
    for (status, code) in [(401, "unauthorized"), (403, "origin_not_allowed"), (503, "unavailable")] {
        let told = refusal(&frame, status, failed(code));
        assert!(matches!(&told, ServerFrame::Trouble { code: said, .. } if said == code), "{told:?}");
        model.apply(told, NOW);
        assert_eq!(model.state(&id), Some(State::Sending), "{code}: the message is not to blame");
    }
    let hello = model.hello("en", "UTC");
    assert!(matches!(refusal(&hello, 429, failed("rate_limited")), ServerFrame::Trouble { .. }));
}

#[test]
fn an_item_that_comes_twice_is_there_once_and_in_order() {
    let mut model = Model::default();
    ready(&mut model, "cnv_1", 0, Vec::new());
    let (one, two) = (item(1, "evt_1", Speaker::Contact), item(2, "evt_2", Speaker::Assistant));
    model.apply(ServerFrame::Item(one.clone()), NOW);
    model.apply(ServerFrame::Item(two.clone()), NOW);
    ready(&mut model, "cnv_1", 2, vec![one.clone(), two.clone()]);
    model.apply(ServerFrame::Item(one.clone()), NOW);
    assert_eq!(model.items(), [one, two]);
}

#[test]
fn a_hello_asks_for_what_comes_after_the_cursor() {
    let mut model = Model::default();
    ready(&mut model, "cnv_1", 4, vec![item(4, "evt_4", Speaker::Assistant)]);
    assert_eq!(
        model.hello("en", "UTC"),
        ClientFrame::Hello {
            conversation: Some(conversation("cnv_1")),
            last_seq: 4,
            locale: "en".into(),
            time_zone: "UTC".into(),
        }
    );
}

#[test]
fn another_conversation_replaces_the_copy() {
    let mut model = Model::default();
    ready(&mut model, "cnv_1", 1, vec![item(1, "evt_1", Speaker::Contact)]);
    assert_eq!(model.apply(ServerFrame::Moved { conversation: conversation("cnv_2") }, NOW), [Effect::Hello]);
    ready(&mut model, "cnv_2", 9, vec![item(9, "evt_9", Speaker::Assistant)]);
    assert_eq!(model.items(), [item(9, "evt_9", Speaker::Assistant)]);
}

#[test]
fn text_that_is_being_written_gives_way_to_the_answer_and_late_pieces_change_nothing() {
    let mut model = Model::default();
    ready(&mut model, "cnv_1", 1, vec![item(1, "evt_1", Speaker::Contact)]);
    model.apply(ServerFrame::Delta { turn: 1, text: "A tune".into() }, NOW);
    assert_eq!(model.stream(), Some("A tune"));
    model.apply(ServerFrame::Item(item(2, "evt_2", Speaker::Assistant)), NOW);
    assert_eq!(model.stream(), None);
    model.apply(ServerFrame::Delta { turn: 1, text: "A tune-up is".into() }, NOW);
    assert_eq!(model.stream(), None, "a piece that overtook nothing");
}

#[test]
fn an_answer_that_breaks_off_does_not_stay() {
    let mut model = Model::default();
    ready(&mut model, "cnv_1", 0, Vec::new());
    model.apply(ServerFrame::Delta { turn: 1, text: "A".into() }, NOW);
    assert!(!model.expire(NOW.plus_ms(1_000)));
    assert!(model.expire(NOW.plus_ms(60_000)));
    assert_eq!(model.stream(), None);
}

#[test]
fn what_waited_before_a_reload_waits_after_it_and_only_once() {
    let (mut before, mut ctx) = (Model::default(), ctx());
    let id = says(&mut before, &mut ctx, "hello");
    let kept = before.outbox()[0].clone();
    let mut after = Model::default();
    after.adopt(kept.frame.clone(), kept.at);
    after.adopt(kept.frame, kept.at);
    assert_eq!(after.outbox().len(), 1);
    assert!(matches!(after.next_to_send(), Some(ClientFrame::Say { id: again, .. }) if again == id));
}

#[test]
fn a_text_is_fitted_before_it_is_sent() {
    assert_eq!(Model::fit("  hi "), Ok("hi"));
    assert_eq!(Model::fit(" \n"), Err(Unfit::Empty));
    assert_eq!(Model::fit(&"é".repeat(4_003)), Err(Unfit::TooLong(3)));
}

#[test]
fn what_the_others_said_is_unread_until_it_is_seen() {
    let mut model = Model::default();
    ready(
        &mut model,
        "cnv_1",
        2,
        vec![item(1, "evt_1", Speaker::Contact), item(2, "evt_2", Speaker::Assistant)],
    );
    assert_eq!(model.unread(), 1);
    assert_eq!(model.see(), Some(2));
    assert_eq!((model.unread(), model.see()), (0, None));
}
