//! Figures of a Page, its posts and its videos.

use serde_json::{Value, json};

use super::super::super::{Call, Outcome, answer::GraphError, caller::Caller};
use super::{
    REEL, VIDEO, figure,
    metrics::{self, Metric},
    only_reading, range,
};
use crate::{clock::graph_time, request::encode_form};

/// What reading figures needs.
const READ: [&str; 2] = ["read_insights", "pages_read_engagement"];
/// Longest range of one call, in days.
const MOST_DAYS: i64 = 90;
const PERIODS: [&str; 6] = ["day", "week", "days_28", "month", "lifetime", "total_over_range"];
const PARAMS: [&str; 6] = ["metric", "period", "since", "until", "date_preset", "breakdown"];

fn permit(call: &mut Call<'_>, page: &str) -> Result<(), GraphError> {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    caller.page(call, page, &READ).map(|_| ())
}

fn period(call: &Call<'_>) -> Result<Option<String>, GraphError> {
    let period = call.params.text("period")?;
    match &period {
        Some(unknown) if !PERIODS.contains(&unknown.as_str()) => Err(GraphError::parameter(format!(
            "Param period must be one of {{{}}} - got {unknown}",
            PERIODS.join(", ")
        ))),
        _ => Ok(period),
    }
}

fn asked(call: &Call<'_>, tables: &[&'static [Metric]]) -> Result<Vec<&'static Metric>, GraphError> {
    let metrics = metrics::asked(call, tables)?;
    if metrics.is_empty() {
        let message = "(#3001) Invalid query: no metric was specified to be fetched";
        return Err(GraphError::new(400, 3001, message).subcode(1_504_028));
    }
    Ok(metrics)
}

/// `GET /{page}/insights`.
pub(super) fn of_page(call: &mut Call<'_>, page: &str) -> Outcome {
    only_reading(call, page)?;
    permit(call, page)?;
    call.params.only(&PARAMS)?;
    let metrics = asked(call, &[metrics::PAGE])?;
    let breakdowns = metrics::breakdowns(call, &metrics)?;
    let (since, until) = range::read(call, MOST_DAYS)?;
    let period = period(call)?;
    let mut data = Vec::new();
    for metric in metrics {
        let periods: Vec<&str> = match period.as_deref() {
            None => metric.periods.to_vec(),
            Some("total_over_range") => vec!["total_over_range"],
            Some(one) if metric.periods.contains(&one) => vec![one],
            Some(one) => {
                let message = format!("Incompatible period ({one}) for metric ({})", metric.name);
                return Err(GraphError::parameter(message));
            }
        };
        for period in periods {
            let values = if period == "total_over_range" {
                let days = until.saturating_sub(since) / range::DAY;
                vec![json!({"value": figure(metric.name, page, since) * days.max(1)})]
            } else {
                days(metric, page, period, (since, until), &breakdowns)
            };
            data.push(row(metric.name, page, period, &values));
        }
    }
    let span = until.saturating_sub(since);
    let link = |from: i64, to: i64| address(call, page, from, to);
    let paging = json!({
        "previous": link(since.saturating_sub(span), since)?, "next": link(until, until.saturating_add(span))?,
    });
    Ok(json!({"data": data, "paging": paging}))
}

/// A value for each day; the first one ends a day after the beginning.
fn days(
    metric: &Metric,
    id: &str,
    period: &str,
    (since, until): (i64, i64),
    breakdowns: &[String],
) -> Vec<Value> {
    let factor = match period {
        "week" => 7,
        "days_28" => 28,
        _ => 1,
    };
    let mut out = Vec::new();
    let mut end = since.saturating_add(range::DAY);
    while end <= until {
        let value = figure(metric.name, id, end / range::DAY) * factor;
        let end_time = graph_time(end);
        if let Some(name) = breakdowns.first() {
            for (said, part) in [("0", value - value / 3), ("1", value / 3)] {
                out.push(json!({"value": part, "end_time": end_time, name.as_str(): said}));
            }
        } else {
            out.push(json!({"value": value, "end_time": end_time}));
        }
        end = end.saturating_add(range::DAY);
    }
    out
}

fn row(name: &str, id: &str, period: &str, values: &[Value]) -> Value {
    json!({
        "name": name, "period": period, "values": values, "title": name.replace('_', " "),
        "description": format!("{name} of the sandbox"), "id": format!("{id}/insights/{name}/{period}"),
    })
}

/// The address of the range before or after. Like Meta's it carries the token, and never the proof.
fn address(call: &Call<'_>, id: &str, since: i64, until: i64) -> Result<String, GraphError> {
    let token = match call.request.authorization(&["Bearer", "OAuth"]) {
        Some(token) => token.to_owned(),
        None => call.params.text("access_token")?.unwrap_or_default(),
    };
    let (since, until) = (since.to_string(), until.to_string());
    let metric = call.params.list("metric")?.unwrap_or_default().join(",");
    let period = call.params.text("period")?;
    let mut query =
        vec![("access_token", token.as_str()), ("metric", &metric), ("since", &since), ("until", &until)];
    if let Some(period) = &period {
        query.push(("period", period));
    }
    Ok(format!("{}/graph/{}/{id}/insights?{}", call.shared.url, call.version, encode_form(&query)))
}

/// `GET /{post}/insights`.
pub(super) fn of_post(call: &mut Call<'_>, post: &str) -> Outcome {
    only_reading(call, post)?;
    let page = call.state.posts.iter().find(|known| known.id == post).map(|known| known.page_id.clone());
    permit(call, &page.unwrap_or_default())?;
    call.params.only(&PARAMS)?;
    lifetime(call, post, &asked(call, &[metrics::POST])?)
}

/// `GET /{video}/video_insights`: without a metric there is a set by default.
pub(super) fn of_video(call: &mut Call<'_>, video: &str) -> Outcome {
    only_reading(call, video)?;
    let first = call.shared.config.world.pages.first().map(|page| page.id.clone());
    let owner = match video {
        VIDEO | REEL => first,
        other => call.state.areas.page_media.page_of(other).map(str::to_owned),
    };
    let Some(page) = owner else {
        return Err(GraphError::unsupported(&call.request.method, video));
    };
    permit(call, &page)?;
    call.params.only(&["metric", "period", "since", "until"])?;
    let (tables, default): (&[&'static [Metric]], &'static [Metric]) = match video {
        REEL => (&[metrics::REEL], metrics::REEL),
        VIDEO => (&[metrics::VIDEO], metrics::VIDEO),
        // A video that was uploaded here may be either.
        _ => (&[metrics::VIDEO, metrics::REEL], metrics::VIDEO),
    };
    let asked = metrics::asked(call, tables)?;
    let asked = if asked.is_empty() { default.iter().collect() } else { asked };
    lifetime(call, video, &asked)
}

fn lifetime(call: &Call<'_>, id: &str, asked: &[&Metric]) -> Outcome {
    metrics::breakdowns(call, asked)?;
    if let Some(other) = period(call)?.filter(|period| period != "lifetime") {
        return Err(GraphError::parameter(format!("Incompatible period ({other}): only lifetime is there.")));
    }
    let data: Vec<Value> = asked
        .iter()
        .map(|metric| row(metric.name, id, "lifetime", &[json!({"value": value(metric.name, id)})]))
        .collect();
    Ok(json!({"data": data}))
}

/// A number, or a map for metrics by type.
fn value(name: &str, id: &str) -> Value {
    let number = figure(name, id, 0);
    match name {
        "post_clicks_by_type" => json!({"other clicks": number, "link clicks": 3}),
        "post_reactions_by_type_total"
        | "total_video_reactions_by_type_total"
        | "post_video_likes_by_reaction_type" => json!({"like": number, "love": 2}),
        "post_video_social_actions" => json!({"COMMENT": 2, "SHARE": 1}),
        "post_video_retention_graph" | "total_video_retention_graph" => json!({"0": 1, "1": 0.75, "2": 0.5}),
        "total_video_views_by_distribution_type" => json!({"page_owned": number, "shared": 1}),
        "total_video_view_time_by_age_bucket_and_gender" => json!({"F.25-34": number, "M.25-34": 5}),
        "total_video_view_time_by_country_id" => json!({"DE": number}),
        _ => json!(number),
    }
}
