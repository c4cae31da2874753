//! A case that every gate lets through, for tests to change one thing of.

use super::{Case, Content};
use crate::{
    calendar::quiet::whereabouts,
    channel::Channel,
    consent::{Level, Standing},
    contact::AddressKind,
    conversation::Floor,
    delivery::Purpose,
    id::ConsentId,
    time::Timestamp,
    wire::Speaker,
};

/// Noon in London, where the contact is, on a Friday.
pub(crate) const NOW: Timestamp = Timestamp::from_ms(1_800_014_400_000);

/// A consent to everything.
pub(crate) fn granted(level: Level) -> Standing {
    Standing::Granted { level, entry: ConsentId::parse("cns_1").unwrap() }
}

/// A message that may go.
pub(crate) fn case(channel: Channel, purpose: Purpose) -> Case {
    Case {
        now: NOW,
        channel,
        has_endpoint: true,
        purpose,
        topic: None,
        content: Content { segments: 1, says_stop: true, gives_address: true, is_document: false },
        to: "•••2671".into(),
        kind: AddressKind::of(channel),
        is_known: true,
        is_merged: false,
        blocked: false,
        standing: granted(Level::Confirmed),
        suppressed: None,
        suppression: None,
        whereabouts: whereabouts(None, None, "UTC"),
        active_at: None,
        wrote_at: None,
        wrote: None,
        spent: Vec::new(),
        priority: 0,
        rivals: Vec::new(),
        preference: None,
        floor: Floor::Assistant,
        speaker: Speaker::Sequence("cold lead".into()),
    }
}
