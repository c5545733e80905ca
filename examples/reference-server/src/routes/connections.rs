//! `/api/connections`.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use sociogram::{
    api_core::Timestamp,
    oauth_core::{ConnectionId, ScopeSet},
    token_vault::{Connection, ConnectionState, TokenStore as _},
};

use super::json as answer;
use crate::{
    app::{App, login_of, to_its_end},
    incoming::{Query, Segment},
    problem::Problem,
};

/// A connection as the API shows it.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    pub(super) id: ConnectionId,
    pub(super) provider: String,
    /// The provider's id of the person.
    pub(super) user: String,
    pub(super) name: Option<String>,
    /// `connected`, `needs_check`, `needs_reauth`, `disconnected`, or another state of the vault by its name.
    pub(super) state: &'static str,
    /// Why the person must log in again.
    pub(super) reason: Option<&'static str>,
    pub(super) state_since: Timestamp,
    pub(super) connected_by: Option<String>,
    pub(super) scopes: ScopeSet,
    /// What this server asks for and was not granted.
    pub(super) missing_scopes: ScopeSet,
    /// When the token ends, where that is known.
    pub(super) expires_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
}

/// Takes nothing. Gives 200 `{"connections":[…]}`: id, provider, user, name, state, scopes and more; no
/// token.
pub(super) async fn list(State(app): State<Arc<App>>, query: Query) -> Result<Response, Problem> {
    query.only(&[])?;
    answer(&json!({"connections": shown(&app).await?}))
}

/// Takes the connection's id in the path. Stops handing out its tokens and those of its Pages, and deletes
/// them; the connection stays in the list as `disconnected`. Gives 204, also when it is repeated.
pub(super) async fn disconnect(
    State(app): State<Arc<App>>,
    Segment(id): Segment,
    query: Query,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let connection = app.connection(connection_id(&id)?).await?;
    to_its_end(async move {
        app.vault.disconnect(app.tenant(), connection.id).await?;
        app.accounts.forget(connection.id);
        tracing::info!(connection = %connection.id, "disconnected");
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// The id in a path.
pub(super) fn connection_id(text: &str) -> Result<ConnectionId, Problem> {
    text.parse().map_err(|error| {
        Problem::bad_request(
            format!("the connection id is not one: {error}"),
            "take an id of GET /api/connections",
        )
    })
}

/// All connections with their states.
pub(super) async fn shown(app: &App) -> Result<Vec<Shown>, Problem> {
    let mut all = Vec::new();
    for connection in app.connections().await? {
        all.push(show(app, connection).await?);
    }
    Ok(all)
}

async fn show(app: &App, connection: Connection) -> Result<Shown, Problem> {
    let asked = app.scopes(login_of(&connection)?).all();
    let stored = app.store.read(app.tenant(), connection.id).await?;
    let refused_at = stored.and_then(|stored| stored.strikes.rejected_at);
    let expiry = (!connection.state.is_retired()).then_some(connection.token.expiry);
    let ended = expiry.is_some_and(|expiry| expiry.is_past(app.timer.now()));
    let (state, reason) = state(connection.state, ended, refused_at.is_some());
    let scopes = connection.token.scopes.unwrap_or_default();
    Ok(Shown {
        id: connection.id,
        provider: connection.account.provider.to_string(),
        user: connection.account.external_user_id,
        name: connection.details.display_name,
        state,
        reason,
        state_since: connection.state_since.max(refused_at.unwrap_or_default()),
        connected_by: connection.details.connected_by,
        missing_scopes: scopes.missing(&asked),
        scopes,
        expires_at: expiry.and_then(sociogram::oauth_core::Expiry::at),
        created_at: connection.created_at,
    })
}

fn state(state: ConnectionState, ended: bool, refused: bool) -> (&'static str, Option<&'static str>) {
    match state {
        ConnectionState::NeedsReauth(reason) => ("needs_reauth", Some(reason.as_text())),
        _ if ended && state.serves() => ("needs_reauth", Some("the token has ended")),
        ConnectionState::Connected if refused => ("needs_check", Some("the provider refused the token once")),
        other => (other.as_str(), None),
    }
}
