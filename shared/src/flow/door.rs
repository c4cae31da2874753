//! Who is at the door: an API token, a browser's cookie, or a mailbox that somebody else vouches for, and who that is on a
//! site.
//!
//! Whoever is of no site yet is asked here too, so nothing in this file is of one site.

use super::Scope;
use crate::{
    api::{access::Asker, me::Role},
    channel::provider::Secrets,
    contact::{Address, AddressKind},
    ctx::Ctx,
    error::Rejection,
    id::SiteId,
    identity, signature,
    site::Site,
    store::{
        Db, DbError, agents, counters,
        sign_ins::{self, Who},
        tokens,
    },
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
};

/// How long a browser that is not used stays signed in, in milliseconds.
pub const SIGNED_IN_MS: i64 = 30 * DAY_MS;
/// How seldom it is noted that it was: a write a day at most.
const TOUCH_MS: i64 = DAY_MS;
/// The span in which tries are counted, and how long somebody who tried too often is locked out at most.
pub const TRIES_MS: i64 = 15 * MINUTE_MS;

/// What is asked before a site is known.
pub struct Door<'a, D: Db> {
    /// The database.
    pub db: &'a D,
    /// The platform's secrets.
    pub secrets: &'a dyn Secrets,
    /// The public base URL of this deployment, without a trailing slash.
    pub public_url: &'a str,
}

impl<D: Db> Clone for Door<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Db> Copy for Door<'_, D> {}

impl<'a, D: Db> Door<'a, D> {
    /// The scope of a site.
    pub const fn scope(self, site: &'a Site) -> Scope<'a, D> {
        Scope { db: self.db, site, secrets: self.secrets, public_url: self.public_url, act: None }
    }

    /// The mailbox of whoever owns the sites that nobody owns yet, as its key.
    pub(super) fn owner_key(self) -> Option<String> {
        let owner = self.secrets.secret("OWNER_EMAIL")?;
        identity::parse_email(&owner).ok().map(|owner| identity::key(&owner))
    }

    /// A secret that nobody can guess: drawn, and keyed with what the platform keeps. `None` without the key.
    pub(super) fn draw(self, ctx: &mut Ctx, purpose: &str) -> Option<String> {
        draw(self.secrets, ctx, purpose)
    }
}

/// A secret that nobody can guess: the draw alone is good enough for ids only.
pub(super) fn draw(secrets: &dyn Secrets, ctx: &mut Ctx, purpose: &str) -> Option<String> {
    let key = secrets.secret("SIGNING_KEY")?;
    let drawn = [ctx.entropy.next_u64(), ctx.entropy.next_u64(), ctx.entropy.next_u64()];
    let drawn = drawn.map(u64::to_le_bytes).concat();
    let mac = signature::hmac_sha256(key.as_bytes(), &[purpose.as_bytes(), b"\n", &drawn]);
    Some(signature::hex(&mac))
}

/// The hash by which a secret of ours is kept.
pub fn hash(secret: &str) -> String {
    signature::hex(&signature::sha256(secret.as_bytes()))
}

/// The key of a mailbox.
pub(super) fn email_key(email: &str) -> String {
    identity::key(&Address::new(AddressKind::Email, email))
}

/// The program of an API token; `None` where nobody has it. What it was used for last is noted once an hour.
pub async fn program<D: Db>(door: Door<'_, D>, ctx: &Ctx, secret: &str) -> Result<Option<Asker>, DbError> {
    if !secret.starts_with(super::tokens::PREFIX) {
        return Ok(None);
    }
    let found = tokens::decode(door.db.query(&tokens::by_hash(&hash(secret))).await?)?;
    let Some((site, token)) = found.into_iter().next() else { return Ok(None) };
    if token.used_at.is_none_or(|used_at| ctx.now.since_ms(used_at) >= HOUR_MS) {
        door.db.query(&tokens::touch(&site, &token.id, ctx.now)).await?;
    }
    Ok(Some(Asker::Token { site, name: token.name, scopes: token.scopes }))
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Their mailbox.
    pub email: String,
    /// Who they are on the site that was asked about; none where they are not of its team.
    pub agent: Option<Asker>,
    /// The browser was not here for a day: its cookie is to be given anew.
    pub renewed: bool,
}

/// Who a cookie's browser is; `None` where it is not signed in (any more).
pub async fn browser<D: Db>(
    door: Door<'_, D>,
    ctx: &Ctx,
    cookie: &str,
    site: Option<&SiteId>,
) -> Result<Option<SignedIn>, DbError> {
    let hash = hash(cookie);
    let found = sign_ins::decode_who(door.db.query(&sign_ins::who(&hash, site, ctx.now)).await?)?;
    let Some(Who { email, seen_at, id, name, role }) = found else { return Ok(None) };
    let renewed = ctx.now.since_ms(seen_at) >= TOUCH_MS;
    if renewed {
        let until = ctx.now.plus_ms(SIGNED_IN_MS);
        door.db.query(&sign_ins::touch(&hash, ctx.now, until)).await?;
    }
    let role = role.as_deref().and_then(Role::parse);
    let agent = site.cloned().zip(id).zip(name).zip(role);
    let agent = agent.map(|(((site, id), name), role)| Asker::Agent { site, id, name, role });
    Ok(Some(SignedIn { email, agent, renewed }))
}

/// Who somebody is on a site, by a mailbox that is vouched for.
pub async fn vouched<D: Db>(
    door: Door<'_, D>,
    email: &str,
    site: Option<&SiteId>,
) -> Result<SignedIn, DbError> {
    let mut agent = None;
    if let Some(site) = site {
        let of = agents::decode(door.db.query(&agents::memberships(&email_key(email))).await?)?;
        agent =
            of.into_iter().find(|(of, it)| of == site && it.state == crate::api::team::AgentState::Active);
    }
    let agent = agent.map(|(site, it)| Asker::Agent { site, id: it.id, name: it.name, role: it.role });
    Ok(SignedIn { email: email.to_owned(), agent, renewed: false })
}

/// Counts a try of something, and refuses one too many (429 `rate_limited`) until its span is over. What is counted is told apart
/// by `whose`, which is kept as a keyed hash.
pub(super) async fn try_once<D: Db>(
    door: Door<'_, D>,
    ctx: &Ctx,
    (what, whose): (&str, &str),
    most: u32,
) -> Result<Option<Rejection>, DbError> {
    let key = door.secrets.secret("SIGNING_KEY").unwrap_or_default();
    let digest = signature::hex(&signature::hmac_sha256(key.as_bytes(), &[b"tries\n", whose.as_bytes()]));
    let name = format!("{what}.{}", &digest[..24]);
    let stmts =
        [counters::count_here(&name, ctx.now, TRIES_MS, 1), counters::counted_here(&name, ctx.now, TRIES_MS)];
    let counted = door.db.batch(&stmts).await?.into_iter().nth(1).unwrap_or_default();
    if counters::decode(counted)? <= most {
        return Ok(None);
    }
    let left = TRIES_MS - ctx.now.ms().rem_euclid(TRIES_MS);
    let text = "That was tried too often. Please wait a little.";
    let mut refused = Rejection::new(429, "rate_limited", text);
    refused.retry_after_ms = u32::try_from(left).ok();
    Ok(Some(refused))
}
