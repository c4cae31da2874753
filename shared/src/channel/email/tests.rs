//! Both carriers, over the same mails.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    CloudflareEmail, SandboxEmail,
    carrier::{ENVELOPE_FROM, ENVELOPE_TO, RAW_MAIL},
    cloudflare,
};
use crate::{
    channel::{
        Channel,
        provider::{Provider, RenderError, Secrets, Setup},
        sandbox::{SIGNATURE_HEADER, SIGNING_KEY, sign},
    },
    delivery::Purpose,
    http::{HttpError, Request, Response},
    id::{ConversationId, DeliveryId, EndpointId, EventId, SiteId},
    message::{DeliveryState, InboundBody, InboundMessage, Outcome, Outgoing, Suppress, ThreadRef},
    phrases::Lang,
    site::{AssistantSettings, Brand, Endpoint, Limits, Site},
    time::Timestamp,
};

const NOW: Timestamp = Timestamp::from_ms(1_795_511_534_000);

struct Key(&'static str);

impl Secrets for Key {
    fn secret(&self, name: &str) -> Option<String> {
        (name == SIGNING_KEY && !self.0.is_empty()).then(|| self.0.to_owned())
    }
}

fn site(provider: &str) -> Site {
    let endpoint = Endpoint {
        id: EndpointId::parse("end_mail").unwrap(),
        channel: Channel::Email,
        provider: provider.into(),
        address: "hello@larkspur.example".into(),
        settings: BTreeMap::new(),
    };
    Site {
        id: SiteId::parse("ste_larkspur").unwrap(),
        name: "Larkspur Cycles".into(),
        time_zone: "America/Los_Angeles".into(),
        locale: "en".into(),
        region: "US".into(),
        allowed_origins: Vec::new(),
        brand: Brand { color: "#000000".into(), greeting: BTreeMap::new() },
        address: String::new(),
        phone: String::new(),
        booking_url: None,
        booking: None,
        hours: BTreeMap::new(),
        team: Vec::new(),
        promises: crate::site::Promises::default(),
        work: crate::work::Settings::default(),
        handoff: crate::handoff::Triggers::default(),
        holidays: Vec::new(),
        assistant: AssistantSettings {
            provider: "builtin".into(),
            name: "Lark".into(),
            tone: String::new(),
            model: None,
            base_url: None,
        },
        endpoints: vec![endpoint],
        limits: Limits::default(),
        policy: crate::policy::Policy::default(),
        sequences: Vec::new(),
        fields: Vec::new(),
        people: Vec::new(),
    }
}

fn with_setup<T>(key: &'static str, run: impl FnOnce(Setup<'_>) -> T) -> T {
    let site = site("sandbox");
    let setup = Setup {
        site: &site,
        endpoint: &site.endpoints[0],
        secrets: &Key(key),
        public_url: "https://x.example",
    };
    run(setup)
}

fn received(method: &str, from: &str, to: &str, raw: &[u8]) -> Request {
    let request = Request::post("https://x.example/hooks/end_mail", RAW_MAIL, raw.to_vec());
    Request { method: method.into(), ..request }.with_header(ENVELOPE_FROM, from).with_header(ENVELOPE_TO, to)
}

fn outgoing() -> Outgoing {
    Outgoing {
        delivery: DeliveryId::parse("dlv_1").unwrap(),
        conversation: ConversationId::parse("cnv_1").unwrap(),
        event: EventId::parse("evt_1").unwrap(),
        at: NOW,
        channel: Channel::Email,
        to: "maria@lopez.example".into(),
        purpose: Purpose::Reply,
        lang: Lang::En,
        text: "A tune-up is $95.".into(),
        subject: Some("Your tune-up".into()),
        references: vec!["CAD+1@mail.lopez.example".into()],
        quoted: None,
        automatic: true,
        to_team: false,
        calendar: None,
        files: Vec::new(),
    }
}

fn message(body: InboundBody) -> InboundMessage {
    match body {
        InboundBody::Message(message) | InboundBody::Response(message, _) => message,
        InboundBody::Status(report) => panic!("a report: {report:?}"),
    }
}

const GMAIL: &[u8] = include_bytes!("../../../fixtures/email/mail/gmail.eml");

#[test]
fn only_the_edge_can_hand_mail_to_the_cloudflare_endpoint() {
    with_setup("k", |setup| {
        for method in ["POST", "GET", "email", ""] {
            let request = received(method, "a@b.example", "hello@larkspur.example", GMAIL);
            assert_eq!(CloudflareEmail.verify(setup, &request, NOW).unwrap_err().code, "bad_signature");
        }
        let request = received(cloudflare::METHOD, "a@b.example", "hello@larkspur.example", GMAIL);
        assert_eq!(CloudflareEmail.verify(setup, &request, NOW), Ok(()));
    });
}

#[test]
fn a_routed_mail_becomes_one_authenticated_message() {
    with_setup("k", |setup| {
        let request = received("EMAIL", "maria@lopez.example", "hello@larkspur.example", GMAIL);
        let inbound = CloudflareEmail.parse(setup, &request, NOW).unwrap().pop().unwrap();
        let named = "CAD+1@mail.lopez.example hello@larkspur.example maria@lopez.example 12af30893ea6a09a";
        assert_eq!(inbound.external_id, named);
        assert_eq!((inbound.endpoint.as_str(), inbound.at), ("end_mail", NOW));
        let message = message(inbound.body);
        assert!(message.authenticated && !message.automatic);
        assert_eq!(message.thread[0], ThreadRef::MessageId("dlv_1.cnv_1@larkspur.example".into()));
    });
}

#[test]
fn an_answer_to_a_sent_mail_finds_its_conversation_by_the_signed_address() {
    with_setup("k", |setup| {
        let sent = SandboxEmail.render(setup, &outgoing()).unwrap();
        let head = String::from_utf8(sent.body).unwrap();
        let reply_to = head.lines().find_map(|line| line.strip_prefix("Reply-To: ")).unwrap();
        let raw = format!("From: maria@lopez.example\r\nTo: {reply_to}\r\n\r\nThursday.");
        let request = received("POST", "maria@lopez.example", "hello@larkspur.example", raw.as_bytes());
        let request = request.with_header(SIGNATURE_HEADER, sign("k", raw.as_bytes()));
        assert_eq!(SandboxEmail.verify(setup, &request, NOW), Ok(()));
        let message = message(SandboxEmail.parse(setup, &request, NOW).unwrap().pop().unwrap().body);
        assert_eq!(message.thread, [ThreadRef::Token(ConversationId::parse("cnv_1").unwrap())]);
        assert!(message.authenticated, "the sandbox vouches for its senders");
        let unsigned = received("POST", "maria@lopez.example", "hello@larkspur.example", raw.as_bytes());
        assert_eq!(SandboxEmail.verify(setup, &unsigned, NOW).unwrap_err().code, "bad_signature");
        let routed = CloudflareEmail.parse(setup, &unsigned, NOW).unwrap().pop().unwrap();
        assert!(!self::message(routed.body).authenticated, "a mail without results proves nothing");
    });
}

#[test]
fn a_send_carries_envelope_and_key() {
    with_setup("k", |setup| {
        let request = SandboxEmail.render(setup, &outgoing()).unwrap();
        assert_eq!(request.url, "sandbox://email/messages");
        assert_eq!(request.header("idempotency-key"), Some("dlv_1"));
        let routed = CloudflareEmail.render(setup, &outgoing()).unwrap();
        assert_eq!((routed.url.as_str(), routed.header("idempotency-key")), ("binding://send_email", None));
        for request in [request, routed] {
            assert_eq!(request.header("content-type"), Some(RAW_MAIL));
            assert_eq!(request.header(ENVELOPE_FROM), Some("hello@larkspur.example"));
            assert_eq!(request.header(ENVELOPE_TO), Some("maria@lopez.example"));
        }
    });
    let missing = with_setup("", |setup| CloudflareEmail.render(setup, &outgoing()));
    assert_eq!(missing, Err(RenderError::Missing(SIGNING_KEY)));
}

#[test]
fn a_bounce_becomes_a_report_on_the_mail_it_is_about() {
    with_setup("k", |setup| {
        let dsn = include_str!("../../../fixtures/email/bounce/dsn.eml");
        let posted = |action: &str, status: &str| {
            let raw = dsn.replace("{action}", action).replace("{status}", status);
            let request = received("EMAIL", "", "hello@larkspur.example", raw.as_bytes());
            CloudflareEmail.parse(setup, &request, NOW).unwrap()
        };
        assert_eq!(posted("delayed", "4.4.1"), []);
        let inbound = posted("failed", "5.1.1").pop().unwrap();
        let named = "report-1@mx.lopez.example hello@larkspur.example mailer-daemon@mx.lopez.example 8d979a2ce94fca64";
        assert_eq!(inbound.external_id, named);
        let InboundBody::Status(report) = inbound.body else { panic!("a message") };
        assert_eq!(
            (report.provider_id.as_str(), report.state),
            ("dlv_1.cnv_1@larkspur.example", DeliveryState::Wedged)
        );
        assert_eq!(report.suppress, Some(Suppress::HardBounce));
    });
}

#[test]
fn a_sandbox_report_is_read_and_a_broken_one_refused() {
    with_setup("k", |setup| {
        let posted = |json: &str| {
            let request = Request::post("https://x.example", "application/json; charset=utf-8", json.into());
            SandboxEmail.parse(setup, &request, NOW)
        };
        let inbound =
            posted(r#"{"status":{"id":"m1","state":"failed","code":"hard_bounce"}}"#).unwrap().pop().unwrap();
        assert_eq!(inbound.external_id, "m1:failed:hard_bounce");
        let InboundBody::Status(report) = inbound.body else { panic!("a message") };
        assert_eq!((report.state, report.suppress), (DeliveryState::Wedged, Some(Suppress::HardBounce)));
        for json in ["", "{}", r#"{"status":{"id":"m1"}}"#, r#"{"status":{"id":"m1","state":"opened"}}"#] {
            assert_eq!(posted(json).unwrap_err().code, "malformed_json", "{json}");
        }
    });
}

#[test]
fn a_mail_without_its_envelope_is_refused() {
    with_setup("k", |setup| {
        let request = Request::post("https://x.example", RAW_MAIL, GMAIL.to_vec());
        assert_eq!(CloudflareEmail.parse(setup, &request, NOW).unwrap_err().code, "missing_field");
    });
}

#[test]
fn every_code_of_the_email_service_has_its_outcome() {
    let answer = |status, body: &str| CloudflareEmail.outcome(&Ok(Response::new(status, "text/plain", body)));
    let failed = |code: &str, suppress| Outcome::Failed { code: code.into(), suppress };
    let retry = |code: &str, after_ms| Outcome::Retry { after_ms, code: code.into() };
    assert_eq!(answer(200, "<id-1@cf>\n"), Outcome::Accepted { provider_id: "id-1@cf".into() });
    assert_eq!(answer(429, "E_RATE_LIMIT_EXCEEDED"), retry("E_RATE_LIMIT_EXCEEDED", None));
    assert_eq!(answer(429, "E_DAILY_LIMIT_EXCEEDED"), retry("E_DAILY_LIMIT_EXCEEDED", Some(3_600_000)));
    assert_eq!(answer(500, "E_INTERNAL_SERVER_ERROR: oops"), retry("E_INTERNAL_SERVER_ERROR", None));
    assert_eq!(
        answer(400, "E_RECIPIENT_SUPPRESSED"),
        failed("E_RECIPIENT_SUPPRESSED", Some(Suppress::Carrier))
    );
    let permanent = [
        "E_VALIDATION_ERROR",
        "E_FIELD_MISSING",
        "E_TOO_MANY_RECIPIENTS",
        "E_SENDER_NOT_VERIFIED",
        "E_RECIPIENT_NOT_ALLOWED",
        "E_SENDER_DOMAIN_NOT_AVAILABLE",
        "E_CONTENT_TOO_LARGE",
        "E_DELIVERY_FAILED",
        "E_HEADER_NOT_ALLOWED",
        "E_HEADER_USE_API_FIELD",
    ];
    for code in permanent {
        assert_eq!(answer(500, code), failed(code, None));
    }
    assert_eq!(answer(400, "nope"), failed("400", None));
    assert_eq!(answer(429, ""), retry("429", None));
    assert_eq!(answer(500, "Error: broke"), Outcome::Unknown);
    let failure = |error| CloudflareEmail.outcome(&Err(error));
    assert_eq!(failure(HttpError::Unreachable("no binding".into())), retry("unreachable", None));
    assert_eq!(failure(HttpError::Lost), Outcome::Unknown);
    assert_eq!(SandboxEmail.outcome(&Err(HttpError::Lost)), Outcome::Unknown);
}

proptest! {
    #[test]
    fn any_bytes_are_parsed_without_a_panic(raw in prop::collection::vec(any::<u8>(), 0..400), json: bool) {
        with_setup("k", |setup| {
            let kind = if json { "application/json" } else { RAW_MAIL };
            let request = Request::post("https://x.example", kind, raw);
            let request = request.with_header(ENVELOPE_FROM, "a@b.example").with_header(ENVELOPE_TO, "x");
            let _ = (SandboxEmail.parse(setup, &request, NOW), CloudflareEmail.parse(setup, &request, NOW));
        });
    }
}
