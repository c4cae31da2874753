//! The panel's page, with the site's own content security policy.

use shared::{channel::Channel, store::sites};
use worker::Response;

use crate::{app::App, error::EdgeError};

/// `GET /panel/{key}`: the panel, framed by the site's own origins only. 404 for an unknown key.
pub(crate) async fn panel(app: &App, key: &str) -> Result<Response, EdgeError> {
    let found = sites::load_by_address(&*app.db, Channel::Widget, key).await?;
    let (site, _) = found.ok_or_else(|| {
        EdgeError::reject(404, "unknown_widget", "No widget has this key; check `data-site`.")
    })?;
    let assets = app.env.assets("ASSETS").map_err(|_| EdgeError::missing("ASSETS"))?;
    let mut page = assets.fetch("https://assets/panel/", None).await?;
    let html = page.text().await?;
    let ancestors = site.allowed_origins.join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' ws: wss:; \
         img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self' {ancestors}"
    );
    let mut response = Response::from_html(html)?;
    let headers = response.headers_mut();
    headers.set("content-security-policy", &policy)?;
    headers.set("cache-control", "no-cache")?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("referrer-policy", "strict-origin-when-cross-origin")?;
    Ok(response)
}
