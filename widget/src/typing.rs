//! When the edge is told that the visitor types, and that they stopped.
//!
//! A sign of typing is given at the first key and again while it goes on, because the edge soon stops believing an old
//! one; a stop is told once, and only where typing was told before.

use shared::time::{SECOND_MS, Timestamp};

/// Typing that goes on is told again this often, in milliseconds.
const REPEAT_MS: i64 = 2 * SECOND_MS;
/// No key for this long is a stop, in milliseconds.
pub const PAUSE_MS: u64 = 3_000;

/// What the edge was told last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Typing {
    told_at: Option<Timestamp>,
}

impl Typing {
    /// The field holds another text now; what to tell, if anything.
    pub fn changed(&mut self, text: &str, now: Timestamp) -> Option<bool> {
        if text.is_empty() {
            return self.stopped();
        }
        if self.told_at.is_some_and(|at| now.since_ms(at) < REPEAT_MS) {
            return None;
        }
        self.told_at = Some(now);
        Some(true)
    }

    /// The message was sent, the field was left, or there was no key for a while; what to tell, if anything.
    pub fn stopped(&mut self) -> Option<bool> {
        self.told_at.take().map(|_| false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    #[test]
    fn typing_is_told_at_the_first_key_and_again_while_it_goes_on() {
        let mut typing = Typing::default();
        let told: Vec<i64> =
            (0..50).map(|key| key * 100).filter(|ms| typing.changed("Hi", at(*ms)) == Some(true)).collect();
        assert_eq!(told, [0, 2_000, 4_000]);
    }

    #[test]
    fn a_stop_is_told_once_and_the_next_key_starts_anew() {
        let mut typing = Typing::default();
        assert_eq!(typing.stopped(), None);
        assert_eq!(typing.changed("H", at(0)), Some(true));
        assert_eq!(typing.stopped(), Some(false));
        assert_eq!(typing.stopped(), None);
        assert_eq!(typing.changed("Hi", at(10)), Some(true));
    }

    #[test]
    fn an_emptied_field_is_a_stop() {
        let mut typing = Typing::default();
        assert_eq!(typing.changed("", at(0)), None);
        assert_eq!(typing.changed("H", at(1)), Some(true));
        assert_eq!(typing.changed("", at(2)), Some(false));
    }
}
