//! What a decision about something that nobody asked for just now looks at: the conversation, every address of the
//! contact, what they told, and what makes it pointless.

use super::{
    Scope,
    alerts::load_team,
    load::{RECENT, decode_known, questions},
};
use crate::{
    command::Begin,
    contact::{Address, Assurance},
    decide::{Snapshot, Waiting},
    id::{AppointmentId, ConversationId, PlannedId},
    sequence::run::RunKey,
    store::{
        Db, DbError, Stmt, appointments, consents, contacts, conversations, events, merges, planned, runs,
        tags,
    },
};

/// How many of a contact's addresses a message may go to.
const MAX_WAYS: usize = 20;
/// How much of what waits in a conversation a message is weighed against.
const MAX_WAITING: u32 = 20;
/// How many of a contact's runs are looked at.
pub(super) const MAX_RUNS: u32 = 100;

/// A planned message, its conversation, and every address of the contact.
pub(super) async fn load_planned<'a, D: Db>(
    scope: Scope<'a, D>,
    id: &PlannedId,
) -> Result<Snapshot<'a>, DbError> {
    let found = scope.db.query(&planned::planned(&scope.site.id, id)).await?;
    let Some(planned) = planned::decode(found)?.into_iter().next() else {
        return Ok(Snapshot::empty(scope.site));
    };
    let about = planned.body.unless.appointment.as_ref().map(|about| &about.id);
    let snapshot = load_unasked(scope, &planned.conversation, about).await?;
    let waiting = load_waiting(scope, &planned.conversation).await?;
    Ok(Snapshot { planned: Some(planned), waiting, ..snapshot })
}

/// A run, its conversation, and every address of the contact.
pub(super) async fn load_run<'a, D: Db>(scope: Scope<'a, D>, key: &RunKey) -> Result<Snapshot<'a>, DbError> {
    let found = scope.db.query(&runs::one(&scope.site.id, key)).await?;
    let Some(run) = runs::decode(found)?.into_iter().next() else {
        return Ok(Snapshot::empty(scope.site));
    };
    let about = run.body.appointment.as_ref().map(|about| &about.id);
    let snapshot = load_unasked(scope, &run.key.conversation, about).await?;
    let waiting = load_waiting(scope, &run.key.conversation).await?;
    // A step may call a member of the team.
    let team = load_team(scope, Some(&run.key.conversation), None).await?;
    Ok(Snapshot { runs: vec![run], waiting, team, ..snapshot })
}

/// What waits to be said in a conversation, and the appointments it is about.
async fn load_waiting<D: Db>(scope: Scope<'_, D>, conversation: &ConversationId) -> Result<Waiting, DbError> {
    let site = &scope.site.id;
    let stmts = [
        runs::running(site, conversation, MAX_WAITING),
        planned::all_waiting(site, conversation, MAX_WAITING),
    ];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let runs = runs::decode(rows.next().unwrap_or_default())?;
    let planned = planned::decode(rows.next().unwrap_or_default())?;
    let of_runs = runs.iter().filter_map(|run| run.body.appointment.as_ref());
    let of_planned = planned.iter().filter_map(|planned| planned.body.unless.appointment.as_ref());
    let mut about: Vec<&AppointmentId> = of_runs.chain(of_planned).map(|about| &about.id).collect();
    about.sort_unstable();
    about.dedup();
    let stmts: Vec<Stmt> = about.into_iter().map(|id| appointments::one(site, id)).collect();
    let mut found = Vec::new();
    if !stmts.is_empty() {
        for rows in scope.db.batch(&stmts).await? {
            found.extend(appointments::decode(rows)?);
        }
    }
    Ok(Waiting { runs, planned, appointments: found })
}

/// A conversation that is to begin a sequence, and what runs in it already.
pub(super) async fn load_begin<'a, D: Db>(
    scope: Scope<'a, D>,
    begin: &Begin,
) -> Result<Snapshot<'a>, DbError> {
    let snapshot = load_unasked(scope, &begin.conversation, begin.appointment.as_ref()).await?;
    let Some(contact) = &snapshot.contact else { return Ok(snapshot) };
    let found = scope.db.query(&runs::of_contact(&scope.site.id, &contact.id, MAX_RUNS)).await?;
    Ok(Snapshot { runs: runs::decode(found)?, ..snapshot })
}

/// A conversation in which something is promised, and what runs in it that is about no appointment.
pub(super) async fn load_promised<'a, D: Db>(
    scope: Scope<'a, D>,
    conversation: &ConversationId,
) -> Result<Snapshot<'a>, DbError> {
    let snapshot = load_unasked(scope, conversation, None).await?;
    let found = scope.db.query(&runs::of_conversation(&scope.site.id, conversation)).await?;
    let team = load_team(scope, Some(conversation), None).await?;
    Ok(Snapshot { runs: runs::decode(found)?, team, ..snapshot })
}

/// A conversation whose floor changes hands, with what was said last.
pub(super) async fn load_floor<'a, D: Db>(
    scope: Scope<'a, D>,
    conversation: &ConversationId,
) -> Result<Snapshot<'a>, DbError> {
    let snapshot = load_unasked(scope, conversation, None).await?;
    let recent = events::recent_of_conversation(&scope.site.id, conversation, RECENT);
    let mut recent = events::decode_events(scope.db.query(&recent).await?)?;
    recent.retain(|event| event.conversation == *conversation);
    // What was begun earlier may have been committed later: places tell what came after what, not times.
    recent.sort_by_key(|event| core::cmp::Reverse(event.seq));
    Ok(Snapshot { recent, ..snapshot })
}

/// A conversation whose contact gets or loses a tag, with the tags they have.
pub(super) async fn load_tagged<'a, D: Db>(
    scope: Scope<'a, D>,
    conversation: &ConversationId,
) -> Result<Snapshot<'a>, DbError> {
    let snapshot = load_promised(scope, conversation).await?;
    let Some(contact) = &snapshot.contact else { return Ok(snapshot) };
    let tags = tags::decode(scope.db.query(&tags::of_contact(&scope.site.id, &contact.id)).await?)?;
    Ok(Snapshot { tags, ..snapshot })
}

/// A conversation, every address of its contact, and the appointment that something is about.
pub(super) async fn load_unasked<'a, D: Db>(
    scope: Scope<'a, D>,
    conversation: &ConversationId,
    about: Option<&AppointmentId>,
) -> Result<Snapshot<'a>, DbError> {
    let site = &scope.site.id;
    let mut snapshot = Snapshot::empty(scope.site);
    let mut stmts = vec![
        conversations::conversation(site, conversation),
        contacts::of_conversation(site, conversation),
        contacts::handles_of_conversation(site, conversation),
        consents::facts_of_conversation(site, conversation),
        merges::joined_at(site, conversation),
    ];
    stmts.extend(about.map(|about| appointments::one(site, about)));
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    snapshot.conversation = conversations::decode(next())?;
    snapshot.contact = contacts::decode_one(next())?;
    let handles = contacts::decode_handles(next())?;
    let mut told = consents::decode_facts(next())?;
    snapshot.people.joined_at = merges::decode_joined_at(next())?;
    // What was said on a line that is not proven never takes the place of what was said on one that is.
    told.sort_by_key(|told| told.assurance >= Assurance::Possessed);
    snapshot.facts = told.into_iter().map(|told| told.said).collect();
    snapshot.calendar.named = appointments::decode(next())?.into_iter().next();
    snapshot.calendar.link =
        snapshot.calendar.named.as_ref().and_then(|named| scope.appointment_link(&named.id));
    let mut addresses: Vec<Address> =
        handles.into_iter().map(|handle| handle.address).take(MAX_WAYS).collect();
    // Whoever has the mailbox that was typed for an appointment, it is told there.
    let typed = snapshot.calendar.named.as_ref().and_then(|named| named.mailbox.clone());
    let typed = typed.filter(|typed| !addresses.iter().any(|own| own.is_same(typed)));
    addresses.extend(typed);
    let stmts: Vec<Stmt> = addresses.iter().flat_map(|address| questions(scope, address)).collect();
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    for address in &addresses {
        snapshot.addresses.push(decode_known(address, &mut rows)?);
    }
    Ok(snapshot)
}
