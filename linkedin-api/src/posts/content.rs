//! What a post shows besides its text.

mod media;
mod poll;
mod sponsored;

use serde::de::Deserializer;
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lenient;
use crate::urn::{ImageUrn, Urn};

pub use media::{DocumentContent, ImageContent, MultiImage, VideoContent};
pub use poll::{Poll, PollDuration, PollOption, PollSettings, VoteSelection};
pub use sponsored::{CardMedia, Carousel, CarouselCard};

/// What a post shows besides its text: exactly one of these (LinkedIn: Posts API, "Content").
///
/// ```
/// use sociogram_linkedin_api::posts::{Article, Content, ImageContent, MultiImage, Poll, PollDuration};
/// use sociogram_linkedin_api::ImageUrn;
///
/// let image: ImageUrn = "urn:li:image:C5610AQFj6TdYowm8w".parse().unwrap();
/// let one: Content = ImageContent::new(image.clone()).alt_text("A bridge").into();
/// let several: Content = MultiImage::new([image.clone(), image.clone()].map(ImageContent::new)).into();
/// let article: Content = Article::new("https://example.com", "A title").thumbnail(image).into();
/// let poll: Content = Poll::new("Tea?", ["Yes", "No"], PollDuration::ThreeDays).into();
/// assert_eq!(serde_json::to_value(&poll).unwrap()["poll"]["options"][1]["text"], "No");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// One image.
    Image(ImageContent),
    /// A video.
    Video(VideoContent),
    /// A document; its pages can be leafed through.
    Document(DocumentContent),
    /// 2 to 20 images. Organic only.
    MultiImage(MultiImage),
    /// A link with its preview.
    Article(Article),
    /// A question with answers to vote for. Organic only.
    Poll(Poll),
    /// Cards side by side. Sponsored only.
    Carousel(Carousel),
    /// Something else on LinkedIn: an event, a job.
    Reference(Reference),
    /// A kind or form that this version does not know, as it came or as it shall be sent.
    Other(Value),
}

macro_rules! content_from {
    ($($variant:ident($kind:ty)),+ $(,)?) => {$(
        impl From<$kind> for Content {
            fn from(content: $kind) -> Self {
                Self::$variant(content)
            }
        }
    )+};
}

content_from! {
    Image(ImageContent), Video(VideoContent), Document(DocumentContent), MultiImage(MultiImage), Article(Article),
    Poll(Poll), Carousel(Carousel), Reference(Reference),
}

impl Content {
    /// The uploaded files it names, each with the path of its field.
    pub(crate) fn assets(&self) -> Vec<(String, &Urn)> {
        let one = |path: &str, urn| vec![(path.to_owned(), urn)];
        match self {
            Self::Image(image) => one("content.media.id", image.id.as_urn()),
            Self::Video(video) => one("content.media.id", video.id.as_urn()),
            Self::Document(document) => one("content.media.id", document.id.as_urn()),
            Self::MultiImage(images) => {
                let field = |index| format!("content.multiImage.images[{index}].id");
                let images = images.images.iter().enumerate();
                images.map(|(index, image)| (field(index), image.id.as_urn())).collect()
            }
            Self::Article(article) => {
                let thumbnail = article.thumbnail.as_ref().map(ImageUrn::as_urn);
                thumbnail.map(|urn| one("content.article.thumbnail", urn)).unwrap_or_default()
            }
            Self::Carousel(carousel) => {
                let field = |index| format!("content.carousel.cards[{index}].media.id");
                let cards = carousel.cards.iter().enumerate();
                cards.map(|(index, card)| (field(index), card.media.id.as_urn())).collect()
            }
            Self::Poll(_) | Self::Reference(_) | Self::Other(_) => Vec::new(),
        }
    }

    /// The one shape that is there, if this version knows it.
    fn read(value: &Value) -> Option<Self> {
        let mut shapes = value.as_object()?.iter().filter(|(_, shape)| !shape.is_null());
        let (name, shape) = shapes.next()?;
        if shapes.next().is_some() {
            return None;
        }
        Some(match name.as_str() {
            "media" => media::read(shape)?,
            "multiImage" => Self::MultiImage(MultiImage::deserialize(shape).ok()?),
            "article" => Self::Article(Article::deserialize(shape).ok()?),
            "poll" => Self::Poll(Poll::deserialize(shape).ok()?),
            "carousel" => Self::Carousel(Carousel::deserialize(shape).ok()?),
            "reference" => Self::Reference(Reference::deserialize(shape).ok()?),
            _ => return None,
        })
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn one<S: Serializer>(serializer: S, name: &str, shape: &impl Serialize) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry(name, shape)?;
            map.end()
        }
        match self {
            Self::Image(image) => one(serializer, "media", image),
            Self::Video(video) => one(serializer, "media", video),
            Self::Document(document) => one(serializer, "media", document),
            Self::MultiImage(images) => one(serializer, "multiImage", images),
            Self::Article(article) => one(serializer, "article", article),
            Self::Poll(poll) => one(serializer, "poll", poll),
            Self::Carousel(carousel) => one(serializer, "carousel", carousel),
            Self::Reference(reference) => one(serializer, "reference", reference),
            Self::Other(value) => value.serialize(serializer),
        }
    }
}

/// Never fails on JSON: what is not known is kept as [`Content::Other`].
impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(Self::read(&value).unwrap_or(Self::Other(value)))
    }
}

/// A link with its preview. LinkedIn does not read the page: the preview is exactly what is sent (LinkedIn: Posts API,
/// article posts).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Article {
    /// The address of the page.
    pub source: String,
    /// The title, 1 to 399 UTF-16 units.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The description, at most 4085 UTF-16 units.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// An uploaded image.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<ImageUrn>,
    /// The image in words, at most 4086 UTF-16 units.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub thumbnail_alt_text: Option<String>,
}

impl Article {
    /// The absolute http or https address of the page, and the title of its preview.
    pub fn new(source: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            title: Some(title.into()),
            description: None,
            thumbnail: None,
            thumbnail_alt_text: None,
        }
    }

    /// The description of the preview. Plain text.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The image of the preview, uploaded for the author of the post.
    pub fn thumbnail(mut self, thumbnail: ImageUrn) -> Self {
        self.thumbnail = Some(thumbnail);
        self
    }

    /// The image of the preview in words.
    pub fn thumbnail_alt_text(mut self, text: impl Into<String>) -> Self {
        self.thumbnail_alt_text = Some(text.into());
        self
    }
}

/// Something else on LinkedIn.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What it is: `urn:li:event:…`, `urn:li:job:…`.
    pub id: Urn,
}

impl Reference {
    /// An event, a job or whatever else LinkedIn takes here.
    pub fn new(id: impl Into<Urn>) -> Self {
        Self { id: id.into() }
    }
}

#[cfg(test)]
mod tests;
