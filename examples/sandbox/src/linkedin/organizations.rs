//! `/rest/organizationAcls`: who has which role in an organization.

use axum::response::Response;
use serde_json::{Value, json};

use super::{
    answer::ApiError,
    api::{Call, collection},
};
use crate::world::LinkedInOrganization;

/// States a role assignment can be in.
const STATES: [&str; 4] = ["APPROVED", "REQUESTED", "REJECTED", "REVOKED"];

/// Whether the token may read an organization's page data.
pub(crate) fn reads_page_data(call: &Call<'_>) -> bool {
    call.claims.has_scope("rw_organization_admin") || call.claims.has_scope("r_organization_admin")
}

/// The member's role in an organization, once it is approved.
pub(crate) fn role<'a>(call: &Call<'a>, urn: &str) -> Option<&'a str> {
    let mut own = assignments(call).filter(|found| found.state == "APPROVED" && found.urn() == urn);
    own.next().map(|found| found.role.as_str())
}

/// The organizations the member has or had a role in.
fn assignments<'a>(call: &Call<'a>) -> impl Iterator<Item = &'a LinkedInOrganization> {
    let world = &call.shared.config.world;
    let has_roles = call.member.id == world.member.id;
    world.organizations.iter().filter(move |_| has_roles)
}

/// `q=roleAssignee`: the caller's own roles; `q=organization`: everyone's, for administrators.
pub(crate) fn acls(call: &mut Call<'_>) -> Result<Response, ApiError> {
    let finder = call.query.text("q")?.ok_or_else(ApiError::method_not_allowed)?;
    let wanted = match finder.as_str() {
        "roleAssignee" => {
            call.query.only(&["q", "role", "state", "start", "count"])?;
            None
        }
        "organization" => {
            call.query.only(&["q", "organization", "role", "state", "start", "count"])?;
            Some(call.query.required("organization")?)
        }
        _ => return Err(ApiError::illegal_argument("Parameter 'q' is invalid")),
    };
    let denied = || ApiError::denied("organizationAcls", &format!("FINDER-{finder}"), Some(&call.version));
    if !reads_page_data(call) {
        return Err(denied());
    }
    if wanted.as_ref().is_some_and(|urn| role(call, urn) != Some("ADMINISTRATOR")) {
        return Err(denied());
    }
    // Roles are an open list, states are not.
    let role = call.query.text("role")?;
    let state = call.query.text("state")?;
    if state.as_ref().is_some_and(|state| !STATES.contains(&state.as_str())) {
        return Err(ApiError::illegal_argument("Parameter 'state' is invalid"));
    }
    let stamp = json!({"actor": call.member.urn(), "time": 1_700_000_000_000_i64});
    let elements: Vec<Value> = assignments(call)
        .filter(|found| wanted.as_ref().is_none_or(|urn| *urn == found.urn()))
        .filter(|found| role.as_ref().is_none_or(|role| *role == found.role))
        .filter(|found| state.as_ref().is_none_or(|state| *state == found.state))
        .map(|found| {
            json!({
                "role": found.role,
                "state": found.state,
                "roleAssignee": call.member.urn(),
                "organization": found.urn(),
                "created": stamp,
                "lastModified": stamp,
            })
        })
        .collect();
    collection(call, &elements)
}
