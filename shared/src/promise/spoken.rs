//! Promises in free words: "someone will call you within the hour". What a model says so is taken out and computed
//! instead; what a member of the team says so becomes a timer like every promise.
//!
//! It reads English, Spanish, French, German and Arabic. What it misses stays words; so it is narrow where a timer
//! would surprise: a question and an `if` promise nothing.

use std::sync::LazyLock;

use super::Deed;
use crate::text::{self, Phrases};

/// The longest time read as a promise's, in minutes: two weeks.
const MAX_MIN: u32 = 14 * 24 * 60;
/// How many words may stand between `within` and the unit of time.
const REACH: usize = 4;

/// A promise as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spoken {
    /// What is promised.
    pub deed: Deed,
    /// Within how many minutes of when it was said; nothing where the words are as vague as "shortly".
    pub within_min: Option<u32>,
}

const CALLS: &str = "will call you|ll call you|well call you|ill call you|theyll call you|shell call you|hell call you|will ring you|ill ring you|\
    well ring you|will phone you|ill phone you|well phone you|will give you a call|ill give you a call|well give you a call|\
    will be calling you|expect a call|get a call from|te llamara|le llamara|te llamaran|le llamaran|te llamare|le llamare|te llamaremos|\
    le llamaremos|te llamamos|le llamamos|te llamo|le llamo|vous appellera|vous appellerai|vous appellerons|vous rappelle|vous rappellera|\
    vous rappellerai|vous rappellerons|te rappelle|te rappellerai|rufe sie|rufe dich|rufen dich|ruft sie|ruft dich|wir rufen sie|\
    سيتصل بك|سنتصل بك|سأتصل بك|ساتصل بك";
const ANSWERS: &str = "will get back to you|ill get back to you|well get back to you|theyll get back to you|will be in touch|ill be in touch|\
    well be in touch|theyll be in touch|will reach out|ill reach out|well reach out|will contact you|ill contact you|well contact you|\
    youll hear from|you will hear from|youll hear back|you will hear back|will reply to you|will respond to you|will follow up|\
    se pondra en contacto|se pondran en contacto|nos pondremos en contacto|te contactara|le contactara|te contactaremos|le contactaremos|\
    te respondera|le respondera|te responderemos|le responderemos|vous recontactera|vous recontacterai|vous recontacterons|vous contactera|\
    vous contacterons|reviendrai vers vous|reviendra vers vous|reviendrons vers vous|meldet sich|melde mich|melden uns|\
    سيتواصل معك|سنتواصل معك|سأتواصل معك|ساتواصل معك";
const WITHIN: &str = "within|in|inside|dentro|en|dans|d|sous|innerhalb|binnen|خلال|بعد";
const SOON: &str = "shortly|soon|right away|immediately|in a moment|asap|today|tonight|tomorrow|this afternoon|this morning|this evening|\
    enseguida|en breve|pronto|hoy|manana|bientot|tout de suite|aujourdhui|demain|gleich|bald|sofort|heute|morgen|قريبا|اليوم|غدا";
const IF: &str = "if|unless|si|wenn|falls|sobald|إذا|اذا";

struct Words {
    calls: Phrases,
    answers: Phrases,
    within: Phrases,
    soon: Phrases,
    condition: Phrases,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    calls: Phrases::of(CALLS),
    answers: Phrases::of(ANSWERS),
    within: Phrases::of(WITHIN),
    soon: Phrases::of(SOON),
    condition: Phrases::of(IF),
});

/// What a sentence promises: that somebody of the team will call or answer, and when; nothing where it does not say
/// when, or promises nothing.
pub fn spoken(sentence: &str) -> Option<Spoken> {
    let words = text::words(sentence);
    let deed = if WORDS.calls.stand_in(&words) {
        Deed::Call
    } else if WORDS.answers.stand_in(&words) {
        Deed::Answer
    } else {
        return None;
    };
    let within_min = minutes(&words);
    (within_min.is_some() || WORDS.soon.stand_in(&words)).then_some(Spoken { deed, within_min })
}

/// The promise of a text that a member of the team wrote: the first of its sentences that says within how many minutes,
/// and neither asks nor sets a condition.
pub fn promised(text: &str) -> Option<(Deed, u32)> {
    let is_plain =
        |sentence: &&str| !sentence.contains(['?', '؟']) && !WORDS.condition.stand_in(&text::words(sentence));
    let mut sentences = text.lines().flat_map(text::sentences).filter(is_plain);
    sentences.find_map(|sentence| {
        let spoken = spoken(sentence)?;
        Some((spoken.deed, spoken.within_min?))
    })
}

/// "within the hour", "in 20 minutes", "dentro de media hora": in minutes.
fn minutes(words: &[String]) -> Option<u32> {
    words.iter().enumerate().find_map(|(at, word)| {
        let unit = unit(word)?;
        let before = &words[at.saturating_sub(REACH)..at];
        if !WORDS.within.stand_in(before) {
            return None;
        }
        let last = before.last().map_or("", String::as_str);
        let earlier = before.len().checked_sub(2).map_or("", |at| before[at].as_str());
        let count = match (last, earlier) {
            ("an" | "a", "half") | ("half" | "media" | "demi" | "halben" | "halbe" | "نصف", _) => {
                return Some(unit / 2);
            }
            _ => count(last),
        };
        Some(count.unwrap_or(1).saturating_mul(unit)).filter(|minutes| (1..=MAX_MIN).contains(minutes))
    })
}

/// A unit of time, in minutes.
fn unit(word: &str) -> Option<u32> {
    Some(match word {
        "minute" | "minutes" | "min" | "mins" | "minuto" | "minutos" | "minuten" | "دقيقة" | "دقائق" => {
            1
        }
        "hour" | "hours" | "hr" | "hrs" | "hora" | "horas" | "heure" | "heures" | "lheure" | "dheure"
        | "stunde" | "stunden" | "ساعة" | "ساعات" => 60,
        "ساعتين" => 120,
        "day" | "days" | "dia" | "dias" | "jour" | "jours" | "tag" | "tage" | "tagen" | "يوم" | "ايام"
        | "أيام" => 24 * 60,
        _ => return None,
    })
}

fn count(word: &str) -> Option<u32> {
    const NUMBERS: [&str; 12] = [
        "a an one un una une ein eine einer einem",
        "two dos deux zwei",
        "three tres trois drei",
        "four cuatro quatre vier",
        "five cinco cinq funf",
        "six seis sechs",
        "seven siete sept sieben",
        "eight ocho huit acht",
        "nine nueve neuf neun",
        "ten diez dix zehn",
        "fifteen quince quinze funfzehn",
        "twenty veinte vingt zwanzig",
    ];
    const VALUES: [u32; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20];
    if let Ok(number) = word.parse::<u32>() {
        return Some(number);
    }
    if matches!(word, "thirty" | "treinta" | "trente" | "dreissig") {
        return Some(30);
    }
    let place = NUMBERS.iter().position(|names| names.split(' ').any(|name| name == word))?;
    Some(VALUES[place])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_promised_in_words_is_read_in_five_languages() {
        for (sentence, deed, within_min) in [
            ("Someone will call you within the hour.", Deed::Call, Some(60)),
            ("I'll call you in 20 minutes.", Deed::Call, Some(20)),
            ("We’ll give you a call in half an hour", Deed::Call, Some(30)),
            ("A colleague will get back to you within two days.", Deed::Answer, Some(2_880)),
            ("Our team will be in touch shortly.", Deed::Answer, None),
            ("You'll hear from us today.", Deed::Answer, None),
            ("Le llamaremos dentro de una hora.", Deed::Call, Some(60)),
            ("Te llamo en media hora.", Deed::Call, Some(30)),
            ("Nous vous rappellerons dans 15 minutes.", Deed::Call, Some(15)),
            ("Un collègue vous recontactera dans l'heure.", Deed::Answer, Some(60)),
            ("Ich rufe Sie in einer Stunde an.", Deed::Call, Some(60)),
            ("Ein Kollege meldet sich innerhalb von 2 Stunden.", Deed::Answer, Some(120)),
            ("سنتصل بك خلال ساعة", Deed::Call, Some(60)),
            ("سيتواصل معك زميل خلال 30 دقيقة", Deed::Answer, Some(30)),
        ] {
            assert_eq!(spoken(sentence), Some(Spoken { deed, within_min }), "{sentence}");
        }
    }

    #[test]
    fn what_says_no_time_or_asks_promises_nothing() {
        for sentence in [
            "A full service takes 2 hours.",
            "Someone will call you.",
            "We hold your place for 20 minutes.",
            "Call us within the hour to keep it.",
            "I can't call you within the hour.",
            "You can come in 20 minutes.",
            "Rufen Sie uns in einer Stunde an.",
        ] {
            assert_eq!(spoken(sentence), None, "{sentence}");
        }
        for text in [
            "I will call you in 20 minutes, if that suits you.",
            "Shall we say that I'll call you in 20 minutes?",
            "We will be in touch soon.",
        ] {
            assert_eq!(promised(text), None, "{text}");
        }
        let text = "Thanks for the picture!\nI'll look at it with Sam. I'll call you within the hour. Bye";
        assert_eq!(promised(text), Some((Deed::Call, 60)));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(\\PC|will call you|within|in|[0-9]{1,12}|hour|minutes| |half an ){0,20}") {
            let _ = (spoken(&text), promised(&text));
        }
    }
}
