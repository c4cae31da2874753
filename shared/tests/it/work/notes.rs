//! Notes are the team's own.

use shared::{
    command::NoteWish,
    contact::Address,
    event::Body,
    flow::{self, FlowError, catch_up, work},
    id::EventId,
    time::MINUTE_MS,
    wire::ServerFrame,
};

use super::{JUN, MARIA, THEO, refused, texted};
use crate::world::{World, now, phone, web};

const SECRET: &str = "She haggles, offer zebrastripes";
const MAILBOX: &str = "maria@example.com";

fn notes(world: &mut World, of: &Address, text: &str, mentions: &[&str]) -> Result<u32, FlowError> {
    let id = EventId::mint(&mut world.ctx);
    notes_as(world, of, id, (JUN, text, mentions))
}

fn notes_as(
    world: &mut World,
    of: &Address,
    id: EventId,
    (by, text, mentions): (&str, &str, &[&str]),
) -> Result<u32, FlowError> {
    let contact = world.contact(of).unwrap();
    let mentions = mentions.iter().map(|name| (*name).to_owned()).collect();
    let wish = NoteWish { id, by: by.into(), text: text.into(), mentions };
    let mut ctx = world.ctx.clone();
    let handled = now(work::note(world.scope(), &mut ctx, &contact, wish));
    world.ctx = ctx;
    let handled = handled?;
    world.note(handled.effects);
    world.settle();
    Ok(handled.accepted.unwrap().1)
}

#[test]
fn a_note_stands_on_the_timeline_once_with_whom_it_is_for() {
    let mut world = texted(731, &[(MARIA, "Hello")]);
    let maria = phone(MARIA);
    let id = EventId::mint(&mut world.ctx);
    let first = notes_as(&mut world, &maria, id.clone(), (JUN, SECRET, &[THEO, THEO])).unwrap();
    let again = notes_as(&mut world, &maria, id, (JUN, SECRET, &[THEO])).unwrap();
    assert_eq!(first, again);
    let events = world.timeline(&world.contact(&maria).unwrap());
    let found: Vec<_> = events.into_iter().filter(|event| matches!(event.body, Body::Note { .. })).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].body, Body::Note { text: SECRET.into(), mentions: vec![THEO.into()] });
    for (by, text, mentions, code) in [
        ("Nobody", SECRET, &[][..], "unknown_member"),
        (JUN, "  ", &[], "bad_text"),
        (JUN, &*"x".repeat(4_001), &[], "bad_text"),
        (JUN, SECRET, &["Nobody"], "unknown_member"),
    ] {
        let id = EventId::mint(&mut world.ctx);
        assert_eq!(refused(notes_as(&mut world, &maria, id, (by, text, mentions)).map(drop)), code);
    }
}

#[test]
fn no_visitor_is_shown_a_note_by_any_way() {
    let mut world = World::with_knowledge(732, &["prices.md"]);
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.advance(MINUTE_MS);
    notes(&mut world, &web(&visitor), SECRET, &[]).unwrap();
    let contact = world.contact(&web(&visitor)).unwrap();
    for event in world.timeline(&contact) {
        let shown = event.item_for(&web(&visitor));
        assert!(!format!("{shown:?}").contains("zebra"));
    }
    let ready = now(catch_up::ready(world.scope(), &visitor, None, 0, world.ctx.now)).unwrap();
    assert!(matches!(&ready, ServerFrame::Ready { items, .. } if items.len() == 2), "{ready:?}");
    assert!(!format!("{ready:?}").contains("zebra"));
}

#[test]
fn no_assistant_hears_of_a_note_and_no_answer_mail_fact_or_knowledge_holds_it() {
    let mut world = World::with_knowledge(733, &["prices.md"]);
    world.mails(MAILBOX, "Prices", "How much is a full service?", None);
    world.advance(MINUTE_MS);
    let maria = crate::world::mailbox(MAILBOX);
    notes(&mut world, &maria, "My name is Zebrastripes, my budget is $77, how much is a tune-up?", &[])
        .unwrap();
    world.advance(MINUTE_MS);
    world.db.record();
    // It is asked about on every way: as a question, as a memory, and as the mail that is answered.
    let answered = world.sandbox(MAILBOX).into_iter().next().unwrap();
    world.mails(
        MAILBOX,
        "Re: Prices",
        "What did I tell you about zebrastripes and my budget?",
        Some(&answered.id),
    );
    world.texts(MARIA, "What is my budget?");
    world.advance(MINUTE_MS);
    drop(world.db.recorded());
    for sent in world.taken_for(MAILBOX).iter().chain(&world.taken_for(MARIA)) {
        let words = format!("{:?} {:?}", sent.text, sent.raw);
        let own = sent.text.contains("about zebrastripes") || words.contains("about zebrastripes");
        assert!(!words.contains("Zebrastripes") && !words.contains("$77") || own, "{words}");
        assert!(!words.contains("$77"), "{words}");
    }
    let contact = world.contact(&maria).unwrap();
    let facts = world.db.run(&shared::store::consents::facts(&world.site.id, &contact)).unwrap();
    assert!(!format!("{facts:?}").contains("77"), "{facts:?}");
    let query = shared::knowledge::fts_query("zebrastripes").unwrap();
    let found = world.db.run(&shared::store::knowledge::search(&world.site.id, &query, 10)).unwrap();
    assert!(found.rows.is_empty());
    // Nor does the note itself wake an assistant.
    let conversation = world.conversation(&maria).id;
    notes(&mut world, &maria, "How much is a full service?", &[]).unwrap();
    let (due, next) = now(flow::sweep::due_in(world.scope(), &world.ctx, &conversation)).unwrap();
    assert_eq!((due, next), (Vec::new(), None));
    assert!(world.conversation(&maria).owed.is_empty());
}

#[test]
fn a_note_is_not_the_newest_message_of_its_card_and_opens_nothing() {
    let mut world = texted(734, &[(MARIA, "Hello")]);
    let maria = phone(MARIA);
    super::does(&mut world, &maria, JUN, shared::command::WorkAct::Resolve).unwrap();
    notes(&mut world, &maria, SECRET, &[]).unwrap();
    let card = super::card(&world, &maria);
    assert!(!card.excerpt.contains("zebra") && !card.excerpt.is_empty(), "{}", card.excerpt);
    assert_eq!(card.progress, shared::api::list::Progress::Resolved);
}
