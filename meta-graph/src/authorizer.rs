//! Attaching the token and its proof to every attempt.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use http::header::{AUTHORIZATION, HeaderValue};
use http::request::Parts;
use sociogram_api_core::Clock;
use sociogram_api_core::http::{AuthorizeError, Authorizer, Operation, Ticket, append_query, bearer};
use sociogram_oauth_core::{AccessToken, TokenSource};

use crate::host::{GivesFile, MetaHost, OAuthScheme, is_upload_host};
use crate::proof::{AppSecret, ProofMode};

/// Sends the token in the `Authorization` header, never in the URL, and `appsecret_proof` in the query.
///
/// The host for bytes wants the scheme `OAuth` instead of `Bearer` and takes no proof.
#[derive(Clone)]
pub struct GraphAuthorizer {
    tokens: Arc<dyn TokenSource>,
    proof: Option<Proof>,
}

#[derive(Clone)]
struct Proof {
    secret: Arc<AppSecret>,
    mode: ProofMode,
    clock: Arc<dyn Clock>,
}

impl GraphAuthorizer {
    /// With tokens from `tokens` and no proof.
    pub fn new(tokens: Arc<dyn TokenSource>) -> Self {
        Self { tokens, proof: None }
    }

    /// Also sends the proof, made with the secret of the app that issues the tokens.
    pub fn with_proof(mut self, secret: AppSecret, mode: ProofMode, clock: Arc<dyn Clock>) -> Self {
        self.proof = Some(Proof { secret: Arc::new(secret), mode, clock });
        self
    }

    /// The form of the proof; `None` if none is sent.
    pub(crate) fn proof_mode(&self) -> Option<ProofMode> {
        self.proof.as_ref().map(|proof| proof.mode)
    }

    /// The parameters that prove `token`, for a request inside another one; none without a secret.
    pub(crate) fn proof_of(&self, token: &AccessToken) -> Vec<(&'static str, String)> {
        self.proof.as_ref().map(|proof| proof.parameters(token)).unwrap_or_default()
    }

    /// The same with tokens from another source.
    pub fn with_tokens(mut self, tokens: Arc<dyn TokenSource>) -> Self {
        self.tokens = tokens;
        self
    }
}

impl Proof {
    fn parameters(&self, token: &AccessToken) -> Vec<(&'static str, String)> {
        match self.mode {
            ProofMode::Classic => vec![("appsecret_proof", self.secret.proof(token))],
            ProofMode::Timestamped => {
                let now = self.clock.now();
                vec![
                    ("appsecret_proof", self.secret.proof_at(token, now)),
                    ("appsecret_time", now.as_unix_seconds().to_string()),
                ]
            }
        }
    }
}

/// The same token under the other scheme; `bearer` has checked that it can stand in a header.
fn oauth(token: &AccessToken, bearer: HeaderValue) -> HeaderValue {
    let Ok(mut value) = HeaderValue::try_from(format!("OAuth {}", token.expose())) else { return bearer };
    value.set_sensitive(true);
    value
}

#[async_trait]
impl Authorizer for GraphAuthorizer {
    async fn authorize(&self, operation: &Operation, head: &mut Parts) -> Result<Ticket, AuthorizeError> {
        let token = self.tokens.token().await.map_err(|error| {
            let message = error.to_string();
            AuthorizeError::new(error.kind(), message).with_source(error)
        })?;
        let upload = operation.get() == Some(&MetaHost::Upload) || is_upload_host(&head.uri);
        let scheme = upload || operation.get::<OAuthScheme>().is_some();
        let value = bearer(token.expose())?;
        head.headers.insert(AUTHORIZATION, if scheme { oauth(&token, value) } else { value });
        let provable = !upload && operation.get::<GivesFile>().is_none();
        if let Some(proof) = self.proof.as_ref().filter(|_| provable) {
            for (name, value) in proof.parameters(&token) {
                append_query(head, name, &value);
            }
        }
        Ok(Ticket::new(token))
    }

    async fn rejected(&self, ticket: Ticket) {
        if let Some(token) = ticket.downcast::<Arc<AccessToken>>() {
            self.tokens.reject(&token).await;
        }
    }
}

impl fmt::Debug for GraphAuthorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphAuthorizer")
            .field("tokens", &self.tokens)
            .field("proof", &self.proof_mode())
            .finish()
    }
}
