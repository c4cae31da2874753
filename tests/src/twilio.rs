//! A Twilio stand-in on loopback: takes messages as the real one does, remembers them, and posts signed webhooks.
//!
//! It accepts every message unless [`Twilio::next`] scripts something else for one attempt, or the recipient has sent STOP
//! to the sender: then it refuses with 21610 until they send START, as Twilio does of its own accord for every number. It
//! never calls back on its own: a test says when a status arrives, how often and in which order. Its signing code is its own, so that it and the
//! worker's verifier check each other.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{
    clock::eventually,
    server::{Received, Reply, Server},
};

pub use webhook::Webhook;

mod webhook;

/// The account's id.
pub const ACCOUNT_SID: &str = "AC00000000000000000000000000000001";
/// The account's secret, the worker's `TWILIO_AUTH_TOKEN`.
pub const AUTH_TOKEN: &str = "stand-in-twilio-auth-token-000001";

/// The lone words Twilio takes as an opt-out on every number…
const STOP: [&str; 8] = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];
/// …and as an opt-in.
const START: [&str; 3] = ["START", "YES", "UNSTOP"];

/// What happens to an attempt to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// 201, and it is sent.
    Accepted,
    /// 400 with code 21610: the recipient opted out at the carrier.
    OptedOut,
    /// 400 with this code, for good.
    Refused(u32),
    /// 401 with code 20003, whatever the credentials.
    Unauthorized,
    /// 429 with code 20429 and this `retry-after`, in seconds; not sent.
    RateLimited(u32),
    /// 500 without a body anyone could read; not sent, but nobody can know.
    ServerError,
    /// 500 with code 20500 in Twilio's own words; not sent.
    OwnServerError,
    /// No answer at all; not sent, but nobody can know.
    Hang,
    /// It is sent, and the connection drops before the answer.
    SentThenDropped,
}

/// An attempt to send, as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The message's id at the provider.
    pub sid: String,
    /// From which number.
    pub from: String,
    /// To which number.
    pub to: String,
    /// The text.
    pub body: String,
    /// Where statuses go.
    pub status_callback: Option<String>,
    /// Everything in the form, in order.
    pub form: Vec<(String, String)>,
    /// What happened to it.
    pub mode: Mode,
}

#[derive(Default)]
struct State {
    next: VecDeque<Mode>,
    attempts: Vec<Sent>,
    complaints: Vec<String>,
    /// Who has sent STOP to which number.
    stopped: BTreeSet<(String, String)>,
}

impl State {
    /// Takes note of the words Twilio acts on itself before anybody's webhook hears of them.
    fn hears(&mut self, from: &str, to: &str, body: &str) {
        let (pair, word) = ((from.to_owned(), to.to_owned()), body.trim().to_ascii_uppercase());
        if STOP.contains(&word.as_str()) {
            self.stopped.insert(pair);
        } else if START.contains(&word.as_str()) {
            self.stopped.remove(&pair);
        }
    }

    /// What happens to the next attempt.
    fn fate(&mut self, sent: &Sent) -> Mode {
        let stopped = self.stopped.contains(&(sent.to.clone(), sent.from.clone()));
        self.next.pop_front().unwrap_or(if stopped { Mode::OptedOut } else { Mode::Accepted })
    }
}

/// The stand-in; it stops when dropped.
pub struct Twilio {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Twilio {
    /// Starts on a free port.
    pub fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let server = Server::start(move |received, reply| answer(&shared, &received, reply));
        Self { server, state }
    }

    /// What an endpoint's `api_base` setting is, without a trailing slash.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Scripts the next attempt that is not scripted yet.
    pub fn next(&self, mode: Mode) {
        lock(&self.state).next.push_back(mode);
    }

    /// Every attempt to send, whatever became of it.
    pub fn attempts(&self) -> Vec<Sent> {
        lock(&self.state).attempts.clone()
    }

    /// The messages that went out to `to`.
    pub fn sent_to(&self, to: &str) -> Vec<Sent> {
        self.sent().into_iter().filter(|sent| sent.to == to).collect()
    }

    /// The messages that went out.
    pub fn sent(&self) -> Vec<Sent> {
        let went = |sent: &Sent| matches!(sent.mode, Mode::Accepted | Mode::SentThenDropped);
        self.attempts().into_iter().filter(went).collect()
    }

    /// What was wrong with requests that no script refused: wrong credentials, path or form.
    pub fn complaints(&self) -> Vec<String> {
        lock(&self.state).complaints.clone()
    }

    /// Waits for the `nth` message (from 1) to go out.
    #[track_caller]
    pub fn waits_for(&self, nth: usize, within: Duration) -> Sent {
        eventually(within, &format!("message {nth}; complaints: {:?}", self.complaints()), || {
            self.sent().into_iter().nth(nth - 1)
        })
    }

    /// Waits for the `nth` attempt (from 1), whatever becomes of it.
    #[track_caller]
    pub fn waits_for_attempt(&self, nth: usize, within: Duration) -> Sent {
        eventually(within, &format!("attempt {nth}; complaints: {:?}", self.complaints()), || {
            self.attempts().into_iter().nth(nth - 1)
        })
    }

    /// A contact's text message, as the webhook that brings it; STOP and START have their effect here at once.
    pub fn message(&self, to_webhook: &str, from: &str, to: &str, body: &str) -> Webhook {
        lock(&self.state).hears(from, to, body);
        Webhook::message(to_webhook, from, to, body)
    }

    /// Brings a contact's text message, which must be acknowledged.
    #[track_caller]
    pub fn reply(&self, to_webhook: &str, from: &str, to: &str, body: &str) -> Webhook {
        let webhook = self.message(to_webhook, from, to, body);
        webhook.post().expect_ok("a signed message");
        webhook
    }

    /// A status of a message, as the webhook that brings it; `state` in Twilio's words, with an error code where it has
    /// one.
    pub fn status(&self, to_webhook: &str, sent: &Sent, state: &str, error: Option<u32>) -> Webhook {
        Webhook::status(to_webhook, sent, state, error)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(state: &Mutex<State>, received: &Received, reply: Reply) {
    // A worker that gave up on the call is none of the provider's business.
    let _ = match read(received) {
        Err((status, code, why)) => {
            lock(state).complaints.push(why.clone());
            refuse(reply, status, code, &why)
        }
        Ok(mut sent) => {
            {
                let mut state = lock(state);
                sent.mode = state.fate(&sent);
                sent.sid = format!("SM{:032x}", state.attempts.len() + 1);
                state.attempts.push(sent.clone());
            }
            match sent.mode {
                Mode::Accepted => {
                    let body = resource(&sent).to_string();
                    reply.whole(201, &[("content-type", "application/json")], body.as_bytes())
                }
                Mode::OptedOut => refuse(reply, 400, 21610, "Attempt to send to unsubscribed recipient"),
                Mode::Refused(code) => refuse(reply, 400, code, "The message cannot be sent"),
                Mode::Unauthorized => refuse(reply, 401, 20003, "Authenticate"),
                Mode::RateLimited(seconds) => {
                    let (wait, body) = (seconds.to_string(), error(429, 20429, "Too Many Requests"));
                    reply.whole(429, &[("content-type", "application/json"), ("retry-after", &wait)], &body)
                }
                Mode::OwnServerError => refuse(reply, 500, 20500, "Internal Server Error"),
                Mode::ServerError => reply.whole(500, &[("content-type", "text/html")], b"<html>oops"),
                Mode::Hang => {
                    reply.hang();
                    Ok(())
                }
                Mode::SentThenDropped => Ok(()),
            }
        }
    };
}

/// Reads a send as strictly as the real one: status, code and reason where it is none.
fn read(received: &Received) -> Result<Sent, (u16, u32, String)> {
    let path = format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json");
    if received.method != "POST" || received.target != path {
        return Err((404, 20404, format!("no such resource: {} {}", received.method, received.target)));
    }
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{ACCOUNT_SID}:{AUTH_TOKEN}")));
    if received.header("authorization") != Some(basic.as_str()) {
        return Err((401, 20003, "Authenticate".to_owned()));
    }
    let kind = received.header("content-type").unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err((400, 21602, format!("not a form: {kind:?}")));
    }
    let form: Vec<(String, String)> = form_urlencoded::parse(&received.body).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let (to, body) = (field("To").unwrap_or_default(), field("Body").unwrap_or_default());
    let from = field("From").or_else(|| field("MessagingServiceSid")).unwrap_or_default();
    if !to.starts_with('+') || from.is_empty() {
        return Err((400, 21211, format!("invalid 'To' {to:?} or 'From' {from:?}")));
    }
    if body.is_empty() {
        return Err((400, 21602, "Message body is required".to_owned()));
    }
    if body.chars().count() > 1_600 {
        return Err((
            400,
            21617,
            "The concatenated message body exceeds the 1600 character limit".to_owned(),
        ));
    }
    let status_callback = field("StatusCallback");
    Ok(Sent { sid: String::new(), from, to, body, status_callback, form, mode: Mode::Accepted })
}

fn refuse(reply: Reply, status: u16, code: u32, message: &str) -> std::io::Result<()> {
    reply.whole(status, &[("content-type", "application/json")], &error(status, code, message))
}

fn error(status: u16, code: u32, message: &str) -> Vec<u8> {
    let more_info = format!("https://www.twilio.com/docs/errors/{code}");
    json!({"code": code, "message": message, "more_info": more_info, "status": status})
        .to_string()
        .into_bytes()
}

/// The message resource of a 201.
fn resource(sent: &Sent) -> Value {
    let uri = format!("/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{}", sent.sid);
    json!({
        "account_sid": ACCOUNT_SID, "api_version": "2010-04-01", "body": sent.body,
        "date_created": "Tue, 24 Nov 2026 17:01:45 +0000", "date_sent": null,
        "date_updated": "Tue, 24 Nov 2026 17:01:45 +0000", "direction": "outbound-api",
        "error_code": null, "error_message": null, "from": sent.from, "num_media": "0", "num_segments": "1",
        "price": null, "price_unit": null, "messaging_service_sid": null, "sid": sent.sid, "status": "queued",
        "subresource_uris": {"media": format!("{uri}/Media.json")}, "to": sent.to, "uri": format!("{uri}.json"),
    })
}

#[cfg(test)]
mod tests;
