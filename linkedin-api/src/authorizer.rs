//! The bearer token of each attempt.

use std::sync::Arc;

use async_trait::async_trait;
use http::header::AUTHORIZATION;
use http::request::Parts;
use sociogram_api_core::http::{AuthorizeError, Authorizer, Operation, Ticket, bearer};
use sociogram_oauth_core::{AccessToken, TokenSource};

/// Asks the source for every attempt, so that a renewed token is used by the next one.
#[derive(Debug)]
pub(crate) struct Bearer(Arc<dyn TokenSource>);

impl Bearer {
    pub(crate) fn new(source: Arc<dyn TokenSource>) -> Self {
        Self(source)
    }
}

#[async_trait]
impl Authorizer for Bearer {
    async fn authorize(&self, _operation: &Operation, head: &mut Parts) -> Result<Ticket, AuthorizeError> {
        let token = self.0.token().await.map_err(|error| {
            let message = error.to_string();
            AuthorizeError::new(error.kind(), message).with_source(error)
        })?;
        head.headers.insert(AUTHORIZATION, bearer(token.expose())?);
        Ok(Ticket::new(token))
    }

    async fn rejected(&self, ticket: Ticket) {
        if let Some(token) = ticket.downcast::<Arc<AccessToken>>() {
            self.0.reject(&token).await;
        }
    }
}
