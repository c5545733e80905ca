//! The client.

use std::fmt;
use std::sync::Arc;

use futures_core::Stream;
use sociogram_api_core::http::{
    self as road, Breaker, Call, Cursor, Endpoint, ListEndpoint, Operation, Page, Pipeline, RateBudget,
    RequestParts,
};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::TokenSource;

use crate::authorizer::GraphAuthorizer;
use crate::builder::ClientBuilder;
use crate::error::Error;
use crate::host::{Bases, GraphHost, MetaHost};
use crate::id::UserId;
use crate::instagram::login;
use crate::limits::ActingFor;
use crate::proof::NeedsProof;
use crate::usage::{UsageLedger, UsageSnapshot};
use crate::version::ApiVersion;

/// A client of the Graph API. Cheap to clone; clones share limits and circuits. There is no global state:
/// a program that serves many tenants keeps one client per app and calls
/// [`with_token`](Self::with_token) per tenant.
#[derive(Clone)]
pub struct Client {
    pub(crate) pipeline: Pipeline,
    pub(crate) host: GraphHost,
    pub(crate) bases: Bases,
    pub(crate) version: ApiVersion,
    pub(crate) authorizer: GraphAuthorizer,
    pub(crate) user: Option<ActingFor>,
    pub(crate) usage: Arc<UsageLedger>,
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

    /// The pages of a list from `cursor` on; `None` starts at the first one. After an error in the middle of a
    /// list, [`Error::resume_from`] is the cursor of the page that failed: nothing read before is read again.
    ///
    /// ```
    /// # use futures_util::TryStreamExt;
    /// # use sociogram_meta_graph::{Client, Error, RawList};
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// let list = RawList::new("42/feed").fields("id");
    /// let mut seen = 0;
    /// let count = |page: sociogram_meta_graph::Page<serde_json::Value>| {
    ///     seen += page.items.len();
    ///     std::future::ready(Ok(()))
    /// };
    /// if let Err(error) = client.pages(list.clone()).try_for_each(count).await {
    ///     let rest = client.pages_from(list, error.resume_from().cloned());
    ///     let rest: Vec<_> = rest.try_collect().await?;
    ///     # let _ = rest;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages_from<E: ListEndpoint + 'static>(
        &self,
        endpoint: E,
        cursor: impl Into<Option<Cursor>>,
    ) -> impl Stream<Item = Result<Page<E::Item>, Error>> + Send
    where
        E::Item: 'static,
    {
        road::pages_from(self.clone(), endpoint, cursor.into())
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

    /// The upload hosts take tokens of Facebook Login only; the one for bytes, those of Instagram Login too.
    fn check_host(&self, host: MetaHost) -> Result<(), InvalidRequest> {
        let fits = match (self.host, host) {
            (_, MetaHost::Graph) | (GraphHost::Facebook, _) => true,
            (GraphHost::Instagram, host) => host == MetaHost::Upload,
            (GraphHost::Threads, _) => false,
        };
        if fits {
            return Ok(());
        }
        Err(Finding::error("client.host", "host", "the API of this client has no such upload host")
            .advice("build a client of graph.facebook.com for it")
            .into())
    }

    /// The API that calls go to.
    pub const fn host(&self) -> GraphHost {
        self.host
    }

    /// The version of the API that calls use.
    pub const fn version(&self) -> ApiVersion {
        self.version
    }

    /// What Meta told of its limits so far, for dashboards: how much is used, and what is held back until when.
    pub fn usage(&self) -> UsageSnapshot {
        self.usage.snapshot(self.pipeline.budget())
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
        login::prepare(operation, self.host)?;
        let version = operation.get::<ApiVersion>().copied().unwrap_or(self.version);
        // It rides along for the dialect, which compares it with the version that answers.
        *operation = operation.clone().with(version);
        if let Some(user) = &self.user {
            *operation = operation.clone().with(user.clone());
        }
        if !parts.has_base() {
            let host = operation.get().copied().unwrap_or_default();
            self.check_host(host)?;
            let base = self.bases.of(host);
            if host == MetaHost::Upload {
                parts.base(base.clone()).path("api_version", version.to_string());
                return Ok(());
            }
            let base = base
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
            .field("bases", &self.bases)
            .field("version", &self.version)
            .field("authorizer", &self.authorizer)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
