//! What arrives, as values: it can be held back, doubled, and delivered out of order.

use shared::{
    channel::{Channel, provider::Setup, provider_of, sandbox as carrier, sms::signature},
    command::{self, Command},
    flow::{FlowError, catch_up, sandbox::Act},
    http::Request,
    id::{EventId, VisitorId},
    message::InboundBody,
    site::Endpoint,
    store::sandbox::{self, SandboxMessage},
    wire::ClientFrame,
};

use crate::world::{World, now};

/// The secret every test signs with.
const KEY: &str = "test-signing-key";
const TWILIO_TOKEN: &str = "test-auth-token";

/// Something that arrives.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// A frame from a browser.
    Frame(VisitorId, ClientFrame),
    /// A provider's webhook.
    Hook(Endpoint, Request),
}

impl World {
    /// It arrives; a provider comes again until it is answered well, a browser does not. Whether it was acknowledged.
    pub fn arrive(&mut self, arrival: &Arrival) -> bool {
        match arrival {
            Arrival::Frame(visitor, frame) => match self.frame(visitor, frame) {
                Ok(handled) => handled.accepted.is_some(),
                Err(FlowError::Store(_) | FlowError::Rejected(_)) => false,
                Err(error) => panic!("{error}"),
            },
            Arrival::Hook(endpoint, request) => {
                self.webhook(endpoint, request);
                true
            }
        }
    }

    /// A browser that does not give up: the same frame again until it is acknowledged.
    pub fn insists(&mut self, arrival: &Arrival) {
        assert!((0..5).any(|_| self.arrive(arrival)), "never acknowledged: {arrival:?}");
    }

    /// Words in the widget.
    pub fn frame_saying(&mut self, visitor: &VisitorId, text: &str) -> Arrival {
        let id = EventId::mint(&mut self.ctx);
        Arrival::Frame(visitor.clone(), ClientFrame::Say { id, text: text.to_owned(), files: Vec::new() })
    }

    /// The card, filled in.
    pub fn frame_of_card(&mut self, visitor: &VisitorId, address: &str) -> Arrival {
        let id = EventId::mint(&mut self.ctx);
        let (address, wording) = (address.to_owned(), "sms.v1.en".to_owned());
        Arrival::Frame(visitor.clone(), ClientFrame::Continue { id, channel: Channel::Sms, address, wording })
    }

    /// A text from a phone, kept by the sandbox and on its way to us.
    pub fn hook_of_text(&mut self, from: &str, text: &str) -> Arrival {
        let line = self.endpoint(Channel::Sms);
        if line.provider == "twilio" {
            let sid = format!("SM{}", EventId::mint(&mut self.ctx));
            let fields =
                [("MessageSid", sid.as_str()), ("From", from), ("To", &line.address), ("Body", text)];
            return twilio_hook(&line, "", &fields);
        }
        let (from, to, text) = (from.to_owned(), line.address, text.to_owned());
        let act = Act { from, to, subject: None, text, in_reply_to: None };
        let mut ctx = self.ctx.clone();
        let (endpoint, request, kept) =
            shared::flow::sandbox::short_message(self.scope(), &mut ctx, Channel::Sms, &act).unwrap();
        self.ctx = ctx;
        self.db.run(&sandbox::add(&kept)).unwrap();
        Arrival::Hook(endpoint, request)
    }

    /// An email from a mailbox.
    pub fn hook_of_mail(&mut self, from: &str, text: &str) -> Arrival {
        let (from, to, text) = (from.to_owned(), self.endpoint(Channel::Email).address, text.to_owned());
        let act = Act { from, to, subject: Some("Hello".to_owned()), text, in_reply_to: None };
        let mut ctx = self.ctx.clone();
        let (endpoint, request, kept) =
            now(shared::flow::sandbox::mail(self.scope(), &mut ctx, &act)).unwrap();
        self.ctx = ctx;
        self.db.run(&sandbox::add(&kept)).unwrap();
        Arrival::Hook(endpoint, request)
    }

    /// The carrier's report on a message it has taken: Twilio's words on Twilio's line, the sandbox's on its own.
    pub fn hook_of_report(&self, message: &SandboxMessage, state: &str, code: Option<&str>) -> Arrival {
        let channel = Channel::parse(&message.channel).unwrap();
        let line = self.endpoint(channel);
        if line.provider == "twilio" {
            let query = format!("?delivery={}", message.raw.as_deref().unwrap());
            let mut fields = vec![("MessageSid", message.id.as_str()), ("MessageStatus", state)];
            fields.extend(code.map(|code| ("ErrorCode", code)));
            return twilio_hook(&line, &query, &fields);
        }
        let id = message.message_id.as_ref().unwrap_or(&message.id);
        let body = serde_json::json!({ "status": { "id": id, "state": state, "code": code } }).to_string();
        let signature = carrier::sign(KEY, body.as_bytes());
        let url = format!("https://edge.example/hooks/{}", line.id);
        let request = Request::post(url, "application/json", body.into_bytes())
            .with_header(carrier::SIGNATURE_HEADER, signature);
        Arrival::Hook(line, request)
    }

    /// What the carriers have taken for an address, oldest first.
    pub fn taken_for(&self, address: &str) -> Vec<SandboxMessage> {
        let mut messages = self.sandbox(address);
        messages.retain(|message| message.recipient == address);
        messages.reverse();
        messages
    }

    /// The site's phone line moves to Twilio, which does not tell repeats apart.
    pub fn on_twilio(mut self) -> Self {
        let line = self.site.endpoints.iter_mut().find(|line| line.channel == Channel::Sms).unwrap();
        "twilio".clone_into(&mut line.provider);
        line.settings.insert("account_sid".to_owned(), "AC123".to_owned());
        self
    }

    /// The site's answers are asked of a model, which never answers: the built-in one does, a moment later.
    pub fn with_a_model(mut self) -> Self {
        "openai".clone_into(&mut self.site.assistant.provider);
        self.site.assistant.model = Some("a-model".to_owned());
        self
    }

    /// It arrives while the next answer is drafted.
    pub fn arrives_meanwhile(&mut self, arrival: &Arrival) {
        let command = match arrival {
            Arrival::Frame(visitor, frame) => {
                let line = self.endpoint(Channel::Widget);
                catch_up::command_of(frame, visitor, &line, None, &self.ctx).unwrap()
            }
            Arrival::Hook(endpoint, request) => {
                let scope = self.scope();
                let setup = Setup {
                    site: scope.site,
                    endpoint,
                    secrets: scope.secrets,
                    public_url: scope.public_url,
                };
                let codec = provider_of(endpoint).unwrap();
                let inbound = codec.parse(setup, request, self.ctx.now).unwrap().remove(0);
                let InboundBody::Message(message) = inbound.body else { panic!("a report says nothing") };
                let (endpoint, external_id, at) = (inbound.endpoint, inbound.external_id, inbound.at);
                let event = EventId::mint(&mut self.ctx);
                Command::Message(
                    command::Arrival { endpoint, external_id, event, at, visitor: None },
                    message,
                )
            }
        };
        self.outside.meanwhile.borrow_mut().push_back(command);
    }
}

fn twilio_hook(line: &Endpoint, query: &str, fields: &[(&str, &str)]) -> Arrival {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let url = format!("https://edge.example/hooks/{}{query}", line.id);
    let signed = signature::sign(TWILIO_TOKEN, &url, body.as_bytes());
    let request = Request::post(url, "application/x-www-form-urlencoded", body.into_bytes())
        .with_header(signature::HEADER, signed);
    Arrival::Hook(line.clone(), request)
}
