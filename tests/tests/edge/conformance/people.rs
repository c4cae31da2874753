//! Who is who, asked by hand: what the story never does.

use e2e::native::{World, now, phone};
use shared::{
    channel::Channel,
    contact::{Address, AddressKind, Contact},
    id::{ContactId, ConversationId, EventId, MergeId},
    merge::{Detail, Evidence, Merge, Tagged},
    store::{Stmt, consents, contacts, erasures, fields, handles, merges},
    time::DAY_MS,
};

use super::MARIA;

/// Who is who, and what is kept of them: each statement once, on rows that are there and on some that are not.
pub(super) fn people(world: &World, maria: &ContactId) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    let mut ctx = world.ctx.clone();
    let (one, other) = (ContactId::mint(&mut ctx), ContactId::mint(&mut ctx));
    for id in [&one, &other] {
        let name = Some("Ana".to_owned());
        let contact = Contact { id: id.clone(), name, locale: None, time_zone: None };
        run(&contacts::add_contact(site, &contact, at));
        run(&merges::set_contact(site, &contact));
    }
    let merge = Merge {
        id: MergeId::mint(&mut ctx),
        into: one.clone(),
        from: other.clone(),
        at,
        by: "Jun Park".into(),
        evidence: Evidence::default(),
        undone: None,
        detail: Detail::default(),
    };
    run(&merges::add(site, &merge));
    run(&contacts::join_contact(site, &other, &one));
    // Who is somebody else by then is joined to nobody.
    let late = Merge { id: MergeId::mint(&mut ctx), ..merge.clone() };
    assert!(db.run(&merges::add(site, &late)).is_err());
    let from = world.conversation(&phone(MARIA)).id;
    let to = ConversationId::mint(&mut ctx);
    let tagged = Tagged { contact_id: other.clone(), tag: "vip".into(), at_ms: at };
    let address = Address::new(AddressKind::Phone, "+14155550199");
    let replaced = erasures::Replaced {
        by: format!("erased:{}", "0".repeat(32)),
        suppression: "hash".into(),
        entries: vec![(1, "0".repeat(64))],
        address: address.clone(),
    };
    let widget = world.site.endpoint_on(Channel::Widget).expect("a widget").id.clone();
    let event = EventId::mint(&mut ctx);
    let mut stmts = vec![
        merges::path(site, &other),
        merges::of_contact(site, &one, 10),
        merges::joined_at(site, &from),
        merges::own(site, &other),
        merges::part_handles(site, maria),
        merges::tags(site, maria),
        merges::of_name(site, "ana"),
        merges::put_tag_back(site, &one, &tagged),
        merges::keep_apart(site, &one, maria, "Jun Park", at),
        merges::is_apart(site, &one, maria),
        merges::drop_apart(site, &one, maria),
        merges::undo(site, &merge.id, "Jun Park", at),
        merges::part(site, &other),
        consents::chains_of_others(site, &from, &phone(MARIA)),
        fields::put(site, &one, ("size", "L"), "Jun Park", at),
        fields::of_contact(site, &one),
        fields::drop(site, &one, "size"),
        fields::forget(site, &one, ("budget", &event), "Jun Park", at),
        handles::share(site, &phone(MARIA), false),
        erasures::erased_at(site, &one),
        erasures::silent(site, at.plus_ms(-DAY_MS), 10),
    ];
    stmts.extend(merges::pass_back(site, &from, &to, &other));
    stmts.extend(merges::give_back(site, &to, (&one, &other), &[]));
    stmts.extend(handles::reassign(site, &address, (&one, &other), "Jun Park", at));
    stmts.extend(erasures::mails(site, &to, &widget));
    stmts.extend(erasures::conversation(site, &to, 0, std::slice::from_ref(&replaced)));
    stmts.extend(erasures::contact(site, &one, std::slice::from_ref(&replaced), at));
    stmts.extend(erasures::address(site, &replaced, Some(&widget)));
    for stmt in &stmts {
        run(stmt);
    }
    now(erasures::load_retaining(db, "", 10)).expect("sites");
}
