//! The sandbox's wire, both ways.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    channel::testing::{Fixed, NOW, outgoing, setup, site},
    contact::{Address, AddressKind},
    message::{DeliveryState, Suppress},
};

const SECRETS: Fixed = Fixed(&[("SIGNING_KEY", "k")]);

fn posted(body: &[u8]) -> Request {
    let signature = sign(&SECRETS, body).unwrap();
    Request::post("https://chat.example.com/hooks/end_sms", "application/json", body.to_vec())
        .with_header(sandbox::SIGNATURE_HEADER, signature)
}

fn read(body: &[u8]) -> Result<Vec<Inbound>, ParseError> {
    let site = site("sandbox", &[]);
    SandboxSms.parse(setup(&site, &SECRETS), &posted(body), NOW)
}

#[test]
fn a_text_from_the_sandbox_phone_is_read() {
    let body =
        json!({"message": {"id": "sbx_1", "from": "(415) 555-2671", "to": "+15005550006", "text": "hi"}});
    let body = body.to_string().into_bytes();
    let site = site("sandbox", &[]);
    assert_eq!(SandboxSms.verify(setup(&site, &SECRETS), &posted(&body), NOW), Ok(()));
    let inbound = read(&body).unwrap().remove(0);
    assert_eq!((inbound.external_id.as_str(), inbound.endpoint.as_str()), ("sbx_1", "end_sms"));
    let InboundBody::Message(message) = inbound.body else { panic!("a message") };
    assert_eq!(message.from, Address::new(AddressKind::Phone, "+14155552671"));
    assert_eq!((message.text.as_str(), message.authenticated, message.automatic), ("hi", true, false));
}

#[test]
fn an_unsigned_webhook_is_refused() {
    let site = site("sandbox", &[]);
    let request = Request::post("https://chat.example.com/hooks/end_sms", "application/json", b"{}".to_vec());
    let rejection = SandboxSms.verify(setup(&site, &SECRETS), &request, NOW).unwrap_err();
    assert_eq!((rejection.status, rejection.code), (403, "bad_signature"));
    assert_eq!(sign(&Fixed(&[]), b"{}"), None);
}

#[test]
fn each_report_is_named_by_what_it_says() {
    let report = |state: &str, code: Option<&str>| {
        let body = json!({"status": {"id": "sbx_1", "state": state, "code": code}}).to_string();
        read(body.as_bytes()).map(|mut found| found.remove(0))
    };
    let (arrived, failed) = (report("delivered", None).unwrap(), report("failed", Some("carrier")).unwrap());
    assert_eq!(arrived.external_id, "sbx_1:delivered:");
    assert_eq!(failed.external_id, "sbx_1:failed:carrier");
    let InboundBody::Status(failed) = failed.body else { panic!("a status") };
    assert_eq!((failed.state, failed.suppress), (DeliveryState::Wedged, Some(Suppress::Carrier)));
    assert_eq!(report("lost", None).unwrap_err().code, "malformed_json");
}

#[test]
fn a_webhook_of_neither_kind_is_an_error() {
    assert_eq!(read(b"{}").unwrap_err().code, "missing_field");
    assert_eq!(read(b"[").unwrap_err().code, "malformed_json");
    assert_eq!(
        read(br#"{"message":{"id":"1","from":"Shop","text":""}}"#).unwrap_err().code,
        "malformed_json"
    );
}

#[test]
fn a_send_carries_the_delivery_as_its_idempotency_key() {
    let site = site("sandbox", &[]);
    let request = SandboxSms.render(setup(&site, &SECRETS), &outgoing("See you at 5 🚲")).unwrap();
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "sandbox://sms/messages"));
    assert_eq!(request.header("idempotency-key"), Some("dlv_1"));
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let expected =
        json!({"from": "+15005550006", "to": "+14155552671", "text": "See you at 5 🚲", "delivery": "dlv_1"});
    assert_eq!(body, expected);
    assert!(SandboxSms.capabilities().idempotent_send);
    for text in [" \n", &"a".repeat(1_601)] {
        let refused = SandboxSms.render(setup(&site, &SECRETS), &outgoing(text)).unwrap_err();
        assert!(matches!(refused, RenderError::Unfit(_)), "{refused}");
    }
}

proptest! {
    #[test]
    fn any_body_is_read_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..120)) {
        let _ = read(&body);
    }

    #[test]
    fn any_message_is_read_without_a_panic(id in "\\PC{0,10}", from in "[+0-9a-z]{0,20}", text in "\\PC{0,40}") {
        let body = json!({"message": {"id": id, "from": from, "to": "", "text": text}}).to_string();
        if let Ok(found) = read(body.as_bytes()) {
            let InboundBody::Message(message) = &found[0].body else { panic!("a message") };
            prop_assert_eq!(&message.text, &text);
        }
    }
}
