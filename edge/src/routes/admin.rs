//! Deployment's own tool.

use shared::flow::import::{Import, import};
use worker::{Request, Response};

use super::json;
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
