//! Several entities in one request (Rest.li protocol, "Batch requests").

mod created;
mod entities;
mod failure;

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sociogram_api_core::http::{DecodeError, Page, RawResponse};

use crate::restli::{RestliValue, normal_key};

pub(crate) use created::Elements;
pub use created::{BatchCreated, CreatedElement};
pub use entities::Entities;
pub use failure::BatchFailure;

/// What a batch gave: for each key the entity, or why there is none. Keys are compared decoded, whichever way LinkedIn
/// wrote them: raw, in the reduced or in the full form.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub struct BatchResults<T> {
    found: BTreeMap<String, T>,
    failed: BTreeMap<String, BatchFailure>,
}

impl<T> BatchResults<T> {
    /// The entity under this key: a URN or a number, plain or encoded, or the text of a compound key.
    pub fn get(&self, key: impl AsRef<str>) -> Option<&T> {
        self.found.get(&*normal_key(key.as_ref()))
    }

    /// The entity under this complex or compound key.
    pub fn get_compound(&self, key: &RestliValue) -> Option<&T> {
        self.get(key.encode())
    }

    /// Why there is no entity under this key; `None` when there is one, or when it was not asked for.
    pub fn failure(&self, key: impl AsRef<str>) -> Option<&BatchFailure> {
        self.failed.get(&*normal_key(key.as_ref()))
    }

    /// All entities with their keys, in the order of the keys. Simple keys are plain text; compound ones are in the
    /// full form, for [`RestliValue::decode`].
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.found.iter().map(|(key, entity)| (key.as_str(), entity))
    }

    /// All keys without an entity, and why.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &BatchFailure)> {
        self.failed.iter().map(|(key, failure)| (key.as_str(), failure))
    }

    /// How many entities came.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether none came.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    fn fail(&mut self, key: String, failure: BatchFailure) {
        self.failed.insert(key, failure);
    }

    fn knows(&self, key: &str) -> bool {
        self.found.contains_key(key) || self.failed.contains_key(key)
    }

    /// The maps of an answer; `read` makes an entity or a failure of an entry of `results`.
    fn gather<'k>(
        response: &RawResponse,
        asked: impl IntoIterator<Item = &'k str>,
        silence: Option<u16>,
        read: impl Fn(&RawValue) -> Result<T, BatchFailure>,
    ) -> Result<Self, DecodeError> {
        let answer: Answer = response.json()?;
        let asked: BTreeSet<String> = asked.into_iter().map(|key| normal_key(key).into_owned()).collect();
        let mut results = Self { found: BTreeMap::new(), failed: BTreeMap::new() };
        for (key, entity) in answer.results.into_iter().flatten() {
            let key = matched(&key, &asked);
            match read(&entity) {
                Ok(entity) => drop(results.found.insert(key, entity)),
                Err(failure) => results.fail(key, failure),
            }
        }
        for (key, error) in answer.errors.into_iter().flatten() {
            let key = matched(&key, &asked);
            results.found.remove(&key);
            results.fail(key, BatchFailure::read(None, Some(&error)));
        }
        for (key, status) in answer.statuses.into_iter().flatten() {
            let key = matched(&key, &asked);
            if !results.knows(&key) {
                results.fail(key, BatchFailure::of(serde_json::from_str(status.get()).ok()));
            }
        }
        for key in asked {
            if !results.knows(&key) {
                results.fail(key, BatchFailure::of(silence));
            }
        }
        Ok(results)
    }
}

/// The spelling that was asked for, if one of them is meant. An encoded key without a colon shows only by comparison
/// that it is encoded.
fn matched(key: &str, asked: &BTreeSet<String>) -> String {
    let normal = normal_key(key);
    if !asked.contains(&*normal)
        && let Ok(decoded) = percent_decode_str(key).decode_utf8()
        && asked.contains(&*decoded)
    {
        return decoded.into_owned();
    }
    normal.into_owned()
}

impl<T: DeserializeOwned> BatchResults<T> {
    /// Reads the answer to a BATCH_GET of these keys. A key that stands nowhere in it was not found.
    pub(crate) fn read<'k>(
        response: &RawResponse,
        asked: impl IntoIterator<Item = &'k str>,
    ) -> Result<Self, DecodeError> {
        Self::gather(response, asked, Some(404), |entity| {
            serde_json::from_str(entity.get()).map_err(|_| BatchFailure::of(None))
        })
    }
}

impl BatchResults<u16> {
    /// Reads the answer to a BATCH_UPDATE, BATCH_PARTIAL_UPDATE or BATCH_DELETE of these keys: the status of each. An
    /// empty answer is good for all; of a key that stands nowhere in another answer nothing is known.
    pub(crate) fn changes<'k>(
        response: &RawResponse,
        asked: impl IntoIterator<Item = &'k str>,
    ) -> Result<Self, DecodeError> {
        #[derive(Deserialize)]
        struct Change {
            #[serde(default)]
            status: Option<u16>,
            #[serde(default)]
            error: Option<Box<RawValue>>,
        }
        let usual = response.status();
        if response.body().trim_ascii().is_empty() {
            let found = asked.into_iter().map(|key| (normal_key(key).into_owned(), usual)).collect();
            return Ok(Self { found, failed: BTreeMap::new() });
        }
        Self::gather(response, asked, None, |entry| {
            let change: Change = serde_json::from_str(entry.get()).map_err(|_| BatchFailure::of(None))?;
            match (change.status.unwrap_or(usual), change.error) {
                (status @ 0..400, None) => Ok(status),
                (status, error) => Err(BatchFailure::read(Some(status), error.as_deref())),
            }
        })
    }
}

/// Reads the answer to a BATCH_FINDER: one page for each of the criteria, in their order, or why there is none.
pub(crate) fn found<T: DeserializeOwned>(
    response: &RawResponse,
) -> Result<Vec<Result<Page<T>, BatchFailure>>, DecodeError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Criteria {
        #[serde(default)]
        elements: Option<Vec<Box<RawValue>>>,
        #[serde(default)]
        error: Option<Box<RawValue>>,
        #[serde(default)]
        is_error: Option<bool>,
    }
    #[derive(Deserialize)]
    struct Whole {
        elements: Vec<Box<RawValue>>,
    }
    let whole: Whole = response.json()?;
    let read = |criteria: Box<RawValue>| match serde_json::from_str(criteria.get()) {
        Ok(Criteria { error: None, is_error: None | Some(false), elements }) => {
            Ok(Page::from_raw_items(elements.unwrap_or_default(), None))
        }
        Ok(Criteria { error, .. }) => Err(BatchFailure::read(None, error.as_deref())),
        Err(_) => Err(BatchFailure::of(None)),
    };
    Ok(whole.elements.into_iter().map(read).collect())
}

type Keyed = BTreeMap<String, Box<RawValue>>;

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    results: Option<Keyed>,
    #[serde(default)]
    statuses: Option<Keyed>,
    #[serde(default)]
    errors: Option<Keyed>,
}

#[cfg(test)]
mod tests;
