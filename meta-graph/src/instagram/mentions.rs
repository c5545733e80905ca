//! Media and comments that mention the account (Instagram Platform: Mentions).

use http::Method;
use serde::Deserialize;
use sociogram_api_core::http::{DecodeError, Endpoint, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

use super::comments::Comment;
use super::created::Created;
use super::media::Media;
use crate::endpoint::endpoint;
use crate::id::{CommentId, InstagramAccountId, MediaId};

endpoint! {
    /// Answers a mention with a comment, under the medium or under the comment that mentions the account:
    /// `POST /{account_id}/mentions`.
    ///
    /// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement`. The ids come with the webhook
    /// `mentions`.
    pub struct CreateMentionReply -> Created<CommentId>;
    "instagram.mentions.create": POST "/{account_id}/mentions", Never, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT];
    new { account_id: InstagramAccountId, media_id: MediaId, message: String }
    with {
        /// The comment that mentions the account; without it the caption is answered.
        comment_id: CommentId,
    }
    subject account_id;
    checked by check;
}

impl CreateMentionReply {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        super::empty_text("instagram.mention.empty", "message", &self.message)
    }
}

/// A field that takes an argument and holds an object: `mentioned_media.media_id(1){id}`.
fn nested(outer: &str, argument: &str, value: &str, fields: &str) -> String {
    format!("{outer}.{argument}({value}){{{fields}}}")
}

/// Reads a medium of somebody else whose caption mentions the account:
/// `GET /{account_id}?fields=mentioned_media.media_id(…){…}`.
///
/// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement`.
#[derive(Clone, Debug)]
pub struct GetMentionedMedia {
    account_id: InstagramAccountId,
    media_id: MediaId,
    fields: String,
}

impl GetMentionedMedia {
    /// This medium; the id comes with the webhook `mentions`.
    pub fn new(account_id: impl Into<InstagramAccountId>, media_id: impl Into<MediaId>) -> Self {
        let fields =
            "id,caption,media_type,media_url,timestamp,username,comments_count,like_count".to_owned();
        Self { account_id: account_id.into(), media_id: media_id.into(), fields }
    }

    /// Other fields of the medium than usual, in Meta's syntax.
    pub fn fields(mut self, fields: impl Into<String>) -> Self {
        self.fields = fields.into();
        self
    }
}

impl Endpoint for GetMentionedMedia {
    type Output = Media;

    const NAME: &'static str = "instagram.mentioned_media.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{account_id}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] =
        &[scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("account_id", &self.account_id);
        parts.query("fields", nested("mentioned_media", "media_id", self.media_id.as_str(), &self.fields));
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.account_id.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<Media, DecodeError> {
        #[derive(Deserialize)]
        struct Answer {
            mentioned_media: Media,
        }
        response.json().map(|answer: Answer| answer.mentioned_media)
    }
}

/// Reads a comment of somebody else that mentions the account:
/// `GET /{account_id}?fields=mentioned_comment.comment_id(…){…}`.
///
/// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement`.
#[derive(Clone, Debug)]
pub struct GetMentionedComment {
    account_id: InstagramAccountId,
    comment_id: CommentId,
    fields: String,
}

impl GetMentionedComment {
    /// This comment; the id comes with the webhook `mentions`.
    pub fn new(account_id: impl Into<InstagramAccountId>, comment_id: impl Into<CommentId>) -> Self {
        let fields = "id,text,timestamp,like_count,media{id}".to_owned();
        Self { account_id: account_id.into(), comment_id: comment_id.into(), fields }
    }

    /// Other fields of the comment than usual, in Meta's syntax.
    pub fn fields(mut self, fields: impl Into<String>) -> Self {
        self.fields = fields.into();
        self
    }
}

impl Endpoint for GetMentionedComment {
    type Output = Comment;

    const NAME: &'static str = "instagram.mentioned_comment.get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/{account_id}";
    const REPLAY: Replay = Replay::Safe;
    const SCOPES: &'static [&'static str] =
        &[scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        parts.path("account_id", &self.account_id);
        parts.query(
            "fields",
            nested("mentioned_comment", "comment_id", self.comment_id.as_str(), &self.fields),
        );
        Ok(())
    }

    fn subject(&self) -> Option<&str> {
        Some(self.account_id.as_str())
    }

    fn decode(&self, response: &RawResponse) -> Result<Comment, DecodeError> {
        #[derive(Deserialize)]
        struct Answer {
            mentioned_comment: Comment,
        }
        response.json().map(|answer: Answer| answer.mentioned_comment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn what_mentions_the_account_is_a_field_with_an_argument() {
        let (media, request) = exchange(
            GetMentionedMedia::new(17, 7).fields("id"),
            r#"{"mentioned_media":{"id":"7"},"id":"17"}"#,
        )
        .await;
        assert_eq!(media.unwrap().id.as_str(), "7");
        assert_eq!(line(&request), "GET /v26.0/17?fields=mentioned_media.media_id%287%29%7Bid%7D");
        let comment = exchange(GetMentionedComment::new(17, 7), r#"{"id":"17"}"#).await.0;
        assert_eq!(comment.unwrap_err().kind(), ErrorKind::Decode);
    }

    #[tokio::test]
    async fn a_caption_or_a_comment_is_answered() {
        let answer = r#"{"id":"99"}"#;
        let (created, request) = exchange(CreateMentionReply::new(17, 7, "Hi").comment_id(8), answer).await;
        assert_eq!(created.unwrap().id.as_str(), "99");
        assert_eq!(request.text(), "media_id=7&message=Hi&comment_id=8");
        assert_eq!(CreateMentionReply::new(17, 7, "").check()[0].rule(), "instagram.mention.empty");
    }
}
