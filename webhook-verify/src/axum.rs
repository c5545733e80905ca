//! Handlers of axum that see verified deliveries only.
//!
//! The extractors read the body themselves, up to the verifier's limit; `DefaultBodyLimit` has no say. Two rules for
//! the routes they are used on:
//!
//! * **No middleware may change the body before**: none that decompresses, parses, re-encodes or trims. The signature
//!   covers the bytes that were sent.
//! * A time limit for reading is the server's: set one, or a slow sender holds a connection.
//!
//! ```
//! use axum::{Router, extract::{FromRef, RawQuery, State}, routing::get};
//! use sociogram_webhook_verify::{
//!     ChallengeAnswer, ChallengeError, LinkedInVerifier, MetaChallenge, MetaVerifier, Secret, VerifyToken,
//!     axum::{LinkedInDelivery, MetaDelivery}, parse_linkedin, parse_meta,
//! };
//!
//! #[derive(Clone)]
//! struct App { meta: MetaVerifier, token: VerifyToken, linkedin: LinkedInVerifier }
//!
//! impl FromRef<App> for MetaVerifier {
//!     fn from_ref(app: &App) -> Self { app.meta.clone() }
//! }
//!
//! impl FromRef<App> for LinkedInVerifier {
//!     fn from_ref(app: &App) -> Self { app.linkedin.clone() }
//! }
//!
//! async fn verify_meta(State(app): State<App>, RawQuery(query): RawQuery) -> Result<ChallengeAnswer, ChallengeError> {
//!     MetaChallenge::answer(&query.unwrap_or_default(), &app.token)
//! }
//!
//! async fn from_meta(MetaDelivery(verified): MetaDelivery) {
//!     let events = parse_meta(&verified); // then store them durably, before the 200
//!     # drop(events);
//! }
//!
//! async fn verify_linkedin(
//!     State(app): State<App>, RawQuery(query): RawQuery,
//! ) -> Result<ChallengeAnswer, ChallengeError> {
//!     app.linkedin.challenge(&query.unwrap_or_default())
//! }
//!
//! async fn from_linkedin(LinkedInDelivery(verified): LinkedInDelivery) {
//!     let events = parse_linkedin(&verified);
//!     # drop(events);
//! }
//!
//! let app = App {
//!     meta: MetaVerifier::builder().secret("main", Secret::new("test_app_secret")?).build()?,
//!     token: VerifyToken::new("the token you entered in the dashboard")?,
//!     linkedin: LinkedInVerifier::builder().secret("main", Secret::new("test_client_secret")?).build()?,
//! };
//! let router: Router = Router::new()
//!     .route("/meta", get(verify_meta).post(from_meta))
//!     .route("/linkedin", get(verify_linkedin).post(from_linkedin))
//!     .with_state(app);
//! # drop(router);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use axum_core::{
    body::Body,
    extract::{FromRef, FromRequest, Request},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::{
    ChallengeAnswer, ChallengeError, DataDeletionAnswer, LinkedInVerifier, MetaVerifier, Provider,
    SignedRequestError, Verified, VerifyError,
};

/// A delivery of Meta whose signature was checked.
///
/// Takes its [`MetaVerifier`] out of the router's state. Must be the last argument of the handler.
#[derive(Clone, Debug)]
pub struct MetaDelivery(pub Verified<Bytes>);

impl<S> FromRequest<S> for MetaDelivery
where
    S: Send + Sync,
    MetaVerifier: FromRef<S>,
{
    type Rejection = DeliveryRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, DeliveryRejection> {
        let verifier = MetaVerifier::from_ref(state);
        let (head, body) = request.into_parts();
        let body = read(body, Provider::Meta, verifier.max_body_bytes()).await?;
        Ok(Self(verifier.verify_headers(&head.headers, body)?))
    }
}

/// A delivery of LinkedIn whose signature was checked.
///
/// Takes its [`LinkedInVerifier`] out of the router's state. Must be the last argument of the handler.
#[derive(Clone, Debug)]
pub struct LinkedInDelivery(pub Verified<Bytes>);

impl<S> FromRequest<S> for LinkedInDelivery
where
    S: Send + Sync,
    LinkedInVerifier: FromRef<S>,
{
    type Rejection = DeliveryRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, DeliveryRejection> {
        let verifier = LinkedInVerifier::from_ref(state);
        let (head, body) = request.into_parts();
        let body = read(body, Provider::LinkedIn, verifier.max_body_bytes()).await?;
        Ok(Self(verifier.verify_headers(&head.headers, body)?))
    }
}

/// Reads the whole body, or stops as soon as it is or says to be longer than the limit.
async fn read(body: Body, provider: Provider, limit: usize) -> Result<Bytes, DeliveryRejection> {
    let announced = usize::try_from(announced(&body)).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(VerifyError::BodyTooLarge { provider, length: announced, limit }.into());
    }
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let length = limit.saturating_add(1);
            Err(VerifyError::BodyTooLarge { provider, length, limit }.into())
        }
        Err(_) => Err(DeliveryRejection::Interrupted),
    }
}

/// The length that `content-length` announces. Generic, because only so its method is there without one crate more.
fn announced(body: &impl BodyExt) -> u64 {
    body.size_hint().lower()
}

/// Why an extractor gave no delivery.
///
/// The response has the suggested status and names the kind of refusal, such as `mismatch`, and nothing else: no
/// hint, no name or number of secrets. A clone of this value is among its
/// [extensions](http::Response::extensions), for middleware that logs or counts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveryRejection {
    /// The verifier refused it.
    #[error(transparent)]
    Refused(#[from] VerifyError),
    /// The body ended too early, or a layer before this one failed on it.
    #[error(
        "the body could not be read to its end: the sender hung up, or a layer before the extractor failed on it"
    )]
    Interrupted,
}

impl DeliveryRejection {
    /// The HTTP status to answer: 400, 401 or 413.
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused(error) => error.suggested_status(),
            Self::Interrupted => 400,
        }
    }

    /// A short stable name, for a metric label.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.reason(),
            Self::Interrupted => "interrupted",
        }
    }
}

impl IntoResponse for DeliveryRejection {
    fn into_response(self) -> Response {
        let content_type = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
        let mut response = (status(self.status()), content_type, self.reason()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for ChallengeAnswer {
    fn into_response(self) -> Response {
        (status(self.status()), self.headers(), self.into_body()).into_response()
    }
}

impl IntoResponse for ChallengeError {
    fn into_response(self) -> Response {
        let mut response = status(self.suggested_status()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for DataDeletionAnswer {
    fn into_response(self) -> Response {
        (status(self.status()), self.headers(), self.into_body()).into_response()
    }
}

impl IntoResponse for SignedRequestError {
    fn into_response(self) -> Response {
        let mut response = status(self.suggested_status()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST)
}
