//! Sending a file: chosen, handed to the edge, and said with what was typed.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use shared::wire::{MAX_FILE_BYTES, MAX_FILES};

use crate::app::App;
use crate::codec;
use crate::dom;
use crate::element::{El, button, el};
use crate::http;

/// Puts the button into the composer's foot.
pub(super) fn adopt(app: App, foot: &Element) {
    let chooser =
        el("input", "").attr("type", "file").attr("multiple", "").attr("hidden", "").attr("tabindex", "-1");
    let opens = chooser.element().clone();
    let told = el("span", "attach-told").attr("role", "status");
    let (tells, shown) = (told.element().clone(), told.element().clone());
    let chooser = chooser.attr("aria-hidden", "true").on("change", move |event: Event| {
        let chosen = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some((field, files)) = chosen.and_then(|field| field.files().map(|files| (field.clone(), files)))
        else {
            return;
        };
        let files = (0..files.length()).filter_map(|place| files.get(place)).take(MAX_FILES).collect();
        dom::spawn(send(app, files, tells.clone()));
        // Choosing the same once more is a choice as well.
        field.set_value("");
    });
    let attach = button("link attach", move || {
        if let Some(field) = opens.dyn_ref::<HtmlInputElement>() {
            field.click();
        }
    });
    shown.set_text_content(None);
    El::of(foot.clone()).child(attach.says(app.saying("attach"))).child(chooser).child(told);
}

/// Uploads the files, then says them with what stands in the composer. What fails is told and sends nothing.
async fn send(app: App, files: Vec<web_sys::File>, told: Element) {
    let tell = |text: &str| told.set_text_content(Some(text));
    let mut ids = Vec::new();
    for file in files {
        tell(&app.word("attaching"));
        // A larger one would travel for long only to be refused.
        let is_small = file.size() <= f64::from(u32::try_from(MAX_FILE_BYTES).unwrap_or(u32::MAX));
        if !is_small {
            return tell(&app.word("attach_large"));
        }
        let name = String::from(js_sys::encode_uri_component(&file.name()));
        let sent = http::upload(&["/v1/files?name=", &name].concat(), app.token().as_deref(), &file).await;
        let kept =
            sent.as_ref().filter(|answer| answer.is_ok()).and_then(|it| codec::decode_attachment(&it.body));
        let Some(kept) = kept else {
            let why = sent.and_then(|answer| codec::decode_failure(&answer.body));
            return tell(&why.map_or_else(|| app.word("attach_failed"), |why| why.text));
        };
        ids.push(kept.id);
    }
    tell("");
    if !ids.is_empty() {
        let text = app.draft.now().trim().to_owned();
        app.say_with(&text, ids);
        app.draft.set(String::new());
        app.keep_draft("");
    }
}
