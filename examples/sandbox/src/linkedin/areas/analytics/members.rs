//! Figures of a member's own posts, videos and followers (LinkedIn: Member Post Analytics, Member Follower Statistics).

use serde_json::{Value, json};

use super::{
    super::super::{
        answer::ApiError,
        api::Call,
        calendar::{self, record},
    },
    finder,
    intervals::Span,
    sum, today, with, word,
};
use crate::graph::areas::insights::figure;

const QUERY_TYPES: [&str; 5] = ["IMPRESSION", "MEMBERS_REACHED", "RESHARE", "REACTION", "COMMENT"];
/// Known from version 202604 on.
const NEWER_QUERY_TYPES: [&str; 6] = [
    "POST_SAVE",
    "POST_SEND",
    "LINK_CLICKS",
    "PREMIUM_CTA_CLICKS",
    "FOLLOWER_GAINED_FROM_CONTENT",
    "PROFILE_VIEW_FROM_CONTENT",
];
const VIDEO_QUERY_TYPES: [&str; 3] = ["VIDEO_PLAY", "VIDEO_VIEWER", "VIDEO_WATCH_TIME"];
/// Days without a range, counted back from today.
const RECENT: i64 = 7;
/// Class of `metricType` before it became a word of its own.
const METRIC_CLASS: &str = "com.linkedin.adsexternalapi.memberanalytics.v1.CreatorPostAnalyticsMetricTypeV1";
const VIDEO_METRIC_CLASS: &str =
    "com.linkedin.adsexternalapi.memberanalytics.v1.CreatorVideoAnalyticsMetricTypeV1";

/// Figures of one resource.
struct Resource {
    name: &'static str,
    class: &'static str,
    query_types: Vec<&'static str>,
}

pub(super) fn posts(call: &Call<'_>) -> Result<Vec<Value>, ApiError> {
    since(call, "202506")?;
    let mut query_types = QUERY_TYPES.to_vec();
    if call.version.as_str() >= "202604" {
        query_types.extend(NEWER_QUERY_TYPES);
    }
    let resource = Resource { name: "memberCreatorPostAnalytics", class: METRIC_CLASS, query_types };
    let finder = finder(call, &["me", "entity"])?;
    creator(call, &resource, &finder)
}

pub(super) fn videos(call: &Call<'_>) -> Result<Vec<Value>, ApiError> {
    since(call, "202506")?;
    let query_types = VIDEO_QUERY_TYPES.to_vec();
    let resource = Resource { name: "memberCreatorVideoAnalytics", class: VIDEO_METRIC_CLASS, query_types };
    let finder = finder(call, &["entity"])?;
    creator(call, &resource, &finder)
}

/// The resource is not there in older versions.
fn since(call: &Call<'_>, version: &str) -> Result<(), ApiError> {
    if call.version.as_str() < version { Err(ApiError::no_resource(&call.request.path)) } else { Ok(()) }
}

fn denied(call: &Call<'_>, resource: &str, finder: &str) -> ApiError {
    ApiError::denied(resource, &format!("FINDER-{finder}"), Some(&call.version))
}

fn creator(call: &Call<'_>, resource: &Resource, finder: &str) -> Result<Vec<Value>, ApiError> {
    let one_post = finder == "entity";
    let known = ["q", "queryType", "aggregation", "dateRange", "entity"];
    call.query.only(known.get(..if one_post { 5 } else { 4 }).unwrap_or_default())?;
    let query_type = word(call, "queryType", &resource.query_types)?;
    let query_type =
        query_type.ok_or_else(|| ApiError::illegal_argument("Parameter 'queryType' is required"))?;
    let daily = word(call, "aggregation", &["TOTAL", "DAILY"])?.is_some_and(|word| word == "DAILY");
    if daily && (query_type == "MEMBERS_REACHED" || (query_type == "IMPRESSION" && one_post)) {
        let message = format!("aggregation DAILY is not supported for queryType {query_type}");
        return Err(ApiError::illegal_argument(message));
    }
    let range = calendar::range(call, "dateRange")?;
    if !call.claims.has_scope("r_member_postAnalytics") {
        return Err(denied(call, resource.name, finder));
    }
    let target = if one_post { Some(target(call)?) } else { None };
    let id = target.as_ref().map_or_else(|| call.member.urn(), |(_, urn)| urn.clone());
    let metric_type = if call.version.as_str() < "202605" {
        json!({resource.class: query_type})
    } else {
        json!(query_type)
    };
    let element = |span: Span, dated: bool| {
        let mut element = json!({"count": sum(&query_type, &id, span), "metricType": metric_type});
        if let Some((name, urn)) = &target {
            element = with(element, &[("targetEntity", json!({name.as_str(): urn}))]);
        }
        if dated { with(element, &[("dateRange", date_range(span))]) } else { element }
    };
    // The end is taken as the first day that does not count any more.
    let tomorrow = today(call).saturating_add(1);
    let span = range.map(|(start, end)| (start, end.unwrap_or(tomorrow).min(tomorrow)));
    if daily {
        let (start, end) = span.unwrap_or((tomorrow.saturating_sub(RECENT), tomorrow));
        return Ok((start..end).map(|day| element((day, day.saturating_add(1)), true)).collect());
    }
    let lifetime = (tomorrow.saturating_sub(365), tomorrow);
    Ok(vec![element(span.unwrap_or(lifetime), span.is_some())])
}

fn date_range((start, end): Span) -> Value {
    json!({"start": record(start), "end": record(end)})
}

/// The post asked about: `(share:…)` or `(ugc:…)`, one of the member's own.
fn target(call: &Call<'_>) -> Result<(String, String), ApiError> {
    let invalid = || ApiError::illegal_argument("Parameter 'entity' is invalid");
    let entity = call.query.element("entity")?.ok_or_else(invalid)?;
    let (name, urn) = entity.union().ok_or_else(invalid)?;
    let urn = urn.as_text().ok_or_else(invalid)?;
    let kind = match name {
        "share" => "urn:li:share:",
        "ugc" => "urn:li:ugcPost:",
        _ => return Err(invalid()),
    };
    if !urn.starts_with(kind) {
        return Err(invalid());
    }
    let own = call.member.urn();
    let mut posts = call.state.linkedin_posts.iter();
    let found = posts.any(|post| post.urn == urn && post.author == own && !post.deleted);
    if found { Ok((name.to_owned(), urn.to_owned())) } else { Err(ApiError::not_found()) }
}

/// How many follow the member: `q=me` for all time, `q=dateRange` by day.
pub(super) fn followers(call: &Call<'_>) -> Result<Vec<Value>, ApiError> {
    since(call, "202504")?;
    let finder = finder(call, &["me", "dateRange"])?;
    let by_day = finder == "dateRange";
    call.query.only(if by_day { &["q", "dateRange"] } else { &["q"] })?;
    let range = calendar::range(call, "dateRange")?;
    if !call.claims.has_scope("r_member_profileAnalytics") {
        return Err(denied(call, "memberFollowersCount", &finder));
    }
    let urn = call.member.urn();
    if !by_day {
        return Ok(vec![json!({"memberFollowersCount": figure("followers", &urn, 0) * 11})]);
    }
    let (start, end) =
        range.ok_or_else(|| ApiError::illegal_argument("Parameter 'dateRange' is required"))?;
    let tomorrow = today(call).saturating_add(1);
    let day = |day: i64| {
        let count = figure("new-followers", &urn, day) / 10;
        json!({"memberFollowersCount": count, "dateRange": date_range((day, day.saturating_add(1)))})
    };
    Ok((start..end.unwrap_or(tomorrow).min(tomorrow)).map(day).collect())
}
