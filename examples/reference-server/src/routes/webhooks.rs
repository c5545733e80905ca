//! `/webhooks/{platform}`: what the platforms call; `/api/webhooks`: what came in.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, Request, State},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use sociogram::webhook_verify::{
    ChallengeAnswer, ChallengeError, Delivery, LinkedInVerifier, MetaChallenge, MetaVerifier, ParseError,
    VerifyError, parse_linkedin, parse_meta,
};

use super::json as answer;
use crate::{
    app::App,
    incoming::{self, Query},
    problem::Problem,
};

/// Largest delivery, the same as the verifiers' limit.
const LIMIT: usize = 4 * 1024 * 1024;

/// Takes Meta's handshake (`hub.mode`, `hub.verify_token`, `hub.challenge`). Gives 200 with the challenge if
/// the token is ours; 403 if it is not; 400 for anything else.
pub(super) async fn meta_challenge(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    handshake(MetaChallenge::answer(&query, &app.facebook.verify_token))
}

/// Takes LinkedIn's challenge (`challengeCode`, a UUID). Gives 200 with the code and its HMAC; 400 for
/// anything else, since whoever has any text signed can forge deliveries.
pub(super) async fn linkedin_challenge(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    handshake(app.linkedin.verifier.challenge(&query.unwrap_or_default()))
}

fn handshake(outcome: Result<ChallengeAnswer, ChallengeError>) -> Result<Response, Problem> {
    let challenge = outcome.map_err(|error| {
        tracing::warn!(%error, "webhook handshake refused");
        Problem::new(
            status(error.suggested_status()),
            "handshake-refused",
            "the handshake is not acceptable",
            error.to_string(),
            "let the platform itself verify the webhook, with the token and secret of the settings",
        )
    })?;
    Ok((challenge.headers(), challenge.into_body()).into_response())
}

/// Takes a delivery of Meta, at most 4 MiB, with `X-Hub-Signature-256` over its exact bytes. Gives 200
/// `{"recorded","repeated"}` once its events are recorded; 401 for a missing or wrong signature; 503 when
/// there is no room, so that Meta sends again.
pub(super) async fn meta(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (headers, body) = delivery(&app, request).await?;
    let signatures = headers.get_all(MetaVerifier::SIGNATURE_HEADER);
    let verified = app.facebook.verifier.verify(signatures, body).map_err(|error| forged(&app, &error))?;
    record(&app, parse_meta(&verified))
}

/// Takes a delivery of LinkedIn, at most 4 MiB, with `X-LI-Signature`. Gives the same as the route for Meta.
pub(super) async fn linkedin(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    let (headers, body) = delivery(&app, request).await?;
    let signatures = headers.get_all(LinkedInVerifier::SIGNATURE_HEADER);
    let verified = app.linkedin.verifier.verify(signatures, body).map_err(|error| forged(&app, &error))?;
    record(&app, parse_linkedin(&verified))
}

/// The raw bytes: parsed and written again they would no longer match the signature.
async fn delivery(app: &App, request: Request) -> Result<(HeaderMap, Bytes), Problem> {
    let headers = request.headers().clone();
    Ok((headers, incoming::body(&*app.timer, request, LIMIT).await?))
}

fn record(app: &App, delivery: Result<Delivery, ParseError>) -> Result<Response, Problem> {
    let delivery = match delivery {
        Ok(delivery) => delivery,
        // Signed and not readable: the platform would send the same bytes again, so a person is told instead.
        Err(error) => {
            app.inbox.unreadable();
            tracing::error!(%error, "a signed webhook delivery is not readable");
            return answer(&json!({"recorded": 0, "repeated": 0}));
        }
    };
    let Ok(receipt) = app.inbox.record(delivery.events(), app.timer.now()) else {
        tracing::error!("the webhook inbox is full");
        return Err(no_room());
    };
    let provider = delivery.provider().as_str();
    tracing::info!(provider, recorded = receipt.recorded, repeated = receipt.repeated, "webhook");
    answer(&receipt)
}

fn no_room() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "inbox-full",
        "the events were not recorded",
        "too many events of the last eight days are remembered",
        "send the delivery again later; the operator needs a store that is not in memory",
    )
}

/// The log gets the whole reason; a sender without the secret gets the sort of it only.
fn forged(app: &App, error: &VerifyError) -> Problem {
    app.inbox.refused();
    tracing::warn!(reason = error.reason(), %error, "webhook delivery refused");
    Problem::new(
        status(error.suggested_status()),
        "signature-refused",
        "the delivery is not acceptable",
        format!("its signature was not accepted ({})", error.reason()),
        "sign the exact bytes of the body with the secret of the app; the server's log says more",
    )
}

fn status(suggested: u16) -> StatusCode {
    StatusCode::from_u16(suggested).unwrap_or(StatusCode::BAD_REQUEST)
}

/// Takes nothing. Gives 200 `{"events":[…],"counts":{"recorded","repeated","refused","unreadable"}}`: the
/// latest 200 events, newest first, with time, provider, kind, account, subject and key. Ids only, no text of
/// a person.
pub(super) async fn list(State(app): State<Arc<App>>, query: Query) -> Result<Response, Problem> {
    query.only(&[])?;
    let (events, counts) = app.inbox.latest();
    answer(&json!({"events": events, "counts": counts}))
}
