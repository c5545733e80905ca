//! Posts of a Page (Graph API: Page Feed).

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest, Timestamp};
use sociogram_oauth_core::scope;
use url::Url;

use crate::id::{PageId, PostId};

/// The longest text of a post, in characters.
pub const MAX_MESSAGE_CHARS: usize = 63_206;

/// Publishes a text or a link on a Page: `POST /{page_id}/feed`.
///
/// Needs the Page's token, the task `CREATE_CONTENT` and the permissions `pages_manage_posts`,
/// `pages_read_engagement` and `pages_show_list`. A repeat would post twice, so nothing repeats it once it
/// may have been sent; Meta refuses the same text twice in a row with
/// [`ErrorClass::Duplicate`](crate::ErrorClass::Duplicate).
#[derive(Clone, Debug)]
pub struct CreatePagePost {
    page: PageId,
    message: Option<String>,
    link: Option<String>,
    published: Option<bool>,
    scheduled_at: Option<Timestamp>,
}

impl CreatePagePost {
    /// A post of this Page. It needs a message, a link or both.
    pub const fn new(page: PageId) -> Self {
        Self { page, message: None, link: None, published: None, scheduled_at: None }
    }

    /// The text, at most 63 206 characters.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// A link to show with a preview, `http` or `https`. Meta reads the page behind it.
    pub fn link(mut self, link: impl Into<String>) -> Self {
        self.link = Some(link.into());
        self
    }

    /// Whether it is visible at once, as it is unless set. An unpublished post can be published later.
    pub const fn published(mut self, published: bool) -> Self {
        self.published = Some(published);
        self
    }

    /// Has Meta publish it at this time (whole seconds), between 10 minutes and 30 days from now.
    pub const fn scheduled_at(mut self, time: Timestamp) -> Self {
        self.scheduled_at = Some(time);
        self
    }

    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let text = self.message.as_deref().unwrap_or_default();
        let link = self.link.as_deref().unwrap_or_default();
        if text.trim().is_empty() && link.is_empty() {
            findings.push(
                Finding::error("page.post.empty", "message", "the post has neither a text nor a link")
                    .advice("add one of them"),
            );
        }
        let chars = text.chars().count();
        if chars > MAX_MESSAGE_CHARS {
            findings.push(
                Finding::error("page.post.message.length", "message", "the text is too long")
                    .measured(format_args!("{chars} characters"))
                    .allowed(format_args!("{MAX_MESSAGE_CHARS} characters"))
                    .advice("shorten the text"),
            );
        }
        let is_web = |link: &str| Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if self.link.is_some() && !is_web(link) {
            findings.push(
                Finding::error("page.post.link", "link", "the link is not a web address")
                    .advice("use a complete address that begins with https://"),
            );
        }
        if self.scheduled_at.is_some() && self.published == Some(true) {
            findings.push(
                Finding::error(
                    "page.post.schedule",
                    "published",
                    "a scheduled post cannot be published at once",
                )
                .advice("leave `published` out"),
            );
        }
        findings
    }
}

impl Endpoint for CreatePagePost {
    type Output = CreatedPost;

    const NAME: &'static str = "page.posts.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{page_id}/feed";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] =
        &[scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        parts.path("page_id", &self.page);
        if let Some(message) = &self.message {
            parts.form_field("message", message);
        }
        if let Some(link) = &self.link {
            parts.form_field("link", link);
        }
        // Meta takes a time only for posts that are not published.
        if let Some(published) = self.published.or(self.scheduled_at.map(|_| false)) {
            parts.form_field("published", published.to_string());
        }
        if let Some(time) = self.scheduled_at {
            parts.form_field("scheduled_publish_time", time.as_unix_seconds().to_string());
        }
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.page.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<CreatedPost, DecodeError> {
        response.json()
    }
}

/// A post that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedPost {
    /// Its id.
    pub id: PostId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{client, exchange, line};
    use sociogram_api_core::ErrorKind;
    use sociogram_api_core::testing::ScriptedTransport;

    fn post() -> CreatePagePost {
        CreatePagePost::new(PageId::from(42))
    }

    #[tokio::test]
    async fn a_post_is_a_form() {
        let (created, request) = exchange(
            post().message("Grüße & 100 %\nnext").link("https://example.com/a?b=c"),
            r#"{"id":"42_7"}"#,
        )
        .await;
        assert_eq!(created.unwrap().id.as_str(), "42_7");
        assert_eq!(line(&request), "POST /v26.0/42/feed");
        assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
        let sent: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
        assert_eq!(
            sent,
            [("message", "Grüße & 100 %\nnext"), ("link", "https://example.com/a?b=c")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[tokio::test]
    async fn a_scheduled_post_is_unpublished_and_in_whole_seconds() {
        let at = Timestamp::from_unix_millis(1_800_000_000_999);
        let (_, request) = exchange(post().message("x").scheduled_at(at), r#"{"id":"42_7"}"#).await;
        assert_eq!(request.text(), "message=x&published=false&scheduled_publish_time=1800000000");
        let (_, request) = exchange(post().message("x").published(false), r#"{"id":"42_7"}"#).await;
        assert_eq!(request.text(), "message=x&published=false");
    }

    #[test]
    fn findings_name_the_rule() {
        let at = Timestamp::from_unix_seconds(1);
        for (post, rules) in [
            (post(), &["page.post.empty"][..]),
            (post().message(" \n"), &["page.post.empty"]),
            (post().message("x"), &[]),
            (post().link("https://example.com"), &[]),
            (post().link("example.com"), &["page.post.link"]),
            (post().message("x").link("javascript:alert(1)"), &["page.post.link"]),
            (post().message("x").link(""), &["page.post.link"]),
            (post().message("ä".repeat(MAX_MESSAGE_CHARS)), &[]),
            (post().message("ä".repeat(MAX_MESSAGE_CHARS + 1)), &["page.post.message.length"]),
            (post().message("x").published(true).scheduled_at(at), &["page.post.schedule"]),
            (post().published(true).scheduled_at(at), &["page.post.empty", "page.post.schedule"]),
        ] {
            let found: Vec<&str> = post.check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules, "{post:?}");
        }
    }

    #[tokio::test]
    async fn what_is_wrong_is_not_sent() {
        let transport = ScriptedTransport::new();
        let error = client(&transport).send(post()).await.unwrap_err();
        assert_eq!((error.kind(), error.findings().len()), (ErrorKind::Invalid, 1));
        assert!(transport.requests().is_empty());
    }

    #[tokio::test]
    async fn an_answer_without_an_id_leaves_the_outcome_open() {
        let (created, _) = exchange(post().message("x"), r#"{"ok":1}"#).await;
        let error = created.unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Decode, true));
    }
}
