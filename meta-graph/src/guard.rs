//! Checks before publishing: pure, local, offline.
//!
//! Every check gives [`Finding`]s: an error for what Meta surely refuses, a warning for what it may refuse or
//! change. A check judges only what it can measure. The endpoints run the checks of their own fields when they are
//! sent; here are those for a user interface that wants to know earlier, and those that need the time or the file.
//!
#![cfg_attr(
    feature = "media",
    doc = "```
use sociogram_api_core::media::MediaFacts;
use sociogram_meta_graph::guard;

let png = b\"\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR\\0\\0\\x04\\x38\\0\\0\\x04\\x38\\x08\\x02\\0\\0\\0\";
let findings = guard::media::instagram_image(&MediaFacts::from_bytes(png));
assert!(guard::blocks(&findings));
assert_eq!(findings[0].to_string(), \"media: the file is not a JPEG (image/png, allowed: JPEG): convert it to JPEG\");
```"
)]
//!
//! The same words for every rule are in [`rules`].

use sociogram_api_core::{Finding, Severity};

mod address;
#[cfg(feature = "media")]
pub mod media;
pub mod rules;
pub mod text;
mod time;

pub use address::media_url;
pub use time::{ReplyWindow, messaging_window, private_reply, schedule, schedule_reel};

/// Whether one of the findings is an error, so that sending is useless.
pub fn blocks(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity() == Severity::Error)
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
}
