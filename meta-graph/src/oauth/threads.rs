//! What a login reads of graph.threads.net.

use std::sync::Arc;

use async_trait::async_trait;
use sociogram_api_core::http::Quiet;
use sociogram_oauth_core::{
    AccessToken, Identity, OAuthError, ProviderHooks, Refusal, RefusedAnswer, StaticToken, TokenFacts,
    TokenSource,
};

use super::calls::{acting_with, oauth_error, oauth_error_of_asker};
use super::{facts, refusal};
use crate::client::Client;
use crate::debug_token::DebugToken;
use crate::host::GraphHost;
use crate::threads::GetThreadsUser;

/// The hooks of Threads (Threads API: Get Access Tokens and Permissions).
///
/// Whose token it is comes from `GET /me`. What a token is, Threads tells only to testers of the app
/// ([`inspecting_with`](Self::inspecting_with)). It has no place to ask for permissions, and none to revoke: the
/// person removes the app in their settings.
#[derive(Clone, Debug)]
pub struct ThreadsHooks {
    client: Client,
    tester: Option<Arc<dyn TokenSource>>,
}

impl ThreadsHooks {
    /// Asks through `client`, which must call [`GraphHost::Threads`] and may have any token or none. If it sends
    /// a proof, then with the secret of the Threads app.
    pub fn new(client: &Client) -> Self {
        Self { client: client.clone(), tester: None }
    }

    /// Also inspects tokens, with the token of a Threads tester of the same app (Threads API: Debug Access
    /// Token). Threads inspects tokens of this app only, and does not name the app in its answer.
    pub fn inspecting_with(mut self, tester: Arc<dyn TokenSource>) -> Self {
        self.tester = Some(tester);
        self
    }
}

#[async_trait]
impl ProviderHooks for ThreadsHooks {
    fn refusal(&self, answer: &RefusedAnswer<'_>) -> Refusal {
        refusal::read(answer)
    }

    async fn inspect(&self, token: &AccessToken) -> Result<Option<TokenFacts>, OAuthError> {
        let Some(tester) = &self.tester else { return Ok(None) };
        let client = acting_with(&self.client, GraphHost::Threads, Arc::clone(tester))?;
        let info = client.send(DebugToken::new(token.clone())).await.map_err(oauth_error_of_asker)?;
        facts::read(&info).map(Some)
    }

    async fn identify(&self, token: &AccessToken) -> Result<Option<Identity>, OAuthError> {
        let tokens = Arc::new(StaticToken::new(token.clone()));
        let client = acting_with(&self.client, GraphHost::Threads, tokens)?;
        let user = client.send(Quiet(GetThreadsUser::new())).await.map_err(oauth_error)?;
        let mut identity = Identity::new(user.id.to_string());
        identity.name = user.name;
        identity.username = user.username;
        identity.picture = user.threads_profile_picture_url;
        Ok(Some(identity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sociogram_api_core::testing::ScriptedTransport;
    use sociogram_api_core::{ErrorKind, Timestamp};
    use sociogram_oauth_core::{Expiry, ReauthReason, ScopeSet, TokenKind, TokenSet};

    fn hooks(host: GraphHost, transport: &ScriptedTransport) -> ThreadsHooks {
        let builder = Client::builder().host(host).transport(Arc::new(transport.clone()));
        ThreadsHooks::new(&builder.build().unwrap())
    }

    fn tester() -> Arc<dyn TokenSource> {
        Arc::new(StaticToken::new("TESTER"))
    }

    #[tokio::test]
    async fn the_identity_comes_from_the_threads_host() {
        let transport = ScriptedTransport::new().json(
            r#"{"id":12312312312312321,"username":"cafe","name":"Cafe",
                "threads_profile_picture_url":"https://cdn.example/p.jpg"}"#,
        );
        let identity = hooks(GraphHost::Threads, &transport).identify(&"THAA".into()).await.unwrap().unwrap();
        let mut expected = Identity::new("12312312312312321");
        expected.name = Some("Cafe".to_owned());
        expected.username = Some("cafe".to_owned());
        expected.picture = Some("https://cdn.example/p.jpg".to_owned());
        assert_eq!(identity, expected);
        let sent = &transport.requests()[0];
        assert_eq!(
            sent.uri,
            "https://graph.threads.net/v1.0/me?fields=id%2Cusername%2Cname%2Cthreads_profile_picture_url"
        );
        assert_eq!(sent.header("authorization"), "Bearer THAA");
    }

    #[tokio::test]
    async fn a_tester_inspects_tokens() {
        let transport = ScriptedTransport::new().json(
            r#"{"data":{"type":"USER","application":"Threads API Test App","data_access_expires_at":1754846089,
                "expires_at":1752254132,"is_valid":true,"issued_at":1747070132,
                "scopes":["threads_basic","threads_content_publish"],"user_id":"1234567890123456"}}"#,
        );
        let hooks = hooks(GraphHost::Threads, &transport).inspecting_with(tester());
        let facts = hooks.inspect(&"THAA".into()).await.unwrap().unwrap();
        assert!(facts.active);
        assert_eq!((facts.client_id, facts.subject.as_deref()), (None, Some("1234567890123456")));
        assert_eq!(facts.scopes, Some(ScopeSet::parse("threads_basic threads_content_publish")));
        assert_eq!(facts.expiry, Expiry::At(Timestamp::from_unix_seconds(1_752_254_132)));
        let sent = &transport.requests()[0];
        assert_eq!(sent.uri, "https://graph.threads.net/v1.0/debug_token?input_token=THAA");
        assert_eq!(sent.header("authorization"), "Bearer TESTER");
    }

    #[tokio::test]
    async fn a_tester_learns_why_a_token_is_not_good() {
        for (data, reason) in [
            (r#"{"is_valid":false,"error":{"code":190,"subcode":458}}"#, Some(ReauthReason::AppRemoved)),
            (r#"{"is_valid":false}"#, None),
        ] {
            let transport = ScriptedTransport::new().json(format!(r#"{{"data":{data}}}"#));
            let hooks = hooks(GraphHost::Threads, &transport).inspecting_with(tester());
            let facts = hooks.inspect(&"THAA".into()).await.unwrap().unwrap();
            assert_eq!((facts.active, facts.reauth_reason), (false, reason), "{data}");
        }
        let unwell = r#"{"data":{"is_valid":false,"error":{"code":2}}}"#;
        let hooks = hooks(GraphHost::Threads, &ScriptedTransport::new().json(unwell));
        let error = hooks.inspecting_with(tester()).inspect(&"THAA".into()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Server);
    }

    #[tokio::test]
    async fn what_threads_does_not_offer_is_not_asked() {
        let transport = ScriptedTransport::new();
        let hooks = hooks(GraphHost::Threads, &transport);
        let token = AccessToken::new("THAA");
        assert_eq!(hooks.inspect(&token).await.unwrap(), None);
        assert_eq!(hooks.permissions(&token).await.unwrap(), None);
        assert!(!hooks.revoke(&TokenSet::new(token, TokenKind::ThreadsUser)).await.unwrap());
        assert!(transport.requests().is_empty());
    }

    #[tokio::test]
    async fn a_client_of_another_host_gets_no_token() {
        let transport = ScriptedTransport::new();
        let hooks = hooks(GraphHost::Instagram, &transport).inspecting_with(tester());
        let token = AccessToken::new("THAA");
        for error in
            [hooks.identify(&token).await.unwrap_err(), hooks.inspect(&token).await.map(|_| ()).unwrap_err()]
        {
            assert_eq!(error.kind(), ErrorKind::Misconfigured);
        }
        assert!(transport.requests().is_empty());
    }
}
