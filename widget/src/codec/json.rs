//! JSON as a value, small: a total reader and an object writer.
//!
//! A general JSON library costs a visitor about as many bytes as the framework does, most of it for floating-point
//! numbers and for generic code per type. The frames hold texts, whole numbers, lists and objects, so this module
//! holds just those: a number's fraction is cut off, an exponent is refused. Reading never panics and never recurses
//! deeper than `MAX_DEPTH`.

use crate::words::decimal;

/// Nesting beyond this is not a frame of ours.
const MAX_DEPTH: usize = 32;

/// A JSON value whose numbers are whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Json {
    /// `null`, and what a missing key reads as.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without its fraction.
    Int(i64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object's keys in their order.
    Map(Vec<(String, Json)>),
}

impl Json {
    /// Reads one value that fills `text`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(MAX_DEPTH)?;
        reader.space();
        (reader.at == text.len()).then_some(value)
    }

    /// The value under `key`; [`Json::Null`] where there is none.
    pub fn get(&self, key: &str) -> &Self {
        const NONE: &Json = &Json::Null;
        let Self::Map(entries) = self else { return NONE };
        entries.iter().find(|(name, _)| name == key).map_or(NONE, |(_, value)| value)
    }

    /// The only entry of an object: how an enum variant with content is written.
    pub fn only(&self) -> Option<(&str, &Self)> {
        match self {
            Self::Map(entries) if entries.len() == 1 => Some((&entries[0].0, &entries[0].1)),
            _ => None,
        }
    }

    /// A string's text.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A number.
    pub fn int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// A truth value.
    pub fn bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// An array's values; none for anything else.
    pub fn list(&self) -> &[Self] {
        if let Self::List(values) = self { values } else { &[] }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        let found = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        found.then_some(value)
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        let depth = depth.checked_sub(1)?;
        self.space();
        match self.peek()? {
            b'n' => self.word("null", Json::Null),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'"' => self.string().map(Json::Text),
            b'[' => self.list(depth),
            b'{' => self.map(depth),
            _ => self.number(),
        }
    }

    fn list(&mut self, depth: usize) -> Option<Json> {
        let mut values = Vec::new();
        self.at += 1;
        self.space();
        if self.take(b']') {
            return Some(Json::List(values));
        }
        loop {
            values.push(self.value(depth)?);
            self.space();
            if self.take(b']') {
                return Some(Json::List(values));
            }
            self.take(b',').then_some(())?;
        }
    }

    fn map(&mut self, depth: usize) -> Option<Json> {
        let mut entries = Vec::new();
        self.at += 1;
        self.space();
        if self.take(b'}') {
            return Some(Json::Map(entries));
        }
        loop {
            self.space();
            let key = self.string()?;
            self.space();
            self.take(b':').then_some(())?;
            entries.push((key, self.value(depth)?));
            self.space();
            if self.take(b'}') {
                return Some(Json::Map(entries));
            }
            self.take(b',').then_some(())?;
        }
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        self.take(b'-');
        self.digits();
        let number = self.text[start..self.at].parse().ok()?;
        if self.take(b'.') {
            self.digits();
        }
        let exponent = matches!(self.peek(), Some(b'e' | b'E'));
        (!exponent).then_some(Json::Int(number))
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Option<String> {
        self.take(b'"').then_some(())?;
        let mut out = String::new();
        loop {
            // Quotes and backslashes are ASCII, so every slice ends between characters.
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..=0x1f) {
                self.at += 1;
            }
            out.push_str(&self.text[start..self.at]);
            self.at += 1;
            match self.text.as_bytes()[self.at - 1] {
                b'"' => return Some(out),
                b'\\' => out.push(self.escape()?),
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let first = self.hex()?;
                if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
                    self.at += 2;
                    let second = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + second)?
                } else {
                    char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
                }
            }
            b'"' | b'\\' | b'/' => char::from(byte),
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// Writes one object, key by key.
#[derive(Debug)]
pub struct Object(String);

impl Default for Object {
    fn default() -> Self {
        Self(String::from("{"))
    }
}

impl Object {
    /// Adds a key whose value is JSON already.
    #[must_use]
    pub fn raw(mut self, key: &str, json: &str) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        quote(&mut self.0, key);
        self.0.push(':');
        self.0.push_str(json);
        self
    }

    /// Adds a string.
    #[must_use]
    pub fn text(self, key: &str, text: &str) -> Self {
        let mut quoted = String::with_capacity(text.len() + 2);
        quote(&mut quoted, text);
        self.raw(key, &quoted)
    }

    /// Adds a string or `null`.
    #[must_use]
    pub fn maybe(self, key: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(key, text),
            None => self.raw(key, "null"),
        }
    }

    /// Adds a number.
    #[must_use]
    pub fn int(self, key: &str, number: i64) -> Self {
        self.raw(key, &decimal(number))
    }

    /// Closes the object.
    pub fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// Appends `text` as a JSON string.
fn quote(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\u{0}'..='\u{1f}' => {
                let code = usize::try_from(u32::from(character)).unwrap_or(0);
                out.push_str("\\u00");
                out.extend([char::from(HEX[code >> 4]), char::from(HEX[code & 15])]);
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
