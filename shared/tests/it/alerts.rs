//! Who of the team is told what, when and how, and what they are not told any more.

use shared::{
    api::alerts::{AlertKind, AlertLine, AlertWay, PushSubscription, Rules},
    command::{FloorWish, PromiseDoes, PromiseWish, TeamReply},
    flow::{FlowError, alerts, team},
    id::{AgentId, ContactId},
    promise::Deed,
    time::{HOUR_MS, MINUTE_MS},
};

use crate::world::{World, now, phone, web};

const MARIA: &str = "+14155552671";
const JUN: &str = "jun@team.example";
const THEO: &str = "theo@team.example";
const ROSA: &str = "rosa@team.example";

/// The shop with a team that reads its mail: who owns a promise first, second and third.
fn shop(seed: u64) -> (World, [AgentId; 3]) {
    let world = World::with_knowledge(seed, &["prices.md"]);
    let jun = world.has_agent("Jun Park", JUN);
    let theo = world.has_agent("Theo Lindqvist", THEO);
    let rosa = world.has_agent("Rosa Delgado", ROSA);
    (world, [jun, theo, rosa])
}

/// Maria asks for a person by text.
fn asks(world: &mut World) -> ContactId {
    world.texts(MARIA, "Can I talk to a person about my wheel?");
    world.advance(MINUTE_MS);
    world.contact(&phone(MARIA)).unwrap()
}

fn unread(world: &World, agent: &AgentId) -> Vec<AlertLine> {
    now(alerts::load_alerts(world.scope(), &world.ctx, agent)).unwrap().alerts
}

fn mails(world: &World, to: &str) -> usize {
    world.taken_for(to).len()
}

fn answers(world: &mut World, contact: &ContactId) {
    let reply = TeamReply {
        by: "Jun Park".into(),
        channel: None,
        subject: None,
        text: "Which one?".into(),
        files: Vec::new(),
    };
    let mut ctx = world.ctx.clone();
    let handled = now(team::reply(world.scope(), &mut ctx, contact, reply)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world.settle();
}

fn keeps_rules(world: &World, agent: &AgentId, rules: &Rules) {
    now(alerts::put_rules(world.scope(), agent, rules)).unwrap();
}

#[test]
fn whoever_owns_the_promise_is_told_first_and_then_everybody_once() {
    let (mut world, [jun, theo, rosa]) = shop(720);
    let contact = asks(&mut world);
    assert_eq!([mails(&world, JUN), mails(&world, THEO), mails(&world, ROSA)], [1, 0, 0]);
    let alert = unread(&world, &jun).remove(0);
    assert_eq!((alert.kind, &alert.contact), (AlertKind::Handoff, &contact));
    assert_eq!(
        (alert.name.as_deref(), alert.text.as_str()),
        (Some("Maria Lopez"), "They asked for a person.")
    );
    assert_eq!(unread(&world, &theo), []);
    world.advance(20 * MINUTE_MS);
    assert_eq!([mails(&world, JUN), mails(&world, THEO), mails(&world, ROSA)], [1, 1, 1]);
    assert_eq!((unread(&world, &theo).len(), unread(&world, &rosa).len()), (1, 1));
    // Another reason is told in the inbox, and no second mail is sent until somebody has answered.
    world.texts(MARIA, "This is unacceptable");
    world.advance(MINUTE_MS);
    assert_eq!([mails(&world, JUN), mails(&world, THEO)], [1, 1]);
    assert_eq!(unread(&world, &jun)[0].text, "They sound angry.");
    answers(&mut world, &contact);
    assert_eq!([jun.clone(), theo, rosa].map(|agent| unread(&world, &agent).len()), [0, 0, 0]);
    // Answered, so the next time is told again.
    let mut ctx = world.ctx.clone();
    let wish = FloorWish { by: "Jun Park".into(), take: false, force: false };
    now(team::floor(world.scope(), &mut ctx, &contact, wish)).unwrap();
    world.ctx = ctx;
    asks(&mut world);
    assert_eq!((mails(&world, JUN), unread(&world, &jun).len()), (2, 1));
}

#[test]
fn a_mail_holds_who_what_and_where_and_no_more() {
    let (mut world, _) = shop(721);
    let contact = asks(&mut world);
    let mail = world.taken_for(JUN).remove(0);
    assert_eq!(mail.subject.as_deref(), Some("Maria Lopez needs a person"));
    let expected = format!(
        "Maria Lopez, by sms: They asked for a person.\n“Can I talk to a person about my wheel?”\n\
         Promised until Monday, 23 November 2026 at 11:05 (America/Los_Angeles).\n\n\
         Answer: https://edge.example/inbox/ste_larkspur/c/{contact}\nCall: tel:{MARIA}"
    );
    assert_eq!(mail.text.trim(), expected);
}

#[test]
fn what_somebody_answers_in_time_is_withdrawn_from_everybody_else() {
    let (mut world, [_, theo, _]) = shop(722);
    let contact = asks(&mut world);
    answers(&mut world, &contact);
    world.advance(2 * HOUR_MS);
    assert_eq!([mails(&world, JUN), mails(&world, THEO), mails(&world, ROSA)], [1, 0, 0]);
    assert_eq!(unread(&world, &theo), []);
}

#[test]
fn a_promise_that_nears_its_end_reaches_the_next_one_and_a_missed_one_its_new_owner() {
    let (mut world, [_, theo, rosa]) = shop(723);
    world.site.handoff.others_after_min = 600;
    asks(&mut world);
    world.advance(40 * MINUTE_MS);
    assert_eq!(mails(&world, THEO), 0);
    world.advance(10 * MINUTE_MS);
    assert_eq!(
        (mails(&world, THEO), unread(&world, &theo).len()),
        (1, 1),
        "a quarter of an hour before its end"
    );
    assert_eq!((mails(&world, ROSA), unread(&world, &rosa).len()), (0, 0));
    world.advance(15 * MINUTE_MS);
    assert_eq!(mails(&world, THEO), 2, "missed, and theirs now");
    assert_eq!(unread(&world, &theo)[0].kind, AlertKind::Promise);
    world.advance(31 * MINUTE_MS);
    assert_eq!((mails(&world, ROSA), unread(&world, &rosa).len()), (1, 1), "passed on");
}

#[test]
fn whoever_promises_is_reminded_and_nobody_else_is_told() {
    let (mut world, [jun, ..]) = shop(724);
    let contact = asks(&mut world);
    let does = PromiseDoes::Make { deed: Deed::Call, within_min: Some(120), tell: false };
    let mut ctx = world.ctx.clone();
    let wish = PromiseWish { by: "Jun Park".into(), does };
    let handled = now(team::promise(world.scope(), &mut ctx, &contact, wish)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world.advance(100 * MINUTE_MS);
    assert_eq!([mails(&world, JUN), mails(&world, THEO), mails(&world, ROSA)], [1, 0, 0]);
    world.advance(10 * MINUTE_MS);
    assert_eq!((mails(&world, JUN), unread(&world, &jun)[0].kind), (2, AlertKind::Promise));
}

#[test]
fn everybody_is_told_as_they_want_and_nothing_rings_in_their_quiet_hours() {
    let (mut world, [jun, theo, _]) = shop(725);
    let number = "+15035550199";
    let quiet = Some(("09:00".into(), "12:00".into()));
    keeps_rules(
        &world,
        &jun,
        &Rules {
            handoff: vec![AlertWay::Email, AlertWay::Sms],
            phone: Some("503-555-0199".into()),
            quiet,
            ..Rules::default()
        },
    );
    keeps_rules(&world, &theo, &Rules { handoff: Vec::new(), ..Rules::default() });
    asks(&mut world);
    assert_eq!(
        (unread(&world, &jun).len(), mails(&world, JUN)),
        (1, 1),
        "in the inbox always, and a mail does not ring"
    );
    assert_eq!(mails(&world, number), 0);
    world.advance(HOUR_MS + 10 * MINUTE_MS);
    assert_eq!((unread(&world, &theo).len(), mails(&world, THEO)), (1, 1), "the promise they now own");
    world.advance(HOUR_MS);
    assert_eq!(mails(&world, number), 1);
    let bad = Rules { phone: Some("12".into()), ..Rules::default() };
    let refused = now(alerts::put_rules(world.scope(), &jun, &bad));
    assert!(matches!(&refused, Err(FlowError::Rejected(why)) if why.code == "bad_rules"), "{refused:?}");
    assert_eq!(now(alerts::load_rules(world.scope(), &jun)).unwrap().phone.as_deref(), Some(number));
}

#[test]
fn whoever_has_the_floor_hears_in_the_inbox_that_the_contact_wrote() {
    let (mut world, [jun, theo, _]) = shop(726);
    let visitor = world.visitor();
    world.says(&visitor, "How much is a full service?").unwrap();
    world.advance(MINUTE_MS);
    let contact = world.contact(&web(&visitor)).unwrap();
    answers(&mut world, &contact);
    world.says(&visitor, "The front one").unwrap();
    world.says(&visitor, "It squeaks").unwrap();
    world.advance(MINUTE_MS);
    let told = unread(&world, &jun);
    assert_eq!((told.len(), told[0].kind, told[0].name.as_deref()), (1, AlertKind::Message, None));
    assert_eq!((unread(&world, &theo), mails(&world, JUN)), (Vec::new(), 0));
    now(alerts::read_alerts(world.scope(), &world.ctx, &jun, &[told[0].id.clone()])).unwrap();
    assert_eq!(unread(&world, &jun), []);
    world.says(&visitor, "Hello?").unwrap();
    assert_eq!(unread(&world, &jun).len(), 1);
    now(alerts::read_alerts(world.scope(), &world.ctx, &jun, &[])).unwrap();
    assert_eq!(unread(&world, &jun), []);
}

#[test]
fn a_browser_of_the_team_is_sent_a_push_and_forgotten_once_it_is_gone() {
    let (mut world, [jun, ..]) = shop(727);
    let rules = Rules { handoff: vec![AlertWay::Push], ..Rules::default() };
    keeps_rules(&world, &jun, &rules);
    let browser = |name: &str| PushSubscription {
        endpoint: format!("https://fcm.googleapis.com/fcm/send/{name}"),
        p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            .into(),
        auth: "BTBZMqHH6r4Tts7J_aSIgg".into(),
    };
    assert!(alerts::push_key(world.scope()).key.is_some());
    let subscribe =
        |world: &World, to: &PushSubscription| now(alerts::subscribe(world.scope(), &world.ctx, &jun, to));
    for name in ["one", "two", "two"] {
        subscribe(&world, &browser(name)).unwrap();
    }
    let inside = PushSubscription { endpoint: "https://127.0.0.1/push".into(), ..browser("x") };
    assert!(
        matches!(subscribe(&world, &inside), Err(FlowError::Rejected(why)) if why.code == "bad_subscription")
    );
    world.outside.push_answers.borrow_mut().extend([410, 503]);
    let contact = asks(&mut world);
    world.advance(5 * MINUTE_MS);
    assert_eq!(world.outside.pushed.borrow().len(), 3, "one is gone, the other busy at first");
    assert_eq!((mails(&world, JUN), unread(&world, &jun).len()), (0, 1));
    // The one that is gone is sent nothing any more; the other is told of the next one.
    answers(&mut world, &contact);
    let mut ctx = world.ctx.clone();
    let wish = FloorWish { by: "Jun Park".into(), take: false, force: false };
    now(team::floor(world.scope(), &mut ctx, &contact, wish)).unwrap();
    world.ctx = ctx;
    asks(&mut world);
    assert_eq!(world.outside.pushed.borrow().len(), 4);
    for name in ["one", "two"] {
        now(alerts::unsubscribe(world.scope(), &jun, &browser(name).endpoint)).unwrap();
    }
    world.texts(MARIA, "thanks");
    world.advance(MINUTE_MS);
    assert_eq!(world.outside.pushed.borrow().len(), 4);
}
