//! The lines, and whether they work.

use leptos::{prelude::*, task::spawn_local};
use serde_json::json;
use shared::api::lines::{Line, Lines, Probed};

use super::form::{Told, told};
use crate::{
    net,
    state::App,
    view::icon::{Mark, name},
    words::{fill, say},
};

/// The part.
pub(super) fn channels(app: App) -> AnyView {
    let lines: RwSignal<Vec<Line>> = RwSignal::default();
    let trouble: Told = RwSignal::new(Some((true, say("set-reading"))));
    let path = [&app.site_path(), "/lines"].concat();
    spawn_local(async move {
        match net::get::<Lines>(&path).await {
            Ok(read) => {
                trouble.set(None);
                lines.set(read.lines);
            }
            Err(failure) => trouble.set(Some((false, failure.text))),
        }
    });
    view! {
        <p class="soft">{say("set-channels-hint")}</p>
        {told(trouble)}
        {move || lines.get().into_iter().map(|line| one(app, line)).collect_view()}
    }
    .into_any()
}

fn one(app: App, line: Line) -> AnyView {
    let outcome: Told = RwSignal::default();
    let path = StoredValue::new(format!("{}/lines/{}/test", app.site_path(), line.id));
    let test = move |_| {
        outcome.set(Some((true, say("set-testing"))));
        let path = path.get_value();
        spawn_local(async move {
            outcome.set(Some(match net::call::<Probed>("POST", &path, &json!({})).await {
                Ok(probed) => (probed.works, probed.text),
                Err(failure) => (false, failure.text),
            }));
        });
    };
    let secrets = line.secrets.into_iter().map(|(name, is_set)| {
        let (class, word) =
            if is_set { ("chip", "set-secret-set") } else { ("chip bad", "set-secret-unset") };
        view! { <li><code>{name}</code> <span class=class>{say(word)}</span></li> }
    });
    let hook = line.hook.map(|hook| {
        view! { <p class="soft">{say("set-hook")} <code dir="ltr">{hook}</code></p> }
    });
    let is_sandbox = line.provider == "sandbox";
    let sandbox = is_sandbox.then(|| view! { <p class="soft">{say("set-sandbox")}</p> });
    let is_widget = line.channel == shared::channel::Channel::Widget;
    let button = (!is_sandbox && !is_widget).then(|| {
        view! { <button type="button" on:click=test>{say("set-test")}</button> }
    });
    let label =
        if line.can_test { say(name(line.channel)) } else { fill("set-by-hand", &say(name(line.channel))) };
    let label = if is_sandbox || is_widget { say(name(line.channel)) } else { label };
    view! {
        <section class="set line-of">
            <h3><Mark channel=line.channel/> {label}</h3>
            <p><b dir="ltr">{line.address}</b> <span class="chip">{line.provider}</span></p>
            {sandbox}
            <ul>{secrets.collect_view()}</ul>
            {hook}
            {button}
            {told(outcome)}
        </section>
    }
    .into_any()
}
