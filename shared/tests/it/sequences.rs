//! Sequences: what a contact is sent over days, step by step, and everything that ends it.

mod appointments;
mod bids;
mod files;
mod orders;
mod schema;
mod simulation;
mod written;

use shared::{
    channel::Channel,
    command::{Command, WorkAct},
    consent::{Action, Basis, ConsentBody, ConsentEntry, Level},
    contact::Address,
    delivery::Purpose,
    flow::{self, FlowError, import::SequenceFile, planned::load_ahead},
    id::{ConsentId, EventId, PlannedId},
    sequence::run::Run,
    store::{consents, runs, sandbox::SandboxMessage, sqlite::Break},
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
};

use crate::{
    work::does,
    world::{World, mailbox, now, outside::Failing, phone},
};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

const COLD_LEAD: (&str, &str) =
    ("cold-lead.toml", include_str!("../../../examples/site/sequences/cold-lead.toml"));
const APPOINTMENT: (&str, &str) =
    ("appointment.toml", include_str!("../../../examples/site/sequences/appointment.toml"));
const MISSED: (&str, &str) =
    ("missed-appointment.toml", include_str!("../../../examples/site/sequences/missed-appointment.toml"));
const REVIEW: (&str, &str) =
    ("review-request.toml", include_str!("../../../examples/site/sequences/review-request.toml"));
const LATE: (&str, &str) =
    ("handoff-promise.toml", include_str!("../../../examples/site/sequences/handoff-promise.toml"));
const FORM: (&str, &str) =
    ("form-follow-up.toml", include_str!("../../../examples/site/sequences/form-follow-up.toml"));
const DEMO: [(&str, &str); 6] = [APPOINTMENT, COLD_LEAD, FORM, LATE, MISSED, REVIEW];

/// Reminders by text only, on two days, whatever the contact does.
const NUDGES: (&str, &str) = (
    "nudges.toml",
    r#"
name = "Nudges"
purpose = "reminder"
trigger = "manual"
ends_on_reply = false

[[step]]
send = "sms"
text = "First nudge for {name|you}"

[[step]]
wait = "2 days"

[[step]]
branch = "replied"
then = "thanks"

[[step]]
send = "sms"
text = "Second nudge"

[[step]]
stop = "nudged"

[[step]]
id = "thanks"
send = "email"
subject = "Thanks"
text = "Thanks for your answer"
"#,
);

/// Maria, who the shop knows by number and mailbox, has asked by text and by email and was answered.
fn with_maria(seed: u64, files: &[(&str, &str)]) -> World {
    let mut world = World::with_sequences(seed, &["prices.md"], files);
    world.texts(MARIA, "How much is a full service?");
    world.advance(MINUTE_MS);
    world.mails(MAILBOX, "Prices", "How much is a puncture repair?", None);
    world.advance(MINUTE_MS);
    assert_eq!(world.contact(&phone(MARIA)), world.contact(&mailbox(MAILBOX)), "one person");
    world
}

/// Agrees to be written to; to marketing as strongly as there is.
fn agrees(world: &mut World, address: &Address, channel: Channel, purpose: Option<Purpose>) {
    let site = world.site.id.clone();
    let contact = world.contact(address).unwrap();
    let event = EventId::mint(&mut world.ctx);
    let steps: &[(Action, Level)] = match purpose {
        None => &[(Action::Grant, Level::Express)],
        Some(_) => &[(Action::Grant, Level::ExpressWritten), (Action::Confirm, Level::Express)],
    };
    for (action, level) in steps {
        let chain = consents::decode_chain(world.db.run(&consents::chain(&site, address)).unwrap()).unwrap();
        let body = ConsentBody {
            purpose,
            level: *level,
            ..ConsentBody::of(channel, *action, Basis::Card, "I agree", &event)
        };
        let (id, at) = (ConsentId::mint(&mut world.ctx), world.ctx.now);
        let entry = ConsentEntry::after(&chain, (&site, address), id, contact.clone(), at, body);
        world.db.run(&consents::add(&site, address, &entry)).unwrap();
    }
}

/// The same with everything agreed to.
fn with_willing_maria(seed: u64, files: &[(&str, &str)]) -> World {
    let mut world = with_maria(seed, files);
    for (address, channel) in [(phone(MARIA), Channel::Sms), (mailbox(MAILBOX), Channel::Email)] {
        agrees(&mut world, &address, channel, None);
        agrees(&mut world, &address, channel, Some(Purpose::Marketing));
    }
    world
}

fn begins(world: &mut World, sequence: &str) -> Result<(), FlowError> {
    let contact = world.contact(&phone(MARIA)).unwrap();
    let mut ctx = world.ctx.clone();
    let begun = now(flow::sequences::begin(world.scope(), &mut ctx, &contact, sequence, None));
    world.ctx = ctx;
    begun.map(|handled| world.note(handled.effects))
}

fn stops(world: &mut World, sequence: &str) -> Result<(), FlowError> {
    let contact = world.contact(&phone(MARIA)).unwrap();
    let mut ctx = world.ctx.clone();
    let stopped = now(flow::sequences::stop(world.scope(), &mut ctx, &contact, sequence));
    world.ctx = ctx;
    stopped
}

fn skips(world: &mut World, sequence: &str, step: &str) -> Result<(), FlowError> {
    let contact = world.contact(&phone(MARIA)).unwrap();
    let mut ctx = world.ctx.clone();
    let skipped = now(flow::sequences::skip(world.scope(), &mut ctx, &contact, (sequence, step)));
    world.ctx = ctx;
    skipped
}

fn calls_off(world: &mut World, planned: &PlannedId) -> Result<(), FlowError> {
    let mut ctx = world.ctx.clone();
    let called = now(flow::handle(world.scope(), &mut ctx, &Command::CancelPlanned(planned.clone())));
    world.ctx = ctx;
    called.map(|handled| world.note(handled.effects))
}

fn run_of(world: &World, sequence: &str) -> Option<Run> {
    let contact = world.contact(&phone(MARIA)).unwrap();
    let found = world.db.run(&runs::of_contact(&world.site.id, &contact, 100)).unwrap();
    runs::decode(found).unwrap().into_iter().find(|run| run.key.sequence == sequence)
}

/// Why a run ended; nothing while it goes on.
fn end_of(world: &World, sequence: &str) -> Option<String> {
    run_of(world, sequence).filter(|run| !run.is_running)?.reason
}

/// What became of a run's steps.
fn outcomes(world: &World, sequence: &str) -> Vec<(String, String)> {
    let run = run_of(world, sequence).expect("a run");
    run.body.done.into_iter().map(|done| (done.step, done.outcome)).collect()
}

fn got(world: &World, address: &str, words: &str) -> Vec<SandboxMessage> {
    let mut messages = world.taken_for(address);
    messages.retain(|message| message.text.contains(words));
    messages
}

fn code(refused: Result<(), FlowError>) -> &'static str {
    match refused {
        Err(FlowError::Rejected(why)) => why.code,
        other => panic!("{other:?}"),
    }
}

fn pairs(outcomes: &[(&str, &str)]) -> Vec<(String, String)> {
    outcomes.iter().map(|(step, outcome)| ((*step).to_owned(), (*outcome).to_owned())).collect()
}

#[test]
fn a_cold_lead_gets_an_email_after_seven_days_and_a_text_three_days_later() {
    let mut world = with_willing_maria(301, &DEMO);
    let asked_at = world.ctx.now;
    world.advance(7 * DAY_MS - HOUR_MS);
    assert!(got(&world, MAILBOX, "last week").is_empty(), "not before its time");
    world.advance(2 * HOUR_MS);
    let mails = got(&world, MAILBOX, "last week");
    assert_eq!(mails.len(), 1, "{:#?}", world.taken_for(MAILBOX));
    assert!(mails[0].text.starts_with("Hi Maria"), "{}", mails[0].text);
    assert!(mails[0].text.contains("https://larkspur.example/book"));
    assert!(got(&world, MARIA, "still need help").is_empty());
    world.advance(3 * DAY_MS);
    let texts = got(&world, MARIA, "still need help");
    assert_eq!(texts.len(), 1, "{:#?}", world.taken_for(MARIA));
    assert!(texts[0].text.ends_with("Reply STOP to end."), "{}", texts[0].text);
    assert!(texts[0].at_ms.since_ms(asked_at) >= 10 * DAY_MS - MINUTE_MS);
    assert_eq!(end_of(&world, "cold-lead").as_deref(), Some("sequence.done"));
    assert_eq!(outcomes(&world, "cold-lead"), pairs(&[("email", "said"), ("text", "said")]));
    world.advance(20 * DAY_MS);
    assert_eq!(got(&world, MAILBOX, "last week").len(), 1, "once");
}

#[test]
fn a_marketing_sequence_never_sends_without_consent_to_marketing() {
    let mut world = with_maria(302, &DEMO);
    for (address, channel) in [(phone(MARIA), Channel::Sms), (mailbox(MAILBOX), Channel::Email)] {
        agrees(&mut world, &address, channel, None);
    }
    world.advance(12 * DAY_MS);
    assert!(got(&world, MAILBOX, "last week").is_empty() && got(&world, MARIA, "still need").is_empty());
    let held = [("email", "consent.missing"), ("text", "consent.missing")];
    assert_eq!(outcomes(&world, "cold-lead"), pairs(&held));
    assert_eq!(end_of(&world, "cold-lead").as_deref(), Some("sequence.done"));
}

#[test]
fn a_reply_on_any_channel_at_any_point_ends_it() {
    for (seed, days, by_mail) in
        [(303, 0, false), (304, 6, true), (305, 8, false), (306, 9, true), (307, 9, false)]
    {
        let mut world = with_willing_maria(seed, &[COLD_LEAD]);
        world.advance(days * DAY_MS);
        let before = got(&world, MAILBOX, "last week").len();
        assert_eq!(before, usize::from(days > 7));
        if by_mail {
            world.mails(MAILBOX, "Bike", "How much is a puncture repair?", None);
        } else {
            world.texts(MARIA, "How much is a puncture repair?");
        }
        world.advance(6 * DAY_MS);
        assert_eq!(got(&world, MAILBOX, "last week").len(), before, "{seed}");
        assert!(got(&world, MARIA, "still need help").is_empty(), "{seed}");
        if days > 7 {
            assert_eq!(end_of(&world, "cold-lead").as_deref(), Some("planned.heard"), "{seed}");
        }
        world.advance(20 * DAY_MS);
        // Silence is counted anew, but who was in it is left alone for a month.
        assert_eq!(got(&world, MAILBOX, "last week").len(), 1, "{seed}");
    }
}

#[test]
fn a_reply_after_the_decision_and_before_the_send_withdraws_it() {
    let mut world = with_willing_maria(308, &[COLD_LEAD]);
    world.advance(7 * DAY_MS - 2 * MINUTE_MS);
    world.outside.failures.borrow_mut().extend([Failing::Unreachable; 9]);
    while run_of(&world, "cold-lead").unwrap().body.done.is_empty() {
        world.advance(MINUTE_MS / 4);
    }
    assert!(got(&world, MAILBOX, "last week").is_empty(), "decided, and the provider cannot be reached");
    world.outside.failures.borrow_mut().clear();
    world.texts(MARIA, "How much is a puncture repair?");
    world.advance(6 * DAY_MS);
    assert!(got(&world, MAILBOX, "last week").is_empty() && got(&world, MARIA, "still need").is_empty());
}

#[test]
fn the_team_begins_and_stops_a_sequence_and_a_stop_withdraws_what_waits() {
    let mut world = with_willing_maria(309, &[NUDGES]);
    assert_eq!(code(begins(&mut world, "moon")), "unknown_sequence");
    assert_eq!(code(stops(&mut world, "nudges")), "not_running");
    world.outside.failures.borrow_mut().push_back(Failing::Unreachable);
    begins(&mut world, "nudges").unwrap();
    assert_eq!(code(begins(&mut world, "nudges")), "already_running");
    world.settle();
    assert_eq!(outcomes(&world, "nudges"), pairs(&[("1", "said")]));
    stops(&mut world, "nudges").unwrap();
    assert_eq!(code(stops(&mut world, "nudges")), "not_running");
    world.advance(5 * DAY_MS);
    assert!(got(&world, MARIA, "nudge").is_empty(), "{:#?}", world.taken_for(MARIA));
    assert_eq!(end_of(&world, "nudges").as_deref(), Some("sequence.stopped"));
    // And anew.
    begins(&mut world, "nudges").unwrap();
    world.advance(HOUR_MS);
    assert_eq!(got(&world, MARIA, "First nudge for Maria").len(), 1);
}

#[test]
fn a_branch_asks_what_has_happened_by_then() {
    for (seed, replies) in [(310, false), (311, true)] {
        let mut world = with_willing_maria(seed, &[NUDGES]);
        begins(&mut world, "nudges").unwrap();
        world.advance(DAY_MS);
        if replies {
            world.texts(MARIA, "How much is a puncture repair?");
        }
        world.advance(2 * DAY_MS);
        let (second, thanks) = (got(&world, MARIA, "Second"), got(&world, MAILBOX, "Thanks for your"));
        assert_eq!((second.len(), thanks.len()), if replies { (0, 1) } else { (1, 0) });
        let end = if replies { "sequence.done" } else { "sequence.stop: nudged" };
        assert_eq!(end_of(&world, "nudges").as_deref(), Some(end));
    }
}

#[test]
fn an_opt_out_ends_its_text_steps_with_a_reason_that_can_be_seen() {
    let mut world = with_willing_maria(312, &[NUDGES]);
    begins(&mut world, "nudges").unwrap();
    world.advance(MINUTE_MS);
    world.texts(MARIA, "STOP");
    world.advance(3 * DAY_MS);
    assert!(got(&world, MARIA, "Second").is_empty());
    assert_eq!(
        outcomes(&world, "nudges"),
        pairs(&[("1", "said"), ("thanks", "said")]),
        "it counts as a reply"
    );

    let text = NUDGES.1.replace("branch = \"replied\"\nthen = \"thanks\"", "wait = \"1 hour\"");
    let mut world = with_willing_maria(313, &[("nudges.toml", &text)]);
    begins(&mut world, "nudges").unwrap();
    world.advance(MINUTE_MS);
    world.texts(MARIA, "STOP");
    world.advance(3 * DAY_MS);
    assert!(got(&world, MARIA, "Second").is_empty());
    assert_eq!(outcomes(&world, "nudges"), pairs(&[("1", "said"), ("4", "revocation.opted_out")]));

    let text = NUDGES.1.replace("ends_on_reply = false\n", "");
    for (seed, words, reason) in
        [(343, "STOP", "revocation.opted_out"), (344, "How much is it?", "planned.heard")]
    {
        let mut world = with_willing_maria(seed, &[("nudges.toml", &text)]);
        begins(&mut world, "nudges").unwrap();
        world.advance(MINUTE_MS);
        world.texts(MARIA, words);
        world.advance(3 * DAY_MS);
        assert!(got(&world, MARIA, "Second").is_empty());
        assert_eq!(end_of(&world, "nudges").as_deref(), Some(reason), "{words}");
    }
}

#[test]
fn a_resolved_conversation_ends_what_runs_after_an_answer() {
    let chase = NUDGES.1.replace("ends_on_reply = false", "ends_on_resolve = true");
    for (seed, text, reason) in
        [(345, chase.as_str(), "planned.resolved"), (346, NUDGES.1, "sequence.stop: nudged")]
    {
        let mut world = with_willing_maria(seed, &[("nudges.toml", text)]);
        begins(&mut world, "nudges").unwrap();
        world.advance(MINUTE_MS);
        does(&mut world, &phone(MARIA), "Theo Lindqvist", WorkAct::Resolve).unwrap();
        world.advance(3 * DAY_MS);
        let second = usize::from(reason != "planned.resolved");
        assert_eq!(got(&world, MARIA, "Second").len(), second);
        assert_eq!(end_of(&world, "nudges").as_deref(), Some(reason));
    }
}

#[test]
fn a_step_is_left_out_and_the_sequence_goes_on() {
    let mut world = with_willing_maria(347, &[NUDGES]);
    begins(&mut world, "nudges").unwrap();
    world.advance(MINUTE_MS);
    assert_eq!(code(skips(&mut world, "moon", "4")), "not_running");
    assert_eq!(code(skips(&mut world, "nudges", "2")), "unknown_step");
    assert_eq!(code(skips(&mut world, "nudges", "1")), "step_over");
    let contact = world.contact(&phone(MARIA)).unwrap();
    let ahead = |world: &World| {
        let ahead = now(load_ahead(world.scope(), &world.ctx, &contact)).unwrap();
        ahead.into_iter().filter_map(|next| next.step).collect::<Vec<_>>()
    };
    assert_eq!(ahead(&world), ["4"]);
    skips(&mut world, "nudges", "4").unwrap();
    assert!(ahead(&world).is_empty());
    world.advance(3 * DAY_MS);
    assert!(got(&world, MARIA, "Second").is_empty());
    assert_eq!(outcomes(&world, "nudges"), pairs(&[("1", "said"), ("4", "sequence.skipped")]));
    assert_eq!(end_of(&world, "nudges").as_deref(), Some("sequence.stop: nudged"));
}

#[test]
fn what_waits_in_the_outbox_is_seen_ahead_and_called_off() {
    let mut world = with_willing_maria(348, &[NUDGES]);
    let contact = world.contact(&phone(MARIA)).unwrap();
    world.outside.failures.borrow_mut().push_back(Failing::Unreachable);
    begins(&mut world, "nudges").unwrap();
    world.settle();
    let ahead = now(load_ahead(world.scope(), &world.ctx, &contact)).unwrap();
    let waits =
        ahead.iter().find(|next| next.text.contains("First nudge")).expect("it waits for another try");
    assert_eq!((waits.channel, waits.due_at > world.ctx.now), (Some(Channel::Sms), true), "{waits:?}");
    let id = waits.id.clone().unwrap();
    calls_off(&mut world, &id).unwrap();
    world.advance(DAY_MS);
    assert!(got(&world, MARIA, "nudge").is_empty());
    assert_eq!(code(calls_off(&mut world, &id)), "not_waiting");
}

#[test]
fn what_comes_is_seen_ahead_and_can_be_tried_without_sending() {
    let mut world = with_willing_maria(314, &[NUDGES]);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let before = world.ctx.now;
    let dry = now(flow::sequences::dry_run(world.scope(), &world.ctx, &contact, "nudges", None)).unwrap();
    let said: Vec<_> =
        dry.steps.iter().map(|it| (it.step.as_str(), it.channel, it.outcome.as_str())).collect();
    assert_eq!(said, [("1", Some(Channel::Sms), "allow"), ("4", Some(Channel::Sms), "allow")]);
    assert!(dry.steps[0].text.contains("First nudge for Maria"), "{dry:#?}");
    assert_eq!(dry.steps[1].at.since_ms(before), 2 * DAY_MS);
    assert_eq!(dry.ended.as_deref(), Some("sequence.stop: nudged"));
    assert!(run_of(&world, "nudges").is_none(), "nothing is written");

    begins(&mut world, "nudges").unwrap();
    world.advance(HOUR_MS);
    let ahead = now(load_ahead(world.scope(), &world.ctx, &contact)).unwrap();
    assert_eq!(ahead.len(), 1, "{ahead:#?}");
    assert_eq!((ahead[0].sequence.as_deref(), ahead[0].step.as_deref()), (Some("nudges"), Some("4")));
    assert_eq!((ahead[0].outcome.as_str(), ahead[0].channel), ("allow", Some(Channel::Sms)));
    world.texts(MARIA, "STOP");
    world.advance(MINUTE_MS);
    let ahead = now(load_ahead(world.scope(), &world.ctx, &contact)).unwrap();
    assert_eq!(ahead.iter().map(|next| next.step.as_deref()).collect::<Vec<_>>(), [Some("thanks")]);
}

#[test]
fn a_crash_at_any_point_of_a_step_says_it_once() {
    for point in 0..12 {
        for kind in [Break::Before, Break::After] {
            let mut world = with_willing_maria(315, &[NUDGES]);
            begins(&mut world, "nudges").unwrap();
            world.db.crash(point, kind);
            for _ in 0..75 {
                world.advance(HOUR_MS);
            }
            assert_eq!(got(&world, MARIA, "First nudge").len(), 1, "{point} {kind:?}");
            assert_eq!(got(&world, MARIA, "Second nudge").len(), 1, "{point} {kind:?}");
        }
    }
}

#[test]
fn a_step_that_was_taken_out_or_a_file_that_is_gone_ends_it() {
    let mut world = with_willing_maria(316, &[NUDGES]);
    begins(&mut world, "nudges").unwrap();
    world.advance(HOUR_MS);
    let mut sequence = world.site.sequences.remove(0);
    sequence.steps.truncate(2);
    world.site.sequences.push(sequence);
    world.advance(3 * DAY_MS);
    assert_eq!(end_of(&world, "nudges").as_deref(), Some("sequence.changed"));

    let mut world = with_willing_maria(317, &[NUDGES]);
    begins(&mut world, "nudges").unwrap();
    world.advance(HOUR_MS);
    let sequences = std::mem::take(&mut world.site.sequences);
    world.advance(2 * DAY_MS);
    assert_eq!(end_of(&world, "nudges").as_deref(), Some("sequence.gone"));
    assert!(got(&world, MARIA, "Second nudge").is_empty());

    // A process that has not heard of the import yet ends nothing.
    let mut world = with_willing_maria(321, &[NUDGES]);
    begins(&mut world, "nudges").unwrap();
    world.site.sequences.clear();
    world.advance(MINUTE_MS);
    world.site.sequences = sequences;
    world.advance(HOUR_MS);
    assert_eq!(got(&world, MARIA, "First nudge").len(), 1);
}

#[test]
fn two_at_the_same_step_at_once_say_it_once() {
    let mut world = with_willing_maria(318, &[NUDGES]);
    begins(&mut world, "nudges").unwrap();
    let key = run_of(&world, "nudges").unwrap().key;
    let command = Command::Step { run: key, present: Vec::new(), written: None };
    for _ in 0..3 {
        let mut ctx = world.ctx.clone();
        let handled = now(flow::handle(world.scope(), &mut ctx, &command)).unwrap();
        world.ctx = ctx;
        world.note(handled.effects);
    }
    world.advance(HOUR_MS);
    assert_eq!(got(&world, MARIA, "First nudge").len(), 1);
    // What was decided from an older version is refused.
    let run = run_of(&world, "nudges").unwrap();
    let stale = Run { version: run.version, ..run.clone() };
    assert!(world.db.run(&runs::put(&world.site.id, &stale, world.ctx.now)).is_err());
}

#[test]
fn due_steps_are_found_by_what_is_due() {
    let world = World::with_knowledge(319, &["prices.md"]);
    let plan = world.db.explain(runs::due(world.ctx.now, 10).sql).unwrap();
    assert_eq!(plan, ["SEARCH runs USING COVERING INDEX runs_due (due_at_ms<?)"]);
}

#[test]
fn a_file_that_is_wrong_is_refused_with_its_place_and_nothing_is_written() {
    let world = World::with_knowledge(320, &["prices.md"]);
    let import = |path: &str, text: &str| {
        let file = SequenceFile { path: path.into(), text: text.into() };
        let import = flow::import::Import {
            definition: world.site.clone(),
            knowledge: Vec::new(),
            sequences: vec![file],
        };
        let mut ctx = world.ctx.clone();
        now(flow::import::import(&world.db, &mut ctx, &import)).unwrap_err().to_string()
    };
    let wrong = NUDGES.1.replace("2 days", "two days");
    let told = import("nudges.toml", &wrong);
    assert_eq!(
        told,
        "sequence_bad_duration: sequences/nudges.toml:12:8: `two days` is no duration. Write `3 days`: minutes, hours, \
         days or weeks, at most 366 days."
    );
    assert!(import("Nudges.TOML", NUDGES.1).contains("file's name"));
    let kept = now(shared::store::sites::load_site(&world.db, &world.site.id)).unwrap().unwrap();
    assert!(kept.sequences.is_empty());
}
