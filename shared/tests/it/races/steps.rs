//! Tasks that stop before and after each call, and the dice that say which goes on.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use shared::{
    channel::Channel,
    command::{self, Command, FloorWish, TeamReply},
    contact::{Address, AddressKind},
    ctx::Ctx,
    effect::Effect,
    event::Event,
    flow::{self, FlowError, Scope, catch_up},
    http::{Http, HttpError, Request, Response},
    id::{ConversationId, EventId, VisitorId},
    message::InboundMessage,
    site::Site,
    store::{Answer, Db, DbError, Stmt, conversations},
    time::Timestamp,
    wire::ClientFrame,
};

use crate::world::{
    World,
    outside::{Keys, NoBody},
};

/// Lets another task go on.
async fn pause() {
    let mut is_first = true;
    std::future::poll_fn(|_| if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) })
        .await;
}

/// What answers were begun on, and how often one came too late.
#[derive(Debug, Default)]
pub struct Seen {
    /// Where the conversation stood when an answer was begun, by the place of the first event it wrote and of those after it.
    pub begun: BTreeMap<u32, u32>,
    /// How many drafts were dropped.
    pub dropped: u32,
}

/// The product as it is shared by all tasks.
pub struct Shop<'w> {
    world: &'w World,
    site: Site,
    conversation: ConversationId,
    /// Where it stood when the race began.
    from: u32,
}

impl<'w> Shop<'w> {
    pub fn of(world: &'w World, address: &Address) -> Self {
        let conversation = world.conversation(address);
        Self { world, site: world.site.clone(), conversation: conversation.id, from: conversation.last_seq }
    }

    pub fn timeline(&self, address: &Address) -> Vec<Event> {
        let contact = self.world.contact(address).unwrap();
        let mut timeline = self.world.timeline(&contact);
        timeline.retain(|event| event.conversation == self.conversation && event.seq > self.from);
        // Whose process began earlier may well come later.
        timeline.sort_by_key(|event| event.seq);
        timeline
    }

    fn last_seq(&self) -> u32 {
        let row = self.world.db.run(&conversations::conversation(&self.site.id, &self.conversation)).unwrap();
        conversations::decode(row).unwrap().unwrap().last_seq
    }
}

/// The database as one task sees it.
struct Stepped<'s> {
    shop: &'s Shop<'s>,
    seen: &'s RefCell<Seen>,
    /// Whether it is an answer in the making.
    thinks: bool,
    begun: Cell<Option<u32>>,
}

impl Db for Stepped<'_> {
    async fn query(&self, stmt: &Stmt) -> Result<Answer, DbError> {
        pause().await;
        let answer = self.shop.world.db.run(stmt);
        pause().await;
        answer
    }

    async fn batch(&self, stmts: &[Stmt]) -> Result<Vec<Answer>, DbError> {
        pause().await;
        let before = self.shop.last_seq();
        let answers = Db::batch(&self.shop.world.db, stmts).await;
        let after = self.shop.last_seq();
        if self.thinks {
            if self.begun.get().is_none() {
                self.begun.set(Some(before));
            } else if let Some(begun) = self.begun.get() {
                let mut seen = self.seen.borrow_mut();
                seen.begun.extend((before + 1..=after).map(|seq| (seq, begun)));
            }
        }
        pause().await;
        answers
    }
}

/// A network in which nothing answers.
struct Nowhere;

impl Http for Nowhere {
    type Body = NoBody;

    async fn send(&self, _: &Request) -> Result<Response, HttpError> {
        pause().await;
        Err(HttpError::Unreachable("test".into()))
    }

    async fn open(&self, _: &Request) -> Result<(Response, NoBody), HttpError> {
        pause().await;
        Err(HttpError::Unreachable("test".into()))
    }
}

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Words of a contact; they come again where nobody acknowledged them.
    Arrives(Box<Command>),
    /// The assistant answers, if an answer is owed.
    Think,
    /// A member takes the floor, or gives it back.
    Floor { by: &'static str, take: bool },
    /// A member takes the floor and gives it back at once.
    Glance { by: &'static str },
    /// A member writes.
    Reply { by: &'static str, channel: Option<Channel> },
    /// What was lost is found.
    Sweep,
}

/// What is on its way.
struct Task<'s> {
    kind: Kind,
    /// Its process is slow: it goes on once in a while.
    is_slow: bool,
    future: Pin<Box<dyn Future<Output = ()> + 's>>,
}

/// The tasks that are on their way, and the dice that say whose turn it is.
pub struct Turns<'s> {
    shop: &'s Shop<'s>,
    tasks: Vec<Task<'s>>,
    now: Timestamp,
    dice: Ctx,
    /// What was committed and is to be followed up.
    hints: Rc<RefCell<Vec<Effect>>>,
    /// What was seen of answers.
    pub seen: Rc<RefCell<Seen>>,
}

impl<'s> Turns<'s> {
    pub fn new(shop: &'s Shop<'s>, seed: u64) -> Self {
        let now = shop.world.ctx.now;
        let dice = Ctx::seeded(now, seed ^ 0x5eed);
        Self { shop, tasks: Vec::new(), now, dice, hints: Rc::default(), seen: Rc::default() }
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.dice.entropy.next_u64() % end as u64).unwrap()
    }

    /// Lets time pass.
    pub const fn pass(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    /// The visitor writes in the widget.
    pub fn says(&mut self, visitor: &VisitorId, text: &str) {
        let frame =
            ClientFrame::Say { id: EventId::mint(&mut self.dice), text: text.to_owned(), files: Vec::new() };
        let endpoint = self.shop.world.endpoint(Channel::Widget);
        let ctx = Ctx { now: self.now, ..self.dice.clone() };
        let command = catch_up::command_of(&frame, visitor, &endpoint, None, &ctx).unwrap();
        self.begin(Kind::Arrives(Box::new(command)));
    }

    /// Somebody texts.
    pub fn texts(&mut self, from: &str, text: &str) {
        let endpoint = self.shop.world.endpoint(Channel::Sms);
        let event = EventId::mint(&mut self.dice);
        let arrival = command::Arrival {
            endpoint: endpoint.id,
            external_id: event.to_string(),
            event,
            at: self.now,
            visitor: None,
        };
        let from = Address::new(AddressKind::Phone, from);
        let message = InboundMessage { authenticated: true, ..InboundMessage::said(from, text.to_owned()) };
        self.begin(Kind::Arrives(Box::new(Command::Message(arrival, message))));
    }

    /// Something begins; it goes on when the dice say so.
    pub fn begin(&mut self, kind: Kind) {
        let (shop, seen, hints) = (self.shop, Rc::clone(&self.seen), Rc::clone(&self.hints));
        let mut ctx = Ctx::seeded(self.now, self.dice.entropy.next_u64());
        let thinks = matches!(kind, Kind::Think);
        let doing = kind.clone();
        let future = Box::pin(async move {
            let db = Stepped { shop, seen: &seen, thinks, begun: Cell::new(None) };
            let scope = Scope {
                db: &db,
                site: &shop.site,
                secrets: &Keys,
                public_url: "https://edge.example",
                act: None,
            };
            let done = perform(scope, shop, &mut ctx, doing).await;
            // What a member may not, and what lost a race ten times, is nobody's concern here.
            if let Ok(effects) = done {
                let is_shown = effects.iter().any(|effect| matches!(effect, Effect::Show { .. }));
                seen.borrow_mut().dropped += u32::from(thinks && !is_shown && !effects.is_empty());
                hints.borrow_mut().extend(effects);
            }
        });
        let is_slow = self.below(if thinks { 2 } else { 4 }) == 0;
        self.tasks.push(Task { kind, is_slow, future });
    }

    /// Any one task goes on to its next call; what it committed is followed up by others.
    pub fn step(&mut self) {
        if self.tasks.is_empty() {
            return;
        }
        let place = self.below(self.tasks.len());
        if self.tasks[place].is_slow && self.below(12) > 0 {
            return;
        }
        let mut context = Context::from_waker(Waker::noop());
        if self.tasks[place].future.as_mut().poll(&mut context).is_ready() {
            drop(self.tasks.swap_remove(place));
        }
        let hints = self.hints.take();
        for effect in hints {
            if matches!(effect, Effect::Think { .. }) {
                self.begin(Kind::Think);
            }
        }
    }

    /// The process of any one task ends where it stands.
    pub fn end_one(&mut self) {
        if self.tasks.is_empty() {
            return;
        }
        let place = self.below(self.tasks.len());
        let Task { kind, future, .. } = self.tasks.swap_remove(place);
        drop(future);
        if matches!(kind, Kind::Arrives(_)) {
            self.begin(kind);
        }
    }

    /// Everybody comes to their end.
    pub fn run_out(&mut self) {
        for _ in 0..20_000 {
            if self.tasks.is_empty() {
                return;
            }
            self.step();
        }
        panic!("never comes to rest");
    }
}

async fn perform(
    scope: Scope<'_, Stepped<'_>>,
    shop: &Shop<'_>,
    ctx: &mut Ctx,
    kind: Kind,
) -> Result<Vec<Effect>, FlowError> {
    let conversation = shop.conversation.clone();
    match kind {
        Kind::Arrives(command) => flow::handle(scope, ctx, &command).await.map(|handled| handled.effects),
        Kind::Think => {
            let mut unheard = |_: &Address, _: u32, _: &str| {};
            let thought = flow::think::think(scope, &Nowhere, ctx, &conversation, &mut unheard);
            thought.await.map(|handled| handled.effects)
        }
        Kind::Floor { by, take } => {
            let wish = FloorWish { by: by.into(), take, force: true };
            let command = Command::Floor(conversation, wish);
            flow::handle(scope, ctx, &command).await.map(|handled| handled.effects)
        }
        Kind::Glance { by } => {
            for take in [true, false] {
                let wish = FloorWish { by: by.into(), take, force: true };
                let command = Command::Floor(conversation.clone(), wish);
                drop(flow::handle(scope, ctx, &command).await?);
            }
            Ok(vec![Effect::Think { site: shop.site.id.clone(), conversation, due_at: ctx.now }])
        }
        Kind::Reply { by, channel } => {
            let reply = TeamReply {
                by: by.into(),
                channel,
                subject: None,
                text: "I am looking at it.".into(),
                files: Vec::new(),
            };
            let command = Command::Reply(conversation, reply);
            flow::handle(scope, ctx, &command).await.map(|handled| handled.effects)
        }
        Kind::Sweep => Ok(flow::sweep::sweep(scope.db, ctx).await?),
    }
}
