//! When the business is open, and how soon a person answers.

use leptos::prelude::*;
use serde_json::Value;
use shared::api::settings::Settings;

use super::form::{Form, Takes, field, list, shell, week};
use crate::{state::App, words::say};

/// The part.
pub(super) fn hours(app: App, settings: &Settings<Value>) -> AnyView {
    let form = Form::of(app, "hours", settings);
    let promises = Form::of(app, "promises", settings);
    let fields = view! {
        {week(form, "/hours")}
        <h4>{say("set-holidays")}</h4>
        {list(form, "/holidays", "set-holiday", "set-add-holiday", Takes::Day)}
    };
    let minutes = view! {
        {field(promises, "/promises/within_min", say("set-within"), "set-within-hint", Takes::Number)}
        {field(promises, "/promises/pass_on_after_min", say("set-pass-on"), "set-pass-on-hint", Takes::Number)}
    };
    view! {
        {shell(form, "set-open", "set-open-hint", fields.into_any())}
        {shell(promises, "set-promises", "", minutes.into_any())}
    }
    .into_any()
}
