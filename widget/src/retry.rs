//! When to try which way of reaching the edge again: sockets first, plain requests where sockets do not get through.

use shared::ctx::Entropy;

/// The first wait after a failure.
const FIRST_MS: u64 = 500;
/// The longest wait.
const LONGEST_MS: u64 = 30_000;
/// While plain requests carry the conversation, a socket is tried this often.
pub const PROBE_MS: u64 = 60_000;
/// So many sockets have to fail in a row before plain requests take over.
const SOCKETS: u32 = 2;

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Try a socket after this many milliseconds.
    Socket(u64),
    /// Go over plain requests after this many milliseconds.
    Poll(u64),
}

/// Counts failures in a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retry {
    failures: u32,
}

impl Retry {
    /// The edge did not answer.
    pub fn failed(&mut self, entropy: &mut Entropy) -> Step {
        self.failures = self.failures.saturating_add(1);
        let after = wait(self.failures, entropy);
        if self.failures < SOCKETS { Step::Socket(after) } else { Step::Poll(after) }
    }
}

/// Doubles with every failure up to [`LONGEST_MS`]; half of it is chance, so that a thousand panels that lost one edge do
/// not come back in one moment.
fn wait(failures: u32, entropy: &mut Entropy) -> u64 {
    let whole = (FIRST_MS << failures.saturating_sub(1).min(10)).min(LONGEST_MS);
    whole / 2 + entropy.below(whole / 2 + 1)
}
