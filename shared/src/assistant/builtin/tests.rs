//! Whole turns, as a contact lives them: the story a test tells, and in files of their own what it tells of.

mod answers;
mod memory;
mod moving;
mod people;

use std::borrow::Cow;

use proptest::prelude::*;

use super::{answer, needs};
use crate::{
    assistant::{Act, Draft, Fact, Handoff, Passage, Said, Turn, guard::max_chars},
    channel::Channel,
    contact::Assurance,
    id::EventId,
    knowledge,
    phrases::{self, Lang},
    site::Site,
    time::{DAY_MS, MINUTE_MS, Timestamp},
    wire::Speaker,
};

/// Tuesday, 24 November 2026, 10:00 in Portland: open until 18:00.
const TUESDAY: Timestamp = Timestamp::from_ms(1_795_543_200_000);

/// A contact's life with the assistant: says things on lines, remembers what came back.
struct Story {
    turn: Turn<'static>,
    passages: Vec<Passage>,
    events: u32,
}

impl Story {
    fn new() -> Self {
        let site: Site =
            serde_json::from_str(include_str!("../../../../examples/site/throughline.json")).unwrap();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/site/knowledge");
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let read = |file: &std::path::PathBuf| {
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            knowledge::passages(&name, &std::fs::read_to_string(file).unwrap())
        };
        let passages = files.iter().flat_map(read).collect();
        let turn = Turn {
            time_zone: site.time_zone.clone(),
            locale: site.locale.clone(),
            site: Cow::Owned(site),
            now: TUESDAY,
            channel: Channel::Widget,
            assurance: Assurance::Possessed,
            name: None,
            can_text: false,
            can_email: false,
            facts: Vec::new(),
            history: Vec::new(),
            burst: Vec::new(),
            passages: Vec::new(),
            appointments: Vec::new(),
            promised: None,
            handoff: Handoff::default(),
            task: None,
            openings: Vec::new(),
        };
        Self { turn, passages, events: 0 }
    }

    fn said(&mut self, speaker: Speaker, text: &str) -> Said {
        self.events += 1;
        let id = EventId::parse(&format!("evt_{}", self.events)).unwrap();
        Said { id, at: self.turn.now, channel: self.turn.channel, speaker, text: text.to_owned() }
    }

    /// The contact writes a burst on a line and is answered; a minute passes.
    fn burst(&mut self, channel: Channel, texts: &[&str]) -> Draft {
        self.turn.channel = channel;
        self.turn.burst = texts.iter().map(|text| self.said(Speaker::Contact, text)).collect();
        let Turn { burst, history, facts, site, .. } = &self.turn;
        let question = needs(site, burst, history, facts).question;
        let mut ranked =
            question.map_or_else(Vec::new, |question| knowledge::rank(&question, &self.passages));
        ranked.truncate(8);
        self.turn.passages = ranked;
        let draft = answer(&self.turn);
        assert!(!draft.text.trim().is_empty(), "silence after {texts:?}");
        let site = &self.turn.site;
        let text = phrases::spoken(
            Lang::En,
            channel,
            &site.assistant.name,
            &site.name,
            self.turn.name.as_deref(),
            &draft.text,
        );
        let reply = self.said(Speaker::Assistant, &text);
        let burst = core::mem::take(&mut self.turn.burst);
        self.turn.history.extend(burst);
        self.turn.history.push(reply);
        self.turn.handoff.was_unsure = draft.acts.contains(&Act::Unsure);
        for act in &draft.acts {
            if let Act::Remember(fact) = act {
                self.turn.facts.push(fact.clone());
            }
        }
        self.turn.now = self.turn.now.plus_ms(MINUTE_MS);
        draft
    }

    fn chat(&mut self, text: &str) -> Draft {
        self.burst(Channel::Widget, &[text])
    }

    fn text(&mut self, text: &str) -> Draft {
        self.burst(Channel::Sms, &[text])
    }

    fn days(&mut self, days: i64) {
        self.turn.now = self.turn.now.plus_ms(days * DAY_MS);
    }
}

fn moves(draft: &Draft) -> Option<(Channel, Option<&str>, &str)> {
    draft.acts.iter().find_map(|act| match act {
        Act::MoveTo { channel, address, text, .. } => Some((*channel, address.as_deref(), text.as_str())),
        _ => None,
    })
}

fn calls(draft: &Draft) -> Option<&str> {
    draft.acts.iter().find_map(|act| match act {
        Act::CallPerson { reason, .. } => Some(reason.as_str()),
        _ => None,
    })
}

fn remembered<'a>(draft: &'a Draft, key: &str) -> Option<&'a Fact> {
    draft.acts.iter().find_map(|act| match act {
        Act::Remember(fact) if fact.key == key => Some(fact),
        _ => None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_burst_gives_a_true_and_bounded_draft(
        texts in prop::collection::vec("(\\PC|\n|text me |how much |hi |my name is |price |\\$[0-9]{1,3} |415-555-2671 |a@b.co ){0,12}", 1..4),
        channel in prop::sample::select(Channel::ALL.to_vec()),
    ) {
        let mut story = Story::new();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let draft = story.burst(channel, &texts);
        prop_assert!(draft.text.chars().count() <= max_chars(channel));
        for act in &draft.acts {
            if let Act::Remember(fact) = act {
                prop_assert!(texts.iter().any(|text| text.contains(&fact.quote)));
            }
        }
        let spoken = phrases::spoken(Lang::En, channel, "Sprocket", "Larkspur", None, &draft.text);
        prop_assert!(channel == Channel::Widget || spoken.contains("AI"));
    }
}
