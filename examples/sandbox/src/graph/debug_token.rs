//! `/debug_token`.

use serde_json::{Map, Value, json};

use super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted, is_app_token, read_claims},
};
use crate::token::{Claims, Kind};

/// How long an app may read a person's data after they last used it, in milliseconds.
const DATA_ACCESS_LIFE: i64 = 90 * 86_400 * 1000;

pub(crate) fn inspect(call: &mut Call<'_>) -> Outcome {
    if Caller::of(call)?.is_none() {
        return Err(GraphError::parameter(
            "You must provide an app access token, or a user access token that is an owner or developer of the app",
        ));
    }
    let token = call.params.required("input_token")?;
    if is_app_token(call.shared, &token) {
        return Ok(json!({"data": {
            "app_id": call.shared.config.meta.id,
            "type": "APP",
            "application": call.shared.config.meta.name,
            "is_valid": true,
            "scopes": [],
        }}));
    }
    let Some(claims) = read_claims(call.shared, &token) else {
        return Ok(json!({"data": {
            "error": {"code": 190, "message": "Invalid OAuth access token."},
            "is_valid": false,
            "scopes": [],
        }}));
    };
    Ok(json!({"data": describe(call, &claims)}))
}

fn describe(call: &Call<'_>, claims: &Claims) -> Value {
    let mut data = Map::new();
    let mut put = |name: &str, value: Value| data.insert(name.to_owned(), value);
    put("app_id", json!(claims.app));
    put("type", json!(if claims.kind == Kind::MetaPage { "PAGE" } else { "USER" }));
    put("application", json!(call.shared.config.meta.name));
    put("user_id", json!(claims.person));
    put("data_access_expires_at", json!((claims.issued.saturating_add(DATA_ACCESS_LIFE)) / 1000));
    put("expires_at", json!(claims.expires.map_or(0, |expires| expires / 1000)));
    if claims.kind != Kind::MetaUserShort {
        put("issued_at", json!(claims.issued / 1000));
    }
    if let Some(page) = &claims.page {
        put("profile_id", json!(page));
    }
    let verdict = call.state.check(claims);
    put("is_valid", json!(verdict.is_ok()));
    let scopes: Vec<&str> = claims.scope_list().filter(|scope| granted(call, claims, scope)).collect();
    put("granular_scopes", json!(scopes.iter().map(|scope| granular(call, scope)).collect::<Vec<_>>()));
    put("scopes", json!(scopes));
    if let Err(why) = verdict {
        put("error", GraphError::dead_token(why).summary());
    }
    Value::Object(data)
}

/// Page permissions name the Pages they hold for.
fn granular(call: &Call<'_>, scope: &str) -> Value {
    if !scope.starts_with("pages_") {
        return json!({"scope": scope});
    }
    let pages: Vec<&str> = call.shared.config.world.pages.iter().map(|page| page.id.as_str()).collect();
    json!({"scope": scope, "target_ids": pages})
}
