//! Meta's wire, both ways.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    channel::testing::{Fixed, NOW, outgoing, setup, site},
    message::{DeliveryState, InboundBody},
    site::Site,
};

const SECRETS: Fixed = Fixed(&[
    (APP_SECRET, "meta_app_secret_0001"),
    (VERIFY_TOKEN, "a token of ours"),
    (PAGE_TOKEN, "page-token"),
]);

fn page_of(channel: Channel) -> Site {
    let mut site = site("meta", &[]);
    site.endpoints[0].channel = channel;
    site.endpoints[0].address = "PAGE_1".into();
    site
}

fn posted(body: &str) -> Request {
    Request::post("https://chat.example.com/hooks/end_sms", "application/json", body.as_bytes().to_vec())
}

fn read(channel: Channel, body: &Value) -> Vec<(String, InboundBody)> {
    let site = page_of(channel);
    let found = Meta.parse(setup(&site, &SECRETS), &posted(&body.to_string()), NOW).unwrap();
    found.into_iter().map(|inbound| (inbound.external_id, inbound.body)).collect()
}

fn text(body: &InboundBody) -> (&str, &str) {
    let InboundBody::Message(message) = body else { panic!("{body:?}") };
    (&message.from.text, &message.text)
}

#[test]
fn a_signed_webhook_is_taken_and_a_changed_one_is_not() {
    let vectors: Value = serde_json::from_str(include_str!("../../../fixtures/meta/webhook.json")).unwrap();
    let body = vectors["body"].as_str().unwrap();
    let site = page_of(Channel::Messenger);
    let verify = |body: &str, header: Option<&str>| {
        let request = posted(body);
        let request = match header {
            Some(header) => request.with_header("x-hub-signature-256", header),
            None => request,
        };
        Meta.verify(setup(&site, &SECRETS), &request, NOW).map_err(|rejection| rejection.code)
    };
    let signed = vectors["x-hub-signature-256"].as_str();
    assert_eq!(verify(body, signed), Ok(()));
    assert_eq!(verify(&body.replace("open", "shut"), signed), Err("bad_signature"));
    assert_eq!(verify(&body.replace("\\u00e9", "é"), signed), Err("bad_signature"), "raw bytes are signed");
    assert_eq!(verify(body, None), Err("bad_signature"));
    let bare = posted(body).with_header("x-hub-signature-256", signed.unwrap());
    let refused = Meta.verify(setup(&site, &Fixed(&[])), &bare, NOW).unwrap_err();
    assert_eq!(refused.code, "not_configured");
    let found = Meta.parse(setup(&site, &SECRETS), &posted(body), NOW).unwrap();
    assert_eq!(text(&found[0].body), ("PAGE_1:PSID_1", "café open?"));
    assert_eq!(found[0].external_id, "m_AAA");
}

#[test]
fn the_challenge_is_repeated_to_whoever_knows_the_token() {
    let site = page_of(Channel::Messenger);
    let ask = |query: &str| Meta.challenge(setup(&site, &SECRETS), query);
    let right = ask("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=a+token+of+ours");
    let answer = right.unwrap().unwrap();
    assert_eq!((answer.status, answer.body), (200, b"1158201444".to_vec()));
    let wrong = ask("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=guess");
    assert_eq!(wrong.unwrap().unwrap_err().status, 403);
    assert!(ask("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=a+token+of+ours").is_none());
    let none =
        Meta.challenge(setup(&site, &Fixed(&[])), "hub.mode=subscribe&hub.challenge=1&hub.verify_token=");
    assert!(none.unwrap().is_err(), "without a token of ours nobody knows it");
}

#[test]
fn a_batch_of_mixed_events_is_read_one_by_one() {
    let from = |id: &str, rest: Value| {
        let mut event = json!({ "sender": { "id": id }, "recipient": { "id": "PAGE_1" }, "timestamp": 1 });
        event.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        event
    };
    let events = vec![
        from("1", json!({ "message": { "mid": "m_1", "text": "hi" } })),
        from(
            "1",
            json!({ "message": { "mid": "m_2", "attachments": [{ "type": "image" }, { "type": "image" }] } }),
        ),
        from("PAGE_1", json!({ "message": { "mid": "m_3", "text": "ours", "is_echo": true } })),
        from("1", json!({ "message": { "mid": "m_4", "is_deleted": true } })),
        from("2", json!({ "postback": { "mid": "m_5", "title": "Get started", "payload": "x" } })),
        from("2", json!({ "postback": { "title": "Prices", "payload": "y" } })),
        from("1", json!({ "message": { "mid": "m_8", "is_unsupported": true } })),
        from("1", json!({ "delivery": { "mids": ["m_9"], "watermark": 1 } })),
        from("1", json!({ "delivery": { "watermark": 1 } })),
        from("1", json!({ "read": { "mid": "m_9" } })),
        from("1", json!({ "reaction": { "mid": "m_9", "action": "react", "emoji": "❤" } })),
        json!("nonsense"),
        from("a b", json!({ "message": { "mid": "m_6", "text": "no id" } })),
        from(
            "1",
            json!({ "message": { "mid": "m_7", "text": "about this", "reply_to": { "story": { "id": "1" } } } }),
        ),
    ];
    let body = json!({ "object": "page", "entry": [
        { "id": "PAGE_2", "time": 1, "messaging": [from("1", json!({ "message": { "mid": "m_0", "text": "another page's" } }))] },
        { "id": "PAGE_1", "time": "2026-11-25T10:00:00Z", "messaging": events },
    ] });
    let found = read(Channel::Messenger, &body);
    let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["m_1", "m_2", "m_5", "postback:2:1", "m_8", "m_9:delivered", "m_9:read", "m_7"]);
    assert_eq!(text(&found[1].1), ("PAGE_1:1", "[2 pictures]"));
    assert_eq!(text(&found[2].1), ("PAGE_1:2", "Get started"));
    assert!(matches!(&found[6].1, InboundBody::Status(report) if report.state == DeliveryState::Read));
    assert!(read(Channel::Instagram, &body).is_empty(), "another object");
    let many = vec![from("1", json!({ "message": { "mid": "m", "text": "hi" } })); 1_001];
    let many = json!({ "object": "page", "entry": [{ "id": "PAGE_1", "messaging": many }] }).to_string();
    let site = page_of(Channel::Messenger);
    let refused = Meta.parse(setup(&site, &SECRETS), &posted(&many), NOW);
    assert_eq!(refused.unwrap_err().code, "too_large");
    let broken = Meta.parse(setup(&site, &SECRETS), &posted("{"), NOW);
    assert_eq!(broken.unwrap_err().code, "malformed_json");
}

#[test]
fn a_message_goes_out_with_the_token_in_a_header_and_its_proof_in_the_address() {
    let send = |channel, to: &str, text: &str| {
        let site = page_of(channel);
        let message = Outgoing { channel, to: to.into(), ..outgoing(text) };
        Meta.render(setup(&site, &SECRETS), &message)
    };
    let request = send(Channel::Messenger, "PAGE_1:4471", "Hello").unwrap();
    assert!(
        request.url.starts_with("https://graph.facebook.com/v23.0/me/messages?appsecret_proof="),
        "{}",
        request.url
    );
    assert!(!request.url.contains("page-token"));
    assert_eq!(request.header("authorization"), Some("Bearer page-token"));
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(
        body,
        json!({ "recipient": { "id": "4471" }, "messaging_type": "RESPONSE", "message": { "text": "Hello" } })
    );
    assert!(
        send(Channel::Instagram, "PAGE_1:1", "Hi").unwrap().url.starts_with("https://graph.instagram.com/")
    );
    let unfit = |channel, to: &str, text: &str| matches!(send(channel, to, text), Err(RenderError::Unfit(_)));
    assert!(unfit(Channel::Messenger, "PAGE_2:1", "Hello"), "another page's person");
    assert!(unfit(Channel::Messenger, "PAGE_1:1", " "));
    assert!(unfit(Channel::Messenger, "PAGE_1:1", &"x".repeat(2_001)));
    assert!(unfit(Channel::Instagram, "PAGE_1:1", &"é".repeat(501)));
    assert!(send(Channel::Instagram, "PAGE_1:1", &"é".repeat(500)).is_ok());
    let site = page_of(Channel::Messenger);
    let message = Outgoing { to: "PAGE_1:1".into(), ..outgoing("Hi") };
    let missing = Meta.render(setup(&site, &Fixed(&[(APP_SECRET, "x")])), &message);
    assert_eq!(missing, Err(RenderError::Missing(PAGE_TOKEN)));
}

#[test]
fn every_answer_has_its_outcome() {
    let answer = |status, body: &str| Meta.outcome(&Ok(Response::new(status, "application/json", body)));
    let failed = |code: &str| Outcome::Failed { code: code.into(), suppress: None };
    let again = |code: &str| Outcome::Retry { after_ms: None, code: code.into() };
    let error = |code: i64, subcode: i64| {
        json!({ "error": { "message": "x", "type": "OAuthException", "code": code, "error_subcode": subcode } })
            .to_string()
    };
    let taken = answer(200, r#"{"recipient_id":"1","message_id":"m_1"}"#);
    assert_eq!(taken, Outcome::Accepted { provider_id: "m_1".into() });
    for (code, subcode) in [(10, 2_018_278), (551, 1_545_041), (100, 2_018_001), (190, 463), (368, 0)] {
        assert_eq!(answer(400, &error(code, subcode)), failed(&format!("{code}.{subcode}")));
    }
    for code in [2, 4, 32, 613, 1_200] {
        assert_eq!(answer(400, &error(code, 0)), again(&format!("{code}.0")));
    }
    assert_eq!(answer(429, ""), again("429"));
    assert_eq!((answer(500, "<html>"), answer(200, "{}")), (Outcome::Unknown, Outcome::Unknown));
    assert_eq!(answer(404, ""), failed("404"));
    assert_eq!(Meta.outcome(&Err(HttpError::Lost)), Outcome::Unknown);
    assert_eq!(Meta.outcome(&Err(HttpError::Unreachable("x".into()))), again("unreachable"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let site = page_of(Channel::Messenger);
        let request = Request { body: body.clone(), ..posted("") };
        drop(Meta.parse(setup(&site, &SECRETS), &request, NOW));
        drop(Meta.outcome(&Ok(Response::new(200, "application/json", body))));
    }
}
