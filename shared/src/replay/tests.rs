use super::*;
use crate::{
    consent::Standing,
    conversation::Spend,
    delivery::Purpose,
    gate::{
        Case,
        testing::{NOW, case},
    },
    policy::{Cap, Order},
    time::HOUR_MS,
    verdict::GateResult,
};

use Channel::{Email, Sms};

/// A reminder at noon that could go both ways, as the default policy decided it.
fn reminder(change: impl Fn(Case) -> Case) -> Entry {
    let cases = [Sms, Email].map(|channel| change(case(channel, Purpose::Reminder)));
    entry(select(&Policy::default(), cases.into(), &[], false).0)
}

fn entry(detail: Detail) -> Entry {
    let (id, conversation) = (VerdictId::parse("vrd_1").unwrap(), ConversationId::parse("cnv_1").unwrap());
    Entry { id, at: NOW, conversation, seq: None, detail }
}

fn log(entry: Entry) -> Log {
    let (site, contact) = (SiteId::parse("ste_1").unwrap(), ContactId::parse("ctc_1").unwrap());
    Log { format: FORMAT.into(), site, contact, at: NOW, policy: Policy::default(), verdicts: vec![entry] }
}

/// The default policy with email before texts.
fn mail_first() -> Policy {
    let order = vec![Order { purpose: Purpose::Reminder, channels: vec![Email, Sms] }];
    Policy { order, ..Policy::default() }
}

/// Both channels keep quiet hours until two in the afternoon.
fn late(policy: Policy) -> Policy {
    Policy { quiet_channels: vec![Sms, Email], hours: ("14:00".into(), "21:00".into()), ..policy }
}

#[test]
fn each_change_of_the_policy_changes_exactly_what_it_says() {
    let at_two = Some(NOW.plus_ms(2 * HOUR_MS));
    let sent = reminder(|case| case);
    assert_eq!(compare(&Policy::default(), &sent), []);
    assert_eq!(compare(&mail_first(), &sent), [Change::ChangesChannel(Sms, Email)]);
    assert_eq!(compare(&late(Policy::default()), &sent), [Change::Moves(None, at_two)]);
    let both = [Change::ChangesChannel(Sms, Email), Change::Moves(None, at_two)];
    assert_eq!(compare(&late(mail_first()), &sent), both);
    let paused = Policy { paused: true, ..Policy::default() };
    assert_eq!(compare(&paused, &sent), [Change::Vanishes("pause.on".into())]);
}

#[test]
fn a_message_that_was_put_off_may_wait_for_another_channel_or_go_at_once() {
    let policy = late(Policy::default());
    let cases = [Sms, Email].map(|channel| case(channel, Purpose::Reminder));
    let waits = entry(select(&policy, cases.into(), &[], false).0);
    assert_eq!(compare(&late(mail_first()), &waits), [Change::ChangesChannel(Sms, Email)]);
    let until = Some(NOW.plus_ms(2 * HOUR_MS));
    assert_eq!(compare(&Policy::default(), &waits), [Change::Moves(until, None)]);
}

#[test]
fn a_cap_that_is_tightened_moves_a_message_to_when_it_lets_one_through() {
    let spent_at = NOW.plus_ms(-3 * HOUR_MS);
    let spend = Spend {
        at: spent_at,
        channel: Sms,
        purpose: Purpose::Reminder,
        topic: None,
        also: Vec::new(),
        event: None,
    };
    let sent = reminder(|case| Case { spent: vec![spend.clone()], ..case });
    let caps = vec![Cap { purpose: Purpose::Reminder, channel: None, at_most: 1, within_h: 24 }];
    let capped = Policy { caps, ..Policy::default() };
    assert_eq!(compare(&capped, &sent), [Change::Moves(None, Some(spent_at.plus_ms(24 * HOUR_MS)))]);
}

#[test]
fn what_was_held_for_want_of_consent_appears_where_none_is_needed() {
    let silent = reminder(|case| Case { standing: Standing::Silent, is_known: false, ..case });
    assert_eq!(silent.detail.outcome(), "consent.missing");
    let lax = Policy { needs: Vec::new(), ..Policy::default() };
    assert_eq!(compare(&lax, &silent), [Change::Appears(Sms, None)]);
    let at_two = Some(NOW.plus_ms(2 * HOUR_MS));
    assert_eq!(compare(&late(lax), &silent), [Change::Appears(Sms, at_two)]);
    assert_eq!(compare(&mail_first(), &silent), [], "held back either way");
}

#[test]
fn a_limit_outside_the_gates_is_told_from_a_gate_whose_results_were_taken_out() {
    let limit = GateResult::deny("limit.site_first", "Too many.", "The hour passes.");
    let case = case(Sms, Purpose::Move);
    let held = |gates| alone(&Policy::default(), Purpose::Move, Candidate { case: case.clone(), gates });
    let outside = log(entry(held(vec![limit.clone()])));
    assert_eq!(replay(&outside, &outside.verdicts[0]), Replayed::OutsideTheGates);
    assert_eq!(compare(&mail_first(), &outside.verdicts[0]), []);
    let mut reworded = outside.clone();
    reworded.verdicts[0].detail.why = "No reason.".into();
    assert_eq!(replay(&reworded, &reworded.verdicts[0]), Replayed::Differs);
    let gate = GateResult::deny("consent.missing", "Not agreed.", "They agree.");
    for gates in [vec![gate], vec![limit.clone(), limit], Vec::new()] {
        let altered = log(entry(held(gates)));
        assert_eq!(replay(&altered, &altered.verdicts[0]), Replayed::Differs);
    }
}
