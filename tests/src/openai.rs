//! A stand-in for an OpenAI-compatible model: checks what it is asked, and streams what it is told to.
//!
//! Each request takes the next [`Script`], or the standing one. Requests are kept whole, so a test can say what the model
//! was and was not shown. It deliberately has no intelligence: it never looks at the question.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    clock::eventually,
    server::{Received, Reply, Server},
};

pub use script::{Ending, Piece, Script, Stream};

mod script;

/// The worker's `OPENAI_API_KEY`.
pub const API_KEY: &str = "stand-in-openai-key-000001";
/// The model's name.
pub const MODEL: &str = "stand-in-1";

/// A request to the model, as it arrived.
#[derive(Clone, Debug)]
pub struct Prompt(pub Value);

impl Prompt {
    /// The contents of the messages of a role, in order.
    pub fn by(&self, role: &str) -> Vec<String> {
        let messages = self.0["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        messages
            .iter()
            .filter(|message| message["role"] == role)
            .map(|message| text(&message["content"]))
            .collect()
    }

    /// Whether the model was shown `words` anywhere.
    pub fn shows(&self, words: &str) -> bool {
        let messages = self.0["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        messages.iter().any(|message| text(&message["content"]).contains(words))
    }
}

/// A content: a text, or a list of parts.
fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        _ => String::new(),
    }
}

struct State {
    standing: Script,
    next: VecDeque<Script>,
    prompts: Vec<Prompt>,
    complaints: Vec<String>,
}

/// The stand-in; it stops when dropped.
pub struct OpenAi {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl OpenAi {
    /// Starts on a free port; says a harmless sentence until told otherwise.
    pub fn start() -> Self {
        let standing = Script::says("Happy to help you with that.");
        let state = State { standing, next: VecDeque::new(), prompts: Vec::new(), complaints: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let server = Server::start(move |received, reply| answer(&shared, &received, reply));
        Self { server, state }
    }

    /// What an assistant's `base_url` setting is, without `/v1`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Scripts the next request that is not scripted yet.
    pub fn next(&self, script: Script) {
        lock(&self.state).next.push_back(script);
    }

    /// Scripts every request that is not scripted otherwise.
    pub fn always(&self, script: Script) {
        lock(&self.state).standing = script;
    }

    /// Every well-formed request.
    pub fn prompts(&self) -> Vec<Prompt> {
        lock(&self.state).prompts.clone()
    }

    /// What was wrong with the other requests.
    pub fn complaints(&self) -> Vec<String> {
        lock(&self.state).complaints.clone()
    }

    /// Waits for the `nth` request (from 1).
    #[track_caller]
    pub fn waits_for_prompt(&self, nth: usize, within: Duration) -> Prompt {
        eventually(within, &format!("prompt {nth}; complaints: {:?}", self.complaints()), || {
            self.prompts().into_iter().nth(nth - 1)
        })
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(state: &Mutex<State>, received: &Received, reply: Reply) {
    // A worker that gave up on the call is none of the model's business.
    let _ = match read(received) {
        Err((status, why)) => {
            lock(state).complaints.push(why.clone());
            script::refuse(reply, status, "invalid_request_error", &why, None)
        }
        Ok(prompt) => {
            let streamed = prompt.0["stream"] == true;
            let usage = prompt.0["stream_options"]["include_usage"] == true;
            let script = {
                let mut state = lock(state);
                state.prompts.push(prompt);
                state.next.pop_front().unwrap_or_else(|| state.standing.clone())
            };
            script.perform(reply, streamed, usage)
        }
    };
}

/// Reads a request as strictly as the real one: status and reason where it is none.
fn read(received: &Received) -> Result<Prompt, (u16, String)> {
    if received.method != "POST" || received.path() != "/v1/chat/completions" {
        return Err((404, format!("no such resource: {} {}", received.method, received.target)));
    }
    if received.header("authorization") != Some(format!("Bearer {API_KEY}").as_str()) {
        return Err((401, "Incorrect API key provided".to_owned()));
    }
    let body: Value =
        serde_json::from_slice(&received.body).map_err(|error| (400, format!("not JSON: {error}")))?;
    if !body["model"].is_string() {
        return Err((400, "you must provide a model parameter".to_owned()));
    }
    let roles = ["system", "developer", "user", "assistant", "tool"].map(|role| json!(role));
    match body["messages"].as_array() {
        Some(messages) if !messages.is_empty() => {
            match messages.iter().find(|message| !roles.contains(&message["role"])) {
                Some(odd) => Err((400, format!("invalid role: {}", odd["role"]))),
                None => Ok(Prompt(body)),
            }
        }
        _ => Err((400, "'messages' must be a non-empty array".to_owned())),
    }
}

#[cfg(test)]
mod tests;
