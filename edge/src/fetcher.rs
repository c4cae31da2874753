//! The HTTP port: real calls by `fetch`, the sandbox in process, and Cloudflare's mail binding.

use std::time::Duration;

use futures_util::{
    StreamExt,
    future::{Either, select},
    pin_mut,
};
use shared::{
    file::STORE_URL,
    flow::{self, sandbox::SCHEME},
    http::{BodyError, BodyStream, Http, HttpError, Patience, Request, Response},
    site::Site,
};
use worker::{
    AbortController, ByteStream, Delay, EmailMessage, Fetch, Headers, Method, RequestInit, RequestRedirect,
};

use crate::{app::App, files};

/// Where email leaves through the platform's own binding.
const MAIL_BINDING: &str = "binding://send_email";

/// The port, for one site's calls.
pub(crate) struct Fetcher<'a> {
    pub(crate) app: &'a App,
    pub(crate) site: &'a Site,
}

impl Http for Fetcher<'_> {
    type Body = Streamed;

    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        if request.url.starts_with(SCHEME) {
            let (scope, ctx) = (self.app.scope(self.site), self.app.context());
            let taken = flow::sandbox::receive(scope, &ctx, request).await;
            return taken.map_err(|error| HttpError::Unreachable(error.to_string()));
        }
        if let Some(key) = request.url.strip_prefix(STORE_URL) {
            return files::store(self.app, key, request).await;
        }
        if request.url == MAIL_BINDING {
            return self.send_mail(request).await;
        }
        let whole = async {
            let mut response = call(request, None).await?;
            let mut head = head_of(&response);
            head.body = response.bytes().await.map_err(|_| HttpError::Lost)?;
            Ok(head)
        };
        within(request.timeout_ms, whole).await
    }

    async fn open(&self, request: &Request) -> Result<(Response, Streamed), HttpError> {
        let started_ms = now_ms();
        let abort = AbortController::default();
        let signal = abort.signal();
        let mut response = within(request.timeout_ms, call(request, Some(signal))).await?;
        let head = head_of(&response);
        let stream = response.stream().map_err(|_| HttpError::Lost)?;
        Ok((head, Streamed { stream, started_ms, abort: Some(abort) }))
    }
}

impl Fetcher<'_> {
    async fn send_mail(&self, request: &Request) -> Result<Response, HttpError> {
        let lost = |error: worker::Error| HttpError::Unreachable(error.to_string());
        let from = request.header("x-envelope-from").unwrap_or_default();
        let to = request.header("x-envelope-to").unwrap_or_default();
        let raw = String::from_utf8_lossy(&request.body);
        let message = EmailMessage::new(from, to, &raw).map_err(|error| lost(error.into()))?;
        let binding = self.app.env.send_email("EMAIL").map_err(lost)?;
        // The binding throws errors that carry a code; the codec reads it from the body.
        match binding.send(&message).await {
            Ok(sent) => Ok(Response::new(200, "text/plain", sent.message_id())),
            Err(error) => Ok(Response::new(400, "text/plain", format!("{error:?}"))),
        }
    }
}

/// A response body that arrives in pieces. Dropping it ends the call.
pub(crate) struct Streamed {
    stream: ByteStream,
    started_ms: i64,
    abort: Option<AbortController>,
}

impl BodyStream for Streamed {
    async fn next(&mut self, patience: Patience) -> Option<Result<Vec<u8>, BodyError>> {
        let spent = u32::try_from(now_ms() - self.started_ms).unwrap_or(0);
        let left = patience.whole_ms.saturating_sub(spent).min(patience.pause_ms);
        let piece = self.stream.next();
        let limit = Delay::from(Duration::from_millis(left.into()));
        pin_mut!(piece);
        let piece = match select(piece, limit).await {
            Either::Left((piece, _)) => piece,
            Either::Right(_) => return Some(Err(BodyError::Late)),
        };
        piece.map(|piece| piece.map_err(|_| BodyError::Cut))
    }
}

impl Drop for Streamed {
    fn drop(&mut self) {
        if let Some(abort) = self.abort.take() {
            abort.abort();
        }
    }
}

async fn within<T>(
    timeout_ms: u32,
    call: impl Future<Output = Result<T, HttpError>>,
) -> Result<T, HttpError> {
    let limit = Delay::from(Duration::from_millis(timeout_ms.into()));
    pin_mut!(call);
    match select(call, limit).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(HttpError::Lost),
    }
}

async fn call(request: &Request, signal: Option<worker::AbortSignal>) -> Result<worker::Response, HttpError> {
    let unsent = |error: worker::Error| HttpError::Unreachable(error.to_string());
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.append(name, value).map_err(unsent)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::from(request.method.clone())).with_headers(headers);
    init.with_redirect(RequestRedirect::Manual);
    if !request.body.is_empty() {
        init.with_body(Some(js_sys::Uint8Array::from(request.body.as_slice()).into()));
    }
    let made = worker::Request::new_with_init(&request.url, &init).map_err(unsent)?;
    let fetch = Fetch::Request(made);
    // A failure after the connection was made cannot be told from one before it, so the outcome is not known.
    let sent = match &signal {
        Some(signal) => fetch.send_with_signal(signal).await,
        None => fetch.send().await,
    };
    sent.map_err(|error| {
        let text = error.to_string();
        if text.to_ascii_lowercase().contains("connection refused") {
            HttpError::Unreachable(text)
        } else {
            HttpError::Lost
        }
    })
}

fn head_of(response: &worker::Response) -> Response {
    let headers = response.headers().entries().map(|(name, value)| (name.to_lowercase(), value)).collect();
    Response { status: response.status_code(), headers, body: Vec::new() }
}

/// Milliseconds of the platform's clock, only for measuring spans.
fn now_ms() -> i64 {
    crate::clock::context(0).now.ms()
}
