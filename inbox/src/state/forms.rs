//! What forms do: each tells its trouble beside itself and keeps what was typed until it is done.

use leptos::{
    prelude::{GetUntracked, RwSignal, Set, SetValue, Update, WithUntracked, WithValue},
    task::spawn_local,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::{
    api::{
        alerts::{Alerts, AlertsRead},
        list::Bulk,
        me::Role,
        work::DoesAll,
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

    /// Reads something of the contact who is shown into a signal; what came for another one by then is left.
    pub(crate) fn read_into<T: DeserializeOwned + Send + Sync + 'static>(
        self,
        tail: &str,
        into: RwSignal<Option<T>>,
        wrong: RwSignal<String>,
    ) {
        let Some(contact) = self.contact() else { return };
        let path = [&self.contact_path(&contact), "/", tail].concat();
        spawn_local(async move {
            let read = net::get::<T>(&path).await;
            if self.contact().as_ref() != Some(&contact) {
                return;
            }
            match read {
                Ok(read) => into.set(Some(read)),
                Err(failure) => wrong.set(failure.text),
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

    /// They have read some of it.
    pub(crate) fn alerts_read(self, ids: Vec<AlertId>) {
        let path = [&self.site_path(), "/alerts/read"].concat();
        self.alerts.update(|all| all.retain(|it| !ids.contains(&it.id)));
        spawn_local(async move {
            if let Err(failure) = net::act("POST", &path, &AlertsRead { ids }).await {
                self.tell(&failure);
            }
        });
    }

    /// Everything that is kept of the contact who is shown, as a file.
    pub(crate) fn export(self) {
        let Some(contact) = self.contact() else { return };
        let path = self.of_contact("export");
        spawn_local(async move {
            match net::get::<Value>(&path).await {
                Ok(export) => {
                    let text = serde_json::to_string_pretty(&export).unwrap_or_default();
                    browser::download(&[contact.as_str(), ".json"].concat(), &text);
                }
                Err(failure) => self.tell(&failure),
            }
        });
    }

    /// Does one thing about all that are picked; those for which it was refused stay picked, and the first reason is told.
    pub(crate) fn do_all(self, body: DoesAll, said: &'static str) {
        let path = [&self.site_path(), "/conversations/bulk"].concat();
        spawn_local(async move {
            match net::post::<Bulk>(&path, &body).await {
                Ok(bulk) => {
                    let first = bulk.refused.first().map(|it| it.text.clone());
                    self.told.set(first.unwrap_or_else(|| words::say(said)));
                    let left: Vec<_> = bulk.refused.into_iter().map(|it| it.contact).collect();
                    self.picked.set((!left.is_empty()).then_some(left));
                    self.read_list();
                    self.catch_up();
                }
                Err(failure) => self.tell(&failure),
            }
        });
    }

    /// Says the same to some places, one after another, up to the first that refuses it.
    pub(crate) fn post_all(self, paths: Vec<String>, body: Value, said: &'static str) {
        spawn_local(async move {
            for path in paths {
                if let Err(failure) = net::act("POST", &path, &body).await {
                    self.tell(&failure);
                    self.read_list();
                    return;
                }
            }
            self.told.set(words::say(said));
            self.picked.set(None);
            self.read_list();
            self.catch_up();
        });
    }

    /// The path of something about the contact who is shown.
    pub(crate) fn of_contact(self, tail: &str) -> String {
        self.contact().map(|it| [&self.contact_path(&it), "/", tail].concat()).unwrap_or_default()
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
                    self.catch_up();
                    self.read_person();
                    self.read_list();
                }
                Err(failure) => wrong.set(failure.text),
            }
        });
    }
}
