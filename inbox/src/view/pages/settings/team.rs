//! Who is of the team, the programs that may act for it, and what people did.

use leptos::{prelude::*, task::spawn_local};
use serde_json::json;
use shared::api::{
    me::Role,
    scope::ApiScope,
    team::{Agent, AgentState, Agents, Audit, AuditLine, Token, TokenMade, Tokens},
};

use super::form::{Told, may_change, told, twice};
use crate::{
    browser::{self, Shape},
    net,
    state::App,
    words::{fill, say},
};

/// The part.
pub(super) fn team(app: App) -> AnyView {
    let rest = may_change(app).then(|| {
        view! {
            {tokens(app)}
            {log(app)}
        }
    });
    view! {
        {people(app)}
        {rest}
    }
    .into_any()
}

fn role_name(role: Role) -> String {
    say(&["role-", role.as_str()].concat())
}

/// The roles that whoever is signed in may give.
fn given(app: App) -> Vec<Role> {
    let own = app.membership().map_or(Role::ReadOnly, |it| it.role);
    Role::ALL.into_iter().filter(|role| *role <= own).collect()
}

fn people(app: App) -> AnyView {
    let agents: RwSignal<Vec<Agent>> = RwSignal::default();
    let outcome: Told = RwSignal::default();
    let read = move || {
        let path = [&app.site_path(), "/agents"].concat();
        spawn_local(async move {
            match net::get::<Agents>(&path).await {
                Ok(read) => agents.set(read.agents),
                Err(failure) => outcome.set(Some((false, failure.text))),
            }
        });
    };
    read();
    let act = move |method: &'static str, tail: String, body: serde_json::Value, said: String| {
        let path = [&app.site_path(), "/agents", &tail].concat();
        spawn_local(async move {
            match net::act(method, &path, &body).await {
                Ok(()) => outcome.set(Some((true, said))),
                Err(failure) => outcome.set(Some((false, failure.text))),
            }
            read();
        });
    };
    let may = may_change(app);
    let row = move |agent: Agent| {
        let is_invited = agent.state == AgentState::Invited;
        let waits = is_invited.then(|| view! { <span class="chip wait">{say("set-invited")}</span> });
        let (id, name) = (agent.id.clone(), agent.name.clone());
        let controls = if may {
            let tail = StoredValue::new(format!("/{id}"));
            let (changed, gone) = (fill("set-role-changed", &name), fill("set-removed", &name));
            let options = given(app).into_iter().map(|role| {
                view! { <option value=role.as_str() selected=role == agent.role>{role_name(role)}</option> }
            });
            let is_higher = !given(app).contains(&agent.role);
            let higher = is_higher.then(|| view! { <option selected=true>{role_name(agent.role)}</option> });
            view! {
                <select disabled=is_higher aria-label=fill("set-role-of", &name) on:change=move |event| {
                    let body = json!({ "role": event_target_value(&event) });
                    act("PATCH", tail.get_value(), body, changed.clone());
                }>{higher}{options.collect_view()}</select>
                {twice("set-take-out", &name, is_higher, move || act("DELETE", tail.get_value(), json!({}), gone.clone()))}
            }
            .into_any()
        } else {
            view! { <span class="chip">{role_name(agent.role)}</span> }.into_any()
        };
        view! {
            <li>
                <span class="who"><b dir="auto">{agent.name}</b><small dir="ltr">{agent.email}</small></span>
                {waits}
                {controls}
            </li>
        }
    };
    let invite = may.then(|| invite(app, read, outcome));
    view! {
        <section class="set">
            <h3>{say("set-people")}</h3>
            <ul class="people">{move || agents.get().into_iter().map(row).collect_view()}</ul>
            {told(outcome)}
            {invite}
        </section>
    }
    .into_any()
}

fn invite(app: App, read: impl Fn() + Copy + 'static, outcome: Told) -> AnyView {
    let (name, email): (RwSignal<String>, RwSignal<String>) = Default::default();
    let role = RwSignal::new("agent".to_owned());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mailbox = email.get_untracked();
        let body = json!({ "name": name.get_untracked(), "email": mailbox, "role": role.get_untracked() });
        let path = [&app.site_path(), "/agents"].concat();
        spawn_local(async move {
            match net::act("POST", &path, &body).await {
                Ok(()) => {
                    name.set(String::new());
                    email.set(String::new());
                    outcome.set(Some((true, fill("set-mail-sent", &mailbox))));
                    read();
                }
                Err(failure) => outcome.set(Some((false, failure.text))),
            }
        });
    };
    let options = given(app).into_iter().map(|it| {
        view! { <option value=it.as_str() selected=it == Role::Agent>{role_name(it)}</option> }
    });
    view! {
        <form class="invite" on:submit=send>
            <h4>{say("set-invite")}</h4>
            <div class="field">
                <label for="invite-name">{say("set-name")}</label>
                <small>{say("set-name-seen")}</small>
                <input id="invite-name" maxlength="60" required dir="auto" prop:value=name on:input=move |event| name.set(event_target_value(&event))/>
            </div>
            <div class="field">
                <label for="invite-email">{say("set-email")}</label>
                <input id="invite-email" type="email" required dir="ltr" prop:value=email on:input=move |event| email.set(event_target_value(&event))/>
            </div>
            <div class="field">
                <label for="invite-role">{say("set-role")}</label>
                <small>{say("set-role-hint")}</small>
                <select id="invite-role" on:change=move |event| role.set(event_target_value(&event))>{options.collect_view()}</select>
            </div>
            <footer><button class="strong">{say("set-send-invite")}</button></footer>
        </form>
    }
    .into_any()
}

fn tokens(app: App) -> AnyView {
    let all: RwSignal<Vec<Token>> = RwSignal::default();
    let (made, name): (RwSignal<String>, RwSignal<String>) = Default::default();
    let scopes: RwSignal<Vec<ApiScope>> = RwSignal::default();
    let outcome: Told = RwSignal::default();
    let read = move || {
        let path = [&app.site_path(), "/tokens"].concat();
        spawn_local(async move {
            match net::get::<Tokens>(&path).await {
                Ok(read) => all.set(read.tokens),
                Err(failure) => outcome.set(Some((false, failure.text))),
            }
        });
    };
    read();
    let row = move |token: Token| {
        let path = StoredValue::new(format!("{}/tokens/{}", app.site_path(), token.id));
        let used = token.used_at.map(|at| fill("set-used", &browser::written(at, None, Shape::Short)));
        let names: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        let end = twice("set-end", &token.name, false, move || {
            let path = path.get_value();
            spawn_local(async move {
                if let Err(failure) = net::act("DELETE", &path, &json!({})).await {
                    outcome.set(Some((false, failure.text)));
                }
                read();
            });
        });
        view! {
            <li>
                <span class="who"><b dir="auto">{token.name}</b><small dir="ltr">{names.join(", ")}</small></span>
                <small>{used.unwrap_or_else(|| say("set-never-used"))}</small>
                {end}
            </li>
        }
    };
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = json!({ "name": name.get_untracked(), "scopes": scopes.get_untracked() });
        let path = [&app.site_path(), "/tokens"].concat();
        spawn_local(async move {
            match net::call::<TokenMade>("POST", &path, &body).await {
                Ok(it) => {
                    made.set(it.secret);
                    name.set(String::new());
                    outcome.set(None);
                    read();
                }
                Err(failure) => outcome.set(Some((false, failure.text))),
            }
        });
    };
    let checks = ApiScope::ALL.iter().map(|scope| {
        view! {
            <label class="check">
                <input type="checkbox" on:change=move |event| {
                    let on = event_target_checked(&event);
                    scopes.update(|all| {
                        all.retain(|known| known != scope);
                        if on {
                            all.push(*scope);
                        }
                    });
                }/>
                <code dir="ltr">{scope.as_str()}</code>
            </label>
        }
    });
    view! {
        <section class="set">
            <h3>{say("set-api-tokens")}</h3>
            <p class="soft">{say("set-tokens-hint")}</p>
            <ul class="people">{move || all.get().into_iter().map(row).collect_view()}</ul>
            <Show when=move || !made.with(String::is_empty)>
                <div class="made" role="status">
                    <p><b>{say("set-token-once")}</b></p>
                    <pre class="snippet" dir="ltr" tabindex="0">{made}</pre>
                    <button type="button" on:click=move |_| {
                        browser::copy(&made.get_untracked());
                        app.told.set(say("set-copied"));
                    }>{say("set-copy")}</button>
                </div>
            </Show>
            <form on:submit=make>
                <div class="field">
                    <label for="token-name">{say("set-token-name")}</label>
                    <input id="token-name" maxlength="60" dir="auto" prop:value=name on:input=move |event| name.set(event_target_value(&event))/>
                </div>
                <fieldset class="checks"><legend>{say("set-scopes")}</legend>{checks.collect_view()}</fieldset>
                <footer><button class="strong">{say("set-make-token")}</button>{told(outcome)}</footer>
            </form>
        </section>
    }
    .into_any()
}

fn log(app: App) -> AnyView {
    let (lines, next): (RwSignal<Vec<AuditLine>>, RwSignal<Option<String>>) = Default::default();
    let trouble: Told = RwSignal::default();
    let read = move |before: Option<String>| {
        let cursor = before.map(|it| ["?before=", &browser::encoded(&it)].concat()).unwrap_or_default();
        let path = [&app.site_path(), "/audit", &cursor].concat();
        spawn_local(async move {
            match net::get::<Audit>(&path).await {
                Ok(page) => {
                    lines.update(|all| all.extend(page.lines));
                    next.set(page.next);
                }
                Err(failure) => trouble.set(Some((false, failure.text))),
            }
        });
    };
    read(None);
    let row = |line: AuditLine| {
        let about = [line.subject.as_str(), line.detail.as_str()].into_iter().filter(|text| !text.is_empty());
        let about = about.collect::<Vec<_>>().join(", ");
        view! {
            <tr>
                <td><small>{browser::written(line.at, None, Shape::Full)}</small></td>
                <td dir="auto">{line.agent}</td>
                <td><code dir="ltr">{line.act}</code><small dir="auto">{about}</small></td>
            </tr>
        }
    };
    view! {
        <section class="set">
            <h3>{say("set-log")}</h3>
            <p class="soft">{say("set-log-hint")}</p>
            {told(trouble)}
            <table class="log">
                <thead><tr><th>{say("set-when")}</th><th>{say("set-who")}</th><th>{say("set-what")}</th></tr></thead>
                <tbody>{move || lines.get().into_iter().map(row).collect_view()}</tbody>
            </table>
            <Show when=move || next.with(Option::is_some)>
                <button type="button" on:click=move |_| read(next.get_untracked())>{say("set-more")}</button>
            </Show>
        </section>
    }
    .into_any()
}
