//! `POST /api/conversions`.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use http::StatusCode;
use sociogram::{
    meta_graph::DatasetId,
    oauth_core::{ProviderId, scope},
    token_vault::Connection,
};

use super::{connections::connection_id, json};
use crate::{
    app::{App, to_its_end},
    conversions::{ACCEPTED, Batch, Form, LIMIT},
    incoming::{self, Query},
    problem::Problem,
};

/// Takes events with Meta's member names and plain customer data, at most 10 000 and 10 MiB: NDJSON
/// (`application/x-ndjson`) or a JSON list (`application/json`). `?dataset=` names another dataset than the
/// configured one, `?connection=` the Facebook connection whose token is used.
///
/// Gives 200
/// `{"dataset","sent","rejected":[{"index","reason"}],"in_doubt":[…],"not_sent":[…],"warnings":[…]}`; `index`
/// counts from 0. When nothing could be sent for a reason that is not an event's, that reason is the answer.
pub(super) async fn send(
    State(app): State<Arc<App>>,
    query: Query,
    request: Request,
) -> Result<Response, Problem> {
    let query = query.only(&["dataset", "connection"])?;
    let form = Form::from_media_type(&incoming::media_type(request.headers(), ACCEPTED)?)?;
    let dataset = dataset(&app, query.get("dataset"))?;
    let body = incoming::body(&*app.timer, request, LIMIT).await?;
    let batch = Batch::read(incoming::text(&body)?, form)?;
    let connection = sender(&app, query.get("connection")).await?;
    let report = to_its_end(async move {
        let client = app.facebook.client(app.tokens(&connection));
        batch.send(&client, &dataset, app.timer.now()).await
    });
    let report = report.await?;
    tracing::info!(sent = report.sent, rejected = report.rejected.len(), "conversions");
    json(&report)
}

fn dataset(app: &App, named: Option<&str>) -> Result<DatasetId, Problem> {
    match named {
        Some(id) => DatasetId::new(id).map_err(|error| {
            Problem::bad_request(format!("the dataset is not one: {error}"), "name the dataset by its number")
        }),
        None => app.facebook.dataset.clone().ok_or_else(|| {
            Problem::invalid("no dataset is named", "add ?dataset= to the address, or set META_DATASET_ID")
        }),
    }
}

/// The connection whose token sends the events: the named one, or the first that may.
async fn sender(app: &App, named: Option<&str>) -> Result<Connection, Problem> {
    let may_send = |connection: &Connection| {
        connection.account.provider == ProviderId::FACEBOOK
            && !connection.state.is_retired()
            && connection.token.has_scope(scope::ADS_MANAGEMENT)
    };
    let found = match named {
        Some(id) => Some(app.connection(connection_id(id)?).await?),
        None => app.connections().await?.into_iter().find(&may_send),
    };
    found.filter(may_send).ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "no-sender",
            "no connection may send events",
            "it takes a Facebook connection that was granted ads_management",
            format!("open {}/connect/facebook and allow it", app.base),
        )
    })
}
