//! The store of files: R2, by the port's own `GET`, `PUT` and `DELETE`.

use shared::{
    file::STORE_URL,
    http::{Http, HttpError, Request, Response},
};

use crate::{app::App, fetcher::Streamed};

/// The store of all sites, and nothing else of the network.
pub(crate) struct Store<'a> {
    pub(crate) app: &'a App,
}

impl Http for Store<'_> {
    type Body = Streamed;

    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        match request.url.strip_prefix(STORE_URL) {
            Some(key) => store(self.app, key, request).await,
            None => Err(HttpError::Unreachable("only files are kept here".to_owned())),
        }
    }

    async fn open(&self, _: &Request) -> Result<(Response, Streamed), HttpError> {
        Err(HttpError::Unreachable("files are kept whole".to_owned()))
    }
}

/// Keeps, gives or removes the object of a key.
pub(crate) async fn store(app: &App, key: &str, request: &Request) -> Result<Response, HttpError> {
    let away = |error: worker::Error| HttpError::Unreachable(error.to_string());
    let bucket = app.env.bucket("FILES").map_err(away)?;
    match request.method.as_str() {
        "PUT" => {
            bucket.put(key, request.body.clone()).execute().await.map_err(away)?;
        }
        "DELETE" => bucket.delete(key).await.map_err(away)?,
        _ => {
            let found = bucket.get(key).execute().await.map_err(away)?;
            let Some(body) = found.as_ref().and_then(worker::Object::body) else {
                return Ok(Response::new(404, "text/plain", ""));
            };
            let bytes = body.bytes().await.map_err(away)?;
            return Ok(Response::new(200, "application/octet-stream", bytes));
        }
    }
    Ok(Response::new(200, "text/plain", ""))
}
