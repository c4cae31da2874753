//! What Meta's answers and error codes mean.
//! Source: <https://developers.facebook.com/docs/messenger-platform/reference/send-api/error-codes>.

use serde::Deserialize;

use crate::{
    api::lines::Probed,
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

/// What a page or an account says of itself.
#[derive(Default, Deserialize)]
struct Own {
    #[serde(default)]
    id: String,
    #[serde(default)]
    user_id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    username: String,
}

/// What the page's own answer says of a line with this address.
pub(super) fn probed(address: &str, response: &Response) -> Probed {
    let fails = |text: String| Probed { works: false, text };
    if (200..300).contains(&response.status) {
        let Own { id, user_id, name, username } = serde_json::from_slice(&response.body).unwrap_or_default();
        let name = if name.is_empty() { username } else { name };
        return if id == address || user_id == address {
            Probed { works: true, text: format!("Meta knows this page: {name}.") }
        } else {
            fails(format!(
                "The token is of another page: {name} ({id}), and the line's address is {address}."
            ))
        };
    }
    let Answer { error, .. } = serde_json::from_slice(&response.body).unwrap_or_default();
    match error.map(|failure| failure.code) {
        Some(190) => {
            fails("Meta does not take the page token any more: make a new one and set it.".to_owned())
        }
        Some(100) => fails(
            "Meta does not take the app secret with this token: compare both with the app's settings."
                .to_owned(),
        ),
        Some(10 | 200..=299) => fails("The token lacks a permission: give it those for messages.".to_owned()),
        Some(code) => fails(format!("Meta refused with its code {code}.")),
        None => fails(format!("Meta answered {}. Try again in a moment.", response.status)),
    }
}
