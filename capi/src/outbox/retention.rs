//! How long what is kept.

use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long finished events are kept. What is not finished is always kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    contents: Duration,
    rows: Duration,
}

impl Default for Retention {
    /// Contents for 7 days, as long as Meta takes an event; rows with their fates for 90.
    fn default() -> Self {
        Self { contents: 7 * DAY, rows: 90 * DAY }
    }
}

impl Retention {
    /// Keeps contents (the JSON with hashed customer values) for `contents` after an event was finished, and rows with
    /// fates for `rows`. A content is never kept longer than its row. While a row is kept, an event with its name and
    /// `event_id` is not taken again.
    pub fn new(contents: Duration, rows: Duration) -> Self {
        Self { contents: contents.min(rows), rows }
    }

    /// How long contents are kept after an event was finished.
    pub fn contents_for(&self) -> Duration {
        self.contents
    }

    /// How long rows are kept after an event was finished.
    pub fn rows_for(&self) -> Duration {
        self.rows
    }
}

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trimmed {
    /// Contents of events whose rows stay.
    pub contents: u64,
    /// Rows.
    pub rows: u64,
}

impl Trimmed {
    /// For stores.
    pub fn new(contents: u64, rows: u64) -> Self {
        Self { contents, rows }
    }
}
