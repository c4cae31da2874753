//! Proof of consent: complete, of this site only, and checked by a program that shares no code with the product.

use serde_json::{Value, json};
use shared::{
    channel::Channel,
    ctx::Ctx,
    flow::{FlowError, proof::prove},
    id::{ContactId, SiteId},
    proof::Proof,
    store::deliveries,
    time::{DAY_MS, MINUTE_MS},
};
use verify_consent::{Tally, Verdict, verify};

use crate::world::{World, now, phone, web};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";

/// All of so many entries hold, and each names its address.
fn whole(entries: usize) -> Verdict {
    Verdict::Holds(Tally { entries, erased: 0, unnamed: 0 })
}

/// Maria agrees in the chat, takes it back and gives it again by text, and goes on by email.
fn world_with_consents() -> World {
    let mut world = World::with_knowledge(83, &["prices.md"]);
    let visitor = world.visitor();
    world.says(&visitor, "How much is a full service?").unwrap();
    world.settle();
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    for text in ["And a puncture repair?", "STOP", "START"] {
        world.texts(MARIA, text);
        world.advance(MINUTE_MS);
    }
    world.continues(&visitor, Channel::Email, MAILBOX).unwrap();
    world.advance(MINUTE_MS);
    world
}

fn proof(world: &World, contact: &ContactId) -> Result<Proof, FlowError> {
    now(prove(world.scope(), &world.ctx, contact))
}

fn file(world: &World) -> Value {
    let contact = world.contact(&phone(MARIA)).unwrap();
    serde_json::to_value(proof(world, &contact).unwrap()).unwrap()
}

fn of<'v>(file: &'v mut Value, address: &str) -> &'v mut Value {
    let addresses = file["addresses"].as_array_mut().unwrap();
    addresses.iter_mut().find(|one| one["address"] == address).unwrap()
}

#[test]
fn it_holds_every_chain_as_hashed_and_what_holds_now() {
    let world = world_with_consents();
    let mut file = file(&world);
    assert_eq!(verify(&file.to_string()), whole(4));
    let text = of(&mut file, MARIA);
    assert_eq!((text["entries"].clone(), text["blocked"].clone()), (json!(3), json!(false)));
    assert_eq!(text["head"], text["chain"][2]["hash"]);
    let first: Value = serde_json::from_str(text["chain"][0]["body"].as_str().unwrap()).unwrap();
    assert_eq!((first["action"].clone(), first["wording"].clone()), (json!("grant"), json!("sms.v1.en")));
    let newest = text["chain"][2]["id"].clone();
    let holds = text["holds"].as_array().unwrap();
    let of_purpose =
        |purpose: &str| holds.iter().find(|one| one["purpose"] == purpose).unwrap()["standing"].clone();
    assert_eq!(of_purpose("reminder"), json!({"granted": {"level": "express", "entry": newest}}));
    assert!(of_purpose("marketing")["revoked"].is_object(), "STOP took it all, START gave no marketing");
    let shown = first["evidence"].as_str().unwrap();
    assert!(
        file["wordings"].as_array().unwrap().iter().any(|one| one["text"] == shown),
        "the words of the card"
    );
}

#[test]
fn it_says_how_an_ai_was_disclosed_on_each_channel() {
    let world = world_with_consents();
    let file = file(&world);
    let told = file["disclosures"].as_array().unwrap();
    let channels: Vec<_> = told.iter().map(|told| told["channel"].as_str().unwrap()).collect();
    assert_eq!(channels, ["widget", "sms", "email"]);
    for told in told {
        assert!(told["text"].as_str().unwrap().contains("AI"), "{told}");
    }
    assert!(told[1]["said"]["text"].as_str().unwrap().contains("AI"), "{}", told[1]);
}

#[test]
fn every_changed_byte_of_evidence_is_named() {
    let world = world_with_consents();
    let good = file(&world);
    for (entry, n) in (0..3).zip(1_u32..) {
        let mut file = good.clone();
        let body = of(&mut file, MARIA)["chain"][entry]["body"].as_str().unwrap().to_owned();
        let evidence = serde_json::from_str::<Value>(&body).unwrap()["evidence"].as_str().unwrap().to_owned();
        let start = body.find(&evidence).unwrap();
        for at in (start..start + evidence.len()).filter(|at| body.is_char_boundary(*at)) {
            let Some(c) = body[at..].chars().next() else { continue };
            let other = if c == 'x' { "y" } else { "x" };
            let forged = format!("{}{other}{}", &body[..at], &body[at + c.len_utf8()..]);
            of(&mut file, MARIA)["chain"][entry]["body"] = json!(forged);
            let Verdict::Breaks(breaks) = verify(&file.to_string()) else { panic!("byte {at} of entry {n}") };
            assert_eq!((breaks[0].address.as_str(), breaks[0].n), (MARIA, n));
        }
    }
}

#[test]
fn a_removed_and_a_swapped_entry_are_named() {
    let world = world_with_consents();
    let good = file(&world);
    for (entry, n) in (0..3_usize).zip(1_u32..) {
        let mut file = good.clone();
        of(&mut file, MARIA)["chain"].as_array_mut().unwrap().remove(entry);
        let told = verify(&file.to_string()).to_string();
        assert_eq!(told, format!("{MARIA}: entry {n} is missing."));
    }
    let mut file = good;
    of(&mut file, MARIA)["chain"].as_array_mut().unwrap().swap(0, 2);
    assert!(verify(&file.to_string()).to_string().contains("entry 1 does not stand in its place"));
}

#[test]
fn a_consent_under_another_address_is_named() {
    let world = world_with_consents();
    let good = file(&world);
    for (own, other) in [(MARIA, "+14155550199"), (MAILBOX, "someone@example.com")] {
        let mut file = good.clone();
        of(&mut file, own)["address"] = json!(other);
        let told = verify(&file.to_string()).to_string();
        assert_eq!(
            told,
            format!("{other}: entry 1 is of another ledger: it was hashed for another address or site.")
        );
        let contact = world.contact(&phone(MARIA)).unwrap();
        let mut proof = proof(&world, &contact).unwrap();
        let moved = proof.addresses.iter_mut().find(|one| one.address == own).unwrap();
        assert_eq!(moved.first_break(), None);
        moved.address = other.to_owned();
        assert_eq!(moved.first_break(), Some(1), "the page says so as well");
    }
}

#[test]
fn joined_contacts_and_suppressions_are_in_it() {
    let mut world = World::with_knowledge(84, &["prices.md"]);
    world.texts(MARIA, "How much is a puncture repair?");
    world.advance(MINUTE_MS);
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.settle();
    let stranger = world.contact(&web(&visitor)).unwrap();
    world.continues(&visitor, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    world.texts(MARIA, "Yes, that was me");
    world.advance(MINUTE_MS);
    let maria = world.contact(&phone(MARIA)).unwrap();
    assert_eq!(world.contact(&web(&visitor)).unwrap(), maria, "they are one");
    let hash = world.scope().hash(&phone(MARIA));
    let suppress = deliveries::suppress(&world.site.id, phone(MARIA).kind, &hash, "complaint", world.ctx.now);
    world.db.run(&suppress).unwrap();

    let by_either: Vec<Proof> = [&maria, &stranger].map(|id| proof(&world, id).unwrap()).into();
    assert_eq!(by_either[0], by_either[1]);
    let proof = &by_either[0];
    assert_eq!((&proof.contact, &proof.joined), (&maria, &vec![stranger]));
    let addresses: Vec<&str> = proof.addresses.iter().map(|one| one.address.as_str()).collect();
    assert!(addresses.contains(&MARIA) && addresses.contains(&visitor.as_str()), "{addresses:?}");
    let suppressed = proof.addresses.iter().find_map(|one| one.suppressed.clone()).unwrap();
    assert_eq!((suppressed.reason.as_str(), suppressed.at_ms), ("complaint", world.ctx.now.ms()));
}

#[test]
fn another_sites_contact_is_nobody() {
    let world = world_with_consents();
    let contact = world.contact(&phone(MARIA)).unwrap();
    let mut other = World::with_knowledge(85, &["prices.md"]);
    other.site.id = SiteId::parse("ste_other").unwrap();
    for (world, id) in [(&other, &contact), (&world, &ContactId::mint(&mut Ctx::seeded(world.ctx.now, 9)))] {
        let Err(FlowError::Rejected(rejection)) = proof(world, id) else { panic!("{id} was found") };
        assert_eq!((rejection.status, rejection.code), (404, "unknown_contact"));
    }
    let scope = shared::flow::Scope { site: &other.site, ..world.scope() };
    assert!(now(prove(scope, &world.ctx, &contact)).is_err(), "not in the same database either");
}

#[test]
fn it_is_whole_long_after() {
    let mut world = world_with_consents();
    world.texts(MARIA, "STOP");
    world.advance(400 * DAY_MS);
    let mut file = file(&world);
    assert_eq!(verify(&file.to_string()), whole(5));
    assert_eq!(of(&mut file, MARIA)["blocked"], json!(true));
}
