//! Push messages to this browser: the browser's own objects, through a few lines of script beside the program.

use js_sys::Reflect;
use shared::api::alerts::PushSubscription;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen(module = "/src/push.js")]
extern "C" {
    #[wasm_bindgen(js_name = subscribe, catch)]
    async fn ask(key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = endpoint, catch)]
    async fn look() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = unsubscribe, catch)]
    async fn end() -> Result<JsValue, JsValue>;
}

/// Subscribes this browser; none where its user or it refuses.
pub(crate) async fn subscribe(key: &str) -> Option<PushSubscription> {
    let given = ask(key).await.ok()?;
    let text = |name: &str| Reflect::get(&given, &JsValue::from_str(name)).ok()?.as_string();
    Some(PushSubscription { endpoint: text("endpoint")?, p256dh: text("p256dh")?, auth: text("auth")? })
}

/// The push service's address for this browser, where it is subscribed.
pub(crate) async fn endpoint() -> Option<String> {
    look().await.ok()?.as_string()
}

/// Ends the subscription of this browser; the address it had.
pub(crate) async fn unsubscribe() -> Option<String> {
    end().await.ok()?.as_string()
}
