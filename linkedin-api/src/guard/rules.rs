//! What LinkedIn allows, one constant per rule.
//!
//! A rule says what is wrong, what is allowed and what to do; the code that measures makes a [`Finding`] of it.
//! The limits are constants of their own beside the rules. What LinkedIn documents firmly is an error; what its pages
//! contradict each other about, or leave open, is a warning.

use std::borrow::Cow;

use sociogram_api_core::{Finding, Severity};

mod ads;
mod analytics;
mod context;
mod conversion;
mod lead;
mod media;
mod post;
mod social;

pub use ads::*;
pub use analytics::*;
pub use context::*;
pub use conversion::*;
pub use lead::*;
pub use media::*;
pub use post::*;
pub use social::*;

/// One documented limit.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable, dotted name that a [`Finding`] carries.
    pub name: &'static str,
    /// How much breaking it weighs.
    pub severity: Severity,
    /// What is wrong when it is broken.
    pub message: &'static str,
    /// What is allowed.
    pub allowed: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

impl Rule {
    /// What to say when this field breaks it.
    pub fn finding(&self, field: impl Into<Cow<'static, str>>) -> Finding {
        let finding = match self.severity {
            Severity::Error => Finding::error(self.name, field, self.message),
            _ => Finding::warning(self.name, field, self.message),
        };
        finding.allowed(self.allowed).advice(self.advice)
    }
}

/// Declares rules as constants and the list of them.
macro_rules! rules {
    ($list:ident: $($id:ident, $severity:ident, $name:literal, $message:literal, $allowed:literal, $advice:literal;)+) => {
        $(
            #[doc = concat!("`", $name, "`: ", $message, ". Allowed: ", $allowed, ".")]
            pub const $id: $crate::guard::rules::Rule = $crate::guard::rules::Rule {
                name: $name,
                severity: sociogram_api_core::Severity::$severity,
                message: $message,
                allowed: $allowed,
                advice: $advice,
            };
        )+

        pub(super) const $list: &[(&str, $crate::guard::rules::Rule)] = &[$((stringify!($id), $id)),+];
    };
}
use rules;

/// Every rule with the name of its constant.
pub fn all() -> impl Iterator<Item = (&'static str, Rule)> {
    [POST, CONTEXT, MEDIA, ANALYTICS, ADS, SOCIAL, CONVERSION, LEAD].into_iter().flatten().copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_says_what_to_do() {
        let mut names = BTreeSet::new();
        for (id, rule) in all() {
            assert!(names.insert(rule.name), "{id}: {} is used twice", rule.name);
            let parts: Vec<&str> = rule.name.split('.').collect();
            let plain =
                |part: &&str| !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'));
            assert!(parts.len() == 3 && parts.iter().all(plain), "{id}: {}", rule.name);
            assert_eq!(parts[0], "linkedin", "{id}");
            for text in [rule.message, rule.allowed, rule.advice] {
                assert!(!text.is_empty() && !text.ends_with('.') && text.trim() == text, "{id}: {text:?}");
            }
            let proper = rule.message.starts_with("LinkedIn");
            assert!(proper || !rule.message.starts_with(char::is_uppercase), "{id}");
        }
        assert!(names.len() > 50, "{}", names.len());
    }

    #[test]
    fn a_finding_says_everything_the_rule_says() {
        let finding = COMMENTARY_LENGTH.finding("commentary").measured("3001 UTF-16 units");
        assert_eq!(finding.severity(), Severity::Error);
        assert_eq!(
            finding.to_string(),
            "commentary: the text is too long (3001 UTF-16 units, allowed: at most 3000 UTF-16 units): shorten the text"
        );
        assert_eq!(ALT_TEXT_LONG.finding("x").severity(), Severity::Warning);
    }
}
