//! What a login reads of graph.instagram.com.

use std::sync::Arc;

use async_trait::async_trait;
use sociogram_api_core::http::Quiet;
use sociogram_oauth_core::{
    AccessToken, Identity, OAuthError, ProviderHooks, Refusal, RefusedAnswer, StaticToken,
};

use super::calls::{acting_with, oauth_error};
use super::refusal;
use crate::client::Client;
use crate::host::GraphHost;
use crate::instagram::GetInstagramUser;

/// The hooks of Instagram Login (Instagram API with Instagram Login: Business Login).
///
/// Whose token it is comes from `GET /me`: the id of the professional account, which differs from the id in the
/// answer to the code exchange. What was granted stands in that answer; Instagram has no place to ask for it
/// again, and none to revoke: the person removes the app in their settings.
#[derive(Clone, Debug)]
pub struct InstagramHooks {
    client: Client,
}

impl InstagramHooks {
    /// Asks through `client`, which must call [`GraphHost::Instagram`] and may have any token or none. If it
    /// sends a proof, then with the secret of the Instagram app.
    pub fn new(client: &Client) -> Self {
        Self { client: client.clone() }
    }
}

#[async_trait]
impl ProviderHooks for InstagramHooks {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        refusal::read(answer)
    }

    async fn identify(&self, token: &AccessToken) -> Result<Option<Identity>, OAuthError> {
        let tokens = Arc::new(StaticToken::new(token.clone()));
        let client = acting_with(&self.client, GraphHost::Instagram, tokens)?;
        let user = client.send(Quiet(GetInstagramUser::new())).await.map_err(oauth_error)?;
        let mut identity = Identity::new(user.user_id.to_string());
        identity.name = user.name;
        identity.username = user.username;
        identity.picture = user.profile_picture_url;
        Ok(Some(identity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sociogram_api_core::ErrorKind;
    use sociogram_api_core::testing::ScriptedTransport;
    use sociogram_oauth_core::{TokenKind, TokenSet};

    fn hooks(host: GraphHost, transport: &ScriptedTransport) -> InstagramHooks {
        let builder = Client::builder().host(host).transport(Arc::new(transport.clone()));
        InstagramHooks::new(&builder.build().unwrap())
    }

    #[tokio::test]
    async fn the_identity_is_the_professional_account() {
        let transport = ScriptedTransport::new().json(
            r#"{"data":[{"user_id":"17841405822304914","id":"2461","username":"cafe","name":"Cafe",
                "account_type":"BUSINESS","profile_picture_url":"https://cdn.example/p.jpg"}]}"#,
        );
        let identity =
            hooks(GraphHost::Instagram, &transport).identify(&"IGAA".into()).await.unwrap().unwrap();
        let mut expected = Identity::new("17841405822304914");
        expected.name = Some("Cafe".to_owned());
        expected.username = Some("cafe".to_owned());
        expected.picture = Some("https://cdn.example/p.jpg".to_owned());
        assert_eq!(identity, expected);
        let sent = &transport.requests()[0];
        assert_eq!(
            sent.uri,
            "https://graph.instagram.com/v26.0/me\
             ?fields=user_id%2Cusername%2Cname%2Caccount_type%2Cprofile_picture_url"
        );
        assert_eq!(sent.header("authorization"), "Bearer IGAA");
    }

    #[tokio::test]
    async fn a_client_of_another_host_gets_no_token() {
        let transport = ScriptedTransport::new();
        let error = hooks(GraphHost::Facebook, &transport).identify(&"IGAA".into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
        assert_eq!(
            error.to_string(),
            "the client of the hooks calls https://graph.facebook.com instead of https://graph.instagram.com"
        );
        assert!(error.user_action().contains("host"));
        assert!(transport.requests().is_empty());
    }

    #[tokio::test]
    async fn what_instagram_does_not_offer_is_not_asked() {
        let transport = ScriptedTransport::new();
        let hooks = hooks(GraphHost::Instagram, &transport);
        let token = AccessToken::new("IGAA");
        assert_eq!(hooks.inspect(&token).await.unwrap(), None);
        assert_eq!(hooks.permissions(&token).await.unwrap(), None);
        assert!(!hooks.revoke(&TokenSet::new(token, TokenKind::InstagramUser)).await.unwrap());
        assert!(transport.requests().is_empty());
    }
}
