//! What the team looks for is found.

use shared::{
    api::list::Found,
    channel::Channel,
    flow::work::{digest, search},
    store::{Arg, Stmt, sqlite::Break},
    time::MINUTE_MS,
};

use super::{ANN, MARIA, texted};
use crate::world::{World, mailbox, now, phone};

const MAILBOX: &str = "maria@example.com";

fn found(world: &World, query: &str) -> Vec<Found> {
    now(search::find(world.scope(), &world.ctx, query, 20)).unwrap()
}

/// What a query finds: the part and the name, in order.
fn parts(world: &World, query: &str) -> Vec<(String, String)> {
    found(world, query).into_iter().map(|found| (found.part, found.name.unwrap_or_default())).collect()
}

fn people(world: &World, query: &str) -> Vec<String> {
    let people = found(world, query).into_iter().filter(|found| found.place.is_none());
    people.filter_map(|found| found.name).collect()
}

#[test]
fn people_are_found_by_their_name_and_by_any_digits_or_letters_of_their_addresses() {
    let mut world = texted(751, &[(ANN, "Hello")]);
    world.mails("zoe.quinn@example.com", "Hi", "Hello", None);
    world.advance(MINUTE_MS);
    for query in
        ["maria", "MARÍA lop", "lopez maria", "4155552671", "555 2671", "(415) 555-26", "maria@", "ari"]
    {
        assert_eq!(people(&world, query), ["Maria Lopez"], "{query}");
    }
    for query in ["zoe.quinn@example.com", "quinn", "uinn@", "zoe"] {
        assert_eq!(people(&world, query), ["zoe.quinn@example.com"], "{query}");
    }
    assert_eq!(people(&world, "5550101"), [ANN]);
    for query in ["mariana", "lopez quinn", "999", "", "?!", "\"", "site : x", "a\" OR \"b", "NEAR(a b)", "*"]
    {
        assert_eq!(people(&world, query), Vec::<String>::new(), "{query}");
    }
    let hit = found(&world, "555 2671").remove(0);
    assert_eq!((&*hit.part, &*hit.excerpt), ("address", "+1415\u{2402}5552671\u{2403}"));
}

#[test]
fn what_was_said_is_found_by_all_its_words_the_newest_first_at_once() {
    let mut world = texted(752, &[(ANN, "My Bäckup wheel squeaks"), (MARIA, "a wheel, and a squeak")]);
    let both = [("text".to_owned(), "Maria Lopez".to_owned()), ("text".to_owned(), ANN.to_owned())];
    assert_eq!(parts(&world, "wheel squeak"), both, "the last word may go on");
    assert_eq!(parts(&world, "wheel squeak "), both[..1], "unless it is ended");
    assert_eq!(parts(&world, "backup"), both[1..]);
    assert_eq!(found(&world, "backup")[0].excerpt, "My \u{2402}Bäckup\u{2403} wheel squeaks");
    world.mails(MAILBOX, "Zanzibar", "About the trip", None);
    // Nothing but the mail itself has happened since.
    let hit = found(&world, "zanzibar").remove(0);
    let maria = world.contact(&mailbox(MAILBOX)).unwrap();
    let place = world.timeline(&maria).into_iter().rfind(|event| event.channel == Channel::Email).unwrap();
    assert_eq!(
        (&*hit.part, hit.contact, hit.place),
        ("subject", maria, Some((place.conversation, place.seq)))
    );
}

#[test]
fn whoever_was_joined_is_found_once_as_whoever_they_are_and_a_new_name_is_found_instead_of_none() {
    let mut world = World::with_knowledge(753, &["prices.md"]);
    let visitor = world.visitor();
    world.says(&visitor, "My name is Quetzal").unwrap();
    world.advance(MINUTE_MS);
    assert_eq!(people(&world, "quetz"), ["Quetzal"]);
    world.texts(ANN, "Hello");
    world.advance(MINUTE_MS);
    world.continues(&visitor, Channel::Sms, ANN).unwrap();
    world.advance(MINUTE_MS);
    world.texts(ANN, "It is me");
    world.advance(MINUTE_MS);
    let found = found(&world, "quetzal");
    let ann = world.contact(&phone(ANN)).unwrap();
    assert!(found.iter().all(|found| found.contact == ann), "{found:?}");
    assert_eq!(found.iter().filter(|found| found.place.is_none()).count(), 1);
}

#[test]
fn what_is_erased_is_found_no_more_and_no_word_of_it_is_kept() {
    let world = texted(754, &[(ANN, "the xylophone is broken")]);
    assert_eq!(found(&world, "xylophone").len(), 1);
    let erase = "UPDATE events SET body = '{\"erased\":{}}' WHERE body LIKE '%xylophone%'";
    world.db.run(&Stmt { sql: erase, args: Vec::new() }).unwrap();
    assert_eq!(found(&world, "xylophone"), []);
    let left = "SELECT rowid FROM search_words WHERE search_words MATCH ?1";
    let left = Stmt { sql: left, args: vec![Arg::Text("xylophone".into())] };
    assert!(world.db.run(&left).unwrap().rows.is_empty());
}

#[test]
fn a_site_finds_nothing_of_anothers() {
    let mut world = texted(755, &[(ANN, "the xylophone is broken")]);
    assert_eq!(found(&world, "xylophone").len(), 1);
    world.site.id = shared::id::SiteId::parse("ste_other").unwrap();
    for query in ["xylophone", "maria", "5550101"] {
        assert_eq!(found(&world, query), [], "{query}");
    }
}

#[test]
fn a_crash_at_any_call_takes_everything_in_once() {
    for how in [Break::Before, Break::After] {
        for at in 0..16 {
            let world = texted(756, &[(ANN, "the xylophone is broken"), (MARIA, "a xylophone, too")]);
            world.db.crash(at, how);
            let _ = now(digest::digest(world.scope(), &world.ctx));
            world.db.spare();
            assert!(now(digest::digest(world.scope(), &world.ctx)).unwrap());
            assert_eq!(found(&world, "xylophone").len(), 2, "{how:?} {at}");
            let counts =
                world.db.run(&shared::store::digests::counted(&world.site.id, "2026-11-01", "2026-11-30"));
            let counts = shared::store::digests::decode_counts(counts.unwrap()).unwrap();
            assert_eq!((counts["talks"], counts["contacts"]), (2, 2), "{how:?} {at}: {counts:?}");
        }
    }
}
