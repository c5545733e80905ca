//! Looking organizations up, alone and together, and how many follow them (LinkedIn: Organization Lookup API).

use axum::response::Response;
use serde_json::{Value, json};

use super::{
    super::super::{
        answer::{ApiError, batch, entity},
        api::{Call, collection, expect_method, urn},
        organizations::reads_page_data,
        restli::decode_text,
    },
    directory::{self, Entry},
    sees_pages,
};
use crate::graph::areas::insights::figure;

fn number(text: &str) -> Result<&str, ApiError> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text)
    } else {
        Err(ApiError::illegal_argument("Syntax exception in path variables"))
    }
}

/// `GET /organizations/{id}` and `GET /organizationBrands/{id}`.
pub(super) fn one(call: &mut Call<'_>, key: &str, brand: bool) -> Result<Response, ApiError> {
    expect_method(call, "get")?;
    call.query.only(&[])?;
    let resource = if brand { "organizationBrands" } else { "organizations" };
    let id = decode_text(key).unwrap_or_default();
    let id = number(&id)?;
    if !sees_pages(call) {
        return Err(ApiError::denied(resource, "GET", Some(&call.version)));
    }
    let mut found = directory::all(call).into_iter().filter(|entry| !brand || entry.parent.is_some());
    let entry = found.find(|entry| entry.id == id).ok_or_else(ApiError::not_found)?;
    Ok(entity(call.state, &entry.represent()))
}

/// Finders of `/organizations`, and `ids=List(…)` for administrators.
pub(super) fn many(call: &mut Call<'_>) -> Result<Response, ApiError> {
    let Some(finder) = call.query.text("q")? else { return administered(call) };
    expect_method(call, "finder")?;
    let parameter = match finder.as_str() {
        "vanityName" => "vanityName",
        "emailDomain" => "emailDomain",
        "parentOrganization" => "parent",
        _ => return Err(ApiError::illegal_argument("Parameter 'q' is invalid")),
    };
    call.query.only(&["q", parameter, "start", "count"])?;
    let wanted = call.query.required(parameter)?;
    if !sees_pages(call) {
        return Err(ApiError::denied("organizations", &format!("FINDER-{finder}"), Some(&call.version)));
    }
    let fits = |entry: &Entry| match parameter {
        "vanityName" => entry.vanity() == wanted,
        "emailDomain" => entry.mail_domain() == wanted,
        _ => entry.parent.as_ref() == Some(&wanted),
    };
    let elements: Vec<Value> =
        directory::all(call).iter().filter(|entry| fits(entry)).map(Entry::represent).collect();
    collection(call, &elements)
}

fn ids(call: &Call<'_>) -> Result<Vec<String>, ApiError> {
    expect_method(call, "batch_get")?;
    call.query.only(&["ids"])?;
    let ids = call.query.texts("ids")?.ok_or_else(ApiError::method_not_allowed)?;
    for id in &ids {
        number(id)?;
    }
    Ok(ids)
}

/// Each key of an organization that the caller does not administer is refused; the others are answered.
fn administered(call: &mut Call<'_>) -> Result<Response, ApiError> {
    let ids = ids(call)?;
    let denied = || ApiError::denied("organizations", "BATCH_GET", Some(&call.version));
    if !reads_page_data(call) {
        return Err(denied());
    }
    let entries = directory::all(call);
    let fate = |id: &String| match entries.iter().find(|entry| entry.id == *id) {
        Some(entry) if entry.is_administered() => Ok(entry.represent()),
        Some(_) => Err(denied()),
        None => Err(ApiError::not_found()),
    };
    let fates = ids.iter().map(|id| (id.clone(), fate(id))).collect();
    Ok(batch(call.state, fates))
}

/// `GET /organizationsLookup?ids=List(…)`: what everybody sees. Keys nobody has are in no part of the answer.
pub(super) fn public(call: &mut Call<'_>) -> Result<Response, ApiError> {
    let ids = ids(call)?;
    if !sees_pages(call) {
        return Err(ApiError::denied("organizationsLookup", "BATCH_GET", Some(&call.version)));
    }
    let entries = directory::all(call).into_iter().filter(|entry| ids.contains(&entry.id));
    let fates = entries.map(|entry| (entry.id.clone(), Ok(Value::Object(entry.shown_to_all())))).collect();
    Ok(batch(call.state, fates))
}

/// `GET /networkSizes/{urn}?edgeType=…`.
pub(super) fn followers(call: &mut Call<'_>, key: &str) -> Result<Response, ApiError> {
    expect_method(call, "get")?;
    call.query.only(&["edgeType"])?;
    let urn = urn(key)?;
    match call.query.required("edgeType")?.as_str() {
        "COMPANY_FOLLOWED_BY_MEMBER" | "CompanyFollowedByMember" => {}
        _ => return Err(ApiError::illegal_argument("Parameter 'edgeType' is invalid")),
    }
    if !sees_pages(call) {
        return Err(ApiError::denied("networkSizes", "GET", Some(&call.version)));
    }
    directory::find(call, &urn).ok_or_else(ApiError::not_found)?;
    Ok(entity(call.state, &json!({"firstDegreeSize": figure("followers", &urn, 0) * 41})))
}
