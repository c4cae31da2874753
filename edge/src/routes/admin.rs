//! The owner's tools.

use shared::{
    flow::{
        import::{Import, import},
        proof::prove,
    },
    id::{ContactId, SiteId},
    page,
};
use worker::{Request, Response};

use super::{alone, json};
use crate::{app::App, auth, error::EdgeError};

/// The largest site definition with its knowledge, in bytes.
const MAX_IMPORT_BYTES: usize = 8 * 1024 * 1024;

/// `PUT /admin/sites`: takes a site's definition and knowledge, all or nothing.
pub(super) async fn put_site(app: &App, mut request: Request) -> Result<Response, EdgeError> {
    auth::admin(app, &request)?;
    let body: Import = json(&mut request, MAX_IMPORT_BYTES).await?;
    let mut ctx = app.context();
    let imported = import(&*app.db, &mut ctx, &body).await?;
    App::forget_sites();
    let answer = serde_json::json!({ "passages": imported.passages, "people": imported.people });
    Ok(Response::from_json(&answer)?)
}

/// `GET /admin/sites/{site}/contacts/{contact}/consent`: the proof of a contact's consents as JSON, or as a page where the
/// path ends in `.html` or that is what the caller takes. 404 where the site or its contact does not exist.
pub(super) async fn consent(
    app: &App,
    request: &Request,
    (site, contact): (&str, &str),
    file: &str,
) -> Result<Response, EdgeError> {
    auth::admin(app, request)?;
    let unknown = || EdgeError::reject(404, "unknown_site", "There is no site of this id.");
    let site = app.site(&SiteId::parse(site).map_err(|_| unknown())?).await?.ok_or_else(unknown)?;
    let contact = ContactId::parse(contact)
        .map_err(|_| EdgeError::reject(404, "unknown_contact", "This site has no contact of this id."))?;
    let proof = prove(app.scope(&site), &app.context(), &contact).await?;
    let accepted = request.headers().get("accept")?.unwrap_or_default();
    if file == "consent.html" || accepted.contains("text/html") {
        return alone(&page::proof(&proof, &site.time_zone), 200);
    }
    let mut response = Response::from_json(&proof)?;
    let headers = response.headers_mut();
    headers.set("cache-control", "no-store")?;
    headers.set("vary", "accept")?;
    headers.set("x-content-type-options", "nosniff")?;
    Ok(response)
}
