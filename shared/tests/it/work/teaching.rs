//! What the assistant was unsure of is looked at, taught, and answered from then on.

use shared::{
    flow::{
        FlowError,
        work::{canned, plan, teach},
    },
    id::{PlannedId, TaughtId},
    time::{HOUR_MS, MINUTE_MS},
    wire::Speaker,
    work::Lesson,
};

use super::{ANN, JUN, MARIA, refused, texted};
use crate::world::{World, now, phone};

const QUESTION: &str = "Do you repair unicycles?";

fn lesson(world: &mut World, answer: &str) -> Lesson {
    let id = TaughtId::mint(&mut world.ctx);
    Lesson { id, question: QUESTION.into(), answer: answer.into(), by: JUN.into() }
}

fn last(world: &World) -> String {
    world.last_answer(&phone(ANN)).message().unwrap().text.clone()
}

#[test]
fn what_the_assistant_did_not_know_is_listed_taught_and_answered_until_it_is_forgotten() {
    let mut world = texted(781, &[(ANN, QUESTION)]);
    let mut reviews = now(teach::load_reviews(world.scope(), &world.ctx, None, 10)).unwrap();
    assert_eq!(reviews.reviews.len(), 1, "{reviews:?}");
    let review = reviews.reviews.remove(0);
    assert_eq!((&*review.why, &*review.question), ("unsure", QUESTION));
    assert_eq!(review.contact, world.contact(&phone(ANN)).unwrap());
    let mut lesson = lesson(&mut world, "Yes, we repair unicycles for $35, any wheel size.");
    let about = Some((&review.conversation, review.seq));
    now(teach::teach(world.scope(), &world.ctx, &lesson, about)).unwrap();
    assert!(now(teach::load_reviews(world.scope(), &world.ctx, None, 10)).unwrap().reviews.is_empty());
    world.texts(ANN, QUESTION);
    world.advance(MINUTE_MS);
    assert!(last(&world).contains("$35"), "{}", last(&world));
    // Changed, it is answered anew; an import leaves it; forgotten, it is unknown again.
    lesson.answer = "Yes, we repair unicycles for $45.".into();
    now(teach::teach(world.scope(), &world.ctx, &lesson, None)).unwrap();
    let import = shared::flow::import::Import {
        definition: world.site.clone(),
        knowledge: vec![shared::flow::import::KnowledgeFile {
            path: "prices.md".into(),
            text: "# Prices\n\n## Full service\n\nA full service is $140.\n".into(),
        }],
        sequences: Vec::new(),
    };
    let mut ctx = world.ctx.clone();
    now(shared::flow::import::import(&world.db, &mut ctx, &import)).unwrap();
    world.texts(ANN, QUESTION);
    world.advance(MINUTE_MS);
    assert!(last(&world).contains("$45"), "{}", last(&world));
    assert_eq!(now(teach::load_taught(world.scope())).unwrap().len(), 1);
    now(teach::forget(world.scope(), &lesson.id)).unwrap();
    world.texts(ANN, QUESTION);
    world.advance(MINUTE_MS);
    assert!(!last(&world).contains("$45"), "{}", last(&world));
}

#[test]
fn only_the_team_teaches_and_only_what_can_be_answered() {
    let mut world = texted(782, &[(ANN, "Hello")]);
    let good = lesson(&mut world, "Yes.");
    let with = |change: &dyn Fn(&mut Lesson)| {
        let mut lesson = good.clone();
        change(&mut lesson);
        now(teach::teach(world.scope(), &world.ctx, &lesson, None))
    };
    assert_eq!(refused(with(&|it| it.by = "Nobody".into())), "unknown_member");
    assert_eq!(refused(with(&|it| it.question = " ".into())), "bad_question");
    assert_eq!(refused(with(&|it| it.answer = "x".repeat(2_001))), "bad_answer");
    let mut import = shared::flow::import::Import {
        definition: world.site.clone(),
        knowledge: Vec::new(),
        sequences: Vec::new(),
    };
    import
        .knowledge
        .push(shared::flow::import::KnowledgeFile { path: "taught/x".into(), text: "# A".into() });
    let mut ctx = world.ctx.clone();
    let told: Result<_, FlowError> = now(shared::flow::import::import(&world.db, &mut ctx, &import));
    assert_eq!(refused(told.map(drop)), "bad_definition");
}

#[test]
fn a_canned_reply_is_kept_by_its_name_and_an_unknown_variable_is_named() {
    let world = texted(783, &[(ANN, "Hello")]);
    let put = |name: &str, text: &str| now(canned::put(world.scope(), &world.ctx, name, text));
    put("hello", "Hi {name}").unwrap();
    put("hello", "Hi {name}, {site} here").unwrap();
    put("bye", "Bye").unwrap();
    let all = now(canned::load(world.scope())).unwrap();
    let pairs: Vec<_> = all.iter().map(|it| (&*it.name, &*it.text)).collect();
    assert_eq!(pairs, [("bye", "Bye"), ("hello", "Hi {name}, {site} here")]);
    for (name, text, code) in
        [("", "Hi", "bad_name"), ("a", " ", "bad_text"), ("a", "Hi {frist}", "unknown_variable")]
    {
        assert_eq!(refused(put(name, text)), code);
    }
    now(canned::remove(world.scope(), "bye")).unwrap();
    assert_eq!(now(canned::load(world.scope())).unwrap().len(), 1);
}

fn later(world: &mut World, by: &str, text: &str, ms: i64, unless_heard: bool) -> Result<(), FlowError> {
    let id = PlannedId::mint(&mut world.ctx);
    let due_at = world.ctx.now.plus_ms(ms);
    let wish = plan::Later {
        id,
        by: by.into(),
        text: text.into(),
        subject: None,
        channel: None,
        due_at,
        unless_heard,
    };
    let (contact, mut ctx) = (world.contact(&phone(MARIA)).unwrap(), world.ctx.clone());
    let handled = now(plan::later(world.scope(), &mut ctx, &contact, wish));
    world.ctx = ctx;
    world.note(handled?.effects);
    Ok(())
}

#[test]
fn what_a_member_planned_is_said_at_its_time_in_their_name_unless_the_contact_was_heard() {
    for (unless_heard, said) in [(false, 1), (true, 0)] {
        let mut world = texted(784, &[(MARIA, "How much is a full service?")]);
        later(&mut world, JUN, "Your bike is ready", 2 * HOUR_MS, unless_heard).unwrap();
        world.advance(HOUR_MS);
        world.texts(MARIA, "Thanks");
        world.advance(2 * HOUR_MS);
        let contact = world.contact(&phone(MARIA)).unwrap();
        let by_jun = world.timeline(&contact).into_iter().filter(|event| {
            event.speaker == Speaker::Agent(JUN.into())
                && event.message().is_some_and(|message| message.text.contains("ready"))
        });
        assert_eq!(by_jun.count(), said, "{unless_heard}");
    }
    let mut world = texted(785, &[(MARIA, "Hello")]);
    for (by, text, ms, code) in [
        ("Nobody", "Hi", HOUR_MS, "unknown_member"),
        (JUN, " ", HOUR_MS, "bad_text"),
        (JUN, "Hi", 0, "bad_due"),
        (JUN, "Hi", 400 * 24 * HOUR_MS, "bad_due"),
    ] {
        assert_eq!(refused(later(&mut world, by, text, ms, false)), code);
    }
}
