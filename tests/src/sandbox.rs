//! The sandbox seen from outside: the demo contacts' phones and mailboxes, and the virtual clock.
//!
//! Everything goes through the worker's own HTTP interface, as the sandbox page's does.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use shared::channel::Channel;

use crate::{
    client::{Answer, Call},
    clock::eventually,
};

/// A message on a demo contact's phone or in their mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Message {
    /// Its id in the sandbox, to answer it by.
    pub id: String,
    /// `sms` or `email`.
    pub channel: String,
    /// Who sent it.
    pub from: String,
    /// Who it is for.
    pub to: String,
    /// An email's subject.
    #[serde(default)]
    pub subject: Option<String>,
    /// What it says.
    pub text: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The conversation it belongs to.
    #[serde(default)]
    pub conversation: Option<String>,
}

/// The sandbox of a running worker.
#[derive(Clone, Debug)]
pub struct Sandbox {
    edge: String,
}

impl Sandbox {
    /// The sandbox of the worker at `edge`, without a trailing slash.
    pub fn of(edge: &str) -> Self {
        Self { edge: edge.to_owned() }
    }

    /// What was sent to or by an address, oldest first.
    #[track_caller]
    pub fn messages(&self, address: &str) -> Vec<Message> {
        let address: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
        let answer = Call::get(format!("{}/sandbox/api/messages?address={address}", self.edge)).send();
        let mut messages: Vec<Message> = answer.expect_ok("the sandbox's messages").json();
        messages.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        messages
    }

    /// What arrived at an address, oldest first.
    #[track_caller]
    pub fn inbox(&self, address: &str) -> Vec<Message> {
        let to = |message: &Message| message.to.eq_ignore_ascii_case(address);
        self.messages(address).into_iter().filter(to).collect()
    }

    /// Waits for the `nth` message (from 1) to arrive at an address.
    #[track_caller]
    pub fn waits_for(&self, address: &str, nth: usize, within: Duration) -> Message {
        eventually(within, &format!("message {nth} to {address}"), || {
            self.inbox(address).into_iter().nth(nth - 1)
        })
    }

    /// A contact sends a text message.
    #[track_caller]
    pub fn texts(&self, from: &str, to: &str, text: &str) -> Answer {
        self.reaches(Channel::Sms, from, to, text)
    }

    /// A contact writes at the sandbox phone: a text, or on one of Meta's channels.
    #[track_caller]
    pub fn reaches(&self, channel: Channel, from: &str, to: &str, text: &str) -> Answer {
        let body = json!({"from": from, "to": to, "text": text});
        let path = format!("sandbox/api/{}", channel.as_str());
        self.post(&path, &body).expect_ok("a sandbox message")
    }

    /// A contact writes a new email.
    #[track_caller]
    pub fn writes(&self, from: &str, to: &str, subject: &str, text: &str) -> Answer {
        let body = json!({"from": from, "to": to, "subject": subject, "text": text});
        self.post("sandbox/api/email", &body).expect_ok("a sandbox email")
    }

    /// A contact answers an email.
    #[track_caller]
    pub fn answers(&self, message: &Message, text: &str) -> Answer {
        let subject = format!("Re: {}", message.subject.as_deref().unwrap_or_default());
        let (from, to) = (&message.to, &message.from);
        let body =
            json!({"from": from, "to": to, "subject": subject, "text": text, "in_reply_to": message.id});
        self.post("sandbox/api/email", &body).expect_ok("a sandbox email")
    }

    /// Moves the virtual clock; returns what it shows then, in milliseconds since 1970.
    #[track_caller]
    pub fn advances(&self, by: Duration) -> i64 {
        let by_ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let answer = self.post("dev/clock", &json!({ "advance_ms": by_ms })).expect_ok("the clock");
        let shown: Value = answer.json();
        shown["now_ms"].as_i64().unwrap_or_else(|| panic!("no now_ms in {shown}"))
    }

    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Answer {
        Call::post_json(format!("{}/{path}", self.edge), body).send()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::{clock::PATIENCE, server::Server};

    #[test]
    fn the_inbox_holds_what_arrived_in_order_and_answers_name_what_they_answer() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&seen);
        let edge = Server::start(move |received, reply| {
            keep.lock().expect("kept").push((received.target.clone(), received.body.clone()));
            let mail = |id: &str, from: &str, to: &str, at: i64| {
                json!({"id": id, "channel": "email", "from": from, "to": to, "subject": "Your bike",
                    "text": "Hi", "at": at, "conversation": null, "added_later": 1})
            };
            let body = match received.path() {
                "/sandbox/api/messages" => json!([
                    mail("2", "shop@x.example", "maria@example.com", 20),
                    mail("3", "maria@example.com", "shop@x.example", 15),
                    mail("1", "shop@x.example", "Maria@example.com", 10)
                ]),
                "/dev/clock" => json!({"now_ms": 172_800_000}),
                _ => json!({}),
            };
            reply.whole(200, &[], body.to_string().as_bytes()).expect("answered");
        });
        let sandbox = Sandbox::of(&edge.url());
        assert_eq!(sandbox.waits_for("maria@example.com", 1, PATIENCE).id, "1");
        let second = sandbox.waits_for("maria@example.com", 2, PATIENCE);
        sandbox.answers(&second, "Thanks");
        assert_eq!(sandbox.advances(Duration::from_hours(48)), 172_800_000);

        let seen = seen.lock().expect("kept");
        assert_eq!(seen[0].0, "/sandbox/api/messages?address=maria%40example.com");
        let answer: Value = serde_json::from_slice(&seen[2].1).expect("JSON");
        assert_eq!((&answer["in_reply_to"], &answer["subject"]), (&json!("2"), &json!("Re: Your bike")));
        let clock: Value = serde_json::from_slice(&seen[3].1).expect("JSON");
        assert_eq!(clock["advance_ms"], 172_800_000);
    }
}
