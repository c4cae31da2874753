//! What the owner's programs do for a contact: appointments, sequences, and what is planned to be said.

use std::rc::Rc;

use serde::Deserialize;
use shared::{
    channel::Channel,
    command::{
        Appoint, Arrival, Ask, Command, FloorWish, PromiseDoes, PromiseWish, Revoke, TagWish, TeamReply, Wish,
    },
    contact::Handle,
    flow::{self, log::load_log, planned::load_ahead, sequences, team},
    id::{AppointmentId, ContactId, EventId, PlannedId, ResourceId, ServiceId, SiteId},
    promise::Deed,
    site::Site,
    store::{Db, contacts},
    time::Timestamp,
    wire::Speaker,
};
use worker::{Method, Request, Response};

use super::json;
use crate::{app::App, auth, error::EdgeError, perform::perform};

const MAX_BYTES: usize = 16 * 1024;

/// Answers `/admin/sites/{site}/…` paths about a contact.
pub(super) async fn route(
    app: &App,
    mut request: Request,
    site: &str,
    parts: &[&str],
) -> Result<Response, EdgeError> {
    auth::admin(app, &request)?;
    let unknown = || EdgeError::reject(404, "unknown_site", "There is no site of this id.");
    let site = app.site(&SiteId::parse(site).map_err(|_| unknown())?).await?.ok_or_else(unknown)?;
    match (request.method(), parts) {
        (Method::Get, ["contacts", contact, "planned"]) => {
            let contact = contact_of(contact)?;
            Ok(Response::from_json(&load_ahead(app.scope(&site), &app.context(), &contact).await?)?)
        }
        (Method::Get, ["contacts", contact, "log"]) => {
            let log = load_log(app.scope(&site), &app.context(), &contact_of(contact)?).await?;
            Ok(Response::from_json(&log)?)
        }
        (Method::Delete, ["planned", id]) => {
            let unknown = || EdgeError::reject(404, "unknown_planned", "No planned message has this id.");
            let command = Command::CancelPlanned(PlannedId::parse(id).map_err(|_| unknown())?);
            handle(app, &site, &command).await?;
            Ok(Response::empty()?.with_status(204))
        }
        (Method::Post, ["contacts", contact, "appointments"]) => {
            let asked: Booking = json(&mut request, MAX_BYTES).await?;
            book(app, &site, &contact_of(contact)?, asked).await
        }
        (Method::Get, ["contacts", contact, "sequences"]) => {
            let runs = sequences::load_runs(app.scope(&site), &app.context(), &contact_of(contact)?).await?;
            Ok(Response::from_json(&runs)?)
        }
        (Method::Post, ["contacts", contact, "sequences", id]) => {
            let About { appointment, .. } = json(&mut request, MAX_BYTES).await?;
            let (contact, mut ctx) = (contact_of(contact)?, app.context());
            let handled = sequences::begin(app.scope(&site), &mut ctx, &contact, id, appointment).await?;
            perform(app, handled.effects);
            Ok(Response::empty()?.with_status(201))
        }
        (Method::Delete, ["contacts", contact, "sequences", id]) => {
            sequences::stop(app.scope(&site), &mut app.context(), &contact_of(contact)?, id).await?;
            Ok(Response::empty()?.with_status(204))
        }
        (Method::Get, ["promises"]) => {
            Ok(Response::from_json(&team::load_promises(app.scope(&site), &app.context()).await?)?)
        }
        (Method::Post, ["contacts", contact, "promises"]) => {
            let Promised { by, deed, within_min, tell } = json(&mut request, MAX_BYTES).await?;
            promise(app, &site, contact, by, PromiseDoes::Make { deed, within_min, tell }).await
        }
        (Method::Post, ["contacts", contact, "consent", "revocations"]) => {
            let Revoked { by, channels, words } = json(&mut request, MAX_BYTES).await?;
            let revoke = Revoke { by, channels, words };
            let handled =
                team::revoke(app.scope(&site), &mut app.context(), &contact_of(contact)?, revoke).await?;
            perform(app, handled.effects);
            Ok(Response::empty()?.with_status(204))
        }
        (Method::Post, ["contacts", contact, "messages"]) => {
            let Said { by, channel, text } = json(&mut request, MAX_BYTES).await?;
            let reply = TeamReply { by, channel, text };
            let handled =
                team::reply(app.scope(&site), &mut app.context(), &contact_of(contact)?, reply).await?;
            let id = handled.accepted.as_ref().map(|(id, ..)| id.to_string());
            perform(app, handled.effects);
            Ok(Response::from_json(&serde_json::json!({ "id": id }))?.with_status(201))
        }
        (Method::Post, ["contacts", contact, "floor", end @ ("taken" | "given-back")]) => {
            let Named { by } = json(&mut request, MAX_BYTES).await?;
            let wish = FloorWish { by, take: *end == "taken" };
            let handled =
                team::floor(app.scope(&site), &mut app.context(), &contact_of(contact)?, wish).await?;
            perform(app, handled.effects);
            Ok(Response::empty()?.with_status(204))
        }
        (Method::Get, ["contacts", contact, "tags"]) => {
            Ok(Response::from_json(&team::load_tags(app.scope(&site), &contact_of(contact)?).await?)?)
        }
        (Method::Post, ["contacts", contact, "tags"]) => {
            let Tagged { by, tag } = json(&mut request, MAX_BYTES).await?;
            put_tag(app, &site, contact, TagWish { by, tag, on: true }).await
        }
        (Method::Post, ["contacts", contact, "tags", "removed"]) => {
            let Tagged { by, tag } = json(&mut request, MAX_BYTES).await?;
            put_tag(app, &site, contact, TagWish { by, tag, on: false }).await
        }
        (Method::Post, ["contacts", contact, "promises", end @ ("kept" | "withdrawn")]) => {
            let Ended { by, note } = json(&mut request, MAX_BYTES).await?;
            let does = if *end == "kept" { PromiseDoes::Keep(note) } else { PromiseDoes::Withdraw(note) };
            promise(app, &site, contact, by, does).await
        }
        (Method::Post, ["sequences", id, "dry-run"]) => {
            let About { contact, appointment, at_ms } = json(&mut request, MAX_BYTES).await?;
            let needed =
                || EdgeError::reject(400, "missing_field", "`contact` is missing: who would it be for?");
            let (contact, mut ctx) = (contact.ok_or_else(needed)?, app.context());
            ctx.now = at_ms.map_or(ctx.now, Timestamp::from_ms);
            let dry = sequences::dry_run(app.scope(&site), &ctx, &contact, id, appointment).await?;
            Ok(Response::from_json(&dry)?)
        }
        _ => Err(EdgeError::not_found()),
    }
}

/// Whom and what a sequence is to be about: the body of `POST …/contacts/{c}/sequences/{id}` and `…/dry-run`.
#[derive(Deserialize)]
struct About {
    /// Who; only where the path does not say it.
    #[serde(default)]
    contact: Option<ContactId>,
    /// Which appointment; the contact's next where there is none.
    #[serde(default)]
    appointment: Option<AppointmentId>,
    /// When it would begin, in milliseconds since 1970; now where there is none.
    #[serde(default)]
    at_ms: Option<i64>,
}

/// The body of `POST …/promises`.
#[derive(Deserialize)]
struct Promised {
    /// Who of the site's `team` promises it.
    by: String,
    deed: Deed,
    /// In minutes of the team's own time; as the site promises where there is none.
    #[serde(default)]
    within_min: Option<u32>,
    /// Whether it is said to the contact as well.
    #[serde(default)]
    tell: bool,
}

/// The body of `POST …/consent/revocations`.
#[derive(Deserialize)]
struct Revoked {
    /// Who of the site's `team` was told.
    by: String,
    /// Every channel where there is none.
    #[serde(default)]
    channels: Vec<Channel>,
    words: String,
}

/// The body of `POST …/messages`.
#[derive(Deserialize)]
struct Said {
    /// Who of the site's `team` writes.
    by: String,
    /// Where; on the line the contact last wrote on where there is none.
    #[serde(default)]
    channel: Option<Channel>,
    text: String,
}

/// The body of `POST …/floor/taken` and `…/floor/given-back`.
#[derive(Deserialize)]
struct Named {
    /// Who of the site's `team`.
    by: String,
}

/// The body of `POST …/tags` and `…/tags/removed`.
#[derive(Deserialize)]
struct Tagged {
    /// Who of the site's `team`.
    by: String,
    tag: String,
}

/// A tag is put on or taken off: 204.
async fn put_tag(app: &App, site: &Site, contact: &str, wish: TagWish) -> Result<Response, EdgeError> {
    let handled = team::tag(app.scope(site), &mut app.context(), &contact_of(contact)?, wish).await?;
    perform(app, handled.effects);
    Ok(Response::empty()?.with_status(204))
}

/// The body of `POST …/promises/kept` and `…/withdrawn`.
#[derive(Deserialize)]
struct Ended {
    /// Who of the site's `team`.
    by: String,
    #[serde(default)]
    note: Option<String>,
}

/// What a member of the team does about a promise: 204.
async fn promise(
    app: &App,
    site: &Site,
    contact: &str,
    by: String,
    does: PromiseDoes,
) -> Result<Response, EdgeError> {
    let wish = PromiseWish { by, does };
    let handled = team::promise(app.scope(site), &mut app.context(), &contact_of(contact)?, wish).await?;
    perform(app, handled.effects);
    Ok(Response::empty()?.with_status(204))
}

/// The body of `POST …/appointments`.
#[derive(Deserialize)]
struct Booking {
    service: ServiceId,
    #[serde(default)]
    resource: Option<ResourceId>,
    /// Milliseconds since 1970.
    start_ms: i64,
    #[serde(default)]
    note: Option<String>,
    /// The caller's own name for the request: the same again books no second time.
    #[serde(default)]
    request: Option<EventId>,
}

/// Books for a contact, as the team: 201 with the appointment's id.
async fn book(
    app: &App,
    site: &Rc<Site>,
    contact: &ContactId,
    asked: Booking,
) -> Result<Response, EdgeError> {
    let unknown = || {
        EdgeError::reject(
            404,
            "unknown_contact",
            "This site has no contact of this id that it could write to.",
        )
    };
    let handles = contacts::decode_handles(app.db.query(&contacts::handles(&site.id, contact)).await?)?;
    let lines = handles
        .into_iter()
        .filter_map(|handle| Some((site.endpoint_for(handle.address.kind)?.id.clone(), handle)));
    let best = lines.max_by_key(|(_, handle)| (handle.assurance, handle.address.kind));
    let (line, Handle { address: from, .. }) = best.ok_or_else(unknown)?;
    let event = asked.request.clone().unwrap_or_else(|| EventId::mint(&mut app.context()));
    let arrival = Arrival {
        endpoint: line,
        external_id: event.to_string(),
        event: event.clone(),
        at: app.context().now,
        visitor: None,
    };
    let Booking { service, resource, start_ms, note, .. } = asked;
    let ask = Ask::Book(Wish { service, resource, start: Timestamp::from_ms(start_ms), note });
    let by = Speaker::Agent("the team".to_owned());
    handle(app, site, &Command::Appoint(arrival, Appoint { from, by, version: None, ask })).await?;
    let id = shared::appointment::id_of(&event);
    Ok(Response::from_json(&serde_json::json!({ "id": id }))?.with_status(201))
}

async fn handle(app: &App, site: &Site, command: &Command) -> Result<(), EdgeError> {
    let handled = flow::handle(app.scope(site), &mut app.context(), command).await?;
    perform(app, handled.effects);
    Ok(())
}

fn contact_of(id: &str) -> Result<ContactId, EdgeError> {
    ContactId::parse(id)
        .map_err(|_| EdgeError::reject(404, "unknown_contact", "This site has no contact of this id."))
}
