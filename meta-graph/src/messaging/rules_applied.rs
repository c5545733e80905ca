//! Measuring a message against the rules of its platform.

use sociogram_api_core::Finding;

use super::Platform;
use crate::guard::rules::Rule;

/// Findings of one message, and the platform it goes to.
#[derive(Debug)]
pub(super) struct Checks {
    platform: Platform,
    findings: Vec<Finding>,
}

impl Checks {
    pub(super) const fn new(platform: Platform) -> Self {
        Self { platform, findings: Vec::new() }
    }

    pub(super) fn is_instagram(&self) -> bool {
        self.platform == Platform::Instagram
    }

    pub(super) fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Text of at most `max` characters that is not empty.
    pub(super) fn text(&mut self, rule: Rule, field: &str, text: &str, max: usize) {
        let chars = text.chars().count();
        if text.trim().is_empty() || chars > max {
            self.add(rule.finding(field.to_owned()).measured(format_args!("{chars} characters")));
        }
    }

    /// Text of at most `max` characters, which may be empty.
    pub(super) fn longest(&mut self, rule: Rule, field: &str, text: &str, max: usize) {
        let chars = text.chars().count();
        if chars > max {
            self.add(rule.finding(field.to_owned()).measured(format_args!("{chars} characters")));
        }
    }

    /// A number of things between `min` and `max`.
    pub(super) fn count(&mut self, rule: Rule, field: &str, count: usize, min: usize, max: usize) {
        if !(min..=max).contains(&count) {
            self.add(rule.finding(field.to_owned()).measured(count));
        }
    }

    /// Something that only the other platform has.
    pub(super) fn only_on(&mut self, platform: &Platform, field: &str, what: &'static str) {
        if self.platform != *platform {
            self.add(
                Finding::error("messaging.platform", field.to_owned(), what)
                    .measured(&self.platform)
                    .allowed(platform)
                    .advice("leave it out on this platform"),
            );
        }
    }

    pub(super) fn done(self) -> Vec<Finding> {
        self.findings
    }
}
