//! How long what is kept.

use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// The platforms repeat for up to seven days; a day more for what lay in a queue.
const MIN_KEYS: Duration = Duration::from_secs(8 * 24 * 3600);

/// How long events are kept. Events that wait or are claimed are always kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    payloads: Duration,
    failed_payloads: Duration,
    keys: Duration,
}

/// A retention time that would make repeats count as new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "keys must be kept for at least 8 days: Meta repeats a delivery for up to 7 days, and a repeat whose key is gone counts as new"
)]
pub struct RetentionError;

impl Default for Retention {
    /// Payloads for 8 days, those of given up events for 30, keys and states for 30.
    fn default() -> Self {
        Self { payloads: MIN_KEYS, failed_payloads: 30 * DAY, keys: 30 * DAY }
    }
}

impl Retention {
    /// Keeps keys and states for `keys` after an event was recorded.
    ///
    /// # Errors
    ///
    /// [`RetentionError`] for less than 8 days.
    pub fn keys(mut self, keys: Duration) -> Result<Self, RetentionError> {
        if keys < MIN_KEYS {
            return Err(RetentionError);
        }
        self.keys = keys;
        Ok(self)
    }

    /// Keeps the payloads (the JSON with personal data, and the texts of errors) of handled and skipped events for
    /// `handled` after they were finished, and of given up ones for `failed`. Without its payload an event cannot be
    /// replayed. Never longer than the key.
    pub fn payloads(mut self, handled: Duration, failed: Duration) -> Self {
        (self.payloads, self.failed_payloads) = (handled, failed);
        self
    }

    /// How long keys and states are kept after recording.
    pub fn keys_for(&self) -> Duration {
        self.keys
    }

    /// How long payloads of handled and skipped events are kept after they were finished.
    pub fn payloads_for(&self) -> Duration {
        self.payloads
    }

    /// How long payloads of given up events are kept.
    pub fn failed_payloads_for(&self) -> Duration {
        self.failed_payloads
    }
}

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trimmed {
    /// Payloads, of events whose rows stay.
    pub payloads: u64,
    /// Rows, with their keys.
    pub rows: u64,
}

impl Trimmed {
    /// For stores.
    pub fn new(payloads: u64, rows: u64) -> Self {
        Self { payloads, rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_outlive_every_repeat() {
        let second = Duration::from_secs(1);
        assert_eq!(Retention::default().keys(MIN_KEYS.saturating_sub(second)), Err(RetentionError));
        assert_eq!(Retention::default().keys(Duration::ZERO), Err(RetentionError));
        assert_eq!(Retention::default().keys(MIN_KEYS).unwrap().keys_for(), 8 * DAY);
        assert!(Retention::default().keys_for() >= MIN_KEYS);
        assert!(RetentionError.to_string().contains("8 days"));
    }

    #[test]
    fn each_time_is_set_by_itself() {
        let retention = Retention::default().payloads(DAY, 2 * DAY).keys(9 * DAY).unwrap();
        let times = (retention.payloads_for(), retention.failed_payloads_for(), retention.keys_for());
        assert_eq!(times, (DAY, 2 * DAY, 9 * DAY));
        let kept = Retention::default().payloads(Duration::ZERO, DAY).keys_for();
        assert_eq!(kept, Retention::default().keys_for());
    }
}
