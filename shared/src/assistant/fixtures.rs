//! Turns for the tests of this module.

use super::{Handoff, Said, Turn};
use crate::{channel::Channel, contact::Assurance, id::EventId, time::Timestamp, wire::Speaker};

/// Thursday, 26 November 2026, 10:00 in Portland: a holiday there.
pub(super) const NOW: Timestamp = Timestamp::from_ms(1_795_716_000_000);

/// A contact in New York writes to the example site.
pub(super) fn turn(channel: Channel, text: &str) -> Turn<'static> {
    Turn {
        site: serde_json::from_str(include_str!("../../../examples/site/throughline.json")).unwrap(),
        now: NOW,
        channel,
        locale: "en".to_owned(),
        time_zone: "America/New_York".to_owned(),
        assurance: Assurance::Possessed,
        name: None,
        can_text: false,
        can_email: false,
        facts: Vec::new(),
        history: Vec::new(),
        burst: vec![said(9, NOW, channel, Speaker::Contact, text)],
        passages: Vec::new(),
        appointments: Vec::new(),
        promised: None,
        openings: Vec::new(),
        handoff: Handoff::default(),
        task: None,
    }
}

pub(super) fn said(number: u32, at: Timestamp, channel: Channel, speaker: Speaker, text: &str) -> Said {
    Said {
        id: EventId::parse(&format!("evt_{number}")).unwrap(),
        at,
        channel,
        speaker,
        text: text.to_owned(),
    }
}
