//! How long people are kept.

use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use shared::api::settings::{RetentionTried, Settings};

use super::form::{Form, Takes, Told, field, may_change, shell, told};
use crate::{
    net,
    state::App,
    words::{fill, say},
};

/// The part.
pub(super) fn privacy(app: App, settings: &Settings<Value>) -> AnyView {
    let form = Form::of(app, "privacy", settings);
    let outcome: Told = RwSignal::default();
    let look = move |_| {
        let months = form.text("/retention_months");
        if months.is_empty() {
            outcome.set(Some((true, say("set-erased-never"))));
            return;
        }
        let path = [&app.site_path(), "/settings/retention?months=", &months].concat();
        spawn_local(async move {
            outcome.set(Some(match net::get::<RetentionTried>(&path).await {
                Ok(it) => {
                    let more = if it.or_more { "+" } else { "" };
                    (it.people == 0, fill("set-erased-now", &[&it.people.to_string(), more].concat()))
                }
                Err(failure) => (false, failure.text),
            }));
        });
    };
    let try_it = may_change(app).then(|| {
        view! {
            <button type="button" on:click=look>{say("set-erased-look")}</button>
            {told(outcome)}
        }
    });
    let fields = view! {
        {field(form, "/retention_months", say("set-retention"), "set-retention-hint", Takes::MayNumber)}
        {try_it}
    };
    shell(form, "set-kept", "set-kept-hint", fields.into_any())
}
