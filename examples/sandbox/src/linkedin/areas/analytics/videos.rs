//! How often an organization's video was watched (LinkedIn: Video Analytics API).

use serde_json::{Value, json};

use super::{
    super::super::{answer::ApiError, api::Call, calendar::day_of, calendar::moments},
    finder,
    intervals::{REACH, Span, time_range},
    sum, today, word,
};
use crate::linkedin::organizations;

const TYPES: [&str; 4] = ["VIDEO_VIEW", "VIEWER", "TIME_WATCHED", "TIME_WATCHED_FOR_VIDEO_VIEWS"];
const AGGREGATIONS: [&str; 3] = ["ALL", "DAY", "WEEK"];
/// Scopes of which one is enough.
const SCOPES: [&str; 3] = ["r_organization_social", "rw_organization_admin", "r_organization_admin"];
/// Days without a range, counted back from today.
const RECENT: i64 = 28;

pub(super) fn find(call: &Call<'_>) -> Result<Vec<Value>, ApiError> {
    finder(call, &["entity"])?;
    call.query.only(&["q", "entity", "type", "aggregation", "timeRange"])?;
    let entity = call.query.required("entity")?;
    let kind = word(call, "type", &TYPES)?;
    let kind = kind.ok_or_else(|| ApiError::illegal_argument("Parameter 'type' is required"))?;
    let aggregation = word(call, "aggregation", &AGGREGATIONS)?.unwrap_or_else(|| "ALL".to_owned());
    let range = match call.query.element("timeRange")? {
        Some(element) => {
            moments(&element).ok_or_else(|| ApiError::illegal_argument("Parameter 'timeRange' is invalid"))?
        }
        None => (None, None),
    };
    if !entity.starts_with("urn:li:ugcPost:") && !entity.starts_with("urn:li:share:") {
        return Err(ApiError::illegal_argument("Parameter 'entity' is invalid"));
    }
    let denied = || ApiError::denied("videoAnalytics", "FINDER-entity", Some(&call.version));
    if !SCOPES.iter().any(|scope| call.claims.has_scope(scope)) {
        return Err(denied());
    }
    let posts = &call.state.linkedin_posts;
    let post =
        posts.iter().find(|post| post.urn == entity && !post.deleted).ok_or_else(ApiError::not_found)?;
    organizations::role(call, &post.author).ok_or_else(denied)?;
    let video = post.body.pointer("/content/media/id").and_then(Value::as_str);
    if !video.is_some_and(|urn| urn.starts_with("urn:li:video:")) {
        return Ok(Vec::new());
    }
    let tomorrow = today(call).saturating_add(1);
    let ranged = range.0.is_some() || range.1.is_some();
    let end = range.1.map_or(tomorrow, |end| day_of(end).min(tomorrow));
    let back = if aggregation == "ALL" { REACH } else { RECENT };
    let start = range.0.map_or_else(|| end.saturating_sub(back), day_of).max(tomorrow.saturating_sub(REACH));
    let element = |span: Span, dated: bool| {
        let mut element =
            json!({"entity": entity, "statisticsType": kind, "value": sum(&kind, &entity, span)});
        if let (true, Some(fields)) = (dated, element.as_object_mut()) {
            fields.insert("timeRange".to_owned(), time_range(span));
        }
        element
    };
    let step = match aggregation.as_str() {
        "DAY" => 1,
        "WEEK" => 7,
        _ => return Ok(vec![element((start, end), ranged)]),
    };
    let mut elements = Vec::new();
    let mut from = start;
    while from < end {
        let to = from.saturating_add(step);
        elements.push(element((from, to), true));
        from = to;
    }
    Ok(elements)
}
