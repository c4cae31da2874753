//! HTML mail as plain text: a small total converter.
//!
//! One pass, linear, no tree. Blocks become lines, list items get `- `, quotes (`<blockquote>`) get `> ` so that
//! [`super::strip`] sees them; scripts, styles, titles and comments vanish; what looks like a tag and is none stays text.
//! The result is text for people and models to read: it is never put into a page without being escaped.

/// Quotes inside quotes that are marked, at most.
const MAX_QUOTE_DEPTH: usize = 5;

/// Elements whose content is not text.
const HIDDEN: [&str; 6] = ["script", "style", "head", "title", "template", "noscript"];

/// Elements that start and end a line.
const BLOCKS: [&str; 24] = [
    "address", "article", "aside", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "section", "table", "tr", "hr",
];

/// Elements that stand apart by a blank line.
const PARAGRAPHS: [&str; 5] = ["p", "ul", "ol", "pre", "blockquote"];

/// The text of an HTML document or fragment.
pub fn text_of_html(html: &str) -> String {
    let mut writer = Writer::default();
    let mut rest = html;
    // Once there is no further `>`, or no further quote of a kind, nothing looks for one again: this keeps it linear.
    let mut seen = Exhausted::default();
    while let Some(at) = rest.find('<') {
        writer.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((name, closing, after)) = tag(rest, &mut seen) else {
            writer.text("<");
            rest = &rest[1..];
            continue;
        };
        rest = after;
        if HIDDEN.contains(&name.as_str()) && !closing {
            rest = after_hidden(rest, &name);
        } else {
            writer.element(&name, closing);
        }
    }
    writer.text(rest);
    writer.out.trim_matches(['\n', ' ']).to_owned()
}

#[derive(Default)]
struct Exhausted {
    tags: bool,
    double: bool,
    single: bool,
}

/// The tag at the start: its name in lower case, whether it closes, and what follows it.
fn tag<'h>(text: &'h str, seen: &mut Exhausted) -> Option<(String, bool, &'h str)> {
    let inner = text.strip_prefix('<')?;
    let (closing, inner) = inner.strip_prefix('/').map_or((false, inner), |rest| (true, rest));
    if seen.tags || !inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?') {
        return None;
    }
    let name_end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len()).min(20);
    let bytes = inner.as_bytes();
    let mut at = name_end;
    while let Some(offset) = bytes[at..].iter().position(|b| matches!(b, b'>' | b'"' | b'\'')) {
        at += offset;
        let quote = bytes[at];
        if quote == b'>' {
            return Some((inner[..name_end].to_ascii_lowercase(), closing, &inner[at + 1..]));
        }
        at += 1;
        let exhausted = if quote == b'"' { &mut seen.double } else { &mut seen.single };
        // A quote opens a value only after an equals sign; elsewhere it is a stray mark.
        if !*exhausted && bytes[..at - 1].trim_ascii_end().ends_with(b"=") {
            match bytes[at..].iter().position(|b| *b == quote) {
                Some(close) => at += close + 1,
                None => *exhausted = true,
            }
        }
    }
    seen.tags = true;
    None
}

/// What follows the hidden element's end; nothing where it never ends.
fn after_hidden<'h>(mut rest: &'h str, name: &str) -> &'h str {
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name)) {
            return rest.split_once('>').map_or("", |(_, after)| after);
        }
    }
    ""
}

#[derive(Default)]
struct Writer {
    out: String,
    quotes: usize,
    /// Line breaks owed before the next word.
    breaks: usize,
    space: bool,
    item: bool,
    pre: usize,
}

impl Writer {
    fn element(&mut self, name: &str, closing: bool) {
        match name {
            "br" => self.breaks += 1,
            "li" => {
                self.breaks = self.breaks.max(1);
                self.item = !closing;
            }
            "td" | "th" => self.space = true,
            _ if PARAGRAPHS.contains(&name) => {
                self.breaks = self.breaks.max(2);
                if name == "blockquote" {
                    self.quotes = if closing { self.quotes.saturating_sub(1) } else { self.quotes + 1 };
                } else if name == "pre" {
                    self.pre = if closing { self.pre.saturating_sub(1) } else { self.pre + 1 };
                }
            }
            _ if BLOCKS.contains(&name) => self.breaks = self.breaks.max(1),
            _ => {}
        }
    }

    fn text(&mut self, raw: &str) {
        let mut rest = raw;
        while let Some(c) = rest.chars().next() {
            let (c, length) = if c == '&' { entity(rest) } else { (c, c.len_utf8()) };
            rest = &rest[length..];
            match c {
                '\n' if self.pre > 0 => self.breaks += 1,
                _ if c.is_ascii_whitespace() || c == '\u{a0}' => self.space = true,
                '\u{200b}' | '\u{200c}' | '\u{feff}' | '\u{ad}' => {}
                _ if c.is_control() => {}
                _ => self.word(c),
            }
        }
    }

    fn word(&mut self, c: char) {
        if self.out.is_empty() {
            self.breaks = 0;
            self.line_start();
        } else if self.breaks > 0 {
            for _ in 0..self.breaks.min(3) {
                self.out.push('\n');
            }
            self.line_start();
        } else if self.space {
            self.out.push(' ');
        }
        (self.breaks, self.space) = (0, false);
        self.out.push(c);
    }

    fn line_start(&mut self) {
        for _ in 0..self.quotes.min(MAX_QUOTE_DEPTH) {
            self.out.push_str("> ");
        }
        if std::mem::take(&mut self.item) {
            self.out.push_str("- ");
        }
    }
}

/// The character an entity at the start stands for, and its length; the ampersand itself where it is none.
fn entity(text: &str) -> (char, usize) {
    const LITERAL: (char, usize) = ('&', 1);
    let window = &text.as_bytes()[..text.len().min(12)];
    let Some(end) = window.iter().position(|b| *b == b';') else { return LITERAL };
    let Some(name) = text.get(1..end) else { return LITERAL };
    let character = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        code.ok().and_then(char::from_u32)
    } else {
        NAMED
            .split(' ')
            .filter_map(|pair| pair.split_once(':'))
            .find(|(known, _)| *known == name)
            .and_then(|(_, c)| c.chars().next())
    };
    character.map_or(LITERAL, |character| (character, end + 1))
}

/// Text for an HTML page: escaped, line breaks as `<br>`, web addresses as links.
pub fn html_of_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        match word.find("https://").or_else(|| word.find("http://")) {
            Some(at) => link(&mut out, word, at),
            None => escape(&mut out, word),
        }
    }
    out
}

/// A word with the web address that starts at `at` as a link; punctuation behind it is not part of it.
fn link(out: &mut String, word: &str, at: usize) {
    let (before, rest) = word.split_at(at);
    let end = rest
        .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"'))
        .unwrap_or(rest.len());
    let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*']);
    escape(out, before);
    out.push_str("<a href=\"");
    escape(out, url);
    out.push_str("\">");
    escape(out, url);
    out.push_str("</a>");
    escape(out, &rest[url.len()..]);
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("<br>\n"),
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
}

/// The entities mail uses: HTML's own five, punctuation, and the letters of western Europe.
const NAMED: &str = "amp:& lt:< gt:> quot:\" apos:\' nbsp:\u{a0} hellip:… ndash:– mdash:— lsquo:‘ rsquo:’ sbquo:‚ ldquo:“ \
    rdquo:” bdquo:„ laquo:« raquo:» bull:• middot:· euro:€ pound:£ yen:¥ cent:¢ copy:© reg:® trade:™ \
    deg:° times:× frac12:½ frac14:¼ iexcl:¡ iquest:¿ szlig:ß auml:ä Auml:Ä ouml:ö Ouml:Ö uuml:ü Uuml:Ü \
    aring:å Aring:Å aelig:æ AElig:Æ oslash:ø Oslash:Ø agrave:à Agrave:À aacute:á Aacute:Á acirc:â \
    atilde:ã ccedil:ç Ccedil:Ç egrave:è Egrave:È eacute:é Eacute:É ecirc:ê euml:ë igrave:ì iacute:í \
    icirc:î iuml:ï ntilde:ñ Ntilde:Ñ ograve:ò oacute:ó ocirc:ô otilde:õ ugrave:ù uacute:ú ucirc:û \
    yacute:ý thorn:þ zwnj:\u{200c} shy:\u{ad}";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blocks_lists_and_quotes_become_lines() {
        let html = "<div>Hi&nbsp;Maria,</div><p>two <b>wheels</b></p><ul><li>one</li><li>two</li></ul>\
            On Tuesday you wrote:<blockquote type=cite>old<br>words</blockquote>";
        let text = "Hi Maria,\n\ntwo wheels\n\n- one\n- two\n\nOn Tuesday you wrote:\n\n> old\n> words";
        assert_eq!(text_of_html(html), text);
    }

    #[test]
    fn scripts_styles_and_comments_are_not_text() {
        let html = "<head><title>t</title></head><style>p{}</style>a<!-- <p>no --><SCRIPT>x()</Script >b<script>never";
        assert_eq!(text_of_html(html), "ab");
    }

    #[test]
    fn what_only_looks_like_a_tag_stays() {
        assert_eq!(
            text_of_html("1 < 2 & 3 > 2 &amp; &unknown; &#x1F6B2; &#0"),
            "1 < 2 & 3 > 2 & &unknown; 🚲 &#0"
        );
        assert_eq!(text_of_html("<a title=\"x > y\" href='z'>link</a>"), "link");
        assert_eq!(text_of_html("open <a href=\"never closed>link"), "open link");
    }

    #[test]
    fn escaping_leaves_nothing_to_interpret() {
        assert_eq!(html_of_text("<a href='x'>&\n"), "&lt;a href=&#39;x&#39;&gt;&amp;<br>\n");
    }

    #[test]
    fn a_web_address_becomes_a_link_without_its_full_stop() {
        let html =
            "Book (<a href=\"https://l.example/b?a=1&amp;b\">https://l.example/b?a=1&amp;b</a>).<br>\nBye";
        assert_eq!(html_of_text("Book (https://l.example/b?a=1&b).\nBye"), html);
        assert!(!html_of_text("https://x\"onclick=alert(1)").contains("\"onclick"));
    }

    proptest! {
        #[test]
        fn any_text_converts_without_a_panic(html in "[<>/!a-z=\"'&;# \n\u{e9}-]{0,300}") {
            let _ = text_of_html(&html);
        }

        #[test]
        fn escaped_words_read_back_as_they_were(words in prop::collection::vec("[!-~\u{e4}\u{1f6b2}]{1,8}", 1..12)) {
            let text = words.join(" ");
            prop_assert_eq!(text_of_html(&html_of_text(&text)), text);
        }
    }
}
