//! Figures of organizations, posts, videos and members.

mod followers;
mod intervals;
mod members;
mod pages;
mod shares;
mod videos;

use axum::response::Response;
use http::Method;
use serde_json::{Value, json};

use super::{
    super::{
        answer::{ApiError, entity},
        api::{Call, expect_method},
        calendar::day_of,
        organizations::reads_page_data,
    },
    pages::directory,
};
use crate::graph::areas::insights::figure;

/// Resources that are only read, by finders.
const RESOURCES: [&str; 8] = [
    "organizationalEntityShareStatistics",
    "organizationalEntityFollowerStatistics",
    "organizationPageStatistics",
    "brandPageStatistics",
    "memberCreatorPostAnalytics",
    "memberCreatorVideoAnalytics",
    "memberFollowersCount",
    "videoAnalytics",
];

/// Answers what is its own.
pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Option<Result<Response, ApiError>> {
    match path {
        [resource] if RESOURCES.contains(resource) => Some(answer(call, resource)),
        _ => None,
    }
}

fn answer(call: &mut Call<'_>, resource: &str) -> Result<Response, ApiError> {
    if call.request.method != Method::GET {
        return Err(ApiError::method_not_allowed());
    }
    expect_method(call, "finder")?;
    let elements = match resource {
        "organizationalEntityShareStatistics" => shares::find(call),
        "organizationalEntityFollowerStatistics" => followers::find(call),
        "organizationPageStatistics" => pages::find(call, resource, "organization"),
        "brandPageStatistics" => pages::find(call, resource, "brand"),
        "memberCreatorPostAnalytics" => members::posts(call),
        "memberCreatorVideoAnalytics" => members::videos(call),
        "memberFollowersCount" => members::followers(call),
        _ => videos::find(call),
    }?;
    let total = elements.len();
    // One answer has everything: there are no pages of figures.
    let body =
        json!({"elements": elements, "paging": {"start": 0, "count": 10, "total": total, "links": []}});
    Ok(entity(call.state, &body))
}

/// Checks which finder is asked for.
fn finder(call: &Call<'_>, known: &[&str]) -> Result<String, ApiError> {
    let finder = call.query.required("q")?;
    if known.contains(&finder.as_str()) {
        return Ok(finder);
    }
    Err(ApiError::illegal_argument("Parameter 'q' is invalid"))
}

/// A parameter that is one of these words.
fn word(call: &Call<'_>, name: &str, known: &[&str]) -> Result<Option<String>, ApiError> {
    match call.query.text(name)? {
        Some(word) if !known.contains(&word.as_str()) => {
            Err(ApiError::illegal_argument(format!("Parameter '{name}' is invalid")))
        }
        word => Ok(word),
    }
}

/// The organization or brand whose figures are asked for: administrators may see them.
fn administered(call: &Call<'_>, resource: &str, parameter: &str) -> Result<String, ApiError> {
    let urn = call.query.required(parameter)?;
    let kinds: &[&str] = match parameter {
        "organization" => &["urn:li:organization:"],
        "brand" => &["urn:li:organizationBrand:"],
        _ => &["urn:li:organization:", "urn:li:organizationBrand:"],
    };
    if !kinds.iter().any(|kind| urn.starts_with(kind)) {
        return Err(ApiError::illegal_argument(format!("Parameter '{parameter}' is invalid")));
    }
    if reads_page_data(call) && directory::administers(call, &urn) {
        return Ok(urn);
    }
    Err(ApiError::denied(resource, &format!("FINDER-{parameter}"), Some(&call.version)))
}

/// Today's day number.
fn today(call: &Call<'_>) -> i64 {
    day_of(call.state.now())
}

/// The sum of a figure over the days from `start` to before `end`.
fn sum(name: &str, id: &str, (start, end): (i64, i64)) -> i64 {
    (start..end).map(|day| figure(name, id, day)).sum()
}

/// Puts fields into an element.
fn with(mut element: Value, fields: &[(&str, Value)]) -> Value {
    if let Some(object) = element.as_object_mut() {
        object.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    }
    element
}
