//! What a scenario is played on.

use std::fs;

use shared::{
    channel::Channel,
    contact::Address,
    flow::import::{Import, KnowledgeFile, SequenceFile},
    id::ContactId,
    site::{Person, Site},
    store::{Answer, Stmt},
    time::Timestamp,
    wire::Offer,
};

use crate::host::root;

/// The product with the demo business on it, and the people around it.
pub trait Stage {
    /// The demo business.
    fn site(&self) -> &Site;

    /// What the product's clock shows.
    fn now(&mut self) -> Timestamp;

    /// Lets time pass, in milliseconds: everything that becomes due is done when it is.
    fn advance(&mut self, ms: i64);

    /// Lets everything come to an end that is under way or due within a minute: an answer waits for a burst of texts to end.
    /// The clock moves no further than that needs.
    fn rests(&mut self);

    /// Somebody writes in their browser; the error is what they are told instead of an acknowledgement.
    fn chats(&mut self, who: &Person, text: &str) -> Result<(), String>;

    /// Somebody sends the form of the site's contact page from their browser; `body` is as browsers post it.
    fn sends_form(&mut self, who: &Person, body: &str) -> Result<(), String>;

    /// Somebody opens a link to confirm what was agreed to for their mailbox, and presses its button.
    fn confirms(&mut self, token: &str) -> Result<(), String>;

    /// Somebody fills the card in their browser.
    fn continues(&mut self, who: &Person, channel: Channel, address: &str) -> Result<(), String>;

    /// Somebody texts the site's number, or writes to one of its pages.
    fn messages(&mut self, channel: Channel, from: &str, text: &str);

    /// A member of the team writes to a contact; the error is what they are told.
    fn team_writes(
        &mut self,
        contact: &ContactId,
        by: &str,
        channel: Option<Channel>,
        text: &str,
    ) -> Result<(), String>;

    /// A member of the team gives a conversation back to the assistant.
    fn team_gives_back(&mut self, contact: &ContactId, by: &str) -> Result<(), String>;

    /// Somebody writes to the site's mailbox; `answers` is the id of a mail in the sandbox.
    fn mails(&mut self, from: &str, subject: &str, text: &str, answers: Option<&str>);

    /// What the site has said in somebody's browser, oldest first.
    fn chat(&mut self, who: &Person) -> Vec<Received>;

    /// The address of somebody's browser, once they wrote in it.
    fn browser(&mut self, who: &Person) -> Option<Address>;

    /// What the product's database answers to one of its own questions.
    fn ask(&mut self, stmt: &Stmt) -> Answer;
}

/// A message somebody received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its id in the sandbox; empty in the chat.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// A mail's subject.
    pub subject: Option<String>,
    /// What it says.
    pub text: String,
    /// The cards below it.
    pub offers: Vec<Offer>,
}

/// The demo business, in weeks without holidays: day 0 is some Monday, and which one must not matter.
pub(super) fn site() -> Site {
    let path = root().join("examples/site/throughline.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut site: Site =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    site.holidays.clear();
    for resource in site.booking.iter_mut().flat_map(|booking| &mut booking.resources) {
        resource.dates.clear();
    }
    site
}

/// The files of one of its folders that a site is imported with: path and text.
pub(super) fn files(folder: &str) -> Vec<(String, String)> {
    let ending = if folder == "sequences" { "toml" } else { "md" };
    let folder = root().join("examples/site").join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    let read = |path: std::path::PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text)
    };
    paths.into_iter().map(read).collect()
}

/// The whole of it, as it is imported.
pub(crate) fn import() -> Import {
    let knowledge = files("knowledge").into_iter().map(|(path, text)| KnowledgeFile { path, text });
    let sequences = files("sequences").into_iter().map(|(path, text)| SequenceFile { path, text });
    Import { definition: site(), knowledge: knowledge.collect(), sequences: sequences.collect() }
}
