//! Reads a sequence's file (TOML 1.1) and says where it is wrong: a stable code, the line, the column and one sentence.
//!
//! `examples/site/sequences/README.md` describes the format.

mod fields;
mod step;

use toml::de::DeTable;

use self::fields::{Fields, Value};
use super::{MAX_STEPS, Sequence, Trigger, moment};
use crate::{appointment::Act, contact, delivery::Purpose, error::Rejection, site::Site, time::DAY_MS};

/// How long a contact is not put into a sequence again by silence, unless the file says otherwise, in milliseconds.
const AGAIN_AFTER_MS: i64 = 30 * DAY_MS;

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: line {line}, column {column}: {text}")]
pub struct Trouble {
    /// Stable: `sequence_syntax`, `sequence_unknown_field`, `sequence_missing_field`, `sequence_bad_value`,
    /// `sequence_bad_duration`, `sequence_unknown_trigger`, `sequence_unknown_channel`, `sequence_unknown_step`,
    /// `sequence_unknown_variable`, `sequence_unknown_member`.
    pub code: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// The character in it, from 1.
    pub column: usize,
    /// One sentence that says what to change.
    pub text: String,
}

impl Trouble {
    /// The same as a refusal of the file of that name.
    pub fn in_file(&self, path: &str) -> Rejection {
        let Self { code, line, column, text } = self;
        Rejection::new(400, code, format!("sequences/{path}:{line}:{column}: {text}"))
    }
}

/// What is read, and whose it is.
struct Reader<'a> {
    text: &'a str,
    site: &'a Site,
}

/// Reads the file `{id}.toml` of a site.
pub fn read(id: &str, text: &str, site: &Site) -> Result<Sequence, Trouble> {
    let reader = Reader { text, site };
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if id.is_empty() || id.len() > 40 || !id.bytes().all(is_plain) {
        let text = "The file's name needs 1 to 40 lower-case letters, digits or `-` before `.toml`.";
        return Err(reader.at(0, "sequence_bad_value", text));
    }
    let document = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        reader.at(at, "sequence_syntax", format!("This is not TOML: {message}."))
    })?;
    reader.sequence(id, document.get_ref())
}

impl Reader<'_> {
    fn at(&self, offset: usize, code: &'static str, text: impl Into<String>) -> Trouble {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Trouble { code, line, column, text: text.into() }
    }

    fn sequence(&self, id: &str, table: &DeTable<'_>) -> Result<Sequence, Trouble> {
        const KEYS: [&str; 10] = [
            "name",
            "purpose",
            "topic",
            "trigger",
            "priority",
            "ends_on_reply",
            "ends_on_resolve",
            "again_after",
            "enabled",
            "step",
        ];
        let fields = Fields::of(self, table, 0, &KEYS)?;
        let name = fields.needed_text(self, "name")?;
        let purpose = self.purpose(fields.needed(self, "purpose")?)?;
        let topic = fields.text(self, "topic")?;
        let triggers = self.triggers(fields.needed(self, "trigger")?)?;
        let ends_on_reply = fields.flag(self, "ends_on_reply")?.unwrap_or(true);
        let ends_on_resolve =
            fields.flag(self, "ends_on_resolve")?.unwrap_or_else(|| triggers.iter().any(is_chase));
        let enabled = fields.flag(self, "enabled")?.unwrap_or(true);
        let again_after = fields.get("again_after").map(|value| self.duration(value)).transpose()?;
        let priority = fields.get("priority").map(|value| self.priority(value)).transpose()?.unwrap_or(0);
        let steps = fields.needed(self, "step")?;
        let is_about = triggers.iter().any(|trigger| matches!(trigger, Trigger::Appointment(_)));
        let common = step::Common { purpose, topic, is_about };
        let found = steps.get_ref().as_array().filter(|found| (1..=MAX_STEPS).contains(&found.len()));
        let Some(found) = found else {
            let text = format!("A sequence has 1 to {MAX_STEPS} steps, each under its own `[[step]]`.");
            return Err(self.at(steps.span().start, "sequence_bad_value", text));
        };
        let tables: Vec<&Value<'_>> = found.iter().collect();
        let steps = self.steps(&tables, &common)?;
        Ok(Sequence {
            id: id.to_owned(),
            name,
            triggers,
            ends_on_reply,
            ends_on_resolve,
            again_after_ms: again_after.unwrap_or(AGAIN_AFTER_MS),
            priority,
            is_off: !enabled,
            steps,
            text: self.text.to_owned(),
        })
    }

    /// One trigger or several.
    fn triggers(&self, value: &Value<'_>) -> Result<Vec<Trigger>, Trouble> {
        let values: Vec<&Value<'_>> = match value.get_ref().as_array() {
            Some(several) => several.iter().collect(),
            None => vec![value],
        };
        let triggers = values.iter().map(|value| self.trigger(value)).collect::<Result<Vec<_>, _>>()?;
        let is_silence = |trigger: &&Trigger| matches!(trigger, Trigger::Silence { .. });
        let silences = triggers.iter().filter(is_silence).count();
        let is_about = triggers.iter().any(|trigger| matches!(trigger, Trigger::Appointment(_)));
        if values.is_empty() || silences > 1 || (silences > 0 && is_about) {
            let text = "`trigger` takes at least one, and either one silence or appointments, not both.";
            return Err(self.at(value.span().start, "sequence_bad_value", text));
        }
        Ok(triggers)
    }

    fn trigger(&self, value: &Value<'_>) -> Result<Trigger, Trouble> {
        let text = self.string(value, "trigger")?;
        let appointment = |act| Ok(Trigger::Appointment(act));
        match text {
            "manual" => return Ok(Trigger::Manual),
            "appointment booked" => return appointment(Act::Booked),
            "appointment moved" => return appointment(Act::Moved),
            "appointment missed" => return appointment(Act::Missed),
            "appointment done" => return appointment(Act::Done),
            "handoff missed" => return Ok(Trigger::HandoffMissed),
            "form" => return Ok(Trigger::Form(super::ANY_FORM.to_owned())),
            _ => {}
        }
        if let Some(duration) = text.strip_prefix("no answer for ") {
            let for_ms = moment::parse_duration(duration);
            let for_ms = for_ms.ok_or_else(|| self.bad_duration(value, duration))?;
            return Ok(Trigger::Silence { for_ms });
        }
        if let Some(name) = text.strip_prefix("form ") {
            return Ok(Trigger::Form(name.trim().to_owned()));
        }
        if let Some(tag) = text.strip_prefix("tag ").and_then(contact::tag) {
            return Ok(Trigger::Tag(tag));
        }
        let known = "`manual`, `appointment booked`, `appointment moved`, `appointment missed`, `appointment done`, \
                     `no answer for 7 days`, `form`, `form NAME`, `tag NAME`, `handoff missed`";
        let text = format!("`{text}` is no trigger. There are {known}.");
        Err(self.at(value.span().start, "sequence_unknown_trigger", text))
    }

    fn purpose(&self, value: &Value<'_>) -> Result<Purpose, Trouble> {
        let text = self.string(value, "purpose")?;
        Purpose::parse(text).filter(|purpose| purpose.is_unasked()).ok_or_else(|| {
            let text = format!("`{text}` is no purpose. There are `transactional`, `reminder`, `marketing`.");
            self.at(value.span().start, "sequence_bad_value", text)
        })
    }

    fn priority(&self, value: &Value<'_>) -> Result<u8, Trouble> {
        let number = value.get_ref().as_integer().and_then(|number| number.as_str().parse::<u8>().ok());
        number.filter(|number| *number <= 9).ok_or_else(|| {
            let text = "`priority` takes a whole number from 0 to 9.";
            self.at(value.span().start, "sequence_bad_value", text)
        })
    }

    fn duration(&self, value: &Value<'_>) -> Result<i64, Trouble> {
        let text = self.string(value, "a duration")?;
        moment::parse_duration(text).ok_or_else(|| self.bad_duration(value, text))
    }

    fn bad_duration(&self, value: &Value<'_>, text: &str) -> Trouble {
        let text = format!(
            "`{text}` is no duration. Write `3 days`: minutes, hours, days or weeks, at most 366 days."
        );
        self.at(value.span().start, "sequence_bad_duration", text)
    }

    fn string<'v>(&self, value: &'v Value<'_>, key: &str) -> Result<&'v str, Trouble> {
        let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
        text.ok_or_else(|| {
            self.at(
                value.span().start,
                "sequence_bad_value",
                format!("`{key}` takes a text that is not empty."),
            )
        })
    }
}

/// Whether what it begins runs after somebody whose matter is open.
const fn is_chase(trigger: &Trigger) -> bool {
    matches!(trigger, Trigger::Silence { .. } | Trigger::Form(_) | Trigger::HandoffMissed)
}

#[cfg(test)]
mod tests;
