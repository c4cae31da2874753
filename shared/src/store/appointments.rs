//! Appointments, and what takes the time of resources.
//!
//! That no two have the same time, that a day's maximum holds and that changes follow one another are constraints of the
//! database: whoever commits second gets a [`DbError::Conflict`], loads again and decides again. They are triggers over
//! exact spans of time: a table with a row per five minutes taken would say the same with a dozen rows written per
//! booking, and only for times that fit its grid.

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_word, statements, stmt};
use crate::{
    appointment::{Appointment, State, Time, slots::Busy},
    contact::{Address, AddressKind},
    id::{AppointmentId, ContactId, ConversationId, ResourceId, ServiceId, SiteId},
    identity,
    time::{DAY_MS, Timestamp},
};

statements! {
    /// An appointment, with the contact it belongs to after joins.
    ONE = "SELECT a.*, COALESCE(o.merged_into, o.id) AS owner_id FROM appointments a
        JOIN contacts o ON o.site_id = a.site_id AND o.id = a.contact_id
        WHERE a.site_id = ?1 AND a.id = ?2";
    /// A contact's appointments that end after a moment, also those that came with joins.
    OF_CONTACT = "SELECT a.*, ?2 AS owner_id FROM (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2
        ) c
        CROSS JOIN appointments a ON a.site_id = ?1 AND a.contact_id = c.id AND a.ends_at_ms > ?3
        ORDER BY a.starts_at_ms, a.id LIMIT ?4";
    /// What takes a resource's time in a window; a hold that has ended does not.
    BUSY = "SELECT id, service_id, busy_from_ms, busy_to_ms, day FROM appointments
        WHERE site_id = ?1 AND resource_id = ?2 AND busy_from_ms > ?3 AND busy_from_ms < ?4
          AND state IN ('held', 'booked', 'done') AND (state <> 'held' OR held_until_ms > ?5)
        ORDER BY busy_from_ms";
    /// Adds an appointment. A time that is taken and a day that is full are conflicts.
    ADD = "INSERT INTO appointments (site_id, id, resource_id, starts_at_ms, ends_at_ms, busy_from_ms, busy_to_ms, day,
          day_max, state, held_until_ms, version, sequence, note, late_by_min, updated_at_ms, contact_id,
          conversation_id, address_kind, address_key, service_id, created_at_ms, mailbox)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
          ?23)";
    /// Takes an appointment's next version; the version must be the next one, or it is a conflict.
    UPDATE = "UPDATE appointments SET resource_id = ?3, starts_at_ms = ?4, ends_at_ms = ?5, busy_from_ms = ?6,
          busy_to_ms = ?7, day = ?8, day_max = ?9, state = ?10, held_until_ms = ?11, version = ?12, sequence = ?13,
          note = ?14, late_by_min = ?15, updated_at_ms = ?16
        WHERE site_id = ?1 AND id = ?2";
    /// Tidies up holds that ended by the clock, where a time is about to be taken. The list of states is the index's.
    EXPIRE = "UPDATE appointments SET state = 'cancelled', version = version + 1, updated_at_ms = ?5
        WHERE site_id = ?1 AND resource_id = ?2 AND busy_from_ms > ?3 AND busy_from_ms < ?4
          AND state IN ('held', 'booked', 'done') AND state = 'held' AND held_until_ms <= ?5";
}

#[derive(Deserialize)]
struct AppointmentRow {
    id: AppointmentId,
    owner_id: ContactId,
    conversation_id: ConversationId,
    address_kind: String,
    address_key: String,
    service_id: ServiceId,
    resource_id: ResourceId,
    starts_at_ms: Timestamp,
    ends_at_ms: Timestamp,
    busy_from_ms: Timestamp,
    busy_to_ms: Timestamp,
    day: String,
    day_max: Option<u32>,
    state: String,
    held_until_ms: Option<Timestamp>,
    version: u32,
    sequence: u32,
    note: Option<String>,
    late_by_min: Option<u32>,
    created_at_ms: Timestamp,
    mailbox: Option<String>,
}

fn decode_appointment(row: AppointmentRow) -> Result<Appointment, DbError> {
    let kind = decode_word(&row.address_kind, AddressKind::parse(&row.address_kind))?;
    Ok(Appointment {
        id: row.id,
        contact: row.owner_id,
        conversation: row.conversation_id,
        line: Address::new(kind, row.address_key),
        service: row.service_id,
        resource: row.resource_id,
        time: Time {
            start: row.starts_at_ms,
            end: row.ends_at_ms,
            busy_from: row.busy_from_ms,
            busy_to: row.busy_to_ms,
            day: row.day,
        },
        day_max: row.day_max,
        state: decode_word(&row.state, State::parse(&row.state))?,
        held_until: row.held_until_ms,
        version: row.version,
        sequence: row.sequence,
        note: row.note,
        late_by_min: row.late_by_min,
        mailbox: row.mailbox.map(|text| Address::new(AddressKind::Email, text)),
        created_at: row.created_at_ms,
    })
}

/// The appointments of an answer to [`one`] or [`of_contact`].
pub fn decode(answer: Answer) -> Result<Vec<Appointment>, DbError> {
    answer.decode_all()?.into_iter().map(decode_appointment).collect()
}

#[derive(Deserialize)]
struct BusyRow {
    id: AppointmentId,
    service_id: ServiceId,
    busy_from_ms: Timestamp,
    busy_to_ms: Timestamp,
    day: String,
}

/// What takes a resource's time in an answer to [`busy`], with the appointment it is.
pub fn decode_busy(answer: Answer) -> Result<Vec<(AppointmentId, Busy)>, DbError> {
    let read = |row: BusyRow| {
        let (from, to) = (row.busy_from_ms, row.busy_to_ms);
        (row.id, Busy { from, to, service: row.service_id, day: row.day })
    };
    Ok(answer.decode_all()?.into_iter().map(read).collect())
}

/// Asks for an appointment.
pub fn one(site: &SiteId, id: &AppointmentId) -> Stmt {
    stmt!(ONE, site.as_str(), id.as_str())
}

/// Asks for a contact's appointments that end after `since`, earliest first and at most `limit`.
pub fn of_contact(site: &SiteId, contact: &ContactId, since: Timestamp, limit: u32) -> Stmt {
    stmt!(OF_CONTACT, site.as_str(), contact.as_str(), since, limit)
}

/// Asks what takes a resource's time within three days of a window: what reaches into it, and the whole of its days.
pub fn busy(site: &SiteId, resource: &ResourceId, from: Timestamp, to: Timestamp, now: Timestamp) -> Stmt {
    let (from, to) = (from.plus_ms(-3 * DAY_MS), to.plus_ms(3 * DAY_MS));
    stmt!(BUSY, site.as_str(), resource.as_str(), from, to, now)
}

/// Adds an appointment.
pub fn add(site: &SiteId, appointment: &Appointment, now: Timestamp) -> Stmt {
    let mut stmt = write(ADD, site, appointment, now);
    let Appointment { contact, conversation, line, service, mailbox, created_at, .. } = appointment;
    stmt.args.extend([
        contact.as_str().into(),
        conversation.as_str().into(),
        line.kind.as_str().into(),
        identity::key(line).into(),
        service.as_str().into(),
        (*created_at).into(),
        mailbox.as_ref().map(|mailbox| mailbox.text.clone()).into(),
    ]);
    stmt
}

/// Takes an appointment's next version.
pub fn update(site: &SiteId, appointment: &Appointment, now: Timestamp) -> Stmt {
    write(UPDATE, site, appointment, now)
}

fn write(sql: &'static str, site: &SiteId, appointment: &Appointment, now: Timestamp) -> Stmt {
    let Appointment { time, .. } = appointment;
    stmt!(
        sql,
        site.as_str(),
        appointment.id.as_str(),
        appointment.resource.as_str(),
        time.start,
        time.end,
        time.busy_from,
        time.busy_to,
        time.day.as_str(),
        appointment.day_max,
        appointment.state.as_str(),
        appointment.held_until,
        appointment.version,
        appointment.sequence,
        appointment.note.clone(),
        appointment.late_by_min,
        now,
    )
}

/// Tidies up the holds on a resource that had ended at `now` and began within a day of a time.
pub fn expire(site: &SiteId, resource: &ResourceId, time: &Time, now: Timestamp) -> Stmt {
    let (from, to) = (time.busy_from.plus_ms(-DAY_MS), time.busy_to.plus_ms(DAY_MS));
    stmt!(EXPIRE, site.as_str(), resource.as_str(), from, to, now)
}
