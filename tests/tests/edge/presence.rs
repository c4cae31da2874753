//! Presence: the timeline shows who has the conversation open, and who writes, from what their Room knows.

use e2e::{
    client::Call,
    clock::{PATIENCE, eventually},
    shop::{QUESTION, Shop},
    world::World,
};

use crate::{visitor, world};

/// Waits until the newest contact's page says who is there as expected, and gives the words that it must not say.
fn shows(world: &World, shop: &Shop, words: &[&str], not: &[&str]) {
    let url = format!("{}/timeline?site={}", world.edge(), shop.site.id.as_str());
    eventually(PATIENCE, &format!("a page with {words:?} and without {not:?}"), || {
        let page = Call::get(&url).send().expect_ok("the timeline").text();
        let has = |word: &&str| page.contains(&format!("{word}</small>"));
        (words.iter().all(has) && !not.iter().any(has)).then_some(())
    });
}

#[test]
fn a_visitor_is_there_while_any_of_their_tabs_is_open() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut first = visitor(&world, &shop);
    first.asks(QUESTION);
    shows(&world, &shop, &["Here now"], &["Writing now"]);

    let mut second = first.opens_another_tab();
    second.says_hello();
    second.types(true);
    shows(&world, &shop, &["Writing now"], &["Here now"]);
    second.types(false);
    shows(&world, &shop, &["Here now"], &["Writing now"]);

    first.leaves();
    shows(&world, &shop, &["Here now"], &[]);
    second.leaves();
    shows(&world, &shop, &[], &["Here now", "Writing now"]);
}
