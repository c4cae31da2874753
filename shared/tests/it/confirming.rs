//! Double opt-in: a box ticked for a mailbox counts for marketing once the mailbox itself has confirmed it.

use shared::{
    channel::{Channel, email::confirm},
    consent::{Action, Basis, ConsentEntry, Level, Standing, first_break, standing},
    delivery::Purpose,
    flow::{
        FlowError,
        confirm::{Presser, press, show},
        forms,
    },
    form,
    id::VisitorId,
    page::ConfirmState,
    store::consents,
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
};

use crate::world::{World, mailbox, now};

const ANN: &str = "ann@mail.example";
const WORDS: &str = "News and offers from Larkspur Bike Workshop by email.";

fn fills(world: &mut World, visitor: &VisitorId, mailbox: &str, n: u32) {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("name", "Ann Archer")
        .append_pair("email", mailbox)
        .append_pair("message", &format!("How much is a full service? ({n})"))
        .append_pair("email_marketing", "on")
        .append_pair("tl_label.email_marketing", WORDS)
        .append_pair("tl_ms", "9000")
        .append_pair("tl_id", &format!("evt_form{n}"))
        .finish();
    let posted = form::read(body.as_bytes()).unwrap();
    let mut ctx = world.ctx.clone();
    let handled = now(forms::take(world.scope(), &mut ctx, visitor, "en", &posted)).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
    world.advance(MINUTE_MS);
}

/// The links to confirm in a mailbox, oldest first.
fn links(world: &World, who: &str) -> Vec<String> {
    let asks = world.taken_for(who).into_iter().filter(|mail| mail.text.contains("/c/"));
    asks.map(|mail| mail.text.split("/c/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned())
        .collect()
}

fn asked(token: &str) -> confirm::Asked {
    confirm::open("test-signing-key", token).expect("one of ours")
}

fn presses(world: &mut World, token: &str) -> Result<(), FlowError> {
    let mut ctx = world.ctx.clone();
    let by = Presser { ip: Some("203.0.113.9".into()), agent: Some("Browser/1".into()) };
    let handled = now(press(world.scope(), &mut ctx, &asked(token), token, by))?;
    world.ctx = ctx;
    world.note(handled.effects);
    Ok(())
}

fn page(world: &World, token: &str) -> ConfirmState {
    now(show(world.scope(), &world.ctx, &asked(token), token)).unwrap().state
}

fn chain(world: &World, who: &str) -> Vec<ConsentEntry> {
    let rows = world.db.run(&consents::chain(&world.site.id, &mailbox(who))).unwrap();
    consents::decode_chain(rows).unwrap()
}

fn level(world: &World, who: &str) -> Option<Level> {
    match standing(&chain(world, who), Channel::Email, Purpose::Marketing, None, world.ctx.now) {
        Standing::Granted { level, .. } => Some(level),
        _ => None,
    }
}

#[test]
fn a_ticked_box_is_confirmed_by_the_mailbox_itself_and_the_ledger_proves_how() {
    let mut world = World::with_knowledge(500, &["prices.md"]);
    let visitor = world.visitor();
    fills(&mut world, &visitor, ANN, 1);
    assert_eq!(level(&world, ANN), Some(Level::ExpressWritten));
    let mails = world.taken_for(ANN);
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert_eq!(
        mails[0].subject.as_deref(),
        Some("Please confirm: news and offers from Larkspur Bike Workshop")
    );
    assert!(!mails[0].text.contains("Ann") && !mails[0].text.contains(WORDS), "nothing that was typed");
    let token = links(&world, ANN).remove(0);
    assert_eq!(page(&world, &token), ConfirmState::Asked);
    assert_eq!(level(&world, ANN), Some(Level::ExpressWritten), "looking at the page changes nothing");
    presses(&mut world, &token).unwrap();
    presses(&mut world, &token).unwrap();
    assert_eq!((page(&world, &token), level(&world, ANN)), (ConfirmState::Confirmed, Some(Level::Confirmed)));
    let chain = chain(&world, ANN);
    assert_eq!((chain.len(), first_break(&chain)), (2, None), "once");
    let body = &chain[1].body;
    assert_eq!((body.action, body.basis), (Action::Confirm, Basis::Link));
    assert_eq!(body.evidence, "Yes, send me news and offers");
    let proof = body.confirmed.as_ref().unwrap();
    assert_eq!((proof.ip.as_deref(), proof.agent.as_deref()), (Some("203.0.113.9"), Some("Browser/1")));
    assert!(proof.asked_at < chain[1].at && proof.token.len() == 64);
    // The owner's proof of it reads so, and its chain holds.
    let contact = world.contact(&mailbox(ANN)).unwrap();
    let proven = now(shared::flow::proof::prove(world.scope(), &world.ctx, &contact)).unwrap();
    let page = shared::page::proof(&proven, "UTC");
    for words in ["pressed the button behind the link", "203.0.113.9, Browser/1", WORDS] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn a_mailbox_that_does_not_answer_is_asked_once_a_day_and_three_times_at_most() {
    let mut world = World::with_knowledge(501, &["prices.md"]);
    let visitor = world.visitor();
    fills(&mut world, &visitor, ANN, 1);
    world.advance(HOUR_MS);
    fills(&mut world, &visitor, ANN, 2);
    assert_eq!(links(&world, ANN).len(), 1, "not again within a day");
    for n in 3..8 {
        world.advance(DAY_MS);
        fills(&mut world, &visitor, ANN, n);
    }
    assert_eq!((links(&world, ANN).len(), chain(&world, ANN).len()), (3, 1));
}

#[test]
fn a_link_ends_after_a_week_and_one_of_another_key_is_none() {
    let mut world = World::with_knowledge(502, &["prices.md"]);
    let visitor = world.visitor();
    fills(&mut world, &visitor, ANN, 1);
    let token = links(&world, ANN).remove(0);
    world.advance(7 * DAY_MS);
    assert_eq!(page(&world, &token), ConfirmState::Ended);
    presses(&mut world, &token).unwrap();
    assert_eq!(level(&world, ANN), Some(Level::ExpressWritten));
    assert_eq!(confirm::open("another key", &token), None);
}

#[test]
fn whoever_stopped_our_mail_is_not_asked_and_no_link_starts_it_again() {
    let mut world = World::with_knowledge(503, &["prices.md"]);
    let visitor = world.visitor();
    fills(&mut world, &visitor, ANN, 1);
    let token = links(&world, ANN).remove(0);
    world.mails(ANN, "No", "STOP", None);
    world.advance(MINUTE_MS);
    assert_eq!(page(&world, &token), ConfirmState::Stopped);
    presses(&mut world, &token).unwrap();
    assert_eq!(level(&world, ANN), None);
    world.advance(2 * DAY_MS);
    fills(&mut world, &visitor, ANN, 2);
    assert_eq!(links(&world, ANN).len(), 1);
}

#[test]
fn a_box_that_somebody_else_ticked_counts_once_the_owner_of_the_mailbox_says_so() {
    let mut world = World::with_knowledge(504, &["prices.md"]);
    world.mails(ANN, "Hello", "How much is a full service?", None);
    world.advance(MINUTE_MS);
    let visitor = world.visitor();
    fills(&mut world, &visitor, ANN, 1);
    assert_eq!(chain(&world, ANN).len(), 0, "nobody agrees to marketing at what is another's");
    let token = links(&world, ANN).remove(0);
    presses(&mut world, &token).unwrap();
    assert_eq!((chain(&world, ANN).len(), level(&world, ANN)), (1, Some(Level::Confirmed)));
}

#[test]
fn news_goes_to_a_mailbox_that_confirmed_and_nothing_else_does_until_somebody_writes_from_it() {
    use shared::planned::{PlannedBody, PlannedState, Unless};
    let mut world = World::with_knowledge(505, &["prices.md"]);
    let visitor = world.visitor();
    fills(&mut world, &visitor, ANN, 1);
    world.continues(&visitor, Channel::Sms, "+14155550123").unwrap();
    world.advance(MINUTE_MS);
    world.texts("+14155550123", "It is me");
    world.advance(MINUTE_MS);
    let plans = |world: &mut World, purpose| {
        let conversation = world.conversation(&crate::world::phone("+14155550123")).id;
        let body = PlannedBody {
            member: false,
            speaker: "news".into(),
            purpose,
            topic: None,
            among: vec![Channel::Email],
            text: "New tyres are in.".into(),
            mail: None,
            subject: None,
            unless: Unless::default(),
        };
        let id = shared::id::PlannedId::mint(&mut world.ctx);
        let plan = shared::command::Plan { id: id.clone(), conversation, body, due_at: world.ctx.now };
        let mut ctx = world.ctx.clone();
        let command = shared::command::Command::Plan(plan);
        let handled = now(shared::flow::handle(world.scope(), &mut ctx, &command)).unwrap();
        world.ctx = ctx;
        world.note(handled.effects);
        world.advance(MINUTE_MS);
        let stored = world.db.run(&shared::store::planned::planned(&world.site.id, &id)).unwrap();
        let stored = shared::store::planned::decode(stored).unwrap().remove(0);
        (stored.state, stored.reason)
    };
    let none = (PlannedState::Held, Some("reachability.none".to_owned()));
    assert_eq!(plans(&mut world, Purpose::Marketing), none, "her number is proven, the mailbox is not");
    let token = links(&world, ANN).remove(0);
    presses(&mut world, &token).unwrap();
    assert_eq!(plans(&mut world, Purpose::Marketing), (PlannedState::Said, None));
    assert_eq!(plans(&mut world, Purpose::Transactional), none);
}
