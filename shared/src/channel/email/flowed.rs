//! Flowed text (RFC 3676): lines that a mailer broke softly are joined again.
//!
//! A line that ends in a space goes on in the next line of the same quote depth; the signature separator `-- ` never
//! does. Linear; text that is not flowed comes out as it was, save for unstuffed leading spaces.

/// Joins soft-broken lines. `delsp` drops the breaking space (RFC 3676 section 4.2).
pub(super) fn unfold(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut flowing: Option<usize> = None;
    for line in text.split('\n') {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        let separator = content == "-- ";
        match flowing {
            Some(open) if open == depth && !separator => {}
            Some(_) => begin(&mut out, depth, true),
            None => begin(&mut out, depth, false),
        }
        let soft = content.ends_with(' ') && !separator;
        out.push_str(if soft && delsp { &content[..content.len() - 1] } else { content });
        if !soft {
            out.push('\n');
        }
        flowing = soft.then_some(depth);
    }
    if flowing.is_none() {
        out.pop();
    }
    out
}

fn begin(out: &mut String, depth: usize, break_first: bool) {
    if break_first {
        out.push('\n');
    }
    if depth > 0 {
        out.extend(std::iter::repeat_n('>', depth));
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn soft_breaks_join_and_hard_breaks_stay() {
        assert_eq!(unfold("one \ntwo\nthree", false), "one two\nthree");
        assert_eq!(unfold("日本 \n語", true), "日本語");
        assert_eq!(unfold("> quoted \n> on\nreply ", false), "> quoted on\nreply ");
        assert_eq!(unfold("bye\n-- \nMaria", false), "bye\n-- \nMaria");
        assert_eq!(unfold("a \n> b", false), "a \n> b");
    }

    proptest! {
        #[test]
        fn text_without_soft_breaks_keeps_its_lines(lines in prop::collection::vec("[a-z]{0,9}", 0..9)) {
            let text = lines.join("\n");
            prop_assert_eq!(unfold(&text, true), text);
        }

        #[test]
        fn any_text_is_unfolded_without_a_panic(text in "[> \n\u{e9}-]{0,80}", delsp: bool) {
            let _ = unfold(&text, delsp);
        }
    }
}
