//! The panel's page, with the site's own content security policy, and the inbox's.

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
    // Not every browser takes 'self' to cover sockets.
    let socket = socket_origin(&app.config.public_url);
    let ancestors = site.allowed_origins.join(" ");
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' {socket}; \
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

/// `GET /inbox/…`: the inbox, framed by nobody. Who may read what is the interface's to say; the page holds nothing.
pub(crate) async fn inbox(app: &App) -> Result<Response, EdgeError> {
    let assets = app.env.assets("ASSETS").map_err(|_| EdgeError::missing("ASSETS"))?;
    let mut page = assets.fetch("https://assets/inbox/", None).await?;
    let html = page.text().await?;
    let socket = socket_origin(&app.config.public_url);
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self' {socket}; img-src 'self' data:; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    let mut response = Response::from_html(html)?;
    let headers = response.headers_mut();
    headers.set("content-security-policy", &policy)?;
    headers.set("cache-control", "no-cache")?;
    headers.set("x-content-type-options", "nosniff")?;
    headers.set("referrer-policy", "same-origin")?;
    Ok(response)
}

/// The origin of the edge's own sockets: `wss://edge.example` for `https://edge.example/base`.
fn socket_origin(public_url: &str) -> String {
    let socket = public_url.replacen("http", "ws", 1);
    let host = socket.find("://").map_or(0, |at| at + 3);
    let end = socket[host..].find('/').map_or(socket.len(), |at| host + at);
    socket[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_have_the_scheme_of_their_own_and_no_path() {
        assert_eq!(socket_origin("https://edge.example"), "wss://edge.example");
        assert_eq!(socket_origin("http://127.0.0.1:8787"), "ws://127.0.0.1:8787");
        assert_eq!(socket_origin("https://edge.example/base"), "wss://edge.example");
    }
}
