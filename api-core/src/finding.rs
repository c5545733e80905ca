//! One language for everything a local check has to say.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

/// How much a [`Finding`] weighs.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Hint,
    /// It will be sent, but probably not with the effect that was meant.
    Warning,
    /// It would be refused, so it is not sent.
    Error,
}

/// One result of a local check: which field, which rule, what was measured and what to do.
///
/// Publishing guards and conversion checks of the whole family speak in findings, so that one piece of
/// user interface can show them all.
///
/// ```
/// use sociogram_api_core::Finding;
///
/// let finding = Finding::error("post.text.length", "message", "the text is too long")
///     .measured("70000 characters")
///     .allowed("63206 characters")
///     .advice("shorten the text");
/// assert_eq!(
///     finding.to_string(),
///     "message: the text is too long (70000 characters, allowed: 63206 characters): shorten the text"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    severity: Severity,
    rule: &'static str,
    field: Cow<'static, str>,
    message: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<Cow<'static, str>>,
}

impl Finding {
    fn new(
        severity: Severity,
        rule: &'static str,
        field: Cow<'static, str>,
        message: Cow<'static, str>,
    ) -> Self {
        Self { severity, rule, field, message, measured: None, allowed: None, advice: None }
    }

    /// A finding that stops the request. `rule` is a stable dotted name, `field` the path of the field.
    pub fn error(
        rule: &'static str,
        field: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(Severity::Error, rule, field.into(), message.into())
    }

    /// A finding that lets the request pass.
    pub fn warning(
        rule: &'static str,
        field: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(Severity::Warning, rule, field.into(), message.into())
    }

    /// A remark.
    pub fn hint(
        rule: &'static str,
        field: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(Severity::Hint, rule, field.into(), message.into())
    }

    /// What was found, with its unit. Never put customer data here.
    pub fn measured(mut self, measured: impl fmt::Display) -> Self {
        self.measured = Some(measured.to_string());
        self
    }

    /// What would be accepted, with its unit.
    pub fn allowed(mut self, allowed: impl fmt::Display) -> Self {
        self.allowed = Some(allowed.to_string());
        self
    }

    /// What a person should do.
    pub fn advice(mut self, advice: impl Into<Cow<'static, str>>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// How much it weighs.
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// The stable dotted name of the rule.
    pub const fn rule(&self) -> &'static str {
        self.rule
    }

    /// The path of the field, such as `user_data.em[0]`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong, in one lower-case line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What was found, if it could be measured.
    pub fn measured_value(&self) -> Option<&str> {
        self.measured.as_deref()
    }

    /// What would be accepted, if there is a limit.
    pub fn allowed_value(&self) -> Option<&str> {
        self.allowed.as_deref()
    }

    /// What a person should do, if it does not follow from the message.
    pub fn advice_text(&self) -> Option<&str> {
        self.advice.as_deref()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)?;
        match (&self.measured, &self.allowed) {
            (Some(measured), Some(allowed)) => write!(f, " ({measured}, allowed: {allowed})")?,
            (Some(measured), None) => write!(f, " ({measured})")?,
            (None, Some(allowed)) => write!(f, " (allowed: {allowed})")?,
            (None, None) => {}
        }
        match &self.advice {
            Some(advice) => write!(f, ": {advice}"),
            None => Ok(()),
        }
    }
}

/// Input that was refused before anything was sent: one or more [`Finding`]s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRequest {
    findings: Vec<Finding>,
}

impl InvalidRequest {
    /// `None` when no finding is an error, so that a check ends in one line.
    pub fn from_findings(findings: Vec<Finding>) -> Option<Self> {
        findings.iter().any(|finding| finding.severity() == Severity::Error).then_some(Self { findings })
    }

    /// What was found; at least one entry.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Gives the findings away.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

impl From<Finding> for InvalidRequest {
    fn from(finding: Finding) -> Self {
        Self { findings: vec![finding] }
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidRequest {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_refuse() {
        let warning = Finding::warning("r", "f", "m");
        assert_eq!(InvalidRequest::from_findings(vec![warning.clone()]), None);
        let error = Finding::error("r", "f", "too big").measured(5).advice("make it smaller");
        let invalid = InvalidRequest::from_findings(vec![warning, error]).unwrap();
        assert_eq!(invalid.to_string(), "f: m; f: too big (5): make it smaller");
        assert_eq!(invalid.findings().len(), 2);
    }
}
