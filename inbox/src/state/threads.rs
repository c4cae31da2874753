//! What the program of lists and timelines knows and does: every act goes to the edge and reads back what came of it.

mod acts;
mod forms;

use std::{ops::Deref, rc::Rc, sync::Arc, time::Duration};

use leptos::{
    prelude::{
        AnyView, Get, GetUntracked, RwSignal, Set, Update, With, WithUntracked, WithValue, set_timeout,
    },
    task::spawn_local,
};
use shared::{
    api::{
        list::Cards,
        live::DeskCall,
        me::Role,
        person::{Person, Presence},
        timeline::Stretch,
        work::Act as Work,
    },
    channel::Channel,
    id::{ContactId, ConversationId},
};

use super::{App, Over, Program};
use crate::{
    browser,
    model::{keys::Act, outgoing::Outbox, timeline::Timeline},
    net,
    route::Shown,
    view::threads::{self as view, attach::Held},
    words::fill,
};

/// How many entries one stretch of a timeline has.
const STRETCH: u32 = 80;
/// How often what is on its way is looked after, in milliseconds.
const TICK_MS: u64 = 500;
/// How often the contact's presence is read, in milliseconds.
const PRESENCE_MS: u64 = 5_000;

/// What of a list is shown; empty is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sieve {
    /// The channel of the newest message.
    pub(crate) channel: String,
    /// Whose it is.
    pub(crate) assigned: String,
    /// A label.
    pub(crate) tag: String,
}

impl Sieve {
    /// As it stands in an address, after other parameters.
    fn query(&self) -> String {
        let all = [("channel", &self.channel), ("assigned", &self.assigned), ("tag", &self.tag)];
        let given = all.into_iter().filter(|(_, value)| !value.trim().is_empty());
        given
            .map(|(name, value)| {
                ["&", name, "=", &String::from(js_sys::encode_uri_component(value.trim()))].concat()
            })
            .collect()
    }
}

/// Lists and timelines, beside what both programs know.
#[derive(Clone, Copy)]
pub(crate) struct Threads(&'static Signals);

impl Deref for Threads {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// What is shown of lists and timelines.
pub(crate) struct Signals {
    app: App,
    pub(crate) cards: RwSignal<Option<Cards>>,
    /// What of the list is shown.
    pub(crate) sieve: RwSignal<Sieve>,
    /// Whose conversations are picked, while some are.
    pub(crate) picked: RwSignal<Option<Vec<ContactId>>>,
    /// An email's subject, as it is typed.
    pub(crate) subject: RwSignal<String>,
    pub(crate) timeline: RwSignal<Option<Timeline>>,
    pub(crate) person: RwSignal<Option<Person>>,
    /// The contact's timeline is being read by cursor: nothing is sent until that is done.
    pub(crate) catching_up: RwSignal<bool>,
    /// How many entries came since they were last looked at.
    pub(crate) fresh: RwSignal<usize>,
    pub(crate) outbox: RwSignal<Outbox>,
    /// The contact has the chat open, and types.
    pub(crate) visitor: RwSignal<(bool, bool)>,
    /// The panel beside the timeline is open where the page is narrow.
    pub(crate) panel: RwSignal<bool>,
    /// The channel the composer is set to; the person's default where there is none.
    pub(crate) channel: RwSignal<Option<Channel>>,
    /// The composer writes a note.
    pub(crate) note: RwSignal<bool>,
    /// A colleague has the floor and wrote just now: taking it once more takes it.
    pub(crate) insists: RwSignal<bool>,
    /// What is typed to the contact who is shown.
    pub(crate) draft: RwSignal<String>,
    /// What goes with the next message to them.
    pub(crate) files: RwSignal<Vec<Held>>,
    /// The page's clock, for countdowns.
    pub(crate) now: RwSignal<f64>,
}

impl Deref for Signals {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl Program for Threads {
    fn shows(&self, shown: &Shown) -> bool {
        !matches!(shown, Shown::Page(_))
    }

    fn does(&self, _act: Act) -> bool {
        true
    }

    fn arrive(&self) {
        self.panel.set(false);
        let is_list = self.route.with_untracked(|route| matches!(route.shown, Shown::List(_)));
        if is_list {
            self.picked.set(None);
        }
        if is_list || self.cards.with_untracked(Option::is_none) {
            self.read_list();
            self.read_counts();
        }
        self.read_contact();
    }

    fn read_again(&self) {
        self.catch_up();
        self.read_list();
    }

    fn moved(&self, conversation: &ConversationId) {
        let is_shown = self.timeline.with_untracked(|timeline| {
            let entries = timeline.as_ref().map(Timeline::entries).unwrap_or_default();
            entries.iter().any(|entry| entry.conversation == *conversation)
        });
        if is_shown {
            self.catch_up();
        }
        self.read_list();
    }

    fn listens(&self) {
        self.look(self.contact());
        self.catch_up();
    }

    fn perform(&self, act: Act) {
        view::perform(*self, act);
    }

    fn choices(&self) -> Vec<(String, Rc<dyn Fn()>)> {
        // Only a conversation that is shown can be given to somebody, by somebody who may.
        let of = self.contact().and_then(|_| self.membership()).filter(|it| it.role > Role::ReadOnly);
        let team = of.map(|it| it.team).unwrap_or_default();
        let given = |name: String| -> (String, Rc<dyn Fn()>) {
            let (threads, label) = (*self, fill("give-to", &name));
            let assign = move || threads.work(Work::Assign { to: Some(name.clone()) }, "told-assigned");
            (label, Rc::new(assign))
        };
        team.into_iter().map(given).collect()
    }

    fn over(&self, over: Over) -> AnyView {
        view::over(over)
    }
}

impl Threads {
    /// Lists and timelines with nothing read yet.
    pub(crate) fn begin(app: App) -> Self {
        let threads = Self(Box::leak(Box::new(Signals {
            app,
            cards: RwSignal::default(),
            sieve: RwSignal::default(),
            picked: RwSignal::default(),
            subject: RwSignal::default(),
            timeline: RwSignal::default(),
            person: RwSignal::default(),
            catching_up: RwSignal::default(),
            fresh: RwSignal::default(),
            outbox: RwSignal::default(),
            visitor: RwSignal::default(),
            panel: RwSignal::default(),
            channel: RwSignal::default(),
            note: RwSignal::default(),
            insists: RwSignal::default(),
            draft: RwSignal::default(),
            files: RwSignal::default(),
            now: RwSignal::new(browser::now_ms()),
        })));
        app.begin(Arc::new(threads));
        threads.tick();
        threads.watch_presence();
        threads
    }

    /// The contact who is shown.
    pub(crate) fn contact(self) -> Option<ContactId> {
        self.route.with(|route| match &route.shown {
            Shown::Contact(contact) => Some(contact.clone()),
            Shown::List(_) | Shown::Page(_) => None,
        })
    }

    /// Where a contact stands in the interface.
    pub(crate) fn contact_path(self, contact: &ContactId) -> String {
        format!("{}/contacts/{contact}", self.site_path())
    }

    /// Reads the list that is shown.
    pub(crate) fn read_list(self) {
        let (path, view) = (self.site_path(), self.view.get_untracked());
        let sieve = self.sieve.get_untracked();
        spawn_local(async move {
            let address = format!("{path}/conversations?view={}{}", view.as_str(), sieve.query());
            match net::get::<Cards>(&address).await {
                Ok(cards)
                    if self.view.get_untracked() == view
                        && self.sieve.with_untracked(|now| *now == sieve) =>
                {
                    self.cards.set(Some(cards));
                }
                Ok(_) => {}
                Err(failure) => self.tell(&failure),
            }
        });
    }

    /// Reads more of the list.
    pub(crate) fn read_more_list(self) {
        let next = self.cards.with_untracked(|cards| cards.as_ref().and_then(|it| it.next.clone()));
        let Some(next) = next else { return };
        let (path, view) = (self.site_path(), self.view.get_untracked());
        let sieve = self.sieve.with_untracked(Sieve::query);
        spawn_local(async move {
            let path = format!("{path}/conversations?view={}&after={next}{sieve}", view.as_str());
            match net::get::<Cards>(&path).await {
                Ok(more) => self.cards.update(|cards| {
                    let Some(cards) = cards else { return };
                    if cards.next.as_deref() == Some(&next) {
                        cards.cards.extend(more.cards);
                        cards.next = more.next;
                    }
                }),
                Err(failure) => self.tell(&failure),
            }
        });
    }

    /// Reads the contact who is shown, from the newest entry.
    pub(crate) fn read_contact(self) {
        let Some(contact) = self.contact() else {
            self.look(None);
            return;
        };
        self.timeline.set(None);
        self.person.set(None);
        self.fresh.set(0);
        self.insists.set(false);
        self.channel.set(None);
        self.note.set(false);
        self.visitor.set((false, false));
        self.look(Some(contact.clone()));
        let path = self.contact_path(&contact);
        spawn_local(async move {
            let stretch = net::get::<Stretch>(&format!("{path}/timeline?limit={STRETCH}")).await;
            if self.contact().as_ref() != Some(&contact) {
                return;
            }
            match stretch {
                Ok(stretch) => self.timeline.set(Some(Timeline::of(stretch))),
                Err(failure) => self.tell(&failure),
            }
        });
        self.read_person();
    }

    /// Reads the person beside the timeline.
    pub(crate) fn read_person(self) {
        let Some(contact) = self.contact() else { return };
        let path = self.contact_path(&contact);
        spawn_local(async move {
            let person = net::get::<Person>(&path).await;
            if self.contact().as_ref() != Some(&contact) {
                return;
            }
            match person {
                Ok(person) => self.person.set(Some(person)),
                Err(failure) => self.tell(&failure),
            }
        });
    }

    /// Reads what stands before what is shown.
    pub(crate) fn read_older(self) {
        let (Some(contact), Some(before)) = (
            self.contact(),
            self.timeline.with_untracked(|it| it.as_ref().and_then(|it| it.before().map(str::to_owned))),
        ) else {
            return;
        };
        let path = format!("{}/timeline?limit={STRETCH}&before={before}", self.contact_path(&contact));
        spawn_local(async move {
            let older = net::get::<Stretch>(&path).await;
            if self.contact().as_ref() != Some(&contact) {
                return;
            }
            match older {
                Ok(older) => self.timeline.update(|timeline| {
                    if let Some(timeline) = timeline.as_mut().filter(|it| it.before() == Some(&before)) {
                        timeline.add_older(older);
                    }
                }),
                Err(failure) => self.tell(&failure),
            }
        });
    }

    /// Reads by cursor what came since; until then nothing is sent.
    pub(crate) fn catch_up(self) {
        let (Some(contact), Some(after)) =
            (self.contact(), self.timeline.with_untracked(|it| it.as_ref().map(|it| it.after().to_owned())))
        else {
            return;
        };
        self.catching_up.set(true);
        let path = self.contact_path(&contact);
        spawn_local(async move {
            let mut after = after;
            loop {
                let address = format!("{path}/timeline?limit={STRETCH}&after={after}");
                let newer = net::get::<Stretch>(&address).await;
                if self.contact().as_ref() != Some(&contact) {
                    return;
                }
                let newer = match newer {
                    Ok(newer) => newer,
                    Err(failure) => {
                        self.tell(&failure);
                        break;
                    }
                };
                let (is_end, next) = (newer.entries.len() < STRETCH as usize, newer.after.clone());
                let mut fresh = 0;
                self.timeline.update(|timeline| {
                    if let Some(timeline) = timeline {
                        fresh = timeline.add_newer(newer);
                    }
                });
                self.fresh.update(|count| *count += fresh);
                if is_end || next == after {
                    break;
                }
                after = next;
            }
            self.catching_up.set(false);
            // How far what was sent has come is told again, and no cursor moves for it.
            if let Ok(newest) = net::get::<Stretch>(&format!("{path}/timeline?limit=20")).await
                && self.contact().as_ref() == Some(&contact)
            {
                self.timeline.update(|timeline| {
                    if let Some(timeline) = timeline {
                        timeline.refresh(newest);
                    }
                });
            }
        });
        self.read_person();
    }

    fn look(self, contact: Option<ContactId>) {
        self.line.with_value(|line| line.say(&DeskCall::Look { contact }));
    }

    /// Tells the colleagues that something is typed.
    pub(crate) fn types(self, on: bool) {
        let conversation =
            self.person.with_untracked(|person| person.as_ref().and_then(|it| it.conversation.clone()));
        // In the chat the contact sees it; on any other line, and of a note, nobody does.
        let is_chat = !self.note.get_untracked() && self.takes() == Some(Channel::Widget);
        let conversation = conversation.filter(|_| is_chat);
        self.line.with_value(|line| line.say(&DeskCall::Typing { on, conversation }));
    }

    /// The channel a message takes now.
    pub(crate) fn takes(self) -> Option<Channel> {
        self.channel.get().or_else(|| {
            self.person.with(|person| {
                let ways = &person.as_ref()?.ways;
                let default = ways.iter().find(|way| way.default);
                default.or_else(|| ways.iter().find(|way| way.open)).map(|way| way.channel)
            })
        })
    }

    /// The next open channel.
    pub(crate) fn switch_channel(self) {
        let open: Vec<Channel> = self.person.with_untracked(|person| {
            let ways = person.as_ref().map(|it| it.ways.as_slice()).unwrap_or_default();
            ways.iter().filter(|way| way.open).map(|way| way.channel).collect()
        });
        let place = open.iter().position(|it| Some(*it) == self.takes());
        let next = place.map_or(0, |place| (place + 1) % open.len().max(1));
        self.note.set(false);
        self.channel.set(open.get(next).copied());
    }

    fn tick(self) {
        set_timeout(
            move || {
                let now = browser::now_ms();
                if self.outbox.with_untracked(Outbox::is_busy) {
                    self.now.set(now);
                    let mut due = Vec::new();
                    self.outbox.update(|outbox| due = outbox.due(now));
                    for message in due {
                        self.hand_over(message);
                    }
                } else if now - self.now.get_untracked() > 15_000.0 {
                    self.now.set(now);
                }
                self.tick();
            },
            Duration::from_millis(TICK_MS),
        );
    }

    fn watch_presence(self) {
        set_timeout(
            move || {
                self.read_presence();
                self.watch_presence();
            },
            Duration::from_millis(PRESENCE_MS),
        );
    }

    /// Whether the contact who is shown has the chat open.
    fn read_presence(self) {
        let Some(contact) = self.contact() else { return };
        let path = format!("{}/presence", self.contact_path(&contact));
        spawn_local(async move {
            if let Ok(Presence { here, types }) = net::get::<Presence>(&path).await
                && self.contact().as_ref() == Some(&contact)
            {
                self.visitor.set((here, types));
            }
        });
    }

    /// The next conversation of the list, or the one before.
    pub(crate) fn step(self, by: i32) {
        let cards: Vec<ContactId> = self.cards.with_untracked(|cards| {
            cards.iter().flat_map(|it| &it.cards).map(|card| card.contact.clone()).collect()
        });
        let place = self.contact().and_then(|it| cards.iter().position(|card| *card == it));
        let next = match (place, by > 0) {
            (None, _) => 0,
            (Some(place), true) => (place + 1).min(cards.len().saturating_sub(1)),
            (Some(place), false) => place.saturating_sub(1),
        };
        if let Some(contact) = cards.get(next) {
            self.show(Shown::Contact(contact.clone()));
        }
    }

    /// Whether somebody of the team other than the reader types to the contact who is shown.
    pub(crate) fn colleague_types(self) -> Option<String> {
        let (contact, mine) = (self.contact()?, self.membership().map(|it| it.name));
        let found =
            self.here.get().into_iter().find(|it| {
                it.types && it.contact.as_ref() == Some(&contact) && Some(&it.name) != mine.as_ref()
            });
        found.map(|it| it.name)
    }
}
