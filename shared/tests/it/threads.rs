//! What a mail answers, and that neither a signed address nor a Message-ID opens another contact's conversation.

use shared::{
    channel::{Channel, email::mime},
    event::{Body, Event},
    time::MINUTE_MS,
    wire::Speaker,
};

use crate::world::{World, mailbox};

const MARIA: &str = "maria@example.com";
const WORK: &str = "m.lopez@work.example";

/// Maria's mailbox is proven, has told her name and budget, and was answered.
fn maria_is_known(seed: u64) -> World {
    let mut world = World::new(seed);
    world.mails(MARIA, "Hello", "My name is Maria and my budget is $300. How much is a tune-up?", None);
    world.advance(MINUTE_MS);
    assert!(world.last_answer(&mailbox(MARIA)).message().is_some());
    world
}

/// A field of our newest mail to Maria.
fn field(world: &World, name: &str) -> String {
    let mails = world.sandbox(MARIA);
    let ours = mails.iter().find(|mail| mail.recipient == MARIA).unwrap();
    let raw = ours.raw.clone().unwrap();
    mime::field(&mime::parse_mail(raw.as_bytes()).headers, name).unwrap().to_owned()
}

fn signed_address(world: &World) -> String {
    mime::mailboxes(&field(world, "reply-to")).pop().unwrap().1
}

/// A mail as Email Routing brings it, with what it says of the author.
fn arrives(world: &mut World, from: &str, to: &str, results: &str, fields: &str, text: &str) {
    let id = world.ctx.entropy.next_u64().to_string();
    arrives_as(world, &id, from, to, results, fields, text);
}

fn arrives_as(world: &mut World, id: &str, from: &str, to: &str, results: &str, fields: &str, text: &str) {
    let raw = format!(
        "Received: from mx.example by mx.cloudflare.net; Wed, 25 Nov 2026 10:00:00 +0000\r\n\
         Authentication-Results: mx.cloudflare.net; {results}\r\nFrom: {from}\r\nTo: {to}\r\n\
         Subject: Something else\r\nMessage-ID: <{id}@mail.example>\r\n{fields}\r\n{text}\r\n"
    );
    world.routed(from, to, raw);
    world.advance(MINUTE_MS);
}

fn timeline(world: &World, address: &str) -> Vec<Event> {
    world.timeline(&world.contact(&mailbox(address)).unwrap())
}

fn notes(world: &World, address: &str) -> usize {
    timeline(world, address).iter().filter(|event| matches!(event.body, Body::Answered { .. })).count()
}

fn conversations(world: &World, address: &str) -> usize {
    let mut ids: Vec<_> = timeline(world, address).into_iter().map(|event| event.conversation).collect();
    ids.dedup();
    ids.len()
}

fn last_words(world: &World, address: &str) -> String {
    world.last_answer(&mailbox(address)).message().unwrap().text.clone()
}

#[test]
fn ones_own_mailbox_goes_on_by_the_signed_address() {
    let mut world = maria_is_known(51);
    let to = signed_address(&world);
    arrives(&mut world, MARIA, &to, "dmarc=none", "", "How much is a full service?");
    assert!(last_words(&world, MARIA).contains("Maria"), "the address speaks for her");
    assert_eq!((conversations(&world, MARIA), notes(&world, MARIA)), (1, 0));
}

#[test]
fn ones_own_mailbox_goes_on_by_references_with_another_subject() {
    let mut world = maria_is_known(52);
    let references = format!("References: <gone@elsewhere> {}\r\n", field(&world, "message-id"));
    let to = world.site.endpoint_on(Channel::Email).unwrap().address.clone();
    let vouched = "dmarc=pass header.from=example.com";
    arrives(&mut world, MARIA, &to, vouched, &references, "How much is a full service?");
    assert!(last_words(&world, MARIA).contains("$140"));
    assert_eq!((conversations(&world, MARIA), notes(&world, MARIA)), (1, 0));
}

#[test]
fn another_mailbox_with_the_signed_address_is_a_contact_of_its_own_and_noted() {
    let mut world = maria_is_known(53);
    let before = timeline(&world, MARIA).len();
    let to = signed_address(&world);
    let vouched = "dmarc=pass header.from=work.example";
    for text in ["How much is a full service?", "What is my name, and what is my budget?"] {
        arrives(&mut world, WORK, &to, vouched, "", text);
        let answer = last_words(&world, WORK);
        assert!(!answer.contains("Maria") && !answer.contains("300"), "{answer}");
    }
    assert_ne!(world.contact(&mailbox(WORK)), world.contact(&mailbox(MARIA)), "never joined by itself");
    let hers = timeline(&world, MARIA);
    assert_eq!(hers.len(), before + 1, "the note and nothing else: {hers:#?}");
    let Body::Answered { address, contact, .. } = &hers.last().unwrap().body else { panic!("{hers:#?}") };
    assert!(!address.contains("lopez"), "masked: {address}");
    assert_eq!(Some(contact), world.contact(&mailbox(WORK)).as_ref());
    assert_eq!((notes(&world, WORK), notes(&world, MARIA)), (1, 1), "once, however often they write");
    assert_eq!(hers.last().unwrap().speaker, Speaker::System);
}

#[test]
fn another_mailbox_that_only_refers_to_a_mail_is_noted_as_well() {
    let mut world = maria_is_known(54);
    let reply = format!("In-Reply-To: <x@y> {}\r\n", field(&world, "message-id"));
    let to = world.site.endpoint_on(Channel::Email).unwrap().address.clone();
    arrives(&mut world, WORK, &to, "dmarc=pass header.from=work.example", &reply, "How much is a tune-up?");
    assert_eq!((notes(&world, WORK), notes(&world, MARIA)), (1, 1));
    assert_ne!(world.contact(&mailbox(WORK)), world.contact(&mailbox(MARIA)));
}

#[test]
fn a_known_contact_who_uses_anothers_signed_address_stays_in_their_own_conversation() {
    let mut world = maria_is_known(55);
    world.mails(WORK, "Hello", "How much is a puncture repair?", None);
    world.advance(MINUTE_MS);
    let before = timeline(&world, MARIA).len();
    let to = signed_address(&world);
    arrives(&mut world, WORK, &to, "dmarc=none", "", "And what is my name?");
    assert_eq!(timeline(&world, MARIA).len(), before);
    assert_eq!(conversations(&world, WORK), 1);
    let newest = timeline(&world, WORK).into_iter().rfind(|event| event.speaker == Speaker::Contact).unwrap();
    assert!(newest.message().unwrap().unverified, "another's address proves nothing of theirs");
}

#[test]
fn a_stranger_with_a_leaked_address_and_a_forged_from_does_not_get_in_as_the_contact() {
    for results in ["dmarc=fail header.from=example.com", "spf=fail smtp.mailfrom=example.com; dmarc=none"] {
        let mut world = maria_is_known(56);
        let to = signed_address(&world);
        arrives(&mut world, MARIA, &to, results, "", "What is my name, and what is my budget?");
        let forged =
            timeline(&world, MARIA).into_iter().rfind(|event| event.speaker == Speaker::Contact).unwrap();
        assert!(forged.message().unwrap().unverified, "{results}");
        let answer = last_words(&world, MARIA);
        assert!(!answer.contains("Maria") && !answer.contains("300"), "{results}: {answer}");
    }
}

#[test]
fn another_senders_mail_that_reuses_a_message_id_is_taken_and_a_redelivery_is_not() {
    let mut world = World::new(57);
    let to = world.site.endpoint_on(Channel::Email).unwrap().address.clone();
    let (example, work) = ("dmarc=pass header.from=example.com", "dmarc=pass header.from=work.example");
    let said = |world: &World, address: &str| {
        let all = timeline(world, address).into_iter();
        all.filter(|event| event.speaker == Speaker::Contact).count()
    };
    for _ in 0..2 {
        arrives_as(&mut world, "same", MARIA, &to, example, "", "How much is a tune-up?");
    }
    assert_eq!(said(&world, MARIA), 1, "a redelivery");
    arrives_as(&mut world, "same", WORK, &to, work, "", "How much is a tune-up?");
    assert_eq!(said(&world, WORK), 1, "another sender");
    arrives_as(&mut world, "same", MARIA, &to, example, "", "And a full service?");
    assert_eq!(said(&world, MARIA), 2, "other words");
}
