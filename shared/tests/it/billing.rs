//! What a text is billed as stands beside its delivery, from the plan on.

use shared::{channel::sms::segments::Encoding, delivery::Billed, flow::view, page, time::MINUTE_MS};

use crate::world::{World, mailbox, now, phone};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "noah@example.com";

#[test]
fn a_text_is_stored_and_shown_with_its_segments_and_a_mail_without() {
    let mut world = World::new(71);
    world.texts(MARIA, "How much is a full service?");
    world.mails(MAILBOX, "Prices", "How much is a full service?", None);
    world.advance(MINUTE_MS);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let sent = world.deliveries(&contact).pop().unwrap();
    let text = world.last_answer(&phone(MARIA)).message().unwrap().text.clone();
    assert_eq!(sent.billed, Some(Billed::of(&text)));
    assert_eq!(
        sent.billed.unwrap().encoding,
        Encoding::Gsm7,
        "a plain answer costs no more than it must: {text}"
    );
    let mailed = world.contact(&mailbox(MAILBOX)).unwrap();
    assert!(world.deliveries(&mailed).iter().all(|delivery| delivery.billed.is_none()));
    let ctx = world.ctx.clone();
    let shown = now(view::load_timeline(world.scope(), &ctx, Some(contact))).unwrap();
    let page = page::timeline(&shown);
    let segments = sent.billed.unwrap().segments;
    let words = format!("{segments} {}, GSM-7", if segments == 1 { "segment" } else { "segments" });
    assert!(page.contains(&words), "{words}");
}

#[test]
fn other_letters_and_longer_texts_cost_more() {
    let billed = |text: &str| {
        let Billed { encoding, segments } = Billed::of(text);
        (encoding.name(), segments)
    };
    assert_eq!(billed("See you at ten."), ("GSM-7", 1));
    assert_eq!(billed(&"a".repeat(161)), ("GSM-7", 2));
    assert_eq!(billed(&"ê".repeat(71)), ("UCS-2", 2));
}
