//! LinkedIn's answers in provider-free terms.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use http::response::Parts;
use sociogram_api_core::Timer;
use sociogram_api_core::http::{BudgetKey, Dialect, Fault, FaultClass, Operation, Verdict};

use crate::api_error::{LinkedInError, ThrottleScope, Trace};
use crate::error_table::Ruling;
use crate::quota::until_next_day;

/// LinkedIn names no time; its short protective throttles pass within about a minute.
const SHORT_THROTTLE: Duration = Duration::from_secs(60);

/// No limit is longer.
const DAY: Duration = Duration::from_secs(86_400);

/// Whose call it is. LinkedIn counts per endpoint: all calls of the app, and those of each member.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) app: Arc<str>,
    pub(crate) member: Arc<str>,
    /// Whether it goes to the API, where LinkedIn counts; uploads go elsewhere.
    pub(crate) counted: bool,
}

/// The [`Dialect`] of LinkedIn.
#[derive(Debug)]
pub(crate) struct LinkedInDialect {
    timer: Arc<dyn Timer>,
}

impl LinkedInDialect {
    pub(crate) const fn new(timer: Arc<dyn Timer>) -> Self {
        Self { timer }
    }

    fn fault(&self, operation: &Operation, head: &Parts, body: &[u8]) -> Fault {
        let status = head.status.as_u16();
        let mut error = LinkedInError::read(status, &head.headers, body);
        let Ruling { meaning, advice } = error.ruling(body, false);
        let mut class = meaning.fault_class();
        // An upload address that has expired says so with 401; the token may well be good.
        let is_upload = operation.get::<Caller>().is_some_and(|caller| !caller.counted);
        if is_upload && class == FaultClass::AuthRejected {
            class = FaultClass::Permanent;
        }
        // Older services name the post without the code.
        if error.is_duplicate() {
            class = FaultClass::Conflict;
        }
        let mut fault = Fault::new(class);
        if class == FaultClass::Throttled {
            fault = self.throttled(fault, operation, head, &error);
        }
        if let Some(code) = error.service_error_code() {
            fault = fault.code(code);
        }
        if let Some(advice) = advice {
            fault = fault.message(advice);
        }
        if operation.is_sensitive() {
            error.forget_texts();
        }
        fault.detail(error)
    }

    fn throttled(&self, fault: Fault, operation: &Operation, head: &Parts, error: &LinkedInError) -> Fault {
        let throttle = error.throttle().unwrap_or_default();
        let wait = retry_after(&head.headers).unwrap_or_else(|| {
            if throttle.is_daily() { until_next_day(self.timer.now()) } else { SHORT_THROTTLE }
        });
        let fault = fault.retry_after(wait);
        match (throttle.scope(), operation.get::<Caller>()) {
            (Some(ThrottleScope::Application), Some(caller)) => fault.scope(endpoint_key(caller, operation)),
            (Some(ThrottleScope::Member), Some(caller)) => fault.scope(member_key(caller, operation)),
            _ => fault,
        }
    }
}

impl Dialect for LinkedInDialect {
    fn inspect(&self, operation: &Operation, head: &Parts, body: &[u8]) -> Verdict {
        let mut verdict = Verdict::new();
        verdict.request_id = Trace::read(&head.headers).id().map(Into::into);
        if !head.status.is_success() {
            verdict.fault = Some(self.fault(operation, head, body));
        }
        verdict
    }

    fn budget_keys(&self, operation: &Operation) -> Vec<BudgetKey> {
        let Some(caller) = operation.get::<Caller>() else { return Vec::new() };
        // The app's key carries the circuit; LinkedIn has no limit over all endpoints. The hosts of uploads fail apart.
        let circuit = if caller.counted { "linkedin_app" } else { "linkedin_uploads" };
        let app = BudgetKey::new(circuit, Arc::clone(&caller.app));
        vec![app, endpoint_key(caller, operation), member_key(caller, operation)]
    }
}

fn endpoint_key(caller: &Caller, operation: &Operation) -> BudgetKey {
    BudgetKey::new("linkedin_endpoint", format!("{}/{}", caller.app, operation.name()))
}

fn member_key(caller: &Caller, operation: &Operation) -> BudgetKey {
    BudgetKey::new("linkedin_member", format!("{}/{}/{}", caller.app, caller.member, operation.name()))
}

/// Not sent today as far as known, and honoured if that changes; no limit is longer than a day.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(DAY))
}

#[cfg(test)]
mod tests;
