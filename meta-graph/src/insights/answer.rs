//! What Meta answers with figures.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;
use serde_json::value::RawValue;
use sociogram_api_core::Timestamp;
use sociogram_api_core::http::{DecodeError, MalformedItem, Page, RawResponse};

use super::words::{Metric, Period};
use crate::lenient;

/// The figures of one request. A metric without figures is missing, or has no values; that is not a zero.
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub struct Insights {
    /// One entry for each metric and period.
    pub items: Vec<Insight>,
    /// Entries that could not be read. They never cost the others.
    pub malformed: Vec<MalformedItem>,
}

#[derive(serde::Deserialize)]
struct Envelope {
    data: Vec<Box<RawValue>>,
}

impl Insights {
    /// The first entry of this metric.
    pub fn get(&self, metric: &str) -> Option<&Insight> {
        self.items.iter().find(|insight| insight.name.as_str() == metric)
    }

    /// Reads `{"data":[…]}`. The links to earlier and later times are not followed: there is always a later one.
    pub(super) fn read(response: &RawResponse) -> Result<Self, DecodeError> {
        let envelope: Envelope = response.json()?;
        let page = Page::from_raw_items(envelope.data, None);
        Ok(Self { items: page.items, malformed: page.malformed })
    }

    pub(super) fn append(&mut self, mut more: Self) {
        self.items.append(&mut more.items);
        self.malformed.append(&mut more.malformed);
    }
}

/// One metric over one period.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct Insight {
    /// The metric.
    pub name: Metric,
    /// The time that one figure stands for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub period: Option<Period>,
    /// A title to show, in the language of the request.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub title: Option<String>,
    /// What it counts, in the language of the request.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub description: Option<String>,
    /// The figures in the order of time; empty where a [`total_value`](Self::total_value) stands.
    #[serde(default, deserialize_with = "lenient::list")]
    pub values: Vec<InsightPoint>,
    /// One figure for the whole range, from Instagram and Threads.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub total_value: Option<TotalValue>,
    /// Meta's id of the entry: object, metric and period.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<String>,
}

impl Insight {
    /// The one number of the answer, whichever form it came in: the total, or the only value. `None` for series, for
    /// maps and where there is no figure.
    pub fn number(&self) -> Option<f64> {
        let total = self.total_value.as_ref().and_then(|total| total.value.as_ref());
        let only = match self.values.as_slice() {
            [point] => point.value.as_ref(),
            _ => None,
        };
        total.or(only).and_then(InsightValue::as_number)
    }
}

/// One figure of a series.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct InsightPoint {
    /// The figure; missing where Meta has none.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub value: Option<InsightValue>,
    /// The end of the time it stands for; lifetime figures have none. A day ends at the start of the next one, in the
    /// time zone of the object, so the first one of a range ends a day after `since`.
    #[serde(default, deserialize_with = "lenient::time")]
    pub end_time: Option<Timestamp>,
}

/// One figure for a whole range.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct TotalValue {
    /// The figure; missing where it is split by breakdowns only.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub value: Option<InsightValue>,
    /// The figure, split.
    #[serde(default, deserialize_with = "lenient::list")]
    pub breakdowns: Vec<Breakdown>,
}

/// A figure, split by one or more dimensions.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct Breakdown {
    /// What it is split by.
    #[serde(default, deserialize_with = "lenient::list")]
    pub dimension_keys: Vec<String>,
    /// The parts.
    #[serde(default, deserialize_with = "lenient::list")]
    pub results: Vec<BreakdownResult>,
}

/// One part of a split figure.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct BreakdownResult {
    /// Where it belongs, in the order of the [`dimension_keys`](Breakdown::dimension_keys).
    #[serde(default, deserialize_with = "lenient::list")]
    pub dimension_values: Vec<String>,
    /// The figure.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub value: Option<InsightValue>,
    /// The end of the time it stands for.
    #[serde(default, deserialize_with = "lenient::time")]
    pub end_time: Option<Timestamp>,
}

/// A figure, or figures by name.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum InsightValue {
    /// A number, also where it came as text.
    Number(f64),
    /// Figures by name: reactions by kind, a retention curve by its place.
    Map(BTreeMap<String, InsightValue>),
    /// A list of figures.
    List(Vec<InsightValue>),
    /// Text that is no number.
    Text(String),
}

impl InsightValue {
    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The figures by name, if it is a map.
    pub fn as_map(&self) -> Option<&BTreeMap<String, InsightValue>> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    fn from_json(value: Value) -> Option<Self> {
        Some(match value {
            Value::Number(number) => Self::Number(number.as_f64()?),
            Value::String(text) => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Self::Number(number),
                _ => Self::Text(text),
            },
            Value::Array(items) => Self::List(items.into_iter().filter_map(Self::from_json).collect()),
            Value::Object(members) => Self::Map(
                members
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, Self::from_json(value)?)))
                    .collect(),
            ),
            Value::Bool(_) | Value::Null => return None,
        })
    }
}

impl<'de> Deserialize<'de> for InsightValue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::from_json(Value::deserialize(from)?).ok_or_else(|| D::Error::custom("no figure"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn insight(value: &Value) -> Insight {
        serde_json::from_value(value.clone()).unwrap()
    }

    #[test]
    fn a_value_is_a_number_or_a_map_and_numbers_may_be_text() {
        let read = insight(&json!({
            "id": "42/insights/page_follows/day", "name": "page_follows", "period": "day", "title": "T",
            "description": "D", "values": [
                {"value": 7, "end_time": "2026-01-02T08:00:00+0000"},
                {"value": "8.5", "end_time": "2026-01-03T08:00:00+0000"},
                {"value": {"like": 3, "love": "4", "none": null}},
                {"value": null, "end_time": "2026-01-05T08:00:00+0000"}, {}, 5]}));
        let values: Vec<Option<InsightValue>> = read.values.iter().map(|point| point.value.clone()).collect();
        let map = [("like", 3.0), ("love", 4.0)]
            .map(|(name, number)| (name.to_owned(), InsightValue::Number(number)));
        assert_eq!(
            values,
            [
                Some(InsightValue::Number(7.0)),
                Some(InsightValue::Number(8.5)),
                Some(InsightValue::Map(map.into())),
                None,
                None,
            ]
        );
        assert_eq!(read.values[0].end_time, Some(Timestamp::from_unix_seconds(1_767_340_800)));
        assert_eq!(read.values[2].end_time, None);
        assert_eq!(read.period, Some(Period::Day));
        assert_eq!(read.number(), None, "a series has no one number");
    }

    #[test]
    fn a_total_and_a_single_value_are_read_the_same_way() {
        let total = insight(
            &json!({"name": "views", "period": "day", "total_value": {"value": "12", "breakdowns": [
            {"dimension_keys": ["follow_type"], "results": [
                {"dimension_values": ["FOLLOWER"], "value": 5},
                {"dimension_values": ["NON_FOLLOWER"], "value": "7", "end_time": "2026-01-02T08:00:00+0000"}, 5]}]}}),
        );
        assert_eq!(total.number(), Some(12.0));
        let results = &total.total_value.as_ref().unwrap().breakdowns[0].results;
        assert_eq!((results.len(), results[1].value.clone()), (2, Some(InsightValue::Number(7.0))));
        let single =
            insight(&json!({"name": "post_clicks", "period": "lifetime", "values": [{"value": 12}]}));
        assert_eq!(single.number(), Some(12.0));
        let map = insight(&json!({"name": "x", "values": [{"value": {"like": 1}}]}));
        assert_eq!(map.number(), None);
        assert_eq!(map.values[0].value.as_ref().unwrap().as_map().unwrap().len(), 1);
        let odd =
            insight(&json!({"name": "new_metric", "period": "fortnight", "values": "none", "title": 5}));
        assert_eq!(odd.period.as_ref().map(Period::as_str), Some("fortnight"));
        assert!(odd.values.is_empty() && odd.title.is_none());
    }
}
