//! Messages that a person answers with a tap (WhatsApp Cloud API: Interactive Messages).

mod action;
mod carousel;
mod check;
mod flow;
mod order;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

pub use action::{
    AddressRequest, InteractiveAction, List, ListRow, ListSection, ProductSection, ReplyButton, SavedAddress,
    VoiceCall,
};
pub use carousel::{CardAction, CardHeader, CarouselCard};
pub use flow::{FlowAction, FlowMode, FlowStart, FlowTarget};
pub use order::{Amount, Order, OrderDetails, OrderItem, OrderStatus, OrderUpdate};

use super::media_source::MediaSource;
use super::message::Document;

/// A message with something to tap.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct Interactive {
    /// What stands above the text. Lists and product lists take text only, and some kinds take none.
    pub header: Option<InteractiveHeader>,
    /// The text: 1 to 1,024 characters, with a list 4,096.
    pub body: Option<String>,
    /// What stands below the text, at most 60 characters.
    pub footer: Option<String>,
    /// What can be tapped.
    pub action: InteractiveAction,
}

/// What stands above the text.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InteractiveHeader {
    /// Text, at most 60 characters.
    Text {
        /// The text.
        text: String,
    },
    /// An image.
    Image {
        /// Where it is.
        image: MediaSource,
    },
    /// A video.
    Video {
        /// Where it is.
        video: MediaSource,
    },
    /// A file.
    Document {
        /// Where it is, and its name.
        document: Document,
    },
    /// A moving image, as MP4.
    Gif {
        /// Where it is.
        gif: MediaSource,
    },
}

impl InteractiveHeader {
    /// Text, at most 60 characters.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// An image.
    pub fn image(image: impl Into<MediaSource>) -> Self {
        Self::Image { image: image.into() }
    }

    /// A video.
    pub fn video(video: impl Into<MediaSource>) -> Self {
        Self::Video { video: video.into() }
    }
}

impl Interactive {
    /// Whatever can be tapped, with a text.
    pub fn new(body: impl Into<String>, action: InteractiveAction) -> Self {
        Self { header: None, body: Some(body.into()), footer: None, action }
    }

    /// Whatever can be tapped, without a text. A product and a request to call need none.
    pub const fn without_body(action: InteractiveAction) -> Self {
        Self { header: None, body: None, footer: None, action }
    }

    /// Up to 3 buttons to reply with.
    pub fn buttons(body: impl Into<String>, buttons: impl IntoIterator<Item = ReplyButton>) -> Self {
        Self::new(body, InteractiveAction::Buttons(buttons.into_iter().collect()))
    }

    /// A list of up to 10 rows.
    pub fn list(body: impl Into<String>, list: List) -> Self {
        Self::new(body, InteractiveAction::List(list))
    }

    /// A button that opens a web address. Its text has at most 20 characters.
    pub fn link(body: impl Into<String>, text: impl Into<String>, url: impl Into<String>) -> Self {
        Self::new(body, InteractiveAction::CtaUrl { display_text: text.into(), url: url.into() })
    }

    /// A button that opens a flow.
    pub fn flow(body: impl Into<String>, flow: FlowAction) -> Self {
        Self::new(body, InteractiveAction::Flow(flow))
    }

    /// What stands above the text.
    pub fn header(mut self, header: InteractiveHeader) -> Self {
        self.header = Some(header);
        self
    }

    /// What stands below the text, at most 60 characters.
    pub fn footer(mut self, footer: impl Into<String>) -> Self {
        self.footer = Some(footer.into());
        self
    }
}

#[derive(Serialize)]
struct Line<'t> {
    text: &'t str,
}

impl Serialize for Interactive {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.action.kind())?;
        if let Some(header) = &self.header {
            map.serialize_entry("header", header)?;
        }
        if let Some(text) = &self.body {
            map.serialize_entry("body", &Line { text })?;
        }
        if let Some(text) = &self.footer {
            map.serialize_entry("footer", &Line { text })?;
        }
        map.serialize_entry("action", &self.action)?;
        map.end()
    }
}

#[cfg(test)]
mod tests;
