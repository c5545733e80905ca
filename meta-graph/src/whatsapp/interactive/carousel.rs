//! Cards side by side.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::action::{ReplyButton, Tagged};
use crate::whatsapp::media_source::MediaSource;

/// A card (WhatsApp Cloud API: Interactive Carousel Messages). All cards of a message have the same kind of
/// action.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarouselCard {
    /// The picture or video; a product has its own.
    pub header: Option<CardHeader>,
    /// The text, at most 160 characters.
    pub body: Option<String>,
    /// What can be tapped.
    pub action: CardAction,
}

/// What is shown on a card.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CardHeader {
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
}

/// What can be tapped on a card.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardAction {
    /// A button that opens a web address.
    CtaUrl {
        /// Its text, 1 to 20 characters.
        display_text: String,
        /// The address.
        url: String,
    },
    /// Buttons to reply with, 1 to 3.
    Buttons(Vec<ReplyButton>),
    /// A product of a catalog.
    Product {
        /// The catalog.
        catalog_id: String,
        /// The product's id in the catalog.
        product_retailer_id: String,
    },
}

impl CarouselCard {
    /// A card with this picture or video.
    pub const fn new(header: CardHeader, action: CardAction) -> Self {
        Self { header: Some(header), body: None, action }
    }

    /// A card of a product.
    pub fn product(catalog_id: impl Into<String>, product_retailer_id: impl Into<String>) -> Self {
        let (catalog_id, product_retailer_id) = (catalog_id.into(), product_retailer_id.into());
        Self { header: None, body: None, action: CardAction::Product { catalog_id, product_retailer_id } }
    }

    /// The text, at most 160 characters.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }
}

#[derive(Serialize)]
pub(super) struct Numbered<'c> {
    card_index: usize,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'c CardHeader>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<super::Line<'c>>,
    action: &'c CardAction,
}

/// The cards with their numbers. Meta wants `cta_url` as the kind of cards with reply buttons as well.
pub(super) fn numbered(cards: &[CarouselCard]) -> Vec<Numbered<'_>> {
    let numbered = cards.iter().enumerate().map(|(card_index, card)| Numbered {
        card_index,
        kind: if matches!(card.action, CardAction::Product { .. }) { "product" } else { "cta_url" },
        header: card.header.as_ref(),
        body: card.body.as_deref().map(|text| super::Line { text }),
        action: &card.action,
    });
    numbered.collect()
}

impl Serialize for CardAction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Link<'v> {
            display_text: &'v str,
            url: &'v str,
        }
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::CtaUrl { display_text, url } => {
                map.serialize_entry("name", "cta_url")?;
                map.serialize_entry("parameters", &Link { display_text, url })?;
            }
            Self::Buttons(buttons) => map.serialize_entry("buttons", &Tagged::all("quick_reply", buttons))?,
            Self::Product { catalog_id, product_retailer_id } => {
                map.serialize_entry("product_retailer_id", product_retailer_id)?;
                map.serialize_entry("catalog_id", catalog_id)?;
            }
        }
        map.end()
    }
}
