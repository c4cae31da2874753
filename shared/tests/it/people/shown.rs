//! Who may be the same person, what is kept of one as a file, and two people on one address.

use shared::{
    api::people::Strength,
    channel::Channel,
    command::{ApartWish, EditWish, HandleDoes, HandleWish},
    contact::Assurance,
    delivery::Purpose,
    flow::{FlowError, people},
    id::ContactId,
    page,
    store::contacts,
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
};

use super::{ANA, BEA, JUN, as_team, code, conversation_of, merge, plan, unmerge, whose};
use crate::world::{World, now, phone, web};

fn names(world: &mut World, who: &ContactId, name: &str) {
    let wish = EditWish { by: JUN.into(), name: Some(name.into()), ..EditWish::default() };
    as_team(world, |world, ctx| now(people::edit::edit(world.scope(), ctx, who, wish))).unwrap();
}

fn suggested(world: &World, who: &ContactId) -> Vec<(ContactId, Vec<(Strength, String)>)> {
    let all = now(people::suggestions::suggest(world.scope(), who)).unwrap();
    let evidence = |one: &shared::api::people::Suggestion| {
        one.evidence.iter().map(|line| (line.strength, line.text.clone())).collect()
    };
    all.iter().map(|one| (one.contact.clone(), evidence(one))).collect()
}

#[test]
fn whoever_typed_the_others_number_is_suggested_on_both_sides() {
    let (mut world, ana, bea) = super::with_two(940);
    assert_eq!(suggested(&world, &ana), []);
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.settle();
    world.continues(&visitor, Channel::Sms, ANA).unwrap();
    world.advance(MINUTE_MS);
    let stranger = world.contact(&web(&visitor)).unwrap();
    let said = |text: &str| vec![(Strength::Strong, text.to_owned())];
    assert_eq!(
        suggested(&world, &ana),
        [(stranger.clone(), said("They typed •••0101, which this person has."))]
    );
    assert_eq!(
        suggested(&world, &stranger),
        [(ana.clone(), said("This person typed •••0101, which they have."))]
    );
    names(&mut world, &ana, "Ana Quill");
    names(&mut world, &bea, "ana quill");
    let weak = vec![(Strength::Weak, "They have the same name.".to_owned())];
    assert_eq!(suggested(&world, &ana).pop(), Some((bea.clone(), weak)), "the strongest first");
    let wish = ApartWish { one: ana.clone(), other: bea, by: JUN.into() };
    as_team(&mut world, |world, ctx| now(people::keep_apart(world.scope(), ctx, wish))).unwrap();
    assert_eq!(suggested(&world, &ana).len(), 1, "what the team has called two people is two people");
    merge(&mut world, &ana, &stranger).unwrap();
    assert_eq!(suggested(&world, &ana), []);
}

#[test]
fn a_preview_reads_two_contacts_in_one_order_and_joins_nobody() {
    let (mut world, ana, bea) = super::with_two(941);
    world.texts(ANA, "And a tyre?");
    world.advance(MINUTE_MS);
    let preview = now(people::suggestions::preview(world.scope(), &ana, &bea)).unwrap();
    let whose_turn: Vec<&ContactId> = preview.lines.iter().map(|line| &line.contact).collect();
    assert!(whose_turn.contains(&&ana) && whose_turn.contains(&&bea));
    assert!(preview.lines.is_sorted_by_key(|line| line.at));
    assert_eq!(preview.lines.last().map(|line| &line.contact), Some(&ana), "she wrote last");
    assert_ne!(whose(&world, ANA), whose(&world, BEA));
}

#[test]
fn everything_about_a_person_is_one_file_and_one_page() {
    let (mut world, ana, bea) = super::with_two(942);
    world.texts(ANA, "My budget is $80");
    world.advance(MINUTE_MS);
    super::tag(&mut world, &bea, "vip", true).unwrap();
    merge(&mut world, &ana, &bea).unwrap();
    names(&mut world, &ana, "Ana <Quill>");
    let own = conversation_of(&world, &ana).unwrap();
    plan(&mut world, &own, Purpose::Reminder, 30 * DAY_MS);
    let export = now(people::export::export(world.scope(), &world.ctx, &bea)).unwrap();
    assert_eq!(export.timeline.len(), world.timeline(&ana).len());
    let file = serde_json::to_value(&export).unwrap();
    let text = file.to_string();
    for part in
        [ANA, BEA, "My budget is $80", "vip", "Time for a check of your bike?", "throughline.consent.1"]
    {
        assert!(text.contains(part), "{part}");
    }
    assert_eq!((file["contact"].as_str(), file["merges"][0]["by"].as_str()), (Some(ana.as_str()), Some(JUN)));
    let page = page::export(&export, "Europe/Madrid");
    assert!(page.contains("Ana &lt;Quill&gt;") && page.contains("My budget is $80") && page.contains("vip"));
    unmerge(&mut world, &bea).unwrap();
    let export = now(people::export::export(world.scope(), &world.ctx, &bea)).unwrap();
    assert!(!serde_json::to_string(&export).unwrap().contains("My budget"), "each their own");
    let nobody = ContactId::parse("ctc_nobody").unwrap();
    assert_eq!(code(now(people::export::export(world.scope(), &world.ctx, &nobody))), "unknown_contact");
}

fn handle(world: &mut World, who: &ContactId, does: HandleDoes) -> Result<(), FlowError> {
    let wish = HandleWish { by: JUN.into(), channel: Channel::Sms, address: ANA.into(), does };
    as_team(world, |world, ctx| now(people::edit::handle_of(world.scope(), ctx, who, wish)))
}

#[test]
fn a_number_with_a_new_owner_is_theirs_and_brings_nothing_of_the_old_ones() {
    let (mut world, ana, bea) = super::with_two(943);
    for text in ["STOP", "START", "My budget is $80"] {
        world.texts(ANA, text);
        world.advance(MINUTE_MS);
    }
    assert_eq!(code(handle(&mut world, &bea, HandleDoes::Share(true))), "unknown_handle");
    handle(&mut world, &ana, HandleDoes::Reassign { name: Some("Cleo".into()) }).unwrap();
    let cleo = whose(&world, ANA);
    assert_ne!(cleo, ana);
    let found = world.db.run(&contacts::by_address(&world.site.id, &phone(ANA))).unwrap();
    let (contact, own) = contacts::decode_by_address(found).unwrap().unwrap();
    assert_eq!((contact.name.as_deref(), own.assurance), (Some("Cleo"), Assurance::Claimed));
    let before = world.timeline(&ana).len();
    world.texts(ANA, "What is my budget?");
    world.advance(MINUTE_MS);
    assert_eq!(world.timeline(&ana).len(), before, "the old one's timeline stays as it was");
    let answer = world.last_answer(&phone(ANA)).message().unwrap().text.clone();
    assert!(!answer.contains("$80"), "{answer}");
    // What the old owner allowed, the new one has not.
    let texts = world.sandbox(ANA).len();
    let own = conversation_of(&world, &cleo).unwrap();
    plan(&mut world, &own, Purpose::Reminder, HOUR_MS);
    world.advance(2 * HOUR_MS);
    assert_eq!(world.sandbox(ANA).len(), texts);
    let found = world.db.run(&shared::store::consents::chain(&world.site.id, &phone(ANA))).unwrap();
    let chain = shared::store::consents::decode_chain(found).unwrap();
    assert_eq!((chain.len(), shared::consent::first_break(&chain)), (3, None));
}

#[test]
fn a_shared_phone_hears_only_what_was_said_on_it() {
    let (mut world, ana, _) = super::with_two(944);
    let visitor = world.visitor();
    world.says(&visitor, "My budget is $80").unwrap();
    world.settle();
    let stranger = world.contact(&web(&visitor)).unwrap();
    merge(&mut world, &ana, &stranger).unwrap();
    handle(&mut world, &ana, HandleDoes::Share(true)).unwrap();
    let ask = |world: &mut World| {
        world.texts(ANA, "How much is a full service?");
        world.advance(MINUTE_MS);
        world.last_answer(&phone(ANA)).message().unwrap().text.clone()
    };
    let answer = ask(&mut world);
    assert!(!answer.contains("80"), "{answer}");
    handle(&mut world, &ana, HandleDoes::Share(false)).unwrap();
    let answer = ask(&mut world);
    assert!(answer.contains("80"), "{answer}");
}

#[test]
fn an_answer_from_a_shared_phone_joins_nobody() {
    let (mut world, ana, _) = super::with_two(945);
    handle(&mut world, &ana, HandleDoes::Share(true)).unwrap();
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.settle();
    world.continues(&visitor, Channel::Sms, ANA).unwrap();
    world.advance(MINUTE_MS);
    world.texts(ANA, "Yes, that was one of us");
    world.advance(MINUTE_MS);
    assert_ne!(world.contact(&web(&visitor)).unwrap(), ana);
}
