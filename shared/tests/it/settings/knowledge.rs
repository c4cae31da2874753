//! What the assistant knows is put in, tried and taken away by the team.

use shared::{
    api::knowledge::{Answered, Format, Known, SourceKind, SourceWish},
    flow::{FlowError, import, knowledge, work::teach},
    id::{SiteId, TaughtId},
    work::Lesson,
};

use super::{refused, web::Web, world};
use crate::world::{World, now};

fn adds(world: &World, name: &str, format: Format, text: &str) -> Result<Known, FlowError> {
    let wish = SourceWish { name: name.into(), format, text: text.into() };
    now(knowledge::add(world.scope(), &mut world.ctx.clone(), "Wren", &wish))
}

fn tries(world: &World, question: &str) -> Answered {
    now(knowledge::try_answer(world.scope(), &Web::default(), &mut world.ctx.clone(), question)).unwrap()
}

fn paths(known: &Known) -> Vec<&str> {
    known.sources.iter().map(|source| source.path.as_str()).collect()
}

#[test]
fn what_the_team_puts_in_is_answered_from_at_once_and_not_after_it_is_taken_away() {
    let world = world(20);
    let question = "Do you rent cargo unicycles?";
    assert!(tries(&world, question).sources.is_empty());
    let text = "# Unicycles\n\n## Do you rent cargo unicycles?\n\nYes, cargo unicycles cost $31 a day.";
    let known = adds(&world, "Unicycles 2026.md", Format::Markdown, text).unwrap();
    assert_eq!(paths(&known), ["own/unicycles-2026.md", "prices.md"]);
    assert_eq!((known.sources[0].kind, known.sources[0].by.as_str()), (SourceKind::Own, "Wren"));
    let answer = tries(&world, question);
    assert!(answer.text.contains("$31") && answer.sources.len() == 1, "{answer:?}");
    assert_eq!(answer.found[0].2, "own/unicycles-2026.md");
    assert!(!answer.unsure && answer.person.is_none());
    now(knowledge::remove(world.scope(), &mut world.ctx.clone(), "own/unicycles-2026.md")).unwrap();
    assert!(!tries(&world, question).text.contains("$31"));
}

#[test]
fn the_same_name_takes_the_place_of_what_stood_there_in_any_format() {
    let world = world(21);
    adds(&world, "Helmets", Format::Text, "Our helmets cost $70.").unwrap();
    let html = "<title>Helmets</title><h1>Helmets</h1><p>Our helmets cost $80.</p><script>no()</script>";
    let known = adds(&world, "helmets", Format::Html, html).unwrap();
    assert_eq!(paths(&known), ["own/helmets", "prices.md"]);
    let text = now(knowledge::load_source(world.scope(), "own/helmets")).unwrap();
    assert_eq!(text.passages, [("Helmets".to_owned(), "Our helmets cost $80.".to_owned())]);
}

#[test]
fn what_is_no_text_is_refused_with_what_to_do() {
    let world = world(22);
    assert!(refused(adds(&world, "Menu", Format::Text, "%PDF-1.7 ...")).text.contains("paste"));
    for (name, text) in [("Menu", ""), ("Menu", "# Only a heading")] {
        assert_eq!(refused(adds(&world, name, Format::Markdown, text)).code, "bad_text", "{text}");
    }
    let large = "word ".repeat(120_000);
    assert_eq!(refused(adds(&world, "Menu", Format::Text, &large)).code, "bad_text");
    assert_eq!(refused(adds(&world, " ?! ", Format::Text, "A text.")).code, "bad_name");
}

#[test]
fn an_import_takes_the_place_of_its_own_files_only() {
    let world = world(23);
    adds(&world, "Helmets", Format::Text, "Our helmets cost $70.").unwrap();
    let lesson = Lesson {
        id: TaughtId::parse("tgt_1").unwrap(),
        question: "Do you sell kites?".into(),
        answer: "No.".into(),
        by: "Jun Park".into(),
    };
    now(teach::teach(world.scope(), &world.ctx, &lesson, None)).unwrap();
    let file = import::KnowledgeFile { path: "new.md".into(), text: "# New\n\nSomething new.".into() };
    let again =
        import::Import { definition: world.site.clone(), knowledge: vec![file], sequences: Vec::new() };
    now(import::import(&world.db, &mut world.ctx.clone(), &again)).unwrap();
    let known = now(knowledge::load_known(world.scope())).unwrap();
    assert_eq!(paths(&known), ["new.md", "own/helmets"]);
    assert!(tries(&world, "How much are your helmets?").text.contains("$70"));
}

#[test]
fn nobody_finds_a_source_of_another_site() {
    let mut world = world(24);
    adds(&world, "Helmets", Format::Text, "Our helmets cost $70.").unwrap();
    world.site.id = SiteId::parse("ste_other").unwrap();
    assert!(now(knowledge::load_known(world.scope())).unwrap().sources.is_empty());
    let gone = now(knowledge::remove(world.scope(), &mut world.ctx.clone(), "own/helmets"));
    assert_eq!(refused(gone).status, 404);
}

#[test]
fn what_is_left_to_people_and_what_is_not_known_is_told_when_it_is_tried() {
    let mut world = world(25);
    world.site.handoff.topics = vec!["refund".into()];
    let answer = tries(&world, "I want a refund");
    assert!(answer.person.as_deref().is_some_and(|why| why.contains("refund")), "{answer:?}");
    assert!(tries(&world, "What is the airspeed of a swallow?").unsure);
    let empty = now(knowledge::try_answer(world.scope(), &Web::default(), &mut world.ctx.clone(), "  "));
    assert_eq!(refused(empty).code, "bad_question");
    assert!(world.timeline(&shared::id::ContactId::parse("ctc_nobody").unwrap()).is_empty());
}
