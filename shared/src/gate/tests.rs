use super::{
    testing::{NOW, case, granted},
    *,
};
use crate::{
    calendar::quiet::whereabouts,
    consent::Level,
    id::{ConsentId, EventId},
    policy::{Cap, Need},
    time::{DAY_MS, HOUR_MS},
    verdict::{Finding, Held},
};

fn sent(channel: Channel, purpose: Purpose, hours_ago: i64, topic: Option<&str>) -> Spend {
    Spend {
        at: NOW.plus_ms(-hours_ago * HOUR_MS),
        channel,
        purpose,
        topic: topic.map(str::to_owned),
        also: Vec::new(),
        event: EventId::parse(&format!("evt_{hours_ago}")).ok(),
    }
}

/// The rule that holds a case, or `allow`.
fn outcome(case: Case) -> String {
    let held = judge(&Policy::default(), case).held();
    held.map_or_else(|| "allow".to_owned(), |held| held.rule().to_owned())
}

/// A case that is allowed, with one thing changed.
fn but(channel: Channel, purpose: Purpose, change: impl FnOnce(&mut Case)) -> String {
    let mut case = case(channel, purpose);
    assert_eq!(outcome(case.clone()), "allow");
    change(&mut case);
    outcome(case)
}

#[test]
fn each_gate_holds_what_it_is_for() {
    use Channel::{Email, Messenger, Sms};
    use Purpose::{Marketing, OptOutReply, Reminder, Reply, Transactional};
    let entry = || ConsentId::parse("cns_2").unwrap();
    let taken = || Floor::Agent { name: "Jo".into(), at: NOW };
    for (got, rule) in [
        (but(Sms, Reply, |case| case.suppressed = Some("hard_bounce".into())), "suppression.listed"),
        (but(Sms, Reply, |case| case.blocked = true), "revocation.opted_out"),
        (but(Sms, OptOutReply, |case| case.blocked = true), "allow"),
        (
            but(Sms, Marketing, |case| case.standing = Standing::Revoked { entry: entry() }),
            "revocation.opted_out",
        ),
        (but(Sms, Reminder, |case| case.standing = Standing::Silent), "consent.missing"),
        (but(Sms, Marketing, |case| case.standing = granted(Level::Express)), "consent.too_weak"),
        (but(Sms, Reminder, |case| case.standing = granted(Level::Express)), "allow"),
        (but(Email, Marketing, |case| case.standing = granted(Level::ExpressWritten)), "consent.too_weak"),
        (but(Email, Transactional, |case| case.standing = Standing::Silent), "allow"),
        (but(Sms, Reply, |case| case.standing = Standing::Silent), "allow"),
        (but(Sms, Reminder, |case| case.floor = taken()), "floor.taken"),
        (but(Sms, Reminder, |case| case.has_endpoint = false), "reachability.no_endpoint"),
        (but(Sms, Reminder, |case| case.kind = AddressKind::Email), "reachability.other_kind"),
        (but(Sms, Reminder, |case| case.content.segments = 5), "content.too_long"),
        (but(Sms, Reply, |case| case.content.segments = 5), "allow"),
        (but(Sms, Transactional, |case| case.content.is_document = true), "content.document"),
        (but(Sms, Marketing, |case| case.content.says_stop = false), "content.no_stop"),
        (but(Email, Marketing, |case| case.content.gives_address = false), "content.no_address"),
    ] {
        assert_eq!(got, rule);
    }
    let mut late = case(Messenger, Reply);
    assert_eq!(outcome(late.clone()), "window.closed");
    late.wrote_at = Some(NOW.plus_ms(-2 * DAY_MS));
    assert_eq!(outcome(late.clone()), "window.closed");
    late.speaker = Speaker::Agent("Jo".into());
    assert_eq!(outcome(late.clone()), "allow", "a human has seven days");
    late.wrote_at = Some(NOW.plus_ms(-8 * DAY_MS));
    assert_eq!(outcome(late), "window.closed");
}

/// The gates in the order of a refusal's weight, each with a case that it alone denies or puts off. The floor and the bids are
/// gates of our own, beside those the order is taken from.
#[test]
fn of_two_gates_that_refuse_the_first_in_order_is_the_one_that_is_told() {
    use Channel::Messenger;
    type Spoil = fn(&mut Policy, &mut Case);
    let spoils: [(&str, Spoil); 12] = [
        ("pause.on", |policy, _| policy.paused = true),
        ("person.merged", |_, case| case.is_merged = true),
        ("suppression.listed", |_, case| case.suppressed = Some("complaint".into())),
        ("revocation.opted_out", |_, case| case.blocked = true),
        ("consent.missing", |policy, case| {
            let (channel, purpose) = (case.channel, case.purpose);
            policy.needs.push(Need { channel, purpose, level: Level::Express });
            case.standing = Standing::Silent;
        }),
        ("floor.taken", |_, case| case.floor = Floor::Agent { name: "Jo".into(), at: NOW }),
        ("window.closed", |_, case| case.wrote_at = None),
        ("quiet.hours", |policy, case| {
            policy.quiet_channels = vec![case.channel];
            policy.hours = ("00:00".into(), "00:01".into());
        }),
        ("budget.capped", |policy, case| {
            let (purpose, channel) = (case.purpose, None);
            policy.caps = vec![Cap { purpose, channel, at_most: 0, within_h: 24 }];
        }),
        ("preference.other", |_, case| {
            case.preference = Some(Preference {
                channel: Channel::Email,
                is_stated: true,
                is_unanswered: false,
                closed_by: None,
            });
        }),
        ("reachability.no_endpoint", |_, case| case.has_endpoint = false),
        ("topic.said", |_, case| {
            case.topic = Some("service".into());
            case.spent = vec![sent(Channel::Email, Purpose::Reminder, 1, Some("service"))];
        }),
    ];
    let gates: Vec<String> = judge(&Policy::default(), case(Messenger, Purpose::Reminder))
        .gates
        .iter()
        .map(|gate| gate.rule.split('.').next().unwrap().to_owned())
        .collect();
    let names = [
        "pause",
        "person",
        "suppression",
        "revocation",
        "consent",
        "jurisdiction",
        "floor",
        "window",
        "quiet",
        "budget",
        "bid",
        "preference",
        "reachability",
        "content",
        "topic",
    ];
    assert_eq!(gates, names);
    let fresh = || {
        let case = Case { wrote_at: Some(NOW.plus_ms(-HOUR_MS)), ..case(Messenger, Purpose::Reminder) };
        (Policy::default(), case)
    };
    let told = |policy: &Policy, case: Case| {
        let gates = judge(policy, case).gates;
        gates
            .into_iter()
            .filter(|gate| gate.finding != Finding::Allow)
            .map(|gate| gate.rule)
            .collect::<Vec<_>>()
    };
    for (n, (first, spoil)) in spoils.iter().enumerate() {
        let (mut policy, mut alone) = fresh();
        spoil(&mut policy, &mut alone);
        assert_eq!(told(&policy, alone), [*first], "no other gate minds");
        for (second, other) in &spoils[n + 1..] {
            let (mut policy, mut both) = fresh();
            spoil(&mut policy, &mut both);
            other(&mut policy, &mut both);
            assert_eq!(told(&policy, both.clone())[..1], [*first], "before {second}");
            let against = judge(&policy, both).against().unwrap().rule.clone();
            let defers = |rule: &str| ["floor.taken", "quiet.hours", "budget.capped"].contains(&rule);
            // What may never go is told before what may go later.
            if defers(first) == defers(second) && !defers(first) {
                assert_eq!(against, *first, "not {second}");
            }
        }
    }
}

#[test]
fn the_law_of_the_place_is_asked_after_consent_and_before_everything_that_can_wait() {
    let level = Level::Express;
    let needs = vec![Need { channel: Channel::Sms, purpose: Purpose::Marketing, level }];
    let policy = Policy { needs, hours: ("00:00".into(), "00:01".into()), ..Policy::default() };
    let american = Case {
        standing: granted(level),
        whereabouts: whereabouts(None, Some("+12125550123"), "UTC"),
        has_endpoint: false,
        ..case(Channel::Sms, Purpose::Marketing)
    };
    let told = |case: &Case| judge(&policy, case.clone()).against().unwrap().rule.clone();
    assert_eq!(told(&american), "jurisdiction.consent");
    assert_eq!(told(&Case { standing: Standing::Silent, ..american }), "consent.missing");
}

#[test]
fn a_refusal_names_what_it_rests_on() {
    use Channel::{Email, Messenger, Sms};
    use Purpose::{Marketing, Reminder};
    let evidence = |case: Case| judge(&Policy::default(), case).against().unwrap().evidence.clone();
    let suppressed = Case {
        suppressed: Some("complaint".into()),
        suppression: Some("its hash".into()),
        ..case(Sms, Reminder)
    };
    assert_eq!(evidence(suppressed), ["its hash"]);
    let capped = vec![sent(Sms, Marketing, 10, None), sent(Email, Reminder, 9, None)];
    assert_eq!(evidence(Case { spent: capped, ..case(Sms, Marketing) }), ["evt_10"]);
    let spent: Vec<Spend> = (0..8).map(|n| sent(Sms, Reminder, 20 + n, None)).collect();
    assert_eq!(evidence(Case { spent, ..case(Sms, Reminder) }).len(), 8);
    let said = vec![sent(Email, Reminder, 2, Some("service"))];
    let topic = Some("service".to_owned());
    assert_eq!(evidence(Case { spent: said, topic, ..case(Sms, Reminder) }), ["evt_2"]);
    let wrote = EventId::parse("evt_wrote").ok();
    let late = Case { wrote, wrote_at: Some(NOW.plus_ms(-2 * DAY_MS)), ..case(Messenger, Reminder) };
    assert_eq!(evidence(late), ["evt_wrote"]);
}

#[test]
fn a_paused_site_says_nothing_by_itself() {
    let policy = Policy { paused: true, ..Policy::default() };
    let held = |case| judge(&policy, case).held().map(|held| held.rule().to_owned());
    assert_eq!(held(case(Channel::Sms, Purpose::Reply)).as_deref(), Some("pause.on"));
    assert_eq!(held(case(Channel::Sms, Purpose::OptOutReply)), None, "an opt-out is confirmed all the same");
    let by_human = Case { speaker: Speaker::Agent("Jo".into()), ..case(Channel::Sms, Purpose::Reply) };
    assert_eq!(held(by_human), None);
}

#[test]
fn caps_and_budget_put_off_until_there_is_room() {
    use Channel::{Email, Sms};
    use Purpose::{Marketing, Reminder, Transactional};
    let held = |channel, purpose, spent: Vec<Spend>| {
        judge(&Policy::default(), Case { spent, ..case(channel, purpose) }).held()
    };
    let until = |hours: i64, rule: &str| Some(Held::Deferred(rule.into(), NOW.plus_ms(hours * HOUR_MS)));

    let one = vec![sent(Sms, Marketing, 10, None)];
    assert_eq!(held(Sms, Marketing, one.clone()), until(14, "budget.capped"), "one text a day");
    assert_eq!(held(Email, Marketing, one.clone()), None);
    assert_eq!(held(Sms, Reminder, one), None);
    assert_eq!(held(Sms, Marketing, vec![sent(Sms, Marketing, 24, None)]), None, "a day is over");

    let three = vec![
        sent(Email, Marketing, 100, None),
        sent(Sms, Marketing, 60, None),
        sent(Email, Marketing, 40, None),
    ];
    assert_eq!(held(Sms, Marketing, three), until(68, "budget.capped"), "three a week over all channels");

    // 40 points are open to all but transactional messages; a reminder by text costs 5.
    let spent: Vec<Spend> = (0..8).map(|n| sent(Sms, Reminder, 20 + n, None)).collect();
    assert_eq!(held(Sms, Reminder, spent.clone()), until(168 - 27, "budget.spent"));
    assert_eq!(held(Sms, Transactional, spent), None, "what they need is never held by it");
    let others: Vec<Spend> = (0..13).map(|n| sent(Sms, Transactional, 20 + n, None)).collect();
    assert_eq!(held(Sms, Reminder, others), until(168 - 31, "budget.spent"), "but it counts");
}

#[test]
fn a_preference_binds_while_its_channel_is_open() {
    use Channel::{Email, Sms};
    use Purpose::{Marketing, Reminder, Reply};
    let preferring = |channel, is_stated, closed_by: Option<&str>, purpose| {
        let closed_by = closed_by.map(str::to_owned);
        let preference =
            Some(Preference { channel: Channel::Email, is_stated, is_unanswered: false, closed_by });
        outcome(Case { preference, ..case(channel, purpose) })
    };
    assert_eq!(preferring(Sms, true, None, Reminder), "preference.other");
    assert_eq!(preferring(Email, true, None, Reminder), "allow");
    assert_eq!(preferring(Sms, true, Some("suppression.listed"), Reminder), "allow");
    assert_eq!(preferring(Sms, false, None, Marketing), "preference.engaged");
    assert_eq!(preferring(Sms, false, None, Reminder), "allow", "a reminder has a channel of its own");
    assert_eq!(preferring(Sms, true, None, Reply), "allow", "an answer goes where the question came from");
}

#[test]
fn one_topic_is_not_said_on_two_channels() {
    let said = |channel, hours, topic: &str| {
        let spent = vec![sent(Channel::Email, Purpose::Reminder, hours, Some("apt_1"))];
        let topic = Some(topic.to_owned());
        outcome(Case { topic, spent, ..case(channel, Purpose::Reminder) })
    };
    assert_eq!(said(Channel::Sms, 5, "apt_1"), "topic.said");
    assert_eq!(said(Channel::Email, 5, "apt_1"), "allow", "the same channel may go on with it");
    assert_eq!(said(Channel::Sms, 72, "apt_1"), "allow");
    assert_eq!(said(Channel::Sms, 5, "apt_2"), "allow");
}

#[test]
fn what_denies_counts_more_than_what_puts_off_and_all_gates_are_kept() {
    let spent = vec![sent(Channel::Sms, Purpose::Marketing, 1, None)];
    let held = Case { spent, blocked: true, ..case(Channel::Sms, Purpose::Marketing) };
    let candidate = judge(&Policy::default(), held);
    assert_eq!(candidate.held(), Some(Held::Denied("revocation.opted_out".into())));
    assert_eq!(candidate.gates.len(), GATES.len());
    for gate in &candidate.gates {
        let allows = gate.finding == Finding::Allow;
        assert_eq!(allows, gate.change.is_empty(), "{gate:?}");
        assert!(gate.why.ends_with('.') && gate.rule.contains('.'), "{gate:?}");
    }
}

#[test]
fn a_stored_case_is_judged_again_to_the_same_bytes() {
    for purpose in Purpose::ALL {
        for channel in Channel::ALL {
            let spent = vec![sent(Channel::Email, Purpose::Marketing, 3, Some("t"))];
            let topic = Some("t".to_owned());
            let first = judge(&Policy::default(), Case { topic, spent, ..case(channel, purpose) });
            let stored = serde_json::to_string(&first).unwrap();
            let read: Candidate = serde_json::from_str(&stored).unwrap();
            let again = judge(&Policy::default(), read.case);
            assert_eq!(serde_json::to_string(&again).unwrap(), stored);
        }
    }
}

#[test]
fn unasked_texts_wait_for_the_morning_wherever_the_contact_may_be() {
    use Channel::{Email, Sms};
    use Purpose::{Marketing, OptOutReply, Reminder, Reply, Transactional};
    // 03:10 in Portland on a Friday; 06:10 in New York.
    let night = Timestamp::from_ms(1_800_011_400_000);
    let held = |channel, purpose, zone: Option<&str>, number, active_at: Option<Timestamp>| {
        let whereabouts = whereabouts(zone, number, "America/Los_Angeles");
        judge(&Policy::default(), Case { now: night, whereabouts, active_at, ..case(channel, purpose) })
            .held()
    };
    let until = |hour: i64| {
        Some(Held::Deferred("quiet.hours".into(), Timestamp::from_ms(1_800_000_000_000 + hour * HOUR_MS)))
    };
    // Epoch second 1_800_000_000 is 08:00 UTC, midnight in Portland.
    for purpose in [Transactional, Reminder, Marketing] {
        assert_eq!(held(Sms, purpose, None, None, None), until(8), "{purpose:?}");
    }
    assert_eq!(held(Sms, Reminder, Some("America/New_York"), None, None), until(5));
    assert_eq!(held(Sms, Reminder, Some("Europe/London"), None, None), None);
    // An area code with two zones is open when both are; Florida's own rule ends at 20:00.
    assert_eq!(held(Sms, Reminder, None, Some("+18505550123"), None), until(6));
    assert_eq!(held(Email, Reminder, None, None, None), None, "mail keeps no hours");
    assert_eq!(held(Sms, OptOutReply, None, None, None), None);
    let just_now = Some(night.plus_ms(-30 * 60_000));
    assert_eq!(held(Sms, Reply, None, None, just_now), None, "they are awake");
    assert_eq!(held(Sms, Transactional, None, None, just_now), None);
    assert_eq!(held(Sms, Marketing, None, None, just_now), until(8), "being awake is no wish to be sold to");
    assert_eq!(
        held(Sms, Reply, None, None, Some(night.plus_ms(-2 * HOUR_MS))),
        until(8),
        "too late to be an answer"
    );
}

#[test]
fn a_higher_bid_goes_first_and_an_equal_or_a_lower_one_does_not() {
    use Purpose::{Marketing, Reminder, Transactional};
    let rival = |purpose, priority, hours: i64, topic: &str| Bid {
        at: NOW.plus_ms(hours * HOUR_MS),
        purpose,
        priority,
        topic: Some(topic.into()),
        of: "Appointments".into(),
    };
    let with = |purpose, rival: Bid| {
        let rivals = vec![rival];
        let case = Case { rivals, topic: Some("own".into()), ..case(Channel::Email, purpose) };
        judge(&Policy::default(), case).held()
    };
    let until = |hours: i64| Some(Held::Deferred("bid.outbid".into(), NOW.plus_ms(hours * HOUR_MS)));
    for (purpose, bid, held) in [
        (Marketing, rival(Reminder, 0, 3, "x"), until(15)),
        (Marketing, rival(Reminder, 0, -3, "x"), until(9)),
        (Marketing, rival(Reminder, 0, -12, "x"), None),
        (Marketing, rival(Reminder, 0, 12, "x"), None),
        (Marketing, rival(Marketing, 1, 3, "x"), until(15)),
        (Marketing, rival(Marketing, 0, 3, "x"), None),
        (Reminder, rival(Marketing, 9, 3, "x"), None),
        (Reminder, rival(Transactional, 0, 1, "x"), until(13)),
        (Transactional, rival(Transactional, 9, 1, "x"), None),
        (Marketing, rival(Reminder, 0, 71, "own"), Some(Held::Denied("bid.same_topic".into()))),
        (Marketing, rival(Reminder, 0, 72, "own"), None),
    ] {
        assert_eq!(with(purpose, bid.clone()), held, "{purpose:?} against {bid:?}");
    }
}

#[test]
fn nobody_is_written_to_who_was_erased_or_turned_out_to_be_somebody_else() {
    use Purpose::{Marketing, Reply};
    let erased = |case: &mut Case| case.suppressed = Some("erased".into());
    assert_eq!(but(Channel::Email, Reply, erased), "person.erased");
    let anew = |case: &mut Case| {
        erased(case);
        case.wrote_at = Some(case.now);
    };
    assert_eq!(but(Channel::Email, Reply, anew), "allow", "whoever writes anew is answered");
    assert_eq!(but(Channel::Email, Marketing, |case| case.is_merged = true), "person.merged");
}

#[test]
fn the_law_where_a_contact_may_be_is_kept_whatever_the_policy_says() {
    use Channel::{Email, Sms};
    use Purpose::{Marketing, Reminder};
    let mut lax = Policy::default();
    lax.needs.clear();
    let held = |channel, purpose, number: Option<&str>, zone, standing| {
        let case =
            Case { whereabouts: whereabouts(zone, number, "Asia/Tokyo"), standing, ..case(channel, purpose) };
        let gate = jurisdiction::judge(&lax, &case);
        (gate.finding == Finding::Deny).then_some(gate.rule)
    };
    let denied = Some("jurisdiction.consent".to_owned());
    let (oregon, toronto) = (Some("+15035550147"), Some("+14165550123"));
    for (channel, purpose, number, zone, standing, expected) in [
        (Sms, Marketing, oregon, None, granted(Level::Express), &denied),
        (Sms, Marketing, oregon, None, granted(Level::ExpressWritten), &None),
        (Sms, Reminder, oregon, None, granted(Level::Express), &None),
        (Email, Marketing, oregon, None, Standing::Silent, &None),
        (Email, Marketing, toronto, None, Standing::Silent, &denied),
        (Email, Marketing, toronto, None, granted(Level::Implied), &None),
        (Email, Marketing, None, Some("Europe/Berlin"), granted(Level::ExpressWritten), &denied),
        (Email, Marketing, None, Some("Europe/Berlin"), granted(Level::Confirmed), &None),
        (Sms, Marketing, Some("+33612345678"), None, granted(Level::Implied), &denied),
        (Sms, Marketing, Some("+33612345678"), None, granted(Level::Express), &None),
        (Sms, Marketing, Some("+819012345678"), None, Standing::Silent, &None),
    ] {
        assert_eq!(
            &held(channel, purpose, number, zone, standing.clone()),
            expected,
            "{channel:?} {number:?} {zone:?} {standing:?}"
        );
    }
}
