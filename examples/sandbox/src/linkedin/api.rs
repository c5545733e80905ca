//! Plays `api.linkedin.com`: headers, versions, and which resource answers.

use axum::response::Response;
use http::Method;

use super::{
    answer::ApiError,
    areas, connections, me, organizations, posts,
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
    /// `YYYYMM`; empty for an unversioned call.
    pub(crate) version: String,
    pub(crate) query: Query,
}

impl Call<'_> {
    /// Whether the call is to the API without versions.
    pub(crate) fn is_unversioned(&self) -> bool {
        self.version.is_empty()
    }
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
    if lacks_length(request) {
        return Err(ApiError::new(411, "Content-Length is missing").code("LENGTH_REQUIRED"));
    }
    let request = &tunnel::unwrap(request)?;
    let segments = request.segments();
    let path = match segments.as_slice() {
        ["rest", path @ ..] => path,
        ["v2", "socialActions", ..] => return unversioned(shared, state, request),
        ["v2", "userinfo"] => {
            let (claims, member) = authenticate(shared, state, request)?;
            if request.method != Method::GET {
                return Err(ApiError::method_not_allowed());
            }
            return userinfo::read(state, member, &claims);
        }
        ["v2", "connections", key] => {
            let (claims, member) = authenticate(shared, state, request)?;
            if request.method != Method::GET {
                return Err(ApiError::method_not_allowed());
            }
            return connections::read(state, member, &claims, key);
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
    fits(request, &query)?;
    let mut call = Call { shared, state, request, claims, member, version, query };
    route(&mut call, path)
}

/// What is left of the API before versions: comments and likes. Without its header the protocol is the first one.
fn unversioned(shared: &Shared, state: &mut State, request: &Incoming) -> Result<Response, ApiError> {
    let (claims, member) = authenticate(shared, state, request)?;
    if request
        .header("x-restli-protocol-version")
        .is_some_and(|version| !matches!(version, "1.0.0" | "2.0.0"))
    {
        return Err(ApiError::illegal_argument("X-RestLi-Protocol-Version must be 1.0.0 or 2.0.0"));
    }
    let query = Query::read(&request.query)?;
    fits(request, &query)?;
    let mut call = Call { shared, state, request, claims, member, version: String::new(), query };
    let no_resource = || Err(ApiError::no_resource(&request.path));
    let segments = request.segments();
    areas::social::route(&mut call, segments.get(1..).unwrap_or_default()).unwrap_or_else(no_resource)
}

/// A POST without a body must say so.
fn lacks_length(request: &Incoming) -> bool {
    let told = ["content-length", "transfer-encoding"].iter().any(|name| request.headers.contains_key(*name));
    request.method == Method::POST && request.body.is_empty() && !told
}

/// Checks the `X-RestLi-Method` header, where one is sent, against the HTTP method and the query.
fn fits(request: &Incoming, query: &Query) -> Result<(), ApiError> {
    if !request.headers.contains_key("x-restli-method") {
        return Ok(());
    }
    let sent = request.header("x-restli-method").unwrap_or_default().to_ascii_lowercase();
    let several = query.has("ids");
    let possible: &[&str] = match request.method.as_str() {
        "GET" if query.has("q") => &["finder"],
        "GET" if query.has("bq") => &["batch_finder"],
        "GET" if several => &["batch_get"],
        "GET" => &["get", "get_all"],
        "POST" if query.has("action") => &["action"],
        "POST" if several => &["batch_partial_update"],
        "POST" => &["create", "batch_create", "partial_update"],
        "PUT" if several => &["batch_update"],
        "PUT" => &["update"],
        "DELETE" if several => &["batch_delete"],
        "DELETE" => &["delete"],
        _ => &[],
    };
    if possible.contains(&sent.as_str()) {
        return Ok(());
    }
    Err(ApiError::illegal_argument(format!("X-RestLi-Method {sent} does not fit this call")))
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
pub(super) fn expect_method(call: &Call<'_>, method: &str) -> Result<(), ApiError> {
    match call.request.header("x-restli-method") {
        Some(sent) if !sent.eq_ignore_ascii_case(method) => {
            Err(ApiError::illegal_argument(format!("X-RestLi-Method {sent} does not fit this call")))
        }
        _ => Ok(()),
    }
}

fn route(call: &mut Call<'_>, path: &[&str]) -> Result<Response, ApiError> {
    if let Some(answer) = areas::route(call, path) {
        return answer;
    }
    match (path, call.request.method.clone()) {
        (["me"], Method::GET) => {
            expect_method(call, "get")?;
            me::read(call)
        }
        (["organizationAcls"], Method::GET) => {
            expect_method(call, "finder")?;
            organizations::acls(call)
        }
        (["posts", key @ ..], _) => posts::route(call, key),
        (["me" | "organizationAcls"], _) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_resource(&call.request.path)),
    }
}

/// Demands the `X-RestLi-Method` header where the address alone does not tell what the call is.
pub(super) fn demand_method(call: &Call<'_>, method: &str) -> Result<(), ApiError> {
    if call.request.header("x-restli-method").is_none() {
        return Err(ApiError::illegal_argument(format!("X-RestLi-Method must be {method}")));
    }
    expect_method(call, method)
}

/// The body: one JSON object.
pub(crate) fn json_object(call: &Call<'_>) -> Result<serde_json::Map<String, serde_json::Value>, ApiError> {
    if call.request.media_type().as_deref() != Some("application/json") {
        return Err(
            ApiError::new(415, "Content-Type must be application/json").code("UNSUPPORTED_MEDIA_TYPE")
        );
    }
    let Ok(serde_json::Value::Object(body)) = serde_json::from_slice(&call.request.body) else {
        return Err(ApiError::illegal_argument("Cannot parse request entity: it must be one JSON object"));
    };
    Ok(body)
}

/// A URN as path key: fully encoded.
pub(super) fn urn(key: &str) -> Result<String, ApiError> {
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
