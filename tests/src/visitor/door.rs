//! How an embedding page asks for a session.

use shared::wire::{Failure, Session, SessionRequest};

use super::TIME_ZONE;
use crate::client::{Answer, Call};

/// A page that may show the widget, or may not.
#[derive(Clone, Debug)]
pub struct Door {
    /// The worker's address, without a trailing slash.
    pub edge: String,
    /// The widget's key.
    pub key: String,
    /// The page's origin; none for a caller that is no browser.
    pub origin: Option<String>,
    /// The visitor's language.
    pub locale: String,
    /// The token of an earlier visit.
    pub token: Option<String>,
}

impl Door {
    /// The door of a page at `origin`.
    pub fn of(edge: &str, key: &str, origin: &str) -> Self {
        let (edge, key, origin) = (edge.to_owned(), key.to_owned(), Some(origin.to_owned()));
        Self { edge, key, origin, locale: "en".to_owned(), token: None }
    }

    /// Asks for a session; the answer may be anything.
    #[track_caller]
    pub fn knock(&self) -> Answer {
        let request = SessionRequest {
            key: self.key.clone(),
            token: self.token.clone(),
            locale: self.locale.clone(),
            time_zone: TIME_ZONE.to_owned(),
        };
        let body = serde_json::to_value(request).expect("a session request is JSON");
        let call = Call::post_json(format!("{}/v1/session", self.edge), &body);
        match &self.origin {
            Some(origin) => call.header("origin", origin).send(),
            None => call.send(),
        }
    }

    /// Asks for a session that must be refused with this status.
    #[track_caller]
    pub fn is_shut(&self, status: u16) -> Failure {
        self.knock().expect_failure(status)
    }

    /// Opens a session.
    #[track_caller]
    pub fn opens(&self) -> Session {
        self.knock().expect_ok("a session").json()
    }
}
