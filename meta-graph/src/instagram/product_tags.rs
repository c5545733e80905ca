//! Products tagged on published media (Instagram Platform: IG Media Product Tags). Facebook Login only.

use serde::{Deserialize, Serialize};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use crate::acknowledged;
use crate::endpoint::{endpoint, list_endpoint};
use crate::id::{MediaId, ObjectId};
use crate::lenient;

/// The most products that one published reel may carry; other posts carry 20. Containers take fewer.
const MOST: usize = 30;

/// A product on an image or a video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductTag {
    pub(super) product_id: ObjectId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) x: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) y: Option<f64>,
}

impl ProductTag {
    /// On a video, which takes no place.
    pub fn new(product_id: impl Into<ObjectId>) -> Self {
        Self { product_id: product_id.into(), x: None, y: None }
    }

    /// On an image, at this part of its width from the left and of its height from the top, both 0 to 1.
    pub fn at(product_id: impl Into<ObjectId>, x: f64, y: f64) -> Self {
        Self { product_id: product_id.into(), x: Some(x), y: Some(y) }
    }
}

open_enum! {
    /// Whether a product may be tagged.
    pub enum ReviewStatus {
        /// It may.
        Approved = "approved",
        /// It is not looked at yet.
        NoReview = "no_review",
        /// It is being looked at.
        Pending = "pending",
        /// It may not.
        Rejected = "rejected",
        /// Its shop is not looked at yet.
        Outdated = "outdated",
    }
}

/// A product tagged on a published medium.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TaggedProduct {
    /// The product.
    pub product_id: ObjectId,
    /// Its shop.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub merchant_id: Option<ObjectId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// Its price, as it is shown.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub price_string: Option<String>,
    /// The price for now, as it is shown.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub current_price: Option<String>,
    /// The price before, as it is shown.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub stripped_price: Option<String>,
    /// The address of its picture.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub image_url: Option<String>,
    /// Whether it may be tagged.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub review_status: Option<ReviewStatus>,
    /// Whether it is sold on Instagram.
    #[serde(default, deserialize_with = "lenient::yes_or_no")]
    pub is_checkout: Option<bool>,
    /// Its place from the left, 0 to 1.
    #[serde(default, deserialize_with = "lenient::number")]
    pub x: Option<f64>,
    /// Its place from the top, 0 to 1.
    #[serde(default, deserialize_with = "lenient::number")]
    pub y: Option<f64>,
}

list_endpoint! {
    /// Lists the products tagged on a medium: `GET /{media_id}/product_tags`. Facebook Login only.
    ///
    /// Needs `catalog_management`, `instagram_basic` and `instagram_shopping_tag_products`.
    pub struct ListProductTags -> TaggedProduct;
    "instagram.product_tags.list": "/{media_id}/product_tags", [scope::CATALOG_MANAGEMENT, scope::INSTAGRAM_BASIC, scope::INSTAGRAM_SHOPPING_TAG_PRODUCTS], limit 100;
    new { media_id: MediaId }
}

endpoint! {
    /// Tags more products on a medium, or moves those that are tagged: `POST /{media_id}/product_tags`. Facebook Login
    /// only. A reel carries up to 30 products, another post 20, each once; not for stories and creators' accounts.
    ///
    /// Needs `catalog_management`, `instagram_basic` and `instagram_shopping_tag_products`.
    pub struct UpdateProductTags -> ();
    "instagram.product_tags.update": POST "/{media_id}/product_tags", Safe, [scope::CATALOG_MANAGEMENT, scope::INSTAGRAM_BASIC, scope::INSTAGRAM_SHOPPING_TAG_PRODUCTS];
    new { media_id: MediaId, updated_tags: Vec<ProductTag> }
    checked by check;
    decode acknowledged::read;
}

impl UpdateProductTags {
    /// What is wrong with it. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.updated_tags.is_empty() || self.updated_tags.len() > MOST {
            findings.push(
                Finding::error(
                    "instagram.media.product_tags.count",
                    "updated_tags",
                    "a medium cannot carry that many products",
                )
                .measured(self.updated_tags.len())
                .allowed(format_args!("1 to {MOST}, on posts 20")),
            );
        }
        for (index, tag) in self.updated_tags.iter().enumerate() {
            let earlier = self.updated_tags.iter().take(index);
            if earlier.into_iter().any(|other| other.product_id == tag.product_id) {
                let field = format!("updated_tags[{index}]");
                findings.push(
                    Finding::error("instagram.product_tags.twice", field, "this product is tagged already")
                        .measured(tag.product_id.as_str())
                        .advice("name each product once"),
                );
            }
            let inside = |part: f64| (0.0..=1.0).contains(&part);
            if ![tag.x, tag.y].into_iter().flatten().all(inside) || tag.x.is_some() != tag.y.is_some() {
                findings.push(
                    Finding::error(
                        "instagram.product_tags.place",
                        format!("updated_tags[{index}]"),
                        "the place is outside of the image",
                    )
                    .allowed("0 to 1 for x and y")
                    .advice("give both as parts of width and height, or none on a video"),
                );
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{exchange, line};

    #[tokio::test]
    async fn tags_travel_as_json_in_a_form() {
        let tags = vec![ProductTag::at(3_859_448_974_125_379, 0.5, 0.8), ProductTag::new(4)];
        let (done, request) = exchange(UpdateProductTags::new(7, tags), r#"{"success":true}"#).await;
        done.unwrap();
        assert_eq!(line(&request), "POST /v26.0/7/product_tags");
        let sent: Vec<(String, String)> = url::form_urlencoded::parse(&request.body).into_owned().collect();
        let expected = r#"[{"product_id":"3859448974125379","x":0.5,"y":0.8},{"product_id":"4"}]"#;
        assert_eq!(sent, [("updated_tags".to_owned(), expected.to_owned())]);
    }

    #[test]
    fn places_and_counts_are_checked() {
        let rules = |tags: Vec<ProductTag>| -> Vec<&'static str> {
            UpdateProductTags::new(7, tags).check().iter().map(Finding::rule).collect()
        };
        assert_eq!(rules(vec![]), ["instagram.media.product_tags.count"]);
        let many = |count: u64| (1..=count).map(ProductTag::new).collect();
        assert_eq!(rules(many(31)), ["instagram.media.product_tags.count"]);
        assert_eq!(rules(many(30)), [""; 0]);
        assert_eq!(rules(vec![ProductTag::new(1); 2]), ["instagram.product_tags.twice"]);
        for (x, y) in [(1.1, 0.5), (0.5, -0.1), (f64::NAN, 0.5)] {
            assert_eq!(rules(vec![ProductTag::at(1, x, y)]), ["instagram.product_tags.place"], "{x} {y}");
        }
        assert_eq!(rules(vec![ProductTag::at(1, 0.0, 1.0)]), [""; 0]);
    }
}
