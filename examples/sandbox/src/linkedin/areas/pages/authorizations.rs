//! `/rest/organizationAuthorizations`: what a member may do in which organization, one answer for each action asked for
//! (LinkedIn: Organization Authorizations).

use axum::response::Response;
use serde_json::{Value, json};

use super::{
    super::super::{
        answer::{ApiError, entity},
        api::{Call, expect_method},
        organizations::reads_page_data,
        restli::Element,
    },
    directory,
};

/// Kinds of actions, and the roles that may do them beside administrators.
const KINDS: [(&str, &[&str]); 7] = [
    ("OrganizationRoleAuthorizationAction", &[]),
    ("OrganizationAdministrativeAuthorizationAction", &[]),
    ("OrganizationContentAuthorizationAction", &["CONTENT_ADMINISTRATOR", "DIRECT_SPONSORED_CONTENT_POSTER"]),
    ("OrganizationProfileAuthorizationAction", &[]),
    ("OrganizationActivityAuthorizationAction", &[]),
    ("OrganizationAnalyticsAuthorizationAction", &["ANALYST", "CONTENT_ADMINISTRATOR"]),
    ("OrganizationApplicationAuthorizationAction", &[]),
];

pub(super) fn find(call: &mut Call<'_>) -> Result<Response, ApiError> {
    expect_method(call, "batch_finder")?;
    if call.query.required("bq")? != "authorizationActionsAndImpersonator" {
        return Err(ApiError::illegal_argument("Parameter 'bq' is invalid"));
    }
    call.query.only(&["bq", "authorizationActions", "impersonator"])?;
    let invalid = || ApiError::illegal_argument("Parameter 'authorizationActions' is invalid");
    let criteria = call.query.element("authorizationActions")?.ok_or_else(invalid)?;
    let criteria = criteria.as_list().filter(|list| !list.is_empty()).ok_or_else(invalid)?;
    let own = call.query.text("impersonator")?.is_none_or(|urn| urn == call.member.urn());
    if !reads_page_data(call) || !own {
        let finder = "BATCH_FINDER-authorizationActionsAndImpersonator";
        return Err(ApiError::denied("organizationAuthorizations", finder, Some(&call.version)));
    }
    let elements: Vec<Value> = criteria
        .iter()
        .map(|criterion| match allowed(call, criterion) {
            Ok(elements) => {
                let total = elements.len();
                json!({
                    "elements": elements,
                    "paging": {"start": 0, "count": 10, "total": total, "links": []},
                    "isError": false,
                })
            }
            Err(error) => json!({"elements": [], "error": error.body(), "isError": true}),
        })
        .collect();
    Ok(entity(call.state, &json!({"elements": elements})))
}

/// The organizations in which the caller may do what one criterion says.
fn allowed(call: &Call<'_>, criterion: &Element) -> Result<Vec<Value>, ApiError> {
    let invalid =
        || ApiError::illegal_argument("Parameter 'authorizationActions' is invalid: not a known action");
    let (kind, action) = criterion.union().ok_or_else(invalid)?;
    // Two forms are in use: the union inside a member and with small first letters, or, as in the manuals of
    // LinkedIn's client libraries, alone and with capital ones.
    let (first, kind, action) = match kind {
        "authorizationAction" => {
            let (kind, action) = action.union().ok_or_else(invalid)?;
            ('o', kind, action)
        }
        _ => ('O', kind, action),
    };
    let rest = kind.strip_prefix(first).ok_or_else(invalid)?;
    let mut kinds = KINDS.iter();
    let (_, roles) = kinds.find(|(known, _)| known.strip_prefix('O') == Some(rest)).ok_or_else(invalid)?;
    let action = action.field("actionType").and_then(Element::as_text).ok_or_else(invalid)?;
    let entries = directory::all(call).into_iter().filter(|entry| {
        entry.parent.is_none()
            && entry.role.as_deref().is_some_and(|role| role == "ADMINISTRATOR" || roles.contains(&role))
    });
    let represent = |entry: directory::Entry| {
        json!({
            "authorizationAction": {kind: {"actionType": action}},
            "impersonator": call.member.urn(),
            "organization": entry.urn,
            "status": {"approved": {}},
        })
    };
    Ok(entries.map(represent).collect())
}
