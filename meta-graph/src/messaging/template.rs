//! All templates of a message.

use serde::Serialize;

use super::Platform;
use super::generic_template::{ButtonTemplate, GenericTemplate};
use super::receipt::ReceiptTemplate;
use super::rich_templates::{CouponTemplate, MediaTemplate, OptInRequest, ProductTemplate};
use super::rules_applied::Checks;

/// A structured message (Messenger Platform: Message Templates). Instagram has the generic, button and product template.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "template_type", rename_all = "snake_case")]
pub enum Template {
    /// Elements side by side.
    Generic(GenericTemplate),
    /// A text with buttons.
    Button(ButtonTemplate),
    /// An image or video with buttons.
    Media(MediaTemplate),
    /// A receipt.
    Receipt(Box<ReceiptTemplate>),
    /// A coupon.
    Coupon(CouponTemplate),
    /// Products of a catalog.
    Product(ProductTemplate),
    /// Asks to opt in to marketing messages.
    NotificationMessages(OptInRequest),
}

impl Template {
    pub(super) fn check(&self, checks: &mut Checks, field: &str) {
        match self {
            Self::Generic(template) => template.check(checks, field),
            Self::Button(template) => template.check(checks, field),
            Self::Product(template) => template.check(checks, field),
            Self::Media(template) => template.check(checks, field),
            Self::Receipt(template) => template.check(checks, field),
            Self::Coupon(template) => template.check(checks, field),
            Self::NotificationMessages(_) => {}
        }
        if !matches!(self, Self::Generic(_) | Self::Button(_) | Self::Product(_)) {
            checks.only_on(&Platform::Messenger, field, "Instagram does not have this template");
        }
    }
}

macro_rules! templates {
    ($($variant:ident($name:ident))*) => {$(
        impl From<$name> for Template {
            fn from(template: $name) -> Self {
                Self::$variant(template)
            }
        }
    )*};
}

templates! {
    Generic(GenericTemplate)
    Button(ButtonTemplate)
    Media(MediaTemplate)
    Coupon(CouponTemplate)
    Product(ProductTemplate)
    NotificationMessages(OptInRequest)
}

impl From<ReceiptTemplate> for Template {
    fn from(template: ReceiptTemplate) -> Self {
        Self::Receipt(Box::new(template))
    }
}
