//! Where the product sends the person after the login.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{OAuthError, Reason};

const MAX_LEN: usize = 2048;

/// A path on the product's own host, with an optional query: `/settings/accounts?tab=pages`.
///
/// The check is strict, so that a link cannot make the callback redirect to somebody else's site.
///
/// ```
/// use sociogram_oauth_core::ReturnTo;
///
/// assert_eq!(ReturnTo::parse("/settings?tab=pages")?.as_str(), "/settings?tab=pages");
/// assert!(ReturnTo::parse("//evil.example").is_err());
/// # Ok::<(), sociogram_oauth_core::OAuthError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Checks the path.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] of kind `Invalid` unless it starts with exactly one `/`, has no two slashes in a row, no
    /// backslash or control character in any spelling, no encoded percent sign before the query, only visible
    /// ASCII, and at most 2048 characters.
    pub fn parse(path: &str) -> Result<Self, OAuthError> {
        if is_own_path(path) {
            return Ok(Self(path.to_owned()));
        }
        Err(OAuthError::because(Reason::Input)
            .with_message("the place to return to is not a path on this site; pass one such as /settings"))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReturnTo({})", self.0)
    }
}

impl TryFrom<String> for ReturnTo {
    type Error = OAuthError;

    fn try_from(path: String) -> Result<Self, OAuthError> {
        Self::parse(&path)
    }
}

impl From<ReturnTo> for String {
    fn from(path: ReturnTo) -> Self {
        path.0
    }
}

fn is_own_path(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let route = lower.split(['?', '#']).next().unwrap_or_default();
    path.starts_with('/')
        && path.len() <= MAX_LEN
        && path.bytes().all(|c| c.is_ascii_graphic() && c != b'\\')
        && !lower.contains("%5c")
        // Two slashes, in whatever spelling, may be read as the start of a host name; an encoded percent sign
        // hides them from all but the one who decodes twice.
        && !route.replace("%2f", "/").contains("//")
        && !route.contains("%25")
        && !(0..=0x1F).any(|control: u8| lower.contains(&format!("%{control:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn own_paths_pass() {
        for path in ["/", "/settings", "/a/b-c?d=e&f=https://x.example//y#g", "/%C3%A4?share=100%25"] {
            assert_eq!(ReturnTo::parse(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn everything_that_may_leave_the_site_is_refused() {
        let long = format!("/{}", "a".repeat(MAX_LEN));
        for path in [
            "",
            "settings",
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/%2fevil.example",
            "/%2Fevil.example",
            "%2f%2fevil.example",
            "/%252fevil.example",
            "/a//evil.example",
            "/.//evil.example",
            "/..%2F/evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/%5Cevil.example",
            "/%5cevil.example",
            "/\tevil",
            "/\n/evil.example",
            "/%09/evil.example",
            "/%0d%0aSet-Cookie:x",
            "/a b",
            "/ä",
            "/\u{0}",
            "javascript:alert(1)",
            &long,
        ] {
            assert!(ReturnTo::parse(path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn a_stored_one_is_checked_again() {
        assert!(serde_json::from_str::<ReturnTo>("\"/a\"").is_ok());
        assert!(serde_json::from_str::<ReturnTo>("\"//evil.example\"").is_err());
    }

    /// Decodes percent-escapes once, as a router or a proxy may.
    fn decoded(path: &str) -> String {
        form_urlencoded::parse(format!("x={}", path.replace(['&', '+'], "")).as_bytes())
            .map(|(_, value)| value.into_owned())
            .collect()
    }

    fn parts() -> impl Strategy<Value = String> {
        let part = prop::sample::select(vec![
            "/",
            "//",
            "\\",
            "%2f",
            "%2F",
            "%5c",
            "%252f",
            "%255C",
            ".",
            "..",
            "%2e",
            "evil.example",
            "@",
            ":",
            "?",
            "#",
            "http:",
            "javascript:",
            "\t",
            "\r\n",
            "%09",
            "%00",
            " ",
            "a",
            "settings",
            "ä",
            "\u{2028}",
        ]);
        prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn whatever_passes_stays_on_the_host(
            path in prop_oneof![parts(), parts().prop_map(|path| format!("/{path}")), ".{0,12}"],
        ) {
            if let Ok(path) = ReturnTo::parse(&path) {
                let base = url::Url::parse("https://app.example.com/cb").unwrap();
                let (once, path) = (decoded(path.as_str()), path.as_str());
                for path in [path, &once, &decoded(&once)] {
                    prop_assert!(path.starts_with('/'));
                    let target = base.join(path).unwrap();
                    prop_assert_eq!(target.origin(), base.origin());
                }
            }
        }
    }
}
