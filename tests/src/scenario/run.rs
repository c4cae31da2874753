//! Plays a scenario on a stage, step by step, and stops at the first expectation that is not met.

use std::fmt;

use jiff::{
    ToSpan, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use shared::{
    channel::Channel,
    site::Person,
    time::{MINUTE_MS, SECOND_MS, Timestamp},
    wire::Offer,
};

use super::{
    parse::{Act, Expect, Scenario, Step, StepKind, Ticked, Words},
    records,
    stage::{Received, Stage},
};

/// A clock may be so far ahead of a written time, in milliseconds: answering takes a moment.
const LATE_MS: i64 = 5 * MINUTE_MS;
const CHANNELS: [Channel; 5] = Channel::ALL;

/// What can be told while a scenario is played.
pub enum Told<'a> {
    /// A step was taken or an expectation met; and when, as `day 0, Mon 09:00:00`.
    Step(&'a Step, String),
    /// A message came to somebody because of it; and when.
    Came(Channel, &'a str, &'a Received, String),
}

/// Where a scenario failed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The line as it was written.
    pub source: String,
    /// What was the case instead.
    pub instead: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\n  {}", self.file, self.line, self.source, self.instead.replace('\n', "\n  "))
    }
}

impl std::error::Error for Failure {}

/// Plays it to its end or its first failure, and tells what happens.
pub fn run(
    scenario: &Scenario,
    stage: &mut dyn Stage,
    tell: &mut dyn FnMut(&Told<'_>),
) -> Result<(), Failure> {
    let fail = |step: &Step, instead| Failure {
        file: scenario.file.clone(),
        line: step.line,
        source: step.source.clone(),
        instead,
    };
    let mut play = Play::new(stage);
    for (step, index) in scenario.steps.iter().zip(0..) {
        play.takes(step).map_err(|instead| fail(step, instead))?;
        // A time and what happens then are one line, told once.
        let goes_on = scenario.steps.get(index + 1).is_some_and(|next| next.line == step.line);
        if !goes_on {
            let at = play.shown(play.since);
            tell(&Told::Step(step, at));
        }
        if !step.is_expectation() {
            play.tells_what_came(tell);
        }
    }
    Ok(())
}

/// A scenario being played.
struct Play<'a> {
    stage: &'a mut dyn Stage,
    zone: TimeZone,
    day_zero: Date,
    people: Vec<Person>,
    /// Who acts and is looked at, by their place among the people.
    who: usize,
    /// When the newest step was taken that was no expectation…
    since: Timestamp,
    /// …and how much had come to each of the people on each channel by then.
    before: Vec<[usize; 5]>,
}

impl<'a> Play<'a> {
    /// Day 0 is the first Monday whose beginning is ahead.
    fn new(stage: &'a mut dyn Stage) -> Self {
        let (people, zone) = (stage.site().people.clone(), stage.site().time_zone.clone());
        let zone = TimeZone::get(&zone).unwrap_or_else(|error| panic!("{zone}: {error}"));
        let now = stage.now();
        let today = zoned(now, &zone).date();
        let day_zero = today.nth_weekday(1, Weekday::Monday).unwrap_or(today);
        let before = vec![[0; 5]; people.len()];
        Self { stage, zone, day_zero, people, who: 0, since: now, before }
    }

    fn who(&self) -> Person {
        self.people[self.who].clone()
    }

    fn takes(&mut self, step: &Step) -> Result<(), String> {
        match &step.kind {
            StepKind::Person(name) => {
                let is_meant = |person: &Person| first_name(&person.name).eq_ignore_ascii_case(name);
                self.who = self.people.iter().position(is_meant).ok_or_else(|| {
                    let names: Vec<_> = self.people.iter().map(|person| first_name(&person.name)).collect();
                    format!("The site knows {}.", names.join(", "))
                })?;
            }
            StepKind::At { day, minute } => self.moves_to(*day, *minute)?,
            StepKind::Advance(ms) => {
                self.begins();
                self.stage.advance(*ms);
            }
            StepKind::Act(act) => {
                self.begins();
                self.acts(act)?;
                self.stage.rests();
            }
            StepKind::Expect(expect) => self.expects(expect)?,
        }
        Ok(())
    }

    fn moves_to(&mut self, day: i64, minute: i64) -> Result<(), String> {
        let date = self.day_zero.saturating_add(day.days());
        let time = date.at(0, 0, 0, 0).saturating_add(minute.minutes());
        let there = time.to_zoned(self.zone.clone()).map_err(|error| error.to_string())?;
        let there = Timestamp::from_ms(there.timestamp().as_millisecond());
        self.begins();
        let ahead_ms = there.since_ms(self.since);
        if ahead_ms < -LATE_MS {
            return Err(format!("It is already {}.", self.shown(self.since)));
        }
        if ahead_ms > 0 {
            self.stage.advance(ahead_ms);
        }
        Ok(())
    }

    /// From here on, what comes is new.
    fn begins(&mut self) {
        self.since = self.stage.now();
        for index in 0..self.people.len() {
            let who = self.people[index].clone();
            self.before[index] = CHANNELS.map(|channel| records::received(self.stage, &who, channel).len());
        }
    }

    fn acts(&mut self, act: &Act) -> Result<(), String> {
        let who = self.who();
        let phone = || who.phone.clone().ok_or_else(|| format!("The site knows no number of {}.", who.name));
        let mailbox =
            || who.email.clone().ok_or_else(|| format!("The site knows no mailbox of {}.", who.name));
        match act {
            Act::Chat(text) => self.stage.chats(&who, text)?,
            Act::Form(message, agreed) => {
                self.stage.sends_form(&who, &form(&who, message, agreed.as_ref()))?;
            }
            Act::Confirm => {
                let mails = records::received(self.stage, &who, Channel::Email);
                let link = mails.iter().rev().find_map(|mail| mail.text.split_once("/c/"));
                let token = link.and_then(|(_, rest)| rest.split_whitespace().next());
                let token = token.ok_or("There is no mail that asks to confirm anything.")?.to_owned();
                self.stage.confirms(&token)?;
            }
            Act::Short(Channel::Sms, text) => self.stage.messages(Channel::Sms, &phone()?, text),
            Act::Short(channel, text) => {
                let id = who.id_on(*channel);
                let id = id.ok_or_else(|| format!("The site knows no id of {} there.", who.name))?;
                self.stage.messages(*channel, id, text);
            }
            Act::Team(by, channel, text) => {
                let contact = records::contact(self.stage, &who)?;
                self.stage.team_writes(&contact, by, *channel, text)?;
            }
            Act::GivesBack(by) => {
                let contact = records::contact(self.stage, &who)?;
                self.stage.team_gives_back(&contact, by)?;
            }
            Act::Mail(subject, text) => self.stage.mails(&mailbox()?, subject, text, None),
            Act::Answer(text) => {
                let newest = records::received(self.stage, &who, Channel::Email).pop();
                let newest = newest.ok_or("There is no mail to answer: a new one needs a `subject`.")?;
                let subject = format!("Re: {}", newest.subject.unwrap_or_default());
                self.stage.mails(&mailbox()?, &subject, text, Some(&newest.id));
            }
            Act::Continue(channel, address) => self.stage.continues(&who, *channel, address)?,
        }
        Ok(())
    }

    /// What has come to the person on a channel since the newest step.
    fn came(&mut self, channel: Channel) -> Vec<Received> {
        let who = self.who();
        let place = CHANNELS.iter().position(|known| *known == channel).unwrap_or_default();
        let mut all = records::received(self.stage, &who, channel);
        all.drain(..self.before[self.who][place].min(all.len()));
        all
    }

    fn expects(&mut self, expect: &Expect) -> Result<(), String> {
        let (who, since) = (self.who(), self.since);
        match expect {
            Expect::Message(channel, within_ms, words) => self.expects_message(*channel, *within_ms, words),
            Expect::Nothing(channel, words) => {
                let came = self.came(*channel);
                let is_meant =
                    |received: &Received| words.as_ref().is_none_or(|words| words.are_in(&whole(received)));
                if came.iter().any(is_meant) { Err(self.listed(*channel, &came)) } else { Ok(()) }
            }
            Expect::Offer(to) => {
                let offer = if *to == Channel::Sms { Offer::ContinueBySms } else { Offer::ContinueByEmail };
                let came = self.came(Channel::Widget);
                let is_offered = came.iter().any(|received| received.offers.contains(&offer));
                if is_offered { Ok(()) } else { Err(self.listed(Channel::Widget, &came)) }
            }
            Expect::Source(channel, words) => {
                let found = records::sources(self.stage, &who, since);
                let is_there = found.iter().any(|(on, text)| on == channel && words.are_in(text));
                let shown = found.iter().map(|(on, text)| format!("{} {text:?}", name(*on)));
                met(is_there, "The newest answer rests on", shown, "no message")
            }
            Expect::Consent(channel, is_given) => {
                let found = records::consents(self.stage, &who, since);
                let state = |is_given| if is_given { "given" } else { "withdrawn" };
                let shown = found.iter().map(|(on, given)| format!("{} {}", name(*on), state(*given)));
                met(found.contains(&(*channel, *is_given)), "Recorded was", shown, "no consent")
            }
            Expect::Verdict(channel, is_sent, because) => {
                let words = Words { these: vec![because.clone()], not: Vec::new() };
                let found = records::verdicts(self.stage, &who, since);
                let is_there = found.iter().any(|judged| {
                    judged.channel == Some(*channel)
                        && judged.is_sent == *is_sent
                        && words.are_in(&judged.because)
                });
                let shown = found.iter().map(|judged| {
                    let no = if judged.is_sent { "" } else { "no " };
                    format!("{no}{} because {}", judged.channel.map_or("message", name), judged.because)
                });
                met(is_there, "The verdicts are", shown, "none")
            }
            Expect::Appointment(words) => {
                let found = records::appointments(self.stage, &who);
                let is_there = found.iter().any(|line| words.are_in(line));
                met(is_there, "The appointments are", found.into_iter(), "none")
            }
            Expect::Timeline(entries) => {
                let found = records::entries(self.stage, &who);
                let mut rest = found.iter();
                let has = |line: &String, words: &String| line.to_lowercase().contains(&words.to_lowercase());
                let missing = entries.iter().find(|words| !rest.any(|line| has(line, words)));
                let what = missing.map_or_else(String::new, |words| {
                    format!("Not there in this order: {words:?}. It shows")
                });
                met(missing.is_none(), &what, found.iter().cloned(), "nothing")
            }
            Expect::OneConversation => {
                let count = records::conversations(self.stage, &who);
                if count == 1 { Ok(()) } else { Err(format!("There are {count} conversations.")) }
            }
            Expect::Promise(words) => {
                let found = records::promises(self.stage, &who);
                let is_there = found.iter().any(|line| words.are_in(line));
                met(is_there, "Promised is", found.into_iter(), "nothing")
            }
        }
    }

    fn expects_message(
        &mut self,
        channel: Channel,
        within_ms: Option<i64>,
        words: &Words,
    ) -> Result<(), String> {
        let came = self.came(channel);
        let Some(found) = came.iter().find(|received| words.are_in(&whole(received))) else {
            return Err(self.listed(channel, &came));
        };
        let took_ms = found.at.since_ms(self.since);
        if within_ms.is_some_and(|within_ms| took_ms > within_ms) {
            #[expect(clippy::cast_precision_loss, reason = "for reading")]
            let took = took_ms as f64 / SECOND_MS as f64;
            return Err(format!("It came after {took:.1} s: {}", self.line(channel, found)));
        }
        Ok(())
    }

    /// What came instead, on this channel and on the others.
    fn listed(&mut self, channel: Channel, came: &[Received]) -> String {
        let mut lines: Vec<String> = came.iter().map(|received| self.line(channel, received)).collect();
        if lines.is_empty() {
            lines.push(format!("No message came by {}.", name(channel)));
        }
        for other in CHANNELS.into_iter().filter(|other| *other != channel) {
            for received in self.came(other) {
                lines.push(self.line(other, &received));
            }
        }
        lines.join("\n")
    }

    fn line(&self, channel: Channel, received: &Received) -> String {
        let offers =
            if received.offers.is_empty() { String::new() } else { format!(" {:?}", received.offers) };
        format!("{} by {}: {:?}{offers}", self.shown(received.at), name(channel), whole(received))
    }

    fn tells_what_came(&mut self, tell: &mut dyn FnMut(&Told<'_>)) {
        let who = self.who();
        for channel in CHANNELS {
            for received in self.came(channel) {
                let at = self.shown(received.at);
                tell(&Told::Came(channel, first_name(&who.name), &received, at));
            }
        }
    }

    /// A moment on the site's clocks, as `day 2, Wed 09:00:00`.
    fn shown(&self, at: Timestamp) -> String {
        let at = zoned(at, &self.zone);
        let day = at.date().since(self.day_zero).map_or(0, |span| span.get_days());
        format!("day {day}, {}", at.strftime("%a %H:%M:%S"))
    }
}

/// The site's contact form as filled in by somebody, in their own time.
fn form(who: &Person, message: &str, ticked: Option<&Ticked>) -> String {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.append_pair("name", &who.name).append_pair("message", message);
    for (field, address) in [("email", &who.email), ("phone", &who.phone)] {
        if let Some(address) = address {
            body.append_pair(field, address);
        }
    }
    if let Some(Ticked { marketing, words }) = ticked {
        let boxes: &[&str] =
            if *marketing { &["email_marketing", "sms_marketing"] } else { &["sms_consent"] };
        for name in boxes {
            body.append_pair(name, "yes").append_pair(&format!("tl_label.{name}"), words);
        }
    }
    body.append_pair("tl_page", "https://larkspur.example/contact.html").append_pair("tl_ms", "9000").finish()
}

/// Nothing where it is met; else what was found.
fn met(is_met: bool, what: &str, found: impl Iterator<Item = String>, none: &str) -> Result<(), String> {
    if is_met {
        return Ok(());
    }
    let found: Vec<String> = found.collect();
    Err(if found.is_empty() { format!("{what} {none}.") } else { format!("{what}:\n{}", found.join("\n")) })
}

/// A channel as scenarios call it.
pub fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Widget => "chat",
        other => other.as_str(),
    }
}

/// A mail's subject stands before its text.
fn whole(received: &Received) -> String {
    match &received.subject {
        Some(subject) => format!("{subject}\n{}", received.text),
        None => received.text.clone(),
    }
}

/// What one is called.
pub(super) fn first_name(name: &str) -> &str {
    name.split(' ').next().unwrap_or_default()
}

fn zoned(at: Timestamp, zone: &TimeZone) -> Zoned {
    let at = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or(jiff::Timestamp::MAX);
    at.to_zoned(zone.clone())
}
