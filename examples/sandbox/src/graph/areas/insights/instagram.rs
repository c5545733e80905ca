//! Figures of Instagram accounts and their media.

use serde_json::{Map, Value, json};

use super::super::super::{Call, Outcome, answer::GraphError};
use super::{
    INSTAGRAM_PICTURE, INSTAGRAM_REEL, INSTAGRAM_STORY, figure,
    metrics::{self, Metric},
    only_reading, range,
};
use crate::clock::graph_time;

/// Longest range of one call, in days.
const MOST_DAYS: i64 = 30;
/// How long figures are kept, in days.
const KEPT_DAYS: i64 = 90;
const PERIODS: [&str; 6] = ["day", "week", "days_28", "month", "lifetime", "total_over_range"];
const TYPES: [&str; 3] = ["total_value", "time_series", "default"];
/// Metrics that come as values over time.
const SERIES: [&str; 3] = ["reach", "follower_count", "online_followers"];

/// The account that a piece of media belongs to.
pub(super) fn owner(call: &Call<'_>, media: &str) -> Option<String> {
    let first = call.shared.config.world.instagram.first();
    match media {
        INSTAGRAM_PICTURE | INSTAGRAM_REEL | INSTAGRAM_STORY => first.map(|account| account.user_id.clone()),
        other => call.state.areas.instagram.owner_of_media(other).map(str::to_owned),
    }
}

/// A call to `graph.instagram.com`, whose token has been looked at already.
pub(super) fn route_site(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    match path {
        [id, "insights"] if call.shared.config.world.instagram.iter().any(|known| known.user_id == *id) => {
            Some(of_account(call, id))
        }
        [media, "insights"] if owner(call, media).is_some() => Some(of_media(call, media)),
        _ => None,
    }
}

/// `GET /{account}/insights`.
pub(super) fn of_account(call: &mut Call<'_>, account: &str) -> Outcome {
    only_reading(call, account)?;
    call.params.only(&["metric", "period", "metric_type", "breakdown", "timeframe", "since", "until"])?;
    let asked = metrics::asked(call, &[metrics::INSTAGRAM])?;
    if asked.is_empty() {
        return Err(GraphError::parameter("The parameter metric is required."));
    }
    let period = call.params.required("period")?;
    known("period", &period, &PERIODS)?;
    let kind = call.params.text("metric_type")?.unwrap_or_else(|| "default".to_owned());
    known("metric_type", &kind, &TYPES)?;
    let breakdowns = metrics::breakdowns(call, &asked)?;
    if !breakdowns.is_empty() && kind != "total_value" {
        return Err(GraphError::parameter("A breakdown needs metric_type=total_value."));
    }
    let timeframe = call.params.text("timeframe")?;
    if let Some(timeframe) = &timeframe {
        known("timeframe", timeframe, &["this_week", "this_month"])?;
    }
    for metric in &asked {
        if !metric.periods.contains(&period.as_str()) {
            let message = format!("Incompatible period ({period}) for metric ({})", metric.name);
            return Err(GraphError::parameter(message));
        }
        let in_series = SERIES.contains(&metric.name);
        if !in_series && kind != "total_value" {
            return Err(GraphError::parameter(format!(
                "The following metrics ({}) should be specified with parameter metric_type=total_value",
                metric.name
            )));
        }
        if in_series && metric.name != "reach" && kind == "total_value" {
            return Err(GraphError::parameter(format!("The metric {} has no total value.", metric.name)));
        }
        if metric.name.ends_with("_demographics") && (timeframe.is_none() || breakdowns.is_empty()) {
            let message = format!("The metric {} needs a timeframe and a breakdown.", metric.name);
            return Err(GraphError::parameter(message));
        }
    }
    let (since, until) = range::read(call, MOST_DAYS)?;
    let oldest = call.state.now_seconds().saturating_sub(KEPT_DAYS * range::DAY);
    if until < oldest {
        // What is no longer kept is an empty list, not zero.
        return Ok(json!({"data": []}));
    }
    let data: Vec<Value> = asked
        .iter()
        .map(|metric| {
            let mut row = frame(metric.name, account, &period);
            if kind == "total_value" {
                row.insert("total_value".to_owned(), total(metric.name, account, &breakdowns));
            } else {
                row.insert("values".to_owned(), series(metric.name, account, since.max(oldest), until));
            }
            Value::Object(row)
        })
        .collect();
    Ok(json!({"data": data}))
}

fn known(name: &str, word: &str, words: &[&str]) -> Result<(), GraphError> {
    if words.contains(&word) {
        return Ok(());
    }
    let message = format!("Param {name} must be one of {{{}}} - got {word}", words.join(", "));
    Err(GraphError::parameter(message))
}

/// What every row has.
pub(super) fn frame(name: &str, id: &str, period: &str) -> Map<String, Value> {
    let mut row = Map::new();
    for (key, text) in [
        ("name", name.to_owned()),
        ("period", period.to_owned()),
        ("title", name.replace('_', " ")),
        ("description", format!("{name} of the sandbox")),
        ("id", format!("{id}/insights/{name}/{period}")),
    ] {
        row.insert(key.to_owned(), json!(text));
    }
    row
}

/// A value for each day.
pub(super) fn series(name: &str, id: &str, since: i64, until: i64) -> Value {
    let mut values = Vec::new();
    let mut end = since.saturating_add(range::DAY);
    while end <= until {
        let value = match name {
            "online_followers" => json!({"0": 3, "12": figure(name, id, end / range::DAY)}),
            _ => json!(figure(name, id, end / range::DAY)),
        };
        values.push(json!({"value": value, "end_time": graph_time(end)}));
        end = end.saturating_add(range::DAY);
    }
    json!(values)
}

/// One value, with its parts when they are asked for.
pub(super) fn total(name: &str, id: &str, breakdowns: &[String]) -> Value {
    let value = figure(name, id, 0);
    if breakdowns.is_empty() {
        return json!({"value": value});
    }
    let part = |position: usize| -> Vec<&str> {
        breakdowns.iter().map(|key| words(key).get(position).copied().unwrap_or("OTHER")).collect()
    };
    let results = json!([
        {"dimension_values": part(0), "value": value - value / 3},
        {"dimension_values": part(1), "value": value / 3},
    ]);
    json!({"value": value, "breakdowns": [{"dimension_keys": breakdowns, "results": results}]})
}

fn words(breakdown: &str) -> [&'static str; 2] {
    match breakdown {
        "follow_type" | "follower_type" => ["FOLLOWER", "NON_FOLLOWER"],
        "media_product_type" => ["POST", "REEL"],
        "contact_button_type" => ["EMAIL", "CALL"],
        "age" => ["25-34", "35-44"],
        "gender" => ["F", "M"],
        "country" => ["DE", "AT"],
        "city" => ["Berlin, Berlin", "Vienna, Vienna"],
        "action_type" => ["bio_link_clicked", "call"],
        "story_navigation_action_type" => ["tap_forward", "tap_back"],
        _ => ["OTHER", "OTHER"],
    }
}

/// `GET /{media}/insights`.
pub(super) fn of_media(call: &mut Call<'_>, media: &str) -> Outcome {
    only_reading(call, media)?;
    call.params.only(&["metric", "breakdown", "period", "metric_type"])?;
    if let Some(period) = call.params.text("period")? {
        known("period", &period, &["lifetime", "total_over_range"])?;
    }
    let published = call.state.areas.instagram.product_type_of(media);
    let table: &[&'static [Metric]] = match (media, published) {
        (INSTAGRAM_REEL, _) | (_, Some("REELS")) => &[metrics::REELS_MEDIA],
        (INSTAGRAM_STORY, _) | (_, Some("STORY")) => &[metrics::STORY_MEDIA],
        _ => &[metrics::FEED_MEDIA],
    };
    let asked = metrics::asked(call, table)?;
    if asked.is_empty() {
        return Err(GraphError::parameter("The parameter metric is required."));
    }
    // What was published here is of one kind: all metrics must go with the same.
    let fits = |one: &&&[Metric]| asked.iter().all(|asked| one.iter().any(|known| known.name == asked.name));
    if !table.iter().any(|one| fits(&one)) {
        let message = "The Media Insights API does not support these metrics for this media product type.";
        return Err(GraphError::parameter(message));
    }
    let breakdowns = metrics::breakdowns(call, &asked)?;
    let data: Vec<Value> = asked
        .iter()
        .map(|metric| {
            let mut row = frame(metric.name, media, "lifetime");
            if breakdowns.is_empty() {
                row.insert("values".to_owned(), json!([{"value": figure(metric.name, media, 0)}]));
            } else {
                row.insert("total_value".to_owned(), total(metric.name, media, &breakdowns));
            }
            Value::Object(row)
        })
        .collect();
    Ok(json!({"data": data}))
}
