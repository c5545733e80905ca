//! Actions on the posts of a LinkedIn organization (LinkedIn: Organization Social Action Notifications).

use super::content::{Content, exact};
use crate::{DedupeKey, EventTime, Strength, dedupe::KeyParts, fields::Fields, open_enum::open_enum};

open_enum! {
    /// What someone did.
    pub enum SocialActionType {
        /// Liked or reacted.
        Like = "LIKE",
        /// Commented.
        Comment = "COMMENT",
        /// Shared a post.
        Share = "SHARE",
        /// Mentioned the organization in a post.
        ShareMention = "SHARE_MENTION",
        /// Commented as an administrator of the organization.
        AdminComment = "ADMIN_COMMENT",
        /// Edited a comment.
        CommentEdit = "COMMENT_EDIT",
        /// Deleted a comment.
        CommentDelete = "COMMENT_DELETE",
    }
}

/// Someone acted on a post of an organization. LinkedIn reports likes, comments and shares of public posts
/// only (permission `rw_organization_admin`).
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SocialAction {
    /// LinkedIn's number of the notification; may be negative.
    pub notification_id: Option<String>,
    /// URN of the organization or brand.
    pub organizational_entity: Option<String>,
    /// What someone did.
    pub action: Option<SocialActionType>,
    /// URN of the post.
    pub source_post: Option<String>,
    /// The post with its text and owner, as JSON: its shape is not documented.
    pub decorated_source_post: Option<Box<str>>,
    /// URN of what the action created, such as the comment; absent for a like. May read
    /// `urn:li:comment:(activity:…,…)`.
    pub generated_activity: Option<String>,
    /// What the action created with its text and owner, as JSON: its shape is not documented.
    pub decorated_generated_activity: Option<Box<str>>,
    /// URN of the member whose subscription this is.
    pub subscriber: Option<String>,
    /// When it happened or was last changed.
    pub last_modified_at: Option<EventTime>,
}

impl SocialAction {
    pub(crate) fn read(notification: &Fields<'_>) -> Self {
        Self {
            notification_id: notification.id("notificationId"),
            organizational_entity: notification.text("organizationalEntity"),
            action: notification.text("action").as_deref().map(SocialActionType::from),
            source_post: notification.text("sourcePost"),
            decorated_source_post: notification.json("decoratedSourcePost"),
            generated_activity: notification.text("generatedActivity"),
            decorated_generated_activity: notification.json("decoratedGeneratedActivity"),
            subscriber: notification.text("subscriber"),
            last_modified_at: notification.time("lastModifiedAt"),
        }
    }

    fn identity(&self, parts: KeyParts) -> Option<KeyParts> {
        Some(parts.part("notification").part(self.notification_id.as_ref()?))
    }
}

impl Content for SocialAction {
    fn name(&self) -> &'static str {
        "linkedin_social_action"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        self.last_modified_at
    }

    fn subject(&self) -> Option<&str> {
        self.source_post.as_deref()
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        self.identity(parts).map(exact)
    }
}
