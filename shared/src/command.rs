//! Commands: what somebody wants to happen, after parsing and before any decision.

mod appoint;
mod people;
mod work;

pub use appoint::{Appoint, Ask, Note, Wish};
pub use people::{
    ApartWish, EditWish, FactWish, FieldWish, HandleDoes, HandleWish, MergeWish, PeopleWish, UnmergeWish,
};
pub use work::{NoteWish, ResendWish, WorkAct, WorkWish};

use crate::{
    assistant::Draft,
    channel::Channel,
    consent::Proof,
    contact::Address,
    form::Form,
    id::{AppointmentId, ConversationId, EndpointId, EventId, FileId, PlannedId, VisitorId},
    message::InboundMessage,
    planned::PlannedBody,
    promise::Deed,
    sequence::run::RunKey,
    subscription::Part,
    time::Timestamp,
};

/// Where and how something arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The line.
    pub endpoint: EndpointId,
    /// Its name there; a second arrival of the same name is a duplicate.
    pub external_id: String,
    /// The id its event gets.
    pub event: EventId,
    /// When it arrived.
    pub at: Timestamp,
    /// What the browser told of the visitor, where a browser did.
    pub visitor: Option<VisitorHints>,
}

/// What a browser tells of its visitor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitorHints {
    /// The panel's language, a BCP 47 tag.
    pub locale: String,
    /// The IANA time zone.
    pub time_zone: String,
}

/// What somebody wants to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A contact wrote.
    Message(Arrival, InboundMessage),
    /// A visitor filled the "continue by text" or "by email" card.
    Continue(Arrival, Continue),
    /// A visitor wants a person.
    Person(Arrival, Person),
    /// A visitor filled in a form of the customer's page.
    Form(Arrival, FilledForm),
    /// Something is asked about an appointment.
    Appoint(Arrival, Appoint),
    /// The assistant finished a draft.
    Answer(Answer),
    /// Somebody plans a message.
    Plan(Plan),
    /// Somebody calls a planned message off.
    CancelPlanned(PlannedId),
    /// A planned message is due.
    Speak {
        /// Which.
        planned: PlannedId,
        /// The visitors who have the chat open right now.
        present: Vec<VisitorId>,
    },
    /// The owner of a mailbox chose what it gets.
    Choose(Choice),
    /// A mailbox confirmed what was agreed to for it.
    Confirm(Confirm),
    /// The team puts a contact into a sequence.
    Begin(Begin),
    /// A step of a sequence is due.
    Step {
        /// Which run.
        run: RunKey,
        /// The visitors who have the chat open right now.
        present: Vec<VisitorId>,
        /// What the assistant wrote for it, where it was asked to.
        written: Option<Written>,
    },
    /// The team takes a contact out of a sequence.
    Stop(RunKey),
    /// A member of the team promises something, or has to do with what was promised.
    Promise(ConversationId, PromiseWish),
    /// A member of the team was told that a contact wants no more messages.
    Revoke(ConversationId, Revoke),
    /// A member of the team puts a tag on a contact, or takes it off.
    Tag(ConversationId, TagWish),
    /// A member of the team writes to a contact.
    Reply(ConversationId, TeamReply),
    /// A member of the team takes the floor, or gives it back.
    Floor(ConversationId, FloorWish),
    /// A member of the team has called a contact.
    Call(ConversationId, CallNote),
    /// A promise is to be looked at: its time has passed.
    Overdue(ConversationId),
    /// A member of the team does something about a conversation.
    Work(ConversationId, WorkWish),
    /// A member of the team sends what could not be delivered another way.
    Resend(ConversationId, ResendWish),
    /// A member of the team writes a note for the team.
    Note(ConversationId, NoteWish),
    /// What was put off is to be looked at again.
    Awake(ConversationId),
    /// A member of the team says who is who, or what is kept of them.
    People(PeopleWish),
}

/// A message to be said later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its id; the same plan again changes nothing.
    pub id: PlannedId,
    /// Where.
    pub conversation: ConversationId,
    /// What.
    pub body: PlannedBody,
    /// Not before then.
    pub due_at: Timestamp,
}

/// What the assistant wrote for a step of a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The step.
    pub step: String,
    /// What it wrote.
    pub draft: Draft,
}

/// What a contact told a member of the team about our messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoke {
    /// Who was told, by name.
    pub by: String,
    /// The channels it is about; every one where there is none.
    pub channels: Vec<Channel>,
    /// What was said, and where: the evidence.
    pub words: String,
}

/// What a member of the team writes to a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamReply {
    /// Who, by name.
    pub by: String,
    /// Where; on the line the contact last wrote on where there is none.
    pub channel: Option<Channel>,
    /// An email's subject, 1 to 200 characters; one of ours where there is none. Nothing on other channels.
    pub subject: Option<String>,
    /// The words.
    pub text: String,
    /// What was uploaded for it, at most [`MAX_FILES`](crate::wire::MAX_FILES).
    pub files: Vec<FileId>,
}

/// A member of the team takes the floor, or gives it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloorWish {
    /// Who, by name.
    pub by: String,
    /// Take it; else give it back.
    pub take: bool,
    /// Take it even from a colleague who has just written.
    pub force: bool,
}

/// A call that a member of the team made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallNote {
    /// Who, by name.
    pub by: String,
    /// The number, as typed; the contact's own where there is none.
    pub number: Option<String>,
    /// What is to be noted of it.
    pub note: Option<String>,
}

/// A tag that a member of the team puts on a contact, or takes off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagWish {
    /// Who, by name.
    pub by: String,
    /// The tag: 1 to 40 characters; capitals and extra spaces make no difference.
    pub tag: String,
    /// Put it on; else take it off.
    pub on: bool,
}

/// What a member of the team does about a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseWish {
    /// Who, by name.
    pub by: String,
    /// What.
    pub does: PromiseDoes,
}

/// What can be done about a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromiseDoes {
    /// Make one, in place of the one that stands.
    Make {
        /// What is promised.
        deed: Deed,
        /// Within how many minutes of the team's own time; as the site promises where there is none.
        within_min: Option<u32>,
        /// Say it to the contact.
        tell: bool,
    },
    /// It is done; with what is to be noted of it.
    Keep(Option<String>),
    /// There is no need for it any more; with the reason.
    Withdraw(Option<String>),
}

/// A wish to put a contact into a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    /// Where.
    pub conversation: ConversationId,
    /// The sequence.
    pub sequence: String,
    /// The appointment it is about, where it is about one.
    pub appointment: Option<AppointmentId>,
}

/// What the owner of a mailbox chose, by the link in a mail to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The mailbox.
    pub mailbox: Address,
    /// Of which part.
    pub part: Part,
    /// They want it again; else no more.
    pub wanted: bool,
    /// The button's words, or what the mail program posted.
    pub words: String,
    /// Where.
    pub page: String,
}

/// A mailbox's word that it wants what was agreed to for it: news and offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// The mailbox.
    pub mailbox: Address,
    /// The button's words.
    pub words: String,
    /// Where it was pressed.
    pub page: String,
    /// How it came about.
    pub proof: Proof,
}

/// The card's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continue {
    /// The visitor.
    pub from: Address,
    /// The line to go on with.
    pub channel: Channel,
    /// The address as typed.
    pub address: String,
    /// The version of the wording that was shown.
    pub wording: String,
}

/// A form, and who filled it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledForm {
    /// The visitor.
    pub from: Address,
    /// What it says.
    pub form: Form,
}

impl FilledForm {
    /// What it says in the contact's own words, as a message of theirs.
    pub fn as_message(&self) -> InboundMessage {
        InboundMessage::said(self.from.clone(), self.form.message.clone().unwrap_or_default())
    }
}

/// A wish for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The visitor.
    pub from: Address,
    /// Where to answer, as typed.
    pub address: Option<String>,
}

/// Whose ceiling an answer says is reached, instead of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceiling {
    /// The conversation's own.
    Conversation,
    /// The whole site's.
    Site,
}

/// A finished draft, and what it was based on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The conversation.
    pub conversation: ConversationId,
    /// The newest message of its line that it took in.
    pub basis_seq: u32,
    /// The floor's number when it was begun.
    pub fence: u32,
    /// The line it goes out on.
    pub channel: Channel,
    /// The contact's address there.
    pub to: Address,
    /// The language it is in.
    pub locale: String,
    /// The contact's name, as far as that line may know it.
    pub name: Option<String>,
    /// It answers a message nobody vouches for: it may speak and call a person, and do nothing else.
    pub unverified: bool,
    /// The appointment that its draft makes or changes, and the page where that is changed.
    pub appointment: Option<(AppointmentId, Option<String>)>,
    /// The ceiling it is about, where it is no answer.
    pub ceiling: Option<Ceiling>,
    /// What the assistant proposes.
    pub draft: Draft,
}
