//! Whole calls against a scripted transport.

mod failures;
mod requests;
mod tunnelling;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sociogram_api_core::ErrorKind;
use sociogram_api_core::testing::{ScriptedTransport, canary};
use sociogram_oauth_core::{AccessToken, TokenError, TokenSource};

use super::*;
use crate::RetryPolicy;
use crate::urn::PersonUrn;

/// Gives `token-1`, and after each refusal the next one.
#[derive(Debug, Default)]
struct Rotating {
    rejected: Mutex<Vec<String>>,
}

impl Rotating {
    fn rejected(&self) -> Vec<String> {
        self.rejected.lock().unwrap().clone()
    }
}

#[async_trait::async_trait]
impl TokenSource for Rotating {
    async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        Ok(Arc::new(AccessToken::new(format!("token-{}", self.rejected.lock().unwrap().len() + 1))))
    }

    async fn reject(&self, used: &AccessToken) {
        self.rejected.lock().unwrap().push(used.expose().to_owned());
    }
}

fn builder(transport: &ScriptedTransport) -> ClientBuilder {
    Client::builder()
        .access_token(canary::secret("TOKEN"))
        .transport(Arc::new(transport.clone()))
        .retry(RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO))
}

fn client(transport: &ScriptedTransport) -> Client {
    builder(transport).build().unwrap()
}

fn person() -> PersonUrn {
    PersonUrn::from_id("782bbtaQ").unwrap()
}
