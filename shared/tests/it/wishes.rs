//! An opt-out is understood on any line about any line, acts at once, and is confirmed once and truly.

use shared::{
    channel::Channel,
    consent::{Action, Basis, ConsentEntry},
    contact::{Address, Assurance},
    event::{Body, Event},
    id::VisitorId,
    message::DeliveryState,
    store::{consents, contacts},
    time::{DAY_MS, MINUTE_MS},
    wire::Speaker,
};

use crate::world::{World, mailbox, phone, web};

const MARIA: &str = "+14155552671";
const OTHER: &str = "+14155552672";
const MAIL: &str = "maria@example.com";
const PRICE: &str = "How much is a puncture repair?";

fn world(seed: u64) -> World {
    World::with_knowledge(seed, &["prices.md"])
}

/// What reached an address, oldest first.
fn got(world: &World, address: &str) -> Vec<String> {
    let mut all = world.sandbox(address);
    all.retain(|message| message.recipient == address);
    all.reverse();
    all.into_iter().map(|message| message.text).collect()
}

fn texts(world: &mut World, from: &str, text: &str) {
    world.texts(from, text);
    world.advance(MINUTE_MS);
}

fn mails(world: &mut World, from: &str, text: &str) {
    world.mails(from, "Hello", text, None);
    world.advance(MINUTE_MS);
}

fn says(world: &mut World, visitor: &VisitorId, text: &str) {
    world.says(visitor, text).unwrap();
    world.advance(MINUTE_MS);
}

fn chain(world: &World, address: &Address) -> Vec<ConsentEntry> {
    consents::decode_chain(world.db.run(&consents::chain(&world.site.id, address)).unwrap()).unwrap()
}

fn is_blocked(world: &World, address: &Address) -> bool {
    let rows = world.db.run(&contacts::by_address(&world.site.id, address)).unwrap();
    contacts::decode_by_address(rows).unwrap().is_some_and(|(_, handle)| handle.blocked)
}

fn newest(world: &World, address: &Address) -> (Action, Basis, Channel, String) {
    let chain = chain(world, address);
    assert_eq!(shared::consent::first_break(&chain), None);
    let body = chain.last().expect("an entry").body.clone();
    (body.action, body.basis, body.channel, body.evidence)
}

/// Maria, who texts and mails as one contact: she answered on her phone what was begun on the site, and her mailbox was
/// proven the same way.
fn on_two_lines(seed: u64) -> (World, VisitorId) {
    let mut world = world(seed);
    let visitor = world.visitor();
    says(&mut world, &visitor, PRICE);
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    world.continues(&visitor, Channel::Email, MAIL).unwrap();
    world.advance(MINUTE_MS);
    texts(&mut world, MARIA, PRICE);
    mails(&mut world, MAIL, PRICE);
    assert_eq!(world.contact(&phone(MARIA)), world.contact(&mailbox(MAIL)));
    (world, visitor)
}

fn timeline(world: &World, address: &Address) -> Vec<Event> {
    world.timeline(&world.contact(address).unwrap())
}

fn revoked(events: &[Event]) -> Vec<(Channel, String)> {
    let revoked = events.iter().filter_map(|event| match &event.body {
        Body::Consent { channel, action, address, .. } if action == "revoke" => {
            Some((*channel, address.clone()))
        }
        _ => None,
    });
    revoked.collect()
}

#[test]
fn an_email_that_asks_how_to_stop_the_texts_stops_the_texts_and_no_email() {
    let (mut world, _) = on_two_lines(71);
    let (before, mailed) = (got(&world, MARIA).len(), got(&world, MAIL).len());
    mails(&mut world, MAIL, "how do i stop the texts");
    assert!(is_blocked(&world, &phone(MARIA)) && !is_blocked(&world, &mailbox(MAIL)));
    let expected = (Action::Revoke, Basis::Words, Channel::Sms, "how do i stop the texts".to_owned());
    assert_eq!(newest(&world, &phone(MARIA)), expected);
    let mail = got(&world, MAIL);
    assert_eq!(mail.len(), mailed + 1, "one confirmation: {mail:?}");
    assert!(mail[mailed].contains("no more texts.") && !mail[mailed].contains("START"), "{}", mail[mailed]);
    assert_eq!(got(&world, MARIA).len(), before, "nothing by text, not even a confirmation");
    mails(&mut world, MAIL, PRICE);
    assert!(got(&world, MAIL).last().unwrap().contains("$18"), "the mailbox stays open");
    assert_eq!(revoked(&timeline(&world, &mailbox(MAIL))), [(Channel::Sms, "•••2671".to_owned())]);
}

#[test]
fn a_text_that_wants_no_more_emails_stops_those_and_no_text() {
    let (mut world, _) = on_two_lines(72);
    let (before, mailed) = (got(&world, MARIA).len(), got(&world, MAIL).len());
    texts(&mut world, MARIA, "please no more emails");
    assert!(!is_blocked(&world, &phone(MARIA)) && is_blocked(&world, &mailbox(MAIL)));
    let text = got(&world, MARIA);
    assert_eq!(text.len(), before + 1);
    assert!(text[before].contains("no more emails."), "{}", text[before]);
    texts(&mut world, MARIA, PRICE);
    assert!(got(&world, MARIA).last().unwrap().contains("$18"), "texts go on");
    mails(&mut world, MAIL, PRICE);
    assert_eq!(got(&world, MAIL).len(), mailed, "no email any more");
    mails(&mut world, MAIL, "START");
    assert!(
        got(&world, MAIL).last().unwrap().contains("you will get emails again"),
        "{:?}",
        got(&world, MAIL)
    );
    mails(&mut world, MAIL, "And what is the price of a puncture repair?");
    assert!(got(&world, MAIL).last().unwrap().contains("$18"));
}

#[test]
fn stop_by_text_keeps_email_and_unsubscribe_by_email_keeps_texts() {
    let (mut world, _) = on_two_lines(73);
    texts(&mut world, MARIA, "STOP");
    assert!(is_blocked(&world, &phone(MARIA)) && !is_blocked(&world, &mailbox(MAIL)));
    assert_eq!(newest(&world, &phone(MARIA)).1, Basis::Keyword);
    let last = got(&world, MARIA).last().unwrap().clone();
    assert!(last.contains("no more texts. Reply START to get them again."), "{last}");
    mails(&mut world, MAIL, PRICE);
    assert!(got(&world, MAIL).last().unwrap().contains("$18"));
    let (mut world, _) = on_two_lines(74);
    mails(&mut world, MAIL, "unsubscribe me");
    assert!(!is_blocked(&world, &phone(MARIA)) && is_blocked(&world, &mailbox(MAIL)));
    assert!(got(&world, MAIL).last().unwrap().contains("no more emails. Reply START"));
    texts(&mut world, MARIA, PRICE);
    assert!(got(&world, MARIA).last().unwrap().contains("$18"));
}

#[test]
fn never_contact_me_again_stops_every_address_with_an_entry_each_and_one_confirmation() {
    let (mut world, visitor) = on_two_lines(75);
    let (texted, mailed) = (got(&world, MARIA).len(), got(&world, MAIL).len());
    texts(&mut world, MARIA, "Don't ever contact me again");
    for (address, channel) in [(phone(MARIA), Channel::Sms), (mailbox(MAIL), Channel::Email)] {
        assert!(is_blocked(&world, &address));
        let (action, basis, on, _) = newest(&world, &address);
        assert_eq!((action, basis, on), (Action::Revoke, Basis::Words, channel));
    }
    let text = got(&world, MARIA);
    assert_eq!((text.len(), got(&world, MAIL).len()), (texted + 1, mailed));
    let all =
        "no more texts, emails, Messenger messages or Instagram messages. Reply START to get texts again.";
    assert!(text[texted].contains(all), "{}", text[texted]);
    let mut shown = revoked(&timeline(&world, &phone(MARIA)));
    shown.sort();
    let lines: Vec<(Channel, &str)> = shown.iter().map(|(channel, to)| (*channel, to.as_str())).collect();
    assert_eq!(lines[..2], [(Channel::Sms, "•••2671"), (Channel::Email, "m•••@example.com")]);
    assert_eq!(
        lines[2..].iter().map(|line| line.0).collect::<Vec<_>>(),
        [Channel::Messenger, Channel::Instagram]
    );
    texts(&mut world, MARIA, "leave me alone!!");
    assert_eq!(got(&world, MARIA).len(), texted + 1, "a second time is answered by silence");
    says(&mut world, &visitor, "How much is a full service?");
    assert!(
        world.last_answer(&web(&visitor)).message().unwrap().text.contains("$140"),
        "the site is still there"
    );
}

#[test]
fn an_answer_that_is_owed_on_a_stopped_line_is_not_sent() {
    let (mut world, _) = on_two_lines(76);
    let before = got(&world, MARIA);
    world.texts(MARIA, PRICE);
    world.mails(MAIL, "Hello", "stop texting me", None);
    world.advance(MINUTE_MS);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let mut waiting = world.deliveries(&contact).into_iter().filter(|delivery| delivery.to == phone(MARIA));
    assert!(waiting.all(|delivery| delivery.state != DeliveryState::Pending));
    assert_eq!(got(&world, MARIA), before, "the owed answer is not sent");
}

#[test]
fn a_delivery_that_is_in_the_outbox_is_cancelled_by_a_wish_on_another_line() {
    let (mut world, _) = on_two_lines(77);
    world.texts(MARIA, PRICE);
    // The answer is thought of and put in the outbox, and its hint is lost.
    world.ctx.now = world.ctx.now.plus_ms(5_000);
    let think = world.waiting.pop_first().expect("an answer is owed").1;
    world.perform(&think);
    world.waiting.clear();
    let contact = world.contact(&phone(MARIA)).unwrap();
    let pending = |world: &World| {
        let all = world.deliveries(&contact).into_iter();
        all.filter(|delivery| delivery.state == DeliveryState::Pending && delivery.to == phone(MARIA)).count()
    };
    assert_eq!(pending(&world), 1);
    world.mails(MAIL, "Hello", "no more texts please", None);
    assert_eq!(pending(&world), 0);
    let withdrawn = world.deliveries(&contact).into_iter().find(|one| one.state == DeliveryState::Cancelled);
    assert_eq!(withdrawn.unwrap().reason.as_deref(), Some("opted_out"));
}

#[test]
fn a_browser_stops_the_number_that_was_typed_on_it() {
    let mut world = world(78);
    let visitor = world.visitor();
    says(&mut world, &visitor, PRICE);
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(2 * DAY_MS);
    says(&mut world, &visitor, "stop texting me");
    assert!(is_blocked(&world, &phone(MARIA)));
    let timeline = timeline(&world, &web(&visitor));
    let last = timeline.last().unwrap();
    assert_eq!((last.channel, &last.speaker), (Channel::Widget, &Speaker::System));
    assert!(last.message().unwrap().text.contains("no more texts."), "{last:?}");
    says(&mut world, &visitor, "How much is a full service?");
    assert!(world.last_answer(&web(&visitor)).message().unwrap().text.contains("$140"));
    texts(&mut world, MARIA, "START");
    assert!(!is_blocked(&world, &phone(MARIA)), "START from the number brings it back");
}

#[test]
fn a_stranger_who_reached_her_timeline_stops_only_the_number_that_was_typed_there() {
    let mut world = world(79);
    texts(&mut world, OTHER, PRICE);
    // The stranger types Maria's number, she answers, and gives her mailbox by text.
    let stranger = world.visitor();
    says(&mut world, &stranger, PRICE);
    world.continues(&stranger, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    texts(&mut world, MARIA, "Email me the price of a full service at maria@example.com");
    assert!(!got(&world, MAIL).is_empty(), "she is written to");
    assert_eq!(world.contact(&web(&stranger)), world.contact(&mailbox(MAIL)));
    says(&mut world, &stranger, "no more emails");
    assert!(!is_blocked(&world, &mailbox(MAIL)), "it was never typed here");
    says(&mut world, &stranger, "stop texting +1 415 555 2672");
    assert!(!is_blocked(&world, &phone(OTHER)), "a number that is merely mentioned is nobody's to stop");
    says(&mut world, &stranger, "do not contact me ever again");
    assert!(is_blocked(&world, &phone(MARIA)) && !is_blocked(&world, &mailbox(MAIL)));
}

#[test]
fn a_claim_on_anothers_number_may_be_taken_back_where_it_was_typed_and_only_there() {
    let mut world = world(80);
    texts(&mut world, MARIA, PRICE);
    let bystander = world.visitor();
    says(&mut world, &bystander, PRICE);
    says(&mut world, &bystander, "stop texting me");
    assert!(!is_blocked(&world, &phone(MARIA)));
    let typist = world.visitor();
    says(&mut world, &typist, PRICE);
    world.continues(&typist, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    says(&mut world, &typist, "stop texting me");
    assert!(is_blocked(&world, &phone(MARIA)));
    assert_eq!(newest(&world, &phone(MARIA)).1, Basis::Words);
}

#[test]
fn a_proven_browser_stops_every_address_of_its_contact() {
    let (mut world, visitor) = on_two_lines(81);
    texts(&mut world, MARIA, "Email me the price of a full service at second@example.com");
    let proof = contacts::prove_handle(&world.site.id, &web(&visitor), Assurance::Possessed);
    world.db.run(&proof).unwrap();
    says(&mut world, &visitor, "please stop all emails");
    assert!(is_blocked(&world, &mailbox(MAIL)) && is_blocked(&world, &mailbox("second@example.com")));
    assert!(!is_blocked(&world, &phone(MARIA)));
}

#[test]
fn in_the_widget_a_lone_word_and_a_wish_that_reaches_nobody_are_left_to_whoever_answers() {
    let mut world = world(82);
    let visitor = world.visitor();
    for text in ["stop", "unsubscribe", "stop texting me"] {
        let before = world.contact(&web(&visitor)).map_or(0, |contact| world.timeline(&contact).len());
        says(&mut world, &visitor, text);
        let timeline = timeline(&world, &web(&visitor));
        assert!(timeline[before..].iter().any(|event| event.speaker == Speaker::Assistant), "{text}");
        assert!(revoked(&timeline).is_empty(), "{text}");
    }
}

#[test]
fn a_spanish_wish_is_confirmed_in_spanish() {
    let (mut world, _) = on_two_lines(83);
    texts(&mut world, MARIA, "Por favor, no me envíen más correos");
    assert!(is_blocked(&world, &mailbox(MAIL)));
    assert!(
        got(&world, MARIA).last().unwrap().contains("no recibirá más correos."),
        "{:?}",
        got(&world, MARIA)
    );
    texts(&mut world, MARIA, "no quiero más mensajes");
    let last = got(&world, MARIA).last().unwrap().clone();
    assert!(last.contains("no recibirá más mensajes de texto. Responda START"), "{last}");
}

#[test]
fn a_mail_nobody_vouches_for_stops_its_own_mailbox_and_no_number() {
    let (mut world, _) = on_two_lines(84);
    let forged = |text: &str| {
        format!(
            "From: {MAIL}\r\nTo: hello@spokeandpedal.example\r\nSubject: Hi\r\nMessage-ID: <{}@evil>\r\n\
             Authentication-Results: mx.cloudflare.net; dmarc=fail; spf=fail; dkim=none\r\n\r\n{text}\r\n",
            text.len()
        )
    };
    let to = world.endpoint(Channel::Email).address;
    world.routed(MAIL, &to, forged("stop texting me"));
    world.advance(MINUTE_MS);
    assert!(!is_blocked(&world, &phone(MARIA)) && !is_blocked(&world, &mailbox(MAIL)));
    world.routed(MAIL, &to, forged("never contact me again"));
    world.advance(MINUTE_MS);
    assert!(!is_blocked(&world, &phone(MARIA)) && is_blocked(&world, &mailbox(MAIL)));
}

#[test]
fn a_mailbox_written_in_another_case_is_stopped_once_and_for_good() {
    let mut world = World::with_knowledge(71, &["prices.md"]);
    let visitor = world.visitor();
    world.says(&visitor, "How much is a puncture repair?").unwrap();
    world.advance(MINUTE_MS);
    world.continues(&visitor, Channel::Email, "Maria.Lopez@Mail.example").unwrap();
    world.advance(MINUTE_MS);
    world.mails("maria.lopez@mail.example", "Enough", "Please never contact me again.", None);
    world.advance(MINUTE_MS);
    let address = mailbox("maria.lopez@mail.example");
    let rows = world.db.run(&consents::chain(&world.site.id, &address)).unwrap();
    let chain = consents::decode_chain(rows).unwrap();
    let last = chain.last().unwrap();
    assert_eq!(last.body.action, Action::Revoke, "{chain:#?}");
    assert_eq!(chain.iter().filter(|entry| entry.body.action == Action::Revoke).count(), 1, "{chain:#?}");
}
