//! Small steps in the browser that several modules take.

use std::pin::Pin;

use js_sys::{Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, Event, EventTarget, HtmlElement, Window};

/// The panel's window.
pub(crate) fn window() -> Window {
    web_sys::window().expect("a panel runs in a page")
}

/// The panel's document.
pub(crate) fn document() -> Document {
    window().document().expect("a panel runs in a page")
}

/// An element of the static page, by its id. The page is the panel's own: what bears which id is known.
pub(crate) fn element<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id).map(JsCast::unchecked_into)
}

/// The root element, which carries language, direction, theme and brand.
pub(crate) fn root() -> Option<HtmlElement> {
    document().document_element().map(JsCast::unchecked_into)
}

/// Listens for as long as `target` lives; the browser frees the listener with it.
pub(crate) fn on(target: &EventTarget, name: &str, listener: impl FnMut(Event) + 'static) {
    let listener: Box<dyn FnMut(Event)> = Box::new(listener);
    let listener = Closure::wrap(listener).into_js_value();
    target.add_event_listener_with_callback(name, listener.unchecked_ref()).ok();
}

/// Acts once after a while; what [`cancel`] takes.
pub(crate) fn after(ms: u64, act: impl FnOnce() + 'static) -> i32 {
    let act: Box<dyn FnOnce()> = Box::new(act);
    set_timeout(Closure::once_into_js(act).unchecked_ref(), ms)
}

/// Acts again and again for as long as the page lives.
pub(crate) fn every(ms: u64, act: impl FnMut() + 'static) {
    let act: Box<dyn FnMut()> = Box::new(act);
    let (act, ms) = (Closure::wrap(act).into_js_value(), i32::try_from(ms).unwrap_or(i32::MAX));
    window().set_interval_with_callback_and_timeout_and_arguments_0(act.unchecked_ref(), ms).ok();
}

/// Takes an [`after`] back.
pub(crate) fn cancel(timer: i32) {
    window().clear_timeout_with_handle(timer);
}

/// Runs a task beside everything else.
pub(crate) fn spawn(task: impl Future<Output = ()> + 'static) {
    // Boxed as the reactive graph's own tasks are, so that what runs them is compiled once.
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    spawn_local(task);
}

/// Waits.
pub(crate) async fn sleep(ms: u64) {
    let wait = Promise::new(&mut |resolve: Function, _| {
        set_timeout(&resolve, ms);
    });
    JsFuture::from(wait).await.ok();
}

fn set_timeout(act: &Function, ms: u64) -> i32 {
    let ms = i32::try_from(ms).unwrap_or(i32::MAX);
    window().set_timeout_with_callback_and_timeout_and_arguments_0(act, ms).unwrap_or_default()
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
