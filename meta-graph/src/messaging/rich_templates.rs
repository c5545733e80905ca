//! Templates for media, products, coupons and opt-ins.

use serde::Serialize;
use sociogram_api_core::Finding;

use super::button::{self, Button};
use super::rules_applied::Checks;
use crate::guard::rules;
use crate::id::ObjectId;

/// An image or video with buttons (Messenger Platform: Media Template). Messenger only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MediaTemplate {
    elements: [MediaElement; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    sharable: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct MediaElement {
    media_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment_id: Option<ObjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buttons: Vec<Button>,
}

impl MediaTemplate {
    const fn of(media_type: &'static str, attachment_id: Option<ObjectId>, url: Option<String>) -> Self {
        Self {
            elements: [MediaElement { media_type, attachment_id, url, buttons: Vec::new() }],
            sharable: None,
        }
    }

    /// An image that was uploaded before.
    pub const fn image(attachment: ObjectId) -> Self {
        Self::of("image", Some(attachment), None)
    }

    /// A video that was uploaded before.
    pub const fn video(attachment: ObjectId) -> Self {
        Self::of("video", Some(attachment), None)
    }

    /// An image of Facebook, by its address there.
    pub fn facebook_image(url: impl Into<String>) -> Self {
        Self::of("image", None, Some(url.into()))
    }

    /// A video of Facebook, by its address there.
    pub fn facebook_video(url: impl Into<String>) -> Self {
        Self::of("video", None, Some(url.into()))
    }

    /// Up to 3 buttons.
    pub fn buttons(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        let [element] = &mut self.elements;
        element.buttons.extend(buttons);
        self
    }

    /// Whether the person may pass it on.
    pub fn sharable(mut self, sharable: bool) -> Self {
        self.sharable = Some(sharable);
        self
    }

    pub(super) fn check(&self, checks: &mut Checks, field: &str) {
        let [element] = &self.elements;
        let field = format!("{field}.elements[0]");
        let buttons_field = format!("{field}.buttons");
        checks.count(rules::M4_BUTTONS, &buttons_field, element.buttons.len(), 0, rules::M4_MAX_BUTTONS);
        button::check_all(&element.buttons, checks, &field);
    }
}

/// Products of the Page's catalog (Messenger Platform: Product Template). On Messenger and Instagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProductTemplate {
    elements: Vec<Product>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Product {
    id: ObjectId,
}

impl ProductTemplate {
    /// With 1 to 10 products, by their ids in the catalog.
    pub fn new(products: impl IntoIterator<Item = ObjectId>) -> Self {
        Self { elements: products.into_iter().map(|id| Product { id }).collect() }
    }

    pub(super) fn check(&self, checks: &mut Checks, field: &str) {
        checks.count(rules::M4, &format!("{field}.elements"), self.elements.len(), 1, rules::M4_MAX_ELEMENTS);
    }
}

/// A coupon (Messenger Platform: Coupon Template). Messenger only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CouponTemplate {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_url_button_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coupon_pre_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
}

impl CouponTemplate {
    fn of(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            subtitle: None,
            coupon_code: None,
            coupon_url: None,
            coupon_url_button_title: None,
            coupon_pre_message: None,
            image_url: None,
            payload: None,
        }
    }

    /// With a code that the person reveals.
    pub fn code(title: impl Into<String>, code: impl Into<String>) -> Self {
        Self { coupon_code: Some(code.into()), ..Self::of(title) }
    }

    /// With a page that has the coupon.
    pub fn link(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self { coupon_url: Some(url.into()), ..Self::of(title) }
    }

    /// The line under the title, such as the terms.
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Self {
        self.subtitle = Some(subtitle.into());
        self
    }

    /// A button to the shop, beside the code.
    pub fn shop(mut self, title: impl Into<String>, url: impl Into<String>) -> Self {
        self.coupon_url_button_title = Some(title.into());
        self.coupon_url = Some(url.into());
        self
    }

    /// A text that comes before the coupon.
    pub fn before(mut self, text: impl Into<String>) -> Self {
        self.coupon_pre_message = Some(text.into());
        self
    }

    /// An image that Meta can fetch.
    pub fn image(mut self, url: impl Into<String>) -> Self {
        self.image_url = Some(url.into());
        self
    }

    /// What the webhook gets when the code is revealed.
    pub fn payload(mut self, payload: impl Into<String>) -> Self {
        self.payload = Some(payload.into());
        self
    }

    pub(super) fn check(&self, checks: &mut Checks, field: &str) {
        if self.title.trim().is_empty() {
            checks.add(
                Finding::error("messenger.coupon.title", format!("{field}.title"), "the coupon has no title")
                    .advice("say what the coupon gives"),
            );
        }
    }
}

/// Asks a person to opt in to marketing messages (Messenger Platform: Marketing Messages). The token comes with the
/// webhook `messaging_optins`. It may be sent only within the window of 24 hours. Messenger only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptInRequest {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_messages_timezone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_messages_cta_text: Option<String>,
}

impl OptInRequest {
    /// With the title that is shown.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            image_url: None,
            payload: None,
            notification_messages_timezone: None,
            notification_messages_cta_text: None,
        }
    }

    /// An image that Meta can fetch.
    pub fn image(mut self, url: impl Into<String>) -> Self {
        self.image_url = Some(url.into());
        self
    }

    /// What the webhook gets with the token.
    pub fn payload(mut self, payload: impl Into<String>) -> Self {
        self.payload = Some(payload.into());
        self
    }

    /// The person's time zone, such as `America/New_York`.
    pub fn time_zone(mut self, zone: impl Into<String>) -> Self {
        self.notification_messages_timezone = Some(zone.into());
        self
    }

    /// The text of the button, one of Meta's, such as `GET_UPDATES`.
    pub fn button(mut self, text: impl Into<String>) -> Self {
        self.notification_messages_cta_text = Some(text.into());
        self
    }
}
