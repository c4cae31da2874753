//! The sandbox carrier: the built-in provider of SMS and email for development, demos and tests.
//!
//! What its two codecs share: the signature on its webhooks, its answers, and its reports. A sandbox page signs with
//! [`sign`]; everything it posts is JSON with the header [`SIGNATURE_HEADER`].
//!
//! A report is `{"status":{"id":"…","state":"delivered"|"failed","code":"…"?}}`; the answer to a send is any 2xx with
//! `{"id":"…"}`, or an error status with `{"code":"…"}`.

use serde::Deserialize;

use crate::{
    channel::provider::Secrets,
    error::{ParseError, Rejection},
    http::{HttpError, Request, Response},
    id::DeliveryId,
    message::{DeliveryReport, DeliveryState, Outcome, Suppress},
    signature,
};

/// The header that carries the signature, in lower case.
pub const SIGNATURE_HEADER: &str = "x-throughline-signature";

/// The secret's name.
pub const SIGNING_KEY: &str = "SIGNING_KEY";

/// Keeps a sandbox signature from being valid anywhere else under the same key.
const DOMAIN: &[u8] = b"sandbox.";

/// The signature of a raw body: lower-case hex of HMAC-SHA256 over `sandbox.` and the body.
pub fn sign(key: &str, body: &[u8]) -> String {
    signature::hex(&signature::hmac_sha256(key.as_bytes(), &[DOMAIN, body]))
}

/// Checks [`SIGNATURE_HEADER`] against the raw body. 403 `bad_signature` where it is missing or wrong, 403
/// `not_configured` where the secret [`SIGNING_KEY`] is not set or empty.
pub fn verify(secrets: &dyn Secrets, request: &Request) -> Result<(), Rejection> {
    let key = secrets
        .secret(SIGNING_KEY)
        .filter(|key| !key.is_empty())
        .ok_or_else(|| Rejection::new(403, "not_configured", "The secret `SIGNING_KEY` is not set."))?;
    let claimed = request
        .header(SIGNATURE_HEADER)
        .ok_or_else(|| Rejection::bad_signature("The header `x-throughline-signature` is missing."))?;
    if signature::same(sign(&key, &request.body).as_bytes(), claimed.as_bytes()) {
        Ok(())
    } else {
        Err(Rejection::bad_signature("The header `x-throughline-signature` does not match the body."))
    }
}

/// The answer that acknowledges any sandbox webhook: 200 `{}`.
pub fn acknowledge() -> Response {
    Response::new(200, "application/json", "{}")
}

/// A sandbox report as it stands under `status`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Status {
    /// The id the sandbox gave the message when it took it.
    pub id: String,
    /// `delivered` or `failed`.
    pub state: String,
    /// Why it failed; `hard_bounce`, `complaint` and `carrier` also suppress the address.
    #[serde(default)]
    pub code: Option<String>,
}

impl Status {
    /// The report's own name, for recognising a second arrival: `id:state:code`.
    pub fn external_id(&self) -> String {
        format!("{}:{}:{}", self.id, self.state, self.code.as_deref().unwrap_or_default())
    }

    /// The report in our words; `malformed_json` for another state.
    pub fn into_report(self) -> Result<DeliveryReport, ParseError> {
        let state = match self.state.as_str() {
            "delivered" => DeliveryState::Delivered,
            "failed" => DeliveryState::Wedged,
            _ => {
                return Err(ParseError::new(
                    "malformed_json",
                    "`status.state` is neither delivered nor failed",
                ));
            }
        };
        let suppress = self.code.as_deref().and_then(suppression).filter(|_| state == DeliveryState::Wedged);
        // The sandbox names a message after our delivery (an email's Message-ID begins with it), so that a report finds it
        // even where it overtakes the sandbox's own answer.
        let name = self.id.split_once('.').map_or(self.id.as_str(), |(first, _)| first);
        let delivery = DeliveryId::parse(name).ok();
        Ok(DeliveryReport { delivery, provider_id: self.id, state, code: self.code, suppress })
    }
}

/// What the sandbox's answer to a send means.
///
/// A lost answer is [`Outcome::Unknown`]; the sandbox takes an idempotency key, so it may be sent again.
pub fn outcome(answer: &Result<Response, HttpError>) -> Outcome {
    let response = match answer {
        Ok(response) => response,
        Err(HttpError::Unreachable(_)) => return retry("unreachable"),
        Err(HttpError::Lost) => return Outcome::Unknown,
    };
    let Answer { id, code } = serde_json::from_slice(&response.body).unwrap_or_default();
    let code = code.unwrap_or_else(|| response.status.to_string());
    match (response.status, id) {
        (200..=299, Some(provider_id)) => Outcome::Accepted { provider_id },
        (200..=299, None) => Outcome::Unknown,
        (429 | 500..=599, _) => retry(&code),
        _ => Outcome::Failed { suppress: suppression(&code), code },
    }
}

#[derive(Default, Deserialize)]
struct Answer {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    code: Option<String>,
}

fn retry(code: &str) -> Outcome {
    Outcome::Retry { after_ms: None, code: code.to_owned() }
}

fn suppression(code: &str) -> Option<Suppress> {
    match code {
        "hard_bounce" => Some(Suppress::HardBounce),
        "complaint" => Some(Suppress::Complaint),
        "carrier" => Some(Suppress::Carrier),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Key(Option<&'static str>);

    impl Secrets for Key {
        fn secret(&self, name: &str) -> Option<String> {
            self.0.filter(|_| name == SIGNING_KEY).map(str::to_owned)
        }
    }

    fn posted(body: &[u8]) -> Request {
        Request::post("https://chat.example.com/hooks/end_sms", "application/json", body.to_vec())
    }

    #[test]
    fn a_signed_body_is_taken_and_a_changed_one_is_not() {
        let good = posted(b"{}").with_header(SIGNATURE_HEADER, sign("k", b"{}"));
        assert_eq!(verify(&Key(Some("k")), &good), Ok(()));
        let changed = Request { body: b"{ }".to_vec(), ..good.clone() };
        for (secret, request) in [(Some("k"), &changed), (Some("other"), &good), (Some("k"), &posted(b"{}"))]
        {
            let rejection = verify(&Key(secret), request).unwrap_err();
            assert_eq!((rejection.status, rejection.code), (403, "bad_signature"));
        }
    }

    #[test]
    fn a_missing_or_empty_key_stops_the_endpoint() {
        for secret in [None, Some("")] {
            let request = posted(b"{}").with_header(SIGNATURE_HEADER, sign("", b"{}"));
            assert_eq!(verify(&Key(secret), &request).unwrap_err().code, "not_configured");
        }
    }

    #[test]
    fn the_signature_does_not_change_between_releases() {
        assert_eq!(sign("k", b"{}"), "b21c6a801ebb1c750556b559e4b4c7b3b41be8739391c474e7c38f665f8ea440");
    }

    #[test]
    fn every_answer_has_its_outcome() {
        let answer = |status, body: &str| outcome(&Ok(Response::new(status, "application/json", body)));
        let failed = |code: &str, suppress| Outcome::Failed { code: code.to_owned(), suppress };
        assert_eq!(answer(201, r#"{"id":"sbx_1"}"#), Outcome::Accepted { provider_id: "sbx_1".into() });
        assert_eq!(answer(200, "hello"), Outcome::Unknown);
        assert_eq!(answer(400, r#"{"code":"bad_to"}"#), failed("bad_to", None));
        assert_eq!(answer(400, r#"{"code":"carrier"}"#), failed("carrier", Some(Suppress::Carrier)));
        assert_eq!(answer(503, ""), retry("503"));
        assert_eq!(outcome(&Err(HttpError::Unreachable("refused".into()))), retry("unreachable"));
        assert_eq!(outcome(&Err(HttpError::Lost)), Outcome::Unknown);
    }

    #[test]
    fn a_failure_report_wedges_and_suppresses_only_where_it_says_so() {
        let report = |state: &str, code: Option<&str>| {
            Status { id: "m1".into(), state: state.into(), code: code.map(str::to_owned) }.into_report()
        };
        assert_eq!(report("delivered", Some("carrier")).unwrap().suppress, None);
        assert_eq!(report("failed", None).unwrap().state, DeliveryState::Wedged);
        assert_eq!(report("failed", Some("hard_bounce")).unwrap().suppress, Some(Suppress::HardBounce));
        assert_eq!(report("opened", None).unwrap_err().code, "malformed_json");
    }

    #[test]
    fn a_report_that_overtakes_the_answer_names_our_own_delivery() {
        let delivery = |id: &str| {
            let status = Status { id: id.into(), state: "delivered".into(), code: None };
            status.into_report().unwrap().delivery.map(|delivery| delivery.to_string())
        };
        assert_eq!(delivery("dlv_1").as_deref(), Some("dlv_1"));
        assert_eq!(delivery("dlv_1.cnv_2@larkspur.example").as_deref(), Some("dlv_1"));
        assert_eq!(delivery("m1"), None);
    }

    proptest! {
        #[test]
        fn any_answer_is_judged_without_a_panic(status in any::<u16>(), body in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = outcome(&Ok(Response::new(status, "", body)));
        }
    }
}
