//! The calendar invitation that goes along with a mail about an appointment.

use crate::{
    appointment::ics::{Invite, Party, render_ics},
    channel::Channel,
    contact::Contact,
    delivery::{Delivery, Purpose},
    event::Event,
    flow::{FlowError, Scope, appointments::load_appointment},
    message::Calendar,
    planned::Planned,
    site::Endpoint,
    store::Db,
};

/// The invitation of a mail that confirms an appointment or calls it off; nothing for any other message.
pub(super) async fn load_invite<D: Db>(
    scope: Scope<'_, D>,
    (delivery, endpoint, event): (&Delivery, &Endpoint, &Event),
    planned: Option<&Planned>,
    contact: Option<&Contact>,
) -> Result<Option<Calendar>, FlowError> {
    if delivery.channel != Channel::Email || delivery.purpose != Purpose::Transactional {
        return Ok(None);
    }
    let site = scope.site;
    let about = planned.and_then(|planned| planned.body.unless.appointment.as_ref());
    let Some(about) = about else { return Ok(None) };
    let Some(appointment) = load_appointment(scope, &about.id).await? else { return Ok(None) };
    let organizer = Party { name: site.name.clone(), mailbox: endpoint.address.clone() };
    let name = contact.and_then(|contact| contact.name.clone()).unwrap_or_default();
    let attendee = Party { name, mailbox: delivery.to.text.clone() };
    let service = site.booking.as_ref().and_then(|booking| booking.service(&appointment.service));
    let summary = service.map_or_else(String::new, |service| format!("{}, {}", service.name, site.name));
    // Written when the message was, so that a second attempt sends the same bytes.
    let invite = Invite {
        summary,
        location: site.address.clone(),
        ..Invite::of(&appointment, event.at, organizer, attendee)
    };
    Ok(Some(Calendar { method: invite.method.as_str().to_owned(), ics: render_ics(&invite) }))
}
