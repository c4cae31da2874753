//! The one clock of the harness: deadlines, measurements, and seeds that differ from run to run.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use shared::{ctx::Ctx, time::Timestamp};

/// How long anything local may take before a test gives up on it: generous, because machines are shared.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How often [`eventually`] looks.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(clippy::disallowed_methods, reason = "the harness waits for real processes")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// A point in time to give up at.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    begun: Stopwatch,
    allowed: Duration,
}

impl Deadline {
    /// `allowed` from now.
    pub fn within(allowed: Duration) -> Self {
        Self { begun: Stopwatch::start(), allowed }
    }

    /// What is left; `None` once it has passed.
    pub fn left(self) -> Option<Duration> {
        self.allowed.checked_sub(self.begun.elapsed()).filter(|left| !left.is_zero())
    }
}

/// Looks until `look` finds something, and fails the test with `what` if it does not within `within`.
#[track_caller]
pub fn eventually<T>(within: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Deadline::within(within);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(deadline.left().is_some(), "waited {within:?} in vain for {what}");
        thread::sleep(LOOK_EVERY);
    }
}

/// A context for minting ids that collide with no other run's and no other thread's.
#[expect(clippy::disallowed_methods, reason = "ids of two runs against one database must differ")]
pub fn fresh_ctx() -> Ctx {
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let nanos = u64::try_from(since.as_nanos() & u128::from(u64::MAX)).unwrap_or_default();
    let nth = DRAWN.fetch_add(1, Ordering::Relaxed);
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&nanos.to_le_bytes());
    seed[8..16].copy_from_slice(&nth.to_le_bytes());
    seed[16..20].copy_from_slice(&std::process::id().to_le_bytes());
    Ctx::new(Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or_default()), seed)
}

/// A word of lower-case letters and digits that no other test uses: to find again what one test has written.
pub fn fresh_word() -> String {
    format!("m{:012x}", fresh_ctx().entropy.next_u64() >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eventually_returns_what_it_found_as_soon_as_it_is_there() {
        let mut looks = 0;
        let found = eventually(PATIENCE, "the third look", || {
            looks += 1;
            (looks == 3).then_some("found")
        });
        assert_eq!((found, looks), ("found", 3));
    }

    #[test]
    #[should_panic(expected = "in vain for a miracle")]
    fn eventually_gives_up_with_what_it_waited_for() {
        eventually(Duration::from_millis(1), "a miracle", || None::<()>);
    }

    #[test]
    fn fresh_words_differ() {
        assert_ne!(fresh_word(), fresh_word());
    }
}
