//! A medium as it is read.

use serde::Deserialize;
use sociogram_api_core::{Timestamp, open_enum};

use super::super::comments::{Author, Comment};
use crate::id::{MediaId, ObjectId};
use crate::lenient;

open_enum! {
    /// What a medium is made of. Reels are [`Video`](Self::Video): look at [`MediaProduct`] to tell them apart.
    pub enum MediaType {
        /// Several images and videos.
        CarouselAlbum = "CAROUSEL_ALBUM",
        /// An image.
        Image = "IMAGE",
        /// A video or reel.
        Video = "VIDEO",
    }
}

open_enum! {
    /// Where a medium is shown.
    pub enum MediaProduct {
        /// An advertisement.
        Ad = "AD",
        /// The feed.
        Feed = "FEED",
        /// Reels.
        Reels = "REELS",
        /// Stories.
        Story = "STORY",
    }
}

open_enum! {
    /// How far the search for copyrighted content is.
    pub enum CopyrightStatus {
        /// It is done.
        Completed = "completed",
        /// It failed.
        Error = "error",
        /// It runs.
        InProgress = "in_progress",
        /// It has not begun.
        NotStarted = "not_started",
    }
}

open_enum! {
    /// Which sound a reel has.
    pub enum AudioKind {
        /// Licensed music.
        Music = "music",
        /// Sound of its own.
        OriginalSound = "original_sound",
    }
}

/// What the search for copyrighted content found.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CopyrightInfo {
    /// How far it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<CopyrightStatus>,
    /// Whether it found something.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub matches_found: Option<bool>,
}

/// Whether a medium may be boosted as an advertisement.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct BoostEligibility {
    /// Whether it may.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub eligible_to_boost: Option<bool>,
}

/// A published medium. All but the id may be missing: it was not asked for, does not exist under the login, or
/// Instagram withholds it (such as the address of a medium with copyrighted content).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Media {
    /// The id.
    pub id: MediaId,
    /// The text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub caption: Option<String>,
    /// What it is made of.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_type: Option<MediaType>,
    /// Where it is shown.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_product_type: Option<MediaProduct>,
    /// The address of the file; it expires. Missing when the medium is flagged for copyright.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_url: Option<String>,
    /// The address of a video's picture; it expires.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub thumbnail_url: Option<String>,
    /// The lasting address for people.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub permalink: Option<String>,
    /// The short name in the permalink.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub shortcode: Option<String>,
    /// When it was published.
    #[serde(default, deserialize_with = "lenient::time")]
    pub timestamp: Option<Timestamp>,
    /// The user name of the owner.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub username: Option<String>,
    /// The owner.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub owner: Option<Author>,
    /// The items of a carousel, with the id only unless asked for more (`children{id,media_url}`).
    #[serde(default, deserialize_with = "lenient::edge")]
    pub children: Vec<Media>,
    /// The comments, if asked for (`comments{id,text}`): the first page.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub comments: Vec<Comment>,
    /// How many comments it has, replies not counted.
    #[serde(default, deserialize_with = "lenient::count")]
    pub comments_count: Option<u64>,
    /// How many like it; missing when the owner hides it.
    #[serde(default, deserialize_with = "lenient::count")]
    pub like_count: Option<u64>,
    /// How often it was viewed. Business discovery only.
    #[serde(default, deserialize_with = "lenient::count")]
    pub view_count: Option<u64>,
    /// Whether comments are open.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_comment_enabled: Option<bool>,
    /// Whether a reel may also be shown in the feed.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_shared_to_feed: Option<bool>,
    /// The description for people who do not see it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub alt_text: Option<String>,
    /// Whether it may be boosted.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub boost_eligibility_info: Option<BoostEligibility>,
    /// What the search for copyrighted content found.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub copyright_check_information: Option<CopyrightInfo>,
    /// The id in the old Instagram API for ads.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub legacy_instagram_media_id: Option<ObjectId>,
    /// The id of the sound of a reel. From v26.0 on.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub audio_id: Option<ObjectId>,
    /// Which sound a reel has. From v26.0 on.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_audio_type: Option<AudioKind>,
    /// Whether it is labelled as made by AI. From v26.0 on.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_ai_generated: Option<bool>,
    /// How often it was reposted. From v26.0 on.
    #[serde(default, deserialize_with = "lenient::count")]
    pub reposts_count: Option<u64>,
    /// How often it was saved. From v26.0 on.
    #[serde(default, deserialize_with = "lenient::count")]
    pub saved_count: Option<u64>,
    /// How often it was shared. From v26.0 on.
    #[serde(default, deserialize_with = "lenient::count")]
    pub shares_count: Option<u64>,
    /// Comments on Instagram, Facebook and in ads together. From v26.0 on.
    #[serde(default, deserialize_with = "lenient::count")]
    pub total_comments_count: Option<u64>,
    /// Likes on Instagram, Facebook and in ads together. From v26.0 on.
    #[serde(default, deserialize_with = "lenient::count")]
    pub total_like_count: Option<u64>,
    /// Views on Instagram, Facebook and in ads together. From v26.0 on.
    #[serde(default, deserialize_with = "lenient::count")]
    pub total_views_count: Option<u64>,
}

impl Media {
    /// What is asked for unless told otherwise; under both logins.
    pub const FIELDS: &'static str = "id,caption,media_type,media_product_type,media_url,thumbnail_url,permalink,\
                                      shortcode,timestamp,username,comments_count,like_count,is_comment_enabled,\
                                      is_shared_to_feed,alt_text,children{id,media_type,media_url,thumbnail_url}";
    /// All fields that Facebook Login has, the new ones of v26.0 among them.
    pub const FACEBOOK_FIELDS: &'static str = "id,caption,media_type,media_product_type,media_url,thumbnail_url,permalink,shortcode,timestamp,username,\
         owner,comments_count,like_count,is_comment_enabled,is_shared_to_feed,alt_text,boost_eligibility_info,\
         copyright_check_information,legacy_instagram_media_id,audio_id,media_audio_type,is_ai_generated,\
         reposts_count,saved_count,shares_count,total_comments_count,total_like_count,total_views_count,\
         children{id,media_type,media_url,thumbnail_url}";

    /// Whether it is a reel.
    pub fn is_reel(&self) -> bool {
        self.media_product_type == Some(MediaProduct::Reels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reel_is_a_video_of_the_product_reels() {
        let reel = r#"{"id":"1","media_type":"VIDEO","media_product_type":"REELS"}"#;
        assert!(serde_json::from_str::<Media>(reel).unwrap().is_reel());
        let video = r#"{"id":"1","media_type":"VIDEO","media_product_type":"FEED"}"#;
        assert!(!serde_json::from_str::<Media>(video).unwrap().is_reel());
    }

    #[test]
    fn odd_answers_cost_only_the_odd_field() {
        let media: Media = serde_json::from_str(
            r#"{"id":1,"media_type":"HOLOGRAM","timestamp":"soon","like_count":"12","caption":{},
                "children":{"data":[{"id":"2"},{"no":"id"}]},"owner":{"id":"17"},
                "copyright_check_information":{"status":"completed","matches_found":false}}"#,
        )
        .unwrap();
        assert_eq!(media.media_type.as_ref().map(MediaType::as_str), Some("HOLOGRAM"));
        assert_eq!((media.timestamp, media.like_count, media.caption), (None, Some(12), None));
        assert_eq!(media.children.iter().map(|child| child.id.as_str()).collect::<Vec<_>>(), ["2"]);
        assert_eq!(media.owner.and_then(|owner| owner.id).unwrap().as_str(), "17");
        assert_eq!(media.copyright_check_information.unwrap().matches_found, Some(false));
    }
}
