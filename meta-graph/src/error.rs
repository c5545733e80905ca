//! The error of a call.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use sociogram_api_core::http::{CoreError, Cursor, Fault};
use sociogram_api_core::{ErrorKind, Finding};

use crate::error_class::ErrorClass;
use crate::graph_error::GraphError;

/// Why a call failed. One pointer wide.
///
/// [`kind`](Self::kind) decides what the program does next, [`user_action`](Self::user_action) is a line
/// for a person, [`api`](Self::api) is what Meta said. `Display` and `Debug` hold no URL, token or body.
pub struct Error(CoreError);

impl Error {
    /// What kind of trouble it is; the same kinds in every crate of the family.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind()
    }

    /// The dotted name of the operation, such as `page.posts.create`.
    pub fn operation(&self) -> &'static str {
        self.0.operation()
    }

    /// Meta's number.
    pub fn code(&self) -> Option<i64> {
        self.0.code()
    }

    /// Meta's second number.
    pub fn subcode(&self) -> Option<i64> {
        self.0.subcode()
    }

    /// What Meta's error means; `None` when the failure is not one of Meta's.
    pub fn class(&self) -> Option<ErrorClass> {
        self.api().map(GraphError::class)
    }

    /// Meta's error with all it said.
    pub fn api(&self) -> Option<&GraphError> {
        self.0.provider_fault().and_then(Fault::downcast_detail)
    }

    /// The HTTP status, if there was an answer. Meta's statuses are not reliable; prefer
    /// [`kind`](Self::kind).
    pub fn status(&self) -> Option<u16> {
        self.0.status()
    }

    /// Meta's id of the exchange, for support requests.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id()
    }

    /// How long to wait before trying again, if known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after()
    }

    /// How many attempts were made; 0 when nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts()
    }

    /// Whether Meta may have done what was asked although the call failed. Then look before repeating:
    /// Meta has no idempotency keys.
    pub fn may_have_been_applied(&self) -> bool {
        self.0.may_have_been_applied()
    }

    /// Whether the same call may succeed later and repeating it cannot do it twice.
    pub fn is_retryable(&self) -> bool {
        self.0.is_retryable()
    }

    /// What a person should do next, in one line.
    pub fn user_action(&self) -> &'static str {
        self.0.user_action()
    }

    /// What local checks found before anything was sent.
    pub fn findings(&self) -> &[Finding] {
        self.0.findings()
    }

    /// The permissions in question, when Meta says that one is missing; otherwise empty. Those that Meta names, of
    /// which one may be enough; else all that the endpoint documents: compare them with the granted ones
    /// ([`ListPermissions`](crate::permissions::ListPermissions)).
    pub fn missing_scopes(&self) -> Vec<&str> {
        let Some(error) = self.api().filter(|error| error.class() == ErrorClass::PermissionMissing) else {
            return Vec::new();
        };
        let named: Vec<&str> = error.missing_scopes().collect();
        if named.is_empty() { self.0.required_scopes().to_vec() } else { named }
    }

    /// The start of the answer, at most 16 KiB; `None` for calls whose answers hold credentials. It may
    /// hold customer data: do not log it.
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.raw_body()
    }

    /// Where a list goes on: the page that failed, for [`Client::pages_from`](crate::Client::pages_from). `None` for a
    /// first page and for whatever is no list. Short-lived: do not store it.
    pub fn resume_from(&self) -> Option<&Cursor> {
        self.0.resume_from()
    }

    /// The shared error of the family underneath, for an error that wraps it.
    #[cfg(feature = "login")]
    pub(crate) fn into_core(self) -> CoreError {
        self.0
    }

    /// The shared error of the family underneath.
    pub fn as_core(&self) -> &CoreError {
        &self.0
    }
}

impl From<CoreError> for Error {
    fn from(error: CoreError) -> Self {
        Self(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("core", &self.0).field("class", &self.class()).finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_pointer_wide_and_can_cross_threads() {
        const fn crosses_threads<T: Send + Sync + Unpin + 'static>() {}
        crosses_threads::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
