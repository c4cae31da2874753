//! What a file is called: never a path, never anything that hides how it ends.

use super::kind::Kind;

/// The longest name, in characters.
const MAX_CHARS: usize = 100;

/// A name without folders, control characters and marks that turn its direction, which ends as its kind does.
pub fn clean(given: &str, kind: Kind) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    let kept: String =
        kept.chars().filter(|c| !matches!(c, '"' | '<' | '>' | '|' | '?' | '*' | ':' | '[' | ']')).collect();
    let joined = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = joined.trim_matches(['.', ' ']);
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if kind.endings.contains(&ending.to_lowercase().as_str()) => {
            (stem, ending.to_lowercase())
        }
        _ => (name, kind.endings[0].to_owned()),
    };
    let stem: String = stem.trim_end_matches(['.', ' ']).chars().take(MAX_CHARS - 6).collect();
    let stem = if stem.is_empty() { "file" } else { stem.as_str() };
    format!("{stem}.{ending}")
}

/// Control characters, marks of direction and what has no width (Unicode Technical Report 36, section 2.10).
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
}

/// The name in a `Content-Disposition` (RFC 6266): plain ASCII for old readers, and the whole of it (RFC 8187).
pub(super) fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')') { c } else { '_' }
        })
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            whole.push(char::from(byte));
        } else {
            whole.push('%');
            whole.push_str(&crate::signature::hex(&[byte]).to_uppercase());
        }
    }
    format!("filename=\"{plain}\"; filename*=UTF-8''{whole}")
}
