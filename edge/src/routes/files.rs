//! Files: what a visitor uploads, and where a file is got by its link. What may be done is `shared`'s.

use futures_util::StreamExt;
use shared::{
    channel::provider::Secrets,
    file::{self, File},
    flow::files,
    wire::MAX_FILE_BYTES,
};
use worker::{Request, Response};

use super::widget;
use crate::{app::App, error::EdgeError, fetcher::Fetcher};

/// `GET /files/{token}`: whoever holds the link gets the file; no cookie is looked at.
pub(super) async fn give(app: &App, token: &str) -> Result<Response, EdgeError> {
    let key = app.secrets.secret("SIGNING_KEY").ok_or_else(|| EdgeError::missing("SIGNING_KEY"))?;
    let found = files::load_linked(&*app.db, &key, token, app.context().now).await?;
    let bucket = app.env.bucket("FILES").map_err(|_| EdgeError::missing("FILES"))?;
    let object = bucket.get(File::key(&found.site, &found.id)).execute().await?;
    let gone = || EdgeError::reject(404, "unknown_file", "This file is not there any more.");
    let object = object.ok_or_else(gone)?;
    let body = object.body().ok_or_else(gone)?.response_body()?;
    let mut response = Response::from_body(body)?;
    for (name, value) in file::headers(&found) {
        response.headers_mut().set(name, &value)?;
    }
    Ok(response)
}

/// `POST /v1/files`: a visitor uploads a file; 201 with what a message takes along.
pub(super) async fn upload(app: &App, mut request: Request) -> Result<Response, EdgeError> {
    let (visitor, site) = widget::admit_upload(app, &request).await?;
    let taken = (name_of(&request)?, bounded(&mut request).await?);
    let http = Fetcher { app, site: &site };
    let (name, bytes) = taken;
    let taken = (name.as_str(), bytes);
    let kept = files::upload_of_visitor(app.scope(&site), &http, &mut app.context(), &visitor, taken).await?;
    let mut response = Response::from_json(&kept)?.with_status(201);
    response.headers_mut().set("cache-control", "no-store")?;
    Ok(response)
}

/// What the file is called: the parameter `name`.
pub(super) fn name_of(request: &Request) -> Result<String, EdgeError> {
    let url = request.url()?;
    Ok(url
        .query_pairs()
        .find(|(key, _)| key == "name")
        .map(|(_, name)| name.into_owned())
        .unwrap_or_default())
}

/// The body of an upload. One that is too large is refused as soon as that is known, however large it says it is.
pub(super) async fn bounded(request: &mut Request) -> Result<Vec<u8>, EdgeError> {
    let announced = request.headers().get("content-length")?.and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_FILE_BYTES) {
        return Err(file::too_large().into());
    }
    let mut bytes = Vec::with_capacity(announced.unwrap_or_default());
    // A request without a body has no stream.
    let Ok(mut stream) = request.stream() else { return Ok(bytes) };
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece?);
        if bytes.len() > MAX_FILE_BYTES {
            return Err(file::too_large().into());
        }
    }
    Ok(bytes)
}
