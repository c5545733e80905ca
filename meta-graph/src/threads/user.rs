//! Whose Threads token it is (Threads API: Retrieve a Threads User's Profile Information).

use http::Method;
use serde::Deserialize;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_oauth_core::scope;

use crate::id::ThreadsUserId;
use crate::lenient;

/// Asks for the Threads account a token belongs to: `GET /me`.
///
/// For a client of [`GraphHost::Threads`](crate::GraphHost::Threads). Needs a Threads token with `threads_basic`.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct GetThreadsUser;

impl GetThreadsUser {
    /// Asks for id, names and picture.
    pub const fn new() -> Self {
        Self
    }
}

impl Endpoint for GetThreadsUser {
    type Output = ThreadsUser;

    const NAME: &'static str = "threads.user.read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/me";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::THREADS_BASIC];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.query("fields", "id,username,name,threads_profile_picture_url");
        Ok(())
    }

    fn decode(&self, response: &RawResponse) -> Result<ThreadsUser, DecodeError> {
        response.json()
    }
}

/// A Threads account.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ThreadsUser {
    /// The account's id.
    pub id: ThreadsUserId,
    /// The user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// The name in the profile.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// The address of the picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub threads_profile_picture_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::threads::testing::exchange;
    use crate::{Client, ErrorKind, GraphHost};
    use sociogram_api_core::testing::ScriptedTransport;

    #[tokio::test]
    async fn the_account_is_asked_for_at_the_threads_host() {
        let body = r#"{"id":12312312312312321,"username":"cafe","name":"Cafe",
            "threads_profile_picture_url":"https://cdn.example/p.jpg"}"#;
        let transport = ScriptedTransport::new().json(body);
        let client = Client::builder()
            .host(GraphHost::Threads)
            .transport(Arc::new(transport.clone()))
            .access_token("TOKEN")
            .build()
            .unwrap();
        let user = client.send(GetThreadsUser::new()).await.unwrap();
        let sent = &transport.requests()[0];
        assert_eq!(
            sent.uri,
            "https://graph.threads.net/v1.0/me?fields=id%2Cusername%2Cname%2Cthreads_profile_picture_url"
        );
        assert_eq!(sent.header("authorization"), "Bearer TOKEN");
        assert_eq!(user.id.as_str(), "12312312312312321", "it is beyond what a float can hold");
        assert_eq!((user.username.as_deref(), user.name.as_deref()), (Some("cafe"), Some("Cafe")));
        assert_eq!(user.threads_profile_picture_url.as_deref(), Some("https://cdn.example/p.jpg"));
    }

    #[tokio::test]
    async fn only_the_id_is_required() {
        let user = exchange(GetThreadsUser::new(), r#"{"id":"7","name":{}}"#).await.0.unwrap();
        assert_eq!((user.id.as_str(), user.name), ("7", None));
        let error = exchange(GetThreadsUser::new(), r#"{"username":"cafe"}"#).await.0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
}
