//! Whom Cloudflare Access vouches for, by the assertion it puts on each request (`Cf-Access-Jwt-Assertion`).
//!
//! Everything but the one RSA operation is here: what the assertion says of itself, whose key it names, and whether its audience, its
//! issuer and its time are right. The signature is the platform's to check, through [`Rs256`]: an RSA of our own would be large in
//! wasm, and slower. Sources: RFC 7515 section 3.1, RFC 7519 section 4.1, RFC 7518 section 3.3 and
//! <https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/>.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{identity, time::Timestamp};

/// The longest assertion that is read, in bytes.
const MAX_BYTES: usize = 8 * 1024;
/// How far the clocks may be apart, in seconds.
const LEEWAY_S: i64 = 60;

/// What the deployment is told of its Access application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The team's domain, such as `larkspur.cloudflareaccess.com`.
    pub team_domain: String,
    /// The application's audience tag.
    pub audience: String,
}

impl Application {
    /// Where the team's keys are found.
    pub fn certs_url(&self) -> String {
        format!("https://{}/cdn-cgi/access/certs", self.team_domain)
    }
}

/// A public key, as it stands in a JSON Web Key: both numbers in base64url.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Key {
    /// Its name.
    pub kid: String,
    /// The kind of key; `RSA`.
    pub kty: String,
    /// The modulus.
    pub n: String,
    /// The exponent.
    pub e: String,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<serde_json::Value>,
}

/// The RSA keys of a team's document; keys of other kinds are left out. `None` where it is none.
pub fn parse_keys(document: &[u8]) -> Option<Vec<Key>> {
    let Keys { keys } = serde_json::from_slice(document).ok()?;
    let keys = keys.into_iter().filter_map(|key| serde_json::from_value::<Key>(key).ok());
    Some(keys.filter(|key| key.kty == "RSA").collect())
}

/// Checks a signature of RSASSA-PKCS1-v1_5 with SHA-256.
#[expect(async_fn_in_trait, reason = "single-threaded hosts: futures need not be Send")]
pub trait Rs256 {
    /// Whether `signature` is the key's over `signed`.
    async fn verify(&self, key: &Key, signed: &[u8], signature: &[u8]) -> bool;
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
}

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    aud: OneOrMany,
    iss: String,
    exp: i64,
    #[serde(default)]
    nbf: i64,
    email: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// An assertion that was read, and not checked yet.
pub struct Assertion<'a> {
    header: Header,
    claims: Claims,
    signed: &'a str,
    signature: Vec<u8>,
}

/// Reads an assertion; `None` for what is none, or is signed in another way than RS256.
pub fn parse_assertion(text: &str) -> Option<Assertion<'_>> {
    let text = text.trim();
    let (signed, signature) = text.rsplit_once('.').filter(|_| text.len() <= MAX_BYTES)?;
    let (header, claims) = signed.split_once('.')?;
    let header: Header = decode(header)?;
    if header.alg != "RS256" {
        return None;
    }
    let (claims, signature) = (decode(claims)?, URL_SAFE_NO_PAD.decode(signature).ok()?);
    Some(Assertion { header, claims, signed, signature })
}

fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

impl Assertion<'_> {
    /// The name of the key that it says it was signed with.
    pub fn key_name(&self) -> &str {
        &self.header.kid
    }

    /// The mailbox that is vouched for; `None` unless it was signed by one of the team's keys, for this very application, and is
    /// neither too old nor too young.
    pub async fn check(
        &self,
        application: &Application,
        keys: &[Key],
        rs256: &impl Rs256,
        now: Timestamp,
    ) -> Option<String> {
        let Claims { aud, iss, exp, nbf, email } = &self.claims;
        let audience = &application.audience;
        let is_for_us = match aud {
            OneOrMany::One(aud) => aud == audience,
            OneOrMany::Many(all) => all.contains(audience),
        };
        let is_theirs = *iss == format!("https://{}", application.team_domain);
        let now_s = now.ms() / 1_000;
        let is_now = now_s < exp.saturating_add(LEEWAY_S) && nbf.saturating_sub(LEEWAY_S) <= now_s;
        if audience.is_empty() || !is_for_us || !is_theirs || !is_now {
            return None;
        }
        let key = keys.iter().find(|key| key.kid == self.header.kid)?;
        if !rs256.verify(key, self.signed.as_bytes(), &self.signature).await {
            return None;
        }
        identity::parse_email(email).ok().map(|address| address.text)
    }
}
