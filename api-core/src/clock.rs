//! Wall-clock time behind a trait, so that expiry and freshness can be tested without waiting.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in wall-clock time: whole milliseconds since 1970-01-01T00:00:00Z, positive or negative.
///
/// `Display` and serde use RFC 3339 text in UTC (`2026-11-20T12:00:00Z`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(0);

    /// From whole seconds since the epoch; values beyond the range of milliseconds saturate.
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// From milliseconds since the epoch.
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Whole seconds since the epoch, rounded towards the past.
    pub const fn as_unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Milliseconds since the epoch.
    pub const fn as_unix_millis(self) -> i64 {
        self.0
    }

    /// This time plus `by`, stopping at the largest representable time.
    pub fn saturating_add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(millis(by)))
    }

    /// This time minus `by`, stopping at the smallest representable time.
    pub fn saturating_sub(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(millis(by)))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn saturating_duration_since(self, earlier: Self) -> Duration {
        u64::try_from(self.0.saturating_sub(earlier.0)).map_or(Duration::ZERO, Duration::from_millis)
    }
}

/// Without the 128-bit arithmetic of `as_millis`: a clock is read at every call.
fn millis(duration: Duration) -> i64 {
    let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    seconds.saturating_mul(1000).saturating_add(i64::from(duration.subsec_millis()))
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => Self(millis(after)),
            Err(before) => Self(millis(before.duration()).saturating_neg()),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => write!(f, "{time}"),
            Err(_) => write!(f, "{} ms since 1970", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse::<jiff::Timestamp>()
            .map(|time| Self(time.as_millisecond()))
            .map_err(|_| serde::de::Error::custom("expected an RFC 3339 time such as 2026-11-20T12:00:00Z"))
    }
}

/// Where the family takes the wall-clock time from.
///
/// Libraries never ask the operating system directly; pass [`SystemClock`] in production and a manual
/// clock (feature `testing`) in tests.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The current wall-clock time.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// The operating system's clock.
    pub const fn new() -> Self {
        Self
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_form_is_rfc_3339() {
        let time = Timestamp::from_unix_millis(1_700_000_000_123);
        assert_eq!(time.to_string(), "2023-11-14T22:13:20.123Z");
        assert_eq!(Timestamp::from_unix_millis(-1).as_unix_seconds(), -1);
        assert_eq!(Timestamp::from_unix_millis(i64::MAX).to_string(), "9223372036854775807 ms since 1970");
    }

    #[test]
    fn differences_never_go_below_zero() {
        let early = Timestamp::from_unix_seconds(10);
        let late = early.saturating_add(Duration::from_millis(1500));
        assert_eq!(late.saturating_duration_since(early), Duration::from_millis(1500));
        assert_eq!(early.saturating_duration_since(late), Duration::ZERO);
        assert_eq!(late.saturating_sub(Duration::from_millis(1500)), early);
    }

    proptest! {
        #[test]
        fn serde_round_trips(millis in -62_000_000_000_000i64..253_000_000_000_000) {
            let time = Timestamp::from_unix_millis(millis);
            let value = serde::de::value::StringDeserializer::<serde::de::value::Error>::new(time.to_string());
            prop_assert_eq!(Timestamp::deserialize(value).unwrap(), time);
        }

        #[test]
        fn system_time_converts_both_ways_of_the_epoch(secs in 0u64..1_000_000_000) {
            let after = SystemTime::UNIX_EPOCH + Duration::from_secs(secs);
            let before = SystemTime::UNIX_EPOCH - Duration::from_secs(secs);
            prop_assert_eq!(Timestamp::from(after).as_unix_seconds(), i64::try_from(secs).unwrap());
            prop_assert_eq!(Timestamp::from(before).as_unix_seconds(), -i64::try_from(secs).unwrap());
        }
    }
}
