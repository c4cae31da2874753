//! What puts a contact into a sequence: the team, an appointment, an answer that is followed by silence.

use super::{
    super::{Change, Decision, Plan, Snapshot},
    steps,
};
use crate::{
    appointment::{Act, Appointment},
    channel::Channel,
    command::{Answer, Begin},
    conversation::Conversation,
    ctx::Ctx,
    delivery::Purpose,
    error::Rejection,
    planned::AppointmentAt,
    sequence::{
        ANY_FORM, Does, Sequence, Trigger,
        run::{self, Run, RunBody, RunKey},
    },
    site::Site,
    time::Timestamp,
};

/// The team puts a contact into a sequence.
pub(in crate::decide) fn begin(
    snapshot: &Snapshot<'_>,
    begin: &Begin,
    ctx: &Ctx,
) -> Result<Decision, Rejection> {
    let Some(conversation) = &snapshot.conversation else {
        return Err(Rejection::new(404, "unknown_conversation", "No conversation has this id."));
    };
    let Some(sequence) = snapshot.site.sequence(&begin.sequence) else {
        return Err(Rejection::new(404, "unknown_sequence", "The site has no sequence of this id."));
    };
    let named = snapshot.calendar.named.as_ref();
    let own = snapshot.contact.as_ref().map(|contact| &contact.id);
    let appointment = named.filter(|named| Some(&named.contact) == own);
    if begin.appointment.is_some() && appointment.is_none() {
        let text = "The contact has no appointment of this id.";
        return Err(Rejection::new(404, "unknown_appointment", text));
    }
    if sequence.is_about_appointments() && appointment.is_none() {
        let text = "This sequence is about an appointment: name one of the contact's.";
        return Err(Rejection::new(400, "needs_appointment", text));
    }
    let appointment = appointment.filter(|_| sequence.is_about_appointments());
    let key = key_of(sequence, conversation, appointment);
    let is_live = |run: &&Run| {
        let same = (&run.key.sequence, &run.key.about) == (&key.sequence, &key.about);
        // One that waits for silence has not begun.
        let live = run.is_running && run.body.silence_ms.is_none();
        same && live && run.pointless(sequence, conversation, appointment, ctx.now).is_none()
    };
    if snapshot.runs.iter().any(|run| is_live(&run)) {
        let text = "The contact is in this sequence already. Take them out of it first.";
        return Err(Rejection::new(409, "already_running", text));
    }
    let heard_after = conversation.heard_at.unwrap_or(ctx.now);
    let before = snapshot.runs.iter().find(|run| run.key == key);
    let run = begun(sequence, key, appointment.map(as_it_is), before, (ctx.now, heard_after));
    let effects = vec![steps(snapshot.site, &run)];
    Ok(Decision { changes: vec![Change::PutRun(run)], effects, ..Decision::default() })
}

/// Something happened to an appointment: what it begins. Each is of this one state of it. Who has just read of it on
/// `told_on` is not told there again.
pub(in crate::decide) fn on_appointment(
    plan: &mut Plan<'_>,
    ctx: &Ctx,
    next: &Appointment,
    act: Act,
    told_on: Option<Channel>,
) {
    let site = plan.snapshot.site;
    for sequence in site.sequences.iter().filter(|sequence| sequence.begins_on(act)) {
        let key = key_of(sequence, &plan.conversation, Some(next));
        // Whoever asked for it is heard with it, in the same batch.
        let heard = plan.conversation.heard_at.map_or(ctx.now, |at| ctx.now.max(at.plus_ms(1)));
        let mut run = begun(sequence, key, Some(as_it_is(next)), None, (ctx.now, heard));
        run.body.told_on = told_on;
        plan.effect(steps(site, &run));
        plan.change(Change::PutRun(run));
    }
}

/// The assistant has answered: what begins if the contact stays silent. Written once, not with every answer: when it is
/// due, it is counted from what the contact did last. Who gave no address on this line cannot be reached later.
pub(in crate::decide) fn on_answer(plan: &mut Plan<'_>, ctx: &Ctx, answer: &Answer) {
    let site = plan.snapshot.site;
    if answer.channel == Channel::Widget && plan.conversation.typed.is_empty() {
        return;
    }
    for sequence in &site.sequences {
        let Some(silence_ms) = sequence.silence_ms() else { continue };
        let key = key_of(sequence, &plan.conversation, None);
        let before = plan.snapshot.runs.iter().find(|run| run.key == key);
        let again = before.is_none_or(|run| {
            let over = run.pointless(sequence, &plan.conversation, None, ctx.now).is_some();
            // One that never came to its first step counts for nothing.
            let idle = run.body.silence_ms.is_some() || run.body.done.is_empty();
            let long_ago = ctx.now.since_ms(run.body.began_at) >= sequence.again_after_ms;
            (!run.is_running || over) && (idle || long_ago)
        });
        if again {
            let mut run = begun(sequence, key, None, before, (ctx.now, ctx.now));
            run.body.silence_ms = Some(silence_ms);
            run.due_at = ctx.now.plus_ms(silence_ms);
            plan.effect(steps(site, &run));
            plan.change(Change::PutRun(run));
        }
    }
}

/// A promise was missed: what begins for whoever waits.
pub(in crate::decide) fn on_missed(plan: &mut Plan<'_>, ctx: &Ctx) {
    begin_all(plan, ctx, |trigger| *trigger == Trigger::HandoffMissed);
}

/// A tag was put on the contact.
pub(in crate::decide) fn on_tag(plan: &mut Plan<'_>, ctx: &Ctx, tag: &str) {
    begin_all(plan, ctx, |trigger| matches!(trigger, Trigger::Tag(name) if name == tag));
}

/// A form was filled in: what follows up on it. `form` is its name on the page.
pub(in crate::decide) fn on_form(plan: &mut Plan<'_>, ctx: &Ctx, form: &str) {
    begin_all(
        plan,
        ctx,
        |trigger| matches!(trigger, Trigger::Form(name) if name == form || name == ANY_FORM),
    );
}

/// Begins every sequence that one of these triggers begins; who is in one, or was a short while ago, stays as they are.
fn begin_all(plan: &mut Plan<'_>, ctx: &Ctx, is_met: impl Fn(&Trigger) -> bool) {
    let site = plan.snapshot.site;
    let begins = |sequence: &&Sequence| !sequence.is_off && sequence.triggers.iter().any(&is_met);
    for sequence in site.sequences.iter().filter(begins) {
        let key = key_of(sequence, &plan.conversation, None);
        let before = plan.snapshot.runs.iter().find(|run| run.key == key);
        let again = before.is_none_or(|run| {
            let over = run.pointless(sequence, &plan.conversation, None, ctx.now).is_some();
            (!run.is_running || over) && ctx.now.since_ms(run.body.began_at) >= sequence.again_after_ms
        });
        if again {
            let heard = plan.conversation.heard_at.unwrap_or(ctx.now);
            let run = begun(sequence, key, None, before, (ctx.now, heard));
            plan.effect(steps(site, &run));
            plan.change(Change::PutRun(run));
        }
    }
}

/// Whether a sequence tells a contact that an appointment is booked or moved: it takes the place of the product's own
/// confirmation and reminder.
pub(in crate::decide) fn tells_of(site: &Site, act: Act) -> bool {
    let tells = |does: &Does| matches!(does, Does::Send(send) if send.purpose == Purpose::Transactional);
    let begun = site.sequences.iter().filter(|sequence| sequence.begins_on(act));
    matches!(act, Act::Booked | Act::Moved) && begun.flat_map(|it| &it.steps).any(|step| tells(&step.does))
}

fn key_of(sequence: &Sequence, conversation: &Conversation, appointment: Option<&Appointment>) -> RunKey {
    let about = run::about(appointment.map(as_it_is).as_ref());
    RunKey { conversation: conversation.id.clone(), sequence: sequence.id.clone(), about }
}

fn as_it_is(appointment: &Appointment) -> AppointmentAt {
    let Appointment { id, sequence, state, .. } = appointment;
    AppointmentAt { id: id.clone(), sequence: *sequence, state: *state }
}

fn begun(
    sequence: &Sequence,
    key: RunKey,
    appointment: Option<AppointmentAt>,
    before: Option<&Run>,
    (now, heard_after): (Timestamp, Timestamp),
) -> Run {
    Run {
        key,
        version: before.map_or(0, |before| before.version) + 1,
        step: sequence.steps.first().map_or_else(String::new, |first| first.id.clone()),
        due_at: now,
        is_running: true,
        reason: None,
        body: RunBody {
            began_at: now,
            heard_after,
            silence_ms: None,
            appointment,
            told_on: None,
            done: Vec::new(),
        },
    }
}
