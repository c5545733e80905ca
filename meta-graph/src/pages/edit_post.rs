//! Changing, publishing and deleting posts (Page Post).

use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::create_post::check_attached;
use super::post::TimelineVisibility;
use super::post_parts::{AttachedMedia, BackdatedGranularity, check_schedule, too_long};
use crate::acknowledged;
use crate::endpoint::{UnixTime, endpoint};
use crate::guard::rules;
use crate::id::{PageId, PostId, UserId};

open_enum! {
    /// Whether a post is shown in the feeds of others.
    pub enum FeedStoryVisibility {
        /// Shown.
        Visible = "visible",
        /// Not shown.
        Hidden = "hidden",
    }
}

endpoint! {
    /// Changes a post: `POST /{post_id}` (Page Post).
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT` and `pages_manage_posts`. Only posts that the same app made
    /// can be changed. Repeating it changes nothing.
    pub struct UpdatePost -> ();
    "page.posts.update": POST "/{post_id}", Safe, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { post_id: PostId }
    with {
        /// Another text, at most 63 206 characters.
        message: String,
        /// Other media.
        attached_media: Vec<AttachedMedia>,
        /// Whether it is hidden from the Page.
        is_hidden: bool,
        /// Whether it stays at the top of the Page.
        is_pinned: bool,
        /// People in it.
        tags: Vec<UserId>,
        /// Where it is, as the Page of the place.
        place: PageId,
        /// A time in the past to show it at.
        backdated_time: UnixTime,
        /// How exactly that time is shown.
        backdated_time_granularity: BackdatedGranularity,
        /// Whether it is shown on the Page.
        timeline_visibility: TimelineVisibility,
        /// Whether it is shown in the feeds of others.
        feed_story_visibility: FeedStoryVisibility,
        /// A product, as Meta's JSON.
        product_item: serde_json::Value,
        /// A coloured background, by Meta's number.
        text_format_preset_id: String,
    }
    subject post_id;
    checked by check;
    decode acknowledged::read;
}

impl UpdatePost {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = check_attached(self.attached_media.as_deref().unwrap_or_default());
        findings.extend(too_long("message", self.message.as_deref()));
        let chars = self.message.as_deref().unwrap_or_default().chars().count();
        if self.text_format_preset_id.is_some() && chars > rules::F10_MAX_CHARS {
            findings.push(rules::F10.finding("message").measured(format_args!("{chars} characters")));
        }
        findings
    }
}

endpoint! {
    /// Publishes an unpublished or scheduled post now: `POST /{post_id}` with `is_published` (Page Post).
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT` and `pages_manage_posts`. A post is published once however
    /// often this is sent.
    pub struct PublishPost -> ();
    "page.posts.publish": POST "/{post_id}", Safe, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    fixed { is_published: &true }
    new { post_id: PostId }
    subject post_id;
    decode acknowledged::read;
}

endpoint! {
    /// Gives a scheduled post another time: `POST /{post_id}` with `scheduled_publish_time` (Page Post).
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT` and `pages_manage_posts`. Repeating it changes nothing.
    pub struct ReschedulePost -> ();
    "page.posts.reschedule": POST "/{post_id}", Safe, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { post_id: PostId, scheduled_publish_time: UnixTime }
    subject post_id;
    decode acknowledged::read;
}

impl ReschedulePost {
    /// What is wrong with its time as seen at `now`.
    pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        check_schedule(self.scheduled_publish_time.timestamp(), now)
    }
}

endpoint! {
    /// Deletes a post: `DELETE /{post_id}` (Page Post). It cannot be undone.
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT` (posts of visitors: `MODERATE`) and `pages_manage_posts`.
    pub struct DeletePost -> ();
    "page.posts.delete": DELETE "/{post_id}", Safe, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { post_id: PostId }
    subject post_id;
    decode acknowledged::read;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::id::PhotoId;
    use crate::scripted::exchange;

    #[test]
    fn findings_name_the_rule() {
        let update = || UpdatePost::new(7);
        let photo = || AttachedMedia::from(PhotoId::from(1));
        for (update, rules) in [
            (update(), &[][..]),
            (update().message("ä".repeat(rules::F1_MAX_CHARS)), &[]),
            (update().message("ä".repeat(rules::F1_MAX_CHARS + 1)), &["page.post.message.length"]),
            (update().message("x".repeat(131)).text_format_preset_id("1"), &["page.post.background.length"]),
            (update().attached_media([photo(), photo()]), &["page.post.photos.distinct"]),
        ] {
            let found: Vec<&str> = update.check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules, "{update:?}");
        }
        let soon = ReschedulePost::new(7, Timestamp::from_unix_seconds(100));
        assert_eq!(soon.check_at(Timestamp::UNIX_EPOCH)[0].rule(), "page.schedule.soon");
        assert!(soon.check_at(Timestamp::from_unix_seconds(-1_000)).is_empty());
    }

    #[tokio::test]
    async fn a_publication_needs_a_yes() {
        let (done, request) = exchange(PublishPost::new(7), r#"{"success":"true"}"#).await;
        done.unwrap();
        assert_eq!(request.text(), "is_published=true");
        let error = exchange(PublishPost::new(7), r#"{"id":"7"}"#).await.0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
}
