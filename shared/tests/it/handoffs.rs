//! A person is called for what needs one, the visitor is answered all the same, and nobody is called twice for one thing.

use shared::{
    assistant::{Act, Draft},
    channel::Channel,
    command::{CallNote, Command, FloorWish, PromiseDoes, PromiseWish, TagWish, TeamReply},
    event::Body,
    flow::{self, FlowError, inbox::handoff, team},
    handoff::Reason,
    id::{ContactId, VisitorId},
    time::{HOUR_MS, MINUTE_MS},
    wire::Speaker,
};

use crate::world::{World, now, outside::Net, phone, web};

const MARIA: &str = "+14155552671";
const JUN: &str = "Jun Park";
const PRICE: &str = "How much is a full service?";

fn shop(seed: u64) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.site.handoff.topics = vec!["refund".into(), "lawyer".into()];
    world.site.handoff.tags = vec!["VIP".into()];
    world
}

fn says(world: &mut World, visitor: &VisitorId, text: &str) {
    world.says(visitor, text).unwrap();
    world.advance(MINUTE_MS);
}

/// Why a person was called, in order, with what it is about.
fn handoffs(world: &World, contact: &ContactId) -> Vec<(String, Option<String>)> {
    let events = world.timeline(contact).into_iter();
    let found = events.filter_map(|event| match event.body {
        Body::Handoff { reason, about, .. } => Some((reason, about)),
        _ => None,
    });
    found.collect()
}

fn reasons(world: &World, contact: &ContactId) -> Vec<String> {
    handoffs(world, contact).into_iter().map(|(reason, _)| reason).collect()
}

fn answers(world: &World, contact: &ContactId) -> usize {
    let spoken = world.timeline(contact).into_iter();
    spoken.filter(|event| event.speaker == Speaker::Assistant && event.message().is_some()).count()
}

fn writes(world: &mut World, contact: &ContactId, text: &str) {
    let reply =
        TeamReply { by: JUN.into(), channel: None, subject: None, text: text.into(), files: Vec::new() };
    let mut ctx = world.ctx.clone();
    let handled = now(team::reply(world.scope(), &mut ctx, contact, reply)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world.settle();
}

fn last(world: &World, visitor: &VisitorId) -> String {
    world.last_answer(&web(visitor)).message().unwrap().text.clone()
}

#[test]
fn what_is_left_to_people_calls_one_with_a_promise_and_plain_facts_are_told_all_the_same() {
    let mut world = shop(700);
    let visitor = world.visitor();
    says(&mut world, &visitor, "I want a refund for my last service.");
    let contact = world.contact(&web(&visitor)).unwrap();
    assert_eq!(handoffs(&world, &contact), [("topic".to_owned(), Some("refund".to_owned()))]);
    let conversation = world.conversation(&web(&visitor));
    assert_eq!(conversation.called.len(), 1);
    let by = conversation.promise.unwrap().by;
    assert!(last(&world, &visitor).contains("A person will answer by"), "{}", last(&world, &visitor));
    says(&mut world, &visitor, PRICE);
    assert!(last(&world, &visitor).contains("$140"), "not left without an answer");
    says(&mut world, &visitor, "And my refund?");
    assert!(last(&world, &visitor).contains("A person has been told"), "{}", last(&world, &visitor));
    assert_eq!(reasons(&world, &contact), ["topic"], "nobody is called twice for it");
    says(&mut world, &visitor, "This is unacceptable!");
    assert_eq!(reasons(&world, &contact), ["topic", "anger"], "another reason is told");
    assert_eq!(world.conversation(&web(&visitor)).promise.unwrap().by, by, "what was promised stands");
    writes(&mut world, &contact, "Jun here, I am looking at it.");
    assert_eq!(world.conversation(&web(&visitor)).called, [], "answered");
    let before = answers(&world, &contact);
    says(&mut world, &visitor, "Thanks. And my refund?");
    assert_eq!(answers(&world, &contact), before, "with a person on the floor it is silent");
    assert_eq!(reasons(&world, &contact), ["topic", "anger"]);
}

#[test]
fn not_knowing_twice_in_a_row_on_one_line_calls_a_person_whoever_drafts() {
    let mut world = shop(701);
    let visitor = world.visitor();
    says(&mut world, &visitor, "Do you sell kayaks?");
    let contact = world.contact(&web(&visitor)).unwrap();
    assert_eq!(reasons(&world, &contact), Vec::<String>::new());
    says(&mut world, &visitor, "And surfboards?");
    assert_eq!(reasons(&world, &contact), ["unsure"]);
    says(&mut world, &visitor, "What about canoes?");
    assert_eq!(reasons(&world, &contact), ["unsure"]);
    // Half an hour later, or after it knew, it is the first time again.
    let other = world.visitor();
    says(&mut world, &other, "Do you sell kayaks?");
    world.advance(HOUR_MS);
    says(&mut world, &other, "And surfboards?");
    says(&mut world, &other, PRICE);
    says(&mut world, &other, "Do you sell kayaks?");
    let contact = world.contact(&web(&other)).unwrap();
    assert_eq!(reasons(&world, &contact), Vec::<String>::new());
}

#[test]
fn a_person_is_called_for_a_marked_contact_once_until_somebody_answered() {
    let mut world = shop(702);
    world.texts(MARIA, PRICE);
    world.advance(MINUTE_MS);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let mut ctx = world.ctx.clone();
    let vip = TagWish { by: JUN.into(), tag: "VIP".into(), on: true };
    now(team::tag(world.scope(), &mut ctx, &contact, vip)).unwrap();
    world.ctx = ctx;
    for _ in 0..2 {
        world.texts(MARIA, "How much is a puncture repair?");
        world.advance(MINUTE_MS);
        assert_eq!(handoffs(&world, &contact), [("vip".to_owned(), Some("vip".to_owned()))]);
    }
    assert_eq!(answers(&world, &contact), 3, "and answered all the same");
    let does = PromiseDoes::Keep(None);
    let mut ctx = world.ctx.clone();
    now(team::promise(world.scope(), &mut ctx, &contact, PromiseWish { by: JUN.into(), does })).unwrap();
    world.ctx = ctx;
    world.texts(MARIA, PRICE);
    world.advance(MINUTE_MS);
    assert_eq!(reasons(&world, &contact), ["vip", "vip"], "it was kept, so the next time is a new one");
}

#[test]
fn what_the_assistant_said_it_would_do_and_could_not_reaches_a_person() {
    let mut world = shop(703);
    let visitor = world.visitor();
    world.says(&visitor, "Can you text me the price?").unwrap();
    let source = world.timeline(&world.contact(&web(&visitor)).unwrap())[0].id.clone();
    let act = Act::MoveTo { channel: Channel::Sms, address: None, source, text: "It is $140.".into() };
    let draft = Draft { text: "I am texting you.".into(), acts: vec![act], ..Draft::default() };
    let answer = world.answer(&visitor, draft);
    let mut ctx = world.ctx.clone();
    now(flow::handle(world.scope(), &mut ctx, &Command::Answer(answer))).unwrap();
    let contact = world.contact(&web(&visitor)).unwrap();
    assert_eq!(reasons(&world, &contact), ["failed"]);
    let told = world
        .timeline(&contact)
        .into_iter()
        .rev()
        .find(|event| event.speaker == Speaker::System && event.message().is_some());
    assert!(told.unwrap().message().unwrap().text.contains("by 11:00"), "they are told when");
    assert!(world.conversation(&web(&visitor)).promise.is_some());
}

#[test]
fn whoever_is_late_is_told_again() {
    let mut world = shop(704);
    let visitor = world.visitor();
    says(&mut world, &visitor, "Can I talk to a person?");
    let contact = world.contact(&web(&visitor)).unwrap();
    says(&mut world, &visitor, "I need a human");
    assert_eq!(reasons(&world, &contact), ["asked"]);
    world.advance(2 * HOUR_MS);
    says(&mut world, &visitor, "I still need a human");
    assert_eq!(reasons(&world, &contact), ["asked", "asked"]);
    let called = world.conversation(&web(&visitor)).called;
    assert_eq!(called.iter().map(|call| call.reason).collect::<Vec<_>>(), [Reason::Asked]);
}

#[test]
fn the_card_says_what_they_want_what_was_tried_and_what_is_promised_until_somebody_calls() {
    let mut world = shop(705);
    world.texts(MARIA, PRICE);
    world.advance(MINUTE_MS);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let load = |world: &World| now(handoff::load_handoff(world.scope(), &world.ctx, &contact)).unwrap();
    assert_eq!(load(&world), None);
    world.texts(MARIA, "Can I talk to a person about a refund?");
    world.advance(MINUTE_MS);
    let card = load(&world).unwrap();
    let promise = world.conversation(&phone(MARIA)).promise.unwrap();
    assert_eq!((card.reason.as_str(), card.owner.as_deref()), ("asked", Some(JUN)));
    assert_eq!(card.promised, Some((promise.by, "answer".to_owned())));
    assert!(card.wants.contains("about a refund") && card.tried.unwrap().contains("A person will answer"));
    let noted = |number: Option<&str>| CallNote {
        by: JUN.into(),
        number: number.map(Into::into),
        note: Some("All fine.".into()),
    };
    let mut ctx = world.ctx.clone();
    assert!(now(team::call(world.scope(), &mut ctx, &contact, noted(Some("12")))).is_err());
    now(team::call(world.scope(), &mut ctx, &contact, noted(None))).unwrap();
    world.ctx = ctx;
    assert_eq!((load(&world), world.conversation(&phone(MARIA)).promise), (None, None), "kept");
    let timeline = world.timeline(&contact);
    let call = timeline.iter().find(|event| matches!(event.body, Body::Call { .. })).unwrap();
    assert_eq!(call.body, Body::Call { number: Some("•••2671".into()), note: Some("All fine.".into()) });
    assert_eq!(call.speaker, Speaker::Agent(JUN.into()));
}

#[test]
fn a_suggested_reply_is_drafted_from_what_the_site_knows_and_sent_by_nobody() {
    let mut world = shop(706);
    let visitor = world.visitor();
    says(&mut world, &visitor, "Can I talk to a person?");
    let contact = world.contact(&web(&visitor)).unwrap();
    writes(&mut world, &contact, "What is it?");
    says(&mut world, &visitor, PRICE);
    let before = world.timeline(&contact);
    let net = || Net { scope: world.scope(), ctx: world.ctx.clone(), outside: &world.outside };
    let told = now(handoff::suggest(world.scope(), &net(), &world.ctx, &contact)).unwrap();
    assert!(told.text.contains("$140") && !told.sources.is_empty(), "{told:?}");
    assert_eq!((told.channel, told.author.as_str()), (Some(Channel::Widget), "builtin"));
    assert_eq!(world.timeline(&contact), before, "nothing was said");
    drop(world.says(&visitor, "Do you sell kayaks?").unwrap());
    let net = Net { scope: world.scope(), ctx: world.ctx.clone(), outside: &world.outside };
    let none = now(handoff::suggest(world.scope(), &net, &world.ctx, &contact)).unwrap();
    assert!(none.text.is_empty() || none.text.contains("$140"), "{none:?}");
}

#[test]
fn nobody_takes_the_floor_by_mistake_from_a_colleague_who_is_at_it() {
    let mut world = shop(707);
    let visitor = world.visitor();
    says(&mut world, &visitor, PRICE);
    let contact = world.contact(&web(&visitor)).unwrap();
    let take = |world: &mut World, by: &str, force: bool| {
        let mut ctx = world.ctx.clone();
        let wish = FloorWish { by: by.into(), take: true, force };
        let taken = now(team::floor(world.scope(), &mut ctx, &contact, wish));
        world.ctx = ctx;
        taken
    };
    assert_eq!(take(&mut world, JUN, false).unwrap().fence, Some(1));
    assert_eq!(take(&mut world, JUN, false).unwrap().fence, Some(1), "they have it already");
    world.advance(5 * MINUTE_MS);
    let refused = take(&mut world, "Rosa Delgado", false).unwrap_err();
    assert!(
        matches!(&refused, FlowError::Rejected(why) if (why.status, why.code) == (409, "taken")),
        "{refused:?}"
    );
    assert_eq!(take(&mut world, "Rosa Delgado", true).unwrap().fence, Some(2));
    world.advance(10 * MINUTE_MS);
    assert_eq!(take(&mut world, JUN, false).unwrap().fence, Some(3));
}
