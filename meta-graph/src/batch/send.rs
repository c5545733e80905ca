//! Sending a batch, call by call.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::{Map, Value};
use sociogram_api_core::http::{
    Client as _, CoreError, Multipart, Operation, Part, Pipeline, RawResponse, Replay, RequestParts,
    TransportErrorKind,
};
use sociogram_api_core::{ErrorKind, Finding, InvalidRequest};

use super::answers::{Answer, BatchAnswers, Outcome};
use super::files::{Attached, patience};
use super::plan::{Plan, plan};
use super::reply;
use super::request::{Items, Prepared, prepare};
use super::{Batch, Entry};
use crate::client::Client;
use crate::error::Error;

/// The name of a call that carries a batch.
const NAME: &str = "batch.send";

pub(super) async fn run(client: &Client, batch: Batch) -> Result<BatchAnswers, Error> {
    let Batch { entries, timeout, without_headers, identity } = batch;
    let ready = ready(client, &entries).await;
    let (plan, prepared) = ready.map_err(|invalid| CoreError::invalid(NAME, invalid))?;
    let mut run = Run {
        client,
        plan,
        prepared,
        timeout,
        without_headers,
        results: Vec::new(),
        spent: HashSet::new(),
        calls: 0,
    };
    run.results.resize_with(entries.len(), || None);
    run.all().await?;
    let Run { prepared, results, calls, .. } = run;
    let answers = entries.into_iter().zip(prepared).zip(results);
    let answers = answers.map(|((entry, prepared), result)| {
        let operation = prepared.operation;
        let result = result.unwrap_or_else(|| Outcome::Failed(missing(&operation, 0).into()));
        Answer { part: entry.part, operation, result }
    });
    Ok(BatchAnswers { answers: answers.collect(), calls, batch: identity })
}

/// Everything that can be known before anything is sent.
async fn ready(client: &Client, entries: &[Entry]) -> Result<(Plan, Vec<Prepared>), InvalidRequest> {
    let mut findings = Vec::new();
    let plan = plan(entries, &mut findings);
    let mut prepared = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        match prepare(client, entry, index).await {
            Ok(item) => prepared.push(item),
            Err(invalid) => {
                findings.extend(invalid.findings().iter().map(|finding| placed(index, finding)));
            }
        }
    }
    match InvalidRequest::from_findings(findings) {
        Some(invalid) => Err(invalid),
        None => Ok((plan, prepared)),
    }
}

/// The finding with the item it is about.
fn placed(index: usize, finding: &Finding) -> Finding {
    let field = format!("items[{index}].{}", finding.field());
    let mut placed = Finding::error(finding.rule(), field, finding.message().to_owned());
    if let Some(measured) = finding.measured_value() {
        placed = placed.measured(measured);
    }
    if let Some(allowed) = finding.allowed_value() {
        placed = placed.allowed(allowed);
    }
    match finding.advice_text() {
        Some(advice) => placed.advice(advice.to_owned()),
        None => placed,
    }
}

struct Run<'c> {
    client: &'c Client,
    plan: Plan,
    prepared: Vec<Prepared>,
    timeout: Option<Duration>,
    without_headers: bool,
    results: Vec<Option<Outcome>>,
    /// Items whose call failed as a whole after the road had repeated it.
    spent: HashSet<usize>,
    calls: u32,
}

impl Run<'_> {
    async fn all(&mut self) -> Result<(), CoreError> {
        let mut refused = None;
        let mut answered = false;
        for call in self.plan.calls.clone() {
            match self.call(&call, 1).await {
                Ok(()) => answered = true,
                Err(error) => {
                    self.fail(&call, &error);
                    let lasting = is_lasting(error.kind());
                    refused.get_or_insert(error);
                    // The calls after it would be refused as well; nothing of them was done.
                    if lasting {
                        break;
                    }
                }
            }
        }
        let Some(error) = refused else { return self.again().await };
        if !answered {
            return Err(error);
        }
        let rest: Vec<usize> = self
            .results
            .iter()
            .enumerate()
            .filter(|(_, result)| result.is_none())
            .map(|(at, _)| at)
            .collect();
        self.fail(&rest, &error);
        self.again().await
    }

    /// Sends reads once more that failed for the moment or were not reached, as often as the retry policy allows.
    async fn again(&mut self) -> Result<(), CoreError> {
        let mut attempt = 1;
        loop {
            let items: Vec<usize> =
                (0..self.prepared.len()).filter(|index| self.may_repeat(*index)).collect();
            let Some(first) = items.first().and_then(|index| self.prepared.get(*index)) else {
                return Ok(());
            };
            if !self.client.pipeline.back_off_parts(&first.operation, attempt).await {
                return Ok(());
            }
            attempt += 1;
            for call in items.chunks(Batch::ITEMS_PER_CALL) {
                // If this call fails as a whole, the items keep the errors they have.
                if self.call(call, attempt).await.is_err() {
                    return Ok(());
                }
            }
        }
    }

    fn may_repeat(&self, index: usize) -> bool {
        let safe = self.prepared.get(index).is_some_and(|item| item.operation.replay() == Replay::Safe);
        let failed = matches!(self.results.get(index), Some(Some(Outcome::Failed(error)))
            if error.kind() == ErrorKind::Server);
        safe && failed && !self.spent.contains(&index) && self.plan.stands_alone(index)
    }

    /// The whole call failed, and each of its items with it.
    fn fail(&mut self, call: &[usize], error: &CoreError) {
        if self.operation(call).replay() == Replay::Safe {
            self.spent.extend(call);
        }
        for index in call {
            if let (Some(item), Some(result)) = (self.prepared.get(*index), self.results.get_mut(*index)) {
                *result = Some(Outcome::Failed(error.for_part(&item.operation).into()));
            }
        }
    }

    async fn call(&mut self, call: &[usize], attempt: u32) -> Result<(), CoreError> {
        self.calls += 1;
        let operation = self.operation(call);
        let response = self.exchange(&operation, call).await?;
        let answers =
            reply::read(&response).map_err(|cause| CoreError::decode(&operation, &response, cause))?;
        let attempts = response.attempts().max(attempt);
        let mut answers = answers.into_iter();
        let pipeline = &self.client.pipeline;
        let mut silent = Vec::new();
        for index in call {
            let Some(item) = self.prepared.get(*index) else { continue };
            let Some(answer) = answers.next().flatten() else {
                silent.push(*index);
                continue;
            };
            let result = match pipeline.part(&item.operation, attempts, answer) {
                Ok(response) => Outcome::Answered(response),
                Err(error) => Outcome::Failed(error.into()),
            };
            self.set(*index, result);
        }
        // In order: whether an item was run may follow from what became of an earlier one.
        for index in &silent {
            self.set_unanswered(*index, &silent, attempts);
        }
        Ok(())
    }

    fn operation(&self, call: &[usize]) -> Operation {
        let items: Arc<[Operation]> =
            call.iter().filter_map(|index| Some(self.prepared.get(*index)?.operation.clone())).collect();
        let is_safe = items.iter().all(|item| item.replay() == Replay::Safe);
        let replay = if is_safe { Replay::Safe } else { Replay::Never };
        let mut operation = Operation::new(NAME, self.client.provider(), replay)
            .cost(u32::try_from(items.len()).unwrap_or(u32::MAX));
        if items.iter().any(Operation::is_sensitive) {
            operation = operation.sensitive();
        }
        if let Some(timeout) = patience(self.files(call)) {
            operation = operation.attempt_timeout(timeout).call_timeout(timeout.saturating_mul(2));
        }
        if let Some(timeout) = self.timeout {
            operation = operation.attempt_timeout(timeout);
        }
        operation.with(Items(items))
    }

    fn files(&self, call: &[usize]) -> impl Iterator<Item = &Attached> {
        call.iter().filter_map(|index| self.prepared.get(*index)?.file.as_ref())
    }

    async fn exchange(&self, operation: &Operation, call: &[usize]) -> Result<RawResponse, CoreError> {
        let items: Vec<&Map<String, Value>> =
            call.iter().filter_map(|index| Some(&self.prepared.get(*index)?.item)).collect();
        let mut operation = operation.clone();
        let mut parts = RequestParts::new(Method::POST, "/");
        let written = serde_json::to_string(&items).map_err(|_| {
            InvalidRequest::from(Finding::error("batch.json", "items", "an item cannot be written as JSON"))
        });
        let prepared = written.and_then(|items| {
            self.write(call, items, &mut parts)?;
            self.client.prepare(&mut operation, &mut parts)
        });
        prepared.map_err(|invalid| CoreError::invalid(NAME, invalid))?;
        self.client.pipeline.execute(&operation, &parts).await
    }

    /// A form, or a multipart body where items have files.
    fn write(&self, call: &[usize], items: String, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let headers = self.without_headers.then(|| ("include_headers", "false".to_owned()));
        let fields = std::iter::once(("batch", items)).chain(headers);
        let mut files = self.files(call).peekable();
        if files.peek().is_none() {
            for (name, text) in fields {
                parts.form_field(name, text);
            }
            return Ok(());
        }
        let fields = fields.map(|(name, text)| Part::text(name, text));
        let multipart = fields.chain(files.map(Attached::to_part)).fold(Multipart::new(), Multipart::part);
        parts.multipart(multipart).map(|_| ())
    }

    fn set(&mut self, index: usize, result: Outcome) {
        if let Some(place) = self.results.get_mut(index) {
            *place = Some(result);
        }
    }

    /// Meta gave no answer for this item. Why, follows from what was asked.
    fn set_unanswered(&mut self, index: usize, silent: &[usize], attempts: u32) {
        let Some(item) = self.prepared.get(index) else { return };
        let needs = self.plan.needs.get(index).map_or(&[][..], Vec::as_slice);
        let has_failed =
            |earlier: &usize| matches!(self.results.get(*earlier), Some(Some(Outcome::Failed(_))));
        let left_out = item.item.get("omit_response_on_success").and_then(Value::as_bool) == Some(true);
        let needed_by = self.plan.needed_by.get(index).map_or(&[][..], Vec::as_slice);
        let was_used = needed_by.is_empty() || needed_by.iter().any(|later| !silent.contains(later));
        let result = if needs.iter().any(has_failed) {
            let reason = "it was not run, because an item it depends on failed";
            let kind = TransportErrorKind::NotSent;
            Outcome::Failed(Pipeline::unanswered_part(&item.operation, attempts, kind, reason).into())
        } else if left_out && was_used {
            Outcome::LeftOut
        } else {
            Outcome::Failed(missing(&item.operation, attempts).into())
        };
        self.set(index, result);
    }
}

/// Whether the calls that follow would fail in the same way.
fn is_lasting(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Reauthorize
            | ErrorKind::Misconfigured
            | ErrorKind::Invalid
            | ErrorKind::Permission
            | ErrorKind::Rejected
            | ErrorKind::NotFound
            | ErrorKind::Unavailable
    )
}

/// The item was not finished in the time Meta has for a batch.
fn missing(operation: &Operation, attempts: u32) -> CoreError {
    let reason = "it was not finished in the time for the whole batch";
    Pipeline::unanswered_part(operation, attempts, TransportErrorKind::Timeout, reason)
}
