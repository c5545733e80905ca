//! `/rest/organizationAcls`: the member's roles in organizations.

use axum::response::Response;
use serde_json::{Value, json};

use super::{
    answer::ApiError,
    api::{Call, collection},
};

pub(crate) fn acls(call: &mut Call<'_>) -> Result<Response, ApiError> {
    match call.query.text("q")?.as_deref() {
        Some("roleAssignee") => {}
        Some(_) => {
            return Err(ApiError::illegal_argument(
                "Parameter 'q' is invalid: the sandbox plays roleAssignee",
            ));
        }
        None => return Err(ApiError::method_not_allowed()),
    }
    call.query.only(&["q", "role", "state", "start", "count"])?;
    if !call.claims.has_scope("rw_organization_admin") && !call.claims.has_scope("r_organization_admin") {
        return Err(ApiError::denied("organizationAcls", "FINDER-roleAssignee", Some(&call.version)));
    }
    let role = call.query.text("role")?;
    let state = call.query.text("state")?;
    let world = &call.shared.config.world;
    let stamp = json!({"actor": call.member.urn(), "time": 1_700_000_000_000_i64});
    let elements: Vec<Value> = world
        .organizations
        .iter()
        .filter(|_| call.member.id == world.member.id)
        .filter(|organization| role.as_ref().is_none_or(|role| *role == organization.role))
        .filter(|organization| state.as_ref().is_none_or(|state| *state == organization.state))
        .map(|organization| {
            json!({
                "role": organization.role,
                "state": organization.state,
                "roleAssignee": call.member.urn(),
                "organization": organization.urn(),
                "created": stamp,
                "lastModified": stamp,
            })
        })
        .collect();
    collection(call, &elements)
}
