//! What stands in a header field: media types, text, mailboxes, message ids.
//!
//! mail-parser reads the structured ones. Total: what cannot be read is empty.

use mail_parser::{HeaderValue, parsers::MessageStream};

/// Bytes of one structured field that are decoded, at most: fields longer than this are cut.
const MAX_FIELD_BYTES: usize = 16 * 1024;

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

/// A field's value as mail-parser wants it: bounded, and ended by a line break.
fn decodable(value: &str) -> Vec<u8> {
    let mut line = value.as_bytes()[..value.len().min(MAX_FIELD_BYTES)].to_vec();
    line.push(b'\n');
    line
}
