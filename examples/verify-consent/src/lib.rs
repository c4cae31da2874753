//! Recomputes the hash chains of a proof of consent, the answer of
//! `GET /api/sites/{site}/contacts/{contact}/consent`.
//!
//! It shares no code with the product on purpose: what it needs to know stands in the file's own `hashing` field. It
//! shows that nothing within the file was changed, left out, put into another order or under another address or site. It cannot
//! show that the file is all there ever was, nor that whoever wrote it did not make it up as a whole, since the hash has no
//! key: for that, keep the `head` of an older export and look for it in the chain. Entries of before December 2026 do not name
//! their address; how many they are is told.

use std::fmt;

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The shape this reads.
pub const FORMAT: &str = "throughline.consent.1";

/// The parts of the file that are checked.
#[derive(Debug, Deserialize)]
struct File {
    format: String,
    site: String,
    entries: usize,
    addresses: Vec<Ledger>,
}

#[derive(Debug, Deserialize)]
struct Ledger {
    kind: String,
    address: String,
    entries: usize,
    head: String,
    chain: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    n: u32,
    id: String,
    contact: String,
    at_ms: i64,
    body: String,
    hash: String,
}

/// The part of an entry's body that names its ledger.
#[derive(Debug, Deserialize)]
struct Body {
    of: Option<Subject>,
}

#[derive(Debug, Deserialize)]
struct Subject {
    site: String,
    kind: String,
    address: String,
}

/// Where a chain breaks: the first place that does not follow from the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The address.
    pub address: String,
    /// The entry's number: 1, 2, 3, …
    pub n: u32,
    /// In which way.
    pub how: How,
}

/// In which way a chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The entry is not what was hashed.
    Changed,
    /// The entry is not there.
    Missing,
    /// Another entry stands in its place.
    Reordered,
    /// There are more entries than the file says.
    Added,
    /// The entry was hashed for another address, or for another site.
    Readdressed,
}

/// What holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many entries.
    pub entries: usize,
    /// How many of them were erased: their places and times stand, their words are gone, and only a hash of them is left.
    pub erased: usize,
    /// How many of them do not name the address they are for, because they are older than that.
    pub unnamed: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every link holds.
    Holds(Tally),
    /// At least one chain breaks; the first break of each.
    Breaks(Vec<Break>),
    /// Every chain that is there holds, but one is gone altogether: so many entries are there, and so many are announced.
    Incomplete(usize, usize),
    /// The file is not one that can be checked, and why.
    Unreadable(String),
}

/// Checks a file's text.
pub fn verify(text: &str) -> Verdict {
    let file: File = match serde_json::from_str(text) {
        Ok(file) => file,
        Err(error) => return Verdict::Unreadable(error.to_string()),
    };
    if file.format != FORMAT {
        return Verdict::Unreadable(format!("the format is {:?}, not {FORMAT:?}", file.format));
    }
    let breaks: Vec<Break> =
        file.addresses.iter().filter_map(|address| address.first_break(&file.site)).collect();
    let found = file.addresses.iter().map(|address| address.chain.len()).sum();
    match (breaks.is_empty(), found == file.entries) {
        (true, true) => {
            let entries = || file.addresses.iter().flat_map(|address| &address.chain);
            let erased = entries().filter(|entry| entry.erased().is_some()).count();
            let unnamed = entries().filter(|entry| entry.erased().is_none() && entry.of().is_none()).count();
            Verdict::Holds(Tally { entries: found, erased, unnamed })
        }
        (true, false) => Verdict::Incomplete(found, file.entries),
        (false, _) => Verdict::Breaks(breaks),
    }
}

impl Ledger {
    fn first_break(&self, site: &str) -> Option<Break> {
        let at = |n, how| Some(Break { address: self.address.clone(), n, how });
        let mut previous = "";
        for (n, entry) in (1_u32..).zip(&self.chain) {
            if entry.n != n {
                let is_elsewhere = self.chain.iter().any(|other| other.n == n);
                return at(n, if is_elsewhere { How::Reordered } else { How::Missing });
            }
            if !entry.follows(previous) {
                return at(n, How::Changed);
            }
            if entry.of().is_some_and(|of| !self.is(&of, site)) {
                return at(n, How::Readdressed);
            }
            previous = &entry.hash;
        }
        let found = u32::try_from(self.chain.len()).unwrap_or(u32::MAX);
        match self.chain.len().cmp(&self.entries) {
            std::cmp::Ordering::Less => at(found.saturating_add(1), How::Missing),
            std::cmp::Ordering::Greater => at(found, How::Added),
            std::cmp::Ordering::Equal if previous != self.head => at(found, How::Changed),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Whether an entry was hashed for this very address. Mailboxes are compared in lower case.
    fn is(&self, of: &Subject, site: &str) -> bool {
        let own = if self.kind == "email" { self.address.to_lowercase() } else { self.address.clone() };
        of.site == site && of.kind == self.kind && of.address == own
    }
}

impl Entry {
    /// Whether its hash follows from the one before. Of an erased entry whose words were hashed on their own that can be
    /// checked; of an older one it is taken as it is, and the entry after it vouches for it.
    fn follows(&self, previous: &str) -> bool {
        self.erased().is_some()
            || [sha256(&self.body).as_str(), &self.body]
                .iter()
                .any(|body| self.hash == self.digest(previous, body))
    }

    /// The hash that an erased entry's words left behind.
    fn erased(&self) -> Option<&str> {
        let digest = self.body.strip_prefix("{\"erased\":\"")?.strip_suffix("\"}")?;
        (digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit())).then_some(digest)
    }

    /// The ledger it names; none where it is older than that, or erased.
    fn of(&self) -> Option<Subject> {
        serde_json::from_str::<Body>(&self.body).ok()?.of
    }

    /// SHA-256 over the hash before and all of the entry, with what stands for its body, in lower-case hex.
    fn digest(&self, previous: &str, body: &str) -> String {
        let Self { n, id, contact, at_ms, .. } = self;
        sha256(&format!("{previous}\n{n}\n{id}\n{contact}\n{at_ms}\n{body}"))
    }
}

/// In lower-case hex.
fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, n, how } = self;
        let how = match how {
            How::Changed => "was changed: its hash does not follow from what it says and the entry before",
            How::Missing => "is missing",
            How::Reordered => "does not stand in its place: the entries are in another order",
            How::Added => "was added: the file says that there are fewer",
            How::Readdressed => "is of another ledger: it was hashed for another address or site",
        };
        write!(f, "{address}: entry {n} {how}.")
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entries, erased, unnamed } = self;
        let noun = if *entries == 1 { "entry" } else { "entries" };
        write!(f, "{entries} {noun}, all links hold")?;
        if *erased > 0 {
            write!(f, "; {erased} of them erased: when each was made stands, what it said is gone")?;
        }
        if *unnamed > 0 {
            write!(f, "; {unnamed} of them older than the rule that an entry names its address, and do not")?;
        }
        Ok(())
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holds(tally) => tally.fmt(f),
            Self::Breaks(breaks) => {
                let lines: Vec<String> = breaks.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
            Self::Incomplete(found, announced) => {
                write!(
                    f,
                    "{found} entries are there, and the file says {announced}: an address is missing or was added."
                )
            }
            Self::Unreadable(why) => write!(f, "This is no proof of consent that can be checked: {why}."),
        }
    }
}

#[cfg(test)]
mod tests;
