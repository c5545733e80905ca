//! Whose token it is (Graph API: User).

use http::Method;
use serde::Deserialize;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};

use crate::id::{BusinessId, UserId};
use crate::lenient;

/// Asks who the token belongs to: `GET /me`.
///
/// Works with user, system-user and Page tokens (then it is the Page) and needs no permission beyond
/// `public_profile`.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct GetMe;

impl GetMe {
    /// Asks for id and name.
    pub const fn new() -> Self {
        Self
    }
}

impl Endpoint for GetMe {
    type Output = Me;

    const NAME: &'static str = "user.read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/me";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.query("fields", "id,name");
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<Me, DecodeError> {
        response.json()
    }
}

/// Whoever a token belongs to.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Me {
    /// The id; a person's is valid in this app only.
    pub id: UserId,
    /// The name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

/// Asks which business a business-integration system user works for: `GET /me?fields=client_business_id`
/// (Facebook Login for Business).
///
/// Needs a token of Facebook Login for Business for a system user, and no permission.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct GetClientBusiness;

impl GetClientBusiness {
    /// Asks for the business.
    pub const fn new() -> Self {
        Self
    }
}

impl Endpoint for GetClientBusiness {
    type Output = ClientBusiness;

    const NAME: &'static str = "user.client_business.read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/me";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.query("fields", "client_business_id");
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<ClientBusiness, DecodeError> {
        response.json()
    }
}

/// The business of a business-integration system user.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ClientBusiness {
    /// The system user.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<UserId>,
    /// The business portfolio that gave the access; `None` for every other kind of token.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub client_business_id: Option<BusinessId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn only_the_id_is_required() {
        for (body, name) in [(r#"{"id":17,"name":"Ada"}"#, Some("Ada")), (r#"{"id":"17","name":null}"#, None)]
        {
            let me = exchange(GetMe::new(), body).await.0.unwrap();
            assert_eq!((me.id.as_str(), me.name.as_deref()), ("17", name));
        }
        let error = exchange(GetMe::new(), r#"{"name":"Ada"}"#).await.0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.raw_body().is_some());
    }

    #[tokio::test]
    async fn a_system_user_names_the_business_it_works_for() {
        let (found, request) =
            exchange(GetClientBusiness::new(), r#"{"client_business_id":"1234","id":"17"}"#).await;
        assert_eq!(line(&request), "GET /v26.0/me?fields=client_business_id");
        let found = found.unwrap();
        assert_eq!(found.client_business_id.as_ref().map(BusinessId::as_str), Some("1234"));
        assert_eq!(found.id.as_ref().map(UserId::as_str), Some("17"));
        let other = exchange(GetClientBusiness::new(), r#"{"id":"17"}"#).await.0.unwrap();
        assert_eq!(other.client_business_id, None);
    }
}
