//! Plain requests to the edge the panel came from.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, Headers, RequestInit, Response};

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

/// Who asks, for requests that say it by themselves: a language and a time zone.
type Visitor<'a> = (&'a str, &'a str);

/// Fetches a text; none where no answer came.
pub(crate) fn get(path: &str, token: Option<&str>) -> impl Future<Output = Option<Answer>> {
    send(path, token, None, None)
}

/// Posts JSON; none where no answer came.
pub(crate) fn post(path: &str, token: Option<&str>, body: &str) -> impl Future<Output = Option<Answer>> {
    send(path, token, None, Some(body))
}

/// Uploads a file; none where no answer came.
pub(crate) async fn upload(path: &str, token: Option<&str>, file: &File) -> Option<Answer> {
    let (request, headers) = (RequestInit::new(), Headers::new().ok()?);
    headers.set("authorization", &["Bearer ", token?].concat()).ok()?;
    request.set_method("POST");
    request.set_body(file);
    request.set_headers(&headers);
    let response = JsFuture::from(dom::window().fetch_with_str_and_init(path, &request)).await.ok()?;
    let response: Response = response.unchecked_into();
    let body = JsFuture::from(response.text().ok()?).await.ok()?.as_string().unwrap_or_default();
    Some(Answer { status: response.status(), body })
}

/// Posts a frame with what a hello tells of its visitor, because here every frame comes by itself.
pub(crate) fn post_frame(
    token: Option<&str>,
    visitor: Visitor<'_>,
    body: &str,
) -> impl Future<Output = Option<Answer>> {
    send("/v1/frames", token, Some(visitor), Some(body))
}

async fn send(
    path: &str,
    token: Option<&str>,
    visitor: Option<Visitor<'_>>,
    body: Option<&str>,
) -> Option<Answer> {
    let (request, headers) = (RequestInit::new(), Headers::new().ok()?);
    let set = |name: &str, value: &str| headers.set(name, value).ok();
    if let Some(token) = token {
        set("authorization", &["Bearer ", token].concat())?;
    }
    if let Some((locale, time_zone)) = visitor {
        set("x-locale", locale)?;
        set("x-time-zone", time_zone)?;
    }
    if let Some(body) = body {
        set("content-type", "application/json")?;
        request.set_method("POST");
        request.set_body(&JsValue::from_str(body));
    }
    request.set_headers(&headers);
    let response = JsFuture::from(dom::window().fetch_with_str_and_init(path, &request)).await.ok()?;
    let response: Response = response.unchecked_into();
    let body = JsFuture::from(response.text().ok()?).await.ok()?.as_string().unwrap_or_default();
    Some(Answer { status: response.status(), body })
}
