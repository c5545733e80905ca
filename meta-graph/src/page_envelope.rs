//! Lists of the Graph API: `{"data":[…],"paging":{…}}` (Graph API: Paginated Results).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;
use serde_json::value::RawValue;
use sociogram_api_core::http::{CoreError, Cursor, DecodeError, Fault, Page, RawResponse, RequestParts};
use sociogram_api_core::{Finding, InvalidRequest};
use url::{Url, form_urlencoded};

use crate::error_class::ErrorClass;
use crate::graph_error::GraphError;
use crate::lenient;

/// The parameters of a `next` URL that say where the next page starts. Nothing else is taken from it: it
/// carries the token, and never `appsecret_proof`.
const POSITIONS: [&str; 7] = ["after", "offset", "page", "since", "start", "until", "__paging_token"];

/// A list all of whose items can be read, as nearly every one.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Whole<T> {
    data: Vec<T>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    paging: Option<Paging>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    summary: Option<Value>,
}

/// Any other list: its items are read one by one.
#[derive(Deserialize)]
struct Envelope {
    #[serde(deserialize_with = "items")]
    data: Vec<Box<RawValue>>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    paging: Option<Paging>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    summary: Option<Value>,
}

#[derive(Deserialize)]
struct Paging {
    #[serde(default, deserialize_with = "lenient::or_none")]
    cursors: Option<Cursors>,
    #[serde(default, deserialize_with = "lenient::or_none")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Cursors {
    #[serde(default, deserialize_with = "lenient::or_none")]
    after: Option<String>,
}

/// The list itself, or an object that holds the list and nothing else: the groups of WhatsApp come as
/// `{"data":{"groups":[…]}}`.
fn items<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Box<RawValue>>, D::Error> {
    let data = Box::<RawValue>::deserialize(from)?;
    if !data.get().starts_with('{') {
        return serde_json::from_str(data.get()).map_err(D::Error::custom);
    }
    let mut lists: BTreeMap<String, Vec<Box<RawValue>>> =
        serde_json::from_str(data.get()).map_err(D::Error::custom)?;
    match (lists.pop_first(), lists.is_empty()) {
        (Some((_, list)), true) => Ok(list),
        _ => Err(D::Error::custom("data holds no list, or several")),
    }
}

/// Reads one page. Items that cannot be read are set aside.
pub(crate) fn read<T: DeserializeOwned>(response: &RawResponse) -> Result<Page<T>, DecodeError> {
    let (mut page, summary) = if let Ok(whole) = serde_json::from_slice::<Whole<T>>(response.body()) {
        (Page::new(whole.data, whole.paging.map_or(Ok(None), next)?), whole.summary)
    } else {
        let envelope: Envelope = response.json()?;
        let next = envelope.paging.map_or(Ok(None), next)?;
        (Page::from_raw_items(envelope.data, next), envelope.summary)
    };
    page.summary = summary.filter(|summary| !summary.is_null());
    Ok(page)
}

/// How many items a page has unless the request says otherwise.
const DEFAULT_LIMIT: u32 = 25;

/// The limit to try after `error`: half of it, if the error is that the answer would be too large.
pub(crate) fn smaller_limit(limit: Option<u32>, error: &CoreError) -> Option<u32> {
    let told: &GraphError = error.provider_fault().and_then(Fault::downcast_detail)?;
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    (told.class() == ErrorClass::DataTooLarge && limit > 1).then_some(limit / 2)
}

/// Which page is wanted, and how long it may be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Position {
    pub(crate) limit: Option<u32>,
    pub(crate) after: Option<Cursor>,
}

impl Position {
    /// The same place with fewer items, if that helps against `error`.
    pub(crate) fn smaller(&self, error: &CoreError) -> Option<Self> {
        Some(Self { limit: Some(smaller_limit(self.limit, error)?), after: self.after.clone() })
    }

    /// Adds it to the request. `max`: what the list gives at most.
    pub(crate) fn write(&self, parts: &mut RequestParts, max: u32) -> Result<(), InvalidRequest> {
        if let Some(limit) = self.limit {
            if !(1..=max).contains(&limit) {
                return Err(Finding::error("list.limit", "limit", "a page cannot hold that many items")
                    .measured(limit)
                    .allowed(format_args!("1 to {max}"))
                    .advice("leave it out, or ask for less; all pages come one after the other")
                    .into());
            }
            parts.query("limit", limit.to_string());
        }
        write(parts, self.after.as_ref());
        Ok(())
    }
}

/// Adds the position of the page to the request.
pub(crate) fn write(parts: &mut RequestParts, cursor: Option<&Cursor>) {
    if let Some(cursor) = cursor {
        parts.encoded_query(cursor.as_str());
    }
}

/// The next page exists only where `next` does: `cursors.after` is there on the last page as well.
fn next(paging: Paging) -> Result<Option<Cursor>, DecodeError> {
    let Some(next) = paging.next.filter(|next| !next.is_empty()) else { return Ok(None) };
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(after) = paging.cursors.and_then(|cursors| cursors.after).filter(|after| !after.is_empty()) {
        query.append_pair("after", &after);
    } else {
        let url = Url::parse(&next).map_err(|_| unreadable())?;
        query.extend_pairs(url.query_pairs().filter(|(name, _)| POSITIONS.contains(&name.as_ref())));
    }
    match query.finish() {
        // Ending here would lose the rest of the list without a word.
        query if query.is_empty() => Err(unreadable()),
        query => Ok(Some(Cursor::new(query))),
    }
}

fn unreadable() -> DecodeError {
    DecodeError::new("paging.next", "the next page is named in a way this version does not know")
}

#[cfg(test)]
mod tests;
