//! What happens around the media of an Instagram account (Instagram Platform: Webhooks, `comments`, `live_comments`,
//! `mentions`, `story_insights`). Conversations are in [`messaging`](super::messaging).

use super::content::{Content, exact};
use crate::{DedupeKey, EventTime, Strength, dedupe::KeyParts, fields::Fields, open_enum::open_enum};

open_enum! {
    /// Where a media of Instagram is shown.
    pub enum MediaProductType {
        /// As an ad.
        Ad = "AD",
        /// In the feed.
        Feed = "FEED",
        /// As a story.
        Story = "STORY",
        /// As a reel.
        Reels = "REELS",
        /// As a live video.
        Live = "LIVE",
    }
}

/// Who commented.
///
/// Every field may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstagramUser {
    /// Instagram-scoped id, or the account's own id.
    pub id: Option<String>,
    /// The name by which the person is known there.
    pub username: Option<String>,
    /// The Instagram-scoped id of the account itself: only there when the account commented on its own media.
    pub self_ig_scoped_id: Option<String>,
}

/// What was commented.
///
/// Every field may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstagramMedia {
    /// Id of the media. Of an album it is the album's.
    pub id: Option<String>,
    /// Where it is shown.
    pub media_product_type: Option<MediaProductType>,
    /// The ad that shows it.
    pub ad_id: Option<String>,
    /// Title of the ad.
    pub ad_title: Option<String>,
    /// The media from which the ad was made.
    pub original_media_id: Option<String>,
}

/// Someone commented on a media of the account, or answered to a comment.
///
/// Permission `instagram_manage_comments`, or `instagram_business_manage_comments` with Instagram Login; people who
/// have no role on the app need Advanced Access. The account's own comments are reported too.
///
/// Every field but [`live`](Self::live) may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstagramComment {
    /// Whether it was on a live video while that was on air (field `live_comments`).
    pub live: bool,
    /// Id of the comment.
    pub id: Option<String>,
    /// The comment that it answers; absent when it is on the media itself.
    pub parent_id: Option<String>,
    /// The text.
    pub text: Option<String>,
    /// Who commented.
    pub from: Option<InstagramUser>,
    /// What was commented.
    pub media: Option<InstagramMedia>,
}

impl InstagramComment {
    pub(crate) fn read(field: &str, value: &Fields<'_>) -> Self {
        Self {
            live: field == "live_comments",
            id: value.id("id"),
            parent_id: value.id("parent_id"),
            text: value.text("text"),
            from: value.object("from").map(|from| InstagramUser::read(&from)),
            media: value.object("media").map(|media| InstagramMedia::read(&media)),
        }
    }

    /// Whether the account itself wrote it, as far as the platform tells: do not answer yourself.
    pub fn is_own(&self) -> bool {
        self.from.as_ref().is_some_and(|from| from.self_ig_scoped_id.is_some())
    }
}

impl InstagramUser {
    fn read(from: &Fields<'_>) -> Self {
        Self {
            id: from.id("id"),
            username: from.text("username"),
            self_ig_scoped_id: from.id("self_ig_scoped_id"),
        }
    }
}

impl InstagramMedia {
    fn read(media: &Fields<'_>) -> Self {
        Self {
            id: media.id("id"),
            media_product_type: media.text("media_product_type").as_deref().map(MediaProductType::from),
            ad_id: media.id("ad_id"),
            ad_title: media.text("ad_title"),
            original_media_id: media.id("original_media_id"),
        }
    }
}

impl Content for InstagramComment {
    fn name(&self) -> &'static str {
        if self.live { "instagram_live_comment" } else { "instagram_comment" }
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        let media = self.media.as_ref().and_then(|media| media.id.as_deref());
        media.or(self.parent_id.as_deref())
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        Some(exact(parts.part(self.name()).part(self.id.as_ref()?)))
    }
}

/// Someone mentioned the account in a caption or a comment. Fetch the text with the ids.
///
/// Permission `instagram_manage_comments`, or `instagram_business_manage_comments` with Instagram Login. Mentions by
/// private accounts and in stories are not reported here.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstagramMention {
    /// The media in whose caption, or under which, the account was mentioned.
    pub media_id: Option<String>,
    /// The comment; absent when the mention is in the caption.
    pub comment_id: Option<String>,
}

impl InstagramMention {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self { media_id: value.id("media_id"), comment_id: value.id("comment_id") }
    }
}

impl Content for InstagramMention {
    fn name(&self) -> &'static str {
        "instagram_mention"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.media_id.as_deref()
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        let parts = parts.part("instagram_mention").part(self.media_id.as_ref()?);
        Some(exact(parts.maybe(self.comment_id.as_ref())))
    }
}

/// The figures of a story, sent once when it has ended, about a day after it was posted.
///
/// Permission `instagram_manage_insights`, or `instagram_business_manage_insights` with Instagram Login.
///
/// Every field may be absent. A member of another type than expected counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstagramStoryInsights {
    /// The story.
    pub media_id: Option<String>,
    /// How often it was shown.
    pub impressions: Option<i64>,
    /// How many accounts saw it.
    pub reach: Option<i64>,
    /// How often someone went on to the next story.
    pub taps_forward: Option<i64>,
    /// How often someone went back to the story before.
    pub taps_back: Option<i64>,
    /// How often someone left.
    pub exits: Option<i64>,
    /// How often someone answered.
    pub replies: Option<i64>,
}

impl InstagramStoryInsights {
    pub(crate) fn read(value: &Fields<'_>) -> Self {
        Self {
            media_id: value.id("media_id"),
            impressions: value.number("impressions"),
            reach: value.number("reach"),
            taps_forward: value.number("taps_forward"),
            taps_back: value.number("taps_back"),
            exits: value.number("exits"),
            replies: value.number("replies"),
        }
    }
}

impl Content for InstagramStoryInsights {
    fn name(&self) -> &'static str {
        "instagram_story_insights"
    }

    fn occurred_at(&self) -> Option<EventTime> {
        None
    }

    fn subject(&self) -> Option<&str> {
        self.media_id.as_deref()
    }

    fn key(&self, parts: KeyParts, _: Option<EventTime>) -> Option<(DedupeKey, Strength)> {
        Some(exact(parts.part("instagram_story_insights").part(self.media_id.as_ref()?)))
    }
}

#[cfg(test)]
mod tests;
