//! Versions of the Graph API, and noticing when another one answered.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use sociogram_api_core::redact::sanitize_text;

/// The warning of the Marketing API.
const WARNING: &str = "x-ad-api-version-warning";

/// A version of the Graph API. `Display` and `FromStr` use the form of the path: `v26.0`.
///
/// A client has one; a single call may use another with
/// [`Call::with`](sociogram_api_core::http::Call::with).
///
/// ```
/// use sociogram_meta_graph::ApiVersion;
///
/// let version: ApiVersion = "v25.0".parse()?;
/// assert!(version < ApiVersion::DEFAULT);
/// assert_eq!(version.to_string(), "v25.0");
/// # Ok::<(), sociogram_meta_graph::ParseVersionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    major: u16,
    minor: u16,
}

impl ApiVersion {
    /// The version this crate was written for: v26.0, released on 2026-07-29.
    pub const DEFAULT: Self = Self::new(26, 0);
    /// The only version of the Threads API, which counts for itself.
    pub const THREADS: Self = Self::new(1, 0);

    /// `v{major}.{minor}`; the minor number of the Graph API has been 0 since v4.0.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }
}

impl Default for ApiVersion {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.major, self.minor)
    }
}

impl FromStr for ApiVersion {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, ParseVersionError> {
        let number = |digits: &str| {
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| plain).ok_or(ParseVersionError)
        };
        let (major, minor) =
            text.strip_prefix('v').and_then(|rest| rest.split_once('.')).ok_or(ParseVersionError)?;
        Ok(Self { major: number(major)?, minor: number(minor)? })
    }
}

/// Text that is not a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a version of the Graph API; write it as `v26.0`")]
#[non_exhaustive]
pub struct ParseVersionError;

/// Another version answered than was asked for, or Meta warns that it will not answer any longer. Meta serves an
/// expired version by the next usable one, silently but for a header.
///
/// Every answer is checked, items of a batch too. What is found is logged as a warning with target
/// `sociogram_meta_graph::version_drift` and told to
/// [`ClientBuilder::on_version_drift`](crate::ClientBuilder::on_version_drift), once for each operation and pair of
/// versions.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionDrift {
    /// What was called.
    pub operation: &'static str,
    /// The version in the path.
    pub requested: ApiVersion,
    /// The version that answered, if it is another one.
    pub served: Option<ApiVersion>,
    /// What the Marketing API did by itself with a call to an expired version.
    pub upgrade: Option<VersionUpgrade>,
}

/// The Marketing API answered a call to an expired version with a newer one, and says so in
/// `X-Ad-Api-Version-Warning` (Marketing API: Versioning).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionUpgrade {
    /// The version it was upgraded to, if the warning names one besides the requested one.
    pub to: Option<ApiVersion>,
    /// Meta's text, without control characters and at most 300 characters long.
    pub warning: Box<str>,
}

impl VersionDrift {
    /// Compares an answer's headers with the version that was asked for; `None` if they agree or Meta does
    /// not say.
    pub fn detect(operation: &'static str, requested: ApiVersion, headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let served: Option<ApiVersion> =
            text("facebook-api-version").and_then(|text| text.trim().parse().ok());
        let served = served.filter(|served| *served != requested);
        let upgrade = headers.contains_key(WARNING).then(|| {
            let warning = text(WARNING).unwrap_or_default();
            let to = versions(warning).filter(|named| *named != requested).max();
            VersionUpgrade { to, warning: sanitize_text(warning, 300).into() }
        });
        let drift = Self { operation, requested, served, upgrade };
        (drift.served.is_some() || drift.upgrade.is_some()).then_some(drift)
    }

    pub(crate) fn report(&self) {
        let upgrade = self.upgrade.as_ref();
        tracing::warn!(
            target: "sociogram_meta_graph::version_drift",
            operation = self.operation,
            requested = %self.requested,
            served = self.served.map(tracing::field::display),
            upgraded = upgrade.is_some(),
            upgraded_to = upgrade.and_then(|upgrade| upgrade.to).map(tracing::field::display),
            "another version of the Graph API answered; raise the client's version",
        );
    }
}

/// The versions a text names.
fn versions(text: &str) -> impl Iterator<Item = ApiVersion> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    words.filter_map(|word| word.trim_matches('.').to_ascii_lowercase().parse().ok())
}

/// Whom a drift is told.
pub(crate) type DriftListener = dyn Fn(&VersionDrift) + Send + Sync;

/// A drift without its text: operation, and the versions requested, served and upgraded to.
type Told = (&'static str, ApiVersion, Option<ApiVersion>, Option<ApiVersion>);

/// Which drifts are known already, so that a busy product hears of each once.
#[derive(Default)]
pub(crate) struct DriftWatch {
    told: Mutex<HashSet<Told>>,
    listener: Option<Arc<DriftListener>>,
}

impl DriftWatch {
    pub(crate) fn new(listener: Option<Arc<DriftListener>>) -> Self {
        Self { told: Mutex::default(), listener }
    }

    pub(crate) fn notice(&self, drift: &VersionDrift) {
        let upgraded = drift.upgrade.as_ref().and_then(|upgrade| upgrade.to);
        let event = (drift.operation, drift.requested, drift.served, upgraded);
        // The lock is given back first: the listener may call the client.
        let new = self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(event);
        if new {
            drift.report();
            if let Some(listener) = &self.listener {
                listener(drift);
            }
        }
    }
}

impl fmt::Debug for DriftWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriftWatch").field("listener", &self.listener.is_some()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
