//! Bytes that are wrong, too many, or for nobody: a status, a stable code, and nothing stored.

use e2e::{
    client::{Answer, Call},
    clock::fresh_word,
    shop::{ADMIN_TOKEN, ORIGIN, QUESTION},
    twilio::Webhook,
    world::SIGNING_KEY,
};
use serde_json::json;
use shared::{
    channel::{Channel, sandbox},
    wire::MAX_FRAME_BYTES,
};

use crate::{door, world};

/// More than any webhook may bring, in bytes.
const MEGABYTES: usize = 3 * 1024 * 1024;

/// A body with the sandbox's own signature, so that its content decides.
fn signed(url: &str, kind: &str, body: &[u8]) -> Call {
    Call::post(url, kind, body).header(sandbox::SIGNATURE_HEADER, &sandbox::sign(SIGNING_KEY, body))
}

#[track_caller]
fn refuses(answer: &Answer, status: u16, code: &str) {
    let failure = answer.expect_failure(status);
    assert_eq!(failure.code, code, "{failure:?}");
    assert!(!failure.text.is_empty());
}

#[test]
fn a_malformed_form_is_named() {
    let world = world();
    let shop = world.opens_a_texting_shop();
    let hook = shop.webhook(world.edge(), Channel::Sms);
    refuses(&Webhook::signed(&hook, &[("Hello", "there")]).post(), 400, "missing_field");
    let form = [("MessageSid", "SM1"), ("From", "nobody"), ("Body", "x")];
    refuses(&Webhook::signed(&hook, &form).post(), 400, "malformed_form");
}

#[test]
fn malformed_json_is_named_on_every_path_that_takes_it() {
    let world = world();
    let shop = world.opens_a_shop();
    let (edge, session) = (world.edge(), door(&world, &shop).opens());
    let hook = shop.webhook(edge, Channel::Sms);
    for nonsense in ["", "{", "\"text\"", "{\"message\":{}}", "\u{0}"] {
        refuses(&signed(&hook, "application/json", nonsense.as_bytes()).send(), 400, "malformed_json");
        let to_session = Call::post(format!("{edge}/v1/session"), "application/json", nonsense);
        refuses(&to_session.send(), 400, "malformed_json");
        let frame = Call::post(format!("{edge}/v1/frames"), "application/json", nonsense)
            .header("origin", ORIGIN)
            .header("authorization", &format!("Bearer {}", session.token));
        refuses(&frame.send(), 400, "malformed_json");
        let text = Call::post(format!("{edge}/sandbox/api/sms"), "application/json", nonsense);
        text.send().expect_failure(400);
    }
    refuses(&signed(&hook, "application/json", b"{}").send(), 400, "missing_field");
    let import = Call::put_json(format!("{edge}/admin/sites"), &json!({"definition": 1}));
    let import = import.header("authorization", &format!("Bearer {ADMIN_TOKEN}"));
    refuses(&import.send(), 400, "malformed_json");
}

#[test]
fn a_mail_without_a_sender_or_an_envelope_is_named() {
    let world = world();
    let shop = world.opens_a_shop();
    let hook = shop.webhook(world.edge(), Channel::Email);
    let mail = signed(&hook, "message/rfc822", b"\xff\x00 no headers at all");
    refuses(&mail.send(), 400, "missing_field");
    let mail = mail.header("x-envelope-from", "").header("x-envelope-to", shop.mailbox());
    refuses(&mail.send(), 400, "missing_field");
}

#[test]
fn what_is_too_large_is_not_taken() {
    let world = world();
    let shop = world.opens_a_shop();
    let (edge, session) = (world.edge(), door(&world, &shop).opens());
    let marker = fresh_word();
    let large = format!("{marker}{}", "a".repeat(MEGABYTES));
    for channel in [Channel::Sms, Channel::Email] {
        let hook = shop.webhook(edge, channel);
        refuses(&signed(&hook, "application/json", large.as_bytes()).send(), 413, "too_large");
    }
    let frame = Call::post(format!("{edge}/v1/frames"), "application/json", " ".repeat(MAX_FRAME_BYTES + 1))
        .header("origin", ORIGIN)
        .header("authorization", &format!("Bearer {}", session.token));
    refuses(&frame.send(), 413, "too_large");
    let asked = Call::post(format!("{edge}/v1/session"), "application/json", " ".repeat(MAX_FRAME_BYTES + 1));
    refuses(&asked.send(), 413, "too_large");
    refuses(&Call::post_json(format!("{edge}/sandbox/api/sms"), &json!(large)).send(), 413, "too_large");
    assert_eq!(world.host.mentions(&marker), []);
}

#[test]
fn an_endpoint_or_a_site_that_nobody_has_is_not_found() {
    let world = world();
    let edge = world.edge();
    let nobody = fresh_word();
    for path in [format!("hooks/end_{nobody}"), "hooks/nonsense".to_owned(), "hooks/..%2f..".to_owned()] {
        refuses(&Call::post(format!("{edge}/{path}"), "text/plain", "x").send(), 404, "unknown_endpoint");
    }
    refuses(&Call::get(format!("{edge}/v1/widgets/wk_{nobody}")).send(), 404, "unknown_widget");
    refuses(&Call::get(format!("{edge}/panel/wk_{nobody}")).send(), 404, "unknown_widget");
    let text = json!({"from": "+14155552671", "to": "+15035550000", "text": QUESTION});
    refuses(&Call::post_json(format!("{edge}/sandbox/api/sms"), &text).send(), 404, "unknown_line");
    refuses(&Call::get(format!("{edge}/sandbox?site=ste_{nobody}")).send(), 404, "no_site");
}
