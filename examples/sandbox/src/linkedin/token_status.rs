//! `/oauth/v2/introspectToken` and `/oauth/v2/revoke`.

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::token::{authenticate, form, json_answer, read, required};
use crate::{
    request::Incoming,
    state::{Dead, Shared, State},
    token::{Claims, Kind},
};

pub(super) fn introspect(shared: &Shared, request: &Incoming) -> Response {
    let answer = form(request).and_then(|form| {
        authenticate(shared, &form)?;
        let token = required(&form, "token")?;
        let state = shared.lock();
        Ok(match read(shared, token) {
            None => json!({"active": false}),
            Some(claims) => describe(&state, &claims),
        })
    });
    match answer {
        Ok(body) => json_answer(200, &body),
        Err(refusal) => refusal.respond(),
    }
}

fn describe(state: &State, claims: &Claims) -> Value {
    let status = match state.check(claims) {
        Ok(()) => "active",
        Err(Dead::Expired) => "expired",
        Err(Dead::Revoked | Dead::AppRemoved | Dead::PasswordChanged) => "revoked",
    };
    let of_app = claims.kind == Kind::LinkedInApp;
    let mut body = json!({
        "active": status == "active",
        "status": status,
        "client_id": claims.app,
        "authorized_at": claims.consented.unwrap_or(claims.issued) / 1000,
        "created_at": claims.issued / 1000,
        "expires_at": claims.expires.map(|expires| expires / 1000),
        "auth_type": if of_app { "2L" } else { "3L" },
    });
    if let (false, Some(fields)) = (of_app, body.as_object_mut()) {
        fields.insert("scope".to_owned(), json!(claims.scopes.replace(' ', ",")));
    }
    body
}

pub(super) fn revoke(shared: &Shared, request: &Incoming) -> Response {
    let answer = form(request).and_then(|form| {
        authenticate(shared, &form)?;
        let claims = read(shared, required(&form, "token")?);
        if let Some(claims) = claims {
            shared.lock().revoke(&claims);
        }
        Ok(())
    });
    match answer {
        Ok(()) => StatusCode::OK.into_response(),
        Err(refusal) => refusal.respond(),
    }
}
