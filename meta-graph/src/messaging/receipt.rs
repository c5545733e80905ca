//! Receipts.

use serde::Serialize;
use sociogram_api_core::{Finding, Timestamp};

use super::rules_applied::Checks;

/// The receipt of an order (Messenger Platform: Receipt Template). Messenger only. Amounts are in whole units of the
/// currency, such as `56.14`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReceiptTemplate {
    recipient_name: String,
    order_number: String,
    currency: String,
    payment_method: String,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<PostalAddress>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    adjustments: Vec<Adjustment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    elements: Vec<ReceiptItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sharable: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Summary {
    #[serde(skip_serializing_if = "Option::is_none")]
    subtotal: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_cost: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_tax: Option<f64>,
    total_cost: f64,
}

impl ReceiptTemplate {
    /// What a receipt must have. `order_number` must be unique; `currency` is a code such as `USD`; `payment_method` is
    /// shown, such as `Visa 2345`.
    pub fn new(
        recipient_name: impl Into<String>,
        order_number: impl Into<String>,
        currency: impl Into<String>,
        payment_method: impl Into<String>,
        total_cost: f64,
    ) -> Self {
        Self {
            recipient_name: recipient_name.into(),
            order_number: order_number.into(),
            currency: currency.into(),
            payment_method: payment_method.into(),
            summary: Summary { subtotal: None, shipping_cost: None, total_tax: None, total_cost },
            merchant_name: None,
            order_url: None,
            timestamp: None,
            address: None,
            adjustments: Vec::new(),
            elements: Vec::new(),
            sharable: None,
        }
    }

    /// The cost before shipping and taxes.
    pub fn subtotal(mut self, amount: f64) -> Self {
        self.summary.subtotal = Some(amount);
        self
    }

    /// What shipping costs.
    pub fn shipping(mut self, amount: f64) -> Self {
        self.summary.shipping_cost = Some(amount);
        self
    }

    /// The taxes.
    pub fn tax(mut self, amount: f64) -> Self {
        self.summary.total_tax = Some(amount);
        self
    }

    /// Who sells, if it is not the Page.
    pub fn merchant(mut self, name: impl Into<String>) -> Self {
        self.merchant_name = Some(name.into());
        self
    }

    /// The page of the order.
    pub fn order_url(mut self, url: impl Into<String>) -> Self {
        self.order_url = Some(url.into());
        self
    }

    /// When it was ordered, to the second.
    pub fn ordered_at(mut self, time: Timestamp) -> Self {
        self.timestamp = Some(time.as_unix_seconds().to_string());
        self
    }

    /// Where it is sent.
    pub fn address(mut self, address: PostalAddress) -> Self {
        self.address = Some(address);
        self
    }

    /// What is taken off, such as a discount.
    pub fn adjustment(mut self, name: impl Into<String>, amount: f64) -> Self {
        self.adjustments.push(Adjustment { name: name.into(), amount });
        self
    }

    /// What was bought, at most 100 items; Meta does not promise to keep their order.
    pub fn items(mut self, items: impl IntoIterator<Item = ReceiptItem>) -> Self {
        self.elements.extend(items);
        self
    }

    /// Whether the person may pass it on.
    pub fn sharable(mut self, sharable: bool) -> Self {
        self.sharable = Some(sharable);
        self
    }

    pub(super) fn check(&self, checks: &mut Checks, field: &str) {
        let summary = &self.summary;
        let amounts = [Some(summary.total_cost), summary.subtotal, summary.shipping_cost, summary.total_tax];
        let others = self.adjustments.iter().map(|adjustment| adjustment.amount);
        let prices = self.elements.iter().map(|item| item.price);
        if !amounts.into_iter().flatten().chain(others).chain(prices).all(f64::is_finite) {
            checks.add(
                Finding::error(
                    "messenger.receipt.amount",
                    format!("{field}.summary"),
                    "an amount is not a number",
                )
                .advice("pass amounts such as 56.14"),
            );
        }
        if self.elements.len() > 100 {
            checks.add(
                Finding::warning(
                    "messenger.receipt.elements",
                    format!("{field}.elements"),
                    "there are too many items",
                )
                .measured(self.elements.len())
                .allowed("at most 100")
                .advice("put several together"),
            );
        }
    }
}

/// Something that changes the total of a receipt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Adjustment {
    name: String,
    amount: f64,
}

/// One line of a receipt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReceiptItem {
    title: String,
    price: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
}

impl ReceiptItem {
    /// What it is and what it costs; 0 for what is free.
    pub fn new(title: impl Into<String>, price: f64) -> Self {
        Self { title: title.into(), price, subtitle: None, quantity: None, currency: None, image_url: None }
    }

    /// A second line.
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Self {
        self.subtitle = Some(subtitle.into());
        self
    }

    /// How many.
    pub fn quantity(mut self, quantity: u32) -> Self {
        self.quantity = Some(quantity);
        self
    }

    /// The currency of the price, a code such as `USD`.
    pub fn currency(mut self, currency: impl Into<String>) -> Self {
        self.currency = Some(currency.into());
        self
    }

    /// An image that Meta can fetch.
    pub fn image(mut self, url: impl Into<String>) -> Self {
        self.image_url = Some(url.into());
        self
    }
}

/// Where an order is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PostalAddress {
    street_1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    street_2: Option<String>,
    city: String,
    postal_code: String,
    state: String,
    country: String,
}

impl PostalAddress {
    /// Street, city, postal code, state and country, the last two as codes such as `CA` and `US`.
    pub fn new(
        street: impl Into<String>,
        city: impl Into<String>,
        postal_code: impl Into<String>,
        state: impl Into<String>,
        country: impl Into<String>,
    ) -> Self {
        Self {
            street_1: street.into(),
            street_2: None,
            city: city.into(),
            postal_code: postal_code.into(),
            state: state.into(),
            country: country.into(),
        }
    }

    /// A second line of the street.
    pub fn street_2(mut self, street: impl Into<String>) -> Self {
        self.street_2 = Some(street.into());
        self
    }
}
