//! Publishing posts (Graph API: Page Feed).

use serde::Deserialize;
use sociogram_api_core::{Finding, Timestamp};
use sociogram_oauth_core::scope;

use super::post_parts::{
    AttachedMedia, BackdatedGranularity, CallToAction, ChildAttachment, FeedTargeting, Targeting,
    UnpublishedContentType, check_schedule, published_and_scheduled, too_long, web_address,
};
use super::with_files::file_endpoint;
use crate::endpoint::UnixTime;
use crate::guard::rules;
use crate::id::{PageId, PostId, UserId};

file_endpoint! {
    /// Publishes on a Page: `POST /{page_id}/feed` (Page Feed).
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT` and the permissions `pages_manage_posts`,
    /// `pages_read_engagement` and `pages_show_list`. A repeat would post twice, so nothing repeats it once it
    /// may have been sent; Meta refuses the same text twice in a row with
    /// [`ErrorClass::Duplicate`](crate::ErrorClass::Duplicate).
    ///
    /// The answer is the id. The address of the post is a question of its own ([`GetPost`](super::GetPost)), so that a
    /// failure to read it cannot be taken for a failure to publish. With photos, [`PublishPhotos`](super::PublishPhotos)
    /// does all that is needed.
    pub struct CreatePagePost -> CreatedPost;
    "page.posts.create": POST "/{page_id}/feed", Never, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { page_id: PageId }
    with {
        /// The text, at most 63 206 characters.
        message: String,
        /// A link to show with a preview, `http` or `https`. Meta reads the page behind it.
        link: String,
        /// Unpublished photos, or a video, that hang on the post.
        attached_media: Vec<AttachedMedia>,
        /// The cards of a post with several links.
        child_attachments: Vec<ChildAttachment>,
        /// Whether Meta may sort the cards; `true` unless set.
        multi_share_optimized: bool,
        /// Whether a last card shows the Page; `true` unless set.
        multi_share_end_card: bool,
        /// A button on a post with a link.
        call_to_action: CallToAction,
        /// Where it is, as the Page of the place.
        place: PageId,
        /// People in it. Older rules ask for a place as well.
        tags: Vec<UserId>,
        /// Who can see it at all.
        targeting: Targeting,
        /// Who is more likely to see it.
        feed_targeting: FeedTargeting,
        /// A time in the past to show it at.
        backdated_time: UnixTime,
        /// How exactly that time is shown.
        backdated_time_granularity: BackdatedGranularity,
        /// A coloured background, by Meta's number; the post holds only a text, at most 130 characters.
        text_format_preset_id: String,
        /// What an unpublished post is kept for.
        unpublished_content_type: UnpublishedContentType,
        /// Whether it is visible at once, as it is unless set. An unpublished post can be published later.
        published: bool,
    }
    own { scheduled_at as "scheduled_publish_time": UnixTime }
    files {
        /// The picture of a link whose domain the Page owns.
        thumbnail
    }
    checked by check;
    subject page_id;
}

impl CreatePagePost {
    /// Has Meta publish it at this time (whole seconds), at least 10 minutes from now. Meta's pages name 30 days as
    /// the most in one place and 75 in another.
    pub fn scheduled_at(mut self, time: impl Into<UnixTime>) -> Self {
        self.scheduled_at = Some(time.into());
        // Meta takes a time only for posts that are not published.
        self.published = self.published.or(Some(false));
        self
    }

    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let text = self.message.as_deref().unwrap_or_default();
        let media = self.attached_media.as_deref().unwrap_or_default();
        let has_link = self.link.as_ref().is_some_and(|link| !link.is_empty());
        let has_cards = self.child_attachments.as_ref().is_some_and(|cards| !cards.is_empty());
        if text.trim().is_empty() && !has_link && !has_cards && media.is_empty() {
            findings.push(rules::F2.finding("message"));
        }
        let chars = text.chars().count();
        findings.extend(too_long("message", Some(text)));
        findings.extend(web_address("page.post.link", "link", self.link.as_ref()));
        findings.extend(published_and_scheduled(self.published, self.scheduled_at.is_some()));
        findings.extend(check_attached(media));
        if self.text_format_preset_id.is_some() {
            if chars > rules::F10_MAX_CHARS {
                findings.push(rules::F10.finding("message").measured(format_args!("{chars} characters")));
            }
            if self.link.is_some() || has_cards || !media.is_empty() {
                findings.push(rules::F10_MEDIA.finding("text_format_preset_id"));
            }
        }
        findings
    }

    /// The same, and what is wrong with its time as seen at `now`.
    pub fn check_at(&self, now: Timestamp) -> Vec<Finding> {
        let mut findings = self.check();
        findings.extend(self.scheduled_at.iter().flat_map(|time| check_schedule(time.timestamp(), now)));
        findings
    }
}

/// What is unusual about the media of a post.
pub(crate) fn check_attached(media: &[AttachedMedia]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if media.len() > rules::F8_MAX_COUNT {
        findings.push(rules::F8.finding("attached_media").measured(format_args!("{} media", media.len())));
    }
    let twice =
        |(index, medium): (usize, &AttachedMedia)| media.iter().take(index).any(|earlier| earlier == medium);
    if media.iter().enumerate().any(twice) {
        findings.push(rules::F8_DISTINCT.finding("attached_media"));
    }
    findings
}

/// A post that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CreatedPost {
    /// Its id.
    pub id: PostId,
}

#[cfg(test)]
mod tests;
