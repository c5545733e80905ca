//! `/webhooks/{platform}`: what the platforms call.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode};
use serde_json::json;
use sociogram::webhook_verify::{
    ChallengeAnswer, ChallengeError, LinkedInVerifier, MetaChallenge, MetaVerifier, VerifyError,
    inbox::{ReceiveError, Receiver},
};

use super::json as answer;
use crate::{
    app::{App, Receivers, to_its_end},
    incoming,
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
/// `{"recorded","repeated"}` once its events are recorded for good; 401 for a missing or wrong signature; 503 when the
/// inbox does not take them, so that Meta sends again.
pub(super) async fn meta(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    receive(app, request, MetaVerifier::SIGNATURE_HEADER, |receivers| &receivers.meta).await
}

/// Takes a delivery of LinkedIn, at most 4 MiB, with `X-LI-Signature`. Gives the same as the route for Meta.
pub(super) async fn linkedin(State(app): State<Arc<App>>, request: Request) -> Result<Response, Problem> {
    receive(app, request, LinkedInVerifier::SIGNATURE_HEADER, |receivers| &receivers.linkedin).await
}

async fn receive(
    app: Arc<App>,
    request: Request,
    signature: &'static str,
    receiver: fn(&Receivers) -> &Receiver,
) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    // The raw bytes: parsed and written again they would no longer match the signature.
    let body = incoming::body(&*app.timer, request, LIMIT).await?;
    to_its_end(async move {
        let signatures: Vec<_> = headers.get_all(signature).iter().map(HeaderValue::as_bytes).collect();
        let (recorded, repeated) = match receiver(&app.receivers).receive(signatures, body).await {
            Ok(receipt) => (receipt.new, receipt.duplicates),
            // Signed and not readable: the platform would send the same bytes again, so a person is told instead.
            Err(error @ ReceiveError::Unreadable { .. }) => {
                tracing::error!(%error, "a signed webhook delivery is not readable");
                (0, 0)
            }
            Err(ReceiveError::Refused(error)) => return Err(forged(&error)),
            Err(_) => return Err(not_recorded()),
        };
        tracing::info!(recorded, repeated, "webhook");
        answer(&json!({"recorded": recorded, "repeated": repeated}))
    })
    .await
}

fn not_recorded() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not-recorded",
        "the events were not recorded",
        "the inbox does not take events at the moment",
        "send the delivery again later; the server's log says more",
    )
}

/// The log gets the whole reason; a sender without the secret gets the sort of it only.
fn forged(error: &VerifyError) -> Problem {
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
