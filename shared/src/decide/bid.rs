//! What else is to be said to a contact unasked: the rivals of a message, and what can go together with it.

use super::{About, Known, Motive, Plan, Snapshot, sequence};
use crate::{
    appointment::Appointment,
    channel::Channel,
    conversation::Conversation,
    ctx::Ctx,
    delivery::{Billed, Purpose},
    event::Message,
    gate::{Bid, Case, judge},
    phrases,
    planned::{AppointmentAt, Planned},
    sequence::{
        Send, Sequence,
        run::Run,
        words::{self, Words},
    },
    time::{MINUTE_MS, Timestamp},
    wire::Speaker,
};

/// What waits to be said to a contact unasked, over everything that goes on in their conversation.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// The runs that go on.
    pub runs: Vec<Run>,
    /// The planned messages that wait.
    pub planned: Vec<Planned>,
    /// The appointments they are about.
    pub appointments: Vec<Appointment>,
}

impl Waiting {
    fn appointment(&self, about: Option<&AppointmentAt>) -> Option<&Appointment> {
        self.appointments.iter().find(|known| Some(&known.id) == about.map(|about| &about.id))
    }
}

/// Everything else that is to be said, as the gates weigh it. What has become pointless bids nothing.
pub(super) fn rivals(snapshot: &Snapshot<'_>, now: Timestamp) -> Vec<Bid> {
    let Some(conversation) = &snapshot.conversation else { return Vec::new() };
    let waiting = &snapshot.waiting;
    let own = snapshot.planned.as_ref().map(|planned| &planned.id);
    let planned = waiting.planned.iter().filter(|planned| Some(&planned.id) != own).filter_map(|planned| {
        let unless = &planned.body.unless;
        let appointment = waiting.appointment(unless.appointment.as_ref());
        let stands = unless.pointless(conversation, appointment, now).is_none();
        stands.then(|| Bid {
            at: planned.due_at,
            purpose: planned.body.purpose,
            priority: 0,
            topic: planned.body.topic.clone(),
            of: planned.body.speaker.clone(),
        })
    });
    let runs = others(snapshot, conversation, now).map(|Other { run, sequence, place, at, send }| Bid {
        at,
        purpose: send.purpose,
        priority: sequence.priority,
        topic: Some(sequence::topic_of(sequence, run, &sequence.steps[place].id, send)),
        of: sequence.name.clone(),
    });
    planned.chain(runs).collect()
}

/// Another run, and what it says next.
pub(super) struct Other<'a> {
    pub(super) run: &'a Run,
    pub(super) sequence: &'a Sequence,
    pub(super) place: usize,
    pub(super) at: Timestamp,
    pub(super) send: &'a Send,
}

/// The other runs that say something next. One that waits for silence has not begun.
fn others<'a>(
    snapshot: &'a Snapshot<'_>,
    conversation: &'a Conversation,
    now: Timestamp,
) -> impl Iterator<Item = Other<'a>> {
    let own = snapshot.runs.first().filter(|_| snapshot.planned.is_none()).map(|run| &run.key);
    let runs = snapshot.waiting.runs.iter().filter(move |run| Some(&run.key) != own);
    runs.filter(|run| run.is_running && run.body.silence_ms.is_none()).filter_map(move |run| {
        let sequence = snapshot.site.sequence(&run.key.sequence)?;
        let appointment = snapshot.waiting.appointment(run.body.appointment.as_ref());
        if run.pointless(sequence, conversation, appointment, now).is_some() {
            return None;
        }
        let place = sequence.place_of(&run.step)?;
        let (place, at, send) = sequence::next_said(snapshot, sequence, run, place, now)?;
        Some(Other { run, sequence, place, at, send })
    })
}

/// What is due at about the same time as a step of a run, and could go with it in one message: for the same purpose, in
/// the owner's words, and made pointless by nothing that does not make the step itself pointless.
pub(super) fn companions<'a>(
    snapshot: &'a Snapshot<'_>,
    (sequence, run, send): (&Sequence, &Run, &Send),
    now: Timestamp,
) -> Vec<Other<'a>> {
    let Some(conversation) = &snapshot.conversation else { return Vec::new() };
    if !matches!(send.purpose, Purpose::Reminder | Purpose::Marketing) {
        return Vec::new();
    }
    let until = now.plus_ms(i64::from(snapshot.site.policy.together_within_min) * MINUTE_MS);
    let goes = |other: &Other<'_>| {
        let about = other.run.body.appointment.as_ref();
        other.at <= until
            && other.send.purpose == send.purpose
            && other.send.not_after.is_none()
            && matches!(other.send.words, Words::Written { .. })
            && (!other.sequence.ends_on_reply || sequence.ends_on_reply)
            && (!other.sequence.ends_on_resolve || sequence.ends_on_resolve)
            && (about.is_none() || about == run.body.appointment.as_ref())
    };
    others(snapshot, conversation, now).filter(goes).collect()
}

/// Those of the companions that may go to an address with a text, and the text with theirs.
pub(super) fn together<'c, 'a>(
    snapshot: &Snapshot<'_>,
    companions: &'c [Other<'a>],
    (to, channel): (&Known, Channel),
    mut text: String,
    now: Timestamp,
) -> (String, Vec<&'c Other<'a>>) {
    let (Some(conversation), Some(contact)) = (&snapshot.conversation, &snapshot.contact) else {
        return (text, Vec::new());
    };
    let site = snapshot.site;
    let lang = phrases::Lang::of(contact.locale.as_deref().unwrap_or(&site.locale));
    let mut along = Vec::new();
    for other in companions {
        let Other { run, sequence, place, send, .. } = other;
        if !(send.among.is_empty() || send.among.contains(&channel)) {
            continue;
        }
        let name = snapshot.name_on(channel, &to.address);
        let about = words::About { site, lang, name, appointment: None };
        let (more, _) = send.words.of(channel, &about);
        let longer = format!("{text}\n\n{more}");
        let as_text = format!("{}: {longer} {}", site.name, phrases::lines::how_to_stop(lang));
        if channel == Channel::Sms && Billed::of(&as_text).segments > site.policy.max_segments {
            continue;
        }
        let motive = Motive {
            purpose: send.purpose,
            topic: Some(sequence::topic_of(sequence, run, &sequence.steps[*place].id, send)),
            speaker: Speaker::Sequence(sequence.name.clone()),
            priority: sequence.priority,
        };
        let time_zone = contact.time_zone.as_deref();
        let message = Message { text: as_text, ..Message::default() };
        let case = About { now, site, conversation, time_zone }.case(to, channel, &motive, &message);
        if judge(&site.policy, case).held().is_none() {
            text = longer;
            along.push(other);
        }
    }
    (text, along)
}

impl Plan<'_> {
    /// What the gates are shown besides of something that nobody asked for just now.
    pub(super) fn unasked(&self, ctx: &Ctx, case: Case) -> Case {
        let is_merged = self.conversation.contact != self.contact.id;
        Case {
            is_merged,
            preference: self.preference(ctx.now),
            rivals: rivals(self.snapshot, ctx.now),
            ..case
        }
    }
}
