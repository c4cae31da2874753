//! The consent ledger: who allowed which channel for what, with which words, and when they took it back.
//!
//! Entries of one address form a chain: each holds the SHA-256 of the one before, so that a change or a gap shows. What
//! holds now is the fold of the chain ([`standing`]). Sources: 47 CFR 64.1200(f)(9) and (a)(10) (TCPA), GDPR Art. 7, CASL
//! s. 10 (implied consent ends).

pub mod wish;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    contact::{Address, AddressKind},
    delivery::Purpose,
    id::{ConsentId, ContactId, EventId, SiteId},
    identity, signature, text,
    time::Timestamp,
};

/// What an entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The person allowed it.
    Grant,
    /// The person confirmed, from the address itself, what was granted for it (double opt-in).
    Confirm,
    /// The person took it back.
    Revoke,
    /// What was said before counts no more: the address is another person's, who has said nothing.
    Lapse,
}

/// How strong a consent is, the weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Follows from dealing with each other; ends by itself (CASL s. 10: two years after a purchase, six months after an
    /// inquiry).
    Implied,
    /// Said, in any form.
    #[default]
    Express,
    /// Said in writing under a wording that names the seller and marketing (47 CFR 64.1200(f)(9)).
    ExpressWritten,
    /// Confirmed from the address itself.
    Confirmed,
}

/// Why it is lawful to write, in the words of GDPR Art. 6(1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// The person consented.
    #[default]
    Consent,
    /// It is needed to do what was agreed.
    Contract,
    /// Both sides may expect it.
    LegitimateInterest,
    /// They asked us something not long ago (CASL s. 10(10)(e)).
    ImpliedInquiry,
    /// They bought or agreed something not long ago (CASL s. 10(10)(a)).
    ImpliedDealing,
}

/// Whose act an entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The person's own.
    #[default]
    Contact,
    /// Somebody's of the team, on the person's word.
    Agent,
    /// Nobody's: a rule or an import.
    System,
}

/// How the person said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Ticked the widget's card under its exact wording.
    Card,
    /// Ticked a box in a form of the customer's own page, beside these words.
    Form,
    /// Asked in their own words ("text me at …").
    Asked,
    /// Sent an opt-out or opt-in word, and nothing else.
    Keyword,
    /// Asked for no more messages, or for messages again, in their own words.
    Words,
    /// Told the carrier, which refuses our messages to them since.
    Carrier,
    /// Told somebody of the team, who wrote it down.
    Told,
    /// Somebody of the team noted that the address has another owner.
    Reassigned,
    /// Pressed the button behind the link that was sent to the address itself.
    Link,
    /// Asked something, from the address itself; what follows from it ends by itself.
    Inquired,
    /// Had an appointment that took place; what follows from it ends by itself.
    Dealt,
    /// Used the link in a mail: one click in their mail program (RFC 8058), or a button on the page behind it.
    Unsubscribe,
}

/// What is recorded of a consent, besides its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentBody {
    /// For which channel.
    pub channel: Channel,
    /// Given or taken back.
    pub action: Action,
    /// How it was said.
    pub basis: Basis,
    /// What for. Without one a grant is for everything short of marketing, and a revocation is of everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// On which topic only; on all where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// How strong a grant is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub level: Level,
    /// Why it is lawful to write.
    #[serde(default, skip_serializing_if = "is_default")]
    pub legal: LegalBasis,
    /// Whose act it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub actor: Actor,
    /// When a grant ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// The page of the form it was given on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The version of the wording that was shown; none for own words.
    pub wording: Option<String>,
    /// How the address itself confirmed it; only where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Proof>,
    /// The exact words: the wording shown, or what the person wrote.
    pub evidence: String,
    /// The event it was said in.
    pub event: EventId,
    /// How it was said, besides its words.
    #[serde(default, skip_serializing_if = "is_default")]
    pub seen: Circumstances,
    /// In whose ledger it stands: hashed with the rest, so that no entry can be put under another address. Entries of before
    /// December 2026 have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Subject>,
}

/// Who did something in a browser, as far as the request tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presser {
    /// The IP address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The browser, as it calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

impl Presser {
    /// The same, with no more than 200 characters of the browser's name.
    pub fn of(ip: Option<String>, agent: Option<String>) -> Self {
        const MAX_AGENT_CHARS: usize = 200;
        Self { ip, agent: agent.map(|agent| text::truncate(&agent, MAX_AGENT_CHARS).to_owned()) }
    }
}

/// How a consent was given or taken back, besides the words, as far as whoever took it knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circumstances {
    /// From where, where a browser told.
    #[serde(flatten)]
    pub by: Presser,
    /// The language of the page, a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The name of the checkbox; it was not ticked before they ticked it, since a box that says nothing is not posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Whose law may hold: the states and provinces the contact may be in (ISO 3166-2), else the zones; none where nothing of
    /// theirs tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
}

/// Whose ledger an entry stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The site it was said to.
    pub site: SiteId,
    /// The kind of the address.
    pub kind: AddressKind,
    /// The address, as compared: [`identity::key`].
    pub address: String,
}

impl Subject {
    /// The ledger of an address of a site.
    pub fn of(site: &SiteId, address: &Address) -> Self {
        Self { site: site.clone(), kind: address.kind, address: identity::key(address) }
    }
}

/// How an address itself confirmed what was agreed to for it (double opt-in).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// When the address was asked.
    pub asked_at: Timestamp,
    /// SHA-256 of the link's token, in lower-case hex.
    pub token: String,
    /// The IP address the answer came from, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The browser it came from, as it calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

impl ConsentBody {
    /// A grant or revocation of a whole channel in the contact's own words, without more detail.
    pub fn of(channel: Channel, action: Action, basis: Basis, evidence: &str, event: &EventId) -> Self {
        Self {
            channel,
            action,
            basis,
            purpose: None,
            topic: None,
            level: Level::default(),
            legal: LegalBasis::default(),
            actor: Actor::default(),
            expires_at: None,
            page: None,
            wording: None,
            confirmed: None,
            evidence: evidence.to_owned(),
            event: event.clone(),
            seen: Circumstances::default(),
            of: None,
        }
    }

    /// Whether it says something about a purpose and topic. A revocation covers more than it names, a grant never does.
    fn covers(&self, purpose: Purpose, topic: Option<&str>) -> bool {
        let of_topic = self.topic.as_deref().is_none_or(|own| topic == Some(own));
        let of_purpose = match (self.purpose, self.action) {
            (None, Action::Revoke | Action::Lapse) => true,
            (None, _) => purpose != Purpose::Marketing,
            (Some(own), _) => own == purpose,
        };
        of_topic && of_purpose
    }
}

/// Nothing but the default is written, so that entries from before a field was known keep their hash.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentEntry {
    /// Its place in the address's chain: 1, 2, 3, …
    pub n: u32,
    /// Its id.
    pub id: ConsentId,
    /// Who.
    pub contact: ContactId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub body: ConsentBody,
    /// SHA-256 over the hash before and this entry, in lower-case hex.
    pub hash: String,
}

impl ConsentEntry {
    /// The next entry after `chain` (oldest first), which is the ledger of this address of the site.
    pub fn after(
        chain: &[Self],
        (site, address): (&SiteId, &Address),
        id: ConsentId,
        contact: ContactId,
        at: Timestamp,
        body: ConsentBody,
    ) -> Self {
        let n = chain.last().map_or(1, |last| last.n + 1);
        let body = ConsentBody { of: Some(Subject::of(site, address)), ..body };
        let mut entry = Self { n, id, contact, at, body, hash: String::new() };
        entry.hash = entry.digest(chain.last().map_or("", |last| &last.hash));
        entry
    }

    /// Its body as it is stored and hashed: JSON in the shape spelled out in this module's tests.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.body).unwrap_or_default()
    }

    /// SHA-256 of `previous` and this entry's fields, one a line. Its body stands in it as its own SHA-256, so that the words
    /// can be erased and the chain still holds.
    fn digest(&self, previous: &str) -> String {
        self.digest_of(previous, &signature::hex(&signature::sha256(self.text().as_bytes())))
    }

    /// The same over what stands for the body. The first entries of old ledgers have the very text there.
    fn digest_of(&self, previous: &str, body: &str) -> String {
        let text = format!("{previous}\n{}\n{}\n{}\n{}\n{body}", self.n, self.id, self.contact, self.at.ms());
        signature::hex(&signature::sha256(text.as_bytes()))
    }
}

/// The SHA-256 that stands in place of an erased entry's words, in lower-case hex; `None` where `body` was not erased.
pub fn erased(body: &str) -> Option<&str> {
    let digest = body.strip_prefix("{\"erased\":\"")?.strip_suffix("\"}")?;
    let is_hex = digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (digest.len() == 64 && is_hex).then_some(digest)
}

/// Where a chain breaks: the first entry whose hash or number does not follow from the one before.
pub fn first_break(chain: &[ConsentEntry]) -> Option<u32> {
    let mut previous = "";
    for (index, entry) in chain.iter().enumerate() {
        let in_order = usize::try_from(entry.n).is_ok_and(|n| n == index + 1);
        let holds =
            entry.hash == entry.digest(previous) || entry.hash == entry.digest_of(previous, &entry.text());
        if !in_order || !holds {
            return Some(entry.n);
        }
        previous = &entry.hash;
    }
    None
}

/// What holds for an address on a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing was ever said, or what was said has ended.
    Silent,
    /// Allowed.
    Granted {
        /// How strongly.
        level: Level,
        /// The entry that says so.
        entry: ConsentId,
    },
    /// Taken back.
    Revoked {
        /// The entry that says so.
        entry: ConsentId,
    },
}

/// The topics that marketing on a channel is allowed for by themselves, each as strongly as it is.
pub fn marketing_topics(chain: &[ConsentEntry], channel: Channel, now: Timestamp) -> Vec<(String, Level)> {
    let named: BTreeSet<&str> = chain.iter().filter_map(|entry| entry.body.topic.as_deref()).collect();
    let granted = named.into_iter().filter_map(|topic| {
        match standing(chain, channel, Purpose::Marketing, Some(topic), now) {
            Standing::Granted { level, .. } => Some((topic.to_owned(), level)),
            _ => None,
        }
    });
    granted.collect()
}

/// The fold of a chain for a channel, a purpose and a topic at a moment: the last word counts, grants that have ended do
/// not, and a confirmation raises the grant before it.
pub fn standing(
    chain: &[ConsentEntry],
    channel: Channel,
    purpose: Purpose,
    topic: Option<&str>,
    now: Timestamp,
) -> Standing {
    let said =
        chain.iter().filter(|entry| entry.body.channel == channel && entry.body.covers(purpose, topic));
    said.fold(Standing::Silent, |standing, entry| {
        let id = entry.id.clone();
        let has_ended = entry.body.expires_at.is_some_and(|at| at <= now);
        match (entry.body.action, standing) {
            (Action::Lapse, _) => Standing::Silent,
            (Action::Revoke, _) => Standing::Revoked { entry: id },
            (Action::Grant, standing) if has_ended => standing,
            (Action::Grant, Standing::Granted { level, entry: stronger }) if level > entry.body.level => {
                Standing::Granted { level, entry: stronger }
            }
            (Action::Grant, _) => Standing::Granted { level: entry.body.level, entry: id },
            (Action::Confirm, Standing::Granted { .. }) => {
                Standing::Granted { level: Level::Confirmed, entry: id }
            }
            (Action::Confirm, standing) => standing,
        }
    })
}

/// What holds for an address of somebody who turned out to be several contacts: the most restrictive of what each of them
/// said of the same kind of address. `others` are the chains of the addresses that came with the other contacts. What the
/// address itself allowed after they were joined, at `joined_at`, was said by the one person they are.
pub fn strictest<'a>(
    own: &[ConsentEntry],
    others: impl IntoIterator<Item = &'a [ConsentEntry]>,
    joined_at: Option<Timestamp>,
    (channel, purpose, topic): (Channel, Purpose, Option<&str>),
    now: Timestamp,
) -> Standing {
    let holds = standing(own, channel, purpose, topic, now);
    let Some(joined_at) = joined_at else { return holds };
    if let Standing::Granted { entry, .. } = &holds
        && own.iter().any(|one| one.id == *entry && one.at > joined_at)
    {
        return holds;
    }
    let revoked = others.into_iter().map(|chain| standing(chain, channel, purpose, topic, now));
    let mut revoked = revoked.filter(|other| matches!(other, Standing::Revoked { .. }));
    if matches!(holds, Standing::Revoked { .. }) { holds } else { revoked.next().unwrap_or(holds) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctx::Ctx;

    fn site() -> SiteId {
        SiteId::parse("ste_1").unwrap()
    }

    fn number() -> Address {
        Address::new(AddressKind::Phone, "+14155552671")
    }

    fn chain(actions: &[Action]) -> Vec<ConsentEntry> {
        let mut ctx = Ctx::seeded(Timestamp::from_ms(1), 1);
        let mut chain = Vec::new();
        for action in actions {
            let event = EventId::mint(&mut ctx);
            let body = ConsentBody::of(Channel::Sms, *action, Basis::Keyword, "STOP", &event);
            let contact = ContactId::parse("ctc_1").unwrap();
            chain.push(ConsentEntry::after(
                &chain,
                (&site(), &number()),
                ConsentId::mint(&mut ctx),
                contact,
                ctx.now,
                body,
            ));
        }
        chain
    }

    fn holds(chain: &[ConsentEntry], purpose: Purpose, now_ms: i64) -> Standing {
        standing(chain, Channel::Sms, purpose, Some("service"), Timestamp::from_ms(now_ms))
    }

    fn with(chain: &mut Vec<ConsentEntry>, body: ConsentBody) {
        let seed = u64::try_from(chain.len()).unwrap() + 9;
        let mut ctx = Ctx::seeded(Timestamp::from_ms(1), seed);
        let contact = ContactId::parse("ctc_1").unwrap();
        chain.push(ConsentEntry::after(
            chain,
            (&site(), &number()),
            ConsentId::mint(&mut ctx),
            contact,
            ctx.now,
            body,
        ));
    }

    fn said(action: Action) -> ConsentBody {
        ConsentBody::of(Channel::Sms, action, Basis::Card, "yes", &EventId::parse("evt_1").unwrap())
    }

    #[test]
    fn the_last_word_counts() {
        assert_eq!(holds(&[], Purpose::Reminder, 9), Standing::Silent);
        let chain = chain(&[Action::Grant, Action::Revoke]);
        assert!(matches!(holds(&chain, Purpose::Reminder, 9), Standing::Revoked { .. }));
        let elsewhere = standing(&chain, Channel::Email, Purpose::Reminder, None, Timestamp::from_ms(9));
        assert_eq!(elsewhere, Standing::Silent);
    }

    #[test]
    fn a_grant_is_for_what_it_names_and_never_silently_for_marketing() {
        let mut granted = Vec::new();
        with(&mut granted, said(Action::Grant));
        assert!(matches!(holds(&granted, Purpose::Reminder, 9), Standing::Granted { .. }));
        assert_eq!(holds(&granted, Purpose::Marketing, 9), Standing::Silent);
        let marketing = ConsentBody {
            purpose: Some(Purpose::Marketing),
            level: Level::ExpressWritten,
            ..said(Action::Grant)
        };
        with(&mut granted, marketing);
        let level = |chain: &[ConsentEntry]| match holds(chain, Purpose::Marketing, 9) {
            Standing::Granted { level, .. } => Some(level),
            _ => None,
        };
        assert_eq!(level(&granted), Some(Level::ExpressWritten));
        with(&mut granted, ConsentBody { purpose: Some(Purpose::Marketing), ..said(Action::Confirm) });
        assert_eq!(level(&granted), Some(Level::Confirmed));
        with(&mut granted, ConsentBody { purpose: Some(Purpose::Marketing), ..said(Action::Revoke) });
        assert_eq!(level(&granted), None);
        assert!(matches!(holds(&granted, Purpose::Reminder, 9), Standing::Granted { .. }));
        with(&mut granted, said(Action::Revoke));
        assert!(matches!(holds(&granted, Purpose::Reminder, 9), Standing::Revoked { .. }));
    }

    #[test]
    fn a_topic_narrows_and_an_end_ends() {
        let mut chain = Vec::new();
        let other = ConsentBody { topic: Some("races".into()), ..said(Action::Grant) };
        with(&mut chain, other);
        assert_eq!(holds(&chain, Purpose::Reminder, 9), Standing::Silent);
        let ends = ConsentBody { expires_at: Some(Timestamp::from_ms(20)), ..said(Action::Grant) };
        with(&mut chain, ends);
        assert!(matches!(holds(&chain, Purpose::Reminder, 19), Standing::Granted { .. }));
        assert_eq!(holds(&chain, Purpose::Reminder, 20), Standing::Silent);
    }

    #[test]
    fn an_entry_without_the_newer_fields_keeps_its_hash() {
        let json = serde_json::to_string(&said(Action::Grant)).unwrap();
        let old = r#"{"channel":"sms","action":"grant","basis":"card","wording":null,"evidence":"yes","event":"evt_1"}"#;
        assert_eq!(json, old);
    }

    #[test]
    fn an_entry_names_the_site_and_the_address_it_was_said_for() {
        let json = serde_json::to_value(&chain(&[Action::Grant])[0].body).unwrap();
        let of = serde_json::json!({"site": "ste_1", "kind": "phone", "address": "+14155552671"});
        assert_eq!(json["of"], of);
    }

    #[test]
    fn a_changed_or_missing_entry_breaks_the_chain_where_it_stood() {
        let good = chain(&[Action::Grant, Action::Revoke, Action::Grant]);
        assert_eq!(first_break(&good), None);
        let mut changed = good.clone();
        changed[1].body.evidence = "go on".into();
        assert_eq!(first_break(&changed), Some(2));
        let mut missing = good;
        missing.remove(1);
        assert_eq!(first_break(&missing), Some(3));
    }
}
