//! One element of the figures of ads.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::Deserializer;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::metrics::AdMetric;
use crate::date::DateRange;
use crate::urn::Urn;

const PIVOTS: &str = "pivotValues";
const RANGE: &str = "dateRange";

/// The figures of one value of the pivots in one step.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AdAnalyticsRow {
    /// The value of each pivot, in their order: URNs (`urn:li:sponsoredCampaign:1`) or words (`MOBILE_APP`).
    pub pivot_values: Vec<String>,
    /// The step.
    pub date_range: Option<DateRange>,
    /// The figures. A figure that is missing was not counted; unknown ones are kept under their names.
    pub metrics: BTreeMap<AdMetric, MetricValue>,
}

impl AdAnalyticsRow {
    /// The pivots' values that are URNs.
    pub fn pivot_urns(&self) -> impl Iterator<Item = Urn> {
        self.pivot_values.iter().filter_map(|value| value.parse().ok())
    }

    /// A figure that counts something.
    pub fn count(&self, metric: &AdMetric) -> Option<i64> {
        match self.metrics.get(metric)? {
            MetricValue::Integer(count) => Some(*count),
            MetricValue::Text(text) => text.parse().ok(),
            MetricValue::Other(_) => None,
        }
    }

    /// A figure as decimal text, as LinkedIn wrote it: costs lose nothing by it.
    pub fn decimal(&self, metric: &AdMetric) -> Option<Cow<'_, str>> {
        match self.metrics.get(metric)? {
            MetricValue::Integer(count) => Some(Cow::Owned(count.to_string())),
            MetricValue::Text(text) => Some(Cow::Borrowed(text)),
            MetricValue::Other(_) => None,
        }
    }
}

/// A figure.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum MetricValue {
    /// A whole number.
    Integer(i64),
    /// A decimal, as LinkedIn wrote it, or a word.
    Text(String),
    /// Anything else.
    Other(Value),
}

impl MetricValue {
    /// Nothing for a null. Numbers with a fraction keep their digits.
    fn read(raw: &RawValue) -> Option<Self> {
        let text = raw.get();
        Some(match text.bytes().next()? {
            b'"' => Self::Text(serde_json::from_str(text).ok()?),
            b'-' | b'0'..=b'9' => text.parse().map_or_else(|_| Self::Text(text.to_owned()), Self::Integer),
            b'n' => return None,
            _ => Self::Other(serde_json::from_str(text).ok()?),
        })
    }
}

impl Serialize for MetricValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Integer(count) => serializer.serialize_i64(*count),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Other(value) => value.serialize(serializer),
        }
    }
}

/// As LinkedIn writes it; decimals become text.
impl Serialize for AdAnalyticsRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(PIVOTS, &self.pivot_values)?;
        if let Some(range) = &self.date_range {
            map.serialize_entry(RANGE, range)?;
        }
        for (metric, value) in &self.metrics {
            map.serialize_entry(metric, value)?;
        }
        map.end()
    }
}

/// From JSON only: the digits of numbers are kept.
impl<'de> Deserialize<'de> for AdAnalyticsRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = BTreeMap::<String, Box<RawValue>>::deserialize(deserializer)?;
        let pivots: Option<Vec<Value>> =
            members.remove(PIVOTS).and_then(|raw| serde_json::from_str(raw.get()).ok());
        let text = |value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let metrics = members.iter().filter(|(name, _)| *name != RANGE);
        Ok(Self {
            pivot_values: pivots.into_iter().flatten().map(text).collect(),
            date_range: members.get(RANGE).and_then(|raw| serde_json::from_str(raw.get()).ok()),
            metrics: metrics
                .filter_map(|(name, raw)| Some((AdMetric::from(name.as_str()), MetricValue::read(raw)?)))
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> AdAnalyticsRow {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn costs_keep_every_digit() {
        let row = row(
            r#"{"impressions":1200,"costInUsd":"12.340000000000000001","costInLocalCurrency":10.10,"clicks":"7",
                "averageDwellTime":2.5e3,"likes":null,"brandNewMetric":{"a":[1]},"shares":99999999999999999999,
                "pivotValues":["urn:li:sponsoredCampaign:1","MOBILE_APP",7],
                "dateRange":{"start":{"year":2026,"month":1,"day":1},"end":{"year":2026,"month":1,"day":1}}}"#,
        );
        assert_eq!(row.count(&AdMetric::Impressions), Some(1200));
        assert_eq!(row.count(&AdMetric::Clicks), Some(7));
        assert_eq!(row.decimal(&AdMetric::Impressions).unwrap(), "1200");
        assert_eq!(row.decimal(&AdMetric::CostInUsd).unwrap(), "12.340000000000000001");
        assert_eq!(row.decimal(&AdMetric::CostInLocalCurrency).unwrap(), "10.10");
        assert_eq!(row.decimal(&AdMetric::AverageDwellTime).unwrap(), "2.5e3");
        assert_eq!(row.decimal(&AdMetric::Shares).unwrap(), "99999999999999999999");
        assert_eq!((row.count(&AdMetric::Likes), row.count(&AdMetric::CostInUsd)), (None, None));
        assert!(matches!(row.metrics[&AdMetric::from("brandNewMetric")], MetricValue::Other(_)));
        assert_eq!(row.pivot_values, ["urn:li:sponsoredCampaign:1", "MOBILE_APP", "7"]);
        assert_eq!(row.pivot_urns().count(), 1);
        assert_eq!(row.date_range.unwrap().start().to_string(), "2026-01-01");
        let again: AdAnalyticsRow = serde_json::from_str(&serde_json::to_string(&row).unwrap()).unwrap();
        assert_eq!(again, row);
    }

    #[test]
    fn a_surprise_costs_the_member_only() {
        let odd =
            row(r#"{"pivotValues":"x","dateRange":{"start":{"year":2026,"month":2,"day":30}},"clicks":1}"#);
        assert_eq!(
            (odd.pivot_values.len(), odd.date_range, odd.count(&AdMetric::Clicks)),
            (0, None, Some(1))
        );
        assert_eq!(row("{}"), AdAnalyticsRow::default());
        assert!(serde_json::from_str::<AdAnalyticsRow>("[]").is_err());
    }
}
