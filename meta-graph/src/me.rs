//! Whose token it is (Graph API: User).

use http::Method;
use serde::Deserialize;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};

use crate::id::UserId;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::scripted::exchange;

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
}
