//! Content lines (RFC 5545 section 3.1): folding, escaping, parameters; each with its way back.

use std::fmt::Write as _;

/// The longest line, in octets, its end not counted.
pub(super) const MAX_OCTETS: usize = 75;

/// Adds a content line, folded: no line is longer than 75 octets, and no character is torn apart.
pub(super) fn push_line(out: &mut String, line: &str) {
    let mut room = MAX_OCTETS;
    for character in line.chars() {
        let octets = character.len_utf8();
        if octets > room {
            out.push_str("\r\n ");
            room = MAX_OCTETS - 1;
        }
        out.push(character);
        room -= octets;
    }
    out.push_str("\r\n");
}

/// The content lines of an object: unfolded, LF taken for CRLF, empty ones left out.
pub(super) fn unfold(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for physical in text.split('\n') {
        let physical = physical.strip_suffix('\r').unwrap_or(physical);
        match (physical.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(line)) => line.push_str(rest),
            (None, _) if physical.is_empty() => {}
            (_, _) => lines.push(physical.to_owned()),
        }
    }
    lines
}

/// A text as a value (RFC 5545 section 3.3.11). Control characters but tabs and line breaks may not stand there: they are
/// left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// The text of a value; a backslash before anything else stands for itself.
pub(super) fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(escaped @ ('\\' | ';' | ',')) => out.push(escaped),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// A parameter's value in quotes, which is right for any. Quotes and control characters cannot stand there.
pub(super) fn quoted(text: &str) -> String {
    let plain = |character: char| match character {
        '"' => '\'',
        other if other.is_control() => ' ',
        other => other,
    };
    format!("\"{}\"", text.chars().map(plain).collect::<String>())
}

/// A mailbox as a `mailto:` URI (RFC 6068): what may not stand there is percent-encoded.
pub(super) fn mailto(mailbox: &str) -> String {
    let mut out = String::from("mailto:");
    for byte in mailbox.bytes() {
        if byte.is_ascii_alphanumeric() || b"@.!$'*+-_~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The mailbox of a `mailto:` URI, percent-decoded; `None` for another scheme.
pub(super) fn mailbox(uri: &str) -> Option<String> {
    let uri = uri.trim();
    let is_mail = uri.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let mut rest = uri.as_bytes().get(7..).filter(|_| is_mail)?;
    let mut decoded = Vec::with_capacity(rest.len());
    while let [first, after @ ..] = rest {
        rest = after;
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        if let (b'%', [high, low, after @ ..]) = (first, after)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            decoded.push(high << 4 | low);
            rest = after;
        } else {
            decoded.push(*first);
        }
    }
    String::from_utf8(decoded).ok()
}

/// A content line, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Property<'a> {
    /// Its name, in upper case.
    pub(super) name: String,
    /// Its parameters: names in upper case, values without their quotes.
    pub(super) params: Vec<(String, &'a str)>,
    /// Its value as written.
    pub(super) value: &'a str,
}

impl<'a> Property<'a> {
    /// The property of a line; `None` where it has no value.
    pub(super) fn of(line: &'a str) -> Option<Self> {
        // Colons and semicolons in quotes are a parameter's own.
        let mut in_quotes = false;
        let mut cuts = Vec::new();
        let mut end = None;
        for (index, byte) in line.bytes().enumerate() {
            match byte {
                b'"' => in_quotes = !in_quotes,
                b';' if !in_quotes => cuts.push(index),
                b':' if !in_quotes => {
                    end = Some(index);
                    break;
                }
                _ => {}
            }
        }
        let end = end?;
        let value = &line[end + 1..];
        cuts.push(end);
        let name = line[..cuts[0]].to_ascii_uppercase();
        let params = cuts.windows(2).filter_map(|pair| {
            let (key, value) = line[pair[0] + 1..pair[1]].split_once('=')?;
            let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            Some((key.to_ascii_uppercase(), bare.unwrap_or(value)))
        });
        Some(Self { name, params: params.collect(), value })
    }

    /// A parameter's value.
    pub(super) fn param(&self, name: &str) -> Option<&'a str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| *value)
    }
}
