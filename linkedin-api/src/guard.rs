//! Checks before publishing: pure, local, offline.
//!
//! Every check gives [`Finding`]s: an error for what LinkedIn surely refuses, a warning for what it may refuse or
//! change. A check judges only what it can measure. [`CreatePost`](crate::posts::CreatePost) checks itself when it is
//! sent; here are the rules in words, the checks that need the file, and the ledger of recent posts.
//!
#![cfg_attr(
    feature = "media",
    doc = "```
use sociogram_api_core::media::MediaFacts;
use sociogram_linkedin_api::guard;

let facts = MediaFacts::from_bytes(b\"RIFF\\x10\\0\\0\\0WEBPVP8 \");
let findings = guard::media::image(&facts);
assert!(guard::blocks(&findings));
assert_eq!(
    findings[0].to_string(),
    \"media: the file is no image that LinkedIn takes (image/webp, allowed: JPEG, PNG or GIF): convert it to JPEG or PNG\"
);
```"
)]
//!
//! The same words for every rule are in [`rules`].

use sociogram_api_core::{Finding, Severity};

#[cfg(feature = "media")]
#[cfg_attr(docsrs, doc(cfg(feature = "media")))]
pub mod media;
mod recent;
pub mod rules;

pub use recent::RecentPosts;

/// Whether one of the findings is an error, so that sending is useless.
pub fn blocks(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity() == Severity::Error)
}

/// The length as LinkedIn counts it, in UTF-16 units: 😀 is 2.
pub(crate) fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The scheme of an absolute web address, in the letters of the caller.
pub(crate) fn web_scheme(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let is_clean = !address.contains(|c: char| c.is_whitespace() || c.is_control());
    (is_web && is_clean && !host.is_empty()).then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_block() {
        let warning = Finding::warning("a.b.c", "f", "m");
        assert!(!blocks(&[]));
        assert!(!blocks(&[warning.clone(), Finding::hint("a.b.c", "f", "m")]));
        assert!(blocks(&[warning, Finding::error("a.b.c", "f", "m")]));
    }

    #[test]
    fn a_web_address_is_absolute_and_clean() {
        for (address, scheme) in [
            ("https://example.com", Some("https")),
            ("HTTP://example.com/a b", None),
            ("HTTP://exämple.com/a?b#c", Some("HTTP")),
            ("https://", None),
            ("https:///path", None),
            ("https://?q", None),
            ("ftp://example.com", None),
            ("example.com", None),
            ("//example.com", None),
            ("", None),
            ("https://example.com/\n", None),
        ] {
            assert_eq!(web_scheme(address), scheme, "{address}");
        }
    }
}
