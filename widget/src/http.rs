//! Plain requests to the edge the panel came from.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::dom;

/// An answer of the edge.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    /// Whether it is what was asked for.
    pub(crate) fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Fetches a text; none where no answer came.
pub(crate) async fn get(path: &str, token: Option<&str>) -> Option<Answer> {
    send(path, token, None).await.ok()
}

/// Posts JSON; none where no answer came.
pub(crate) async fn post(path: &str, token: Option<&str>, body: &str) -> Option<Answer> {
    send(path, token, Some(body)).await.ok()
}

/// Posts a frame with what a hello tells of its visitor, because here every frame comes by itself.
pub(crate) async fn post_frame(
    token: Option<&str>,
    locale: &str,
    time_zone: &str,
    body: &str,
) -> Option<Answer> {
    let headers = Headers::new().ok()?;
    headers.set("x-locale", locale).ok()?;
    headers.set("x-time-zone", time_zone).ok()?;
    send_with(headers, "/v1/frames", token, Some(body)).await.ok()
}

async fn send(path: &str, token: Option<&str>, body: Option<&str>) -> Result<Answer, JsValue> {
    send_with(Headers::new()?, path, token, body).await
}

async fn send_with(
    headers: Headers,
    path: &str,
    token: Option<&str>,
    body: Option<&str>,
) -> Result<Answer, JsValue> {
    let request = RequestInit::new();
    if let Some(token) = token {
        headers.set("authorization", &["Bearer ", token].concat())?;
    }
    if let Some(body) = body {
        headers.set("content-type", "application/json")?;
        request.set_method("POST");
        request.set_body(&JsValue::from_str(body));
    }
    request.set_headers(&headers);
    let response = JsFuture::from(dom::window().fetch_with_str_and_init(path, &request)).await?;
    let response: Response = response.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok(Answer { status: response.status(), body })
}
