//! The codec for OpenAI-compatible chat completions: a turn to a request, a streamed response to a draft.
//!
//! 1. [`render_request`] asks.
//! 2. [`Stream`] takes the body's bytes as they come; [`Stream::text`] is what has been written so far.
//! 3. [`Stream::finish`] gives an [`Answer`] or says what went wrong.
//! 4. Where a model only called tools, [`continue_request`] reports the results and asks for words, once.
//! 5. [`draft()`] turns answers into a draft, which `guard` checks before anybody sees it.
//!
//! Whatever a provider streams besides `content` (reasoning, refusals, unknown keys) is never shown.
//! Source: <https://platform.openai.com/docs/api-reference/chat>.

mod calls;
mod draft;
mod failure;
mod stream;

pub use calls::ToolCall;
pub use draft::draft;
pub use failure::{ModelError, failure};
pub use stream::{Answer, Stream};

use serde_json::{Value, json};

use super::{Turn, builtin, prompt};
use crate::{
    channel::provider::{RenderError, Secrets},
    http::Request,
};

/// The secret that holds the key.
pub const KEY: &str = "OPENAI_API_KEY";
/// Where requests go unless the site says otherwise, without `/v1`.
pub const BASE_URL: &str = "https://api.openai.com";
/// The most tokens of one answer.
const MAX_TOKENS: u32 = 500;
/// How long a provider may take to the response's head, in milliseconds.
const HEAD_TIMEOUT_MS: u32 = 8_000;

/// The request for a turn. A missing key or model is an error that names it.
pub fn render_request(turn: &Turn, secrets: &dyn Secrets) -> Result<Request, RenderError> {
    let mut body = opening(turn)?;
    // Who writes to somebody who did not ask does nothing else.
    if turn.task.is_none() {
        body["tools"] = prompt::tools(&turn.site);
        body["tool_choice"] = json!("auto");
    }
    post(turn, secrets, &body)
}

/// The request after an answer that only called tools: their results, and no more tools.
pub fn continue_request(turn: &Turn, secrets: &dyn Secrets, answer: &Answer) -> Result<Request, RenderError> {
    let mut body = opening(turn)?;
    if let Some(messages) = body["messages"].as_array_mut() {
        let calls: Vec<Value> = answer.calls.iter().map(ToolCall::to_json).collect();
        let said = if answer.text.is_empty() { Value::Null } else { json!(answer.text) };
        messages.push(json!({ "role": "assistant", "content": said, "tool_calls": calls }));
        for call in &answer.calls {
            messages.push(json!({ "role": "tool", "tool_call_id": call.id, "content": call.result(turn) }));
        }
    }
    body["tools"] = prompt::tools(&turn.site);
    body["tool_choice"] = json!("none");
    post(turn, secrets, &body)
}

fn opening(turn: &Turn) -> Result<Value, RenderError> {
    let settings = &turn.site.assistant;
    let model = settings.model.as_deref().filter(|model| !model.is_empty());
    let model = model.ok_or(RenderError::Missing("assistant.model"))?;
    let mut messages =
        vec![json!({ "role": "system", "content": prompt::system(turn, builtin::language(turn)) })];
    let lines = prompt::lines(turn);
    messages.extend(lines.into_iter().map(|line| json!({ "role": line.role, "content": line.content })));
    Ok(json!({
        "model": model,
        "messages": messages,
        "stream": true,
        "stream_options": { "include_usage": true },
        "max_tokens": MAX_TOKENS,
        "temperature": 0.2,
    }))
}

fn post(turn: &Turn, secrets: &dyn Secrets, body: &Value) -> Result<Request, RenderError> {
    let key = secrets.secret(KEY).filter(|key| !key.is_empty()).ok_or(RenderError::Missing(KEY))?;
    let base = turn.site.assistant.base_url.as_deref().unwrap_or(BASE_URL).trim_end_matches('/');
    let url = format!("{base}/v1/chat/completions");
    let mut request = Request::post(url, "application/json", body.to_string().into_bytes())
        .with_header("authorization", format!("Bearer {key}"))
        .with_header("accept", "text/event-stream");
    request.timeout_ms = HEAD_TIMEOUT_MS;
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{assistant::fixtures, channel::Channel};

    struct Keys(Option<&'static str>);

    impl Secrets for Keys {
        fn secret(&self, name: &str) -> Option<String> {
            self.0.filter(|_| name == KEY).map(str::to_owned)
        }
    }

    fn turn() -> Turn<'static> {
        let mut turn = fixtures::turn(Channel::Widget, "how much is a full service?");
        turn.site.to_mut().assistant.model = Some("gpt-4o-mini".into());
        turn.site.to_mut().assistant.base_url = Some("http://127.0.0.1:9000/".into());
        turn
    }

    #[test]
    fn the_request_goes_to_the_sites_endpoint_with_the_key() {
        let request = render_request(&turn(), &Keys(Some("sk-1"))).unwrap();
        assert_eq!(request.url, "http://127.0.0.1:9000/v1/chat/completions");
        assert_eq!(request.header("authorization"), Some("Bearer sk-1"));
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!((&body["model"], &body["stream"]), (&json!("gpt-4o-mini"), &json!(true)));
        assert_eq!(body["stream_options"], json!({ "include_usage": true }));
        assert_eq!(body["messages"][0]["role"], "system");
        assert_eq!(body["messages"][1]["role"], "user");
        assert_eq!(body["tools"].as_array().unwrap().len(), 10);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(render_request(&turn(), &Keys(None)), Err(RenderError::Missing(KEY)));
        let mut bare = turn();
        bare.site.to_mut().assistant.model = None;
        assert_eq!(render_request(&bare, &Keys(Some("k"))), Err(RenderError::Missing("assistant.model")));
    }

    #[test]
    fn a_tool_round_carries_the_calls_and_their_results() {
        let call = ToolCall {
            id: "call_1".into(),
            name: "call_person".into(),
            arguments: r#"{"reason":"asked"}"#.into(),
        };
        let answer = Answer { calls: vec![call], ..Answer::default() };
        let request = continue_request(&turn(), &Keys(Some("sk-1")), &answer).unwrap();
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let messages = body["messages"].as_array().unwrap();
        assert_eq!(
            messages[messages.len() - 2..],
            [
                json!({
                    "role": "assistant", "content": null,
                    "tool_calls": [{
                        "id": "call_1", "type": "function",
                        "function": { "name": "call_person", "arguments": "{\"reason\":\"asked\"}" },
                    }],
                }),
                json!({ "role": "tool", "tool_call_id": "call_1", "content": "Noted." }),
            ]
        );
        assert_eq!(body["tool_choice"], "none");
    }
}
