//! Every statement of the product, walked.

use shared::store::{all_statements, sqlite::Sqlite};

/// Statements that find the tenant itself, or work for all of them.
const WITHOUT_SITE: &[&str] = &[
    "SITE_BY_ENDPOINT",
    "SITE_BY_ADDRESS",
    "SITE",
    "SITES",
    "PUT_SITE",
    "OWING",
    "DUE",
    "DELIVERY",
    "LIST",
    "ONE",
];

#[test]
fn invariant_15_every_statement_on_a_tenants_rows_names_the_site() {
    for (name, sql) in all_statements() {
        if !WITHOUT_SITE.contains(&name) {
            assert!(sql.contains("site_id"), "{name} does not name the site: {sql}");
        }
    }
}

#[test]
fn every_statement_is_one_sqlite_understands() {
    let db = Sqlite::in_memory().unwrap();
    for (name, sql) in all_statements() {
        db.explain(sql).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn only_lists_of_a_site_walk_its_rows() {
    /// The timeline view's list is of the whole site, and a site has one digest.
    const LISTS: &[&str] = &["LATEST", "DIGEST"];
    let db = Sqlite::in_memory().unwrap();
    for (name, sql) in all_statements() {
        for line in db.explain(sql).unwrap() {
            assert!(LISTS.contains(&name) || !line.ends_with("(site_id=?)"), "{name}: {line}");
        }
    }
}

#[test]
fn no_query_walks_a_whole_table_that_grows_with_messages() {
    let db = Sqlite::in_memory().unwrap();
    let growing =
        ["events", "conversations", "deliveries", "verdicts", "contacts", "handles", "arrivals", "consents"];
    for (name, sql) in all_statements() {
        for line in db.explain(sql).unwrap() {
            let scans = growing.iter().any(|table| {
                line == format!("SCAN {table}") || line.starts_with(&format!("SCAN {table} USING COVERING"))
            });
            assert!(!scans, "{name}: {line}");
        }
    }
}
