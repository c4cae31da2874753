//! When to try again: exponential backoff with full jitter
//! (<https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>).

use crate::ctx::Ctx;

/// How often a delivery is tried before a human must look.
pub const MAX_ATTEMPTS: u32 = 8;
const FIRST_MS: i64 = 2_000;
const LONGEST_MS: i64 = 15 * 60 * 1_000;

/// How long to wait after the `attempt`th try (1: the first), in milliseconds: at least half of 2 s, 4 s, 8 s, … up to
/// 15 minutes, and never less than the provider's own wish.
pub fn backoff_ms(ctx: &mut Ctx, attempt: u32, wish_ms: Option<i64>) -> i64 {
    let doubled = FIRST_MS.saturating_mul(1_i64 << attempt.saturating_sub(1).min(20)).min(LONGEST_MS);
    let half = doubled / 2;
    let jitter = i64::try_from(ctx.entropy.below(half.unsigned_abs() + 1)).unwrap_or(0);
    (half + jitter).max(wish_ms.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    #[test]
    fn waits_grow_stay_bounded_and_respect_the_provider() {
        let mut ctx = Ctx::seeded(Timestamp::from_ms(0), 3);
        for attempt in 1..40 {
            let wait = backoff_ms(&mut ctx, attempt, None);
            assert!((1_000..=LONGEST_MS).contains(&wait), "{attempt}: {wait}");
        }
        assert!(backoff_ms(&mut ctx, 1, Some(60_000)) >= 60_000);
    }
}
