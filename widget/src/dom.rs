//! Small steps in the browser that several modules take.

use js_sys::{Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Event, EventTarget, HtmlElement, Window};

/// The panel's window.
pub(crate) fn window() -> Window {
    leptos::prelude::window()
}

/// The panel's document.
pub(crate) fn document() -> Document {
    leptos::prelude::document()
}

/// An element of the static page, by its id.
pub(crate) fn element<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The root element, which carries language, direction, theme and brand.
pub(crate) fn root() -> Option<HtmlElement> {
    document().document_element()?.dyn_into().ok()
}

/// Listens for as long as the page lives.
pub(crate) fn on(target: &EventTarget, name: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener);
    let function: &Function = listener.as_ref().unchecked_ref();
    if target.add_event_listener_with_callback(name, function).is_ok() {
        listener.forget();
    }
}

/// Waits.
pub(crate) async fn sleep(ms: u64) {
    let ms = i32::try_from(ms).unwrap_or(i32::MAX);
    let wait = Promise::new(&mut |resolve: Function, _| {
        window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms).ok();
    });
    JsFuture::from(wait).await.ok();
}

/// Sets or removes an attribute.
pub(crate) fn set_attribute(element: &web_sys::Element, name: &str, value: Option<&str>) {
    match value {
        Some(value) => element.set_attribute(name, value).ok(),
        None => element.remove_attribute(name).ok(),
    };
}

/// An event's target as a JavaScript value, to compare it.
pub(crate) fn target(event: &Event) -> JsValue {
    event.target().map_or(JsValue::NULL, JsValue::from)
}
