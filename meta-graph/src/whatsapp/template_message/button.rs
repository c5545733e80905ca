//! What goes into a template's button.

use serde_json::{Map, Value, json};

use crate::whatsapp::interactive::ProductSection;

/// What goes into a button. The kind must be the one the template has at that place.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum TemplateButton {
    /// What comes back when a reply button is tapped.
    QuickReply(String),
    /// The end of the address, in place of its variable. For a one-time password the code.
    Url(String),
    /// A coupon code to copy, at most 15 characters.
    CopyCode(String),
    /// Opens a flow.
    Flow {
        /// A text of yours that comes back with the answers.
        flow_token: Option<String>,
        /// What the first screen gets.
        flow_action_data: Option<Map<String, Value>>,
    },
    /// Opens the catalog; with the picture of this product, or else the first one's.
    Catalog(Option<String>),
    /// Opens several products.
    Products {
        /// The product whose picture is shown.
        thumbnail_product_retailer_id: String,
        /// Up to 30 products in up to 10 sections.
        sections: Vec<ProductSection>,
    },
    /// Calls the business; for how many minutes it works.
    VoiceCall(Option<u32>),
    /// Shows an order to pay: what [`OrderDetails`](crate::whatsapp::OrderDetails) writes.
    OrderDetails(Value),
}

impl TemplateButton {
    /// A flow with neither token nor data.
    pub const fn flow() -> Self {
        Self::Flow { flow_token: None, flow_action_data: None }
    }

    /// The kind, as Meta calls it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::QuickReply(_) => "quick_reply",
            Self::Url(_) => "url",
            Self::CopyCode(_) => "copy_code",
            Self::Flow { .. } => "flow",
            Self::Catalog(_) => "catalog",
            Self::Products { .. } => "mpm",
            Self::VoiceCall(_) => "voice_call",
            Self::OrderDetails(_) => "order_details",
        }
    }

    /// The one parameter, if there is any.
    pub(super) fn parameter(&self) -> Option<Value> {
        Some(match self {
            Self::QuickReply(payload) => json!({"type": "payload", "payload": payload}),
            Self::Url(text) => json!({"type": "text", "text": text}),
            Self::CopyCode(code) => json!({"type": "coupon_code", "coupon_code": code}),
            Self::Flow { flow_token, flow_action_data } => {
                let mut action = Map::new();
                if let Some(token) = flow_token {
                    action.insert("flow_token".to_owned(), json!(token));
                }
                if let Some(data) = flow_action_data {
                    action.insert("flow_action_data".to_owned(), json!(data));
                }
                json!({"type": "action", "action": action})
            }
            Self::Catalog(thumbnail) => {
                json!({"type": "action", "action": {"thumbnail_product_retailer_id": thumbnail.as_ref()?}})
            }
            Self::Products { thumbnail_product_retailer_id, sections } => {
                let sections: Vec<Value> = sections.iter().map(section).collect();
                json!({"type": "action", "action": {
                    "thumbnail_product_retailer_id": thumbnail_product_retailer_id, "sections": sections}})
            }
            Self::VoiceCall(minutes) => json!({"type": "ttl_minutes", "ttl_minutes": minutes.as_ref()?}),
            Self::OrderDetails(order) => json!({"type": "action", "action": {"order_details": order}}),
        })
    }
}

fn section(section: &ProductSection) -> Value {
    let items: Vec<Value> =
        section.product_retailer_ids.iter().map(|id| json!({"product_retailer_id": id})).collect();
    match &section.title {
        Some(title) => json!({"title": title, "product_items": items}),
        None => json!({"product_items": items}),
    }
}
