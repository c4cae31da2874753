//! Who answers, how it sounds, what is left to people, and what it would say.

use leptos::prelude::*;
use serde_json::Value;
use shared::api::settings::Settings;

use super::{
    form::{Form, Takes, choice, field, list, shell},
    knowledge::bench,
};
use crate::{state::App, words::say};

/// The part.
pub(super) fn assistant(app: App, settings: &Settings<Value>) -> AnyView {
    let form = Form::of(app, "assistant", settings);
    let handoff = Form::of(app, "handoff", settings);
    let limits = Form::of(app, "limits", settings);
    let providers = vec![
        ("builtin".to_owned(), say("set-provider-builtin")),
        ("openai".to_owned(), say("set-provider-openai")),
    ];
    let is_model = Memo::new(move |_| form.text("/assistant/provider") == "openai");
    let model = move || {
        is_model.get().then(|| {
            view! {
                {field(form, "/assistant/model", say("set-model"), "set-model-hint", Takes::MayLine)}
                {field(form, "/assistant/base_url", say("set-base-url"), "set-base-url-hint", Takes::MayUrl)}
            }
        })
    };
    let fields = view! {
        {field(form, "/assistant/name", say("set-assistant-name"), "", Takes::Line)}
        {field(form, "/assistant/tone", say("set-tone"), "set-tone-hint", Takes::Line)}
        {choice(form, "/assistant/provider", say("set-provider"), "set-provider-hint", providers)}
        {model}
    };
    let left = view! {
        <h4>{say("set-topics")}</h4>
        <p class="soft">{say("set-topics-hint")}</p>
        {list(handoff, "/handoff/topics", "set-topic", "set-add-topic", Takes::Line)}
        <h4>{say("set-tags")}</h4>
        <p class="soft">{say("set-tags-hint")}</p>
        {list(handoff, "/handoff/tags", "set-tag", "set-add-tag", Takes::Line)}
        {field(handoff, "/handoff/others_after_min", say("set-others-after"), "", Takes::Number)}
    };
    let number = |path, label| field(limits, path, say(label), "", Takes::Number);
    let ceilings = view! {
        {number("/limits/turns_per_hour", "set-turns")}
        {number("/limits/site_turns_per_hour", "set-site-turns")}
        {number("/limits/tokens_per_day", "set-tokens")}
        {number("/limits/site_tokens_per_day", "set-site-tokens")}
        {number("/limits/messages_per_minute", "set-messages")}
    };
    view! {
        {shell(form, "set-who-answers", "", fields.into_any())}
        {bench(app)}
        {shell(handoff, "set-left", "", left.into_any())}
        {shell(limits, "set-limits", "set-limits-hint", ceilings.into_any())}
    }
    .into_any()
}
