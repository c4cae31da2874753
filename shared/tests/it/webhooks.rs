//! Webhooks: a site's own programs are told what happens, signed, again until they take it, and never where they must not be.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use shared::{
    api::{
        access::Asker,
        scope::ApiScope,
        webhooks::{HookKind, HookState, WebhookChange, WebhookMade, WebhookWish},
    },
    command::{WorkAct, WorkWish},
    flow::{FlowError, webhooks, work},
    id::WebhookId,
    signature,
    store::{Arg, Stmt},
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
};

use crate::world::{World, now, outside::Failing, web};

const URL: &str = "https://shop.example/hook";

fn world(seed: u64) -> World {
    World::with_knowledge(seed, &["hours.md"])
}

fn wish(kinds: &[HookKind]) -> WebhookWish {
    WebhookWish { url: URL.into(), kinds: kinds.to_vec() }
}

fn makes(world: &mut World, kinds: &[HookKind]) -> WebhookMade {
    let mut ctx = world.ctx.clone();
    let made = now(webhooks::add(world.scope(), &mut ctx, &Asker::Deployment, wish(kinds))).unwrap();
    world.ctx = ctx;
    made
}

/// What the site's program was sent: the `webhook-id` and the body.
fn told(world: &World) -> Vec<(String, Value)> {
    let requests = world.outside.hooked.borrow();
    let body = |body: &[u8]| serde_json::from_slice(body).unwrap();
    requests.iter().map(|it| (it.header("webhook-id").unwrap().to_owned(), body(&it.body))).collect()
}

fn kinds(world: &World) -> Vec<String> {
    told(world).into_iter().map(|(_, body)| body["type"].as_str().unwrap().to_owned()).collect()
}

fn log(world: &World, id: &WebhookId) -> Vec<shared::api::webhooks::HookSend> {
    now(webhooks::load_log(world.scope(), &world.ctx, id)).unwrap().sends
}

fn state(world: &World) -> HookState {
    now(webhooks::load_webhooks(world.scope())).unwrap().webhooks[0].state
}

fn code<T: std::fmt::Debug>(result: Result<T, FlowError>) -> &'static str {
    match result {
        Err(FlowError::Rejected(rejection)) => rejection.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_program_is_told_what_it_asked_for_in_a_way_that_it_can_check() {
    let mut world = world(1);
    let chosen = [HookKind::ContactCreated, HookKind::MessageReceived, HookKind::MessageSent];
    let made = makes(&mut world, &chosen);
    let visitor = world.visitor();
    world.says(&visitor, "When are you open on Friday?").unwrap();
    world.advance(MINUTE_MS);
    let mut found = kinds(&world);
    found.sort();
    found.dedup();
    assert_eq!(found, ["contact.created", "message.received", "message.sent"]);
    let contact = world.contact(&web(&visitor)).unwrap();
    let requests = world.outside.hooked.borrow();
    let key = STANDARD.decode(made.secret.strip_prefix("whsec_").unwrap()).unwrap();
    for request in requests.iter() {
        assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", URL));
        let (id, at) = (request.header("webhook-id").unwrap(), request.header("webhook-timestamp").unwrap());
        let signed = [id.as_bytes(), b".", at.as_bytes(), b".", &request.body].concat();
        let mac = signature::base64(&signature::hmac_sha256(&key, &[&signed]));
        assert_eq!(request.header("webhook-signature").unwrap(), format!("v1,{mac}"));
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["data"]["contact"], contact.as_str());
    }
    drop(requests);
    let (_, received) =
        told(&world).into_iter().find(|(_, body)| body["type"] == "message.received").unwrap();
    assert_eq!(received["data"]["text"], "When are you open on Friday?");
    assert_eq!(received["data"]["channel"], "widget");
    assert!(log(&world, &made.webhook.id).iter().all(|it| it.state == "sent" && it.status == Some(204)));
}

#[test]
fn what_nobody_asked_for_is_not_told_and_a_site_without_webhooks_writes_nothing() {
    let mut world = world(2);
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.advance(MINUTE_MS);
    let stmt = Stmt { sql: "SELECT count(*) AS n FROM webhook_sends", args: Vec::<Arg>::new() };
    let rows = world.db.run(&stmt).unwrap();
    assert!(format!("{:?}", rows.rows).contains('0'), "{rows:?}");
    makes(&mut world, &[HookKind::ConversationResolved]);
    world.says(&visitor, "When are you open?").unwrap();
    world.advance(MINUTE_MS);
    assert!(told(&world).is_empty());
    let (contact, by) = (world.contact(&web(&visitor)).unwrap(), world.site.team[0].clone());
    let mut ctx = world.ctx.clone();
    let wish = WorkWish { by, act: WorkAct::Resolve };
    let handled = now(work::act(world.scope(), &mut ctx, &contact, wish)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world.settle();
    assert_eq!(kinds(&world), ["conversation.resolved"]);
}

#[test]
fn what_is_not_taken_is_sent_again_under_the_same_id_until_it_is() {
    let mut world = world(3);
    let made = makes(&mut world, &[HookKind::MessageReceived]);
    world.outside.hook_answers.borrow_mut().extend([500, 302]);
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.advance(HOUR_MS);
    let told = told(&world);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|it| *it == told[0]), "the same each time: {told:?}");
    let line = log(&world, &made.webhook.id).remove(0);
    assert_eq!((line.state.as_str(), line.attempts, line.status), ("sent", 3, Some(204)));
}

#[test]
fn a_lost_hint_and_a_lost_answer_lose_nothing() {
    let mut world = world(4);
    makes(&mut world, &[HookKind::ContactCreated]);
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.waiting_is_lost();
    world.outside.failures.borrow_mut().push_back(Failing::LostBefore);
    world.sweep();
    world.advance(HOUR_MS);
    assert_eq!(kinds(&world), ["contact.created"]);
}

#[test]
fn a_webhook_that_fails_for_days_is_turned_off_and_what_it_missed_can_be_sent_again() {
    let mut world = world(5);
    let made = makes(&mut world, &[HookKind::ContactCreated]);
    world.outside.hook_answers.borrow_mut().extend([500; 60]);
    for day in 0..5 {
        let visitor = world.visitor();
        world.says(&visitor, "Hello").unwrap();
        world.advance(DAY_MS);
        assert_eq!(state(&world) == HookState::On, day < 3, "day {day}");
    }
    world.advance(2 * DAY_MS);
    world.outside.hook_answers.borrow_mut().clear();
    world.outside.hooked.borrow_mut().clear();
    let id = made.webhook.id;
    let missed = log(&world, &id).into_iter().find(|it| it.state == "wedged").expect("given up");
    assert_eq!((missed.status, missed.reason.as_deref()), (Some(500), Some("refused")));
    let mut ctx = world.ctx.clone();
    assert_eq!(code(now(webhooks::replay(world.scope(), &mut ctx, &id, &missed.id))), "webhook_off");
    let on = WebhookChange { on: Some(true), ..WebhookChange::default() };
    now(webhooks::change(world.scope(), &mut ctx, (&Asker::Deployment, &id), on)).unwrap();
    assert_eq!(code(now(webhooks::replay(world.scope(), &mut ctx, &id, "evt_none"))), "unknown_send");
    let (_, effects) = now(webhooks::replay(world.scope(), &mut ctx, &id, &missed.id)).unwrap();
    world.note(effects);
    world.settle();
    assert_eq!(told(&world)[0].0, missed.id);
    assert_eq!(log(&world, &id).into_iter().find(|it| it.id == missed.id).unwrap().state, "sent");
}

#[test]
fn one_that_says_it_is_gone_is_turned_off_at_once_and_one_that_is_off_is_told_nothing() {
    let mut world = world(6);
    makes(&mut world, &[HookKind::MessageReceived]);
    world.outside.hook_answers.borrow_mut().push_back(410);
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.advance(MINUTE_MS);
    assert_eq!(state(&world), HookState::Disabled);
    world.says(&visitor, "Hello again").unwrap();
    world.advance(MINUTE_MS);
    assert_eq!(told(&world).len(), 1);
}

#[test]
fn a_test_says_only_that_it_is_one() {
    let mut world = world(7);
    let made = makes(&mut world, &[HookKind::ContactCreated]);
    let mut ctx = world.ctx.clone();
    let (sent, effects) = now(webhooks::test(world.scope(), &mut ctx, &made.webhook.id)).unwrap();
    world.ctx = ctx;
    world.note(effects);
    world.settle();
    let told = told(&world);
    assert_eq!((told.len(), &told[0].0), (1, &sent.id));
    assert_eq!(
        (told[0].1["type"].as_str(), &told[0].1["data"]),
        (Some("webhook.test"), &serde_json::json!({}))
    );
}

#[test]
fn what_was_erased_before_it_was_sent_is_sent_to_nobody() {
    let mut world = world(8);
    let made = makes(&mut world, &[HookKind::MessageReceived]);
    world.outside.hook_answers.borrow_mut().push_back(500);
    let visitor = world.visitor();
    world.says(&visitor, "My secret").unwrap();
    world.settle();
    assert_eq!(told(&world).len(), 1);
    let (contact, by) = (world.contact(&web(&visitor)).unwrap(), world.site.team[0].clone());
    let mut ctx = world.ctx.clone();
    now(shared::flow::people::erase::erase(world.scope(), &mut ctx, &contact, by)).unwrap();
    world.ctx = ctx;
    world.advance(DAY_MS);
    assert_eq!(told(&world).len(), 1, "not a second time");
    let line = log(&world, &made.webhook.id).remove(0);
    assert_eq!((line.state.as_str(), line.reason.as_deref()), ("cancelled", Some("erased")));
}

#[test]
fn a_webhook_goes_where_it_may_in_small_number_and_by_whoever_may_read() {
    let mut world = world(9);
    let mut ctx = world.ctx.clone();
    let mut adds = |asker: &Asker, url: &str, kinds: &[HookKind]| {
        let wish = WebhookWish { url: url.into(), kinds: kinds.to_vec() };
        now(webhooks::add(world.scope(), &mut ctx, asker, wish))
    };
    let some = [HookKind::ContactCreated];
    assert_eq!(code(adds(&Asker::Deployment, "https://169.254.169.254/", &some)), "bad_url");
    assert_eq!(code(adds(&Asker::Deployment, "http://shop.example/", &some)), "bad_url");
    assert_eq!(code(adds(&Asker::Deployment, URL, &[HookKind::Test])), "no_kinds");
    let site = world.site.id.clone();
    let token = |scopes| Asker::Token { site: site.clone(), name: "Shop".into(), scopes };
    assert_eq!(code(adds(&token(vec![ApiScope::SettingsWrite]), URL, &some)), "not_allowed");
    let all = ApiScope::ALL.to_vec();
    let made: Vec<_> = (0..5).map(|_| adds(&token(all.clone()), URL, &some).unwrap()).collect();
    assert_eq!(code(adds(&Asker::Deployment, URL, &some)), "too_many_webhooks");
    assert_ne!(made[0].secret, made[1].secret);
    let id = &made[0].webhook.id;
    world.ctx = ctx.clone();
    now(webhooks::remove(world.scope(), &mut ctx, id)).unwrap();
    assert_eq!(code(now(webhooks::remove(world.scope(), &mut ctx, id))), "unknown_webhook");
    assert_eq!(now(webhooks::load_webhooks(world.scope())).unwrap().webhooks.len(), 4);
}
