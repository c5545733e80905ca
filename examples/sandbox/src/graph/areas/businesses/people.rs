//! The people and system users of a business.

use serde_json::{Value, json};

use super::super::super::{Call, Outcome, answer::GraphError};
use super::selected;
use crate::token::Claims;

/// Roles of a system user.
const ROLES: [&str; 2] = ["ADMIN", "EMPLOYEE"];
/// Most system users a business has without asking for more: one administrator and one employee at first.
const MOST: usize = 10;

/// A system user that was made.
#[derive(Debug, Clone)]
pub(super) struct SystemUser {
    id: String,
    name: String,
    role: String,
}

/// `POST /{business}/system_users`.
pub(super) fn create(call: &mut Call<'_>, claims: &Claims) -> Outcome {
    call.params.only(&["name", "role", "system_user_id"])?;
    if claims.person == call.shared.config.world.business.system_user {
        // The one of this world is no administrator.
        return Err(GraphError::permission("Only an administrator of the business may do this."));
    }
    let name = call.params.required("name")?;
    let role = call.params.text("role")?.unwrap_or_else(|| "EMPLOYEE".to_owned());
    if !ROLES.contains(&role.as_str()) {
        return Err(GraphError::parameter(format!(
            "Param role must be one of {{ADMIN, EMPLOYEE}} - got {role}"
        )));
    }
    if call.state.areas.businesses.system_users.len() >= MOST {
        return Err(GraphError::parameter("The business has as many system users as it may have."));
    }
    let id = format!("101600000{:08}", call.state.number().saturating_add(9_000_000));
    call.state.areas.businesses.system_users.push(SystemUser { id: id.clone(), name, role });
    Ok(json!({"id": id}))
}

pub(super) fn system_users(call: &Call<'_>) -> Result<Vec<Value>, GraphError> {
    let business = &call.shared.config.world.business;
    let first = json!({"id": business.system_user, "name": business.system_user_name, "role": "EMPLOYEE"});
    let made = &call.state.areas.businesses.system_users;
    let made = made.iter().map(|user| json!({"id": user.id, "name": user.name, "role": user.role}));
    let rows = std::iter::once(first).chain(made).collect();
    let known = [
        "id",
        "name",
        "role",
        "system_user_id",
        "created_by",
        "created_time",
        "finance_permission",
        "ip_permission",
        "email",
    ];
    selected(call, "SystemUser", rows, &known, &["id", "name", "role"])
}

pub(super) fn business_users(call: &Call<'_>) -> Result<Vec<Value>, GraphError> {
    let world = &call.shared.config.world;
    let user = json!({
        // Not the id of the person: the business has one of its own for each.
        "id": "122100000000001", "name": world.user.name, "email": world.user.email, "role": "ADMIN",
        "business": {"id": world.business.id, "name": super::BUSINESS_NAME},
        "first_name": "Ada", "last_name": "Sandbox",
    });
    let known = [
        "id",
        "name",
        "email",
        "role",
        "business",
        "first_name",
        "last_name",
        "title",
        "two_fac_status",
        "finance_permission",
        "ip_permission",
        "marked_for_removal",
        "pending_email",
        "active_until",
        "tasks",
        "user",
    ];
    selected(call, "BusinessUser", vec![user], &known, &["id", "name", "role"])
}
