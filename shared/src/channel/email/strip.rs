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

mod lines;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use self::lines::{
    ends_with_colon, has_mark, is_bare_rule, is_blank, is_closing_bracket, is_header_sized, is_introduction,
    is_phone_signature, is_quoted, is_rule_with_words, is_run_in_introduction, is_short, label, lowered,
    starts_introduction,
};
use super::quote_words::Label;

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
