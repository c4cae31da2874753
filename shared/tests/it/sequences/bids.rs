//! What wants one contact's attention at a time: the higher bid goes first, and the lower one waits, goes along or is left out.

use shared::{
    channel::Channel,
    flow::{self, planned::load_ahead},
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
};

use super::{MAILBOX, MARIA, agrees, begins, end_of, got, outcomes, pairs, run_of, with_willing_maria};
use crate::world::{World, now, phone, web};

/// One message after a wait.
fn one(name: &'static str, head: &str, wait: &str, send: &str, text: &str) -> (&'static str, String) {
    let file = format!(
        "name = \"{name}\"\ntrigger = \"manual\"\nends_on_reply = false\n{head}\n\n[[step]]\nwait = \"{wait}\"\n\n\
         [[step]]\nid = \"say\"\nsend = \"{send}\"\ntext = \"{text}\"\n\n[[step]]\nwait = \"1 day\"\n\n\
         [[step]]\nstop = \"said\"\n"
    );
    (name, file)
}

/// Maria, who agreed to everything, in sequences of those files that all begin now: noon on a working day.
fn in_all(seed: u64, files: &[(&'static str, String)]) -> World {
    let paths: Vec<String> = files.iter().map(|(name, _)| format!("{name}.toml")).collect();
    let files: Vec<(&str, &str)> =
        paths.iter().zip(files).map(|(path, (_, text))| (path.as_str(), text.as_str())).collect();
    let mut world = with_willing_maria(seed, &files);
    world.advance(DAY_MS - world.ctx.now.ms() % DAY_MS + 19 * HOUR_MS);
    for (path, _) in files {
        begins(&mut world, path.trim_end_matches(".toml")).unwrap();
    }
    world
}

const MARKETING: &str = "purpose = \"marketing\"";
const REMINDER: &str = "purpose = \"reminder\"";

#[test]
fn a_lower_bid_waits_until_the_higher_one_has_been_said_for_a_while() {
    let news = one("news", MARKETING, "1 hour", "email", "New tyres are in.");
    let pickup = one("pickup", REMINDER, "4 hours", "sms", "Your bike is ready.");
    let mut world = in_all(420, &[news, pickup]);
    world.advance(2 * HOUR_MS);
    assert!(got(&world, MAILBOX, "New tyres").is_empty(), "a reminder is due in two hours");
    assert_eq!(run_of(&world, "news").unwrap().reason.as_deref(), Some("bid.outbid"));
    world.advance(3 * HOUR_MS);
    assert_eq!(got(&world, MARIA, "bike is ready").len(), 1);
    assert!(got(&world, MAILBOX, "New tyres").is_empty());
    world.advance(12 * HOUR_MS);
    assert_eq!(got(&world, MAILBOX, "New tyres").len(), 1);
    assert_eq!(outcomes(&world, "news"), pairs(&[("say", "said")]));
}

#[test]
fn a_sequence_may_bid_more_than_another_of_its_purpose() {
    let news = one("news", MARKETING, "1 hour", "email", "New tyres are in.");
    let sale =
        one("sale", "purpose = \"marketing\"\npriority = 3", "3 hours", "email", "Everything is cheaper.");
    let mut world = in_all(421, &[news, sale]);
    world.advance(4 * HOUR_MS);
    assert_eq!((got(&world, MAILBOX, "cheaper").len(), got(&world, MAILBOX, "New tyres").len()), (1, 0));
    world.advance(DAY_MS);
    assert_eq!(got(&world, MAILBOX, "New tyres").len(), 1, "it was put off, not dropped");
}

#[test]
fn two_that_are_due_together_go_in_one_message() {
    let news = one("news", MARKETING, "1 hour", "email", "New tyres are in.");
    let club = one("club", MARKETING, "90 minutes", "email", "Our club rides on Sunday.");
    let mut world = in_all(422, &[news, club]);
    world.advance(4 * HOUR_MS);
    let mails = got(&world, MAILBOX, "New tyres");
    assert_eq!(mails.len(), 1, "{:#?}", world.taken_for(MAILBOX));
    assert!(mails[0].text.contains("New tyres are in.\n\nOur club rides"), "{}", mails[0].text);
    assert_eq!(got(&world, MAILBOX, "club rides").len(), 1, "once");
    assert_eq!(outcomes(&world, "news"), pairs(&[("say", "said")]));
    assert_eq!(outcomes(&world, "club"), pairs(&[("say", "sequence.merged")]));
    world.advance(2 * DAY_MS);
    assert_eq!(end_of(&world, "club").as_deref(), Some("sequence.stop: said"), "both go on");
    assert_eq!(got(&world, MAILBOX, "club rides").len(), 1, "once");
}

#[test]
fn what_may_not_go_along_goes_by_itself() {
    // Another purpose, and another channel.
    let news = one("news", MARKETING, "1 hour", "email", "New tyres are in.");
    let pickup = one("pickup", REMINDER, "1 hour", "email", "Your bike is ready.");
    let mut world = in_all(423, &[news, pickup]);
    world.advance(2 * HOUR_MS);
    let ready = got(&world, MAILBOX, "bike is ready");
    assert!(ready.len() == 1 && !ready[0].text.contains("New tyres"), "{ready:#?}");
    assert!(got(&world, MAILBOX, "New tyres").is_empty(), "outbid");

    let news = one("news", MARKETING, "1 hour", "email", "New tyres are in.");
    let club = one("club", MARKETING, "1 hour", "sms", "Our club rides on Sunday.");
    let mut world = in_all(424, &[news, club]);
    world.advance(2 * HOUR_MS);
    let all = [got(&world, MAILBOX, "New tyres"), got(&world, MARIA, "club rides")].concat();
    assert!(all.iter().all(|message| !(message.text.contains("tyres") && message.text.contains("club"))));
}

#[test]
fn what_a_higher_bid_is_about_to_say_is_not_said_before_it() {
    let news = one("news", "purpose = \"marketing\"\ntopic = \"pickup\"", "1 hour", "email", "Come by!");
    let pickup =
        one("pickup", "purpose = \"reminder\"\ntopic = \"pickup\"", "2 days", "sms", "Your bike is ready.");
    let mut world = in_all(425, &[news, pickup]);
    world.advance(3 * DAY_MS);
    assert_eq!(outcomes(&world, "news"), pairs(&[("say", "bid.same_topic")]));
    assert_eq!((got(&world, MAILBOX, "Come by!").len(), got(&world, MARIA, "bike is ready").len()), (0, 1));
}

#[test]
fn a_look_ahead_shows_what_waits_for_a_higher_bid() {
    let news = one("news", MARKETING, "1 hour", "email", "New tyres are in.");
    let pickup = one("pickup", REMINDER, "4 hours", "sms", "Your bike is ready.");
    let world = in_all(426, &[news, pickup]);
    let contact = world.contact(&phone(MARIA)).unwrap();
    let ahead = now(load_ahead(world.scope(), &world.ctx, &contact)).unwrap();
    let of = |sequence: &str| {
        ahead.iter().find(|next| next.sequence.as_deref() == Some(sequence)).expect("it is ahead")
    };
    assert!(of("news").due_at.since_ms(of("pickup").due_at) >= 12 * HOUR_MS - MINUTE_MS, "{ahead:#?}");
    let dry = now(flow::sequences::dry_run(world.scope(), &world.ctx, &contact, "news", None)).unwrap();
    assert_eq!(dry.steps[0].outcome, "allow", "{dry:#?}");
}

/// Texts only, and mails only.
fn both_ways(head: &str) -> [(&'static str, String); 2] {
    [one("texts", head, "1 hour", "sms", "By text."), one("mails", head, "30 hours", "email", "By mail.")]
}

#[test]
fn a_named_channel_does_not_outweigh_what_the_contact_prefers() {
    let mut world = in_all(427, &both_ways(REMINDER));
    world.mails(MAILBOX, "How to write", "I prefer email", None);
    world.advance(3 * DAY_MS);
    assert_eq!(outcomes(&world, "texts"), pairs(&[("say", "preference.other")]));
    assert_eq!(outcomes(&world, "mails"), pairs(&[("say", "said")]));
}

#[test]
fn who_answers_by_email_gets_no_marketing_by_text_until_a_mail_stays_unanswered() {
    let again = one("again", MARKETING, "4 days", "sms", "By text after all.");
    let [texts, mails] = both_ways(MARKETING);
    let mut world = in_all(428, &[texts, mails, again]);
    // She wrote by mail last.
    world.advance(2 * DAY_MS);
    assert_eq!(outcomes(&world, "texts"), pairs(&[("say", "preference.engaged")]));
    assert_eq!(outcomes(&world, "mails"), pairs(&[("say", "said")]));
    world.advance(3 * DAY_MS);
    assert_eq!(outcomes(&world, "again"), pairs(&[("say", "said")]), "the mail stayed without an answer");
    assert_eq!(got(&world, MARIA, "By text after all").len(), 1);
}

#[test]
fn a_sequence_goes_on_in_the_conversation_its_contact_goes_on_in() {
    let nudge = "name = \"nudge\"\npurpose = \"reminder\"\ntrigger = \"manual\"\nends_on_reply = false\n\n\
                 [[step]]\nwait = \"1 day\"\n\n[[step]]\nsend = \"sms\"\ntext = \"Your bike is ready.\"\n";
    let mut world = World::with_sequences(429, &["prices.md"], &[("nudge.toml", nudge)]);
    // Maria writes from her number already, and somebody in the chat is in the sequence and types that number.
    world.texts(MARIA, "Hello");
    world.advance(MINUTE_MS);
    let browser = world.visitor();
    world.says(&browser, "How much is a full service?").unwrap();
    world.advance(MINUTE_MS);
    let visitor = world.contact(&web(&browser)).unwrap();
    assert_ne!(world.contact(&phone(MARIA)), Some(visitor.clone()));
    let mut ctx = world.ctx.clone();
    let begun = now(flow::sequences::begin(world.scope(), &mut ctx, &visitor, "nudge", None)).unwrap();
    world.ctx = ctx;
    world.note(begun.effects);
    agrees(&mut world, &phone(MARIA), Channel::Sms, None);
    world.continues(&browser, Channel::Sms, MARIA).unwrap();
    world.advance(MINUTE_MS);
    world.texts(MARIA, "Yes, it is me");
    world.advance(MINUTE_MS);
    assert_eq!(world.contact(&web(&browser)), world.contact(&phone(MARIA)), "one person");
    world.advance(3 * DAY_MS);
    assert_eq!(got(&world, MARIA, "bike is ready").len(), 1, "{:#?}", world.taken_for(MARIA));
}
