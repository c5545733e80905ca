//! What can be tapped.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::carousel::CarouselCard;
use super::flow::FlowAction;
use super::order::{OrderDetails, OrderStatus};

/// What can be tapped, and so the kind of the message.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum InteractiveAction {
    /// Buttons to reply with, 1 to 3.
    Buttons(Vec<ReplyButton>),
    /// A list to choose from.
    List(List),
    /// A button that opens a web address.
    CtaUrl {
        /// Its text, 1 to 20 characters.
        display_text: String,
        /// The address.
        url: String,
    },
    /// A button that opens a flow.
    Flow(FlowAction),
    /// Asks where the person is.
    LocationRequest,
    /// Asks for the person's phone number.
    ContactInfoRequest,
    /// Asks whether the business may call.
    CallPermissionRequest,
    /// A button that calls the business.
    VoiceCall(VoiceCall),
    /// Asks for an address; in India and Singapore only.
    Address(AddressRequest),
    /// One product of a catalog.
    Product {
        /// The catalog.
        catalog_id: String,
        /// The product's id in the catalog.
        product_retailer_id: String,
    },
    /// Several products of a catalog: up to 30 in up to 10 sections. Needs a header of text.
    ProductList {
        /// The catalog.
        catalog_id: String,
        /// The sections.
        sections: Vec<ProductSection>,
    },
    /// The whole catalog.
    Catalog {
        /// The product whose picture is shown; otherwise the first one's.
        thumbnail_product_retailer_id: Option<String>,
    },
    /// Cards side by side, 2 to 10.
    Carousel(Vec<CarouselCard>),
    /// An order to pay; in India, Brazil and Singapore only.
    OrderDetails(Box<OrderDetails>),
    /// How an order stands; in India, Brazil and Singapore only.
    OrderStatus(OrderStatus),
}

impl InteractiveAction {
    /// The kind of the message, as Meta calls it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Buttons(_) => "button",
            Self::List(_) => "list",
            Self::CtaUrl { .. } => "cta_url",
            Self::Flow(_) => "flow",
            Self::LocationRequest => "location_request_message",
            Self::ContactInfoRequest => "request_contact_info",
            Self::CallPermissionRequest => "call_permission_request",
            Self::VoiceCall(_) => "voice_call",
            Self::Address(_) => "address_message",
            Self::Product { .. } => "product",
            Self::ProductList { .. } => "product_list",
            Self::Catalog { .. } => "catalog_message",
            Self::Carousel(_) => "carousel",
            Self::OrderDetails(_) => "order_details",
            Self::OrderStatus(_) => "order_status",
        }
    }
}

impl Serialize for InteractiveAction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Buttons(buttons) => map.serialize_entry("buttons", &Tagged::all("reply", buttons))?,
            Self::List(list) => {
                map.serialize_entry("button", &list.button)?;
                map.serialize_entry("sections", &list.sections)?;
            }
            Self::CtaUrl { display_text, url } => {
                map.serialize_entry("name", "cta_url")?;
                map.serialize_entry(
                    "parameters",
                    &[("display_text", display_text), ("url", url)].into_map(),
                )?;
            }
            Self::Flow(flow) => named(&mut map, "flow", Some(flow))?,
            Self::LocationRequest => named::<_, ()>(&mut map, "send_location", None)?,
            Self::ContactInfoRequest => named::<_, ()>(&mut map, "request_contact_info", None)?,
            Self::CallPermissionRequest => named::<_, ()>(&mut map, "call_permission_request", None)?,
            Self::VoiceCall(call) => named(&mut map, "voice_call", Some(call))?,
            Self::Address(address) => named(&mut map, "address_message", Some(address))?,
            Self::Product { catalog_id, product_retailer_id } => {
                map.serialize_entry("catalog_id", catalog_id)?;
                map.serialize_entry("product_retailer_id", product_retailer_id)?;
            }
            Self::ProductList { catalog_id, sections } => {
                map.serialize_entry("catalog_id", catalog_id)?;
                map.serialize_entry("sections", sections)?;
            }
            Self::Catalog { thumbnail_product_retailer_id: thumbnail } => {
                let thumbnail =
                    thumbnail.as_ref().map(|id| [("thumbnail_product_retailer_id", id)].into_map());
                named(&mut map, "catalog_message", thumbnail.as_ref())?;
            }
            Self::Carousel(cards) => map.serialize_entry("cards", &super::carousel::numbered(cards))?,
            Self::OrderDetails(order) => named(&mut map, "review_and_pay", Some(order))?,
            Self::OrderStatus(status) => named(&mut map, "review_order", Some(status))?,
        }
        map.end()
    }
}

fn named<M: SerializeMap, P: Serialize>(
    map: &mut M,
    name: &'static str,
    parameters: Option<&P>,
) -> Result<(), M::Error> {
    map.serialize_entry("name", name)?;
    parameters.map_or(Ok(()), |parameters| map.serialize_entry("parameters", parameters))
}

trait IntoMap<'v> {
    fn into_map(self) -> BTreeMap<&'static str, &'v String>;
}

impl<'v, const N: usize> IntoMap<'v> for [(&'static str, &'v String); N] {
    fn into_map(self) -> BTreeMap<&'static str, &'v String> {
        self.into_iter().collect()
    }
}

/// `{"type":"reply","reply":{…}}`.
pub(super) struct Tagged<'v, T>(&'static str, &'v T);

impl<'v, T> Tagged<'v, T> {
    pub(super) fn all(tag: &'static str, values: &'v [T]) -> Vec<Self> {
        values.iter().map(|value| Self(tag, value)).collect()
    }
}

impl<T: Serialize> Serialize for Tagged<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("type", self.0)?;
        map.serialize_entry(self.0, self.1)?;
        map.end()
    }
}

/// A button to reply with.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReplyButton {
    /// What comes back when it is tapped: 1 to 256 characters, without a space at either end.
    pub id: String,
    /// Its text: 1 to 20 characters, another one than the other buttons'.
    pub title: String,
}

impl ReplyButton {
    /// What comes back when it is tapped, and its text.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into() }
    }
}

/// A list to choose from: up to 10 rows, **over all sections**.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The text of the button that opens it, 1 to 20 characters.
    pub button: String,
    /// The sections, 1 to 10.
    pub sections: Vec<ListSection>,
}

impl List {
    /// One section without a title.
    pub fn new(button: impl Into<String>, rows: impl IntoIterator<Item = ListRow>) -> Self {
        let section = ListSection { title: None, rows: rows.into_iter().collect() };
        Self { button: button.into(), sections: vec![section] }
    }

    /// Several sections.
    pub fn of_sections(button: impl Into<String>, sections: impl IntoIterator<Item = ListSection>) -> Self {
        Self { button: button.into(), sections: sections.into_iter().collect() }
    }
}

/// Rows under one title.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListSection {
    /// The title, at most 24 characters; needed where there is more than one section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The rows.
    pub rows: Vec<ListRow>,
}

impl ListSection {
    /// A title of 1 to 24 characters, and the rows.
    pub fn new(title: impl Into<String>, rows: impl IntoIterator<Item = ListRow>) -> Self {
        Self { title: Some(title.into()), rows: rows.into_iter().collect() }
    }
}

/// A row of a list.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListRow {
    /// What comes back when it is chosen: 1 to 200 characters.
    pub id: String,
    /// Its text: 1 to 24 characters.
    pub title: String,
    /// More text, at most 72 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl ListRow {
    /// What comes back when it is chosen, and its text.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), description: None }
    }

    /// More text, at most 72 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

/// A button that calls the business.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VoiceCall {
    /// Its text, at most 20 characters; "Call Now" without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_text: Option<String>,
    /// For how many minutes it works, at most 43,200 (30 days); 7 days without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl_minutes: Option<u32>,
    /// What comes back with the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

impl VoiceCall {
    /// As WhatsApp shows it unless told otherwise.
    pub fn new() -> Self {
        Self::default()
    }

    /// Its text, at most 20 characters.
    pub fn display_text(mut self, text: impl Into<String>) -> Self {
        self.display_text = Some(text.into());
        self
    }

    /// For how many minutes it works, at most 43,200 (30 days).
    pub const fn ttl_minutes(mut self, minutes: u32) -> Self {
        self.ttl_minutes = Some(minutes);
        self
    }

    /// What comes back with the call.
    pub fn payload(mut self, payload: impl Into<String>) -> Self {
        self.payload = Some(payload.into());
        self
    }
}

/// Asks for an address.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AddressRequest {
    /// The country, `IN` or `SG`.
    pub country: String,
    /// What is filled in already, by the name of the field (`name`, `phone_number`, `in_pin_code`, …).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Addresses to choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub saved_addresses: Vec<SavedAddress>,
}

impl AddressRequest {
    /// Nothing filled in.
    pub fn new(country: impl Into<String>) -> Self {
        Self { country: country.into(), values: BTreeMap::new(), saved_addresses: Vec::new() }
    }

    /// Fills a field in.
    pub fn value(mut self, field: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.insert(field.into(), value.into());
        self
    }

    /// Adds an address to choose from.
    pub fn saved_address(mut self, address: SavedAddress) -> Self {
        self.saved_addresses.push(address);
        self
    }
}

/// An address to choose from.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SavedAddress {
    /// Comes back when it is chosen.
    pub id: String,
    /// Its fields.
    pub value: BTreeMap<String, String>,
}

impl SavedAddress {
    /// An id, and the fields by name.
    pub fn new(id: impl Into<String>, value: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { id: id.into(), value: value.into_iter().collect() }
    }
}

/// Products under one title.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductSection {
    /// The title, at most 24 characters; needed where there is more than one section.
    pub title: Option<String>,
    /// The products' ids in the catalog.
    pub product_retailer_ids: Vec<String>,
}

impl ProductSection {
    /// A title, and the products' ids in the catalog.
    pub fn new<T: Into<String>>(title: impl Into<String>, products: impl IntoIterator<Item = T>) -> Self {
        let product_retailer_ids = products.into_iter().map(Into::into).collect();
        Self { title: Some(title.into()), product_retailer_ids }
    }
}

impl Serialize for ProductSection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(title) = &self.title {
            map.serialize_entry("title", title)?;
        }
        let items = self.product_retailer_ids.iter().map(|id| [("product_retailer_id", id)].into_map());
        map.serialize_entry("product_items", &items.collect::<Vec<_>>())?;
        map.end()
    }
}
