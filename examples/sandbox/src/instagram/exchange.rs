//! `POST /oauth/access_token`: a code for a token of one hour.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use super::Site;
use crate::{
    mac::same,
    multipart,
    request::{Form, Incoming},
    state::{Shared, State},
    token::{Claims, Kind},
};

/// Life of an authorization code, in milliseconds.
const CODE_LIFE: i64 = 60 * 60 * 1000;
/// Life of a token straight from the dialog, in seconds.
const SHORT_LIFE: i64 = 3600;
/// Life of a long-lived token, in seconds.
pub(super) const LONG_LIFE: i64 = 5_183_944;

/// The error object of this endpoint, which is not the Graph API's.
#[derive(Debug)]
pub(crate) struct FlatError(pub(crate) &'static str);

impl FlatError {
    pub(crate) fn respond(&self) -> Response {
        self.with_code(400)
    }

    /// With another status, which the body repeats.
    pub(crate) fn with_code(&self, code: u16) -> Response {
        let body = json!({"error_type": "OAuthException", "code": code, "error_message": self.0});
        json_answer(StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST), &body)
    }
}

fn json_answer(status: StatusCode, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache, no-store, must-revalidate")),
    ];
    (status, headers, body.to_string()).into_response()
}

pub(super) fn handle(shared: &Shared, request: &Incoming, site: Site) -> Response {
    match exchange(shared, request, site) {
        Ok(body) => json_answer(StatusCode::OK, &body),
        Err(error) => error.respond(),
    }
}

fn exchange(shared: &Shared, request: &Incoming, site: Site) -> Result<Value, FlatError> {
    if request.method != Method::POST {
        return Err(FlatError("The request method must be POST"));
    }
    // Whatever is in a JSON body, the platform sees no parameters.
    let form = multipart::form(request).unwrap_or_default();
    let app = site.app(&shared.config);
    if required(&form, "client_id", "The client_id is required")? != app.id {
        return Err(FlatError("Invalid platform app"));
    }
    if !same(required(&form, "client_secret", "The client_secret is required")?, app.secret) {
        return Err(FlatError("Error validating client secret"));
    }
    if required(&form, "grant_type", "The grant_type is required")? != "authorization_code" {
        return Err(FlatError("Invalid grant_type"));
    }
    let redirect = required(&form, "redirect_uri", "The redirect_uri is required")?;
    let code = required(&form, "code", "The code is required")?;
    let mut state = shared.lock();
    let now = state.now();
    let stored = state.site_codes.get(code).filter(|stored| stored.platform == site.platform());
    let stored = stored.ok_or(FlatError("Matching code was not found or was already used"))?;
    if stored.issued.saturating_add(CODE_LIFE) <= now {
        return Err(FlatError("This authorization code has expired"));
    }
    if stored.redirect != redirect {
        return Err(FlatError(
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used \
             in the OAuth dialog request",
        ));
    }
    let stored = stored.clone();
    state.site_codes.remove(code);
    let token =
        issue(shared, &mut state, site, site.short(), &stored.person, stored.scopes.clone(), SHORT_LIFE);
    Ok(answer(shared, site, &token, &stored.person, &stored.scopes))
}

fn required<'a>(form: &'a Form, name: &str, missing: &'static str) -> Result<&'a str, FlatError> {
    if form.all(name).count() > 1 {
        return Err(FlatError("A parameter was sent twice"));
    }
    form.filled(name).ok_or(FlatError(missing))
}

/// Each site answers in a shape of its own, and Instagram in two.
fn answer(shared: &Shared, site: Site, token: &str, person: &str, scopes: &str) -> Value {
    // A number beyond 2^53 loses its last digits in a client that reads it as a floating-point number.
    let number = person.parse::<u64>().map_or_else(|_| json!(person), |number| json!(number));
    match site {
        Site::Threads => json!({"access_token": token, "user_id": number}),
        Site::Instagram if shared.config.instagram.flat_answers => {
            let permissions: Vec<&str> = scopes.split(' ').collect();
            json!({"access_token": token, "user_id": number, "permissions": permissions})
        }
        Site::Instagram => json!({"data": [
            {"access_token": token, "user_id": person, "permissions": scopes.replace(' ', ",")},
        ]}),
    }
}

/// A new token, as it is written.
pub(super) fn issue(
    shared: &Shared,
    state: &mut State,
    site: Site,
    kind: Kind,
    person: &str,
    scopes: String,
    life: i64,
) -> String {
    let issued = state.issue_time();
    shared.signer.write(&Claims {
        kind,
        app: site.app(&shared.config).id.to_owned(),
        person: person.to_owned(),
        page: None,
        scopes,
        issued,
        expires: Some(issued.saturating_add(life.saturating_mul(1000))),
        consented: None,
    })
}

/// A long-lived token of whoever is signed in, without a dialog.
pub(crate) fn issue_directly(shared: &Shared, site: Site, permissions: &[&str]) -> String {
    let mut state = shared.lock();
    let person = state.signed_in(site.platform()).to_owned();
    issue(shared, &mut state, site, site.long(), &person, permissions.join(" "), LONG_LIFE)
}
