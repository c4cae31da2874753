//! Addresses in plain text: which parts of a message are links.
//!
//! Only `http://` and `https://` make a link; everything else stays text. The view makes text nodes and anchors of the
//! parts, never HTML.

/// A part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words.
    Text(&'a str),
    /// An address to follow.
    Link(&'a str),
}

/// Splits a text into words and links; the parts joined are the text.
pub fn split(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(found) = rest[from..].find('h') {
        let start = from + found;
        let end = start + address_len(&rest[start..]);
        let begins_a_word = !rest[..start].ends_with(|before: char| before.is_alphanumeric());
        if end > start && begins_a_word {
            if start > 0 {
                parts.push(Part::Text(&rest[..start]));
            }
            parts.push(Part::Link(&rest[start..end]));
            (rest, from) = (&rest[end..], 0);
        } else {
            from = start + 1;
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// The length of the address at the start of `text`; 0 where there is none.
fn address_len(text: &str) -> usize {
    let scheme =
        ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme)).map_or(0, str::len);
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(text.len());
    let mut address = &text[..end];
    // A sentence's own punctuation after the address is not part of it, nor is a bracket it did not open.
    while let Some(last) = address.chars().next_back() {
        let stray = match last {
            ')' => !address.as_bytes().contains(&b'('),
            ']' => !address.as_bytes().contains(&b'['),
            // Not `contains`, which searches a text for it.
            _ => ".,;:!?'*_»”’…".chars().any(|mark| mark == last),
        };
        if !stray {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    if scheme > 0 && address.len() > scheme { address.len() } else { 0 }
}
