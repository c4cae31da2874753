//! Steps: each has one verb, and leads to a later step only, so that every way through comes to an end.

use std::collections::BTreeMap;

use super::{
    Reader, Trouble,
    fields::{Fields, Value},
};
use crate::{
    channel::Channel,
    delivery::Purpose,
    phrases::Lang,
    sequence::{
        Does, Question, Send, Step,
        moment::{self, When},
        words::{Own, Text, VARIABLES, Words},
    },
};

/// What a step takes from its sequence.
pub(super) struct Common {
    pub(super) purpose: Purpose,
    pub(super) topic: Option<String>,
    /// It is about an appointment.
    pub(super) is_about: bool,
}

/// The verbs, and the fields that may stand beside each.
const VERBS: [(&str, &[&str]); 7] = [
    ("wait", &[]),
    ("wait_until", &["if_passed"]),
    ("send", &["words", "text", "mail", "subject", "purpose", "topic", "not_after"]),
    ("branch", &["then", "else"]),
    ("write", &["channel", "text", "mail", "subject", "purpose", "topic", "not_after"]),
    ("assign", &[]),
    ("stop", &[]),
];

/// The end, as a step to go on with.
const END: &str = "end";

impl Reader<'_> {
    pub(super) fn steps(&self, tables: &[&Value<'_>], common: &Common) -> Result<Vec<Step>, Trouble> {
        let mut ids: Vec<String> = Vec::new();
        for (place, value) in tables.iter().enumerate() {
            let named = value.get_ref().as_table().and_then(|table| table.get("id"));
            let id = match named {
                None => (place + 1).to_string(),
                Some(named) => self.id(named, &ids)?,
            };
            ids.push(id);
        }
        let mut steps = Vec::new();
        for (place, value) in tables.iter().enumerate() {
            let does = self.step(value, place, &ids, common)?;
            steps.push(Step { id: ids[place].clone(), does });
        }
        Ok(steps)
    }

    fn id(&self, value: &Value<'_>, before: &[String]) -> Result<String, Trouble> {
        let id = self.string(value, "id")?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let starts = id.starts_with(|first: char| first.is_ascii_alphabetic());
        if !starts
            || id.len() > 40
            || !id.bytes().all(is_plain)
            || id == END
            || before.iter().any(|it| it == id)
        {
            let text = "A step's `id` is unique, begins with a letter, has at most 40 letters, digits, `-` or `_`, \
                        and is not `end`.";
            return Err(self.at(value.span().start, "sequence_bad_value", text));
        }
        Ok(id.to_owned())
    }

    fn step(
        &self,
        value: &Value<'_>,
        place: usize,
        ids: &[String],
        common: &Common,
    ) -> Result<Does, Trouble> {
        let start = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            return Err(self.at(
                start,
                "sequence_bad_value",
                "A step is a table: write `[[step]]` above it.",
            ));
        };
        let verbs: Vec<_> = VERBS.iter().filter(|(verb, _)| table.contains_key(*verb)).collect();
        let [(verb, beside)] = verbs.as_slice() else {
            let all = VERBS.map(|(verb, _)| verb).join("`, `");
            return Err(self.at(start, "sequence_bad_value", format!("A step has exactly one of `{all}`.")));
        };
        let keys: Vec<&str> = ["id", verb].into_iter().chain(beside.iter().copied()).collect();
        let fields = Fields::of(self, table, start, &keys)?;
        let said = fields.needed(self, verb)?;
        match *verb {
            "wait" => self.duration(said).map(Does::Wait),
            "wait_until" => {
                let when = self.when(said, common)?;
                // What it waits for is left out with it.
                let if_passed = self.target(&fields, "if_passed", place, ids)?;
                Ok(Does::WaitUntil {
                    when,
                    if_passed: if_passed.unwrap_or_else(|| (place + 2).min(ids.len())),
                })
            }
            "send" => self.send(self.channels(said)?, &fields, common).map(Does::Send),
            "branch" => {
                let on = self.question(said)?;
                let then = self.target(&fields, "then", place, ids)?.unwrap_or(place + 1);
                let otherwise = self.target(&fields, "else", place, ids)?.unwrap_or(place + 1);
                Ok(Does::Branch { on, then, otherwise })
            }
            "stop" => self.string(said, "stop").map(|why| Does::Stop(why.to_owned())),
            "assign" => {
                let member = self.string(said, "assign")?;
                if !self.site.has_member(member) {
                    let text = format!("The site's `team` has nobody called `{member}`.");
                    return Err(self.at(said.span().start, "sequence_unknown_member", text));
                }
                Ok(Does::Assign(member.to_owned()))
            }
            _ => {
                let ask = self.string(said, verb)?;
                let among = fields.get("channel").map(|channel| self.channels(channel)).transpose()?;
                let send = self.send(among.unwrap_or_default(), &fields, common)?;
                Ok(Does::Send(Send { ask: Some(ask.to_owned()), ..send }))
            }
        }
    }

    /// A later step to go on with.
    fn target(
        &self,
        fields: &Fields<'_, '_>,
        key: &str,
        place: usize,
        ids: &[String],
    ) -> Result<Option<usize>, Trouble> {
        let Some(value) = fields.get(key) else { return Ok(None) };
        let id = self.string(value, key)?;
        if id == END {
            return Ok(Some(ids.len()));
        }
        let found = ids.iter().position(|known| known == id);
        let text = match found {
            Some(found) if found > place => return Ok(Some(found)),
            Some(_) => format!("`{key}` goes back to `{id}`. It takes a later step, or `end`."),
            None => format!("There is no step `{id}`. `{key}` takes the `id` of a later step, or `end`."),
        };
        Err(self.at(value.span().start, "sequence_unknown_step", text))
    }

    fn when(&self, value: &Value<'_>, common: &Common) -> Result<When, Trouble> {
        let text = self.string(value, "a moment")?;
        let when = moment::parse_when(text).ok_or_else(|| {
            let text = format!(
                "`{text}` is no moment. Write `1 day before`, `2 hours after` or `08:00 on the day`."
            );
            self.at(value.span().start, "sequence_bad_duration", text)
        })?;
        if common.is_about {
            return Ok(when);
        }
        let text = "Only a sequence with an appointment as its `trigger` knows such a moment.";
        Err(self.at(value.span().start, "sequence_bad_value", text))
    }

    /// A channel or several; none for `auto`.
    fn channels(&self, value: &Value<'_>) -> Result<Vec<Channel>, Trouble> {
        if let Some(several) = value.get_ref().as_array().filter(|several| !several.is_empty()) {
            let named =
                several.iter().map(|value| self.named_channel(value, self.string(value, "a channel")?));
            return named.collect();
        }
        match self.string(value, "a channel")? {
            "auto" => Ok(Vec::new()),
            text => Ok(vec![self.named_channel(value, text)?]),
        }
    }

    fn named_channel(&self, value: &Value<'_>, text: &str) -> Result<Channel, Trouble> {
        let has_line = |channel: &Channel| self.site.endpoint_on(*channel).is_some();
        let all: Vec<&str> = Channel::ALL.iter().filter(|it| has_line(it)).map(|it| it.as_str()).collect();
        Channel::parse(text).filter(has_line).ok_or_else(|| {
            let text = format!("The site has no channel `{text}`. It has `{}`.", all.join("`, `"));
            self.at(value.span().start, "sequence_unknown_channel", text)
        })
    }

    fn question(&self, value: &Value<'_>) -> Result<Question, Trouble> {
        let text = self.string(value, "branch")?;
        if text == "replied" {
            return Ok(Question::Replied);
        }
        if let Some(channel) = text.strip_prefix("prefers ") {
            return self.named_channel(value, channel).map(Question::Prefers);
        }
        let consent = text.strip_prefix("agreed to ").and_then(|rest| rest.split_once(" by "));
        if let Some((purpose, channel)) = consent
            && let Some(purpose) = Purpose::parse(purpose).filter(|purpose| purpose.is_unasked())
        {
            return self.named_channel(value, channel).map(|channel| Question::Consents(channel, purpose));
        }
        let text = format!(
            "`{text}` is nothing to branch on. Write `replied`, `prefers sms` or `agreed to marketing by email`."
        );
        Err(self.at(value.span().start, "sequence_bad_value", text))
    }

    fn send(&self, among: Vec<Channel>, fields: &Fields<'_, '_>, common: &Common) -> Result<Send, Trouble> {
        let own = fields.get("words").map(|value| self.own(value, common)).transpose()?;
        let words = match own {
            Some(own) => {
                let other = ["text", "mail", "subject"].iter().find_map(|key| fields.get(key));
                if let Some(other) = other {
                    let text = "A step has either the product's own `words`, or a `text` of yours.";
                    return Err(self.at(other.span().start, "sequence_bad_value", text));
                }
                Words::Own(own)
            }
            None => Words::Written {
                text: self.words(fields.needed(self, "text")?, common)?,
                mail: fields.get("mail").map(|value| self.words(value, common)).transpose()?,
                subject: fields.get("subject").map(|value| self.words(value, common)).transpose()?,
            },
        };
        let purpose = fields.get("purpose").map(|value| self.purpose(value)).transpose()?;
        Ok(Send {
            among,
            ask: None,
            purpose: purpose.unwrap_or(common.purpose),
            topic: fields.text(self, "topic")?.or_else(|| common.topic.clone()),
            words,
            not_after: fields.get("not_after").map(|value| self.when(value, common)).transpose()?,
        })
    }

    fn own(&self, value: &Value<'_>, common: &Common) -> Result<Own, Trouble> {
        let text = self.string(value, "words")?;
        Own::parse(text).filter(|_| common.is_about).ok_or_else(|| {
            let text = "`words` takes `appointment confirmed` or `appointment reminder`, in a sequence about appointments.";
            self.at(value.span().start, "sequence_bad_value", text)
        })
    }

    /// Words in one language, or a table of them by language.
    fn words(&self, value: &Value<'_>, common: &Common) -> Result<Text, Trouble> {
        let Some(table) = value.get_ref().as_table() else {
            return Ok(BTreeMap::from([(String::new(), self.template(value, common)?)]));
        };
        let tags = Lang::ALL.map(Lang::tag);
        let fields = Fields::of(self, table, value.span().start, &tags)?;
        fields.needed(self, Lang::of(&self.site.locale).tag())?;
        let written = tags.into_iter().filter_map(|tag| Some((tag, fields.get(tag)?)));
        written.map(|(tag, words)| Ok((tag.to_owned(), self.template(words, common)?))).collect()
    }

    /// Words whose variables all stand for something.
    fn template(&self, value: &Value<'_>, common: &Common) -> Result<String, Trouble> {
        let words = self.string(value, "a text")?;
        let mut rest = words;
        while let Some((_, after)) = rest.split_once('{') {
            let (variable, left) = after.split_once('}').unwrap_or((after, ""));
            if let Some(why) = self.trouble_of(variable, common) {
                let shown: String = variable.chars().take(40).collect();
                let span = value.span();
                let source = self.text.get(span.clone()).unwrap_or_default();
                let within = source.find(&format!("{{{shown}")).unwrap_or_default();
                let text = format!("`{{{shown}}}`: {why}");
                return Err(self.at(span.start + within, "sequence_unknown_variable", text));
            }
            rest = left;
        }
        Ok(words.to_owned())
    }

    /// Why a variable stands for nothing here.
    fn trouble_of(&self, variable: &str, common: &Common) -> Option<String> {
        let (name, fallback) =
            variable.split_once('|').map_or((variable, None), |(name, or)| (name, Some(or)));
        let Some((_, is_appointments)) = VARIABLES.iter().find(|(known, _)| *known == name) else {
            let all = VARIABLES.map(|(known, _)| known).join("`, `");
            return Some(format!("there is no such variable. There are `{all}`."));
        };
        if *is_appointments && !common.is_about {
            return Some("only a sequence with an appointment as its `trigger` knows it.".into());
        }
        match name {
            "name" if fallback.is_none_or(|or| or.trim().is_empty()) => {
                Some("not every contact has a name. Write what to say instead: `{name|there}`.".into())
            }
            "booking_url" if self.site.booking_url.is_none() => {
                Some("the site's definition has no `booking_url`.".into())
            }
            _ => None,
        }
    }
}
