//! What Twilio's answers and error codes mean.
//!
//! Twilio asks not to build logic on single codes (they are split and renamed over time), so the HTTP status decides and
//! only the few codes that say something lasting about the address are read.

use serde::Deserialize;

use crate::{
    api::lines::Probed,
    http::{HttpError, Response},
    message::{Outcome, Suppress},
};

/// The longest wait that `Retry-After` may ask for: an hour, in seconds.
const MAX_RETRY_AFTER_S: i64 = 3_600;

/// What is read of an answer: a message's `sid`, or an error's `code`.
#[derive(Default, Deserialize)]
struct Answer {
    #[serde(default)]
    sid: Option<String>,
    #[serde(default)]
    code: Option<u32>,
}

/// What became of a send.
///
/// Without an idempotency key only a plain refusal may be tried again: 429, an error that Twilio's own JSON confirms,
/// or a connection that never was. A 5xx from something in between says nothing of whether Twilio took the message.
/// 401 and 403 fail for good with their code, so that the wrong credentials are seen and not retried into a lockout.
pub(super) fn outcome(answer: &Result<Response, HttpError>) -> Outcome {
    let response = match answer {
        Ok(response) => response,
        Err(HttpError::Unreachable(_)) => {
            return Outcome::Retry { after_ms: None, code: "unreachable".to_owned() };
        }
        Err(HttpError::Lost) => return Outcome::Unknown,
    };
    let Answer { sid, code } = serde_json::from_slice(&response.body).unwrap_or_default();
    let text = code.map_or_else(|| response.status.to_string(), |code| code.to_string());
    match (response.status, sid, code) {
        (200..=299, Some(sid), _) if !sid.is_empty() => Outcome::Accepted { provider_id: sid },
        (429, ..) | (500..=599, _, Some(_)) => {
            Outcome::Retry { after_ms: retry_after_ms(response), code: text }
        }
        (200..=299 | 500..=599, ..) => Outcome::Unknown,
        _ => Outcome::Failed { suppress: suppression(&text, false), code: text },
    }
}

/// What a code says of the address for good. `from_short_code` where the sender is one.
///
/// - 21610: the person opted out at Twilio, which keeps them so until they send START,
///   <https://www.twilio.com/docs/api/errors/21610>.
/// - 21211, 21614, 21635: not a number, not one that takes text messages, a landline,
///   <https://www.twilio.com/docs/api/errors/21635>.
/// - 30005: unknown, inactive or no longer in service, <https://www.twilio.com/docs/api/errors/30005>.
/// - 30006: a landline, or a carrier that a short code cannot reach: lasting only where the sender is not a short code,
///   <https://www.twilio.com/docs/api/errors/30006>.
///
/// 30003 (switched off), 30004 (blocked), 30007 (filtered), 30008 (unknown) and 30034 (unregistered sender) say nothing
/// lasting about the number.
pub(super) fn suppression(code: &str, from_short_code: bool) -> Option<Suppress> {
    match code {
        "21610" => Some(Suppress::Carrier),
        "21211" | "21614" | "21635" | "30005" => Some(Suppress::HardBounce),
        "30006" if !from_short_code => Some(Suppress::HardBounce),
        _ => None,
    }
}

/// `Retry-After` in seconds; the form with a date would need a clock and is passed over.
fn retry_after_ms(response: &Response) -> Option<i64> {
    let seconds: i64 = response.header("retry-after")?.trim().parse().ok()?;
    (seconds >= 0).then(|| seconds.min(MAX_RETRY_AFTER_S) * 1_000)
}

/// What an account says of itself.
#[derive(Default, Deserialize)]
struct Account {
    #[serde(default)]
    status: String,
    #[serde(default)]
    friendly_name: String,
}

/// What the account's own answer says of the line.
pub(super) fn probed(response: &Response) -> Probed {
    let fails = |text: String| Probed { works: false, text };
    match response.status {
        200..=299 => {
            let Account { status, friendly_name } =
                serde_json::from_slice(&response.body).unwrap_or_default();
            if status == "active" {
                return Probed { works: true, text: format!("Twilio knows this account: {friendly_name}.") };
            }
            fails(format!("Twilio says that the account is {status}: look at it in Twilio's console."))
        }
        401 | 403 => fails(
            "Twilio does not know this account SID with this auth token: compare both with Twilio's console."
                .to_owned(),
        ),
        404 => fails(
            "Twilio has no account of this SID: compare `account_sid` with Twilio's console.".to_owned(),
        ),
        status => fails(format!("Twilio answered {status}. Try again in a moment.")),
    }
}
