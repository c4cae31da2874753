//! Twilio's wire, both ways, on recorded webhooks and answers.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{
    channel::testing::{Fixed, NOW, outgoing, setup, site},
    contact::{Address, AddressKind},
    message::{DeliveryReport, DeliveryState, InboundBody, InboundMessage, Keyword, Suppress},
};

const SECRETS: Fixed = Fixed(&[(AUTH_TOKEN, "test_auth_token_0001"), ("OTHER", "other_token")]);
const SETTINGS: &[(&str, &str)] = &[("account_sid", "AC00000000000000000000000000000001")];

/// A recorded webhook, as it reaches the worker on an internal address.
fn recorded(name: &str) -> Request {
    let all: Value = serde_json::from_str(include_str!("../../../../fixtures/twilio/webhooks.json")).unwrap();
    let field = |key: &str| all[name][key].as_str().unwrap().to_owned();
    let internal = field("url").replace("https://chat.example.com", "http://127.0.0.1:8787");
    Request::post(internal, "application/x-www-form-urlencoded", field("body").into_bytes())
        .with_header(signature::HEADER, field("signature"))
}

fn parse(request: &Request) -> Result<Vec<Inbound>, ParseError> {
    let site = site("twilio", SETTINGS);
    Twilio.parse(setup(&site, &SECRETS), request, NOW)
}

fn read(form: &str) -> Inbound {
    let request = Request::post("https://chat.example.com/hooks/end_sms", "", form.as_bytes().to_vec());
    parse(&request).unwrap().remove(0)
}

fn message(inbound: Inbound) -> InboundMessage {
    let InboundBody::Message(message) = inbound.body else { panic!("a message") };
    message
}

fn status(inbound: Inbound) -> DeliveryReport {
    let InboundBody::Status(report) = inbound.body else { panic!("a status") };
    report
}

#[test]
fn a_recorded_webhook_is_verified_at_its_public_url() {
    let site = site("twilio", SETTINGS);
    for name in ["twilio_inbound", "twilio_inbound_stop", "twilio_status_delivered"] {
        let request = recorded(name);
        assert_eq!(Twilio.verify(setup(&site, &SECRETS), &request, NOW), Ok(()), "{name}");
        let elsewhere = Setup { public_url: "https://evil.example.com", ..setup(&site, &SECRETS) };
        assert_eq!(Twilio.verify(elsewhere, &request, NOW).unwrap_err().code, "bad_signature", "{name}");
    }
}

#[test]
fn no_signature_no_token_and_another_token_are_refused() {
    let request = recorded("twilio_inbound");
    let plain = site("twilio", SETTINGS);
    let bare = Request { headers: Vec::new(), ..request.clone() };
    let code = |site, secrets, request| Twilio.verify(setup(site, secrets), request, NOW).unwrap_err().code;
    assert_eq!(code(&plain, &SECRETS, &bare), "bad_signature");
    assert_eq!(code(&plain, &Fixed(&[]), &request), "not_configured");
    assert_eq!(code(&plain, &Fixed(&[(AUTH_TOKEN, "")]), &request), "not_configured");
    let other = site("twilio", &[("auth_token_secret", "OTHER")]);
    assert_eq!(code(&other, &SECRETS, &request), "bad_signature");
}

#[test]
fn a_message_is_read_with_its_sender_and_its_emoji() {
    let inbound = parse(&recorded("twilio_inbound")).unwrap().remove(0);
    assert_eq!(inbound.external_id, "SM00000000000000000000000000000001");
    let message = message(inbound);
    assert_eq!(message.from, Address::new(AddressKind::Phone, "+14155552671"));
    assert_eq!(message.text, "Hi! Do you open on Saturday? 😀");
    assert!(message.authenticated && !message.automatic && message.keyword.is_none());
}

#[test]
fn a_keyword_that_twilio_answered_is_named() {
    assert_eq!(
        message(parse(&recorded("twilio_inbound_stop")).unwrap().remove(0)).keyword,
        Some(Keyword::Stop)
    );
    for (name, keyword) in [("start", Some(Keyword::Start)), ("HELP", Some(Keyword::Help)), ("OTHER", None)] {
        let form = format!("MessageSid=SM1&From=%2B14155552671&Body=x&OptOutType={name}");
        assert_eq!(message(read(&form)).keyword, keyword, "{name}");
    }
}

#[test]
fn attachments_are_counted_in_a_line_of_their_own() {
    let media =
        "&MediaContentType0=image/jpeg&MediaContentType1=IMAGE/png&MediaContentType2=text/x-vcard&NumMedia=4";
    let with =
        |body: &str| message(read(&format!("MessageSid=MM1&From=%2B14155552671&Body={body}{media}"))).text;
    assert_eq!(with("This+one"), "This one\n[2 pictures, 1 contact card, 1 file]");
    assert_eq!(with(""), "[2 pictures, 1 contact card, 1 file]");
    let one = "MessageSid=MM1&From=%2B14155552671&NumMedia=1&MediaUrl0=x&MediaContentType0=image/jpeg";
    assert_eq!(message(read(one)).text, "[1 picture]");
}

#[test]
fn a_short_code_is_kept_and_never_answered() {
    let message = message(read("MessageSid=SM1&From=12345&FromCountry=CA&Body=Your+code+is+1"));
    assert_eq!((message.from.text.as_str(), message.automatic), ("short:12345:CA", true));
    let no_sender = Request::post("https://x/hooks/end_sms", "", b"MessageSid=SM1&Body=x".to_vec());
    assert_eq!(parse(&no_sender).unwrap_err().code, "missing_field");
    let no_phone = Request::post("https://x/hooks/end_sms", "", b"MessageSid=SM1&From=AMAZON".to_vec());
    assert_eq!(parse(&no_phone).unwrap_err().code, "malformed_form");
}

#[test]
fn a_webhook_by_get_is_read_from_its_query() {
    let url = "https://x/hooks/end_sms?MessageSid=SM1&From=%2B14155552671&Body=hi".to_owned();
    let request = Request { method: "GET".to_owned(), ..Request::post(url, "", Vec::new()) };
    assert_eq!(message(parse(&request).unwrap().remove(0)).text, "hi");
}

#[test]
fn every_status_has_its_place_in_the_lattice() {
    use DeliveryState::{Delivered, Read, Sent, Wedged};
    for (name, state) in [
        ("accepted", Sent),
        ("scheduled", Sent),
        ("queued", Sent),
        ("sending", Sent),
        ("sent", Sent),
        ("delivered", Delivered),
        ("read", Read),
        ("undelivered", Wedged),
        ("failed", Wedged),
        ("canceled", Wedged),
    ] {
        let inbound = read(&format!("MessageSid=SM1&MessageStatus={name}&From=%2B15005550006"));
        assert_eq!(inbound.external_id, format!("SM1:{name}:"));
        assert_eq!(status(inbound).state, state, "{name}");
    }
    for name in ["received", "receiving", "something_new"] {
        let form = format!("MessageSid=SM1&MessageStatus={name}").into_bytes();
        assert_eq!(parse(&Request::post("https://x", "", form)), Ok(Vec::new()), "{name}");
    }
    let delivered = status(parse(&recorded("twilio_status_delivered")).unwrap().remove(0));
    assert_eq!(
        (delivered.provider_id.as_str(), delivered.state),
        ("SM00000000000000000000000000000003", Delivered)
    );
}

#[test]
fn only_a_lasting_failure_suppresses_the_number() {
    let report = |code: &str, from: &str| {
        read(&format!("MessageSid=SM1&MessageStatus=undelivered&ErrorCode={code}&From={from}"))
    };
    let suppress = |code, from| status(report(code, from)).suppress;
    assert_eq!(report("30005", "%2B15005550006").external_id, "SM1:undelivered:30005");
    assert_eq!(status(report("30005", "%2B15005550006")).code.as_deref(), Some("30005"));
    assert_eq!(suppress("30005", "%2B15005550006"), Some(Suppress::HardBounce));
    assert_eq!(suppress("30006", "%2B15005550006"), Some(Suppress::HardBounce));
    assert_eq!(suppress("30006", "12345"), None, "a carrier that this short code cannot reach");
    assert_eq!(suppress("21610", "%2B15005550006"), Some(Suppress::Carrier));
    for passing in ["30001", "30003", "30004", "30007", "30008", "30034"] {
        assert_eq!(suppress(passing, "%2B15005550006"), None, "{passing}");
    }
    assert_eq!(status(read("MessageSid=SM1&MessageStatus=failed")).code.as_deref(), Some("failed"));
    assert_eq!(status(read("MessageSid=SM1&MessageStatus=sent&ErrorCode=30005")).suppress, None);
}

#[test]
fn a_send_is_a_form_with_basic_credentials() {
    let plain = site("twilio", SETTINGS);
    let request = Twilio.render(setup(&plain, &SECRETS), &outgoing("See you & bike 🚲")).unwrap();
    let url = "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json";
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", url));
    let credentials = base64(b"AC00000000000000000000000000000001:test_auth_token_0001");
    assert_eq!(request.header("authorization"), Some(format!("Basic {credentials}").as_str()));
    assert_eq!(
        String::from_utf8(request.body).unwrap(),
        "To=%2B14155552671&From=%2B15005550006&Body=See+you+%26+bike+%F0%9F%9A%B2\
         &StatusCallback=https%3A%2F%2Fchat.example.com%2Fhooks%2Fend_sms%3Fdelivery%3Ddlv_1"
    );
    let more = [
        ("messaging_service_sid", "MG1"),
        ("api_base", "http://127.0.0.1:9/"),
        ("auth_token_secret", "OTHER"),
    ];
    let serviced = site("twilio", &[SETTINGS, &more].concat());
    let request = Twilio.render(setup(&serviced, &SECRETS), &outgoing("hi")).unwrap();
    assert!(request.url.starts_with("http://127.0.0.1:9/2010-04-01/"), "{}", request.url);
    let body = String::from_utf8(request.body).unwrap();
    assert!(body.contains("MessagingServiceSid=MG1") && !body.contains("From="), "{body}");
}

#[test]
fn what_is_missing_or_does_not_fit_is_named() {
    let refused = |settings, secrets: &Fixed, message: &Outgoing| {
        let site = site("twilio", settings);
        Twilio.render(setup(&site, secrets), message).unwrap_err()
    };
    assert_eq!(refused(&[], &SECRETS, &outgoing("hi")), RenderError::Missing("account_sid"));
    assert_eq!(
        refused(&[("account_sid", "AC/../1")], &SECRETS, &outgoing("hi")),
        RenderError::Missing("account_sid")
    );
    assert_eq!(refused(SETTINGS, &Fixed(&[]), &outgoing("hi")), RenderError::Missing(AUTH_TOKEN));
    let short = Outgoing { to: "short:12345:US".to_owned(), ..outgoing("hi") };
    for message in [outgoing(" "), outgoing(&"é".repeat(1_601)), short] {
        assert!(matches!(refused(SETTINGS, &SECRETS, &message), RenderError::Unfit(_)));
    }
}

#[test]
fn every_answer_has_its_outcome() {
    let answer = |status, body: &str| Twilio.outcome(&Ok(Response::new(status, "application/json", body)));
    let error = |code: u32, status: u16| {
        answer(status, &format!(r#"{{"code":{code},"message":"m","more_info":"u","status":{status}}}"#))
    };
    let failed = |code: &str, suppress| Outcome::Failed { code: code.to_owned(), suppress };
    let retry = |code: &str| Outcome::Retry { after_ms: None, code: code.to_owned() };
    let sent = include_str!("../../../../fixtures/twilio/sent.json");
    assert_eq!(
        answer(201, sent),
        Outcome::Accepted { provider_id: "SM00000000000000000000000000000004".into() }
    );
    assert_eq!(answer(201, "{}"), Outcome::Unknown);
    assert_eq!(error(21610, 400), failed("21610", Some(Suppress::Carrier)));
    assert_eq!(error(21614, 400), failed("21614", Some(Suppress::HardBounce)));
    for code in [21606, 21608, 21612, 21408, 21617] {
        assert_eq!(error(code, 400), failed(&code.to_string(), None));
    }
    assert_eq!(error(20003, 401), failed("20003", None));
    assert_eq!(answer(401, "who?"), failed("401", None));
    assert_eq!(error(20429, 429), retry("20429"));
    assert_eq!(answer(429, ""), retry("429"));
    assert_eq!(error(20500, 500), retry("20500"));
    assert_eq!(answer(502, "<html>bad gateway</html>"), Outcome::Unknown);
    assert_eq!(Twilio.outcome(&Err(HttpError::Unreachable("refused".into()))), retry("unreachable"));
    assert_eq!(Twilio.outcome(&Err(HttpError::Lost)), Outcome::Unknown);
}

#[test]
fn a_wish_for_a_pause_is_kept_within_reason() {
    let wait = |value: &str| {
        let mut response = Response::new(429, "application/json", r#"{"code":20429}"#);
        response.headers.push(("retry-after".to_owned(), value.to_owned()));
        match Twilio.outcome(&Ok(response)) {
            Outcome::Retry { after_ms, .. } => after_ms,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wait("30"), Some(30_000));
    assert_eq!(wait("99999999999"), Some(3_600_000));
    assert_eq!(wait("-1"), None);
    assert_eq!(wait("Wed, 21 Oct 2026 07:28:00 GMT"), None);
}

#[test]
fn a_webhook_is_acknowledged_with_an_empty_document() {
    let response = Twilio.acknowledge();
    assert_eq!((response.status, response.header("content-type")), (200, Some("text/xml")));
    assert_eq!(response.body, br#"<?xml version="1.0" encoding="UTF-8"?><Response></Response>"#);
}

#[test]
fn a_path_is_found_in_any_url() {
    assert_eq!(path_and_query("http://127.0.0.1:1/a?b=c://d"), "/a?b=c://d");
    assert_eq!(path_and_query("/a?b"), "/a?b");
    assert_eq!(path_and_query("http://host"), "");
    assert_eq!(path_and_query("http://host?x"), "?x");
}

proptest! {
    #[test]
    fn any_request_is_judged_and_read_without_a_panic(
        url in "\\PC{0,40}", body in prop::collection::vec(any::<u8>(), 0..120), claimed in "\\PC{0,30}", get in any::<bool>(),
    ) {
        let site = site("twilio", SETTINGS);
        let method = if get { "GET" } else { "POST" }.to_owned();
        let request = Request { method, ..Request::post(url, "", body) }.with_header(signature::HEADER, claimed);
        prop_assert!(Twilio.verify(setup(&site, &SECRETS), &request, NOW).is_err());
        let _ = parse(&request);
    }

    #[test]
    fn any_fields_are_read_without_a_panic(
        from in "[+0-9]{0,18}|\\PC{0,10}", text in "\\PC{0,60}", status in "(queued|sent|failed|\\PC{0,6})?", count in "[0-9]{0,22}",
    ) {
        let fields = [("MessageSid", "SM1"), ("From", &from), ("Body", &text), ("MessageStatus", &status), ("NumMedia", &count)];
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let _ = parse(&Request::post("https://x", "", form.into_bytes()));
    }

    #[test]
    fn any_answer_is_judged_without_a_panic(status in any::<u16>(), body in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Twilio.outcome(&Ok(Response::new(status, "", body)));
    }
}
