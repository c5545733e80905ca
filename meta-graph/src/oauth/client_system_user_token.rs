//! Tokens of business-integration system users, in the business of a client (Facebook Login for Business).

use http::Method;
use sociogram_api_core::http::{DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::{ScopeSet, scope};

use super::system_user_token::{SystemUserToken, scope_list};
use crate::id::{BusinessId, UserId};
use crate::proof::NeedsProof;

/// Fetches the token a client's business has given the app: `POST /{client_business_id}/system_user_access_tokens`
/// with `fetch_only`.
///
/// Needs the token of a system user of the app's own business with `business_management`, and a client with the
/// app's secret. It makes nothing, so it may be repeated.
#[derive(Clone, Debug)]
pub struct GetClientSystemUserToken {
    business: BusinessId,
    system_user: Option<UserId>,
}

impl GetClientSystemUserToken {
    /// Of this client's business.
    pub const fn new(client_business: BusinessId) -> Self {
        Self { business: client_business, system_user: None }
    }

    /// Of this system user, where the business has several for the app.
    pub fn system_user(mut self, system_user: UserId) -> Self {
        self.system_user = Some(system_user);
        self
    }
}

impl Endpoint for GetClientSystemUserToken {
    type Output = SystemUserToken;

    const NAME: &'static str = "business.system_user_token.read";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{client_business_id}/system_user_access_tokens";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::BUSINESS_MANAGEMENT];
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("client_business_id", &self.business).form_field("fetch_only", "true");
        if let Some(system_user) = &self.system_user {
            parts.form_field("system_user_id", system_user);
        }
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.business.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.with(NeedsProof)
    }

    fn decode(&self, response: &RawResponse) -> Result<SystemUserToken, DecodeError> {
        SystemUserToken::read(response)
    }
}

/// Makes a token in a client's business: `POST /{client_business_id}/system_user_access_tokens`.
///
/// It cannot allow more than the client granted; naming permissions and assets makes it allow less. Needs the
/// token of the business-integration system user, or of a system user of the app's own business with
/// `business_management`, and a client with the app's secret.
///
/// A repeat would make a second token that nobody knows of, so nothing repeats it once it may have been sent.
#[derive(Clone, Debug)]
pub struct CreateClientSystemUserToken {
    business: BusinessId,
    system_user: Option<UserId>,
    scopes: ScopeSet,
    assets: Vec<String>,
    expires: Option<bool>,
}

impl CreateClientSystemUserToken {
    /// A token in this client's business for everything that was granted.
    pub const fn new(client_business: BusinessId) -> Self {
        Self {
            business: client_business,
            system_user: None,
            scopes: ScopeSet::new(),
            assets: Vec::new(),
            expires: None,
        }
    }

    /// Of this system user, where the business has several for the app.
    pub fn system_user(mut self, system_user: UserId) -> Self {
        self.system_user = Some(system_user);
        self
    }

    /// For these permissions only.
    pub fn scopes(mut self, scopes: ScopeSet) -> Self {
        self.scopes = scopes;
        self
    }

    /// For these assets only: ids of Pages, ad accounts (without `act_`), WhatsApp business accounts and so on.
    pub fn assets<I>(mut self, assets: I) -> Self
    where
        I: IntoIterator,
        I::Item: ToString,
    {
        self.assets = assets.into_iter().map(|asset| asset.to_string()).collect();
        self
    }

    /// Whether the token ends after 60 days; it can be renewed while it is valid. Unless set, Meta decides.
    pub const fn expires_in_60_days(mut self, expires: bool) -> Self {
        self.expires = Some(expires);
        self
    }
}

impl Endpoint for CreateClientSystemUserToken {
    type Output = SystemUserToken;

    const NAME: &'static str = "business.system_user_token.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{client_business_id}/system_user_access_tokens";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::BUSINESS_MANAGEMENT];
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        let numeric = |id: &String| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        if !self.assets.iter().all(numeric) {
            return Err(Finding::error(
                "business.system_user_token.asset",
                "asset",
                "an asset is not a number",
            )
            .advice("pass ids of digits only, ad accounts without `act_`")
            .into());
        }
        parts.path("client_business_id", &self.business);
        if let Some(system_user) = &self.system_user {
            parts.form_field("system_user_id", system_user);
        }
        if !self.scopes.is_empty() {
            parts.form_field("scope", scope_list(&self.scopes)?);
        }
        if !self.assets.is_empty() {
            parts.form_field("asset", format!("[{}]", self.assets.join(",")));
        }
        if let Some(expires) = self.expires {
            parts.form_field("set_token_expires_in_60_days", expires.to_string());
        }
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.business.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        operation.with(NeedsProof)
    }

    fn decode(&self, response: &RawResponse) -> Result<SystemUserToken, DecodeError> {
        SystemUserToken::read(response)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::id::PageId;
    use crate::scripted::client;
    use crate::{AppSecret, Client, ErrorKind};
    use sociogram_api_core::http::TransportErrorKind;
    use sociogram_api_core::testing::{RecordedRequest, ScriptedTransport};

    const ANSWER: &str = r#"{"access_token":"CANARYclient"}"#;

    fn with_secret(transport: &ScriptedTransport) -> Client {
        let builder = Client::builder().transport(Arc::new(transport.clone())).access_token("OWN");
        builder.app_secret("secret").build().unwrap()
    }

    fn business() -> BusinessId {
        BusinessId::from(42)
    }

    #[tokio::test]
    async fn a_token_is_fetched_or_made_by_one_edge() {
        let transport = ScriptedTransport::new().json(ANSWER).json(ANSWER).json(ANSWER).json(ANSWER);
        let client = with_secret(&transport);
        let fetched = client.send(GetClientSystemUserToken::new(business())).await.unwrap();
        assert_eq!(fetched.access_token.expose(), "CANARYclient");
        assert!(!format!("{fetched:?}").contains("CANARY"));
        let of = UserId::from(17);
        client.send(GetClientSystemUserToken::new(business()).system_user(of.clone())).await.unwrap();
        client.send(CreateClientSystemUserToken::new(business())).await.unwrap();
        let made = CreateClientSystemUserToken::new(business())
            .system_user(of)
            .scopes(ScopeSet::from_static(&[scope::PAGES_SHOW_LIST, scope::ADS_READ]))
            .assets([PageId::from(1), PageId::from(2)])
            .expires_in_60_days(false);
        client.send(made).await.unwrap();
        let proof = AppSecret::new("secret").proof(&"OWN".into());
        let sent = transport.requests();
        for request in &sent {
            assert_eq!(request.method, "POST");
            assert_eq!(
                request.uri.path_and_query().unwrap().as_str(),
                format!("/v26.0/42/system_user_access_tokens?appsecret_proof={proof}")
            );
        }
        assert_eq!(
            sent.iter().map(RecordedRequest::text).collect::<Vec<_>>(),
            [
                "fetch_only=true",
                "fetch_only=true&system_user_id=17",
                "",
                "system_user_id=17&scope=ads_read%2Cpages_show_list&asset=%5B1%2C2%5D\
                 &set_token_expires_in_60_days=false",
            ]
        );
    }

    #[tokio::test]
    async fn without_the_secret_nothing_is_sent() {
        let transport = ScriptedTransport::new();
        let client = client(&transport);
        for error in [
            client.send(GetClientSystemUserToken::new(business())).await.unwrap_err(),
            client.send(CreateClientSystemUserToken::new(business())).await.unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.findings()[0].rule()), (ErrorKind::Invalid, "client.app_secret"));
        }
        assert!(transport.requests().is_empty());
    }

    #[tokio::test]
    async fn an_asset_is_a_number() {
        for asset in ["act_1", "", "1]"] {
            let transport = ScriptedTransport::new();
            let endpoint = CreateClientSystemUserToken::new(business()).assets(["1", asset]);
            let error = with_secret(&transport).send(endpoint).await.unwrap_err();
            assert_eq!(error.findings()[0].rule(), "business.system_user_token.asset", "{asset:?}");
            assert!(transport.requests().is_empty());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn fetching_may_be_repeated_and_making_may_not() {
        let script = || ScriptedTransport::new().fail(TransportErrorKind::Timeout).json(ANSWER);
        with_secret(&script()).send(GetClientSystemUserToken::new(business())).await.unwrap();
        let transport = script();
        let made = with_secret(&transport).send(CreateClientSystemUserToken::new(business())).await;
        assert_eq!(made.unwrap_err().kind(), ErrorKind::InDoubt);
        assert_eq!(transport.requests().len(), 1);
    }
}
