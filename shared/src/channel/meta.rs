//! Facebook Messenger and Instagram direct messages: Meta's Send API and its webhooks, one codec for both.
//!
//! A webhook holds several events of several pages; only those of the endpoint's own page or account (its `address`) are
//! read. A person is known to one page only: an address here is `PAGE:PERSON`, so an id of another page is never taken for it.
//! Meta has no idempotency key: an answer that was lost stays unknown. Both channels may be written to for 24 hours after the
//! person's last message; that is a gate's to say ([`crate::gate`]), and nothing is ever sent under a tag.
//!
//! Sources: <https://developers.facebook.com/docs/messenger-platform/webhooks>,
//! <https://developers.facebook.com/docs/messenger-platform/reference/send-api>,
//! <https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api>.

use serde_json::json;

use crate::{
    api::lines::Probed,
    channel::{
        Channel,
        provider::{Capabilities, Provider, RenderError, Setup},
    },
    error::{ParseError, Rejection},
    http::{HttpError, Request, Response},
    identity,
    message::{Inbound, Outcome, Outgoing},
    signature,
    site::Endpoint,
    time::Timestamp,
};

mod answer;
pub mod sandbox;
mod webhook;

/// The secret that signs webhooks, unless the endpoint's `app_secret_secret` names another.
pub const APP_SECRET: &str = "META_APP_SECRET";
/// The secret that Meta repeats when the webhook is set up, unless `verify_token_secret` names another.
pub const VERIFY_TOKEN: &str = "META_VERIFY_TOKEN";
/// The secret to send with, unless `page_token_secret` names another.
pub const PAGE_TOKEN: &str = "META_PAGE_TOKEN";

/// The header that carries the signature, in lower case.
const SIGNATURE_HEADER: &str = "x-hub-signature-256";
/// The version of the API that is asked, unless the endpoint's `api_version` names another.
const API_VERSION: &str = "v23.0";
/// The longest text on Messenger, in characters.
const MAX_MESSENGER_CHARS: usize = 2_000;
/// The longest text on Instagram, in bytes of UTF-8.
const MAX_INSTAGRAM_BYTES: usize = 1_000;

/// The codec.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meta;

impl Provider for Meta {
    fn capabilities(&self) -> Capabilities {
        Capabilities { idempotent_send: false }
    }

    /// Checks `X-Hub-Signature-256` over the raw bytes; the body's `\uXXXX` escapes are signed as they stand.
    fn verify(&self, setup: Setup<'_>, request: &Request, _now: Timestamp) -> Result<(), Rejection> {
        let secret = secret(setup, "app_secret_secret", APP_SECRET).ok_or_else(|| {
            Rejection::new(403, "not_configured", "The endpoint's Meta app secret is not set.")
        })?;
        let claimed = request
            .header(SIGNATURE_HEADER)
            .ok_or_else(|| Rejection::bad_signature("The header `X-Hub-Signature-256` is missing."))?;
        let good = signature::hex(&signature::hmac_sha256(secret.as_bytes(), &[&request.body]));
        if signature::same(format!("sha256={good}").as_bytes(), claimed.as_bytes()) {
            Ok(())
        } else {
            Err(Rejection::bad_signature("The header `X-Hub-Signature-256` does not match the body."))
        }
    }

    fn parse(&self, setup: Setup<'_>, request: &Request, now: Timestamp) -> Result<Vec<Inbound>, ParseError> {
        webhook::parse(setup, &request.body, now)
    }

    fn acknowledge(&self) -> Response {
        Response::new(200, "text/plain", "EVENT_RECEIVED")
    }

    /// `hub.challenge`, verbatim, where `hub.verify_token` is ours; else 403 `bad_token`.
    fn challenge(&self, setup: Setup<'_>, query: &str) -> Option<Result<Response, Rejection>> {
        let field = |name: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let challenge =
            field("hub.challenge").filter(|_| field("hub.mode").as_deref() == Some("subscribe"))?;
        let token = secret(setup, "verify_token_secret", VERIFY_TOKEN);
        let claimed = field("hub.verify_token").unwrap_or_default();
        let is_ours = token.is_some_and(|token| signature::same(token.as_bytes(), claimed.as_bytes()));
        Some(if is_ours {
            Ok(Response::new(200, "text/plain", challenge))
        } else {
            Err(Rejection::new(403, "bad_token", "`hub.verify_token` is not the endpoint's."))
        })
    }

    fn render(&self, setup: Setup<'_>, message: &Outgoing) -> Result<Request, RenderError> {
        let Setup { endpoint, .. } = setup;
        if message.text.trim().is_empty() {
            return Err(RenderError::Unfit("the text is empty"));
        }
        let is_instagram = endpoint.channel == Channel::Instagram;
        if is_instagram && message.text.len() > MAX_INSTAGRAM_BYTES {
            return Err(RenderError::Unfit("the text is longer than 1,000 bytes"));
        }
        if message.text.chars().count() > MAX_MESSENGER_CHARS {
            return Err(RenderError::Unfit("the text is longer than 2,000 characters"));
        }
        let person = identity::person_of_page(&message.to, &endpoint.address)
            .ok_or(RenderError::Unfit("the address is not one of this page's"))?;
        let (home, proof, token) = graph(setup)?;
        let url = format!("{home}/me/messages?appsecret_proof={proof}");
        let body = json!({
            "recipient": { "id": person },
            "messaging_type": "RESPONSE",
            "message": { "text": message.text },
        });
        // The token goes in a header, not in an address that ends up in logs.
        Ok(Request::post(url, "application/json", body.to_string().into_bytes())
            .with_header("authorization", format!("Bearer {token}")))
    }

    fn secrets(&self, endpoint: &Endpoint) -> Vec<String> {
        let named = |setting: &str, default: &str| {
            let name = endpoint.settings.get(setting).map(|name| name.trim()).filter(|name| !name.is_empty());
            name.unwrap_or(default).to_owned()
        };
        [
            ("page_token_secret", PAGE_TOKEN),
            ("app_secret_secret", APP_SECRET),
            ("verify_token_secret", VERIFY_TOKEN),
        ]
        .map(|(setting, default)| named(setting, default))
        .into()
    }

    /// The page or account itself: <https://developers.facebook.com/docs/graph-api/reference/page/>.
    fn probe(&self, setup: Setup<'_>) -> Option<Result<Request, RenderError>> {
        let fields =
            if setup.endpoint.channel == Channel::Instagram { "user_id,username" } else { "id,name" };
        Some(graph(setup).map(|(home, proof, token)| {
            Request::get(format!("{home}/me?fields={fields}&appsecret_proof={proof}"))
                .with_header("authorization", format!("Bearer {token}"))
        }))
    }

    fn probed(&self, setup: Setup<'_>, response: &Response) -> Probed {
        answer::probed(&setup.endpoint.address, response)
    }

    fn outcome(&self, answer: &Result<Response, HttpError>) -> Outcome {
        answer::outcome(answer)
    }
}

/// Where the endpoint's API is, the proof that the app asks, and the page's token.
fn graph(setup: Setup<'_>) -> Result<(String, String, String), RenderError> {
    let token = secret(setup, "page_token_secret", PAGE_TOKEN).ok_or(RenderError::Missing(PAGE_TOKEN))?;
    let app_secret =
        secret(setup, "app_secret_secret", APP_SECRET).ok_or(RenderError::Missing(APP_SECRET))?;
    let proof = signature::hex(&signature::hmac_sha256(app_secret.as_bytes(), &[token.as_bytes()]));
    let is_instagram = setup.endpoint.channel == Channel::Instagram;
    let home = if is_instagram { "https://graph.instagram.com" } else { "https://graph.facebook.com" };
    let base = setting(setup, "api_base").unwrap_or(home).trim_end_matches('/');
    let version = setting(setup, "api_version").unwrap_or(API_VERSION);
    Ok((format!("{base}/{version}"), proof, token))
}

fn setting<'a>(setup: Setup<'a>, name: &str) -> Option<&'a str> {
    setup.endpoint.settings.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

fn secret(setup: Setup<'_>, setting_name: &str, default: &str) -> Option<String> {
    let name = setting(setup, setting_name).unwrap_or(default);
    setup.secrets.secret(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests;
