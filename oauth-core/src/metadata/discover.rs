//! Fetching what a provider publishes.

use std::{sync::Arc, time::Duration};

use http::{Method, response::Parts};
use sociogram_api_core::{
    SystemClock, Timer,
    http::{
        AllowedHosts, BudgetKey, Dialect, Fault, FaultClass, Operation, Pipeline, Replay, Timeouts,
        Transport, Verdict,
    },
};
use url::Url;

use super::{ProviderMetadata, check_issuer, invalid};
use crate::{OAuthError, provider::endpoint::Endpoint, reply};

const MAX_ANSWER: usize = 64 * 1024;
const TIMEOUT: Duration = Duration::from_secs(10);

impl ProviderMetadata {
    /// Fetches what `issuer` publishes: from `{issuer}/.well-known/openid-configuration` (OpenID Connect
    /// Discovery), or else from RFC 8414's address. At most 64 KiB, ten seconds for each address, no redirects.
    ///
    /// Call it once when the program starts. `issuer` comes from the program's settings, never from a request.
    ///
    /// ```no_run
    /// use std::sync::Arc;
    ///
    /// use sociogram_api_core::http::Transport;
    /// use sociogram_oauth_core::{OAuthError, Provider, ProviderId, ProviderMetadata};
    ///
    /// # async fn on(transport: Arc<dyn Transport>) -> Result<Provider, OAuthError> {
    /// let metadata = ProviderMetadata::discover("https://id.example.com", transport).await?;
    /// Provider::generic(ProviderId::new("example"), metadata)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`OAuthError`]: those of [`parse`](Self::parse), and those of a call.
    pub async fn discover(issuer: &str, transport: Arc<dyn Transport>) -> Result<Self, OAuthError> {
        Self::discover_with(issuer, transport, Arc::new(SystemClock::new())).await
    }

    pub(super) async fn discover_with(
        issuer: &str,
        transport: Arc<dyn Transport>,
        timer: Arc<dyn Timer>,
    ) -> Result<Self, OAuthError> {
        check_issuer(issuer)?;
        let [openid, oauth] = addresses(issuer)?;
        if let Some(body) = fetch(&openid, &transport, &timer).await? {
            return Self::parse(issuer, &body);
        }
        match fetch(&oauth, &transport, &timer).await? {
            Some(body) => Self::parse(issuer, &body),
            None => Err(invalid("there is none at either of the well-known addresses")
                .with_action("check the issuer, or write the metadata down with `new`")),
        }
    }
}

/// OpenID Connect Discovery section 4 appends to the issuer; RFC 8414 section 3 inserts before its path.
fn addresses(issuer: &str) -> Result<[Endpoint; 2], OAuthError> {
    let unusable = |problem| invalid(&format!("the issuer is not usable: {problem}"));
    let url = Url::parse(issuer).map_err(|_| unusable("it is not an absolute URL"))?;
    let (origin, path) = (url.origin().ascii_serialization(), url.path().trim_end_matches('/'));
    let openid = Endpoint::parse(&format!("{origin}{path}/.well-known/openid-configuration"));
    let oauth = Endpoint::parse(&format!("{origin}/.well-known/oauth-authorization-server{path}"));
    Ok([openid.map_err(unusable)?, oauth.map_err(unusable)?])
}

/// The document; `None` if there is none at this address.
async fn fetch(
    endpoint: &Endpoint,
    transport: &Arc<dyn Transport>,
    timer: &Arc<dyn Timer>,
) -> Result<Option<Vec<u8>>, OAuthError> {
    let target =
        endpoint.target(None).map_err(|error| invalid("an address is not usable").with_source(error))?;
    let pipeline = Pipeline::builder(Arc::new(DocumentDialect))
        .transport(Arc::clone(transport))
        .timer(Arc::clone(timer))
        .hosts(AllowedHosts::default().allow(&target.base))
        .timeouts(Timeouts::new(TIMEOUT, TIMEOUT))
        .max_response_bytes(MAX_ANSWER)
        .build()
        .map_err(OAuthError::from_call)?;
    let operation = Operation::new("oauth.discover", "oauth", Replay::Safe).sensitive();
    match Box::pin(pipeline.execute(&operation, &target.request(Method::GET))).await {
        // Web apps answer every address with their page.
        Ok(answer) if reply::is_html(answer.body()) => Ok(None),
        Ok(answer) => Ok(Some(answer.body().to_vec())),
        Err(error) if matches!(error.status(), Some(400 | 401 | 403 | 404 | 405 | 406 | 410)) => Ok(None),
        Err(error) => Err(OAuthError::from_call(error)),
    }
}

#[derive(Debug)]
struct DocumentDialect;

impl Dialect for DocumentDialect {
    fn inspect(&self, _: &Operation, head: &Parts, _: &[u8]) -> Verdict {
        let mut verdict = Verdict::new();
        verdict.fault = match head.status.as_u16() {
            200..=299 => None,
            429 => Some(Fault::new(FaultClass::Throttled)),
            500.. => Some(Fault::new(FaultClass::Transient)),
            _ => Some(Fault::new(FaultClass::Permanent)),
        };
        verdict
    }

    fn budget_keys(&self, _: &Operation) -> Vec<BudgetKey> {
        Vec::new()
    }
}
