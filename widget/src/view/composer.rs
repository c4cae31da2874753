//! The composer: the static page's own form, given its words and its acts.
//!
//! It is adopted, not drawn, so that text typed before this program was there, the caret and an input method's half-made
//! word stay as they are.

use std::cell::Cell;
use std::rc::Rc;

use shared::wire::{MAX_MESSAGE_CHARS, Speaker};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlTextAreaElement, KeyboardEvent};

use super::{attach, person};
use crate::app::App;
use crate::element::watch;
use crate::model::{Model, Unfit};
use crate::typing::{PAUSE_MS, Typing};
use crate::words::decimal;
use crate::{clock, dom};

/// The counter shows from so many characters before the limit.
const NEAR: usize = 400;

/// Makes the static form work.
pub(super) fn adopt(app: App) {
    let found = (
        dom::element::<HtmlFormElement>("composer"),
        dom::element::<HtmlTextAreaElement>("text"),
        dom::element::<HtmlElement>("send"),
        dom::element::<HtmlElement>("person"),
        dom::element::<Element>("count"),
    );
    let (Some(form), Some(text), Some(send), Some(person), Some(count)) = found else { return };
    // What was typed before this program was there goes before what an earlier page kept.
    if !text.value().is_empty() {
        app.draft.set(text.value());
    }
    listen(app, &form, &text, &person);
    write_words(app, &text, &send, &person);
    follow_draft(app, &text, &send, &count);
    follow_open(app, text);
    if let Some(foot) = person.parent_element() {
        attach::adopt(app, &foot);
    }
}

fn listen(app: App, form: &HtmlFormElement, text: &HtmlTextAreaElement, person: &HtmlElement) {
    let typist = Rc::new(Typist { app, typing: Cell::default(), pause: Cell::default() });
    let (field, types) = (text.clone(), Rc::clone(&typist));
    dom::on(text, "input", move |_| {
        app.draft.set(field.value());
        app.keep_draft(&field.value());
        types.changed(&field.value());
    });
    let leaves = Rc::clone(&typist);
    dom::on(text, "blur", move |_| leaves.stopped());
    let submit = Rc::new(move || {
        let draft = app.draft.now();
        if let Ok(text) = Model::fit(&draft) {
            app.say(text);
            app.draft.set(String::new());
            app.keep_draft("");
            // After the message, so that an answer that waits for it is not let go just before.
            typist.stopped();
        }
    });
    let sends = Rc::clone(&submit);
    dom::on(form, "submit", move |event| {
        event.prevent_default();
        sends();
    });
    dom::on(text, "keydown", move |event| {
        let key: &KeyboardEvent = event.unchecked_ref();
        // 229 is what Safari reports for the Enter that ends an input method's word.
        let composing = key.is_composing() || key.key_code() == 229;
        if key.key() == "Enter" && !key.shift_key() && !composing {
            event.prevent_default();
            submit();
        }
    });
    dom::on(person, "click", move |_| person::ask(app));
    dom::on(&dom::document(), "keydown", move |event| {
        let key: &KeyboardEvent = event.unchecked_ref();
        if key.key() == "Escape" && !key.is_composing() {
            app.close();
        }
    });
}

/// Tells the edge when the visitor types, and that they stopped.
struct Typist {
    app: App,
    typing: Cell<Typing>,
    /// Ends a pause without a key.
    pause: Cell<Option<i32>>,
}

impl Typist {
    fn changed(self: &Rc<Self>, text: &str) {
        let now = clock::now();
        self.tell(|typing| typing.changed(text, now));
        let then = Rc::clone(self);
        self.pause.set(Some(dom::after(PAUSE_MS, move || then.stopped())));
    }

    fn stopped(&self) {
        self.tell(Typing::stopped);
    }

    fn tell(&self, act: impl FnOnce(&mut Typing) -> Option<bool>) {
        if let Some(pause) = self.pause.take() {
            dom::cancel(pause);
        }
        let mut typing = self.typing.get();
        let told = act(&mut typing);
        self.typing.set(typing);
        if let Some(on) = told {
            self.app.type_hint(on);
        }
    }
}

fn write_words(app: App, text: &HtmlTextAreaElement, send: &HtmlElement, person: &HtmlElement) {
    let (text, send, person) = (text.clone(), send.clone(), person.clone());
    watch(move || {
        let placeholder = app.word("placeholder");
        text.set_placeholder(&placeholder);
        dom::set_attribute(&text, "aria-label", Some(&placeholder));
        dom::set_attribute(&send, "aria-label", Some(&app.word("send")));
        person.set_text_content(Some(&app.word("person")));
        // With a person in the conversation there is nobody else to ask for.
        person.set_hidden(app.model.with(|model| matches!(model.floor(), Speaker::Agent(_))));
    });
}

fn follow_draft(app: App, text: &HtmlTextAreaElement, send: &HtmlElement, count: &Element) {
    let (text, send, count) = (text.clone(), send.clone(), count.clone());
    watch(move || {
        let draft = app.draft.get();
        if text.value() != draft {
            text.set_value(&draft);
        }
        let style = text.style();
        style.set_property("height", "auto").ok();
        style.set_property("height", &[&decimal(text.scroll_height().into()), "px"].concat()).ok();
        let fit = Model::fit(&draft).map(|text| text.chars().count());
        dom::set_attribute(&send, "aria-disabled", fit.is_err().then_some("true"));
        let locale = app.locale.get();
        let number = |number| clock::number_text(number, &locale);
        let over = matches!(fit, Err(Unfit::TooLong(_)));
        let told = match fit {
            Err(Unfit::TooLong(by)) => app.fill("too_long", &number(by)),
            Ok(long) if long + NEAR > MAX_MESSAGE_CHARS => {
                [number(long), number(MAX_MESSAGE_CHARS)].join(" / ")
            }
            Ok(_) | Err(Unfit::Empty) => String::new(),
        };
        count.set_text_content(Some(&told));
        dom::set_attribute(&text, "aria-invalid", over.then_some("true"));
    });
}

/// The focus goes to the composer when the visitor opens the panel, but not where that would raise a keyboard over it.
fn follow_open(app: App, text: HtmlTextAreaElement) {
    let mut before = None;
    watch(move || {
        let open = app.open.get();
        let fine =
            dom::window().match_media("(hover: hover)").ok().flatten().is_some_and(|query| query.matches());
        if open && before == Some(false) && fine {
            text.focus().ok();
        }
        before = Some(open);
    });
}
