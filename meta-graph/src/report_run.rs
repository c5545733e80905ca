//! Reports that Meta makes in the background (Marketing API: Insights API Asynchronous Jobs).
//!
//! An endpoint of the insights starts one and gives a [`StartedReport`]; [`ReportRun`] waits until it is ready, and
//! [`ListReportRows`] reads it.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;
use sociogram_api_core::http::Endpoint;

use crate::client::Client;
use crate::error::Error;
use crate::error_class::ErrorClass;
use crate::graph_error::GraphError;
use crate::id::ReportRunId;
use sociogram_api_core::{Progress, run_to_end};

mod calls;

pub use calls::{GetReportRun, ListReportRows, ReportRunState, ReportStatus, StartedReport};

/// The wait after the first look; it doubles with every further one.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// The longest wait between two looks.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Meta says that a job can take up to an hour.
const GIVE_UP_AFTER: Duration = Duration::from_secs(75 * 60);

/// A report that is being made. It can be stored and waited for by another process; Meta keeps a run for 30 days.
///
/// Dropping the future stops the waiting and nothing else: the run goes on at Meta, and this state stays good.
///
/// ```no_run
/// use sociogram_api_core::http::Endpoint;
/// use sociogram_meta_graph::Client;
/// use sociogram_meta_graph::report_run::{ReportError, ReportRun, StartedReport};
///
/// # async fn report<E>(client: Client, start: E) -> Result<(), ReportError>
/// # where
/// #     E: Endpoint<Output = StartedReport> + 'static,
/// # {
/// let mut run = ReportRun::start(&client, start).await?;
/// run.run(&client, |state| println!("save {state:?}")).await?;
/// let rows = client.items(run.rows::<serde_json::Value>().limit(500));
/// # drop(rows);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRun {
    id: ReportRunId,
    /// The object whose rate limit the looks count against.
    subject: Option<String>,
    started_at: Timestamp,
    give_up_after: Duration,
    looks: u32,
    percent: u64,
    ready: bool,
}

impl ReportRun {
    /// Starts a report by sending `endpoint`.
    ///
    /// # Errors
    /// When Meta refuses. After an unknown outcome a second start costs the work twice and nothing else.
    pub async fn start<E: Endpoint<Output = StartedReport>>(
        client: &Client,
        endpoint: E,
    ) -> Result<Self, Error> {
        let subject = endpoint.subject().map(str::to_owned);
        let started = client.send(endpoint).await?;
        let now = client.pipeline.timer().now();
        Ok(Self { subject, ..Self::of(started.report_run_id, now) })
    }

    /// A report that was started before, at this time.
    pub const fn of(id: ReportRunId, started_at: Timestamp) -> Self {
        Self {
            id,
            subject: None,
            started_at,
            give_up_after: GIVE_UP_AFTER,
            looks: 0,
            percent: 0,
            ready: false,
        }
    }

    /// How long after its start it is waited for; 75 minutes unless set. Meta says that a job can take an hour.
    pub const fn give_up_after(mut self, time: Duration) -> Self {
        self.give_up_after = time;
        self
    }

    /// Its id.
    pub const fn id(&self) -> &ReportRunId {
        &self.id
    }

    /// How much of it is done, in percent, as far as was last seen.
    pub const fn percent(&self) -> u64 {
        self.percent
    }

    /// Whether its rows can be read.
    pub const fn is_ready(&self) -> bool {
        self.ready
    }

    /// Looks once. It is ready when the job is completed and at 100 %; either of them alone comes too early.
    ///
    /// # Errors
    /// [`ReportError`]. After [`ReportError::TimedOut`] it can still be looked at with a longer
    /// [`give_up_after`](Self::give_up_after).
    pub async fn advance(&mut self, client: &Client) -> Result<Progress<ReportRunId>, ReportError> {
        if self.ready {
            return Ok(Progress::Done(self.id.clone()));
        }
        let mut look = GetReportRun::new(self.id.clone());
        if let Some(subject) = &self.subject {
            look = look.counted_against(subject);
        }
        let mut wait = self.next_wait();
        match client.send(look).await {
            Ok(state) => {
                self.percent = state.async_percent_completion.unwrap_or(self.percent);
                match state.async_status {
                    Some(ReportStatus::Completed)
                        if state.async_percent_completion.is_none_or(|done| done >= 100) =>
                    {
                        self.ready = true;
                        return Ok(Progress::Done(self.id.clone()));
                    }
                    Some(ReportStatus::Failed) => return Err(ReportError::Failed(Box::new(state.failure()))),
                    Some(ReportStatus::Skipped) => return Err(ReportError::Skipped),
                    _ => {}
                }
            }
            // The job goes on whether or not it can be seen.
            Err(error) if error.is_retryable() => wait = wait.max(error.retry_after().unwrap_or_default()),
            Err(error) => return Err(error.into()),
        }
        self.looks = self.looks.saturating_add(1);
        let waited = client.pipeline.timer().now().saturating_duration_since(self.started_at);
        match self.give_up_after.checked_sub(waited).filter(|left| !left.is_zero()) {
            Some(left) => Ok(Progress::Wait(wait.min(left))),
            None => Err(ReportError::TimedOut { percent: self.percent }),
        }
    }

    /// Waits until it is ready. `save` gets the state after each look; store it there.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn run(
        &mut self,
        client: &Client,
        mut save: impl FnMut(&Self) + Send,
    ) -> Result<ReportRunId, ReportError> {
        run_to_end!(self, client.pipeline.timer(), save, self.advance(client))
    }

    /// Its rows, for [`Client::pages`] or [`Client::items`]. Before it is ready Meta refuses them.
    pub fn rows<T: DeserializeOwned + Send>(&self) -> ListReportRows<T> {
        let rows = ListReportRows::new(self.id.clone());
        match &self.subject {
            Some(subject) => rows.counted_against(subject),
            None => rows,
        }
    }

    fn next_wait(&self) -> Duration {
        FIRST_WAIT.saturating_mul(1 << self.looks.min(5)).min(LONGEST_WAIT)
    }
}

/// Why there is no report.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A call failed.
    #[error(transparent)]
    Call(#[from] Error),
    /// Meta could not make it.
    #[error("the report failed: {0}")]
    Failed(Box<GraphError>),
    /// Meta dropped it unmade.
    #[error("the report was skipped; start it again")]
    Skipped,
    /// It was not ready in time.
    #[error("the report was at {percent} % when the time to wait was over; look again later")]
    TimedOut {
        /// How much was done, in percent.
        percent: u64,
    },
}

impl ReportError {
    /// Whether the same report should be started again: it was skipped, or Meta failed for the moment.
    pub fn should_resubmit(&self) -> bool {
        match self {
            Self::Skipped => true,
            Self::Failed(error) => error.class() == ErrorClass::Transient,
            Self::Call(_) | Self::TimedOut { .. } => false,
        }
    }

    /// What to do, in one line.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Call(error) => error.user_action(),
            Self::Failed(error) => error.advice(),
            Self::Skipped => "start the report again",
            Self::TimedOut { .. } => "look again later; the run is kept for 30 days",
        }
    }
}

#[cfg(test)]
mod tests;
