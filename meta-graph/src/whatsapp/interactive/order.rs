//! Orders to pay, in the countries that have payments (WhatsApp Payments API).

use serde::Serialize;
use serde_json::Value;
use sociogram_api_core::open_enum;

/// An amount of money: `value` divided by `offset`. INR 21.00 is 2100 by 100.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// The amount times the offset.
    pub value: u64,
    /// 100 for currencies with cents.
    pub offset: u32,
}

impl Amount {
    /// In hundredths.
    pub const fn in_hundredths(value: u64) -> Self {
        Self { value, offset: 100 }
    }
}

/// An order to pay.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrderDetails {
    /// Your id of it, not used before: at most 35 characters.
    pub reference_id: String,
    /// `digital-goods` or `physical-goods`.
    #[serde(rename = "type")]
    pub goods: String,
    /// How it can be paid; it differs between countries and providers and is sent as it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payment_settings: Vec<Value>,
    /// The currency: `INR`, `BRL`, `SGD`.
    pub currency: String,
    /// What is to be paid.
    pub total_amount: Amount,
    /// What was ordered.
    pub order: Order,
}

impl OrderDetails {
    /// An order of things that are sent by post.
    pub fn new(
        reference_id: impl Into<String>,
        currency: impl Into<String>,
        total: Amount,
        order: Order,
    ) -> Self {
        Self {
            reference_id: reference_id.into(),
            goods: "physical-goods".to_owned(),
            payment_settings: Vec::new(),
            currency: currency.into(),
            total_amount: total,
            order,
        }
    }

    /// Nothing is sent by post.
    pub fn digital(mut self) -> Self {
        "digital-goods".clone_into(&mut self.goods);
        self
    }

    /// Adds a way to pay, as the country's documentation has it.
    pub fn payment_setting(mut self, setting: Value) -> Self {
        self.payment_settings.push(setting);
        self
    }
}

/// What was ordered.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Order {
    /// How it stands; `pending` before it is paid.
    pub status: OrderUpdate,
    /// The things.
    pub items: Vec<OrderItem>,
    /// The sum of the things.
    pub subtotal: Amount,
    /// Tax.
    pub tax: Amount,
    /// Shipping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Amount>,
    /// A discount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount: Option<Amount>,
}

impl Order {
    /// Not paid yet, without shipping and discount.
    pub fn new(items: impl IntoIterator<Item = OrderItem>, subtotal: Amount, tax: Amount) -> Self {
        let items = items.into_iter().collect();
        Self { status: OrderUpdate::Pending, items, subtotal, tax, shipping: None, discount: None }
    }

    /// Shipping.
    pub const fn shipping(mut self, amount: Amount) -> Self {
        self.shipping = Some(amount);
        self
    }

    /// A discount.
    pub const fn discount(mut self, amount: Amount) -> Self {
        self.discount = Some(amount);
        self
    }
}

/// One thing of an order.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderItem {
    /// Its id in the catalog, or yours.
    pub retailer_id: String,
    /// What it is called.
    pub name: String,
    /// What one of it costs.
    pub amount: Amount,
    /// How many.
    pub quantity: u32,
}

impl OrderItem {
    /// So many of one thing.
    pub fn new(
        retailer_id: impl Into<String>,
        name: impl Into<String>,
        amount: Amount,
        quantity: u32,
    ) -> Self {
        Self { retailer_id: retailer_id.into(), name: name.into(), amount, quantity }
    }
}

open_enum! {
    /// How an order stands.
    pub enum OrderUpdate {
        /// Not paid.
        Pending = "pending",
        /// Being prepared.
        Processing = "processing",
        /// A part was sent.
        PartiallyShipped = "partially_shipped",
        /// Sent.
        Shipped = "shipped",
        /// Done.
        Completed = "completed",
        /// Called off; not possible once it is paid.
        Canceled = "canceled",
    }
}

/// How an order stands.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderStatus {
    /// Your id of the order.
    pub reference_id: String,
    /// How it stands.
    pub status: OrderUpdate,
    /// More text, at most 120 characters.
    pub description: Option<String>,
}

impl OrderStatus {
    /// Your id of the order, and how it stands.
    pub fn new(reference_id: impl Into<String>, status: OrderUpdate) -> Self {
        Self { reference_id: reference_id.into(), status, description: None }
    }

    /// More text, at most 120 characters.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}

impl Serialize for OrderStatus {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'v> {
            reference_id: &'v str,
            order: Inner<'v>,
        }
        #[derive(Serialize)]
        struct Inner<'v> {
            status: &'v OrderUpdate,
            #[serde(skip_serializing_if = "Option::is_none")]
            description: Option<&'v str>,
        }
        let order = Inner { status: &self.status, description: self.description.as_deref() };
        Wire { reference_id: &self.reference_id, order }.serialize(serializer)
    }
}
