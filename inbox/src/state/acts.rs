//! What the team does: each act goes to the edge, and what came of it is read back.

use leptos::{
    prelude::{GetUntracked, Set, Update, WithUntracked},
    task::spawn_local,
};
use serde_json::{Value, json};
use shared::{
    api::{
        list::Found,
        person::Suggestion,
        work::{Act, Does, Noted},
    },
    id::EventId,
    wire::Failure,
};

use super::App;
use crate::{
    browser,
    model::outgoing::{Kind, Outgoing},
    net,
    view::attach::Held,
    words,
};

impl App {
    /// Takes what was typed on its way: it can be taken back for a while.
    pub(crate) fn send(self, subject: Option<String>, text: String) {
        let is_note = self.note.get_untracked();
        // A note takes no files along: they stay for the next message.
        let files = if is_note {
            Vec::new()
        } else {
            self.files.with_untracked(|held| held.iter().filter_map(Held::kept).collect())
        };
        let Some(contact) = self.contact() else { return };
        let kind = if is_note {
            Kind::Note
        } else if let Some(channel) = self.takes() {
            Kind::Message(channel)
        } else {
            return;
        };
        self.outbox.update(|outbox| {
            outbox.put(
                (EventId::mint(&mut browser::context()), contact),
                kind,
                (subject, text, files),
                browser::now_ms(),
            );
        });
        if !is_note {
            self.files.set(Vec::new());
        }
        self.types(false);
    }

    pub(super) fn hand_over(self, message: Outgoing) {
        let path = self.contact_path(&message.contact);
        spawn_local(async move {
            let taken = match &message.kind {
                Kind::Message(channel) => {
                    let files: Vec<_> = message.files.iter().map(|file| &file.id).collect();
                    let body = json!({
                        "channel": channel, "text": message.text, "subject": message.subject, "files": files,
                    });
                    net::act("POST", &format!("{path}/messages"), &body).await
                }
                Kind::Note => {
                    let (id, text) = (message.id.clone(), message.text.clone());
                    let noted = Noted { id, by: None, mentions: self.mentioned(&text), text };
                    net::act("POST", &format!("{path}/notes"), &noted).await
                }
            };
            match taken {
                Ok(()) => {
                    self.outbox.update(|outbox| outbox.gone(message.number));
                    self.catch_up();
                    self.read_list();
                }
                Err(failure) => {
                    self.outbox.update(|outbox| outbox.refused(message.number, &failure.text));
                    self.tell(&failure);
                }
            }
        });
    }

    /// Does something about the contact who is shown, and reads what came of it.
    pub(crate) fn act(self, method: &'static str, tail: &str, body: Value, said: &'static str) {
        let Some(contact) = self.contact() else { return };
        let path = format!("{}/{tail}", self.contact_path(&contact));
        spawn_local(async move {
            match net::act(method, &path, &body).await {
                Ok(()) => {
                    self.told.set(words::say(said));
                    self.catch_up();
                    self.read_list();
                }
                Err(failure) => self.tell(&failure),
            }
        });
    }

    /// The same about the site.
    pub(crate) fn act_on_site(self, method: &'static str, tail: &str, body: Value, said: &'static str) {
        let path = format!("{}/{tail}", self.site_path());
        spawn_local(async move {
            match net::act(method, &path, &body).await {
                Ok(()) => {
                    self.told.set(words::say(said));
                    self.catch_up();
                }
                Err(failure) => self.tell(&failure),
            }
        });
    }

    /// Looks for something in everything.
    pub(crate) async fn search(self, text: &str) -> Result<Vec<Found>, Failure> {
        let text = String::from(js_sys::encode_uri_component(text));
        net::get(&format!("{}/search?q={text}", self.site_path())).await
    }

    /// Does something about the conversation, as the team's work.
    pub(crate) fn work(self, act: Act, said: &'static str) {
        let body = serde_json::to_value(Does { by: None, act }).unwrap_or_default();
        self.act("POST", "work", body, said);
    }

    /// Whom of the team a note names: `@Jun Park`.
    fn mentioned(self, text: &str) -> Vec<String> {
        let team = self.membership().map(|it| it.team).unwrap_or_default();
        team.into_iter().filter(|name| text.contains(&["@", name].concat())).collect()
    }

    /// Asks for a reply to begin with.
    pub(crate) fn suggest(self) {
        let Some(contact) = self.contact() else { return };
        let path = format!("{}/suggestion", self.contact_path(&contact));
        spawn_local(async move {
            match net::post::<Suggestion>(&path, &json!({})).await {
                Ok(suggestion) => {
                    self.note.set(false);
                    self.draft.set(suggestion.text);
                    browser::focus("compose");
                }
                Err(failure) => self.tell(&failure),
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

    /// Takes the floor, or gives it back. Where a colleague wrote just now, the second press takes it all the same.
    pub(crate) fn turn_floor(self) {
        let mine = self.membership().map(|it| it.name);
        let held = self.person.with_untracked(|person| person.as_ref().and_then(|it| it.floor.clone()));
        if held.is_some() && held == mine {
            self.act("POST", "floor/given-back", json!({}), "told-given-back");
        } else {
            let Some(contact) = self.contact() else { return };
            let path = format!("{}/floor/taken", self.contact_path(&contact));
            let force = self.insists.get_untracked();
            spawn_local(async move {
                let taken = net::act("POST", &path, &json!({ "force": force })).await;
                self.insists.set(taken.as_ref().is_err_and(|failure| failure.code == "taken"));
                match taken {
                    Ok(()) => {
                        self.told.set(words::say("told-taken"));
                        self.catch_up();
                        self.read_list();
                    }
                    Err(failure) => self.tell(&failure),
                }
            });
        }
    }
}
