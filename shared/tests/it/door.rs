//! The door of the inbox: links in a mail, cookies, the team, its tokens and the log of what was done.

mod access;
mod team;

use shared::{
    api::{access::Asker, me::Role},
    flow::{
        FlowError,
        door::{self, Door},
        sign_in::{self, Refused},
    },
    store::sqlite::Sqlite,
    time::{DAY_MS, MINUTE_MS},
};

use crate::world::{World, now, outside::Keys};

/// Who owns what nobody owns, as the deployment names them.
pub(super) const OWNER: &str = "wren@larkspur.example";
const IP: Option<&str> = Some("203.0.113.7");

pub(super) fn world(seed: u64) -> World {
    World::with_knowledge(seed, &["hours.md"])
}

pub(super) fn door(world: &World) -> Door<'_, Sqlite> {
    Door { db: &world.db, secrets: &Keys, public_url: "https://edge.example" }
}

/// Asks for a link, and lets the mail go out.
pub(super) fn asks(world: &mut World, email: &str) {
    // Mails of one moment lie in no order.
    world.ctx.now = world.ctx.now.plus_ms(1_000);
    let email = now(sign_in::wish(door(world), &world.ctx, email, IP)).unwrap();
    let mut ctx = world.ctx.clone();
    let effects = now(sign_in::send_link(door(world), &mut ctx, &email)).unwrap();
    world.ctx = ctx;
    world.note(effects);
    world.settle();
}

/// The link of the newest mail to somebody.
pub(super) fn link(world: &World, email: &str) -> String {
    let mail = world.sandbox(email).into_iter().next().expect("a mail");
    let (_, rest) = mail.text.split_once("/inbox/in/").expect("a link");
    rest.split_whitespace().next().unwrap().to_owned()
}

pub(super) fn enters(world: &mut World, token: &str) -> Result<String, Refused> {
    let mut ctx = world.ctx.clone();
    let entered = now(sign_in::enter(door(world), &mut ctx, token, IP)).unwrap();
    world.ctx = ctx;
    entered
}

/// Asks for a link and follows it: the cookie.
pub(super) fn signs_in(world: &mut World, email: &str) -> String {
    asks(world, email);
    let token = link(world, email);
    enters(world, &token).unwrap()
}

/// Who a cookie's browser is on the shop's site.
pub(super) fn agent(world: &World, cookie: &str) -> Option<Asker> {
    let found = now(door::browser(door(world), &world.ctx, cookie, Some(&world.site.id))).unwrap();
    found.and_then(|found| found.agent)
}

fn is_signed_in(world: &World, cookie: &str) -> bool {
    now(door::browser(door(world), &world.ctx, cookie, None)).unwrap().is_some()
}

#[test]
fn the_owner_signs_in_by_a_link_and_owns_what_nobody_owned() {
    let mut world = world(1);
    let cookie = signs_in(&mut world, OWNER);
    let Some(Asker::Agent { name, role, site, .. }) = agent(&world, &cookie) else { panic!("nobody") };
    assert_eq!((name.as_str(), role, &site), ("Wren", Role::Owner, &world.site.id));
    let mut ctx = world.ctx.clone();
    let me = now(sign_in::me(door(&world), &mut ctx, OWNER)).unwrap();
    assert_eq!((me.sites.len(), me.sites[0].role), (1, Role::Owner));
    assert!(me.sites[0].team.contains(&"Wren".to_owned()), "{:?}", me.sites[0].team);
}

#[test]
fn somebody_unknown_hears_the_same_and_gets_no_mail() {
    let mut world = world(2);
    asks(&mut world, "stranger@elsewhere.example");
    assert_eq!(world.sandbox("").len(), 0);
}

#[test]
fn a_link_works_once_and_looking_at_it_uses_nothing_up() {
    let mut world = world(3);
    asks(&mut world, OWNER);
    let token = link(&world, OWNER);
    for _ in 0..3 {
        let seen = now(sign_in::look(door(&world), &world.ctx, &token)).unwrap();
        assert!(seen.is_ok_and(|masked| !masked.contains("wren")), "a scanner sees no address");
    }
    enters(&mut world, &token).unwrap();
    assert_eq!(enters(&mut world, &token), Err(Refused::Ended));
    assert_eq!(now(sign_in::look(door(&world), &world.ctx, &token)).unwrap(), Err(Refused::Ended));
}

#[test]
fn a_link_is_too_old_after_ten_minutes_and_one_of_nobodys_opens_nothing() {
    let mut world = world(4);
    asks(&mut world, OWNER);
    let token = link(&world, OWNER);
    world.ctx.now = world.ctx.now.plus_ms(10 * MINUTE_MS);
    assert_eq!(enters(&mut world, &token), Err(Refused::Ended));
    let forged = token.replacen(|c: char| c.is_ascii_lowercase(), "0", 1);
    for bad in ["", "a.b", forged.as_str()] {
        assert_eq!(enters(&mut world, bad), Err(Refused::Forged), "{bad:?}");
    }
}

#[test]
fn an_earlier_link_still_works_after_another_was_asked_for() {
    let mut world = world(5);
    asks(&mut world, OWNER);
    let first = link(&world, OWNER);
    world.ctx.now = world.ctx.now.plus_ms(MINUTE_MS);
    asks(&mut world, OWNER);
    assert_ne!(first, link(&world, OWNER));
    assert!(enters(&mut world, &first).is_ok());
}

#[test]
fn nothing_that_is_stored_signs_anybody_in() {
    let mut world = world(6);
    asks(&mut world, OWNER);
    let token = link(&world, OWNER);
    let cookie = enters(&mut world, &token).unwrap();
    // The sandbox is the mailbox itself.
    let tables = ["notices", "sign_in_links", "sign_ins", "audit", "agents", "counters"];
    for table in tables {
        let sql: &'static str = Box::leak(format!("SELECT * FROM {table}").into_boxed_str());
        let rows = format!("{:?}", world.db.run(&shared::store::Stmt { sql, args: Vec::new() }).unwrap());
        assert!(!rows.contains(&token) && !rows.contains(&cookie), "{table}: {rows}");
    }
}

#[test]
fn whoever_asks_too_often_is_locked_out_for_a_while_and_told_how_long() {
    let mut world = world(7);
    let wish = |world: &World, email: &str, ip| now(sign_in::wish(door(world), &world.ctx, email, ip));
    for _ in 0..5 {
        wish(&world, OWNER, None).unwrap();
    }
    let Err(FlowError::Rejected(refused)) = wish(&world, "WREN@larkspur.example", None) else {
        panic!("taken")
    };
    assert_eq!((refused.status, refused.code), (429, "rate_limited"));
    let wait_ms = i64::from(refused.retry_after_ms.unwrap());
    assert!(wait_ms > 0 && wait_ms <= 15 * MINUTE_MS, "{wait_ms}");
    assert!(wish(&world, "kim@larkspur.example", None).is_ok(), "another address is not locked out");
    world.ctx.now = world.ctx.now.plus_ms(wait_ms);
    assert!(wish(&world, OWNER, None).is_ok());
    let mut many = (0..40).map(|n| wish(&world, &format!("a{n}@larkspur.example"), IP));
    assert!(many.any(|wish| wish.is_err()), "one network address cannot ask for all");
    assert!(
        matches!(wish(&world, "no address", None), Err(FlowError::Rejected(no)) if no.code == "bad_address")
    );
}

#[test]
fn guessing_links_is_slowed_down() {
    let mut world = world(8);
    let mut tries = 0;
    let refused = loop {
        let mut ctx = world.ctx.clone();
        let entered = now(sign_in::enter(door(&world), &mut ctx, "a.b", IP));
        world.ctx = ctx;
        tries += 1;
        match entered {
            Ok(Err(Refused::Forged)) if tries < 100 => {}
            Err(FlowError::Rejected(refused)) => break refused,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((refused.code, tries), ("rate_limited", 21));
}

#[test]
fn a_browser_stays_signed_in_while_it_is_used_and_not_when_it_is_left() {
    let mut world = world(9);
    let cookie = signs_in(&mut world, OWNER);
    for _ in 0..4 {
        world.ctx.now = world.ctx.now.plus_ms(20 * DAY_MS);
        assert!(is_signed_in(&world, &cookie), "used");
    }
    let batches =
        |world: &World| now(door::browser(door(world), &world.ctx, &cookie, None)).unwrap().unwrap();
    assert!(!batches(&world).renewed, "noted once a day at most");
    world.ctx.now = world.ctx.now.plus_ms(30 * DAY_MS);
    assert!(!is_signed_in(&world, &cookie), "left alone for 30 days");
    assert!(!is_signed_in(&world, "0000"), "made up");
}

#[test]
fn one_browser_signs_out_alone_or_all_of_them_do() {
    let mut world = world(10);
    let cookies = [1, 2, 3].map(|_| signs_in(&mut world, OWNER));
    now(sign_in::sign_out(door(&world), Some(&cookies[0]), None)).unwrap();
    assert_eq!(cookies.each_ref().map(|cookie| is_signed_in(&world, cookie)), [false, true, true]);
    now(sign_in::sign_out(door(&world), Some(&cookies[1]), Some(OWNER))).unwrap();
    assert_eq!(cookies.each_ref().map(|cookie| is_signed_in(&world, cookie)), [false, false, false]);
}
