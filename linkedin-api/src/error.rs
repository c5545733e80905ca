//! The error of this crate.

use std::fmt;
use std::time::Duration;

use sociogram_api_core::http::CoreError;
use sociogram_api_core::{ErrorKind, Finding};

use crate::api_error::{LinkedInError, Trace};
use crate::denied::DeniedAccess;
use crate::urn::PostUrn;
use crate::version::VersionProblem;

/// Why a call failed. One pointer wide.
///
/// `Display` is one line: which operation, why, the codes, and what to do next. LinkedIn's own words, the
/// URL, headers and bodies never appear in it; [`api`](Self::api) gives LinkedIn's account, typed.
pub struct Error(CoreError);

impl Error {
    /// What kind of trouble it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind()
    }

    /// The dotted name of the operation.
    pub fn operation(&self) -> &'static str {
        self.0.operation()
    }

    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status()
    }

    /// LinkedIn's numeric code (`serviceErrorCode`), if there was one.
    pub fn code(&self) -> Option<i64> {
        self.0.code()
    }

    /// `x-li-uuid`, else `x-li-request-id`: what LinkedIn's support asks for.
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

    /// Whether LinkedIn may have done what was asked although the call failed. Then look before repeating:
    /// a post that is sent again with the same text within minutes is refused with
    /// [`existing_post`](Self::existing_post) if the first one landed.
    pub fn may_have_been_applied(&self) -> bool {
        self.0.may_have_been_applied()
    }

    /// Whether the same call may succeed later and repeating it cannot do it twice.
    pub fn is_retryable(&self) -> bool {
        self.0.is_retryable()
    }

    /// What a person should do next.
    pub fn user_action(&self) -> &'static str {
        self.0.user_action()
    }

    /// The scopes the operation documents; which of them is needed depends on whether a member or an
    /// organization acts.
    pub fn required_scopes(&self) -> &'static [&'static str] {
        self.0.required_scopes()
    }

    /// What local checks found before anything was sent.
    pub fn findings(&self) -> &[Finding] {
        self.0.findings()
    }

    /// The start of the answer, at most 16 KiB. It may hold customer data: do not log it.
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.raw_body()
    }

    /// LinkedIn's own account of the refusal.
    pub fn api(&self) -> Option<&LinkedInError> {
        self.0.provider_fault()?.downcast_detail()
    }

    /// The ids of the exchange that LinkedIn's support asks for, if LinkedIn refused the call. An answer that could not be
    /// read has its [`request_id`](Self::request_id) alone.
    pub fn trace(&self) -> Option<&Trace> {
        self.api().map(LinkedInError::trace)
    }

    /// Which resource and method were denied, and which scopes are likely missing, if the message of a 403 tells.
    /// [`required_scopes`](Self::required_scopes) lists what the operation documents.
    pub fn denied_access(&self) -> Option<&DeniedAccess> {
        self.api()?.denied_access()
    }

    /// What is wrong with the version of the API, if that is why the call failed. Such a call is never retried.
    pub fn version_problem(&self) -> Option<VersionProblem> {
        self.api()?.version_problem()
    }

    /// Whether a post was refused because the author posted the same text before.
    pub fn is_duplicate(&self) -> bool {
        self.api().is_some_and(LinkedInError::is_duplicate)
    }

    /// The post that a refused duplicate repeats.
    pub fn existing_post(&self) -> Option<&PostUrn> {
        self.api()?.existing_urn()
    }

    /// The error of the shared core, for an error that wraps it.
    #[cfg(feature = "login")]
    pub(crate) fn into_core(self) -> CoreError {
        self.0
    }

    /// The error of the shared core.
    pub const fn as_core(&self) -> &CoreError {
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
        self.0.fmt(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Error").field(&self.0).field(&self.api()).finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_pointer_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
