//! A year of a thousand contacts with every sequence of the demo site, natively, on SQLite in memory: they come one after
//! another, chat, go on by text, fill in the form, agree to news, book, come or do not come, answer or stay silent, stop.
//!
//! The clock goes from one thing that is due to the next. Prints one row; as a bench it fails where somebody was not
//! answered or a sequence said nothing all year, or where the target is missed by more than machines differ.

#![expect(clippy::unwrap_used, unreachable_pub, reason = "a measurement that panics says where")]

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use shared::{
    appointment::{Appointment, State},
    channel::{Channel, email::confirm},
    command::{Appoint, Arrival, Ask, Command},
    flow::{
        self,
        confirm::{Presser, press},
        forms,
        import::{Import, KnowledgeFile, SequenceFile},
    },
    form,
    id::{EventId, VisitorId},
    site::Site,
    store::{appointments, sandbox},
    time::{DAY_MS, MINUTE_MS, Timestamp},
    wire::Speaker,
};
use world::{World, now, phone};

#[expect(dead_code, reason = "the tests need more of the world than a measurement")]
#[path = "../tests/it/world.rs"]
mod world;

/// How many people come in the year.
const CONTACTS: usize = 1_000;
/// How many, where it is only tried out (`cargo test --benches`).
const CONTACTS_OF_TRIAL: usize = 8;
/// How long all of it should take.
const TARGET: Duration = Duration::from_secs(20);
/// How much slower than the machine the target was set on another may be.
const TOLERANCE: u32 = 3;
/// How long a year is, in milliseconds.
const YEAR_MS: i64 = 365 * DAY_MS;

const PRICES: &str = include_str!("../../examples/site/knowledge/prices.md");
const HOURS: &str = include_str!("../../examples/site/knowledge/hours-and-location.md");
const SEQUENCES: [(&str, &str); 6] = [
    ("appointment.toml", include_str!("../../examples/site/sequences/appointment.toml")),
    ("cold-lead.toml", include_str!("../../examples/site/sequences/cold-lead.toml")),
    ("form-follow-up.toml", include_str!("../../examples/site/sequences/form-follow-up.toml")),
    ("handoff-promise.toml", include_str!("../../examples/site/sequences/handoff-promise.toml")),
    ("missed-appointment.toml", include_str!("../../examples/site/sequences/missed-appointment.toml")),
    ("review-request.toml", include_str!("../../examples/site/sequences/review-request.toml")),
];
/// A few words of what each sequence says: all of them are heard in the year.
const HEARD: [&str; 6] = [
    "A reminder",
    "Still thinking",
    "anything still open",
    "We are sorry",
    "we missed you",
    "How does it ride",
];

/// Somebody who comes.
struct Person {
    visitor: VisitorId,
    number: String,
    mailbox: String,
}

/// What somebody does.
#[derive(Clone, Copy)]
enum Act {
    Chat(&'static str),
    Continue,
    Text(&'static str),
    Mail(&'static str),
    Form,
    Confirm,
    /// The team notes whether they came to their appointment.
    Comes(bool),
}

fn main() -> ExitCode {
    let as_bench = std::env::args().any(|word| word == "--bench");
    let contacts = if as_bench { CONTACTS } else { CONTACTS_OF_TRIAL };
    let mut world = demo();
    let people: Vec<Person> = (0..contacts).map(|index| person(&mut world, index)).collect();
    let mut acts: Vec<(Timestamp, usize, Act)> = Vec::new();
    for index in 0..contacts {
        let day = i64::try_from(index * 180 / contacts).unwrap();
        acts.extend(
            plan_of(index).into_iter().map(|(at, act)| (world::START.plus_ms(day * DAY_MS + at), index, act)),
        );
    }
    acts.sort_by_key(|(at, index, _)| (*at, *index));
    let began = clock();
    let said = acts
        .iter()
        .filter(|(_, _, act)| !matches!(act, Act::Continue | Act::Confirm | Act::Comes(_)))
        .count();
    for (at, index, act) in acts {
        passes(&mut world, at);
        acts_as(&mut world, &people[index], act);
    }
    passes(&mut world, world::START.plus_ms(YEAR_MS));
    let took = began.elapsed();

    let sent = sandbox::decode(world.db.run(&sandbox::list("", u32::MAX)).unwrap()).unwrap();
    let whole = |message: &sandbox::SandboxMessage| {
        format!("{} {}", message.subject.as_deref().unwrap_or_default(), message.text)
    };
    let ours: Vec<String> = sent.iter().filter(|message| message.id.starts_with("dlv_")).map(whole).collect();
    let unheard: Vec<&str> =
        HEARD.into_iter().filter(|words| !ours.iter().any(|text| text.contains(words))).collect();
    let name = format!("{contacts} contacts, a year, every sequence, natively");
    println!("{name:<58} {:>9} {:>9} {:>9}", "seconds", "target", "sent");
    let (seconds, target) = (took.as_secs_f64(), format!("< {}", TARGET.as_secs()));
    println!(
        "{:<58} {seconds:>9.2} {target:>9} {:>9}",
        "the clock goes from one thing that is due to the next",
        ours.len()
    );
    println!(
        "year: {said} said, {} sent, {}; {}",
        ours.len(),
        if unheard.is_empty() {
            "every sequence was heard".to_owned()
        } else {
            format!("never heard: {unheard:?}")
        },
        if took < TARGET { "the target is met" } else { "the target is missed" }
    );
    let sound = ours.len() > contacts * 4 && (!as_bench || unheard.is_empty());
    let in_time = !as_bench || took < TARGET * TOLERANCE;
    if sound && in_time { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The demo shop with its sequences, that anybody may reach at any pace.
fn demo() -> World {
    let mut definition: Site =
        serde_json::from_str(include_str!("../../examples/site/throughline.json")).unwrap();
    definition.limits.first_messages_per_hour = u32::MAX;
    definition.limits.forms_per_hour = u32::MAX;
    let knowledge = [("prices.md", PRICES), ("hours-and-location.md", HOURS)];
    let knowledge = knowledge.map(|(path, text)| KnowledgeFile { path: path.into(), text: text.into() });
    let sequences = SEQUENCES.map(|(path, text)| SequenceFile { path: path.into(), text: text.into() });
    World::of(1, Import { definition, knowledge: knowledge.into(), sequences: sequences.into() })
}

fn person(world: &mut World, index: usize) -> Person {
    Person {
        visitor: world.visitor(),
        number: format!("+1415200{index:04}"),
        mailbox: format!("rider{index}@mail.example"),
    }
}

/// What the person of an index does, and when after their first day began.
fn plan_of(index: usize) -> Vec<(i64, Act)> {
    // Not all at one moment: a day has minutes enough.
    let minute = i64::try_from(index % 300).unwrap() * MINUTE_MS;
    let at = |days: i64, minutes: i64| days * DAY_MS + minute + minutes * MINUTE_MS;
    let mut acts = vec![
        (at(0, 0), Act::Chat("How much is a full service?")),
        (at(0, 2), Act::Continue),
        (at(0, 4), Act::Text("Thanks, that works")),
        (at(0, 10), Act::Form),
        (at(0, 12), Act::Confirm),
    ];
    let books =
        [(at(1, 0), Act::Text("I would like to book a tune-up next Thursday")), (at(1, 2), Act::Text("1"))];
    match index % 8 {
        0 => acts.extend(books.into_iter().chain([(at(20, 0), Act::Comes(true))])),
        1 => acts.extend(books.into_iter().chain([(at(20, 0), Act::Comes(false))])),
        2 => acts.extend(books.into_iter().chain([(at(2, 0), Act::Text("Can we do another day instead?"))])),
        3 => acts.push((at(1, 0), Act::Text("Can I talk to a person?"))),
        4 => acts.push((at(5, 0), Act::Text("STOP"))),
        5 => acts.push((at(9, 0), Act::Mail("How much is a puncture repair?"))),
        6 => acts.push((at(1, 0), Act::Text("I prefer email"))),
        _ => acts.push((at(0, 20), Act::Chat("When are you open on Saturday?"))),
    }
    acts.push((at(170, 0), Act::Mail("How much is a basic tune-up?")));
    acts
}

fn acts_as(world: &mut World, person: &Person, act: Act) {
    match act {
        Act::Chat(text) => drop(world.says(&person.visitor, text)),
        Act::Continue => drop(world.continues(&person.visitor, Channel::Sms, &person.number)),
        Act::Text(text) => world.texts(&person.number, text),
        Act::Mail(text) => world.mails(&person.mailbox, "My bike", text, None),
        Act::Form => fills(world, person),
        Act::Confirm => confirms(world, person),
        Act::Comes(came) => notes(world, person, came),
    }
    world.settle();
}

fn fills(world: &mut World, person: &Person) {
    const WORDS: &str =
        "Larkspur Bike Workshop may send me news and offers, also automated, at this address and number.";
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("name", "Alex Rider")
        .append_pair("email", &person.mailbox)
        .append_pair("phone", &person.number)
        .append_pair("message", "How much is a puncture repair?")
        .append_pair("email_marketing", "on")
        .append_pair("tl_label.email_marketing", WORDS)
        .append_pair("sms_marketing", "on")
        .append_pair("tl_label.sms_marketing", WORDS)
        .append_pair("tl_ms", "9000")
        .finish();
    let posted = form::read(body.as_bytes()).unwrap();
    let mut ctx = world.ctx.clone();
    let taken = now(forms::take(world.scope(), &mut ctx, &person.visitor, "en", &posted)).unwrap();
    world.ctx = ctx;
    world.note(taken.effects);
}

fn confirms(world: &mut World, person: &Person) {
    let mails = sandbox::decode(world.db.run(&sandbox::list(&person.mailbox, 20)).unwrap()).unwrap();
    let link = mails.iter().find_map(|mail| mail.text.split_once("/c/"));
    let Some(token) = link.and_then(|(_, rest)| rest.split_whitespace().next()) else { return };
    let key = world.scope().secrets.secret("SIGNING_KEY").unwrap();
    let asked = confirm::open(&key, token).unwrap();
    let mut ctx = world.ctx.clone();
    let pressed = now(press(world.scope(), &mut ctx, &asked, token, Presser::default())).unwrap();
    world.ctx = ctx;
    world.note(pressed.effects);
}

/// The team notes of an appointment that is over whether they came.
fn notes(world: &mut World, person: &Person, came: bool) {
    let Some(contact) = world.contact(&phone(&person.number)) else { return };
    let own = appointments::of_contact(&world.site.id, &contact, Timestamp::default(), 10);
    let own: Vec<Appointment> = appointments::decode(world.db.run(&own).unwrap()).unwrap();
    let over = own.into_iter().find(|own| own.state == State::Booked && own.time.end < world.ctx.now);
    let Some(over) = over else { return };
    let ask = if came { Ask::MarkDone(over.id) } else { Ask::MarkMissed(over.id) };
    let event = EventId::mint(&mut world.ctx);
    let arrival = Arrival {
        endpoint: world.endpoint(Channel::Sms).id,
        external_id: event.to_string(),
        event,
        at: world.ctx.now,
        visitor: None,
    };
    let appoint =
        Appoint { from: phone(&person.number), by: Speaker::Agent("the team".into()), version: None, ask };
    let mut ctx = world.ctx.clone();
    let handled = now(flow::handle(world.scope(), &mut ctx, &Command::Appoint(arrival, appoint))).unwrap();
    world.ctx = ctx;
    world.note(handled.effects);
}

/// Time passes until then, from one thing that is due to the next.
fn passes(world: &mut World, until: Timestamp) {
    while let Some((due, _)) = world.waiting.keys().next().copied().filter(|(due, _)| *due <= until) {
        world.ctx.now = world.ctx.now.max(due);
        world.settle();
    }
    world.ctx.now = world.ctx.now.max(until);
}

#[expect(clippy::disallowed_methods, reason = "a measurement; nothing is decided by it")]
fn clock() -> Instant {
    Instant::now()
}
