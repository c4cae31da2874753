//! `decide`: a snapshot and a command in, a decision out. Pure; the only place that makes events.
//!
//! One match, one file per command. A decision is a list of [`Change`]s that one batch writes, the [`Effect`]s to attempt
//! after it, and the answer to whoever asked. Decisions never perform anything, and the same inputs give the same bytes.

mod answer;
mod appointment;
mod bid;
mod call;
mod choose;
mod confirm;
mod continue_by;
mod files;
mod form;
mod handoff;
mod message;
mod notify;
mod pace;
mod people;
mod person;
mod plan;
mod planned;
mod promise;
mod reply;
mod resend;
mod revoke;
mod sequence;
mod speak;
mod tag;
mod thread;
mod typed;
mod wish;
mod work;

pub use appointment::Calendar;
pub(crate) use appointment::{Told, zone_of};
pub use bid::Waiting;
pub(crate) use confirm::ASKED_MS;
pub use confirm::Asks;
pub use people::{ERASED, Erasure, People, PeopleChange, Rung, Side, is_suppressed};
pub use plan::{Plan, conversation_of_visitor};
pub(crate) use sequence::to_write;
pub(crate) use speak::{About, Motive, alone};
pub use thread::Thread;
pub(crate) use work::desk;

use crate::{
    alert::{Alert, Team},
    appointment::{Appointment, Time},
    channel::Channel,
    command::Command,
    consent::{ConsentEntry, wish::Wish},
    contact::{Address, Assurance, Contact, Handle},
    conversation::Conversation,
    ctx::Ctx,
    delivery::{Delivery, Purpose},
    effect::Effect,
    error::Rejection,
    event::Event,
    file::File,
    id::{ContactId, ConversationId, DeliveryId, EndpointId, EventId, FileId, PlannedId, ResourceId},
    identity,
    notice::Notice,
    planned::Planned,
    sequence::run::Run,
    site::Site,
    store::{consents::Remembered, events::Arrived, planned::Ended},
    time::Timestamp,
    verdict::Verdict,
    work::Rounds,
};

/// Everything a decision may look at.
#[derive(Clone, Debug)]
pub struct Snapshot<'a> {
    /// The site.
    pub site: &'a Site,
    /// The contact behind the command, where known.
    pub contact: Option<Contact>,
    /// Their conversation, where there is one.
    pub conversation: Option<Conversation>,
    /// Where the same arrival stands, if it is a duplicate.
    pub arrived: Option<Arrived>,
    /// What is known of each address in question.
    pub addresses: Vec<Known>,
    /// Somebody who typed the sender's address earlier, and is thereby proven to be the sender.
    pub joining: Option<Joining>,
    /// The conversations a mail points to, strongest first.
    pub threads: Vec<Thread>,
    /// The newest events, newest first; only where the command needs them.
    pub recent: Vec<Event>,
    /// What is remembered of the contact, oldest first; only where the command needs it.
    pub facts: Vec<Remembered>,
    /// What the message wishes about ours, as its words say it.
    pub wish: Option<Wish>,
    /// The planned message the command is about.
    pub planned: Option<Planned>,
    /// The run the command is about, or those it may begin anew.
    pub runs: Vec<Run>,
    /// What else waits to be said to the contact unasked; only where something of the kind is due.
    pub waiting: Waiting,
    /// How the typed mailbox is asked to confirm what is agreed to for it; only where the command may ask.
    pub asks: Option<Asks>,
    /// The contact's tags; only where the command is about one.
    pub tags: Vec<String>,
    /// The delivery that is to be sent another way, and what it carries; only where the command is about one.
    pub failed: Option<(Delivery, Event)>,
    /// What was uploaded for the message; only where files are to go with it.
    pub files: Vec<File>,
    /// What telling the team takes; only where somebody may have to be told.
    pub team: Team,
    /// Whose turn it is; only where the site gives conversations by turn and the command may call a person.
    pub rounds: Option<Rounds>,
    /// How many first messages the site has sent this hour; only where the command may send one.
    pub first_messages: u32,
    /// How many forms the site has taken this hour; only where the command is one.
    pub forms: u32,
    /// How often the page has booked for the typed mailbox today.
    pub booked_for: u32,
    /// What is known of appointments; only where the command is about them.
    pub calendar: Calendar,
    /// Who is who; only where the command is about it.
    pub people: Box<People>,
}

/// What is known of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The address.
    pub address: Address,
    /// Whose it is, after joins, and the handle.
    pub owner: Option<(ContactId, Handle)>,
    /// Its consents, oldest first.
    pub chain: Vec<ConsentEntry>,
    /// Why it must never be written to.
    pub suppressed: Option<String>,
}

/// Another contact that turns out to be the one who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joining {
    /// Who typed the address.
    pub side: Side,
    /// Where they typed it.
    pub claim: EventId,
    /// The addresses of whoever is proven by it.
    pub known: Vec<Address>,
}

impl<'a> Snapshot<'a> {
    /// A snapshot of a site of which nothing else was loaded yet.
    pub fn empty(site: &'a Site) -> Self {
        Self {
            site,
            contact: None,
            conversation: None,
            arrived: None,
            addresses: Vec::new(),
            joining: None,
            threads: Vec::new(),
            recent: Vec::new(),
            facts: Vec::new(),
            wish: None,
            planned: None,
            runs: Vec::new(),
            waiting: Waiting::default(),
            asks: None,
            tags: Vec::new(),
            failed: None,
            files: Vec::new(),
            team: Team::default(),
            rounds: None,
            first_messages: 0,
            forms: 0,
            booked_for: 0,
            calendar: Calendar::default(),
            people: Box::default(),
        }
    }

    /// What is known of an address; nothing where it was not loaded.
    pub fn known(&self, address: &Address) -> Option<&Known> {
        self.addresses.iter().find(|known| known.address.is_same(address))
    }

    /// Whether an address is proven to be its contact's, and nobody else's.
    pub fn is_proven(&self, address: &Address) -> bool {
        let owner = self.known(address).and_then(|known| known.owner.as_ref());
        owner.is_some_and(|(_, handle)| handle.assurance >= Assurance::Possessed && !handle.is_shared)
    }

    /// Whether what was said on one line may be known on another, `line` at `address`: everything once that is proven,
    /// before that only what was said on it.
    pub fn may_know(&self, line: Channel, address: &Address, said_on: Channel, key: &str) -> bool {
        self.is_proven(address) || (said_on == line && key == identity::key(address))
    }

    /// The contact's name, as far as a line may know it: any once it is proven, before that only one told on it.
    pub fn name_on(&self, line: Channel, address: &Address) -> Option<&str> {
        if self.is_proven(address) {
            return self.contact.as_ref()?.name.as_deref();
        }
        let told = |said: &&Remembered| {
            said.fact.key == "name" && self.may_know(line, address, said.fact.channel, &said.address_key)
        };
        self.facts.iter().rfind(told).map(|said| said.fact.value.as_str())
    }
}

/// One change; all changes of a decision are written in one batch, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A file goes with the message at a place of a conversation.
    SendFile(FileId, ConversationId, u32),
    /// A new contact.
    AddContact(Contact),
    /// What is newly known of a contact.
    UpdateContact(Contact),
    /// A new handle.
    AddHandle(Handle),
    /// A handle is better proven than before.
    Prove(Address, Assurance),
    /// An address opts out (`true`) or in again.
    Block(Address, bool),
    /// Somebody typed an address that is another's.
    Claim(Address, ContactId, EventId),
    /// A new conversation, in its final state of this decision.
    AddConversation(Conversation),
    /// What waits to be said in a conversation is said in another one, where its contact goes on.
    PassOn(ConversationId, ConversationId),
    /// A conversation passes to another contact, who had none.
    Adopt(Conversation, ContactId),
    /// A conversation's new state.
    UpdateConversation(Conversation),
    /// A new event.
    Append(Event),
    /// Something has arrived, as this event.
    Arrive(EndpointId, String, Event),
    /// An email's Message-ID belongs to an event.
    MailId(String, Event),
    /// A new entry of an address's consent chain.
    Consent(Address, ConsentEntry),
    /// A fact is remembered.
    Remember(ContactId, Remembered),
    /// A message goes into the outbox.
    Deliver(Delivery),
    /// Messages that wait for an address are withdrawn.
    Cancel(Address, &'static str),
    /// Messages of one purpose that wait for an address are withdrawn.
    CancelPurpose(Address, Purpose, &'static str),
    /// Why a message is sent or held back.
    Judge(Verdict),
    /// A message is planned.
    Plan(Planned),
    /// A planned message comes to its end.
    EndPlanned(PlannedId, Ended),
    /// A planned message is put off, by a rule.
    PutOffPlanned(PlannedId, Timestamp, String),
    /// A run begins, or its next version.
    PutRun(Run),
    /// A contact gets a tag (`true`), or loses it.
    Tag(ContactId, String, bool),
    /// Somebody of the team is told something; the hint to send it follows from it.
    Notify(Notice),
    /// What waits to be told to the team about something is withdrawn: the group, and why.
    WithdrawNotices(String, &'static str),
    /// Somebody of the team is told of something in the inbox.
    Alert(Alert),
    /// What is unread of a group is taken back.
    WithdrawAlerts(String),
    /// A message that waits in the outbox is withdrawn.
    Withdraw(DeliveryId, &'static str),
    /// The assistant spoke, at a cost in tokens.
    CountTurn(u32),
    /// A conversation was given by turn: the next version of who was given one when.
    GiveTurn(Rounds),
    /// What could not be delivered in a conversation is dealt with.
    DealtWith(ConversationId),
    /// A form was taken.
    CountForm,
    /// A promise was kept in time (`true`), or missed.
    CountPromise(bool),
    /// A first message goes to an address that somebody typed.
    CountFirst,
    /// A mailbox is asked to confirm what was agreed to for it.
    CountAsked(Address),
    /// The page books for a mailbox that somebody typed.
    CountBooked(Address),
    /// A new appointment.
    AddAppointment(Appointment),
    /// An appointment's next version.
    UpdateAppointment(Appointment),
    /// A time is about to be taken: holds around it that have ended are tidied up.
    ExpireHolds(ResourceId, Time),
    /// Who is who, and what is kept of them.
    People(PeopleChange),
}

/// What is to be written, attempted and answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// To be written in one batch.
    pub changes: Vec<Change>,
    /// To be attempted after the batch.
    pub effects: Vec<Effect>,
    /// The event the command became, its place and its time; none where there is nothing to acknowledge.
    pub accepted: Option<(EventId, u32, Timestamp)>,
    /// What is told to whoever asked although something is written: that it is held back, and why.
    pub refused: Option<Rejection>,
}

/// Decides. A rejection changes nothing.
pub fn decide(snapshot: &Snapshot<'_>, command: &Command, ctx: &mut Ctx) -> Result<Decision, Rejection> {
    match command {
        Command::Message(arrival, message) => message::decide(snapshot, arrival, message, ctx),
        Command::Continue(arrival, request) => continue_by::decide(snapshot, arrival, request, ctx),
        Command::Person(arrival, request) => person::decide(snapshot, arrival, request, ctx),
        Command::Form(arrival, filled) => form::decide(snapshot, arrival, filled, ctx),
        Command::Appoint(arrival, appoint) => appointment::decide(snapshot, arrival, appoint, ctx),
        Command::Answer(answer) => answer::decide(snapshot, answer, ctx),
        Command::Plan(wish) => planned::plan(snapshot, wish),
        Command::CancelPlanned(_) => planned::cancel(snapshot),
        Command::Speak { present, .. } => Ok(planned::decide(snapshot, present, ctx)),
        Command::Choose(choice) => choose::decide(snapshot, choice, ctx),
        Command::Confirm(wish) => confirm::decide(snapshot, wish, ctx),
        Command::Begin(begin) => sequence::begin(snapshot, begin, ctx),
        Command::Step { present, written, .. } => {
            Ok(sequence::step(snapshot, present, written.as_ref(), ctx))
        }
        Command::Stop(_) => sequence::stop(snapshot),
        Command::Promise(_, wish) => promise::decide(snapshot, wish, ctx),
        Command::Revoke(_, revoke) => revoke::decide(snapshot, revoke, ctx),
        Command::Tag(_, wish) => tag::decide(snapshot, wish, ctx),
        Command::Reply(_, wish) => reply::decide(snapshot, wish, ctx),
        Command::Floor(_, wish) => reply::floor(snapshot, wish, ctx),
        Command::Call(_, note) => call::decide(snapshot, note, ctx),
        Command::Overdue(_) => Ok(promise::overdue(snapshot, ctx)),
        Command::Work(_, wish) => work::decide(snapshot, wish, ctx),
        Command::Resend(_, wish) => resend::decide(snapshot, wish, ctx),
        Command::Note(_, wish) => work::note(snapshot, wish, ctx),
        Command::Awake(_) => Ok(work::awake(snapshot, ctx)),
        Command::People(wish) => people::decide(snapshot, wish, ctx),
    }
}
