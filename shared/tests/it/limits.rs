//! The ceilings on the assistant's talk: each is said once, none is silent from the start, and each ends.

use shared::{
    assistant::Draft,
    command::Command,
    contact::Address,
    event::Message,
    flow,
    id::VisitorId,
    site::Limits,
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    wire::Speaker,
};

use crate::world::{World, now, phone, web};

const MARIA: &str = "+14155552671";

fn with_limits(seed: u64, limits: Limits) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.site.limits = limits;
    world
}

/// What the assistant has said to an address, oldest first.
fn said_to(world: &World, address: &Address) -> Vec<Message> {
    let timeline = world.timeline(&world.contact(address).unwrap());
    let spoken = timeline.into_iter().filter(|event| event.speaker == Speaker::Assistant);
    spoken.filter_map(|event| event.message().cloned()).collect()
}

fn asks(world: &mut World, visitor: &VisitorId) {
    world.says(visitor, "How much is a full service?").unwrap();
    world.settle();
}

/// A visitor whose first answer came from a model and cost this many tokens.
fn a_visitor_who_cost(world: &mut World, tokens: u32) -> VisitorId {
    let visitor = world.visitor();
    world.says(&visitor, "How much is a full service?").unwrap();
    let draft = Draft { text: "It is $140.".into(), author: "a-model".into(), tokens, ..Draft::default() };
    let answer = world.answer(&visitor, draft);
    let mut ctx = world.ctx.clone();
    now(flow::handle(world.scope(), &mut ctx, &Command::Answer(answer))).unwrap();
    world.ctx = ctx;
    world.settle();
    visitor
}

#[test]
fn a_conversation_at_its_turns_of_the_hour_hears_so_once_and_then_nothing_until_the_hour_is_over() {
    let mut world = with_limits(61, Limits { turns_per_hour: 2, ..Limits::default() });
    let visitor = world.visitor();
    for _ in 0..6 {
        asks(&mut world, &visitor);
    }
    let said = said_to(&world, &web(&visitor));
    assert_eq!(said.len(), 3, "{said:#?}");
    assert!(said[..2].iter().all(|message| message.text.contains("$140") && message.fallback.is_none()));
    assert!(said[2].text.contains("as much as I may this hour"), "{:?}", said[2]);
    assert_eq!(said[2].fallback.as_deref(), Some("over_limit"));
    world.advance(HOUR_MS);
    asks(&mut world, &visitor);
    assert!(said_to(&world, &web(&visitor))[3].text.contains("$140"));
}

#[test]
fn a_conversation_at_its_tokens_of_the_day_is_answered_by_the_built_in_and_the_event_says_why() {
    let limits = Limits { tokens_per_day: 50, ..Limits::default() };
    for (tokens, fallback) in [(49, "failed"), (50, "over_limit")] {
        let mut world = with_limits(62, limits.clone()).with_a_model();
        let visitor = a_visitor_who_cost(&mut world, tokens);
        asks(&mut world, &visitor);
        let answer = said_to(&world, &web(&visitor)).remove(1);
        assert!(answer.text.contains("$140"), "{answer:?}");
        assert_eq!(answer.author.as_deref(), Some("builtin"));
        assert_eq!(answer.fallback.as_deref(), Some(fallback), "after {tokens} tokens");
        world.advance(DAY_MS);
        asks(&mut world, &visitor);
        assert_eq!(
            said_to(&world, &web(&visitor))[2].fallback.as_deref(),
            Some("failed"),
            "it is asked again"
        );
    }
}

#[test]
fn a_site_at_its_turns_of_the_hour_tells_each_conversation_once_an_hour() {
    let mut world = with_limits(63, Limits { site_turns_per_hour: 1, ..Limits::default() });
    let first = world.visitor();
    asks(&mut world, &first);
    assert!(said_to(&world, &web(&first))[0].text.contains("$140"));
    for _ in 0..4 {
        asks(&mut world, &first);
        world.texts(MARIA, "How much is a full service?");
        world.advance(MINUTE_MS);
    }
    let busy = |message: &Message| message.text.contains("So many people are writing");
    assert_eq!(said_to(&world, &web(&first)).iter().filter(|message| busy(message)).count(), 1);
    let texts = said_to(&world, &phone(MARIA));
    assert!(texts.len() == 1 && busy(&texts[0]), "a paid text each time: {texts:#?}");
    assert_eq!(texts[0].fallback.as_deref(), Some("over_limit"));
    world.advance(HOUR_MS);
    asks(&mut world, &first);
    assert!(said_to(&world, &web(&first)).last().unwrap().text.contains("$140"), "the hour is over");
    world.texts(MARIA, "How much is a full service?");
    world.advance(MINUTE_MS);
    let texts = said_to(&world, &phone(MARIA));
    assert!(texts.len() == 2 && busy(&texts[1]), "another hour, and told again: {texts:#?}");
}

#[test]
fn a_site_at_its_tokens_of_the_day_says_so_and_answers_again_the_next_day() {
    let mut world = with_limits(64, Limits { site_tokens_per_day: 100, ..Limits::default() }).with_a_model();
    a_visitor_who_cost(&mut world, 60);
    let second = a_visitor_who_cost(&mut world, 39);
    asks(&mut world, &second);
    assert!(said_to(&world, &web(&second))[1].text.contains("$140"), "99 of 100");
    a_visitor_who_cost(&mut world, 1);
    asks(&mut world, &second);
    let busy = said_to(&world, &web(&second)).remove(2);
    assert!(busy.text.contains("So many people are writing"), "{busy:?}");
    world.advance(DAY_MS);
    asks(&mut world, &second);
    assert!(said_to(&world, &web(&second))[3].text.contains("$140"));
}
