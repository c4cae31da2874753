//! Steps that the assistant writes, and tags that begin sequences.

use shared::{
    command::TagWish,
    event::Body,
    flow::{self, team},
    time::{DAY_MS, MINUTE_MS},
    wire::Speaker,
};

use super::{MAILBOX, MARIA, code, end_of, got, outcomes, pairs, with_willing_maria};
use crate::world::{World, mailbox, now, phone};

const WRITTEN: (&str, &str) = (
    "win-back.toml",
    r#"
name = "Win back"
purpose = "marketing"
trigger = "tag undecided"

[[step]]
wait = "7 days"

[[step]]
id = "mail"
write = "Ask whether the price is still what holds them back."
channel = "email"
subject = "Your bike"
text = "Is anything still open, {name|you}? Just reply."
"#,
);

fn tags(world: &mut World, tag: &str, on: bool) -> Result<(), flow::FlowError> {
    let contact = world.contact(&phone(MARIA)).unwrap();
    let wish = TagWish { by: "Jun Park".into(), tag: tag.into(), on };
    let mut ctx = world.ctx.clone();
    let tagged = now(team::tag(world.scope(), &mut ctx, &contact, wish));
    world.ctx = ctx;
    tagged.map(|handled| world.note(handled.effects))
}

fn tags_of(world: &World) -> Vec<String> {
    now(team::load_tags(world.scope(), &world.contact(&phone(MARIA)).unwrap())).unwrap()
}

#[test]
fn a_tag_is_put_on_and_taken_off_by_the_team_and_begins_a_sequence() {
    let mut world = with_willing_maria(430, &[WRITTEN]);
    let contact = world.contact(&phone(MARIA)).unwrap();
    tags(&mut world, "VIP", true).unwrap();
    tags(&mut world, " vip ", true).unwrap();
    assert_eq!(tags_of(&world), ["vip"]);
    let shown: Vec<_> =
        world.timeline(&contact).into_iter().filter(|event| matches!(event.body, Body::Tag { .. })).collect();
    assert!(
        matches!(&shown[..], [event] if event.speaker == Speaker::Agent("Jun Park".into())),
        "once: {shown:#?}"
    );
    assert_eq!(super::run_of(&world, "win-back"), None);
    tags(&mut world, "Undecided", true).unwrap();
    assert!(super::run_of(&world, "win-back").unwrap().is_running);
    tags(&mut world, "vip", false).unwrap();
    tags(&mut world, "vip", false).unwrap();
    assert_eq!(tags_of(&world), ["undecided"]);
    assert_eq!(code(tags(&mut world, " ", true)), "bad_tag");
    let nobody = TagWish { by: "Nobody".into(), tag: "x".into(), on: true };
    let mut ctx = world.ctx.clone();
    assert_eq!(code(now(team::tag(world.scope(), &mut ctx, &contact, nobody)).map(drop)), "unknown_member");
    for n in 0..49 {
        tags(&mut world, &format!("t{n}"), true).unwrap();
    }
    assert_eq!(code(tags(&mut world, "one more", true)), "too_many_tags");
}

#[test]
fn what_the_assistant_writes_takes_up_what_was_said_and_keeps_the_owners_words() {
    let mut world = with_willing_maria(431, &[WRITTEN]);
    world.mails(MAILBOX, "Prices", "How much is a full service?", None);
    world.advance(MINUTE_MS);
    world.mails(MAILBOX, "Re: Prices", "That is too expensive for me.", None);
    world.advance(MINUTE_MS);
    tags(&mut world, "undecided", true).unwrap();
    world.advance(8 * DAY_MS);
    let mails = got(&world, MAILBOX, "Is anything still open, Maria");
    assert_eq!(mails.len(), 1, "{:#?}", world.taken_for(MAILBOX));
    assert!(mails[0].text.contains("you felt $"), "{}", mails[0].text);
    assert_eq!(mails[0].subject.as_deref(), Some("Re: Your bike"));
    assert_eq!(outcomes(&world, "win-back"), pairs(&[("mail", "said")]));
    assert_eq!(end_of(&world, "win-back").as_deref(), Some("sequence.done"));
    let contact = world.contact(&mailbox(MAILBOX)).unwrap();
    let said = world.timeline(&contact);
    let said = said.iter().filter(|event| event.speaker == Speaker::Sequence("Win back".into()));
    let messages: Vec<_> = said.filter_map(|event| event.message()).collect();
    assert!(
        matches!(&messages[..], [one] if one.author.as_deref() == Some("builtin") && one.sources.len() == 1)
    );
}

#[test]
fn where_a_model_cannot_be_reached_the_built_in_writes_and_the_timeline_says_why() {
    let mut world = with_willing_maria(432, &[WRITTEN]).with_a_model();
    tags(&mut world, "undecided", true).unwrap();
    world.advance(8 * DAY_MS);
    assert_eq!(got(&world, MAILBOX, "Is anything still open, Maria").len(), 1);
    let contact = world.contact(&mailbox(MAILBOX)).unwrap();
    let said = world.timeline(&contact);
    let message = said.iter().rev().find_map(|event| event.message()).unwrap();
    assert_eq!(message.fallback.as_deref(), Some("failed"));
}

#[test]
fn nothing_that_was_said_elsewhere_is_written_to_an_address_that_was_only_typed() {
    const NEW: &str = "somebody@example.net";
    let mut world = World::with_sequences(433, &["prices.md"], &[WRITTEN_TO_ANYONE]);
    let browser = world.visitor();
    world.says(&browser, "A full service is too expensive for me.").unwrap();
    world.advance(MINUTE_MS);
    world.continues(&browser, shared::channel::Channel::Email, NEW).unwrap();
    world.advance(MINUTE_MS);
    let contact = world.contact(&crate::world::web(&browser)).unwrap();
    let mut ctx = world.ctx.clone();
    let begun = now(flow::sequences::begin(world.scope(), &mut ctx, &contact, "ask", None)).unwrap();
    world.ctx = ctx;
    world.note(begun.effects);
    world.advance(DAY_MS);
    let mails = got(&world, NEW, "Is anything still open");
    assert!(!mails[0].text.contains("too expensive"), "{}", mails[0].text);
}

const WRITTEN_TO_ANYONE: (&str, &str) = (
    "ask.toml",
    r#"
name = "Ask"
purpose = "transactional"
trigger = "manual"

[[step]]
write = "Ask what is still open."
text = "Is anything still open? Just reply."
"#,
);
