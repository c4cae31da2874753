//! The panel's state and acts: what the views read and call.
//!
//! [`App`] is the page's one state, shared by reference. Every act goes through the plain [`Model`] first and then out to
//! the line and to the page; no view talks to either.

use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use shared::channel::Channel;
use shared::id::{EventId, FileId};
use shared::wire::{ClientFrame, ServerFrame, Session, SessionRequest, Speaker};

use crate::codec::json::Object;
use crate::host::{Asked, Host, kept};
use crate::model::{Effect, Model, Pending};
use crate::part::Part;
use crate::retry::{Retry, Step};
use crate::socket::Line;
use crate::words::{Words, decimal};
use crate::{clock, codec, dom, http};

/// How the line to the edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nobody asked for it yet, or it is being made for the first time.
    Starting,
    /// It is there.
    Online,
    /// It broke and is being made again.
    Offline,
}

/// What all views share. It lives as long as the page.
#[derive(Clone, Copy)]
pub(crate) struct App(&'static Shared);

/// The state, part by part.
pub(crate) struct Shared {
    pub(crate) model: Part<Model>,
    /// What the edge says about the site; none before its first answer.
    pub(crate) site: Part<Option<Session>>,
    pub(crate) words: Part<Words>,
    /// The panel's language, a BCP 47 tag.
    pub(crate) locale: Part<String>,
    pub(crate) open: Part<bool>,
    pub(crate) status: Part<Status>,
    /// The composer's text.
    pub(crate) draft: Part<String>,
    /// The last "talk to a person", while its card shows.
    pub(crate) asked_for_person: Part<Option<EventId>>,
    /// The latest thing to say to a screen reader that stands in no log.
    pub(crate) announced: Part<String>,
    identity: RefCell<Option<String>>,
    /// The page answered: what was kept is known.
    settled: Cell<bool>,
    begun: Cell<bool>,
    host: Host,
    line: OnceCell<Rc<Line>>,
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        self.0
    }
}

impl App {
    pub(crate) fn new(words: Words, locale: String) -> Self {
        let app = Self(Box::leak(Box::new(Shared {
            model: Part::new(Model::default()),
            site: Part::new(None),
            words: Part::new(words),
            locale: Part::new(locale),
            open: Part::new(false),
            status: Part::new(Status::Starting),
            draft: Part::new(String::new()),
            asked_for_person: Part::new(None),
            announced: Part::new(String::new()),
            identity: RefCell::default(),
            settled: Cell::default(),
            begun: Cell::default(),
            host: Host::new(),
            line: OnceCell::new(),
        })));
        app.line.set(Line::new(app)).ok();
        app
    }

    /// Starts listening to the page; everything else follows from what it says.
    pub(crate) fn listen(self) {
        self.host.listen(move |asked| self.asked(asked));
    }

    /// A word of the panel's language.
    pub(crate) fn word(self, key: &str) -> String {
        self.words.with(|words| words.get(key).to_owned())
    }

    /// A word that stays true when the language changes, for [`El::says`](crate::element::El::says).
    pub(crate) fn saying(self, key: &'static str) -> impl Fn() -> String + 'static {
        move || self.word(key)
    }

    /// A sentence of the panel's language with its `{}` filled in.
    pub(crate) fn fill(self, key: &str, value: &str) -> String {
        self.words.with(|words| words.fill(key, value))
    }

    /// Sends a message. It is kept before anything else happens to it.
    pub(crate) fn say(self, text: &str) {
        self.say_with(text, Vec::new());
    }

    /// The same with what was uploaded for it.
    pub(crate) fn say_with(self, text: &str, files: Vec<FileId>) {
        self.submit(|id| ClientFrame::Say { id, text: text.to_owned(), files });
    }

    /// Asks for a person; `address` is where to answer if nobody is there.
    pub(crate) fn ask_for_person(self, address: Option<String>) -> Option<EventId> {
        self.submit(|id| ClientFrame::Person { id, address })
    }

    /// Sends a card's form.
    pub(crate) fn continue_by(self, channel: Channel, address: String, wording: String) -> Option<EventId> {
        self.submit(|id| ClientFrame::Continue { id, channel, address, wording })
    }

    /// Sends a failed one again, under the same id.
    pub(crate) fn retry(self, id: &EventId) {
        self.model.update(|model| model.retry(id));
        self.flush();
    }

    /// Takes a message back; its text.
    pub(crate) fn withdraw(self, id: &EventId) -> Option<String> {
        let pending = self.model.update(|model| model.withdraw(id))?;
        self.forget(id);
        pending.text().map(str::to_owned)
    }

    /// Keeps the composer's text over reloads.
    pub(crate) fn keep_draft(self, text: &str) {
        self.host.keep(kept::DRAFT, (!text.is_empty()).then_some(text));
    }

    /// Says that the visitor types, or stopped.
    pub(crate) fn type_hint(self, on: bool) {
        self.with_line(|line| line.hint(&ClientFrame::Typing { on }));
    }

    /// The visitor sees the log: tells the edge, and keeps it.
    pub(crate) fn see(self) {
        if !self.open.now() || dom::document().hidden() {
            return;
        }
        if let Some(seq) = self.model.update_if(Model::see) {
            self.host.keep(kept::SEEN, Some(&decimal(seq.into())));
            self.with_line(|line| line.hint(&ClientFrame::Read { seq }));
        }
    }

    /// Asks the page to close the panel.
    pub(crate) fn close(self) {
        self.post(Object::default().text("tl", "close"));
    }

    /// Tells the page something.
    pub(crate) fn post(self, message: Object) {
        self.host.post(message);
    }

    /// Speaks another language as soon as its words are there; one we do not have changes dates and numbers only.
    pub(crate) fn speak(self, locale: String) {
        dom::spawn(async move {
            let short = locale.split_once('-').map_or(&*locale, |(short, _)| short).to_ascii_lowercase();
            if let Some(path) = asset(&["lang/", &short, ".json"].concat())
                && let Some(answer) = http::get(&path, None).await
                && let Some(words) = Words::parse(&answer.body)
            {
                self.words.set(words);
            }
            self.locale.set(locale);
            if self.begun.get() {
                self.renew(self.token()).await;
            }
        });
    }

    /// Takes a frame of the edge's in.
    pub(crate) fn receive(self, frame: ServerFrame) {
        let now = clock::now();
        for effect in self.model.update(|model| model.apply(frame, now)) {
            match effect {
                Effect::Hello => self.with_line(Line::hello),
                Effect::Flush => self.flush(),
                Effect::Renew => dom::spawn(self.renew(None)),
                Effect::Forget(id) => {
                    self.forget(&id);
                    self.announced.set(self.word_untracked("sent"));
                }
                Effect::Arrived(item) if item.speaker != Speaker::System => {
                    self.post(Object::default().text("tl", "event").text("name", "message"));
                }
                Effect::Arrived(_) => {}
            }
        }
        self.see();
    }

    /// Looks after what only time tells.
    pub(crate) fn tick(self) {
        let now = clock::now();
        self.model.update_if(|model| model.expire(now).then_some(()));
        self.with_line(Line::tick);
    }

    /// The network came back, or the page did: tries at once.
    pub(crate) fn wake(self) {
        if self.site.peek(Option::is_some) {
            self.with_line(Line::wake);
        }
        self.see();
    }

    pub(crate) fn token(self) -> Option<String> {
        self.site.peek(|site| site.as_ref().map(|site| site.token.clone()))
    }

    pub(crate) fn hello(self) -> ClientFrame {
        self.model.peek(|model| model.hello(&self.locale.now(), &clock::time_zone()))
    }

    pub(crate) fn next_to_send(self) -> Option<ClientFrame> {
        self.model.update_if(Model::next_to_send)
    }

    pub(crate) fn set_status(self, status: Status) {
        if self.status.now() != status {
            self.status.set(status);
        }
    }

    pub(crate) fn disconnected(self) {
        self.model.update(Model::disconnected);
        self.set_status(Status::Offline);
    }

    fn asked(self, asked: Asked) {
        match asked {
            Asked::Init { saved, open } => {
                self.restore(saved);
                self.settled.set(true);
                self.show(open);
            }
            Asked::Open => self.show(true),
            Asked::Close => self.show(false),
            Asked::Locale(locale) => self.speak(locale),
            Asked::Theme(theme) => {
                if let Some(root) = dom::root() {
                    dom::set_attribute(&root, "data-theme", Some(&theme));
                }
            }
            Asked::Identify(token) => {
                self.identity.replace(Some(token));
                if self.begun.get() {
                    dom::spawn(self.renew(self.token()));
                }
            }
            Asked::Saved(name, value) => self.saved_elsewhere(&name, value.as_deref()),
        }
    }

    fn show(self, open: bool) {
        self.open.set(open);
        let known = self.site.peek(Option::is_some);
        if self.settled.get() && (open || known) && !self.begun.get() {
            self.begun.set(true);
            // With an earlier visit's token the line is made at once, and the site's words are refreshed meanwhile.
            self.with_line(Line::connect);
            dom::spawn(self.renew(self.token()));
        }
        self.see();
    }

    fn restore(self, saved: Vec<(String, String)>) {
        for (name, value) in saved {
            match name.as_str() {
                kept::SESSION => self.site.set(codec::decode_session(&value)),
                kept::DRAFT => self.draft.update(|draft| {
                    if draft.is_empty() {
                        *draft = value;
                    }
                }),
                kept::SEEN => self.model.update(|model| model.remember_seen(value.parse().unwrap_or(0))),
                _ => self.saved_elsewhere(&name, Some(&value)),
            }
        }
    }

    /// An entry of the outbox that an earlier page left, or that another tab put in or took out.
    fn saved_elsewhere(self, name: &str, value: Option<&str>) {
        let Some(id) = name.strip_prefix(kept::OUTBOX) else { return };
        match value.and_then(codec::decode_kept) {
            Some((frame, at)) => self.model.update(|model| model.adopt(frame, at)),
            None => {
                if let Ok(id) = EventId::parse(id) {
                    self.model.update(|model| model.settle(&id));
                }
            }
        }
    }

    fn submit(self, make: impl FnOnce(EventId) -> ClientFrame) -> Option<EventId> {
        let mut ctx = clock::ctx();
        let pending: Pending = self.model.update(|model| model.submit(&mut ctx, make));
        let id = pending.id()?.clone();
        let entry = codec::encode_kept(&pending.frame, pending.at);
        self.host.keep(&[kept::OUTBOX, id.as_str()].concat(), Some(&entry));
        self.flush();
        Some(id)
    }

    fn forget(self, id: &EventId) {
        self.host.keep(&[kept::OUTBOX, id.as_str()].concat(), None);
    }

    fn flush(self) {
        self.with_line(Line::flush);
    }

    /// Asks the edge who we are until it answers; `token` is an earlier visit's.
    async fn renew(self, token: Option<String>) {
        let mut retry = Retry::default();
        let path = "/v1/session";
        loop {
            let request = SessionRequest {
                key: self.host.key().to_owned(),
                token: token.clone(),
                locale: self.locale.now(),
                time_zone: clock::time_zone(),
            };
            let identity = self.identity.borrow().clone();
            let body = codec::encode_session_request(&request, identity.as_deref());
            match http::post(path, None, &body).await {
                Some(answer) if answer.is_ok() => {
                    if let Some(site) = codec::decode_session(&answer.body) {
                        self.host.keep(kept::SESSION, Some(&answer.body));
                        let before = self.token();
                        let same = before.as_deref() == Some(&site.token);
                        self.site.set(Some(site));
                        self.with_line(|line| if same { line.connect() } else { line.restart() });
                    }
                    return;
                }
                Some(answer) => {
                    let failure = codec::decode_failure(&answer.body);
                    self.model.update(|model| model.set_trouble(failure.map(|failure| failure.text)));
                    if answer.status < 500 && answer.status != 429 {
                        return;
                    }
                }
                None => self.set_status(Status::Offline),
            }
            let (Step::Socket(ms) | Step::Poll(ms)) = retry.failed(&mut clock::ctx().entropy);
            dom::sleep(ms).await;
        }
    }

    fn with_line(self, act: impl FnOnce(&Rc<Line>)) {
        if let Some(line) = self.line.get() {
            act(line);
        }
    }

    fn word_untracked(self, key: &str) -> String {
        self.words.peek(|words| words.get(key).to_owned())
    }
}

/// The address of a file of the panel's, from the map the build puts into the page.
fn asset(name: &str) -> Option<String> {
    let map = dom::document().get_element_by_id("tl-assets")?.text_content()?;
    codec::json::Json::parse(&map)?.get(name).text().map(str::to_owned)
}
