//! From a Markdown file to passages: one per heading, markup taken off.
//!
//! HTML is dropped; a link keeps its text and, where it is an `http` address that the text does not show, its address.
//! Code, tables and lists become plain lines. Any text gives passages; none panics.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::{assistant::Passage, text};

/// A longer section is split between lines, else between sentences; in characters.
const MAX_PASSAGE_CHARS: usize = 1_000;

/// The passages of a Markdown file at `path`, in order, unscored. The first level-one heading is the title (the file's
/// name where there is none); a section without text is no passage; text before the first heading stands under the
/// title.
pub fn passages(path: &str, markdown: &str) -> Vec<Passage> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, options) {
        reader.take(event);
    }
    reader.close_section();
    let title = reader.title.unwrap_or_else(|| file_stem(path));
    let mut out = Vec::new();
    for (heading, body) in reader.sections {
        let heading = if heading.is_empty() { title.clone() } else { heading };
        for text in split(&body) {
            out.push(Passage {
                path: path.to_owned(),
                title: title.clone(),
                heading: heading.clone(),
                text,
                score: 0,
            });
        }
    }
    out
}

fn file_stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name).replace(['-', '_'], " ")
}

/// Collects sections out of the parser's events.
#[derive(Default)]
struct Reader {
    title: Option<String>,
    sections: Vec<(String, String)>,
    heading: String,
    body: String,
    /// Collects the heading being read.
    in_heading: Option<String>,
    /// Inside metadata, HTML or an image, whose text is dropped.
    dropped: u32,
    /// Where the open link goes, and where its text begins.
    link: Option<(String, usize)>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(words) | Event::Code(words) => self.push(&words),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.push("\n"),
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => self.in_heading = Some(String::new()),
            Tag::MetadataBlock(_) | Tag::HtmlBlock | Tag::Image { .. } => self.dropped += 1,
            Tag::Link { dest_url, .. } => self.link = Some((dest_url.to_string(), self.target().len())),
            Tag::Item => self.push("\n- "),
            Tag::TableRow | Tag::TableHead | Tag::CodeBlock(_) => self.push("\n"),
            Tag::Paragraph if !self.body.ends_with("- ") => self.push("\n"),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let heading = text::one_line(&self.in_heading.take().unwrap_or_default());
                self.close_section();
                if self.title.is_none() && level == pulldown_cmark::HeadingLevel::H1 {
                    self.title = Some(heading);
                } else {
                    self.heading = heading;
                }
            }
            TagEnd::MetadataBlock(_) | TagEnd::HtmlBlock | TagEnd::Image => {
                self.dropped = self.dropped.saturating_sub(1);
            }
            TagEnd::Link => self.close_link(),
            TagEnd::TableCell => self.push("; "),
            TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::TableRow | TagEnd::TableHead => {
                self.push("\n");
            }
            _ => {}
        }
    }

    /// Shows a link's address where its text does not.
    fn close_link(&mut self) {
        let Some((address, start)) = self.link.take() else { return };
        let web = address.starts_with("https://") || address.starts_with("http://");
        let shown = self.target().get(start..).is_some_and(|text| text.contains(&address));
        if web && !shown {
            self.push(&format!(" ({address})"));
        }
    }

    fn target(&mut self) -> &mut String {
        self.in_heading.as_mut().unwrap_or(&mut self.body)
    }

    fn push(&mut self, words: &str) {
        if self.dropped == 0 {
            self.target().push_str(words);
        }
    }

    fn close_section(&mut self) {
        let body = core::mem::take(&mut self.body);
        let lines: Vec<String> = body.lines().map(tidy).filter(|line| !line.is_empty()).collect();
        let heading = core::mem::take(&mut self.heading);
        if !lines.is_empty() {
            self.sections.push((heading, lines.join("\n")));
        }
    }
}

/// One line, without the separator after a table row's last cell and without an empty item's dash.
fn tidy(line: &str) -> String {
    let line = text::one_line(line);
    let line = line.strip_suffix(';').unwrap_or(&line);
    if line == "-" { String::new() } else { line.to_owned() }
}

/// Splits a section so that no part is longer than [`MAX_PASSAGE_CHARS`]; nothing but white space is lost.
fn split(body: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    for (line_start, piece) in pieces(body) {
        let joined = part.chars().count() + 1 + piece.chars().count();
        if joined > MAX_PASSAGE_CHARS && !part.is_empty() {
            parts.push(core::mem::take(&mut part));
        }
        if !part.is_empty() {
            part.push(if line_start { '\n' } else { ' ' });
        }
        part.push_str(&piece);
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// Sentences no longer than a passage, each with whether it begins a line.
fn pieces(body: &str) -> Vec<(bool, String)> {
    let mut out = Vec::new();
    for line in body.lines() {
        let mut first = true;
        for sentence in text::sentences(line) {
            let mut rest = sentence;
            while !rest.is_empty() {
                let piece = text::truncate(rest, MAX_PASSAGE_CHARS);
                out.push((first, piece.to_owned()));
                rest = &rest[piece.len()..];
                first = false;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headings_cut_and_markup_goes() {
        let markdown = "---\nowner: rosa\n---\n# Prices\nAll *in* dollars.\n\n## How much is a **tune-up**?\n\
            It is [$75](https://x.example/p).\nBook at <https://x.example/book>.\n\n<script>alert(1)</script>\n\n\
            - gears\n- brakes\n\n| part | price |\n|---|---|\n| chain | $28 |\n\n## Empty\n\n### Deep\n\
            [bad](javascript:alert(1)) `code`\n";
        let found: Vec<_> =
            passages("site/prices.md", markdown).into_iter().map(|p| (p.title, p.heading, p.text)).collect();
        let expect = [
            ("Prices", "All in dollars."),
            (
                "How much is a tune-up?",
                "It is $75 (https://x.example/p). Book at https://x.example/book.\n- gears\n- brakes\npart; price\nchain; \
                 $28",
            ),
            ("Deep", "bad code"),
        ];
        let expect: Vec<_> =
            expect.into_iter().map(|(h, t)| ("Prices".to_owned(), h.to_owned(), t.to_owned())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn a_file_without_a_title_is_named_after_itself_and_long_sections_are_split() {
        let long = "This is a sentence of some length. ".repeat(100);
        let found = passages("a/our-hours.md", &long);
        assert!(found.len() > 3);
        assert!(found.iter().all(|p| p.title == "our hours" && p.heading == "our hours"));
        assert!(found.iter().all(|p| p.text.chars().count() <= MAX_PASSAGE_CHARS && p.text.ends_with('.')));
    }

    proptest! {
        #[test]
        fn any_text_gives_bounded_passages(markdown in "(\\PC|\n|[#*_`<>|\\[\\]()-]){0,200}") {
            for passage in passages("x.md", &markdown) {
                prop_assert!(!passage.text.is_empty());
                prop_assert!(passage.text.chars().count() <= MAX_PASSAGE_CHARS);
            }
        }
    }
}
