//! The clock of a store in memory.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::EventTime;

/// 9999-12-31T23:59:59.999Z, the last time there is.
const LAST_MILLIS: i64 = 253_402_300_799_999;

/// The time of the system when it was made, and from then on tokio's: it never goes back, and where a test has paused
/// tokio's time, it stands still and goes on with it.
pub(super) struct Clock {
    began: Instant,
    began_at: EventTime,
    /// By how many milliseconds a test has moved it.
    #[cfg(any(test, feature = "testing"))]
    ahead: std::sync::atomic::AtomicI64,
}

#[allow(
    clippy::disallowed_methods,
    reason = "this is the clock of the store, as the server's clock is that of a database"
)]
impl Clock {
    pub(super) fn new() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self {
            began: Instant::now(),
            began_at: at(millis(since)),
            #[cfg(any(test, feature = "testing"))]
            ahead: std::sync::atomic::AtomicI64::new(0),
        }
    }

    pub(super) fn now(&self) -> EventTime {
        let now = later(self.began_at, Instant::now().saturating_duration_since(self.began));
        #[cfg(any(test, feature = "testing"))]
        let now = {
            let ahead = self.ahead.load(std::sync::atomic::Ordering::Relaxed);
            at(now.as_unix_millis().saturating_add(ahead))
        };
        now
    }
}

#[cfg(any(test, feature = "testing"))]
impl Clock {
    pub(super) fn advance(&self, by: Duration) {
        self.ahead.fetch_add(millis(by), std::sync::atomic::Ordering::Relaxed);
    }
}

/// A time that much later, or the last one there is.
pub(super) fn later(time: EventTime, by: Duration) -> EventTime {
    at(time.as_unix_millis().saturating_add(millis(by)))
}

/// Whether something that is kept for `kept` from `since` on is over.
pub(super) fn is_over(since: EventTime, kept: Duration, now: EventTime) -> bool {
    since.as_unix_millis().saturating_add(millis(kept)) <= now.as_unix_millis()
}

fn at(millis: i64) -> EventTime {
    let Some(time) = EventTime::from_unix_millis(millis.clamp(0, LAST_MILLIS)) else {
        unreachable!("every number of milliseconds between the first and the last is a time");
    };
    time
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(millis: i64) -> EventTime {
        EventTime::from_unix_millis(millis).unwrap()
    }

    #[test]
    fn times_end_with_the_year_9999() {
        assert_eq!(later(time(5), Duration::from_millis(7)), time(12));
        assert_eq!(later(time(5), Duration::MAX), time(LAST_MILLIS));
        assert_eq!(EventTime::from_unix_millis(LAST_MILLIS + 1), None);
    }

    #[test]
    fn what_is_kept_for_ever_is_never_over() {
        assert!(is_over(time(5), Duration::from_millis(7), time(12)));
        assert!(!is_over(time(5), Duration::from_millis(7), time(11)));
        assert!(!is_over(time(5), Duration::MAX, time(LAST_MILLIS)));
    }

    #[tokio::test(start_paused = true)]
    async fn paused_time_moves_it() {
        let clock = Clock::new();
        let before = clock.now();
        assert_eq!(clock.now(), before);
        tokio::time::advance(Duration::from_secs(3600)).await;
        assert_eq!(clock.now().as_unix_millis() - before.as_unix_millis(), 3_600_000);
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now().as_unix_millis() - before.as_unix_millis(), 3_605_000);
    }
}
