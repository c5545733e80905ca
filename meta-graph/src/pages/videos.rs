//! Videos of a Page, their captions and previews (Page Videos, Video, Video Captions, Video Thumbnails).

use serde::Deserialize;
use sociogram_api_core::{Finding, Timestamp, open_enum};
use sociogram_oauth_core::scope;

use super::create_video::VideoCategory;
use super::post::Author;
use super::post_parts::CallToAction;
use super::with_files::file_endpoint;
use crate::endpoint::{UnixTime, endpoint, list_endpoint};
use crate::id::{ObjectId, PageId, PostId, UserId, VideoId};
use crate::uploads::VideoStatus;
use crate::{acknowledged, lenient};

/// What a video is asked for unless told otherwise.
pub(crate) const VIDEO_FIELDS: &str = "id,title,description,length,created_time,updated_time,permalink_url,source,\
    picture,status,published,scheduled_publish_time,post_id,views,content_category,content_tags,live_status,embeddable,\
    from{id,name}";

open_enum! {
    /// Which videos of a Page.
    pub enum VideoListType {
        /// Those it uploaded.
        Uploaded = "UPLOADED",
        /// Those it is named in.
        Tagged = "TAGGED",
    }
}

list_endpoint! {
    /// Lists the videos of a Page: `GET /{page_id}/videos` (Page Videos).
    ///
    /// Needs the Page's token and `pages_read_engagement`.
    pub struct ListVideos -> Video;
    "page.videos.list": "/{page_id}/videos", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 100;
    new { page_id: PageId }
    with {
        /// Which ones.
        kind as "type": VideoListType,
    }
    fields VIDEO_FIELDS;
    subject page_id;
}

endpoint! {
    /// Reads a video or reel: `GET /{video_id}` (Video).
    ///
    /// Needs the Page's token and `pages_read_engagement`. Since 2025 the address of a Page's video is that of a reel.
    pub struct GetVideo -> Video;
    "page.videos.get": GET "/{video_id}", Safe, [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { video_id: VideoId }
    fields VIDEO_FIELDS;
}

/// A video or reel. Fields that were not asked for, or that this token may not see, are `None`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Video {
    /// The video.
    pub id: VideoId,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub title: Option<String>,
    /// Its text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub description: Option<String>,
    /// How long it is, in seconds.
    #[serde(default, deserialize_with = "lenient::number")]
    pub length: Option<f64>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub updated_time: Option<Timestamp>,
    /// Its address; on some answers only the part after the host.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub permalink_url: Option<String>,
    /// Its file, for some time.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub source: Option<String>,
    /// Its preview picture.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub picture: Option<String>,
    /// How far Meta is with it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status: Option<VideoStatus>,
    /// Whether it is visible.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub published: Option<bool>,
    /// When Meta is to publish it.
    #[serde(default, deserialize_with = "lenient::time")]
    pub scheduled_publish_time: Option<Timestamp>,
    /// Its post: without the Page's id before it in some answers.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub post_id: Option<PostId>,
    /// How often it was seen.
    #[serde(default, deserialize_with = "lenient::count")]
    pub views: Option<u64>,
    /// What it is about.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub content_category: Option<VideoCategory>,
    /// What it is about, in words or Meta's numbers.
    #[serde(default, deserialize_with = "lenient::list")]
    pub content_tags: Vec<String>,
    /// How far a live video is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub live_status: Option<String>,
    /// Whether other sites can show it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub embeddable: Option<bool>,
    /// Whose it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub from: Option<Author>,
}

endpoint! {
    /// Changes a video: `POST /{video_id}` (Video).
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT` and `pages_manage_posts`. Repeating it changes nothing.
    pub struct UpdateVideo -> ();
    "page.videos.update": POST "/{video_id}", Safe, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { video_id: VideoId }
    with {
        /// Its title.
        title as "name": String,
        /// Its text.
        description: String,
        /// Whether it is visible.
        published: bool,
        /// When Meta is to publish it.
        scheduled_publish_time: UnixTime,
        /// Whether it goes to the feeds of others.
        publish_to_news_feed: bool,
        /// What it is about.
        content_category: VideoCategory,
        /// What it is about, in words.
        content_tags: Vec<String>,
        /// Labels of your own.
        custom_labels: Vec<String>,
        /// Whether other sites can show it.
        embeddable: bool,
        /// Whether Meta's own buttons are shown below it.
        social_actions: bool,
        /// A button.
        call_to_action: CallToAction,
        /// Its preview, one of [`ListVideoThumbnails`].
        preferred_thumbnail_id: ObjectId,
        /// People in it.
        tags: Vec<UserId>,
        /// Whether it ends now.
        expire_now: bool,
    }
    decode acknowledged::read;
}

endpoint! {
    /// Deletes a video or reel: `DELETE /{video_id}` (Video). It cannot be undone.
    ///
    /// Needs the Page's token, the task `CREATE_CONTENT` and `pages_manage_posts`.
    pub struct DeleteVideo -> ();
    "page.videos.delete": DELETE "/{video_id}", Safe, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { video_id: VideoId }
    decode acknowledged::read;
}

endpoint! {
    /// Invites a Page to be named beside yours on a reel: `POST /{video_id}/collaborators` (Reels Publishing).
    ///
    /// At most 10 invitations of a Page in 24 hours. Needs the Page's token and `pages_manage_posts`.
    pub struct InviteCollaborator -> ();
    "page.video_collaborators.create": POST "/{video_id}/collaborators", Never, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { video_id: VideoId, target_id: PageId }
    decode acknowledged::read;
}

list_endpoint! {
    /// Lists the captions of a video: `GET /{video_id}/captions` (Video Captions).
    ///
    /// Needs the Page's token and `pages_read_engagement`.
    pub struct ListVideoCaptions -> VideoCaptions;
    "page.video_captions.list": "/{video_id}/captions", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 100;
    new { video_id: VideoId }
}

/// The captions of a video in one language.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VideoCaptions {
    /// The language, such as `en_US`.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub locale: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub locale_name: Option<String>,
    /// Whether it is shown where no better one is there.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_default: Option<bool>,
    /// Whether Meta made it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_auto_generated: Option<bool>,
    /// Whether it is still a draft.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_draft: Option<bool>,
    /// The file.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub uri: Option<String>,
}

file_endpoint! {
    /// Gives a video captions, or takes some away: `POST /{video_id}/captions` (Video Captions).
    ///
    /// Needs the Page's token and `pages_manage_posts`. Captions of a language replace earlier ones.
    pub struct SetVideoCaptions -> ();
    "page.video_captions.set": POST "/{video_id}/captions", Safe, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { video_id: VideoId }
    with {
        /// The language shown where no better one is there, such as `en_US`; `none` for none.
        default_locale: String,
        /// Languages to take away.
        locales_to_delete: Vec<String>,
    }
    own {}
    files {
        /// An SRT file whose name holds the language: `name.en_US.srt`.
        captions_file
    }
    checked by check;
    decode acknowledged::read;
}

impl SetVideoCaptions {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        let named = |name: &str| {
            let locale =
                name.strip_suffix(".srt").and_then(|name| name.rsplit_once('.')).map(|(_, locale)| locale);
            locale.and_then(|locale| locale.split_once('_')).is_some_and(|(language, country)| {
                language.len() >= 2
                    && language.bytes().all(|byte| byte.is_ascii_lowercase())
                    && country.len() == 2
            })
        };
        let bad = self.captions_file.as_ref().filter(|file| !named(file.name()));
        bad.map(|_| {
            Finding::error(
                "page.video.captions.name",
                "captions_file",
                "the file's name does not tell the language",
            )
            .allowed("name.xx_YY.srt")
            .advice("call it like captions.en_US.srt")
        })
        .into_iter()
        .collect()
    }
}

list_endpoint! {
    /// Lists the preview pictures of a video: `GET /{video_id}/thumbnails` (Video Thumbnails).
    ///
    /// Needs the Page's token and `pages_read_engagement`.
    pub struct ListVideoThumbnails -> VideoThumbnail;
    "page.video_thumbnails.list": "/{video_id}/thumbnails", [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST], limit 100;
    new { video_id: VideoId }
    fields "id,uri,name,is_preferred,width,height,scale";
}

/// A preview picture of a video.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct VideoThumbnail {
    /// The picture.
    pub id: ObjectId,
    /// Where it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub uri: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Whether it is the one that is shown.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_preferred: Option<bool>,
    /// Its width in pixels.
    #[serde(default, deserialize_with = "lenient::count")]
    pub width: Option<u64>,
    /// Its height in pixels.
    #[serde(default, deserialize_with = "lenient::count")]
    pub height: Option<u64>,
    /// How much it was scaled.
    #[serde(default, deserialize_with = "lenient::number")]
    pub scale: Option<f64>,
}

file_endpoint! {
    /// Gives a video a preview picture: `POST /{video_id}/thumbnails` (Video Thumbnails).
    ///
    /// Needs the Page's token and `pages_manage_posts`.
    pub struct AddVideoThumbnail -> ();
    "page.video_thumbnails.create": POST "/{video_id}/thumbnails", Never, [scope::PAGES_MANAGE_POSTS, scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { video_id: VideoId }
    with {
        /// Whether it is the one that is shown.
        is_preferred: bool,
    }
    own {}
    files {
        /// The picture.
        source
    }
    checked by check;
    decode acknowledged::read;
}

impl AddVideoThumbnail {
    /// What is wrong with it, as far as that can be told without asking Meta.
    pub fn check(&self) -> Vec<Finding> {
        let missing =
            Finding::error("page.video.thumbnail", "source", "there is no picture").advice("pass one");
        if self.source.is_none() { vec![missing] } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests;
