//! How long to wait before an event is tried again.

use std::time::Duration;

/// Exponential waits with full jitter: before attempt n + 1, a random time up to `base` × 2^(n − 1), and at most `cap`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
}

impl Default for Backoff {
    /// From 5 seconds up to an hour.
    fn default() -> Self {
        Self::new(Duration::from_secs(5), Duration::from_secs(3600))
    }
}

impl Backoff {
    /// From `base` up to `cap`.
    pub const fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap }
    }

    /// The longest wait after attempt `attempt`, counted from 1.
    pub fn longest(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1).min(31));
        self.base.saturating_mul(doubled).min(self.cap)
    }

    /// A random wait after attempt `attempt`, from nothing to [`longest`](Self::longest): events that failed together
    /// do not come back together. Without randomness the longest.
    pub fn wait(&self, attempt: u32) -> Duration {
        up_to(self.longest(attempt))
    }

    /// A random wait from half of the longest on, for what must not be repeated at once.
    pub(super) fn at_least_half(&self, attempt: u32) -> Duration {
        let half = self.longest(attempt) / 2;
        half.saturating_add(up_to(half))
    }
}

fn up_to(longest: Duration) -> Duration {
    let mut random = [0; 4];
    if getrandom::fill(&mut random).is_err() {
        return longest;
    }
    let part = f64::from(u32::from_ne_bytes(random)) / f64::from(u32::MAX);
    Duration::try_from_secs_f64(longest.as_secs_f64() * part).map_or(longest, |wait| wait.min(longest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_longest_wait_doubles_up_to_the_cap() {
        let backoff = Backoff::default();
        let longest: Vec<_> =
            [0, 1, 2, 3, 10, 11, 50, u32::MAX].map(|attempt| backoff.longest(attempt).as_secs()).into();
        assert_eq!(longest, [5, 5, 10, 20, 2560, 3600, 3600, 3600]);
    }

    #[test]
    fn waits_differ() {
        let backoff = Backoff::default();
        let first = backoff.wait(8);
        assert!((0..100).any(|_| backoff.wait(8) != first));
    }

    proptest! {
        #[test]
        fn waits_stay_in_bounds(base: Duration, cap: Duration, attempt: u32) {
            let backoff = Backoff::new(base, cap);
            let longest = backoff.longest(attempt);
            prop_assert!(longest <= cap);
            prop_assert!(backoff.wait(attempt) <= longest);
            let half = backoff.at_least_half(attempt);
            prop_assert!(longest / 2 <= half && half <= longest, "{:?} of {:?}", half, longest);
        }
    }
}
