//! Content for ads only (LinkedIn: Carousel API).

use serde::{Deserialize, Serialize};

use crate::lenient;
use crate::urn::ImageUrn;

/// Cards side by side, each with its own landing page. Sponsored only: the post needs an
/// [`AdContext`](crate::posts::AdContext). The organic look-alike is a PDF document.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carousel {
    /// 2 to 10 cards, in order.
    pub cards: Vec<CarouselCard>,
}

impl Carousel {
    /// 2 to 10 cards, in order.
    pub fn new(cards: impl IntoIterator<Item = CarouselCard>) -> Self {
        Self { cards: cards.into_iter().collect() }
    }
}

/// One card.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CarouselCard {
    /// Where a click leads: an absolute https address.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub landing_page: Option<String>,
    /// What it shows.
    pub media: CardMedia,
}

/// What a card shows.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardMedia {
    /// The uploaded image.
    pub id: ImageUrn,
    /// The headline below it.
    #[serde(default, deserialize_with = "lenient::or_none", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl CarouselCard {
    /// An image, and where a click on it leads.
    pub fn new(image: ImageUrn, landing_page: impl Into<String>) -> Self {
        Self { landing_page: Some(landing_page.into()), media: CardMedia { id: image, title: None } }
    }

    /// The headline below the image. Plain text.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.media.title = Some(title.into());
        self
    }
}
