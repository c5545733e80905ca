//! The version of the API: a month, chosen by the caller, alive for a year.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, Timestamp};

/// `YYYYMM`, with an optional revision (`YYYYMM.RR`), as the header `LinkedIn-Version` takes it
/// (LinkedIn: Marketing API Versioning).
///
/// A version lives about a year from its month; after that every call answers 426. Make it a setting, not
/// a constant of your program.
///
/// ```
/// use sociogram_linkedin_api::ApiVersion;
///
/// let version: ApiVersion = "202609".parse().unwrap();
/// assert_eq!(version, ApiVersion::DEFAULT);
/// assert!("2026-09".parse::<ApiVersion>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ApiVersion {
    year: u16,
    month: u8,
    revision: Option<u8>,
}

impl ApiVersion {
    /// [`NEWEST_KNOWN`](Self::NEWEST_KNOWN).
    pub const DEFAULT: Self = Self::NEWEST_KNOWN;

    /// The newest version this release knows to exist: September 2026.
    pub const NEWEST_KNOWN: Self = Self { year: 2026, month: 9, revision: None };

    /// The age in months after which [`check`](Self::check) warns.
    pub const WARN_AFTER_MONTHS: u32 = 11;

    /// Whole months from the version's month to the month of `now`, in UTC; 0 for a version of the future.
    pub fn age_months(self, now: Timestamp) -> u32 {
        let (year, month) = month_of(now);
        let months = |year: i64, month: i64| year * 12 + month;
        let age = months(year, month) - months(self.year.into(), self.month.into());
        u32::try_from(age).unwrap_or(0)
    }

    /// A warning when the version is near its end or past it. Never an error: LinkedIn decides when a
    /// version ends, and the dates drift.
    pub fn check(self, now: Timestamp) -> Option<Finding> {
        let age = self.age_months(now);
        (age > Self::WARN_AFTER_MONTHS).then(|| {
            Finding::warning(
                "linkedin.version.age",
                "version",
                "the API version is about to end or has ended",
            )
            .measured(format_args!("{age} months old"))
            .allowed(format_args!("{} months", Self::WARN_AFTER_MONTHS))
            .advice("set a newer LinkedIn-Version")
        })
    }
}

/// Year and month in UTC (days to civil date, after Howard Hinnant's `chrono` algorithms).
fn month_of(now: Timestamp) -> (i64, i64) {
    let days = now.as_unix_seconds().div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month)
}

impl Default for ApiVersion {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}", self.year, self.month)?;
        self.revision.map_or(Ok(()), |revision| write!(f, ".{revision:02}"))
    }
}

impl FromStr for ApiVersion {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, ParseVersionError> {
        let (month, revision) = match text.split_once('.') {
            Some((month, revision)) => (month, Some(digits(revision, 2)?)),
            None => (text, None),
        };
        let number = digits(month, 6)?;
        let (year, month) = (number / 100, number % 100);
        if year < 1000 || !(1..=12).contains(&month) {
            return Err(ParseVersionError);
        }
        Ok(Self {
            year: u16::try_from(year).map_err(|_| ParseVersionError)?,
            month: u8::try_from(month).map_err(|_| ParseVersionError)?,
            revision: revision.map(u8::try_from).transpose().map_err(|_| ParseVersionError)?,
        })
    }
}

fn digits(text: &str, count: usize) -> Result<u32, ParseVersionError> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain).ok_or(ParseVersionError)
}

impl TryFrom<String> for ApiVersion {
    type Error = ParseVersionError;

    fn try_from(text: String) -> Result<Self, ParseVersionError> {
        text.parse()
    }
}

impl From<ApiVersion> for String {
    fn from(version: ApiVersion) -> Self {
        version.to_string()
    }
}

/// What is wrong with the version of a refused call; given by [`Error::version_problem`](crate::Error::version_problem).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionProblem {
    /// No `LinkedIn-Version` arrived: something between the client and LinkedIn strips headers.
    Missing,
    /// The version has ended, or never existed; which one it was, if LinkedIn says so. Move to
    /// [`ApiVersion::NEWEST_KNOWN`] or later.
    NotActive(Option<ApiVersion>),
    /// The version is active and does not have this resource.
    LacksResource,
}

impl VersionProblem {
    /// LinkedIn prints the month with a day behind it: "Requested version 20250401 is not active".
    pub(crate) fn not_active(message: &str) -> Self {
        let word = message.split_once("version ").and_then(|(_, rest)| rest.split(' ').next());
        let month = word.and_then(|word| if word.len() == 8 { word.get(..6) } else { Some(word) });
        Self::NotActive(month.and_then(|month| month.parse().ok()))
    }
}

/// The text is not a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseVersionError;

impl fmt::Display for ParseVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a LinkedIn version: write year and month as 202609, or with a revision as 202609.01")
    }
}

impl std::error::Error for ParseVersionError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    #[test]
    fn text_round_trips() {
        for text in ["202609", "202612", "202601.01", "203510.99"] {
            let version: ApiVersion = text.parse().unwrap();
            assert_eq!(version.to_string(), text);
            assert_eq!(serde_json::to_string(&version).unwrap(), format!("\"{text}\""));
        }
        assert!("202609".parse::<ApiVersion>().unwrap() < "202609.01".parse().unwrap());
        assert!("202512".parse::<ApiVersion>().unwrap() < "202601".parse().unwrap());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "2026",
            "20260",
            "2026-9",
            "202600",
            "202613",
            "000101",
            "2026091",
            "202609.",
            "202609.1",
            "202609.001",
            "202609.01.02",
            "+20269",
            "v202609",
            " 202609",
            "２０２６０９",
        ] {
            assert_eq!(text.parse::<ApiVersion>(), Err(ParseVersionError), "{text}");
        }
    }

    #[test]
    fn age_is_counted_in_calendar_months() {
        let version: ApiVersion = "202509".parse().unwrap();
        for (now, age) in [
            ("2025-08-31T23:59:59Z", 0),
            ("2025-09-01T00:00:00Z", 0),
            ("2025-09-30T23:59:59Z", 0),
            ("2025-10-01T00:00:00Z", 1),
            ("2026-02-28T00:00:00Z", 5),
            ("2026-03-01T00:00:00Z", 6),
            ("2026-08-31T23:59:59Z", 11),
            ("2026-09-01T00:00:00Z", 12),
            ("2028-02-29T12:00:00Z", 29),
        ] {
            assert_eq!(version.age_months(at(now)), age, "{now}");
        }
    }

    #[test]
    fn an_old_version_is_warned_about() {
        let version: ApiVersion = "202509".parse().unwrap();
        assert_eq!(version.check(at("2026-08-31T00:00:00Z")), None);
        let finding = version.check(at("2026-09-01T00:00:00Z")).unwrap();
        assert_eq!(finding.severity(), sociogram_api_core::Severity::Warning);
        assert_eq!(finding.measured_value(), Some("12 months old"));
    }
}
