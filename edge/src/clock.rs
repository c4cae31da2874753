//! The one place that reads the clock and draws randomness.

use shared::{ctx::Ctx, time::Timestamp};

/// A context at the present, `offset_ms` later; the offset is a development clock's and 0 in production.
#[expect(clippy::disallowed_methods, reason = "the one place where time and randomness enter")]
pub(crate) fn context(offset_ms: i64) -> Ctx {
    let now = i64::try_from(worker::Date::now().as_millis()).unwrap_or(i64::MAX);
    let mut seed = [0; 32];
    // The platform's randomness does not fail; an all-zero seed still gives a working stream of ids.
    let _ = getrandom::fill(&mut seed);
    Ctx::new(Timestamp::from_ms(now).plus_ms(offset_ms), seed)
}
