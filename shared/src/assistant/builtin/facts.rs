//! Facts out of a burst: what a contact says of themselves, with their exact words.
//!
//! A fact's quote is a part of the message it came from, byte for byte; what cannot be quoted is not remembered. Only
//! statements give facts: a question about a budget is no budget.

use std::sync::LazyLock;

use super::super::{Fact, Said};
use crate::{
    text::{self, Found, Phrases, Token, WordSet},
    wire::Speaker,
};

/// The longest value or quote, in characters.
const MAX_CHARS: usize = 160;

/// The facts a contact stated in `burst`, in order, without repetitions. `history` says what an objection is about.
pub fn facts(burst: &[Said], history: &[Said]) -> Vec<Fact> {
    let mut out: Vec<Fact> = Vec::new();
    for said in burst.iter().filter(|said| said.speaker == Speaker::Contact) {
        for sentence in text::sentences(&said.text) {
            for (key, value, quote) in stated(sentence, history) {
                let known = out.iter().any(|fact| fact.key == key && fact.value == value);
                let exact = said.text.contains(quote) && !quote.trim().is_empty();
                if exact && !known && !value.is_empty() {
                    let value = text::shorten(&value, MAX_CHARS);
                    let quote = text::truncate(quote, MAX_CHARS).to_owned();
                    let key = key.to_owned();
                    out.push(Fact {
                        key,
                        value,
                        quote,
                        source: said.id.clone(),
                        channel: said.channel,
                        at: said.at,
                    });
                }
            }
        }
    }
    out
}

type Stated<'a> = (&'static str, String, &'a str);

fn stated<'a>(sentence: &'a str, history: &[Said]) -> Vec<Stated<'a>> {
    let sentence = sentence.trim();
    let tokens = text::tokens(sentence);
    let mut out = Vec::new();
    out.extend(name(sentence, &tokens));
    out.extend(free(sentence, &tokens));
    if asks(sentence, &tokens) {
        return out;
    }
    out.extend(budget(sentence, &tokens));
    out.extend(objection(sentence, &tokens, history));
    out.extend(service(sentence, &tokens));
    out.extend(timing(sentence, &tokens));
    out
}

/// A question, by its mark or by its first word.
fn asks(sentence: &str, tokens: &[Token]) -> bool {
    static FIRST: LazyLock<WordSet> = LazyLock::new(|| {
        "how|what|when|where|who|which|why|do|does|did|can|could|is|are|will|would|should|any|may|que|\
        como|cuando|cuanto|cuanta|donde|quien|cual|puedo|pueden|tienen|hay|hacen"
            .split('|')
            .collect()
    });
    sentence.contains(['?', '¿']) || tokens.first().is_some_and(|token| FIRST.contains(token.word.as_str()))
}

fn slice<'a>(sentence: &'a str, tokens: &[Token], from: usize, to: usize) -> &'a str {
    match (tokens.get(from), tokens.get(to.saturating_sub(1))) {
        (Some(first), Some(last)) if from < to => sentence.get(first.start..last.end).unwrap_or_default(),
        _ => "",
    }
}

/// Words that follow "I'm" and are no name.
static NO_NAMES: LazyLock<WordSet> = LazyLock::new(|| {
    "a|an|the|not|so|sorry|late|here|looking|interested|running|in|on|at|just|still|going|trying|\
        sure|fine|good|happy|ready|back|new|also|from|un|una|cliente|el|la|de|nuevo|nueva|i|my|your|done"
        .split('|')
        .collect()
});

fn name<'a>(sentence: &'a str, tokens: &[Token]) -> Option<Stated<'a>> {
    static SURE: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::of(
            "my name is|my names|my name s|call me|me llamo|mi nombre es|i am called|the name is|name is",
        )
    });
    static MAYBE: LazyLock<Phrases> = LazyLock::new(|| Phrases::of("im|i am|this is|soy"));
    let at = |list: &Phrases| list.all(tokens).min_by_key(|found| found.entry);
    let found = at(&SURE).map(|found| (found, true));
    let (Found { start, end, .. }, sure) = found.or_else(|| at(&MAYBE).map(|found| (found, false)))?;
    let mut last = end;
    while let Some(token) = tokens.get(last).filter(|_| last < end + 2) {
        let written = sentence.get(token.start..token.end).unwrap_or_default();
        let capital = written.chars().next().is_some_and(char::is_uppercase);
        let letters = written.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’'));
        let follows = last == end || sentence.get(tokens[last - 1].end..token.start) == Some(" ");
        let named = letters && follows && !NO_NAMES.contains(token.word.as_str());
        let lower_is_fine = sure && last == end;
        if !named || !(capital || lower_is_fine) {
            break;
        }
        last += 1;
    }
    let alone = !sure && start > 2;
    let given = slice(sentence, tokens, end, last);
    if last == end || alone || given.chars().count() > 40 {
        return None;
    }
    if !sure && tokens.get(end).is_none_or(|token| token.word.chars().count() < 2) {
        return None;
    }
    if sure && asks(sentence, tokens) && sentence.contains(['?', '¿']) {
        return None;
    }
    let mut letters = given.chars();
    let value = letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default();
    Some(("name", value, slice(sentence, tokens, start, last)))
}

/// "remember that the gate code is 4411".
fn free<'a>(sentence: &'a str, tokens: &[Token]) -> Option<Stated<'a>> {
    static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::of(
            "remember that|please remember|please note that|note that|keep in mind that|for the record|\
        recuerde que|recuerda que|tenga en cuenta que|ten en cuenta que|anote que",
        )
    });
    let Found { start, end, .. } = PHRASES.first_in(tokens).filter(|found| found.start <= 2)?;
    let value = slice(sentence, tokens, end, tokens.len());
    let asked = sentence.contains(['?', '¿']) || value.is_empty();
    (!asked).then(|| ("note", value.to_owned(), slice(sentence, tokens, start, tokens.len())))
}

/// An amount of money near a word of spending.
fn budget<'a>(sentence: &'a str, tokens: &[Token]) -> Option<Stated<'a>> {
    static SPENDS: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::of(
            "budget|spend|afford|max|maximum|up to|no more than|at most|under|pay more than|presupuesto|\
        gastar|hasta|maximo|no mas de|pagar mas de|my limit|mi limite",
        )
    });
    let start = SPENDS.first_in(tokens)?.start;
    let (amount, index) = amounts(sentence, tokens).into_iter().next()?;
    let (from, to) = (start.min(index), start.max(index) + 1);
    Some(("budget", amount, slice_money(sentence, tokens, from, to)))
}

/// The amounts of money in a sentence, as written with a `$`, with the index of their number.
fn amounts(sentence: &str, tokens: &[Token]) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if !token.word.bytes().all(|b| b.is_ascii_digit()) || token.word.len() > 6 {
            continue;
        }
        let signed = sentence.get(..token.start).is_some_and(|before| before.ends_with('$'));
        let named = tokens.get(index + 1).is_some_and(|next| {
            matches!(next.word.as_str(), "dollars" | "bucks" | "usd" | "dolares" | "dollar")
        });
        if signed || named {
            out.push((format!("${}", token.word), index));
        }
    }
    out
}

/// A slice that keeps the `$` before its first word and the unit after its last.
fn slice_money<'a>(sentence: &'a str, tokens: &[Token], from: usize, to: usize) -> &'a str {
    let unit = tokens
        .get(to)
        .is_some_and(|t| matches!(t.word.as_str(), "dollars" | "bucks" | "usd" | "dolares" | "dollar"));
    let to = if unit { to + 1 } else { to };
    let (Some(first), Some(last)) = (tokens.get(from), tokens.get(to.saturating_sub(1))) else { return "" };
    let signed = sentence.get(..first.start).is_some_and(|before| before.ends_with('$'));
    sentence.get(first.start - usize::from(signed)..last.end).unwrap_or_default()
}

/// "too expensive", with the amount it is about: in the sentence, or in what they were told last.
fn objection<'a>(sentence: &'a str, tokens: &[Token], history: &[Said]) -> Option<Stated<'a>> {
    static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::of(
            "too expensive|so expensive|very expensive|pretty expensive|quite expensive|bit expensive|\
        is expensive|thats expensive|thats a lot|that is a lot|is a lot|seems a lot|sounds like a lot|\
        feels like a lot|a lot of money|too much|too pricey|pricey|steep|cant afford|can not afford|\
        cannot afford|over my budget|more than i|muy caro|muy cara|demasiado caro|demasiado cara|\
        es caro|es cara|es mucho|es demasiado|mucho dinero|no me alcanza",
        )
    });
    static DENIALS: LazyLock<Phrases> =
        LazyLock::new(|| Phrases::of("not too expensive|not expensive|not too much|no es caro"));
    static MORE_THAN_I: LazyLock<Phrases> = LazyLock::new(|| Phrases::of("more than i"));
    let Found { start, end, .. } = PHRASES.first_in(tokens)?;
    if DENIALS.stand_in(tokens) {
        return None;
    }
    let own = amounts(sentence, tokens).into_iter().next();
    let about = own.as_ref().map(|(amount, _)| amount.clone()).or_else(|| last_amount(history));
    let value = about.map_or_else(|| "price".to_owned(), |amount| format!("price {amount}"));
    let from = own.map_or(start, |(_, index)| index.min(start));
    let end = if MORE_THAN_I.stand_in(tokens) { tokens.len() } else { end };
    Some(("objection", value, slice_money(sentence, tokens, from, end)))
}

/// The amount the contact was told last.
fn last_amount(history: &[Said]) -> Option<String> {
    let told =
        history.iter().rev().find(|said| said.speaker != Speaker::Contact && said.text.contains('$'))?;
    first_amount(&told.text)
}

/// The first amount with a `$` in a text, as `$140` or `$1,200`.
pub(super) fn first_amount(text: &str) -> Option<String> {
    let rest = text.split('$').skip(1).find(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))?;
    let length = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(rest.len());
    Some(format!("${}", rest[..length].trim_end_matches([',', '.'])))
}

/// "I need a full service": up to five words, to the end of the clause.
fn service<'a>(sentence: &'a str, tokens: &[Token]) -> Option<Stated<'a>> {
    static WANTS: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::of(
            "interested in a|interested in an|interested in the|interested in|looking for a|looking for an|\
        looking for|looking to get a|i need a|i need an|i need the|i want a|i want an|i want the|\
        id like a|id like an|id like the|i would like a|i would like the|me interesa el|me interesa la|\
        me interesa un|me interesa una|necesito un|necesito una|quiero el",
        )
    });
    static NOT_SERVICES: LazyLock<WordSet> = LazyLock::new(|| {
        "person|human|link|quote|text|email|call|price|to|refund|appointment|minute|moment|question|know|\
        info|information|help|answer|receipt|persona|cita|momento|precio|copy|representative|manager|\
        different|favor|new"
            .split('|')
            .collect()
    });
    static STOPS: LazyLock<WordSet> = LazyLock::new(|| {
        "for|because|but|and|if|on|at|by|please|next|this|tomorrow|today|before|after|in|with|so|when|\
        asap|soon|to|that|para|porque|pero|y|si|en|por|antes|despues|con|from|it|would|as|instead"
            .split('|')
            .collect()
    });
    let Found { start, end, .. } = WANTS.first_in(tokens)?;
    let mut last = end;
    while let Some(token) = tokens.get(last).filter(|_| last < end + 5) {
        let gap = if last == end {
            " "
        } else {
            sentence.get(tokens[last - 1].end..token.start).unwrap_or_default()
        };
        let same_clause = matches!(gap, " " | "-" | "'" | "’" | " the ");
        if !same_clause || STOPS.contains(token.word.as_str()) {
            break;
        }
        last += 1;
    }
    let first = tokens.get(end)?;
    if last == end || NOT_SERVICES.contains(first.word.as_str()) {
        return None;
    }
    Some(("service", slice(sentence, tokens, end, last).to_lowercase(), slice(sentence, tokens, start, last)))
}

/// "next month", "after the holidays".
fn timing<'a>(sentence: &'a str, tokens: &[Token]) -> Option<Stated<'a>> {
    static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
        Phrases::of(
            "next month|next week|next year|after the holidays|after christmas|after new year|in a few weeks|\
        in a few days|in a few months|in a couple of weeks|in a month|in two weeks|in the spring|\
        in the summer|in the fall|in the winter|this spring|this summer|this fall|this winter|\
        this weekend|end of the month|end of the year|in january|in february|in march|in april|\
        after my vacation|el mes que viene|la semana que viene|el proximo mes|la proxima semana|\
        despues de las fiestas|despues de navidad",
        )
    });
    let Found { start, end, .. } = PHRASES.first_in(tokens)?;
    let quote = slice(sentence, tokens, start, end);
    Some(("timing", quote.to_lowercase(), quote))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{channel::Channel, id::EventId, time::Timestamp};

    fn said(speaker: Speaker, text: &str) -> Said {
        let id = EventId::parse("evt_1").unwrap();
        Said { id, at: Timestamp::from_ms(0), channel: Channel::Widget, speaker, text: text.to_owned() }
    }

    fn found(text: &str) -> Vec<(String, String, String)> {
        let told = [said(Speaker::Assistant, "A full service is $140. It is thorough.")];
        facts(&[said(Speaker::Contact, text)], &told).into_iter().map(|f| (f.key, f.value, f.quote)).collect()
    }

    #[test]
    fn what_is_stated_is_remembered_with_its_words() {
        for (text, key, value, quote) in [
            ("Hi, I'm Maria and my bike squeaks.", "name", "Maria", "I'm Maria"),
            ("my name is maria lopez", "name", "Maria", "my name is maria"),
            ("Me llamo Ana Ruiz.", "name", "Ana Ruiz", "Me llamo Ana Ruiz"),
            ("I need a full service for my bike", "service", "full service", "I need a full service"),
            (
                "I'm interested in the basic tune-up.",
                "service",
                "basic tune-up",
                "interested in the basic tune-up",
            ),
            ("My budget is $300", "budget", "$300", "budget is $300"),
            ("I can spend up to 200 dollars.", "budget", "$200", "spend up to 200 dollars"),
            ("That's a lot.", "objection", "price $140", "That's a lot"),
            ("$140 is a lot for me", "objection", "price $140", "$140 is a lot"),
            ("es muy caro", "objection", "price $140", "muy caro"),
            ("Maybe next month then.", "timing", "next month", "next month"),
            ("después de las fiestas", "timing", "después de las fiestas", "después de las fiestas"),
            (
                "Remember that the gate code is 4411.",
                "note",
                "the gate code is 4411",
                "Remember that the gate code is 4411",
            ),
        ] {
            let found = found(text);
            assert!(found.contains(&(key.into(), value.into(), quote.into())), "{text}: {found:?}");
        }
    }

    #[test]
    fn questions_and_passing_words_are_no_facts() {
        for text in [
            "I'm running late",
            "I'm Late again",
            "are you open next week?",
            "how much is a full service",
            "is it too expensive?",
            "I need a person",
            "I am looking for you",
            "it is not too expensive",
            "this is great",
        ] {
            let found: Vec<_> = found(text).into_iter().filter(|f| f.1 != "you").collect();
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }

    proptest! {
        #[test]
        fn a_quote_is_always_a_part_of_the_message(text in "(\\PC|I'm |my budget is |\\$[0-9]{1,4} |too much|I need a ){0,12}") {
            for fact in facts(&[said(Speaker::Contact, &text)], &[]) {
                prop_assert!(text.contains(&fact.quote) && !fact.quote.is_empty());
            }
        }
    }
}
