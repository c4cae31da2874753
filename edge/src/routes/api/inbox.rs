//! What the inbox reads of a contact, and its line to the site's Desk.

use serde::Deserialize;
use shared::{
    api::{access::Asker, live::SUBPROTOCOL, person::Presence},
    flow::inbox::{
        person::load_person,
        timeline::{From, load_stretch},
    },
    store::{Db, conversations},
};
use worker::{Headers, Request, RequestInit, Response, Url};

use super::{Call, told};
use crate::{error::EdgeError, room};

/// How many entries a stretch has where nothing is asked for.
const STRETCH: u32 = 100;

#[derive(Default, Deserialize)]
struct Asked {
    before: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

/// The contact, and the ways whoever asks could write to them.
pub(super) async fn person(call: &Call<'_>) -> Result<Response, EdgeError> {
    let me = match &call.asker {
        Asker::Agent { name, .. } => Some(name.as_str()),
        _ => call.site.team.first().map(String::as_str),
    };
    told(&load_person(call.scope(), &call.ctx(), &call.contact()?, me).await?)
}

/// A stretch of the timeline: `?before=` and `?after=` take cursors, `?limit=` at most 200.
pub(super) async fn timeline(call: &Call<'_>) -> Result<Response, EdgeError> {
    let asked: Asked = call.request.query().unwrap_or_default();
    let from = match (asked.before, asked.after) {
        (Some(before), _) => From::Before(before),
        (None, Some(after)) => From::After(after),
        (None, None) => From::End,
    };
    let limit = asked.limit.unwrap_or(STRETCH);
    told(&load_stretch(call.scope(), &call.ctx(), &call.contact()?, &from, limit).await?)
}

/// Whether the contact has the chat open: their Room knows.
pub(super) async fn presence(call: &Call<'_>) -> Result<Response, EdgeError> {
    let found = call.app.db.query(&conversations::by_contact(&call.site.id, &call.contact()?)).await?;
    let present = match conversations::decode(found)? {
        Some(conversation) => room::present(call.app, &conversation.id).await?,
        None => Vec::new(),
    };
    let types = present.iter().any(|present| present.types);
    told(&Presence { here: !present.is_empty(), types })
}

/// Joins the site's Desk with a socket. 426 without one; 403 for whoever is nobody of the team.
pub(super) async fn join(call: Call<'_>) -> Result<Response, EdgeError> {
    let Asker::Agent { name, site, .. } = &call.asker else {
        return Err(EdgeError::reject(403, "not_allowed", "The Desk is for the team: sign in to the inbox."));
    };
    let asked = call.request.headers().get("sec-websocket-protocol")?.unwrap_or_default();
    if !asked.split(',').any(|protocol| protocol.trim() == SUBPROTOCOL) {
        let text = format!("This is a WebSocket with the subprotocol `{SUBPROTOCOL}`.");
        return Err(EdgeError::reject(426, "upgrade_required", text));
    }
    let headers = Headers::new();
    headers.set("upgrade", "websocket")?;
    let mut init = RequestInit::new();
    init.with_headers(headers);
    let who = [("agent", name.as_str()), ("site", site.as_str())];
    let address = Url::parse_with_params("https://desk/socket", who).map_err(worker::Error::from)?;
    let request = Request::new_with_init(address.as_str(), &init)?;
    Ok(call.app.desk(site)?.fetch_with_request(request).await?)
}
