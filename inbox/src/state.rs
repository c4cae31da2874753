//! What both programs of the inbox know and do: who is here, what the address names, the line to the Desk, what lies over the page. Signals
//! hold it; what only one program shows is behind [`Program`].

mod forms;
pub(crate) mod threads;

use std::{
    ops::Deref,
    rc::Rc,
    sync::{Arc, OnceLock},
    time::Duration,
};

use leptos::{
    prelude::{
        AnyView, GetUntracked, IntoAny, RwSignal, Set, StoredValue, Update, With, WithUntracked, WithValue,
        set_timeout,
    },
    reactive::owner::LocalStorage,
    task::spawn_local,
};
use shared::{
    api::{
        alerts::AlertLine,
        list::{Counts, View},
        live::{Colleague, DeskNews},
        me::{Me, Membership},
        person::{FactLine, HandleLine},
    },
    id::ConversationId,
    wire::Failure,
};
use web_sys::{HtmlElement, MouseEvent};

use crate::{
    browser, live,
    model::keys::Act,
    net,
    route::{Page, Route, Shown},
};

/// How often everything is read while the line is down, in milliseconds.
const POLL_MS: u64 = 5_000;

/// What one of the two programs shows, and what it does that the other one does not.
pub(crate) trait Program: Send + Sync {
    /// Whether this is shown here; the other program is another page.
    fn shows(&self, shown: &Shown) -> bool;

    /// Whether an act means something here.
    fn does(&self, act: Act) -> bool;

    /// Something else is shown, or it has become known who is here: reads it.
    fn arrive(&self);

    /// Something was done: reads what it may have changed.
    fn read_again(&self) {}

    /// A conversation has gone on.
    fn moved(&self, _conversation: &ConversationId) {}

    /// The line to the Desk is up.
    fn listens(&self) {}

    /// Does what only this program does.
    fn perform(&self, _act: Act) {}

    /// What can be done to what is shown, by name.
    fn choices(&self) -> Vec<(String, Rc<dyn Fn()>)> {
        Vec::new()
    }

    /// Draws what only this program lays over the page.
    fn over(&self, _over: Over) -> AnyView {
        ().into_any()
    }
}

/// What lies over the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// All that can be done, by name.
    Palette,
    /// The keys.
    Help,
    /// Who may be the same person, and who was joined.
    Merge,
    /// Their name, language and time zone.
    Contact,
    /// Something remembered.
    Fact(FactLine),
    /// One of the site's own fields, with its value; a new one where it has no name.
    Field(String, String),
    /// Who is reached at an address.
    Handle(HandleLine),
    /// What they told about our messages.
    Revoke,
    /// Everything is erased.
    Erase,
    /// What whoever is signed in was told.
    Alerts,
    /// What the team says often, to begin with.
    Canned,
    /// When what is typed is said.
    Later,
    /// Until when conversations are put off: those that are picked, or the one that is shown.
    Snooze {
        /// Those that are picked.
        picked: bool,
    },
}

/// What both programs know, and their acts: a page has one, for as long as it stands.
#[derive(Clone, Copy)]
pub(crate) struct App(&'static Signals);

impl Deref for App {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// What both programs show.
pub(crate) struct Signals {
    pub(crate) me: RwSignal<Option<Me>>,
    pub(crate) route: RwSignal<Route>,
    /// The list that is shown, or was before a contact.
    pub(crate) view: RwSignal<View>,
    pub(crate) counts: RwSignal<Counts>,
    /// What whoever is signed in was told and has not read.
    pub(crate) alerts: RwSignal<Vec<AlertLine>>,
    pub(crate) live: RwSignal<bool>,
    pub(crate) here: RwSignal<Vec<Colleague>>,
    /// One sentence for whoever looks and listens.
    pub(crate) told: RwSignal<String>,
    pub(crate) over: RwSignal<Option<Over>>,
    program: OnceLock<Arc<dyn Program>>,
    line: StoredValue<live::Line, LocalStorage>,
    /// Where the focus was before something lay over the page.
    opened_from: StoredValue<Option<HtmlElement>, LocalStorage>,
}

impl App {
    /// The inbox as the address bar says, with nothing read yet.
    pub(crate) fn new() -> Self {
        let route = Route::parse(&browser::path());
        let view = if let Shown::List(view) = route.shown { view } else { View::default() };
        Self(Box::leak(Box::new(Signals {
            me: RwSignal::default(),
            view: RwSignal::new(view),
            route: RwSignal::new(route),
            counts: RwSignal::default(),
            alerts: RwSignal::default(),
            live: RwSignal::default(),
            here: RwSignal::default(),
            told: RwSignal::default(),
            over: RwSignal::default(),
            program: OnceLock::new(),
            line: StoredValue::new_local(live::Line::default()),
            opened_from: StoredValue::new_local(None),
        })))
    }

    /// Reads who is here, and begins with what the program shows.
    pub(crate) fn begin(self, program: Arc<dyn Program>) {
        let program = self.0.program.get_or_init(|| program);
        if !self.route.with_untracked(|route| program.shows(&route.shown)) {
            browser::leave(&self.route.with_untracked(Route::path));
            return;
        }
        spawn_local(async move {
            match net::get::<Me>("/api/me").await {
                Ok(me) => {
                    let first = me.sites.first().map(|it| it.site.clone());
                    self.me.set(Some(me));
                    if self.route.with_untracked(|route| route.site.is_none()) {
                        self.route.update(|route| route.site = first);
                    }
                    let Some(site) = self.membership().map(|it| it.site) else { return };
                    self.line.with_value(|line| line.open(self, site));
                    self.read_alerts();
                    program.arrive();
                }
                Err(failure) => self.tell(&failure),
            }
        });
        self.poll();
    }

    /// The program that runs.
    pub(crate) fn program(self) -> &'static dyn Program {
        let program = self.0.program.get();
        program.expect("a program is chosen before anything is drawn").as_ref()
    }

    /// Whoever is signed in, on the site that is shown.
    pub(crate) fn membership(self) -> Option<Membership> {
        let site = self.route.with(|route| route.site.clone())?;
        self.me.with(|me| me.as_ref()?.sites.iter().find(|it| it.site == site).cloned())
    }

    /// The page that is shown instead of a list or a contact.
    pub(crate) fn page(self) -> Option<Page> {
        self.route.with(|route| match &route.shown {
            Shown::Page(page) => Some(*page),
            Shown::List(_) | Shown::Contact(_) => None,
        })
    }

    /// Where the site that is shown stands in the interface: `/api/sites/ste_…`.
    pub(crate) fn site_path(self) -> String {
        let site = self.route.with_untracked(|route| route.site.clone());
        site.map_or_else(String::new, |site| format!("/api/sites/{site}"))
    }

    /// Says a sentence to whoever looks and listens.
    pub(crate) fn tell(self, failure: &Failure) {
        self.told.set(failure.text.clone());
    }

    /// The address of something of the site.
    pub(crate) fn address(self, shown: Shown) -> String {
        Route { site: self.route.with(|route| route.site.clone()), shown }.path()
    }

    /// Shows something: here, or on the other program's page.
    pub(crate) fn show(self, shown: Shown) {
        if !self.program().shows(&shown) {
            browser::leave(&self.address(shown));
            return;
        }
        self.route.update(|route| route.shown = shown);
        browser::go(&self.route.with_untracked(Route::path));
        self.arrive();
    }

    /// Follows a link to what is shown here; any other one is the browser's to follow.
    pub(crate) fn follow(self, event: &MouseEvent, shown: Shown) {
        if !event.ctrl_key() && !event.meta_key() && self.program().shows(&shown) {
            event.prevent_default();
            self.show(shown);
        }
    }

    /// The address bar has changed by itself.
    pub(crate) fn came_back(self) {
        self.route.set(Route::parse(&browser::path()));
        self.arrive();
    }

    fn arrive(self) {
        self.told.set(String::new());
        if let Some(view) = self.route.with_untracked(|route| match &route.shown {
            Shown::List(view) => Some(*view),
            Shown::Contact(_) | Shown::Page(_) => None,
        }) {
            self.view.set(view);
        }
        self.program().arrive();
    }

    /// Reads how many conversations stand in each list.
    pub(crate) fn read_counts(self) {
        let path = [&self.site_path(), "/conversations/counts"].concat();
        spawn_local(async move {
            if let Ok(counts) = net::get::<Counts>(&path).await {
                self.counts.set(counts);
            }
        });
    }

    /// Something was done: reads what it may have changed.
    pub(crate) fn refresh(self) {
        self.read_counts();
        self.program().read_again();
    }

    /// The line to the Desk is up.
    pub(crate) fn listens(self) {
        self.live.set(true);
        self.program().listens();
    }

    /// What the Desk tells.
    pub(crate) fn hears(self, news: DeskNews) {
        match news {
            DeskNews::Moved { conversation, .. } => {
                self.program().moved(&conversation);
                self.read_counts();
                self.read_alerts();
            }
            DeskNews::Here { colleagues } => self.here.set(colleagues),
        }
    }

    fn poll(self) {
        set_timeout(
            move || {
                if !self.live.get_untracked() && self.me.with_untracked(Option::is_some) {
                    self.refresh();
                    self.read_alerts();
                }
                self.poll();
            },
            Duration::from_millis(POLL_MS),
        );
    }
}
