//! Catalogs of products (Marketing API: Product Catalog, Catalog Batch API).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sociogram_api_core::{Finding, open_enum};
use sociogram_oauth_core::scope;

use crate::endpoint::{endpoint, list_endpoint};
use crate::guard::rules;
use crate::id::{BusinessId, CatalogId};
use crate::lenient;

list_endpoint! {
    /// Lists the catalogs a business owns: `GET /{business_id}/owned_product_catalogs` (Business Management API).
    ///
    /// Needs `catalog_management`.
    pub struct ListCatalogs -> ProductCatalog;
    "catalog.catalogs.list": "/{business_id}/owned_product_catalogs", [scope::CATALOG_MANAGEMENT], limit 100;
    new { business_id: BusinessId }
    fields "id,name,vertical,product_count";
    subject business_id;
}

endpoint! {
    /// Makes, changes and deletes items: `POST /{catalog_id}/items_batch` (Marketing API: Catalog Batch API).
    ///
    /// Needs `catalog_management`. At most 5000 items in one call. Meta carries it out in the background:
    /// [`GetCatalogBatchStatus`] tells how it went. What is made is known by the business's own ids, so a repeat
    /// changes nothing.
    pub struct SubmitCatalogBatch -> SubmittedCatalogBatch;
    "catalog.batch.create": POST "/{catalog_id}/items_batch", Safe, [scope::CATALOG_MANAGEMENT];
    new { catalog_id: CatalogId, item_type: String, requests: Vec<CatalogItem> }
    with {
        /// Whether an update makes what does not exist, as it does unless set.
        allow_upsert: bool,
        /// The kind of product more closely, such as `CLOTHING`.
        item_sub_type: String,
    }
    subject catalog_id;
    checked by check;
}

impl SubmitCatalogBatch {
    /// What is wrong with it, as far as that can be told without asking Meta. Sending it checks the same.
    pub fn check(&self) -> Vec<Finding> {
        let count = self.requests.len();
        let mut findings = Vec::new();
        if count == 0 {
            findings.push(
                Finding::error("catalog.batch.empty", "requests", "there are no items")
                    .advice("add at least one"),
            );
        }
        if count > rules::A2_MAX_ITEMS {
            findings.push(rules::A2.finding("requests").measured(format_args!("{count} items")));
        }
        if let Some(at) = self.requests.iter().position(|item| !item.has_id()) {
            findings.push(
                Finding::error("catalog.batch.id", format!("requests[{at}].data.id"), "the item has no id")
                    .advice("give every item the id it has in the shop"),
            );
        }
        findings
    }
}

endpoint! {
    /// Asks how a batch went: `GET /{catalog_id}/check_batch_request_status` (Marketing API: Catalog Batch API).
    ///
    /// Needs `catalog_management`.
    pub struct GetCatalogBatchStatus -> CatalogBatchStatus;
    "catalog.batch.get": GET "/{catalog_id}/check_batch_request_status", Safe, [scope::CATALOG_MANAGEMENT];
    new { catalog_id: CatalogId, handle: String }
    with {
        /// Also name the items that were refused.
        load_ids_of_invalid_requests: bool,
    }
    subject catalog_id;
    decode read_status;
}

open_enum! {
    /// What happens to an item.
    pub enum BatchMethod {
        /// It is made.
        Create = "CREATE",
        /// It is changed, or made.
        Update = "UPDATE",
        /// It is deleted.
        Delete = "DELETE",
    }
}

/// One item of a batch.
///
/// ```
/// use sociogram_meta_graph::ads::CatalogItem;
///
/// let shirt = CatalogItem::update("sku-1")
///     .with("title", "Shirt")
///     .with("price", "9.99 USD")
///     .with("availability", "in stock");
/// let gone = CatalogItem::delete("sku-2");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CatalogItem {
    method: BatchMethod,
    data: Map<String, Value>,
}

impl CatalogItem {
    fn new(method: BatchMethod, id: impl Into<String>) -> Self {
        Self { method, data: Map::new() }.with("id", id.into())
    }

    /// Makes the item with this id of the shop.
    pub fn create(id: impl Into<String>) -> Self {
        Self::new(BatchMethod::Create, id)
    }

    /// Changes it; only the fields that are given.
    pub fn update(id: impl Into<String>) -> Self {
        Self::new(BatchMethod::Update, id)
    }

    /// Deletes it.
    pub fn delete(id: impl Into<String>) -> Self {
        Self::new(BatchMethod::Delete, id)
    }

    /// A field: `title`, `description`, `link`, `image` (a list of `{"url":…}`), `price` (`9.99 USD`),
    /// `availability`, `condition`, `brand` and more.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.data.insert(name.into(), value.into());
        self
    }

    fn has_id(&self) -> bool {
        self.data.get("id").and_then(Value::as_str).is_some_and(|id| !id.is_empty())
    }
}

/// A batch that Meta took.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SubmittedCatalogBatch {
    /// To ask how it went; none when nothing was taken.
    #[serde(default, deserialize_with = "lenient::list")]
    pub handles: Vec<String>,
    /// Items that were refused or are odd.
    #[serde(default, deserialize_with = "lenient::list")]
    pub validation_status: Vec<ItemValidation>,
}

/// What Meta found about one item at once.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ItemValidation {
    /// The id in the shop.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub retailer_id: Option<String>,
    /// What keeps it from being taken.
    #[serde(default, deserialize_with = "lenient::list")]
    pub errors: Vec<BatchProblem>,
    /// What is odd.
    #[serde(default, deserialize_with = "lenient::list")]
    pub warnings: Vec<BatchProblem>,
}

/// A problem with an item.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct BatchProblem {
    /// What it is, in Meta's words.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub message: Option<String>,
    /// The id in the shop.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub id: Option<String>,
    /// The place in the batch, from 0.
    #[serde(default, deserialize_with = "lenient::count")]
    pub line: Option<u64>,
}

open_enum! {
    /// Where a batch stands.
    pub enum BatchStatus {
        /// It waits.
        Started = "started",
        /// It is being carried out.
        InProgress = "in_progress",
        /// It was carried out; some items may have been refused.
        Finished = "finished",
        /// It was stopped.
        Canceled = "canceled",
        /// It failed.
        Error = "error",
    }
}

impl BatchStatus {
    /// Whether nothing more will happen to it. A word that is not known is taken for a batch under way.
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Finished | Self::Canceled | Self::Error)
    }
}

/// How a batch went.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CatalogBatchStatus {
    /// The batch.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub handle: Option<String>,
    /// Where it stands.
    pub status: BatchStatus,
    /// Items that were refused; Meta may not list all of them.
    #[serde(default, deserialize_with = "lenient::list")]
    pub errors: Vec<BatchProblem>,
    /// How many there are.
    #[serde(default, deserialize_with = "lenient::count")]
    pub errors_total_count: Option<u64>,
    /// Items that are odd.
    #[serde(default, deserialize_with = "lenient::list")]
    pub warnings: Vec<BatchProblem>,
    /// How many there are.
    #[serde(default, deserialize_with = "lenient::count")]
    pub warnings_total_count: Option<u64>,
    /// The ids of refused items, if they were asked for.
    #[serde(default, deserialize_with = "lenient::list")]
    pub ids_of_invalid_requests: Vec<String>,
}

/// The status stands in a list of one.
fn read_status(
    response: &sociogram_api_core::http::RawResponse,
) -> Result<CatalogBatchStatus, sociogram_api_core::http::DecodeError> {
    #[derive(Deserialize)]
    struct Answer {
        data: Vec<CatalogBatchStatus>,
    }
    let answer: Answer = response.json()?;
    answer
        .data
        .into_iter()
        .next()
        .ok_or_else(|| sociogram_api_core::http::DecodeError::new("data", "the answer holds no status"))
}

/// A catalog.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProductCatalog {
    /// Its id.
    pub id: CatalogId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub name: Option<String>,
    /// What it holds: `commerce`, `hotels`, `vehicles` and others.
    #[serde(default, deserialize_with = "lenient::or_none")]
    pub vertical: Option<String>,
    /// How many products it holds.
    #[serde(default, deserialize_with = "lenient::count")]
    pub product_count: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::exchange;

    fn batch(items: Vec<CatalogItem>) -> SubmitCatalogBatch {
        SubmitCatalogBatch::new(CatalogId::from(7), "PRODUCT_ITEM", items)
    }

    #[test]
    fn a_batch_holds_1_to_5000_items_with_ids() {
        let many = |count: usize| batch(vec![CatalogItem::delete("x"); count]);
        for (batch, rules) in [
            (many(0), &["catalog.batch.empty"][..]),
            (many(1), &[]),
            (many(5000), &[]),
            (many(5001), &["catalog.batch.items"]),
            (batch(vec![CatalogItem::update("a"), CatalogItem::update("")]), &["catalog.batch.id"]),
        ] {
            let found: Vec<&str> = batch.check().iter().map(Finding::rule).collect();
            assert_eq!(found, rules);
        }
    }

    #[tokio::test]
    async fn answers_are_read_leniently() {
        let (submitted, _) = exchange(
            batch(vec![CatalogItem::update("a")]),
            r#"{"handles":["h",7],"validation_status":[{"retailer_id":"a","errors":[{"message":"no price"}],"warnings":null},5]}"#,
        )
        .await;
        let submitted = submitted.unwrap();
        assert_eq!(
            (submitted.handles.as_slice(), submitted.validation_status.len()),
            (&["h".to_owned()][..], 1)
        );
        let ask = GetCatalogBatchStatus::new(CatalogId::from(7), "h");
        let (status, _) = exchange(
            ask.clone(),
            r#"{"data":[{"handle":"h","status":"paused","errors":[{"line":"3","id":"a","message":"m"}],"errors_total_count":"1"}]}"#,
        )
        .await;
        let status = status.unwrap();
        assert_eq!(status.status, BatchStatus::Unknown("paused".into()));
        assert!(
            !status.status.is_over() && !BatchStatus::Started.is_over() && BatchStatus::Finished.is_over()
        );
        assert_eq!((status.errors[0].line, status.errors_total_count), (Some(3), Some(1)));
        let (status, _) = exchange(ask, r#"{"data":[]}"#).await;
        assert!(status.is_err());
    }
}
