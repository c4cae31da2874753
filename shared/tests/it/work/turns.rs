//! Conversations are given by turn.

use shared::{
    api::list::View,
    command::WorkAct,
    id::EventId,
    time::MINUTE_MS,
    wire::ClientFrame,
    work::{Settings, WorkEvent},
};

use super::{JUN, card, does, page, told};
use crate::world::{World, phone, web};

fn by_turn(seed: u64, capacity: u32) -> World {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.site.work = Settings { round_robin: true, capacity };
    world
}

fn asks(world: &mut World, at: usize) -> String {
    let number = format!("+1415555{:04}", 300 + at);
    world.texts(&number, super::PERSON);
    world.advance(MINUTE_MS);
    number
}

#[test]
fn whoever_is_called_for_is_the_next_of_the_team_up_to_their_capacity() {
    let mut world = by_turn(721, 2);
    let team = world.site.team.clone();
    let mut given = Vec::new();
    for at in 0..=2 * team.len() {
        let number = asks(&mut world, at);
        given.push(card(&world, &phone(&number)).assigned);
    }
    let mut expected: Vec<_> = team.iter().chain(&team).cloned().map(Some).collect();
    expected.push(None);
    assert_eq!(given, expected);
    assert_eq!(page(&world, View::Unassigned).cards.len(), 1);
    // Whoever has resolved one is free for the next.
    let done = phone("+14155550301");
    does(&mut world, &done, JUN, WorkAct::Resolve).unwrap();
    let number = asks(&mut world, 50);
    assert_eq!(card(&world, &phone(&number)).assigned, Some(team[1].clone()));
    assert_eq!(told(&world, &phone(&number)), [WorkEvent::Given { to: team[1].clone(), open: 1 }]);
}

#[test]
fn what_is_somebodys_stays_theirs_and_nobody_is_given_one_where_the_site_does_not_want_it() {
    let mut world = by_turn(722, 5);
    let number = asks(&mut world, 1);
    let team = world.site.team.clone();
    does(&mut world, &phone(&number), JUN, WorkAct::Assign(Some(team[2].clone()))).unwrap();
    world.texts(&number, "I want to speak to a human");
    world.advance(MINUTE_MS);
    assert_eq!(card(&world, &phone(&number)).assigned, Some(team[2].clone()));
    world.site.work.round_robin = false;
    let number = asks(&mut world, 2);
    assert_eq!(card(&world, &phone(&number)).assigned, None);
}

#[test]
fn a_visitors_button_gives_it_as_well() {
    let mut world = by_turn(723, 5);
    let visitor = world.visitor();
    let id = EventId::mint(&mut world.ctx);
    drop(world.frame(&visitor, &ClientFrame::Person { id, address: None }).unwrap());
    assert_eq!(card(&world, &web(&visitor)).assigned, Some(world.site.team[0].clone()));
}
