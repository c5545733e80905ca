//! The app's own token.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use sociogram_oauth_core::{AccessToken, TokenError, TokenSource};

use crate::id::AppId;
use crate::proof::AppSecret;

/// The app's own token, `{app id}|{app secret}` (Facebook Login: App Access Tokens). For Debug Token and
/// the app's webhook subscriptions.
///
/// ```
/// use std::sync::Arc;
/// use sociogram_meta_graph::{AppId, AppSecret, Client, oauth::AppToken};
///
/// # fn on(client: &Client, app: &AppId, secret: &AppSecret) {
/// let as_app = client.with_token(Arc::new(AppToken::new(app, secret)));
/// # }
/// ```
#[derive(Clone)]
pub struct AppToken(Arc<AccessToken>);

impl AppToken {
    /// Made from the app's id and secret; nothing is sent for it.
    pub fn new(app: &AppId, secret: &AppSecret) -> Self {
        Self(Arc::new(AccessToken::new(format!("{app}|{}", secret.expose()))))
    }
}

#[async_trait]
impl TokenSource for AppToken {
    async fn token(&self) -> Result<Arc<AccessToken>, TokenError> {
        Ok(Arc::clone(&self.0))
    }

    /// It cannot be renewed: a refusal means that the secret was reset.
    async fn reject(&self, _used: &AccessToken) {}
}

impl fmt::Debug for AppToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppToken([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_app_token_is_id_and_secret() {
        let token = AppToken::new(&AppId::from(7), &AppSecret::new("CANARY"));
        assert_eq!(token.token().await.unwrap().expose(), "7|CANARY");
        assert!(!format!("{token:?}").contains("CANARY"));
    }
}
