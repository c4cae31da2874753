//! The native twin and D1 are one database: everything the product asked of the one is asked of the other again.
//!
//! The story is played on the twin, which records it; D1 must give the same rows, the same counts of changes and errors of
//! the same kind with the same words, in the same order. What the story never asks is asked by hand, and so is what must
//! fail.

mod appointments;
mod door;
mod files;
mod people;
mod settings;
mod work;

use std::{collections::BTreeSet, fs};

use e2e::{
    host::{Host, root},
    native::{self, START, World, now, phone, web},
};
use serde_json::{Value, json};
use shared::{
    alert::{self, Alert},
    api::{
        alerts::{AlertKind, PushSubscription, Rules},
        webhooks::{HookKind, HookState, Webhook},
    },
    channel::Channel,
    consent::Presser,
    contact::{Address, AddressKind, Assurance},
    ctx::Ctx,
    delivery::{Delivery, Purpose},
    flow::{
        self,
        import::{Import, KnowledgeFile},
    },
    id::{AgentId, AlertId, NoticeId, PlannedId, VisitorId, WebhookId},
    message::{DeliveryReport, DeliveryState},
    notice::Notice,
    planned::{Planned, PlannedBody, PlannedState, Unless},
    push,
    sequence::run::{Run, RunBody, RunKey},
    store::{
        Answer, Arg, DbError, Stmt, alerts, all_statements, clock, consents, contacts, conversations,
        counters, deliveries,
        deliveries::{Settled, VerdictRow},
        events, notices, planned, runs, sandbox, sites,
        sqlite::{Recorded, Sqlite},
        tags, webhooks,
    },
    subscription::{Asked, Part},
    time::{DAY_MS, MINUTE_MS, Timestamp},
    verdict::Verdict,
    webhook::Happened,
};

use crate::a_world_of_its_own;

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

#[test]
fn the_twin_and_d1_answer_every_statement_alike() {
    let mut world = recorded_world();
    let visitor = story(&mut world);
    appointments::story(&mut world);
    door::story(&mut world);
    asks_by_hand(&world, &visitor);
    must_fail(&world);
    let recording = world.db.recorded();
    every_statement_was_asked(&recording);

    let d1 = a_world_of_its_own();
    let differences: Vec<String> = recording.iter().filter_map(|call| difference(&d1.host, call)).collect();
    let failed = recording.iter().filter(|call| call.answers.is_err()).count();
    println!("{} calls replayed, {failed} of which fail", recording.len());
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

/// What a notice goes through.
fn asks_of_notices(world: &World) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    for (id, agent) in [("ntc_1", None), ("ntc_2", Some("agt_gone")), ("ntc_3", None)] {
        let notice = Notice {
            id: NoticeId::parse(id).expect("an id"),
            agent: agent.map(|id| AgentId::parse(id).expect("an id")),
            kind: "handoff".to_owned(),
            channel: Channel::Email,
            to: MAILBOX.to_owned(),
            subject: Some("Maria waits".to_owned()),
            text: "Maria waits.".to_owned(),
            group: id.to_owned(),
            due_at: at,
        };
        run(&notices::add(site, &notice, at));
        run(&notices::notice(&notice.id));
    }
    run(&notices::due(at, 10));
    run(&notices::withdraw(site, "ntc_3", "answered"));
    let later = at.plus_ms(MINUTE_MS);
    for id in ["ntc_1", "ntc_2"].map(|id| NoticeId::parse(id).expect("an id")) {
        for stmt in notices::claim(site, &id, "lease", later, at) {
            run(&stmt);
        }
        run(&notices::abandon(site, &id, DeliveryState::Pending, "sent_again", later));
        for stmt in notices::claim(site, &id, "lease", later, at) {
            run(&stmt);
        }
        let settled = Settled {
            state: DeliveryState::Sent,
            reason: None,
            provider_id: Some("prv".to_owned()),
            due_at: at,
        };
        run(&notices::settle(site, &id, "lease", &settled));
    }
}

/// What a webhook goes through.
fn asks_of_webhooks(world: &World) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    let id = WebhookId::parse("whk_1").expect("an id");
    let mut webhook = Webhook {
        id: id.clone(),
        url: "https://shop.example/hook".to_owned(),
        kinds: vec![HookKind::ContactCreated],
        state: HookState::On,
        failing_since: None,
        made_at: at,
    };
    run(&webhooks::add(site, &webhook));
    let happened = [Happened {
        id: "ctc_hooked".to_owned(),
        kind: HookKind::ContactCreated,
        contact: None,
        place: None,
    }];
    run(&webhooks::enqueue(site, &happened, at));
    run(&webhooks::enqueue(site, &happened, at));
    run(&webhooks::add_send(site, &id, "evt_hooked", HookKind::Test, at));
    run(&webhooks::due(at, 10));
    let later = at.plus_ms(MINUTE_MS);
    for (send, state) in [("ctc_hooked", DeliveryState::Sent), ("evt_hooked", DeliveryState::Wedged)] {
        run(&webhooks::claim(site, &id, send, ("lease", later), at));
        run(&webhooks::claim(site, &id, send, ("another", later), at));
        run(&webhooks::claim(site, &id, send, ("lease", later.plus_ms(MINUTE_MS)), later));
        let settled = webhooks::Settled { state, status: Some(500), reason: Some("refused"), due_at: at };
        run(&webhooks::settle(site, &id, send, "lease", &settled));
    }
    run(&webhooks::fails(site, &id, at, at.plus_ms(-DAY_MS), false));
    run(&webhooks::works(site, &id));
    run(&webhooks::fails(site, &id, at, at, true));
    run(&webhooks::replay(site, &id, "evt_hooked", at));
    run(&webhooks::log(site, &id, at, 10));
    webhook.state = HookState::Off;
    run(&webhooks::change(site, &webhook));
    run(&webhooks::one(site, &id));
    run(&webhooks::of_site(site));
    run(&webhooks::prune(site, &id, later));
    for stmt in webhooks::remove(site, &id) {
        run(&stmt);
    }
}

/// The native world on a database that records from its first statement.
fn recorded_world() -> World {
    let mut world = World::new(1);
    let db = Sqlite::in_memory().expect("a database");
    db.record();
    let folder = root().join("examples/site/knowledge");
    let entries = fs::read_dir(&folder).expect("the demo site's knowledge");
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let knowledge = paths.iter().map(|path| KnowledgeFile {
        path: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        text: fs::read_to_string(path).expect("a file of knowledge"),
    });
    let asked =
        Import { definition: world.site.clone(), knowledge: knowledge.collect(), sequences: Vec::new() };
    now(flow::import::import(&db, &mut Ctx::seeded(START, 2), &asked)).expect("an import");
    world.db = db;
    world
}

/// One person on three channels, and whatever else people do.
fn story(world: &mut World) -> VisitorId {
    let visitor = world.visitor();
    for text in ["How much is a full service?", "My name is Maria, $140 is too expensive", "Text me that?"] {
        world.says(&visitor, text).expect("an acknowledgement");
        world.settle();
    }
    for _ in 0..2 {
        world.continues(&visitor, Channel::Sms, MARIA).expect("an acknowledgement");
        world.settle();
    }
    world.advance(2 * MINUTE_MS);
    for text in ["What did you tell me in the chat about the price?", "My name is María", "STOP", "START"] {
        world.texts(MARIA, text);
        world.advance(MINUTE_MS);
    }
    world.says(&visitor, "I want to talk to a real person").expect("an acknowledgement");
    world.advance(2 * DAY_MS);
    world.mails(MAILBOX, "Full service", "Hello, how much is the full service?", None);
    world.advance(MINUTE_MS);
    let answer = world.sandbox(MAILBOX).into_iter().next().expect("an answer by email");
    world.mails(MAILBOX, "Re: Full service", "And when are you open?", Some(&answer.id));
    world.advance(MINUTE_MS);
    let everything = Asked::Form(Part::Everything, false);
    for asked in [Asked::OneClick, Asked::OneClick, everything, Asked::Form(Part::Everything, true)] {
        let (mailbox, mut ctx) = (native::mailbox(MAILBOX), world.ctx.clone());
        now(flow::choose::choose(world.scope(), &mut ctx, &mailbox, asked, Presser::default()))
            .expect("a choice");
        world.ctx = ctx;
    }
    let maria = world.contact(&phone(MARIA)).expect("Maria");
    now(flow::proof::prove(world.scope(), &world.ctx, &maria)).expect("a proof");
    now(flow::view::load_timeline(world.scope(), &world.ctx, None)).expect("a timeline");
    now(flow::view::load_sandbox(world.scope(), &world.ctx, 0, None)).expect("a sandbox");
    visitor
}

/// What the story does not ask: doors of the edge, the development clock, reports, leases that ran out.
fn asks_by_hand(world: &World, visitor: &VisitorId) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    for _ in 0..2 {
        now(clock::advance(db, 60_000)).expect("a clock");
        now(clock::load_offset(db)).expect("a clock");
    }
    let sms = world.site.endpoint_on(Channel::Sms).expect("a number");
    now(sites::load_all(db)).expect("sites");
    now(sites::load_site(db, site)).expect("a site");
    let written = now(sites::load_written(db, site)).expect("a definition").expect("the site");
    run(&sites::change(&written, at));
    settings::asks_by_hand(world);
    let stale = now(shared::store::Db::batch(db, &[sites::change(&written, at)]));
    assert!(matches!(stale, Err(DbError::Conflict(_))), "{stale:?}");
    now(sites::load_by_endpoint(db, &sms.id)).expect("a site");
    now(sites::load_by_address(db, Channel::Sms, &sms.address)).expect("a site");
    asks_of_notices(world);
    asks_of_webhooks(world);
    asks_of_alerts(world);
    for kept in world.sandbox("") {
        run(&sandbox::one(&kept.id));
        run(&sandbox::add(&kept));
        if let Some(id) = &kept.message_id {
            run(&events::by_mail_id(site, id));
        }
    }
    let maria = world.contact(&phone(MARIA)).expect("Maria");
    run(&contacts::update_contact(
        site,
        &contacts::decode_one(run(&contacts::contact(site, &maria))).expect("a contact").expect("Maria"),
    ));
    run(&contacts::prove_handle(site, &phone(MARIA), Assurance::Possessed));
    people::people(world, &maria);
    let timeline = world.timeline(&maria);
    let conversation = &timeline.last().expect("an event").conversation;
    for cursor in [0, 3, 1_000] {
        run(&events::after(site, conversation, cursor, 5));
    }
    let mailbox = &timeline.last().expect("an event").address_key;
    now(events::load_mail_ids(db, site, conversation, mailbox)).expect("mail ids");
    run(&events::by_reply_token(site, conversation));
    run(&deliveries::verdicts(site, conversation, 100));
    now(flow::catch_up::ready(world.scope(), visitor, None, 0, world.ctx.now)).expect("a greeting");
    run(&contacts::by_address(site, &web(visitor)));
    for _ in 0..2 {
        run(&deliveries::suppress(site, AddressKind::Phone, "a-hash", "hard_bounce", at));
        run(&deliveries::suppressed(site, AddressKind::Phone, "a-hash"));
    }
    deliveries_by_hand(world);
    planned_by_hand(world);
    runs_by_hand(world);
    work::work_by_hand(world);
    work::search_by_hand(world);
    files::files_by_hand(world);
}

/// A planned message's ways, from the plan to each of its ends.
fn planned_by_hand(world: &World) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    let maria = world.contact(&phone(MARIA)).expect("Maria");
    let sent = world.deliveries(&maria).remove(0);
    let body = PlannedBody {
        member: false,
        speaker: "test".into(),
        purpose: Purpose::Reminder,
        topic: Some("service".into()),
        among: Vec::new(),
        text: "Your bike is due".into(),
        mail: None,
        subject: None,
        unless: Unless::default(),
    };
    for end in [PlannedState::Said, PlannedState::Stale] {
        let id = PlannedId::parse(&format!("pln_{}", end.as_str())).expect("an id");
        let (conversation, state) = (sent.conversation.clone(), PlannedState::Waiting);
        let plan =
            Planned { id, conversation, body: body.clone(), due_at: at, state, reason: None, delivery: None };
        for _ in 0..2 {
            run(&planned::add(site, &plan, at));
        }
        run(&planned::pass(site, &plan.conversation, &plan.conversation));
        run(&planned::put_off(site, &plan.id, at.plus_ms(5), "budget.capped", at));
        run(&planned::due(at.plus_ms(5), 10));
        run(&planned::waiting(site, &plan.conversation, 10));
        run(&planned::all_waiting(site, &plan.conversation, 10));
        run(&planned::until(site, &maria, at.plus_ms(5), 10));
        run(&deliveries::put_off_of(site, &maria, at, 10));
        let said = (end == PlannedState::Said).then(|| sent.id.clone());
        let ended = planned::Ended { state: end, reason: Some("why".into()), delivery: said };
        run(&planned::end(site, &plan.id, &ended, at));
        let again = db.run(&planned::end(site, &plan.id, &ended, at));
        assert!(matches!(again, Err(DbError::Conflict(_))), "{again:?}");
        run(&planned::planned(site, &plan.id));
    }
    run(&planned::of_delivery(site, &sent.id));
}

/// A run of a sequence, from its beginning to its end; a version that does not follow is refused.
fn runs_by_hand(world: &World) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    let maria = world.contact(&phone(MARIA)).expect("Maria");
    let conversation = world.conversation(&phone(MARIA)).id;
    let first = Run {
        key: RunKey {
            conversation: conversation.clone(),
            sequence: "cold-lead".into(),
            about: String::new(),
        },
        version: 1,
        step: "1".into(),
        due_at: at,
        is_running: true,
        reason: None,
        body: RunBody {
            began_at: at,
            heard_after: at,
            silence_ms: None,
            appointment: None,
            told_on: None,
            done: Vec::new(),
        },
    };
    run(&runs::put(site, &first, at));
    run(&runs::due(at, 10));
    run(&runs::waiting(site, &conversation, 10));
    run(&runs::running(site, &conversation, 10));
    run(&runs::pass(site, &shared::id::ConversationId::parse("cnv_none").expect("an id"), &conversation));
    run(&conversations::promised(at, 10));
    run(&conversations::promises(site, 10));
    run(&counters::summed(site, "promises.kept", at));
    let last = Run { version: 2, is_running: false, reason: Some("sequence.done".into()), ..first.clone() };
    run(&runs::put(site, &last, at));
    for stale in [&first, &last] {
        let batch = now(shared::store::Db::batch(db, &[runs::put(site, stale, at)]));
        assert!(matches!(batch, Err(DbError::Conflict(_))), "{batch:?}");
    }
    run(&runs::one(site, &first.key));
    run(&runs::of_conversation(site, &conversation));
    run(&runs::of_contact(site, &maria, 10));
    run(&tags::add(site, &maria, "vip", at));
    run(&tags::of_contact(site, &maria));
    run(&tags::of_conversation(site, &conversation));
    run(&tags::remove(site, &maria, "vip"));
}

/// What the team is told in the inbox, and their rules.
fn asks_of_alerts(world: &World) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    let contact = world.contact(&phone(MARIA)).expect("Maria");
    let conversation = world.conversation(&phone(MARIA)).id;
    let agent = world.has_agent("Jun Park", "jun@team.example");
    run(&alerts::staff(site));
    run(&alerts::put_rules(site, &agent, &Rules::default()));
    run(&alerts::rules(site, &agent));
    for id in ["alr_1", "alr_2"] {
        let alert = Alert {
            id: AlertId::parse(id).expect("an id"),
            agent: agent.clone(),
            kind: AlertKind::Handoff,
            contact: contact.clone(),
            conversation: conversation.clone(),
            text: "They asked for a person.".into(),
            at,
            group: alert::group(&conversation),
        };
        run(&alerts::add(site, &alert));
        run(&alerts::unread(site, &agent, at));
        run(&alerts::read(site, &agent, &alert.id));
    }
    run(&alerts::read_all(site, &agent, at));
    let browser =
        PushSubscription { endpoint: "https://fcm.googleapis.com/x".into(), ..PushSubscription::default() };
    let id = push::id_of(&browser.endpoint);
    for _ in 0..2 {
        run(&alerts::subscribe(site, &agent, &id, &browser, at));
    }
    run(&alerts::staff(site));
    run(&alerts::subscription(site, &agent, &id));
    run(&alerts::unsubscribe(site, &agent, &id));
    run(&alerts::withdraw(site, &alert::group(&conversation)));
}

/// A delivery's ways, from the outbox to each of its ends.
fn deliveries_by_hand(world: &World) {
    let (db, site, at) = (&world.db, &world.site.id, world.ctx.now);
    let run = |stmt: &Stmt| db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql));
    let maria = world.contact(&phone(MARIA)).expect("Maria");
    let sent =
        world.deliveries(&maria).into_iter().find(|sent| sent.provider_id.is_some()).expect("one sent");
    let provider_id = sent.provider_id.clone().unwrap_or_default();
    run(&deliveries::by_provider(site, &sent.endpoint, &provider_id));
    for state in [DeliveryState::Delivered, DeliveryState::Sent, DeliveryState::Read] {
        let (provider_id, code) = (provider_id.clone(), None);
        let report = DeliveryReport { delivery: None, provider_id, state, code, suppress: None };
        run(&deliveries::report(site, &sent.endpoint, &report, at));
        run(&deliveries::suppress_reported(site, &sent.id, "its-hash", "complaint", state, at));
    }
    for end in ["abandoned", "withdrawn"] {
        let mut next = sent.clone();
        next.id = shared::id::DeliveryId::parse(&format!("dlv_{end}")).expect("an id");
        next.due_at = at;
        run(&deliveries::add(&next, at));
        run(&deliveries::due(at, 10));
        if end == "abandoned" {
            let stale =
                deliveries::Seen { entries: 99, fence: 0, address_hash: String::new(), last_seq: None };
            let seen = deliveries::Seen { entries: entries_of(world, &next.to), ..stale.clone() };
            for (lease, seen) in [("stale", &stale), ("lease", &seen), ("other", &seen)] {
                run(&deliveries::claim(site, &next.id, lease, at.plus_ms(1_000), at, seen));
                run(&claimed_verdict(world, &next, lease, at));
            }
            let late = at.plus_ms(2_000);
            run(&deliveries::abandon(site, &next.id, DeliveryState::Wedged, "unknown", late));
            run(&deliveries::note_provider(site, &next.id, "SM1"));
        } else {
            run(&deliveries::put_off(site, &next.id, "quiet.night", at.plus_ms(1_000), at));
            run(&deliveries::withdraw(site, &next.id, "consent", at));
        }
        run(&deliveries::delivery(&next.id));
    }
}

/// That a claimed delivery is let go, once.
fn claimed_verdict(world: &World, delivery: &Delivery, lease: &str, at: Timestamp) -> Stmt {
    let site = &world.site.id;
    let newest = deliveries::verdicts(site, &delivery.conversation, 1);
    let row: VerdictRow =
        world.db.run(&newest).expect("an answer").decode_first().expect("a row").expect("one");
    let detail = serde_json::from_str(&row.detail).expect("a verdict");
    let id = shared::id::VerdictId::parse(&format!("vrd_{lease}")).expect("an id");
    let verdict =
        Verdict { id, conversation: delivery.conversation.clone(), seq: Some(delivery.seq), detail };
    deliveries::add_claimed_verdict(site, &delivery.id, lease, &verdict, at)
}

fn entries_of(world: &World, address: &Address) -> u32 {
    let chain = world.db.run(&consents::chain(&world.site.id, address)).expect("a chain");
    u32::try_from(chain.rows.len()).expect("few entries")
}

/// What must fail, and fail alike: taken places, gaps, what is append-only, wrong types, limits, nonsense.
fn must_fail(world: &World) {
    let maria = world.contact(&phone(MARIA)).expect("Maria");
    let mut event = world.timeline(&maria).pop().expect("an event");
    let site = &world.site.id;
    let taken = events::append(site, &event);
    event.seq += 10;
    let gap = events::append(site, &event);
    let free = contacts::claim(site, &phone("+14155550000"), &maria, &event.id, world.ctx.now);
    let plain = |sql| Stmt { sql, args: Vec::new() };
    let with = |sql, args: &[&str]| Stmt { sql, args: args.iter().map(|arg| Arg::from(*arg)).collect() };
    let alone = [
        plain("DELETE FROM events"),
        plain("UPDATE events SET at_ms = 1"),
        plain("DELETE FROM consents"),
        plain("UPDATE consents SET hash = ''"),
        plain("UPDATE deliveries SET state = 'pending' WHERE state = 'cancelled'"),
        plain("UPDATE sites SET definition = NULL"),
        plain("UPDATE conversations SET last_seq = 1.5"),
        with("UPDATE conversations SET last_seq = ?1", &["many"]),
        with(
            "INSERT INTO endpoints (id, site_id, channel, address) VALUES ('e', ?1, 'sms', '+1')",
            &["none"],
        ),
        with("SELECT path FROM passages WHERE passages MATCH ?1", &["\"unbalanced"]),
        plain("SELECT * FROM nowhere"),
        plain("SELEKT 1"),
        Stmt { sql: MANY, args: (0..101_i64).map(Arg::from).collect() },
    ];
    for stmt in alone {
        assert!(world.db.run(&stmt).is_err(), "{}", stmt.sql);
    }
    for last in [taken, gap] {
        let batch = now(shared::store::Db::batch(&world.db, &[free.clone(), last]));
        assert!(matches!(batch, Err(DbError::Conflict(_))), "{batch:?}");
    }
    // Nothing of a batch that failed stands.
    let claims = contacts::claims(site, &phone("+14155550000"), START);
    assert_eq!(world.db.run(&claims).map(|answer| answer.rows.len()), Ok(0));
}

/// One parameter more than D1 takes.
const MANY: &str = "SELECT ?101";

fn every_statement_was_asked(recording: &[Recorded]) {
    let asked: BTreeSet<&str> =
        recording.iter().flat_map(|call| &call.stmts).map(|statement| statement.sql).collect();
    let never: Vec<_> = all_statements().into_iter().filter(|(_, sql)| !asked.contains(sql)).collect();
    assert!(never.is_empty(), "{} never asked: {never:#?}", never.len());
}

/// How D1's answer to a recorded call differs from the twin's.
fn difference(d1: &Host, call: &Recorded) -> Option<String> {
    if call.stmts.is_empty() {
        return None;
    }
    let statements: Vec<(&str, Vec<Value>)> =
        call.stmts.iter().map(|stmt| (stmt.sql, stmt.args.iter().map(json_of).collect())).collect();
    let answered =
        d1.batch(&statements).map(|answers| answers.into_iter().map(answer_of).collect::<Vec<_>>());
    let same = match (&call.answers, &answered) {
        (Ok(twin), Ok(d1)) => twin == d1,
        (Err(twin), Err(d1)) => {
            let words = words_of(twin);
            std::mem::discriminant(twin) == std::mem::discriminant(&DbError::from_message(d1))
                && d1.contains(words)
        }
        _ => false,
    };
    if same {
        return None;
    }
    if let (Ok(twin), Ok(d1)) = (&call.answers, &answered) {
        let differing = call.stmts.iter().zip(twin.iter().zip(d1)).filter(|(_, (twin, d1))| twin != d1);
        let told = differing.map(|(stmt, (twin, d1))| format!("{stmt:?}\n  twin {twin:?}\n  D1   {d1:?}"));
        return Some(told.collect::<Vec<_>>().join("\n"));
    }
    let sql: Vec<&str> = call.stmts.iter().map(|stmt| stmt.sql).collect();
    Some(format!("{sql:?}\n  twin {:?}\n  D1   {answered:?}", call.answers))
}

fn json_of(arg: &Arg) -> Value {
    match arg {
        Arg::Null => Value::Null,
        Arg::Int(number) => json!(number),
        Arg::Text(text) => json!(text),
    }
}

fn answer_of((rows, changes): (Vec<Value>, u32)) -> Answer {
    let rows = rows.into_iter().filter_map(|row| match row {
        Value::Object(map) => Some(map.into_iter().collect()),
        _ => None,
    });
    Answer { rows: rows.collect(), changes }
}

/// SQLite's own words: D1 may say more between them and the code.
fn words_of(error: &DbError) -> &str {
    match error {
        DbError::Conflict(words)
        | DbError::Limit(words)
        | DbError::Unavailable(words)
        | DbError::Corrupt(words) => words.rsplit_once(": SQLITE_").map_or(words, |(words, _)| words),
    }
}
