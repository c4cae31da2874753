//! The consent ledger's rows, and facts: what people allowed, and what they told.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Answer, DbError, Stmt, decode_json, decode_word, encode_json, statements, stmt};
use crate::{
    assistant::Fact,
    channel::Channel,
    consent::{ConsentEntry, erased},
    contact::{Address, Assurance},
    id::{ConsentId, ContactId, ConversationId, EventId, FactId, SiteId},
    identity,
    proof::Link,
    time::Timestamp,
};

statements! {
    /// An address's chain, oldest first.
    CHAIN = "SELECT n, id, contact_id, body, at_ms, hash FROM consents
        WHERE site_id = ?1 AND kind = ?2 AND address_key = ?3 ORDER BY n";
    /// The chains of the addresses of one kind that whoever a conversation belongs to has from other contacts than the one
    /// an address was first seen with.
    CHAINS_OF_OTHERS = "WITH root AS (
          SELECT COALESCE(o.merged_into, o.id) AS id FROM conversations v
          JOIN contacts o ON o.site_id = v.site_id AND o.id = v.contact_id
          WHERE v.id = ?2 AND v.site_id = ?1
        ) SELECT k.n, k.id, k.contact_id, k.body, k.at_ms, k.hash FROM (
          SELECT id FROM root
          UNION ALL SELECT c.id FROM root CROSS JOIN contacts c ON c.site_id = ?1 AND c.merged_into = root.id
        ) c
        CROSS JOIN handles h INDEXED BY handles_by_contact ON h.site_id = ?1 AND h.contact_id = c.id AND h.kind = ?3
          AND h.contact_id <> (SELECT contact_id FROM handles WHERE site_id = ?1 AND kind = ?3 AND address_key = ?4)
        CROSS JOIN consents k ON k.site_id = ?1 AND k.kind = h.kind AND k.address_key = h.address_key
        ORDER BY k.address_key, k.n";
    /// Adds an entry; a place that is taken is a conflict.
    ADD = "INSERT INTO consents (site_id, kind, address_key, n, id, contact_id, body, at_ms, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    /// What is remembered of a contact, oldest first, also from joined ones.
    FACTS = "SELECT f.id, f.key, f.value, f.quote, f.source, f.channel, f.address_key, f.at_ms,
          h.assurance FROM (
          SELECT id FROM contacts WHERE site_id = ?1 AND id = ?2
          UNION ALL SELECT id FROM contacts WHERE site_id = ?1 AND merged_into = ?2
        ) c
        CROSS JOIN facts f ON f.site_id = ?1 AND f.contact_id = c.id
        LEFT JOIN handles h ON h.site_id = f.site_id AND h.address_key = f.address_key
          AND h.kind = CASE f.channel WHEN 'widget' THEN 'visitor' WHEN 'sms' THEN 'phone' ELSE f.channel END
        WHERE f.superseded_by IS NULL ORDER BY f.at_ms, f.id";
    /// The same, asked by a conversation.
    FACTS_OF_CONVERSATION = "WITH root AS (
          SELECT COALESCE(o.merged_into, o.id) AS id FROM conversations v
          JOIN contacts o ON o.site_id = v.site_id AND o.id = v.contact_id
          WHERE v.id = ?2 AND v.site_id = ?1
        ) SELECT f.id, f.key, f.value, f.quote, f.source, f.channel, f.address_key, f.at_ms,
          h.assurance FROM (
          SELECT id FROM root
          UNION ALL SELECT c.id FROM root CROSS JOIN contacts c ON c.site_id = ?1 AND c.merged_into = root.id
        ) c
        CROSS JOIN facts f ON f.site_id = ?1 AND f.contact_id = c.id
        LEFT JOIN handles h ON h.site_id = f.site_id AND h.address_key = f.address_key
          AND h.kind = CASE f.channel WHEN 'widget' THEN 'visitor' WHEN 'sms' THEN 'phone' ELSE f.channel END
        WHERE f.superseded_by IS NULL ORDER BY f.at_ms, f.id";
    /// A newer fact of the same key takes the place of the older ones of its line, which stay as history.
    SUPERSEDE = "UPDATE facts SET superseded_by = ?4
        WHERE site_id = ?1 AND contact_id = ?2 AND key = ?3 AND channel = ?5 AND address_key = ?6
          AND superseded_by IS NULL AND NOT EXISTS (
            SELECT 1 FROM facts f WHERE f.site_id = ?1 AND f.contact_id = ?2 AND f.key = ?3 AND f.source = ?7
              AND f.forgotten_at_ms IS NOT NULL)";
    /// Remembers a fact; not one that was told in an event from which it was forgotten.
    ADD_FACT = "INSERT INTO facts (site_id, contact_id, id, key, value, quote, source, channel, address_key, at_ms)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE NOT EXISTS (
          SELECT 1 FROM facts f WHERE f.site_id = ?1 AND f.contact_id = ?2 AND f.key = ?4 AND f.source = ?7
            AND f.forgotten_at_ms IS NOT NULL)";
}

#[derive(Deserialize)]
struct ConsentRow {
    n: u32,
    id: ConsentId,
    contact_id: ContactId,
    body: String,
    at_ms: i64,
    hash: String,
}

/// The chain of an answer to [`chain`].
pub fn decode_chain(answer: Answer) -> Result<Vec<ConsentEntry>, DbError> {
    let rows = answer.decode_all::<ConsentRow>()?;
    // What is left of an erased one says nothing any more.
    rows.into_iter()
        .filter(|row| erased(&row.body).is_none())
        .map(|row| {
            let at = Timestamp::from_ms(row.at_ms);
            let body = decode_json(&row.body)?;
            Ok(ConsentEntry { n: row.n, id: row.id, contact: row.contact_id, at, body, hash: row.hash })
        })
        .collect()
}

/// The same as the very texts that were hashed, also where one of them is no longer understood.
pub fn decode_links(answer: Answer) -> Result<Vec<Link>, DbError> {
    let rows = answer.decode_all::<ConsentRow>()?;
    let link = |row: ConsentRow| {
        let ConsentRow { n, id, contact_id: contact, body, at_ms, hash } = row;
        Link { n, id, contact, at_ms, body, hash }
    };
    Ok(rows.into_iter().map(link).collect())
}

/// Asks for an address's chain.
pub fn chain(site: &SiteId, address: &Address) -> Stmt {
    stmt!(CHAIN, site.as_str(), address.kind.as_str(), identity::key(address))
}

/// Asks for what whoever a conversation belongs to said of addresses of the same kind that came with other contacts; see
/// [`decode_chains`].
pub fn chains_of_others(site: &SiteId, conversation: &ConversationId, address: &Address) -> Stmt {
    let (kind, key) = (address.kind.as_str(), identity::key(address));
    stmt!(CHAINS_OF_OTHERS, site.as_str(), conversation.as_str(), kind, key)
}

/// The chains of an answer to [`chains_of_others`].
pub fn decode_chains(answer: Answer) -> Result<Vec<Vec<ConsentEntry>>, DbError> {
    let mut chains: Vec<Vec<ConsentEntry>> = Vec::new();
    for entry in decode_chain(answer)? {
        match chains.last_mut() {
            Some(chain) if entry.n > 1 => chain.push(entry),
            _ => chains.push(vec![entry]),
        }
    }
    Ok(chains)
}

/// Adds an entry to an address's chain.
pub fn add(site: &SiteId, address: &Address, entry: &ConsentEntry) -> Stmt {
    stmt!(
        ADD,
        site.as_str(),
        address.kind.as_str(),
        identity::key(address),
        entry.n,
        entry.id.as_str(),
        entry.contact.as_str(),
        encode_json(&entry.body),
        entry.at,
        entry.hash.as_str(),
    )
}

#[derive(Deserialize)]
struct FactRow {
    key: String,
    value: String,
    quote: String,
    source: EventId,
    channel: String,
    address_key: String,
    at_ms: i64,
    assurance: Option<i64>,
}

/// A fact and the line it was said on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The fact.
    pub fact: Fact,
    /// The contact's address on the line.
    pub address_key: String,
}

/// A fact as it is recalled: what it is worth depends on its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recalled {
    /// What was said, and where.
    pub said: Remembered,
    /// How well that line is proven by now.
    pub assurance: Assurance,
}

/// The facts of an answer to [`facts`] or [`facts_of_conversation`], oldest first: the newest of each key and line.
pub fn decode_facts(answer: Answer) -> Result<Vec<Recalled>, DbError> {
    let rows = answer.decode_all::<FactRow>()?;
    rows.into_iter()
        .map(|row| {
            let channel = decode_word(&row.channel, Channel::parse(&row.channel))?;
            let assurance = row.assurance.map(Assurance::from_level).unwrap_or_default();
            let FactRow { key, value, quote, source, address_key, at_ms, .. } = row;
            let fact = Fact { key, value, quote, source, channel, at: Timestamp::from_ms(at_ms) };
            Ok(Recalled { said: Remembered { fact, address_key }, assurance })
        })
        .collect()
}

/// What holds now of facts that were said on several lines, oldest first: of a key that holds one value the newest, but
/// nothing said on a line that is not proven takes the place of what was said on one that is.
pub fn current(recalled: Vec<Recalled>) -> Vec<Fact> {
    let mut holding: BTreeMap<String, (bool, usize)> = BTreeMap::new();
    for (index, Recalled { said, assurance }) in recalled.iter().enumerate() {
        let rank = (*assurance >= Assurance::Possessed, index);
        if SINGLE.contains(&said.fact.key.as_str()) {
            let held = holding.entry(said.fact.key.clone()).or_insert(rank);
            *held = rank.max(*held);
        }
    }
    let holds = |index: usize, key: &str| holding.get(key).is_none_or(|(_, held)| *held == index);
    let facts = recalled.into_iter().map(|recalled| recalled.said.fact).enumerate();
    facts.filter(|(index, fact)| holds(*index, &fact.key)).map(|(_, fact)| fact).collect()
}

/// Asks for what is remembered of a contact.
pub fn facts(site: &SiteId, contact: &ContactId) -> Stmt {
    stmt!(FACTS, site.as_str(), contact.as_str())
}

/// Asks for what is remembered of whoever a conversation belongs to.
pub fn facts_of_conversation(site: &SiteId, conversation: &ConversationId) -> Stmt {
    stmt!(FACTS_OF_CONVERSATION, site.as_str(), conversation.as_str())
}

/// The keys of which only the newest fact holds; free facts stand beside each other.
const SINGLE: &[&str] = &["name", "service", "budget", "timing", "preference"];

/// Remembers a fact; an older one of a key that holds one value, said on the same line, becomes history. What holds over
/// all lines is for the reader to say ([`current`]): lines are proven, and people joined, later than facts are told.
pub fn remember(site: &SiteId, contact: &ContactId, id: &FactId, said: &Remembered) -> Vec<Stmt> {
    let Remembered { fact, address_key } = said;
    let mut stmts = Vec::new();
    if SINGLE.contains(&fact.key.as_str()) {
        let (site, contact, channel) = (site.as_str(), contact.as_str(), fact.channel.as_str());
        let line = address_key.as_str();
        let source = fact.source.as_str();
        stmts.push(stmt!(SUPERSEDE, site, contact, fact.key.as_str(), id.as_str(), channel, line, source));
    }
    stmts.push(stmt!(
        ADD_FACT,
        site.as_str(),
        contact.as_str(),
        id.as_str(),
        fact.key.as_str(),
        fact.value.as_str(),
        fact.quote.as_str(),
        fact.source.as_str(),
        fact.channel.as_str(),
        address_key.as_str(),
        fact.at,
    ));
    stmts
}
