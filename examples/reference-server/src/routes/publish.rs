//! `POST /api/publish`.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use http::{HeaderName, HeaderValue};

use super::json;
use crate::{
    app::{App, to_its_end},
    idempotency::{self, Begin, broke_off},
    incoming::{self, Query},
    problem::Problem,
    publish::{NewPost, Published, publish},
};

/// Takes `{"connection","account","text","link"?}` in JSON, at most 1 MiB, and perhaps an `Idempotency-Key`:
/// the same key with the same body gets the same answer for a day, with another body 422.
///
/// Gives 200 `{"provider","account","id","url"}`. 422 with `findings`: it would be refused, nothing was sent.
/// 403: the account is blocked, with the reason. 409 with `existing`: it was posted before. 504: it may have
/// been posted; look before you repeat it.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    query: Query,
    request: Request,
) -> Result<Response, Problem> {
    query.only(&[])?;
    let key = idempotency::key(request.headers())?;
    let post: NewPost = incoming::json(&*app.timer, request).await?;
    if let Some(key) = &key
        && let Begin::Replay(outcome) = app.idempotency.begin(key, &post, app.timer.now())?
    {
        let mut answer = json(&outcome?)?;
        let name = HeaderName::from_static("idempotency-replayed");
        answer.headers_mut().insert(name, HeaderValue::from_static("true"));
        return Ok(answer);
    }
    json(&to_its_end(carry_out(app, post, key)).await?)
}

/// Publishes, and keeps the answer for the key whatever happens on the way.
async fn carry_out(app: Arc<App>, post: NewPost, key: Option<String>) -> Result<Published, Problem> {
    let worker = Arc::clone(&app);
    let work = tokio::spawn(async move { publish(&worker, &post).await });
    let outcome = work.await.unwrap_or_else(|_| Err(broke_off()));
    if let Some(key) = key {
        app.idempotency.finish(&key, &outcome);
    }
    if let Err(problem) = &outcome {
        tracing::warn!(status = problem.status(), "not published");
    }
    outcome
}
