//! Plays `api.linkedin.com`: headers, versions, and which resource answers.

use axum::response::Response;
use http::Method;

use super::{
    answer::ApiError,
    me, organizations, posts,
    restli::{Query, decode_text},
    token, tunnel, userinfo,
};
use crate::{
    config::SandboxConfig,
    request::Incoming,
    state::{Shared, State},
    token::{Claims, Kind},
    world::LinkedInMember,
};

/// A call that carries a good token, the right headers and a well-formed query.
pub(crate) struct Call<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) state: &'a mut State,
    pub(crate) request: &'a Incoming,
    pub(crate) claims: Claims,
    /// Whose token it is.
    pub(crate) member: &'a LinkedInMember,
    /// `YYYYMM`
    pub(crate) version: String,
    pub(crate) query: Query,
}

/// Answers a call to `api.linkedin.com`.
pub(crate) fn handle(shared: &Shared, request: &Incoming) -> Response {
    let mut state = shared.lock();
    match answer(shared, &mut state, request) {
        Ok(response) => response,
        Err(error) => error.respond_with(&mut state),
    }
}

fn answer(shared: &Shared, state: &mut State, request: &Incoming) -> Result<Response, ApiError> {
    let request = &tunnel::unwrap(request)?;
    let segments = request.segments();
    let path = match segments.as_slice() {
        ["rest", path @ ..] => path,
        ["v2", "userinfo"] => {
            let (claims, member) = authenticate(shared, state, request)?;
            if request.method != Method::GET {
                return Err(ApiError::method_not_allowed());
            }
            return userinfo::read(state, member, &claims);
        }
        _ => return Err(ApiError::no_resource(&request.path)),
    };
    let (claims, member) = authenticate(shared, state, request)?;
    let version = version(&shared.config, request)?;
    match request.header("x-restli-protocol-version") {
        Some("2.0.0") => {}
        _ => return Err(ApiError::illegal_argument("X-RestLi-Protocol-Version must be 2.0.0")),
    }
    let query = Query::read(&request.query)?;
    let mut call = Call { shared, state, request, claims, member, version, query };
    route(&mut call, path)
}

fn authenticate<'a>(
    shared: &'a Shared,
    state: &mut State,
    request: &Incoming,
) -> Result<(Claims, &'a LinkedInMember), ApiError> {
    if request.query_form().get("oauth2_access_token").is_some() {
        state.violation("token-in-query", request);
    }
    let token = request.authorization(&["Bearer"]).ok_or_else(ApiError::empty_token)?;
    let claims = token::read(shared, token).filter(|claims| claims.kind != Kind::LinkedInRefresh);
    let claims = claims.ok_or_else(ApiError::invalid_token)?;
    state.check(&claims).map_err(ApiError::dead_token)?;
    if claims.kind == Kind::LinkedInApp {
        // What is played here is done for a member.
        let resource = request.segments().get(1).copied().unwrap_or_default().to_owned();
        return Err(ApiError::denied(&resource, request.method.as_str(), None));
    }
    let member = shared.config.world.linkedin_member(&claims.person).ok_or_else(ApiError::invalid_token)?;
    Ok((claims, member))
}

/// The version asked for: `YYYYMM`, perhaps with a revision.
fn version(config: &SandboxConfig, request: &Incoming) -> Result<String, ApiError> {
    let Some(asked) = request.header("linkedin-version").filter(|text| !text.is_empty()) else {
        let message =
            "A version must be present. Please specify a version by adding the LinkedIn-Version header.";
        return Err(ApiError::new(400, message).code("VERSION_MISSING"));
    };
    let (month, revision) = asked.split_once('.').map_or((asked, None), |(month, rest)| (month, Some(rest)));
    let revision_fits =
        revision.is_none_or(|text| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()));
    if revision_fits && config.linkedin_versions.iter().any(|version| version == month) {
        return Ok(month.to_owned());
    }
    Err(ApiError::new(426, format!("Requested version {month}01 is not active")).code("NONEXISTENT_VERSION"))
}

/// Checks the `X-RestLi-Method` header, where one is sent, against what the call is.
fn expect_method(call: &Call<'_>, method: &str) -> Result<(), ApiError> {
    match call.request.header("x-restli-method") {
        Some(sent) if !sent.eq_ignore_ascii_case(method) => {
            Err(ApiError::illegal_argument(format!("X-RestLi-Method {sent} does not fit this call")))
        }
        _ => Ok(()),
    }
}

fn route(call: &mut Call<'_>, path: &[&str]) -> Result<Response, ApiError> {
    match (path, call.request.method.clone()) {
        (["me"], Method::GET) => {
            expect_method(call, "get")?;
            me::read(call)
        }
        (["organizationAcls"], Method::GET) => {
            expect_method(call, "finder")?;
            organizations::acls(call)
        }
        (["posts"], Method::POST) => {
            expect_method(call, "create")?;
            posts::create(call)
        }
        (["posts"], Method::GET) => {
            expect_method(call, "finder")?;
            posts::by_author(call)
        }
        (["posts", key], Method::GET) => {
            expect_method(call, "get")?;
            posts::read(call, &urn(key)?)
        }
        (["posts", key], Method::DELETE) => {
            expect_method(call, "delete")?;
            posts::delete(call, &urn(key)?)
        }
        (["me" | "organizationAcls" | "posts"] | ["posts", _], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

/// A URN as path key: fully encoded.
fn urn(key: &str) -> Result<String, ApiError> {
    let text = decode_text(key).filter(|text| text.starts_with("urn:li:"));
    text.ok_or_else(|| ApiError::illegal_argument("Syntax exception in path variables"))
}

/// One page of a finder: `{elements, paging}` with links to its neighbours.
pub(crate) fn collection(call: &mut Call<'_>, elements: &[serde_json::Value]) -> Result<Response, ApiError> {
    let start = call.query.number("start")?.unwrap_or(0);
    let count = call.query.number("count")?.unwrap_or(10);
    if count == 0 || count > 100 {
        return Err(ApiError::illegal_argument("Parameter 'count' is invalid"));
    }
    let total = elements.len();
    let end = start.saturating_add(count).min(total);
    let page = elements.get(start.min(total)..end).unwrap_or_default();
    let rest: Vec<String> = call.query.without(&["start", "count"]).collect();
    let link = |rel: &str, start: usize| {
        let href = format!("{}?{}&start={start}&count={count}", call.request.path, rest.join("&"));
        serde_json::json!({"rel": rel, "href": href, "type": "application/json"})
    };
    let mut links = Vec::new();
    if start > 0 {
        links.push(link("prev", start.saturating_sub(count)));
    }
    if end < total {
        links.push(link("next", end));
    }
    let body = serde_json::json!({
        "elements": page,
        "paging": {"start": start, "count": count, "total": total, "links": links},
    });
    Ok(super::answer::entity(call.state, &body))
}
