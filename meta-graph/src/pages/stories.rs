//! Stories of a Page (Page Stories). [`PublishPhotoStory`](super::PublishPhotoStory) and
//! [`PublishVideoStory`](super::PublishVideoStory) go all the way.
//!
//! A story takes a photo or a video and nothing else: no text, no link, no time.

use serde::Deserialize;
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::reels::{OpenedVideo, PublishAnswer};
use crate::endpoint::{Joined, UnixTime, endpoint, list_endpoint};
use crate::id::{ObjectId, PageId, PhotoId, PostId, VideoId};
use crate::lenient;

endpoint! {
    /// Publishes an unpublished photo as a story: `POST /{page_id}/photo_stories` (Page Stories).
    ///
    /// The photo must not have been used in a post. Needs the Page's token, the task `CREATE_CONTENT`,
    /// `pages_manage_posts`, `pages_read_engagement` and `pages_show_list`.
    pub struct CreatePhotoStory -> PublishAnswer;
    "page.photo_stories.publish": POST "/{page_id}/photo_stories", Never, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { page_id: PageId, photo_id: PhotoId }
    subject page_id;
}

endpoint! {
    /// Opens a video story: `POST /{page_id}/video_stories` with `upload_phase=start` (Page Stories).
    ///
    /// Needs what [`CreatePhotoStory`] needs. Nothing can be seen of a story that is not finished.
    pub struct StartVideoStory -> OpenedVideo;
    "page.video_stories.start": POST "/{page_id}/video_stories", Never, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    fixed { upload_phase: "start" }
    new { page_id: PageId }
    subject page_id;
}

endpoint! {
    /// Publishes a video story whose bytes are there: `POST /{page_id}/video_stories` with `upload_phase=finish`
    /// (Page Stories).
    ///
    /// Needs what [`CreatePhotoStory`] needs.
    pub struct FinishVideoStory -> PublishAnswer;
    "page.video_stories.publish": POST "/{page_id}/video_stories", Never, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    fixed { upload_phase: "finish" }
    new { page_id: PageId, video_id: VideoId }
    with {
        /// Whether it was made by artificial intelligence; from v26.0 on.
        is_ai_generated: bool,
    }
    subject page_id;
}

open_enum! {
    /// Whether a story can be seen.
    pub enum StoryStatus {
        /// It can be seen; stories end after 24 hours.
        Published = "PUBLISHED",
        /// It has ended.
        Archived = "ARCHIVED",
    }
}

open_enum! {
    /// What a story shows.
    pub enum StoryMediaType {
        /// A photo.
        Photo = "photo",
        /// A video.
        Video = "video",
    }
}

list_endpoint! {
    /// Lists the stories of a Page: `GET /{page_id}/stories` (Page Stories).
    ///
    /// Those that have ended are there only if the Page keeps an archive. Needs the Page's token and
    /// `pages_read_engagement`.
    pub struct ListStories -> Story;
    "page.stories.list": "/{page_id}/stories", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    with {
        /// Only those in these states, [`StoryStatus`]; write `Joined::from(["PUBLISHED"])`.
        status: Joined,
        /// Only those from then on.
        since: UnixTime,
        /// Only those up to then.
        until: UnixTime,
    }
    subject page_id;
}

/// A story.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Story {
    /// Its post.
    pub post_id: PostId,
    /// Whether it can be seen. Meta writes it in small letters in some answers; both are read.
    #[serde(default, deserialize_with = "status")]
    pub status: Option<StoryStatus>,
    /// When it was published.
    #[serde(default, deserialize_with = "lenient::time")]
    pub creation_time: Option<Timestamp>,
    /// What it shows.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_type: Option<StoryMediaType>,
    /// The photo or video.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_id: Option<ObjectId>,
    /// Its address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub url: Option<String>,
}

fn status<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<StoryStatus>, D::Error> {
    let text: Option<String> = lenient::or_none(from)?;
    Ok(text.map(|text| match StoryStatus::from(text.to_ascii_uppercase().as_str()) {
        StoryStatus::Unknown(_) => StoryStatus::Unknown(text.into()),
        known => known,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn stories_are_read_whatever_shape_their_parts_have() {
        let (page, _) = exchange(
            ListStories::new(42),
            r#"{"data":[{"post_id":5,"status":"published","creation_time":"1767323045","media_id":9,"media_type":"hologram"},
                {"post_id":"6","status":"Resting","creation_time":"2026-01-02T03:04:05+0000"},{"media_id":"no post"}]}"#,
        )
        .await;
        let page = page.unwrap();
        let [first, second] = page.items.as_slice() else { panic!("{page:?}") };
        assert_eq!(
            (&first.status, first.creation_time),
            (&Some(StoryStatus::Published), second.creation_time)
        );
        assert_eq!(first.media_type, Some(StoryMediaType::Unknown("hologram".into())));
        assert_eq!(second.status, Some(StoryStatus::Unknown("Resting".into())));
        assert_eq!(page.malformed.len(), 1);
    }
}
