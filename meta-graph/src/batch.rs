//! Many endpoints in one call (Graph API: Batch Requests).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use sociogram_api_core::http::Endpoint;
use sociogram_oauth_core::AccessToken;

use crate::client::Client;
use crate::error::Error;
use crate::version::ApiVersion;

mod answers;
mod files;
mod part;
mod plan;
mod reply;
mod request;
mod send;

pub use answers::{BatchAnswers, BatchHandle};

use part::{Part, Silent};
pub(crate) use reply::refused_token;
pub(crate) use request::Items;

/// Any number of endpoints, sent fifty to a call.
///
/// Each item is an endpoint of this crate and gives a handle; with it, its own answer or error comes out of the
/// [`BatchAnswers`]. An item that fails leaves the others alone. Meta counts every item as a call, and so does the
/// client: all items together wait for the limits of their objects. One network exchange replaces fifty.
///
/// Items run in any order, and side by side, unless one [depends](BatchItem::depends_on) on another. If one item
/// must not be repeated, the whole call is not; reads are then repeated for themselves.
///
/// An item has a form, a JSON object or a form with one file as its body, and goes to no other host than
/// graph.facebook.com: videos and uploads in pieces are sent by themselves. Files are read into memory. Meta documents
/// files for photos of a Page; whether other edges take one this way is not confirmed. Several ad sets of one campaign
/// in one batch are refused by Meta.
///
/// The token of the whole call travels in the header, as everywhere. Meta's page about batches shows it as a parameter;
/// the header is accepted by graph.facebook.com, but for batches Meta does not say so.
///
/// ```
/// use sociogram_meta_graph::{Batch, RawRequest};
///
/// # async fn example(client: &sociogram_meta_graph::Client) -> Result<(), sociogram_meta_graph::Error> {
/// let mut batch = Batch::new();
/// let me = batch.add(RawRequest::get("me").fields("id,name"));
/// let feed = batch.add(RawRequest::get("42/feed").fields("id"));
/// let answers = client.send_batch(batch).await?;
/// let name = answers.take(me)?;
/// if let Err(error) = answers.take(feed) {
///     assert_eq!(error.operation(), "raw.get");
/// }
/// # let _ = name;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct Batch {
    entries: Vec<Entry>,
    timeout: Option<Duration>,
    without_headers: bool,
    /// Tells the handles of one batch from those of another.
    identity: Arc<()>,
}

struct Entry {
    part: Box<dyn Part>,
    settings: Settings,
}

/// What an item has besides its endpoint.
#[derive(Clone, Default)]
struct Settings {
    name: Option<String>,
    depends_on: Option<String>,
    references: Vec<ResultRef>,
    token: Option<AccessToken>,
    version: Option<ApiVersion>,
    silent: bool,
}

impl Batch {
    /// The most items that Meta takes in one call; more are sent in several.
    pub const ITEMS_PER_CALL: usize = 50;

    /// Without items.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an endpoint. The handle takes its answer out of the [`BatchAnswers`].
    pub fn add<E: Endpoint + 'static>(&mut self, endpoint: E) -> BatchHandle<E::Output> {
        self.add_item(BatchItem::new(endpoint))
    }

    /// Adds an endpoint with a name, a token or another setting of its own.
    pub fn add_item<E: Endpoint + 'static>(&mut self, item: BatchItem<E>) -> BatchHandle<E::Output> {
        self.push(Box::new(item.endpoint), item.settings)
    }

    /// As [`add_item`](Self::add_item), for an item whose answer is not wanted if it succeeds: it saves its bytes
    /// (`omit_response_on_success`). The handle still says whether it failed.
    ///
    /// Meta shows an answer left out and an item it had no time for in the same way. An item that others depend on
    /// counts as failed if none of them was answered; any other counts as done.
    pub fn add_silent<E: Endpoint + 'static>(&mut self, item: BatchItem<E>) -> BatchHandle<()> {
        let settings = Settings { silent: true, ..item.settings };
        self.push(Box::new(Silent(item.endpoint)), settings)
    }

    fn push<T>(&mut self, part: Box<dyn Part>, settings: Settings) -> BatchHandle<T> {
        self.entries.push(Entry { part, settings });
        BatchHandle::new(self.entries.len() - 1, Arc::clone(&self.identity))
    }

    /// Another time for one attempt of each call than the client's. Meta works on a large batch for longer than on
    /// a single call.
    pub fn timeout(&mut self, attempt: Duration) {
        self.timeout = Some(attempt);
    }

    /// Has Meta leave out the headers of the items (`include_headers=false`), which are often longer than the answers.
    ///
    /// Then the limits of objects are learned from nothing that this batch does, errors lack what only headers say, and
    /// an item cannot be answered with an `ETag`.
    pub fn without_headers(&mut self) {
        self.without_headers = true;
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operations: Vec<_> = self.entries.iter().map(|entry| entry.part.name()).collect();
        f.debug_struct("Batch").field("operations", &operations).finish_non_exhaustive()
    }
}

/// An endpoint inside a [`Batch`], with settings of its own.
///
/// ```
/// use sociogram_meta_graph::{Batch, BatchItem, RawRequest, ResultRef};
///
/// let mut batch = Batch::new();
/// let created = batch.add_item(
///     BatchItem::new(RawRequest::post("42/feed").form("message", "Hello")).name("created"),
/// );
/// let id = ResultRef::new("created", "$.id");
/// let read = BatchItem::new(RawRequest::get(id.to_string()).fields("permalink_url")).refers_to(&id);
/// let read = batch.add_item(read);
/// # let _ = (created, read);
/// ```
#[derive(Clone)]
pub struct BatchItem<E> {
    endpoint: E,
    settings: Settings,
}

impl<E: Endpoint> BatchItem<E> {
    /// With no settings of its own.
    pub fn new(endpoint: E) -> Self {
        Self { endpoint, settings: Settings::default() }
    }

    /// A name for other items to depend on: letters, digits, `-` and `_`, unique in the batch.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.settings.name = Some(name.into());
        self
    }

    /// Runs after the item of this name, which was added before, and only if that one succeeds. Both then travel
    /// in one call.
    pub fn depends_on(mut self, name: impl Into<String>) -> Self {
        self.settings.depends_on = Some(name.into());
        self
    }

    /// The endpoint holds the text of `reference` somewhere, to be replaced by a piece of an earlier item's answer.
    /// A reference that is not declared here is never sent: text of other people must not read answers.
    pub fn refers_to(mut self, reference: &ResultRef) -> Self {
        self.settings.references.push(reference.clone());
        self
    }

    /// Another token than the client's, such as that of a Page. Its proof is made with the client's app secret.
    pub fn token(mut self, token: impl Into<AccessToken>) -> Self {
        self.settings.token = Some(token.into());
        self
    }

    /// Another version than the client's.
    pub fn version(mut self, version: ApiVersion) -> Self {
        self.settings.version = Some(version);
        self
    }
}

impl<E: Endpoint> fmt::Debug for BatchItem<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchItem")
            .field("operation", &E::NAME)
            .field("name", &self.settings.name)
            .field("depends_on", &self.settings.depends_on)
            .finish_non_exhaustive()
    }
}

/// A piece of the answer of an earlier item, for which Meta puts in the value: `{result=created:$.id}`. The text,
/// from `to_string`, stands in a path, in the query or in the body of an endpoint; the item declares it with
/// [`refers_to`](BatchItem::refers_to).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRef {
    item: String,
    path: String,
}

impl ResultRef {
    /// Of the item with this name, at this JSONPath: `$.id`, `$.data[0].id`, `$.data.*.id`.
    pub fn new(item: impl Into<String>, path: impl Into<String>) -> Self {
        Self { item: item.into(), path: path.into() }
    }
}

impl fmt::Display for ResultRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{result={}:{}}}", self.item, self.path)
    }
}

impl Client {
    /// Sends a batch, fifty items to a call.
    ///
    /// # Errors
    /// When an item cannot be sent (then none is), or when no call of the batch was answered. If only some calls
    /// fail, their items have the error.
    pub async fn send_batch(&self, batch: Batch) -> Result<BatchAnswers, Error> {
        Box::pin(send::run(self, batch)).await
    }
}

#[cfg(test)]
mod tests;
