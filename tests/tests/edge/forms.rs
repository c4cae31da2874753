//! A form of the customer's own page over the wire: posted by a script or by a browser, from the site's own pages only.

use e2e::{
    client::{Answer, Call},
    clock::{PATIENCE, eventually},
    shop::{ANSWER, ORIGIN, QUESTION, Shop},
};
use serde_json::Value;

use crate::a_world_of_its_own;

fn body(more: &str) -> String {
    let question = QUESTION.replace(' ', "+").replace('?', "%3F");
    format!("name=Ana&email=ana%40mail.example&message={question}&tl_ms=9000{more}")
}

fn posts(edge: &str, shop: &Shop, origin: &str, accept: &str, body: &str) -> Answer {
    Call::post(format!("{edge}/v1/forms/{}", shop.key()), "application/x-www-form-urlencoded", body)
        .header("origin", origin)
        .header("accept", accept)
        .send()
}

#[test]
fn a_form_is_answered_in_the_visitors_chat_and_the_same_form_again_changes_nothing() {
    let world = a_world_of_its_own();
    let shop = world.opens_a_shop();
    let post = |body: &str| posts(world.edge(), &shop, ORIGIN, "application/json", body);
    let once = body("&tl_id=evt_0form1");
    let taken = post(&once).expect_ok("a form");
    let told: Value = taken.json();
    let token = told["session"]["token"].as_str().expect("a visitor's token").to_owned();
    let answered = "SELECT body FROM events WHERE speaker = '\"assistant\"'";
    let answer = eventually(PATIENCE, "the answer in the chat", || world.host.query(answered, &[]).pop());
    assert!(answer["body"].as_str().is_some_and(|body| body.contains(ANSWER)), "{answer}");
    let again = format!("{once}&tl_token={token}");
    post(&again).expect_ok("the same form");
    let events = world.host.query("SELECT id FROM events WHERE body LIKE '{\"form\"%'", &[]);
    assert_eq!(events.len(), 1, "{events:?}");
}

#[test]
fn without_a_script_a_page_answers_and_what_is_no_form_is_refused() {
    let world = a_world_of_its_own();
    let shop = world.opens_a_shop();
    let page = posts(world.edge(), &shop, ORIGIN, "text/html", &body("")).expect_ok("a page");
    assert!(page.text().contains("Thank you"), "{}", page.text());
    let json = |origin: &str, body: &str| posts(world.edge(), &shop, origin, "application/json", body);
    assert_eq!(json("https://stranger.example", &body("")).expect_failure(403).code, "origin_not_allowed");
    assert_eq!(json(ORIGIN, "").expect_failure(400).code, "malformed_form");
    assert_eq!(json(ORIGIN, "email=nobody&tl_ms=9000").expect_failure(400).code, "bad_email");
    let url = format!("{}/v1/forms/{}", world.edge(), shop.key());
    let typed = Call::post_json(url, &serde_json::json!({}))
        .header("origin", ORIGIN)
        .header("accept", "application/json");
    assert_eq!(typed.send().expect_failure(415).code, "unsupported_type");
}
