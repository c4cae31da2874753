//! What can go wrong at a model provider.

use serde_json::Value;

use crate::http::{HttpError, Response};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// 401 or 403: the key is wrong.
    #[error("the model provider refused the key")]
    Unauthorized,
    /// 429: too many requests.
    #[error("the model provider is at its rate limit")]
    RateLimited,
    /// 429 `insufficient_quota`: the account is used up.
    #[error("the account at the model provider is used up")]
    Quota,
    /// 400 `context_length_exceeded`.
    #[error("the conversation is too long for the model")]
    TooLong,
    /// Any other 4xx, with the provider's code.
    #[error("the model provider refused the request: {0}")]
    BadRequest(String),
    /// 5xx, an overloaded provider, or an error in the middle of a stream.
    #[error("the model provider failed")]
    Unavailable,
    /// The stream ended before the answer did, or never came.
    #[error("the answer broke off")]
    Cut,
    /// The model declined, or the provider's filter stopped it.
    #[error("the model declined to answer")]
    Declined,
    /// Nothing in the response could be read.
    #[error("the response could not be read")]
    Malformed,
}

impl From<HttpError> for ModelError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Unreachable(_) => Self::Unavailable,
            HttpError::Lost => Self::Cut,
        }
    }
}

/// What a response's status, headers and body say went wrong; `None` for 2xx. `body` is what has been read of it; where
/// the response holds its own, both are looked at.
pub fn failure(response: &Response, body: &[u8]) -> Option<ModelError> {
    if (200..300).contains(&response.status) {
        return None;
    }
    let body = if body.is_empty() { &response.body } else { body };
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let code = code(&value["error"]);
    Some(match response.status {
        401 | 403 => ModelError::Unauthorized,
        429 if code == "insufficient_quota" => ModelError::Quota,
        429 => ModelError::RateLimited,
        400 | 413 if code == "context_length_exceeded" => ModelError::TooLong,
        408 | 500.. => ModelError::Unavailable,
        status => ModelError::BadRequest(if code.is_empty() { status.to_string() } else { code }),
    })
}

/// What an `error` object in the middle of a stream means.
pub(super) fn mid_stream(error: &Value) -> ModelError {
    match code(error).as_str() {
        "insufficient_quota" => ModelError::Quota,
        "context_length_exceeded" => ModelError::TooLong,
        "rate_limit_exceeded" => ModelError::RateLimited,
        _ => ModelError::Unavailable,
    }
}

/// The error's code, else its type; short and without control characters, for logs.
fn code(error: &Value) -> String {
    let text = [&error["code"], &error["type"]].into_iter().find_map(Value::as_str).unwrap_or_default();
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Option<ModelError> {
        failure(&Response::new(status, "application/json", body), &[])
    }

    #[test]
    fn statuses_and_codes_fall_into_classes() {
        assert_eq!(of(200, ""), None);
        for (status, body, error) in [
            (401, "{}", ModelError::Unauthorized),
            (429, r#"{"error":{"code":"insufficient_quota"}}"#, ModelError::Quota),
            (429, r#"{"error":{"code":"rate_limit_exceeded"}}"#, ModelError::RateLimited),
            (400, r#"{"error":{"code":"context_length_exceeded"}}"#, ModelError::TooLong),
            (
                400,
                r#"{"error":{"code":null,"type":"invalid_request_error"}}"#,
                ModelError::BadRequest("invalid_request_error".into()),
            ),
            (404, "not json", ModelError::BadRequest("404".into())),
            (503, "", ModelError::Unavailable),
        ] {
            assert_eq!(of(status, body), Some(error), "{status} {body}");
        }
    }
}
