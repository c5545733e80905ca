//! Figures of Threads profiles and posts. Whoever serves `graph.threads.net` has looked at the token already.

use serde_json::{Value, json};

use super::super::super::{Call, Outcome, answer::GraphError};
use super::{figure, instagram, metrics, only_reading, range};

/// Before this moment there are no figures.
const FIRST: i64 = 1_712_991_600;

pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Outcome> {
    match path {
        [id, "threads_insights"] => Some(of_profile(call, id)),
        [id, "insights"] => Some(of_post(call, id)),
        _ => None,
    }
}

fn of_profile(call: &Call<'_>, id: &str) -> Outcome {
    only_reading(call, id)?;
    call.params.only(&["metric", "since", "until", "breakdown"])?;
    let asked = metrics::asked(call, &[metrics::THREADS_PROFILE])?;
    if asked.is_empty() {
        return Err(GraphError::parameter("The parameter metric is required."));
    }
    let breakdowns = metrics::breakdowns(call, &asked)?;
    let of_people = |name: &str| name == "follower_demographics";
    if breakdowns.len() != 1 && asked.iter().any(|metric| of_people(metric.name)) {
        return Err(GraphError::parameter("follower_demographics needs one breakdown."));
    }
    for name in ["since", "until"] {
        if range::moment(call, name)?.is_some_and(|moment| moment < FIRST) {
            return Err(GraphError::parameter(format!("Param {name} must not be before {FIRST}.")));
        }
    }
    // A year at most, which is more than the sandbox has.
    let (since, until) = range::read(call, 366)?;
    let data: Vec<Value> = asked
        .iter()
        .map(|metric| {
            let mut row = instagram::frame(metric.name, id, "day");
            if metric.name == "views" {
                row.insert("values".to_owned(), instagram::series(metric.name, id, since, until));
            } else {
                row.insert("total_value".to_owned(), instagram::total(metric.name, id, &breakdowns));
            }
            Value::Object(row)
        })
        .collect();
    Ok(json!({"data": data}))
}

fn of_post(call: &Call<'_>, id: &str) -> Outcome {
    only_reading(call, id)?;
    call.params.only(&["metric"])?;
    let asked = metrics::asked(call, &[metrics::THREADS_POST])?;
    if asked.is_empty() {
        return Err(GraphError::parameter("The parameter metric is required."));
    }
    let data: Vec<Value> = asked
        .iter()
        .map(|metric| {
            let mut row = instagram::frame(metric.name, id, "lifetime");
            row.insert("values".to_owned(), json!([{"value": figure(metric.name, id, 0)}]));
            Value::Object(row)
        })
        .collect();
    Ok(json!({"data": data}))
}
