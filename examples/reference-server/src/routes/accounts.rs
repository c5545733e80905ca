//! `/api/connections/{id}/accounts`.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde::Serialize;
use sociogram::oauth_core::ConnectionId;

use super::{connections::connection_id, json};
use crate::{
    accounts::{self, Listing},
    app::{App, to_its_end},
    incoming::{Query, Segment},
    problem::Problem,
};

#[derive(Debug, Serialize)]
struct Answer {
    connection: ConnectionId,
    provider: String,
    #[serde(flatten)]
    listing: Listing,
}

/// Takes the connection's id in the path; asks the provider. Gives 200
/// `{"connection","provider","accounts":[…],"unreadable"}`: Pages with their webhooks, or the LinkedIn member
/// and its organizations. Each has `id`, `kind`, `name`, `roles`, `can_publish`, and if it may not be published
/// to, `blocked` with `reason` and `action`. No token is in it.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Segment(id): Segment,
    query: Query,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let connection = app.connection(connection_id(&id)?).await?;
    let (id, provider) = (connection.id, connection.account.provider.to_string());
    let listing = to_its_end(async move { accounts::list(&app, &connection).await }).await?;
    json(&Answer { connection: id, provider, listing })
}
