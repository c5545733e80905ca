//! The client.

use std::fmt;
use std::sync::Arc;

use futures_core::Stream;
use sociogram_api_core::http::{
    self as road, BaseUrl, Breaker, Call, Endpoint, ListEndpoint, Operation, Page, Pipeline, RateBudget,
    RequestParts,
};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::TokenSource;

use crate::authorizer::GraphAuthorizer;
use crate::builder::ClientBuilder;
use crate::error::Error;
use crate::host::GraphHost;
use crate::id::UserId;
use crate::limits::ActingFor;
use crate::proof::NeedsProof;
use crate::version::ApiVersion;

/// A client of the Graph API. Cheap to clone; clones share limits and circuits. There is no global state:
/// a program that serves many tenants keeps one client per app and calls
/// [`with_token`](Self::with_token) per tenant.
#[derive(Clone)]
pub struct Client {
    pub(crate) pipeline: Pipeline,
    pub(crate) host: GraphHost,
    pub(crate) base: BaseUrl,
    pub(crate) version: ApiVersion,
    pub(crate) authorizer: GraphAuthorizer,
    pub(crate) user: Option<ActingFor>,
}

impl Client {
    /// Starts building a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Prepares a call; it is sent when awaited.
    ///
    /// A single call may use another version: `client.send(endpoint).with(ApiVersion::new(25, 0))`.
    pub fn send<E: Endpoint>(&self, endpoint: E) -> Call<'_, Self, E> {
        Call::new(self, endpoint)
    }

    /// All pages of a list as a stream, one call each. It ends when Meta names no next page, or after
    /// yielding an error once. Needs [`pin!`](std::pin::pin) or a boxed stream to be polled.
    pub fn pages<E: ListEndpoint + 'static>(
        &self,
        endpoint: E,
    ) -> impl Stream<Item = Result<Page<E::Item>, Error>> + Send + use<E>
    where
        E::Item: 'static,
    {
        road::pages(self.clone(), endpoint)
    }

    /// All items of a list as a stream, without those that could not be read
    /// ([`pages`](Self::pages) shows them).
    pub fn items<E: ListEndpoint + 'static>(
        &self,
        endpoint: E,
    ) -> impl Stream<Item = Result<E::Item, Error>> + Send + use<E>
    where
        E::Item: 'static,
    {
        road::items(self.clone(), endpoint)
    }

    /// The same client with another token: of another tenant, Page or system user. Limits and circuits
    /// stay shared; the person it acts for is forgotten.
    pub fn with_token(&self, tokens: Arc<dyn TokenSource>) -> Self {
        Self { user: None, ..self.with_authorizer(self.authorizer.clone().with_tokens(tokens)) }
    }

    /// The same client, which sends the proof with this secret; the form of the proof stays.
    #[cfg(feature = "login")]
    pub(crate) fn with_secret(&self, secret: &crate::AppSecret) -> Self {
        let clock: Arc<dyn sociogram_api_core::Clock> =
            Arc::<dyn sociogram_api_core::Timer>::clone(self.pipeline.timer());
        let mode = self.authorizer.proof_mode().unwrap_or_default();
        self.with_authorizer(self.authorizer.clone().with_proof(secret.clone(), mode, clock))
    }

    fn with_authorizer(&self, authorizer: GraphAuthorizer) -> Self {
        let pipeline = self.pipeline.with_authorizer(Arc::new(authorizer.clone()));
        Self { pipeline, authorizer, ..self.clone() }
    }

    /// The same client, told whose token it uses, so that this person's rate limit is kept for itself.
    pub fn acting_for(&self, user: &UserId) -> Self {
        Self { user: Some(ActingFor(Arc::from(user.as_str()))), ..self.clone() }
    }

    /// The same client with another version of the API.
    pub fn with_version(&self, version: ApiVersion) -> Self {
        Self { version, ..self.clone() }
    }

    /// The API that calls go to.
    pub const fn host(&self) -> GraphHost {
        self.host
    }

    /// The version of the API that calls use.
    pub const fn version(&self) -> ApiVersion {
        self.version
    }

    /// The shared rate budget, for dashboards.
    pub fn budget(&self) -> &Arc<RateBudget> {
        self.pipeline.budget()
    }

    /// The shared circuit breaker, for dashboards.
    pub fn breaker(&self) -> &Arc<Breaker> {
        self.pipeline.breaker()
    }
}

impl road::Client for Client {
    type Error = Error;

    fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    fn provider(&self) -> &'static str {
        "meta"
    }

    fn prepare(&self, operation: &mut Operation, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if operation.get::<NeedsProof>().is_some() && self.authorizer.proof_mode().is_none() {
            return Err(Finding::error(
                "client.app_secret",
                "appsecret_proof",
                "this call needs the proof that the caller knows the app secret",
            )
            .advice("build the client with `app_secret`")
            .into());
        }
        let version = operation.get::<ApiVersion>().copied().unwrap_or(self.version);
        // It rides along for the dialect, which compares it with the version that answers.
        *operation = operation.clone().with(version);
        if let Some(user) = &self.user {
            *operation = operation.clone().with(user.clone());
        }
        if !parts.has_base() {
            let base = self
                .base
                .with_path(&version.to_string())
                .map_err(|error| Finding::error("client.version", "version", error.to_string()))?;
            parts.base(base);
        }
        Ok(())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("host", &self.host)
            .field("base", &self.base)
            .field("version", &self.version)
            .field("authorizer", &self.authorizer)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
