//! Answers that come inside another answer.

use ::http::Response;
use bytes::Bytes;

use super::Pipeline;
use crate::http::error::CoreError;
use crate::http::observe::WaitReason;
use crate::http::operation::Operation;
use crate::http::response::RawResponse;
use crate::http::transport::{TransportError, TransportErrorKind};

impl Pipeline {
    /// Reads the answer to a part of a call, such as an item of a batch, as if it had come alone: the dialect
    /// judges it, its usage and its throttles reach the budget. `attempts` is what the call took. The circuit
    /// breaker and the observer are not told, because nothing was sent for it.
    ///
    /// # Errors
    /// When the part failed.
    pub fn part(
        &self,
        operation: &Operation,
        attempts: u32,
        answer: Response<impl Into<Bytes>>,
    ) -> Result<RawResponse, CoreError> {
        let keys = self.0.dialect.budget_keys(operation);
        let now = self.0.timer.monotonic();
        self.read(operation, &keys, attempts, answer.map(Into::into), now).map_err(|(error, _)| error)
    }

    /// The error of a part that got no answer although the call did. `kind` says whether the part can have been
    /// done, `reason` why there is none, in one lower-case line.
    pub fn unanswered_part(
        operation: &Operation,
        attempts: u32,
        kind: TransportErrorKind,
        reason: &'static str,
    ) -> CoreError {
        CoreError::transport(operation, attempts, TransportError::new(kind)).because(reason)
    }

    /// Waits before parts of a call are sent once more, as the retry policy says. `attempt` is how often they
    /// were sent. False, without a wait, when the policy or the shared retry budget allows no more.
    pub async fn back_off_parts(&self, operation: &Operation, attempt: u32) -> bool {
        let retry = &self.0.retry;
        if attempt >= retry.attempts() || !retry.take_retry() {
            return false;
        }
        self.pause(operation, WaitReason::Retry, retry.wait(attempt)).await;
        true
    }
}
