//! Tokens of a business's own system users (Marketing API: Install Apps, Generate, Refresh, and Revoke Tokens).

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::{AccessToken, Scope, ScopeSet, scope};

use crate::id::{AppId, PageId, UserId};
use crate::proof::NeedsProof;
use crate::{acknowledged, lenient};

/// Makes a token of a system user: `POST /{system_user_id}/access_tokens`.
///
/// Needs the token of an administrator or administrator system user of the same business with
/// `business_management`, and a client with the app's secret. The system user must have installed the app. The
/// token is a snapshot: assets and permissions that are assigned later are not in it.
///
/// A repeat would make a second token that nobody knows of, so nothing repeats it once it may have been sent.
#[derive(Clone, Debug)]
pub struct CreateSystemUserToken {
    system_user: UserId,
    app: AppId,
    scopes: ScopeSet,
    page: Option<PageId>,
    expires: Option<bool>,
}

impl CreateSystemUserToken {
    /// A token of this system user for this app with these permissions.
    pub const fn new(system_user: UserId, app: AppId, scopes: ScopeSet) -> Self {
        Self { system_user, app, scopes, page: None, expires: None }
    }

    /// Whether the token ends after 60 days; it can be renewed while it is valid. Unless set, Meta decides.
    pub const fn expires_in_60_days(mut self, expires: bool) -> Self {
        self.expires = Some(expires);
        self
    }

    /// The Page the token is for.
    pub fn page(mut self, page: PageId) -> Self {
        self.page = Some(page);
        self
    }
}

impl Endpoint for CreateSystemUserToken {
    type Output = SystemUserToken;

    const NAME: &'static str = "system_user.token.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{system_user_id}/access_tokens";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::BUSINESS_MANAGEMENT];
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if self.scopes.is_empty() {
            return Err(no_scopes("name at least one permission").into());
        }
        parts
            .path("system_user_id", &self.system_user)
            .form_field("business_app", &self.app)
            .form_field("scope", scope_list(&self.scopes)?);
        if let Some(page) = &self.page {
            parts.form_field("page_id", page);
        }
        if let Some(expires) = self.expires {
            parts.form_field("set_token_expires_in_60_days", expires.to_string());
        }
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.system_user.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.with(NeedsProof)
    }

    fn decode(&self, response: &RawResponse) -> Result<SystemUserToken, DecodeError> {
        SystemUserToken::read(response)
    }
}

/// Ends all tokens of a system user: `DELETE /{system_user_id}/access_tokens`.
///
/// **All of them, wherever they are used, in every tenant.** To end one, use
/// [`RevokeToken`](crate::oauth::RevokeToken). Needs the token of an administrator of the same business with
/// `business_management`, and a client with the app's secret. Repeating it changes nothing.
#[derive(Clone, Debug)]
pub struct RevokeSystemUserTokens {
    system_user: UserId,
}

impl RevokeSystemUserTokens {
    /// Of this system user.
    pub const fn new(system_user: UserId) -> Self {
        Self { system_user }
    }
}

impl Endpoint for RevokeSystemUserTokens {
    type Output = ();

    const NAME: &'static str = "system_user.tokens.revoke";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/{system_user_id}/access_tokens";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::BUSINESS_MANAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("system_user_id", &self.system_user);
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.system_user.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.with(NeedsProof)
    }

    fn decode(&self, response: &RawResponse) -> Result<(), DecodeError> {
        acknowledged::read(response)
    }
}

/// A token of a system user. Meta does not say when it ends or what it allows:
/// [`DebugToken`](crate::debug_token::DebugToken) does.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct SystemUserToken {
    /// The token.
    pub access_token: AccessToken,
}

impl SystemUserToken {
    pub(super) fn read(response: &RawResponse) -> Result<Self, DecodeError> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default, deserialize_with = "lenient::access_token")]
            access_token: Option<AccessToken>,
        }
        match response.json::<Answer>()?.access_token {
            Some(access_token) => Ok(Self { access_token }),
            None => Err(DecodeError::new("access_token", "there is no token in the answer")),
        }
    }
}

/// The permissions as Meta wants them: separated by commas.
pub(super) fn scope_list(scopes: &ScopeSet) -> Result<String, InvalidRequest> {
    if scopes.iter().all(Scope::is_well_formed) {
        Ok(scopes.join(','))
    } else {
        Err(no_scopes("one of them is not the name of a permission").into())
    }
}

fn no_scopes(advice: &'static str) -> Finding {
    Finding::error("system_user.token.scope", "scope", "the permissions cannot be asked for").advice(advice)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::scripted::client;
    use crate::{AppSecret, Client, ErrorKind};
    use sociogram_api_core::http::TransportErrorKind;
    use sociogram_api_core::testing::ScriptedTransport;

    fn with_secret(transport: &ScriptedTransport) -> Client {
        let builder = Client::builder().transport(Arc::new(transport.clone())).access_token("ADMIN");
        builder.app_secret("secret").build().unwrap()
    }

    fn proof() -> String {
        AppSecret::new("secret").proof(&"ADMIN".into())
    }

    fn token() -> CreateSystemUserToken {
        let scopes = ScopeSet::from_static(&[scope::PAGES_SHOW_LIST, scope::ADS_READ]);
        CreateSystemUserToken::new(UserId::from(17), AppId::from(7), scopes)
    }

    #[tokio::test]
    async fn a_token_is_made_with_the_proof_and_without_the_secret() {
        let answer = r#"{"access_token":"CANARYsystem"}"#;
        let transport = ScriptedTransport::new().json(answer).json(answer);
        let client = with_secret(&transport);
        let made = client.send(token()).await.unwrap();
        assert_eq!(made.access_token.expose(), "CANARYsystem");
        assert!(!format!("{made:?}").contains("CANARY"));
        client.send(token().page(PageId::from(42)).expires_in_60_days(true)).await.unwrap();
        let sent = transport.requests();
        for request in &sent {
            assert_eq!(
                request.uri.path_and_query().unwrap().as_str(),
                format!("/v26.0/17/access_tokens?appsecret_proof={}", proof())
            );
            assert_eq!((request.method.as_str(), request.header("authorization")), ("POST", "Bearer ADMIN"));
        }
        assert_eq!(sent[0].text(), "business_app=7&scope=ads_read%2Cpages_show_list");
        assert_eq!(
            sent[1].text(),
            "business_app=7&scope=ads_read%2Cpages_show_list&page_id=42&set_token_expires_in_60_days=true"
        );
    }

    #[tokio::test]
    async fn without_the_secret_nothing_is_sent() {
        let transport = ScriptedTransport::new();
        let client = client(&transport);
        for error in [
            client.send(token()).await.map(|_| ()).unwrap_err(),
            client.send(RevokeSystemUserTokens::new(UserId::from(17))).await.unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "client.app_secret"));
            assert!(error.to_string().contains("`app_secret`"), "{error}");
        }
        assert!(transport.requests().is_empty());
    }

    #[tokio::test]
    async fn permissions_that_cannot_be_asked_for_are_not_sent() {
        let transport = ScriptedTransport::new();
        for scopes in [ScopeSet::new(), [Scope::new("a b")].into_iter().collect()] {
            let endpoint = CreateSystemUserToken::new(UserId::from(17), AppId::from(7), scopes);
            let error = with_secret(&transport).send(endpoint).await.unwrap_err();
            assert_eq!(error.findings()[0].rule(), "system_user.token.scope");
        }
        assert!(transport.requests().is_empty());
    }

    #[tokio::test]
    async fn a_token_that_may_have_been_made_is_not_made_twice() {
        let transport = ScriptedTransport::new().fail(TransportErrorKind::Timeout);
        let error = with_secret(&transport).send(token()).await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::InDoubt, true));
        assert_eq!(transport.requests().len(), 1);
    }

    #[tokio::test]
    async fn an_answer_without_a_token_is_not_kept() {
        for body in [r#"{"access_token":""}"#, r#"{"token":"CANARY"}"#, "[]", "CANARY"] {
            let transport = ScriptedTransport::new().json(body);
            let error = with_secret(&transport).send(token()).await.unwrap_err();
            assert_eq!((error.kind(), error.raw_body()), (ErrorKind::Decode, None), "{body}");
            assert!(!format!("{error} {error:?}").contains("CANARY"));
        }
    }

    #[tokio::test]
    async fn all_tokens_are_ended_at_once() {
        let transport = ScriptedTransport::new().json(r#"{"success":true}"#);
        with_secret(&transport).send(RevokeSystemUserTokens::new(UserId::from(17))).await.unwrap();
        let sent = &transport.requests()[0];
        assert_eq!(
            format!("{} {}", sent.method, sent.uri.path_and_query().unwrap()),
            format!("DELETE /v26.0/17/access_tokens?appsecret_proof={}", proof())
        );
    }
}
