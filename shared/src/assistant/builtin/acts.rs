//! What a contact does with their words: greets, asks, thanks, wants a person, wants a text, runs late.
//!
//! A burst is read sentence by sentence; one sentence may do several things ("Hi, can you text me a link to book?").
//! Reading looks at folded words only and never guesses an intention that was not spoken: what fits nothing is a
//! question for the knowledge.

use super::{super::Said, phrasebook as book};
use crate::{
    channel::Channel,
    text::{self, Phrases, WordSet},
};

/// What a sentence does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Intent {
    Greeting,
    Thanks,
    Farewell,
    Yes,
    No,
    /// "ok", a thumb.
    Agreed,
    /// Who or what are you?
    Identity,
    SmallTalk,
    /// Wants a person.
    Person,
    Anger,
    Abuse,
    /// Asks for no more messages, in words the policy's keywords did not catch.
    OptOut,
    /// Running late, by so many minutes where they were said.
    RunningLate(Option<u32>),
    /// Likes one line better.
    Prefers(Channel),
    /// Asks to have something sent to, or to go on at, another line.
    MoveTo(Channel),
    /// Asks for their own name.
    MyName,
    /// Asks for the budget they told.
    MyBudget,
    /// Asks for the appointment they have.
    MyVisit,
    /// Asks what was said before.
    Recall,
    Booking,
    /// Wants an appointment called off.
    CancelVisit,
    /// Wants an appointment at another time.
    MoveVisit,
    Hours,
    Place,
    /// Letters that say nothing.
    Gibberish,
    /// Anything else: for the knowledge.
    Question,
}

/// One thing a sentence does, with the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// What it does.
    pub intent: Intent,
    /// The message it stands in.
    pub said: &'a Said,
    /// The sentence.
    pub text: &'a str,
}

/// Reads a burst: the parts in the order they were said. A burst without a word is one [`Intent::Gibberish`] or
/// [`Intent::Agreed`] part. `name` is the assistant's own, which is no topic.
pub(super) fn read<'a>(burst: &'a [Said], name: &str) -> Vec<Part<'a>> {
    let name = text::fold(name);
    let mut parts = Vec::new();
    for said in burst {
        for sentence in text::sentences(&said.text) {
            let mut intents = Vec::new();
            read_sentence(sentence, &name, &mut intents);
            parts.extend(intents.into_iter().map(|intent| Part { intent, said, text: sentence }));
        }
    }
    parts
}

fn read_sentence(sentence: &str, name: &str, out: &mut Vec<Intent>) {
    let mut words = text::words(sentence);
    if words.is_empty() {
        let friendly = ["👍", "🙏", "❤", "😊", "😀", "🙂", "👌", "🎉", "😁", "😄"];
        let agrees = friendly.iter().any(|sign| sentence.contains(sign));
        out.push(if agrees { Intent::Agreed } else { Intent::Gibberish });
        return;
    }
    words.retain(|word| word != name);
    let rest = openers(&words, out);
    if rest.is_empty() {
        return;
    }
    let before = out.len();
    for (intent, asked) in [
        (Intent::MyName, &*book::MY_NAME),
        (Intent::MyBudget, &*book::MY_BUDGET),
        (Intent::MyVisit, &*book::MY_VISIT),
    ] {
        if any(rest, asked) {
            out.push(intent);
        }
    }
    if out.len() > before {
        return;
    }
    out.push(main_intent(sentence, rest));
    if !matches!(out.last(), Some(Intent::MoveTo(_))) {
        return;
    }
    if any(rest, &book::BOOKING) {
        out.insert(out.len() - 1, Intent::Booking);
    }
    if text::has_phrase(rest, "opening hours") {
        out.insert(out.len() - 1, Intent::Hours);
    }
}

/// Takes greetings, thanks, yes and no off the front.
fn openers<'a>(words: &'a [String], out: &mut Vec<Intent>) -> &'a [String] {
    let mut rest = words;
    loop {
        let found = book::OPENERS.phrases.at(rest, 0).max_by_key(|found| found.end);
        let Some(found) = found else { return rest };
        let intent = book::OPENERS.intents[found.entry];
        rest = &rest[found.end..];
        if let Some(intent) = intent
            && !out.contains(&intent)
        {
            out.push(intent);
        }
        if intent == Some(Intent::Thanks) && rest.first().is_some_and(|word| word == "for" || word == "por") {
            return &[];
        }
        if rest.is_empty() {
            return rest;
        }
    }
}

fn main_intent(sentence: &str, words: &[String]) -> Intent {
    let asks = sentence.contains(['?', '¿']);
    let short = words.len() <= 4;
    if let Some(channel) = unwanted(words) {
        return channel;
    }
    if any(words, &book::ABUSE) {
        return Intent::Abuse;
    }
    if any(words, &book::IDENTITY) {
        return Intent::Identity;
    }
    if let Some(channel) = preferred(words) {
        return Intent::Prefers(channel);
    }
    if let Some(channel) = wanted_line(words) {
        return Intent::MoveTo(channel);
    }
    if any(words, &book::PERSON) || (short && any(words, &book::PERSON_SHORT)) {
        return Intent::Person;
    }
    if any(words, &book::LATE) && !any(words, &book::HYPOTHETICAL) {
        return Intent::RunningLate(minutes(words));
    }
    if any(words, &book::ANGER) {
        return Intent::Anger;
    }
    if any(words, &book::RECALL) {
        return Intent::Recall;
    }
    let supposes = || any(words, &book::ASKS_HOW) || any(words, &book::HYPOTHETICAL);
    if any(words, &book::CANCEL_VISIT) && !supposes() {
        return Intent::CancelVisit;
    }
    if wants_moved(words) && !supposes() {
        return Intent::MoveVisit;
    }
    if any(words, &book::BOOKING) && !any(words, &book::BOOKED) {
        return Intent::Booking;
    }
    if comes(words) && !supposes() {
        return Intent::Booking;
    }
    if only(words, &book::HOURS, &book::HOURS_WORDS) {
        return Intent::Hours;
    }
    if only(words, &book::PLACE, &book::PLACE_WORDS) {
        return Intent::Place;
    }
    if any(words, &book::SMALL_TALK) {
        return Intent::SmallTalk;
    }
    if (any(words, &book::FAREWELL) || signs_off(sentence)) && !asks {
        return Intent::Farewell;
    }
    if short && !asks && any(words, &book::THANKS) {
        return Intent::Thanks;
    }
    if gibberish(words) { Intent::Gibberish } else { Intent::Question }
}

/// "Best, Maria": the closing of a letter, with at most a name after it.
fn signs_off(sentence: &str) -> bool {
    let (closing, name) = sentence.split_once(',').unwrap_or((sentence, ""));
    book::CLOSINGS.contains(&text::words(closing).join(" ").as_str()) && text::words(name).len() <= 3
}

/// Whether one of the phrases stands in a sentence.
fn any(words: &[String], phrases: &Phrases) -> bool {
    phrases.stand_in(words)
}

/// One of `phrases`, and nothing in the sentence that is not in `vocabulary`.
fn only(words: &[String], phrases: &Phrases, vocabulary: &WordSet) -> bool {
    any(words, phrases) && words.iter().all(|word| vocabulary.contains(word.as_str()))
}

/// "can we do Thursday instead?", "I need to reschedule".
fn wants_moved(words: &[String]) -> bool {
    let instead = words.last().is_some_and(|word| word == "instead");
    book::MOVE_VISIT.stand_in(words)
        || (instead && words.iter().any(|word| word.starts_with(|c: char| c.is_ascii_digit())))
}

/// "Can I come Wednesday at 3 pm?": a day and a time.
fn comes(words: &[String]) -> bool {
    any(words, &book::COMING)
        && words.iter().any(|word| book::DAYS.contains(word.as_str()))
        && words.iter().any(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// "stop texting me": an order, not the question how to.
fn unwanted(words: &[String]) -> Option<Intent> {
    (any(words, &book::OPT_OUT) && !any(words, &book::ASKS_HOW)).then_some(Intent::OptOut)
}

fn preferred(words: &[String]) -> Option<Channel> {
    let named = book::PREFERS.iter().find(|(_, phrases)| phrases.stand_in(words));
    named.map(|(channel, _)| *channel)
}

/// "text me the link", "send it to my email": not "will you text me when it is ready".
fn wanted_line(words: &[String]) -> Option<Channel> {
    if any(words, &book::NOT_NOW) {
        return None;
    }
    if any(words, &book::TEXT_ME) {
        return Some(Channel::Sms);
    }
    any(words, &book::EMAIL_ME).then_some(Channel::Email)
}

/// The number before "min", "minutes", "minutos"; at most a day.
fn minutes(words: &[String]) -> Option<u32> {
    words
        .windows(2)
        .find_map(|pair| {
            let number: u32 = pair[0].parse().ok().filter(|number| (1..=1_440).contains(number))?;
            matches!(pair[1].as_str(), "m" | "min" | "mins" | "minute" | "minutes" | "minuto" | "minutos")
                .then_some(number)
        })
        .or_else(|| {
            words.iter().find_map(|word| {
                let digits = word.strip_suffix("min").or_else(|| word.strip_suffix("mins"))?;
                digits.parse().ok().filter(|number| (1..=1_440).contains(number))
            })
        })
}

/// Whether most of the words are no words in any language we know of.
fn gibberish(words: &[String]) -> bool {
    let odd = words.iter().filter(|word| odd(word)).count();
    odd * 2 > words.len()
        || (words.len() == 1 && words[0].chars().count() == 1 && !words[0].contains(char::is_numeric))
}

fn odd(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < 4 || !word.is_ascii() || word.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let vowel = |c: &char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let row = ["qwertyuiop", "asdfghjkl", "zxcvbnm"].iter().any(|row| row.contains(word));
    let repeated = letters.windows(4).any(|run| run.iter().all(|c| *c == run[0]));
    let hard = letters.split(vowel).any(|run| run.len() >= 5);
    row || repeated || hard || !letters.iter().any(vowel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::EventId, time::Timestamp, wire::Speaker};

    fn intents(text: &str) -> Vec<Intent> {
        let said = Said {
            id: EventId::parse("evt_1").unwrap(),
            at: Timestamp::from_ms(0),
            channel: Channel::Widget,
            speaker: Speaker::Contact,
            text: text.to_owned(),
        };
        read(&[said], "Sprocket").into_iter().map(|part| part.intent).collect()
    }

    #[test]
    fn a_sentence_does_what_it_says() {
        use Intent::{
            Abuse, Agreed, Anger, Booking, CancelVisit, Farewell, Gibberish, Greeting, Hours, Identity,
            MoveTo, MoveVisit, MyVisit, No, OptOut, Person, Place, Prefers, Question, Recall, RunningLate,
            SmallTalk, Thanks, Yes,
        };
        for (text, expect) in [
            ("hi", &[Greeting][..]),
            ("Hi Sprocket!", &[Greeting]),
            ("Hi there! How much is a tune-up?", &[Greeting, Question]),
            ("hello, are you a bot?", &[Greeting, Identity]),
            ("Am I talking to a real person?", &[Identity]),
            ("can I talk to a person please", &[Person]),
            ("person", &[Person]),
            ("quiero hablar con alguien", &[Person]),
            ("thanks!", &[Thanks]),
            ("Thank you so much for your help.", &[Thanks]),
            ("ok thanks", &[Agreed, Thanks]),
            ("Thanks, that works", &[Thanks, Agreed]),
            ("I will think about it", &[Agreed]),
            ("yes please", &[Yes]),
            ("no thanks", &[No]),
            ("👍", &[Agreed]),
            ("???", &[Gibberish]),
            ("asdf qwer zxcv", &[Gibberish]),
            ("running 10 min late", &[RunningLate(Some(10))]),
            ("I'm stuck in traffic, sorry", &[RunningLate(None)]),
            ("voy a llegar 15 minutos tarde", &[RunningLate(Some(15))]),
            ("what if I am running late?", &[Question]),
            ("can you text me a link to book?", &[Booking, MoveTo(Channel::Sms)]),
            ("please email me the price of a full service", &[MoveTo(Channel::Email)]),
            ("will you text me when my bike is ready?", &[Question]),
            ("text is better for me", &[Prefers(Channel::Sms)]),
            ("I prefer email", &[Prefers(Channel::Email)]),
            ("prefiero correo", &[Prefers(Channel::Email)]),
            ("stop texting me", &[OptOut]),
            ("how do I stop the texts", &[Question]),
            ("Hi, when is my appointment?", &[Greeting, MyVisit]),
            ("what time was my appointment again?", &[MyVisit]),
            ("¿A qué hora es mi cita?", &[MyVisit]),
            ("do I need an appointment?", &[Question]),
            ("how do I reschedule my appointment?", &[Question]),
            ("what did you quote me in the chat?", &[Recall]),
            ("what was the price again?", &[Recall]),
            ("I want to book", &[Booking]),
            ("quiero reservar una cita", &[Booking]),
            ("how do I cancel my appointment", &[Question]),
            ("what if I cancel my appointment?", &[Question]),
            ("I need to cancel my appointment", &[CancelVisit]),
            ("sorry, I can't make it tomorrow", &[CancelVisit]),
            ("tengo que cancelar mi cita", &[CancelVisit]),
            ("can we do Thursday instead?", &[MoveVisit]),
            ("I'd like to reschedule", &[MoveVisit]),
            ("¿puedo cambiar mi cita al viernes?", &[MoveVisit]),
            ("do you sell lights instead of reflectors?", &[Question]),
            ("any free slots on Friday?", &[Booking]),
            ("Can I come Wednesday at 3 pm for a full service?", &[Booking]),
            ("¿Puedo ir el jueves a las 10?", &[Booking]),
            ("can I come in on Sunday?", &[Question]),
            ("what are your hours?", &[Hours]),
            ("are you open on sunday?", &[Hours]),
            ("are you open on thanksgiving", &[Question]),
            ("where are you located?", &[Place]),
            ("how are you?", &[SmallTalk]),
            ("you idiot", &[Abuse]),
            ("this is unacceptable", &[Anger]),
            ("bye", &[Farewell]),
            ("Best, Maria", &[Farewell]),
            ("Kind regards, Maria Lopez", &[Farewell]),
            ("Un saludo, Ana", &[Farewell]),
            ("best bike for kids", &[Question]),
            ("do you sell lights", &[Question]),
        ] {
            assert_eq!(intents(text), expect, "{text}");
        }
    }
}
