//! What became of every event.

use sociogram_api_core::{ErrorKind, Finding};

use crate::prepare::Rejected;

/// What became of one event.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Meta took it.
    Sent {
        /// The id of the exchange, if Meta gave one.
        fbtrace_id: Option<String>,
    },
    /// It was refused, here or by Meta, and was not counted. Sending it again unchanged is of no use.
    Rejected(Rejection),
    /// It was sent, and whether it was counted is unknown: no usable answer came, or Meta took fewer events
    /// than it was sent without saying which. It is not sent again on its own, because Meta would count it
    /// twice. Repeat it only if counting twice is better than not at all.
    InDoubt {
        /// Why there is doubt.
        kind: ErrorKind,
        /// The id of the exchange, if there was an answer.
        fbtrace_id: Option<String>,
    },
    /// It was not processed, through no fault of its own; sending it again is safe.
    NotSent {
        /// Why sending stopped. [`ErrorKind::Invalid`]: its request was refused for one of its events, and
        /// the calls allowed for finding out which were used up.
        kind: ErrorKind,
    },
}

/// Why an event was refused.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejection {
    /// What the checks before sending found; empty when Meta refused it.
    pub findings: Vec<Finding>,
    /// Meta's error code (Graph API: Handling Errors).
    pub code: Option<i64>,
    /// Meta's error subcode: 2804003 is an event that is too old, 2804050 too little customer information.
    pub subcode: Option<i64>,
    /// The id of the exchange, for support requests.
    pub fbtrace_id: Option<String>,
}

impl From<&Rejected> for Rejection {
    fn from(rejected: &Rejected) -> Self {
        Self { findings: rejected.findings.clone(), ..Self::default() }
    }
}
