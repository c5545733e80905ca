//! Versions of the Graph API, and noticing when another one answered.

use std::fmt;
use std::str::FromStr;

use http::HeaderMap;

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

/// Another version answered than was asked for. Meta serves an expired version by the next usable one,
/// silently but for a header.
///
/// Every answer is checked; what is found is logged as a warning with target
/// `sociogram_meta_graph::version_drift`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionDrift {
    /// The version in the path.
    pub requested: ApiVersion,
    /// The version that answered, if it is another one.
    pub served: Option<ApiVersion>,
    /// Meta warns that the Marketing API upgraded the call by itself.
    pub upgraded: bool,
}

impl VersionDrift {
    /// Compares an answer's headers with the version that was asked for; `None` if they agree or Meta does
    /// not say.
    pub fn detect(requested: ApiVersion, headers: &HeaderMap) -> Option<Self> {
        let served: Option<ApiVersion> = headers
            .get("facebook-api-version")
            .and_then(|version| version.to_str().ok()?.trim().parse().ok());
        let served = served.filter(|served| *served != requested);
        let upgraded = headers.contains_key("x-ad-api-version-warning");
        (served.is_some() || upgraded).then_some(Self { requested, served, upgraded })
    }

    pub(crate) fn report(&self, operation: &'static str) {
        tracing::warn!(
            target: "sociogram_meta_graph::version_drift",
            operation,
            requested = %self.requested,
            served = self.served.map(tracing::field::display),
            upgraded = self.upgraded,
            "another version of the Graph API answered; raise the client's version",
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn versions_are_strict() {
        assert_eq!("v26.0".parse(), Ok(ApiVersion::DEFAULT));
        assert_eq!("v2.12".parse(), Ok(ApiVersion::new(2, 12)));
        for bad in ["", "26.0", "v26", "v.0", "v26.", "v+1.0", "v26.0.1", "V26.0", "v26.0/me", "v99999.0"] {
            assert_eq!(bad.parse::<ApiVersion>(), Err(ParseVersionError), "{bad}");
        }
        assert!(ApiVersion::new(9, 0) < ApiVersion::new(10, 0));
    }

    #[test]
    fn drift_is_another_version_or_a_warning() {
        let asked = ApiVersion::DEFAULT;
        let detect = |headers: &[(&'static str, &'static str)]| {
            let headers = headers.iter().map(|(name, value)| {
                (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
            });
            VersionDrift::detect(asked, &headers.collect())
        };
        assert_eq!(detect(&[]), None);
        assert_eq!(detect(&[("facebook-api-version", "v26.0")]), None);
        assert_eq!(detect(&[("facebook-api-version", "soon")]), None);
        let drift = detect(&[("facebook-api-version", "v27.0")]).unwrap();
        assert_eq!((drift.served, drift.upgraded), (Some(ApiVersion::new(27, 0)), false));
        let drift =
            detect(&[("facebook-api-version", "v26.0"), ("x-ad-api-version-warning", "upgraded")]).unwrap();
        assert_eq!((drift.served, drift.upgraded), (None, true));
    }

    proptest! {
        #[test]
        fn text_round_trips(major in any::<u16>(), minor in any::<u16>()) {
            let version = ApiVersion::new(major, minor);
            prop_assert_eq!(version.to_string().parse(), Ok(version));
        }
    }
}
