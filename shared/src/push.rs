//! Push messages to the browsers of the team: RFC 8030 requests, RFC 8291 encryption, RFC 8292 (VAPID) authorization.
//!
//! Pure: the salt and the one-time key of a message follow from our own secret key and the message's id, since nothing that must
//! not be guessed is drawn here. A push goes to the push services of the browsers alone, whatever a subscription names.

use aes_gcm::{Aes128Gcm, KeyInit as _, Nonce, aead::AeadInPlace as _};
use base64::{
    Engine as _,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use p256::{
    PublicKey, SecretKey,
    ecdh::diffie_hellman,
    ecdsa::{Signature, SigningKey, signature::Signer as _},
    elliptic_curve::sec1::ToEncodedPoint as _,
};
use serde_json::json;

use crate::{
    api::alerts::PushSubscription,
    error::Rejection,
    http::{HttpError, Request, Response},
    id::PushId,
    message::Outcome,
    signature::{hex, hmac_sha256, sha256},
    time::{HOUR_MS, SECOND_MS, Timestamp},
};

/// The secret's name: 32 bytes of a P-256 private key, base64url.
pub const KEY: &str = "VAPID_PRIVATE_KEY";

/// How long a push service keeps what it cannot deliver, in seconds.
const TTL_S: u32 = 6 * 3_600;
/// How long an authorization holds, in milliseconds; at most a day (RFC 8292, section 2).
const AUTHORIZED_MS: i64 = 12 * HOUR_MS;
/// The size of the one record a message has (RFC 8188).
const RECORD_BYTES: u32 = 4_096;
/// The longest payload, in bytes: what every push service takes.
const MAX_PAYLOAD_BYTES: usize = 3_000;
/// The longest endpoint, in bytes.
const MAX_ENDPOINT_BYTES: usize = 1_024;

/// The push services of the browsers: nothing else is ever called, so a subscription leads nowhere else.
const SERVICES: [&str; 5] = [
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
];

/// base64url as browsers write it, with padding or without.
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a push says; shown by the inbox's service worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its words.
    pub body: &'a str,
    /// Where a click leads.
    pub url: &'a str,
    /// What it is about: a later one of the same takes its place.
    pub tag: &'a str,
}

/// Our side: the key that push services know us by.
pub struct Server {
    key: SecretKey,
}

impl Server {
    /// The server of the secret [`KEY`]; `None` where that is no key.
    pub fn of(secret: &str) -> Option<Self> {
        let bytes = URL_SAFE.decode(secret.trim()).ok()?;
        Some(Self { key: SecretKey::from_slice(&bytes).ok()? })
    }

    /// The public key a browser subscribes with, base64url.
    pub fn public_key(&self) -> String {
        URL_SAFE.encode(point(&self.key.public_key()))
    }

    /// The request that brings a push to a browser. `id` names the message: the same again is the same bytes.
    /// `subject` is an address of ours, `https:` or `mailto:`. `None` where the subscription is no good or the push too long.
    pub fn render_request(
        &self,
        to: &PushSubscription,
        push: &Push<'_>,
        id: &str,
        subject: &str,
        now: Timestamp,
    ) -> Option<Request> {
        let service = service(&to.endpoint)?;
        let Push { title, body, url, tag } = push;
        let payload = json!({ "title": title, "body": body, "url": url, "tag": tag }).to_string();
        let secret = self.key.to_bytes();
        let salt = hmac_sha256(&secret, &[b"push salt\n", id.as_bytes(), to.endpoint.as_bytes()]);
        let once = (0_u8..8).find_map(|again| {
            let parts: [&[u8]; 4] = [b"push key\n", id.as_bytes(), to.endpoint.as_bytes(), &[again]];
            SecretKey::from_slice(&hmac_sha256(&secret, &parts)).ok()
        })?;
        let sealed = encrypt(to, &once, salt[..16].try_into().ok()?, payload.as_bytes())?;
        let topic = URL_SAFE.encode(&sha256(tag.as_bytes())[..24]);
        let request = Request::post(to.endpoint.clone(), "application/octet-stream", sealed)
            .with_header("content-encoding", "aes128gcm")
            .with_header("ttl", TTL_S.to_string())
            .with_header("urgency", "high")
            .with_header("topic", topic)
            .with_header("authorization", self.authorization(service, subject, now));
        Some(request)
    }

    /// The header by which a push service knows us: a JWT signed with ES256 (RFC 8292, sections 2 and 3).
    fn authorization(&self, service: &str, subject: &str, now: Timestamp) -> String {
        let expires = now.plus_ms(AUTHORIZED_MS).ms() / SECOND_MS;
        let claims = json!({ "aud": format!("https://{service}"), "exp": expires, "sub": subject });
        let head = URL_SAFE.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{head}.{}", URL_SAFE.encode(claims.to_string()));
        let signature: Signature = SigningKey::from(&self.key).sign(signed.as_bytes());
        format!("vapid t={signed}.{}, k={}", URL_SAFE.encode(signature.to_bytes()), self.public_key())
    }
}

/// Checks a subscription as a browser sends it. Refuses one that is none, and one of a push service that is not a browser's
/// (400 `bad_subscription`).
pub fn check(subscription: &PushSubscription) -> Result<(), Rejection> {
    let bad = |text: &str| Err(Rejection::new(400, "bad_subscription", text));
    if service(&subscription.endpoint).is_none() {
        return bad("`endpoint` is not the address of a browser's push service.");
    }
    if keys(subscription).is_none() {
        return bad("`p256dh` and `auth` are not the keys of a subscription.");
    }
    Ok(())
}

/// What became of a push; `Outcome::Failed` with `gone` where the browser has ended its subscription.
pub fn outcome(answer: &Result<Response, HttpError>) -> Outcome {
    let failed = |code: String| Outcome::Failed { code, suppress: None };
    match answer {
        Ok(response) => match response.status {
            200..=299 => Outcome::Accepted { provider_id: String::new() },
            404 | 410 => failed("gone".to_owned()),
            429 | 500..=599 => Outcome::Retry { after_ms: None, code: response.status.to_string() },
            status => failed(status.to_string()),
        },
        Err(HttpError::Unreachable(_)) => Outcome::Retry { after_ms: None, code: "unreachable".to_owned() },
        Err(HttpError::Lost) => Outcome::Unknown,
    }
}

/// The host of an endpoint, where it is a push service's.
fn service(endpoint: &str) -> Option<&str> {
    let rest = endpoint.strip_prefix("https://").filter(|_| endpoint.len() <= MAX_ENDPOINT_BYTES)?;
    let (host, path) = rest.split_once('/')?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let is_of = |service: &str| {
        if service.starts_with('.') { host.ends_with(service) } else { host == service }
    };
    let is_visible = path.bytes().all(|byte| byte.is_ascii_graphic());
    (host.chars().all(plain) && is_visible && SERVICES.into_iter().any(is_of)).then_some(host)
}

/// How a subscription is called in our store: the same browser is the same, and the name tells nothing of it.
pub fn id_of(endpoint: &str) -> PushId {
    let digest = hex(&sha256(endpoint.as_bytes()));
    PushId::of_digest(&digest[..24])
}

fn keys(subscription: &PushSubscription) -> Option<(PublicKey, [u8; 16])> {
    let theirs = PublicKey::from_sec1_bytes(&URL_SAFE.decode(&subscription.p256dh).ok()?).ok()?;
    Some((theirs, URL_SAFE.decode(&subscription.auth).ok()?.try_into().ok()?))
}

fn point(key: &PublicKey) -> Vec<u8> {
    key.to_encoded_point(false).as_bytes().to_vec()
}

/// The body of a push: one record of `aes128gcm` (RFC 8188) under the keys of RFC 8291, section 3.4.
fn encrypt(to: &PushSubscription, once: &SecretKey, salt: [u8; 16], payload: &[u8]) -> Option<Vec<u8>> {
    if payload.len() > MAX_PAYLOAD_BYTES {
        return None;
    }
    let (theirs, auth) = keys(to)?;
    let ours = point(&once.public_key());
    let shared = diffie_hellman(once.to_nonzero_scalar(), theirs.as_affine());
    let info: [&[u8]; 4] = [b"WebPush: info\0", &point(&theirs), &ours, &[1]];
    let mixed = hmac_sha256(&hmac_sha256(&auth, &[shared.raw_secret_bytes()]), &info);
    let root = hmac_sha256(&salt, &[&mixed]);
    let key = hmac_sha256(&root, &[b"Content-Encoding: aes128gcm\0\x01"]);
    let nonce = hmac_sha256(&root, &[b"Content-Encoding: nonce\0\x01"]);
    let mut record = [payload, &[2]].concat();
    let cipher = Aes128Gcm::new_from_slice(&key[..16]).ok()?;
    let tag = cipher.encrypt_in_place_detached(Nonce::from_slice(&nonce[..12]), b"", &mut record).ok()?;
    let length = [u8::try_from(ours.len()).ok()?];
    Some([&salt[..], &RECORD_BYTES.to_be_bytes(), &length, &ours, &record, &tag].concat())
}

#[cfg(test)]
mod tests;
