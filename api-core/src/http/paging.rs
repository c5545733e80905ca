//! Lists page by page, as streams.

use std::collections::HashSet;
use std::mem;

use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::endpoint::{Call, Client, Endpoint};
use super::error::CoreError;
use super::response::DecodeError;
use crate::{Finding, InvalidRequest};

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
        Self { items, next, malformed: Vec::new() }
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
}

struct Pages<C, E> {
    client: C,
    next: Next<E>,
    seen: HashSet<Cursor>,
}

enum Next<E> {
    Send(E),
    Repeated,
    End,
}

/// All pages of a list, one call each. The stream ends when the provider names no next page (an empty page
/// does not end it), or after yielding an error once. To go on after an error, start from the last cursor.
pub fn pages<C: Client, E: ListEndpoint + 'static>(
    client: C,
    endpoint: E,
) -> impl Stream<Item = Result<Page<E::Item>, C::Error>> + Send
where
    E::Item: 'static,
{
    let state = Pages { client, next: Next::Send(endpoint), seen: HashSet::new() };
    stream::unfold(state, |mut state| async move {
        let endpoint = match mem::replace(&mut state.next, Next::End) {
            Next::Send(endpoint) => endpoint,
            Next::Repeated => {
                return Some((Err(CoreError::invalid(E::NAME, repeated_cursor()).into()), state));
            }
            Next::End => return None,
        };
        let page = match Call::new(&state.client, endpoint.clone()).await {
            Ok(page) => page,
            Err(error) => return Some((Err(error), state)),
        };
        if let Some(cursor) = &page.next {
            let new = state.seen.insert(cursor.clone());
            state.next = if new { Next::Send(endpoint.after(cursor)) } else { Next::Repeated };
        }
        Some((Ok(page), state))
    })
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
