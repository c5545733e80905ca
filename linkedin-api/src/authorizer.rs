//! The bearer token of each attempt.

use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderValue;
use http::header::AUTHORIZATION;
use http::request::Parts;
use sociogram_api_core::ErrorKind;
use sociogram_api_core::http::{AuthorizeError, Authorizer, Operation, Ticket};
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
            AuthorizeError::new(error.kind(), "the token source has no token to give").with_source(error)
        })?;
        head.headers.insert(AUTHORIZATION, header(&token)?);
        Ok(Ticket::new(token))
    }

    async fn rejected(&self, ticket: Ticket) {
        if let Some(token) = ticket.downcast::<Arc<AccessToken>>() {
            self.0.reject(&token).await;
        }
    }
}

fn header(token: &AccessToken) -> Result<HeaderValue, AuthorizeError> {
    if token.is_empty() {
        return Err(AuthorizeError::new(ErrorKind::Reauthorize, "the token source gave an empty token"));
    }
    let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose())).map_err(|_| {
        AuthorizeError::new(
            ErrorKind::Reauthorize,
            "the token holds characters that cannot stand in a header",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}
