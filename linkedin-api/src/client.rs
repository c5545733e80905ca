//! The client.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_core::Stream;
use http::{HeaderName, HeaderValue};
use sociogram_api_core::http::{
    BaseUrl, Call, Client as CoreClient, Endpoint, ListEndpoint, Operation, Page, Pipeline, RequestParts,
};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::TokenSource;

use crate::authorizer::Bearer;
use crate::builder::ClientBuilder;
use crate::dialect::Caller;
use crate::error::Error;
use crate::quota::{DailyUsage, Ledger};
use crate::tunnel;
use crate::version::ApiVersion;

const VERSION: HeaderName = HeaderName::from_static("linkedin-version");
const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("x-restli-protocol-version");

/// A client of LinkedIn's API for one app and one token. Cheap to clone; clones, and clients made by
/// [`with_token`](Self::with_token), share limits, circuit and connections.
#[derive(Clone)]
pub struct Client {
    pipeline: Pipeline,
    base: BaseUrl,
    version: ApiVersion,
    caller: Caller,
    ledger: Arc<Ledger>,
}

impl Client {
    /// Starts building one. A token is required; everything else has a default.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub(crate) fn new(
        pipeline: Pipeline,
        base: BaseUrl,
        version: ApiVersion,
        caller: Caller,
        ledger: Arc<Ledger>,
    ) -> Self {
        Self { pipeline, base, version, caller, ledger }
    }

    /// A call of this endpoint; it is sent when awaited. An [`ApiVersion`] given to the call's `with`
    /// replaces the client's for this call.
    pub fn send<E: Endpoint>(&self, endpoint: E) -> Call<'_, Self, E> {
        Call::new(self, endpoint)
    }

    /// All pages of a list, one call each. The stream ends after the last page, or after one error.
    pub fn pages<E: ListEndpoint + 'static>(
        &self,
        endpoint: E,
    ) -> impl Stream<Item = Result<Page<E::Item>, Error>> + Send + use<E>
    where
        E::Item: 'static,
    {
        sociogram_api_core::http::pages(self.clone(), endpoint)
    }

    /// All items of a list that can be read; use [`pages`](Self::pages) to see those that cannot.
    pub fn items<E: ListEndpoint + 'static>(
        &self,
        endpoint: E,
    ) -> impl Stream<Item = Result<E::Item, Error>> + Send + use<E>
    where
        E::Item: 'static,
    {
        sociogram_api_core::http::items(self.clone(), endpoint)
    }

    /// The same client for another member of the same app. Limits of the app stay shared; those of the
    /// member start afresh unless [`with_member`](Self::with_member) names them.
    pub fn with_token(&self, source: Arc<dyn TokenSource>) -> Self {
        let pipeline = self.pipeline.with_authorizer(Arc::new(Bearer::new(source)));
        let caller = Caller { app: Arc::clone(&self.caller.app), member: unnamed_member(), counted: true };
        Self { pipeline, caller, ..self.clone() }
    }

    /// Names the member whose token this is, by any stable id: LinkedIn limits each member, so clients
    /// with the same name share what is known of those limits.
    pub fn with_member(mut self, member: impl Into<Arc<str>>) -> Self {
        self.caller.member = member.into();
        self
    }

    /// The same client with another version of the API.
    pub fn with_version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// The version of the API that is sent.
    pub const fn version(&self) -> ApiVersion {
        self.version
    }

    /// What was sent today by this client and all that share its limits, beside the limits set by
    /// [`ClientBuilder::daily_quota`].
    pub fn usage(&self) -> DailyUsage {
        self.ledger.usage()
    }

    /// The road the requests take: rate budget and circuit for dashboards.
    pub const fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }
}

/// Marks a call of the versioned API whose template does not tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Versioned;

/// Distinct per token source, so that one member's throttle never stops another.
pub(crate) fn unnamed_member() -> Arc<str> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    Arc::from(format!("unnamed-{}", NEXT.fetch_add(1, Ordering::Relaxed)))
}

impl CoreClient for Client {
    type Error = Error;

    fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    fn provider(&self) -> &'static str {
        "linkedin"
    }

    fn prepare(&self, operation: &mut Operation, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let caller = Caller { counted: !parts.has_base(), ..self.caller.clone() };
        *operation = operation.clone().with(caller);
        if let Some(host) = parts.base_url() {
            // An address that LinkedIn gave: none of the API's headers, and the token for its own hosts only.
            crate::uploads::check_host(host, &self.base)?;
            if !self.pipeline.permits(host) {
                *operation = operation.clone().anonymous();
            }
            return Ok(());
        }
        parts.base(self.base.clone());
        parts.header(PROTOCOL_VERSION, HeaderValue::from_static("2.0.0"));
        // Only the versioned API takes a version; `/v2` is older and has none.
        if parts.template().starts_with("/rest/") || operation.get::<Versioned>().is_some() {
            let version = operation.get::<ApiVersion>().unwrap_or(&self.version);
            let version = HeaderValue::try_from(version.to_string()).map_err(|_| {
                Finding::error("linkedin.version", "version", "the version cannot be written as a header")
            })?;
            parts.header(VERSION, version);
        }
        tunnel::apply(parts)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base)
            .field("version", &self.version)
            .field("app", &self.caller.app)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
