//! Cloudflare Access in front of the inbox: the team's keys, kept for a while, and the platform's RSA.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use shared::{
    flow::access::{Application, Key, Rs256, parse_assertion, parse_keys},
    time::{HOUR_MS, MINUTE_MS, Timestamp},
};
use wasm_bindgen::{JsCast, JsValue};
use worker::{Fetch, Request, Url, console_error, wasm_bindgen_futures::JsFuture};

use crate::{app::App, clock, error::EdgeError};

/// How long the team's keys are trusted; Cloudflare changes them every six weeks and keeps the older one for a week.
const KEPT_MS: i64 = HOUR_MS;
/// How soon they are asked for again because of a name that is none of theirs.
const AGAIN_MS: i64 = MINUTE_MS;

thread_local! {
    /// The keys this isolate has read, and when.
    static KEYS: RefCell<Option<(Timestamp, Rc<Vec<Key>>)>> = const { RefCell::new(None) };
}

/// The mailbox that Access vouches for; `None` where there is no Access, no assertion, or it is not right.
pub(crate) async fn vouched(app: &App, request: &Request) -> Result<Option<String>, EdgeError> {
    let Some(application) = &app.config.access else { return Ok(None) };
    let Some(text) = request.headers().get("cf-access-jwt-assertion")? else { return Ok(None) };
    let Some(assertion) = parse_assertion(&text) else { return Ok(None) };
    // The platform's clock: a virtual one is nothing to Cloudflare.
    let now = clock::context(0).now;
    let Some(keys) = keys(app, application, assertion.key_name(), now).await else { return Ok(None) };
    Ok(assertion.check(application, &keys, &Subtle, now).await)
}

async fn keys(app: &App, application: &Application, name: &str, now: Timestamp) -> Option<Rc<Vec<Key>>> {
    let kept = KEYS.with_borrow(Clone::clone);
    if let Some((read_at, keys)) = &kept {
        let age = now.since_ms(*read_at);
        let is_known = keys.iter().any(|key| key.kid == name);
        if age < AGAIN_MS || (is_known && age < KEPT_MS) {
            return Some(Rc::clone(keys));
        }
    }
    let url = app.config.access_certs.clone().unwrap_or_else(|| application.certs_url());
    let Some(keys) = read(&url).await else {
        console_error!("access: the team's keys could not be read");
        return kept.map(|(_, keys)| keys);
    };
    let keys = Rc::new(keys);
    KEYS.set(Some((now, Rc::clone(&keys))));
    Some(keys)
}

async fn read(url: &str) -> Option<Vec<Key>> {
    let mut response = Fetch::Url(Url::parse(url).ok()?).send().await.ok()?;
    if response.status_code() != 200 {
        return None;
    }
    parse_keys(&response.bytes().await.ok()?)
}

/// The platform's `WebCrypto`.
struct Subtle;

impl Rs256 for Subtle {
    async fn verify(&self, key: &Key, signed: &[u8], signature: &[u8]) -> bool {
        verify(key, signed, signature).await.is_ok_and(|answer| answer.is_truthy())
    }
}

/// `crypto.subtle.importKey` and `crypto.subtle.verify`.
async fn verify(key: &Key, signed: &[u8], signature: &[u8]) -> Result<JsValue, JsValue> {
    const ALGORITHM: &str = "RSASSA-PKCS1-v1_5";
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into())?;
    let subtle = Reflect::get(&crypto, &"subtle".into())?;
    let call = async |name: &str, args: &[&JsValue]| -> Result<JsValue, JsValue> {
        let function: Function = Reflect::get(&subtle, &name.into())?.dyn_into()?;
        let args: Array = args.iter().copied().collect();
        let promise: Promise = Reflect::apply(&function, &subtle, &args)?.dyn_into()?;
        JsFuture::from(promise).await
    };
    let object = |fields: &[(&str, &str)]| -> Result<JsValue, JsValue> {
        let object = Object::new();
        for (name, value) in fields {
            Reflect::set(&object, &(*name).into(), &(*value).into())?;
        }
        Ok(object.into())
    };
    let jwk = object(&[("kty", "RSA"), ("n", &key.n), ("e", &key.e)])?;
    let algorithm = object(&[("name", ALGORITHM), ("hash", "SHA-256")])?;
    let usages: JsValue = Array::of1(&"verify".into()).into();
    let imported = call("importKey", &[&"jwk".into(), &jwk, &algorithm, &false.into(), &usages]).await?;
    let (signature, signed): (JsValue, JsValue) =
        (Uint8Array::from(signature).into(), Uint8Array::from(signed).into());
    call("verify", &[&ALGORITHM.into(), &imported, &signature, &signed]).await
}
