//! What a site knows, and what becomes of it when its owner writes something else.

use shared::flow::import::{Import, KnowledgeFile, import};

use crate::world::{World, now, web};

fn asked(world: &mut World, question: &str) -> String {
    let visitor = world.visitor();
    world.says(&visitor, question).unwrap();
    world.settle();
    world.last_answer(&web(&visitor)).message().unwrap().text.clone()
}

fn teach(world: &mut World, text: &str) {
    let knowledge = vec![KnowledgeFile { path: "prices.md".into(), text: text.into() }];
    let import_of = Import { definition: world.site.clone(), knowledge, sequences: Vec::new() };
    now(import(&world.db, &mut world.ctx, &import_of)).unwrap();
}

#[test]
fn a_question_that_was_answered_before_is_answered_from_what_is_known_now() {
    const QUESTION: &str = "How much is a full service?";
    let mut world = World::new(1);
    assert!(asked(&mut world, QUESTION).contains("$140"));
    teach(&mut world, "# Prices\n\n## How much is a full service?\n\nA full service is $155.");
    assert!(asked(&mut world, QUESTION).contains("$155"));
    teach(&mut world, "# Hours\n\n## Do you repair kayaks?\n\nNo.");
    assert!(!asked(&mut world, QUESTION).contains('$'));
    // Another database of this process knows nothing of it.
    assert!(asked(&mut World::new(2), QUESTION).contains("$140"));
}
