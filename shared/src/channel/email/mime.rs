//! Mail as bytes: header fields and MIME leaves (RFC 5322, RFC 2045, RFC 2046).
//!
//! [`parse_mail`] is total and linear: one pass over the lines, at most [`MAX_DEPTH`] nested multiparts and [`MAX_PARTS`]
//! leaves, no recursion. What is malformed is read as text as far as it goes. It does not look into attached messages
//! (`message/*`): a forwarded mail is an attachment, and a bounce opens its own.
//!
//! mail-parser decodes what a leaf holds (base64, quoted-printable, charsets, encoded words, parameters, addresses); the
//! splitting is done here because its message tree nests as deep as the sender likes.

mod field;
mod part;

pub use field::{field, fields, mailboxes, media_type, message_ids, unstructured};

/// Multiparts inside multiparts, at most; what is deeper is an opaque leaf.
pub const MAX_DEPTH: usize = 8;
/// Leaves read, at most; the rest is ignored.
pub const MAX_PARTS: usize = 200;
/// Header fields read per block, at most; the rest is ignored.
const MAX_FIELDS: usize = 500;

/// Header fields in order of appearance: names in lower case, values unfolded and trimmed, not decoded. The same shape
/// as [`crate::http::Request::headers`].
pub type Headers = Vec<(String, String)>;

/// A mail, split.
#[derive(Debug)]
pub struct Mail<'x> {
    /// The fields of the mail itself.
    pub headers: Headers,
    /// The leaves of its MIME tree, in order.
    pub parts: Vec<Part<'x>>,
}

/// A leaf of the MIME tree.
#[derive(Debug)]
pub struct Part<'x> {
    /// Its own fields; the mail's where the mail is not a multipart.
    pub headers: Headers,
    /// `type/subtype` in lower case.
    pub kind: String,
    /// The innermost `multipart/alternative` around it, by number.
    pub alternative: Option<usize>,
    /// Part of a page (`multipart/related`): an image the HTML shows.
    pub related: bool,
    body: &'x [u8],
}

/// Splits a mail. Total: any bytes give a mail, if only one without fields.
pub fn parse_mail(raw: &[u8]) -> Mail<'_> {
    let (headers, body) = header_block(raw, 0, &[]);
    let mut splitter =
        Splitter { raw, containers: Vec::new(), alternatives: 0, open: None, parts: Vec::new() };
    splitter.begin(headers.clone(), body);
    splitter.run(body);
    let mut parts = splitter.parts;
    if parts.is_empty() && body < raw.len() {
        let whole = Part {
            headers: Vec::new(),
            kind: "text/plain".into(),
            alternative: None,
            related: false,
            body: &raw[body..],
        };
        parts.push(whole);
    }
    Mail { headers, parts }
}

/// The header blocks of a body that is made of them (`message/delivery-status`, `text/rfc822-headers`).
pub fn header_blocks(body: &[u8]) -> Vec<Headers> {
    let (mut blocks, mut at) = (Vec::new(), 0);
    while at < body.len() && blocks.len() < MAX_PARTS {
        let (block, next) = header_block(body, at, &[]);
        if !block.is_empty() {
            blocks.push(block);
        }
        at = next.max(at + 1);
    }
    blocks
}

struct Container {
    boundary: Vec<u8>,
    alternative: Option<usize>,
    related: bool,
}

struct Splitter<'x> {
    raw: &'x [u8],
    containers: Vec<Container>,
    alternatives: usize,
    /// The leaf being read, and where its body starts.
    open: Option<(Part<'x>, usize)>,
    parts: Vec<Part<'x>>,
}

impl Splitter<'_> {
    /// A part whose body starts at `body`: a container to look into, or a leaf.
    fn begin(&mut self, headers: Headers, body: usize) {
        let (kind, parameters) = media_type(field(&headers, "content-type").unwrap_or("text/plain"));
        let kind = if kind.contains('/') { kind } else { "text/plain".to_owned() };
        let around = self.containers.last();
        let (alternative, related) = (around.and_then(|c| c.alternative), around.is_some_and(|c| c.related));
        let boundary = parameters.into_iter().find(|(name, _)| name == "boundary").map(|(_, value)| value);
        let boundary = boundary.filter(|b| !b.is_empty() && b.len() <= 200);
        match boundary {
            Some(boundary) if kind.starts_with("multipart/") && self.containers.len() < MAX_DEPTH => {
                let fresh = kind == "multipart/alternative";
                self.alternatives += usize::from(fresh);
                let alternative = if fresh { Some(self.alternatives) } else { alternative };
                let related = related || kind == "multipart/related";
                self.containers.push(Container { boundary: boundary.into_bytes(), alternative, related });
            }
            _ => self.open = Some((Part { headers, kind, alternative, related, body: &[] }, body)),
        }
    }

    /// Reads on from `at` to the end.
    fn run(&mut self, mut at: usize) {
        while at < self.raw.len() && !self.containers.is_empty() {
            let next = next_line(self.raw, at);
            let Some((level, last)) = delimiter(&self.raw[at..next], &self.containers) else {
                at = next;
                continue;
            };
            self.close(at);
            self.containers.truncate(level + usize::from(!last));
            at = next;
            if !last && self.parts.len() < MAX_PARTS {
                let (headers, body) = header_block(self.raw, next, &self.containers);
                self.begin(headers, body);
                at = body;
            }
        }
        self.close(self.raw.len());
    }

    /// Ends the open leaf before the line at `end`; the line break belongs to the delimiter (RFC 2046 section 5.1.1).
    fn close(&mut self, end: usize) {
        if let Some((mut part, start)) = self.open.take() {
            let body = self.raw.get(start..end).unwrap_or_default();
            let body = if end < self.raw.len() { body.strip_suffix(b"\n").unwrap_or(body) } else { body };
            part.body = if end < self.raw.len() { body.strip_suffix(b"\r").unwrap_or(body) } else { body };
            self.parts.push(part);
        }
    }
}

/// Which container's delimiter a line is, innermost first, and whether it closes it.
fn delimiter(line: &[u8], containers: &[Container]) -> Option<(usize, bool)> {
    let rest = line.strip_prefix(b"--")?.trim_ascii_end();
    containers.iter().enumerate().rev().find_map(|(level, container)| {
        match rest.strip_prefix(container.boundary.as_slice())? {
            b"" => Some((level, false)),
            b"--" => Some((level, true)),
            _ => None,
        }
    })
}

/// The fields from `at` to the blank line, and where the body starts. A delimiter line ends the block too.
fn header_block(raw: &[u8], mut at: usize, containers: &[Container]) -> (Headers, usize) {
    let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
    while at < raw.len() {
        let next = next_line(raw, at);
        let line = &raw[at..next];
        if delimiter(line, containers).is_some() {
            break;
        }
        at = next;
        let text = line.trim_ascii_end();
        if text.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if let Some((_, value)) = headers.last_mut() {
                value.push(b' ');
                value.extend_from_slice(text.trim_ascii_start());
            }
        } else if let Some(colon) = text.iter().position(|b| *b == b':') {
            let name = text[..colon].trim_ascii_end();
            let named = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
            if named && headers.len() < MAX_FIELDS {
                let name = String::from_utf8_lossy(name).to_ascii_lowercase();
                headers.push((name, text[colon + 1..].trim_ascii().to_vec()));
            }
        }
    }
    let text = |value: Vec<u8>| String::from_utf8_lossy(&value).into_owned();
    (headers.into_iter().map(|(name, value)| (name, text(value))).collect(), at)
}

/// Where the line after the one at `at` starts.
fn next_line(raw: &[u8], at: usize) -> usize {
    raw[at..].iter().position(|b| *b == b'\n').map_or(raw.len(), |offset| at + offset + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(raw: &str) -> Vec<String> {
        parse_mail(raw.as_bytes()).parts.into_iter().map(|part| part.kind).collect()
    }

    const NESTED: &str = "From: a@b\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\npreamble\r\n--out\r\n\
        Content-Type: multipart/alternative; boundary=\"in\"\r\n\r\n--in\r\n\r\nplain\r\n--in\r\n\
        Content-Type: text/html\r\n\r\n<p>html\r\n--in--\r\nignored\r\n--out\r\nContent-Type: application/pdf; \
        name*=utf-8''pr%C3%AFs.pdf\r\n\r\n%PDF\r\n--out--\r\nepilogue";

    #[test]
    fn nested_multiparts_give_their_leaves_in_order() {
        assert_eq!(kinds(NESTED), ["text/plain", "text/html", "application/pdf"]);
        let mail = parse_mail(NESTED.as_bytes());
        assert_eq!(mail.parts[0].text(), "plain");
        assert_eq!(mail.parts[0].alternative, mail.parts[1].alternative);
        assert_eq!(mail.parts[2].alternative, None);
        assert_eq!(mail.parts[2].file_name().as_deref(), Some("prïs.pdf"));
    }

    #[test]
    fn a_multipart_without_its_parts_is_read_as_text() {
        assert_eq!(kinds("Content-Type: multipart/mixed; boundary=x\n\nhello"), ["text/plain"]);
        assert_eq!(kinds("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello"), ["text/plain"]);
    }

    #[test]
    fn transfer_encodings_and_charsets_are_undone() {
        let part =
            |head: &str, body: &str| parse_mail(format!("{head}\n\n{body}").as_bytes()).parts[0].text();
        let base64 = "Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=iso-8859-1";
        assert_eq!(part(base64, "Z3L8bg=="), "grün");
        assert_eq!(part("Content-Transfer-Encoding: quoted-printable", "gr=C3=BCn =\nja"), "grün ja");
        assert_eq!(part("Content-Transfer-Encoding: base64", "aGVs!!bG8="), "hello");
    }

    #[test]
    fn multiparts_nested_without_end_stop_at_the_limit() {
        let level = |n| format!("--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n", n + 1);
        let deep: String = (0..5_000).map(level).collect();
        let raw = format!("Content-Type: multipart/mixed; boundary=b0\n\n{deep}");
        assert!(parse_mail(raw.as_bytes()).parts.len() <= 2);
    }

    #[test]
    fn message_ids_are_found_with_and_without_brackets() {
        assert_eq!(message_ids("<a@b> (c) <d@e>"), ["a@b", "d@e"]);
        assert_eq!(message_ids("a@b"), ["a@b"]);
        assert_eq!(message_ids("no id here"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn any_bytes_are_split_without_a_panic(raw in prop::collection::vec(any::<u8>(), 0..600)) {
            for part in parse_mail(&raw).parts {
                let _ = (part.text(), part.file_name(), part.is_attachment());
            }
        }

        #[test]
        fn anything_in_a_structured_field_is_read_without_a_panic(value in "[ -~=?\"<>@;:()\\\\,*'%\r\n\t\u{e9}]{0,200}") {
            let _ = (media_type(&value), unstructured(&value), mailboxes(&value), message_ids(&value));
        }

        #[test]
        fn a_mail_cut_anywhere_is_still_read(at in 0..NESTED.len()) {
            let _ = parse_mail(&NESTED.as_bytes()[..at]).parts.iter().map(Part::text).count();
        }
    }
}
