//! The routes: each file says what its routes take and give.

mod accounts;
mod connect;
mod connections;
mod conversions;
mod events;
mod health;
mod home;
mod leads;
mod outer;
mod publish;
mod records;
mod webhooks;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::{delete, get, patch, post},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{app::App, problem::Problem};

/// The whole service.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/healthz", get(health::show))
        .route("/connect/{provider}", get(connect::start))
        .route("/callback/{provider}", get(connect::finish))
        .route("/api/connections", get(connections::list))
        .route("/api/connections/{id}", delete(connections::disconnect))
        .route("/api/connections/{id}/accounts", get(accounts::list))
        .route("/api/publish", post(publish::create))
        .route("/webhooks/meta", get(webhooks::meta_challenge).post(webhooks::meta))
        .route("/webhooks/linkedin", get(webhooks::linkedin_challenge).post(webhooks::linkedin))
        .route("/api/events", get(events::list))
        .route("/api/events/{id}", get(events::show))
        .route("/api/events/replay", post(events::replay))
        .route("/api/leads", get(records::leads))
        .route("/api/leads/{id}", patch(leads::change))
        .route("/api/conversations", get(records::conversations))
        .route("/api/conversions", get(conversions::list).post(conversions::create))
        .route("/api/conversions/{id}", get(conversions::show))
        .route("/api/conversions/replay", post(conversions::replay))
        .fallback(no_route)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(Arc::clone(&app), outer::host))
        .layer(from_fn_with_state(Arc::clone(&app), outer::log))
        .with_state(app)
}

async fn no_route(State(app): State<Arc<App>>) -> Problem {
    Problem::not_found("there is no such route", format!("open {}/ to see the routes", app.base))
}

async fn wrong_method(State(app): State<Arc<App>>, request: Request) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "the route has no such method",
        format!("{} is not a method of this route", request.method()),
        format!("use a method that the Allow header names; {}/ shows the routes", app.base),
    )
}

/// An answer in JSON.
fn json(value: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value).map_err(|_| Problem::internal("the answer cannot be written"))?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((headers, body).into_response())
}
