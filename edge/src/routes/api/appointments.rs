//! Appointments, as the team makes them.

use shared::{
    api::asked::Booking,
    command::{Appoint, Arrival, Ask, Command, Wish},
    contact::Handle,
    flow,
    id::EventId,
    store::{Db, contacts},
    time::Timestamp,
    wire::Speaker,
};
use worker::Response;

use super::{Call, told};
use crate::{error::EdgeError, perform::perform};

/// Books for a contact, as the team: 201 with the appointment's id.
pub(super) async fn book(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let Booking { service, resource, start_ms, note, request } = call.body().await?;
    let unknown = || {
        let text = "This site has no contact of this id that it could write to.";
        EdgeError::reject(404, "unknown_contact", text)
    };
    let (site, contact) = (&call.site, call.contact()?);
    let handles = contacts::decode_handles(call.app.db.query(&contacts::handles(&site.id, &contact)).await?)?;
    let lines = handles
        .into_iter()
        .filter_map(|handle| Some((site.endpoint_for(handle.address.kind)?.id.clone(), handle)));
    let best = lines.max_by_key(|(_, handle)| (handle.assurance, handle.address.kind));
    let (line, Handle { address: from, .. }) = best.ok_or_else(unknown)?;
    let mut ctx = call.ctx();
    let event = request.unwrap_or_else(|| EventId::mint(&mut ctx));
    let arrival = Arrival {
        endpoint: line,
        external_id: event.to_string(),
        event: event.clone(),
        at: ctx.now,
        visitor: None,
    };
    let ask = Ask::Book(Wish { service, resource, start: Timestamp::from_ms(start_ms), note });
    let by = Speaker::Agent("the team".to_owned());
    let command = Command::Appoint(arrival, Appoint { from, by, version: None, ask });
    let handled = flow::handle(call.scope(), &mut ctx, &command).await?;
    perform(call.app, handled.effects);
    let id = shared::appointment::id_of(&event);
    Ok(told(&serde_json::json!({ "id": id }))?.with_status(201))
}
