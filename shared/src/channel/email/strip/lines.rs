//! What a single line of a mail is: a quote, a rule, the introduction of a quote, a header line, a phone's signature.
//!
//! Each question is answered from the line alone, in time linear in its length; what the lines around it mean is the
//! scanner's.

use crate::channel::email::quote_words::{
    DEVICES, FORWARD_LINES, LABELS, Label, ORIGINAL, SENT_FROM, SENT_FROM_ENDINGS, WROTE, WROTE_STARTS,
};

/// A longer line is nobody's header, in bytes.
const MAX_HEADER_LINE_BYTES: usize = 300;

pub(super) fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

pub(super) fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

pub(super) fn is_short(line: &str) -> bool {
    line.len() <= 60
}

pub(super) fn is_header_sized(line: &str) -> bool {
    line.len() <= MAX_HEADER_LINE_BYTES
}

/// Lower case, plain spaces, no emphasis marks around.
pub(super) fn lowered(line: &str) -> String {
    let plain = line.replace(['\u{a0}', '\u{202f}', '\u{200e}', '\u{200f}'], " ").to_lowercase();
    plain.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '_').to_owned()
}

pub(super) fn ends_with_colon(line: &str) -> bool {
    line.trim_end_matches(|c: char| c.is_whitespace() || c == '*' || c == '_').ends_with([':', '：'])
}

pub(super) fn starts_introduction(lower: &str) -> bool {
    let mut head = lower.chars().take(12).take_while(|c| *c != '@');
    let addressed = lower.split(' ').next().is_some_and(|word| word.contains('@'));
    WROTE_STARTS.iter().any(|start| lower.starts_with(start))
        || (!addressed && head.any(|c| c.is_ascii_digit()))
}

/// `> wrote:`, the end of an introduction whose address was wrapped before its closing bracket.
pub(super) fn is_closing_bracket(line: &str) -> bool {
    let rest = line.trim().trim_start_matches('>').trim();
    line.len() <= 40 && WROTE.iter().any(|verb| rest.starts_with(verb)) && ends_with_colon(line)
}

/// An introduction with the history behind it on the same line (Yahoo on phones): `On …<a@b> wrote: Hi Maria,`.
pub(super) fn is_run_in_introduction(line: &str) -> bool {
    let end = (0..=MAX_HEADER_LINE_BYTES.min(line.len()))
        .rev()
        .find(|end| line.is_char_boundary(*end))
        .unwrap_or(0);
    let lower = lowered(&line[..end]);
    let tail = |rest: &str| rest.starts_with(':') || WROTE.iter().any(|verb| rest.starts_with(verb));
    !ends_with_colon(line)
        && lower.contains('@')
        && starts_introduction(&lower)
        && has_date(&lower)
        && lower.match_indices('>').any(|(at, _)| tail(lower[at + 1..].trim_start()))
}

/// Whether a joined line that ends in a colon introduces a quote.
pub(super) fn is_introduction(lower: &str, strict: bool) -> bool {
    let verb = WROTE.iter().any(|verb| lower.contains(verb));
    let bare = lower.contains('@') && lower.trim_end_matches([':', '：', ' ']).ends_with('>');
    let dated = has_date(lower) || lower.contains('@');
    if strict { (verb && dated) || (bare && has_date(lower)) } else { verb || bare }
}

pub(super) fn has_mark(lower: &str) -> bool {
    has_date(lower) || lower.contains('@') || WROTE.iter().any(|verb| lower.contains(verb))
}

/// A time (`9:12`), a date with its parts joined (`24.11.`), or a year.
fn has_date(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    let joined = bytes.windows(3).any(|w| {
        w[0].is_ascii_digit() && matches!(w[1], b':' | b'.' | b'/' | b'-' | b'h') && w[2].is_ascii_digit()
    });
    joined
        || bytes
            .windows(4)
            .any(|w| matches!(w, [b'1', b'9', ..] | [b'2', b'0', ..]) && w.iter().all(u8::is_ascii_digit))
}

/// What a header line is about; `None` for any other line.
pub(super) fn label(line: &str) -> Option<Label> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '*');
    let head = &line[..line.char_indices().nth(24).map_or(line.len(), |(at, _)| at)];
    let (name, _) = head.split_once([':', '：'])?;
    let name = lowered(name);
    LABELS.iter().find(|(known, _)| *known == name).map(|(_, label)| *label)
}

/// `-----Original Message-----`, `---------- Forwarded message ---------`, `Begin forwarded message:`.
pub(super) fn is_rule_with_words(line: &str) -> bool {
    if !is_header_sized(line) {
        return false;
    }
    let lower = lowered(line);
    let forward = lower.trim_end_matches([':', '：', ' ']);
    let dashed = line.trim_start_matches([' ', '*']).starts_with("--");
    FORWARD_LINES.contains(&forward) && ends_with_colon(line)
        || (dashed && ORIGINAL.iter().any(|words| lower.contains(words)))
}

/// A line drawn under a reply: at least ten dashes, underscores or equals signs and nothing else.
pub(super) fn is_bare_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 10 && is_header_sized(line) && line.bytes().all(|b| matches!(b, b'-' | b'_' | b'=' | b'*'))
}

/// "Sent from my iPhone" and its family.
pub(super) fn is_phone_signature(line: &str) -> bool {
    if line.len() > 160 {
        return false;
    }
    let lower = lowered(line);
    let begins = SENT_FROM.iter().any(|start| lower.starts_with(start));
    let ends = SENT_FROM_ENDINGS.iter().any(|ending| lower.ends_with(ending));
    (begins || ends) && !lower.ends_with('?') && DEVICES.iter().any(|device| lower.contains(device))
}
