//! Reading a provider's answers.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::http::response::Parts;

use super::budget::{BudgetKey, UsageReading};
use super::operation::Operation;

/// Turns a provider's wire truth into provider-free terms. No input or output happens in here.
pub trait Dialect: fmt::Debug + Send + Sync + 'static {
    /// Judges an answer: is it a failure, how much of the limits is used, what is its trace id.
    fn inspect(&self, operation: &Operation, head: &Parts, body: &[u8]) -> Verdict;

    /// The limits this operation counts against, the widest first. The first one is also the key of the
    /// circuit breaker; a throttle without a scope of its own blocks the last one.
    fn budget_keys(&self, operation: &Operation) -> Vec<BudgetKey>;
}

/// What a [`Dialect`] found in an answer.
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Why the answer is a failure; `None` for success.
    pub fault: Option<Fault>,
    /// How much of the provider's limits is used.
    pub usage: Vec<UsageReading>,
    /// The provider's id of this exchange, for support requests.
    pub request_id: Option<Box<str>>,
}

impl Verdict {
    /// A success without usage and trace id.
    pub fn new() -> Self {
        Self::default()
    }
}

/// The class of a [`Fault`]: what the road does with it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultClass {
    /// Refused because of a rate limit; nothing was done. Repeated after the given delay.
    Throttled,
    /// The provider failed. Repeated where repeating is harmless.
    Transient,
    /// The credential was refused; nothing was done. Renewed once, then repeated once.
    AuthRejected,
    /// A permission is missing.
    Permission,
    /// The object is missing or hidden.
    NotFound,
    /// It clashes with something the provider holds.
    Conflict,
    /// The content was refused.
    Invalid,
    /// The app or client is set up wrongly.
    Misconfigured,
    /// Refused for another lasting reason.
    Permanent,
}

/// A failure as the provider told it.
#[derive(Clone)]
pub struct Fault {
    class: FaultClass,
    retry_after: Option<Duration>,
    scope: Option<BudgetKey>,
    code: Option<i64>,
    subcode: Option<i64>,
    message: Option<&'static str>,
    detail: Option<Arc<dyn Any + Send + Sync>>,
}

impl Fault {
    /// A failure of this class.
    pub const fn new(class: FaultClass) -> Self {
        Self { class, retry_after: None, scope: None, code: None, subcode: None, message: None, detail: None }
    }

    /// How long the provider wants us to wait.
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// The limit that was reached, when it is not the last of the operation's budget keys.
    pub fn scope(mut self, key: BudgetKey) -> Self {
        self.scope = Some(key);
        self
    }

    /// The provider's numeric code.
    pub fn code(mut self, code: i64) -> Self {
        self.code = Some(code);
        self
    }

    /// The provider's numeric subcode.
    pub fn subcode(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    /// What a person should do, in our own words; it replaces the general advice of the error's kind.
    pub fn message(mut self, advice: &'static str) -> Self {
        self.message = Some(advice);
        self
    }

    /// The typed error of the provider, for the product crate's error to find again.
    pub fn detail<T: Any + Send + Sync>(mut self, detail: T) -> Self {
        self.detail = Some(Arc::new(detail));
        self
    }

    /// The class.
    pub const fn class(&self) -> FaultClass {
        self.class
    }

    /// How long the provider wants us to wait.
    pub const fn delay(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The limit that was reached.
    pub const fn limit(&self) -> Option<&BudgetKey> {
        self.scope.as_ref()
    }

    /// The provider's numeric code.
    pub const fn provider_code(&self) -> Option<i64> {
        self.code
    }

    /// The provider's numeric subcode.
    pub const fn provider_subcode(&self) -> Option<i64> {
        self.subcode
    }

    /// What a person should do, if the provider's code says more than the class.
    pub const fn advice(&self) -> Option<&'static str> {
        self.message
    }

    /// The typed error of the provider, if it is a `T`.
    pub fn downcast_detail<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.detail.as_ref()?.downcast_ref()
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("class", &self.class)
            .field("code", &self.code)
            .field("subcode", &self.subcode)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}
