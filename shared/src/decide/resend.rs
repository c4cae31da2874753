//! A member of the team sends what could not be delivered another way.
//!
//! It is a message of the member's own, with the same words, by the best way that the gates leave open; with it, what could not
//! be delivered is dealt with. What the gates hold back is told with its reason, and nothing is dealt with.

use super::{
    Change, Decision, Snapshot,
    planned::{Outcome, Unasked, say},
    promise, work,
};
use crate::{
    channel::Channel,
    command::ResendWish,
    ctx::Ctx,
    delivery::Purpose,
    error::Rejection,
    event::{Body, Message},
    wire::Speaker,
    work::WorkEvent,
};

pub(super) fn decide(
    snapshot: &Snapshot<'_>,
    wish: &ResendWish,
    ctx: &mut Ctx,
) -> Result<Decision, Rejection> {
    let (mut plan, member) = work::begin(snapshot, &wish.by)?;
    let nothing = || {
        let text = "Nothing of this contact's is waiting to be sent another way.";
        Rejection::new(409, "nothing_failed", text)
    };
    let (failed, event) = snapshot.failed.as_ref().ok_or_else(nothing)?;
    let message = event.message().ok_or_else(nothing)?;
    let among: Vec<Channel> = match wish.channel {
        Some(channel) => vec![channel],
        None => Channel::ALL.into_iter().filter(|channel| *channel != failed.channel).collect(),
    };
    let purpose = match failed.purpose {
        // It answers nothing on a line where nothing was asked.
        Purpose::Reply | Purpose::Move | Purpose::OptOutReply => Purpose::Transactional,
        other => other,
    };
    let unasked = Unasked {
        speaker: Speaker::Agent(member.clone()),
        purpose,
        topic: None,
        priority: 0,
        among: &among,
        about: None,
        words: &|_, channel| {
            let subject = message.subject.clone().filter(|_| channel == Channel::Email);
            let files = message.files.clone();
            Message { text: message.text.clone(), subject, files, ..Message::default() }
        },
    };
    let outcome = say(&mut plan, ctx, &unasked, &[]);
    if !matches!(outcome, Outcome::Said(_)) {
        let held = plan.judged_last().map_or_else(String::new, |detail| {
            format!("{} {} ({})", detail.why, detail.change, detail.outcome())
        });
        let mut decision = plan.finish();
        decision.refused = Some(Rejection::new(409, "held_back", held));
        return Ok(decision);
    }
    plan.change(Change::DealtWith(plan.conversation.id.clone()));
    if let Some((channel, address)) = promise::best_line(snapshot) {
        let told = Body::Work(WorkEvent::DealtWith {});
        plan.append(ctx, None, (channel, &address), Speaker::Agent(member), told);
    }
    Ok(plan.finish())
}
