//! Elements: made, filled and kept true, by plain calls.
//!
//! Leptos' typed views compile every element, attribute and child into code of its own; written that way this panel was
//! more than twice as large as all it may load. An [`El`] is the same code for every element, and Leptos' reactive graph
//! keeps it true: [`El::says`], [`El::has`] and [`El::holds`] run again when what they read changes, and end with the
//! element they belong to. Text becomes text nodes; nothing here makes HTML of a string.

use reactive_graph::{effect::RenderEffect, owner::Owner};
use wasm_bindgen::JsValue;
use web_sys::{Element, Event, Node};

use crate::dom;

/// An element.
#[derive(Clone)]
pub(crate) struct El(Element);

/// Makes an element of a class; an empty one is left out.
pub(crate) fn el(tag: &str, class: &str) -> El {
    let element: Element = match dom::document().create_element(tag) {
        Ok(element) => element,
        Err(error) => wasm_bindgen::throw_val(error),
    };
    if !class.is_empty() {
        element.set_class_name(class);
    }
    El(element)
}

/// A button that submits no form.
pub(crate) fn button(class: &str, act: impl FnMut() + 'static) -> El {
    let mut act = act;
    el("button", class).attr("type", "button").on("click", move |_| act())
}

/// Runs `act` now, and again whenever something it read changes, as long as its owner lives.
pub(crate) fn watch(act: impl FnMut() + 'static) {
    keep_running(Box::new(act));
}

/// A plain `Effect` would live in the reactive graph's arena, behind a check of the thread that a page has no use for.
fn keep_running(mut act: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_| act());
    Owner::on_cleanup(move || drop(effect));
}

impl El {
    /// An element that is there already.
    pub(crate) fn of(element: impl Into<Element>) -> Self {
        Self(element.into())
    }

    /// Sets an attribute.
    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        dom::set_attribute(&self.0, name, Some(value));
        self
    }

    /// Adds text.
    pub(crate) fn text(self, text: &str) -> Self {
        self.append(&dom::document().create_text_node(text));
        self
    }

    /// Adds a child.
    #[expect(clippy::needless_pass_by_value, reason = "an element is given away: it has one place")]
    pub(crate) fn child(self, child: El) -> Self {
        self.append(&child.0);
        self
    }

    /// Adds a child where there is one.
    pub(crate) fn maybe(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Listens as long as the element lives.
    pub(crate) fn on(self, name: &str, listener: impl FnMut(Event) + 'static) -> Self {
        dom::on(&self.0, name, listener);
        self
    }

    /// Adds a text that stays true.
    pub(crate) fn says(self, text: impl Fn() -> String + 'static) -> Self {
        self.keep_text(Box::new(text));
        self
    }

    /// Sets the name a screen reader says, which stays true.
    pub(crate) fn named(self, name: impl Fn() -> String + 'static) -> Self {
        self.has("aria-label", move || Some(name()))
    }

    /// Sets an attribute that stays true; none takes it away.
    pub(crate) fn has(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        self.keep_attribute(name, Box::new(value));
        self
    }

    /// Adds a child that is made anew when `key` changes; none is no child.
    pub(crate) fn holds<K: PartialEq + 'static>(
        self,
        key: impl Fn() -> K + 'static,
        make: impl Fn(&K) -> Option<El> + 'static,
    ) -> Self {
        let (parent, mut held) = (Owner::current(), None::<K>);
        self.hold(Box::new(move || {
            let key = key();
            (held.as_ref() != Some(&key)).then(|| {
                let made = Made::new(parent.as_ref(), Box::new(|| make(&key)));
                held = Some(key);
                made
            })
        }));
        self
    }

    fn keep_text(&self, text: Box<dyn Fn() -> String>) {
        let node = dom::document().create_text_node("");
        self.append(&node);
        watch(move || node.set_data(&text()));
    }

    fn keep_attribute(&self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) {
        let element = self.0.clone();
        watch(move || dom::set_attribute(&element, name, value().as_deref()));
    }

    /// Keeps the newest of what `make` gives in one place; its nothing changes nothing.
    fn hold(&self, mut make: Box<dyn FnMut() -> Option<Made>>) {
        let place = dom::document().create_comment("");
        self.append(&place);
        let mut shown: Option<Made> = None;
        watch(move || {
            let Some(made) = make() else { return };
            if let Some(old) = shown.take().and_then(|mut gone| gone.element.take()) {
                old.remove();
            }
            if let (Some(new), Some(around)) = (&made.element, place.parent_node()) {
                around.insert_before(&new.0, Some(&place)).ok();
            }
            shown = Some(made);
        });
    }

    /// Puts the element before `next`, or last.
    pub(crate) fn insert_into(&self, around: &El, next: Option<&El>) {
        around.0.insert_before(&self.0, next.map(|next| -> &Node { &next.0 })).ok();
    }

    /// Takes the element out of the page.
    pub(crate) fn remove(self) {
        self.0.remove();
    }

    /// The element itself.
    pub(crate) fn element(&self) -> &Element {
        &self.0
    }

    /// The value of an input.
    pub(crate) fn value(&self) -> String {
        let value = js_sys::Reflect::get(&self.0, &JsValue::from_str("value"));
        value.ok().and_then(|value| value.as_string()).unwrap_or_default()
    }

    fn append(&self, node: &Node) {
        self.0.append_child(node).ok();
    }
}

/// Something made, and the owner of everything that keeps it true.
pub(crate) struct Made {
    element: Option<El>,
    owner: Owner,
}

impl Made {
    /// Makes it. It belongs to `parent`, not to the effect that happens to make it: the next run ends what is the effect's.
    pub(crate) fn new(parent: Option<&Owner>, make: Box<dyn FnOnce() -> Option<El> + '_>) -> Self {
        let owner = parent.map_or_else(Owner::new, |parent| parent.with(Owner::new));
        let element = owner.with(make);
        Self { element, owner }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        self.owner.cleanup();
    }
}
