//! Tokens of the business's system user, made by the business itself.

use serde_json::{Value, json};

use super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
    login::{LONG_LIFE, issue},
};
use crate::{
    facebook::ask::is_permission,
    request::PlatformName,
    state::Dead,
    token::{Claims, Kind},
};

/// `POST /{system_user}/access_tokens`.
pub(super) fn create(call: &mut Call<'_>, caller: &Caller) -> Outcome {
    administrator(call, caller)?;
    call.params.only(&["business_app", "scope", "page_id", "set_token_expires_in_60_days"])?;
    if call.params.required("business_app")? != call.shared.config.meta.id {
        return Err(GraphError::parameter("Param business_app must be the id of the app of this call."));
    }
    let scopes = scopes(call)?.ok_or_else(|| GraphError::parameter("The parameter scope is required."))?;
    let token = make(call, scopes)?;
    Ok(json!({ "access_token": token }))
}

/// `DELETE /{system_user}/access_tokens`: ends all of them.
pub(super) fn revoke_all(call: &mut Call<'_>, caller: &Caller) -> Outcome {
    administrator(call, caller)?;
    call.params.only(&[])?;
    let system_user = &call.shared.config.world.business.system_user;
    call.state.end_tokens_of(PlatformName::Meta, system_user, Dead::Revoked);
    call.state.system_user_token = None;
    Ok(json!({"success": true}))
}

/// `POST /{business}/system_user_access_tokens`: the token the business has given the app, or another like it.
pub(super) fn for_client_business(call: &mut Call<'_>, caller: &Caller) -> Outcome {
    administrator(call, caller)?;
    call.params.only(&["fetch_only", "asset", "scope", "system_user_id", "set_token_expires_in_60_days"])?;
    let wanted = call.params.text("system_user_id")?;
    if wanted.is_some_and(|id| id != call.shared.config.world.business.system_user) {
        return Err(GraphError::parameter("Param system_user_id is no system user of this business."));
    }
    let given = call.state.system_user_token.clone().filter(|claims| call.state.check(claims).is_ok());
    let given = given.ok_or_else(|| GraphError::parameter("The business has not given the app a token."))?;
    if call.params.boolean("fetch_only")? == Some(true) {
        return Ok(json!({"access_token": call.shared.signer.write(&given)}));
    }
    let scopes = scopes(call)?.unwrap_or_else(|| given.scopes.clone());
    if scopes.split(' ').any(|scope| !given.has_scope(scope)) {
        return Err(GraphError::permission("The business has not granted all permissions of the scope."));
    }
    let token = make(call, scopes)?;
    Ok(json!({ "access_token": token }))
}

/// Somebody of the business with `business_management`, whose call proves that the app's secret is known: here that
/// is always needed.
fn administrator<'a>(call: &Call<'_>, caller: &'a Caller) -> Result<&'a Claims, GraphError> {
    let claims = caller.user()?;
    if call.params.text("appsecret_proof")?.is_none() {
        let message = "API calls from the server require an appsecret_proof argument";
        return Err(GraphError::new(400, 100, message).kind("GraphMethodException"));
    }
    let of_business = call.shared.config.world.has_pages(&claims.person);
    if of_business && granted(call, claims, "business_management") {
        Ok(claims)
    } else {
        Err(GraphError::permission("Requires business_management permission to manage the object"))
    }
}

/// The permissions asked for, separated by spaces.
fn scopes(call: &Call<'_>) -> Result<Option<String>, GraphError> {
    let Some(list) = call.params.list("scope")?.filter(|list| !list.is_empty()) else { return Ok(None) };
    match list.iter().find(|scope| !is_permission(scope)) {
        Some(unknown) => {
            Err(GraphError::parameter(format!("Param scope names {unknown}, which does not exist.")))
        }
        None => Ok(Some(list.join(" "))),
    }
}

fn make(call: &mut Call<'_>, scopes: String) -> Result<Value, GraphError> {
    let ends = call.params.boolean("set_token_expires_in_60_days")? == Some(true);
    let system_user = &call.shared.config.world.business.system_user;
    let life = ends.then_some(LONG_LIFE);
    let claims = issue(call.shared, call.state, Kind::MetaSystemUser, system_user, scopes, life);
    Ok(json!(call.shared.signer.write(&claims)))
}
