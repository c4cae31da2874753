//! What a mail client knows of a mail: where quoted history begins.

/// A mail's own words, and the history quoted under them (its introduction and the lines that begin with `>`, to the
/// end). A mail that is nothing but a quotation, or goes on below one, is left whole.
pub(super) fn split(text: &str) -> (&str, Option<&str>) {
    let text = text.trim_end();
    let mut start = None;
    let mut at = 0;
    let mut intro = None;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        if words.starts_with('>') {
            start = start.or(intro).or(Some(at));
        } else if !words.is_empty() {
            start = None;
            // An introduction may run over two lines and ends with a colon.
            intro =
                if words.ends_with(':') { intro.filter(|_| !words.contains(',')).or(Some(at)) } else { None };
        }
        at += line.len();
    }
    match start {
        Some(start) if !text[..start].trim().is_empty() => (text[..start].trim_end(), Some(&text[start..])),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_history_is_split_off_with_its_introduction() {
        let mail = "Hi Maria,\n\nYes.\n\nOn Tuesday, Maria wrote:\n> Is it open?\n>\n> Maria\n";
        assert_eq!(
            split(mail),
            ("Hi Maria,\n\nYes.", Some("On Tuesday, Maria wrote:\n> Is it open?\n>\n> Maria"))
        );
    }

    #[test]
    fn a_mail_that_goes_on_below_a_quotation_is_left_whole() {
        for whole in ["> one\ntwo", "> only a quotation", "", "no quotation: none", "a:\n> b\nc"] {
            assert_eq!(split(whole), (whole, None));
        }
    }
}
