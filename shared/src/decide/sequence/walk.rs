//! The way through a sequence up to the next thing to be said or waited for. Every step leads to a later one, so it ends.

use super::zone_of;
use crate::{
    decide::{About, Motive, Snapshot},
    event::Message,
    gate,
    sequence::{Does, Question, Send, Sequence, run::Run},
    time::Timestamp,
    wire::Speaker,
};

/// What comes next.
pub(super) enum Next<'a> {
    /// The step at this place is to be said.
    Say(usize, &'a Send),
    /// The step at this place comes then.
    Wait(usize, Timestamp),
    /// The step at this place calls this member of the team in.
    Assign(usize, &'a str),
    /// Nothing, for this reason.
    End(String),
}

/// Walks from a place on.
pub(super) fn walk<'a>(
    snapshot: &Snapshot<'_>,
    sequence: &'a Sequence,
    run: &Run,
    from: usize,
    now: Timestamp,
) -> Next<'a> {
    let mut place = from;
    while let Some(step) = sequence.steps.get(place) {
        let until = match &step.does {
            Does::Send(_) if run.has_done(&step.id) => {
                place += 1;
                continue;
            }
            Does::Send(send) => return Next::Say(place, send),
            Does::Assign(member) => return Next::Assign(place, member),
            Does::Stop(why) => return Next::End(format!("sequence.stop: {why}")),
            Does::Wait(ms) => now.plus_ms(*ms),
            Does::WaitUntil { when, if_passed } => {
                let named = snapshot.calendar.named.as_ref();
                let then = named.map(|named| when.of(named, zone_of(snapshot.site, &named.resource)));
                let Some(then) = then.filter(|then| *then > now) else {
                    place = *if_passed;
                    continue;
                };
                then
            }
            Does::Branch { on, then, otherwise } => {
                place = if is_so(snapshot, run, *on, now) { *then } else { *otherwise };
                continue;
            }
        };
        if place + 1 < sequence.steps.len() {
            return Next::Wait(place + 1, until);
        }
        place += 1;
    }
    Next::End("sequence.done".into())
}

/// The step that a run says next, as far as that is known today: where it stands, and when it is due.
pub(in crate::decide) fn next_said<'a>(
    snapshot: &Snapshot<'_>,
    sequence: &'a Sequence,
    run: &Run,
    from: usize,
    now: Timestamp,
) -> Option<(usize, Timestamp, &'a Send)> {
    let (mut place, mut at) = (from, run.due_at);
    loop {
        let step = sequence.steps.get(place)?;
        match &step.does {
            Does::Send(_) if run.has_done(&step.id) => place += 1,
            Does::Send(send) => return Some((place, at, send)),
            Does::Wait(ms) => (place, at) = (place + 1, at.plus_ms(*ms)),
            Does::Branch { on, then, otherwise } => {
                place = if is_so(snapshot, run, *on, now) { *then } else { *otherwise };
            }
            _ => return None,
        }
    }
}

fn is_so(snapshot: &Snapshot<'_>, run: &Run, on: Question, now: Timestamp) -> bool {
    let conversation = snapshot.conversation.as_ref();
    match on {
        Question::Replied => conversation
            .and_then(|conversation| conversation.heard_at)
            .is_some_and(|heard| heard > run.body.heard_after),
        Question::Prefers(channel) => {
            let said = snapshot.facts.iter().rfind(|said| said.fact.key == "preference");
            said.is_some_and(|said| said.fact.value == channel.as_str())
        }
        Question::Consents(channel, purpose) => conversation.is_some_and(|conversation| {
            let about = About { now, site: snapshot.site, conversation, time_zone: None };
            let speaker = Speaker::Sequence(String::new());
            let motive = Motive { purpose, topic: None, speaker, priority: 0 };
            snapshot.addresses.iter().any(|known| {
                let fits = known.address.kind == crate::contact::AddressKind::of(channel);
                let case = fits.then(|| about.case(known, channel, &motive, &Message::default()));
                case.is_some_and(|case| gate::agrees(&snapshot.site.policy, &case))
            })
        }),
    }
}
