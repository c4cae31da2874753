//! A customer's site, built for one test: its definition, its knowledge, and its import.
//!
//! Every shop has ids, a key and a number of its own, so that tests share one worker without meeting.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};
use shared::{
    channel::Channel,
    id::{EndpointId, SiteId},
    site::{AssistantSettings, Brand, Endpoint, Limits, Promises, Site},
};

use crate::{
    client::{Answer, Call},
    clock::fresh_word,
    meta::Meta,
    openai::{self, OpenAi},
    twilio::{self, Twilio},
};

/// The worker's `ADMIN_TOKEN` in tests.
pub const ADMIN_TOKEN: &str = "e2e-admin-token-000000000000000000";
/// The one page origin that may embed a shop's widget.
pub const ORIGIN: &str = "http://shop.test";
/// The question whose answer stands in the knowledge…
pub const QUESTION: &str = "How much is a basic tune-up?";
/// …and the part of the answer that cannot be missing.
pub const ANSWER: &str = "$75";

const PRICES: &str = "# Prices\n\n## How much is a basic tune-up?\nA basic tune-up is $75. We adjust the gears and \
    brakes and oil the chain.\n\n## How much does it cost to fix a flat tire?\nA puncture repair is $18, new inner \
    tube included.\n";
const HOURS: &str =
    "# Opening hours\n\n## When are you open?\nWe are open Monday to Friday from 9 am to 6 pm.\n";

/// A site before or after its import.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The definition.
    pub site: Site,
    /// Files of knowledge: path and Markdown.
    pub knowledge: Vec<(String, String)>,
    /// Files of sequences: path and TOML.
    pub sequences: Vec<(String, String)>,
}

impl Shop {
    /// A shop whose phone and mailbox are in the sandbox, answered by the built-in assistant.
    pub fn new() -> Self {
        static OPENED: AtomicU32 = AtomicU32::new(0);
        let name = fresh_word();
        let number = format!("+1503555{:04}", 1_000 + OPENED.fetch_add(1, Ordering::Relaxed));
        let endpoint = |kind: &str, channel, provider: &str, address: String| Endpoint {
            id: EndpointId::parse(&format!("end_{name}_{kind}")).expect("an id"),
            channel,
            provider: provider.to_owned(),
            address,
            settings: BTreeMap::new(),
        };
        let open = vec![("09:00".to_owned(), "18:00".to_owned())];
        let site = Site {
            id: SiteId::parse(&format!("ste_{name}")).expect("an id"),
            name: "Test Bike Workshop".to_owned(),
            time_zone: "America/Los_Angeles".to_owned(),
            locale: "en".to_owned(),
            region: "US".to_owned(),
            allowed_origins: vec![ORIGIN.to_owned()],
            brand: Brand {
                color: "#4a3fa3".to_owned(),
                greeting: BTreeMap::from([(
                    "en".to_owned(),
                    "Hi, I am Sprocket, an AI assistant.".to_owned(),
                )]),
            },
            address: "1 Test Street, Portland, OR 97202".to_owned(),
            phone: number.clone(),
            booking_url: Some("https://shop.example/book".to_owned()),
            booking: None,
            hours: ["mon", "tue", "wed", "thu", "fri"].map(|day| (day.to_owned(), open.clone())).into(),
            team: vec!["Jo".to_owned(), "Kim".to_owned()],
            promises: Promises::default(),
            holidays: Vec::new(),
            assistant: AssistantSettings {
                provider: "builtin".to_owned(),
                name: "Sprocket".to_owned(),
                tone: "friendly and brief".to_owned(),
                model: None,
                base_url: None,
            },
            endpoints: vec![
                endpoint("web", Channel::Widget, "widget", format!("wk_{name}")),
                endpoint("sms", Channel::Sms, "sandbox", number),
                endpoint("email", Channel::Email, "sandbox", format!("hello@{name}.example")),
            ],
            limits: Limits { messages_per_minute: 600, turns_per_hour: 600, ..Limits::default() },
            policy: shared::policy::Policy::default(),
            sequences: Vec::new(),
            handoff: shared::handoff::Triggers::default(),
            fields: Vec::new(),
            people: Vec::new(),
        };
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        Self {
            site,
            knowledge: vec![file("prices.md", PRICES), file("hours.md", HOURS)],
            sequences: Vec::new(),
        }
    }

    /// The same with its text messages going through the Twilio stand-in.
    #[must_use]
    pub fn texting_through(mut self, twilio: &Twilio) -> Self {
        for endpoint in self.site.endpoints.iter_mut().filter(|endpoint| endpoint.channel == Channel::Sms) {
            "twilio".clone_into(&mut endpoint.provider);
            endpoint.settings = BTreeMap::from([
                ("account_sid".to_owned(), twilio::ACCOUNT_SID.to_owned()),
                ("api_base".to_owned(), twilio.url()),
            ]);
        }
        self
    }

    /// The same with a page on Messenger, behind the Meta stand-in.
    #[must_use]
    pub fn with_a_page(mut self, meta: &Meta) -> Self {
        let name = fresh_word();
        self.site.endpoints.push(Endpoint {
            id: EndpointId::parse(&format!("end_{name}_messenger")).expect("an id"),
            channel: Channel::Messenger,
            provider: "meta".to_owned(),
            address: format!("page_{name}"),
            settings: BTreeMap::from([("api_base".to_owned(), meta.url())]),
        });
        self
    }

    /// The same with its mailbox on the platform: Email Routing in, the `send_email` binding out.
    #[must_use]
    pub fn mailing_through_the_platform(mut self) -> Self {
        for endpoint in self.site.endpoints.iter_mut().filter(|endpoint| endpoint.channel == Channel::Email) {
            "cloudflare".clone_into(&mut endpoint.provider);
        }
        self
    }

    /// The same with its answers written by the model stand-in.
    #[must_use]
    pub fn answered_by(mut self, model: &OpenAi) -> Self {
        "openai".clone_into(&mut self.site.assistant.provider);
        self.site.assistant.model = Some(openai::MODEL.to_owned());
        self.site.assistant.base_url = Some(model.url());
        self
    }

    /// Its endpoint on a channel.
    pub fn endpoint(&self, channel: Channel) -> &Endpoint {
        self.site.endpoint_on(channel).expect("a shop has a widget, a number and a mailbox")
    }

    /// The widget's key.
    pub fn key(&self) -> &str {
        &self.endpoint(Channel::Widget).address
    }

    /// Its phone number.
    pub fn number(&self) -> &str {
        &self.endpoint(Channel::Sms).address
    }

    /// Its mailbox.
    pub fn mailbox(&self) -> &str {
        &self.endpoint(Channel::Email).address
    }

    /// Where a provider posts what arrives on a channel.
    pub fn webhook(&self, edge: &str, channel: Channel) -> String {
        format!("{edge}/hooks/{}", self.endpoint(channel).id)
    }

    /// The body of the import.
    pub fn body(&self) -> Value {
        let files = |files: &[(String, String)]| -> Vec<Value> {
            files.iter().map(|(path, text)| json!({"path": path, "text": text})).collect()
        };
        let (knowledge, sequences) = (files(&self.knowledge), files(&self.sequences));
        json!({"definition": self.site, "knowledge": knowledge, "sequences": sequences})
    }

    /// Imports it with a token; the answer may be anything.
    #[track_caller]
    pub fn import(&self, edge: &str, token: &str) -> Answer {
        Call::put_json(format!("{edge}/admin/sites"), &self.body())
            .header("authorization", &format!("Bearer {token}"))
            .send()
    }

    /// Imports it; it must be taken.
    #[must_use]
    #[track_caller]
    pub fn opens(self, edge: &str) -> Self {
        self.import(edge, ADMIN_TOKEN).expect_ok("the import of a site");
        self
    }
}

impl Default for Shop {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_shops_share_neither_ids_nor_addresses() {
        let (one, other) = (Shop::new(), Shop::new());
        assert_ne!(one.site.id, other.site.id);
        for (mine, theirs) in one.site.endpoints.iter().zip(&other.site.endpoints) {
            assert_ne!((&mine.id, &mine.address), (&theirs.id, &theirs.address));
            assert_ne!(mine.address, theirs.address);
        }
    }

    #[test]
    fn a_shop_is_imported_with_its_providers_and_its_knowledge() {
        let (twilio, model) = (Twilio::start(), OpenAi::start());
        let body = Shop::new().texting_through(&twilio).answered_by(&model).body();
        let read: Site = serde_json::from_value(body["definition"].clone()).expect("a definition");
        let sms = read.endpoint_on(Channel::Sms).expect("a number");
        assert_eq!((sms.provider.as_str(), &sms.settings["api_base"]), ("twilio", &twilio.url()));
        assert_eq!(read.assistant.base_url, Some(model.url()));
        assert_eq!(body["knowledge"][0]["path"], "prices.md");
        assert!(body["knowledge"][0]["text"].as_str().is_some_and(|text| text.contains(QUESTION)));
    }
}
