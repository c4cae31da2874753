//! Time and randomness as arguments.
//!
//! A [`Ctx`] is made at the rim (the edge reads the clock and the platform's randomness once per invocation; tests give
//! both) and handed down. The same `Ctx` and the same inputs give the same outputs, byte for byte.

use crate::time::Timestamp;

/// What a decision may know of the world besides its inputs.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The present, in milliseconds since 1970, UTC.
    pub now: Timestamp,
    /// Where ids and tokens draw from.
    pub entropy: Entropy,
}

impl Ctx {
    /// A context at `now` whose entropy is the platform's 32 random bytes.
    pub fn new(now: Timestamp, seed: [u8; 32]) -> Self {
        Self { now, entropy: Entropy::new(seed) }
    }

    /// A context for tests and simulations: everything follows from `seed`.
    pub fn seeded(now: Timestamp, seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self::new(now, bytes)
    }
}

/// A stream of numbers that follows from its seed: xoshiro256++ (Blackman and Vigna, <https://prng.di.unimi.it/>).
///
/// Good enough for ids, whose secrecy nothing relies on: what must not be guessed is signed, never drawn.
#[derive(Clone, Debug)]
pub struct Entropy {
    state: [u64; 4],
}

impl Entropy {
    /// A stream from 32 bytes; the same bytes give the same stream.
    pub fn new(seed: [u8; 32]) -> Self {
        let mut state = [0_u64; 4];
        for (word, chunk) in state.iter_mut().zip(seed.chunks_exact(8)) {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(chunk);
            *word = mix(u64::from_le_bytes(bytes));
        }
        if state == [0; 4] {
            state[0] = 1;
        }
        let mut entropy = Self { state };
        for _ in 0..8 {
            entropy.next_u64();
        }
        entropy
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c2, d2) = (c ^ a, d ^ b);
        self.state = [a ^ d2, b ^ c2, c2 ^ (b << 17), d2.rotate_left(45)];
        result
    }

    /// A number below `bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.next_u64() % bound }
    }
}

/// The finaliser of splitmix64: spreads a seed's few set bits over the word.
fn mix(mut word: u64) -> u64 {
    word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_stream_and_another_does_not() {
        let draw = |seed| {
            let mut ctx = Ctx::seeded(Timestamp::from_ms(0), seed);
            [ctx.entropy.next_u64(), ctx.entropy.next_u64()]
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
