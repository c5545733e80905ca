//! Media containers: what will be published (Instagram Platform: IG User Media).

mod check;
mod parts;

use http::Method;
use serde::{Deserialize, Serialize};
use sociogram_api_core::InvalidRequest;
use sociogram_api_core::http::{DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts};
use sociogram_oauth_core::scope;

pub use parts::{AudioConfiguration, GraduationStrategy, TrialParams, UserTag};

use super::login::OnlyAt;
use super::product_tags::ProductTag;
use crate::endpoint::{Encoding, Params as Writer};
use crate::host::GraphHost;
use crate::id::{ContainerId, InstagramAccountId, PageId};
use crate::lenient;

/// What a container becomes.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerKind {
    /// A post with one image.
    Image,
    /// A reel.
    Reel,
    /// A story with an image.
    StoryImage,
    /// A story with a video.
    StoryVideo,
    /// An image of a carousel.
    CarouselImage,
    /// A video of a carousel.
    CarouselVideo,
    /// A carousel.
    Carousel,
}

impl ContainerKind {
    /// The `media_type`; images have none.
    const fn media_type(self) -> Option<&'static str> {
        match self {
            Self::Image | Self::CarouselImage => None,
            Self::Reel => Some("REELS"),
            Self::StoryImage | Self::StoryVideo => Some("STORIES"),
            // Of a video that stands alone Meta took this value back; it is a reel.
            Self::CarouselVideo => Some("VIDEO"),
            Self::Carousel => Some("CAROUSEL"),
        }
    }

    /// Whether it is an item of a carousel.
    pub const fn is_item(self) -> bool {
        matches!(self, Self::CarouselImage | Self::CarouselVideo)
    }

    /// Whether it is a story.
    pub const fn is_story(self) -> bool {
        matches!(self, Self::StoryImage | Self::StoryVideo)
    }

    /// Whether its file is a video.
    pub const fn is_video(self) -> bool {
        matches!(self, Self::Reel | Self::StoryVideo | Self::CarouselVideo)
    }
}

/// Where the media come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Source {
    Url(String),
    Upload,
    Children(Vec<ContainerId>),
}

/// Makes a media container: `POST /{account_id}/media`, under both logins. It is published with
/// [`PublishContainer`](super::PublishContainer) once [`GetContainer`](super::GetContainer) says that it is finished;
/// [`PublishInstagram`](super::PublishInstagram) does it all.
///
/// Needs `instagram_basic`, `instagram_content_publish`, `pages_read_engagement` and `pages_show_list`, and
/// `ads_management` or `ads_read` if the role on the Page came through a business portfolio (Instagram Login:
/// `instagram_business_basic`, `instagram_business_content_publish`). An account may make 400 containers in 24 hours;
/// each lives as long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreateContainer {
    account_id: InstagramAccountId,
    kind: ContainerKind,
    source: Source,
    params: Params,
}

macro_rules! params {
    ($($(#[$meta:meta])* $name:ident: $ty:ty,)+) => {
        /// What may be set.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        struct Params {
            $(#[serde(default, skip_serializing_if = "Option::is_none")] $name: Option<$ty>,)+
        }

        impl Params {
            fn write(&self, writer: &mut Writer<'_>) -> Result<(), InvalidRequest> {
                $(if let Some(value) = &self.$name {
                    writer.put(stringify!($name), value)?;
                })+
                Ok(())
            }
        }

        impl CreateContainer {
            $(
                $(#[$meta])*
                pub fn $name(mut self, $name: impl Into<$ty>) -> Self {
                    self.params.$name = Some($name.into());
                    self
                }
            )+
        }
    };
}

params! {
    /// The text: at most 2200 characters, 30 hashtags and 20 mentions. Not for stories and items of a carousel.
    caption: String,
    /// A description of the image for people who do not see it, at most 1000 characters. For images only, not stories.
    alt_text: String,
    /// A Page that has a place. Not for stories and items of a carousel.
    location_id: PageId,
    /// People to tag, at most 20: with a place on an image, without on a video.
    user_tags: Vec<UserTag>,
    /// The user names of up to 3 accounts that are asked to share it. Not for stories and items of a carousel.
    collaborators: Vec<String>,
    /// Products to tag, at most 5. Facebook Login only. More can be added to what is published
    /// ([`UpdateProductTags`](super::UpdateProductTags)); whether a container takes as many is not confirmed.
    product_tags: Vec<ProductTag>,
    /// Where the reel's cover is: a JPEG of at most 8 MB. It is used rather than `thumb_offset`.
    cover_url: String,
    /// The moment of the video, in milliseconds, that becomes the cover.
    thumb_offset: u64,
    /// Whether the reel is shown in the feed as well.
    share_to_feed: bool,
    /// The name of the reel's own sound; it can be changed once.
    audio_name: String,
    /// A sound for the reel, from [`SearchAudio`](super::SearchAudio).
    audio_configuration: AudioConfiguration,
    /// Shows the reel to people who do not follow the account first, and decides later.
    trial_params: TrialParams,
    /// Marks it as a paid partnership. Facebook Login only.
    is_paid_partnership: bool,
    /// The accounts of up to 2 sponsors. Facebook Login only.
    branded_content_sponsor_ids: Vec<InstagramAccountId>,
    /// Marks it as made by AI. On a carousel itself, never on its items.
    is_ai_generated: bool,
    /// A poll, as JSON text; Meta does not document its form. Facebook Login only, from v26.0 on.
    poll_attachment: String,
    /// Whether the poll runs longer. Facebook Login only, from v26.0 on.
    is_poll_duration_extended: bool,
    /// Whether people are asked to comment. Facebook Login only, from v26.0 on.
    is_comment_prompt_used: bool,
}

impl CreateContainer {
    fn with(account: impl Into<InstagramAccountId>, kind: ContainerKind, source: Source) -> Self {
        Self { account_id: account.into(), kind, source, params: Params::default() }
    }

    /// A post with the image at this public address: a JPEG of at most 8 MB.
    pub fn image(account_id: impl Into<InstagramAccountId>, image_url: impl Into<String>) -> Self {
        Self::with(account_id, ContainerKind::Image, Source::Url(image_url.into()))
    }

    /// A reel with the video at this public address.
    pub fn reel(account_id: impl Into<InstagramAccountId>, video_url: impl Into<String>) -> Self {
        Self::with(account_id, ContainerKind::Reel, Source::Url(video_url.into()))
    }

    /// A story with the image at this public address.
    pub fn story_image(account_id: impl Into<InstagramAccountId>, image_url: impl Into<String>) -> Self {
        Self::with(account_id, ContainerKind::StoryImage, Source::Url(image_url.into()))
    }

    /// A story with the video at this public address.
    pub fn story_video(account_id: impl Into<InstagramAccountId>, video_url: impl Into<String>) -> Self {
        Self::with(account_id, ContainerKind::StoryVideo, Source::Url(video_url.into()))
    }

    /// An item of a carousel: the image at this public address.
    pub fn carousel_image(account_id: impl Into<InstagramAccountId>, image_url: impl Into<String>) -> Self {
        Self::with(account_id, ContainerKind::CarouselImage, Source::Url(image_url.into()))
    }

    /// An item of a carousel: the video at this public address.
    pub fn carousel_video(account_id: impl Into<InstagramAccountId>, video_url: impl Into<String>) -> Self {
        Self::with(account_id, ContainerKind::CarouselVideo, Source::Url(video_url.into()))
    }

    /// A carousel of 2 to 10 containers that are finished.
    pub fn carousel(
        account_id: impl Into<InstagramAccountId>,
        children: impl IntoIterator<Item = ContainerId>,
    ) -> Self {
        Self::with(account_id, ContainerKind::Carousel, Source::Children(children.into_iter().collect()))
    }

    /// A reel whose video is uploaded afterwards, with [`BytesUpload`](crate::uploads::BytesUpload). Meta documents
    /// uploads for Facebook Login; under Instagram Login they are not confirmed.
    pub fn reel_upload(account_id: impl Into<InstagramAccountId>) -> Self {
        Self::with(account_id, ContainerKind::Reel, Source::Upload)
    }

    /// A story whose video is uploaded afterwards, as with [`reel_upload`](Self::reel_upload).
    pub fn story_upload(account_id: impl Into<InstagramAccountId>) -> Self {
        Self::with(account_id, ContainerKind::StoryVideo, Source::Upload)
    }

    /// An item of a carousel whose video is uploaded afterwards, as with [`reel_upload`](Self::reel_upload).
    pub fn carousel_video_upload(account_id: impl Into<InstagramAccountId>) -> Self {
        Self::with(account_id, ContainerKind::CarouselVideo, Source::Upload)
    }

    /// What it becomes.
    pub const fn kind(&self) -> ContainerKind {
        self.kind
    }

    /// The account.
    pub const fn account_id(&self) -> &InstagramAccountId {
        &self.account_id
    }

    /// The caption.
    pub(super) fn caption_text(&self) -> Option<&str> {
        self.params.caption.as_deref()
    }

    /// Whether its file is sent in a call of its own.
    pub(super) const fn is_upload(&self) -> bool {
        matches!(self.source, Source::Upload)
    }

    /// The same carousel of these containers.
    pub(super) fn with_children(&self, children: Vec<ContainerId>) -> Self {
        Self { source: Source::Children(children), ..self.clone() }
    }

    /// The first parameter that Facebook Login only has.
    fn facebook_only(&self) -> Option<&'static str> {
        let params = &self.params;
        [
            (params.product_tags.is_some(), "product_tags"),
            (params.is_paid_partnership.is_some(), "is_paid_partnership"),
            (params.branded_content_sponsor_ids.is_some(), "branded_content_sponsor_ids"),
            (params.poll_attachment.is_some(), "poll_attachment"),
            (params.is_poll_duration_extended.is_some(), "is_poll_duration_extended"),
            (params.is_comment_prompt_used.is_some(), "is_comment_prompt_used"),
        ]
        .into_iter()
        .find_map(|(set, name)| set.then_some(name))
    }
}

impl Endpoint for CreateContainer {
    type Output = CreatedContainer;

    const NAME: &'static str = "instagram.containers.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{account_id}/media";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[
        scope::INSTAGRAM_BASIC,
        scope::INSTAGRAM_CONTENT_PUBLISH,
        scope::PAGES_READ_ENGAGEMENT,
        scope::PAGES_SHOW_LIST,
    ];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        if let Some(invalid) = InvalidRequest::from_findings(self.check()) {
            return Err(invalid);
        }
        let mut writer = Writer::new(parts, Encoding::Form);
        writer.put("account_id", &self.account_id)?;
        if let Some(media_type) = self.kind.media_type() {
            writer.put("media_type", media_type)?;
        }
        match &self.source {
            Source::Url(url) if self.kind.is_video() => writer.put("video_url", url)?,
            Source::Url(url) => writer.put("image_url", url)?,
            Source::Upload => writer.put("upload_type", "resumable")?,
            Source::Children(ids) => {
                let ids: Vec<&str> = ids.iter().map(ContainerId::as_str).collect();
                writer.put("children", &ids.join(","))?;
            }
        }
        if self.kind.is_item() {
            writer.put("is_carousel_item", &true)?;
        }
        self.params.write(&mut writer)?;
        writer.finish()
    }

    fn subject(&self) -> Option<&str> {
        Some(self.account_id.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        match self.facebook_only() {
            Some(field) => operation.with(OnlyAt { host: GraphHost::Facebook, field }),
            None => operation,
        }
    }

    fn decode(&self, response: &RawResponse) -> Result<CreatedContainer, DecodeError> {
        response.json()
    }
}

/// A container that was made.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CreatedContainer {
    /// Its id.
    pub id: ContainerId,
    /// Where its file is to be uploaded. Only of containers that wait for one.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub uri: Option<String>,
}

#[cfg(test)]
mod tests;
