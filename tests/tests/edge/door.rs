//! The door of the inbox on the wire: who gets in, and every operation of the table against everybody who may not.

use std::{collections::BTreeMap, time::Duration};

use e2e::{
    client::{Answer, Call},
    clock::{PATIENCE, eventually},
    host::Options,
    server::Server,
    shop::{ADMIN_TOKEN, Shop},
    world::{World, vars},
};
use serde_json::{Value, json};
use shared::api::{
    me::{Me, Role},
    routes::{Method, Needs, OPERATIONS, Op, Operation},
    scope::ApiScope,
    team::{Agent, Audit, TokenMade},
};

const OWNER: &str = "owner@door.example";

/// A world whose sites that nobody owns are the owner's.
fn a_world_with_an_owner() -> World {
    let mut vars: BTreeMap<String, String> = vars("development");
    vars.insert("OWNER_EMAIL".to_owned(), OWNER.to_owned());
    World::start_with(Options { vars, ..Options::default() }).unwrap_or_else(|error| panic!("{error}"))
}

fn asks(world: &World, email: &str) -> Answer {
    let form = format!("email={}", email.replace('@', "%40"));
    Call::post(format!("{}/inbox/sign-in", world.edge()), "application/x-www-form-urlencoded", form).send()
}

/// The path of the newest link that lies in a mailbox, once there are so many mails.
fn link(world: &World, email: &str, mails: usize) -> String {
    let mail = world.sandbox().waits_for(email, mails, PATIENCE);
    let (_, rest) = mail.text.split_once("/inbox/in/").expect("a link");
    format!("/inbox/in/{}", rest.split_whitespace().next().expect("a token"))
}

/// Signs in by a link: the cookie, as a browser sends it.
fn signs_in(world: &World, email: &str) -> String {
    let before = world.sandbox().inbox(email).len();
    assert_eq!(asks(world, email).status, 200);
    let url = format!("{}{}", world.edge(), link(world, email, before + 1));
    let looked = Call::get(&url).send().expect_ok("the page of the link");
    assert!(looked.text().contains("<form"), "{looked:?}");
    let entered = Call::post(&url, "application/x-www-form-urlencoded", "").send();
    assert_eq!((entered.status, entered.header("location")), (303, Some("/inbox")), "{entered:?}");
    let cookie = entered.header("set-cookie").expect("a cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
        "{cookie}"
    );
    cookie.split(';').next().expect("a cookie").to_owned()
}

fn url(world: &World, shop: &Shop, path: &str) -> String {
    format!("{}/api/sites/{}/{path}", world.edge(), shop.site.id)
}

/// A call of the inbox.
fn inbox(call: Call, cookie: &str) -> Answer {
    call.header("cookie", cookie).header("x-throughline", "inbox").send()
}

/// Somebody of the shop's team with a role: their cookie.
fn joins(world: &World, shop: &Shop, owner: &str, role: Role) -> String {
    let email = format!(
        "{}@{}.door.example",
        role.as_str().replace('_', "-"),
        shop.site.id.as_str().replace('_', "-")
    );
    let wish = json!({"email": email, "name": format!("Somebody {}", role.as_str()), "role": role});
    let invited = inbox(Call::post_json(url(world, shop, "agents"), &wish), owner);
    assert_eq!(invited.status, 201, "{invited:?}");
    world.sandbox().waits_for(&email, 1, PATIENCE);
    signs_in(world, &email)
}

fn token(world: &World, shop: &Shop, scopes: &[ApiScope]) -> String {
    let call = Call::post_json(url(world, shop, "tokens"), &json!({"name": "Shop", "scopes": scopes}));
    let made = call.header("authorization", &format!("Bearer {ADMIN_TOKEN}")).send();
    assert_eq!(made.status, 201, "{made:?}");
    made.json::<TokenMade>().secret
}

/// A call of an operation, with an id of nobody's for every name of its path but the site.
fn call_of(world: &World, shop: &Shop, operation: &Operation) -> Call {
    let segments = operation.path.split('/').map(|segment| match segment {
        "{site}" => shop.site.id.to_string(),
        "{contact}" => "ctc_nobody".to_owned(),
        "{planned}" => "pln_nobody".to_owned(),
        "{appointment}" => "apt_nobody".to_owned(),
        "{agent}" => "agt_nobody".to_owned(),
        "{token}" => "tok_nobody".to_owned(),
        "{webhook}" => "whk_nobody".to_owned(),
        "{sequence}" | "{field}" | "{step}" => "nothing".to_owned(),
        segment if segment.starts_with('{') => "mrg_nobody".to_owned(),
        segment => segment.to_owned(),
    });
    let url = format!("{}{}", world.edge(), segments.collect::<Vec<_>>().join("/"));
    // Whatever the body should be, this is none: who may not ask is told before it is read.
    match operation.method {
        Method::Get => Call::get(url),
        Method::Post => Call::post_json(url, &Value::Null),
        Method::Put => Call::put_json(url, &Value::Null),
        Method::Patch => Call::patch_json(url, &Value::Null),
        Method::Delete => Call::delete(url),
    }
}

fn failure(answer: &Answer) -> (u16, String) {
    let code = serde_json::from_slice::<Value>(&answer.body).ok();
    let code = code.and_then(|body| body["code"].as_str().map(str::to_owned));
    (answer.status, code.unwrap_or_default())
}

#[test]
fn every_operation_is_closed_to_everybody_who_may_not() {
    let world = a_world_with_an_owner();
    let (shop, other) = (world.opens_a_shop(), world.opens_a_shop());
    let owner = signs_in(&world, OWNER);
    let roles =
        [Role::ReadOnly, Role::Agent, Role::Admin].map(|role| (role, joins(&world, &shop, &owner, role)));
    let stranger = joins(&world, &other, &owner, Role::Admin);
    let every = token(&world, &shop, ApiScope::ALL);
    let foreign = token(&world, &other, ApiScope::ALL);
    let lacking: BTreeMap<ApiScope, String> = ApiScope::ALL
        .iter()
        .map(|scope| {
            let rest: Vec<_> = ApiScope::ALL.iter().filter(|other| *other != scope).copied().collect();
            (*scope, token(&world, &shop, &rest))
        })
        .collect();
    let bearer = |call: Call, token: &str| call.header("authorization", &format!("Bearer {token}")).send();
    for operation in OPERATIONS {
        let name = operation.name();
        let call = || call_of(&world, &shop, operation);
        let Needs::Site(scope, least) = operation.needs else {
            if operation.needs == Needs::SignedIn {
                assert_eq!(failure(&call().send()).0, 401, "{name}: nobody");
                assert_eq!(failure(&bearer(call(), &every)).0, 401, "{name}: a token is nobody");
            }
            continue;
        };
        assert_eq!(failure(&call().send()), (401, "unauthorized".into()), "{name}: nobody");
        assert_eq!(failure(&bearer(call(), "tl_0000")).0, 401, "{name}: a made-up token");
        assert_eq!(failure(&inbox(call(), "tl=0000")).0, 401, "{name}: a made-up cookie");
        let refused = bearer(call(), &lacking[&scope]);
        assert_eq!(failure(&refused), (403, "not_allowed".into()), "{name}: lacks {}", scope.as_str());
        assert!(refused.text().contains(scope.as_str()), "{name}: {refused:?}");
        assert_eq!(failure(&bearer(call(), &foreign)), (404, "unknown_site".into()), "{name}: foreign token");
        assert_eq!(failure(&inbox(call(), &stranger)), (404, "unknown_site".into()), "{name}: foreign agent");
        for (role, cookie) in &roles {
            let answer = inbox(call(), cookie);
            if *role < least {
                assert_eq!(failure(&answer), (403, "not_allowed".into()), "{name}: {}", role.as_str());
                assert!(answer.text().contains(least.as_str()), "{name}: {answer:?}");
            } else {
                let denied =
                    matches!(failure(&answer).1.as_str(), "unauthorized" | "not_allowed" | "unknown_site");
                assert!(!denied && answer.status < 500, "{name}: {} {answer:?}", role.as_str());
            }
        }
        if operation.method != Method::Get {
            let bare = call().header("cookie", &owner).send();
            assert_eq!(failure(&bare), (403, "foreign_call".into()), "{name}: without the inbox's header");
            let evil = call().header("origin", "https://evil.example");
            assert_eq!(failure(&inbox(evil, &owner)), (403, "foreign_call".into()), "{name}: another page");
        }
        let answer = bearer(call(), &every);
        let denied = matches!(failure(&answer).1.as_str(), "unauthorized" | "unknown_site");
        // The Desk is for people.
        let expected = failure(&answer).1 != "not_allowed" || operation.op == Op::DeskJoin;
        assert!(!denied && expected && answer.status < 500, "{name}: {answer:?}");
    }
}

#[test]
fn a_link_signs_in_once_and_signing_out_ends_it() {
    let world = a_world_with_an_owner();
    let shop = world.opens_a_shop();
    let cookie = signs_in(&world, OWNER);
    let me = format!("{}/api/me", world.edge());
    let known: Me = inbox(Call::get(&me), &cookie).expect_ok("me").json();
    assert_eq!((known.email.as_str(), &known.sites[0].site), (OWNER, &shop.site.id));
    let used = format!("{}{}", world.edge(), link(&world, OWNER, 1));
    for answer in [Call::get(&used).send(), Call::post(&used, "application/x-www-form-urlencoded", "").send()]
    {
        assert_eq!((answer.status, answer.header("set-cookie")), (410, None), "{answer:?}");
    }
    let forged = Call::post(format!("{}/inbox/in/a.b", world.edge()), "text/plain", "").send();
    assert_eq!((forged.status, forged.header("set-cookie")), (401, None), "{forged:?}");
    assert_eq!(inbox(Call::post(format!("{me}/sign-out"), "text/plain", ""), &cookie).status, 204);
    assert_eq!(inbox(Call::get(&me), &cookie).status, 401);
    let two = [signs_in(&world, OWNER), signs_in(&world, OWNER)];
    assert_eq!(inbox(Call::post(format!("{me}/sign-out-everywhere"), "text/plain", ""), &two[0]).status, 204);
    assert_eq!(inbox(Call::get(&me), &two[1]).status, 401);
}

#[test]
fn whoever_cloudflare_access_vouches_for_needs_no_link() {
    let certs = Server::start(|_, reply| {
        let keys = include_bytes!("../../../shared/fixtures/access/certs.json");
        reply.whole(200, &[("content-type", "application/json")], keys).expect("answered");
    });
    let mut vars: BTreeMap<String, String> = vars("development");
    let certs_url = certs.url();
    for (name, value) in [
        ("OWNER_EMAIL", OWNER),
        ("ACCESS_TEAM_DOMAIN", "larkspur.cloudflareaccess.com"),
        ("ACCESS_AUD", "aud-of-the-inbox"),
        ("ACCESS_CERTS_URL", &certs_url),
    ] {
        vars.insert(name.to_owned(), value.to_owned());
    }
    let world =
        World::start_with(Options { vars, ..Options::default() }).unwrap_or_else(|error| panic!("{error}"));
    let shop = world.opens_a_shop();
    let assertion = include_str!("../../../shared/fixtures/access/assertion.jwt").trim();
    let with = |call: Call, assertion: &str| call.header("cf-access-jwt-assertion", assertion);
    let me = format!("{}/api/me", world.edge());
    let forged = format!("{}AAAA", &assertion[..assertion.len() - 4]);
    assert_eq!(with(Call::get(&me), &forged).send().status, 401, "forged");
    let known: Me = with(Call::get(&me), assertion).send().expect_ok("me").json();
    assert_eq!((known.email.as_str(), known.sites[0].role), (OWNER, Role::Owner));
    let tokens =
        || Call::post_json(url(&world, &shop, "tokens"), &json!({"name": "x", "scopes": ["team:read"]}));
    assert_eq!(failure(&with(tokens(), assertion).send()), (403, "foreign_call".into()));
    assert_eq!(with(tokens(), assertion).header("x-throughline", "inbox").send().status, 201);
}

#[test]
fn whoever_asks_for_a_link_hears_the_same_and_too_often_is_told() {
    let world = a_world_with_an_owner();
    world.opens_a_shop();
    let (known, unknown) = (asks(&world, OWNER), asks(&world, "nobody@door.example"));
    let bare = |answer: &Answer, email: &str| answer.text().replace(email, "…");
    assert_eq!(bare(&known, OWNER), bare(&unknown, "nobody@door.example"));
    let wrong = asks(&world, "no address");
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("aria-invalid=\"true\"") && wrong.text().contains("value=\"no address\""));
    for _ in 0..4 {
        asks(&world, "nobody@door.example");
    }
    let refused = asks(&world, "nobody@door.example");
    assert_eq!(refused.status, 429, "{refused:?}");
    let after: u64 = refused.header("retry-after").and_then(|after| after.parse().ok()).expect("a time");
    assert!(after > 0 && after <= 15 * 60);
    assert_eq!(world.sandbox().inbox("nobody@door.example").len(), 0);
}

#[test]
fn a_member_acts_in_their_own_name_until_they_are_removed_and_all_of_it_is_noted() {
    let world = a_world_with_an_owner();
    let shop = world.opens_a_shop();
    let owner = signs_in(&world, OWNER);
    let kim = joins(&world, &shop, &owner, Role::Agent);
    world.sandbox().writes("maria@mail.example", shop.mailbox(), "A question", "Hello?");
    world.sandbox().waits_for("maria@mail.example", 1, PATIENCE);
    let sql = "SELECT contact_id AS id FROM handles WHERE site_id = ?1 AND kind = 'email'";
    let rows = world.host.query(sql, &[json!(shop.site.id.as_str())]);
    let contact = rows[0]["id"].as_str().expect("a contact");
    // The name is kept for some seconds by whoever has loaded the site before.
    let taken = url(&world, &shop, &format!("contacts/{contact}/floor/taken"));
    eventually(Duration::from_secs(30), "the member to be known", || {
        let answer = inbox(Call::post_json(&taken, &json!({"by": "Jo"})), &kim);
        (answer.status == 200).then_some(())
    });
    let said = world.host.query(
        "SELECT speaker FROM events WHERE site_id = ?1 AND speaker LIKE '%agent%' ORDER BY seq DESC",
        &[json!(shop.site.id.as_str())],
    );
    assert!(said[0]["speaker"].as_str().is_some_and(|by| by.contains("Somebody agent")), "{said:?}");
    let log: Audit = inbox(Call::get(url(&world, &shop, "audit")), &owner).expect_ok("the log").json();
    let line = log.lines.iter().find(|line| line.act == "floor_take").expect("noted");
    assert_eq!((line.agent.as_str(), line.subject.as_str()), ("Somebody agent", contact));
    let team: Value = inbox(Call::get(url(&world, &shop, "agents")), &owner).expect_ok("the team").json();
    let agents: Vec<Agent> = serde_json::from_value(team["agents"].clone()).expect("agents");
    let id = &agents.iter().find(|agent| agent.role == Role::Agent).expect("an agent").id;
    let gone = Call::delete(url(&world, &shop, &format!("agents/{id}")));
    assert_eq!(inbox(gone, &owner).status, 204);
    let answer = inbox(Call::get(url(&world, &shop, "promises")), &kim);
    assert_eq!(failure(&answer), (404, "unknown_site".into()));
}
