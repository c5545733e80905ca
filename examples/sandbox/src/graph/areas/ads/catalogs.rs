//! Product catalogs and batches of items.

use http::Method;
use serde_json::{Map, Value, json};

use super::super::super::{
    Call, Outcome,
    answer::GraphError,
    caller::{Caller, granted},
    fields, paging,
};
use super::CATALOG;

/// Most items of one call.
const MAX_ITEMS: usize = 5_000;
const ITEM_TYPES: [&str; 8] = [
    "PRODUCT_ITEM",
    "HOTEL",
    "HOTEL_ROOM",
    "VEHICLE",
    "HOME_LISTING",
    "DESTINATION",
    "FLIGHT",
    "MEDIA_TITLE",
];
const FIELDS: &[&str] = &[
    "id",
    "name",
    "business",
    "vertical",
    "product_count",
    "feed_count",
    "da_display_settings",
    "default_image_url",
    "is_catalog_segment",
];

/// Items on their way into the catalog.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    polls: u32,
    errors: Vec<Value>,
    invalid: Vec<Value>,
}

fn permit(call: &mut Call<'_>) -> Result<(), GraphError> {
    let caller = Caller::of(call)?.ok_or_else(GraphError::no_token)?;
    let claims = caller.user()?;
    let of_business = call.shared.config.world.has_pages(&claims.person);
    if of_business && granted(call, claims, "catalog_management") {
        return Ok(());
    }
    Err(GraphError::permission("Requires catalog_management permission to manage the object"))
}

/// `GET /{business}/owned_product_catalogs`.
pub(super) fn owned(call: &mut Call<'_>) -> Outcome {
    permit(call)?;
    if call.request.method != Method::GET {
        return Err(GraphError::unsupported(&call.request.method, CATALOG));
    }
    let catalog = node(call)?;
    let business = &call.shared.config.world.business.id;
    paging::page(call, &format!("{business}/owned_product_catalogs"), &[catalog])
}

fn node(call: &Call<'_>) -> Outcome {
    let mut out = Map::new();
    out.insert("id".to_owned(), json!(CATALOG));
    out.insert("name".to_owned(), json!("Sandbox catalog"));
    out.insert("vertical".to_owned(), json!("commerce"));
    out.insert("product_count".to_owned(), json!(call.state.areas.ads.products.len()));
    let business = &call.shared.config.world.business.id;
    out.insert(
        "business".to_owned(),
        json!({"id": business, "name": super::super::businesses::BUSINESS_NAME}),
    );
    fields::select(call, "ProductCatalog", &out, FIELDS, &["id", "name"])
}

pub(super) fn route(call: &mut Call<'_>, rest: &[&str]) -> Outcome {
    permit(call)?;
    let method = call.request.method.clone();
    match (rest, &method) {
        ([], &Method::GET) => node(call),
        (["items_batch"], &Method::POST) => items(call),
        (["check_batch_request_status"], &Method::GET) => status(call),
        (["products"], &Method::GET) => {
            call.params.only(&["limit", "after", "before", "filter"])?;
            let products: Vec<_> = call.state.areas.ads.products.values().cloned().collect();
            paging::page(call, &format!("{CATALOG}/products"), &products)
        }
        ([] | ["items_batch" | "check_batch_request_status" | "products"], _) => {
            Err(GraphError::unsupported(&method, CATALOG))
        }
        _ => Err(GraphError::unknown_path(rest)),
    }
}

fn items(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["item_type", "requests", "allow_upsert", "item_sub_type", "version"])?;
    let item_type = call.params.required("item_type")?;
    if !ITEM_TYPES.contains(&item_type.as_str()) {
        return Err(GraphError::parameter(format!("Param item_type is not known - got {item_type}")));
    }
    let allow_upsert = call.params.boolean("allow_upsert")?.unwrap_or(true);
    let requests = call.params.structure("requests")?;
    let requests = requests.as_ref().and_then(Value::as_array);
    let requests = requests.ok_or_else(|| GraphError::parameter("Param requests must be an array."))?;
    if requests.is_empty() || requests.len() > MAX_ITEMS {
        return Err(GraphError::parameter(format!("Param requests must have 1 to {MAX_ITEMS} items.")));
    }
    let (mut validation, mut errors, mut invalid) = (Vec::new(), Vec::new(), Vec::new());
    for (line, request) in requests.iter().enumerate() {
        let text = |path: &str| request.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (verb, id) = (text("/method"), text("/data/id"));
        if !matches!(verb.as_str(), "CREATE" | "UPDATE" | "DELETE") || !request["data"].is_object() {
            let message = format!("Param requests: item {line} needs a method and data.");
            return Err(GraphError::parameter(message));
        }
        if id.is_empty() {
            return Err(GraphError::parameter(format!("Param requests: item {line} has no data.id.")));
        }
        let known = call.state.areas.ads.products.get(&id).cloned();
        let complaint = match (verb.as_str(), &known) {
            ("DELETE", Some(_)) => None,
            ("DELETE", None) => Some("The item does not exist.".to_owned()),
            ("UPDATE", None) if !allow_upsert => Some("The item does not exist.".to_owned()),
            ("UPDATE", Some(_)) => wrong_price(request),
            _ => missing(request, &item_type).or_else(|| wrong_price(request)),
        };
        if let Some(message) = complaint {
            validation.push(json!({"retailer_id": id, "errors": [{"message": message}], "warnings": []}));
            errors.push(json!({"line": line, "id": id, "message": message}));
            invalid.push(json!(id));
            continue;
        }
        let products = &mut call.state.areas.ads.products;
        if verb == "DELETE" {
            products.remove(&id);
            continue;
        }
        let mut product = known.unwrap_or_else(|| json!({"id": id, "retailer_id": id}));
        if let (Some(product), Some(data)) = (product.as_object_mut(), request["data"].as_object()) {
            product.extend(data.clone());
        }
        products.insert(id, product);
    }
    let handle = format!("Ac{}", call.state.random_hex());
    call.state.areas.ads.batches.insert(handle.clone(), Batch { polls: 0, errors, invalid });
    let mut answer = json!({"handles": [handle]});
    if let (Some(answer), false) = (answer.as_object_mut(), validation.is_empty()) {
        answer.insert("validation_status".to_owned(), Value::Array(validation));
    }
    Ok(answer)
}

/// What a product cannot be made without.
fn missing(request: &Value, item_type: &str) -> Option<String> {
    if item_type != "PRODUCT_ITEM" {
        return None;
    }
    let names = ["title", "description", "link", "image", "price", "availability", "condition"];
    let data = request.get("data");
    let is_there = |name: &str| {
        let other = if name == "image" { "image_link" } else { name };
        [name, other]
            .iter()
            .any(|name| data.and_then(|data| data.get(*name)).is_some_and(|value| !value.is_null()))
    };
    names.iter().find(|name| !is_there(name)).map(|name| format!("A required field is missing: {name}"))
}

/// A price is an amount and a currency: `9.99 USD`.
fn wrong_price(request: &Value) -> Option<String> {
    let price = request["data"].get("price")?;
    let is_price = price.as_str().and_then(|text| text.split_once(' ')).is_some_and(|(amount, currency)| {
        let currency_fits = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        currency_fits && amount.parse::<f64>().is_ok()
    });
    (!is_price).then(|| "The price must be an amount and a currency.".to_owned())
}

fn status(call: &mut Call<'_>) -> Outcome {
    call.params.only(&["handle", "load_ids_of_invalid_requests"])?;
    let handle = call.params.required("handle")?;
    let with_ids = call.params.boolean("load_ids_of_invalid_requests")?.unwrap_or(false);
    let batch = call.state.areas.ads.batches.get_mut(&handle);
    let batch = batch.ok_or_else(|| GraphError::parameter("Invalid parameter: handle"))?;
    batch.polls = batch.polls.saturating_add(1);
    let status = match batch.polls {
        1 => "started",
        2 => "in_progress",
        _ => "finished",
    };
    let over = status == "finished";
    let errors = if over { batch.errors.clone() } else { Vec::new() };
    let mut row = Map::new();
    for (name, value) in [
        ("handle", json!(handle)),
        ("status", json!(status)),
        ("errors_total_count", json!(errors.len())),
        ("errors", json!(errors)),
        ("warnings", json!([])),
        ("warnings_total_count", json!(0)),
    ] {
        row.insert(name.to_owned(), value);
    }
    if over && with_ids {
        row.insert("ids_of_invalid_requests".to_owned(), json!(batch.invalid));
    }
    Ok(json!({"data": [row]}))
}
