//! Logins: `/connect/{provider}` sends the browser to the platform, `/callback/{provider}` gets it back.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use sociogram::{
    oauth_core::{CALLBACK_HEADERS, CallbackParams, OAuthError, ScopeReport, ScopeSet, StartRequest},
    token_vault::{Account, Connection, NewConnection},
};

use crate::{
    accounts,
    app::{App, to_its_end},
    incoming::{Query, Segment, shown},
    platforms::Login,
    problem::Problem,
};

/// The parameter that names scopes to ask for again.
const ASK: &str = "ask";

/// Takes the provider, `facebook` or `linkedin`, in the path, and after a login that did not bring enough `ask`:
/// the missing scopes, separated by commas. Gives 303 to the platform's dialog, with the
/// cookie that ties the login to this browser for ten minutes. At `localhost` it first gives 303 to
/// `127.0.0.1`, where the callback will arrive: a cookie belongs to one name.
pub(super) async fn start(
    State(app): State<Arc<App>>,
    segment: Result<Segment, Problem>,
    query: Result<Query, Problem>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let login = login(&segment?.0)?;
        let query = query?.only(&[ASK])?;
        let ask = query.get(ASK).map(ScopeSet::parse);
        if is_other_name(&headers, &app.base) {
            return see_other(&format!("{}{}", app.base, connect_path(login, ask.as_ref())));
        }
        begin(&app, login, ask).await
    };
    answer.await.unwrap_or_else(|problem| problem.for_browser(&headers))
}

async fn begin(app: &App, login: Login, ask: Option<ScopeSet>) -> Result<Response, Problem> {
    let (oauth, scopes) = (app.oauth(login), app.scopes(login));
    let mut request = StartRequest::new(app.actor.clone(), scopes.clone());
    request = match ask {
        // Facebook does not ask again for what was declined before, unless told to.
        None => request.with_rerequest(),
        Some(ask) => {
            let all = scopes.all();
            if let Some(unknown) = all.missing(&ask).iter().next() {
                return Err(Problem::bad_request(
                    format!("this server does not ask for {}", shown(unknown.as_str())),
                    format!("name some of {}", all.join(',')),
                ));
            }
            request.reconsent(&ScopeReport::compare(scopes, &ask.missing(&all), &ask, &ScopeSet::new()))
        }
    };
    let started = oauth.start(request).await?;
    let mut answer = see_other(started.url.as_str())?;
    set_cookie(&mut answer, &oauth.cookie().set(&started.binder))?;
    Ok(answer)
}

/// Where a login starts; with the scopes to ask for again after one that did not bring enough.
fn connect_path(login: Login, ask: Option<&ScopeSet>) -> String {
    match ask {
        Some(scopes) => format!("/connect/{}?{ASK}={}", login.as_str(), scopes.join(',')),
        None => format!("/connect/{}", login.as_str()),
    }
}

/// Takes what the platform sends back with the browser (`code` and `state`, or `error`), and the cookie of
/// `/connect/{provider}`. Gives 303 to `/` once the connection and its tokens are stored; otherwise a
/// problem, as a page if the browser asks for one. A login that lacks a required scope stores nothing and offers to
/// ask for just what is missing. A callback works once.
pub(super) async fn finish(
    State(app): State<Arc<App>>,
    segment: Result<Segment, Problem>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let login = match segment.and_then(|segment| login(&segment.0)) {
        Ok(login) => login,
        Err(problem) => return problem.for_browser(&headers),
    };
    let work = complete(Arc::clone(&app), login, query.unwrap_or_default(), cookies(&headers));
    let answer = match to_its_end(work).await {
        Ok(_) => see_other("/"),
        Err(problem) => Ok(problem.for_browser(&headers)),
    };
    let mut answer = answer.unwrap_or_else(Problem::into_response);
    for (name, value) in CALLBACK_HEADERS {
        answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    match set_cookie(&mut answer, &app.oauth(login).cookie().clear()) {
        Ok(()) => answer,
        Err(problem) => problem.into_response(),
    }
}

async fn complete(
    app: Arc<App>,
    login: Login,
    query: String,
    cookies: String,
) -> Result<Connection, Problem> {
    let oauth = app.oauth(login);
    let callback = CallbackParams::parse(&query)?;
    let binder = oauth.cookie().read(&cookies).ok_or_else(|| no_cookie(&app))?;
    let verified = oauth.complete(callback, &binder, &app.actor).await?;
    let done = oauth.log_in(verified).await?;
    let done = done.require_scopes().map_err(|error| not_enough(login, &error))?;
    let account = Account::new(oauth.provider().id().clone(), oauth.client_id(), done.identity.id);
    let mut new = NewConnection::new(app.tenant(), account)
        .with_connected_by(app.actor.app_user.as_str())
        .with_requested(app.scopes(login).clone());
    if let Some(name) = done.identity.name {
        new = new.with_display_name(name);
    }
    let connection = app.vault.connect(new, &done.tokens).await?;
    tracing::info!(provider = login.as_str(), connection = %connection.id, "connected");

    // Stores the Pages' tokens and subscribes the Pages. The connection stands without it.
    app.accounts.forget(connection.id);
    if let Err(problem) = accounts::list(&app, &connection).await {
        tracing::warn!(connection = %connection.id, status = problem.status(), "accounts not listed");
    }
    Ok(connection)
}

/// Says what was not granted, and where to ask for just that.
fn not_enough(login: Login, error: &OAuthError) -> Problem {
    let report = error.scope_report().cloned().unwrap_or_default();
    let again = connect_path(login, Some(&report.missing_required()));
    Problem::new(
        StatusCode::FORBIDDEN,
        "scopes-missing",
        "the login did not bring every permission that is needed",
        report.to_string(),
        "allow what is missing; nothing was stored yet",
    )
    .with_ask_again(again)
}

fn login(name: &str) -> Result<Login, Problem> {
    Login::from_path(name)
        .ok_or_else(|| Problem::not_found("there is no such provider", "use facebook or linkedin"))
}

fn no_cookie(app: &App) -> Problem {
    Problem::bad_request(
        "no login was started in this browser, or more than ten minutes ago",
        format!("open {}/ in one browser, start the login there and finish it there", app.base),
    )
}

/// Whether the browser calls this machine `localhost` while the redirect address says `127.0.0.1`.
fn is_other_name(headers: &HeaderMap, base: &str) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    host.split(':').next() == Some("localhost") && base.starts_with("http://127.0.0.1:")
}

/// All cookies, however many headers they come in.
fn cookies(headers: &HeaderMap) -> String {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join("; ")
}

fn see_other(location: &str) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(location)
        .map_err(|_| Problem::internal("the address to go to cannot be written as a header"))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

fn set_cookie(answer: &mut Response, cookie: &str) -> Result<(), Problem> {
    let mut cookie = HeaderValue::from_str(cookie)
        .map_err(|_| Problem::internal("the cookie cannot be written as a header"))?;
    cookie.set_sensitive(true);
    answer.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}
