//! Leaving marketing mail on the wire: what a mail program posts, what a scanner follows, and what a forger tries.

use e2e::{
    client::{Answer, Call},
    clock::PATIENCE,
    shop::{QUESTION, Shop},
    world::{SIGNING_KEY, World},
};
use serde_json::{Value, json};
use shared::{
    channel::email::unsubscribe::{self, ONE_CLICK},
    contact::{Address, AddressKind},
};

use crate::world;

const FORM: &str = "application/x-www-form-urlencoded";

/// A shop that somebody has written to by email, and the link for their mailbox.
fn shop_and_link(world: &World, mailbox: &str) -> (Shop, String) {
    let (shop, sandbox) = (world.opens_a_shop(), world.sandbox());
    sandbox.writes(mailbox, shop.mailbox(), "My bike", QUESTION);
    sandbox.waits_for(mailbox, 1, PATIENCE);
    let link = link(world, &shop, mailbox);
    (shop, link)
}

fn link(world: &World, shop: &Shop, mailbox: &str) -> String {
    let mailbox = Address::new(AddressKind::Email, mailbox);
    unsubscribe::link(world.edge(), &unsubscribe::seal(SIGNING_KEY, &shop.site.id, &mailbox))
}

fn ledger(world: &World, shop: &Shop) -> Vec<Value> {
    let sql = "SELECT n, json_extract(body, '$.action') AS action, json_extract(body, '$.purpose') AS purpose
        FROM consents WHERE site_id = ?1 ORDER BY n";
    world.host.query(sql, &[json!(shop.site.id.as_str())])
}

fn clicks(link: &str) -> Answer {
    Call::post(link, FORM, ONE_CLICK).send()
}

#[test]
fn a_scanner_that_follows_the_link_unsubscribes_nobody() {
    let world = world();
    let (shop, link) = shop_and_link(&world, "maria.scan@example.com");
    for _ in 0..2 {
        let page = Call::get(&*link).send().expect_ok("the page");
        assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
        assert_eq!((page.header("set-cookie"), page.header("cache-control")), (None, Some("no-store")));
        let text = page.text();
        assert!(text.contains("m•••@example.com") && text.contains("Stop everything by email"), "{text}");
        assert!(!text.contains("<script"), "{text}");
    }
    assert_eq!(ledger(&world, &shop), Vec::<Value>::new());
}

#[test]
fn one_click_acts_at_once_and_a_second_changes_nothing() {
    let world = world();
    let (shop, link) = shop_and_link(&world, "maria.click@example.com");
    let waits = |id: &str, purpose: &str| {
        let sql = "INSERT INTO deliveries (id, site_id, conversation_id, seq, endpoint_id, channel, address_kind,
              address_key, address, purpose, state, due_at_ms, updated_at_ms)
            SELECT ?2, site_id, conversation_id, seq, endpoint_id, channel, address_kind, address_key, address, ?3,
              'pending', 9000000000000, updated_at_ms
            FROM deliveries WHERE site_id = ?1 AND purpose = 'reply' LIMIT 1";
        let id = format!("dlv_{id}_{}", shop.site.id.as_str().trim_start_matches("ste_"));
        world.host.query(sql, &[json!(shop.site.id.as_str()), json!(id), json!(purpose)]);
    };
    waits("news", "marketing");
    waits("receipt", "transactional");
    for _ in 0..2 {
        let answer = clicks(&link);
        assert_eq!(
            (answer.status, answer.header("location"), answer.header("set-cookie")),
            (200, None, None)
        );
    }
    assert_eq!(ledger(&world, &shop), [json!({"n": 1, "action": "revoke", "purpose": "marketing"})]);
    let waiting = world.host.query(
        "SELECT purpose, state FROM deliveries WHERE site_id = ?1 AND due_at_ms = 9000000000000 ORDER BY purpose",
        &[json!(shop.site.id.as_str())],
    );
    assert_eq!(
        waiting,
        [
            json!({"purpose": "marketing", "state": "cancelled"}),
            json!({"purpose": "transactional", "state": "pending"}),
        ]
    );
    let page = Call::get(&*link).send().expect_ok("the page").text();
    assert!(page.contains("Start news and offers again"), "{page}");
}

#[test]
fn any_other_body_is_refused_and_changes_nothing() {
    let world = world();
    let (shop, link) = shop_and_link(&world, "maria.body@example.com");
    for (kind, body) in [
        (FORM, ""),
        (FORM, "List-Unsubscribe=One-Click\r\n"),
        (FORM, "list-unsubscribe=one-click"),
        (FORM, "List-Unsubscribe=One-Click&x=1"),
        (FORM, "part=marketing"),
        ("application/json", ONE_CLICK),
        ("text/plain", "part=everything&wanted=no"),
    ] {
        let answer = Call::post(&*link, kind, body).send();
        assert_eq!(answer.status, 400, "{kind} {body:?}");
        assert!(answer.text().contains("Nothing was changed"), "{}", answer.text());
    }
    assert_eq!(ledger(&world, &shop), Vec::<Value>::new());
}

#[test]
fn a_forged_or_foreign_link_is_a_clear_404_and_changes_nothing() {
    let world = world();
    let mailbox = "maria.forge@example.com";
    let (shop, good) = shop_and_link(&world, mailbox);
    let stranger = world.opens_a_shop();
    let (payload, tag) = good.rsplit_once('.').expect("a tag");
    let other = link(&world, &shop, "dev.forge@example.com");
    let (other_payload, _) = other.rsplit_once('.').expect("a tag");
    let forged = [
        format!("{payload}."),
        format!("{payload}.AAAAAAAAAAAAAAAAAAAAAA"),
        format!("{other_payload}.{tag}"),
        payload.to_owned(),
        other.clone(),
        link(&world, &stranger, mailbox),
        format!("{}/u/x", world.edge()),
    ];
    for link in forged {
        let page = Call::get(&*link).header("accept-language", "es-MX,es;q=0.9").send();
        assert_eq!(page.status, 404, "{link}");
        assert!(page.text().contains("Este enlace no funciona"), "{}", page.text());
        assert_eq!(clicks(&link).status, 404, "{link}");
    }
    assert_eq!(ledger(&world, &shop), Vec::<Value>::new());
    assert_eq!(ledger(&world, &stranger), Vec::<Value>::new());
}

#[test]
fn the_pages_own_forms_stop_everything_and_start_it_again() {
    let world = world();
    let (shop, link) = shop_and_link(&world, "maria.form@example.com");
    let posts = |body: &str| Call::post(&*link, FORM, body).send().expect_ok("the form").text();
    let blocked = || {
        world.host.query(
            "SELECT blocked FROM handles WHERE site_id = ?1 AND kind = 'email'",
            &[json!(shop.site.id.as_str())],
        )
    };
    assert!(posts("part=everything&wanted=no").contains("Done: no more email at all."));
    assert_eq!(blocked(), [json!({"blocked": 1})]);
    assert!(posts("part=everything&wanted=yes").contains("Done: you get email again."));
    assert_eq!(blocked(), [json!({"blocked": 0})]);
    let page = posts("part=reminders&wanted=no");
    assert!(page.contains("Start reminders again") && page.contains("role=\"status\""), "{page}");
}
