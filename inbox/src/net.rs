//! Calls to the edge. The cookie says who asks; a header of our own says that it is the inbox that asks.

use gloo_net::http::{Request, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use shared::wire::{Attachment, Failure};

use crate::{browser, words};

/// The header that no other page can send.
const OURS: (&str, &str) = ("x-throughline", "inbox");

/// Reads something.
pub(crate) async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    let sent = request(Request::get(path)).send().await;
    read(sent.map_err(|_| offline())?).await
}

/// Does something, and reads what it answers.
pub(crate) async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, Failure> {
    let sent = match request(Request::post(path)).json(body) {
        Ok(request) => request.send().await,
        Err(error) => Err(error),
    };
    read(sent.map_err(|_| offline())?).await
}

/// Does something that answers nothing of interest.
pub(crate) async fn act(method: &str, path: &str, body: &impl Serialize) -> Result<(), Failure> {
    let request = request(match method {
        "PUT" => Request::put(path),
        "PATCH" => Request::patch(path),
        "DELETE" => Request::delete(path),
        _ => Request::post(path),
    });
    let sent = match request.json(body) {
        Ok(request) => request.send().await,
        Err(error) => Err(error),
    };
    check(sent.map_err(|_| offline())?).await.map(drop)
}

/// Hands a file over.
pub(crate) async fn upload(path: &str, file: &web_sys::File) -> Result<Attachment, Failure> {
    let name = String::from(js_sys::encode_uri_component(&file.name()));
    let sent = match request(Request::post(&[path, "?name=", &name].concat())).body(file.clone()) {
        Ok(request) => request.send().await,
        Err(error) => Err(error),
    };
    read(sent.map_err(|_| offline())?).await
}

fn request(builder: RequestBuilder) -> RequestBuilder {
    builder.header(OURS.0, OURS.1)
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    let response = check(response).await?;
    response.json().await.map_err(|error| Failure { code: "malformed".to_owned(), text: error.to_string() })
}

async fn check(response: Response) -> Result<Response, Failure> {
    if response.ok() {
        return Ok(response);
    }
    if response.status() == 401 {
        browser::leave("/inbox/sign-in");
    }
    let status = response.status();
    Err(response.json().await.unwrap_or_else(|_| Failure {
        code: "unavailable".to_owned(),
        text: words::fill("failed", &status.to_string()),
    }))
}

fn offline() -> Failure {
    Failure { code: "offline".to_owned(), text: words::say("offline") }
}
