//! Uploaded files in a post (LinkedIn: Posts API; MultiImage API).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Content;
use crate::lenient;
use crate::urn::{DocumentUrn, ImageUrn, VideoUrn};

/// An image of a post.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageContent {
    /// The uploaded image.
    pub id: ImageUrn,
    /// The image in words for those who do not see it: at most 4086 UTF-16 units, about 120 advised.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<String>,
}

impl ImageContent {
    /// An image that was uploaded for the author of the post.
    pub fn new(id: ImageUrn) -> Self {
        Self { id, alt_text: None }
    }

    /// The image in words. Plain text.
    pub fn alt_text(mut self, text: impl Into<String>) -> Self {
        self.alt_text = Some(text.into());
        self
    }
}

/// The video of a post.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoContent {
    /// The uploaded video.
    pub id: VideoUrn,
    /// Its title.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl VideoContent {
    /// A video that was uploaded for the author of the post.
    pub fn new(id: VideoUrn) -> Self {
        Self { id, title: None }
    }

    /// Its title. Plain text.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }
}

/// The document of a post.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentContent {
    /// The uploaded document.
    pub id: DocumentUrn,
    /// Its title; LinkedIn demands one.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl DocumentContent {
    /// A document that was uploaded for the author of the post, and the title readers see. Plain text.
    pub fn new(id: DocumentUrn, title: impl Into<String>) -> Self {
        Self { id, title: Some(title.into()) }
    }
}

/// Several images of a post.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MultiImage {
    /// 2 to 20 images, in order.
    pub images: Vec<ImageContent>,
}

impl MultiImage {
    /// 2 to 20 images, in order.
    pub fn new(images: impl IntoIterator<Item = ImageContent>) -> Self {
        Self { images: images.into_iter().collect() }
    }
}

/// `media` holds an image, a video or a document; its URN tells which.
pub(super) fn read(value: &Value) -> Option<Content> {
    ImageContent::deserialize(value)
        .map(Content::Image)
        .or_else(|_| VideoContent::deserialize(value).map(Content::Video))
        .or_else(|_| DocumentContent::deserialize(value).map(Content::Document))
        .ok()
}
