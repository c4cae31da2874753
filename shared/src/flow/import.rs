//! Takes a site's definition and knowledge from its owner: all or nothing, and the same again changes nothing else.

use serde::Deserialize;

use super::FlowError;
use crate::{
    assistant::Passage,
    channel::{self, Channel},
    contact::{AddressKind, Assurance, Contact, Handle},
    ctx::Ctx,
    error::Rejection,
    id::{ContactId, SiteId},
    identity, knowledge,
    promise::MAX_WITHIN_MIN,
    sequence::{MAX_SEQUENCES, Sequence, read::read},
    site::{Person, Site, booking},
    store::{Db, DbError, Stmt, contacts, knowledge as passages, sites, taught},
};

/// The body of `PUT /admin/sites`.
#[derive(Debug, Deserialize)]
pub struct Import {
    /// The site's definition.
    pub definition: Site,
    /// Its knowledge, as Markdown files.
    #[serde(default)]
    pub knowledge: Vec<KnowledgeFile>,
    /// Its sequences, as TOML files; see [`crate::sequence::read`].
    #[serde(default)]
    pub sequences: Vec<SequenceFile>,
}

/// A sequence's file.
#[derive(Debug, Deserialize)]
pub struct SequenceFile {
    /// Its name within the folder, `cold-lead.toml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A Markdown file.
#[derive(Debug, Deserialize)]
pub struct KnowledgeFile {
    /// Its name within the knowledge folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The longest name of a member of the team, in characters.
const MAX_NAME_CHARS: usize = 60;

/// What was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many passages of knowledge.
    pub passages: usize,
    /// How many people that were not known before.
    pub people: usize,
}

/// Takes a site. A definition that cannot work is refused with the field to change, and nothing is written.
pub async fn import(db: &impl Db, ctx: &mut Ctx, import: &Import) -> Result<Imported, FlowError> {
    check(&import.definition)?;
    if let Some(file) = import.knowledge.iter().find(|file| file.path.starts_with(taught::FOLDER)) {
        let text = format!(
            "`knowledge` has a file where what the team taught stands: {}. Name it otherwise.",
            file.path
        );
        return Err(Rejection::new(400, "bad_definition", text).into());
    }
    let site = &with_sequences(import)?;
    let found: Vec<Passage> =
        import.knowledge.iter().flat_map(|file| knowledge::passages(&file.path, &file.text)).collect();
    let mut stmts = sites::put_site(site, ctx.now);
    stmts.extend(passages::replace(&site.id, &found));
    let mut people = 0;
    for person in &site.people {
        let added = add_person(db, ctx, site, person).await?;
        people += usize::from(!added.is_empty());
        stmts.extend(added);
    }
    db.batch(&stmts).await.map_err(|error| match error {
        DbError::Conflict(_) => FlowError::Rejected(Rejection::new(
            409,
            "taken",
            "An address of `endpoints` belongs to another site, or two of `people` have the same address.",
        )),
        other => other.into(),
    })?;
    Ok(Imported { passages: found.len(), people })
}

/// The definition with its sequences, as their files say.
fn with_sequences(import: &Import) -> Result<Site, Rejection> {
    let definition = &import.definition;
    if !definition.sequences.is_empty() {
        let text = "`sequences` are files of their own, beside the definition: `sequences/cold-lead.toml`.";
        return Err(Rejection::new(400, "bad_definition", text));
    }
    if import.sequences.len() > MAX_SEQUENCES {
        let text = format!("A site has at most {MAX_SEQUENCES} sequences.");
        return Err(Rejection::new(400, "bad_definition", text));
    }
    let mut sequences: Vec<Sequence> = Vec::new();
    for file in &import.sequences {
        let id = file.path.strip_suffix(".toml").unwrap_or_default();
        let sequence = read(id, &file.text, definition).map_err(|trouble| trouble.in_file(&file.path))?;
        if sequences.iter().any(|earlier| earlier.id == sequence.id) {
            let text = format!("`sequences` has two files of the name {}.", file.path);
            return Err(Rejection::new(400, "bad_definition", text));
        }
        sequences.push(sequence);
    }
    Ok(Site { sequences, ..definition.clone() })
}

fn check(site: &Site) -> Result<(), Rejection> {
    let bad = |text: String| Err(Rejection::new(400, "bad_definition", text));
    if jiff::tz::TimeZone::get(&site.time_zone).is_err() {
        return bad(format!("`time_zone` is not an IANA time zone: {}", site.time_zone));
    }
    for origin in &site.allowed_origins {
        let bare = origin.split_once("://").is_some_and(|(_, rest)| !rest.is_empty() && !rest.contains('/'));
        if !bare {
            return bad(format!("`allowed_origins` takes scheme://host[:port] without a path: {origin}"));
        }
    }
    for endpoint in &site.endpoints {
        if endpoint.channel != Channel::Widget {
            channel::provider_of(endpoint)?;
        }
    }
    if let Some(trouble) = site.policy.trouble() {
        return bad(trouble);
    }
    for (day, spans) in &site.hours {
        let is_day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(&day.as_str());
        let is_time = |text: &str| jiff::civil::Time::strptime("%H:%M", text).is_ok();
        let ordered = spans.iter().all(|(from, to)| is_time(from) && is_time(to) && from < to);
        if !is_day || !ordered {
            return bad(format!("`hours.{day}` takes mon to sun with spans like [\"09:00\", \"18:00\"]"));
        }
    }
    let is_named = |name: &String| !name.trim().is_empty() && name.chars().count() <= MAX_NAME_CHARS;
    if !site.team.iter().all(is_named) {
        return bad(format!("`team` takes names of 1 to {MAX_NAME_CHARS} characters."));
    }
    let is_minutes = |minutes: u32| (1..=MAX_WITHIN_MIN).contains(&minutes);
    if !is_minutes(site.promises.within_min) || !is_minutes(site.promises.pass_on_after_min) {
        return bad(format!(
            "`promises` takes 1 to {MAX_WITHIN_MIN} minutes, counted while the team is there."
        ));
    }
    if !(1..=1_000).contains(&site.work.capacity) {
        return bad("`work.capacity` takes 1 to 1000 conversations.".to_owned());
    }
    if let Some(trouble) = site.handoff.trouble() {
        return bad(trouble);
    }
    if let Some(booking) = &site.booking {
        booking::check(booking).or_else(bad)?;
    }
    Ok(())
}

/// The statements that add a person the owner vouches for; none where an address of theirs is known already.
async fn add_person(
    db: &impl Db,
    ctx: &mut Ctx,
    site: &Site,
    person: &Person,
) -> Result<Vec<Stmt>, FlowError> {
    let bad = |text: String| Rejection::new(400, "bad_definition", text);
    let mut addresses = Vec::new();
    if let Some(phone) = &person.phone {
        let parsed = identity::parse_phone(phone, &site.region);
        addresses
            .push(parsed.map_err(|why| bad(format!("`people` has a phone that is none: {phone}: {why}")))?);
    }
    if let Some(email) = &person.email {
        let parsed = identity::parse_email(email);
        addresses
            .push(parsed.map_err(|why| bad(format!("`people` has an email that is none: {email}: {why}")))?);
    }
    for channel in [Channel::Messenger, Channel::Instagram] {
        let Some(person_id) = person.id_on(channel) else { continue };
        let name = channel.as_str();
        let endpoint = site
            .endpoint_on(channel)
            .ok_or_else(|| bad(format!("`people` has somebody on {name}, and `endpoints` has no {name}.")))?;
        let parsed = identity::parse_person(AddressKind::of(channel), &endpoint.address, person_id);
        addresses.push(
            parsed.ok_or_else(|| bad(format!("`people` has an id on {name} that is none: {person_id}")))?,
        );
    }
    let id: &SiteId = &site.id;
    for address in &addresses {
        if !db.query(&contacts::by_address(id, address)).await?.rows.is_empty() {
            return Ok(Vec::new());
        }
    }
    let contact = Contact {
        id: ContactId::mint(ctx),
        name: Some(person.name.clone()),
        locale: None,
        time_zone: person.time_zone.clone(),
    };
    let mut stmts = vec![contacts::add_contact(id, &contact, ctx.now)];
    stmts.extend(addresses.into_iter().map(|address| {
        let handle = Handle {
            address,
            owner: contact.id.clone(),
            assurance: Assurance::Signed,
            blocked: false,
            is_shared: false,
        };
        contacts::add_handle(id, &handle, ctx.now)
    }));
    Ok(stmts)
}
