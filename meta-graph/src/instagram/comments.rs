//! Comments and replies (Instagram Platform: IG Comment).

use serde::Deserialize;
use sociogram_api_core::{Finding, Timestamp};
use sociogram_oauth_core::scope;

use super::created::Created;
use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{CommentId, InstagramAccountId, MediaId, ObjectId};
use crate::lenient;

const FIELDS: &str = "id,text,timestamp,username,from,like_count,hidden,parent_id,replies{id,text,timestamp,username,like_count,hidden}";

list_endpoint! {
    /// Lists a medium's comments, the newest first: `GET /{media_id}/comments`, under both logins.
    ///
    /// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement` (Instagram Login:
    /// `instagram_business_basic`, `instagram_business_manage_comments`).
    pub struct ListComments -> Comment;
    "instagram.comments.list": "/{media_id}/comments", [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT], limit 50;
    new { media_id: MediaId }
    fields FIELDS;
}

list_endpoint! {
    /// Lists the replies to a comment: `GET /{comment_id}/replies`, under both logins.
    ///
    /// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement` (Instagram Login:
    /// `instagram_business_basic`, `instagram_business_manage_comments`).
    pub struct ListReplies -> Comment;
    "instagram.replies.list": "/{comment_id}/replies", [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT], limit 50;
    new { comment_id: CommentId }
    fields "id,text,timestamp,username,from,like_count,hidden,parent_id";
}

endpoint! {
    /// Reads one comment: `GET /{comment_id}`, under both logins.
    ///
    /// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement` (Instagram Login:
    /// `instagram_business_basic`, `instagram_business_manage_comments`).
    pub struct GetComment -> Comment;
    "instagram.comments.get": GET "/{comment_id}", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT];
    new { comment_id: CommentId }
    fields FIELDS;
}

endpoint! {
    /// Comments on a medium of one's own: `POST /{media_id}/comments`, under both logins.
    ///
    /// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement` (Instagram Login:
    /// `instagram_business_basic`, `instagram_business_manage_comments`).
    pub struct CreateComment -> Created<CommentId>;
    "instagram.comments.create": POST "/{media_id}/comments", Never, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT];
    new { media_id: MediaId, message: String }
    checked by check;
}

impl CreateComment {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        super::empty_text("instagram.comment.empty", "message", &self.message)
    }
}

endpoint! {
    /// Replies to a comment: `POST /{comment_id}/replies`, under both logins. A reply to a reply is put under the
    /// topmost comment.
    ///
    /// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement` (Instagram Login:
    /// `instagram_business_basic`, `instagram_business_manage_comments`).
    pub struct CreateReply -> Created<CommentId>;
    "instagram.replies.create": POST "/{comment_id}/replies", Never, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT];
    new { comment_id: CommentId, message: String }
    checked by check;
}

impl CreateReply {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        super::empty_text("instagram.comment.empty", "message", &self.message)
    }
}

endpoint! {
    /// Hides a comment from others, or shows it again: `POST /{comment_id}`, under both logins. The owner's own
    /// comments stay visible.
    ///
    /// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement` (Instagram Login:
    /// `instagram_business_basic`, `instagram_business_manage_comments`).
    pub struct HideComment -> ();
    "instagram.comments.update": POST "/{comment_id}", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT];
    new { comment_id: CommentId, hide: bool }
    decode acknowledged::read;
}

endpoint! {
    /// Deletes a comment under a medium of one's own: `DELETE /{comment_id}`, under both logins.
    ///
    /// Needs `instagram_basic`, `instagram_manage_comments` and `pages_read_engagement` (Instagram Login:
    /// `instagram_business_basic`, `instagram_business_manage_comments`).
    pub struct DeleteComment -> ();
    "instagram.comments.delete": DELETE "/{comment_id}", Safe, [scope::INSTAGRAM_BASIC, scope::INSTAGRAM_MANAGE_COMMENTS, scope::PAGES_READ_ENGAGEMENT];
    new { comment_id: CommentId }
    decode acknowledged::read;
}

/// Somebody on Instagram, as far as the API names them.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Author {
    /// The id, scoped to the account or the app.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<InstagramAccountId>,
    /// The user name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
}

/// The medium a comment stands under.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CommentedMedia {
    /// The id.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<MediaId>,
    /// Where the medium is shown.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_product_type: Option<super::MediaProduct>,
}

/// A comment or reply. All but the id may be missing.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Comment {
    /// The id.
    pub id: CommentId,
    /// The text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub text: Option<String>,
    /// When it was written.
    #[serde(default, deserialize_with = "lenient::time")]
    pub timestamp: Option<Timestamp>,
    /// The user name of who wrote it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// Who wrote it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub from: Option<Author>,
    /// The account, if it wrote the comment itself.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub user: Option<Author>,
    /// How many like it.
    #[serde(default, deserialize_with = "lenient::count")]
    pub like_count: Option<u64>,
    /// Whether it is hidden.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub hidden: Option<bool>,
    /// The comment it replies to.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub parent_id: Option<CommentId>,
    /// The replies, if asked for.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub replies: Vec<Comment>,
    /// The medium it stands under, if asked for.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media: Option<CommentedMedia>,
    /// The id in the old Instagram API for ads.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub legacy_instagram_comment_id: Option<ObjectId>,
}

#[cfg(test)]
mod tests {
    use sociogram_api_core::ErrorKind;

    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn a_comment_comes_with_its_replies() {
        let (page, request) = exchange(
            ListComments::new(7).fields("id,replies"),
            r#"{"data":[{"id":"1","text":"Nice","hidden":"false","like_count":"2","from":{"id":5,"username":"ann"},
                "replies":{"data":[{"id":"2","parent_id":"1"},{"text":"no id"}]}},{"text":"no id"}]}"#,
        )
        .await;
        let page = page.unwrap();
        assert_eq!(line(&request), "GET /v26.0/7/comments?fields=id%2Creplies");
        assert_eq!((page.items.len(), page.malformed.len()), (1, 1));
        let comment = &page.items[0];
        assert_eq!((comment.hidden, comment.like_count), (Some(false), Some(2)));
        assert_eq!(comment.from.as_ref().unwrap().username.as_deref(), Some("ann"));
        assert_eq!(comment.replies[0].parent_id.as_ref().map(CommentId::as_str), Some("1"));
        assert_eq!(comment.replies.len(), 1);
    }

    #[tokio::test]
    async fn an_empty_comment_is_not_sent() {
        for text in ["", " \n"] {
            assert_eq!(CreateComment::new(7, text).check()[0].rule(), "instagram.comment.empty");
            assert_eq!(CreateReply::new(7, text).check()[0].field(), "message");
        }
        assert!(CreateComment::new(7, "Thanks").check().is_empty());
    }

    #[tokio::test]
    async fn a_reply_whose_outcome_is_open_is_not_repeated() {
        let (created, request) = exchange(CreateReply::new(7, "Thanks & bye"), r#"{"ok":1}"#).await;
        let error = created.unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Decode, true));
        assert_eq!(request.text(), "message=Thanks%20%26%20bye");
    }
}
