use super::{super::Preference, *};
use crate::{
    conversation::Spend,
    delivery::Purpose,
    gate::testing::{NOW, case},
    time::HOUR_MS,
};

/// What is true of the contact besides.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct With {
    present: bool,
    prefers: Option<(Channel, bool)>,
    texts_stopped: bool,
    mail_bounced: bool,
    is_document: bool,
    texted_h_ago: Option<i64>,
    segments: u32,
}

fn picked(purpose: Purpose, with: With) -> Detail {
    let cases = [Channel::Widget, Channel::Sms, Channel::Email].into_iter();
    let cases = cases.filter(|channel| with.present || *channel != Channel::Widget).map(|channel| {
        let preference = with.prefers.map(|(channel, is_stated)| Preference {
            channel,
            is_stated,
            is_unanswered: false,
            closed_by: None,
        });
        let spent = with.texted_h_ago.map(|hours| Spend {
            at: NOW.plus_ms(-hours * HOUR_MS),
            channel: Channel::Sms,
            purpose: Purpose::Marketing,
            topic: None,
            also: Vec::new(),
            event: None,
        });
        let mut case = Case { preference, spent: spent.into_iter().collect(), ..case(channel, purpose) };
        case.content.is_document = with.is_document;
        case.content.segments = with.segments.max(1);
        case.blocked = with.texts_stopped && channel == Channel::Sms;
        case.suppressed = (with.mail_bounced && channel == Channel::Email).then(|| "hard_bounce".into());
        case
    });
    select(&Policy::default(), cases.collect(), &[], with.present).0
}

#[test]
fn the_channel_is_picked_by_purpose_preference_and_what_is_open() {
    use Channel::{Email, Sms, Widget};
    use Purpose::{Marketing, Reminder, Transactional};
    let with = With::default();
    for (purpose, with, expected) in [
        (Reminder, with, Ok(Sms)),
        (Transactional, with, Ok(Email)),
        (Reminder, With { segments: 2, ..with }, Ok(Sms)),
        (Reminder, With { segments: 3, ..with }, Ok(Email)),
        (Reminder, With { segments: 3, mail_bounced: true, ..with }, Ok(Sms)),
        (Reminder, With { segments: 3, prefers: Some((Sms, true)), ..with }, Ok(Sms)),
        (Marketing, with, Ok(Email)),
        (Transactional, With { is_document: true, mail_bounced: true, ..with }, Err("suppression.listed")),
        (Reminder, With { texts_stopped: true, ..with }, Ok(Email)),
        (Transactional, With { mail_bounced: true, ..with }, Ok(Sms)),
        (Reminder, With { texts_stopped: true, mail_bounced: true, ..with }, Err("revocation.opted_out")),
        (Transactional, With { present: true, ..with }, Ok(Widget)),
        (Reminder, With { prefers: Some((Email, true)), ..with }, Ok(Email)),
        (Transactional, With { prefers: Some((Sms, true)), ..with }, Ok(Sms)),
        (Reminder, With { prefers: Some((Email, true)), mail_bounced: true, ..with }, Ok(Sms)),
        (Reminder, With { prefers: Some((Email, false)), ..with }, Ok(Sms)),
        (Marketing, With { prefers: Some((Sms, false)), ..with }, Ok(Sms)),
        (Marketing, With { prefers: Some((Sms, true)), texted_h_ago: Some(3), ..with }, Err("budget.capped")),
        (Marketing, With { mail_bounced: true, texted_h_ago: Some(3), ..with }, Err("budget.capped")),
    ] {
        let detail = picked(purpose, with);
        let got = detail.winner.and(detail.channel()).ok_or_else(|| detail.outcome().to_owned());
        assert_eq!(got, expected.map_err(str::to_owned), "{purpose:?}: {detail:#?}");
        assert!(detail.why.ends_with('.'), "{}", detail.why);
        assert_eq!(detail.change.is_empty(), detail.winner.is_some());
        assert_eq!(detail.candidates.len(), if with.present { 3 } else { 2 }, "every way is kept");
    }
}

#[test]
fn the_reason_of_an_exception_is_recorded() {
    let with = With { prefers: Some((Channel::Email, true)), mail_bounced: true, ..With::default() };
    let detail = picked(Purpose::Reminder, with);
    let reasons: Vec<&str> = detail.gates().iter().map(|gate| gate.rule.as_str()).collect();
    assert!(reasons.contains(&"preference.closed"), "{reasons:?}");
}

#[test]
fn nobody_can_be_written_to_without_an_address() {
    let detail = select(&Policy::default(), Vec::new(), &[], true).0;
    assert_eq!((detail.winner, detail.outcome()), (None, "reachability.none"));
    assert!(!detail.change.is_empty());
}

#[test]
fn a_verdict_on_two_addresses_of_the_preferred_channel_is_the_same_when_judged_again() {
    let preference =
        Some(Preference { channel: Channel::Email, is_stated: true, is_unanswered: false, closed_by: None });
    let way = |channel| Case { preference: preference.clone(), ..case(channel, Purpose::Reminder) };
    let bounced = Case { suppressed: Some("hard_bounce".into()), ..way(Channel::Email) };
    // The better proven mailbox comes first, and has bounced; the other one is open.
    let cases = vec![bounced.clone(), way(Channel::Email), way(Channel::Sms)];
    let first = select(&Policy::default(), cases, &[], false).0;
    let places = |detail: &Detail| -> Vec<Case> {
        detail.candidates.iter().map(|candidate| candidate.case.clone()).collect()
    };
    assert_eq!(select(&Policy::default(), places(&first), &[], false).0, first);
    let text = first.candidates.iter().find(|candidate| candidate.case.channel == Channel::Sms).unwrap();
    assert_eq!(text.held(), Some(Held::Denied("preference.other".into())), "email is open");
    // Where both have bounced it is closed, and that is the same again as well.
    let both = select(&Policy::default(), vec![bounced.clone(), bounced, way(Channel::Sms)], &[], false).0;
    assert_eq!((both.winner, both.channel()), (Some(0), Some(Channel::Sms)));
    assert_eq!(select(&Policy::default(), places(&both), &[], false).0, both);
}
