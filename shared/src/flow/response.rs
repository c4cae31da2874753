//! What a calendar answers an invitation does to its appointment: a decline calls it off, anything else is noted.
//!
//! Only the word of the mailbox that was invited counts, and only where the mail is known to come from it; and only about
//! the time it was invited for: an answer to an earlier SEQUENCE says nothing of the newer one (RFC 5546 section 2.1.5).

use super::{Effect, FlowError, Scope, appointments::load_appointment, handle};
use crate::{
    appointment::ics::{Answer, Response},
    command::{Appoint, Arrival, Ask, Command, Note},
    contact::Address,
    ctx::Ctx,
    id::{EndpointId, EventId},
    identity,
    phrases::appointments::Refusal,
    store::Db,
    wire::Speaker,
};

/// How often it is tried anew because the appointment changed meanwhile.
const MAX_TRIES: u32 = 3;

/// Does what a response says, `from` the mailbox that is known to have sent it. What it may not say changes nothing.
pub(super) async fn take<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    (endpoint, external_id): (EndpointId, &str),
    from: &Address,
    response: &Response,
) -> Result<Vec<Effect>, FlowError> {
    if identity::key(from) != identity::key(&response.attendee) {
        return Ok(Vec::new());
    }
    let id = &response.appointment;
    for _ in 0..MAX_TRIES {
        let found = load_appointment(scope, id).await?;
        let Some(found) = found.filter(|found| found.sequence <= response.sequence) else { break };
        let ask = match response.answer {
            Answer::Declined => Ask::Cancel(id.clone()),
            Answer::Accepted | Answer::Tentative => Ask::Note(id.clone(), Note::Answer(response.answer)),
            Answer::NeedsAction => break,
        };
        let arrival = Arrival {
            endpoint: endpoint.clone(),
            // Beside the arrival of the mail itself.
            external_id: format!("{external_id} response"),
            event: EventId::mint(ctx),
            at: ctx.now,
            visitor: None,
        };
        let version = Some(found.version);
        let appoint = Appoint { from: from.clone(), by: Speaker::Contact, version, ask };
        match handle(scope, ctx, &Command::Appoint(arrival, appoint)).await {
            Ok(handled) => return Ok(handled.effects),
            Err(FlowError::Rejected(why)) if why.code == Refusal::Changed.code() => {}
            Err(FlowError::Rejected(_)) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(Vec::new())
}
