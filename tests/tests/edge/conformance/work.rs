//! The work of the team, asked by hand: lists, turns, the search, lessons.

use e2e::native::{World, now, phone};
use shared::{
    flow::{
        self,
        inbox::timeline::{From, load_stretch},
    },
    store::{
        DbError, Stmt, canned, digests, taught,
        work::{self, After},
    },
};

use super::MARIA;

/// The list's views, their cards and counts, and the turns of the team; a turn that was given meanwhile is refused.
pub(super) fn work_by_hand(world: &World) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    let conversation = world.conversation(&phone(MARIA)).id;
    for (newest, oldest) in
        [(After::NEWEST, After::OLDEST), (After { key_ms: at.ms(), id: "cnv_5" }, After::OLDEST)]
    {
        run(&work::at_stage(site, "open", newest, 10));
        run(&work::assigned(site, "Jun Park", newest, 10));
        run(&work::waiting(site, oldest, 10));
        run(&work::unassigned(site, oldest, 10));
        run(&work::promised(site, oldest, 10));
        run(&work::not_delivered(site, newest, 10));
    }
    let contact = world.contact(&phone(MARIA)).expect("Maria");
    let read = |from| now(load_stretch(world.scope(), &world.ctx, &contact, &from, 3)).expect("a stretch");
    let newest = read(From::End);
    read(From::Before(newest.before.expect("older entries")));
    read(From::After(newest.after));
    run(&work::counts(site, "Jun Park", 100));
    run(&work::cards(site, &[&conversation]));
    run(&work::deal_with(site, &conversation));
    run(&work::awake(at, 10));
    let team = ["Jun Park".to_owned(), "Theo Lindqvist".to_owned()];
    let rounds =
        work::decode_rounds(run(&work::rounds(site, &team, 5))).expect("turns").after("Jun Park", at);
    run(&work::put_rounds(site, &rounds));
    let taken = now(shared::store::Db::batch(db, &[work::put_rounds(site, &rounds)]));
    assert!(matches!(taken, Err(DbError::Conflict(_))), "{taken:?}");
    run(&work::rounds(site, &team, 5));
}

/// Everything is taken into the search and the counts once; what was taken in meanwhile is refused. Lessons and canned replies.
pub(super) fn search_by_hand(world: &World) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    run(&digests::due(10));
    for _ in 0..2 {
        while !now(flow::work::digest::digest(world.scope(), &world.ctx)).expect("a digest") {}
    }
    let conversation = world.conversation(&phone(MARIA)).id;
    let taken = now(shared::store::Db::batch(db, &[digests::take(site, &conversation, 0, 1)]));
    assert!(matches!(taken, Err(DbError::Conflict(_))), "{taken:?}");
    run(&digests::review(site, &conversation, 1, "unsure", at));
    for query in ["maria", "555 2671", "full service", "precio"] {
        now(flow::work::search::find(world.scope(), &world.ctx, query, 20)).expect("a search");
    }
    now(flow::work::reports::load_report(world.scope(), &world.ctx, "2026-11-01", "2026-12-31"))
        .expect("a report");
    let id = shared::id::TaughtId::parse("tgt_one").expect("an id");
    let (question, answer, by) = ("Do you repair unicycles?".into(), "Yes.".into(), "Jun Park".into());
    let lesson = shared::work::Lesson { id, question, answer, by };
    for stmts in [taught::put(site, &lesson, at), taught::remove(site, &lesson.id)] {
        now(shared::store::Db::batch(db, &stmts)).expect("a lesson");
    }
    run(&taught::all(site, 10));
    run(&taught::reviews(site, (at.plus_ms(1).ms(), "~", 0), 10));
    run(&taught::reviewed(site, &conversation, 1, "Jun Park"));
    run(&canned::put(site, "hello", "Hi {name}", at));
    run(&canned::all(site, 10));
    run(&canned::remove(site, "hello"));
}
