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
    oauth_core::{ConnectionId, ReauthReason, ScopeSet},
    token_vault::{AuditActor, Connection, KnownEnd, Warnings},
};

use super::json as answer;
use crate::{
    app::{App, to_its_end},
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
    /// The vault's name of the state: `connected`, `needs_reauth`, `disconnected` and others.
    pub(super) state: &'static str,
    /// Why the person must log in again.
    pub(super) reason: Option<&'static str>,
    pub(super) state_since: Timestamp,
    /// Whether calls can be made with it now.
    pub(super) usable: bool,
    /// Whether only a login helps.
    pub(super) needs_login: bool,
    /// What a person should do, if anything.
    pub(super) action: Option<&'static str>,
    pub(super) warnings: Warnings,
    pub(super) connected_by: Option<String>,
    pub(super) scopes: ScopeSet,
    /// What was asked for and not granted.
    pub(super) missing_scopes: ScopeSet,
    /// When the token and what belongs to it end, where that is known.
    pub(super) ends: Vec<KnownEnd>,
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
        let actor = AuditActor::User(app.actor.app_user.clone());
        app.vault.disconnect(app.tenant(), connection.id).by(actor).await?;
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
    let health = app.vault.health(app.tenant(), connection.id).await?;
    let connection = health.connection;
    let missing_scopes = connection.missing_scopes().unwrap_or_default();
    Ok(Shown {
        id: connection.id,
        provider: connection.account.provider.to_string(),
        user: connection.account.external_user_id,
        name: connection.details.display_name,
        state: connection.state.as_str(),
        reason: connection.state.reason().map(ReauthReason::as_text),
        state_since: connection.state_since,
        usable: health.usable,
        needs_login: health.needs_login,
        action: health.action,
        warnings: health.warnings,
        connected_by: connection.details.connected_by,
        scopes: connection.token.scopes.unwrap_or_default(),
        missing_scopes,
        ends: health.ends,
        created_at: connection.created_at,
    })
}
