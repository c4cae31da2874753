//! Mail as bytes: header fields and MIME leaves (RFC 5322, RFC 2045, RFC 2046).
//!
//! [`parse_mail`] is total and linear: one pass over the lines, at most [`MAX_DEPTH`] nested multiparts and [`MAX_PARTS`]
//! leaves, no recursion. What is malformed is read as text as far as it goes. It does not look into attached messages
//! (`message/*`): a forwarded mail is an attachment, and a bounce opens its own.
//!
//! mail-parser decodes what a leaf holds (base64, quoted-printable, charsets, encoded words, parameters, addresses); the
//! splitting is done here because its message tree nests as deep as the sender likes.

use std::borrow::Cow;

use mail_parser::{
    HeaderValue,
    decoders::{
        base64::base64_decode, charsets::map::charset_decoder, quoted_printable::quoted_printable_decode,
    },
    parsers::MessageStream,
};

use super::flowed;

/// Multiparts inside multiparts, at most; what is deeper is an opaque leaf.
pub const MAX_DEPTH: usize = 8;
/// Leaves read, at most; the rest is ignored.
pub const MAX_PARTS: usize = 200;
/// Header fields read per block, at most; the rest is ignored.
const MAX_FIELDS: usize = 500;
/// Bytes of one structured field that are decoded, at most: [`fields`](Headers) longer than this are cut.
const MAX_FIELD_BYTES: usize = 16 * 1024;

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

/// The first value of a field; `name` in lower case.
pub fn field<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    fields(headers, name).next()
}

/// Every value of a field, topmost first; `name` in lower case.
pub fn fields<'h>(headers: &'h [(String, String)], name: &str) -> impl Iterator<Item = &'h str> {
    headers.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A media type or disposition with its parameters, RFC 2231 included: `("text/plain", [("charset", "utf-8")])`.
pub fn media_type(value: &str) -> (String, Vec<(String, String)>) {
    let line = decodable(value);
    match MessageStream::new(&line).parse_content_type() {
        HeaderValue::ContentType(parsed) => {
            let kind = match &parsed.c_subtype {
                Some(subtype) => format!("{}/{subtype}", parsed.c_type),
                None => parsed.c_type.to_string(),
            };
            let parameters = parsed.attributes.unwrap_or_default();
            let parameters =
                parameters.into_iter().map(|a| (a.name.to_ascii_lowercase(), a.value.into_owned()));
            (kind.to_ascii_lowercase(), parameters.collect())
        }
        _ => (String::new(), Vec::new()),
    }
}

/// Unstructured text with its encoded words decoded (RFC 2047).
pub fn unstructured(value: &str) -> String {
    let line = decodable(value);
    match MessageStream::new(&line).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    }
}

/// The mailboxes of an address field, groups flattened: display name and address.
pub fn mailboxes(value: &str) -> Vec<(Option<String>, String)> {
    let line = decodable(value);
    match MessageStream::new(&line).parse_address() {
        HeaderValue::Address(list) => list
            .iter()
            .filter_map(|one| Some((one.name().map(str::to_owned), one.address()?.trim().to_owned())))
            .filter(|(_, address)| !address.is_empty())
            .collect(),
        _ => Vec::new(),
    }
}

/// The message ids of a field, in order, without angle brackets; a bare id is taken where there are no brackets.
pub fn message_ids(value: &str) -> Vec<String> {
    let bracketed = value.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(id, _)| id);
    let usable = |id: &str| {
        let id = id.trim();
        let plain = id.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '<' && c != '>');
        (!id.is_empty() && id.len() <= 500 && plain).then(|| id.to_owned())
    };
    let ids: Vec<String> = bracketed.filter_map(usable).collect();
    if ids.is_empty() {
        value.split_whitespace().filter(|id| id.contains('@')).filter_map(usable).collect()
    } else {
        ids
    }
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

impl Part<'_> {
    /// The content, with its transfer encoding undone as far as it is valid.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        let encoding = field(&self.headers, "content-transfer-encoding").unwrap_or_default().trim();
        let decoded = if encoding.eq_ignore_ascii_case("base64") {
            base64_decode(self.body).or_else(|| base64_decode(&alphabet_only(self.body)))
        } else if encoding.eq_ignore_ascii_case("quoted-printable") {
            quoted_printable_decode(self.body)
        } else {
            None
        };
        decoded.map_or(Cow::Borrowed(self.body), Cow::Owned)
    }

    /// The content as text: charset decoded, line ends `\n`, flowed lines joined (RFC 3676).
    pub fn text(&self) -> String {
        let (_, parameters) = media_type(field(&self.headers, "content-type").unwrap_or_default());
        let parameter =
            |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let bytes = self.bytes();
        let decoder = parameter("charset").and_then(|charset| charset_decoder(charset.trim().as_bytes()));
        let text =
            decoder.map_or_else(|| String::from_utf8_lossy(&bytes).into_owned(), |decode| decode(&bytes));
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let flowed = parameter("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
        let joined = parameter("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
        if flowed && self.kind == "text/plain" { flowed::unfold(&text, joined) } else { text }
    }

    /// The file name its sender gave it.
    pub fn file_name(&self) -> Option<String> {
        let named = |header: &str, key: &str| {
            let (_, parameters) = media_type(field(&self.headers, header)?);
            parameters.into_iter().find(|(name, _)| name == key).map(|(_, value)| unstructured(&value))
        };
        named("content-disposition", "filename")
            .or_else(|| named("content-type", "name"))
            .filter(|n| !n.is_empty())
    }

    /// Whether its sender marked it as a file.
    pub fn is_attachment(&self) -> bool {
        let disposition = field(&self.headers, "content-disposition").unwrap_or_default();
        disposition.trim_start().get(..10).is_some_and(|word| word.eq_ignore_ascii_case("attachment"))
    }
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

/// A field's value as mail-parser wants it: bounded, and ended by a line break.
fn decodable(value: &str) -> Vec<u8> {
    let mut line = value.as_bytes()[..value.len().min(MAX_FIELD_BYTES)].to_vec();
    line.push(b'\n');
    line
}

/// What of a damaged base64 body is base64.
fn alphabet_only(body: &[u8]) -> Vec<u8> {
    body.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')).collect()
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
