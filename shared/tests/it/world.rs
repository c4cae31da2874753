//! A whole product in one process: SQLite, the sandbox as carrier and mail service, and a clock that only moves when
//! told to. Effects run in the order they are due, as the edge would run them.

use std::{collections::BTreeMap, future::Future, pin::pin, task};

use shared::{
    assistant::Draft,
    channel::Channel,
    command::{Answer, Command},
    contact::{Address, AddressKind},
    conversation::Conversation,
    ctx::Ctx,
    effect::Effect,
    event::Event,
    flow::{self, FlowError, Handled, Scope, catch_up, sandbox::Act},
    http::Request,
    id::{AgentId, ContactId, EventId, VisitorId},
    site::{Endpoint, Site},
    store::{
        Arg, Stmt, contacts, conversations, deliveries, events, sandbox, sandbox::SandboxMessage, sites,
        sqlite::Sqlite,
    },
    time::{MINUTE_MS, Timestamp},
    wire::{ClientFrame, Speaker, Wording},
};

use outside::{Keys, Net, Outside};

// Named, because the bench and the end-to-end tests include this file from elsewhere.
#[path = "world/outside.rs"]
pub mod outside;

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
    /// Everything outside the product.
    pub outside: Outside,
}

impl World {
    /// The demo shop on a Monday morning.
    pub fn new(seed: u64) -> Self {
        Self::with_knowledge(seed, &[])
    }

    /// The same with only some files of its knowledge, which makes it in less time; all where none is named.
    pub fn with_knowledge(seed: u64, only: &[&str]) -> Self {
        Self::with_sequences(seed, only, &[])
    }

    /// The same with sequences: files by name and text.
    pub fn with_sequences(seed: u64, only: &[&str], sequences: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| flow::import::SequenceFile {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        let sequences = sequences.iter().map(file).collect();
        let import = flow::import::Import { definition: shop(), knowledge: knowledge(only), sequences };
        Self::of(seed, import)
    }

    /// Any shop, as it is imported.
    #[expect(clippy::needless_pass_by_value, reason = "nobody needs it afterwards")]
    pub fn of(seed: u64, import: flow::import::Import) -> Self {
        let db = Sqlite::in_memory().unwrap();
        let mut ctx = Ctx::seeded(START, seed);
        now(flow::import::import(&db, &mut ctx, &import)).unwrap();
        let site = now(sites::load_site(&db, &import.definition.id)).unwrap().unwrap();
        Self { db, site, ctx, waiting: BTreeMap::new(), noted: 0, outside: Outside::default() }
    }

    /// The site's scope.
    pub fn scope(&self) -> Scope<'_, Sqlite> {
        Scope {
            db: &self.db,
            site: &self.site,
            secrets: &Keys,
            public_url: "https://edge.example",
            act: None,
        }
    }

    /// The line of a channel.
    pub fn endpoint(&self, channel: Channel) -> Endpoint {
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
        self.db.restart();
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
        self.frame(visitor, &ClientFrame::Say { id, text: text.to_owned(), files: Vec::new() })
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
        self.messages(Channel::Sms, from, text);
    }

    /// Somebody writes at their sandbox phone: a text, or on one of Meta's channels.
    pub fn messages(&mut self, channel: Channel, from: &str, text: &str) {
        let to = self.endpoint(channel).address;
        let act = Act { from: from.into(), to, subject: None, text: text.into(), in_reply_to: None };
        let mut ctx = self.ctx.clone();
        let (endpoint, request, kept) =
            flow::sandbox::short_message(self.scope(), &mut ctx, channel, &act).unwrap();
        self.ctx = ctx;
        self.db.run(&sandbox::add(&kept)).unwrap();
        self.webhook(&endpoint, &request);
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
        self.db.run(&sandbox::add(&kept)).unwrap();
        self.webhook(&endpoint, &request);
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

    /// A provider calls.
    pub fn webhook(&mut self, endpoint: &Endpoint, request: &Request) {
        let site = self.site.clone();
        self.taken(&site, endpoint, request);
    }

    /// A provider that is not answered well delivers again.
    fn taken(&mut self, site: &Site, endpoint: &Endpoint, request: &Request) {
        let mut tries = 0;
        let (response, effects) = loop {
            self.db.restart();
            let mut ctx = self.ctx.clone();
            let scope = Scope { site, ..self.scope() };
            let net = Net { scope, ctx: ctx.clone(), outside: &self.outside };
            let taken = now(flow::ingest::webhook(scope, &net, &mut ctx, endpoint, request));
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

    /// Takes effects on, to be performed when they are due.
    pub fn note(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let due = match &effect {
                Effect::Think { due_at, .. }
                | Effect::Deliver { due_at, .. }
                | Effect::Notify { due_at, .. }
                | Effect::Webhook { due_at, .. }
                | Effect::Speak { due_at, .. }
                | Effect::Step { due_at, .. }
                | Effect::Overdue { due_at, .. }
                | Effect::Awake { due_at, .. } => *due_at,
                Effect::EraseFiles { .. } => self.ctx.now,
                Effect::Show { .. } | Effect::Moved { .. } | Effect::Seen { .. } => {
                    continue;
                }
            };
            self.noted += 1;
            self.waiting.insert((due, self.noted), effect);
        }
    }

    /// Every hint is lost: only the sweep knows what is due.
    pub fn waiting_is_lost(&mut self) {
        self.waiting.clear();
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

    /// Does what an effect asks for, as the edge would.
    pub fn perform(&mut self, effect: &Effect) {
        self.db.restart();
        let mut ctx = self.ctx.clone();
        let effects = match effect {
            Effect::Think { conversation, .. } => {
                let net = Net { scope: self.scope(), ctx: self.ctx.clone(), outside: &self.outside };
                let mut unheard = |_: &Address, _: u32, _: &str| {};
                let thought = flow::think::think(self.scope(), &net, &mut ctx, conversation, &mut unheard);
                now(thought).map(|handled| handled.effects)
            }
            Effect::Deliver { delivery, .. } => {
                let net = Net { scope: self.scope(), ctx: self.ctx.clone(), outside: &self.outside };
                match now(flow::deliver::load_delivery(&self.db, delivery)) {
                    Ok(Some(delivery)) => {
                        now(flow::deliver::deliver(self.scope(), &net, &mut ctx, &delivery))
                    }
                    Ok(None) => Ok(Vec::new()),
                    Err(error) => Err(error.into()),
                }
            }
            Effect::Notify { notice, .. } => {
                let net = Net { scope: self.scope(), ctx: self.ctx.clone(), outside: &self.outside };
                match now(flow::notices::load_notice(&self.db, notice)) {
                    Ok(Some(waiting)) => now(flow::notices::notify(self.scope(), &net, &mut ctx, &waiting)),
                    Ok(None) => Ok(Vec::new()),
                    Err(error) => Err(error.into()),
                }
            }
            Effect::Webhook { webhook, send, .. } => {
                let net = Net { scope: self.scope(), ctx: self.ctx.clone(), outside: &self.outside };
                now(flow::webhooks::send(self.scope(), &net, &mut ctx, (webhook, send)))
            }
            Effect::Speak { planned, .. } => {
                let command = Command::Speak { planned: planned.clone(), present: Vec::new() };
                now(flow::handle(self.scope(), &mut ctx, &command)).map(|handled| handled.effects)
            }
            Effect::Step { run, .. } => {
                let net = Net { scope: self.scope(), ctx: self.ctx.clone(), outside: &self.outside };
                let step = flow::step(self.scope(), &net, &mut ctx, run.clone(), Vec::new());
                now(step).map(|handled| handled.effects)
            }
            Effect::Overdue { conversation, .. } => {
                let command = Command::Overdue(conversation.clone());
                now(flow::handle(self.scope(), &mut ctx, &command)).map(|handled| handled.effects)
            }
            Effect::Awake { conversation, .. } => {
                let command = Command::Awake(conversation.clone());
                now(flow::handle(self.scope(), &mut ctx, &command)).map(|handled| handled.effects)
            }
            Effect::EraseFiles { .. } => {
                let net = Net { scope: self.scope(), ctx: self.ctx.clone(), outside: &self.outside };
                now(flow::files::remove_due(&self.db, &net, ctx.now)).map(|_| Vec::new()).map_err(Into::into)
            }
            Effect::Show { .. } | Effect::Moved { .. } | Effect::Seen { .. } => Ok(Vec::new()),
        };
        self.ctx = ctx;
        // A failure is what the sweep is for.
        self.note(effects.unwrap_or_default());
        let heard = self.outside.heard.take();
        self.note(heard);
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
        self.db.restart();
        // A sweep that fails is followed by another a minute later.
        let effects = now(flow::sweep::sweep(&self.db, &self.ctx)).unwrap_or_default();
        let net = Net { scope: self.scope(), ctx: self.ctx.clone(), outside: &self.outside };
        let _ = now(flow::files::remove_due(&self.db, &net, self.ctx.now));
        self.note(effects);
        self.settle();
    }

    /// The contact behind an address, after joins.
    pub fn contact(&self, address: &Address) -> Option<ContactId> {
        let answer = self.db.run(&contacts::by_address(&self.site.id, address)).unwrap();
        contacts::decode_by_address(answer).unwrap().map(|(contact, _)| contact.id)
    }

    /// Somebody of the team signs up: their id is their name's first word.
    pub fn has_agent(&self, name: &str, email: &str) -> AgentId {
        let id = format!("agt_{}", name.split(' ').next().unwrap().to_lowercase());
        let args = [self.site.id.as_str(), &id, email, email, name].map(|text| Arg::Text(text.to_owned()));
        let sql = "INSERT INTO agents (site_id, id, email, email_key, name, role, state, created_at_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, 'agent', 'active', 1)";
        self.db.run(&Stmt { sql, args: args.into() }).unwrap();
        AgentId::parse(&id).unwrap()
    }

    /// The conversation of whoever has written from an address.
    pub fn conversation(&self, address: &Address) -> Conversation {
        let answer = self.db.run(&conversations::by_address(&self.site.id, address)).unwrap();
        conversations::decode(answer).unwrap().expect("somebody has written from this address")
    }

    /// The answer that is owed to a browser, as drafted now.
    pub fn answer(&self, visitor: &VisitorId, draft: Draft) -> Answer {
        let conversation = self.conversation(&web(visitor));
        Answer {
            basis_seq: conversation.next_owed().unwrap().basis_seq,
            fence: conversation.fence,
            conversation: conversation.id,
            channel: Channel::Widget,
            to: web(visitor),
            locale: "en".into(),
            name: None,
            unverified: false,
            appointment: None,
            ceiling: None,
            draft,
        }
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

/// The demo shop's definition.
fn shop() -> Site {
    serde_json::from_str(include_str!("../../../examples/site/throughline.json")).unwrap()
}

/// The demo shop's knowledge, or only some files of it.
fn knowledge(only: &[&str]) -> Vec<flow::import::KnowledgeFile> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/site/knowledge");
    let mut knowledge = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !only.is_empty() && !only.contains(&name.as_str()) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        knowledge.push(flow::import::KnowledgeFile { path: name, text });
    }
    knowledge.sort_by(|a, b| a.path.cmp(&b.path));
    knowledge
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
