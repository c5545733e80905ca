//! A post and what is on it (Graph API: Page Post).

use serde::Deserialize;
use sociogram_api_core::{Timestamp, open_enum};
use sociogram_oauth_core::scope;

use crate::endpoint::endpoint;
use crate::id::PostId;
use crate::lenient;

/// What a post is asked for unless told otherwise.
pub(crate) const POST_FIELDS: &str = "id,message,story,created_time,updated_time,permalink_url,full_picture,\
    status_type,is_published,is_hidden,is_expired,scheduled_publish_time,parent_id,promotable_id,can_reply_privately,\
    from{id,name},shares,attachments{media_type,type,title,description,url,unshimmed_url,media,target,\
    subattachments{media_type,type,title,description,url,media,target}}";

endpoint! {
    /// Reads a post: `GET /{post_id}` (Page Post).
    ///
    /// Needs the Page's token and `pages_read_engagement`, for posts of visitors `pages_read_user_content`. Its
    /// `permalink_url` is the address of the post.
    pub struct GetPost -> Post;
    "page.posts.get": GET "/{post_id}", Safe, [scope::PAGES_READ_ENGAGEMENT, scope::PAGES_SHOW_LIST];
    new { post_id: PostId }
    fields POST_FIELDS;
    subject post_id;
}

/// A post. Fields that were not asked for, or that this token may not see, are `None`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Post {
    /// The post.
    pub id: PostId,
    /// Its text.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message: Option<String>,
    /// What Meta wrote about it, such as "Ada updated her picture".
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub story: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient::time")]
    pub created_time: Option<Timestamp>,
    /// When it, or the comments on it, last changed.
    #[serde(default, deserialize_with = "lenient::time")]
    pub updated_time: Option<Timestamp>,
    /// Its address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub permalink_url: Option<String>,
    /// Its picture in full size.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub full_picture: Option<String>,
    /// Its picture, small.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub picture: Option<String>,
    /// What sort of post it is.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub status_type: Option<PostStatusType>,
    /// Whether it is visible.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_published: Option<bool>,
    /// Whether it is hidden from the Page.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_hidden: Option<bool>,
    /// Whether it has ended.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_expired: Option<bool>,
    /// Whether it does better than usual.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_popular: Option<bool>,
    /// Whether an ad can be made of it.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_eligible_for_promotion: Option<bool>,
    /// Whether it can go to Instagram.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_instagram_eligible: Option<bool>,
    /// When Meta is to publish it.
    #[serde(default, deserialize_with = "lenient::time")]
    pub scheduled_publish_time: Option<Timestamp>,
    /// Whether it is shown on the Page.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub timeline_visibility: Option<TimelineVisibility>,
    /// Who made it.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub from: Option<Author>,
    /// The post it was made of.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub parent_id: Option<PostId>,
    /// The id ads are made with.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub promotable_id: Option<PostId>,
    /// Whether a visitor's post can be answered with a message: once, within 7 days.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub can_reply_privately: Option<bool>,
    /// How often it was shared.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub shares: Option<Shares>,
    /// What hangs on it.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub attachments: Vec<PostAttachment>,
    /// People and Pages named in its text.
    #[serde(default, deserialize_with = "lenient::list")]
    pub message_tags: Vec<MessageTag>,
    /// How many comments it has; ask for `comments.limit(0).summary(true)`, or use
    /// [`GetPostCounts`](super::GetPostCounts).
    #[serde(default, deserialize_with = "lenient::summary")]
    pub comments: Option<CommentsSummary>,
    /// How many reactions it has; ask for `reactions.limit(0).summary(total_count)`.
    #[serde(default, deserialize_with = "lenient::summary")]
    pub reactions: Option<ReactionsSummary>,
}

open_enum! {
    /// What sort of post it is.
    pub enum PostStatusType {
        /// Photos.
        AddedPhotos = "added_photos",
        /// A video.
        AddedVideo = "added_video",
        /// A text of a phone.
        MobileStatusUpdate = "mobile_status_update",
        /// A link or something else that was shared.
        SharedStory = "shared_story",
        /// An event.
        CreatedEvent = "created_event",
        /// A note.
        CreatedNote = "created_note",
        /// Posted on somebody's Page.
        WallPost = "wall_post",
        /// Made by an app.
        AppCreatedStory = "app_created_story",
        /// Published by an app.
        PublishedStory = "published_story",
    }
}

open_enum! {
    /// Whether a post is shown on the Page.
    pub enum TimelineVisibility {
        /// As Meta decides.
        Normal = "normal",
        /// Not.
        Hidden = "hidden",
        /// In any case.
        ForcedAllow = "forced_allow",
    }
}

/// Who made a post or comment. Meta leaves people out without `pages_read_user_content`.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Author {
    /// The person, by an id for this Page only, or the Page.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// The name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
}

/// How often something was shared.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Shares {
    /// That often; missing in some answers.
    #[serde(default, deserialize_with = "lenient::count")]
    pub count: Option<u64>,
}

/// A person or Page that a text names.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MessageTag {
    /// Who.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// The name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What it is: `user`, `page`, ….
    #[serde(rename = "type", default, deserialize_with = "lenient::or_none")]
    pub kind: Option<String>,
    /// Where it begins, in characters.
    #[serde(default, deserialize_with = "lenient::count")]
    pub offset: Option<u64>,
    /// How long it is, in characters.
    #[serde(default, deserialize_with = "lenient::count")]
    pub length: Option<u64>,
}

open_enum! {
    /// What hangs on a post.
    pub enum AttachmentType {
        /// A photo.
        Photo = "photo",
        /// Photos.
        Album = "album",
        /// A video.
        Video = "video",
        /// A video that begins by itself.
        VideoAutoplay = "video_autoplay",
        /// A video inside the text.
        VideoInline = "video_inline",
        /// A link.
        Share = "share",
        /// Several links.
        Multiple = "multiple",
        /// A cover picture.
        CoverPhoto = "cover_photo",
        /// A profile picture or video.
        ProfileMedia = "profile_media",
        /// A moving picture.
        AnimatedImageAutoplay = "animated_image_autoplay",
        /// A note.
        Note = "note",
        /// An event.
        Event = "event",
        /// Made of a template.
        NativeTemplates = "native_templates",
    }
}

/// Something that hangs on a post.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PostAttachment {
    /// What it is.
    #[serde(rename = "type", default, deserialize_with = "lenient::or_none")]
    pub kind: Option<AttachmentType>,
    /// What it is, more roughly: `photo`, `video`, `album`, `link`, ….
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media_type: Option<String>,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub title: Option<String>,
    /// What it says.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub description: Option<String>,
    /// Its address, through Meta's redirect.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub url: Option<String>,
    /// Its own address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub unshimmed_url: Option<String>,
    /// Its picture and file.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub media: Option<AttachmentMedia>,
    /// The photo, video or album itself.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub target: Option<AttachmentTarget>,
    /// Its parts.
    #[serde(default, deserialize_with = "lenient::edge")]
    pub subattachments: Vec<Self>,
}

/// Picture and file of an attachment.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AttachmentMedia {
    /// The picture.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub image: Option<ImageSource>,
    /// The video file.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub source: Option<String>,
}

/// A picture.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ImageSource {
    /// Where it is; called `source` on photos and `src` on attachments.
    #[serde(alias = "src", default, deserialize_with = "lenient::or_none")]
    pub source: Option<String>,
    /// Its width in pixels.
    #[serde(default, deserialize_with = "lenient::count")]
    pub width: Option<u64>,
    /// Its height in pixels.
    #[serde(default, deserialize_with = "lenient::count")]
    pub height: Option<u64>,
}

/// What an attachment is.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AttachmentTarget {
    /// The id of the photo, video or album.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Its address.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub url: Option<String>,
}

/// How many comments there are.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CommentsSummary {
    /// That many.
    #[serde(default, deserialize_with = "lenient::count")]
    pub total_count: Option<u64>,
    /// In which order they come.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub order: Option<String>,
    /// Whether the Page can comment.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub can_comment: Option<bool>,
}

/// How many reactions there are.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ReactionsSummary {
    /// That many.
    #[serde(default, deserialize_with = "lenient::count")]
    pub total_count: Option<u64>,
    /// The Page's own reaction; `NONE` without one.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub viewer_reaction: Option<super::ReactionType>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    #[tokio::test]
    async fn a_post_is_read_whatever_shape_its_parts_have() {
        let (post, _) = exchange(
            GetPost::new(PostId::new("42_7").unwrap()),
            r#"{"id":"42_7","message":5,"created_time":"2026-01-02T03:04:05+0000","scheduled_publish_time":1767323045,
                "is_published":"1","status_type":"something_new","from":{"id":17},"shares":{"count":"3"},
                "attachments":{"data":[{"type":"album","subattachments":{"data":[{"type":"photo","target":{"id":99},
                "media":{"image":{"src":"https://x/y","width":10,"height":"20"}}},7]}},{"type":"new_kind"}]},
                "message_tags":[{"id":"1","offset":0,"length":4},"odd"],
                "comments":{"data":[],"summary":{"total_count":4,"order":"ranked","can_comment":true}},
                "reactions":{"data":[],"summary":{"total_count":9,"viewer_reaction":"LOVE"}}}"#,
        )
        .await;
        let post = post.unwrap();
        assert_eq!((post.message, post.is_published), (None, Some(true)));
        assert_eq!(post.created_time, post.scheduled_publish_time);
        assert_eq!(post.status_type, Some(PostStatusType::Unknown("something_new".into())));
        assert_eq!(post.from.unwrap().id.as_deref(), Some("17"));
        assert_eq!(post.shares.unwrap().count, Some(3));
        assert_eq!((post.attachments.len(), post.message_tags.len()), (2, 1));
        let photo = &post.attachments[0].subattachments[0];
        assert_eq!(photo.target.as_ref().unwrap().id.as_deref(), Some("99"));
        let image = photo.media.as_ref().unwrap().image.as_ref().unwrap();
        assert_eq!((image.source.as_deref(), image.height), (Some("https://x/y"), Some(20)));
        assert_eq!(post.attachments[1].kind, Some(AttachmentType::Unknown("new_kind".into())));
        assert_eq!(post.comments.unwrap().total_count, Some(4));
        let reactions = post.reactions.unwrap();
        assert_eq!(
            (reactions.total_count, reactions.viewer_reaction),
            (Some(9), Some(super::super::ReactionType::Love))
        );
    }

    #[tokio::test]
    async fn only_the_id_is_required() {
        let post = exchange(GetPost::new(7), r#"{"id":7}"#).await.0.unwrap();
        assert!(post.attachments.is_empty() && post.comments.is_none() && post.created_time.is_none());
        assert!(exchange(GetPost::new(7), r#"{"message":"x"}"#).await.0.is_err());
    }
}
