//! Logins: `/connect/{provider}` sends the browser to the platform, `/callback/{provider}` gets it back.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use sociogram::{
    oauth_core::{CALLBACK_HEADERS, CallbackParams, StartRequest},
    token_vault::{Connection, NewConnection},
};

use crate::{
    accounts,
    app::{App, to_its_end},
    incoming::{Query, Segment},
    platforms::Login,
    problem::Problem,
};

/// Takes the provider, `facebook` or `linkedin`, in the path. Gives 303 to the platform's dialog, with the
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
        query?.only(&[])?;
        if is_other_name(&headers, &app.base) {
            return see_other(&format!("{}/connect/{}", app.base, login.as_str()));
        }
        begin(&app, login).await
    };
    answer.await.unwrap_or_else(|problem| problem.for_browser(&headers))
}

async fn begin(app: &App, login: Login) -> Result<Response, Problem> {
    let oauth = app.oauth(login);
    let scopes = match login {
        Login::Facebook => app.facebook.scopes.clone(),
        Login::LinkedIn => app.linkedin.scopes.clone(),
    };
    // Facebook does not ask again for what was declined before, unless told to.
    let started = oauth.start(StartRequest::new(app.actor.clone(), scopes).with_rerequest()).await?;
    let mut answer = see_other(started.url.as_str())?;
    set_cookie(&mut answer, &oauth.cookie().set(&started.binder))?;
    Ok(answer)
}

/// Takes what the platform sends back with the browser (`code` and `state`, or `error`), and the cookie of
/// `/connect/{provider}`. Gives 303 to `/` once the connection and its tokens are stored; otherwise a
/// problem, as a page if the browser asks for one. A callback works once.
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
    let logged_in = match login {
        Login::Facebook => app.facebook.log_in(verified).await?,
        Login::LinkedIn => app.linkedin.log_in(verified).await?,
    };
    let mut new =
        NewConnection::new(app.tenant(), logged_in.account).with_connected_by(app.actor.app_user.as_str());
    if let Some(name) = logged_in.name {
        new = new.with_display_name(name);
    }
    let connection = app.vault.connect(new, &logged_in.tokens).await?;
    tracing::info!(provider = login.as_str(), connection = %connection.id, "connected");

    // Stores the Pages' tokens and subscribes the Pages. The connection stands without it.
    app.accounts.forget(connection.id);
    if let Err(problem) = accounts::list(&app, &connection).await {
        tracing::warn!(connection = %connection.id, status = problem.status(), "accounts not listed");
    }
    Ok(connection)
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
