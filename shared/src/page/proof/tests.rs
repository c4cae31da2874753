//! The proof as a lawyer reads it, and as an attacker would like it to be read.

use super::*;
use crate::{
    channel::Channel,
    consent::{Action, Basis, ConsentBody, ConsentEntry},
    contact::{Address, Assurance, Contact, Handle},
    id::{ContactId, EventId},
    proof::{Found, Link},
    site::Site,
    store::deliveries::Suppressed,
};

/// Tuesday, 24 November 2026, 17:12 UTC.
const NOON: Timestamp = Timestamp::from_ms(1_795_540_320_000);

fn site() -> Site {
    serde_json::from_str(include_str!("../../../../examples/site/throughline.json")).unwrap()
}

fn link(evidence: &str) -> Link {
    let event = EventId::parse("evt_1").unwrap();
    let body = ConsentBody::of(Channel::Sms, Action::Revoke, Basis::Keyword, evidence, &event);
    let (id, contact) = (ConsentId::parse("cns_1").unwrap(), ContactId::parse("ctc_1").unwrap());
    let of = (&site().id, &Address::new(AddressKind::Phone, "+14155552671"));
    let entry = ConsentEntry::after(&[], of, id, contact, NOON, body);
    let (body, at_ms) = (entry.text(), entry.at.ms());
    Link { n: 1, id: entry.id, contact: entry.contact, at_ms, body, hash: entry.hash }
}

fn page_of(name: &str, address: &str, link: Link) -> String {
    let id = ContactId::parse("ctc_1").unwrap();
    let handle = Handle {
        address: Address::new(AddressKind::Phone, address),
        owner: id.clone(),
        assurance: Assurance::Possessed,
        blocked: true,
        is_shared: false,
    };
    let contact = Contact { id, name: Some(name.into()), locale: None, time_zone: None };
    let suppressed = Some(Suppressed { reason: "hard_bounce".into(), at_ms: NOON.ms() });
    let addresses = vec![(handle, vec![link], suppressed)];
    let found = Found { contact, addresses, disclosed: Vec::new(), events: Vec::new() };
    proof(&Proof::of(&site(), found, NOON), "America/Los_Angeles")
}

#[test]
fn it_says_who_when_how_and_what_holds() {
    let page = page_of("Maria Lopez", "+14155552671", link("STOP"));
    for part in [
        "Maria Lopez",
        "+14155552671",
        "1. Opted out of text messages",
        "Tuesday, 24 November 2026 at 9:12",
        "2026-11-24T17:12:00Z",
        ">STOP</blockquote>",
        "sent a keyword",
        "taken back",
        "by entry 1",
        "never written to: hard bounce",
        "1 entry, all links hold",
        "The assistant has not spoken to this contact.",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn hostile_words_stay_words() {
    let evil = "</blockquote><script>alert(1)</script><img src=x onerror=alert(1)>";
    let page = page_of(evil, evil, link(evil));
    assert!(!page.contains("<script") && !page.contains("<img"));
    assert_eq!(page.matches("<blockquote").count(), page.matches("</blockquote>").count());
}

#[test]
fn a_chain_that_breaks_is_shown_to_break() {
    for body in [link("STOP").body.replace("STOP", "GO"), "{}".to_owned()] {
        let page = page_of("Maria", "+1", Link { body, ..link("STOP") });
        assert!(page.contains("the chain breaks at entry 1") && !page.contains("all links hold"), "{page}");
    }
    // What is not part of the entry, and so not of its hash, does not pass for the text that was hashed.
    let body = link("STOP").body.replacen('{', "{\"note\":1,", 1);
    assert!(page_of("Maria", "+1", Link { body, ..link("STOP") }).contains("the chain breaks at entry 1"));
}
