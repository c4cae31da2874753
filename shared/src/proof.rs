//! Proof of consent: all that shows who allowed what, in which words, and what holds now, as one file.
//!
//! Every entry of the ledger stands in it as the very text that was hashed, so that anybody can recompute the chain without
//! us (`examples/verify-consent` does). An entry's text names the site and the address it was said for, so it cannot be shown as
//! another's. The hash is not keyed: it shows a change, a gap, another order or another address within a file, and whoever keeps
//! an address's `head` can tell later that nothing before it was written anew. It does not show that the file is all there ever
//! was, and nobody but who has an older `head` is protected from a ledger that was made up as a whole.
//!
//! Sources: GDPR Art. 7(1) (who, when, how, what they were told), 47 CFR 64.1200(f)(9), EU AI Act Art. 50(1) (that an AI
//! speaks).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    consent::{ConsentBody, ConsentEntry, Standing, erased, standing},
    contact::{Address, AddressKind, Assurance, Contact, Handle},
    conversation::Disclosed,
    delivery::Purpose,
    event::Event,
    id::{ConsentId, ContactId, EventId, SiteId},
    identity, phrases, signature,
    site::Site,
    store::deliveries::Suppressed,
    time::Timestamp,
    wire::{Speaker, Wording},
};

/// Names the shape of the file.
pub const FORMAT: &str = "throughline.consent.1";
/// How an entry's hash is made, for whoever reads the file.
pub const HASHING: &str = "hash = lower-case hex of SHA-256 over: the hash of the entry before (nothing for the first), \
    n, id, contact, at_ms, the lower-case hex of SHA-256 over body; joined by line feeds. In entries of before December 2026 \
    body itself stands in place of its hash. body.of names the site, and the kind and the address of the ledger (an email in \
    lower case); the first entries of old ledgers have none. Where a person was erased, body is {\"erased\": the hash of what it was}.";

/// The whole file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// [`FORMAT`].
    pub format: &'static str,
    /// [`HASHING`].
    pub hashing: &'static str,
    /// The site, which is the sender.
    pub site: SiteId,
    /// Its name.
    pub site_name: String,
    /// Whose consents these are.
    pub contact: ContactId,
    /// Their name, where known.
    pub name: Option<String>,
    /// The contacts that turned out to be the same person; their addresses stand below as well.
    pub joined: Vec<ContactId>,
    /// When the file was made, in milliseconds since 1970.
    pub made_at_ms: i64,
    /// How many entries of the ledger it holds.
    pub entries: usize,
    /// The contact's addresses, each with its chain.
    pub addresses: Vec<AddressProof>,
    /// The exact words that a version named in an entry stands for.
    pub wordings: Vec<Wording>,
    /// How the contact was first told on each channel that an AI speaks.
    pub disclosures: Vec<Disclosure>,
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AddressProof {
    /// Its kind.
    pub kind: AddressKind,
    /// The address.
    pub address: String,
    /// The contact it was first seen with.
    pub contact: ContactId,
    /// How well it is proven to be theirs.
    pub assurance: Assurance,
    /// Its owner has opted out of the whole channel.
    pub blocked: bool,
    /// Why and since when it must not be written to.
    pub suppressed: Option<Suppressed>,
    /// What its ledger says now, for every channel and purpose.
    pub holds: Vec<Holding>,
    /// How many entries its chain has.
    pub entries: usize,
    /// The hash of the newest entry; empty without one.
    pub head: String,
    /// Its chain, oldest first.
    pub chain: Vec<Link>,
}

/// What the ledger says of a purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// The channel.
    pub channel: Channel,
    /// What for.
    pub purpose: Purpose,
    /// On which topic; on any where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What was said last.
    pub standing: Standing,
}

/// An entry of the ledger, exactly as it was hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its place: 1, 2, 3, …
    pub n: u32,
    /// Its id.
    pub id: ConsentId,
    /// Who.
    pub contact: ContactId,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// What: JSON as text, because its very bytes are hashed.
    pub body: String,
    /// SHA-256 over the hash before and all of this.
    pub hash: String,
}

/// How the contact was told that an AI speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disclosure {
    /// Where.
    pub channel: Channel,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// The version of the words.
    pub wording: String,
    /// The words that version stands for, with today's names in them.
    pub text: Option<String>,
    /// The message in which it was said first, where it is still known.
    pub said: Option<Said>,
}

/// A message that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Which.
    pub event: EventId,
    /// Its words.
    pub text: String,
}

/// What was found of a contact.
#[derive(Clone, Debug)]
pub struct Found {
    /// Who, after joins.
    pub contact: Contact,
    /// Their addresses, each with its chain and why it must not be written to.
    pub addresses: Vec<(Handle, Vec<Link>, Option<Suppressed>)>,
    /// What their conversations hold of disclosures.
    pub disclosed: Vec<Disclosed>,
    /// Their newest events.
    pub events: Vec<Event>,
}

impl Proof {
    /// The file of what was found.
    pub fn of(site: &Site, found: Found, now: Timestamp) -> Self {
        let Found { contact, addresses, disclosed, events } = found;
        let owners: BTreeSet<ContactId> = addresses
            .iter()
            .map(|(handle, ..)| handle.owner.clone())
            .filter(|id| *id != contact.id)
            .collect();
        let addresses: Vec<AddressProof> = addresses
            .into_iter()
            .map(|(handle, chain, suppressed)| AddressProof::of(handle, chain, suppressed, now))
            .collect();
        let entries = addresses.iter().map(|address| address.entries).sum();
        let wordings = wordings(&addresses, site);
        let mut disclosures: Vec<Disclosure> =
            disclosed.into_iter().map(|told| Disclosure::of(told, site, &events)).collect();
        disclosures.sort_by_key(|told| (told.at_ms, told.channel));
        Self {
            format: FORMAT,
            hashing: HASHING,
            site: site.id.clone(),
            site_name: site.name.clone(),
            contact: contact.id,
            name: contact.name,
            joined: owners.into_iter().collect(),
            made_at_ms: now.ms(),
            entries,
            addresses,
            wordings,
            disclosures,
        }
    }
}

impl AddressProof {
    fn of(handle: Handle, chain: Vec<Link>, suppressed: Option<Suppressed>, now: Timestamp) -> Self {
        let Handle { address, owner, assurance, blocked, .. } = handle;
        Self {
            kind: address.kind,
            holds: holds(address.kind, &entries_of(&chain), now),
            address: address.text,
            contact: owner,
            assurance,
            blocked,
            suppressed,
            entries: chain.len(),
            head: chain.last().map(|link| link.hash.clone()).unwrap_or_default(),
            chain,
        }
    }

    /// Where the chain breaks, if it does: the first entry that does not follow from the one before, or was said for another
    /// address.
    pub fn first_break(&self) -> Option<u32> {
        let key = identity::key(&Address::new(self.kind, self.address.clone()));
        let is_own = |entry: &ConsentEntry| {
            entry.body.of.as_ref().is_none_or(|of| of.kind == self.kind && of.address == key)
        };
        let is_read = |link: &Link, entry: &ConsentEntry| entry.text() == link.body && is_own(entry);
        let is_unread = |link: &&Link| {
            erased(&link.body).is_none() && link.entry().is_none_or(|entry| !is_read(link, &entry))
        };
        let unread = self.chain.iter().find(is_unread);
        unread.map(|link| link.n).or_else(|| first_break_of(&self.chain))
    }
}

impl Link {
    /// SHA-256 over the hash before and all of this, with what stands for the body.
    fn digest(&self, previous: &str, body: &str) -> String {
        let Self { n, id, contact, at_ms, .. } = self;
        let text = format!("{previous}\n{n}\n{id}\n{contact}\n{at_ms}\n{body}");
        signature::hex(&signature::sha256(text.as_bytes()))
    }

    /// The entry it holds; `None` where its body is not understood.
    pub fn entry(&self) -> Option<ConsentEntry> {
        let body: ConsentBody = serde_json::from_str(&self.body).ok()?;
        let (id, contact, at) = (self.id.clone(), self.contact.clone(), Timestamp::from_ms(self.at_ms));
        Some(ConsentEntry { n: self.n, id, contact, at, body, hash: self.hash.clone() })
    }
}

/// Where a chain of the very texts breaks. An erased entry stands for itself by its words' hash; one of before words were
/// hashed on their own, by the entry after it alone.
fn first_break_of(chain: &[Link]) -> Option<u32> {
    let mut previous = "";
    for (n, link) in (1_u32..).zip(chain) {
        let own = signature::hex(&signature::sha256(link.body.as_bytes()));
        let holds = erased(&link.body).is_some()
            || [own.as_str(), link.body.as_str()].iter().any(|body| link.hash == link.digest(previous, body));
        if link.n != n || !holds {
            return Some(link.n);
        }
        previous = &link.hash;
    }
    None
}

impl Disclosure {
    fn of(told: Disclosed, site: &Site, events: &[Event]) -> Self {
        let said = events.iter().find(|event| {
            event.channel == told.channel && event.at == told.at && event.speaker == Speaker::Assistant
        });
        let said = said
            .and_then(|event| Some(Said { event: event.id.clone(), text: event.message()?.text.clone() }));
        Self {
            channel: told.channel,
            at_ms: told.at.ms(),
            text: phrases::disclosure_text(&told.wording, &site.assistant.name, &site.name),
            wording: told.wording,
            said,
        }
    }
}

fn entries_of(chain: &[Link]) -> Vec<ConsentEntry> {
    chain.iter().filter_map(Link::entry).collect()
}

/// What a chain says for every purpose, on any topic and on each that it names. The website's chat needs no consent.
fn holds(kind: AddressKind, chain: &[ConsentEntry], now: Timestamp) -> Vec<Holding> {
    let named: BTreeSet<Option<String>> = chain.iter().map(|entry| entry.body.topic.clone()).collect();
    let topics: BTreeSet<Option<String>> = named.into_iter().chain([None]).collect();
    let mut holds = Vec::new();
    for channel in Channel::ALL.into_iter().filter(|channel| AddressKind::of(*channel) == kind) {
        for purpose in Purpose::ALL.into_iter().filter(|_| channel != Channel::Widget) {
            for topic in &topics {
                let standing = standing(chain, channel, purpose, topic.as_deref(), now);
                holds.push(Holding { channel, purpose, topic: topic.clone(), standing });
            }
        }
    }
    holds
}

fn wordings(addresses: &[AddressProof], site: &Site) -> Vec<Wording> {
    let links = addresses.iter().flat_map(|address| &address.chain);
    let named: BTreeSet<String> =
        links.filter_map(Link::entry).filter_map(|entry| entry.body.wording).collect();
    let known = named.into_iter().filter_map(|version| {
        let text = phrases::consent::text_of(&version, &site.name)?;
        Some(Wording { version, text })
    });
    known.collect()
}
