//! A moment named by a delivery.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// 9999-12-31T23:59:59.999Z.
const MAX_MILLIS: i64 = 253_402_300_799_999;
/// Smaller numbers are seconds: as seconds this is the year 5138, as milliseconds it is 1973.
const FIRST_MILLIS: i64 = 100_000_000_000;

/// A moment between 1970 and 9999, in milliseconds of Unix time.
///
/// Graph changes count seconds, Messenger and LinkedIn milliseconds, some as text; all are read into this.
/// Serialized as the number of milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct EventTime(i64);

impl EventTime {
    /// Takes milliseconds; `None` before 1970 or after 9999.
    pub fn from_unix_millis(millis: i64) -> Option<Self> {
        (0..=MAX_MILLIS).contains(&millis).then_some(Self(millis))
    }

    /// Milliseconds since 1970.
    pub fn as_unix_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970.
    pub fn as_unix_seconds(self) -> i64 {
        self.0 / 1000
    }

    /// Takes a number whose size tells its unit.
    pub(crate) fn guess(number: i64) -> Option<Self> {
        if number < FIRST_MILLIS {
            Self::from_unix_millis(number.checked_mul(1000)?)
        } else {
            Self::from_unix_millis(number)
        }
    }
}

impl From<EventTime> for SystemTime {
    fn from(time: EventTime) -> Self {
        Self::UNIX_EPOCH + Duration::from_millis(time.0.unsigned_abs())
    }
}

impl From<EventTime> for i64 {
    fn from(time: EventTime) -> Self {
        time.0
    }
}

impl TryFrom<i64> for EventTime {
    type Error = &'static str;

    fn try_from(millis: i64) -> Result<Self, Self::Error> {
        Self::from_unix_millis(millis).ok_or("the time is not between the years 1970 and 9999")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_is_told_by_size() {
        for (number, millis) in [
            (0, Some(0)),
            (1_712_000_000, Some(1_712_000_000_000)),
            (1_712_000_000_123, Some(1_712_000_000_123)),
            (99_999_999_999, Some(99_999_999_999_000)),
            (100_000_000_000, Some(100_000_000_000)),
            (-1, None),
            (i64::MIN, None),
            (i64::MAX, None),
        ] {
            assert_eq!(EventTime::guess(number).map(EventTime::as_unix_millis), millis, "{number}");
        }
    }

    #[test]
    fn conversions_agree() {
        let time = EventTime::from_unix_millis(1_712_000_000_999).unwrap();
        assert_eq!(time.as_unix_seconds(), 1_712_000_000);
        let since = SystemTime::from(time).duration_since(SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(since.as_millis(), 1_712_000_000_999);
        assert_eq!(serde_json::to_string(&time).unwrap(), "1712000000999");
        assert_eq!(serde_json::from_str::<EventTime>("1712000000999").unwrap(), time);
        assert!(serde_json::from_str::<EventTime>("-1").is_err());
    }
}
