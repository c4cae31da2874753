//! Reads what the two developer pages show.

use std::collections::BTreeSet;

use super::{FlowError, Scope};
use crate::{
    channel::Channel,
    contact::AddressKind,
    ctx::Ctx,
    id::{ContactId, ConversationId},
    page::{ConversationView, PersonView, Present, SandboxView, SelectedView, TimelineView},
    signature,
    store::{Db, consents, contacts, deliveries, events, sandbox},
    time::Timestamp,
};

/// How much the pages show at most.
const EVENTS: u32 = 2_000;
const CONVERSATIONS: u32 = 60;
const MESSAGES: u32 = 1_000;

/// Meta's two channels.
const META: [Channel; 2] = [Channel::Messenger, Channel::Instagram];

/// What the sandbox page shows. `selected` counts the people; `mail` names an opened message.
pub async fn load_sandbox<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    selected: usize,
    mail: Option<String>,
) -> Result<SandboxView, FlowError> {
    let site = scope.site;
    let line =
        |channel| site.endpoint_on(channel).map(|endpoint| endpoint.address.clone()).unwrap_or_default();
    let messages = sandbox::decode(scope.db.query(&sandbox::list("", MESSAGES)).await?)?;
    let ours = messages.into_iter().filter(|message| message.site_id == site.id).collect();
    let people = site.people.iter().map(|person| PersonView {
        name: person.name.clone(),
        phone: person.phone.clone(),
        email: person.email.clone(),
        ids: META.into_iter().filter_map(|on| Some((on, person.id_on(on)?.to_owned()))).collect(),
        time_zone: person.time_zone.clone(),
    });
    let mut view = SandboxView {
        site: None,
        site_name: site.name.clone(),
        site_phone: line(Channel::Sms),
        site_email: line(Channel::Email),
        pages: META.into_iter().map(|on| (on, line(on))).filter(|(_, page)| !page.is_empty()).collect(),
        app: Channel::Sms,
        demo_url: site.allowed_origins.first().map(|origin| format!("{origin}/")),
        time_zone: site.time_zone.clone(),
        now: Timestamp::default(),
        version: String::new(),
        people: people.collect(),
        messages: ours,
        selected: 0,
        mail: None,
        virtual_clock: true,
    };
    view.version = version_of(&view);
    view.now = ctx.now;
    view.selected = selected;
    view.mail = mail;
    Ok(view)
}

/// The contact an address belongs to, after joins.
pub async fn load_contact_at<D: Db>(scope: Scope<'_, D>, text: &str) -> Result<Option<ContactId>, FlowError> {
    let Some(address) = super::sandbox::address(&scope.site.region, text) else { return Ok(None) };
    let rows = scope.db.query(&contacts::by_address(&scope.site.id, &address)).await?;
    Ok(contacts::decode_by_address(rows)?.map(|(contact, _)| contact.id))
}

/// What the timeline page shows: the list, and the chosen contact, or the one who moved last.
pub async fn load_timeline<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    chosen: Option<ContactId>,
) -> Result<TimelineView, FlowError> {
    let site = scope.site;
    let latest = events::load_latest(scope.db, &site.id, CONVERSATIONS).await?;
    let mut stmts = Vec::new();
    for row in &latest {
        stmts.push(contacts::handles(&site.id, &row.contact_id));
        stmts.push(events::recent(&site.id, &row.contact_id, 100));
    }
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut conversations = Vec::new();
    for row in latest {
        let handles = contacts::decode_handles(rows.next().unwrap_or_default())?;
        let events = events::decode_events(rows.next().unwrap_or_default())?;
        let mut channels: Vec<_> = events.iter().map(|event| event.channel).collect();
        channels.sort();
        channels.dedup();
        // A number or mailbox tells more than a browser.
        let addresses = handles.iter().map(|handle| &handle.address);
        let address = addresses.min_by_key(|address| address.kind == AddressKind::Visitor);
        let address = address.map(|address| address.text.clone());
        conversations.push(ConversationView { latest: row, address, channels });
    }
    let newest = conversations
        .first()
        .map(|view| view.latest.merged_into.clone().unwrap_or_else(|| view.latest.contact_id.clone()));
    let selected = match chosen.or(newest) {
        Some(contact) => load_selected(scope, &contact).await?,
        None => None,
    };
    let mut view = TimelineView {
        site: None,
        site_name: site.name.clone(),
        assistant: site.assistant.name.clone(),
        time_zone: site.time_zone.clone(),
        now: Timestamp::default(),
        version: String::new(),
        conversations,
        selected,
        virtual_clock: true,
    };
    view.version = version_of(&view);
    view.now = ctx.now;
    Ok(view)
}

async fn load_selected<D: Db>(
    scope: Scope<'_, D>,
    id: &ContactId,
) -> Result<Option<SelectedView>, FlowError> {
    let site = &scope.site.id;
    let Some(contact) = contacts::decode_one(scope.db.query(&contacts::contact(site, id)).await?)? else {
        return Ok(None);
    };
    let stmts = [
        contacts::handles(site, &contact.id),
        events::recent(site, &contact.id, EVENTS),
        consents::facts(site, &contact.id),
    ];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let handles = contacts::decode_handles(next())?;
    let mut events = events::decode_events(next())?;
    let facts = consents::current(consents::decode_facts(next())?);
    events.reverse();
    let mut conversations: Vec<ConversationId> =
        events.iter().map(|event| event.conversation.clone()).collect();
    conversations.sort();
    conversations.dedup();
    let mut view = SelectedView {
        contact,
        handles,
        facts,
        events,
        deliveries: Vec::new(),
        verdicts: Vec::new(),
        consents: Vec::new(),
        present: Vec::new(),
    };
    for conversation in conversations {
        let stmts = [
            deliveries::of_conversation(site, &conversation, EVENTS),
            deliveries::verdicts(site, &conversation, EVENTS),
        ];
        let mut rows = scope.db.batch(&stmts).await?.into_iter();
        view.deliveries.extend(deliveries::decode(rows.next().unwrap_or_default())?);
        let verdicts = rows.next().unwrap_or_default().decode_all()?;
        view.verdicts.extend(verdicts.into_iter().map(|row| (conversation.clone(), row)));
    }
    let stmts: Vec<_> = view.handles.iter().map(|handle| consents::chain(site, &handle.address)).collect();
    for answer in scope.db.batch(&stmts).await? {
        view.consents.extend(consents::decode_chain(answer)?);
    }
    Ok(Some(view))
}

/// The conversations of the contact that is shown.
pub fn conversations_of(view: &TimelineView) -> BTreeSet<ConversationId> {
    let events = view.selected.iter().flat_map(|selected| &selected.events);
    events.map(|event| event.conversation.clone()).collect()
}

/// Adds who is there, as their Rooms told it.
pub fn show_present(view: &mut TimelineView, present: Vec<Present>) {
    if let Some(selected) = &mut view.selected {
        selected.present = present;
        view.version = version_of(&(&view.version, &selected.present));
    }
}

/// A short word that changes with what is shown.
fn version_of(view: &impl std::fmt::Debug) -> String {
    let mut hash = signature::hex(&signature::sha256(format!("{view:?}").as_bytes()));
    hash.truncate(16);
    hash
}
