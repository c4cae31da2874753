//! Opt-out words on the wire: what STOP blocks, what it leaves, and who may lift it.

use std::time::Duration;

use e2e::{
    clock::PATIENCE,
    shop::{ANSWER, QUESTION, Shop},
    world::World,
};
use serde_json::json;

use crate::{a_world_of_its_own, visitor, world};

const NUMBER: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

/// A shop that knows Maria by her number and her mailbox, in a world nobody else texts in.
fn shop_that_knows_maria(world: &World) -> Shop {
    let mut shop = Shop::new();
    shop.site.people.push(shared::site::Person {
        name: "Maria Lopez".to_owned(),
        phone: Some(NUMBER.to_owned()),
        email: Some(MAILBOX.to_owned()),
        messenger: None,
        instagram: None,
        time_zone: None,
    });
    shop.opens(world.edge())
}

#[test]
fn stop_blocks_texts_and_leaves_email_and_start_restores() {
    let world = a_world_of_its_own();
    let (shop, sandbox) = (shop_that_knows_maria(&world), world.sandbox());
    sandbox.texts(NUMBER, shop.number(), QUESTION);
    sandbox.waits_for(NUMBER, 1, PATIENCE);
    sandbox.texts(NUMBER, shop.number(), "STOP");
    let confirmation = sandbox.waits_for(NUMBER, 2, PATIENCE);
    assert!(confirmation.text.contains("START"), "{confirmation:?}");

    // Nothing more by text, whatever is asked there…
    sandbox.texts(NUMBER, shop.number(), QUESTION);
    // …while the mailbox is answered, which also shows that no text is on its way any more.
    sandbox.writes(MAILBOX, shop.mailbox(), "My bike", QUESTION);
    assert!(sandbox.waits_for(MAILBOX, 1, PATIENCE).text.contains(ANSWER));
    sandbox.advances(Duration::from_mins(1));
    world.host.cron();
    sandbox.writes(MAILBOX, shop.mailbox(), "My bike", "And when are you open?");
    sandbox.waits_for(MAILBOX, 2, PATIENCE);
    assert_eq!(sandbox.inbox(NUMBER).len(), 2, "{:?}", sandbox.inbox(NUMBER));

    sandbox.texts(NUMBER, shop.number(), "START");
    let restored = sandbox.waits_for(NUMBER, 3, PATIENCE);
    assert!(restored.text.contains("STOP"), "{restored:?}");
    sandbox.texts(NUMBER, shop.number(), QUESTION);
    assert!(sandbox.waits_for(NUMBER, 4, PATIENCE).text.contains(ANSWER));
    let ledger = world.host.query(
        "SELECT count(*) AS n FROM consents WHERE site_id = ?1 AND address_key = ?2",
        &[json!(shop.site.id.as_str()), json!(NUMBER)],
    );
    assert_eq!(ledger, [json!({"n": 2})], "the ledger holds the withdrawal and the new consent");
}

#[test]
fn help_says_who_we_are_and_how_to_stop() {
    let world = a_world_of_its_own();
    let (shop, sandbox) = (world.opens_a_shop(), world.sandbox());
    sandbox.texts(NUMBER, shop.number(), "help");
    let help = sandbox.waits_for(NUMBER, 1, PATIENCE).text;
    assert!(help.contains("Test Bike Workshop") && help.contains("STOP"), "{help}");
}

#[test]
fn a_number_that_opted_out_is_not_opted_in_by_whoever_types_it() {
    let world = world();
    let (shop, sandbox) = (world.opens_a_shop(), world.sandbox());
    let number = "+14155552644";
    sandbox.texts(number, shop.number(), "STOP");
    sandbox.waits_for(number, 1, PATIENCE);
    let mut stranger = visitor(&world, &shop);
    stranger.asks(QUESTION);
    let typed = stranger.continues_by_text(number);
    stranger.is_accepted(&typed);
    stranger.asks(QUESTION);
    world.host.cron();
    let blocked = world.host.query(
        "SELECT blocked FROM handles WHERE site_id = ?1 AND kind = 'phone' AND address = ?2",
        &[json!(shop.site.id.as_str()), json!(number)],
    );
    assert_eq!(blocked, [json!({"blocked": 1})]);
    assert_eq!(sandbox.inbox(number).len(), 1);
}
