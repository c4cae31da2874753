//! Everything that is kept about a person, as one file.
//!
//! Source: GDPR Art. 15 and 20.

use serde::Serialize;
use serde_json::Value;

use super::{load::load_side, merges_of};
use crate::{
    api::people::MergeLine,
    assistant::Fact,
    channel::Channel,
    contact::{AddressKind, Assurance},
    ctx::Ctx,
    error::Rejection,
    event::Event,
    flow::{FlowError, Scope, proof::prove},
    id::{AppointmentId, ContactId, ConversationId, EventId, PlannedId, SiteId},
    proof::Proof,
    store::{Db, Stmt, appointments, consents, conversations, deliveries, events, fields, planned, runs},
    time::Timestamp,
    verdict::Detail,
    wire::Speaker,
};

/// Names the shape of the file.
pub const FORMAT: &str = "throughline.person.1";
/// How many events are read at once, and how much of the rest there is at most.
const PAGE: u32 = 500;
const MOST: u32 = 5_000;

/// The file.
#[derive(Debug, Serialize)]
pub struct Export {
    /// [`FORMAT`].
    pub format: &'static str,
    /// When it was made.
    pub made_at: Timestamp,
    /// The site.
    pub site: SiteId,
    /// Its name.
    pub site_name: String,
    /// Whose it is.
    pub contact: ContactId,
    /// Their name, where known.
    pub name: Option<String>,
    /// Their language, where known.
    pub locale: Option<String>,
    /// Their time zone, where known.
    pub time_zone: Option<String>,
    /// Their addresses.
    pub handles: Vec<HandleOut>,
    /// Everything that stands on their timeline, oldest first.
    pub timeline: Vec<EventOut>,
    /// What is remembered of them.
    pub facts: Vec<Fact>,
    /// What they allowed and took back, with its proof.
    pub consents: Proof,
    /// Why messages were sent or held back.
    pub verdicts: Vec<VerdictOut>,
    /// Their appointments.
    pub appointments: Vec<AppointmentOut>,
    /// What waits to be said.
    pub planned: Vec<PlannedOut>,
    /// The sequences they are or were in.
    pub sequences: Vec<RunOut>,
    /// The team's tags.
    pub tags: Vec<String>,
    /// The site's own fields.
    pub fields: Vec<(String, String)>,
    /// What was joined and parted.
    pub merges: Vec<MergeLine>,
    /// The names of files they sent or were sent.
    pub files: Vec<String>,
}

/// An address.
#[derive(Debug, Serialize)]
pub struct HandleOut {
    /// Its kind.
    pub kind: AddressKind,
    /// The address.
    pub address: String,
    /// The contact it was first seen with.
    pub contact: ContactId,
    /// How well it is proven.
    pub assurance: Assurance,
    /// Opted out of its channel.
    pub blocked: bool,
    /// Several people are reached there.
    pub shared: bool,
}

/// An entry of the timeline.
#[derive(Debug, Serialize)]
pub struct EventOut {
    /// Where it stands.
    pub conversation: ConversationId,
    /// Its place.
    pub seq: u32,
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// The line.
    pub channel: Channel,
    /// The address on it.
    pub address: String,
    /// Who spoke.
    pub speaker: Speaker,
    /// What happened, as it is stored.
    pub body: Value,
}

/// Why a message was sent or held back.
#[derive(Debug, Serialize)]
pub struct VerdictOut {
    /// When.
    pub at: Timestamp,
    /// `allow`, or the rule.
    pub outcome: String,
    /// One sentence: why.
    pub why: String,
}

/// An appointment.
#[derive(Debug, Serialize)]
pub struct AppointmentOut {
    /// Which.
    pub id: AppointmentId,
    /// The service.
    pub service: String,
    /// When it begins.
    pub start: Timestamp,
    /// `held`, `booked`, `cancelled`, `missed` or `done`.
    pub state: &'static str,
    /// What was noted.
    pub note: Option<String>,
    /// The mailbox that was typed for it.
    pub mailbox: Option<String>,
}

/// A message that waits.
#[derive(Debug, Serialize)]
pub struct PlannedOut {
    /// Which.
    pub id: PlannedId,
    /// When it is due.
    pub due_at: Timestamp,
    /// Its words.
    pub text: String,
}

/// A way through a sequence.
#[derive(Debug, Serialize)]
pub struct RunOut {
    /// Which.
    pub sequence: String,
    /// Whether it goes on.
    pub is_running: bool,
    /// Why it ended.
    pub reason: Option<String>,
}

/// Everything about a person and whoever was joined to them. 404 `unknown_contact`.
pub async fn export<D: Db>(scope: Scope<'_, D>, ctx: &Ctx, id: &ContactId) -> Result<Export, FlowError> {
    let site = &scope.site.id;
    let side = load_side(scope, id)
        .await?
        .ok_or_else(|| Rejection::new(404, "unknown_contact", "This site has no contact of this id."))?;
    let contact = &side.contact.id;
    let stmts = [
        consents::facts(site, contact),
        appointments::of_contact(site, contact, Timestamp::default(), MOST),
        planned::until(site, contact, Timestamp::from_ms(i64::from(u32::MAX) * 10_000), MOST),
        runs::of_contact(site, contact, MOST),
        fields::of_contact(site, contact),
    ];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let facts = consents::decode_facts(next())?.into_iter().map(|told| told.said.fact).collect();
    let appointments = appointments::decode(next())?.into_iter().map(|own| AppointmentOut {
        id: own.id,
        service: own.service.to_string(),
        start: own.time.start,
        state: own.state.as_str(),
        note: own.note,
        mailbox: own.mailbox.map(|mailbox| mailbox.text),
    });
    let appointments = appointments.collect();
    let planned = planned::decode(next())?.into_iter();
    let planned =
        planned.map(|own| PlannedOut { id: own.id, due_at: own.due_at, text: own.body.text }).collect();
    let sequences = runs::decode(next())?.into_iter();
    let sequences = sequences
        .map(|run| RunOut { sequence: run.key.sequence, is_running: run.is_running, reason: run.reason })
        .collect();
    let fields = fields::decode(next())?.into_iter().map(|kept| (kept.name, kept.value)).collect();
    let mut people: Vec<ContactId> = side.handles.iter().map(|handle| handle.owner.clone()).collect();
    people.push(contact.clone());
    people.sort();
    people.dedup();
    let (mut timeline, mut verdicts) = (Vec::new(), Vec::new());
    let stmts: Vec<Stmt> = people.iter().map(|id| conversations::by_contact(site, id)).collect();
    for answer in scope.db.batch(&stmts).await? {
        let Some(conversation) = conversations::decode(answer)? else { continue };
        let mut seq = 0;
        loop {
            let page = scope.db.query(&events::after(site, &conversation.id, seq, PAGE)).await?;
            let page = events::decode_events(page)?;
            let Some(last) = page.last() else { break };
            seq = last.seq;
            timeline.extend(page.into_iter().map(event_out));
        }
        let judged = scope.db.query(&deliveries::verdicts(site, &conversation.id, MOST)).await?;
        for row in judged.decode_all::<deliveries::VerdictRow>()? {
            let detail = serde_json::from_str::<Detail>(&row.detail);
            let why = detail.map(|detail| detail.why).unwrap_or_default();
            verdicts.push(VerdictOut { at: Timestamp::from_ms(row.at_ms), outcome: row.outcome, why });
        }
    }
    timeline.sort_by(|one, other| {
        (one.at, &one.conversation, one.seq).cmp(&(other.at, &other.conversation, other.seq))
    });
    verdicts.sort_by_key(|verdict| verdict.at);
    let mut tags: Vec<String> = side.tags.iter().map(|tagged| tagged.tag.clone()).collect();
    tags.sort();
    tags.dedup();
    let handles = side.handles.iter().map(|handle| HandleOut {
        kind: handle.address.kind,
        address: handle.address.text.clone(),
        contact: handle.owner.clone(),
        assurance: handle.assurance,
        blocked: handle.blocked,
        shared: handle.is_shared,
    });
    Ok(Export {
        format: FORMAT,
        made_at: ctx.now,
        site: site.clone(),
        site_name: scope.site.name.clone(),
        contact: contact.clone(),
        name: side.contact.name.clone(),
        locale: side.contact.locale.clone(),
        time_zone: side.contact.time_zone.clone(),
        handles: handles.collect(),
        timeline,
        facts,
        consents: prove(scope, ctx, contact).await?,
        verdicts,
        appointments,
        planned,
        sequences,
        tags,
        fields,
        merges: merges_of(scope, contact).await?,
        files: Vec::new(),
    })
}

fn event_out(event: Event) -> EventOut {
    EventOut {
        body: serde_json::to_value(&event.body).unwrap_or_default(),
        conversation: event.conversation,
        seq: event.seq,
        id: event.id,
        at: event.at,
        channel: event.channel,
        address: event.address_key,
        speaker: event.speaker,
    }
}
