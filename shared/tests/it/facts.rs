//! What is remembered of a person: of what can be one thing only, the newest, and never an unproven word over a proven one.

use shared::{
    channel::Channel,
    contact::Address,
    flow,
    id::VisitorId,
    store::Stmt,
    time::{HOUR_MS, MINUTE_MS},
};

use crate::world::{World, now, phone, web};

const MARIA: &str = "+14155552671";

/// The budgets a person's timeline shows as current.
fn budgets(world: &World, address: &Address) -> Vec<String> {
    let contact = world.contact(address);
    let view = now(flow::view::load_timeline(world.scope(), &world.ctx, contact)).unwrap();
    let facts = view.selected.unwrap().facts.into_iter().filter(|fact| fact.key == "budget");
    facts.map(|fact| fact.value).collect()
}

fn texts(world: &mut World, text: &str) {
    world.texts(MARIA, text);
    world.advance(MINUTE_MS);
}

fn says(world: &mut World, visitor: &VisitorId, text: &str) {
    world.says(visitor, text).unwrap();
    world.advance(MINUTE_MS);
}

/// A browser told its budget and then typed the number of Maria, who answered: they are one person.
fn joined(world: &mut World) -> VisitorId {
    let visitor = world.visitor();
    says(world, &visitor, "My budget is $300");
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    texts(world, "Thanks, got it");
    assert_eq!(world.contact(&phone(MARIA)), world.contact(&web(&visitor)));
    visitor
}

#[test]
fn a_newer_budget_takes_the_older_ones_place_and_the_older_stays_as_history() {
    let mut world = World::with_knowledge(71, &["prices.md"]);
    texts(&mut world, "My budget is $300");
    assert_eq!(budgets(&world, &phone(MARIA)), ["$300"]);
    texts(&mut world, "My budget is $200");
    assert_eq!(budgets(&world, &phone(MARIA)), ["$200"]);
    let sql = "SELECT o.value AS older, n.value AS newer FROM facts o
        LEFT JOIN facts n ON n.site_id = o.site_id AND n.contact_id = o.contact_id AND n.id = o.superseded_by
        WHERE o.key = 'budget' ORDER BY o.at_ms";
    let rows = world.db.run(&Stmt { sql, args: Vec::new() }).unwrap().rows;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (row.get("older").and_then(|v| v.as_str()), row.get("newer").and_then(|v| v.as_str())))
        .collect();
    assert_eq!(rows, [(Some("$300"), Some("$200")), (Some("$200"), None)]);
}

#[test]
fn of_two_contacts_who_turned_out_to_be_one_only_the_newest_budget_holds() {
    let mut world = World::with_knowledge(72, &["prices.md"]);
    texts(&mut world, "Hello, this is about my bike");
    let visitor = joined(&mut world);
    assert_eq!(budgets(&world, &web(&visitor)), ["$300"]);
    texts(&mut world, "My budget is $100");
    assert_eq!(budgets(&world, &phone(MARIA)), ["$100"]);
    texts(&mut world, "How much is a full service?");
    let answer = world.last_answer(&phone(MARIA)).message().unwrap().text.clone();
    assert!(answer.contains("budget of $100") && !answer.contains("budget of $300"), "{answer}");
}

#[test]
fn a_budget_told_in_a_browser_does_not_take_the_place_of_one_told_from_the_proven_phone() {
    let mut world = World::with_knowledge(73, &["prices.md"]);
    texts(&mut world, "My budget is $100");
    let visitor = joined(&mut world);
    says(&mut world, &visitor, "My budget is $900");
    assert_eq!(budgets(&world, &phone(MARIA)), ["$100"]);
    world.advance(HOUR_MS);
    texts(&mut world, "How much is a full service?");
    let answer = world.last_answer(&phone(MARIA)).message().unwrap().text.clone();
    assert!(answer.contains("budget of $100") && !answer.contains("budget of $900"), "{answer}");
    // The browser itself knows what was said in it, and nothing else.
    says(&mut world, &visitor, "How much is a full service?");
    let answer = world.last_answer(&web(&visitor)).message().unwrap().text.clone();
    assert!(answer.contains("budget of $900") && !answer.contains("budget of $100"), "{answer}");
}

#[test]
fn a_budget_told_from_the_phone_leaves_a_browser_what_was_told_in_it() {
    let mut world = World::with_knowledge(74, &["prices.md"]);
    let visitor = joined(&mut world);
    texts(&mut world, "My budget is $100");
    says(&mut world, &visitor, "How much is a full service?");
    let answer = world.last_answer(&web(&visitor)).message().unwrap().text.clone();
    assert!(answer.contains("budget of $300") && !answer.contains("budget of $100"), "{answer}");
}
