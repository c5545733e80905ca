//! The Graph API's answers in the family's terms.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use http::response::Parts;
use sociogram_api_core::http::{BudgetKey, Dialect, Fault, FaultClass, Operation, UsageReading, Verdict};

use crate::batch::{self, Items};
use crate::error_class::{ErrorClass, RetryAdvice};
use crate::graph_error::GraphError;
use crate::host::GivesFile;
use crate::id::AppId;
use crate::limits::Limits;
use crate::usage::{self, UsageLedger};
use crate::use_case::UseCase;
use crate::version::{ApiVersion, DriftWatch, VersionDrift};

/// The pause for "later" where Meta names no time; calling on makes a block longer.
const LATER: Duration = Duration::from_secs(300);
/// The pause for a used-up quota where Meta names no time.
const QUOTA: Duration = Duration::from_secs(3600);

/// Reads answers of graph.facebook.com, graph.instagram.com, graph.threads.net and the upload hosts.
#[derive(Clone, Debug, Default)]
pub struct GraphDialect {
    app: Option<AppId>,
    ledger: Option<Arc<UsageLedger>>,
    drift: Option<Arc<DriftWatch>>,
}

impl GraphDialect {
    /// For an app whose id is not known; its limits are kept as `app:unnamed`.
    pub const fn new() -> Self {
        Self { app: None, ledger: None, drift: None }
    }

    /// For this app. Needed when clients of several apps share one rate budget.
    pub const fn for_app(app: AppId) -> Self {
        Self { app: Some(app), ledger: None, drift: None }
    }

    /// Also remembers what it reads.
    pub(crate) fn remembering(mut self, ledger: Arc<UsageLedger>, drift: DriftWatch) -> Self {
        self.ledger = Some(ledger);
        self.drift = Some(Arc::new(drift));
        self
    }

    fn limits(&self, operation: &Operation) -> Limits {
        Limits::of(self.app.as_ref().map(AppId::as_str), operation)
    }
}

impl Dialect for GraphDialect {
    fn inspect(&self, operation: &Operation, head: &Parts, body: &[u8]) -> Verdict {
        let limits = self.limits(operation);
        let mut verdict = Verdict::new();
        let readings = usage::readings(&head.headers, &limits);
        if let Some(ledger) = &self.ledger {
            ledger.record(&readings);
        }
        verdict.usage = readings.into_iter().map(|reading| reading.usage).collect();
        // Threads has one version only, so no other can answer.
        let requested = operation.get::<ApiVersion>().filter(|version| **version != ApiVersion::THREADS);
        let drift =
            requested.and_then(|version| VersionDrift::detect(operation.name(), *version, &head.headers));
        match (&drift, &self.drift) {
            (Some(drift), Some(watch)) => watch.notice(drift),
            (Some(drift), None) => drift.report(),
            (None, _) => {}
        }
        let whatsapp = UseCase::of_operation(operation.name()) == UseCase::WhatsApp;
        let is_file = operation.get::<GivesFile>().is_some() && head.status.is_success();
        let error = if is_file { None } else { GraphError::read(head.status.as_u16(), body, whatsapp) };
        let error = error.or_else(|| batch::refused_token(operation, body));
        let error = error.map(|error| error.with_headers(&head.headers));
        let trace_id = error.as_ref().and_then(GraphError::trace_id);
        verdict.request_id = header(&head.headers, "x-fb-trace-id")
            .or(trace_id)
            .or_else(|| header(&head.headers, "x-fb-request-id"))
            .map(Into::into);
        verdict.fault = error.map(|error| fault(operation, &head.headers, &limits, &verdict.usage, error));
        verdict
    }

    fn budget_keys(&self, operation: &Operation) -> Vec<BudgetKey> {
        match operation.get::<Items>() {
            Some(items) => items.limits(|item| self.limits(item).keys()),
            None => self.limits(operation).keys(),
        }
    }
}

fn fault(
    operation: &Operation,
    headers: &HeaderMap,
    limits: &Limits,
    usage: &[UsageReading],
    error: GraphError,
) -> Fault {
    let class = match (error.class().fault_class(), error.retry()) {
        // A limit that never opens again, and a failure that only another request gets around.
        (FaultClass::Throttled, RetryAdvice::Never) | (FaultClass::Transient, RetryAdvice::AfterFix) => {
            FaultClass::Permanent
        }
        (class, _) => class,
    };
    let mut fault = Fault::new(class).message(error.advice());
    if let Some(code) = error.code() {
        fault = fault.code(code);
    }
    if let Some(subcode) = error.subcode() {
        fault = fault.subcode(subcode);
    }
    if let Some(delay) = delay(class, headers, usage, &error) {
        fault = fault.retry_after(delay);
    }
    match error.class() {
        ErrorClass::RateLimited(scope) => fault = fault.scope(limits.reached(scope)),
        ErrorClass::QuotaReached => fault = fault.scope(limits.only_this()),
        _ => {}
    }
    fault.detail(if operation.is_sensitive() { error.without_texts() } else { error })
}

/// How long to wait: what the headers say, else what the number documents, else a careful default.
fn delay(
    class: FaultClass,
    headers: &HeaderMap,
    usage: &[UsageReading],
    error: &GraphError,
) -> Option<Duration> {
    let regain = usage.iter().filter_map(|reading| reading.regain_after).max();
    let regain = regain.filter(|_| class == FaultClass::Throttled);
    let documented = regain.or_else(|| retry_after(headers)).or(error.wait());
    let passing = matches!(class, FaultClass::Throttled | FaultClass::Transient);
    documented.or_else(|| match (error.class(), error.retry()) {
        (ErrorClass::QuotaReached, RetryAdvice::Later) => Some(QUOTA),
        (_, RetryAdvice::Later) if passing => Some(LATER),
        _ => None,
    })
}

/// Meta does not document it, but proxies in front send it: whole seconds.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests;
