//! `/access_token`, `/refresh_access_token`, `/me` and Threads' `/debug_token`, with the errors of the Graph API, and
//! the door to the content of both sites.

use axum::response::Response;
use http::{Method, header};
use serde_json::{Map, Value, json};

use super::{
    Site, debug_token,
    exchange::{LONG_LIFE, issue},
};
use crate::{
    graph::{
        answer::{Answer, GraphError},
        areas, field_names, is_version,
        params::Params,
    },
    mac::same,
    request::Incoming,
    state::{Shared, State},
    token::Claims,
};

/// Edges of Threads that hang on nothing.
const THREADS_SEARCHES: [&str; 4] = ["keyword_search", "profile_lookup", "profile_posts", "location_search"];
/// How old a token must be to be refreshed, in milliseconds.
const REFRESH_AGE: i64 = 24 * 60 * 60 * 1000;

pub(super) struct Call<'a> {
    pub(super) shared: &'a Shared,
    pub(super) state: &'a mut State,
    request: &'a Incoming,
    pub(super) params: &'a Params,
    pub(super) site: Site,
}

impl Call<'_> {
    /// Whether it is a token of this site's app.
    pub(super) fn is_ours(&self, claims: &Claims) -> bool {
        claims.kind.platform() == self.site.platform() && claims.app == self.site.app(&self.shared.config).id
    }
}

pub(super) type Outcome = Result<Value, GraphError>;

pub(super) fn handle(shared: &Shared, request: &Incoming, site: Site) -> Response {
    let mut state = shared.lock();
    let trace = state.trace_id();
    let newest = shared.config.newest_graph_version().to_owned();
    let segments = request.segments();
    let (version, path) = match segments.split_first() {
        Some((first, rest)) if is_version(first) => (Some(*first), rest),
        _ => (None, segments.as_slice()),
    };
    let answer = Answer::new(version.unwrap_or(&newest), trace, None);
    let outcome = Params::read(request).and_then(|params| {
        let mut call = Call { shared, state: &mut state, request, params: &params, site };
        route(&mut call, version, path)
    });
    match outcome {
        Ok(value) => answer.json(&value),
        Err(error) => answer.error(&error),
    }
}

fn route(call: &mut Call<'_>, version: Option<&str>, path: &[&str]) -> Outcome {
    if version.is_some_and(|version| !call.site.has_version(&call.shared.config, version)) {
        return Err(GraphError::unknown_path(path));
    }
    let inspects = call.site == Site::Threads && path == ["debug_token"];
    let known = inspects || matches!(path, ["access_token" | "refresh_access_token" | "me"]);
    if known && call.request.method != Method::GET {
        let method = call.request.method.as_str().to_ascii_lowercase();
        let error = GraphError::new(400, 100, format!("Unsupported request - method type: {method}"));
        return Err(error.kind(call.site.error_kind()));
    }
    match path {
        ["debug_token"] if inspects => debug_token::inspect(call),
        ["access_token"] => long_lived(call),
        ["refresh_access_token"] => refresh(call),
        ["me"] => {
            if version.is_none() {
                call.state.violation("unversioned-call", call.request);
            }
            me(call)
        }
        [_, ..] => content(call, version, path),
        [] => Err(GraphError::unknown_path(path)),
    }
}

/// Everything beside logins: what is published and said.
fn content(call: &mut Call<'_>, version: Option<&str>, path: &[&str]) -> Outcome {
    // Conversations and messages have ids that are no numbers.
    let of_inbox =
        |first: &str| call.site == Site::Instagram && (first.starts_with("aWdf") || first.starts_with("m_"));
    let known =
        |first: &str| first == "me" || of_inbox(first) || first.bytes().all(|byte| byte.is_ascii_digit());
    let is_search = call.site == Site::Threads && THREADS_SEARCHES.contains(&path.join("/").as_str());
    if !is_search && !path.first().is_some_and(|first| known(first)) {
        return Err(GraphError::unknown_path(path));
    }
    let claims = caller(call)?;
    if version.is_none() {
        call.state.violation("unversioned-call", call.request);
    }
    if call.site == Site::Threads && path == [claims.person.as_str()] && call.request.method == Method::GET {
        return profile(call, &claims);
    }
    let version = version.unwrap_or_else(|| match call.site {
        Site::Instagram => call.shared.config.newest_graph_version(),
        Site::Threads => "v1.0",
    });
    let serve = match call.site {
        Site::Instagram => areas::instagram::serve_site,
        Site::Threads => areas::threads::serve_site,
    };
    let mut served = serve(call.shared, call.state, call.request, call.params, version, &claims, path);
    if served.is_none() && call.site == Site::Instagram {
        let serve = areas::messaging::serve_site;
        served = serve(call.shared, call.state, call.request, call.params, version, &claims, path);
    }
    let missing = || {
        let id = path.first().copied().unwrap_or_default();
        Err(GraphError::unsupported(&call.request.method, id))
    };
    served.unwrap_or_else(missing).map_err(|error| {
        // A parameter is refused in the name of the site, everything else as at Facebook.
        let of_site = error.summary().get("code") == Some(&json!(100))
            && error.summary().get("subcode") != Some(&json!(33));
        if of_site { error.kind(call.site.error_kind()) } else { error }
    })
}

/// A token of one hour for one of 60 days.
fn long_lived(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["grant_type", "client_id", "client_secret"])?;
    expect_grant(call, call.site.exchange_grant())?;
    let secret = call.params.required("client_secret")?;
    if !same(&secret, call.site.app(&call.shared.config).secret) {
        return Err(GraphError::new(400, 1, "Error validating client secret."));
    }
    let claims = check(call, &call.params.required("access_token")?)?;
    if claims.kind != call.site.short() {
        let message = "Session key invalid. This could be because the session key has an incorrect format, or because \
                       the user has revoked this session";
        return Err(GraphError::new(400, 452, message));
    }
    Ok(answer(call, &claims))
}

/// A token of 60 days for another 60 days. The old one keeps its own end.
fn refresh(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["grant_type"])?;
    expect_grant(call, call.site.refresh_grant())?;
    let claims = check(call, &call.params.required("access_token")?)?;
    if claims.kind != call.site.long() {
        return Err(refused(call, "Only a long-lived access token can be refreshed."));
    }
    if claims.issued.saturating_add(REFRESH_AGE) > call.state.now() {
        return Err(refused(call, "The access token must be at least 24 hours old to be refreshed."));
    }
    Ok(answer(call, &claims))
}

fn refused(call: &Call<'_>, message: &str) -> GraphError {
    GraphError::parameter(message).kind(call.site.error_kind())
}

fn expect_grant(call: &Call<'_>, wanted: &str) -> Result<(), GraphError> {
    if call.params.required("grant_type")? == wanted {
        Ok(())
    } else {
        Err(refused(call, &format!("Invalid grant_type: it must be {wanted}.")))
    }
}

fn answer(call: &mut Call<'_>, claims: &Claims) -> Value {
    let (scopes, kind) = (claims.scopes.clone(), call.site.long());
    let token = issue(call.shared, call.state, call.site, kind, &claims.person, scopes, LONG_LIFE);
    json!({"access_token": token, "token_type": "bearer", "expires_in": LONG_LIFE})
}

/// The claims of a good token of this site's app.
pub(super) fn check(call: &Call<'_>, token: &str) -> Result<Claims, GraphError> {
    let claims = call.shared.signer.read(token).filter(|claims| call.is_ours(claims));
    let claims = claims.ok_or_else(GraphError::malformed_token)?;
    call.state.check(&claims).map_err(GraphError::dead_token)?;
    Ok(claims)
}

/// The token of a call that is made with one.
pub(super) fn presented(call: &Call<'_>) -> Result<Option<String>, GraphError> {
    let in_header = call.request.authorization(&["Bearer", "OAuth"]).map(str::to_owned);
    if in_header.is_none() && call.request.headers.contains_key(header::AUTHORIZATION) {
        return Err(GraphError::malformed_token());
    }
    match in_header {
        Some(token) => Ok(Some(token)),
        None => call.params.text("access_token"),
    }
}

/// Whose token the call is made with.
fn caller(call: &mut Call<'_>) -> Result<Claims, GraphError> {
    if call.params.query_token().is_some() {
        call.state.violation("token-in-query", call.request);
    }
    let token = presented(call)?.ok_or_else(GraphError::no_token)?;
    check(call, &token)
}

fn me(call: &mut Call<'_>) -> Outcome {
    let claims = caller(call)?;
    profile(call, &claims)
}

fn profile(call: &Call<'_>, claims: &Claims) -> Outcome {
    let profile = call.site.profile(&call.shared.config.world, &claims.person);
    let mut profile = profile.ok_or_else(|| GraphError::unsupported(&call.request.method, &claims.person))?;
    if let Some(account) = profile.get("user_id").and_then(Value::as_str) {
        let count = areas::instagram::media_count(call.state, account);
        profile.insert("media_count".to_owned(), json!(count));
    }
    let asked = call.params.text("fields")?.unwrap_or_default();
    let names = field_names(&asked).ok_or_else(|| refused(call, "Syntax error in the fields parameter."))?;
    let mut out = Map::new();
    for name in names.into_iter().chain(["id"]) {
        if !call.site.fields().contains(&name) {
            return Err(refused(call, &format!("Tried accessing nonexisting field ({name})")));
        }
        if let Some(value) = profile.get(name) {
            out.insert(name.to_owned(), value.clone());
        }
    }
    Ok(Value::Object(out))
}
