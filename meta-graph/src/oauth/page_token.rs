//! A Page's token from a person's or system user's (Facebook Login: Access Tokens).

use http::Method;
use serde::Deserialize;
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_oauth_core::{AccessToken, scope};

use crate::id::PageId;
use crate::lenient;

/// Asks for a Page's token: `GET /{page_id}?fields=access_token`.
///
/// Needs a user or system-user token with `pages_show_list`, of someone with a task on the Page.
/// [`ListAccounts`](crate::pages::ListAccounts) gives the tokens of all Pages at once.
///
/// Made from a long-lived user token it has no end date, and dies with that token or the person's role on the
/// Page; made from a short-lived one it ends with it.
#[derive(Clone, Debug)]
pub struct GetPageToken {
    page: PageId,
}

impl GetPageToken {
    /// Of this Page.
    pub const fn new(page: PageId) -> Self {
        Self { page }
    }
}

impl Endpoint for GetPageToken {
    type Output = PageToken;

    const NAME: &'static str = "page.token.read";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{page_id}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] = &[scope::PAGES_SHOW_LIST];
    const SENSITIVE: bool = true;

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("page_id", &self.page).query("fields", "access_token");
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<PageToken, DecodeError> {
        response.json()
    }
}

/// A Page and its token.
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
pub struct PageToken {
    /// The Page; its id also where it was asked for by its user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<PageId>,
    /// The token; missing where the person's tasks are too weak.
    #[serde(default, deserialize_with = "lenient::access_token")]
    pub access_token: Option<AccessToken>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn a_page_gives_its_token_and_hides_it() {
        let (page, request) =
            exchange(GetPageToken::new(PageId::from(42)), r#"{"access_token":"CANARYpage","id":"42"}"#).await;
        assert_eq!((line(&request).as_str(), request.text()), ("GET /v26.0/42?fields=access_token", ""));
        let page = page.unwrap();
        assert_eq!(page.access_token.as_ref().map(AccessToken::expose), Some("CANARYpage"));
        assert_eq!(page.id.as_ref().map(PageId::as_str), Some("42"));
        assert!(!format!("{page:?}").contains("CANARY"));
    }

    #[tokio::test]
    async fn a_page_without_a_token_is_no_failure() {
        for body in [r#"{"id":"42"}"#, r#"{"id":"42","access_token":""}"#, r#"{"access_token":{}}"#] {
            let page = exchange(GetPageToken::new(PageId::from(42)), body).await.0.unwrap();
            assert!(page.access_token.is_none(), "{body}");
        }
    }
}
