//! `GET /healthz`.

use axum::response::Response;
use serde_json::json;

use super::json as answer;
use crate::{incoming::Query, problem::Problem};

/// Takes nothing. Gives 200 `{"status":"ok"}` as long as the process serves.
pub(super) async fn show(query: Query) -> Result<Response, Problem> {
    query.only(&[])?;
    answer(&json!({"status": "ok"}))
}
