//! Creating several entities at once.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sociogram_api_core::http::{DecodeError, RawResponse};

use super::failure::BatchFailure;
use crate::created::id_in_address;
use crate::lenient;
use crate::restli::normal_key;

/// The body of a BATCH_CREATE.
#[derive(Serialize)]
pub(crate) struct Elements<'e, T> {
    pub(crate) elements: &'e [T],
}

/// What a BATCH_CREATE made: one entry for each entity that was sent, in the same order.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchCreated<T> {
    /// The entries.
    pub elements: Vec<CreatedElement<T>>,
}

/// What became of one entity.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedElement<T> {
    /// Its HTTP status; `None` when the answer says nothing about it.
    pub status: Option<u16>,
    /// Its id, if it was created and LinkedIn named it.
    pub id: Option<T>,
    /// Why it was not created. With neither id nor error it may exist: look before repeating.
    pub error: Option<BatchFailure>,
}

impl<T> CreatedElement<T> {
    /// Whether LinkedIn says that it was created, also without naming it: some things have no ids.
    pub fn succeeded(&self) -> bool {
        self.error.is_none() && self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl<T> BatchCreated<T> {
    /// The ids that came, each with the place of its entity.
    pub fn ids(&self) -> impl Iterator<Item = (usize, &T)> {
        self.elements.iter().enumerate().filter_map(|(index, element)| Some((index, element.id.as_ref()?)))
    }

    /// What was refused, each with the place of its entity.
    pub fn failures(&self) -> impl Iterator<Item = (usize, &BatchFailure)> {
        self.elements.iter().enumerate().filter_map(|(index, element)| Some((index, element.error.as_ref()?)))
    }

    /// Whether all were created and named.
    pub fn is_complete(&self) -> bool {
        self.elements.iter().all(|element| element.id.is_some() && element.error.is_none())
    }
}

impl<T: FromStr> BatchCreated<T> {
    /// Reads the answer to a BATCH_CREATE of `sent` entities. Places that the answer does not reach stay empty.
    pub(crate) fn read(response: &RawResponse, sent: usize) -> Result<Self, DecodeError> {
        #[derive(Deserialize)]
        struct Whole {
            elements: Vec<Box<RawValue>>,
        }
        let whole: Whole = response.json()?;
        let mut elements: Vec<_> = whole.elements.iter().map(|raw| CreatedElement::read(raw)).collect();
        while elements.len() < sent {
            elements.push(CreatedElement { status: None, id: None, error: None });
        }
        Ok(Self { elements })
    }
}

impl<T: FromStr> CreatedElement<T> {
    fn read(raw: &RawValue) -> Self {
        #[derive(Default, Deserialize)]
        struct Wire {
            #[serde(default, deserialize_with = "lenient::or_none")]
            status: Option<u16>,
            #[serde(default, deserialize_with = "lenient::or_none")]
            id: Option<Id>,
            #[serde(default, deserialize_with = "lenient::or_none")]
            location: Option<String>,
            #[serde(default)]
            error: Option<Box<RawValue>>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Id {
            Text(String),
            Number(i64),
        }
        let wire: Wire = serde_json::from_str(raw.get()).unwrap_or_default();
        let refused = wire.error.is_some() || wire.status.is_some_and(|status| status >= 400);
        let id = match wire.id {
            Some(Id::Text(id)) => normal_key(&id).parse().ok(),
            Some(Id::Number(id)) => id.to_string().parse().ok(),
            None => None,
        };
        let located = || id_in_address(&wire.location?)?.parse().ok();
        Self {
            status: wire.status,
            id: if refused { None } else { id.or_else(located) },
            error: refused.then(|| BatchFailure::read(wire.status, wire.error.as_deref())),
        }
    }
}
