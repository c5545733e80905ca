//! `/oauth/v2/accessToken`, `/introspectToken` and `/revoke`.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    mac::same,
    request::{Form, Incoming},
    state::{Dead, Shared, State},
    token::{Claims, Kind},
};

/// Life of an authorization code, in milliseconds.
const CODE_LIFE: i64 = 30 * 60 * 1000;
/// Life of an access token, in seconds: 60 days.
const ACCESS_LIFE: i64 = 5_184_000;
/// Life of a refresh token, in seconds: 365 days from the first consent.
const REFRESH_LIFE: i64 = 31_536_000;

/// An OAuth error: status, `error`, `error_description`.
struct Refusal(u16, &'static str, String);

impl Refusal {
    fn missing(name: &str) -> Self {
        Self(400, "invalid_request", format!("A required parameter \"{name}\" is missing"))
    }

    fn respond(self) -> Response {
        let Self(status, error, description) = self;
        json_answer(status, &json!({"error": error, "error_description": description}))
    }
}

fn json_answer(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store")),
    ];
    (status, headers, body.to_string()).into_response()
}

/// The form of a call that is made the one way this host takes: POST, form-encoded.
fn form(request: &Incoming) -> Result<Form, Refusal> {
    if request.method != Method::POST {
        return Err(Refusal(400, "invalid_request", "The request method must be POST".to_owned()));
    }
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        // Whatever is in such a body, the platform sees no parameters.
        return Err(Refusal::missing("grant_type"));
    }
    Ok(Form::parse(&request.body))
}

fn required<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refusal> {
    if form.all(name).count() > 1 {
        return Err(Refusal(400, "invalid_request", format!("The parameter \"{name}\" was sent twice")));
    }
    form.filled(name).ok_or_else(|| Refusal::missing(name))
}

/// Checks the client credentials; they travel in the body.
fn authenticate(shared: &Shared, form: &Form) -> Result<(), Refusal> {
    let id = required(form, "client_id")?;
    let secret = required(form, "client_secret")?;
    let app = &shared.config.linkedin;
    if id != app.id {
        return Err(Refusal(401, "invalid_client_id", "Client authentication failed".to_owned()));
    }
    if !same(secret, &app.secret) {
        return Err(Refusal(401, "invalid_client", "Client authentication failed".to_owned()));
    }
    Ok(())
}

pub(crate) fn exchange(shared: &Shared, request: &Incoming) -> Response {
    let granted = form(request).and_then(|form| {
        let grant = required(&form, "grant_type")?;
        match grant {
            "authorization_code" => from_code(shared, &form),
            "refresh_token" => from_refresh(shared, &form),
            "client_credentials" => {
                authenticate(shared, &form)?;
                let message = "This application is not allowed to create application tokens";
                Err(Refusal(401, "access_denied", message.to_owned()))
            }
            _ => Err(Refusal(400, "invalid_request", "The grant_type is not supported".to_owned())),
        }
    });
    match granted {
        Ok(body) => json_answer(200, &body),
        Err(refusal) => refusal.respond(),
    }
}

fn from_code(shared: &Shared, form: &Form) -> Result<Value, Refusal> {
    let code = required(form, "code")?;
    let redirect = required(form, "redirect_uri")?;
    if form.get("code_verifier").is_some() {
        // The standard flow knows no verifier and takes it for a failed client authentication.
        return Err(Refusal(401, "invalid_client", "Client authentication failed".to_owned()));
    }
    authenticate(shared, form)?;
    let mut state = shared.lock();
    let now = state.now();
    let Some(stored) = state.linkedin_codes.get(code) else {
        return Err(Refusal(401, "invalid_request", "authorization code not found".to_owned()));
    };
    if stored.redirect != redirect || stored.issued.saturating_add(CODE_LIFE) <= now {
        let message = "Unable to retrieve access token: appid/redirect uri/code verifier does not match \
                       authorization code. Or authorization code expired. Or external member binding exists";
        return Err(Refusal(400, "invalid_redirect_uri", message.to_owned()));
    }
    let scopes = stored.scopes.clone();
    state.linkedin_codes.remove(code);
    Ok(grant(shared, &mut state, &scopes))
}

/// Tokens for these scopes. Agreeing to another set of scopes ends the tokens of the set before.
fn grant(shared: &Shared, state: &mut State, scopes: &str) -> Value {
    let mut set: Vec<&str> = scopes.split(' ').collect();
    set.sort_unstable();
    let set = set.join(" ");
    if state.linkedin_scopes.as_ref().is_some_and(|before| *before != set) {
        state.linkedin_regranted_at = state.issue_time();
    }
    state.linkedin_scopes = Some(set);
    let access = issue(shared, state, Kind::LinkedInAccess, scopes, ACCESS_LIFE);
    let mut body = json!({
        "access_token": shared.signer.write(&access),
        "expires_in": ACCESS_LIFE,
        "scope": scopes.replace(' ', ","),
        "token_type": "Bearer",
    });
    if shared.config.linkedin.refresh_tokens
        && let Some(fields) = body.as_object_mut()
    {
        let refresh = issue(shared, state, Kind::LinkedInRefresh, scopes, REFRESH_LIFE);
        fields.insert("refresh_token".to_owned(), json!(shared.signer.write(&refresh)));
        fields.insert("refresh_token_expires_in".to_owned(), json!(REFRESH_LIFE));
    }
    body
}

fn issue(shared: &Shared, state: &mut State, kind: Kind, scopes: &str, life: i64) -> Claims {
    let issued = state.issue_time();
    Claims {
        kind,
        app: shared.config.linkedin.id.clone(),
        person: shared.config.world.member.id.clone(),
        page: None,
        scopes: scopes.to_owned(),
        issued,
        expires: Some(issued.saturating_add(life.saturating_mul(1000))),
    }
}

/// A new access token; the refresh token stays, and so does the day it ends.
fn from_refresh(shared: &Shared, form: &Form) -> Result<Value, Refusal> {
    let token = required(form, "refresh_token")?;
    authenticate(shared, form)?;
    let mut state = shared.lock();
    let claims = read(shared, token).filter(|claims| claims.kind == Kind::LinkedInRefresh);
    let good = claims.filter(|claims| shared.config.linkedin.refresh_tokens && state.check(claims).is_ok());
    let Some(claims) = good else {
        let message = "The provided refresh token is invalid, expired or revoked";
        return Err(Refusal(400, "invalid_request", message.to_owned()));
    };
    let remaining = claims.expires.unwrap_or_default().saturating_sub(state.now()) / 1000;
    let access = issue(shared, &mut state, Kind::LinkedInAccess, &claims.scopes, ACCESS_LIFE);
    Ok(json!({
        "access_token": shared.signer.write(&access),
        "expires_in": ACCESS_LIFE,
        "refresh_token": token,
        "refresh_token_expires_in": remaining,
        "scope": claims.scopes.replace(' ', ","),
        "token_type": "Bearer",
    }))
}

/// The claims of a token of this client, good or not.
pub(crate) fn read(shared: &Shared, token: &str) -> Option<Claims> {
    let claims = shared.signer.read(token)?;
    (!claims.kind.is_meta() && claims.app == shared.config.linkedin.id).then_some(claims)
}

pub(crate) fn introspect(shared: &Shared, request: &Incoming) -> Response {
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
        Err(Dead::Revoked | Dead::AppRemoved) => "revoked",
    };
    json!({
        "active": status == "active",
        "status": status,
        "client_id": claims.app,
        "scope": claims.scopes.replace(' ', ","),
        "authorized_at": claims.issued / 1000,
        "created_at": claims.issued / 1000,
        "expires_at": claims.expires.map(|expires| expires / 1000),
        "auth_type": "3L",
    })
}

pub(crate) fn revoke(shared: &Shared, request: &Incoming) -> Response {
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

/// A member token without a login.
pub(crate) fn issue_directly(shared: &Shared, scopes: &[&str]) -> String {
    let mut state = shared.lock();
    let claims = issue(shared, &mut state, Kind::LinkedInAccess, &scopes.join(" "), ACCESS_LIFE);
    shared.signer.write(&claims)
}
