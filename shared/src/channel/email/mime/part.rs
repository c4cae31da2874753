//! What a leaf holds: its bytes, its text, its name.

use std::borrow::Cow;

use mail_parser::decoders::{
    base64::base64_decode, charsets::map::charset_decoder, quoted_printable::quoted_printable_decode,
};

use super::{Part, field, media_type, unstructured};
use crate::channel::email::flowed;

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

/// What of a damaged base64 body is base64.
fn alphabet_only(body: &[u8]) -> Vec<u8> {
    body.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')).collect()
}
