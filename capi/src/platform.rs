//! One request to a platform, and what its answer means: the seam between the search for bad events and the wire.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use sociogram_api_core::ErrorKind;

use crate::RequestBody;

/// Sends requests to one platform.
#[async_trait]
pub trait SendRequest: fmt::Debug + Send + Sync {
    /// Sends one request once. Never repeats it: whether that is safe is not its decision.
    async fn send_request(&self, body: &RequestBody) -> RequestOutcome;
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestOutcome {
    /// The platform took the request.
    Taken {
        /// How many events it says it took, if it says so.
        received: Option<u64>,
        /// What it refused of it, by the places of the events; the others were taken.
        refused: Vec<(usize, Refusal)>,
        /// The places of events of which its answer says nothing, though it says something of others.
        unknown: Vec<usize>,
        /// The id of the exchange.
        trace: Option<String>,
        /// Remarks, each one line.
        messages: Vec<String>,
    },
    /// It refused the whole request for what is in it, and processed nothing.
    Refused {
        /// Why.
        refusal: Refusal,
        /// The places of the events at fault, where it names them.
        blamed: Vec<usize>,
    },
    /// It may have processed the request.
    InDoubt {
        /// Why there is doubt.
        kind: ErrorKind,
        /// The same in a word: `no_answer`, `server_error`, `unreadable_answer`.
        reason: &'static str,
        /// The id of the exchange, if there was an answer.
        trace: Option<String>,
    },
    /// It did not process the request, through no fault of the events.
    NotProcessed {
        /// Why.
        kind: ErrorKind,
        /// How long to wait, where the platform says so.
        retry_after: Option<Duration>,
        /// What went wrong and what to do, in our words.
        reason: String,
    },
}

#[cfg(any(feature = "meta", feature = "linkedin"))]
impl RequestOutcome {
    /// After an error that may have been applied: the status tells whether there was an answer.
    pub(crate) fn doubt(kind: ErrorKind, status: Option<u16>, trace: Option<&str>) -> Self {
        let reason = match (kind, status) {
            (ErrorKind::Decode, Some(_)) => "unreadable_answer",
            (_, Some(_)) => "server_error",
            (_, None) => "no_answer",
        };
        Self::InDoubt { kind, reason, trace: trace.map(str::to_owned) }
    }
}

/// Why a platform refused an event or a request. Holds no customer values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The platform's error code; LinkedIn: the HTTP status.
    pub code: Option<i64>,
    /// Meta's subcode; LinkedIn's `serviceErrorCode`.
    pub subcode: Option<i64>,
    /// Which member is at fault, where that is known.
    pub field: Option<String>,
    /// Why, in our words.
    pub reason: String,
    /// What to do.
    pub advice: String,
    /// The id of the exchange.
    pub trace: Option<String>,
}

impl fmt::Display for Refusal {
    /// One line: which member, why, the numbers, what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.reason)?;
        match (self.code, self.subcode) {
            (Some(code), Some(subcode)) => write!(f, " (code {code}/{subcode})")?,
            (Some(code), None) => write!(f, " (code {code})")?,
            (None, _) => {}
        }
        if self.advice.is_empty() { Ok(()) } else { write!(f, ": {}", self.advice) }
    }
}
