//! A widget that was away long: it is given everything it missed, in parts.

use shared::{
    channel::Channel,
    event::{Body, Event, Message},
    flow::catch_up,
    id::EventId,
    store::{conversations, events},
    wire::{ServerFrame, Speaker},
};

use crate::world::{World, now, web};

#[test]
fn a_widget_that_missed_more_than_one_answer_holds_asks_on_from_what_it_was_given() {
    let mut world = World::new(71);
    let visitor = world.visitor();
    world.says(&visitor, "hi").unwrap();
    world.settle();
    let mut conversation = now(catch_up::load_conversation(world.scope(), &visitor)).unwrap();
    let held = conversation.last_seq;
    for n in 1..=401 {
        let event = Event {
            conversation: conversation.id.clone(),
            seq: held + n,
            id: EventId::mint(&mut world.ctx),
            at: world.ctx.now,
            channel: Channel::Widget,
            address_key: web(&visitor).text,
            speaker: Speaker::Agent("Ana".into()),
            body: Body::Message(Message { text: format!("{n}"), ..Message::default() }),
        };
        world.db.run(&events::append(&world.site.id, &event)).unwrap();
    }
    conversation.last_seq += 401;
    world.db.run(&conversations::update(&world.site.id, &conversation, world.ctx.now)).unwrap();
    let (mut cursor, mut seen, mut asked) = (held, Vec::new(), 0);
    while cursor < conversation.last_seq && asked < 5 {
        let ready = catch_up::ready(world.scope(), &visitor, Some(&conversation.id), cursor, world.ctx.now);
        let ServerFrame::Ready { last_seq, items, .. } = now(ready).unwrap() else { panic!("not ready") };
        seen.extend(items.into_iter().map(|item| item.seq));
        cursor = last_seq;
        asked += 1;
    }
    assert_eq!(seen, (held + 1..=held + 401).collect::<Vec<u32>>());
    assert_eq!(asked, 2);
}
