//! What was sent, and what it cost.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::super::{Call, Outcome, answer::GraphError, paging};

const DAY: i64 = 86_400;

fn span(call: &Call<'_>, start: &str, end: &str) -> Result<(i64, i64), GraphError> {
    let required = |name: &str| {
        let missing = || GraphError::parameter(format!("The parameter {name} is required."));
        call.params.integer(name)?.ok_or_else(missing)
    };
    let (from, to) = (required(start)?, required(end)?);
    if from >= to {
        return Err(GraphError::parameter("Param start must be before end."));
    }
    Ok((from, to))
}

fn words(call: &Call<'_>, name: &str, known: &[&str]) -> Result<Vec<String>, GraphError> {
    let list = call.params.list(name)?.unwrap_or_default();
    if list.iter().all(|word| known.contains(&word.as_str())) {
        return Ok(list);
    }
    Err(GraphError::parameter(format!("Param {name} must be some of {{{}}}.", known.join(", "))))
}

/// `GET /{waba}/template_analytics`: a data point for each template and day with messages.
pub(super) fn of_templates(call: &mut Call<'_>, account: &str) -> Outcome {
    if !call.state.areas.whatsapp.account.has_insights {
        return Err(insights(200_005, "Template insights are not switched on for the account."));
    }
    let (start, end) = span(call, "start", "end")?;
    let now = call.state.now_seconds();
    if now.saturating_sub(start) > 90 * DAY {
        return Err(insights(200_007, "Template insights reach back 90 days."));
    }
    if !call.params.required("granularity")?.eq_ignore_ascii_case("DAILY") {
        return Err(GraphError::parameter("Param granularity must be one of {DAILY}."));
    }
    let ids = call.params.list("template_ids")?.unwrap_or_default();
    if !(1..=10).contains(&ids.len()) {
        return Err(GraphError::parameter("Param template_ids must have 1 to 10 entries."));
    }
    let known = ["SENT", "DELIVERED", "READ", "CLICKED", "COST", "REPLIED", "APP_ACTIONS"];
    let metrics = words(call, "metric_types", &known)?;
    words(call, "product_type", &["CLOUD_API", "MARKETING_MESSAGES_LITE_API"])?;
    call.params.boolean("use_waba_timezone")?;
    let mut points = Vec::new();
    for id in &ids {
        let held = &call.state.areas.whatsapp;
        let Some(template) = held.templates.iter().find(|template| template.id == *id) else {
            return Err(insights(200_006, "Param template_ids names no template of the account."));
        };
        let sent = held
            .sent
            .iter()
            .filter(|sent| sent.template.as_ref() == Some(&template.name) && (start..end).contains(&sent.at));
        let mut days: BTreeMap<i64, u64> = BTreeMap::new();
        for one in sent {
            let count = days.entry(one.at.div_euclid(DAY).saturating_mul(DAY)).or_default();
            *count = count.saturating_add(1);
        }
        for (day, count) in days {
            points.push(point(id, day, count, &metrics));
        }
    }
    let group = json!({"granularity": "DAILY", "product_type": "CLOUD_API", "data_points": points});
    paging::page(call, &format!("{account}/template_analytics"), &[group])
}

fn insights(code: i64, message: &str) -> GraphError {
    GraphError::new(400, code, format!("(#{code}) {message}"))
}

fn point(id: &str, day: i64, count: u64, metrics: &[String]) -> Value {
    let mut point = json!({"template_id": id, "start": day, "end": day.saturating_add(DAY)});
    let Some(map) = point.as_object_mut() else { return point };
    let wants = |metric: &str| metrics.is_empty() || metrics.iter().any(|known| known == metric);
    for metric in ["SENT", "DELIVERED", "READ"] {
        if wants(metric) {
            let read = metric == "READ";
            map.insert(metric.to_ascii_lowercase(), json!(if read { 0 } else { count }));
        }
    }
    if wants("CLICKED") {
        map.insert("clicked".to_owned(), json!([]));
    }
    if wants("COST") {
        map.insert("cost".to_owned(), json!([{"type": "amount_spent", "value": 0}]));
    }
    point
}

/// `GET /{waba}/group_analytics`: a data point for each group and day with messages. The names of the values are not
/// documented; these are the metrics in small letters.
pub(super) fn of_groups(call: &mut Call<'_>, account: &str) -> Outcome {
    let (start, end) = span(call, "start", "end")?;
    if call.params.text("granularity")?.is_some_and(|step| !step.eq_ignore_ascii_case("DAILY")) {
        return Err(GraphError::parameter("Param granularity must be one of {DAILY}."));
    }
    let known = [
        "CLICKS",
        "COST",
        "DELIVERED",
        "PARTICIPANTS_JOINED",
        "PARTICIPANTS_LEFT",
        "READ",
        "REPLIES",
        "SENT",
    ];
    let metrics = words(call, "metric_types", &known)?;
    let ids = call.params.list("group_ids")?.unwrap_or_default();
    let held = &call.state.areas.whatsapp;
    if ids.is_empty() || ids.iter().any(|id| !held.groups.contains_key(id)) {
        return Err(GraphError::parameter("Param group_ids must name groups of the account."));
    }
    let mut days: BTreeMap<(&String, i64), u64> = BTreeMap::new();
    for sent in held.sent.iter().filter(|sent| (start..end).contains(&sent.at)) {
        if let Some(id) = ids.iter().find(|id| **id == sent.to) {
            let count = days.entry((id, sent.at.div_euclid(DAY).saturating_mul(DAY))).or_default();
            *count = count.saturating_add(1);
        }
    }
    let point = |((id, day), count): ((&String, i64), u64)| {
        let mut point = json!({"group_id": id, "start": day, "end": day.saturating_add(DAY)});
        if let Some(map) = point.as_object_mut() {
            let wanted = |metric: &&str| metrics.is_empty() || metrics.iter().any(|one| one == metric);
            map.extend(known.iter().filter(|metric| wanted(metric)).map(|metric| {
                let value = if matches!(*metric, "SENT" | "DELIVERED") { count } else { 0 };
                (metric.to_ascii_lowercase(), json!(value))
            }));
        }
        point
    };
    let points: Vec<Value> = days.into_iter().map(point).collect();
    let group = json!({"granularity": "DAILY", "data_points": points});
    paging::page(call, &format!("{account}/group_analytics"), &[group])
}

/// `GET /{waba}/call_analytics`: nobody is ever called here.
pub(super) fn of_calls(call: &Call<'_>) -> Outcome {
    span(call, "start", "end")?;
    if !["HALF_HOUR", "DAILY", "MONTHLY"].contains(&call.params.required("granularity")?.as_str()) {
        let message = "Param granularity must be one of {HALF_HOUR, DAILY, MONTHLY}.";
        return Err(GraphError::parameter(message));
    }
    words(call, "metric_types", &["AVERAGE_DURATION", "COST", "COUNT"])?;
    words(call, "dimensions", &["COUNTRY", "DIRECTION", "PHONE", "TIER"])?;
    words(call, "directions", &["BUSINESS_INITIATED", "USER_INITIATED"])?;
    for name in ["phone_numbers", "country_codes", "tiers"] {
        call.params.list(name)?;
    }
    Ok(json!({"data": [{ "data_points": [] }]}))
}

/// `GET /{waba}/pricing_analytics`: one data point for each span with messages.
pub(super) fn of_pricing(call: &mut Call<'_>) -> Outcome {
    let (start, end) = span(call, "start", "end")?;
    let granularity = call.params.required("granularity")?.to_ascii_uppercase();
    let step = match granularity.as_str() {
        "HALF_HOUR" => 1800,
        "DAILY" => DAY,
        "MONTHLY" => 30 * DAY,
        _ => {
            let message = "Param granularity must be one of {HALF_HOUR, DAILY, MONTHLY}.";
            return Err(GraphError::parameter(message));
        }
    };
    let metrics = words(call, "metric_types", &["COST", "VOLUME"])?;
    let dimensions =
        words(call, "dimensions", &["PRICING_CATEGORY", "PRICING_TYPE", "COUNTRY", "PHONE", "TIER"])?;
    let numbers = call.params.list("phone_numbers")?.unwrap_or_default();
    for name in ["pricing_categories", "pricing_types", "country_codes", "tiers"] {
        call.params.list(name)?;
    }
    let held = &call.state.areas.whatsapp;
    let mut counts: BTreeMap<(i64, String), u64> = BTreeMap::new();
    for sent in held.sent.iter().filter(|sent| (start..end).contains(&sent.at)) {
        let number = held.number(&sent.from)?.digits();
        if numbers.is_empty() || numbers.contains(&number) {
            let at =
                sent.at.saturating_sub(start).div_euclid(step).saturating_mul(step).saturating_add(start);
            let count = counts.entry((at, number)).or_default();
            *count = count.saturating_add(1);
        }
    }
    let by = |dimension: &str| dimensions.iter().any(|known| known == dimension);
    let points: Vec<Value> = counts
        .into_iter()
        .map(|((at, number), count)| {
            let mut point = json!({"start": at, "end": at.saturating_add(step)});
            if let Some(map) = point.as_object_mut() {
                for (metric, value) in [("VOLUME", json!(count)), ("COST", json!(0))] {
                    if metrics.is_empty() || metrics.iter().any(|known| known == metric) {
                        map.insert(metric.to_ascii_lowercase(), value);
                    }
                }
                for (dimension, name, value) in [
                    ("PHONE", "phone_number", number.as_str()),
                    ("COUNTRY", "country", "US"),
                    ("PRICING_TYPE", "pricing_type", "REGULAR"),
                    ("PRICING_CATEGORY", "pricing_category", "UTILITY"),
                    ("TIER", "tier", "0:100000"),
                ] {
                    if by(dimension) {
                        map.insert(name.to_owned(), json!(value));
                    }
                }
            }
            point
        })
        .collect();
    Ok(json!({"data": [{ "data_points": points }]}))
}
