//! What the product talks to: secrets, the sandbox's network and a carrier, and the ways in which they fail.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, VecDeque},
};

use shared::{
    channel::{Channel, provider::Secrets},
    command::Command,
    ctx::Ctx,
    effect::Effect,
    flow::{self, Scope},
    http::{BodyError, BodyStream, Http, HttpError, Patience, Request, Response},
    id::DeliveryId,
    store::{
        sandbox,
        sandbox::SandboxMessage,
        sqlite::{Break, Sqlite},
    },
};

/// Secrets of the tests.
pub struct Keys;

impl Secrets for Keys {
    fn secret(&self, name: &str) -> Option<String> {
        let found = [
            ("SIGNING_KEY", "test-signing-key"),
            ("OWNER_EMAIL", "Wren@Larkspur.example"),
            ("TWILIO_AUTH_TOKEN", "test-auth-token"),
            ("OPENAI_API_KEY", "test-model-key"),
            ("VAPID_PRIVATE_KEY", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        ];
        found.iter().find(|(known, _)| *known == name).map(|(_, secret)| (*secret).to_owned())
    }
}

/// The network: the sandbox, a carrier without idempotency keys, a model that says what it is told to, and ways to fail.
pub struct Net<'a> {
    pub scope: Scope<'a, Sqlite>,
    pub ctx: Ctx,
    pub outside: &'a Outside,
}

/// What the outside does when it is called.
#[derive(Default)]
pub struct Outside {
    /// How the next sends fail.
    pub failures: RefCell<VecDeque<Failing>>,
    /// What happens while the next answers are drafted.
    pub meanwhile: RefCell<VecDeque<Command>>,
    /// What the model streams next; where nothing is left it is not there.
    pub model: RefCell<VecDeque<String>>,
    /// What is to be attempted because of it.
    pub(super) heard: RefCell<Vec<Effect>>,
    /// What push services were sent, and how they answer the next ones; 201 where nothing is said.
    pub pushed: RefCell<Vec<Request>>,
    /// The statuses of the next answers.
    pub push_answers: RefCell<VecDeque<u16>>,
    /// What webhooks were sent, and how they answer the next ones; 204 where nothing is said.
    pub hooked: RefCell<Vec<Request>>,
    /// The statuses of the next answers.
    pub hook_answers: RefCell<VecDeque<u16>>,
    /// The store of files: their bytes by key.
    pub files: RefCell<BTreeMap<String, Vec<u8>>>,
    /// The store of files does not answer.
    pub files_are_down: Cell<bool>,
    /// Looks at the database whenever a delivery leaves.
    pub watch: Option<fn(&Sqlite, &DeliveryId)>,
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
    /// It is taken, and our process ends.
    Ended,
    /// It is refused for good, with this code.
    Refused(&'static str),
}

/// A body that comes in one piece.
pub struct Whole(Option<String>);

impl BodyStream for Whole {
    async fn next(&mut self, _patience: Patience) -> Option<Result<Vec<u8>, BodyError>> {
        self.0.take().map(|text| Ok(text.into_bytes()))
    }
}

impl Http for Net<'_> {
    type Body = Whole;

    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        if let Some(key) = request.url.strip_prefix(shared::file::STORE_URL) {
            return self.store(key, request);
        }
        if let (Some(watch), Some(delivery)) = (self.outside.watch, delivery_of(request)) {
            watch(self.scope.db, &delivery);
        }
        // The process may end before the send, and after it.
        if self.scope.db.call().is_some() {
            return Err(HttpError::Lost);
        }
        let failing = self.outside.failures.borrow_mut().pop_front();
        match failing {
            Some(Failing::Unreachable) => return Err(HttpError::Unreachable("test".into())),
            Some(Failing::LostBefore) => return Err(HttpError::Lost),
            Some(Failing::Refused(code)) => {
                let body = format!(r#"{{"code":"{code}"}}"#);
                return Ok(Response::new(400, "application/json", body));
            }
            _ => {}
        }
        if request.header("content-encoding") == Some("aes128gcm") {
            self.outside.pushed.borrow_mut().push(request.clone());
            let status = self.outside.push_answers.borrow_mut().pop_front().unwrap_or(201);
            return Ok(Response::new(status, "text/plain", ""));
        }
        if request.header("webhook-id").is_some() {
            self.outside.hooked.borrow_mut().push(request.clone());
            let status = self.outside.hook_answers.borrow_mut().pop_front().unwrap_or(204);
            return Ok(Response::new(status, "text/plain", ""));
        }
        let response = if request.url.starts_with(flow::sandbox::SCHEME) {
            let taken = flow::sandbox::receive(self.scope, &self.ctx, request).await;
            taken.map_err(|_| HttpError::Lost)?
        } else {
            self.carry(request)
        };
        if failing == Some(Failing::Ended) {
            self.scope.db.crash(0, Break::After);
        }
        let ended = self.scope.db.call().is_some();
        if ended || failing == Some(Failing::LostAfter) { Err(HttpError::Lost) } else { Ok(response) }
    }

    async fn open(&self, _request: &Request) -> Result<(Response, Whole), HttpError> {
        let meanwhile = self.outside.meanwhile.borrow_mut().pop_front();
        if let Some(command) = meanwhile {
            // Another process, with dice of its own.
            let mut ctx = Ctx::seeded(self.ctx.now, u64::MAX - u64::from(self.scope.db.calls()));
            let handled = flow::handle(self.scope, &mut ctx, &command).await;
            self.outside.heard.borrow_mut().extend(handled.unwrap_or_default().effects);
        }
        match self.outside.model.borrow_mut().pop_front() {
            Some(said) => Ok((Response::new(200, "text/event-stream", ""), Whole(Some(said)))),
            None => Err(HttpError::Unreachable("no model in this world".into())),
        }
    }
}

impl Net<'_> {
    /// The store of files.
    fn store(&self, key: &str, request: &Request) -> Result<Response, HttpError> {
        if self.outside.files_are_down.get() {
            return Err(HttpError::Unreachable("test".into()));
        }
        let mut files = self.outside.files.borrow_mut();
        match request.method.as_str() {
            "PUT" => {
                files.insert(key.to_owned(), request.body.clone());
            }
            "DELETE" => {
                files.remove(key);
            }
            _ => match files.get(key) {
                Some(bytes) => return Ok(Response::new(200, "application/octet-stream", bytes.clone())),
                None => return Ok(Response::new(404, "text/plain", "")),
            },
        }
        Ok(Response::new(200, "text/plain", ""))
    }

    /// A carrier that takes every send for a new one.
    fn carry(&self, request: &Request) -> Response {
        let fields: Vec<(String, String)> = form_urlencoded::parse(&request.body).into_owned().collect();
        let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let sid = format!("SM{}", self.scope.db.calls());
        let message = SandboxMessage {
            id: sid.clone(),
            site_id: self.scope.site.id.clone(),
            channel: Channel::Sms.as_str().to_owned(),
            sender: field("From").unwrap(),
            recipient: field("To").unwrap(),
            subject: None,
            text: field("Body").unwrap(),
            raw: delivery_of(request).map(|delivery| delivery.to_string()),
            message_id: None,
            at_ms: self.ctx.now,
        };
        self.scope.db.run(&sandbox::add(&message)).unwrap();
        Response::new(201, "application/json", serde_json::json!({ "sid": sid }).to_string())
    }
}

/// The delivery a send is for: its idempotency key, or the last word of its callback's address.
fn delivery_of(request: &Request) -> Option<DeliveryId> {
    let of_callback = || {
        let mut fields = form_urlencoded::parse(&request.body);
        let (_, callback) = fields.find(|(name, _)| name == "StatusCallback")?;
        callback.split_once("delivery=").map(|(_, id)| id.to_owned())
    };
    let id = request.header("idempotency-key").map(str::to_owned).or_else(of_callback)?;
    DeliveryId::parse(&id).ok()
}
