//! Webhooks on the wire: a program of the site's is told what happens, and can check who tells it.

use std::sync::{Arc, Mutex};

use e2e::{
    client::Call,
    clock::{PATIENCE, eventually},
    host::Options,
    server::{Received, Server},
    shop::ADMIN_TOKEN,
    world::{World, vars},
};
use serde_json::{Value, json};
use shared::{
    api::webhooks::{HookLog, HookSent, WebhookMade},
    webhook::{ANYWHERE, sign},
};

#[test]
fn a_test_reaches_the_sites_own_program_signed_and_is_noted() {
    let taken: Arc<Mutex<Vec<Received>>> = Arc::default();
    let heard = Arc::clone(&taken);
    let program = Server::start(move |received, reply| {
        heard.lock().expect("no panic").push(received.clone());
        reply.whole(204, &[], b"").expect("answered");
    });
    let mut vars = vars("development");
    vars.insert(ANYWHERE.to_owned(), "1".to_owned());
    let world =
        World::start_with(Options { vars, ..Options::default() }).unwrap_or_else(|error| panic!("{error}"));
    let shop = world.opens_a_shop();
    let url = |path: &str| format!("{}/api/sites/{}/webhooks{path}", world.edge(), shop.site.id);
    let asks = |call: Call| call.header("authorization", &format!("Bearer {ADMIN_TOKEN}")).send();
    let wish = json!({"url": format!("{}/hook", program.url()), "kinds": ["message.received"]});
    let made = asks(Call::post_json(url(""), &wish));
    assert_eq!(made.status, 201, "{made:?}");
    let WebhookMade { webhook, secret } = made.json();
    let sent = asks(Call::post_json(url(&format!("/{}/test", webhook.id)), &json!({})));
    assert_eq!(sent.status, 202, "{sent:?}");
    let HookSent { id } = sent.json();
    let received =
        eventually(PATIENCE, "the webhook's call", || taken.lock().expect("no panic").first().cloned());
    let body = String::from_utf8(received.body.clone()).expect("text");
    assert_eq!(received.header("webhook-id"), Some(id.as_str()));
    let at = received.header("webhook-timestamp").and_then(|at| at.parse().ok()).expect("a time");
    assert_eq!(received.header("webhook-signature").map(str::to_owned), sign(&secret, &id, at, &body));
    let told: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(told["type"], "webhook.test");
    let is_noted = || {
        let log: HookLog = asks(Call::get(url(&format!("/{}/sends", webhook.id)))).json();
        log.sends.into_iter().find(|line| line.id == id && line.status == Some(204))
    };
    eventually(PATIENCE, "the line of the log", is_noted);
    let refused =
        asks(Call::post_json(url(""), &json!({"url": "ftp://x.example", "kinds": ["contact.created"]})));
    assert_eq!(refused.status, 400, "{refused:?}");
}

#[test]
fn the_interface_describes_itself_to_everybody() {
    let world = crate::world();
    let answer = Call::get(format!("{}/api/openapi.json", world.edge())).send().expect_ok("the document");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let document: Value = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/api/sites/{site}/webhooks"]["post"]["requestBody"].is_object());
}
