//! Faults on demand: the next calls that match are answered badly, late, or not at all.

mod broken;
mod partial;

use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::{
    clock::pause,
    listener::Cut,
    request::{Incoming, PlatformName},
    state::Shared,
};

/// Where a `redirect` fault sends the caller: below the same host.
const REDIRECTED: &str = "/redirected";

/// Longest delay a `slow` fault may ask for.
pub(crate) const MAX_DELAY_MS: u64 = 120_000;

/// Which calls a fault hits; an absent part matches every call.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Match {
    /// `meta`, `instagram`, `threads` or `linkedin`.
    pub(crate) platform: Option<PlatformName>,
    /// Text the path below the host must contain.
    pub(crate) path_contains: Option<String>,
    /// Method, in upper case.
    pub(crate) method: Option<String>,
    /// Text the body must contain: one event, post or person.
    pub(crate) body_contains: Option<String>,
}

/// What happens to the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    Throttle,
    /// The quota of the whole app is used up, not that of one member.
    ThrottleApp,
    ServerError,
    /// Refused for what is in it, without a word about which part.
    Refuse,
    /// Of the conversion events of the request the first half is taken, at least one.
    Partial,
    ExpiredToken,
    Slow,
    Reset,
    /// The call takes effect, then the connection breaks.
    ResetAfterEffect,
    HtmlError,
    /// A page, with status 200.
    Html,
    MalformedJson,
    /// 307 to another path of the same host: a caller that follows sends its form, secrets included, once more.
    Redirect,
    /// A body that does not end.
    Endless,
    /// The platform's error for a dead token or grant, with status 200.
    #[serde(rename = "error_with_200")]
    ErrorWith200,
    /// The right answer, but for an empty `access_token`.
    EmptyToken,
    /// The right answer without `expires_in`.
    NoExpiry,
}

impl FaultKind {
    /// Whether the platform does what it was asked for whatever else happens.
    pub(crate) fn keeps_the_effect(self) -> bool {
        matches!(self, Self::Slow | Self::Partial | Self::EmptyToken | Self::NoExpiry)
    }
}

/// A fault waiting for calls.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    #[serde(rename = "match", default)]
    pub(crate) matcher: Match,
    pub(crate) kind: FaultKind,
    /// Delay of `slow`, in milliseconds.
    #[serde(default)]
    pub(crate) ms: Option<u64>,
    /// How many calls it hits.
    #[serde(default = "once")]
    pub(crate) times: u32,
    /// How many matching calls go through before the first one is hit: a quota.
    #[serde(default)]
    pub(crate) after: u32,
    /// Whether the call takes effect all the same before it is answered badly.
    #[serde(default)]
    pub(crate) after_effect: bool,
}

fn once() -> u32 {
    1
}

impl Fault {
    fn hits(&self, request: &Incoming) -> bool {
        let platform = self.matcher.platform.is_none_or(|wanted| request.area.platform() == Some(wanted));
        let path =
            self.matcher.path_contains.as_ref().is_none_or(|part| request.path.contains(part.as_str()));
        let method = self.matcher.method.as_ref().is_none_or(|method| request.method.as_str() == method);
        let body = self.matcher.body_contains.as_ref().is_none_or(|part| contains(&request.body, part));
        platform && path && method && body
    }
}

fn contains(body: &[u8], part: &str) -> bool {
    part.is_empty() || body.windows(part.len()).any(|window| window == part.as_bytes())
}

/// Takes the first waiting fault that hits this call.
fn take(shared: &Shared, request: &Incoming) -> Option<Fault> {
    let mut state = shared.lock();
    let position = state.faults.iter().position(|fault| fault.hits(request))?;
    let fault = state.faults.get_mut(position)?;
    if fault.after > 0 {
        fault.after = fault.after.saturating_sub(1);
        return None;
    }
    fault.times = fault.times.saturating_sub(1);
    let taken = fault.clone();
    if taken.times == 0 {
        state.faults.remove(position);
    }
    Some(taken)
}

/// Answers a call to a platform, with the fault that waits for it if there is one.
pub(crate) async fn play(
    shared: &Shared,
    request: Incoming,
    cut: &Cut,
    answer: fn(&Shared, &Incoming) -> Response,
) -> Response {
    if request.path == REDIRECTED {
        shared.lock().violation("redirect-followed", &request);
    }
    let Some(fault) = take(shared, &request) else {
        let response = answer(shared, &request);
        shared.lock().record_call(&request, response.status().as_u16());
        return response;
    };
    if fault.kind == FaultKind::Slow {
        pause(Duration::from_millis(fault.ms.unwrap_or_default())).await;
    }
    let effect =
        fault.after_effect || fault.kind == FaultKind::ResetAfterEffect || fault.kind.keeps_the_effect();
    let right = effect.then(|| match fault.kind {
        FaultKind::Partial => answer(shared, &partial::first_half(&request)),
        _ => answer(shared, &request),
    });
    let response = match (fault.kind, right) {
        (FaultKind::Reset | FaultKind::ResetAfterEffect, _) => {
            cut.cut();
            shared.lock().record_call(&request, 0);
            return StatusCode::OK.into_response();
        }
        (FaultKind::EmptyToken, Some(right)) => broken::with_empty_token(right).await,
        (FaultKind::NoExpiry, Some(right)) => broken::without_expiry(right).await,
        (FaultKind::Slow, Some(right)) => right,
        (FaultKind::Partial, Some(right)) => partial::with_the_rest(right, &request).await,
        (kind, _) => broken::answer(shared, &request, kind),
    };
    shared.lock().record_call(&request, response.status().as_u16());
    response
}
