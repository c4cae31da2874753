//! Whoever is answered by the assistant is told that it is an AI, on every channel, and that is kept.

use shared::{channel::Channel, store::conversations, time::MINUTE_MS, wire::Speaker};

use crate::world::{World, phone, web};

const MARIA: &str = "+14155552671";

#[test]
fn the_first_word_on_each_channel_says_that_an_ai_speaks_and_that_is_kept() {
    let mut world = World::with_knowledge(81, &["prices.md"]);
    let visitor = world.visitor();
    world.says(&visitor, "How much is a full service?").unwrap();
    world.settle();
    let chat_at = world.ctx.now;
    world.advance(MINUTE_MS);
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    let text_at = world.ctx.now;
    world.advance(MINUTE_MS);
    world.texts(MARIA, "And a puncture repair?");
    world.advance(MINUTE_MS);

    let contact = world.contact(&phone(MARIA)).unwrap();
    let stored = world.db.run(&conversations::by_address(&world.site.id, &web(&visitor))).unwrap();
    let disclosed = conversations::decode(stored).unwrap().unwrap().disclosed;
    let told: Vec<_> = disclosed.iter().map(|told| (told.channel, told.wording.as_str(), told.at)).collect();
    assert_eq!(
        told,
        [(Channel::Widget, "ai.widget.en.1", chat_at), (Channel::Sms, "ai.sms.en.1", text_at)],
        "once for each channel, when it was first said"
    );
    let texts = world.timeline(&contact).into_iter().filter(|event| event.channel == Channel::Sms);
    let spoken: Vec<_> = texts.filter(|event| event.speaker == Speaker::Assistant).collect();
    assert_eq!(spoken.len(), 2);
    for event in spoken {
        let text = &event.message().unwrap().text;
        assert!(text.contains("AI"), "{text}");
    }
}
