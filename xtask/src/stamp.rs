//! Skipping work whose inputs did not change: a digest of the inputs, kept under `.throughline/stamps/`.
//!
//! A stamp says nothing about the outputs' content, only that they came from these inputs and still exist.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::cmd::Outcome;
use crate::files;

/// Inputs of one step, in the order they were added.
pub(crate) struct Stamp {
    file: PathBuf,
    digest: Sha256,
}

impl Stamp {
    pub(crate) fn new(step: &str) -> Self {
        Self::at(&files::scratch().join("stamps").join(step))
    }

    /// A stamp kept in `file`, for work whose result lives beside it.
    pub(crate) fn at(file: &Path) -> Self {
        Self { file: file.to_owned(), digest: Sha256::new() }
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    pub(crate) fn file(mut self, path: &Path) -> Outcome<Self> {
        self.add(&files::read(path)?);
        Ok(self)
    }

    /// Every file below `dir`, names and content.
    pub(crate) fn dir(mut self, dir: &Path) -> Outcome<Self> {
        for name in files::list(dir)? {
            self.add(name.as_bytes());
            self = self.file(&dir.join(name))?;
        }
        Ok(self)
    }

    /// Whether these inputs are the recorded ones and every output exists.
    pub(crate) fn is_fresh(&self, outputs: &[&Path]) -> bool {
        let recorded = std::fs::read_to_string(&self.file).unwrap_or_default();
        recorded == hex(&self.digest) && outputs.iter().all(|output| output.exists())
    }

    /// Records these inputs, once the step has succeeded.
    pub(crate) fn record(&self) -> Outcome {
        files::write(&self.file, hex(&self.digest))
    }

    fn add(&mut self, bytes: &[u8]) {
        self.digest.update(bytes.len().to_le_bytes());
        self.digest.update(bytes);
    }
}

/// Sixteen hexadecimal digits that change when the content does.
pub(crate) fn short_hash(content: &[u8]) -> String {
    hex(&Sha256::new_with_prefix(content))[..16].to_owned()
}

fn hex(digest: &Sha256) -> String {
    digest.clone().finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_hash_follows_the_content() {
        assert_eq!(short_hash(b"abc"), "ba7816bf8f01cfea");
        assert_ne!(short_hash(b"abc"), short_hash(b"abd"));
    }

    #[test]
    fn moving_a_byte_from_one_input_to_the_next_is_a_change() {
        let digest = |a, b| hex(&Stamp::new("none").text(a).text(b).digest);
        assert_ne!(digest("ab", "c"), digest("a", "bc"));
    }
}
