//! What forms do: each tells its trouble beside itself and keeps what was typed until it is done.

use leptos::{
    prelude::{GetUntracked, RwSignal, Set, SetValue, Update, WithUntracked, WithValue},
    task::spawn_local,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::{
    api::{
        alerts::{Alerts, AlertsRead},
        me::Role,
    },
    id::AlertId,
};

use super::{App, Over};
use crate::{browser, net, words};

impl App {
    /// Whether whoever is signed in may do what takes this role.
    pub(crate) fn may(self, role: Role) -> bool {
        self.membership().is_some_and(|it| it.role >= role)
    }

    /// Lays something over the page; the focus comes back to where it was.
    pub(crate) fn lay(self, over: Over) {
        if self.over.with_untracked(Option::is_none) {
            self.opened_from.set_value(browser::active());
        }
        self.over.set(Some(over));
    }

    /// Takes it away.
    pub(crate) fn lift(self) {
        if self.over.get_untracked().is_none() {
            return;
        }
        self.over.set(None);
        let from = self.opened_from.with_value(Clone::clone);
        leptos::prelude::request_animation_frame(move || {
            if let Some(from) = from {
                from.focus().ok();
            }
        });
    }

    /// Reads something of the site into a signal.
    pub(crate) fn read_site_into<T: DeserializeOwned + Send + Sync + 'static>(
        self,
        tail: &str,
        into: RwSignal<Option<T>>,
        wrong: RwSignal<String>,
    ) {
        let path = [&self.site_path(), "/", tail].concat();
        spawn_local(async move {
            match net::get::<T>(&path).await {
                Ok(read) => into.set(Some(read)),
                Err(failure) => wrong.set(failure.text),
            }
        });
    }

    /// Reads what whoever is signed in was told.
    pub(crate) fn read_alerts(self) {
        let path = [&self.site_path(), "/alerts"].concat();
        spawn_local(async move {
            if let Ok(read) = net::get::<Alerts>(&path).await {
                self.alerts.set(read.alerts);
            }
        });
    }

    /// They have read some of it; `then` goes on, which may lead to another page.
    pub(crate) fn alerts_read(self, ids: Vec<AlertId>, then: Box<dyn FnOnce()>) {
        let path = [&self.site_path(), "/alerts/read"].concat();
        self.alerts.update(|all| all.retain(|it| !ids.contains(&it.id)));
        spawn_local(async move {
            if let Err(failure) = net::act("POST", &path, &AlertsRead { ids }).await {
                self.tell(&failure);
            }
            then();
        });
    }

    /// Does what a form asks for. Where it is refused, `wrong` says why; else `said` is told and `then` goes on.
    pub(crate) fn submit(
        self,
        (method, path): (&'static str, String),
        body: Value,
        said: &'static str,
        wrong: RwSignal<String>,
        then: Box<dyn FnOnce()>,
    ) {
        wrong.set(String::new());
        spawn_local(async move {
            match net::act(method, &path, &body).await {
                Ok(()) => {
                    self.told.set(words::say(said));
                    then();
                    self.refresh();
                }
                Err(failure) => wrong.set(failure.text),
            }
        });
    }

    /// Signs this browser out.
    pub(crate) fn sign_out(self) {
        spawn_local(async move {
            match net::act("POST", "/api/me/sign-out", &json!({})).await {
                Ok(()) => browser::leave("/inbox/sign-in"),
                Err(failure) => self.tell(&failure),
            }
        });
    }
}
