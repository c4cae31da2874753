//! Inbound mail: kept raw before anything else, then taken like any webhook; what failed is taken again by the sweep.

use shared::{
    channel::{Channel, email::without_tag},
    http, signature,
    store::sites,
};
use worker::{Bucket, ForwardableEmailMessage};

use crate::{app::App, error::EdgeError, routes};

/// Where raw mail is kept until it is committed.
const KEPT: &str = "mail/";
/// How many kept objects one sweep looks at: two are a message.
const RETRIES: u32 = 200;

/// Receives a message. Whatever fails after it is kept is mended by [`retry_kept`].
pub(crate) async fn receive(app: &App, message: ForwardableEmailMessage) {
    let (from, to) = (message.from(), message.to());
    let raw = match message.raw_bytes().await {
        Ok(raw) => raw,
        Err(error) => return refuse(&message, &error.into()),
    };
    let name = name_of(&to, &raw);
    let kept = async {
        let text = serde_json::json!({ "from": from, "to": to }).to_string();
        let bucket = bucket(app)?;
        bucket.put(format!("{name}.json"), text).execute().await?;
        bucket.put(&name, raw.clone()).execute().await?;
        Ok::<_, EdgeError>(bucket)
    };
    let bucket = match kept.await {
        Ok(bucket) => bucket,
        Err(error) => return refuse(&message, &error),
    };
    match take(app, &from, &to, raw).await {
        Ok(()) => forget(&bucket, &name).await,
        Err(error) if error.failure().0 < 500 => {
            message.set_reject(&error.failure().1.text);
            forget(&bucket, &name).await;
        }
        Err(error) => error.log("email"),
    }
}

/// Where a message to a mailbox is kept: one that went to two of ours is kept twice, each with its own envelope.
fn name_of(to: &str, raw: &[u8]) -> String {
    let hash = |bytes: &[u8]| signature::hex(&signature::sha256(bytes));
    format!("{KEPT}{}-{}", hash(raw), hash(to.as_bytes()))
}

/// The sending server keeps the message and tries again.
fn refuse(message: &ForwardableEmailMessage, error: &EdgeError) {
    error.log("email");
    message.set_reject("Temporarily unavailable, please try again");
}

async fn take(app: &App, from: &str, to: &str, raw: Vec<u8>) -> Result<(), EdgeError> {
    let unknown = || EdgeError::reject(404, "unknown_mailbox", "Nobody reads this mailbox.");
    let (_, endpoint) = match sites::load_by_address(&*app.db, Channel::Email, to).await? {
        Some(found) => found,
        None => {
            sites::load_by_address(&*app.db, Channel::Email, &without_tag(to)).await?.ok_or_else(unknown)?
        }
    };
    let request = http::Request {
        method: "EMAIL".to_owned(),
        url: String::new(),
        headers: vec![
            ("x-envelope-from".to_owned(), from.to_owned()),
            ("x-envelope-to".to_owned(), to.to_owned()),
        ],
        body: raw,
        timeout_ms: http::DEFAULT_TIMEOUT_MS,
    };
    routes::take_hook(app, &endpoint.id, &request).await.map(drop)
}

fn bucket(app: &App) -> Result<Bucket, EdgeError> {
    app.env.bucket("FILES").map_err(|_| EdgeError::missing("FILES"))
}

async fn forget(bucket: &Bucket, name: &str) {
    // What stays behind is taken again and found to be a duplicate.
    let _ = bucket.delete(format!("{name}.json")).await;
    let _ = bucket.delete(name).await;
}

/// Takes mail again that was kept and not committed.
pub(crate) async fn retry_kept(app: &App) -> Result<(), EdgeError> {
    let bucket = bucket(app)?;
    let listed = bucket.list().prefix(KEPT).limit(RETRIES).execute().await?;
    for object in listed.objects() {
        let key = object.key();
        let Some(name) = key.strip_suffix(".json") else { continue };
        // One message that cannot be read keeps no other waiting.
        if let Err(error) = retry(app, &bucket, name).await {
            error.log("kept mail");
        }
    }
    Ok(())
}

async fn retry(app: &App, bucket: &Bucket, name: &str) -> Result<(), EdgeError> {
    let envelope = read(bucket, &format!("{name}.json")).await?;
    let raw = read(bucket, name).await?;
    let (Some(envelope), Some(raw)) = (envelope, raw) else { return Ok(()) };
    let envelope: serde_json::Value = serde_json::from_slice(&envelope).unwrap_or_default();
    let field = |name: &str| envelope.get(name).and_then(|value| value.as_str()).unwrap_or("").to_owned();
    match take(app, &field("from"), &field("to"), raw).await {
        Err(error) if error.failure().0 >= 500 => return Err(error),
        _ => forget(bucket, name).await,
    }
    Ok(())
}

async fn read(bucket: &Bucket, key: &str) -> Result<Option<Vec<u8>>, EdgeError> {
    let Some(object) = bucket.get(key).execute().await? else { return Ok(None) };
    match object.body() {
        Some(body) => Ok(Some(body.bytes().await?)),
        None => Ok(None),
    }
}
