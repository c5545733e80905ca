//! A template with its parameters (WhatsApp Cloud API: Template Messages).

mod against;
mod button;
mod check;
mod write;

use sociogram_api_core::Timestamp;

pub use button::TemplateButton;

use super::interactive::ProductSection;
use super::media_source::MediaSource;
use super::message::{Document, Location};

/// A template to send. Fill every parameter of the template, no more and no fewer:
/// [`check_against`](Self::check_against) compares it with the template as Meta has it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateMessage {
    /// The template's name.
    pub name: String,
    /// The template's language, such as `en_US`.
    pub language: String,
    /// What goes into the header, if it has a parameter.
    pub header: Option<TemplateHeader>,
    /// What goes into the body, in order.
    pub body: Vec<TextParameter>,
    /// What goes into buttons, by their place from 0 on.
    pub buttons: Vec<(u8, TemplateButton)>,
    /// When the offer ends, for a limited-time offer.
    pub offer_ends: Option<Timestamp>,
    /// The cards, for a carousel.
    pub cards: Vec<TemplateCard>,
    /// Title and address behind the picture.
    pub tap_target: Option<(String, String)>,
}

/// What goes into a header. Media are given by the id of an upload or by a public link, **never by the example
/// of the template**: WhatsApp takes such a message and then cannot deliver it.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum TemplateHeader {
    /// Text.
    Text(TextParameter),
    /// An image.
    Image(MediaSource),
    /// A video.
    Video(MediaSource),
    /// A moving image, as MP4 up to 3.5 MB.
    Gif(MediaSource),
    /// A file; its caption is not sent.
    Document(Document),
    /// A place.
    Location(Location),
    /// A product of a catalog.
    Product {
        /// The product's id in the catalog.
        product_retailer_id: String,
        /// The catalog.
        catalog_id: String,
    },
}

/// What goes into a place of a text.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextParameter {
    /// The name, for a template with named parameters.
    pub name: Option<String>,
    /// The value.
    pub value: ParameterValue,
}

/// The value of a [`TextParameter`].
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterValue {
    /// Text.
    Text(String),
    /// An amount of money.
    Currency {
        /// What is shown where the amount cannot be.
        fallback_value: String,
        /// The currency, such as `USD`.
        code: String,
        /// The amount times 1000.
        amount_1000: i64,
    },
    /// A time, as text.
    DateTime {
        /// The text.
        fallback_value: String,
    },
}

impl TextParameter {
    /// Text for the next place.
    pub fn new(text: impl Into<String>) -> Self {
        Self { name: None, value: ParameterValue::Text(text.into()) }
    }

    /// Text for the place of this name.
    pub fn named(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: Some(name.into()), value: ParameterValue::Text(text.into()) }
    }
}

impl<T: Into<String>> From<T> for TextParameter {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl From<ParameterValue> for TextParameter {
    fn from(value: ParameterValue) -> Self {
        Self { name: None, value }
    }
}

/// What goes into a card of a carousel.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateCard {
    /// The picture, video or product.
    pub header: TemplateHeader,
    /// What goes into the body, in order.
    pub body: Vec<TextParameter>,
    /// What goes into buttons, by their place from 0 on.
    pub buttons: Vec<(u8, TemplateButton)>,
}

impl TemplateCard {
    /// A card with this header.
    pub const fn new(header: TemplateHeader) -> Self {
        Self { header, body: Vec::new(), buttons: Vec::new() }
    }

    /// Fills the next place of the body.
    pub fn body(mut self, parameter: impl Into<TextParameter>) -> Self {
        self.body.push(parameter.into());
        self
    }

    /// Fills the button at this place, from 0 on.
    pub fn button(mut self, index: u8, button: TemplateButton) -> Self {
        self.buttons.push((index, button));
        self
    }
}

impl TemplateMessage {
    /// A template without parameters.
    pub fn new(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            language: language.into(),
            header: None,
            body: Vec::new(),
            buttons: Vec::new(),
            offer_ends: None,
            cards: Vec::new(),
            tap_target: None,
        }
    }

    /// A one-time password, at most 15 characters: it stands in the body **and** in the button, as Meta wants
    /// it. Such a message needs a phone number; a business-scoped user id does not get it (131062).
    pub fn one_time_password(
        name: impl Into<String>,
        language: impl Into<String>,
        code: impl Into<String>,
    ) -> Self {
        let code = code.into();
        Self::new(name, language).body(code.clone()).button(0, TemplateButton::Url(code))
    }

    /// Fills the header.
    pub fn header(mut self, header: TemplateHeader) -> Self {
        self.header = Some(header);
        self
    }

    /// Fills the next place of the body, or the one of a name ([`TextParameter::named`]).
    pub fn body(mut self, parameter: impl Into<TextParameter>) -> Self {
        self.body.push(parameter.into());
        self
    }

    /// Fills the button at this place, from 0 on. Buttons without parameters are counted and left out.
    pub fn button(mut self, index: u8, button: TemplateButton) -> Self {
        self.buttons.push((index, button));
        self
    }

    /// When the offer ends. Sent in milliseconds.
    pub const fn offer_ends(mut self, time: Timestamp) -> Self {
        self.offer_ends = Some(time);
        self
    }

    /// Adds a card to the carousel.
    pub fn card(mut self, card: TemplateCard) -> Self {
        self.cards.push(card);
        self
    }

    /// Title and address behind the picture.
    pub fn tap_target(mut self, title: impl Into<String>, url: impl Into<String>) -> Self {
        self.tap_target = Some((title.into(), url.into()));
        self
    }

    /// The sections of a multi-product button, for the checks.
    fn product_sections(&self) -> impl Iterator<Item = &[ProductSection]> {
        self.buttons.iter().filter_map(|(_, button)| match button {
            TemplateButton::Products { sections, .. } => Some(sections.as_slice()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
