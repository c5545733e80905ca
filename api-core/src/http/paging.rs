//! Lists page by page, as streams.

use std::collections::HashSet;
use std::mem;

use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::endpoint::{Call, Client, Endpoint};
use super::error::CoreError;
use super::response::DecodeError;
use crate::{Finding, InvalidRequest};

/// How often one page is asked for again with fewer items: enough to get from 100 to 1.
const MAX_SHRINKS: u32 = 7;

/// Where the next page starts. Opaque and short-lived: do not store it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(Box<str>);

impl Cursor {
    /// From the provider's text.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The provider's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One page of a list.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items that could be read, in order.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last page. A page may be empty and still have a next one.
    pub next: Option<Cursor>,
    /// Items that could not be read. They never cost the rest of the page.
    pub malformed: Vec<MalformedItem>,
    /// What the provider says about the whole list, such as how many there are, where it was asked for.
    pub summary: Option<Value>,
}

/// An item of a list that could not be read.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct MalformedItem {
    /// Its place on the page, from 0.
    pub index: usize,
    /// Why, without its content.
    pub error: DecodeError,
}

impl<T> Page<T> {
    /// A page of items that were read elsewhere.
    pub const fn new(items: Vec<T>, next: Option<Cursor>) -> Self {
        Self { items, next, malformed: Vec::new(), summary: None }
    }
}

impl<T: DeserializeOwned> Page<T> {
    /// Reads each item on its own, so that one with an unexpected shape is set aside.
    pub fn from_raw_items<R: AsRef<RawValue>>(
        raw: impl IntoIterator<Item = R>,
        next: Option<Cursor>,
    ) -> Self {
        let mut page = Self::new(Vec::new(), next);
        for (index, item) in raw.into_iter().enumerate() {
            match DecodeError::json(item.as_ref().get().as_bytes()) {
                Ok(item) => page.items.push(item),
                Err(error) => page.malformed.push(MalformedItem { index, error }),
            }
        }
        page
    }
}

/// An endpoint that gives a list in pages.
pub trait ListEndpoint: Endpoint<Output = Page<Self::Item>> + Clone {
    /// One entry of the list.
    type Item: Send;

    /// The same request, starting at `cursor`.
    fn after(self, cursor: &Cursor) -> Self;

    /// The same page with fewer items, if that helps against `error`; `None` if it does not, or if a page cannot
    /// be smaller. [`pages`] then asks again, and stays at the smaller size for the pages that follow.
    fn smaller(&self, error: &CoreError) -> Option<Self> {
        let _ = error;
        None
    }
}

struct Pages<C, E> {
    client: C,
    next: Next<E>,
    /// Where the page that comes next starts.
    at: Option<Cursor>,
    seen: HashSet<Cursor>,
}

enum Next<E> {
    Send(E),
    Repeated,
    End,
}

/// All pages of a list, one call each. The stream ends when the provider names no next page (an empty page
/// does not end it), or after yielding an error once; [`pages_from`] goes on from that error's
/// [`resume_from`](CoreError::resume_from). A page that is too large is asked for again with fewer items.
pub fn pages<C: Client, E: ListEndpoint + 'static>(
    client: C,
    endpoint: E,
) -> impl Stream<Item = Result<Page<E::Item>, C::Error>> + Send
where
    E::Item: 'static,
{
    pages_from(client, endpoint, None)
}

/// The pages of a list from `cursor` on, or from the first one.
pub fn pages_from<C: Client, E: ListEndpoint + 'static>(
    client: C,
    endpoint: E,
    cursor: Option<Cursor>,
) -> impl Stream<Item = Result<Page<E::Item>, C::Error>> + Send
where
    E::Item: 'static,
{
    let endpoint = match &cursor {
        Some(cursor) => endpoint.after(cursor),
        None => endpoint,
    };
    let seen = cursor.iter().cloned().collect();
    let state = Pages { client, next: Next::Send(endpoint), at: cursor, seen };
    stream::unfold(state, |mut state| async move {
        let result = match mem::replace(&mut state.next, Next::End) {
            Next::Send(endpoint) => state.turn(endpoint).await,
            Next::Repeated => {
                // Going on from there would give the same page for ever.
                state.at = None;
                Err(CoreError::invalid(E::NAME, repeated_cursor()))
            }
            Next::End => return None,
        };
        let result = result.map_err(|error| error.resuming_from(state.at.clone()).into());
        Some((result, state))
    })
}

impl<C: Client, E: ListEndpoint> Pages<C, E> {
    /// Gets one page and makes ready for the one after it.
    async fn turn(&mut self, mut endpoint: E) -> Result<Page<E::Item>, CoreError> {
        let mut shrinks = 0;
        let page = loop {
            match Call::new(&self.client, endpoint.clone()).run().await {
                Ok((page, _)) => break page,
                Err(error) => match endpoint.smaller(&error) {
                    Some(smaller) if shrinks < MAX_SHRINKS => endpoint = smaller,
                    _ => return Err(error),
                },
            }
            shrinks += 1;
        };
        if let Some(cursor) = &page.next {
            let new = self.seen.insert(cursor.clone());
            self.next = if new { Next::Send(endpoint.after(cursor)) } else { Next::Repeated };
            self.at = Some(cursor.clone());
        }
        Ok(page)
    }
}

/// All items of a list that can be read. Malformed items are skipped; use [`pages`] to see them.
pub fn items<C: Client, E: ListEndpoint + 'static>(
    client: C,
    endpoint: E,
) -> impl Stream<Item = Result<E::Item, C::Error>> + Send
where
    E::Item: 'static,
{
    pages(client, endpoint).map_ok(|page| stream::iter(page.items).map(Ok)).try_flatten()
}

fn repeated_cursor() -> InvalidRequest {
    Finding::error("paging.cursor", "paging", "the provider named the same next page twice")
        .advice("report it; what was read so far is complete up to that page")
        .into()
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
