//! What happened on the pages of an organization, asked for (LinkedIn: Organization Social Action Notifications).
//!
//! LinkedIn keeps notifications for 60 days. [`subscriptions`](crate::subscriptions) has them sent to a webhook.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use crate::endpoint::list_endpoint;
use crate::guard::rules;
use crate::lenient;
use crate::organizations::page_kind;
use crate::restli::restli_words;
use crate::time_range::TimeRange;
use crate::urn::{ActorUrn, OrganizationUrn, Urn};

/// How long LinkedIn keeps notifications: 60 days.
pub const RETENTION: Duration = Duration::from_secs(60 * 86_400);

open_enum! {
    /// What somebody did.
    pub enum NotificationAction {
        /// Reacted to a post.
        Like = "LIKE",
        /// Commented on a post.
        Comment = "COMMENT",
        /// Shared a post.
        Share = "SHARE",
        /// Mentioned the organization in a post.
        ShareMention = "SHARE_MENTION",
        /// Commented as an administrator of the page.
        AdminComment = "ADMIN_COMMENT",
        /// Edited a comment.
        CommentEdit = "COMMENT_EDIT",
        /// Deleted a comment.
        CommentDelete = "COMMENT_DELETE",
    }
}

restli_words!(NotificationAction);

list_endpoint! {
    /// Lists what happened on the pages of an organization: `GET /rest/organizationalEntityNotifications?q=criteria`
    /// (LinkedIn: Organization Social Action Notifications).
    ///
    /// Needs `rw_organization_admin` and the role of administrator. Of the last 60 days only; likes, comments and shares of
    /// public posts only.
    ///
    /// ```
    /// use sociogram_api_core::Timestamp;
    /// use sociogram_linkedin_api::{OrganizationUrn, TimeRange};
    /// use sociogram_linkedin_api::notifications::{ListOrganizationNotifications, NotificationAction};
    ///
    /// let page = OrganizationUrn::from_id("5").unwrap();
    /// let now = Timestamp::from_unix_seconds(1_700_000_000);
    /// let list = ListOrganizationNotifications::new(page)
    ///     .actions([NotificationAction::Comment, NotificationAction::ShareMention])
    ///     .time_range(TimeRange::since(now));
    /// assert!(list.check_at(now).is_empty());
    /// ```
    pub struct ListOrganizationNotifications -> OrganizationNotification;
    "linkedin.organization_notifications.list": Finder "/rest/organizationalEntityNotifications",
        [scope::RW_ORGANIZATION_ADMIN], offset 10 to 100;
    fixed { q: "criteria" }
    new {
        /// An organization or a brand.
        entity as "organizationalEntity": Urn
    }
    with {
        /// Only these actions.
        actions: Vec<NotificationAction>,
        /// Only of this time.
        time_range as "timeRange": TimeRange,
    }
    subject entity;
    checked by check;
}

impl ListOrganizationNotifications {
    /// What is wrong with it, as far as that can be told without LinkedIn.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = page_kind(&self.entity, "organizationalEntity");
        if self.actions.as_ref().is_some_and(Vec::is_empty) {
            findings.push(rules::KEYS_EMPTY.finding("actions"));
        }
        findings.extend(self.time_range.and_then(|range| range.check("timeRange")));
        findings
    }

    /// The same, and whether the time begins before what LinkedIn keeps.
    pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        let mut findings = self.check();
        let start = self.time_range.and_then(|range| range.start());
        let kept = i64::try_from(RETENTION.as_millis()).unwrap_or(i64::MAX);
        if start.is_some_and(|start| now.as_unix_millis().saturating_sub(start.as_unix_millis()) > kept) {
            findings.push(rules::NOTIFICATION_RETENTION.finding("timeRange"));
        }
        findings
    }
}

/// Something that happened on the pages of an organization. `Debug` does not show texts.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationNotification {
    /// LinkedIn's number; it may be negative. A webhook may bring the same one more than once.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub notification_id: Option<i64>,
    /// The organization or brand.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub organizational_entity: Option<Urn>,
    /// What somebody did.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub action: Option<NotificationAction>,
    /// The post.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub source_post: Option<Urn>,
    /// The post, in more words.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub decorated_source_post: Option<DecoratedEntity>,
    /// What came of the action, such as the comment; nothing for a like.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub generated_activity: Option<Urn>,
    /// The same, in more words.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub decorated_generated_activity: Option<DecoratedActivity>,
    /// When it happened, or was last changed.
    #[serde(default, deserialize_with = "lenient::millis")]
    pub last_modified_at: Option<Timestamp>,
    /// Whose subscription it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub subscriber: Option<Urn>,
}

impl OrganizationNotification {
    /// The organization, if it is one and no brand.
    pub fn organization_urn(&self) -> Option<OrganizationUrn> {
        self.organizational_entity.clone()?.try_into().ok()
    }
}

/// What came of an action, in more words: one of these.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct DecoratedActivity {
    /// A comment.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub comment: Option<DecoratedEntity>,
    /// A post.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub share: Option<DecoratedEntity>,
}

/// A post or comment in more words. `Debug` does not show the text.
#[non_exhaustive]
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DecoratedEntity {
    /// What it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub entity: Option<Urn>,
    /// Who wrote it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub owner: Option<Urn>,
    /// The text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub text: Option<String>,
    /// What it shows, such as `IMAGE`, as it came.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_category: Option<String>,
}

impl DecoratedEntity {
    /// Who wrote it: a member or an organization. It decides [how long](crate::retention::social_activity) it may be kept.
    pub fn author(&self) -> Option<ActorUrn> {
        self.owner.clone()?.try_into().ok()
    }
}

impl fmt::Debug for DecoratedEntity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecoratedEntity")
            .field("entity", &self.entity)
            .field("owner", &self.owner)
            .field("media_category", &self.media_category)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> OrganizationNotification {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_notification_is_read_with_whatever_it_holds() {
        let notification = read(
            r#"{"notificationId":-7,"organizationalEntity":"urn:li:organization:5","action":"COMMENT",
                "sourcePost":"urn:li:share:1","generatedActivity":"urn:li:comment:(activity:1,2)",
                "decoratedSourcePost":{"entity":"urn:li:share:1","owner":"urn:li:organization:5","text":"SEKRET"},
                "decoratedGeneratedActivity":{"comment":{"owner":"urn:li:person:a","text":"SEKRET","mediaCategory":"NONE"}},
                "lastModifiedAt":1700000000000,"subscriber":"urn:li:person:b"}"#,
        );
        assert_eq!(notification.action, Some(NotificationAction::Comment));
        assert_eq!(
            (notification.notification_id, notification.organization_urn().unwrap().id()),
            (Some(-7), "5")
        );
        assert!(!format!("{notification:?}").contains("SEKRET"));
        let comment = notification.decorated_generated_activity.unwrap().comment.unwrap();
        assert!(matches!(comment.author(), Some(ActorUrn::Person(_))));
        assert_eq!(notification.generated_activity.unwrap().entity_type(), "comment");
    }

    #[test]
    fn a_surprise_costs_the_member_only() {
        assert_eq!(read("{}"), OrganizationNotification::default());
        let odd = r#"{"notificationId":{},"organizationalEntity":"x","action":[],"sourcePost":7,"decoratedSourcePost":"x",
            "generatedActivity":{},"decoratedGeneratedActivity":7,"lastModifiedAt":"now","subscriber":[]}"#;
        assert_eq!(read(odd), OrganizationNotification::default());
        assert_eq!(read(r#"{"action":"NEW"}"#).action, Some(NotificationAction::Unknown("NEW".into())));
    }

    #[test]
    fn a_time_that_gives_nothing_is_told() {
        let now = Timestamp::from_unix_seconds(1_700_000_000);
        let days = |days: i64| Timestamp::from_unix_seconds(1_700_000_000 - days * 86_400);
        let list = |range| {
            let page = OrganizationUrn::from_id("5").unwrap();
            ListOrganizationNotifications::new(page).time_range(range)
        };
        assert!(list(TimeRange::new(days(60), now)).check_at(now).is_empty());
        let old = list(TimeRange::new(days(61), now)).check_at(now);
        assert_eq!(old[0].rule(), "linkedin.notification.retention");
        assert!(crate::guard::blocks(&list(TimeRange::new(now, days(1))).check()));
        let brand = Urn::parse("urn:li:organizationBrand:5").unwrap();
        assert!(ListOrganizationNotifications::new(brand.clone()).check().is_empty());
        assert!(crate::guard::blocks(&ListOrganizationNotifications::new(brand).actions([]).check()));
        let person = ListOrganizationNotifications::new(Urn::parse("urn:li:person:a").unwrap());
        assert_eq!(person.check()[0].rule(), "linkedin.organization.kind");
    }
}
