//! `/oauth/v2/accessToken`.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    codes::LinkedInCode,
    mac::same,
    request::{Form, Incoming, PlatformName},
    state::{Dead, Shared, State},
    token::{Claims, Kind},
};

/// Life of an authorization code, in milliseconds.
const CODE_LIFE: i64 = 30 * 60 * 1000;
/// Life of an access token, in seconds: 60 days.
const ACCESS_LIFE: i64 = 5_184_000;
/// Life of a refresh token, in seconds: 365 days from the first consent.
const REFRESH_LIFE: i64 = 31_536_000;
/// Life of an app's own token, in seconds: 30 minutes.
const APP_LIFE: i64 = 1800;

/// An OAuth error: status, `error`, `error_description`.
pub(super) struct Refusal(u16, &'static str, String);

impl Refusal {
    fn unauthenticated() -> Self {
        Self(401, "invalid_client", "Client authentication failed".to_owned())
    }

    fn missing(name: &str) -> Self {
        Self(400, "invalid_request", format!("A required parameter \"{name}\" is missing"))
    }

    pub(super) fn respond(self) -> Response {
        let Self(status, error, description) = self;
        json_answer(status, &json!({"error": error, "error_description": description}))
    }
}

pub(super) fn json_answer(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store")),
    ];
    (status, headers, body.to_string()).into_response()
}

/// The form of a call that is made the one way this host takes: POST, form-encoded.
pub(super) fn form(request: &Incoming) -> Result<Form, Refusal> {
    if request.method != Method::POST {
        return Err(Refusal(400, "invalid_request", "The request method must be POST".to_owned()));
    }
    if request.media_type().as_deref() != Some("application/x-www-form-urlencoded") {
        // Whatever is in such a body, the platform sees no parameters.
        return Err(Refusal::missing("grant_type"));
    }
    Ok(Form::parse(&request.body))
}

pub(super) fn required<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refusal> {
    if form.all(name).count() > 1 {
        return Err(Refusal(400, "invalid_request", format!("The parameter \"{name}\" was sent twice")));
    }
    form.filled(name).ok_or_else(|| Refusal::missing(name))
}

/// Checks the client credentials; they travel in the body.
pub(super) fn authenticate(shared: &Shared, form: &Form) -> Result<(), Refusal> {
    let id = required(form, "client_id")?;
    let secret = required(form, "client_secret")?;
    check_client_id(shared, id)?;
    if !same(secret, &shared.config.linkedin.secret) {
        return Err(Refusal::unauthenticated());
    }
    Ok(())
}

fn check_client_id(shared: &Shared, id: &str) -> Result<(), Refusal> {
    if id == shared.config.linkedin.id {
        Ok(())
    } else {
        Err(Refusal(401, "invalid_client_id", "Client authentication failed".to_owned()))
    }
}

pub(crate) fn exchange(shared: &Shared, request: &Incoming) -> Response {
    let granted = form(request).and_then(|form| {
        let grant = required(&form, "grant_type")?;
        match grant {
            "authorization_code" => from_code(shared, &form),
            "refresh_token" => from_refresh(shared, &form),
            "client_credentials" => for_app(shared, &form),
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
    let mut state = shared.lock();
    let stored = state.linkedin_codes.get(code).cloned();
    authenticate_for_code(shared, form, stored.as_ref())?;
    let Some(stored) = stored else {
        return Err(Refusal(401, "invalid_request", "authorization code not found".to_owned()));
    };
    let expired = stored.issued.saturating_add(CODE_LIFE) <= state.now();
    let verifier = form.get("code_verifier");
    let unproven = stored.challenge.as_ref().is_some_and(|challenge| !challenge.is_met_by(verifier));
    if expired || unproven || stored.redirect != redirect {
        let message = "Unable to retrieve access token: appid/redirect uri/code verifier does not match \
                       authorization code. Or authorization code expired. Or external member binding exists";
        return Err(Refusal(400, "invalid_redirect_uri", message.to_owned()));
    }
    state.linkedin_codes.remove(code);
    Ok(grant(shared, &mut state, &stored))
}

/// A verifier takes the place of the secret in the native flow. The standard flow knows no verifier and takes it for
/// a failed client authentication.
fn authenticate_for_code(shared: &Shared, form: &Form, stored: Option<&LinkedInCode>) -> Result<(), Refusal> {
    if form.get("code_verifier").is_none() {
        return authenticate(shared, form);
    }
    check_client_id(shared, required(form, "client_id")?)?;
    let standard = stored.is_some_and(|stored| stored.challenge.is_none());
    if standard || form.get("client_secret").is_some() {
        return Err(Refusal::unauthenticated());
    }
    Ok(())
}

/// Tokens for a member. Agreeing to another set of scopes ends the member's tokens of the set before.
fn grant(shared: &Shared, state: &mut State, code: &LinkedInCode) -> Value {
    let mut set: Vec<&str> = code.scopes.split(' ').collect();
    set.sort_unstable();
    let set = set.join(" ");
    if state.linkedin_scopes.get(&code.person).is_some_and(|before| *before != set) {
        state.end_tokens_of(PlatformName::Linkedin, &code.person, Dead::Revoked);
    }
    state.linkedin_scopes.insert(code.person.clone(), set);
    let new = New { shared, person: &code.person, scopes: &code.scopes, consented: None };
    let access = new.issue(state, Kind::LinkedInAccess, ACCESS_LIFE);
    let mut body = json!({
        "access_token": shared.signer.write(&access),
        "expires_in": ACCESS_LIFE,
        "scope": code.scopes.replace(' ', ","),
        "token_type": "Bearer",
    });
    // Without a secret there is no way to use one.
    let native = code.challenge.is_some();
    if shared.config.linkedin.refresh_tokens
        && !native
        && let Some(fields) = body.as_object_mut()
    {
        let refresh = new.issue(state, Kind::LinkedInRefresh, REFRESH_LIFE);
        fields.insert("refresh_token".to_owned(), json!(shared.signer.write(&refresh)));
        fields.insert("refresh_token_expires_in".to_owned(), json!(REFRESH_LIFE));
    }
    body
}

/// A token to be made.
struct New<'a> {
    shared: &'a Shared,
    person: &'a str,
    scopes: &'a str,
    consented: Option<i64>,
}

impl New<'_> {
    fn issue(&self, state: &mut State, kind: Kind, life: i64) -> Claims {
        let issued = state.issue_time();
        Claims {
            kind,
            app: self.shared.config.linkedin.id.clone(),
            person: self.person.to_owned(),
            page: None,
            scopes: self.scopes.to_owned(),
            issued,
            expires: Some(issued.saturating_add(life.saturating_mul(1000))),
            consented: self.consented,
        }
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
    // No access token outlives the consent.
    let life = ACCESS_LIFE.min(remaining);
    let consented = Some(claims.issued);
    let new = New { shared, person: &claims.person, scopes: &claims.scopes, consented };
    let access = new.issue(&mut state, Kind::LinkedInAccess, life);
    Ok(json!({
        "access_token": shared.signer.write(&access),
        "expires_in": life,
        "refresh_token": token,
        "refresh_token_expires_in": remaining,
        "scope": claims.scopes.replace(' ', ","),
        "token_type": "Bearer",
    }))
}

/// The app's own token (two-legged).
fn for_app(shared: &Shared, form: &Form) -> Result<Value, Refusal> {
    authenticate(shared, form)?;
    if !shared.config.linkedin.client_credentials {
        let message = "This application is not allowed to create application tokens";
        return Err(Refusal(401, "access_denied", message.to_owned()));
    }
    let new = New { shared, person: "", scopes: "", consented: None };
    let claims = new.issue(&mut shared.lock(), Kind::LinkedInApp, APP_LIFE);
    // Here the life has been seen as text.
    Ok(json!({"access_token": shared.signer.write(&claims), "expires_in": APP_LIFE.to_string()}))
}

/// The claims of a token of this client, good or not.
pub(crate) fn read(shared: &Shared, token: &str) -> Option<Claims> {
    let claims = shared.signer.read(token)?;
    let ours = claims.kind.platform() == PlatformName::Linkedin && claims.app == shared.config.linkedin.id;
    ours.then_some(claims)
}

/// A member token without a login.
pub(crate) fn issue_directly(shared: &Shared, scopes: &[&str]) -> String {
    let mut state = shared.lock();
    let person = state.signed_in(PlatformName::Linkedin).to_owned();
    let new = New { shared, person: &person, scopes: &scopes.join(" "), consented: None };
    let claims = new.issue(&mut state, Kind::LinkedInAccess, ACCESS_LIFE);
    shared.signer.write(&claims)
}
