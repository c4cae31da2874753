//! A whole product in one process: SQLite, the sandbox as carrier and mail service, and a clock that only moves when
//! told to. Effects run in the order they are due, as the edge would run them.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    future::Future,
    pin::pin,
    task,
};

use shared::{
    channel::{Channel, provider::Secrets},
    contact::{Address, AddressKind},
    ctx::Ctx,
    effect::Effect,
    event::Event,
    flow::{self, FlowError, Handled, Scope, catch_up, sandbox::Act},
    http::{BodyStream, Http, HttpError, Request, Response},
    id::{ContactId, EventId, VisitorId},
    site::{Endpoint, Site},
    store::{Db, contacts, deliveries, events, sandbox, sandbox::SandboxMessage, sqlite::Sqlite},
    time::{MINUTE_MS, Timestamp},
    wire::{ClientFrame, Speaker, Wording},
};

/// Monday, 23 November 2026, 10:00 in Los Angeles.
pub const START: Timestamp = Timestamp::from_ms(1_795_456_800_000);

/// Runs a future that never waits for anything outside.
pub fn now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = task::Context::from_waker(task::Waker::noop());
    for _ in 0..100_000 {
        if let task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("the future waits for something that never comes");
}

/// Secrets of the tests.
pub struct Keys;

impl Secrets for Keys {
    fn secret(&self, name: &str) -> Option<String> {
        let found = [("SIGNING_KEY", "test-signing-key"), ("TWILIO_AUTH_TOKEN", "test-auth-token")];
        found.iter().find(|(known, _)| *known == name).map(|(_, secret)| (*secret).to_owned())
    }
}

/// The network: the sandbox, and ways to fail.
pub struct Net<'a> {
    scope: Scope<'a, Sqlite>,
    ctx: Ctx,
    failures: &'a RefCell<VecDeque<Failing>>,
}

/// How the next call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// Nothing is sent.
    Unreachable,
    /// It is taken, and the answer is lost.
    LostAfter,
    /// It is lost on the way.
    LostBefore,
    /// It is refused for good, with this code.
    Refused(&'static str),
}

/// No streamed bodies in the sandbox.
pub struct NoBody;

impl BodyStream for NoBody {
    async fn next(&mut self, _within_ms: u32) -> Option<Result<Vec<u8>, HttpError>> {
        None
    }
}

impl Http for Net<'_> {
    type Body = NoBody;

    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        let failing = self.failures.borrow_mut().pop_front();
        match failing {
            Some(Failing::Unreachable) => return Err(HttpError::Unreachable("test".into())),
            Some(Failing::LostBefore) => return Err(HttpError::Lost),
            Some(Failing::Refused(code)) => {
                let body = format!(r#"{{"code":"{code}"}}"#);
                return Ok(Response::new(400, "application/json", body));
            }
            _ => {}
        }
        let taken = flow::sandbox::receive(self.scope, &self.ctx, request).await;
        let response = taken.map_err(|_| HttpError::Lost)?;
        if failing == Some(Failing::LostAfter) { Err(HttpError::Lost) } else { Ok(response) }
    }

    async fn open(&self, _request: &Request) -> Result<(Response, NoBody), HttpError> {
        Err(HttpError::Unreachable("no model in this world".into()))
    }
}

/// The product and everything around it.
pub struct World {
    /// The database.
    pub db: Sqlite,
    /// The shop.
    pub site: Site,
    /// The present and the dice.
    pub ctx: Ctx,
    /// What waits to be done: by its time, then in the order it came.
    pub waiting: BTreeMap<(Timestamp, u64), Effect>,
    noted: u64,
    /// How the next calls to providers fail.
    pub failures: RefCell<VecDeque<Failing>>,
}

impl World {
    /// The demo shop on a Monday morning.
    pub fn new(seed: u64) -> Self {
        let db = Sqlite::in_memory().unwrap();
        let mut ctx = Ctx::seeded(START, seed);
        let definition = include_str!("../../../examples/site/throughline.json");
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/site/knowledge");
        let mut knowledge = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            knowledge.push(flow::import::KnowledgeFile { path: name, text });
        }
        knowledge.sort_by(|a, b| a.path.cmp(&b.path));
        let site: Site = serde_json::from_str(definition).unwrap();
        let import = flow::import::Import { definition: site.clone(), knowledge };
        now(flow::import::import(&db, &mut ctx, &import)).unwrap();
        Self { db, site, ctx, waiting: BTreeMap::new(), noted: 0, failures: RefCell::default() }
    }

    /// The site's scope.
    pub fn scope(&self) -> Scope<'_, Sqlite> {
        Scope { db: &self.db, site: &self.site, secrets: &Keys, public_url: "https://edge.example" }
    }

    fn endpoint(&self, channel: Channel) -> Endpoint {
        self.site.endpoint_on(channel).unwrap().clone()
    }

    /// A new browser.
    pub fn visitor(&mut self) -> VisitorId {
        VisitorId::mint(&mut self.ctx)
    }

    /// A frame from a browser.
    pub fn frame(&mut self, visitor: &VisitorId, frame: &ClientFrame) -> Result<Handled, FlowError> {
        let endpoint = self.endpoint(Channel::Widget);
        let command = catch_up::command_of(frame, visitor, &endpoint, None, &self.ctx).unwrap();
        let mut ctx = self.ctx.clone();
        let handled = now(flow::handle(self.scope(), &mut ctx, &command));
        self.ctx = ctx;
        let handled = handled?;
        self.note(handled.effects.clone());
        Ok(handled)
    }

    /// The visitor writes in the widget.
    pub fn says(&mut self, visitor: &VisitorId, text: &str) -> Result<Handled, FlowError> {
        let id = EventId::mint(&mut self.ctx);
        self.frame(visitor, &ClientFrame::Say { id, text: text.to_owned() })
    }

    /// The visitor fills the card.
    pub fn continues(
        &mut self,
        visitor: &VisitorId,
        channel: Channel,
        address: &str,
    ) -> Result<Handled, FlowError> {
        let id = EventId::mint(&mut self.ctx);
        let lang = shared::phrases::Lang::En;
        let wording: Wording = shared::phrases::consent::current(lang, channel, &self.site.name).unwrap();
        let (address, wording) = (address.to_owned(), wording.version);
        self.frame(visitor, &ClientFrame::Continue { id, channel, address, wording })
    }

    /// Somebody writes at their sandbox phone.
    pub fn texts(&mut self, from: &str, text: &str) {
        let to = self.endpoint(Channel::Sms).address;
        let act = Act { from: from.into(), to, subject: None, text: text.into(), in_reply_to: None };
        let mut ctx = self.ctx.clone();
        let (endpoint, request, kept) = flow::sandbox::text_message(self.scope(), &mut ctx, &act).unwrap();
        self.ctx = ctx;
        self.webhook(&endpoint, &request, &kept);
    }

    /// Somebody writes at their sandbox mailbox.
    pub fn mails(&mut self, from: &str, subject: &str, text: &str, answers: Option<&str>) {
        let to = self.endpoint(Channel::Email).address;
        let in_reply_to = answers.map(str::to_owned);
        let act =
            Act { from: from.into(), to, subject: Some(subject.into()), text: text.into(), in_reply_to };
        let mut ctx = self.ctx.clone();
        let (endpoint, request, kept) = now(flow::sandbox::mail(self.scope(), &mut ctx, &act)).unwrap();
        self.ctx = ctx;
        self.webhook(&endpoint, &request, &kept);
    }

    /// Email Routing brings a raw mail.
    pub fn routed(&mut self, from: &str, to: &str, raw: String) {
        let mut request = Request::post("email://routing", "message/rfc822", raw.into_bytes())
            .with_header("x-envelope-from", from)
            .with_header("x-envelope-to", to);
        request.method = "EMAIL".into();
        self.brought(Channel::Email, "cloudflare", &request);
    }

    /// What another provider brings to a line that the sandbox otherwise serves.
    pub fn brought(&mut self, channel: Channel, provider: &str, request: &Request) {
        let mut site = self.site.clone();
        let endpoint = site.endpoints.iter_mut().find(|endpoint| endpoint.channel == channel).unwrap();
        endpoint.provider = provider.into();
        let endpoint = endpoint.clone();
        self.taken(&site, &endpoint, request);
    }

    fn webhook(&mut self, endpoint: &Endpoint, request: &Request, kept: &SandboxMessage) {
        now(self.db.query(&sandbox::add(kept))).unwrap();
        let site = self.site.clone();
        self.taken(&site, endpoint, request);
    }

    /// A provider that is not answered well delivers again.
    fn taken(&mut self, site: &Site, endpoint: &Endpoint, request: &Request) {
        let mut tries = 0;
        let (response, effects) = loop {
            let mut ctx = self.ctx.clone();
            let scope = Scope { site, ..self.scope() };
            let taken = now(flow::ingest::webhook(scope, &mut ctx, endpoint, request));
            self.ctx = ctx;
            tries += 1;
            match taken {
                Err(FlowError::Store(_)) if tries < 5 => {}
                other => break other.unwrap(),
            }
        };
        assert!(response.status < 300, "{response:?}");
        self.note(effects);
    }

    /// Takes note of what is to be done.
    pub fn note(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let due = match &effect {
                Effect::Think { due_at, .. } | Effect::Deliver { due_at, .. } => *due_at,
                Effect::Show(_) | Effect::Moved { .. } | Effect::Seen { .. } => continue,
            };
            self.noted += 1;
            self.waiting.insert((due, self.noted), effect);
        }
    }

    /// Runs everything that is due until nothing is.
    pub fn settle(&mut self) {
        for _ in 0..10_000 {
            let Some(first) = self.waiting.first_entry() else { return };
            if first.key().0 > self.ctx.now {
                return;
            }
            let effect = first.remove();
            self.perform(&effect);
        }
        panic!("the world never comes to rest");
    }

    fn perform(&mut self, effect: &Effect) {
        let mut ctx = self.ctx.clone();
        let effects = match effect {
            Effect::Think { conversation, .. } => {
                let net = Net { scope: self.scope(), ctx: self.ctx.clone(), failures: &self.failures };
                let mut unheard = |_: &Address, _: u32, _: &str| {};
                let thought = flow::think::think(self.scope(), &net, &mut ctx, conversation, &mut unheard);
                now(thought).map(|handled| handled.effects)
            }
            Effect::Deliver { delivery, .. } => {
                let net = Net { scope: self.scope(), ctx: self.ctx.clone(), failures: &self.failures };
                match now(flow::deliver::load_delivery(&self.db, delivery)).unwrap() {
                    Some(delivery) => now(flow::deliver::deliver(self.scope(), &net, &mut ctx, &delivery)),
                    None => Ok(Vec::new()),
                }
            }
            Effect::Show(_) | Effect::Moved { .. } | Effect::Seen { .. } => Ok(Vec::new()),
        };
        self.ctx = ctx;
        // A failure is what the sweep is for.
        self.note(effects.unwrap_or_default());
    }

    /// Lets time pass, minute by minute, running what becomes due and the sweep.
    pub fn advance(&mut self, ms: i64) {
        let end = self.ctx.now.plus_ms(ms);
        self.settle();
        while self.ctx.now < end {
            let next = self.waiting.keys().map(|(due, _)| *due).find(|due| *due > self.ctx.now);
            let step = self.ctx.now.plus_ms(MINUTE_MS).min(end);
            let quiet = self.waiting.is_empty();
            self.ctx.now = if quiet { end } else { next.map_or(step, |due| due.min(step)) };
            self.settle();
        }
        self.sweep();
    }

    /// The cron's sweep.
    pub fn sweep(&mut self) {
        // A sweep that fails is followed by another a minute later.
        let effects = now(flow::sweep::sweep(&self.db, &self.ctx)).unwrap_or_default();
        self.note(effects);
        self.settle();
    }

    /// The contact behind an address, after joins.
    pub fn contact(&self, address: &Address) -> Option<ContactId> {
        let answer = self.db.run(&contacts::by_address(&self.site.id, address)).unwrap();
        contacts::decode_by_address(answer).unwrap().map(|(contact, _)| contact.id)
    }

    /// The timeline of a contact over all joined conversations, oldest first.
    pub fn timeline(&self, contact: &ContactId) -> Vec<Event> {
        let answer = self.db.run(&events::recent(&self.site.id, contact, 10_000)).unwrap();
        let mut events = events::decode_events(answer).unwrap();
        events.reverse();
        events
    }

    /// The newest thing the assistant said to an address.
    pub fn last_answer(&self, address: &Address) -> Event {
        let contact = self.contact(address).expect("somebody has this address");
        let timeline = self.timeline(&contact);
        timeline
            .into_iter()
            .rfind(|event| event.speaker == Speaker::Assistant && event.message().is_some())
            .expect("the assistant has spoken")
    }

    /// What lies at a sandbox phone or mailbox, newest first.
    pub fn sandbox(&self, address: &str) -> Vec<SandboxMessage> {
        sandbox::decode(self.db.run(&sandbox::list(address, 1_000)).unwrap()).unwrap()
    }

    /// The deliveries of a contact's conversation.
    pub fn deliveries(&self, contact: &ContactId) -> Vec<shared::delivery::Delivery> {
        let mut all = Vec::new();
        let mut conversations: Vec<_> =
            self.timeline(contact).into_iter().map(|event| event.conversation).collect();
        conversations.sort();
        conversations.dedup();
        for conversation in conversations {
            let answer =
                self.db.run(&deliveries::of_conversation(&self.site.id, &conversation, 1_000)).unwrap();
            all.extend(deliveries::decode(answer).unwrap());
        }
        all
    }
}

/// A visitor's address.
pub fn web(visitor: &VisitorId) -> Address {
    catch_up::address_of(visitor)
}

/// A phone's address.
pub fn phone(text: &str) -> Address {
    Address::new(AddressKind::Phone, text)
}

/// A mailbox's address.
pub fn mailbox(text: &str) -> Address {
    Address::new(AddressKind::Email, text)
}
