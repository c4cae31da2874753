//! What Meta's answers and error codes mean.
//! Source: <https://developers.facebook.com/docs/messenger-platform/reference/send-api/error-codes>.

use serde::Deserialize;

use crate::{
    http::{HttpError, Response},
    message::Outcome,
};

/// What asks for another attempt: temporary failures (1200, 2) and rates (4, 32, 613).
const AGAIN: [i64; 5] = [2, 4, 32, 613, 1_200];

#[derive(Default, Deserialize)]
struct Answer {
    #[serde(default)]
    message_id: Option<String>,
    #[serde(default)]
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    code: i64,
    #[serde(default)]
    error_subcode: Option<i64>,
}

/// What became of a send. Without an idempotency key only what Meta itself refuses may be tried again; a 5xx that is not in
/// its words says nothing of whether the message was taken.
pub(super) fn outcome(answer: &Result<Response, HttpError>) -> Outcome {
    let response = match answer {
        Ok(response) => response,
        Err(HttpError::Unreachable(_)) => {
            return Outcome::Retry { after_ms: None, code: "unreachable".to_owned() };
        }
        Err(HttpError::Lost) => return Outcome::Unknown,
    };
    let Answer { message_id, error } = serde_json::from_slice(&response.body).unwrap_or_default();
    match (response.status, message_id, error) {
        (200..=299, Some(provider_id), _) if !provider_id.is_empty() => Outcome::Accepted { provider_id },
        (status, _, Some(failure)) => {
            let subcode = failure.error_subcode.map(|code| format!(".{code}")).unwrap_or_default();
            let code = format!("{}{subcode}", failure.code);
            if status == 429 || AGAIN.contains(&failure.code) {
                Outcome::Retry { after_ms: None, code }
            } else {
                Outcome::Failed { code, suppress: None }
            }
        }
        (429, ..) => Outcome::Retry { after_ms: None, code: "429".to_owned() },
        (200..=299 | 500..=599, ..) => Outcome::Unknown,
        (status, ..) => Outcome::Failed { code: status.to_string(), suppress: None },
    }
}
