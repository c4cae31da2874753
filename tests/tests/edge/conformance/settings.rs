//! Sources of knowledge and reading the site's pages, asked by hand.

use e2e::native::{World, now};
use shared::{
    api::knowledge::SourceKind,
    knowledge,
    store::{
        Stmt, crawls,
        sources::{self, Put},
    },
    time::MINUTE_MS,
};

/// A source is put in, listed, read and taken away; a walk over the pages is begun, claimed once, kept and stopped.
pub(super) fn asks_by_hand(world: &World) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    // A full-text table writes within itself when a transaction ends: these go as the product sends them.
    let together = |stmts: &[Stmt]| drop(now(shared::store::Db::batch(db, stmts)).expect("a source"));
    let passages =
        knowledge::passages("own/helmets", "# Helmets\n\nWe sell helmets.\n\n## Sizes\n\nS to XL.");
    for kind in [SourceKind::Own, SourceKind::Page] {
        together(&sources::replace(site, &passages, Put { kind, address: None, by: "Jo" }, at));
    }
    run(&sources::of_site(site, 100));
    run(&sources::passages(site, "own/helmets"));
    together(&sources::replace_files(site, &passages, at));
    together(&sources::remove(site, "own/helmets"));
    run(&crawls::begin(site, "https://larkspur.example", "Jo", at));
    run(&crawls::due(at, 5));
    let until = at.plus_ms(MINUTE_MS);
    let claimed = crawls::decode(run(&crawls::claim(site, at, until))).expect("a row").expect("claimed");
    assert_eq!(crawls::decode(run(&crawls::claim(site, at, until))), Ok(None), "claimed once");
    run(&crawls::save(site, until, &claimed, at));
    run(&crawls::begin(site, "https://larkspur.example", "Jo", at));
    run(&crawls::one(site));
    run(&crawls::stop(site, at));
    together(&sources::drop_old_pages(site, at));
}
