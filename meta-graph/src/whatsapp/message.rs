//! What a message holds.

use serde::Serialize;
use sociogram_api_core::Finding;

use super::contact_card::{self, ContactCard};
use super::ids::WhatsAppMessageId;
use super::interactive::Interactive;
use super::measure;
use super::media_source::MediaSource;
use super::template_message::TemplateMessage;
use crate::guard::rules;

/// The content of a message (WhatsApp Cloud API: Messages). All kinds but templates need an open
/// [window](super::check_window).
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// Text.
    Text(Text),
    /// An image, JPEG or PNG up to 5 MB.
    Image(Media),
    /// A video, MP4 or 3GP up to 16 MB.
    Video(Media),
    /// Sound, up to 16 MB.
    Audio(Audio),
    /// A file, up to 100 MB.
    Document(Document),
    /// A sticker, WebP of 512×512 pixels.
    Sticker(Sticker),
    /// A place.
    Location(Location),
    /// Contacts, at most 257.
    Contacts(Vec<ContactCard>),
    /// A reaction to a message.
    Reaction(Reaction),
    /// Buttons, lists, flows, products, orders.
    Interactive(Box<Interactive>),
    /// An approved template; the only kind outside the window.
    Template(Box<TemplateMessage>),
    /// Pins a message in a group, or unpins it.
    Pin(Pin),
}

impl Message {
    /// Text, 1 to 4,096 characters.
    pub fn text(body: impl Into<String>) -> Self {
        Self::Text(Text::new(body))
    }

    /// The kind, as Meta calls it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Image(_) => "image",
            Self::Video(_) => "video",
            Self::Audio(_) => "audio",
            Self::Document(_) => "document",
            Self::Sticker(_) => "sticker",
            Self::Location(_) => "location",
            Self::Contacts(_) => "contacts",
            Self::Reaction(_) => "reaction",
            Self::Interactive(_) => "interactive",
            Self::Template(_) => "template",
            Self::Pin(_) => "pin",
        }
    }

    /// Whether it may be sent although the person has not written within 24 hours.
    pub const fn opens_conversation(&self) -> bool {
        matches!(self, Self::Template(_))
    }

    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        match self {
            Self::Text(text) => measure::filled(&rules::W1, "text.body", &text.body, rules::W1_MAX_CHARS)
                .into_iter()
                .collect(),
            Self::Image(media) => media.check(["image", "image.caption"]),
            Self::Video(media) => media.check(["video", "video.caption"]),
            Self::Audio(audio) => audio.source.check("audio").into_iter().collect(),
            Self::Document(document) => document.check(),
            Self::Sticker(sticker) => sticker.source.check("sticker").into_iter().collect(),
            Self::Location(location) => location.check("location").into_iter().collect(),
            Self::Contacts(cards) => contact_card::check(cards),
            Self::Reaction(_) => Vec::new(),
            Self::Interactive(interactive) => interactive.check(),
            Self::Template(template) => template.check(),
            Self::Pin(pin) => pin.check(),
        }
    }
}

/// Text.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// The text, 1 to 4,096 characters.
    pub body: String,
    /// Whether the first link in it is shown with a preview.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview_url: Option<bool>,
}

impl Text {
    /// Without a preview of links.
    pub fn new(body: impl Into<String>) -> Self {
        Self { body: body.into(), preview_url: None }
    }

    /// Whether the first link in it is shown with a preview.
    pub const fn preview_url(mut self, preview: bool) -> Self {
        self.preview_url = Some(preview);
        self
    }
}

/// An image or a video.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Media {
    /// Where it is.
    #[serde(flatten)]
    pub source: MediaSource,
    /// The text under it, at most 1,024 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

impl Media {
    /// Without a caption.
    pub fn new(source: impl Into<MediaSource>) -> Self {
        Self { source: source.into(), caption: None }
    }

    /// The text under it, at most 1,024 characters.
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    fn check(&self, [field, caption]: [&'static str; 2]) -> Vec<Finding> {
        self.source.check(field).into_iter().chain(too_long(caption, self.caption.as_deref())).collect()
    }
}

fn too_long(field: &'static str, caption: Option<&str>) -> Option<Finding> {
    measure::at_most(&rules::W2, field, caption?, rules::W2_MAX_CHARS)
}

/// Sound. It has no caption.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Audio {
    /// Where it is.
    #[serde(flatten)]
    pub source: MediaSource,
    /// Whether it is a voice message: Ogg with Opus. Above 512 KB it has a play icon only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<bool>,
}

impl Audio {
    /// A sound file.
    pub fn new(source: impl Into<MediaSource>) -> Self {
        Self { source: source.into(), voice: None }
    }

    /// A voice message: Ogg with Opus.
    pub fn voice(source: impl Into<MediaSource>) -> Self {
        Self { source: source.into(), voice: Some(true) }
    }
}

/// A file.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Where it is.
    #[serde(flatten)]
    pub source: MediaSource,
    /// The text under it, at most 1,024 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The name it is saved under, with its extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
}

impl Document {
    /// Without caption and name.
    pub fn new(source: impl Into<MediaSource>) -> Self {
        Self { source: source.into(), caption: None, filename: None }
    }

    /// The text under it, at most 1,024 characters.
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// The name it is saved under, with its extension: without one the app cannot tell what it is.
    pub fn filename(mut self, name: impl Into<String>) -> Self {
        self.filename = Some(name.into());
        self
    }

    fn check(&self) -> Vec<Finding> {
        let caption = too_long("document.caption", self.caption.as_deref());
        self.source.check("document").into_iter().chain(caption).collect()
    }
}

/// A sticker. It has no caption.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sticker {
    /// Where it is.
    #[serde(flatten)]
    pub source: MediaSource,
}

impl Sticker {
    /// A sticker.
    pub fn new(source: impl Into<MediaSource>) -> Self {
        Self { source: source.into() }
    }
}

/// A place.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Location {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Location {
    /// From degrees north and east.
    pub const fn new(latitude: f64, longitude: f64) -> Self {
        Self { latitude, longitude, name: None, address: None }
    }

    /// What it is called.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Its address.
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    pub(super) fn check(&self, field: &'static str) -> Option<Finding> {
        let within = (-90.0..=90.0).contains(&self.latitude) && (-180.0..=180.0).contains(&self.longitude);
        (!within).then(|| {
            Finding::error("whatsapp.location", field, "there is no such place")
                .allowed("latitude -90 to 90, longitude -180 to 180")
                .advice("check which of the two numbers is which")
        })
    }
}

/// A reaction to a message of the last 30 days.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reaction {
    /// The message.
    pub message_id: WhatsAppMessageId,
    /// The emoji; empty text takes the reaction away.
    pub emoji: String,
}

impl Reaction {
    /// Reacts with this emoji, in place of an earlier one.
    pub fn new(message_id: WhatsAppMessageId, emoji: impl Into<String>) -> Self {
        Self { message_id, emoji: emoji.into() }
    }

    /// Takes the reaction away.
    pub const fn remove(message_id: WhatsAppMessageId) -> Self {
        Self { message_id, emoji: String::new() }
    }
}

/// Pins a message in a group, or unpins it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Pin {
    /// Pins it.
    Pin {
        /// The message.
        message_id: WhatsAppMessageId,
        /// For how many days, 1 to 30.
        expiration_days: u8,
    },
    /// Unpins it.
    Unpin {
        /// The message.
        message_id: WhatsAppMessageId,
    },
}

impl Pin {
    fn check(&self) -> Vec<Finding> {
        let days = match self {
            Self::Pin { expiration_days, .. } if !(1..=30).contains(expiration_days) => *expiration_days,
            _ => return Vec::new(),
        };
        vec![
            Finding::warning(
                "whatsapp.pin.days",
                "pin.expiration_days",
                "a message is pinned for 1 to 30 days",
            )
            .measured(days)
            .allowed("1 to 30 days"),
        ]
    }
}

macro_rules! contents {
    ($($kind:ident: $content:ty),*) => {$(
        impl From<$content> for Message {
            fn from(content: $content) -> Self {
                Self::$kind(content)
            }
        }
    )*};
}

contents! {
    Text: Text, Audio: Audio, Document: Document, Sticker: Sticker, Location: Location,
    Contacts: Vec<ContactCard>, Reaction: Reaction, Pin: Pin
}

impl From<Interactive> for Message {
    fn from(content: Interactive) -> Self {
        Self::Interactive(Box::new(content))
    }
}

impl From<TemplateMessage> for Message {
    fn from(content: TemplateMessage) -> Self {
        Self::Template(Box::new(content))
    }
}

#[cfg(test)]
mod tests;
