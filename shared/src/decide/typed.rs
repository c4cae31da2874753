//! Addresses that somebody typed: whose they become, and what consent is recorded with them.
//!
//! An address somebody typed unlocks nothing. One that nobody has becomes the contact's, claimed; one that is another
//! contact's is only noted, until an answer from it proves who typed it.

use super::{Change, Known, Plan, Snapshot};
use crate::{
    calendar::quiet::{self, Evidence},
    channel::Channel,
    command::VisitorHints,
    consent::{Action, Basis, Circumstances, ConsentBody, ConsentEntry, Level, Standing, standing},
    contact::{Address, AddressKind, Assurance, Handle},
    ctx::Ctx,
    delivery::Purpose,
    event::{Body, Event},
    id::{ConsentId, EventId},
    identity,
    wire::Speaker,
};

/// An address of a channel out of what somebody typed. `None` where it is none.
pub(super) fn parse(snapshot: &Snapshot<'_>, channel: Channel, text: &str) -> Option<Address> {
    match channel {
        Channel::Sms => identity::parse_phone(text, &snapshot.site.region).ok(),
        Channel::Email => identity::parse_email(text).ok(),
        _ => None,
    }
}

/// What is known of a typed address: what was loaded, or that nobody has it.
pub(super) fn known(snapshot: &Snapshot<'_>, address: &Address) -> Known {
    snapshot.known(address).cloned().unwrap_or_else(|| Known {
        address: address.clone(),
        owner: None,
        chain: Vec::new(),
        suppressed: None,
        suppression: None,
    })
}

/// Notes that the contact typed an address in `event`: theirs from now on if nobody has it, a claim if somebody does.
pub(super) fn claim(plan: &mut Plan<'_>, known: &mut Known, event: &Event) {
    let contact = plan.contact.id.clone();
    match &known.owner {
        None => {
            let handle = Handle {
                address: known.address.clone(),
                owner: contact.clone(),
                assurance: Assurance::Claimed,
                blocked: false,
                is_shared: false,
            };
            plan.change(Change::AddHandle(handle.clone()));
            known.owner = Some((contact, handle));
        }
        Some((owner, _)) if *owner == contact => {}
        Some(_) => plan.change(Change::Claim(known.address.clone(), contact, event.id.clone())),
    }
}

/// How a consent was given.
pub(super) struct Given<'a> {
    pub(super) channel: Channel,
    /// What for; for everything short of marketing where there is none.
    pub(super) purpose: Option<Purpose>,
    pub(super) level: Level,
    pub(super) basis: Basis,
    pub(super) wording: Option<&'a str>,
    pub(super) page: Option<&'a str>,
    pub(super) evidence: &'a str,
    pub(super) topic: Option<&'a str>,
    pub(super) seen: Circumstances,
}

impl<'a> Given<'a> {
    /// A consent for everything short of marketing, by these words.
    pub(super) fn of(channel: Channel, basis: Basis, evidence: &'a str) -> Self {
        Self {
            channel,
            purpose: None,
            level: Level::Express,
            basis,
            wording: None,
            page: None,
            evidence,
            topic: None,
            seen: Circumstances::default(),
        }
    }
}

/// What a browser tells of how something was said.
pub(super) fn seen_by(hints: Option<&VisitorHints>) -> Circumstances {
    let locale = hints.map(|hints| hints.locale.clone()).filter(|locale| !locale.is_empty());
    Circumstances {
        by: hints.map(|hints| hints.by.clone()).unwrap_or_default(),
        locale,
        ..Circumstances::default()
    }
}

/// Records a consent for an address, unless its owner has opted out: what a person took back, somebody who only typed
/// their address cannot give. Nothing is recorded where it stands already.
pub(super) fn grant(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    known: &mut Known,
    line: (Channel, &Address),
    given: &Given<'_>,
    event: &Event,
) {
    let blocked = known.owner.as_ref().is_some_and(|(_, handle)| handle.blocked);
    let purpose = given.purpose.unwrap_or(Purpose::Move);
    let stands = standing(&known.chain, given.channel, purpose, given.topic, ctx.now);
    // What only follows from dealing with each other is less than their word.
    let is_open = matches!(stands, Standing::Silent | Standing::Granted { level: Level::Implied, .. });
    if blocked || !is_open {
        return;
    }
    let body = ConsentBody {
        purpose: given.purpose,
        level: given.level,
        page: given.page.map(str::to_owned),
        wording: given.wording.map(str::to_owned),
        topic: given.topic.map(str::to_owned),
        seen: given.seen.clone(),
        ..ConsentBody::of(given.channel, Action::Grant, given.basis, given.evidence, &event.id)
    };
    record(plan, ctx, known, line, body);
}

/// Adds an entry to an address's chain and shows it on the timeline.
pub(super) fn record(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    known: &mut Known,
    line: (Channel, &Address),
    body: ConsentBody,
) {
    record_as(plan, ctx, known, line, (None, Speaker::System), body);
}

/// The same by somebody, in an event whose id the entry may name itself.
pub(super) fn record_as(
    plan: &mut Plan<'_>,
    ctx: &mut Ctx,
    known: &mut Known,
    line: (Channel, &Address),
    (event, speaker): (Option<EventId>, Speaker),
    body: ConsentBody,
) {
    let action = match body.action {
        Action::Grant => "grant",
        Action::Confirm => "confirm",
        Action::Lapse => "lapse",
        Action::Revoke => "revoke",
    };
    let shown = Body::Consent {
        channel: body.channel,
        action: action.to_owned(),
        address: identity::mask(&known.address),
        purpose: body.purpose,
    };
    let (id, contact) = (ConsentId::mint(ctx), plan.contact.id.clone());
    let seen = Circumstances { places: places(plan, &known.address), ..body.seen };
    let body = ConsentBody { seen, ..body };
    let of = (&plan.snapshot.site.id, &known.address);
    let entry = ConsentEntry::after(&known.chain, of, id, contact, ctx.now, body);
    plan.append(ctx, event, line, speaker, shown);
    plan.change(Change::Consent(known.address.clone(), entry.clone()));
    known.chain.push(entry);
}

/// Whose law may hold for an address.
fn places(plan: &Plan<'_>, address: &Address) -> Vec<String> {
    let number = (address.kind == AddressKind::Phone).then_some(address.text.as_str());
    let site = &plan.snapshot.site.time_zone;
    let place = quiet::whereabouts(plan.contact.time_zone.as_deref(), number, site);
    match (place.regions.is_empty(), place.evidence) {
        (false, _) => place.regions,
        (true, Evidence::Site) => Vec::new(),
        (true, _) => place.zones,
    }
}

/// Closes an address to everything we send on a channel: the block, and the withdrawal of what waits or is owed.
pub(super) fn close(plan: &mut Plan<'_>, channel: Channel, address: &Address, reason: &'static str) {
    plan.change(Change::Block(address.clone(), true));
    plan.change(Change::Cancel(address.clone(), reason));
    plan.conversation.settle(channel, &identity::key(address));
}
