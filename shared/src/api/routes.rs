//! The table of operations: each route of the HTTP interface with what it asks of its caller.
//!
//! A new route is a line here and an arm in `edge/src/routes/api.rs`. Who may do what is decided by [`super::access`] from this table
//! alone, and a test walks it.

use super::{me::Role, scope::ApiScope};
use crate::error::Rejection;

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something.
    Post,
    /// Puts something whole in a known place.
    Put,
    /// Changes a part.
    Patch,
    /// Takes something away.
    Delete,
}

impl Method {
    /// The name in a request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method of a request line's name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

/// What an operation asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// Somebody who is signed in to the inbox.
    SignedIn,
    /// Somebody of the site's team with at least this role, or a token of the site with this scope.
    Site(ApiScope, Role),
}

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Which.
    pub op: Op,
    /// Its name in the source; see [`Operation::name`].
    pub(crate) spelled: &'static str,
    /// The method.
    pub method: Method,
    /// The path, from `/`; `{name}` stands for one segment.
    pub path: &'static str,
    /// What it asks of its caller.
    pub needs: Needs,
    /// What it does, in one line.
    pub summary: &'static str,
}

impl Operation {
    /// Its stable name, as it stands in the log of what people did: `tag_add`.
    pub fn name(&self) -> String {
        let mut name = String::with_capacity(self.spelled.len() + 4);
        for (place, letter) in self.spelled.char_indices() {
            if letter.is_ascii_uppercase() && place > 0 {
                name.push('_');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }
}

const fn site(scope: ApiScope, role: Role) -> Needs {
    Needs::Site(scope, role)
}

macro_rules! operations {
    ($($op:ident: $method:ident $path:literal, $needs:expr, $summary:literal;)*) => {
        /// Names an operation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Op {
            $(#[doc = $summary] $op,)*
        }

        /// Every operation there is.
        pub static OPERATIONS: &[Operation] = {
            use ApiScope::*;
            use Role::{Admin, Agent, ReadOnly};
            &[$(Operation { op: Op::$op, spelled: stringify!($op), method: Method::$method, path: $path, needs: $needs, summary: $summary },)*]
        };
    };
}

operations! {
    // A contact.
    PersonRead: Get "/api/sites/{site}/contacts/{contact}", site(ContactsRead, ReadOnly),
        "A contact, with what is known of them, what they allowed, and what is planned.";
    TimelineRead: Get "/api/sites/{site}/contacts/{contact}/timeline", site(ConversationsRead, ReadOnly),
        "A stretch of a contact's timeline: the newest, or before or after a cursor.";
    PresenceRead: Get "/api/sites/{site}/contacts/{contact}/presence", site(ConversationsRead, ReadOnly),
        "Whether a contact has the chat open right now, and types.";
    DeskJoin: Get "/api/sites/{site}/live", site(ConversationsRead, ReadOnly),
        "A socket that tells what has gone on, and who of the team is here.";
    ContactLog: Get "/api/sites/{site}/contacts/{contact}/log", site(ContactsRead, ReadOnly),
        "Everything that was sent to a contact, put off or held back, with all that was looked at.";
    TagList: Get "/api/sites/{site}/contacts/{contact}/tags", site(ContactsRead, ReadOnly), "A contact's tags.";
    TagAdd: Post "/api/sites/{site}/contacts/{contact}/tags", site(ContactsWrite, Agent), "Puts a tag on a contact.";
    TagRemove: Post "/api/sites/{site}/contacts/{contact}/tags/removed", site(ContactsWrite, Agent),
        "Takes a tag off a contact.";

    ContactEdit: Patch "/api/sites/{site}/contacts/{contact}", site(ContactsWrite, Agent),
        "Changes a contact's name, language or time zone.";
    FactCorrect: Post "/api/sites/{site}/contacts/{contact}/facts/corrected", site(ContactsWrite, Agent),
        "Corrects something that is remembered of a contact.";
    FactForget: Post "/api/sites/{site}/contacts/{contact}/facts/forgotten", site(ContactsWrite, Agent),
        "Forgets something that is remembered of a contact, for good.";
    FieldList: Get "/api/sites/{site}/contacts/{contact}/fields", site(ContactsRead, ReadOnly),
        "What the site's own fields say of a contact.";
    FieldPut: Put "/api/sites/{site}/contacts/{contact}/fields/{field}", site(ContactsWrite, Agent),
        "Sets one of the site's own fields; it is dropped where no value is given.";

    // Who is who.
    Suggestions: Get "/api/sites/{site}/contacts/{contact}/suggestions", site(ContactsRead, ReadOnly),
        "The contacts that may be the same person, with what speaks for each.";
    MergePreview: Get "/api/sites/{site}/contacts/{contact}/merge-preview", site(ConversationsRead, ReadOnly),
        "How a contact and another one, `?from=`, would read as one.";
    MergeList: Get "/api/sites/{site}/contacts/{contact}/merges", site(ContactsRead, ReadOnly),
        "The contacts that were joined to a contact, and those that were parted again.";
    Merge: Post "/api/sites/{site}/contacts/{contact}/merges", site(ContactsWrite, Agent),
        "Joins another contact to this one: they are one person.";
    Unmerge: Post "/api/sites/{site}/contacts/{contact}/parted", site(ContactsWrite, Agent),
        "Parts a contact from the one it was joined to, with its own history.";
    KeepApart: Post "/api/sites/{site}/contacts/{contact}/apart", site(ContactsWrite, Agent),
        "Notes that a contact and another one are not the same person.";
    HandleReassign: Post "/api/sites/{site}/contacts/{contact}/handles/reassigned", site(ContactsWrite, Agent),
        "Gives an address of a contact to a new one: it has another owner.";
    HandleShare: Post "/api/sites/{site}/contacts/{contact}/handles/shared", site(ContactsWrite, Agent),
        "Says that several people are reached at an address of a contact, or one again.";
    ContactExport: Get "/api/sites/{site}/contacts/{contact}/export", site(ContactsRead, Admin),
        "Everything that is kept about a person, as JSON, or as a page where that is what the caller takes.";
    ContactErase: Post "/api/sites/{site}/contacts/{contact}/erased", site(ContactsWrite, Admin),
        "Erases everything about a person, for good.";

    // What is said to them, and who says it.
    MessageWrite: Post "/api/sites/{site}/contacts/{contact}/messages", site(MessagesWrite, Agent),
        "Writes to a contact as somebody of the team.";
    FileUpload: Post "/api/sites/{site}/contacts/{contact}/files", site(MessagesWrite, Agent),
        "Uploads a file, whose name is the parameter `name`, for a message to take along within a day.";
    FloorTake: Post "/api/sites/{site}/contacts/{contact}/floor/taken", site(ConversationsWrite, Agent),
        "Takes the floor: the assistant is silent from then on.";
    FloorGiveBack: Post "/api/sites/{site}/contacts/{contact}/floor/given-back", site(ConversationsWrite, Agent),
        "Gives the floor back.";
    Suggest: Post "/api/sites/{site}/contacts/{contact}/suggestion", site(MessagesWrite, Agent),
        "Drafts a reply for somebody of the team to begin with; it sends nothing.";
    CallAdd: Post "/api/sites/{site}/contacts/{contact}/calls", site(ConversationsWrite, Agent),
        "Notes that somebody of the team called a contact, which keeps what was promised.";
    PlannedList: Get "/api/sites/{site}/contacts/{contact}/planned", site(ConversationsRead, ReadOnly),
        "What is planned to be said to a contact in the next 14 days, and what would become of each message.";
    PlannedCancel: Delete "/api/sites/{site}/planned/{planned}", site(MessagesWrite, Agent), "Calls a planned message off.";

    MessageLater: Post "/api/sites/{site}/contacts/{contact}/planned", site(MessagesWrite, Agent),
        "Plans what somebody of the team will say to a contact later.";

    // The team's work.
    CardList: Get "/api/sites/{site}/conversations", site(ConversationsRead, ReadOnly),
        "A page of a view of the site's conversations.";
    CardCounts: Get "/api/sites/{site}/conversations/counts", site(ConversationsRead, ReadOnly),
        "How many conversations stand in each view.";
    WorkBulk: Post "/api/sites/{site}/conversations/bulk", site(ConversationsWrite, Agent),
        "Does one thing about at most 100 conversations, each by itself.";
    WorkDo: Post "/api/sites/{site}/contacts/{contact}/work", site(ConversationsWrite, Agent),
        "Assigns a conversation, resolves it, opens it again, puts it off, or deals with what was not delivered.";
    NoteWrite: Post "/api/sites/{site}/contacts/{contact}/notes", site(ConversationsWrite, Agent),
        "Writes a note for the team.";
    FailureList: Get "/api/sites/{site}/not-delivered", site(ConversationsRead, ReadOnly),
        "What could not be delivered, why, and by what way it could go now.";
    Resend: Post "/api/sites/{site}/contacts/{contact}/resent", site(MessagesWrite, Agent),
        "Sends what could not be delivered another way.";
    Search: Get "/api/sites/{site}/search", site(ConversationsRead, ReadOnly),
        "Finds people by name and address, and what was said by its words.";
    ReportRead: Get "/api/sites/{site}/report", site(ConversationsRead, ReadOnly), "What happened in a span of days.";
    ReportTable: Get "/api/sites/{site}/report.csv", site(ConversationsRead, ReadOnly), "The same as a table.";

    // What the assistant is taught, and what the team says often.
    ReviewList: Get "/api/sites/{site}/review", site(KnowledgeRead, ReadOnly),
        "Answers of the assistant that somebody should look at.";
    ReviewDone: Post "/api/sites/{site}/review", site(KnowledgeWrite, Agent), "Somebody has looked at an answer.";
    TaughtList: Get "/api/sites/{site}/taught", site(KnowledgeRead, ReadOnly), "What the team taught the assistant.";
    TaughtPut: Put "/api/sites/{site}/taught/{taught}", site(KnowledgeWrite, Agent),
        "Teaches the assistant an answer, or changes one.";
    TaughtForget: Delete "/api/sites/{site}/taught/{taught}", site(KnowledgeWrite, Agent), "Forgets one.";
    CannedList: Get "/api/sites/{site}/canned", site(ConversationsRead, ReadOnly), "The team's canned replies.";
    CannedPut: Post "/api/sites/{site}/canned", site(ConversationsWrite, Agent), "Keeps a canned reply under its name.";
    CannedRemove: Post "/api/sites/{site}/canned/removed", site(ConversationsWrite, Agent), "Drops a canned reply.";

    // What the team is told.
    AlertList: Get "/api/sites/{site}/alerts", site(ConversationsRead, ReadOnly),
        "What whoever asks was told in the inbox and has not read.";
    AlertRead: Post "/api/sites/{site}/alerts/read", site(ConversationsWrite, Agent),
        "Marks what whoever asks was told as read.";
    AlertRules: Get "/api/sites/{site}/alerts/rules", site(ConversationsRead, ReadOnly),
        "Which of what happens whoever asks is told, and how.";
    AlertRulesPut: Put "/api/sites/{site}/alerts/rules", site(ConversationsWrite, Agent),
        "Changes which of what happens whoever asks is told, and how.";

    PushKeyGet: Get "/api/sites/{site}/push", site(ConversationsRead, ReadOnly),
        "What a browser subscribes to push messages with.";
    PushAdd: Post "/api/sites/{site}/push", site(ConversationsWrite, Agent),
        "Sends push messages to a browser of whoever asks.";
    PushRemove: Delete "/api/sites/{site}/push", site(ConversationsWrite, Agent),
        "Sends none to it any more.";

    // Promises.
    PromiseList: Get "/api/sites/{site}/promises", site(ConversationsRead, ReadOnly),
        "What the team has to keep, and how well it has.";
    PromiseMake: Post "/api/sites/{site}/contacts/{contact}/promises", site(ConversationsWrite, Agent),
        "Promises a contact that a person will answer or call.";
    PromiseKeep: Post "/api/sites/{site}/contacts/{contact}/promises/kept", site(ConversationsWrite, Agent),
        "Says that the promise was kept.";
    PromiseWithdraw: Post "/api/sites/{site}/contacts/{contact}/promises/withdrawn", site(ConversationsWrite, Agent),
        "Takes the promise back.";

    // Appointments.
    AppointmentBook: Post "/api/sites/{site}/contacts/{contact}/appointments", site(AppointmentsWrite, Agent),
        "Books for a contact.";
    AppointmentDo: Post "/api/sites/{site}/contacts/{contact}/appointments/{appointment}", site(AppointmentsWrite, Agent),
        "Moves an appointment, calls it off, notes something on it, or says that it was missed or took place.";
    BookingLink: Post "/api/sites/{site}/contacts/{contact}/booking-link", site(AppointmentsWrite, Agent),
        "A contact's personal link to the booking page, to be given to them alone.";

    // Consent.
    ConsentProof: Get "/api/sites/{site}/contacts/{contact}/consent", site(ConsentRead, ReadOnly),
        "The proof of a contact's consents, as JSON, or as a page where that is what the caller takes.";
    ConsentPage: Get "/api/sites/{site}/contacts/{contact}/consent.html", site(ConsentRead, ReadOnly),
        "The proof of a contact's consents, as a page.";
    ConsentRevoke: Post "/api/sites/{site}/contacts/{contact}/consent/revocations", site(ConsentWrite, Agent),
        "Records what a contact told somebody of the team about our messages.";

    // Sequences.
    RunList: Get "/api/sites/{site}/contacts/{contact}/sequences", site(SequencesRead, ReadOnly),
        "The sequences a contact is or was in.";
    RunBegin: Post "/api/sites/{site}/contacts/{contact}/sequences/{sequence}", site(SequencesWrite, Agent),
        "Begins a sequence for a contact.";
    RunStop: Delete "/api/sites/{site}/contacts/{contact}/sequences/{sequence}", site(SequencesWrite, Agent),
        "Ends a sequence for a contact.";
    RunSkip: Delete "/api/sites/{site}/contacts/{contact}/sequences/{sequence}/steps/{step}", site(SequencesWrite, Agent),
        "Leaves out a step that is still to be said to a contact.";
    SequenceList: Get "/api/sites/{site}/sequences", site(SequencesRead, ReadOnly),
        "The site's sequences, each with its text and what it says.";
    SequenceCheck: Post "/api/sites/{site}/sequences/{sequence}/check", site(SequencesRead, ReadOnly),
        "Reads a sequence's text and tells what it says, or what is wrong where.";
    SequencePut: Put "/api/sites/{site}/sequences/{sequence}", site(SequencesWrite, Admin),
        "Keeps a sequence's text; one that was changed meanwhile is refused.";
    SequenceRemove: Delete "/api/sites/{site}/sequences/{sequence}", site(SequencesWrite, Admin),
        "Removes a sequence; whoever is in it is taken out when their next step is due.";
    SequenceDryRun: Post "/api/sites/{site}/sequences/{sequence}/dry-run", site(SequencesRead, ReadOnly),
        "Tries a sequence on a contact without sending anything.";

    // The team.
    AgentList: Get "/api/sites/{site}/agents", site(TeamRead, ReadOnly), "Who is invited or of the team.";
    AgentInvite: Post "/api/sites/{site}/agents", site(TeamWrite, Admin), "Invites somebody by mail.";
    AgentChange: Patch "/api/sites/{site}/agents/{agent}", site(TeamWrite, Admin), "Changes somebody's name or role.";
    AgentRemove: Delete "/api/sites/{site}/agents/{agent}", site(TeamWrite, Admin), "Removes somebody from the team.";
    AuditList: Get "/api/sites/{site}/audit", site(SettingsRead, Admin), "What people did, the newest first.";
    TokenList: Get "/api/sites/{site}/tokens", site(SettingsRead, Admin), "The site's API tokens.";
    TokenMake: Post "/api/sites/{site}/tokens", site(SettingsWrite, Admin), "Makes an API token, and tells its value once.";
    TokenEnd: Delete "/api/sites/{site}/tokens/{token}", site(SettingsWrite, Admin), "Ends an API token.";

    // Settings.
    SettingsRead: Get "/api/sites/{site}/settings", site(SettingsRead, Agent), "How the site is set, part by part.";
    SettingsChange: Patch "/api/sites/{site}/settings", site(SettingsWrite, Admin),
        "Changes one part of how the site is set; one that was changed meanwhile is refused.";

    PolicyTry: Post "/api/sites/{site}/policy/try", site(SettingsRead, Agent),
        "Judges last month's messages again by another policy, and changes nothing.";
    RetentionTry: Get "/api/sites/{site}/settings/retention", site(SettingsRead, Admin),
        "How many people would be erased now, were they kept for `?months=`.";
    LineList: Get "/api/sites/{site}/lines", site(SettingsRead, Admin),
        "The site's lines, the names of their secrets and whether they are set, and the snippet.";
    LineTest: Post "/api/sites/{site}/lines/{line}/test", site(SettingsWrite, Admin),
        "Asks a line's provider whether it knows us; nothing is sent.";
    SnippetCheck: Post "/api/sites/{site}/snippet/check", site(SettingsWrite, Admin),
        "Looks whether the snippet stands on a page of an allowed origin.";

    // What the assistant knows.
    KnownList: Get "/api/sites/{site}/knowledge", site(KnowledgeRead, ReadOnly),
        "The sources of what the assistant knows, and how far reading the site's pages has come.";
    KnownRead: Get "/api/sites/{site}/knowledge/source", site(KnowledgeRead, ReadOnly), "The passages of a source, `?path=`.";
    AnswerTry: Post "/api/sites/{site}/knowledge/tried", site(KnowledgeRead, Agent),
        "What would be answered to a question, and from where; it sends nothing.";
    SourceAdd: Post "/api/sites/{site}/knowledge", site(KnowledgeWrite, Admin),
        "Adds a source, or puts a new text in the place of one of the same name.";
    SourceRemove: Post "/api/sites/{site}/knowledge/removed", site(KnowledgeWrite, Admin), "Takes a source away.";
    CrawlBegin: Post "/api/sites/{site}/knowledge/crawl", site(KnowledgeWrite, Admin),
        "Begins to read the pages of an allowed origin.";
    CrawlStop: Delete "/api/sites/{site}/knowledge/crawl", site(KnowledgeWrite, Admin), "Stops reading them.";

    // Webhooks.
    WebhookList: Get "/api/sites/{site}/webhooks", site(SettingsRead, Admin), "Where the site is told what happens.";
    WebhookAdd: Post "/api/sites/{site}/webhooks", site(SettingsWrite, Admin),
        "Makes a webhook, and tells its secret once.";
    WebhookChange: Patch "/api/sites/{site}/webhooks/{webhook}", site(SettingsWrite, Admin),
        "Changes where a webhook goes and what it is told of, and turns it on or off.";
    WebhookRemove: Delete "/api/sites/{site}/webhooks/{webhook}", site(SettingsWrite, Admin), "Removes a webhook.";
    WebhookLog: Get "/api/sites/{site}/webhooks/{webhook}/sends", site(SettingsRead, Admin),
        "What was sent to a webhook lately, and what became of it.";
    WebhookReplay: Post "/api/sites/{site}/webhooks/{webhook}/sends/{send}/replay", site(SettingsWrite, Admin),
        "Sends something to a webhook once more, under the same id.";
    WebhookTest: Post "/api/sites/{site}/webhooks/{webhook}/test", site(SettingsWrite, Admin),
        "Sends a webhook something that says only that it is a test.";

    OpenApi: Get "/api/openapi.json", Needs::Nothing, "This interface as an OpenAPI 3.1 document.";

    // Whoever is signed in.
    Me: Get "/api/me", Needs::SignedIn, "Who is signed in, and where they belong.";
    SignOut: Post "/api/me/sign-out", Needs::SignedIn, "Signs this browser out.";
    SignOutEverywhere: Post "/api/me/sign-out-everywhere", Needs::SignedIn, "Signs every browser of theirs out.";
}

/// The interface as an OpenAPI document, written by [`super::openapi`]; a test fails where it is stale.
pub const DOCUMENT: &str = include_str!("openapi.json");

/// A request that stands in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'p> {
    /// The operation.
    pub operation: &'static Operation,
    /// What stands for each `{name}` of its path.
    pub params: Vec<(&'static str, &'p str)>,
}

impl<'p> Found<'p> {
    /// What stands for a name of the path; empty where the path has no such name.
    pub fn param(&self, name: &str) -> &'p str {
        self.params.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }
}

/// The operation of a request. Refuses a path that leads nowhere (404 `not_found`) and a method that it does not have
/// (405 `method_not_allowed`). What stands literally in a path is preferred to a `{name}`.
pub fn find<'p>(method: &str, path: &'p str) -> Result<Found<'p>, Rejection> {
    let path = path.trim_end_matches('/');
    let mut fits: Vec<Found<'p>> = OPERATIONS
        .iter()
        .filter_map(|operation| Some(Found { operation, params: params(operation.path, path)? }))
        .collect();
    let Some(fewest) = fits.iter().map(|found| found.params.len()).min() else {
        return Err(Rejection::new(404, "not_found", "There is nothing here."));
    };
    fits.retain(|found| found.params.len() == fewest);
    let methods: Vec<_> = fits.iter().map(|found| found.operation.method.as_str()).collect();
    let text = format!("This path takes {}, not {method}.", methods.join(" and "));
    let wanted = Method::parse(method);
    fits.into_iter()
        .find(|found| Some(found.operation.method) == wanted)
        .ok_or_else(|| Rejection::new(405, "method_not_allowed", text))
}

/// What stands for each name of a pattern; `None` where a path does not fit it.
fn params<'p>(pattern: &'static str, path: &'p str) -> Option<Vec<(&'static str, &'p str)>> {
    let mut params = Vec::new();
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(params),
            (Some(wanted), Some(given)) => {
                match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                    Some(name) if !given.is_empty() => params.push((name, given)),
                    None if wanted == given => {}
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_path_leads_to_its_operation_and_brings_its_names() {
        let found = find("DELETE", "/api/sites/ste_1/contacts/ctc_1/sequences/nudges").unwrap();
        assert_eq!(found.operation.op, Op::RunStop);
        let names = ["site", "contact", "sequence"].map(|name| found.param(name));
        assert_eq!(names, ["ste_1", "ctc_1", "nudges"]);
    }

    #[test]
    fn another_path_is_not_found_and_another_method_is_told_which_there_are() {
        for path in
            ["/api", "/api/sites/ste_1", "/api/sites/ste_1/planned/", "/api/sites//promises", "/promises"]
        {
            assert_eq!(find("GET", path).unwrap_err().code, "not_found", "{path}");
        }
        let refused = find("PUT", "/api/sites/ste_1/contacts/ctc_1/tags").unwrap_err();
        assert_eq!((refused.status, refused.code), (405, "method_not_allowed"));
        assert_eq!(refused.text, "This path takes GET and POST, not PUT.");
    }

    #[test]
    fn no_two_operations_share_a_path_and_a_method_and_every_path_of_a_site_names_it_first() {
        let places: BTreeSet<_> = OPERATIONS.iter().map(|it| (it.method, it.path)).collect();
        assert_eq!(places.len(), OPERATIONS.len());
        for operation in OPERATIONS {
            let of_site = operation.path.starts_with("/api/sites/{site}");
            assert_eq!(matches!(operation.needs, Needs::Site(..)), of_site, "{}", operation.path);
            assert!(operation.summary.ends_with('.'), "{}", operation.path);
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let names: BTreeSet<_> = OPERATIONS.iter().map(Operation::name).collect();
        assert_eq!(names.len(), OPERATIONS.len());
        assert!(names.contains("sign_out_everywhere") && names.contains("me"), "{names:?}");
    }

    #[test]
    fn what_changes_something_is_no_reader_s() {
        for operation in OPERATIONS {
            let Needs::Site(scope, role) = operation.needs else { continue };
            let reads = operation.method == Method::Get
                || matches!(
                    operation.op,
                    Op::SequenceDryRun | Op::SequenceCheck | Op::PolicyTry | Op::AnswerTry
                );
            assert_eq!(scope.as_str().ends_with(":read"), reads, "{operation:?}");
            assert!(reads || role > Role::ReadOnly, "{operation:?}");
        }
    }
}
