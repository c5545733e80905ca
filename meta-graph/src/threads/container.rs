//! Containers: what will be published (Threads API: Posts, Publishing).

mod check;
mod parts;

use http::Method;
use serde::{Deserialize, Serialize};
use sociogram_api_core::http::{DecodeError, Endpoint, Operation, RawResponse, Replay, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use sociogram_oauth_core::scope;

pub use parts::{
    GifAttachment, GifProvider, PollAttachment, ReplyControl, SpoilerText, StyledRange, TextAttachment,
    TextStyle,
};

use super::publishing::Created;
use crate::endpoint::{Encoding, Params as Writer};
use crate::id::{ContainerId, MediaId, ObjectId, ThreadsUserId};

/// What a container becomes.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThreadKind {
    /// A text alone.
    Text,
    /// An image.
    Image,
    /// A video.
    Video,
    /// Several images and videos.
    Carousel,
}

impl ThreadKind {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Image => "IMAGE",
            Self::Video => "VIDEO",
            Self::Carousel => "CAROUSEL",
        }
    }
}

/// Makes a container: `POST /{user_id}/threads`. It is published with
/// [`PublishThreadContainer`](super::PublishThreadContainer) once it is finished;
/// [`PublishThread`](super::PublishThread) does it all.
///
/// Needs `threads_basic` and `threads_content_publish`; places need `threads_location_tagging` and sharing to Instagram
/// `threads_share_to_instagram` besides. Replies need `threads_manage_replies`, and in conversations that somebody else
/// began `threads_keyword_search` or `threads_manage_mentions` as well (Threads API: Create Replies). Whether Meta
/// insists on `threads_manage_replies` where a reply is made, and not only where replies are hidden, is not confirmed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreateThread {
    user_id: ThreadsUserId,
    kind: ThreadKind,
    url: Option<String>,
    children: Vec<ContainerId>,
    is_item: bool,
    countries: Vec<String>,
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

        impl CreateThread {
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
    /// The text: at most 500 characters, where an emoji counts its UTF-8 bytes, with at most 5 different links.
    text: String,
    /// A description of the image or video for people who do not see it, at most 1000 characters.
    alt_text: String,
    /// The post that is replied to.
    reply_to_id: MediaId,
    /// The post that is quoted.
    quote_post_id: MediaId,
    /// Who may reply; everyone unless set.
    reply_control: ReplyControl,
    /// Replies are not shown before they are approved.
    enable_reply_approvals: bool,
    /// A link to show with a preview. For texts alone.
    link_attachment: String,
    /// A topic of 1 to 50 characters without `.` and `&`.
    topic_tag: String,
    /// A place, from [`SearchLocations`](super::SearchLocations).
    location_id: ObjectId,
    /// A poll. For texts alone.
    poll_attachment: PollAttachment,
    /// A GIF. For texts alone.
    gif_attachment: GifAttachment,
    /// A long text of up to 10 000 characters. For texts alone, without poll and link.
    text_attachment: TextAttachment,
    /// Parts of the text that are hidden until somebody taps on them.
    text_entities: Vec<SpoilerText>,
    /// Hides the media until somebody taps on them.
    is_spoiler_media: bool,
    /// The post disappears after 24 hours. For texts alone, not for replies, and with nothing but hidden parts besides.
    is_ghost_post: bool,
    /// Shares the post to a story on Instagram as well.
    crossreshare_to_ig: bool,
}

impl CreateThread {
    fn with(user_id: impl Into<ThreadsUserId>, kind: ThreadKind, url: Option<String>) -> Self {
        let user_id = user_id.into();
        let (children, countries) = (Vec::new(), Vec::new());
        Self { user_id, kind, url, children, is_item: false, countries, params: Params::default() }
    }

    /// A text alone.
    pub fn text_post(user_id: impl Into<ThreadsUserId>, text: impl Into<String>) -> Self {
        Self::with(user_id, ThreadKind::Text, None).text(text)
    }

    /// A post with the image at this public address: JPEG or PNG of at most 8 MB.
    pub fn image(user_id: impl Into<ThreadsUserId>, image_url: impl Into<String>) -> Self {
        Self::with(user_id, ThreadKind::Image, Some(image_url.into()))
    }

    /// A post with the video at this public address: MP4 or MOV of at most 5 minutes and 1 GB.
    pub fn video(user_id: impl Into<ThreadsUserId>, video_url: impl Into<String>) -> Self {
        Self::with(user_id, ThreadKind::Video, Some(video_url.into()))
    }

    /// An item of a carousel: the image at this public address.
    pub fn carousel_image(user_id: impl Into<ThreadsUserId>, image_url: impl Into<String>) -> Self {
        Self { is_item: true, ..Self::image(user_id, image_url) }
    }

    /// An item of a carousel: the video at this public address.
    pub fn carousel_video(user_id: impl Into<ThreadsUserId>, video_url: impl Into<String>) -> Self {
        Self { is_item: true, ..Self::video(user_id, video_url) }
    }

    /// A carousel of 2 to 20 containers that are finished.
    pub fn carousel(
        user_id: impl Into<ThreadsUserId>,
        children: impl IntoIterator<Item = ContainerId>,
    ) -> Self {
        let children = children.into_iter().collect();
        Self { children, ..Self::with(user_id, ThreadKind::Carousel, None) }
    }

    /// The countries in which the post is shown, as two letters (ISO 3166-1). Not every account may limit them.
    pub fn allowlisted_country_codes<C: Into<String>>(mut self, codes: impl IntoIterator<Item = C>) -> Self {
        self.countries = codes.into_iter().map(Into::into).collect();
        self
    }

    /// The same text, published by this one call.
    pub const fn at_once(self) -> PublishText {
        PublishText(self)
    }

    /// What it becomes.
    pub const fn kind(&self) -> ThreadKind {
        self.kind
    }

    /// The account.
    pub const fn user_id(&self) -> &ThreadsUserId {
        &self.user_id
    }

    /// Whether it is an item of a carousel.
    pub const fn is_item(&self) -> bool {
        self.is_item
    }

    /// Whether it is a reply.
    pub const fn is_reply(&self) -> bool {
        self.params.reply_to_id.is_some()
    }

    /// The text as it was set.
    pub(super) fn text_as_set(&self) -> Option<&str> {
        self.params.text.as_deref()
    }

    /// The same carousel of these containers.
    pub(super) fn with_children(&self, children: Vec<ContainerId>) -> Self {
        Self { children, ..self.clone() }
    }

    /// As a form: as JSON Threads has left out some parameters without a word.
    fn write_form(&self, parts: &mut RequestParts, at_once: bool) -> Result<(), InvalidRequest> {
        let mut writer = Writer::new(parts, Encoding::Form);
        writer.put("user_id", &self.user_id)?;
        writer.put("media_type", self.kind.media_type())?;
        if let Some(url) = &self.url {
            writer.put(if self.kind == ThreadKind::Video { "video_url" } else { "image_url" }, url)?;
        }
        if self.kind == ThreadKind::Carousel {
            let ids: Vec<&str> = self.children.iter().map(ContainerId::as_str).collect();
            writer.put("children", &ids.join(","))?;
        }
        if self.is_item {
            writer.put("is_carousel_item", &true)?;
        }
        self.params.write(&mut writer)?;
        if !self.countries.is_empty() {
            writer.put("allowlisted_country_codes", &self.countries.join(","))?;
        }
        if at_once {
            writer.put("auto_publish_text", &true)?;
        }
        writer.finish()
    }
}

impl Endpoint for CreateThread {
    type Output = Created<ContainerId>;

    const NAME: &'static str = "threads.containers.create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{user_id}/threads";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::THREADS_BASIC, scope::THREADS_CONTENT_PUBLISH];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        match InvalidRequest::from_findings(self.check()) {
            Some(invalid) => Err(invalid),
            None => self.write_form(parts, false),
        }
    }

    fn subject(&self) -> Option<&str> {
        Some(self.user_id.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        described(self, operation)
    }

    fn decode(&self, response: &RawResponse) -> Result<Created<ContainerId>, DecodeError> {
        response.json()
    }
}

/// Names the permission that replies need besides.
fn described(container: &CreateThread, operation: Operation) -> Operation {
    const REPLY: &[&str] =
        &[scope::THREADS_BASIC, scope::THREADS_CONTENT_PUBLISH, scope::THREADS_MANAGE_REPLIES];
    if container.is_reply() { operation.scopes(REPLY) } else { operation }
}

/// Publishes a text with one call: `POST /{user_id}/threads` with `auto_publish_text`. From
/// [`CreateThread::at_once`].
///
/// Needs what [`CreateThread`] needs. After an answer that leaves the outcome open there is no
/// container to ask; look at the latest posts before repeating it, or use [`PublishThread`](super::PublishThread).
#[derive(Clone, Debug, PartialEq)]
pub struct PublishText(CreateThread);

impl PublishText {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = self.0.check();
        if self.0.kind != ThreadKind::Text {
            let message = "only a text alone is published by one call";
            findings.push(
                Finding::error("threads.text.at_once", "auto_publish_text", message)
                    .advice("publish the container"),
            );
        }
        findings
    }
}

impl Endpoint for PublishText {
    type Output = Created<MediaId>;

    const NAME: &'static str = "threads.texts.publish";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/{user_id}/threads";
    const REPLAY: Replay = Replay::Never;
    const SCOPES: &'static [&'static str] = &[scope::THREADS_BASIC, scope::THREADS_CONTENT_PUBLISH];

    fn write(&self, parts: &mut RequestParts) -> Result<(), InvalidRequest> {
        match InvalidRequest::from_findings(self.check()) {
            Some(invalid) => Err(invalid),
            None => self.0.write_form(parts, true),
        }
    }

    fn subject(&self) -> Option<&str> {
        Some(self.0.user_id.as_str())
    }

    fn describe(&self, operation: Operation) -> Operation {
        described(&self.0, operation)
    }

    fn decode(&self, response: &RawResponse) -> Result<Created<MediaId>, DecodeError> {
        response.json()
    }
}

#[cfg(test)]
mod tests;
