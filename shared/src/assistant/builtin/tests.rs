//! Whole turns, as a contact lives them.

use proptest::prelude::*;

use super::{answer, search_text};
use crate::{
    assistant::{Act, Draft, Fact, Passage, Said, Turn, guard::max_chars},
    channel::Channel,
    contact::Assurance,
    id::EventId,
    knowledge,
    phrases::{self, Lang},
    site::Site,
    time::{DAY_MS, MINUTE_MS, Timestamp},
    wire::{Offer, Speaker},
};

/// Tuesday, 24 November 2026, 10:00 in Portland: open until 18:00.
const TUESDAY: Timestamp = Timestamp::from_ms(1_795_543_200_000);

/// A contact's life with the assistant: says things on lines, remembers what came back.
struct Story {
    turn: Turn,
    passages: Vec<Passage>,
    events: u32,
}

impl Story {
    fn new() -> Self {
        let site: Site =
            serde_json::from_str(include_str!("../../../../examples/site/throughline.json")).unwrap();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/site/knowledge");
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let read = |file: &std::path::PathBuf| {
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            knowledge::passages(&name, &std::fs::read_to_string(file).unwrap())
        };
        let passages = files.iter().flat_map(read).collect();
        let turn = Turn {
            time_zone: site.time_zone.clone(),
            locale: site.locale.clone(),
            site,
            now: TUESDAY,
            channel: Channel::Widget,
            assurance: Assurance::Possessed,
            name: None,
            can_text: false,
            can_email: false,
            facts: Vec::new(),
            history: Vec::new(),
            burst: Vec::new(),
            passages: Vec::new(),
        };
        Self { turn, passages, events: 0 }
    }

    fn said(&mut self, speaker: Speaker, text: &str) -> Said {
        self.events += 1;
        let id = EventId::parse(&format!("evt_{}", self.events)).unwrap();
        Said { id, at: self.turn.now, channel: self.turn.channel, speaker, text: text.to_owned() }
    }

    /// The contact writes a burst on a line and is answered; a minute passes.
    fn burst(&mut self, channel: Channel, texts: &[&str]) -> Draft {
        self.turn.channel = channel;
        self.turn.burst = texts.iter().map(|text| self.said(Speaker::Contact, text)).collect();
        let Turn { burst, history, facts, site, .. } = &self.turn;
        let question = search_text(burst, history, facts, &site.assistant.name);
        let mut ranked =
            question.map_or_else(Vec::new, |question| knowledge::rank(&question, &self.passages));
        ranked.truncate(8);
        self.turn.passages = ranked;
        let draft = answer(&self.turn);
        assert!(!draft.text.trim().is_empty(), "silence after {texts:?}");
        let site = &self.turn.site;
        let text = phrases::spoken(
            Lang::En,
            channel,
            &site.assistant.name,
            &site.name,
            self.turn.name.as_deref(),
            &draft.text,
        );
        let reply = self.said(Speaker::Assistant, &text);
        let burst = core::mem::take(&mut self.turn.burst);
        self.turn.history.extend(burst);
        self.turn.history.push(reply);
        for act in &draft.acts {
            if let Act::Remember(fact) = act {
                self.turn.facts.push(fact.clone());
            }
        }
        self.turn.now = self.turn.now.plus_ms(MINUTE_MS);
        draft
    }

    fn chat(&mut self, text: &str) -> Draft {
        self.burst(Channel::Widget, &[text])
    }

    fn text(&mut self, text: &str) -> Draft {
        self.burst(Channel::Sms, &[text])
    }

    fn days(&mut self, days: i64) {
        self.turn.now = self.turn.now.plus_ms(days * DAY_MS);
    }
}

fn moves(draft: &Draft) -> Option<(Channel, Option<&str>, &str)> {
    draft.acts.iter().find_map(|act| match act {
        Act::MoveTo { channel, address, text, .. } => Some((*channel, address.as_deref(), text.as_str())),
        _ => None,
    })
}

fn calls(draft: &Draft) -> Option<&str> {
    draft.acts.iter().find_map(|act| match act {
        Act::CallPerson { reason } => Some(reason.as_str()),
        _ => None,
    })
}

fn remembered<'a>(draft: &'a Draft, key: &str) -> Option<&'a Fact> {
    draft.acts.iter().find_map(|act| match act {
        Act::Remember(fact) if fact.key == key => Some(fact),
        _ => None,
    })
}

#[test]
fn a_price_is_answered_from_its_passage_with_the_source() {
    let mut story = Story::new();
    let draft = story.chat("Hi! How much is a full service?");
    assert!(draft.text.starts_with("A full service is $140."), "{}", draft.text);
    assert_eq!(draft.sources[0].title, "Prices: How much is a full service?");
    assert_eq!((draft.author.as_str(), draft.acts.len()), ("builtin", 0));
}

#[test]
fn two_questions_in_one_burst_get_two_answers() {
    let mut story = Story::new();
    let draft = story.burst(Channel::Widget, &["how much is a full service?", "and where are you located?"]);
    assert!(draft.text.contains("$140") && draft.text.contains("2418 SE Larkspur"), "{}", draft.text);
    assert_eq!(draft.sources.len(), 2);
}

#[test]
fn hours_come_from_the_sites_definition_for_the_day_asked() {
    let mut story = Story::new();
    let draft = story.chat("are you open on thursday?");
    assert!(
        draft.text.starts_with("We are closed on Thursday. We are open Monday to Friday"),
        "{}",
        draft.text
    );
    let draft = story.chat("¿a qué hora abren?");
    assert!(draft.text.starts_with("Abrimos lunes a viernes 9:00–18:00"), "{}", draft.text);
}

#[test]
fn text_me_a_link_to_book_asks_for_the_number_and_then_sends_the_link() {
    let mut story = Story::new();
    story.chat("how much is a full service?");
    let ask = story.chat("can you text me a link to book?");
    assert_eq!(ask.offers, [Offer::ContinueBySms]);
    assert_eq!(moves(&ask), None);
    assert!(ask.text.contains("number"), "{}", ask.text);
    let draft = story.chat("415-555-2671");
    let expect = (Channel::Sms, Some("415-555-2671"), "You can book here: https://larkspur.example/book");
    assert_eq!(moves(&draft), Some(expect));
    assert!(draft.text.contains("•••2671"), "{}", draft.text);
}

#[test]
fn a_number_in_the_request_is_used_as_it_was_typed() {
    let mut story = Story::new();
    story.chat("how much is a full service?");
    let draft = story.chat("text me that at (415) 555-2671 please");
    let (channel, address, text) = moves(&draft).unwrap();
    assert_eq!((channel, address), (Channel::Sms, Some("(415) 555-2671")));
    assert!(text.starts_with("A full service is $140."), "{text}");
}

#[test]
fn a_known_number_is_not_asked_for_again() {
    let mut story = Story::new();
    story.turn.can_text = true;
    let draft = story.chat("text me the price of a full service");
    let (channel, address, text) = moves(&draft).unwrap();
    assert_eq!((channel, address), (Channel::Sms, None));
    assert!(text.contains("$140"), "{text}");
}

#[test]
fn email_me_goes_to_the_mailbox_in_the_same_burst() {
    let mut story = Story::new();
    let draft = story.burst(Channel::Widget, &["email me the price of a tune-up", "maria@example.com"]);
    let (channel, address, text) = moves(&draft).unwrap();
    assert_eq!((channel, address), (Channel::Email, Some("maria@example.com")));
    assert!(text.contains("$75"), "{text}");
}

#[test]
fn what_is_not_written_down_is_not_known_and_the_second_time_a_person_is_called() {
    let mut story = Story::new();
    let draft = story.chat("do you sell kayaks?");
    assert!(draft.text.contains("don't know") && draft.text.contains("person"), "{}", draft.text);
    assert_eq!((draft.offers.as_slice(), calls(&draft)), (&[Offer::Person][..], None));
    let draft = story.chat("what about surfboards?");
    assert_eq!(calls(&draft), Some("unsure"));
    assert!(draft.text.contains("The team is here until 18:00 today."), "{}", draft.text);
}

#[test]
fn not_knowing_twice_within_half_an_hour_calls_a_person_and_later_it_is_the_first_time_again() {
    let mut story = Story::new();
    story.chat("do you sell kayaks?");
    story.turn.now = story.turn.now.plus_ms(31 * MINUTE_MS);
    let draft = story.chat("what about surfboards?");
    assert_eq!(calls(&draft), None, "{}", draft.text);
    assert!(draft.text.contains("Shall I get a person"), "{}", draft.text);
    story.turn.now = story.turn.now.plus_ms(20 * MINUTE_MS);
    assert_eq!(calls(&story.chat("do you sell kayaks?")), Some("unsure"));
}

#[test]
fn not_knowing_twice_when_nobody_is_there_asks_where_to_answer() {
    let mut story = Story::new();
    story.turn.now = TUESDAY.plus_ms(12 * 60 * MINUTE_MS);
    story.chat("do you sell kayaks?");
    let draft = story.chat("what about surfboards?");
    assert_eq!((calls(&draft), draft.offers.as_slice()), (Some("unsure"), &[Offer::Person][..]));
    assert!(draft.text.contains("phone number or an email"), "{}", draft.text);
    let mut reachable = Story::new();
    reachable.turn.now = TUESDAY.plus_ms(12 * 60 * MINUTE_MS);
    reachable.turn.can_text = true;
    reachable.chat("do you sell kayaks?");
    let draft = reachable.chat("what about surfboards?");
    assert_eq!((calls(&draft), draft.offers.as_slice()), (Some("unsure"), &[][..]));
    assert!(!draft.text.contains("phone number or an email"), "{}", draft.text);
}

#[test]
fn yes_after_the_offer_of_a_person_calls_one() {
    let mut story = Story::new();
    story.chat("do you sell kayaks?");
    let draft = story.chat("yes please");
    assert_eq!(calls(&draft), Some("asked"));
}

#[test]
fn a_person_is_promised_for_when_the_team_is_there() {
    let mut story = Story::new();
    story.turn.now = TUESDAY.plus_ms(12 * 60 * MINUTE_MS);
    story.turn.time_zone = "America/New_York".to_owned();
    let draft = story.chat("I want to talk to a person");
    assert_eq!(calls(&draft), Some("asked"));
    assert!(draft.text.contains("A person will answer today from 12:00 (your time)."), "{}", draft.text);
    assert!(draft.text.contains("phone number or an email"), "{}", draft.text);
    let again = story.chat("I need a human");
    assert_eq!(calls(&again), None, "a person is called once: {}", again.text);
}

#[test]
fn running_late_is_answered_and_noted() {
    let mut story = Story::new();
    let draft = story.text("running 10 min late");
    assert!(draft.text.starts_with("No problem"), "{}", draft.text);
    let fact = remembered(&draft, "late").unwrap();
    assert_eq!((fact.value.as_str(), fact.quote.as_str()), ("10 min", "running 10 min late"));
}

#[test]
fn a_preference_is_noted_with_its_words() {
    let mut story = Story::new();
    let draft = story.chat("Text is better for me.");
    let fact = remembered(&draft, "preference").unwrap();
    assert_eq!((fact.value.as_str(), fact.quote.as_str()), ("sms", "Text is better for me."));
    assert!(draft.text.contains("text you"), "{}", draft.text);
}

#[test]
fn a_fact_said_in_chat_is_used_by_text_without_asking_again() {
    let mut story = Story::new();
    story.chat("Hi, I'm Maria. I need a full service.");
    assert_eq!(story.turn.facts.len(), 2);
    let draft = story.text("how much is it?");
    assert!(draft.text.contains("A full service is $140."), "{}", draft.text);
}

#[test]
fn two_days_later_an_email_recalls_what_was_texted_on_tuesday() {
    let mut story = Story::new();
    story.text("how much is a full service?");
    let asked = story.turn.history[0].id.clone();
    story.days(2);
    let draft = story.burst(Channel::Email, &["Hello, is the price of the full service still the same?"]);
    assert!(
        draft.text.starts_with("When we texted on Tuesday, you asked about the price of a full service."),
        "{}",
        draft.text
    );
    assert_eq!(draft.sources[0].event, Some(asked));
    let again = story.burst(Channel::Email, &["how much is a full service?"]);
    assert!(!again.text.contains("When we"), "said once: {}", again.text);
}

#[test]
fn a_week_later_the_date_is_named_and_the_weekday_is_the_contacts() {
    let mut story = Story::new();
    story.turn.now = TUESDAY.plus_ms(15 * 60 * MINUTE_MS);
    story.turn.time_zone = "America/New_York".to_owned();
    story.chat("how much is a full service?");
    story.days(3);
    assert!(story.text("price of a full service?").text.starts_with("When we chatted on Wednesday,"));
    story.turn.history.truncate(2);
    story.days(10);
    assert!(story.text("price of a full service?").text.starts_with("When we chatted on 25 November,"));
}

#[test]
fn half_a_year_later_the_objection_is_named() {
    let mut story = Story::new();
    story.chat("how much is a full service?");
    let draft = story.chat("Hmm, that's a lot.");
    assert_eq!(remembered(&draft, "objection").unwrap().value, "price $140");
    story.days(183);
    let draft = story.text("hi, what was the price of the full service again?");
    assert!(draft.text.contains("Last time, in November, you felt $140 was a lot."), "{}", draft.text);
    assert!(draft.text.contains("A full service is $140."), "{}", draft.text);
}

#[test]
fn a_budget_is_known_when_a_price_is_named() {
    let mut story = Story::new();
    story.chat("My budget is $100.");
    let draft = story.text("how much is a full service?");
    assert!(
        draft.text.starts_with("You mentioned a budget of $100. A full service is $140."),
        "{}",
        draft.text
    );
    assert!(!story.text("and a basic tune-up?").text.contains("budget"));
}

#[test]
fn what_was_quoted_before_is_repeated_with_its_source() {
    let mut story = Story::new();
    story.chat("how much is a basic tune-up?");
    let told = story.turn.history[1].id.clone();
    let draft = story.text("what did you quote me in the chat?");
    assert!(
        draft.text.contains("When we chatted today, I wrote: “A basic tune-up is $75."),
        "{}",
        draft.text
    );
    assert_eq!(draft.sources[0].event, Some(told));
    let mut stranger = Story::new();
    let draft = stranger.text("what did you quote me in the chat?");
    assert!(draft.text.starts_with("I can't see anything about that here."), "{}", draft.text);
}

#[test]
fn the_contacts_own_name_and_budget_come_from_what_they_told() {
    let mut story = Story::new();
    for (question, unknown) in [
        ("What is my name?", "I don't know your name yet."),
        ("what's my budget?", "I don't know your budget yet."),
        ("¿Cómo me llamo?", "Todavía no sé su nombre."),
        ("¿Cuál es mi presupuesto?", "Todavía no sé su presupuesto."),
    ] {
        let draft = story.chat(question);
        assert_eq!((draft.text.as_str(), draft.sources.len()), (unknown, 0), "{question}");
    }
    story.chat("My name is Ana and my budget is $100.");
    let told = story.turn.facts[0].source.clone();
    for (question, known) in [
        ("do you know my name?", "Your name is Ana."),
        ("What was my budget again?", "You told me your budget is $100."),
        ("¿cómo me llamo?", "Se llama Ana."),
        ("¿cuál era mi presupuesto?", "Me dijo que su presupuesto es de $100."),
    ] {
        let draft = story.text(question);
        assert_eq!(draft.text, known, "{question}");
        assert_eq!(draft.sources[0].event, Some(told.clone()), "{question}");
    }
    let both = story.chat("What is my name, and what was my budget?");
    assert_eq!(both.text, "Your name is Ana. You told me your budget is $100.");
}

#[test]
fn a_name_that_is_known_without_being_told_is_answered_without_a_source() {
    let mut story = Story::new();
    story.turn.name = Some("Maria Lopez".to_owned());
    let draft = story.chat("What's my name?");
    assert_eq!((draft.text.as_str(), draft.sources.len()), ("Your name is Maria Lopez.", 0));
    assert!(story.chat("what is your name?").text.contains("Sprocket"));
    assert!(story.chat("how much is a full service? and what's my name?").text.contains("$140"));
}

#[test]
fn booking_gives_the_link_and_offers_to_go_on_by_text_once() {
    let mut story = Story::new();
    let draft = story.chat("I want to book an appointment");
    assert!(draft.text.contains("https://larkspur.example/book"), "{}", draft.text);
    assert_eq!(draft.offers, [Offer::ContinueBySms]);
    assert_eq!(story.chat("how do I book?").offers, []);
    let asked = Story::new();
    let mut story = asked;
    story.chat("I want to book");
    assert!(story.chat("yes").text.contains("Which number"));
}

#[test]
fn the_question_who_speaks_is_answered_truthfully() {
    let mut story = Story::new();
    for question in ["are you a bot?", "am I talking to a real person?", "¿eres un robot?"] {
        let draft = story.chat(question);
        assert!(
            draft.text.contains("not a person") || draft.text.contains("no una persona"),
            "{}",
            draft.text
        );
    }
}

#[test]
fn courtesies_are_returned() {
    let mut story = Story::new();
    for (text, expect) in [
        ("hi", "Hi, I am Sprocket, the AI assistant of Larkspur Bike Workshop."),
        ("hola", "Hola de nuevo."),
        ("thanks!", "You're welcome!"),
        ("gracias", "¡De nada!"),
        ("ok", "De acuerdo."),
        ("bye", "Goodbye"),
        ("my name is Maria", "Nice to meet you, Maria."),
        ("tell me a joke", "I'm only good for questions about Larkspur"),
        ("asdf qwer zxcv", "Sorry, I did not understand that."),
    ] {
        let draft = story.chat(text);
        assert!(draft.text.starts_with(expect), "{text}: {}", draft.text);
    }
}

#[test]
fn insults_anger_and_orders_to_stop_reach_a_person() {
    for (text, reason) in
        [("you stupid idiot", "abuse"), ("this is unacceptable", "anger"), ("take me off your list", "asked")]
    {
        assert_eq!(calls(&Story::new().chat(text)), Some(reason), "{text}");
    }
}

#[test]
fn a_text_message_stays_within_its_length() {
    let mut story = Story::new();
    let draft =
        story.text("what is included in the full service, which service do i need, and how much is it?");
    let whole =
        phrases::spoken(Lang::En, Channel::Sms, "Sprocket", "Larkspur Bike Workshop", None, &draft.text);
    assert!(whole.chars().count() <= max_chars(Channel::Sms), "{whole}");
}

#[test]
fn an_email_that_begins_a_thread_has_a_subject() {
    let mut story = Story::new();
    story.turn.channel = Channel::Email;
    let draft = story.burst(Channel::Email, &["how much is a full service?"]);
    assert_eq!(draft.subject, None, "an answer stays in its thread");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_burst_gives_a_true_and_bounded_draft(
        texts in prop::collection::vec("(\\PC|\n|text me |how much |hi |my name is |price |\\$[0-9]{1,3} |415-555-2671 |a@b.co ){0,12}", 1..4),
        channel in prop::sample::select(Channel::ALL.to_vec()),
    ) {
        let mut story = Story::new();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let draft = story.burst(channel, &texts);
        prop_assert!(draft.text.chars().count() <= max_chars(channel));
        for act in &draft.acts {
            if let Act::Remember(fact) = act {
                prop_assert!(texts.iter().any(|text| text.contains(&fact.quote)));
            }
        }
        let spoken = phrases::spoken(Lang::En, channel, "Sprocket", "Larkspur", None, &draft.text);
        prop_assert!(channel == Channel::Widget || spoken.contains("AI"));
    }
}
