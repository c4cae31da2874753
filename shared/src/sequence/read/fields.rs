//! The fields of a table: every one is known, and what is missing is named.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Reader, Trouble};

/// A value and where it stands.
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// A table whose fields are all known.
pub(super) struct Fields<'a, 'i> {
    table: &'a DeTable<'i>,
    start: usize,
}

impl<'a, 'i> Fields<'a, 'i> {
    /// The table that begins at `start`, if it has no fields but those.
    pub(super) fn of(
        reader: &Reader<'_>,
        table: &'a DeTable<'i>,
        start: usize,
        keys: &[&str],
    ) -> Result<Self, Trouble> {
        for key in table.keys() {
            if !keys.contains(&key.get_ref().as_ref()) {
                let text =
                    format!("There is no `{}` here. There are `{}`.", key.get_ref(), keys.join("`, `"));
                return Err(reader.at(key.span().start, "sequence_unknown_field", text));
            }
        }
        Ok(Self { table, start })
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Value<'i>> {
        self.table.get(key)
    }

    pub(super) fn needed(&self, reader: &Reader<'_>, key: &str) -> Result<&'a Value<'i>, Trouble> {
        self.get(key).ok_or_else(|| {
            reader.at(self.start, "sequence_missing_field", format!("`{key}` is missing here."))
        })
    }

    pub(super) fn needed_text(&self, reader: &Reader<'_>, key: &str) -> Result<String, Trouble> {
        reader.string(self.needed(reader, key)?, key).map(str::to_owned)
    }

    pub(super) fn text(&self, reader: &Reader<'_>, key: &str) -> Result<Option<String>, Trouble> {
        self.get(key).map(|value| reader.string(value, key).map(str::to_owned)).transpose()
    }

    pub(super) fn flag(&self, reader: &Reader<'_>, key: &str) -> Result<Option<bool>, Trouble> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let flag = value.get_ref().as_bool();
        flag.map(Some).ok_or_else(|| {
            let text = format!("`{key}` takes `true` or `false`.");
            reader.at(value.span().start, "sequence_bad_value", text)
        })
    }
}
