//! What became of every event of a call.

use serde::Serialize;
use sociogram::{
    api_core::{Finding, Severity},
    capi::{Outcome, Rejection, SendReport, Warning},
    meta_graph::DatasetId,
};

use crate::problem::Problem;

/// The answer to a call. Every event that was not sent is in exactly one of the lists, by its number.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) dataset: String,
    /// How many events Meta took.
    pub(crate) sent: usize,
    /// Events that would be refused, or were; sending them again unchanged is of no use.
    pub(crate) rejected: Vec<Entry>,
    /// Events that Meta may have counted. Repeat them only if counting twice is better than not at all.
    pub(crate) in_doubt: Vec<Entry>,
    /// Events that were not processed, through no fault of theirs; sending them again is safe.
    pub(crate) not_sent: Vec<Entry>,
    /// What is odd about events that were sent.
    pub(crate) warnings: Vec<Entry>,
    /// Remarks of Meta.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) messages: Vec<String>,
}

/// One event and what there is to say about it.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) index: usize,
    pub(crate) reason: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) findings: Vec<Finding>,
}

impl Entry {
    fn new(index: usize, reason: impl Into<String>) -> Self {
        Self { index, reason: reason.into(), findings: Vec::new() }
    }

    fn from_findings(index: usize, findings: Vec<Finding>) -> Self {
        let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error);
        let reason = errors.map(ToString::to_string).collect::<Vec<_>>().join("; ");
        Self { index, reason, findings }
    }
}

impl Report {
    pub(super) fn new(dataset: &DatasetId, refused: Vec<(usize, Vec<Finding>)>) -> Self {
        Self {
            dataset: dataset.to_string(),
            sent: 0,
            rejected: refused
                .into_iter()
                .map(|(number, findings)| Entry::from_findings(number, findings))
                .collect(),
            in_doubt: Vec::new(),
            not_sent: Vec::new(),
            warnings: Vec::new(),
            messages: Vec::new(),
        }
    }

    pub(super) fn warn(&mut self, warnings: &[Warning], numbers: &[usize]) {
        for Warning { index, finding, .. } in warnings {
            let index = numbers.get(*index).copied().unwrap_or(*index);
            self.warnings.push(Entry::new(index, finding.to_string()));
        }
    }

    /// Adds the outcome of the sending. When it stopped before Meta got to see any event, what stopped it is
    /// the answer.
    pub(super) fn settle(mut self, outcome: SendReport, numbers: &[usize]) -> Result<Self, Problem> {
        for (index, outcome) in outcome.outcomes {
            let index = numbers.get(index).copied().unwrap_or(index);
            match outcome {
                Outcome::Sent { .. } => self.sent += 1,
                Outcome::Rejected(rejection) => self.rejected.push(rejected(index, rejection)),
                Outcome::InDoubt { kind, .. } => self.in_doubt.push(Entry::new(index, kind.summary())),
                Outcome::NotSent { kind } => self.not_sent.push(Entry::new(index, kind.summary())),
                _ => self.in_doubt.push(Entry::new(index, "its outcome is not known to this version")),
            }
        }
        self.rejected.sort_by_key(|entry| entry.index);
        self.messages = outcome.messages;
        match outcome.stopped {
            Some(error) if self.sent == 0 && self.in_doubt.is_empty() => Err(error.into()),
            _ => Ok(self),
        }
    }
}

fn rejected(index: usize, rejection: Rejection) -> Entry {
    if !rejection.findings.is_empty() {
        return Entry::from_findings(index, rejection.findings);
    }
    let number = |name: &str, code: Option<i64>| code.map(|code| format!("{name} {code}"));
    let codes: Vec<String> = [number("code", rejection.code), number("subcode", rejection.subcode)]
        .into_iter()
        .flatten()
        .collect();
    Entry::new(index, format!("Meta refused it ({})", codes.join(", ")))
}
