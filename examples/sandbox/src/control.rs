//! The control API below `/_sandbox/`.

mod people;
mod script_login;
mod trigger;

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    config::is_webhook_target,
    faults::{Fault, FaultKind, MAX_DELAY_MS},
    request::{Incoming, PlatformName},
    state::Shared,
    token::Kind,
    webhooks::{Platform, handshake},
};

/// First parts of the controls' paths.
const CONTROLS: [&str; 11] = [
    "state",
    "faults",
    "webhooks",
    "trigger",
    "tokens",
    "clock",
    "person",
    "permissions",
    "remove-app",
    "change-password",
    "script-login",
];

/// Longest step of the clock: ten years.
const MAX_ADVANCE: i64 = 10 * 366 * 86_400;
/// Most faults that wait at a time.
const MAX_FAULTS: usize = 1000;

/// A refusal that says what to do (RFC 9457).
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    title: &'static str,
    detail: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, title, detail: detail.into() }
    }

    fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad control request", detail)
    }

    fn respond(&self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        (self.status, headers, body.to_string()).into_response()
    }
}

/// Answers a call to the control API.
pub(crate) async fn handle(shared: &Shared, request: &Incoming) -> Response {
    match answer(shared, request).await {
        Ok(value) => {
            let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
            (StatusCode::OK, headers, value.to_string()).into_response()
        }
        Err(problem) => problem.respond(),
    }
}

async fn answer(shared: &Shared, request: &Incoming) -> Result<Value, Problem> {
    let segments = request.segments();
    match (segments.as_slice(), &request.method) {
        (["state"], &Method::GET) => Ok(state(shared)),
        (["faults"], &Method::POST) => add_fault(shared, read(request)?),
        (["faults"], &Method::DELETE) => {
            let mut state = shared.lock();
            let removed = state.faults.len();
            state.faults.clear();
            Ok(json!({ "removed": removed }))
        }
        (["webhooks"], &Method::POST) => set_webhooks(shared, read(request)?).await,
        (["trigger"], &Method::POST) => trigger::fire(shared, read(request)?),
        (["tokens", "expire"], &Method::POST) => expire(shared, &read(request)?),
        (["clock"], &Method::POST) => advance(shared, &read(request)?),
        (["person"], &Method::POST) => people::sign_in(shared, &read(request)?),
        (["permissions"], &Method::POST) => people::set_permission(shared, &read(request)?),
        (["remove-app"], &Method::POST) => Ok(people::remove_app(shared, &read(request)?)),
        (["change-password"], &Method::POST) => people::change_password(shared, &read(request)?),
        (["script-login"], &Method::POST) => script_login::play(shared, &read(request)?),
        ([name] | [name, "expire"], _) if CONTROLS.contains(name) => Err(Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method not allowed",
            "GET reads state; POST changes the rest; DELETE clears faults",
        )),
        _ => Err(Problem::new(
            StatusCode::NOT_FOUND,
            "no such control",
            "controls are state, faults, webhooks, trigger, tokens/expire, clock, person, permissions, remove-app, \
             change-password and script-login",
        )),
    }
}

/// The JSON body. Its media type keeps web pages of other origins from sending one.
fn read<T: DeserializeOwned>(request: &Incoming) -> Result<T, Problem> {
    if request.media_type().as_deref() != Some("application/json") {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not JSON",
            "send the body with Content-Type: application/json",
        ));
    }
    serde_json::from_slice(&request.body).map_err(|error| Problem::bad(format!("body: {error}")))
}

fn state(shared: &Shared) -> Value {
    let people = people::signed_in(shared);
    let state = shared.lock();
    let mut value = serde_json::to_value(state.snapshot()).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.insert("faults".to_owned(), json!(state.faults));
        fields.insert(
            "clock".to_owned(),
            json!({"now": state.now_seconds(), "ahead_seconds": state.ahead / 1000}),
        );
        let targets = json!({"meta": state.meta_webhook, "linkedin": state.linkedin_webhook});
        fields.insert("webhooks".to_owned(), targets);
        fields.insert("people".to_owned(), people);
    }
    value
}

fn add_fault(shared: &Shared, fault: Fault) -> Result<Value, Problem> {
    if fault.times == 0 {
        return Err(Problem::bad("times: a fault hits at least one call"));
    }
    match (fault.kind, fault.ms) {
        (FaultKind::Slow, Some(ms)) if ms <= MAX_DELAY_MS => {}
        (FaultKind::Slow, _) => {
            return Err(Problem::bad(format!(
                "ms: a slow fault needs a delay of at most {MAX_DELAY_MS} milliseconds"
            )));
        }
        (_, Some(_)) => return Err(Problem::bad("ms: only a slow fault has a delay")),
        (_, None) => {}
    }
    if fault.kind.keeps_the_effect() && fault.after_effect {
        return Err(Problem::bad("after_effect: a call with this fault takes effect anyway"));
    }
    let method = fault.matcher.method.as_deref();
    if method.is_some_and(|method| !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method)) {
        return Err(Problem::bad("match.method: write the method in upper case, for example POST"));
    }
    let mut state = shared.lock();
    if state.faults.len() >= MAX_FAULTS {
        return Err(Problem::bad("too many faults wait: DELETE /_sandbox/faults first"));
    }
    state.faults.push(fault);
    Ok(json!({ "waiting": state.faults.len() }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhooks {
    meta: Option<Target>,
    linkedin: Option<Target>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    /// `null` unregisters.
    url: Option<String>,
}

/// Registers targets. As on the platforms, one that fails its handshake is not registered.
async fn set_webhooks(shared: &Shared, wanted: Webhooks) -> Result<Value, Problem> {
    let mut results = serde_json::Map::new();
    for (platform, target) in [(Platform::Meta, wanted.meta), (Platform::LinkedIn, wanted.linkedin)] {
        let Some(Target { url }) = target else { continue };
        if let Some(url) = &url {
            if !is_webhook_target(url) {
                return Err(Problem::bad("url: webhooks only go to http addresses on this machine"));
            }
            let handshake = handshake::shake(shared, platform, url).await;
            if !handshake.verified {
                let detail = format!("{}: {}", handshake.platform, handshake.detail);
                return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "handshake failed", detail));
            }
            results.insert(platform.name().to_owned(), json!(handshake));
        }
        let mut state = shared.lock();
        match platform {
            Platform::Meta => state.meta_webhook = url,
            Platform::LinkedIn => state.linkedin_webhook = url,
        }
    }
    Ok(Value::Object(results))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expire {
    platform: Option<PlatformName>,
    kind: Option<TokenName>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TokenName {
    /// User tokens of Facebook, Instagram and Threads, short and long.
    User,
    /// Facebook system user tokens.
    SystemUser,
    /// Page tokens.
    Page,
    /// LinkedIn access tokens.
    Access,
    /// LinkedIn refresh tokens.
    Refresh,
}

/// Makes the tokens issued until now expire.
fn expire(shared: &Shared, wanted: &Expire) -> Result<Value, Problem> {
    let all = [
        (TokenName::User, Kind::MetaUserShort),
        (TokenName::User, Kind::MetaUserLong),
        (TokenName::User, Kind::InstagramShort),
        (TokenName::User, Kind::InstagramLong),
        (TokenName::User, Kind::ThreadsShort),
        (TokenName::User, Kind::ThreadsLong),
        (TokenName::SystemUser, Kind::MetaSystemUser),
        (TokenName::Page, Kind::MetaPage),
        (TokenName::Access, Kind::LinkedInAccess),
        (TokenName::Access, Kind::LinkedInApp),
        (TokenName::Refresh, Kind::LinkedInRefresh),
    ];
    let chosen: Vec<Kind> = all
        .into_iter()
        .filter(|(_, kind)| wanted.platform.is_none_or(|platform| platform == kind.platform()))
        .filter(|(name, _)| wanted.kind.is_none_or(|kind| kind == *name))
        .map(|(_, kind)| kind)
        .collect();
    if chosen.is_empty() {
        return Err(Problem::bad(
            "kind: meta has user, system_user and page tokens, instagram and threads have user tokens, linkedin has \
             access and refresh tokens",
        ));
    }
    let mut state = shared.lock();
    for kind in &chosen {
        state.expire(*kind);
    }
    Ok(json!({"expired_kinds": chosen.len()}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: i64,
}

fn advance(shared: &Shared, wanted: &Advance) -> Result<Value, Problem> {
    let mut state = shared.lock();
    let ahead = state.ahead.saturating_add(wanted.advance_seconds.saturating_mul(1000));
    if wanted.advance_seconds < 0 || ahead > MAX_ADVANCE * 1000 {
        return Err(Problem::bad("advance_seconds: the clock goes forward, by ten years at most"));
    }
    state.ahead = ahead;
    Ok(json!({"now": state.now_seconds(), "ahead_seconds": ahead / 1000}))
}
