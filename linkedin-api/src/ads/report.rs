//! The figures of ads, in as many calls as it takes.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{CoreError, Endpoint, Page};
use sociogram_api_core::{Finding, InvalidRequest, Progress, run_to_end};

use super::analytics::GetAdAnalytics;
use super::merge::Rows;
use super::row::AdAnalyticsRow;
use super::slices::{halves, slices};
use crate::client::Client;
use crate::date::{Date, DateRange};
use crate::error::Error;
use crate::guard::rules;
use crate::urn::Urn;

/// Reads figures of ads that are too many for one call: any number of metrics, any range.
///
/// ```text
/// metrics      groups of 18, one call each
/// DAILY        one call for each month
/// cut answers  the range is halved, down to one day, month or year, and asked for again
/// ALL          never cut into ranges: its figures, such as reach, are no sums
/// ```
///
/// The calls are made one after the other, and their rows are put together by step and pivot. This is the state between
/// the calls: after a failure, such as a throttle, go on with it when the time has come; serialised, another process can.
/// It holds all rows read so far, so with large reports save it now and then rather than after every call.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "a report does nothing until it is run"]
pub struct AdAnalyticsReport {
    request: GetAdAnalytics,
    /// Nothing before the first call: where an open range is cut depends on the day.
    pending: Option<VecDeque<Slice>>,
    rows: Rows,
    unmerged: Vec<AdAnalyticsRow>,
    cut: Vec<DateRange>,
    unreadable: usize,
    calls: usize,
    /// How many elements an answer has from which on it is taken for cut off.
    #[serde(skip, default = "max_elements")]
    most: usize,
}

/// What one call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Slice {
    range: DateRange,
    /// The group of metrics.
    group: usize,
}

const fn max_elements() -> usize {
    rules::MAX_ELEMENTS
}

/// The figures of ads, put together.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AdAnalytics {
    /// One row for each step and value of the pivots, in this order. What had no figures has no row.
    pub rows: Vec<AdAnalyticsRow>,
    /// Rows that contradict others of the same step and pivot.
    pub unmerged: Vec<AdAnalyticsRow>,
    /// Ranges of which LinkedIn likely left out something, because they cannot be asked for in smaller ones.
    pub cut: Vec<DateRange>,
    /// What was named by a filter and a pivot, and has no row: nothing happened, or the token's member has no role there.
    pub silent: Vec<Urn>,
    /// How many calls were made, retries left aside.
    pub calls: usize,
    /// What is odd about the request or the answers. All are warnings.
    pub findings: Vec<Finding>,
}

impl AdAnalyticsReport {
    /// Of any number of metrics, over any range.
    pub fn new(request: GetAdAnalytics) -> Self {
        Self {
            request,
            pending: None,
            rows: Rows::default(),
            unmerged: Vec::new(),
            cut: Vec::new(),
            unreadable: 0,
            calls: 0,
            most: rules::MAX_ELEMENTS,
        }
    }

    /// What is wrong with the request, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        self.request.check_all_but_size()
    }

    /// How many calls are left, as far as is known; more when answers are cut off.
    pub fn calls_left(&self) -> Option<usize> {
        self.pending.as_ref().map(VecDeque::len)
    }

    /// Makes at most one call and moves on.
    ///
    /// # Errors
    /// When the request breaks a rule, or the call fails. The state stays usable: the same call comes next.
    pub async fn advance(&mut self, client: &Client) -> Result<Progress<AdAnalytics>, Error> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(CoreError::invalid(GetAdAnalytics::NAME, invalid).into());
        }
        let today = Date::of(client.pipeline().timer().now());
        if let Some(call) = self.next_call(today) {
            let page = client.send(call).await?;
            self.take(page, today);
        }
        let is_done = self.pending.as_ref().is_some_and(VecDeque::is_empty);
        Ok(if is_done { Progress::Done(self.put_together()) } else { Progress::Again })
    }

    /// Makes all calls; `save` gets the state after each.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn run(
        &mut self,
        client: &Client,
        mut save: impl FnMut(&Self) + Send,
    ) -> Result<AdAnalytics, Error> {
        run_to_end!(self, client.pipeline().timer(), save, self.advance(client))
    }

    fn next_call(&mut self, today: Date) -> Option<GetAdAnalytics> {
        let request = &self.request;
        let pending = self.pending.get_or_insert_with(|| {
            let groups = request.metrics.len().div_ceil(rules::MAX_METRICS);
            let ranges = slices(request.range, &request.granularity, today).into_iter();
            ranges.flat_map(|range| (0..groups).map(move |group| Slice { range, group })).collect()
        });
        let slice = pending.front()?;
        let metrics = request.metrics.chunks(rules::MAX_METRICS).nth(slice.group).unwrap_or_default();
        let mut call = request.clone().metrics(metrics.iter().cloned());
        call.range = slice.range;
        Some(call)
    }

    /// Takes the answer to the next call.
    fn take(&mut self, page: Page<AdAnalyticsRow>, today: Date) {
        let Some(slice) = self.pending.as_mut().and_then(VecDeque::pop_front) else { return };
        self.calls += 1;
        if page.items.len() + page.malformed.len() >= self.most {
            if let Some(halves) = halves(&slice.range, &self.request.granularity, today) {
                self.narrow(slice, halves);
                return;
            }
            if !self.cut.contains(&slice.range) {
                self.cut.push(slice.range);
            }
        }
        self.unreadable += page.malformed.len();
        for row in page.items {
            if let Err(row) = self.rows.add(row) {
                self.unmerged.push(row);
            }
        }
    }

    /// Asks for both halves, also with the groups of metrics that come after: their answers would be as large.
    fn narrow(&mut self, slice: Slice, halves: (DateRange, DateRange)) {
        let Some(pending) = self.pending.as_mut() else { return };
        let mut groups = vec![slice.group];
        while let Some(next) = pending.front().copied().filter(|next| next.range == slice.range) {
            pending.pop_front();
            groups.push(next.group);
        }
        for range in [halves.1, halves.0] {
            for group in groups.iter().rev() {
                pending.push_front(Slice { range, group: *group });
            }
        }
    }

    fn put_together(&self) -> AdAnalytics {
        let there = self.rows.pivot_values();
        let silent: Vec<Urn> =
            self.request.expected().filter(|urn| !there.contains(urn.as_str())).cloned().collect();
        let mut findings = self.check();
        if self.rows.is_empty() {
            findings.push(rules::REPORT_EMPTY.finding("elements"));
        }
        for (rule, field, count) in [
            (rules::REPORT_SILENT, "pivotValues", if self.rows.is_empty() { 0 } else { silent.len() }),
            (rules::REPORT_CUT, "dateRange", self.cut.len()),
            (rules::REPORT_UNREADABLE, "elements", self.unreadable),
            (rules::REPORT_UNMERGED, "elements", self.unmerged.len()),
        ] {
            if count > 0 {
                findings.push(rule.finding(field).measured(count));
            }
        }
        AdAnalytics {
            rows: self.rows.rows(),
            unmerged: self.unmerged.clone(),
            cut: self.cut.clone(),
            silent,
            calls: self.calls,
            findings,
        }
    }
}

#[cfg(test)]
mod tests;
