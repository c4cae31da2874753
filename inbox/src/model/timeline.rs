//! A person's timeline as far as it was read: one stretch in the middle of which nothing is missing.
//!
//! Entries come by cursor, older ones before and newer ones after, and each is known by its id: whatever is told twice
//! stands once, and in the order the edge gives.

use std::collections::BTreeSet;

use shared::api::timeline::{Entry, Stretch, What};

/// How many entries one part of the page holds.
pub const PART: usize = 40;

/// What is held of a timeline.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    entries: Vec<Entry>,
    ids: BTreeSet<String>,
    before: Option<String>,
    after: String,
    total: u32,
}

impl Timeline {
    /// What was read first: the newest stretch.
    pub fn of(stretch: Stretch) -> Self {
        let mut timeline = Self { before: stretch.before.clone(), ..Self::default() };
        timeline.add(stretch);
        timeline
    }

    /// Every entry held, the oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Where to read what came before; none where nothing did.
    pub fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// Where to read what came after.
    pub fn after(&self) -> &str {
        &self.after
    }

    /// How many entries the whole timeline has, about.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// Takes in what stands before.
    pub fn add_older(&mut self, stretch: Stretch) {
        self.before.clone_from(&stretch.before);
        let fresh: Vec<Entry> =
            stretch.entries.into_iter().filter(|entry| self.ids.insert(entry.id.clone())).collect();
        self.entries.splice(0..0, fresh);
    }

    /// Takes in what came after; how many entries of it are new. One that is told again, changed, takes its own place.
    pub fn add_newer(&mut self, stretch: Stretch) -> usize {
        self.add(stretch)
    }

    fn add(&mut self, stretch: Stretch) -> usize {
        let mut fresh = 0;
        for entry in stretch.entries {
            if self.ids.insert(entry.id.clone()) {
                let place = self.entries.partition_point(|held| held.at <= entry.at);
                self.entries.insert(place, entry);
                fresh += 1;
            } else if let Some(held) = self.entries.iter_mut().rfind(|held| held.id == entry.id) {
                *held = entry;
            }
        }
        (self.after, self.total) = (stretch.after, stretch.total);
        fresh
    }

    /// The newest entries again, as they stand now: how far deliveries came changes after the fact.
    pub fn refresh(&mut self, stretch: Stretch) {
        self.add(stretch);
    }

    /// The entries in parts of [`PART`], the oldest first; the last part is the shortest, and parts keep their names while
    /// newer entries come.
    pub fn parts(&self) -> Vec<(usize, &[Entry])> {
        self.entries.chunks(PART).enumerate().collect()
    }

    /// The newest entry that somebody said.
    pub fn last_said(&self) -> Option<&Entry> {
        self.entries.iter().rfind(|entry| matches!(entry.what, What::Said(_)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::{api::timeline::Said, channel::Channel, id::ConversationId, time::Timestamp, wire::Speaker};

    use super::*;

    fn entry(seq: u32) -> Entry {
        Entry {
            id: format!("evt_{seq}"),
            conversation: ConversationId::parse("cnv_1").unwrap(),
            seq: Some(seq),
            at: Timestamp::from_ms(i64::from(seq) * 10),
            channel: Channel::Sms,
            address: String::new(),
            speaker: Speaker::Contact,
            what: What::Said(Said { text: seq.to_string(), ..Said::default() }),
        }
    }

    fn stretch(seqs: impl IntoIterator<Item = u32>, before: Option<&str>, after: &str) -> Stretch {
        let entries = seqs.into_iter().map(entry).collect();
        Stretch { entries, before: before.map(str::to_owned), after: after.to_owned(), total: 99 }
    }

    fn seqs(timeline: &Timeline) -> Vec<u32> {
        timeline.entries().iter().filter_map(|entry| entry.seq).collect()
    }

    #[test]
    fn older_and_newer_stretches_make_one_without_a_gap_or_a_double() {
        let mut timeline = Timeline::of(stretch(5..8, Some("5"), "7"));
        timeline.add_older(stretch(2..5, Some("2"), "7"));
        assert_eq!((timeline.before(), timeline.after()), (Some("2"), "7"));
        assert_eq!(timeline.add_newer(stretch(7..10, None, "9")), 2);
        timeline.add_older(stretch(1..3, None, "9"));
        assert_eq!(seqs(&timeline), (1..10).collect::<Vec<_>>());
        assert_eq!((timeline.before(), timeline.after()), (None, "9"));
    }

    #[test]
    fn an_entry_told_again_takes_its_own_place() {
        let mut timeline = Timeline::of(stretch(1..4, None, "3"));
        let mut again = stretch([2], None, "3");
        again.entries[0].what = What::Erased;
        timeline.refresh(again);
        assert_eq!(seqs(&timeline), [1, 2, 3]);
        assert_eq!(timeline.entries()[1].what, What::Erased);
    }

    proptest! {
        #[test]
        fn whatever_overlaps_stands_once_and_in_order(cuts in proptest::collection::vec((1_u32..60, 1_u32..12), 1..20)) {
            let mut timeline = Timeline::of(stretch([60], Some("60"), "60"));
            for (from, many) in cuts {
                timeline.add_newer(stretch(from..from + many, None, "x"));
            }
            let held = seqs(&timeline);
            let mut sorted = held.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(held, sorted);
        }
    }
}
