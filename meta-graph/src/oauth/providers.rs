//! The login products of Meta with the hooks that read their answers.

use std::sync::Arc;

use sociogram_oauth_core::{BusinessToken, Provider, ProviderHooks};

use super::facebook::FacebookHooks;
use super::instagram::InstagramHooks;
use super::threads::ThreadsHooks;
use crate::client::Client;
use crate::id::AppId;
use crate::proof::AppSecret;

/// Facebook Login, classic (Facebook Login: Manually Build a Login Flow), in the API version of the client.
///
/// ```
/// use sociogram_meta_graph::{AppId, AppSecret, Client, oauth};
///
/// # fn provider(client: &Client) -> sociogram_oauth_core::Provider {
/// oauth::facebook(client, AppId::from(1234567890), AppSecret::new("from your settings"))
/// # }
/// ```
pub fn facebook(client: &Client, app: AppId, secret: AppSecret) -> Provider {
    Provider::facebook(facebook_hooks(client, app, secret)).with_version(client.version().to_string())
}

/// Facebook Login for Business (Facebook Login for Business: Configurations). The configuration decides which
/// permissions are asked for and whose token comes; `token` has to say the same.
pub fn facebook_for_business(
    config_id: impl Into<String>,
    token: BusinessToken,
    client: &Client,
    app: AppId,
    secret: AppSecret,
) -> Provider {
    Provider::facebook_for_business(config_id, token, facebook_hooks(client, app, secret))
        .with_version(client.version().to_string())
}

/// WhatsApp Embedded Signup (WhatsApp Business Platform: Embedded Signup). Check the account that the browser
/// names with [`confirm`](super::embedded_signup::confirm).
pub fn whatsapp_embedded_signup(
    config_id: impl Into<String>,
    client: &Client,
    app: AppId,
    secret: AppSecret,
) -> Provider {
    Provider::whatsapp_embedded_signup(config_id, facebook_hooks(client, app, secret))
        .with_version(client.version().to_string())
}

/// Instagram Login (Instagram API with Instagram Login: Business Login). The client has to call
/// [`GraphHost::Instagram`](crate::GraphHost::Instagram); the login's client id and secret are those of the
/// Instagram app, not of the Meta app.
pub fn instagram(client: &Client) -> Provider {
    Provider::instagram(Arc::new(InstagramHooks::new(client)))
}

/// Threads (Threads API: Get Access Tokens and Permissions). The client has to call
/// [`GraphHost::Threads`](crate::GraphHost::Threads); the login's client id and secret are those of the Threads
/// app, not of the Meta app.
pub fn threads(client: &Client) -> Provider {
    Provider::threads(Arc::new(ThreadsHooks::new(client)))
}

fn facebook_hooks(client: &Client, app: AppId, secret: AppSecret) -> Arc<dyn ProviderHooks> {
    Arc::new(FacebookHooks::new(client, app, secret))
}

#[cfg(test)]
mod tests {
    use sociogram_api_core::testing::ScriptedTransport;
    use sociogram_oauth_core::{Grant, OAuthErrorClass, ProviderId, RefusedAnswer};

    use super::*;
    use crate::{ApiVersion, GraphHost};

    fn client(host: GraphHost) -> Client {
        Client::builder().host(host).transport(Arc::new(ScriptedTransport::new())).build().unwrap()
    }

    #[test]
    fn the_login_uses_the_version_of_the_client() {
        let client = client(GraphHost::Facebook).with_version(ApiVersion::new(25, 0));
        let (app, secret) = (AppId::from(7), AppSecret::new("CANARY"));
        for provider in [
            facebook(&client, app.clone(), secret.clone()),
            facebook_for_business("99", BusinessToken::SystemUser, &client, app.clone(), secret.clone()),
            whatsapp_embedded_signup("99", &client, app.clone(), secret.clone()),
        ] {
            assert_eq!(provider.token_url(), "https://graph.facebook.com/v25.0/oauth/access_token");
            assert!(!format!("{provider:?}").contains("CANARY"));
        }
    }

    #[test]
    fn instagram_and_threads_have_no_version_in_their_login() {
        let instagram = instagram(&client(GraphHost::Instagram));
        assert_eq!(instagram.token_url(), "https://api.instagram.com/oauth/access_token");
        let threads = threads(&client(GraphHost::Threads));
        assert_eq!(threads.token_url(), "https://graph.threads.net/oauth/access_token");
        assert_ne!(instagram.id(), threads.id());
        assert_ne!(instagram.id(), &ProviderId::FACEBOOK);
    }

    #[test]
    fn the_hooks_read_metas_refusals() {
        let hooks = facebook_hooks(&client(GraphHost::Facebook), AppId::from(7), AppSecret::new("s"));
        let body = br#"{"error":{"code":100,"error_subcode":36008}}"#;
        let refusal = hooks.refusal(&RefusedAnswer::new(Grant::Code, 400, body));
        assert_eq!(refusal.class(), OAuthErrorClass::Misconfigured);
    }
}
