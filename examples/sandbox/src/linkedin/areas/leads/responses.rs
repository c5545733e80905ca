//! `/rest/leadFormResponses`: what members entered.

use axum::response::Response;
use http::Method;
use serde_json::{Value, json};

use super::{
    super::super::{
        answer::{ApiError, entity},
        api::{Call, collection, expect_method},
        restli::{Element, decode_text},
    },
    Lead, finder, form, lead_type, masked, owner, permit, permit_type, seed,
};

pub(super) fn route(call: &mut Call<'_>, path: &[&str]) -> Result<Response, ApiError> {
    let now = call.state.now();
    call.state.linkedin.leads.seed(now);
    match (path, call.request.method.clone()) {
        ([], Method::GET) => {
            expect_method(call, "finder")?;
            by_owner(call)
        }
        ([id], Method::GET) => {
            expect_method(call, "get")?;
            call.query.only(&[])?;
            let id = decode_text(id).ok_or_else(ApiError::not_found)?;
            let lead = call.state.linkedin.leads.leads.iter().find(|lead| lead.id == id).cloned();
            let lead = lead.ok_or_else(ApiError::not_found)?;
            permit(call, "leadFormResponses", "GET", &lead.owner)?;
            permit_type(call, &lead.owner, lead.kind)?;
            let lead = masked(call, represent(&lead));
            Ok(entity(call.state, &lead))
        }
        ([] | [_], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

/// Newest first.
fn by_owner(call: &mut Call<'_>) -> Result<Response, ApiError> {
    call.query.only(&[
        "q",
        "owner",
        "leadType",
        "limitedToTestLeads",
        "submittedAtTimeRange",
        "versionedLeadGenFormUrn",
        "start",
        "count",
    ])?;
    finder(call, "owner")?;
    let owner = owner(call)?;
    let lead_type = lead_type(call)?;
    let lead_type =
        lead_type.ok_or_else(|| ApiError::illegal_argument("Parameter 'leadType' is required"))?;
    permit(call, "leadFormResponses", "FINDER-owner", &owner)?;
    permit_type(call, &owner, lead_type)?;
    let only_tests = match call.query.text("limitedToTestLeads")?.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(ApiError::illegal_argument("Parameter 'limitedToTestLeads' is invalid")),
    };
    let (start, end) = range(call)?;
    let version = call.query.text("versionedLeadGenFormUrn")?;
    let mut found: Vec<Lead> = call.state.linkedin.leads.leads.clone();
    found.retain(|lead| {
        lead.owner == owner
            && lead.kind == lead_type
            && (lead.test || !only_tests)
            && (start..end).contains(&lead.submitted_at)
            && version.as_ref().is_none_or(|version| *version == seed::version_urn(lead.form))
    });
    found.sort_by_key(|lead| std::cmp::Reverse(lead.submitted_at));
    let elements: Vec<Value> = found.iter().map(|lead| masked(call, represent(lead))).collect();
    collection(call, &elements)
}

/// From the first millisecond up to, and without, the last one.
fn range(call: &Call<'_>) -> Result<(i64, i64), ApiError> {
    let Some(range) = call.query.element("submittedAtTimeRange")? else { return Ok((i64::MIN, i64::MAX)) };
    let invalid = || ApiError::illegal_argument("Parameter 'submittedAtTimeRange' is invalid");
    let time = |name: &str, otherwise: i64| match range.field(name) {
        None => Ok(otherwise),
        Some(time) => time.as_text().and_then(|text| text.parse().ok()).ok_or_else(invalid),
    };
    let Element::Record(fields) = &range else { return Err(invalid()) };
    if fields.is_empty() || fields.keys().any(|name| name != "start" && name != "end") {
        return Err(invalid());
    }
    let (start, end) = (time("start", i64::MIN)?, time("end", i64::MAX)?);
    if start <= end { Ok((start, end)) } else { Err(invalid()) }
}

fn represent(lead: &Lead) -> Value {
    let answers: Vec<Value> = lead
        .answers
        .iter()
        .map(|(question, details)| json!({"questionId": question, "answerDetails": details}))
        .collect();
    let metadata = lead.campaign.map(|campaign| json!({"sponsoredLeadMetadata": {"campaign": campaign}}));
    json!({
        "id": lead.id,
        "owner": lead.owner.json(),
        "submitter": "urn:li:person:sbx-Visitor_1",
        "leadType": lead.kind,
        "leadMetadata": metadata.unwrap_or_else(|| json!({})),
        "versionedLeadGenFormUrn": seed::version_urn(lead.form),
        "submittedAt": lead.submitted_at,
        "testLead": lead.test,
        "associatedEntity": lead.entity(),
        "formResponse": {"answers": answers, "consentResponses": [{"consentId": 1, "accepted": true}]},
        "form": form(lead.form).map(|form| form.json()),
    })
}
