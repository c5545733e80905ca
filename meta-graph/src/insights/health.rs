//! Which metrics were refused, remembered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sociogram_api_core::Timestamp;

use super::request::MetricContext;
use super::words::Metric;
use crate::version::ApiVersion;

/// Metrics that Meta refused, so that they are not asked for again. Keep it (it is `Serialize`) for as long as the
/// process runs or longer; one value serves all accounts.
///
/// A refusal counts for one version of the API, one kind of object and one way of asking (period, form, breakdown):
/// another way may be served.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MetricHealth {
    refused: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    version: String,
    context: MetricContext,
    metrics: BTreeMap<Metric, KnownRefusal>,
}

/// A refusal of the past.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRefusal {
    /// When Meta refused it.
    pub at: Timestamp,
    /// Meta's number.
    pub code: Option<i64>,
    /// Meta's second number.
    pub subcode: Option<i64>,
}

impl MetricHealth {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether this metric was refused.
    pub fn refusal(
        &self,
        version: ApiVersion,
        context: &MetricContext,
        metric: &Metric,
    ) -> Option<KnownRefusal> {
        let version = version.to_string();
        let entry =
            self.refused.iter().find(|entry| entry.version == version && entry.context == *context)?;
        entry.metrics.get(metric).copied()
    }

    /// Forgets what was refused before this time, so that it is tried again.
    pub fn forget_before(&mut self, time: Timestamp) {
        for entry in &mut self.refused {
            entry.metrics.retain(|_, refusal| refusal.at >= time);
        }
        self.refused.retain(|entry| !entry.metrics.is_empty());
    }

    /// How many refusals are remembered.
    pub fn len(&self) -> usize {
        self.refused.iter().map(|entry| entry.metrics.len()).sum()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.refused.is_empty()
    }

    pub(super) fn remember(
        &mut self,
        version: ApiVersion,
        context: &MetricContext,
        metric: Metric,
        refusal: KnownRefusal,
    ) {
        let version = version.to_string();
        let known =
            self.refused.iter_mut().find(|entry| entry.version == version && entry.context == *context);
        if let Some(entry) = known {
            entry.metrics.insert(metric, refusal);
        } else {
            let metrics = BTreeMap::from([(metric, refusal)]);
            self.refused.push(Entry { version, context: context.clone(), metrics });
        }
    }
}
