//! Appointments, as the team makes and changes them.

use shared::{
    api::asked::{AppointmentAct, AppointmentDoes, Booking},
    command::{Appoint, Arrival, Ask, Command, Note, Wish},
    contact::Handle,
    flow,
    id::{AppointmentId, EventId},
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
    let ask = Ask::Book(Wish { service, resource, start: Timestamp::from_ms(start_ms), note });
    let event = asks(&call, "the team".to_owned(), request, ask).await?;
    let id = shared::appointment::id_of(&event);
    Ok(told(&serde_json::json!({ "id": id }))?.with_status(201))
}

/// Changes what is booked, as the team: 204.
pub(super) async fn change(mut call: Call<'_>) -> Result<Response, EdgeError> {
    let AppointmentDoes { by, request, act } = call.body().await?;
    let unknown = || EdgeError::reject(404, "unknown_appointment", "This contact has no such appointment.");
    let id = AppointmentId::parse(call.param("appointment")).map_err(|_| unknown())?;
    let ask = match act {
        AppointmentAct::Move { start_ms, resource } => {
            Ask::Move { id, start: Timestamp::from_ms(start_ms), resource }
        }
        AppointmentAct::Cancel {} => Ask::Cancel(id),
        AppointmentAct::Note { text } => Ask::Note(id, Note::Text(text)),
        AppointmentAct::Missed {} => Ask::MarkMissed(id),
        AppointmentAct::Done {} => Ask::MarkDone(id),
    };
    let by = call.by(by)?;
    asks(&call, by, request, ask).await?;
    Ok(Response::empty()?.with_status(204))
}

/// Asks it on the contact's best line; the event it was asked with.
async fn asks(call: &Call<'_>, by: String, request: Option<EventId>, ask: Ask) -> Result<EventId, EdgeError> {
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
    let (endpoint, Handle { address: from, .. }) = best.ok_or_else(unknown)?;
    let mut ctx = call.ctx();
    let event = request.unwrap_or_else(|| EventId::mint(&mut ctx));
    let (external_id, at) = (event.to_string(), ctx.now);
    let arrival = Arrival { endpoint, external_id, event: event.clone(), at, visitor: None };
    let command = Command::Appoint(arrival, Appoint { from, by: Speaker::Agent(by), version: None, ask });
    let handled = flow::handle(call.scope(), &mut ctx, &command).await?;
    perform(call.app, handled.effects);
    Ok(event)
}
