//! Puts rows of several calls together.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::metrics::AdMetric;
use super::row::{AdAnalyticsRow, MetricValue};
use crate::date::DateRange;

type Key = (Option<DateRange>, Vec<String>);

/// Rows by step and pivot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<AdAnalyticsRow>", into = "Vec<AdAnalyticsRow>")]
pub(super) struct Rows(BTreeMap<Key, BTreeMap<AdMetric, MetricValue>>);

impl Rows {
    /// Adds the figures to those of the same step and pivot.
    ///
    /// # Errors
    /// Gives the row back when it contradicts a figure that is there.
    pub(super) fn add(&mut self, row: AdAnalyticsRow) -> Result<(), AdAnalyticsRow> {
        let AdAnalyticsRow { pivot_values, date_range, metrics } = row;
        match self.0.entry((date_range, pivot_values)) {
            Entry::Vacant(vacant) => {
                vacant.insert(metrics);
            }
            Entry::Occupied(mut occupied) => {
                let there = occupied.get();
                let contradicts = |(metric, value): (&AdMetric, &MetricValue)| {
                    there.get(metric).is_some_and(|known| known != value)
                };
                if metrics.iter().any(contradicts) {
                    let (date_range, pivot_values) = occupied.key().clone();
                    return Err(AdAnalyticsRow { pivot_values, date_range, metrics });
                }
                occupied.get_mut().extend(metrics);
            }
        }
        Ok(())
    }

    /// All rows, by step and then by pivot.
    pub(super) fn rows(&self) -> Vec<AdAnalyticsRow> {
        let row = |(key, metrics): (&Key, &BTreeMap<AdMetric, MetricValue>)| AdAnalyticsRow {
            pivot_values: key.1.clone(),
            date_range: key.0,
            metrics: metrics.clone(),
        };
        self.0.iter().map(row).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn pivot_values(&self) -> BTreeSet<&str> {
        self.0.keys().flat_map(|(_, values)| values).map(String::as_str).collect()
    }
}

impl From<Vec<AdAnalyticsRow>> for Rows {
    fn from(rows: Vec<AdAnalyticsRow>) -> Self {
        let keyed = rows.into_iter().map(|row| ((row.date_range, row.pivot_values), row.metrics));
        Self(keyed.collect())
    }
}

impl From<Rows> for Vec<AdAnalyticsRow> {
    fn from(rows: Rows) -> Self {
        rows.rows()
    }
}
