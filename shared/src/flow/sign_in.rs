//! Signing in by a link in a mail.
//!
//! 1. Somebody asks for a link. Whoever asks hears the same whether anybody has the address, and hears it before the address is
//!    looked for, so that not even the time tells.
//! 2. The mail's link works once, for [`LINK_MS`]. Its GET shows a button, since scanners follow links; its POST signs in.
//! 3. Whoever was invited is of the team from then on, and the deployment's `OWNER_EMAIL` owns every site that nobody owns.
//!
//! Nothing is stored by which anybody could sign in: links and cookies stand there as hashes, and a link is made when its mail goes out.

use super::{
    Effect, FlowError, Scope,
    door::{self, Door, SIGNED_IN_MS, hash},
};
use crate::{
    api::{
        me::{Me, Membership, Role},
        team::{Agent, AgentState},
    },
    audit::Act,
    channel::Channel,
    contact::{Address, AddressKind},
    ctx::Ctx,
    error::Rejection,
    id::{AgentId, AuditId, NoticeId, SiteId},
    identity,
    notice::{Notice, SIGN_IN_LINK},
    phrases::{Lang, sign_in as words},
    site::Site,
    store::{Db, DbError, agents, audit, notices, sign_ins, sites},
    team,
    time::MINUTE_MS,
};

/// How long a link works, in milliseconds.
pub const LINK_MS: i64 = 10 * MINUTE_MS;
/// How many links an address may be sent in a span of [`door::TRIES_MS`].
const LINKS_PER_ADDRESS: u32 = 5;
/// How many one network address may ask for in it.
const LINKS_PER_IP: u32 = 20;
/// How many links that do not work it may try in it.
const TRIES_PER_IP: u32 = 20;

/// Takes the wish for a link: the mailbox as it is kept. Refuses what is no address (400 `bad_address`), and one wish too many of an
/// address or a network address (429 `rate_limited`).
pub async fn wish<D: Db>(
    door: Door<'_, D>,
    ctx: &Ctx,
    typed: &str,
    ip: Option<&str>,
) -> Result<String, FlowError> {
    let no_address = || Rejection::new(400, "bad_address", words::no_address(Lang::En));
    let address = identity::parse_email(typed).map_err(|_| no_address())?;
    let key = identity::key(&address);
    let of_address = door::try_once(door, ctx, ("links.to", &key), LINKS_PER_ADDRESS).await?;
    let of_ip = match ip {
        Some(ip) => door::try_once(door, ctx, ("links.from", ip), LINKS_PER_IP).await?,
        None => None,
    };
    of_address.or(of_ip).map_or(Ok(address.text), |refused| Err(refused.into()))
}

/// Sends a link to a mailbox, if it is somebody's. To be called after the answer has gone out.
pub async fn send_link<D: Db>(
    door: Door<'_, D>,
    ctx: &mut Ctx,
    email: &str,
) -> Result<Vec<Effect>, FlowError> {
    let key = door::email_key(email);
    let Some((site, agent)) = whose(door, &key).await? else { return Ok(Vec::new()) };
    let (scope, lang) = (door.scope(&site), Lang::of(&site.locale));
    let notice = Notice {
        id: NoticeId::mint(ctx),
        agent,
        kind: "sign_in".to_owned(),
        channel: Channel::Email,
        to: email.to_owned(),
        subject: Some(words::subject(lang, &site.name)),
        text: words::mail(lang, &site.name, SIGN_IN_LINK),
        group: format!("sign_in {key}"),
        due_at: ctx.now,
    };
    let Some(token) = scope.sign_in_token(&notice.id) else { return Ok(Vec::new()) };
    let mut stmts =
        sign_ins::add_link(&hash(&token), (email, &key), ctx.now.plus_ms(LINK_MS), ctx.now).to_vec();
    stmts.push(notices::add(&site.id, &notice, ctx.now));
    door.db.batch(&stmts).await?;
    Ok(vec![Effect::Notify { notice: notice.id, due_at: notice.due_at }])
}

/// The site whose mailbox writes to somebody, and who they are there: the first of theirs that has a mailbox.
async fn whose<D: Db>(door: Door<'_, D>, key: &str) -> Result<Option<(Site, Option<AgentId>)>, DbError> {
    let of = agents::decode(door.db.query(&agents::memberships(key)).await?)?;
    let mut places: Vec<(SiteId, Option<AgentId>)> =
        of.into_iter().map(|(site, agent)| (site, Some(agent.id))).collect();
    if door.owner_key().as_deref() == Some(key) {
        let ownerless = agents::decode_sites(door.db.query(&agents::ownerless()).await?)?;
        places.extend(ownerless.into_iter().map(|site| (site, None)));
    }
    for (id, agent) in places {
        let site = sites::load_site(door.db, &id).await?;
        if let Some(site) = site.filter(|site| site.endpoint_on(Channel::Email).is_some()) {
            return Ok(Some((site, agent)));
        }
    }
    Ok(None)
}

/// Why a link does not sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is none of ours.
    Forged,
    /// It was used, or is too old.
    Ended,
    /// Whoever it is of is of no team any more.
    NoTeam,
}

impl Refused {
    /// The stable word for the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Ended => "ended",
            Self::NoTeam => "no_team",
        }
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Forged => 401,
            Self::Ended => 410,
            Self::NoTeam => 403,
        }
    }

    /// The same for people to read.
    pub fn says(self, lang: Lang) -> String {
        match self {
            Self::Forged => words::forged(lang).to_owned(),
            Self::Ended => words::ended(lang),
            Self::NoTeam => words::no_team(lang).to_owned(),
        }
    }
}

/// Whose a link is, masked. Changes nothing.
pub async fn look<D: Db>(
    door: Door<'_, D>,
    ctx: &Ctx,
    token: &str,
) -> Result<Result<String, Refused>, FlowError> {
    if !is_ours(door, token) {
        return Ok(Err(Refused::Forged));
    }
    let email = sign_ins::decode_email(door.db.query(&sign_ins::link(&hash(token), ctx.now)).await?)?;
    let mask = |email: String| identity::mask(&Address::new(AddressKind::Email, email));
    Ok(email.map(mask).ok_or(Refused::Ended))
}

/// Signs a browser in by a link: the cookie's value. Refuses one try too many of a network address (429 `rate_limited`).
pub async fn enter<D: Db>(
    door: Door<'_, D>,
    ctx: &mut Ctx,
    token: &str,
    ip: Option<&str>,
) -> Result<Result<String, Refused>, FlowError> {
    let ours = is_ours(door, token);
    let cookie = door.draw(ctx, "cookie").filter(|_| ours);
    let Some(cookie) = cookie else { return refuse(door, ctx, ip, Refused::Forged).await };
    let until = ctx.now.plus_ms(SIGNED_IN_MS);
    let stmts = sign_ins::redeem(&hash(token), &hash(&cookie), ctx.now, until);
    let email = door.db.batch(&stmts).await?.into_iter().next().unwrap_or_default();
    let Some(email) = sign_ins::decode_email(email)? else {
        return refuse(door, ctx, ip, Refused::Ended).await;
    };
    door.db.query(&sign_ins::forget(&door::email_key(&email), ctx.now)).await?;
    if join(door, ctx, &email).await?.is_empty() {
        door.db.query(&sign_ins::end(&hash(&cookie))).await?;
        return Ok(Err(Refused::NoTeam));
    }
    Ok(Ok(cookie))
}

async fn refuse<D: Db>(
    door: Door<'_, D>,
    ctx: &Ctx,
    ip: Option<&str>,
    why: Refused,
) -> Result<Result<String, Refused>, FlowError> {
    let too_many = match ip {
        Some(ip) => door::try_once(door, ctx, ("tries.from", ip), TRIES_PER_IP).await?,
        None => None,
    };
    too_many.map_or(Ok(Err(why)), |refused| Err(refused.into()))
}

fn is_ours<D: Db>(door: Door<'_, D>, token: &str) -> bool {
    let Some(key) = door.secrets.secret("SIGNING_KEY") else { return false };
    crate::signature::open(&key, super::SIGN_IN, token).is_some()
}

/// Whoever was invited is of the team now that they are here, and the deployment's owner owns what nobody owns. Every team they are
/// of.
async fn join<D: Db>(
    door: Door<'_, D>,
    ctx: &mut Ctx,
    email: &str,
) -> Result<Vec<(SiteId, Agent)>, FlowError> {
    let key = door::email_key(email);
    let of = agents::decode(door.db.query(&agents::memberships(&key)).await?)?;
    let mut changed = false;
    for (site, agent) in of.iter().filter(|(_, agent)| agent.state == AgentState::Invited) {
        let joined = Agent { state: AgentState::Active, ..agent.clone() };
        note(door, ctx, site, &joined, agents::change(site, &joined), "agent_joined").await?;
        changed = true;
    }
    if door.owner_key().as_deref() == Some(&key) {
        let ownerless = agents::decode_sites(door.db.query(&agents::ownerless()).await?)?;
        for site in ownerless {
            let team = agents::decode(door.db.query(&agents::of_site(&site)).await?)?;
            let own = team.iter().find(|(_, agent)| door::email_key(&agent.email) == key);
            let (id, name) = match own {
                Some((_, own)) => (own.id.clone(), own.name.clone()),
                None => (
                    AgentId::mint(ctx),
                    team::name_of(email, &team.iter().map(|(_, agent)| agent).collect::<Vec<_>>()),
                ),
            };
            let state = AgentState::Active;
            let owner = Agent { id, email: email.to_owned(), name, role: Role::Owner, state, since: ctx.now };
            let stmt = match own {
                Some((_, own)) if own.state == AgentState::Active => agents::change(&site, &owner),
                _ => agents::take_in(&site, &owner, &key),
            };
            note(door, ctx, &site, &owner, stmt, "agent_became_owner").await?;
            changed = true;
        }
    }
    if !changed {
        return Ok(of);
    }
    Ok(agents::decode(door.db.query(&agents::memberships(&key)).await?)?)
}

async fn note<D: Db>(
    door: Door<'_, D>,
    ctx: &mut Ctx,
    site: &SiteId,
    agent: &Agent,
    stmt: crate::store::Stmt,
    act: &str,
) -> Result<(), DbError> {
    let act = Act {
        agent: agent.name.clone(),
        act: act.to_owned(),
        subject: agent.id.to_string(),
        detail: String::new(),
    };
    let noted = audit::add(site, &AuditId::mint(ctx), &act, ctx.now);
    door.db.batch(&[stmt, noted]).await?;
    Ok(())
}

/// Who is signed in, and where they belong. Whoever is vouched for by somebody else joins here.
pub async fn me<D: Db>(door: Door<'_, D>, ctx: &mut Ctx, email: &str) -> Result<Me, FlowError> {
    let mut me = Me { email: email.to_owned(), now: ctx.now, sites: Vec::new() };
    for (id, agent) in join(door, ctx, email).await? {
        let Some(site) = sites::load_site(door.db, &id).await? else { continue };
        me.sites.push(Membership {
            site: id,
            site_name: site.name,
            time_zone: site.time_zone,
            color: site.brand.color,
            assistant: site.assistant.name,
            agent: agent.id,
            name: agent.name,
            role: agent.role,
            team: site.team,
        });
    }
    Ok(me)
}

/// Signs a browser out, or somebody out everywhere.
pub async fn sign_out<D: Db>(
    door: Door<'_, D>,
    cookie: Option<&str>,
    everywhere: Option<&str>,
) -> Result<(), DbError> {
    let mut stmts: Vec<_> = cookie.map(|cookie| sign_ins::end(&hash(cookie))).into_iter().collect();
    stmts.extend(everywhere.map(|email| sign_ins::end_all(&door::email_key(email))));
    if !stmts.is_empty() {
        door.db.batch(&stmts).await?;
    }
    Ok(())
}

/// The page of sign-in that a site's people are sent to.
pub(super) fn page_of<D: Db>(scope: Scope<'_, D>) -> String {
    format!("{}/inbox/sign-in", scope.public_url)
}
