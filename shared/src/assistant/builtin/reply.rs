//! The draft in the making: sentences, sources, cards and acts, kept within what the line carries.

use super::{
    super::{Act, Draft, Fact, Said, Turn, guard::room},
    AUTHOR,
    acts::Part,
    calls, recall,
};
use crate::{
    calendar,
    channel::Channel,
    handoff::Reason,
    phrases::{self, Lang},
    text,
    wire::{Offer, Source, Speaker},
};

/// How much of a source is shown, in characters.
const QUOTE_CHARS: usize = 240;

/// A draft in the making.
pub(super) struct Reply<'a> {
    /// What is answered.
    pub turn: &'a Turn<'a>,
    /// In which language.
    pub lang: Lang,
    /// What an email about this is called.
    pub topic: Option<String>,
    sentences: Vec<String>,
    draft: Draft,
}

impl<'a> Reply<'a> {
    pub(super) fn new(turn: &'a Turn<'a>, lang: Lang) -> Self {
        let draft = Draft { author: AUTHOR.to_owned(), ..Draft::default() };
        Self { turn, lang, topic: None, sentences: Vec::new(), draft }
    }

    /// Adds a sentence, once.
    pub(super) fn say(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if !sentence.trim().is_empty() && !self.sentences.contains(&sentence) {
            self.sentences.push(sentence);
        }
    }

    pub(super) fn is_silent(&self) -> bool {
        self.sentences.is_empty()
    }

    /// How many characters are still free on this line.
    pub(super) fn room(&self) -> usize {
        let used: usize = self.sentences.iter().map(|sentence| sentence.chars().count() + 1).sum();
        self.limit().saturating_sub(used)
    }

    /// How long the text may be, the label that is put before it taken off.
    fn limit(&self) -> usize {
        room(self.turn, self.lang)
    }

    pub(super) fn cite(&mut self, source: Source) {
        let source = Source { quote: text::shorten(&source.quote, QUOTE_CHARS), ..source };
        if !self.draft.sources.contains(&source) {
            self.draft.sources.push(source);
        }
    }

    /// Shows a card, where the line shows cards.
    pub(super) fn offer(&mut self, offer: Offer) {
        if self.turn.channel == Channel::Widget && !self.draft.offers.contains(&offer) {
            self.draft.offers.push(offer);
        }
    }

    pub(super) fn act(&mut self, act: Act) {
        self.draft.acts.push(act);
    }

    /// Whether something is asked about an appointment.
    pub(super) fn has_asked(&self) -> bool {
        self.draft.asked().is_some()
    }

    /// Calls a person, once.
    pub(super) fn call(&mut self, reason: Reason, about: Option<String>) {
        if !self.draft.acts.iter().any(calls) {
            self.act(Act::CallPerson { reason, about, by: self.turn.acts_by() });
        }
    }

    /// Remembers a fact that is new.
    pub(super) fn remember(&mut self, fact: Fact) {
        let same =
            |known: &Fact| known.key == fact.key && text::fold(&known.value) == text::fold(&fact.value);
        if !self.turn.facts.iter().any(same) {
            self.act(Act::Remember(fact));
        }
    }

    /// Remembers what a whole sentence says.
    pub(super) fn remember_part(&mut self, key: &str, value: String, part: &Part<'_>) {
        self.remember(Fact {
            key: key.to_owned(),
            value,
            quote: part.text.to_owned(),
            source: part.said.id.clone(),
            channel: part.said.channel,
            at: part.said.at,
        });
    }

    /// A fact by its key: what was said just now before what was said earlier, the newest first.
    pub(super) fn fact(&self, key: &str) -> Option<&Fact> {
        let now = self.draft.acts.iter().rev().filter_map(|act| match act {
            Act::Remember(fact) => Some(fact),
            _ => None,
        });
        now.chain(self.turn.facts.iter().rev()).find(|fact| fact.key == key)
    }

    /// When a person answers, on the contact's clock.
    pub(super) fn people(&self) -> String {
        self.turn.people(self.lang)
    }

    /// The assistant's last words on any line, without what was put around them.
    pub(super) fn last_words(&self) -> String {
        self.last_said().map_or_else(String::new, |said| recall::bare(self.turn, said))
    }

    /// The assistant's last message on any line, unless a person of the team spoke after it.
    fn last_said(&self) -> Option<&Said> {
        let last = self.turn.history.iter().rev().find(|said| said.speaker != Speaker::Contact);
        last.filter(|said| said.speaker == Speaker::Assistant)
    }

    /// Whether the assistant's last words hold an offer, in any language.
    pub(super) fn was_offered(&self, offer: fn(Lang) -> &'static str) -> bool {
        let last = self.last_words();
        Lang::ALL.iter().any(|lang| last.contains(offer(*lang)))
    }

    /// Asks where to answer, if nobody is there and no address is known.
    pub(super) fn ask_where_to_answer(&mut self) {
        let turn = self.turn;
        let reachable = turn.can_text || turn.can_email || turn.channel != Channel::Widget;
        if !reachable && !calendar::is_open(&turn.site, turn.now) {
            self.say(phrases::answers::ask_where_to_answer(self.lang));
            self.offer(Offer::Person);
        }
    }

    /// Says what is not known or understood; the second time in a row on a line a person is called, unless one is already.
    pub(super) fn unsure(&mut self, words: &str) {
        self.act(Act::Unsure);
        if self.turn.is_called(Reason::Unsure, None) {
            let when = self.people();
            self.say(words);
            self.say(phrases::answers::handoff_stands(self.lang, &when));
            return;
        }
        if self.turn.handoff.was_unsure {
            let when = self.people();
            self.say(phrases::answers::unsure_again(self.lang));
            self.say(when);
            self.call(Reason::Unsure, None);
            self.ask_where_to_answer();
            return;
        }
        self.say(words);
        if words == phrases::answers::unknown(self.lang) {
            self.say(phrases::answers::offer_person(self.lang));
            self.offer(Offer::Person);
        }
    }

    /// The acknowledgement of what was told, where something was.
    pub(super) fn told(&self) -> Option<String> {
        let facts: Vec<&Fact> = self
            .draft
            .acts
            .iter()
            .filter_map(|act| if let Act::Remember(fact) = act { Some(fact) } else { None })
            .collect();
        let only_name = facts.iter().all(|fact| fact.key == "name");
        match facts.first()? {
            fact if only_name => Some(phrases::answers::nice_to_meet(self.lang, &fact.value)),
            _ => Some(phrases::answers::remembered(self.lang).to_owned()),
        }
    }

    /// The finished draft: never empty, never longer than the line carries.
    pub(super) fn finish(mut self) -> Draft {
        let between = if self.turn.channel == Channel::Email { "\n\n" } else { " " };
        let text = self.sentences.join(between);
        self.draft.text = text::within(&text, self.limit());
        let answered_by_email = self.turn.burst.iter().any(|said| said.channel == Channel::Email);
        if self.turn.channel == Channel::Email && !answered_by_email {
            self.draft.subject =
                Some(phrases::lines::subject(self.lang, &self.turn.site.name, self.topic.as_deref()));
        }
        self.draft
    }
}
