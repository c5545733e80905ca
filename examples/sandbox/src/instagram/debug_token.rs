//! `/debug_token` of Threads (Threads API: Debug Access Token). Instagram has none.

use serde_json::{Value, json};

use super::api::{Call, Outcome, check, presented};
use crate::{graph::answer::GraphError, token::Claims};

/// Asked with the token of a tester of the app. Everybody the sandbox knows is one.
pub(super) fn inspect(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["input_token"])?;
    let tester = presented(call)?.ok_or_else(GraphError::no_token)?;
    check(call, &tester)?;
    let token = call.params.required("input_token")?;
    let claims = call.shared.signer.read(&token).filter(|claims| call.is_ours(claims));
    let Some(claims) = claims else {
        let error = json!({"code": 190, "message": "Invalid OAuth access token."});
        return Ok(json!({"data": {"error": error, "is_valid": false, "scopes": []}}));
    };
    Ok(json!({"data": describe(call, &claims)}))
}

/// The answer does not name the app.
fn describe(call: &Call<'_>, claims: &Claims) -> Value {
    let verdict = call.state.check(claims);
    let scopes: Vec<&str> = claims.scope_list().collect();
    let mut data = json!({
        "type": "USER",
        "application": call.site.app(&call.shared.config).name,
        "data_access_expires_at": call.state.data_access_ends(claims) / 1000,
        "expires_at": claims.expires.map_or(0, |expires| expires / 1000),
        "issued_at": claims.issued / 1000,
        "is_valid": verdict.is_ok(),
        "scopes": scopes,
        "user_id": claims.person,
    });
    if let (Err(why), Some(fields)) = (verdict, data.as_object_mut()) {
        fields.insert("error".to_owned(), GraphError::dead_token(why).summary());
    }
    data
}
