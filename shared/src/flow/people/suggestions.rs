//! Who may be the same person, with what speaks for it; and how the two would read as one.
//!
//! Nothing here joins anybody. What somebody of the team has called different people is not suggested again.

use std::collections::BTreeMap;

use super::load::load_side;
use crate::{
    api::people::{Evidence, Preview, PreviewLine, Strength, Suggestion},
    decide::Side,
    error::Rejection,
    event::Body,
    flow::{FlowError, Scope},
    id::ContactId,
    identity,
    store::{Answer, Db, Stmt, contacts, events, merges},
    time::Timestamp,
};

/// How many of a person's newest events are looked through.
const RECENT: u32 = 200;
/// How many addresses are asked about.
const MAX_HANDLES: usize = 20;
/// How many people are suggested.
const MAX_SUGGESTED: usize = 10;
/// How many entries of each a preview has.
const PREVIEWED: u32 = 100;
/// The longest excerpt, in characters.
const EXCERPT_CHARS: usize = 140;

/// The contacts that may be the same person as one, the strongest evidence first; at most ten. 404 `unknown_contact`.
pub async fn suggest<D: Db>(scope: Scope<'_, D>, contact: &ContactId) -> Result<Vec<Suggestion>, FlowError> {
    let site = &scope.site.id;
    let own = known(scope, contact).await?;
    let mut found: BTreeMap<ContactId, Vec<Evidence>> = BTreeMap::new();
    let asked: Vec<_> = own.handles.iter().take(MAX_HANDLES).map(|handle| &handle.address).collect();
    let typed = own.conversation.iter().flat_map(|own| &own.typed);
    let typed: Vec<_> =
        typed.map(|typed| crate::contact::Address::new(typed.kind, typed.key.clone())).collect();
    let mut stmts: Vec<Stmt> =
        asked.iter().map(|address| contacts::claims(site, address, Timestamp::default())).collect();
    stmts.extend(typed.iter().map(|address| contacts::by_address(site, address)));
    stmts.push(events::recent(site, &own.contact.id, RECENT));
    stmts.extend(own.contact.name.iter().map(|name| merges::of_name(site, name)));
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    for address in asked {
        for claim in next().decode_all::<contacts::Claim>()? {
            let text = format!("They typed {}, which this person has.", identity::mask(address));
            found.entry(claim.contact_id).or_default().push(strong(text));
        }
    }
    for address in &typed {
        if let Some((other, _)) = contacts::decode_by_address(next())? {
            let text = format!("This person typed {}, which they have.", identity::mask(address));
            found.entry(other.id).or_default().push(strong(text));
        }
    }
    answered(next(), &mut found)?;
    let named = merges::decode_named(next())?;
    for other in named {
        found.entry(other).or_default().push(weak("They have the same name.".to_owned()));
    }
    let mut suggested = Vec::new();
    for (other, evidence) in found {
        let Some(side) = load_side(scope, &other).await? else { continue };
        if side.contact.id == own.contact.id || is_apart(scope, &own, &side).await? {
            continue;
        }
        suggested.push(suggestion(&own, side, evidence));
    }
    // Two of one person's contacts suggest the one they are.
    suggested.sort_by_key(|one| one.contact.clone());
    suggested.dedup_by(|more, one| {
        let is_same = more.contact == one.contact;
        if is_same {
            one.evidence.append(&mut more.evidence);
            one.evidence.sort();
            one.evidence.dedup();
        }
        is_same
    });
    suggested.sort_by_key(|one| (one.evidence.first().map(|first| first.strength), one.contact.clone()));
    suggested.truncate(MAX_SUGGESTED);
    Ok(suggested)
}

/// What a mail that answers another's conversation tells of both.
fn answered(rows: Answer, found: &mut BTreeMap<ContactId, Vec<Evidence>>) -> Result<(), FlowError> {
    for event in events::decode_events(rows)? {
        if let Body::Answered { address, contact, .. } = event.body {
            let text = format!("A mail from {address} answers mail to the other one.");
            found.entry(contact).or_default().push(strong(text));
        }
    }
    Ok(())
}

/// With what speaks for it beyond what was found: alone it would suggest nobody.
fn suggestion(own: &Side, side: Side, mut evidence: Vec<Evidence>) -> Suggestion {
    let domains = |side: &Side| -> Vec<String> {
        let mailboxes = side.handles.iter().map(|handle| identity::key(&handle.address));
        mailboxes.filter_map(|text| text.rsplit_once('@').map(|(_, domain)| domain.to_owned())).collect()
    };
    let theirs = domains(&side);
    if let Some(domain) = domains(own).into_iter().find(|domain| theirs.contains(domain)) {
        evidence.push(weak(format!("Both have a mailbox at {domain}.")));
    }
    if side.contact.time_zone.is_some() && side.contact.time_zone == own.contact.time_zone {
        evidence.push(weak("Both are in the same time zone.".to_owned()));
    }
    evidence.sort();
    evidence.dedup();
    Suggestion {
        contact: side.contact.id,
        name: side.contact.name,
        conversation: side.conversation.map(|conversation| conversation.id),
        addresses: side.handles.iter().map(|handle| identity::mask(&handle.address)).collect(),
        evidence,
    }
}

const fn strong(text: String) -> Evidence {
    Evidence { strength: Strength::Strong, text }
}

const fn weak(text: String) -> Evidence {
    Evidence { strength: Strength::Weak, text }
}

async fn is_apart<D: Db>(scope: Scope<'_, D>, one: &Side, other: &Side) -> Result<bool, FlowError> {
    let asked = merges::is_apart(&scope.site.id, &one.contact.id, &other.contact.id);
    Ok(!scope.db.query(&asked).await?.rows.is_empty())
}

/// How two contacts would read as one: the newest hundred entries of each, in one order. 404 `unknown_contact`.
pub async fn preview<D: Db>(
    scope: Scope<'_, D>,
    into: &ContactId,
    from: &ContactId,
) -> Result<Preview, FlowError> {
    let site = &scope.site.id;
    let (into, from) = (known(scope, into).await?, known(scope, from).await?);
    let sides = [&into.contact.id, &from.contact.id];
    let stmts = sides.map(|contact| events::recent(site, contact, PREVIEWED));
    let mut lines = Vec::new();
    for (contact, answer) in sides.into_iter().zip(scope.db.batch(&stmts).await?) {
        for event in events::decode_events(answer)? {
            let words = event.message().map(|message| message.text.as_str()).unwrap_or_default();
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            lines.push(PreviewLine {
                contact: contact.clone(),
                excerpt: words.chars().take(EXCERPT_CHARS).collect(),
                id: event.id,
                at: event.at,
                channel: event.channel,
                speaker: event.speaker,
            });
        }
    }
    lines.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
    let names = |side: &Side| side.contact.name.clone();
    Ok(Preview { name: names(&into).or_else(|| names(&from)), lines })
}

async fn known<D: Db>(scope: Scope<'_, D>, contact: &ContactId) -> Result<Side, FlowError> {
    let found = load_side(scope, contact).await?;
    found.ok_or_else(|| Rejection::new(404, "unknown_contact", "This site has no contact of this id.").into())
}
