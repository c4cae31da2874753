//! The form all cards share: one address, a consent where one is needed, an error beside the field.

use std::rc::Rc;

use shared::id::EventId;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::app::App;
use crate::element::{El, el};
use crate::model::State;
use crate::part::Part;

/// What a card asks for.
#[derive(Clone)]
pub(super) struct Ask {
    /// Distinguishes the fields of several cards on one page.
    pub(super) name: String,
    /// `tel`, `email` or `text`.
    pub(super) kind: &'static str,
    /// What the browser may fill in.
    pub(super) autocomplete: &'static str,
    /// The field's label, as a key.
    pub(super) label: &'static str,
    /// What to say where it is left empty, as a key.
    pub(super) missing: &'static str,
    /// The exact words to agree to; none where nothing is consented to.
    pub(super) consent: Option<String>,
    /// The button, as a key.
    pub(super) button: &'static str,
    /// What to say when it is done, as a key with `{}` for the address.
    pub(super) done: &'static str,
    /// Hands an address to the app, and gives the id it went under.
    pub(super) submit: Rc<dyn Fn(String) -> Option<EventId>>,
}

/// What has become of a form.
struct Filled {
    app: App,
    /// What is wrong with what was typed, as a key.
    wrong: Part<Option<&'static str>>,
    sent: Part<Option<(EventId, String)>>,
}

/// The form. It stays until the edge took what it sent; then it says so.
pub(super) fn form(app: App, ask: Ask) -> El {
    let filled = Rc::new(Filled { app, wrong: Part::new(None), sent: Part::new(None) });
    let seen = Rc::clone(&filled);
    el("div", "").holds(
        move || seen.done(),
        move |done| {
            Some(match done {
                Some(address) => el("p", "done").attr("dir", "auto").text(&app.fill(ask.done, address)),
                None => fields(&filled, &ask),
            })
        },
    )
}

fn fields(filled: &Rc<Filled>, ask: &Ask) -> El {
    let app = filled.app;
    let (id, problem) = ([&ask.name, "-field"].concat(), [&ask.name, "-problem"].concat());
    let (wrong, invalid, busy) = (Rc::clone(filled), Rc::clone(filled), Rc::clone(filled));
    let field = el("input", "")
        .attr("id", &id)
        .attr("type", ask.kind)
        .attr("autocomplete", ask.autocomplete)
        .attr("dir", "ltr")
        .attr("aria-describedby", &problem)
        .has("aria-invalid", move || invalid.wrong().map(|_| "true".to_owned()));
    let agreed = ask.consent.as_ref().map(|_| el("input", "").attr("type", "checkbox"));
    let consent = ask.consent.as_ref().zip(agreed.clone()).map(|(words, agreed)| {
        el("label", "consent").child(agreed).child(el("span", "").attr("dir", "auto").text(words))
    });
    let button = ask.button;
    let (label, waits) = (ask.label, Rc::clone(filled));
    let send = el("button", "primary")
        .attr("type", "submit")
        .has("disabled", move || waits.busy().then(String::new))
        .says(move || app.word(if busy.busy() { "sending" } else { button }));
    let (filled, ask, typed) = (Rc::clone(filled), ask.clone(), field.clone());
    el("form", "")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            filled.send(&ask, &typed, agreed.as_ref());
        })
        .child(el("label", "").attr("for", &id).says(app.saying(label)))
        .child(field)
        .child(
            el("p", "problem")
                .attr("id", &problem)
                .attr("role", "alert")
                .attr("dir", "auto")
                .says(move || wrong.wrong().unwrap_or_default()),
        )
        .maybe(consent)
        .child(send)
}

impl Filled {
    fn state(&self) -> Option<State> {
        let (id, _) = self.sent.get()?;
        self.app.model.with(|model| model.state(&id))
    }

    fn busy(&self) -> bool {
        matches!(self.state(), Some(State::Queued | State::Sending))
    }

    /// The address the edge has taken.
    fn done(&self) -> Option<String> {
        let taken = matches!(self.state(), Some(State::Sent | State::Delivered | State::Read));
        self.sent.get().filter(|_| taken).map(|(_, address)| address)
    }

    fn wrong(&self) -> Option<String> {
        match (self.wrong.get(), self.state()) {
            (Some(key), _) => Some(self.app.word(key)),
            (None, Some(State::Failed { text, .. })) => Some(text),
            _ => None,
        }
    }

    fn send(&self, ask: &Ask, field: &El, agreed: Option<&El>) {
        let typed = field.value().trim().to_owned();
        let unticked = |field: &El| !field.element().unchecked_ref::<HtmlInputElement>().checked();
        let wrong = match () {
            () if typed.is_empty() => Some(ask.missing),
            () if agreed.is_some_and(unticked) => Some("agree_first"),
            () => None,
        };
        self.wrong.set(wrong);
        if wrong.is_none() {
            if let Some((id, _)) = self.sent.now() {
                self.app.withdraw(&id);
            }
            self.sent.set((ask.submit)(typed.clone()).map(|id| (id, typed)));
        }
    }
}
