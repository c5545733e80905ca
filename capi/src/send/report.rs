//! What became of every event.

use std::fmt;
use std::time::Duration;

use sociogram_api_core::{ErrorKind, Finding, Severity};

use crate::platform::Refusal;
use crate::prepare::{Rejected, Warning};

/// What became of one event.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The platform took it.
    Sent {
        /// The id of the exchange, if the platform gave one (`fbtrace_id`, `x-li-uuid`).
        trace: Option<String>,
    },
    /// It was refused, here or by the platform, and was not counted. Sending it again unchanged is of no use.
    Rejected(Rejection),
    /// It was sent, and whether it was counted is unknown: no usable answer came, or the platform took fewer events
    /// than it was sent without saying which. It is not sent again on its own, because the platform would count it
    /// twice. Repeat it only if counting twice is better than not at all.
    InDoubt {
        /// Why there is doubt.
        kind: ErrorKind,
        /// The same in a word: `no_answer`, `server_error`, `unreadable_answer`, `fewer_taken`, `not_mentioned`.
        reason: &'static str,
        /// The id of the exchange, if there was an answer.
        trace: Option<String>,
    },
    /// It was not processed, through no fault of its own; sending it again is safe.
    NotSent {
        /// Why sending stopped. [`ErrorKind::Invalid`]: its request was refused for one of its events, and
        /// the calls allowed for finding out which were used up.
        kind: ErrorKind,
        /// How long to wait, where the platform says so.
        retry_after: Option<Duration>,
    },
}

/// Why an event was refused. Holds no customer values; `Display` is one line.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The checks before sending: at least one finding of severity error.
    Checks(Vec<Finding>),
    /// The platform.
    Platform(Refusal),
}

impl Rejection {
    /// What the checks before sending found; empty when the platform refused it.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Checks(findings) => findings,
            Self::Platform(_) => &[],
        }
    }

    /// What the platform said, if it was the platform.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Checks(_) => None,
            Self::Platform(refusal) => Some(refusal),
        }
    }
}

impl From<&Rejected> for Rejection {
    fn from(rejected: &Rejected) -> Self {
        Self::Checks(rejected.findings.clone())
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform(refusal) => refusal.fmt(f),
            Self::Checks(findings) => {
                let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error);
                for (count, finding) in errors.enumerate() {
                    write!(f, "{}{finding}", if count > 0 { "; " } else { "" })?;
                }
                Ok(())
            }
        }
    }
}

/// Why sending stopped before all events were sent.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// What kind of trouble it is; it also says what to do.
    pub kind: ErrorKind,
    /// How long to wait, where the platform says so.
    pub retry_after: Option<Duration>,
    /// What went wrong, in our words: one line.
    pub reason: String,
    /// The id of the exchange, if there was an answer whose outcome is unknown.
    pub trace: Option<String>,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// What became of the events of one send.
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub struct SendReport {
    /// Every event by its number, in ascending order, with its fate; those refused by the checks before sending among
    /// them.
    pub outcomes: Vec<(usize, Outcome)>,
    /// What was odd about events that passed the checks.
    pub warnings: Vec<Warning>,
    /// Why sending stopped before all events were sent: a missing permission, a rate limit, no connection,
    /// an answer that never came. `None` when every request got its answer.
    pub stopped: Option<Stopped>,
    /// Remarks of the platform about requests it took.
    pub messages: Vec<String>,
    /// How many requests were made.
    pub calls: u32,
}

impl SendReport {
    /// Whether the platform took every event.
    pub fn all_sent(&self) -> bool {
        self.outcomes.iter().all(|(_, outcome)| matches!(outcome, Outcome::Sent { .. }))
    }

    /// How many events have which fate.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (_, outcome) in &self.outcomes {
            match outcome {
                Outcome::Sent { .. } => counts.sent += 1,
                Outcome::Rejected(_) => counts.rejected += 1,
                Outcome::InDoubt { .. } => counts.in_doubt += 1,
                Outcome::NotSent { .. } => counts.not_sent += 1,
            }
        }
        counts
    }
}

/// How many events of a send have which fate.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Taken by the platform.
    pub sent: u64,
    /// Refused, here or by the platform.
    pub rejected: u64,
    /// Sent, with unknown outcome.
    pub in_doubt: u64,
    /// Not processed; sending them again is safe.
    pub not_sent: u64,
}

impl Counts {
    /// How many events were handed in: each has exactly one fate.
    pub fn accepted(&self) -> u64 {
        self.sent + self.rejected + self.in_doubt + self.not_sent
    }
}
