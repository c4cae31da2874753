//! A whole world for a test: the worker, and the providers it talks to.

use std::collections::BTreeMap;

use crate::{
    host::{Host, Options, root},
    meta,
    openai::{self, OpenAi},
    sandbox::Sandbox,
    shop::{ADMIN_TOKEN, Shop},
    twilio::{self, Twilio},
};

/// The worker's `SIGNING_KEY` in tests.
pub const SIGNING_KEY: &str = "e2e-signing-key-0000000000000000000000000000";

/// Whose mailbox opens the inbox of the demo customer's site.
pub const DEMO_OWNER: &str = "owner@larkspur.example";

/// The worker and its stand-ins; they stop when dropped.
pub struct World {
    /// The worker.
    pub host: Host,
    /// The provider of text messages.
    pub twilio: Twilio,
    /// The provider of answers.
    pub model: OpenAi,
}

impl World {
    /// A world in development, where the sandbox and the virtual clock exist.
    pub fn start() -> Result<Self, String> {
        Self::start_with(Options { vars: vars("development"), ..Options::default() })
    }

    /// A world in production.
    pub fn start_in_production() -> Result<Self, String> {
        Self::start_with(Options { vars: vars("production"), ..Options::default() })
    }

    /// A world in development with the demo customer's site beside it, an owner, and a scheduled handler that runs by itself.
    pub fn start_with_demo_site() -> Result<Self, String> {
        let mut vars = vars("development");
        vars.insert("OWNER_EMAIL".to_owned(), DEMO_OWNER.to_owned());
        let options =
            Options { vars, site_dir: Some(root().join("examples/site")), site_port: 0, cron_seconds: 1 };
        Self::start_with(options)
    }

    /// A world as `options` say.
    pub fn start_with(options: Options) -> Result<Self, String> {
        Ok(Self { host: Host::start(options)?, twilio: Twilio::start(), model: OpenAi::start() })
    }

    /// The worker's address.
    pub fn edge(&self) -> &str {
        self.host.url()
    }

    /// The contacts' phones and mailboxes.
    pub fn sandbox(&self) -> Sandbox {
        Sandbox::of(self.edge())
    }

    /// Opens a shop with everything in the sandbox.
    #[track_caller]
    pub fn opens_a_shop(&self) -> Shop {
        Shop::new().opens(self.edge())
    }

    /// Opens a shop that texts through the Twilio stand-in.
    #[track_caller]
    pub fn opens_a_texting_shop(&self) -> Shop {
        Shop::new().texting_through(&self.twilio).opens(self.edge())
    }

    /// Opens a shop answered by `model`: one's own, so that prompts and scripts are not another test's.
    #[track_caller]
    pub fn opens_a_shop_answered_by(&self, model: &OpenAi) -> Shop {
        Shop::new().answered_by(model).opens(self.edge())
    }
}

/// The worker's variables and secrets.
pub fn vars(environment: &str) -> BTreeMap<String, String> {
    [
        ("ENVIRONMENT", environment),
        ("SIGNING_KEY", SIGNING_KEY),
        ("ADMIN_TOKEN", ADMIN_TOKEN),
        ("TWILIO_AUTH_TOKEN", twilio::AUTH_TOKEN),
        ("OPENAI_API_KEY", openai::API_KEY),
        ("META_APP_SECRET", meta::APP_SECRET),
        ("META_PAGE_TOKEN", meta::PAGE_TOKEN),
        ("META_VERIFY_TOKEN", meta::VERIFY_TOKEN),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}
