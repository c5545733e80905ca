//! Orders: to be paid, and how they stand.

use super::super::{super::super::answer::GraphError, shape::Shape};

const STATES: [&str; 7] =
    ["pending", "processing", "partially_shipped", "shipped", "completed", "canceled", "failed"];

/// Refuses an order's action that misses what every country wants. What single payment providers want is not looked at.
pub(super) fn check(kind: &str, action: &Shape<'_>) -> Result<(), GraphError> {
    action.only(&["name", "parameters"])?;
    let details = kind == "order_details";
    action.word("name", &[if details { "review_and_pay" } else { "review_order" }])?;
    let parameters = action.need_object("parameters")?;
    parameters.need_text("reference_id", 60)?;
    let order = parameters.need_object("order")?;
    if !details {
        parameters.only(&["reference_id", "order", "payment"])?;
        order.word("status", &STATES)?;
        order.text("description", 120)?;
        return Ok(());
    }
    parameters.only(&[
        "reference_id",
        "type",
        "payment_type",
        "payment_settings",
        "payment_configuration",
        "currency",
        "total_amount",
        "order",
        "beneficiaries",
    ])?;
    parameters.word("type", &["digital-goods", "physical-goods"])?;
    parameters.word("currency", &["INR", "BRL", "SGD"])?;
    let total = amount(&parameters, "total_amount")?;
    order.only(&[
        "status",
        "catalog_id",
        "expiration",
        "items",
        "subtotal",
        "tax",
        "shipping",
        "discount",
    ])?;
    order.word("status", &["pending"])?;
    let mut items = 0_i64;
    for item in order.objects("items", &(1..=999))? {
        item.need_text("name", 60)?;
        let price = amount(&item, if item.has("sale_amount") { "sale_amount" } else { "amount" })?;
        let quantity = item.integer("quantity")?.ok_or_else(|| item.missing("quantity"))?;
        items = items.saturating_add(price.saturating_mul(quantity));
    }
    let subtotal = amount(&order, "subtotal")?;
    if subtotal != items {
        return Err(order.wrong("subtotal", "must be the sum of the items"));
    }
    let part = |name| if order.has(name) { amount(&order, name) } else { Ok(0) };
    let sum = subtotal.saturating_add(amount(&order, "tax")?).saturating_add(part("shipping")?);
    if sum.saturating_sub(part("discount")?) != total {
        return Err(parameters.wrong("total_amount", "must be subtotal, tax and shipping less the discount"));
    }
    Ok(())
}

/// `{value, offset: 100}`: an amount in hundredths.
fn amount(holder: &Shape<'_>, name: &str) -> Result<i64, GraphError> {
    let amount = holder.need_object(name)?;
    if amount.integer("offset")? != Some(100) {
        return Err(amount.wrong("offset", "must be 100"));
    }
    let value = amount.integer("value")?.ok_or_else(|| amount.missing("value"))?;
    if value < 0 {
        return Err(amount.wrong("value", "must not be negative"));
    }
    Ok(value)
}
