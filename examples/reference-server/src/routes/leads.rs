//! `PATCH /api/leads/{id}`.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use serde::Deserialize;

use super::json as answer;
use crate::{
    app::{App, to_its_end},
    incoming::{self, Query, Segment},
    leads,
    problem::Problem,
    records::LeadStatus,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    status: LeadStatus,
}

/// Takes `{"status":"new"|"contacted"|"qualified"|"converted"|"lost"}` in JSON, and the lead's id in the path. Keeps the
/// status, and has the platform told that brought the lead, once for each status. Gives 200
/// `{"lead","conversion":{"id","platform","name","repeated"}}`; what becomes of the event is at
/// `/api/conversions/{id}`. Where nobody is told, `conversion` is null and `untold` says why.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    Segment(id): Segment,
    query: Query,
    request: Request,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let id: i64 = id
        .parse()
        .map_err(|_| Problem::bad_request("the lead's id is not a number", "take an id of GET /api/leads"))?;
    let Change { status } = incoming::json(&*app.timer, request).await?;
    let changed = to_its_end(async move { leads::change(&app, id, status).await }).await?;
    tracing::info!(%status, told = changed.conversion.is_some(), "a lead's status");
    answer(&changed)
}
