//! The road itself.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use ::http::header::USER_AGENT;
use ::http::request::Parts;
use ::http::{HeaderValue, Request, Response};
use bytes::Bytes;
use futures_util::future::{Either, select};
use tracing::{Instrument, Span, field};

use super::authorizer::{Authorizer, Ticket};
use super::base_url::{AllowedHosts, BaseUrl};
use super::body::Body;
use super::breaker::{Admission, Breaker};
use super::budget::{BudgetKey, RateBudget};
use super::dialect::{Dialect, FaultClass};
use super::error::CoreError;
use super::observe::{AttemptEvent, BreakerEvent, GiveUpEvent, Observer, WaitEvent, WaitReason};
use super::operation::{Operation, Timeouts};
use super::quota::Quota;
use super::request::RequestParts;
use super::response::RawResponse;
use super::retry::{Next, Outcome, RetryPolicy, next};
use super::transport::{Limits, Transport, TransportError, TransportErrorKind};
use crate::Timer;

mod builder;
mod part;

pub use builder::PipelineBuilder;

/// Sends requests: the same steps in the same order for every one of them. Cheap to clone; clones share
/// limits, circuits and the retry budget.
#[derive(Clone)]
pub struct Pipeline(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    dialect: Arc<dyn Dialect>,
    transport: Arc<dyn Transport>,
    authorizer: Arc<dyn Authorizer>,
    quota: Option<Arc<dyn Quota>>,
    hosts: AllowedHosts,
    retry: RetryPolicy,
    timeouts: Timeouts,
    budget: Arc<RateBudget>,
    breaker: Arc<Breaker>,
    observer: Arc<dyn Observer>,
    timer: Arc<dyn Timer>,
    limits: Limits,
    user_agent: HeaderValue,
}

/// What one attempt came to: the answer, or the error and how it counts.
type Attempt = Result<RawResponse, (CoreError, Outcome)>;

impl Pipeline {
    /// Starts building one for a provider.
    pub fn builder(dialect: Arc<dyn Dialect>) -> PipelineBuilder {
        PipelineBuilder::new(dialect)
    }

    /// The same pipeline with another credential; limits and circuits stay shared.
    pub fn with_authorizer(&self, authorizer: Arc<dyn Authorizer>) -> Self {
        let mut inner = (*self.0).clone();
        inner.authorizer = authorizer;
        Self(Arc::new(inner))
    }

    /// The shared rate budget, for dashboards.
    pub fn budget(&self) -> &Arc<RateBudget> {
        &self.0.budget
    }

    /// The shared circuit breaker, for dashboards.
    pub fn breaker(&self) -> &Arc<Breaker> {
        &self.0.breaker
    }

    /// Whether requests to this base URL may carry the credential.
    pub fn permits(&self, base: &BaseUrl) -> bool {
        base.as_str().parse().is_ok_and(|uri| self.0.hosts.permits(&uri))
    }

    /// The clock the pipeline runs on.
    pub fn timer(&self) -> &Arc<dyn Timer> {
        &self.0.timer
    }

    /// Sends one request and gives its successful answer.
    ///
    /// # Errors
    /// See [`CoreError::kind`]. Whether the request is repeated follows from the operation's
    /// [`Replay`](super::Replay) and from whether it can have reached the server.
    pub async fn execute(
        &self,
        operation: &Operation,
        parts: &RequestParts,
    ) -> Result<RawResponse, CoreError> {
        let span = tracing::info_span!(
            "api.call",
            operation = operation.name(),
            provider = operation.provider(),
            replay = operation.replay().as_str(),
            path = parts.template(),
            attempts = field::Empty,
            status = field::Empty,
            request_id = field::Empty,
            error = field::Empty,
        );
        // Pinned first: instrumenting moves what it wraps, and the whole call is large.
        let call = pin!(async {
            let result = self.run(operation, parts).await;
            self.conclude(operation, &result);
            result
        });
        call.instrument(span).await
    }

    fn conclude(&self, operation: &Operation, result: &Result<RawResponse, CoreError>) {
        let span = Span::current();
        match result {
            Ok(response) => {
                span.record("attempts", response.attempts());
                span.record("status", response.status());
                if let Some(id) = response.request_id() {
                    span.record("request_id", id);
                }
            }
            Err(error) => {
                span.record("attempts", error.attempts());
                span.record("error", error.kind().as_str());
                if let Some(status) = error.status() {
                    span.record("status", status);
                }
                if let Some(id) = error.request_id() {
                    span.record("request_id", id);
                }
                let event = GiveUpEvent { operation, kind: error.kind(), attempts: error.attempts() };
                self.0.observer.gave_up(&event);
            }
        }
    }

    async fn run(&self, operation: &Operation, parts: &RequestParts) -> Result<RawResponse, CoreError> {
        let inner = &*self.0;
        let timeouts = operation.timeouts_or(inner.timeouts);
        let deadline = inner.timer.monotonic().saturating_add(timeouts.call);
        let request = parts.build().map_err(|invalid| CoreError::invalid(operation.name(), invalid))?;
        if !operation.is_anonymous() && !inner.hosts.permits(request.uri()) {
            return Err(CoreError::refused_host(operation));
        }
        let (mut head, body) = request.into_parts();
        head.headers.entry(USER_AGENT).or_insert_with(|| inner.user_agent.clone());
        let call = CallState {
            operation,
            template: parts.template(),
            keys: inner.dialect.budget_keys(operation),
            head,
            body,
            timeouts,
            deadline,
        };
        inner.retry.count_call();
        let mut renewed = false;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let (result, ticket) = self.attempt(&call, attempt).await?;
            let (error, outcome) = match result {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            match next(outcome, operation.replay()) {
                Next::Stop => return Err(error),
                Next::Renew if renewed || operation.is_anonymous() => return Err(error),
                Next::Renew => {
                    renewed = true;
                    inner.authorizer.rejected(ticket).await;
                }
                Next::Retry if attempt >= inner.retry.attempts() => return Err(error),
                Next::Retry => self.back_off(&call, attempt, error).await?,
            }
        }
    }

    /// Waits before a retry, or gives the error back when the wait does not fit.
    async fn back_off(&self, call: &CallState<'_>, attempt: u32, error: CoreError) -> Result<(), CoreError> {
        let inner = &*self.0;
        let wait = inner.retry.wait(attempt).max(error.retry_after().unwrap_or_default());
        if inner.timer.monotonic().saturating_add(wait) >= call.deadline {
            return Err(error.with_retry_after(wait));
        }
        if !inner.retry.take_retry() {
            return Err(error);
        }
        self.pause(call.operation, WaitReason::Retry, wait).await;
        Ok(())
    }

    async fn pause(&self, operation: &Operation, reason: WaitReason, duration: Duration) {
        if duration.is_zero() {
            return;
        }
        tracing::debug!(?reason, wait_ms = duration.as_millis(), "waiting");
        self.0.observer.wait(&WaitEvent { operation, reason, duration });
        self.0.timer.sleep(duration).await;
    }

    /// One attempt. The outer error means that it was not sent and will not be.
    async fn attempt(&self, call: &CallState<'_>, attempt: u32) -> Result<(Attempt, Ticket), CoreError> {
        let inner = &*self.0;
        let sent = attempt - 1;
        let now = inner.timer.monotonic();
        let wait = inner
            .budget
            .admit(&call.keys, call.operation.calls(), now, call.deadline.saturating_sub(now))
            .map_err(|wait| CoreError::out_of_budget(call.operation, sent, wait))?;
        self.pause(call.operation, WaitReason::Pacing, wait).await;
        let now = if wait.is_zero() { now } else { inner.timer.monotonic() };
        let probe = self.pass_breaker(call, sent, now)?;

        let mut head = call.head.clone();
        head.extensions.insert(call.operation.clone());
        let ticket = if call.operation.is_anonymous() {
            Ticket::none()
        } else {
            let patience = call.deadline.saturating_sub(now);
            let authorized =
                self.within(patience, inner.authorizer.authorize(call.operation, &mut head)).await;
            authorized
                .ok_or_else(|| CoreError::no_credential_in_time(call.operation, sent))?
                .map_err(|cause| CoreError::unauthorized(call.operation, sent, cause))?
        };
        // An authorizer may sign the query; it may not lead the request elsewhere.
        if head.uri.authority() != call.head.uri.authority() || head.uri.scheme() != call.head.uri.scheme() {
            return Err(CoreError::refused_host(call.operation));
        }
        if let Some(quota) = &inner.quota {
            quota
                .take(call.operation)
                .map_err(|reached| CoreError::over_quota(call.operation, sent, reached))?;
        }

        let span = tracing::debug_span!("api.attempt", attempt, status = field::Empty);
        let result = pin!(self.exchange(call, head, attempt, probe)).instrument(span).await;
        Ok((result, ticket))
    }

    fn pass_breaker<'p>(
        &'p self,
        call: &'p CallState<'_>,
        sent: u32,
        now: Duration,
    ) -> Result<Probe<'p>, CoreError> {
        let inner = &*self.0;
        let Some(key) = call.keys.first() else { return Ok(Probe::none()) };
        match inner.breaker.admit(key, now) {
            Admission::Pass => Ok(Probe::none()),
            Admission::Probe => Ok(Probe { breaker: Some((&inner.breaker, key)) }),
            Admission::Refused(wait) => Err(CoreError::circuit_open(call.operation, sent, wait)),
        }
    }

    async fn exchange(&self, call: &CallState<'_>, head: Parts, attempt: u32, probe: Probe<'_>) -> Attempt {
        let inner = &*self.0;
        let request = Request::from_parts(head, call.body.clone());
        let started = inner.timer.monotonic();
        let time = call.timeouts.attempt.min(call.deadline.saturating_sub(started));
        let answer = self.within(time, inner.transport.send(request, &inner.limits)).await;
        let answer = answer.unwrap_or_else(|| Err(TransportError::new(TransportErrorKind::Timeout)));
        let status = answer.as_ref().ok().map(|response| response.status().as_u16());
        if let Some(status) = status {
            Span::current().record("status", status);
        }
        let now = inner.timer.monotonic();
        let result = self.judge(call, attempt, answer, now);
        self.tell_breaker(call, &result, probe, now);
        if let (Some(quota), Err((_, Outcome::NotSent))) = (&inner.quota, &result) {
            quota.give_back(call.operation);
        }
        let failure = result.as_ref().err().map(|(error, _)| error.kind());
        let elapsed = now.saturating_sub(started);
        inner.observer.attempt(&AttemptEvent {
            operation: call.operation,
            method: &call.head.method,
            template: call.template,
            attempt,
            status,
            failure,
            elapsed,
        });
        result
    }

    fn judge(
        &self,
        call: &CallState<'_>,
        attempt: u32,
        answer: Result<Response<Bytes>, TransportError>,
        now: Duration,
    ) -> Attempt {
        let answer = match answer {
            Ok(answer) => answer,
            Err(cause) => {
                let outcome = cause.kind().into();
                return Err((CoreError::transport(call.operation, attempt, cause), outcome));
            }
        };
        self.read(call.operation, &call.keys, attempt, answer, now)
    }

    /// What the dialect makes of an answer; its usage and throttles reach the budget.
    fn read(
        &self,
        operation: &Operation,
        keys: &[BudgetKey],
        attempt: u32,
        answer: Response<Bytes>,
        now: Duration,
    ) -> Attempt {
        let inner = &*self.0;
        let (head, body) = answer.into_parts();
        let verdict = inner.dialect.inspect(operation, &head, &body);
        inner.budget.read(&verdict.usage, now);
        let Some(fault) = verdict.fault else {
            inner.budget.passed(keys);
            return Ok(RawResponse::new(head, body, attempt, verdict.request_id));
        };
        if fault.class() == FaultClass::Throttled
            && let Some(key) = fault.limit().or(keys.last())
        {
            inner.budget.throttled(key, fault.delay(), now);
        }
        let outcome = fault.class().into();
        let status = head.status.as_u16();
        Err((CoreError::fault(operation, attempt, status, verdict.request_id, &body, fault), outcome))
    }

    fn tell_breaker(&self, call: &CallState<'_>, result: &Attempt, probe: Probe<'_>, now: Duration) {
        let outcome = result.as_ref().err().map(|(_, outcome)| *outcome);
        // A throttle says nothing about health; a dropped probe frees its place by itself.
        if outcome == Some(Outcome::Throttled) {
            return;
        }
        let Some(key) = call.keys.first() else { return };
        let failed = matches!(outcome, Some(Outcome::NotSent | Outcome::NoAnswer | Outcome::Failed));
        if let Some(state) = self.0.breaker.record(key, failed, probe.settle(), now) {
            tracing::warn!(key = %key, state = state.as_str(), "circuit changed");
            self.0.observer.breaker(&BreakerEvent { key, state });
        }
    }

    async fn within<F: Future + Send>(&self, time: Duration, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        // Most credentials are at hand; a timer is set only for what really waits.
        if let Poll::Ready(output) = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
            return Some(output);
        }
        match select(work, self.0.timer.sleep(time)).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline")
            .field("dialect", &self.0.dialect)
            .field("transport", &self.0.transport)
            .field("retry", &self.0.retry)
            .field("timeouts", &self.0.timeouts)
            .finish_non_exhaustive()
    }
}

/// What stays the same over the attempts of one call.
struct CallState<'c> {
    operation: &'c Operation,
    template: &'static str,
    keys: Vec<BudgetKey>,
    head: Parts,
    body: Body,
    timeouts: Timeouts,
    deadline: Duration,
}

/// The place of a half-open circuit's only call; dropping it unsettled frees the place.
struct Probe<'p> {
    breaker: Option<(&'p Breaker, &'p BudgetKey)>,
}

impl Probe<'_> {
    const fn none() -> Self {
        Self { breaker: None }
    }

    fn settle(mut self) -> bool {
        self.breaker.take().is_some()
    }
}

impl Drop for Probe<'_> {
    fn drop(&mut self) {
        if let Some((breaker, key)) = self.breaker {
            breaker.release_probe(key);
        }
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
