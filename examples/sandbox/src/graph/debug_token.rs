//! `/debug_token`.

use serde_json::{Map, Value, json};

use super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted, is_app_token, read_claims},
};
use crate::token::{Claims, Kind};

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
    put(
        "type",
        json!(match claims.kind {
            Kind::MetaPage => "PAGE",
            Kind::MetaSystemUser => "SYSTEM_USER",
            _ => "USER",
        }),
    );
    put("application", json!(call.shared.config.meta.name));
    put("user_id", json!(claims.person));
    // A system user is no person who could stay away for 90 days.
    let is_person = claims.person != call.shared.config.world.business.system_user;
    let data_access = if is_person { call.state.data_access_ends(claims) / 1000 } else { 0 };
    put("data_access_expires_at", json!(data_access));
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
    let limits: Vec<Value> = scopes.iter().map(|scope| granular(call, claims, scope)).collect();
    put("granular_scopes", json!(limits));
    put("scopes", json!(scopes));
    if let Err(why) = verdict {
        put("error", GraphError::dead_token(why).summary());
    }
    Value::Object(data)
}

/// Permissions that hold for some objects name them; without `target_ids` they hold for all.
fn granular(call: &Call<'_>, claims: &Claims, scope: &str) -> Value {
    let world = &call.shared.config.world;
    let targets: Vec<&str> = match scope {
        "business_management" if claims.kind == Kind::MetaSystemUser => vec![&world.business.id],
        scope if scope.starts_with("whatsapp_") => vec![&world.business.whatsapp_account],
        scope
            if (scope.starts_with("pages_") || scope == "leads_retrieval")
                && world.has_pages(&claims.person) =>
        {
            world.pages.iter().map(|page| page.id.as_str()).collect()
        }
        // The person has no Page: the permission holds for none.
        scope if scope.starts_with("pages_") => Vec::new(),
        _ => return json!({"scope": scope}),
    };
    json!({"scope": scope, "target_ids": targets})
}
