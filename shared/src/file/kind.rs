//! What a file is, by its own first bytes.
//!
//! Signatures are `infer`'s. A text has none: it is what has no signature, is UTF-8 and holds no control characters. Markup
//! and scripts are texts that a browser or a shell would run, so they are refused by how they begin. Office files from
//! before 2007 share their container with installers, so they are refused as well.

use crate::error::Rejection;

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its media type.
    pub media_type: &'static str,
    /// What its name may end in, lower case; the first is put there where it ends otherwise.
    pub endings: &'static [&'static str],
}

macro_rules! kinds {
    ($($kind:literal [$($ending:literal),+];)*) => {
        &[$(Kind { media_type: $kind, endings: &[$($ending),+] }),*]
    };
}

/// What is taken.
pub const KINDS: &[Kind] = kinds! {
    "image/png" ["png"];
    "image/jpeg" ["jpg", "jpeg"];
    "image/gif" ["gif"];
    "image/webp" ["webp"];
    "image/heif" ["heic", "heif"];
    "application/pdf" ["pdf"];
    "text/plain" ["txt", "md", "log", "ics", "vcf"];
    "text/csv" ["csv"];
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document" ["docx"];
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" ["xlsx"];
    "application/vnd.openxmlformats-officedocument.presentationml.presentation" ["pptx"];
    "application/vnd.oasis.opendocument.text" ["odt"];
    "application/vnd.oasis.opendocument.spreadsheet" ["ods"];
    "application/vnd.oasis.opendocument.presentation" ["odp"];
    "application/zip" ["zip"];
    "video/mp4" ["mp4", "m4v"];
    "video/quicktime" ["mov"];
    "audio/mpeg" ["mp3"];
    "audio/m4a" ["m4a"];
    "audio/ogg" ["ogg", "oga"];
    "audio/x-wav" ["wav"];
};

/// How a text may not begin, in lower case: what a browser or a shell would run.
const RUN: [&str; 4] = ["<", "#!", "%!", "@echo"];

/// The kind of some bytes; a `name` tells a table from a text, and nothing else. Refuses what is not taken (415 `bad_file`).
pub fn of(name: &str, bytes: &[u8]) -> Result<Kind, Rejection> {
    let refused = || {
        let text = "Files of this kind are not taken. Send a picture (PNG, JPEG, GIF, WebP, HEIC), a PDF, a text or CSV file, \
                    an Office document (DOCX, XLSX, PPTX, ODT), a ZIP, an MP4 or an MP3.";
        Rejection::new(415, "bad_file", text)
    };
    let by_type = |media_type: &str| KINDS.iter().find(|kind| kind.media_type == media_type).copied();
    if is_text(bytes) {
        let is_table = name.to_ascii_lowercase().ends_with(".csv");
        return by_type(if is_table { "text/csv" } else { "text/plain" }).ok_or_else(refused);
    }
    infer::get(bytes).and_then(|found| by_type(found.mime_type())).ok_or_else(refused)
}

/// Whether some bytes are text that nothing would run.
fn is_text(bytes: &[u8]) -> bool {
    let Ok(text) = core::str::from_utf8(bytes) else { return false };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let begins: String = text.chars().take(8).collect::<String>().to_lowercase();
    let is_plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    !text.is_empty()
        && !RUN.iter().any(|run| begins.starts_with(run))
        && !begins.starts_with("%pdf")
        && text.chars().all(is_plain)
}
