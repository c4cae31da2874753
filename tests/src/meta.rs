//! Meta on loopback: takes what is sent to a page's people, as the Send API does, remembers it, and signs webhooks of its own
//! accord. Its signing code is its own, so that it and the worker's verifier check each other.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    client::{Answer, Call},
    clock::eventually,
    server::{Received, Reply, Server},
};

/// The app's secret, the worker's `META_APP_SECRET`.
pub const APP_SECRET: &str = "stand-in-meta-app-secret-0000000001";
/// The page's token, the worker's `META_PAGE_TOKEN`.
pub const PAGE_TOKEN: &str = "stand-in-meta-page-token-000000001";
/// What Meta repeats when a webhook is set up, the worker's `META_VERIFY_TOKEN`.
pub const VERIFY_TOKEN: &str = "stand-in-meta-verify-token";

/// A message that was sent to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// To whom, as the page knows them.
    pub to: String,
    /// The text.
    pub text: String,
}

/// The stand-in; it stops when dropped.
pub struct Meta {
    server: Server,
    sent: Arc<Mutex<Vec<Sent>>>,
    complaints: Arc<Mutex<Vec<String>>>,
}

impl Meta {
    /// Starts on a free port.
    pub fn start() -> Self {
        let (sent, complaints) = (Arc::default(), Arc::default());
        let (keep, blame) = (Arc::clone(&sent), Arc::clone(&complaints));
        let server = Server::start(move |received, reply| answer(&keep, &blame, &received, reply));
        Self { server, sent, complaints }
    }

    /// What an endpoint's `api_base` setting is, without a trailing slash.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Waits for the `nth` message (from 1) to go out.
    #[track_caller]
    pub fn waits_for(&self, nth: usize, within: Duration) -> Sent {
        eventually(within, &format!("message {nth}; complaints: {:?}", self.complaints()), || {
            lock(&self.sent).get(nth - 1).cloned()
        })
    }

    /// What was wrong with requests: another token, proof, path or body.
    pub fn complaints(&self) -> Vec<String> {
        lock(&self.complaints).clone()
    }

    /// Brings a webhook with these events of a page, signed.
    #[track_caller]
    pub fn brings(to_webhook: &str, page: &str, events: &Value) -> Answer {
        let body = json!({ "object": "page", "entry": [{ "id": page, "time": 1, "messaging": events }] })
            .to_string();
        let signature = format!("sha256={}", hex(APP_SECRET, body.as_bytes()));
        Call::post(to_webhook, "application/json", body).header("x-hub-signature-256", &signature).send()
    }

    /// A message from somebody, as an event.
    pub fn message(page: &str, from: &str, mid: &str, text: &str) -> Value {
        json!({ "sender": { "id": from }, "recipient": { "id": page }, "timestamp": 1, "message": { "mid": mid, "text": text } })
    }
}

fn answer(sent: &Mutex<Vec<Sent>>, complaints: &Mutex<Vec<String>>, received: &Received, reply: Reply) {
    let number = lock(sent).len() + 1;
    let (status, body) = match read(received) {
        Ok(message) => {
            let to = message.to.clone();
            lock(sent).push(message);
            (200, json!({ "recipient_id": to, "message_id": format!("m_out_{number}") }))
        }
        Err(why) => {
            let error = json!({ "error": { "message": why, "type": "OAuthException", "code": 190 } });
            lock(complaints).push(why);
            (400, error)
        }
    };
    // A worker that gave up on the call is none of the provider's business.
    let _ = reply.whole(status, &[("content-type", "application/json")], body.to_string().as_bytes());
}

fn read(received: &Received) -> Result<Sent, String> {
    let proof = format!("appsecret_proof={}", hex(APP_SECRET, PAGE_TOKEN.as_bytes()));
    if received.header("authorization") != Some(format!("Bearer {PAGE_TOKEN}").as_str()) {
        return Err("the page's token is missing or wrong".to_owned());
    }
    if !received.path().ends_with("/me/messages") || !received.target.contains(&proof) {
        return Err(format!("not the Send API with a proof: {}", received.target));
    }
    let body: Value = serde_json::from_slice(&received.body).map_err(|error| error.to_string())?;
    let text = |path: &str| body.pointer(path).and_then(Value::as_str).map(str::to_owned);
    match (text("/recipient/id"), text("/message/text")) {
        (Some(to), Some(text)) if body["messaging_type"] == "RESPONSE" => Ok(Sent { to, text }),
        _ => Err(format!("not a message: {body}")),
    }
}

/// HMAC-SHA256 in lower-case hex.
fn hex(key: &str, bytes: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("a key of any length");
    mac.update(bytes);
    let mut out = String::new();
    for byte in mac.finalize().into_bytes() {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

fn lock<T>(state: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
