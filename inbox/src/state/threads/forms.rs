//! What forms about a contact, and about many conversations at once, do.

use leptos::{
    prelude::{RwSignal, Set},
    task::spawn_local,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::api::{list::Bulk, work::DoesAll};

use super::Threads;
use crate::{browser, net, words};

impl Threads {
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
                    self.refresh();
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
                    self.refresh();
                    return;
                }
            }
            self.told.set(words::say(said));
            self.picked.set(None);
            self.refresh();
        });
    }

    /// The path of something about the contact who is shown.
    pub(crate) fn of_contact(self, tail: &str) -> String {
        self.contact().map(|it| [&self.contact_path(&it), "/", tail].concat()).unwrap_or_default()
    }
}
