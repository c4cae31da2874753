//! Claims that need a source: amounts, percentages, dates, times, links, numbers, mailboxes. Each kind is read in a file
//! of its own; here they are held against what a turn knows.

mod addresses;
mod amounts;
mod dates;

use std::collections::BTreeSet;

use addresses::{digits, emails, phone, urls};
use amounts::amounts;
use dates::{dates, iso_date, times};

use super::Fault;
use crate::{
    assistant::Turn,
    calendar,
    phrases::{self, Lang},
    promise::spoken::{Spoken, spoken},
    text,
    wire::Speaker,
};

/// What a turn's sources say, ready to be compared.
pub(super) struct Sources {
    amounts: BTreeSet<String>,
    dates: BTreeSet<(u32, u32)>,
    times: BTreeSet<u32>,
    urls: BTreeSet<String>,
    /// Where phone numbers are looked for, when there is one to look for.
    numbered: String,
    emails: BTreeSet<String>,
    promises: BTreeSet<Spoken>,
    region: String,
}

impl Sources {
    /// Reads a turn's sources. Ours are passages, the site, what was said by us, and facts; what the contact wrote counts
    /// for dates, times and their own addresses only.
    pub(super) fn of(turn: &Turn) -> Self {
        let site = &turn.site;
        let mut ours = String::new();
        let mut add = |text: &str| {
            ours.push_str(text);
            ours.push('\n');
        };
        for passage in &turn.passages {
            add(&passage.heading);
            add(&passage.text);
        }
        for text in [&site.address, &site.phone, &site.name] {
            add(text);
        }
        add(site.booking_url.as_deref().unwrap_or_default());
        for endpoint in &site.endpoints {
            add(&endpoint.address);
        }
        for spans in site.hours.values().flatten() {
            add(&format!("{} {}", spans.0, spans.1));
        }
        for lang in Lang::ALL {
            add(&calendar::opens_sentence(site, turn.now, &turn.time_zone, lang.tag()));
            add(&turn.people(lang));
        }
        for said in turn.history.iter().filter(|said| said.speaker != Speaker::Contact) {
            add(&said.text);
        }
        for opening in &turn.openings {
            add(&phrases::booking::slot(Lang::En, opening.start, &opening.time_zone));
        }
        for own in &turn.appointments {
            add(&phrases::booking::slot(Lang::En, own.time.start, &site.time_zone));
        }
        let mut theirs = ours.clone();
        for said in turn.history.iter().chain(&turn.burst) {
            theirs.push_str(&said.text);
            theirs.push('\n');
            let zone = calendar::known_zone(&turn.time_zone, site);
            theirs.push_str(&calendar::local_date_time(said.at, zone, Lang::En));
            theirs.push('\n');
        }
        let mut amounts = amounts(&ours);
        for fact in &turn.facts {
            amounts.extend(self::amounts(&fact.value));
            amounts.extend(self::amounts(&fact.quote));
        }
        let mut dates = dates(&theirs);
        dates.extend(site.holidays.iter().filter_map(|day| iso_date(day)));
        Self {
            amounts,
            dates,
            times: times(&theirs),
            urls: urls(&ours).into_iter().collect(),
            numbered: theirs.lines().filter(|line| digits(line) >= 7).collect::<Vec<_>>().join("\n"),
            promises: ours.lines().flat_map(text::sentences).filter_map(spoken).collect(),
            emails: theirs.lines().flat_map(emails).collect(),
            region: site.region.clone(),
        }
    }

    fn knows_phone(&self, number: &str) -> bool {
        self.numbered.lines().any(|line| phone(line, &self.region).as_deref() == Some(number))
    }

    /// The claims of a sentence that stand in no source.
    pub(super) fn unfounded(&self, sentence: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        faults.extend(amounts(sentence).difference(&self.amounts).cloned().map(Fault::Amount));
        faults.extend(
            dates(sentence).difference(&self.dates).map(|(month, day)| Fault::Date(format!("{month}-{day}"))),
        );
        let unknown = times(sentence).into_iter().filter(|time| !self.times.contains(time));
        faults.extend(unknown.map(|time| Fault::Time(format!("{}:{:02}", time / 60, time % 60))));
        faults.extend(urls(sentence).into_iter().filter(|url| !self.urls.contains(url)).map(Fault::Url));
        let masked = |address: String| phrases::masked(&address);
        let unknown = phone(sentence, &self.region).filter(|number| !self.knows_phone(number));
        faults.extend(unknown.map(masked).map(Fault::Phone));
        let unknown = emails(sentence).into_iter().filter(|address| !self.emails.contains(address));
        faults.extend(unknown.map(masked).map(Fault::Email));
        let promise = spoken(sentence).filter(|promise| !self.promises.contains(promise));
        // "Today by 3 pm" was held against the computed time already.
        let is_said =
            promise.is_some_and(|promise| promise.within_min.is_some() || times(sentence).is_empty());
        if is_said {
            faults.push(Fault::Promise);
        }
        if claims_to_be_human(sentence) {
            faults.push(Fault::Person);
        }
        faults
    }
}

/// "I am a real person", "no soy un bot".
fn claims_to_be_human(sentence: &str) -> bool {
    const CLAIMS: &str = "i am a real person|im a real person|i am a person|im a person|i am human|im human|i am a human|\
        im a human|im not a bot|i am not a bot|im not an ai|i am not an ai|soy una persona|soy humano|soy humana|no soy un bot|\
        no soy una ia|no soy un robot";
    let words = text::words(sentence);
    CLAIMS.split('|').any(|claim| text::has_phrase(&words, claim))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn claims_are_found_in_any_text(text in any::<String>()) {
            let _ = (amounts(&text), dates(&text), times(&text), urls(&text), phone(&text, "US"), emails(&text));
        }

        #[test]
        fn claims_are_found_in_text_full_of_them(text in "(\\$|[0-9]{1,4}|:|[.]|,| am| pm|May |/|-|ñ|€|%| of ){0,24}") {
            let _ = (amounts(&text), dates(&text), times(&text), urls(&text));
        }
    }
}
