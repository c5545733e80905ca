//! Comments on posts, photos, videos and comments (Object Comments, Comment).

use serde::Deserialize;
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::post::{Author, MessageTag, PostAttachment};
use super::with_files::file_endpoint;
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::guard::rules;
use crate::id::{CommentId, ConversationId, ObjectId};
use crate::{acknowledged, lenient};

const COMMENT_FIELDS: &str = "id,message,created_time,from{id,name},parent{id},attachment,comment_count,like_count,\
    user_likes,can_comment,can_hide,can_like,can_remove,can_reply_privately,is_hidden,is_private,message_tags,permalink_url";

open_enum! {
    /// Which comments.
    pub enum CommentFilter {
        /// Those on the object itself.
        TopLevel = "toplevel",
        /// Answers to comments as well.
        Stream = "stream",
    }
}

open_enum! {
    /// In which order.
    pub enum CommentOrder {
        /// The oldest first.
        Chronological = "chronological",
        /// The newest first.
        ReverseChronological = "reverse_chronological",
    }
}

open_enum! {
    /// Which comments of a live video.
    pub enum LiveFilter {
        /// Without those of low quality.
        FilterLowQuality = "filter_low_quality",
        /// All.
        NoFilter = "no_filter",
    }
}

list_endpoint! {
    /// Lists the comments on a post, photo, video or comment: `GET /{object_id}/comments` (Object Comments).
    ///
    /// Needs the Page's token, `pages_read_engagement` and, for comments of people, `pages_read_user_content`. Without
    /// the latter [`Comment::from`] is missing.
    pub struct ListComments -> Comment;
    "page.comments.list": "/{object_id}/comments", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST], limit 100;
    new { object_id: ObjectId }
    with {
        /// Which ones.
        filter: CommentFilter,
        /// In which order.
        order: CommentOrder,
        /// Only those from then on.
        since: UnixTime,
        /// Which ones of a live video.
        live_filter: LiveFilter,
    }
    fields COMMENT_FIELDS;
}

endpoint! {
    /// Reads a comment: `GET /{comment_id}` (Comment).
    ///
    /// Needs the Page's token, `pages_read_engagement` and `pages_read_user_content`.
    pub struct GetComment -> Comment;
    "page.comments.get": GET "/{comment_id}", Safe, [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST];
    new { comment_id: CommentId }
    fields COMMENT_FIELDS;
}

/// A comment. Fields that were not asked for, or that this token may not see, are `None`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Comment {
    /// The comment.
    pub id: CommentId,
    /// Its text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// Who made it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub from: Option<Author>,
    /// The comment it answers.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub parent: Option<CommentReference>,
    /// What it was made on; ask for `object{id}`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub object: Option<ObjectReference>,
    /// What hangs on it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub attachment: Option<PostAttachment>,
    /// How many answers it has.
    #[serde(default, deserialize_with = "lenient::count")]
    pub comment_count: Option<u64>,
    /// How many people like it.
    #[serde(default, deserialize_with = "lenient::count")]
    pub like_count: Option<u64>,
    /// Whether the Page likes it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub user_likes: Option<bool>,
    /// Whether the Page can answer it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub can_comment: Option<bool>,
    /// Whether the Page can hide it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub can_hide: Option<bool>,
    /// Whether the Page can like it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub can_like: Option<bool>,
    /// Whether the Page can delete it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub can_remove: Option<bool>,
    /// Whether it can be answered with a message: once, within 7 days.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub can_reply_privately: Option<bool>,
    /// Whether only its author and their friends see it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_hidden: Option<bool>,
    /// Whether it is private.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_private: Option<bool>,
    /// People and Pages named in its text.
    #[serde(default, deserialize_with = "lenient::list")]
    pub message_tags: Vec<MessageTag>,
    /// Its address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub permalink_url: Option<String>,
    /// The conversation of the private answer; ask for `private_reply_conversation{id}`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub private_reply_conversation: Option<ConversationReference>,
}

/// Declares an object of which only the id is read.
macro_rules! reference {
    ($($(#[$meta:meta])* $name:ident: $id:ty;)+) => {$(
        $(#[$meta])*
        #[non_exhaustive]
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        pub struct $name {
            /// Its id.
            pub id: $id,
        }
    )+};
}

reference! {
    /// A comment, by its id.
    CommentReference: CommentId;
    /// A conversation, by its id.
    ConversationReference: ConversationId;
    /// An object, by its id.
    ObjectReference: ObjectId;
}

file_endpoint! {
    /// Comments on a post, photo or video, or answers a comment: `POST /{object_id}/comments` (Object Comments).
    ///
    /// Takes a text, an attachment or both; the attachment is one of [`attachment_id`](Self::attachment_id),
    /// [`attachment_url`](Self::attachment_url), [`attachment_share_url`](Self::attachment_share_url) and
    /// [`source`](Self::source). Needs the Page's token, the task `MODERATE`, `pages_manage_engagement`,
    /// `pages_read_user_content` and `pages_show_list`. Nothing repeats it.
    pub struct CreateComment -> CreatedComment;
    "page.comments.create": POST "/{object_id}/comments", Never, [scope::PAGES_MANAGE_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST];
    new { object_id: ObjectId }
    with {
        /// The text.
        message: String,
        /// An unpublished photo of the Page.
        attachment_id: ObjectId,
        /// The address of a photo.
        attachment_url: String,
        /// The address of a GIF.
        attachment_share_url: String,
    }
    own {}
    files {
        /// A photo.
        source
    }
    checked by check;
}

impl CreateComment {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        let count = attachments(
            [
                self.attachment_id.is_some(),
                self.attachment_url.is_some(),
                self.attachment_share_url.is_some(),
            ],
            self.source.is_some(),
        );
        let mut findings = check_attachments(count);
        if self.message.as_deref().unwrap_or_default().trim().is_empty() && count == 0 {
            findings.push(
                Finding::error(
                    "page.comment.empty",
                    "message",
                    "the comment has neither a text nor an attachment",
                )
                .advice("add one of them"),
            );
        }
        findings
    }
}

fn attachments(addressed: [bool; 3], source: bool) -> usize {
    addressed.into_iter().chain([source]).filter(|is| *is).count()
}

fn check_attachments(count: usize) -> Vec<Finding> {
    let many = count > rules::F23_MAX_COUNT;
    many.then(|| rules::F23.finding("attachment_id").measured(format_args!("{count} attachments")))
        .into_iter()
        .collect()
}

/// A comment that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedComment {
    /// The comment.
    pub id: CommentId,
}

endpoint! {
    /// Changes, hides or shows a comment: `POST /{comment_id}` (Comment).
    ///
    /// The text of its own comments can be changed by the Page; any comment on the Page can be hidden. Needs the Page's
    /// token, the task `MODERATE`, `pages_manage_engagement`, `pages_read_user_content` and `pages_show_list`.
    /// Repeating it changes nothing.
    pub struct UpdateComment -> ();
    "page.comments.update": POST "/{comment_id}", Safe, [scope::PAGES_MANAGE_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST];
    new { comment_id: CommentId }
    with {
        /// Another text.
        message: String,
        /// Whether only its author and their friends see it.
        is_hidden: bool,
        /// Another photo: an unpublished one of the Page.
        attachment_id: ObjectId,
        /// Another photo: its address.
        attachment_url: String,
        /// Another GIF: its address.
        attachment_share_url: String,
    }
    checked by check;
    decode acknowledged::read;
}

impl UpdateComment {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        check_attachments(attachments(
            [
                self.attachment_id.is_some(),
                self.attachment_url.is_some(),
                self.attachment_share_url.is_some(),
            ],
            false,
        ))
    }
}

endpoint! {
    /// Deletes a comment: `DELETE /{comment_id}` (Comment). It cannot be undone.
    ///
    /// Needs the Page's token, the task `MODERATE`, `pages_manage_engagement`, `pages_read_user_content` and
    /// `pages_show_list`.
    pub struct DeleteComment -> ();
    "page.comments.delete": DELETE "/{comment_id}", Safe, [scope::PAGES_MANAGE_ENGAGEMENT, scope::PAGES_READ_USER_CONTENT, scope::PAGES_SHOW_LIST];
    new { comment_id: CommentId }
    decode acknowledged::read;
}

#[cfg(test)]
mod tests;
