//! A sequence as the team sees it drawn: its steps, and where each leads to. Pure; words are the reader's own.

use super::{Does, Question, Sequence, Trigger, moment::When, words::Words};
use crate::{
    api::sequences::{Begins, Drawn, DrawnStep, Leads, StepDoes},
    appointment::Act,
    text::{one_line, shorten},
    time::MINUTE_MS,
};

/// How much of a message is shown, in characters.
const EXCERPT_CHARS: usize = 140;

/// Draws a sequence.
pub fn draw(sequence: &Sequence) -> Drawn {
    let steps = sequence.steps.iter().enumerate().map(|(place, step)| {
        let lead = |when: &str, to: usize| Leads {
            when: when.to_owned(),
            to: sequence.steps.get(to).map(|step| step.id.clone()),
        };
        let next = || lead("next", place + 1);
        let (does, to) = match &step.does {
            Does::Wait(ms) => (StepDoes::Wait { ms: *ms }, vec![next()]),
            Does::WaitUntil { when, if_passed } => (until(*when), vec![next(), lead("passed", *if_passed)]),
            Does::Send(send) => {
                let does = StepDoes::Send {
                    channels: send.among.clone(),
                    purpose: send.purpose.as_str().to_owned(),
                    excerpt: excerpt(&send.words),
                };
                (does, vec![next()])
            }
            Does::Branch { on, then, otherwise } => {
                (asks(*on), vec![lead("yes", *then), lead("no", *otherwise)])
            }
            Does::Assign(member) => (StepDoes::Assign { member: member.clone() }, vec![next()]),
            Does::Stop(reason) => (StepDoes::Stop { reason: reason.clone() }, Vec::new()),
        };
        DrawnStep { id: step.id.clone(), does, to }
    });
    Drawn {
        name: sequence.name.clone(),
        enabled: !sequence.is_off,
        begins: sequence.triggers.iter().map(begins).collect(),
        ends_on_reply: sequence.ends_on_reply,
        steps: steps.collect(),
    }
}

fn begins(trigger: &Trigger) -> Begins {
    let by = |by: &str| Begins { by: by.to_owned(), name: None, after_ms: None };
    let named = |of: &str, name: &str| Begins { name: Some(name.to_owned()), ..by(of) };
    match trigger {
        Trigger::Manual => by("manual"),
        Trigger::Appointment(act) => named(
            "appointment",
            match act {
                Act::Moved => "moved",
                Act::Missed => "missed",
                Act::Done => "done",
                _ => "booked",
            },
        ),
        Trigger::Form(form) => named("form", form),
        Trigger::Tag(tag) => named("tag", tag),
        Trigger::HandoffMissed => by("handoff_missed"),
        Trigger::Silence { for_ms } => Begins { after_ms: Some(*for_ms), ..by("silence") },
    }
}

fn until(when: When) -> StepDoes {
    let (moment, ms) = match when {
        When::Before(ms) => ("before", ms),
        When::After(ms) => ("after", ms),
        When::OnTheDay(minute) => ("on_the_day", i64::from(minute) * MINUTE_MS),
    };
    StepDoes::WaitUntil { moment: moment.to_owned(), ms }
}

fn asks(question: Question) -> StepDoes {
    let (asks, channel) = match question {
        Question::Replied => ("replied", None),
        Question::Prefers(channel) => ("prefers", Some(channel)),
        Question::Consents(channel, _) => ("consents", Some(channel)),
    };
    StepDoes::Branch { asks: asks.to_owned(), channel }
}

/// How the words begin: those for every language, else those of the first one.
fn excerpt(words: &Words) -> Option<String> {
    let Words::Written { text, .. } = words else { return None };
    let text = text.get("").or_else(|| text.values().next())?;
    Some(shorten(&one_line(text), EXCERPT_CHARS))
}
