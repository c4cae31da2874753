//! The consent ledger: who allowed which channel, with which words, and when they took it back.
//!
//! Entries of one address form a chain: each holds the SHA-256 of the one before, so that a change or a gap shows. What
//! holds now is the fold of the chain. Sources: 47 CFR 64.1200(f)(9) and (a)(10) (TCPA), GDPR Art. 7.

pub mod wish;

use serde::{Deserialize, Serialize};

use crate::{
    channel::Channel,
    id::{ConsentId, ContactId, EventId},
    signature,
    time::Timestamp,
};

/// What an entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The person allowed it.
    Grant,
    /// The person took it back.
    Revoke,
}

/// How the person said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Ticked the widget's card under its exact wording.
    Card,
    /// Asked in their own words ("text me at …").
    Asked,
    /// Sent an opt-out or opt-in word, and nothing else.
    Keyword,
    /// Asked for no more messages, or for messages again, in their own words.
    Words,
    /// Told the carrier, which refuses our messages to them since.
    Carrier,
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
    /// The version of the wording that was shown; none for own words.
    pub wording: Option<String>,
    /// The exact words: the wording shown, or what the person wrote.
    pub evidence: String,
    /// The event it was said in.
    pub event: EventId,
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
    /// The next entry after `chain` (oldest first).
    pub fn after(
        chain: &[Self],
        id: ConsentId,
        contact: ContactId,
        at: Timestamp,
        body: ConsentBody,
    ) -> Self {
        let n = chain.last().map_or(1, |last| last.n + 1);
        let mut entry = Self { n, id, contact, at, body, hash: String::new() };
        entry.hash = entry.digest(chain.last().map_or("", |last| &last.hash));
        entry
    }

    /// SHA-256 of `previous` and this entry's fields, one a line.
    fn digest(&self, previous: &str) -> String {
        let body = serde_json::to_string(&self.body).unwrap_or_default();
        let text = format!("{previous}\n{}\n{}\n{}\n{}\n{body}", self.n, self.id, self.contact, self.at.ms());
        signature::hex(&signature::sha256(text.as_bytes()))
    }
}

/// Where a chain breaks: the first entry whose hash or number does not follow from the one before.
pub fn first_break(chain: &[ConsentEntry]) -> Option<u32> {
    let mut previous = "";
    for (index, entry) in chain.iter().enumerate() {
        let in_order = usize::try_from(entry.n).is_ok_and(|n| n == index + 1);
        if !in_order || entry.hash != entry.digest(previous) {
            return Some(entry.n);
        }
        previous = &entry.hash;
    }
    None
}

/// What holds now for an address on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was ever said.
    Silent,
    /// Allowed.
    Granted,
    /// Taken back.
    Revoked,
}

/// The fold of a chain.
pub fn standing(chain: &[ConsentEntry], channel: Channel) -> Standing {
    match chain.iter().rfind(|entry| entry.body.channel == channel).map(|entry| entry.body.action) {
        None => Standing::Silent,
        Some(Action::Grant) => Standing::Granted,
        Some(Action::Revoke) => Standing::Revoked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctx::Ctx;

    fn chain(actions: &[Action]) -> Vec<ConsentEntry> {
        let mut ctx = Ctx::seeded(Timestamp::from_ms(1), 1);
        let mut chain = Vec::new();
        for action in actions {
            let body = ConsentBody {
                channel: Channel::Sms,
                action: *action,
                basis: Basis::Keyword,
                wording: None,
                evidence: "STOP".into(),
                event: EventId::mint(&mut ctx),
            };
            let contact = ContactId::parse("ctc_1").unwrap();
            chain.push(ConsentEntry::after(&chain, ConsentId::mint(&mut ctx), contact, ctx.now, body));
        }
        chain
    }

    #[test]
    fn the_last_word_counts() {
        assert_eq!(standing(&[], Channel::Sms), Standing::Silent);
        let chain = chain(&[Action::Grant, Action::Revoke]);
        assert_eq!(standing(&chain, Channel::Sms), Standing::Revoked);
        assert_eq!(standing(&chain, Channel::Email), Standing::Silent);
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
