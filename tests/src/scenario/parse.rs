//! The text of a scenario, read into steps. The whole grammar stands in `examples/scenarios/README.md`.
//!
//! Total: whatever is not a scenario is an error that names file, line and column, and says what was expected there.

use std::fmt;

use shared::{
    channel::Channel,
    time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS},
};

use super::lex::{Kind, Token, Trouble, tokens};

/// A scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// The file it stands in.
    pub file: String,
    /// What happens and what is expected, in order.
    pub steps: Vec<Step>,
}

/// One thing that happens or is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The line it stands on, from 1.
    pub line: usize,
    /// The line as it was written, without its comment.
    pub source: String,
    /// What it is.
    pub kind: StepKind,
}

impl Step {
    /// Whether something must have happened, rather than happens.
    pub fn is_expectation(&self) -> bool {
        matches!(self.kind, StepKind::Expect(_))
    }
}

/// What a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// From here on, this person of the site acts; by first name.
    Person(String),
    /// Time passes until then, on the site's clocks.
    At {
        /// The day, from 0, a Monday.
        day: i64,
        /// The minute of that day.
        minute: i64,
    },
    /// So much time passes, in milliseconds.
    Advance(i64),
    /// The person acts.
    Act(Act),
    /// Something must have happened since the last line that was no expectation.
    Expect(Expect),
}

/// What a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Writes in the widget.
    Chat(String),
    /// Fills in the form of the site's contact page: the message, and what is ticked.
    Form(String, Option<Ticked>),
    /// Presses the button behind the newest link to confirm in their mailbox.
    Confirm,
    /// Texts the site's number, or writes to its page.
    Short(Channel, String),
    /// A member of the team writes to them, by name: on a channel, or where they last wrote.
    Team(String, Option<Channel>, String),
    /// A member of the team gives the conversation back to the assistant.
    GivesBack(String),
    /// Writes a new mail to the site: its subject and its text.
    Mail(String, String),
    /// Answers the newest mail.
    Answer(String),
    /// Fills the card of the widget: where to go on, with what was typed.
    Continue(Channel, String),
}

/// What is ticked in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticked {
    /// The boxes for news and offers, by email and by text; else the one for texts.
    pub marketing: bool,
    /// The words beside it.
    pub words: String,
}

/// What must have happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// A message came, with these words, and so many milliseconds after the act at the latest.
    Message(Channel, Option<i64>, Words),
    /// No message came, or none with these words.
    Nothing(Channel, Option<Words>),
    /// A message in the chat has the card to go on elsewhere.
    Offer(Channel),
    /// The newest answer rests on a message of this channel with these words.
    Source(Channel, Words),
    /// A consent to be written to was recorded, or one was taken back.
    Consent(Channel, bool),
    /// A message on this channel was let through (or held back) because of this.
    Verdict(Channel, bool, String),
    /// There is an appointment with these words.
    Appointment(Words),
    /// Something is promised, and still to be kept, with these words.
    Promise(Words),
    /// Entries with these words stand on the person's timeline, in this order.
    Timeline(Vec<String>),
    /// Everything the person ever said stands in one conversation.
    OneConversation,
}

/// Words that must all be there, and words that must not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Must be there.
    pub these: Vec<String>,
    /// Must not be there.
    pub not: Vec<String>,
}

impl Words {
    /// Whether a text has them. Large and small letters are alike.
    pub fn are_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let has = |words: &String| text.contains(&words.to_lowercase());
        self.these.iter().all(has) && !self.not.iter().any(has)
    }
}

/// Why a text is no scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What was expected there.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

impl std::error::Error for ParseError {}

/// Reads the text of a file.
pub fn parse(file: &str, text: &str) -> Result<Scenario, ParseError> {
    let mut steps = Vec::new();
    let mut clock_ms = 0;
    for (line, number) in text.lines().zip(1..) {
        let fail =
            |(column, message): Trouble| ParseError { file: file.to_owned(), line: number, column, message };
        let tokens = tokens(line).map_err(fail)?;
        let mut reading = Line { tokens: &tokens, end: line.chars().count() + 1 };
        for kind in reading.steps(&mut clock_ms).map_err(fail)? {
            steps.push(Step { line: number, source: written(&tokens), kind });
        }
    }
    Ok(Scenario { file: file.to_owned(), steps })
}

/// The tokens as one would write them.
fn written(tokens: &[Token]) -> String {
    let one = |token: &Token| match &token.kind {
        Kind::Word(word) => word.clone(),
        Kind::Text(text) => format!("{text:?}"),
    };
    tokens.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// What is still to be read of a line.
struct Line<'a> {
    tokens: &'a [Token],
    end: usize,
}

const LINES: [&str; 12] = [
    "web:",
    "form",
    "sms",
    "email",
    "messenger",
    "instagram",
    "continue",
    "confirms",
    "team",
    "advance",
    "person",
    "expect",
];
const EXPECTATIONS: [&str; 13] = [
    "chat",
    "sms",
    "email",
    "messenger",
    "instagram",
    "no",
    "source",
    "consent",
    "verdict",
    "appointment",
    "promise",
    "timeline",
    "one",
];
const CHANNELS: [&str; 5] = ["chat", "sms", "email", "messenger", "instagram"];
const ELSEWHERE: [&str; 2] = ["sms", "email"];

impl Line<'_> {
    /// The steps of the line: none, one, or a time and what happens then. `clock_ms` is what the site's clock shows at
    /// least, from the first midnight.
    fn steps(&mut self, clock_ms: &mut i64) -> Result<Vec<StepKind>, Trouble> {
        let mut steps = Vec::new();
        let has_time = self.takes("day");
        if has_time {
            steps.push(self.time(clock_ms)?);
        }
        if !self.tokens.is_empty() {
            steps.push(self.step(has_time, clock_ms)?);
        }
        if self.tokens.is_empty() { Ok(steps) } else { Err(self.unexpected("the end of the line")) }
    }

    fn step(&mut self, has_time: bool, clock_ms: &mut i64) -> Result<StepKind, Trouble> {
        let first = if has_time { "" } else { "`day`, " };
        let expected = format!("{first}{}", listed(&LINES));
        Ok(match self.word(&expected, &LINES)? {
            "web:" => StepKind::Act(Act::Chat(self.text("what the visitor says")?)),
            "form" => {
                let message = self.text("what is written into the form")?;
                let ticked = if self.takes("agrees") { Some(self.ticked()?) } else { None };
                StepKind::Act(Act::Form(message, ticked))
            }
            "confirms" => StepKind::Act(Act::Confirm),
            name @ ("sms" | "messenger" | "instagram") => {
                self.needs("in")?;
                StepKind::Act(Act::Short(channel_of(name), self.text("what is written")?))
            }
            "team" => StepKind::Act(self.team()?),
            "email" => StepKind::Act(self.mail()?),
            "continue" => {
                self.needs("by")?;
                let channel = self.channel(&ELSEWHERE)?;
                let address =
                    self.read("a telephone number or an email address", |word| Some(word.to_owned()))?;
                StepKind::Act(Act::Continue(channel, address))
            }
            "advance" => {
                let by_ms = self.duration()?;
                *clock_ms += by_ms;
                StepKind::Advance(by_ms)
            }
            "person" => {
                let expected = "the first name of one of the site's people";
                StepKind::Person(self.read(expected, |word| Some(word.to_owned()))?)
            }
            _ => StepKind::Expect(self.expectation()?),
        })
    }

    /// What follows `day`: its number and a time of day.
    fn time(&mut self, clock_ms: &mut i64) -> Result<StepKind, Trouble> {
        let column = self.column();
        let day = self.read("the number of a day, from 0 to 9999", |word| number(word, 4))?;
        let minute = self.read("a time of day such as 09:00", time_of_day)?;
        let at_ms = day * DAY_MS + minute * MINUTE_MS;
        if at_ms < *clock_ms {
            let (day, minute) = (*clock_ms / DAY_MS, *clock_ms % DAY_MS / MINUTE_MS);
            let reached = format!("day {day} {:02}:{:02}", minute / 60, minute % 60);
            return Err((
                column,
                format!("expected a time that is not over: this line comes after {reached}"),
            ));
        }
        *clock_ms = at_ms;
        Ok(StepKind::At { day, minute })
    }

    /// What follows `team`: a name, and what its owner does.
    fn team(&mut self) -> Result<Act, Trouble> {
        let by = self.text("the name of a member of the team")?;
        if self.takes("gives") {
            self.needs("back")?;
            return Ok(Act::GivesBack(by));
        }
        self.needs("writes")?;
        let channel = if self.takes("by") { Some(self.channel(&CHANNELS)?) } else { None };
        Ok(Act::Team(by, channel, self.text("what is written")?))
    }

    /// What follows `agrees`.
    fn ticked(&mut self) -> Result<Ticked, Trouble> {
        let marketing = self.takes("to");
        if marketing {
            self.needs("marketing")?;
        }
        Ok(Ticked { marketing, words: self.text("the words agreed to")? })
    }

    fn mail(&mut self) -> Result<Act, Trouble> {
        self.needs("in")?;
        if self.takes("subject") {
            return Ok(Act::Mail(self.text("the subject")?, self.text("what is written")?));
        }
        Ok(Act::Answer(self.text("`subject`, or what is answered to the newest mail")?))
    }

    fn expectation(&mut self) -> Result<Expect, Trouble> {
        Ok(match self.word(&listed(&EXPECTATIONS), &EXPECTATIONS)? {
            "no" => {
                let channel = self.channel(&CHANNELS)?;
                Expect::Nothing(channel, if self.tokens.is_empty() { None } else { Some(self.contains()?) })
            }
            "source" => Expect::Source(self.channel(&CHANNELS)?, self.contains()?),
            "consent" => {
                let channel = self.channel(&ELSEWHERE)?;
                let states = ["given", "withdrawn"];
                Expect::Consent(channel, self.word(&listed(&states), &states)? == "given")
            }
            "verdict" => {
                let is_sent = !self.takes("no");
                let channel = self.channel(&CHANNELS)?;
                self.needs("because")?;
                Expect::Verdict(channel, is_sent, self.text("a part of the reason")?)
            }
            "appointment" => Expect::Appointment(self.contains()?),
            "promise" => Expect::Promise(self.contains()?),
            "timeline" => {
                self.needs("shows")?;
                let mut entries = vec![self.text("the words of an entry")?];
                while self.takes("then") {
                    entries.push(self.text("the words of an entry")?);
                }
                Expect::Timeline(entries)
            }
            "one" => {
                self.needs("conversation")?;
                Expect::OneConversation
            }
            "chat" if self.takes("offers") => Expect::Offer(self.channel(&ELSEWHERE)?),
            name => {
                let within = if self.takes("within") { Some(self.duration()?) } else { None };
                Expect::Message(channel_of(name), within, self.contains()?)
            }
        })
    }

    /// `contains` and texts, `and` between two of them, `not` before one that must not be there.
    fn contains(&mut self) -> Result<Words, Trouble> {
        self.needs("contains")?;
        let mut words = Words::default();
        loop {
            let list = if self.takes("not") { &mut words.not } else { &mut words.these };
            list.push(self.text("a text")?);
            if !self.takes("and") {
                return Ok(words);
            }
        }
    }

    fn channel(&mut self, names: &[&'static str]) -> Result<Channel, Trouble> {
        self.word(&listed(names), names).map(channel_of)
    }

    fn duration(&mut self) -> Result<i64, Trouble> {
        self.read("a duration such as 30s, 10m, 2h or 7d", duration)
    }

    /// One of these words.
    fn word(&mut self, expected: &str, words: &[&'static str]) -> Result<&'static str, Trouble> {
        self.read(expected, |found| words.iter().copied().find(|word| *word == found))
    }

    /// A word that is understood.
    fn read<T>(&mut self, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Trouble> {
        let read = match self.tokens.first() {
            Some(Token { kind: Kind::Word(word), .. }) => read(word),
            _ => None,
        };
        let read = read.ok_or_else(|| self.unexpected(expected))?;
        self.tokens = &self.tokens[1..];
        Ok(read)
    }

    fn text(&mut self, expected: &str) -> Result<String, Trouble> {
        let Some(Token { kind: Kind::Text(text), .. }) = self.tokens.first() else {
            return Err(self.unexpected(&format!("{expected}, in quotation marks")));
        };
        self.tokens = &self.tokens[1..];
        Ok(text.clone())
    }

    /// Whether the next word is this; then it is taken.
    fn takes(&mut self, word: &'static str) -> bool {
        self.word("", &[word]).is_ok()
    }

    fn needs(&mut self, word: &'static str) -> Result<(), Trouble> {
        self.word(&format!("`{word}`"), &[word]).map(drop)
    }

    fn column(&self) -> usize {
        self.tokens.first().map_or(self.end, |token| token.column)
    }

    fn unexpected(&self, expected: &str) -> Trouble {
        let found = match self.tokens.first().map(|token| &token.kind) {
            Some(Kind::Word(word)) => format!("`{word}`"),
            Some(Kind::Text(text)) => format!("{text:?}"),
            None => "the end of the line".to_owned(),
        };
        (self.column(), format!("expected {expected}, found {found}"))
    }
}

/// `` `a`, `b` or `c` ``.
fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

fn channel_of(name: &str) -> Channel {
    match name {
        "sms" => Channel::Sms,
        "email" => Channel::Email,
        "messenger" => Channel::Messenger,
        "instagram" => Channel::Instagram,
        _ => Channel::Widget,
    }
}

/// At most so many decimal digits, and nothing else.
fn number(word: &str, digits: usize) -> Option<i64> {
    let is_plain = word.len() <= digits && word.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { word.parse().ok() } else { None }
}

/// `HH:MM` as the minute of the day.
fn time_of_day(word: &str) -> Option<i64> {
    let (hour, minute) =
        word.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2)?;
    let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// A number and its unit, in milliseconds.
fn duration(word: &str) -> Option<i64> {
    let unit = word.chars().last()?;
    let one_ms = match unit {
        's' => SECOND_MS,
        'm' => MINUTE_MS,
        'h' => HOUR_MS,
        'd' => DAY_MS,
        _ => return None,
    };
    number(word.strip_suffix(unit)?, 4).map(|count| count * one_ms)
}

#[cfg(test)]
mod tests;
