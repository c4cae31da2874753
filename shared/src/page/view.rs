//! What the pages are made from. Everything is plain data that the store already hands out.

use serde::{Deserialize, Serialize};

use crate::{
    assistant::Fact,
    channel::Channel,
    consent::ConsentEntry,
    contact::{Contact, Handle},
    delivery::Delivery,
    event::Event,
    id::{ConversationId, SiteId, VisitorId},
    store::{deliveries::VerdictRow, events::Latest, sandbox::SandboxMessage},
    time::Timestamp,
};

/// The sandbox page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxView {
    /// The site's id, where the page was asked for by it (`?site=`): links and forms keep it.
    pub site: Option<SiteId>,
    /// The site's name.
    pub site_name: String,
    /// The number the site texts from; empty where it has none.
    pub site_phone: String,
    /// The mailbox the site writes from; empty where it has none.
    pub site_email: String,
    /// The site's pages on Messenger and Instagram, where it has them.
    pub pages: Vec<(Channel, String)>,
    /// Which of the phone's lines is shown: texts, or one of those.
    pub app: Channel,
    /// Where the demo site with the widget is, where that is known.
    pub demo_url: Option<String>,
    /// The site's IANA time zone, for people without one of their own.
    pub time_zone: String,
    /// The present.
    pub now: Timestamp,
    /// What `GET /sandbox/version` answered when the messages were read: it changes with them.
    pub version: String,
    /// The people of the demonstration. Addresses beyond theirs appear as unknown people after them.
    pub people: Vec<PersonView>,
    /// What was sent and received, newest first, all addresses.
    pub messages: Vec<SandboxMessage>,
    /// Whose phone and mailbox are shown; beyond the end is the first.
    pub selected: usize,
    /// The mail that is opened; the newest received one where it is none of the person's.
    pub mail: Option<String>,
    /// The clock can be moved.
    pub virtual_clock: bool,
}

/// A person of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonView {
    /// Their name.
    pub name: String,
    /// Their number, E.164.
    pub phone: Option<String>,
    /// Their mailbox.
    pub email: Option<String>,
    /// Who they are on Messenger and Instagram, as the site's pages know them.
    pub ids: Vec<(Channel, String)>,
    /// Their IANA time zone, where known.
    pub time_zone: Option<String>,
}

/// The timeline page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineView {
    /// The site's id, where the page was asked for by it (`?site=`): links and forms keep it.
    pub site: Option<SiteId>,
    /// The site's name.
    pub site_name: String,
    /// The assistant's name.
    pub assistant: String,
    /// The site's IANA time zone, for contacts without one of their own.
    pub time_zone: String,
    /// The present.
    pub now: Timestamp,
    /// What `GET /timeline/version` answered for this contact when the events were read.
    pub version: String,
    /// The site's conversations, the most recently moved first; joined ones are shown as one.
    pub conversations: Vec<ConversationView>,
    /// The contact that is shown; none before the first word.
    pub selected: Option<SelectedView>,
    /// The clock can be moved.
    pub virtual_clock: bool,
}

/// A conversation in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationView {
    /// The conversation and whose it is.
    pub latest: Latest,
    /// What to call the contact where no name is known: an address.
    pub address: Option<String>,
    /// The channels it runs over.
    pub channels: Vec<Channel>,
}

/// The contact that is shown, with all that was said and done over all joined conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedView {
    /// Who.
    pub contact: Contact,
    /// Their addresses.
    pub handles: Vec<Handle>,
    /// What is remembered of them.
    pub facts: Vec<Fact>,
    /// Everything that happened, oldest first.
    pub events: Vec<Event>,
    /// What was sent.
    pub deliveries: Vec<Delivery>,
    /// Why it was sent or held back.
    pub verdicts: Vec<(ConversationId, VerdictRow)>,
    /// What they allowed, in any order.
    pub consents: Vec<ConsentEntry>,
    /// Their browsers that have the conversation open right now.
    pub present: Vec<Present>,
}

/// A browser that has a conversation open right now: what its Room answers for one visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Whose browser.
    pub visitor: VisitorId,
    /// The visitor types.
    pub types: bool,
}
