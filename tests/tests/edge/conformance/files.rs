//! Files, asked by hand: from the upload to the end.

use e2e::native::{World, phone};
use shared::{
    file::File,
    id::FileId,
    store::{Stmt, files},
};

use super::MARIA;

/// A file that is sent, one that never is, and the erasure of a conversation's.
pub(super) fn files_by_hand(world: &World) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    let conversation = world.conversation(&phone(MARIA)).id;
    let ids = ["fil_1", "fil_2"].map(|id| FileId::parse(id).expect("an id"));
    for id in &ids {
        let file = File {
            site: site.clone(),
            id: id.clone(),
            conversation: conversation.clone(),
            address_key: String::new(),
            name: "naïve \"quote\".pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: 9,
            sha256: "00".to_owned(),
            created_at: at,
            seq: None,
            due_at: Some(at),
        };
        // The same again changes nothing.
        for _ in 0..2 {
            run(&files::add(&file));
        }
    }
    for _ in 0..2 {
        run(&files::send(site, &ids[0], &conversation, 1));
    }
    run(&files::one(site, &ids[0]));
    run(&files::named(site, &ids));
    run(&files::of_conversation(site, &conversation, 10));
    for id in &ids {
        run(&files::close(site, id, at));
        run(&files::send(site, id, &conversation, 2));
    }
    run(&files::due(at, 10));
    run(&files::erase(site, &conversation));
    run(&files::due(at, 10));
    for id in &ids {
        run(&files::remove(site, id, at));
    }
    run(&files::named(site, &ids));
}
