//! What happened: value, goods, order.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use sociogram_api_core::{Finding, InvalidRequest};

use crate::decimal::Decimal;
use crate::leads::CRM;
use crate::members::{json, put};
use crate::words::{ContentType, DeliveryCategory};

/// The members Meta defines. A custom property may not have one of these names.
pub(crate) const STANDARD: &[&str] = &[
    "value",
    "net_revenue",
    "currency",
    "content_name",
    "content_category",
    "content_ids",
    "contents",
    "content_type",
    "order_id",
    "predicted_ltv",
    "num_items",
    "status",
    "search_string",
    "item_number",
    "delivery_category",
];

/// The same for an item of `contents`.
const STANDARD_CONTENT: &[&str] =
    &["id", "quantity", "item_price", "title", "description", "brand", "category", "delivery_category"];

/// The business data of an event (Conversions API: custom data parameters).
///
/// Zero is a value: `num_items(0)` is sent.
///
/// ```
/// use sociogram_capi::{Content, CustomData};
///
/// let order = CustomData::new()
///     .value("129.90".parse()?)
///     .currency("EUR")
///     .order_id("order-1001")
///     .content(Content::new("sku-1").quantity(2).item_price("64.95".parse()?))
///     .property("gift_wrap", &true)?;
/// assert!(CustomData::new().property("value", &1).is_err());
/// # Ok::<(), sociogram_capi::InvalidRequest>(())
/// ```
#[derive(Clone, Default)]
pub struct CustomData {
    pub(crate) value: Option<Decimal>,
    pub(crate) net_revenue: Option<Decimal>,
    pub(crate) currency: Option<String>,
    pub(crate) content_name: Option<String>,
    pub(crate) content_category: Option<String>,
    pub(crate) content_ids: Option<Vec<String>>,
    pub(crate) contents: Option<Vec<Content>>,
    pub(crate) content_type: Option<ContentType>,
    pub(crate) order_id: Option<String>,
    pub(crate) predicted_ltv: Option<Decimal>,
    pub(crate) num_items: Option<u64>,
    pub(crate) status: Option<String>,
    pub(crate) search_string: Option<String>,
    pub(crate) item_number: Option<String>,
    pub(crate) delivery_category: Option<DeliveryCategory>,
    pub(crate) properties: Vec<(String, Box<RawValue>)>,
}

impl CustomData {
    /// No data yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of the event in `currency`. A Purchase needs both.
    pub fn value(mut self, value: Decimal) -> Self {
        self.value = Some(value);
        self
    }

    /// Sets the margin: the value minus its costs.
    pub fn net_revenue(mut self, value: Decimal) -> Self {
        self.net_revenue = Some(value);
        self
    }

    /// Sets the predicted lifetime value of the customer.
    pub fn predicted_ltv(mut self, value: Decimal) -> Self {
        self.predicted_ltv = Some(value);
        self
    }

    /// Sets the currency: an ISO 4217 code of three letters.
    pub fn currency(mut self, code: impl Into<String>) -> Self {
        self.currency = Some(code.into());
        self
    }

    /// Sets the name of the page or product.
    pub fn content_name(mut self, name: impl Into<String>) -> Self {
        self.content_name = Some(name.into());
        self
    }

    /// Sets the category of the page or product.
    pub fn content_category(mut self, category: impl Into<String>) -> Self {
        self.content_category = Some(category.into());
        self
    }

    /// Sets whether ids mean a `product` or a `product_group`.
    pub fn content_type(mut self, content_type: impl Into<ContentType>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Adds the id of a product, as in your catalogue.
    pub fn content_id(mut self, id: impl Into<String>) -> Self {
        self.content_ids.get_or_insert_default().push(id.into());
        self
    }

    /// Adds an item with quantity and price.
    pub fn content(mut self, content: Content) -> Self {
        self.contents.get_or_insert_default().push(content);
        self
    }

    /// Sets the id of the order.
    pub fn order_id(mut self, id: impl Into<String>) -> Self {
        self.order_id = Some(id.into());
        self
    }

    /// Sets how many items a checkout has.
    pub fn num_items(mut self, count: u64) -> Self {
        self.num_items = Some(count);
        self
    }

    /// Sets the status of a registration.
    pub fn status(mut self, status: impl Into<String>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// Sets what was searched for.
    pub fn search_string(mut self, text: impl Into<String>) -> Self {
        self.search_string = Some(text.into());
        self
    }

    /// Sets the number of the item.
    pub fn item_number(mut self, number: impl Into<String>) -> Self {
        self.item_number = Some(number.into());
        self
    }

    /// Sets how the goods reach the buyer.
    pub fn delivery_category(mut self, category: DeliveryCategory) -> Self {
        self.delivery_category = Some(category);
        self
    }

    /// Adds a property of your own beside the standard ones.
    ///
    /// # Errors
    ///
    /// `capi.property.clash` when the name is a standard member (use its method) or was added before,
    /// `capi.property.value` when the value cannot be written as JSON.
    pub fn property(
        mut self,
        name: impl Into<String>,
        value: &impl Serialize,
    ) -> Result<Self, InvalidRequest> {
        let name = name.into();
        let path = format!("custom_data.{name}");
        if STANDARD.contains(&name.as_str()) {
            return Err(Finding::error("capi.property.clash", path, "a standard member has this name")
                .advice("use the method of the standard member, or another name")
                .into());
        }
        if self.properties.iter().any(|(other, _)| *other == name) {
            return Err(Finding::error("capi.property.clash", path, "this property was added before").into());
        }
        self.properties.push((name, json(value, path)?));
        Ok(self)
    }
}

impl CustomData {
    /// What every event from a CRM says: that it is one, and which.
    pub(crate) fn of_crm(crm: &str) -> Self {
        let texts = [("event_source", CRM), ("lead_event_source", crm)];
        let properties =
            texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), to_raw_value(text).ok()?)));
        Self { properties: properties.collect(), ..Self::default() }
    }

    /// Whether it says which goods or which order.
    pub(crate) fn names_an_order(&self) -> bool {
        self.order_id.is_some() || self.contents.is_some() || self.content_ids.is_some()
    }

    /// The JSON of a custom property.
    pub(crate) fn property_json(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(other, _)| other == name).map(|(_, value)| value.get())
    }
}

impl fmt::Debug for CustomData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomData")
            .field("value", &self.value)
            .field("currency", &self.currency)
            .field("order_id", &self.order_id)
            .finish_non_exhaustive()
    }
}

/// `custom_data` as it is written; the currency comes in normalised.
pub(crate) struct WireCustomData<'a> {
    pub(crate) data: &'a CustomData,
    pub(crate) currency: Option<&'a str>,
}

impl Serialize for WireCustomData<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let data = self.data;
        let mut map = serializer.serialize_map(None)?;
        put(&mut map, "value", data.value.as_ref())?;
        put(&mut map, "net_revenue", data.net_revenue.as_ref())?;
        put(&mut map, "currency", self.currency)?;
        put(&mut map, "content_name", data.content_name.as_ref())?;
        put(&mut map, "content_category", data.content_category.as_ref())?;
        put(&mut map, "content_ids", data.content_ids.as_ref())?;
        put(&mut map, "contents", data.contents.as_ref())?;
        put(&mut map, "content_type", data.content_type.as_ref())?;
        put(&mut map, "order_id", data.order_id.as_ref())?;
        put(&mut map, "predicted_ltv", data.predicted_ltv.as_ref())?;
        put(&mut map, "num_items", data.num_items)?;
        put(&mut map, "status", data.status.as_ref())?;
        put(&mut map, "search_string", data.search_string.as_ref())?;
        put(&mut map, "item_number", data.item_number.as_ref())?;
        put(&mut map, "delivery_category", data.delivery_category.as_ref())?;
        for (name, value) in &data.properties {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// One item of [`CustomData`].
#[derive(Clone, Debug, Default)]
pub struct Content {
    pub(crate) id: Option<String>,
    pub(crate) quantity: Option<u64>,
    pub(crate) item_price: Option<Decimal>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) brand: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) delivery_category: Option<DeliveryCategory>,
    pub(crate) properties: Vec<(String, Box<RawValue>)>,
}

impl Content {
    /// An item with the id it has in your catalogue.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..Self::default() }
    }

    /// Sets how many there are.
    pub fn quantity(mut self, quantity: u64) -> Self {
        self.quantity = Some(quantity);
        self
    }

    /// Sets the price of one, in the currency of the event.
    pub fn item_price(mut self, price: Decimal) -> Self {
        self.item_price = Some(price);
        self
    }

    /// Sets the title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Sets the description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the brand.
    pub fn brand(mut self, brand: impl Into<String>) -> Self {
        self.brand = Some(brand.into());
        self
    }

    /// Sets the category.
    pub fn category(mut self, category: impl Into<String>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// Sets how the goods reach the buyer.
    pub fn delivery_category(mut self, category: DeliveryCategory) -> Self {
        self.delivery_category = Some(category);
        self
    }
}

impl Content {
    /// Adds a property of your own beside the standard ones.
    ///
    /// # Errors
    ///
    /// `capi.property.clash` when the name is a standard member (use its method) or was added before,
    /// `capi.property.value` when the value cannot be written as JSON.
    pub fn property(
        mut self,
        name: impl Into<String>,
        value: &impl Serialize,
    ) -> Result<Self, InvalidRequest> {
        let name = name.into();
        let path = format!("custom_data.contents.{name}");
        if STANDARD_CONTENT.contains(&name.as_str())
            || self.properties.iter().any(|(other, _)| *other == name)
        {
            return Err(Finding::error("capi.property.clash", path, "this member exists already")
                .advice("use the method of the standard member, or another name")
                .into());
        }
        self.properties.push((name, json(value, path)?));
        Ok(self)
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        put(&mut map, "id", self.id.as_ref())?;
        put(&mut map, "quantity", self.quantity)?;
        put(&mut map, "item_price", self.item_price.as_ref())?;
        put(&mut map, "title", self.title.as_ref())?;
        put(&mut map, "description", self.description.as_ref())?;
        put(&mut map, "brand", self.brand.as_ref())?;
        put(&mut map, "category", self.category.as_ref())?;
        put(&mut map, "delivery_category", self.delivery_category.as_ref())?;
        for (name, value) in &self.properties {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(data: &CustomData) -> String {
        serde_json::to_string(&WireCustomData { data, currency: data.currency.as_deref() }).unwrap()
    }

    #[test]
    fn zero_survives_and_digits_stay() {
        let data = CustomData::new()
            .num_items(0)
            .value("0.10".parse().unwrap())
            .content(Content::new("a").quantity(0).item_price("1.000".parse().unwrap()))
            .property("loyal", &false)
            .unwrap();
        assert_eq!(
            written(&data),
            r#"{"value":0.10,"contents":[{"id":"a","quantity":0,"item_price":1.000}],"num_items":0,"loyal":false}"#
        );
    }

    #[test]
    fn custom_properties_may_not_shadow() {
        for name in STANDARD {
            let refused = CustomData::new().property(*name, &1).unwrap_err();
            assert_eq!(refused.findings()[0].rule(), "capi.property.clash", "{name}");
        }
        for name in STANDARD_CONTENT {
            assert!(Content::default().property(*name, &1).is_err(), "{name}");
        }
        let item = Content::new("a").property("size", &"M").unwrap();
        assert!(item.clone().property("size", &"L").is_err());
        assert_eq!(serde_json::to_string(&item).unwrap(), r#"{"id":"a","size":"M"}"#);
        let twice = CustomData::new().property("a", &1).unwrap().property("a", &2);
        assert_eq!(twice.unwrap_err().findings()[0].field(), "custom_data.a");
    }
}
