//! HTTP as values, and the port that performs it.
//!
//! Channel and assistant codecs turn messages into [`Request`]s and [`Response`]s into outcomes without any I/O; the
//! [`Http`] port is the only thing that talks.

use core::fmt;

/// A request: to be sent by [`Http`], or received by a webhook.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, … in upper case.
    pub method: String,
    /// The absolute URL; for a received request the public one, query included.
    pub url: String,
    /// Names in lower case, in order of arrival; a name may repeat.
    pub headers: Vec<(String, String)>,
    /// The body's raw bytes: signatures are checked on these.
    pub body: Vec<u8>,
    /// How long a send may take to the response's head, in milliseconds.
    pub timeout_ms: u32,
}

/// How long a provider call may take unless said otherwise, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: u32 = 10_000;

impl Request {
    /// A `POST` of `body` with its content type.
    pub fn post(url: impl Into<String>, content_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { method: "POST".to_owned(), url: url.into(), headers, body, timeout_ms: DEFAULT_TIMEOUT_MS }
    }

    /// A `GET`.
    pub fn get(url: impl Into<String>) -> Self {
        let url = url.into();
        Self {
            method: "GET".to_owned(),
            url,
            headers: Vec::new(),
            body: Vec::new(),
            timeout_ms: DEFAULT_TIMEOUT_MS,
        }
    }

    /// The same request with one more header; `name` in lower case.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

impl fmt::Debug for Request {
    /// Method, URL and size only: headers hold secrets and bodies hold customers' words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({} bytes)", self.method, self.url, self.body.len())
    }
}

/// A response, whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Response {
    /// A response with a content type and a body.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A call that brought no (whole) response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// Nothing was sent: no connection, no route, a refused socket. Sending again is safe.
    #[error("the provider could not be reached: {0}")]
    Unreachable(String),
    /// The request may have been received, and no answer came in time or the answer broke off.
    #[error("no answer within the time allowed")]
    Lost,
}

/// The port through which every outside call goes.
#[expect(async_fn_in_trait, reason = "single-threaded hosts: futures need not be Send")]
pub trait Http {
    /// The body of a streamed response.
    type Body: BodyStream;

    /// Sends and waits for the whole response, within `request.timeout_ms`.
    async fn send(&self, request: &Request) -> Result<Response, HttpError>;

    /// Sends and returns at the response's head; the body's pieces follow.
    async fn open(&self, request: &Request) -> Result<(Response, Self::Body), HttpError>;
}

/// A response body that arrives in pieces, split anywhere.
#[expect(async_fn_in_trait, reason = "single-threaded hosts: futures need not be Send")]
pub trait BodyStream {
    /// The next piece; `None` at the end.
    async fn next(&mut self, patience: Patience) -> Option<Result<Vec<u8>, BodyError>>;
}

/// How long to wait for the next piece of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// From now on, in milliseconds.
    pub pause_ms: u32,
    /// From the start of the request, in milliseconds.
    pub whole_ms: u32,
}

/// A body that did not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// No piece came in the time allowed.
    #[error("the body stalled")]
    Late,
    /// The connection ended in the middle of it.
    #[error("the body broke off")]
    Cut,
}
