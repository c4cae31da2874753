//! Events: what stands on the timeline.
//!
//! An event never changes. Its body is stored as JSON in the shape spelled out in this module's tests; old shapes must
//! stay readable for ever.

use serde::{Deserialize, Serialize};

use crate::{
    appointment::AppointmentEvent,
    channel::Channel,
    contact::{Address, Assurance},
    delivery::Purpose,
    id::{ContactId, ConversationId, EventId, MergeId},
    promise::PromiseEvent,
    time::Timestamp,
    wire::{Attachment, Item, Offer, Source, Speaker},
    work::WorkEvent,
};

/// One entry of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The timeline it stands on.
    pub conversation: ConversationId,
    /// Its place: 1, 2, 3, … without gaps.
    pub seq: u32,
    /// Its id.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// The line.
    pub channel: Channel,
    /// The contact's address on the line, as compared.
    pub address_key: String,
    /// Who spoke.
    pub speaker: Speaker,
    /// What happened.
    pub body: Body,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Something was said.
    Message(Message),
    /// A consent was given or taken back.
    Consent {
        /// For which channel.
        channel: Channel,
        /// `grant` or `revoke`.
        action: String,
        /// The address, masked.
        address: String,
        /// What for; for the whole channel where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        purpose: Option<Purpose>,
    },
    /// A person was called in, with an honest time.
    Handoff {
        /// Why: the name of a [`crate::handoff::Reason`].
        reason: String,
        /// The topic, the tag, or what did not work.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
        /// When somebody will be there; none while somebody is.
        expected_at: Option<Timestamp>,
        /// Where to answer, masked, if the visitor left an address.
        address: Option<String>,
    },
    /// An address was proven to be this contact's.
    Proven {
        /// The kind of address and the address, masked.
        address: String,
        /// How well.
        assurance: Assurance,
    },
    /// Another contact turned out to be this one; their timeline is read together with this one.
    Joined {
        /// The other contact.
        contact: ContactId,
        /// Their conversation, where they had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<ConversationId>,
        /// The claim that was proven: the event in which the address was typed. None where somebody of the team did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claim: Option<EventId>,
        /// The merge; none in events from before merges were recorded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        merge: Option<MergeId>,
    },
    /// A contact that was joined is a person of their own again. It stands on both timelines.
    Parted {
        /// The other contact.
        contact: ContactId,
        /// Their conversation, where they have one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<ConversationId>,
    },
    /// A mail from a mailbox that nobody had answers another contact's conversation: the two may be one person. It joins
    /// nothing; it stands on both timelines for a human to see.
    Answered {
        /// The new mailbox, masked.
        address: String,
        /// The other contact.
        contact: ContactId,
        /// Their conversation.
        conversation: ConversationId,
    },
    /// Something happened to an appointment.
    Appointment(AppointmentEvent),
    /// Something happened to what was promised in the team's name.
    Promise(PromiseEvent),
    /// A form of the customer's own page was filled in; what it asks is the message after it.
    Form {
        /// The page's address, as the page tells it.
        page: String,
        /// The fields and their values, addresses masked.
        fields: Vec<(String, String)>,
    },
    /// Whoever spoke took the floor, or gave it back to the assistant.
    Floor {
        /// Took it.
        taken: bool,
    },
    /// A member of the team called.
    Call {
        /// The number, masked; none where nobody noted one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        /// What they noted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A member of the team put a tag on the contact (`on`), or took it off.
    Tag {
        /// Which.
        tag: String,
        /// Put on; else taken off.
        on: bool,
    },
    /// A member of the team did something about the conversation, or what they put off is to be looked at again.
    Work(WorkEvent),
    /// A note of the team's for itself: no contact and no assistant ever sees it.
    Note {
        /// The words.
        text: String,
        /// Who of the team is meant to read it, by name.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<String>,
    },
    /// A member of the team changed what is kept of the contact; what it says now stands where it is kept.
    Edited {
        /// What: `name`, `locale`, `time_zone`, `fact.` and its key, `field.` and its name.
        what: String,
        /// `changed`, `cleared`, `corrected` or `forgotten`.
        how: String,
    },
    /// Erased on request.
    Erased {},
}

/// Something said.
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own, as it is stored")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The words.
    pub text: String,
    /// An email's subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Where an answer comes from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Cards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// Files that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// Which assistant wrote it: `builtin` or a model's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Why the configured provider did not write it: `slow`, `failed`, `over_limit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// A machine sent it (RFC 3834): never answered.
    #[serde(default, skip_serializing_if = "is_false")]
    pub automatic: bool,
    /// An email that says once more what others of its mailbox said within the hour (see
    /// [`repeat`](crate::channel::email::repeat)): kept, and not answered.
    #[serde(default, skip_serializing_if = "is_false")]
    pub repeated: bool,
    /// Nobody vouches that it comes from the address it names: an email whose sender was not authenticated and that does
    /// not answer the address we signed for that sender. What the address has proven does not speak for it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unverified: bool,
    /// The assistant did not know.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unsure: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Message {
    /// The words for whoever is shown the files beside them: without the lines that name them.
    pub fn words(&self) -> String {
        if self.files.is_empty() {
            return self.text.clone();
        }
        let named: Vec<String> = self.files.iter().map(|file| named(&file.name)).collect();
        let lines = self.text.lines().filter(|line| !named.iter().any(|name| name == line));
        lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }
}

/// The line of a message's text that names a file, for whoever is shown words alone: the assistant, the search.
pub fn named(name: &str) -> String {
    format!("[attachment: {name}]")
}

impl Event {
    /// The event's words, where it is a message.
    pub const fn message(&self) -> Option<&Message> {
        match &self.body {
            Body::Message(message) => Some(message),
            _ => None,
        }
    }

    /// The event as a visitor's widget shows it: messages of their own line only; everything else is the team's.
    pub fn item_for(&self, visitor: &Address) -> Option<Item> {
        let own = self.channel == Channel::Widget && self.address_key == visitor.text;
        let message = self.message().filter(|_| own)?;
        Some(Item {
            seq: self.seq,
            id: self.id.clone(),
            at: self.at,
            channel: self.channel,
            speaker: self.speaker.clone(),
            text: message.words(),
            subject: message.subject.clone(),
            sources: message.sources.clone(),
            offers: message.offers.clone(),
            files: message.files.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_to_an_appointment_is_stored_in_this_shape() {
        use crate::{
            appointment::Act,
            id::{AppointmentId, ResourceId, ServiceId},
        };
        let booked = AppointmentEvent {
            id: AppointmentId::parse("apt_1").unwrap(),
            version: 1,
            act: Act::Booked,
            service: ServiceId::parse("svc_tune_up").unwrap(),
            name: "Tune-up".into(),
            resource: ResourceId::parse("rsc_stand").unwrap(),
            start: Timestamp::from_ms(1),
            end: Timestamp::from_ms(2),
            was: None,
            note: None,
            late_by_min: None,
            answer: None,
        };
        let everything = AppointmentEvent {
            act: Act::Moved,
            was: Some(Timestamp::from_ms(0)),
            note: Some("red bike".into()),
            late_by_min: Some(10),
            answer: Some(crate::appointment::ics::Answer::Tentative),
            ..booked.clone()
        };
        let shapes = [
            (
                booked,
                r#"{"appointment":{"id":"apt_1","version":1,"act":"booked","service":"svc_tune_up","name":"Tune-up","resource":"rsc_stand","start":1,"end":2}}"#,
            ),
            (
                everything,
                r#"{"appointment":{"id":"apt_1","version":1,"act":"moved","service":"svc_tune_up","name":"Tune-up","resource":"rsc_stand","start":1,"end":2,"was":0,"note":"red bike","late_by_min":10,"answer":"tentative"}}"#,
            ),
        ];
        for (event, text) in shapes {
            let body = Body::Appointment(event);
            assert_eq!(serde_json::to_string(&body).unwrap(), text);
            assert_eq!(serde_json::from_str::<Body>(text).unwrap(), body);
        }
        let acts = [
            Act::Held,
            Act::Released,
            Act::Booked,
            Act::Moved,
            Act::Cancelled,
            Act::Noted,
            Act::Missed,
            Act::Done,
        ];
        assert_eq!(
            serde_json::to_string(&acts).unwrap(),
            r#"["held","released","booked","moved","cancelled","noted","missed","done"]"#
        );
    }

    #[test]
    fn messages_are_stored_in_these_shapes() {
        let plain = Body::Message(Message { text: "hi".into(), ..Message::default() });
        let repeated = Message { text: "hi".into(), repeated: true, ..Message::default() };
        let unsure = Message { text: "hi".into(), unsure: true, ..Message::default() };
        let unverified = Message { text: "hi".into(), unverified: true, ..Message::default() };
        let shapes = [
            (plain, r#"{"message":{"text":"hi"}}"#),
            (Body::Message(repeated), r#"{"message":{"text":"hi","repeated":true}}"#),
            (Body::Message(unverified), r#"{"message":{"text":"hi","unverified":true}}"#),
            (Body::Message(unsure), r#"{"message":{"text":"hi","unsure":true}}"#),
        ];
        is_stored(&shapes);
    }

    #[test]
    fn bodies_are_stored_in_these_shapes() {
        let shapes = [
            (Body::Erased {}, r#"{"erased":{}}"#),
            (
                Body::Call { number: Some("•••2671".into()), note: Some("called".into()) },
                r#"{"call":{"number":"•••2671","note":"called"}}"#,
            ),
            (Body::Floor { taken: true }, r#"{"floor":{"taken":true}}"#),
            (
                Body::Joined {
                    contact: ContactId::parse("ctc_1").unwrap(),
                    conversation: Some(ConversationId::parse("cnv_1").unwrap()),
                    claim: Some(EventId::parse("evt_1").unwrap()),
                    merge: None,
                },
                r#"{"joined":{"contact":"ctc_1","conversation":"cnv_1","claim":"evt_1"}}"#,
            ),
            (
                Body::Joined {
                    contact: ContactId::parse("ctc_1").unwrap(),
                    conversation: None,
                    claim: None,
                    merge: Some(MergeId::parse("mrg_1").unwrap()),
                },
                r#"{"joined":{"contact":"ctc_1","merge":"mrg_1"}}"#,
            ),
            (
                Body::Parted { contact: ContactId::parse("ctc_1").unwrap(), conversation: None },
                r#"{"parted":{"contact":"ctc_1"}}"#,
            ),
            (
                Body::Edited { what: "fact.budget".into(), how: "forgotten".into() },
                r#"{"edited":{"what":"fact.budget","how":"forgotten"}}"#,
            ),
            (Body::Tag { tag: "vip".into(), on: true }, r#"{"tag":{"tag":"vip","on":true}}"#),
            (Body::Work(WorkEvent::Resolved {}), r#"{"work":{"resolved":{}}}"#),
            (Body::Note { text: "n".into(), mentions: Vec::new() }, r#"{"note":{"text":"n"}}"#),
            (
                Body::Note { text: "n".into(), mentions: vec!["Jun".into()] },
                r#"{"note":{"text":"n","mentions":["Jun"]}}"#,
            ),
            (
                Body::Form { page: "https://x.example".into(), fields: vec![("bike".into(), "red".into())] },
                r#"{"form":{"page":"https://x.example","fields":[["bike","red"]]}}"#,
            ),
            (
                Body::Consent {
                    channel: Channel::Sms,
                    action: "grant".into(),
                    address: "•••2671".into(),
                    purpose: None,
                },
                r#"{"consent":{"channel":"sms","action":"grant","address":"•••2671"}}"#,
            ),
            (
                Body::Consent {
                    channel: Channel::Email,
                    action: "revoke".into(),
                    address: "m•••@x.example".into(),
                    purpose: Some(Purpose::Marketing),
                },
                r#"{"consent":{"channel":"email","action":"revoke","address":"m•••@x.example","purpose":"marketing"}}"#,
            ),
            (
                Body::Handoff {
                    reason: "topic".into(),
                    about: Some("refund".into()),
                    expected_at: None,
                    address: None,
                },
                r#"{"handoff":{"reason":"topic","about":"refund","expected_at":null,"address":null}}"#,
            ),
            (
                Body::Handoff {
                    reason: "asked".into(),
                    about: None,
                    expected_at: Some(Timestamp::from_ms(5)),
                    address: None,
                },
                r#"{"handoff":{"reason":"asked","expected_at":5,"address":null}}"#,
            ),
            (
                Body::Answered {
                    address: "m•••@x.example".into(),
                    contact: ContactId::parse("ctc_1").unwrap(),
                    conversation: ConversationId::parse("cnv_1").unwrap(),
                },
                r#"{"answered":{"address":"m•••@x.example","contact":"ctc_1","conversation":"cnv_1"}}"#,
            ),
        ];
        is_stored(&shapes);
    }

    fn is_stored(shapes: &[(Body, &str)]) {
        for (body, text) in shapes {
            assert_eq!(serde_json::to_string(body).unwrap(), *text);
            assert_eq!(serde_json::from_str::<Body>(text).unwrap(), *body);
        }
    }
}
