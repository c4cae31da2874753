//! How a site is set: read by parts, changed one part at a time, and never over what somebody else changed meanwhile.

mod knowledge;
mod lines;
mod pages;
mod web;

use serde_json::{Value, json};
use shared::{
    api::{
        access::{Asker, allow},
        me::Role,
        routes::{OPERATIONS, Op},
        settings::{Settings, SettingsChange},
    },
    audit::Act,
    error::Rejection,
    flow::{FlowError, Scope, audit::load_audit, import, settings},
    id::{AgentId, SiteId},
    site::Site,
    store::sites,
};

use crate::world::{World, now};

pub(super) fn world(seed: u64) -> World {
    World::with_knowledge(seed, &["prices.md"])
}

/// The code and the fields of a refusal.
pub(super) fn refused<T: std::fmt::Debug>(result: Result<T, FlowError>) -> Rejection {
    match result {
        Err(FlowError::Rejected(rejection)) => rejection,
        other => panic!("{other:?}"),
    }
}

fn fields(rejection: &Rejection) -> Vec<&str> {
    rejection.fields.iter().map(|wrong| wrong.field.as_str()).collect()
}

fn read(world: &World) -> Settings<Value> {
    now(settings::load_settings(world.scope())).unwrap()
}

fn changes(
    world: &mut World,
    by: &str,
    part: &str,
    version: u32,
    value: Value,
) -> Result<Settings<Value>, FlowError> {
    let act = Act {
        agent: by.into(),
        act: "settings_change".into(),
        subject: String::new(),
        detail: String::new(),
    };
    let wish = SettingsChange { part: part.into(), version, value };
    let mut ctx = world.ctx.clone();
    let scope = Scope { act: Some(&act), ..world.scope() };
    let changed = now(settings::change(scope, &mut ctx, by, &wish));
    world.ctx = ctx;
    changed
}

fn stored(world: &World) -> Site {
    now(sites::load_written(&world.db, &world.site.id)).unwrap().unwrap().site
}

#[test]
fn an_owner_changes_one_part_and_everything_else_stays_as_it_is() {
    let mut world = world(1);
    let before = stored(&world);
    let first = read(&world);
    assert_eq!(first.parts["site"]["name"], "Larkspur Bike Workshop");
    let color = json!({ "brand": { "color": "#1a6440", "greeting": { "en": "Hello." } } });
    let after = changes(&mut world, "Wren", "site", first.version, color).unwrap();
    assert_eq!((after.version, &after.changed["site"].by), (first.version + 1, &"Wren".to_owned()));
    assert_eq!(after.changed["site"].fields, ["brand.color", "brand.greeting.en", "brand.greeting.es"]);
    let mut expected = before;
    expected.brand.color = "#1a6440".into();
    expected.brand.greeting = [("en".to_owned(), "Hello.".to_owned())].into();
    assert_eq!(stored(&world), expected, "people, lines and sequences as well");
    let log = now(load_audit(world.scope(), None)).unwrap().lines;
    assert_eq!((log.len(), log[0].agent.as_str(), log[0].subject.as_str()), (1, "Wren", "site"));
    assert!(!log[0].detail.contains("Hello"), "no words stand in the log: {}", log[0].detail);
}

#[test]
fn an_edit_of_what_somebody_changed_meanwhile_is_refused_with_who_and_what() {
    let mut world = world(2);
    let version = read(&world).version;
    let closed = json!({ "holidays": ["2026-12-24"] });
    changes(&mut world, "Wren", "hours", version, closed.clone()).unwrap();
    let late = refused(changes(&mut world, "Kim", "hours", version, json!({ "holidays": [] })));
    assert_eq!((late.status, late.code), (409, "stale"));
    assert!(late.text.contains("Wren") && fields(&late) == ["holidays"], "{late:?}");
    assert_eq!(stored(&world).holidays, ["2026-12-24"]);
    // What nobody else touched is taken, though it was read before.
    let promises = json!({ "promises": { "within_min": 30, "pass_on_after_min": 10 } });
    changes(&mut world, "Kim", "promises", version, promises).unwrap();
    assert_eq!(stored(&world).promises.within_min, 30);
    // Looked at again, it is taken; the same again changes nothing and is no news.
    let version = read(&world).version;
    let open = changes(&mut world, "Kim", "hours", version, json!({ "holidays": [] })).unwrap();
    let again = changes(&mut world, "Kim", "hours", open.version, json!({ "holidays": [] })).unwrap();
    assert_eq!(again.version, open.version);
}

#[test]
fn an_import_counts_as_a_change_of_every_part() {
    let mut world = world(3);
    let version = read(&world).version;
    let again = import::Import { definition: stored(&world), knowledge: Vec::new(), sequences: Vec::new() };
    now(import::import(&world.db, &mut world.ctx.clone(), &again)).unwrap();
    let late = refused(changes(&mut world, "Kim", "hours", version, json!({ "holidays": [] })));
    assert_eq!((late.code, fields(&late)), ("stale", vec!["hours"]));
}

#[test]
fn each_wrong_field_is_named_and_nothing_of_the_part_is_written() {
    let mut world = world(4);
    let (before, version) = (stored(&world), read(&world).version);
    let value =
        json!({ "name": " ", "time_zone": "Mars/Base", "brand": { "color": "green", "greeting": {} } });
    let wrong = refused(changes(&mut world, "Wren", "site", version, value));
    assert_eq!((wrong.status, wrong.code), (400, "bad_settings"));
    assert_eq!(fields(&wrong), ["time_zone", "name", "brand.color"]);
    assert_eq!(wrong.fields[2].text, "Takes a colour like #1a6440.");
    let value = json!({ "hours": { "mon": [["18:00", "09:00"]] }, "holidays": ["24.12.2026"] });
    let wrong = refused(changes(&mut world, "Wren", "hours", version, value));
    assert_eq!(fields(&wrong), ["hours.mon[0]", "holidays[0]"]);
    let wrong =
        refused(changes(&mut world, "Wren", "privacy", version, json!({ "retention_months": 9_999 })));
    assert_eq!(fields(&wrong), ["retention_months"], "by its name in the part");
    let wrong = refused(changes(&mut world, "Wren", "site", version, json!({ "people": [] })));
    assert_eq!(fields(&wrong), ["people"]);
    assert_eq!(refused(changes(&mut world, "Wren", "people", version, json!({}))).code, "unknown_part");
    assert_eq!(stored(&world), before);
}

#[test]
fn whoever_has_joined_the_team_is_not_written_into_the_definition() {
    let mut world = world(5);
    world.has_agent("Ana", "ana@larkspur.example");
    let version = read(&world).version;
    changes(&mut world, "Ana", "hours", version, json!({ "holidays": [] })).unwrap();
    assert!(!stored(&world).has_member("Ana"));
}

#[test]
fn an_agent_looks_and_does_not_change_and_nobody_of_another_site_does_either() {
    let of = |op: Op| OPERATIONS.iter().find(|operation| operation.op == op).unwrap();
    let site = SiteId::parse("ste_larkspur").unwrap();
    let agent = |role, site: &str| Asker::Agent {
        site: SiteId::parse(site).unwrap(),
        id: AgentId::parse("agt_1").unwrap(),
        name: "Jo".into(),
        role,
    };
    assert!(allow(&agent(Role::Agent, "ste_larkspur"), of(Op::SettingsRead), &site).is_ok());
    for op in
        [Op::SettingsChange, Op::SnippetCheck, Op::LineTest, Op::SourceAdd, Op::SourceRemove, Op::CrawlBegin]
    {
        let refused = allow(&agent(Role::Agent, "ste_larkspur"), of(op), &site).unwrap_err();
        assert_eq!((refused.status, refused.code), (403, "not_allowed"), "{op:?}");
        let foreign = allow(&agent(Role::Owner, "ste_other"), of(op), &site).unwrap_err();
        assert_eq!((foreign.status, foreign.code), (404, "unknown_site"), "{op:?}");
    }
    // And where there is no such site at all, nothing is told of it.
    let mut world = world(6);
    world.site.id = SiteId::parse("ste_nobody").unwrap();
    assert_eq!(refused(now(settings::load_settings(world.scope()))).status, 404);
}
