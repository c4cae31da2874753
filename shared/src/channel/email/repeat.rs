//! Which mail says the same again: the end of a loop between two machines of which the other bears no sign.
//!
//! [`super::loop_guard`] knows machines that say they are (RFC 3834). One that does not would be answered, answer that,
//! and go on until a ceiling is reached. What gives it away is that it says one thing over and over, with another ticket
//! number and another time in it. So mails are compared by their essence: words without case, punctuation, quoted lines
//! and numbers, save those of one or two digits (`52`, `52cm`, `10am`), because two sizes are two questions.
//!
//! A person must not lose an answer by this. Texts that say anything else are never alike, however close they come: a
//! measure of overlap would take two questions that differ in one noun for one. And whoever writes "Hello?" or "Any
//! news?" three times in an hour is answered three times: of texts as short as that it takes more until nobody but a
//! machine would still write them. A machine that never says the same twice is stopped by the ceilings alone.

use crate::{text, time::HOUR_MS};

/// How far back mails are compared, in milliseconds.
pub const WITHIN_MS: i64 = HOUR_MS;
/// How many alike mails are answered in that time.
const ANSWERED: usize = 2;
/// The same of short ones.
const ANSWERED_SHORT: usize = 5;
/// A text of fewer words is short.
const SHORT_WORDS: usize = 8;

/// Whether a mail's text says what enough of the `earlier` ones have said: those of the same mailbox within [`WITHIN_MS`],
/// in any order, quoted history taken off.
pub fn is_repeat<'t>(text: &str, earlier: impl IntoIterator<Item = &'t str>) -> bool {
    let essence = essence(text);
    let alike = earlier.into_iter().filter(|earlier| self::essence(earlier) == essence).count();
    alike >= if essence.len() < SHORT_WORDS { ANSWERED_SHORT } else { ANSWERED }
}

/// What is compared; the text itself where nothing else is left of it.
fn essence(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('>'));
    let words = lines.flat_map(str::split_whitespace).filter(|word| !is_varying(word));
    let words: Vec<String> = words.flat_map(text::words).collect();
    if words.is_empty() { vec![text.trim().to_owned()] } else { words }
}

/// Whether a word is one that machines fill in anew: a ticket's number, a date, a time.
fn is_varying(word: &str) -> bool {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = core.chars().filter(char::is_ascii_digit).count();
    let leading = core.chars().take_while(char::is_ascii_digit).count();
    digits > 0 && (word.contains('#') || leading != digits || digits > 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the third mail is a repeat of two others.
    fn third(one: &str, other: &str, again: &str) -> bool {
        is_repeat(again, [one, other])
    }

    #[test]
    fn a_machine_is_recognised_whatever_number_and_time_it_fills_in() {
        let received = |ticket: &str, time: &str, date: &str| {
            format!(
                "Thank you for your message!\nWe received it at {time} on {date} as ticket {ticket}, and will get \
                 back to you soon.\n> {ticket} is what you asked"
            )
        };
        let one = received("#4711", "10:32", "2026-11-23");
        let other = received("#4712", "10:33", "2026-11-23");
        for again in [
            received("#5", "9:05pm", "2026-11-24"),
            received("AB-99812", "23:59", "24.11.2026").to_uppercase(),
            received("(4713)", "10:34", "11/23/2026").replace('\n', "\r\n  "),
        ] {
            assert!(third(&one, &other, &again), "{again}");
        }
        assert!(!is_repeat(&one, [other.as_str()]), "twice is answered");
        assert!(!third(&one, &other, "Thank you for your message! We are closed until Monday, sorry."));
    }

    #[test]
    fn a_person_who_says_something_else_is_never_taken_for_a_machine() {
        let pairs = [
            ("Could you tell me how much a new chain would cost me?", "chain", "brake"),
            ("Do you have the blue city bike in size 52 in stock at the moment?", "52", "54"),
            ("Do you have the blue city bike in 52cm in stock at the moment?", "52cm", "54cm"),
            ("Would Thursday at 10 be fine for you to have a look at it?", "10", "11"),
            ("I will bring my bike on Thursday, could you have a look at it?", "could", "can"),
        ];
        for (text, from, to) in pairs {
            assert!(!third(text, text, &text.replace(from, to)), "{text}");
            assert!(third(text, text, text), "word for word a third time: {text}");
        }
    }

    #[test]
    fn short_words_are_answered_longer() {
        let five = |text| [text; 5];
        for text in ["Hello?", "ok", "thanks", "Any news on my bike?", "👍", "4711"] {
            assert!(!is_repeat(text, [text; 4]), "{text}");
            assert!(is_repeat(text, five(text)), "{text}");
        }
        assert!(!is_repeat("ok", five("thanks")));
        assert!(!is_repeat("4711", five("4712")), "nothing but a number is compared as it is");
        assert!(!is_repeat("👍", five("👎")));
    }

    #[test]
    fn the_order_does_not_matter_and_other_mails_between_them_do_not_either() {
        let alternating =
            ["We have got your mail and will answer it soon, thank you.", "We are still at it.", "no"];
        let earlier = [alternating[0], alternating[1], alternating[0], alternating[1], alternating[2]];
        assert!(is_repeat(alternating[0], earlier));
        assert!(!is_repeat(alternating[1], earlier), "short, and twice only");
    }

    proptest! {
        #[test]
        fn any_texts_are_compared_without_a_panic(text in "\\PC{0,80}", other in "\\PC{0,80}") {
            prop_assert!(!is_repeat(&text, []));
            prop_assert!(is_repeat(&text, [text.as_str(); 5]));
            let _ = third(&text, &other, &text);
        }
    }
}
