//! Counting tests from cargo's closing lines. Pure.

use std::ops::AddAssign;

/// Tests that ran, over any number of test binaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl Tally {
    pub(crate) fn total(self) -> u32 {
        self.passed + self.failed + self.skipped
    }

    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; …`; any other line counts nothing.
    pub(crate) fn read(line: &str) -> Self {
        let Some((_, counts)) = line.split_once("test result: ") else {
            return Self::default();
        };
        let count = |word: &str| {
            let before = counts.split_once(word).map_or("", |(before, _)| before);
            before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        Self { passed: count(" passed"), failed: count(" failed"), skipped: count(" ignored") }
    }

    /// The last line printed: `12 passed, 0 failed`, with `, 1 skipped` when there are any.
    pub(crate) fn closing_line(self) -> String {
        let Self { passed, failed, skipped } = self;
        let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
        format!("{passed} passed, {failed} failed{skipped}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_add_up() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test a ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.01s",
            "test result: \u{1b}[31mFAILED\u{1b}[m. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
        ] {
            tally += Tally::read(line);
        }
        assert_eq!(tally, Tally { passed: 13, failed: 2, skipped: 1 });
        assert_eq!(tally.closing_line(), "13 passed, 2 failed, 1 skipped");
    }

    #[test]
    fn nothing_skipped_is_not_mentioned() {
        assert_eq!(Tally { passed: 2, failed: 0, skipped: 0 }.closing_line(), "2 passed, 0 failed");
    }
}
