//! What one invocation has: bindings, configuration, the present, and a way to go on after the answer.

use std::{cell::RefCell, collections::BTreeMap, future::Future, pin::Pin, rc::Rc};

use shared::{
    ctx::Ctx,
    flow::Scope,
    id::{ConversationId, EndpointId, SiteId},
    site::{Endpoint, Site},
    store::{clock as development, sites},
    time::Timestamp,
};
use worker::{Env, Stub};

use crate::{
    clock,
    config::{Config, EnvSecrets},
    d1::D1,
    error::EdgeError,
};

/// How long an invocation trusts what another of the same isolate read of a site, in milliseconds.
const SITE_MS: i64 = 10_000;

thread_local! {
    /// The sites this isolate read lately: every turn needs one, and they change seldom.
    static SITES: RefCell<BTreeMap<SiteId, (Timestamp, Rc<Site>)>> = const { RefCell::new(BTreeMap::new()) };
}

/// Runs a future after the answer has gone out.
pub(crate) type Spawn = Rc<dyn Fn(Pin<Box<dyn Future<Output = ()>>>)>;

/// What one invocation has. Cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) env: Env,
    pub(crate) config: Config,
    pub(crate) secrets: EnvSecrets,
    pub(crate) db: Rc<D1>,
    offset_ms: Rc<RefCell<i64>>,
    spawn: Spawn,
}

impl App {
    /// Reads the configuration and, in development, the virtual clock.
    pub(crate) async fn start(env: Env, spawn: Spawn) -> Result<Self, EdgeError> {
        let config = Config::of(&env)?;
        let db = Rc::new(D1(env.d1("DB").map_err(|_| EdgeError::missing("DB"))?));
        let secrets = EnvSecrets(env.clone());
        let app = Self { env, config, secrets, db, offset_ms: Rc::default(), spawn };
        app.read_clock().await?;
        Ok(app)
    }

    /// Takes the virtual clock's newest offset; outside development there is none.
    pub(crate) async fn read_clock(&self) -> Result<(), EdgeError> {
        if self.config.development {
            let offset = development::load_offset(&*self.db).await?;
            *self.offset_ms.borrow_mut() = offset;
        }
        Ok(())
    }

    /// The present and fresh randomness.
    pub(crate) fn context(&self) -> Ctx {
        clock::context(*self.offset_ms.borrow())
    }

    /// Goes on with something after the answer.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        (self.spawn)(Box::pin(future));
    }

    /// A site's scope.
    pub(crate) fn scope<'a>(&'a self, site: &'a Site) -> Scope<'a, D1> {
        Scope { db: &*self.db, site, secrets: &self.secrets, public_url: &self.config.public_url }
    }

    /// The site and endpoint of an endpoint id; 404 where nobody has it.
    pub(crate) async fn endpoint(&self, id: &EndpointId) -> Result<(Site, Endpoint), EdgeError> {
        sites::load_by_endpoint(&*self.db, id)
            .await?
            .ok_or_else(|| EdgeError::reject(404, "unknown_endpoint", "No endpoint has this id."))
    }

    /// A site by its id, as it was at most [`SITE_MS`] ago.
    pub(crate) async fn site(&self, id: &SiteId) -> Result<Option<Rc<Site>>, EdgeError> {
        let now = clock::context(0).now;
        let kept = SITES.with_borrow(|sites| sites.get(id).cloned());
        if let Some((_, site)) = kept.filter(|(read_at, _)| now.since_ms(*read_at) < SITE_MS) {
            return Ok(Some(site));
        }
        let Some(site) = sites::load_site(&*self.db, id).await?.map(Rc::new) else { return Ok(None) };
        SITES.with_borrow_mut(|sites| {
            sites.retain(|_, (read_at, _)| now.since_ms(*read_at) < SITE_MS);
            sites.insert(id.clone(), (now, Rc::clone(&site)));
        });
        Ok(Some(site))
    }

    /// Lets this isolate read every site anew: one has just been imported.
    pub(crate) fn forget_sites() {
        SITES.with_borrow_mut(BTreeMap::clear);
    }

    /// The Desk of a site.
    pub(crate) fn desk(&self, site: &SiteId) -> Result<Stub, EdgeError> {
        let desks = self.env.durable_object("DESKS").map_err(|_| EdgeError::missing("DESKS"))?;
        Ok(desks.get_by_name(site.as_str())?)
    }

    /// The Room of a conversation.
    pub(crate) fn room(&self, conversation: &ConversationId) -> Result<Stub, EdgeError> {
        let rooms = self.env.durable_object("ROOMS").map_err(|_| EdgeError::missing("ROOMS"))?;
        Ok(rooms.get_by_name(conversation.as_str())?)
    }
}
