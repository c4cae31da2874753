//! What a person wrote, without the history their mail program put under it.
//!
//! A line scanner: no tree, no regular expressions, and a bounded number of looks at every line, so that the worst mail
//! costs what its length costs. It cuts at the first of
//! - a rule with words in it (`-----Original Message-----`), or `Begin forwarded message:`;
//! - a block of header lines (`From:` / `Sent:` / `To:` / `Subject:`, `quote_words::LABELS`);
//! - "On Tuesday, Maria wrote:" above history that is not marked with `>`;
//! - a signature (`-- `, RFC 3676 section 4.3).
//!
//! Then quotes marked with `>` go from the end, with the line that introduces them and "Sent from my iPhone". Answers
//! written between the quotes are kept together with the quotes they answer; an answer below one whole quote is kept
//! alone. If nothing would be left, the text comes back as it was: losing a customer's words is worse than showing an
//! old quote.

use std::cell::Cell;

use super::quote_words::{
    DEVICES, FORWARD_LINES, LABELS, Label, ORIGINAL, SENT_FROM, SENT_FROM_ENDINGS, WROTE, WROTE_STARTS,
};

/// A longer line is nobody's header, in bytes.
const MAX_HEADER_LINE_BYTES: usize = 300;
/// Lines over which a mail program may wrap "On … wrote:".
const MAX_WRAPPED_LINES: usize = 4;
/// Lines looked at for a block of header lines.
const MAX_BLOCK_LINES: usize = 12;
/// Lines below `--` (without the space that makes it a separator) that still make it a signature.
const MAX_LOOSE_SIGNATURE_LINES: usize = 8;

/// The reply alone. Linear in the length of `text`; never empty unless `text` is blank.
pub fn strip_reply(text: &str) -> String {
    strip_counted(text).0
}

/// The reply, and how many looks at lines it took.
fn strip_counted(text: &str) -> (String, usize) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let scan = Scan::new(&lines);
    let reply = scan.reply();
    let reply = if reply.trim().is_empty() { text.trim() } else { reply.trim_matches('\n').trim_end() };
    (reply.to_owned(), scan.looks.get())
}

struct Scan<'t> {
    lines: &'t [&'t str],
    /// For each line, the first one at or after it that is not blank.
    next_text: Vec<usize>,
    /// For each line, how many unquoted lines with text stand before it.
    unquoted_before: Vec<usize>,
    looks: Cell<usize>,
}

impl<'t> Scan<'t> {
    fn new(lines: &'t [&'t str]) -> Self {
        let mut next_text = vec![lines.len(); lines.len() + 1];
        for (index, line) in lines.iter().enumerate().rev() {
            next_text[index] = if is_blank(line) { next_text[index + 1] } else { index };
        }
        let mut unquoted_before = Vec::with_capacity(lines.len() + 1);
        let mut count = 0;
        for line in lines {
            unquoted_before.push(count);
            count += usize::from(!is_blank(line) && !is_quoted(line));
        }
        unquoted_before.push(count);
        Self { lines, next_text, unquoted_before, looks: Cell::new(lines.len()) }
    }

    /// A line, counted.
    fn line(&self, index: usize) -> &'t str {
        self.looks.set(self.looks.get() + 1);
        self.lines.get(index).copied().unwrap_or_default()
    }

    fn reply(&self) -> String {
        let end = self.signature(self.history());
        let end = self.without_tail(end);
        self.without_introductions(end)
    }

    /// Where unmarked history begins; the end where there is none.
    fn history(&self) -> usize {
        for index in 0..self.lines.len() {
            let line = self.line(index);
            if is_blank(line) || is_quoted(line) {
                continue;
            }
            if is_rule_with_words(line) || is_run_in_introduction(line) || self.is_header_block(index) {
                return index;
            }
            let length = self.introduction(index, true);
            if length > 0 && !self.is_quoted_next(index + length) {
                return index;
            }
        }
        self.lines.len()
    }

    /// Where a signature begins, before `end`; `end` where there is none.
    fn signature(&self, end: usize) -> usize {
        for index in 0..end {
            let line = self.line(index);
            let below = self.unquoted_before[end] - self.unquoted_before[index];
            let loose = matches!(line.trim_end(), "--" | "—") && below <= MAX_LOOSE_SIGNATURE_LINES + 1;
            let separator = line == "-- " || line == "--\u{a0}" || loose;
            if separator && self.unquoted_before[index] > 0 {
                return index;
            }
        }
        end
    }

    /// The end without blank lines, marked quotes, their introductions, bare rules and phone signatures.
    fn without_tail(&self, mut end: usize) -> usize {
        let cut = end < self.lines.len();
        loop {
            let before = end;
            while end > 0 && is_blank(self.line(end - 1)) {
                end -= 1;
            }
            if end > 0 && is_quoted(self.lines[end - 1]) {
                while end > 0 && (is_quoted(self.line(end - 1)) || is_blank(self.lines[end - 1])) {
                    end -= 1;
                }
                end -= self.introduction_above(end);
            } else if end > 0 && is_phone_signature(self.lines[end - 1]) {
                end -= 1;
            } else if end > 1 && is_phone_signature(self.line(end - 2)) && is_short(self.lines[end - 1]) {
                end -= 2;
            } else if end > 0 && (cut || end < self.lines.len()) && is_bare_rule(self.lines[end - 1]) {
                end -= 1;
            }
            if end == before {
                return end;
            }
        }
    }

    /// The lines before `end`, without the introductions of the quotes among them; without the one quote that stands
    /// above everything.
    fn without_introductions(&self, end: usize) -> String {
        let mut kept: Vec<&str> = Vec::with_capacity(end);
        let (mut index, mut blocks, mut text_above) = (0, 0, false);
        let mut after_quote = 0;
        while index < end {
            let line = self.line(index);
            if is_quoted(line) {
                if index == 0 || !is_quoted(self.lines[self.last_text(index)]) {
                    blocks += 1;
                }
                after_quote = kept.len() + 1;
            } else if !is_blank(line) {
                let length = self.introduction(index, false);
                if length > 0 && self.is_quoted_next(index + length) {
                    index = self.next_text[index + length];
                    continue;
                }
                text_above |= blocks == 0;
            }
            kept.push(line);
            index += 1;
        }
        let from = if blocks == 1 && !text_above { after_quote } else { 0 };
        kept.get(from..).unwrap_or_default().join("\n")
    }

    /// The last line above `index` that is not blank; `index` where there is none. Blank lines between two quotes are
    /// walked once per quote block.
    fn last_text(&self, index: usize) -> usize {
        (0..index).rev().find(|above| !is_blank(self.line(*above))).unwrap_or(index.saturating_sub(1))
    }

    fn is_quoted_next(&self, index: usize) -> bool {
        self.next_text.get(index).and_then(|next| self.lines.get(*next)).is_some_and(|line| is_quoted(line))
    }

    /// How many lines the introduction that ends right above `end` has; 0 where there is none. Over a marked quote any
    /// line that ends in a colon and has a date, an address or a verb of writing is one, in whatever language.
    fn introduction_above(&self, end: usize) -> usize {
        let blank = (0..end.min(2)).take_while(|n| is_blank(self.line(end - 1 - n))).count();
        let end = end - blank;
        for length in (1..=MAX_WRAPPED_LINES.min(end)).rev() {
            if self.introduction(end - length, false) == length {
                return length + blank;
            }
        }
        let last = self.line(end.saturating_sub(1));
        let loose = end > 0 && is_header_sized(last) && ends_with_colon(last) && has_mark(&lowered(last));
        if loose { 1 + blank } else { 0 }
    }

    /// How many lines the introduction that starts at `index` has; 0 where none starts there. A `strict` one stands
    /// alone, so it must begin as such lines do and have a date or an address besides the verb.
    fn introduction(&self, index: usize, strict: bool) -> usize {
        let mut joined = String::new();
        for length in 1..=MAX_WRAPPED_LINES {
            let line = self.line(index + length - 1);
            let quoted = is_quoted(line) && !(length > 1 && is_closing_bracket(line));
            if is_blank(line) || quoted || !is_header_sized(line) {
                return 0;
            }
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(&lowered(line));
            if (length == 1 && !strict) || starts_introduction(&joined) {
                if ends_with_colon(line) && is_introduction(&joined, strict) {
                    // A later line may begin it: "See you on Friday" above "On Tuesday, Maria wrote:".
                    let later = (1..length).any(|skip| self.begins_at(index + skip, length - skip, strict));
                    return if later { 0 } else { length };
                }
            } else {
                return 0;
            }
        }
        0
    }

    fn begins_at(&self, index: usize, length: usize, strict: bool) -> bool {
        let joined: Vec<String> = (index..index + length).map(|at| lowered(self.line(at))).collect();
        let joined = joined.join(" ");
        starts_introduction(&joined) && is_introduction(&joined, strict)
    }

    /// Whether a block of header lines starts here: `From:` and two more of date, recipient and subject. Without a
    /// subject the first line must carry an address, so that "From: London / To: Paris / Date: 3 May" stays.
    fn is_header_block(&self, index: usize) -> bool {
        let first = self.lines[index];
        if label(first) != Some(Label::From) {
            return false;
        }
        let (mut date, mut to, mut subject, mut misses) = (false, false, false, 0);
        for at in index + 1..index + MAX_BLOCK_LINES {
            match label(self.line(at)) {
                Some(Label::Date) => date = true,
                Some(Label::To) => to = true,
                Some(Label::Subject) => subject = true,
                Some(Label::From) => return false,
                None => misses += 1,
            }
            if misses > 4 {
                break;
            }
        }
        let addressed = first.contains('@') || self.line(index + 1).trim_start().starts_with('<');
        (subject && (date || to)) || (date && to && addressed)
    }
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

fn is_short(line: &str) -> bool {
    line.len() <= 60
}

fn is_header_sized(line: &str) -> bool {
    line.len() <= MAX_HEADER_LINE_BYTES
}

/// Lower case, plain spaces, no emphasis marks around.
fn lowered(line: &str) -> String {
    let plain = line.replace(['\u{a0}', '\u{202f}', '\u{200e}', '\u{200f}'], " ").to_lowercase();
    plain.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '_').to_owned()
}

fn ends_with_colon(line: &str) -> bool {
    line.trim_end_matches(|c: char| c.is_whitespace() || c == '*' || c == '_').ends_with([':', '：'])
}

fn starts_introduction(lower: &str) -> bool {
    let mut head = lower.chars().take(12).take_while(|c| *c != '@');
    let addressed = lower.split(' ').next().is_some_and(|word| word.contains('@'));
    WROTE_STARTS.iter().any(|start| lower.starts_with(start))
        || (!addressed && head.any(|c| c.is_ascii_digit()))
}

/// `> wrote:`, the end of an introduction whose address was wrapped before its closing bracket.
fn is_closing_bracket(line: &str) -> bool {
    let rest = line.trim().trim_start_matches('>').trim();
    line.len() <= 40 && WROTE.iter().any(|verb| rest.starts_with(verb)) && ends_with_colon(line)
}

/// An introduction with the history behind it on the same line (Yahoo on phones): `On …<a@b> wrote: Hi Maria,`.
fn is_run_in_introduction(line: &str) -> bool {
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
fn is_introduction(lower: &str, strict: bool) -> bool {
    let verb = WROTE.iter().any(|verb| lower.contains(verb));
    let bare = lower.contains('@') && lower.trim_end_matches([':', '：', ' ']).ends_with('>');
    let dated = has_date(lower) || lower.contains('@');
    if strict { (verb && dated) || (bare && has_date(lower)) } else { verb || bare }
}

fn has_mark(lower: &str) -> bool {
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
fn label(line: &str) -> Option<Label> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '*');
    let head = &line[..line.char_indices().nth(24).map_or(line.len(), |(at, _)| at)];
    let (name, _) = head.split_once([':', '：'])?;
    let name = lowered(name);
    LABELS.iter().find(|(known, _)| *known == name).map(|(_, label)| *label)
}

/// `-----Original Message-----`, `---------- Forwarded message ---------`, `Begin forwarded message:`.
fn is_rule_with_words(line: &str) -> bool {
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
fn is_bare_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 10 && is_header_sized(line) && line.bytes().all(|b| matches!(b, b'-' | b'_' | b'=' | b'*'))
}

/// "Sent from my iPhone" and its family.
fn is_phone_signature(line: &str) -> bool {
    if line.len() > 160 {
        return false;
    }
    let lower = lowered(line);
    let begins = SENT_FROM.iter().any(|start| lower.starts_with(start));
    let ends = SENT_FROM_ENDINGS.iter().any(|ending| lower.ends_with(ending));
    (begins || ends) && !lower.ends_with('?') && DEVICES.iter().any(|device| lower.contains(device))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use proptest::prelude::*;

    use super::*;

    /// Looks that one line may cost, whatever it says.
    const LOOKS_PER_LINE: usize = 40;

    #[test]
    fn every_mail_of_the_corpus_is_stripped_as_it_says() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/email/strip");
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let mut wrong = Vec::new();
        for file in &files {
            let case = fs::read_to_string(file).unwrap();
            let (mail, expected) = case.split_once("\n=====expected=====\n").unwrap();
            let found = strip_reply(mail);
            if found != expected.trim_end_matches('\n') {
                wrong.push(format!("{}:\n{found}\n--- expected\n{expected}", file.display()));
            }
        }
        assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), files.len(), wrong.join("\n"));
        assert!(files.len() >= 40, "{} mails", files.len());
    }

    #[test]
    fn a_megabyte_of_the_worst_lines_costs_a_bounded_number_of_looks() {
        let worst = [
            "On Tue, Nov 24, 2026 at 9:12 AM\n",
            "On x\n> y\n",
            "From: a\n",
            "From: a@b\nTo: c\n\n\n",
            "--\n",
            "> a\n\n\n\n",
            "\n",
            "a\n\n> b\n",
            "Sent from my iPhone\n",
            "__________\n",
            ">",
            "-- original",
            "wrote:\n",
            "1:1 wrote:\n> q\n",
        ];
        for line in worst {
            let text = line.repeat(1_000_000 / line.len());
            let (_, looks) = strip_counted(&text);
            let lines = text.split('\n').count();
            assert!(looks <= lines * LOOKS_PER_LINE + 100, "{line:?}: {looks} looks at {lines} lines");
        }
    }

    #[test]
    fn what_is_all_quote_comes_back_whole() {
        for text in [
            "> only a quote",
            "On 24/11/2026 at 9:12, Maria wrote:\n> hi",
            "-- \nMaria",
            "Sent from my iPhone",
        ] {
            assert_eq!(strip_reply(text), text);
        }
        assert_eq!(strip_reply("  \n \n"), "");
    }

    proptest! {
        #[test]
        fn any_text_is_stripped_without_a_panic(text in "[>a-z0-9:@.\n \u{a0}\u{e9}<-]{0,300}") {
            let (stripped, _) = strip_counted(&text);
            prop_assert_eq!(stripped.is_empty(), text.trim().is_empty());
        }

        #[test]
        fn plain_words_stay_as_they_are(lines in prop::collection::vec("[a-z]{1,8}( [a-z]{1,8}){0,5}[.!?]", 1..8)) {
            let text = lines.join("\n");
            prop_assert_eq!(strip_reply(&text), text);
        }

        #[test]
        fn a_reply_above_a_quote_is_all_that_is_left(
            reply in "[a-z]{1,9}( [a-z]{1,9}){0,6}[.]", quote in prop::collection::vec("[a-z :-]{0,30}", 1..9),
        ) {
            let quoted = format!("\n> {}", quote.join("\n> "));
            let text = format!("{reply}\n\nOn Tue, Nov 24, 2026 at 9:12 AM Maria <m@lopez.example> wrote:\n{quoted}\n");
            prop_assert_eq!(strip_reply(&text), reply);
        }
    }
}
