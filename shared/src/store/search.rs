//! The search: words of what was said and of who people are, in two full-text indexes that hold no text.

use serde::{Deserialize, Serialize};

use super::{Stmt, encode_json, statements, stmt};
use crate::{
    id::{ContactId, ConversationId, SiteId},
    signature,
    time::Timestamp,
};

statements! {
    /// Gives what was said its numbers: a JSON list of `{seq, subject, text}`. What has one already is a conflict.
    ADD_ENTRIES = "INSERT INTO search_entries (site_id, conversation_id, seq)
        SELECT ?1, ?2, json_extract(j.value, '$.seq') FROM json_each(?3) j ORDER BY j.key";
    /// Takes in its words, under those numbers.
    ADD_WORDS = "INSERT INTO search_words (rowid, site, subject, text)
        SELECT e.n, ?4, json_extract(j.value, '$.subject'), json_extract(j.value, '$.text') FROM json_each(?3) j
        CROSS JOIN search_entries e ON e.conversation_id = ?2 AND e.seq = json_extract(j.value, '$.seq')
        WHERE e.site_id = ?1";
    /// What was said that fits, the newest first.
    SAID = "SELECT COALESCE(c.merged_into, c.id) AS contact_id, COALESCE(r.name, c.name, (
            SELECT h.address FROM handles h INDEXED BY handles_by_contact
            WHERE h.site_id = c.site_id AND h.contact_id = c.id AND h.kind <> 'visitor' LIMIT 1)) AS name,
          e.conversation_id, e.seq, e.at_ms, e.body
        FROM search_words
        CROSS JOIN search_entries n ON n.n = search_words.rowid AND n.site_id = ?1
        CROSS JOIN events e ON e.conversation_id = n.conversation_id AND e.seq = n.seq AND e.site_id = n.site_id
        CROSS JOIN conversations v ON v.id = n.conversation_id AND v.site_id = n.site_id
        CROSS JOIN contacts c ON c.site_id = v.site_id AND c.id = v.contact_id
        LEFT JOIN contacts r ON r.site_id = c.site_id AND r.id = c.merged_into
        WHERE search_words MATCH ?2 ORDER BY search_words.rowid DESC LIMIT ?3";
    /// Contacts that the search has to take in anew, with what they are called and reached by.
    STALE = "SELECT s.contact_id, s.n, c.name,
          (SELECT json_group_array(h.address) FROM handles h INDEXED BY handles_by_contact
            WHERE h.site_id = s.site_id AND h.contact_id = s.contact_id AND h.kind <> 'visitor') AS addresses
        FROM search_stale s LEFT JOIN contacts c ON c.site_id = s.site_id AND c.id = s.contact_id
        WHERE s.site_id = ?1 ORDER BY s.contact_id LIMIT ?2";
    /// Forgets the words of some contacts: a JSON list of `{contact, n, name, address}`.
    DROP_PEOPLE_WORDS = "DELETE FROM people_words WHERE rowid IN (
          SELECT p.n FROM json_each(?2) j
          CROSS JOIN people_entries p ON p.site_id = ?1 AND p.contact_id = json_extract(j.value, '$.contact'))";
    /// Forgets their numbers.
    DROP_PEOPLE = "DELETE FROM people_entries WHERE site_id = ?1 AND contact_id IN (
          SELECT json_extract(j.value, '$.contact') FROM json_each(?2) j)";
    /// Gives them new ones; who has neither name nor address needs none.
    ADD_PEOPLE = "INSERT INTO people_entries (site_id, contact_id)
        SELECT ?1, json_extract(j.value, '$.contact') FROM json_each(?2) j
        WHERE json_extract(j.value, '$.name') <> '' OR json_extract(j.value, '$.address') <> '' ORDER BY j.key";
    /// Takes in their words.
    ADD_PEOPLE_WORDS = "INSERT INTO people_words (rowid, site, name, address)
        SELECT p.n, ?3, json_extract(j.value, '$.name'), json_extract(j.value, '$.address') FROM json_each(?2) j
        CROSS JOIN people_entries p ON p.site_id = ?1 AND p.contact_id = json_extract(j.value, '$.contact')";
    /// They are taken in, unless they have changed meanwhile.
    FRESH = "DELETE FROM search_stale WHERE site_id = ?1 AND (contact_id, n) IN (
          SELECT json_extract(j.value, '$.contact'), json_extract(j.value, '$.n') FROM json_each(?2) j)";
    /// Contacts that fit, the newest first, each as whoever they turned out to be.
    PEOPLE = "SELECT COALESCE(c.merged_into, c.id) AS contact_id, COALESCE(r.name, c.name) AS name, c.name AS own_name,
          COALESCE(v.updated_at_ms, c.created_at_ms) AS at_ms,
          (SELECT json_group_array(h.address) FROM handles h INDEXED BY handles_by_contact
            WHERE h.site_id = c.site_id AND h.contact_id = c.id AND h.kind <> 'visitor') AS addresses
        FROM people_words
        CROSS JOIN people_entries n ON n.n = people_words.rowid AND n.site_id = ?1
        CROSS JOIN contacts c ON c.site_id = n.site_id AND c.id = n.contact_id
        LEFT JOIN contacts r ON r.site_id = c.site_id AND r.id = c.merged_into
        LEFT JOIN conversations v ON v.site_id = c.site_id AND v.contact_id = COALESCE(c.merged_into, c.id)
        WHERE people_words MATCH ?2 ORDER BY people_words.rowid DESC LIMIT ?3";
}

/// The word that stands for a site in the indexes.
pub fn site_word(site: &SiteId) -> String {
    let digest = signature::hex(&signature::sha256(site.as_str().as_bytes()));
    format!("s{}", &digest[..16])
}

/// The words of something that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Its place.
    pub seq: u32,
    /// The words of its subject.
    pub subject: String,
    /// Its words.
    pub text: String,
}

/// Takes in what was said in a conversation.
pub fn add(site: &SiteId, conversation: &ConversationId, said: &[Words]) -> [Stmt; 2] {
    let (list, word) = (encode_json(&said), site_word(site));
    let (site, conversation) = (site.as_str(), conversation.as_str());
    [
        stmt!(ADD_ENTRIES, site, conversation, list.as_str()),
        stmt!(ADD_WORDS, site, conversation, list.as_str(), word),
    ]
}

/// Something said that fits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Said {
    /// With whom, after joins.
    pub contact_id: ContactId,
    /// What they are called.
    pub name: Option<String>,
    /// Where.
    pub conversation_id: ConversationId,
    /// At which place.
    pub seq: u32,
    /// When.
    pub at_ms: Timestamp,
    /// What, as JSON.
    pub body: String,
}

/// Asks what was said that fits an FTS5 expression; answers with [`Said`].
pub fn said(site: &SiteId, expression: &str, limit: u32) -> Stmt {
    stmt!(SAID, site.as_str(), expression, limit)
}

/// A contact that the search has to take in anew.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Stale {
    /// Whom.
    pub contact_id: ContactId,
    /// How often they have changed.
    pub n: u32,
    /// Their name; none where they are gone.
    pub name: Option<String>,
    /// Their addresses, as JSON.
    pub addresses: String,
}

/// Asks whom the search has to take in anew; answers with [`Stale`].
pub fn stale(site: &SiteId, limit: u32) -> Stmt {
    stmt!(STALE, site.as_str(), limit)
}

/// The words of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonWords {
    /// Whose.
    pub contact: ContactId,
    /// How often they had changed.
    pub n: u32,
    /// The words of their name.
    pub name: String,
    /// The words of their addresses, ends included.
    pub address: String,
}

/// Takes in contacts anew.
pub fn renew(site: &SiteId, people: &[PersonWords]) -> [Stmt; 5] {
    let (list, word) = (encode_json(&people), site_word(site));
    let (site, list) = (site.as_str(), list.as_str());
    [
        stmt!(DROP_PEOPLE_WORDS, site, list),
        stmt!(DROP_PEOPLE, site, list),
        stmt!(ADD_PEOPLE, site, list),
        stmt!(ADD_PEOPLE_WORDS, site, list, word),
        stmt!(FRESH, site, list),
    ]
}

/// A contact that fits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Person {
    /// Who, after joins.
    pub contact_id: ContactId,
    /// What they are called.
    pub name: Option<String>,
    /// What the contact that fits was called before it was joined.
    pub own_name: Option<String>,
    /// When something last happened with them.
    pub at_ms: Timestamp,
    /// The addresses that came with the contact that fits, as JSON.
    pub addresses: String,
}

/// Asks which contacts fit an FTS5 expression; answers with [`Person`].
pub fn people(site: &SiteId, expression: &str, limit: u32) -> Stmt {
    stmt!(PEOPLE, site.as_str(), expression, limit)
}
