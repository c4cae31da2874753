//! What the worker refuses, and that it says why.

use e2e::{
    client::Call,
    clock::fresh_word,
    shop::{QUESTION, Shop},
    visitor::{Door, Visitor},
};
use serde_json::json;
use shared::wire::{MAX_FRAME_BYTES, MAX_MESSAGE_CHARS, ServerFrame};

use crate::{door, visitor, world};

#[test]
fn a_page_that_is_not_allowed_is_refused_with_the_settings_name() {
    let world = world();
    let shop = world.opens_a_shop();
    for origin in ["http://elsewhere.test", "http://shop.test:81", "https://shop.test", "null"] {
        let failure = Door::of(world.edge(), shop.key(), origin).is_shut(403);
        assert!(failure.text.contains("allowed_origins"), "{origin}: {failure:?}");
    }
}

#[test]
fn every_door_of_the_widget_checks_the_page_and_names_the_setting() {
    let world = world();
    let shop = world.opens_a_shop();
    let session = door(&world, &shop).opens();
    let at = |path: &str| format!("{}{path}", world.edge());
    let hello = json!({"hello": {"conversation": null, "last_seq": 0, "locale": "en", "time_zone": "UTC"}});
    for call in [
        Call::get(at(&format!("/v1/widgets/{}", shop.key()))),
        Call::post_json(at("/v1/frames"), &hello),
        Call::get(at("/v1/events?after=0")),
        Call::get(at("/v1/socket")).header("upgrade", "websocket"),
    ] {
        let from = |origin| {
            let call = call.clone().header("authorization", &format!("Bearer {}", session.token));
            call.header("origin", origin).send()
        };
        let failure = from("http://elsewhere.test").expect_failure(403);
        assert_eq!(failure.code, "origin_not_allowed", "{call:?}");
        assert!(
            failure.text.contains("allowed_origins") && failure.text.contains("elsewhere"),
            "{failure:?}"
        );
    }
    // A browser leaves the origin out of a GET to the page's own, and vouches for that in words no script can say.
    let poll = |site| {
        let call = Call::get(at("/v1/events?after=0")).header("sec-fetch-site", site);
        call.header("authorization", &format!("Bearer {}", session.token)).send()
    };
    poll("cross-site").expect_failure(403);
    poll("same-origin").expect_ok("a poll of the panel's own page");
    // The page that may not show the widget can read why.
    let refused =
        Call::get(at(&format!("/v1/widgets/{}", shop.key()))).header("origin", "http://elsewhere.test");
    assert_eq!(refused.send().header("access-control-allow-origin"), Some("http://elsewhere.test"));
}

#[test]
fn an_unknown_key_is_not_found() {
    let world = world();
    let failure = Door::of(world.edge(), &format!("wk_{}", fresh_word()), "http://shop.test").is_shut(404);
    assert!(!failure.text.is_empty(), "{failure:?}");
}

#[test]
fn a_broken_token_is_replaced_at_the_door_and_refused_inside() {
    let world = world();
    let shop = world.opens_a_shop();
    let forged = Door { token: Some("tok.forged".to_owned()), ..door(&world, &shop) };
    let session = forged.opens();
    assert_ne!(session.token, "tok.forged");

    let mut tampered = session.token;
    let last = tampered.pop().expect("a token");
    tampered.push(if last == 'A' { 'B' } else { 'A' });
    let answer = Call::get(format!("{}/v1/events?after=0", world.edge()))
        .header("authorization", &format!("Bearer {tampered}"))
        .header("origin", "http://shop.test")
        .send();
    answer.expect_failure(401);
}

#[test]
fn a_message_that_is_too_long_or_empty_is_refused_with_a_reason() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    let longest = visitor.says(&"é".repeat(MAX_MESSAGE_CHARS));
    visitor.is_accepted(&longest);
    let long = visitor.says(&"é".repeat(MAX_MESSAGE_CHARS + 1));
    let refusal = visitor.is_refused(&long);
    assert_eq!((refusal.code.as_str(), refusal.retry_after_ms), ("too_long", None));
    assert!(!refusal.text.is_empty());
    let empty = visitor.says(" \n ");
    assert_eq!(visitor.is_refused(&empty).code, "empty");
}

#[test]
fn nonsense_over_a_socket_is_named_and_the_socket_goes_on() {
    let world = world();
    let shop = world.opens_a_shop();
    let mut visitor = visitor(&world, &shop);
    let large = " ".repeat(MAX_FRAME_BYTES + 1);
    for nonsense in [
        "",
        "hello",
        "[]",
        "{\"say\":{\"id\":\"evt_x\"}}",
        "{\"say\":{\"id\":\"../x\",\"text\":\"a\"}}",
        &large,
    ] {
        let before = visitor.frames.len();
        visitor.sends_text(nonsense);
        visitor.waits_for("trouble", before, |frame| match frame {
            ServerFrame::Trouble { code, .. } | ServerFrame::Refused { code, .. } if code == "malformed" => {
                Some(())
            }
            _ => None,
        });
    }
    visitor.asks(QUESTION);
}

#[test]
fn nonsense_and_too_much_over_http_are_client_errors() {
    let world = world();
    let shop = world.opens_a_shop();
    let visitor = Visitor::arrives_without_sockets(&door(&world, &shop));
    let post = |body: Vec<u8>| {
        Call::post(format!("{}/v1/frames", world.edge()), "application/json", body)
            .header("authorization", &format!("Bearer {}", visitor.session.token))
            .header("origin", "http://shop.test")
            .send()
    };
    for nonsense in [&b""[..], b"hello", b"[]", b"\xff\xfe"] {
        post(nonsense.to_vec()).expect_failure(400);
    }
    post(vec![b' '; MAX_FRAME_BYTES * 4]).expect_failure(413);
    let session = Call::post(format!("{}/v1/session", world.edge()), "application/json", "{").send();
    session.expect_failure(400);
}

#[test]
fn a_site_is_imported_only_with_the_admin_token() {
    let world = world();
    let shop = Shop::new();
    shop.import(world.edge(), "wrong").expect_failure(401);
    let bare = Call::put_json(format!("{}/admin/sites", world.edge()), &shop.body()).send();
    bare.expect_failure(401);
    assert_eq!(world.host.mentions(shop.site.id.as_str()), []);
}

#[test]
fn a_site_that_makes_no_sense_is_refused_and_says_where() {
    let world = world();
    let mut shop = Shop::new();
    "Mars/Olympus".clone_into(&mut shop.site.time_zone);
    let failure = shop.import(world.edge(), e2e::shop::ADMIN_TOKEN).expect_failure(400);
    assert!(failure.text.contains("time_zone"), "{failure:?}");
    let answer = Call::put_json(format!("{}/admin/sites", world.edge()), &json!({"definition": {}}))
        .header("authorization", &format!("Bearer {}", e2e::shop::ADMIN_TOKEN))
        .send();
    answer.expect_failure(400);
}

#[test]
fn an_unknown_path_is_not_found() {
    let world = world();
    for path in ["/nowhere", "/v1/nowhere", "/hooks/end_nowhere", "/admin/nowhere"] {
        assert_eq!(Call::get(format!("{}{path}", world.edge())).send().status, 404, "{path}");
    }
}

#[test]
fn the_panel_may_connect_to_its_own_edge_only() {
    let world = world();
    let shop = world.opens_a_shop();
    let page = Call::get(format!("{}/panel/{}", world.edge(), shop.key())).send().expect_ok("the panel");
    let policy = page.header("content-security-policy").expect("a policy");
    let connect = policy.split("; ").find(|rule| rule.starts_with("connect-src")).expect("a rule");
    assert_eq!(connect, format!("connect-src 'self' {}", world.edge().replacen("http", "ws", 1)));
}
