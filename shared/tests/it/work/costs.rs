//! What the list costs: rows written by a visitor's message, and steps to read a page beside much that is stored.

use std::collections::BTreeMap;

use shared::{
    command::WorkAct,
    flow::work::list::COUNTED,
    store::{
        Answer, Arg, Stmt,
        sqlite::Sqlite,
        work::{self, After},
    },
    time::MINUTE_MS,
};

use super::{JUN, does, writes};
use crate::world::{World, web};

fn asked(db: &Sqlite, sql: String, args: Vec<Arg>) -> Answer {
    // A test's texts may live as long as the test.
    db.run(&Stmt { sql: Box::leak(sql.into_boxed_str()), args }).unwrap()
}

/// Every row and every entry of an index, as D1 counts what is written: by table or index, its whole key.
fn written(db: &Sqlite) -> BTreeMap<String, Vec<String>> {
    let tables = asked(
        db,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'passages%' \
         AND name NOT LIKE 'sandbox%'"
            .into(),
        Vec::new(),
    );
    let mut all = BTreeMap::new();
    let mut note = |name: String, answer: Answer| {
        all.insert(name, answer.rows.iter().map(|row| format!("{row:?}")).collect());
    };
    for row in tables.rows {
        let table = row.get("name").unwrap().as_str().unwrap().to_owned();
        note(table.clone(), asked(db, format!("SELECT * FROM {table}"), Vec::new()));
        let indexes = asked(
            db,
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL"
                .into(),
            vec![Arg::Text(table.clone())],
        );
        for index in indexes.rows {
            let (name, sql) = (index.get("name").unwrap(), index.get("sql").unwrap().as_str().unwrap());
            let columns = sql.split_once('(').unwrap().1.split_once(')').unwrap().0;
            let place = sql.find("WHERE").map_or("", |at| &sql[at..]);
            let entries = format!("SELECT {columns} FROM {table} {place}");
            note(name.as_str().unwrap().to_owned(), asked(db, entries, Vec::new()));
        }
    }
    all
}

/// How many rows something writes, entries of indexes among them.
fn rows_of(world: &mut World, does: impl FnOnce(&mut World)) -> BTreeMap<String, usize> {
    let before = written(&world.db);
    does(world);
    let after = written(&world.db);
    let news = |(name, rows): (String, Vec<String>)| {
        let new = rows.iter().filter(|row| !before[&name].contains(row)).count();
        let gone = before[&name].iter().filter(|row| !rows.contains(row)).count();
        let count = new.max(gone);
        (count > 0).then_some((name, count))
    };
    after.into_iter().filter_map(news).collect()
}

#[test]
fn a_visitors_message_writes_five_rows_whoever_looks_after_it() {
    let mut world = World::with_knowledge(741, &["prices.md"]);
    let visitor = world.visitor();
    let ann = web(&visitor);
    world.says(&visitor, "Hello").unwrap();
    world.advance(MINUTE_MS);
    let rows =
        rows_of(&mut world, |world| drop(world.says(&visitor, "How much is a full service?").unwrap()));
    assert_eq!(rows.values().sum::<usize>(), 5, "{rows:?}");
    world.advance(MINUTE_MS);
    // Somebody of the team has it, and has answered: the assistant owes nothing.
    does(&mut world, &ann, JUN, WorkAct::Assign(Some(JUN.into()))).unwrap();
    writes(&mut world, &ann, JUN, "Which bike?");
    world.says(&visitor, "The red one").unwrap();
    world.advance(MINUTE_MS);
    let rows = rows_of(&mut world, |world| drop(world.says(&visitor, "And the blue one").unwrap()));
    assert_eq!(rows.values().sum::<usize>(), 5, "{rows:?}");
}

/// Twenty thousand conversations at all stages, beside a few of another site.
const FILL: &str = "WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
    INSERT INTO conversations (site_id, id, contact_id, last_seq, floor, fence, updated_at_ms, progress, assigned,
      snoozed_until_ms, waits_since_ms, promise, promised_by_ms, not_delivered, not_delivered_at_ms)
    SELECT 'ste_big', printf('cnv_%08x', n * 2654435761 % 4294967296), printf('ctc_%08x', n), 1, '\"assistant\"', 0, n,
      CASE n % 4 WHEN 0 THEN 'resolved' WHEN 1 THEN 'snoozed' ELSE 'open' END,
      CASE n % 3 WHEN 0 THEN 'Jun Park' END, CASE n % 4 WHEN 1 THEN n END, CASE n % 5 WHEN 0 THEN n END,
      CASE n % 7 WHEN 0 THEN '{}' END, CASE n % 7 WHEN 0 THEN n END, CASE n % 11 WHEN 0 THEN 'dlv_1' END,
      CASE n % 11 WHEN 0 THEN n END FROM i";

#[test]
fn a_page_costs_the_same_beside_five_hundred_conversations_and_beside_twenty_thousand() {
    let steps = [500, 20_000].map(|stored| {
        let db = Sqlite::in_memory().unwrap();
        asked(&db, FILL.into(), vec![Arg::Int(stored)]);
        let site = shared::id::SiteId::parse("ste_big").unwrap();
        let middle = After { key_ms: stored / 2, id: "cnv_8" };
        let mut pages: Vec<Stmt> = Vec::new();
        for (newest, oldest) in [(After::NEWEST, After::OLDEST), (middle, middle)] {
            pages.extend(["open", "snoozed", "resolved"].map(|at| work::at_stage(&site, at, newest, 5)));
            pages.extend([
                work::assigned(&site, JUN, newest, 5),
                work::waiting(&site, oldest, 5),
                work::unassigned(&site, oldest, 5),
                work::promised(&site, oldest, 5),
                work::not_delivered(&site, newest, 5),
            ]);
        }
        pages
            .iter()
            .map(|page| {
                assert_eq!(db.run(page).unwrap().rows.len(), 5, "{page:?}");
                db.steps(page).unwrap()
            })
            .collect::<Vec<_>>()
    });
    // A step or two depend on where the place falls in a page of the index.
    let same = steps[0].iter().zip(&steps[1]).all(|(few, many)| few.abs_diff(*many) <= 9);
    assert!(same, "{steps:?}");
}

#[test]
fn counting_ends_at_its_bound() {
    let db = Sqlite::in_memory().unwrap();
    asked(&db, FILL.into(), vec![Arg::Int(20_000)]);
    let site = shared::id::SiteId::parse("ste_big").unwrap();
    let counts: shared::api::list::Counts =
        db.run(&work::counts(&site, JUN, COUNTED)).unwrap().decode_first().unwrap().unwrap();
    let all = [counts.mine, counts.unassigned, counts.waiting, counts.promised, counts.not_delivered];
    assert!(all.into_iter().all(|count| count == COUNTED), "{counts:?}");
}
