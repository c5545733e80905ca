//! The answer to a raw request.

use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::Value;
use sociogram_api_core::http::{DecodeError, Page, RawResponse};

use crate::batch::{self, BatchCreated, BatchFailure, BatchResults};
use crate::created;

/// An answer as it came, and readers for the shapes of each Rest.li method. `Debug` shows none of its content.
#[derive(Clone)]
pub struct RawAnswer {
    response: RawResponse,
    body: Value,
}

impl RawAnswer {
    pub(super) fn read(response: &RawResponse) -> Result<Self, DecodeError> {
        let empty = response.body().trim_ascii().is_empty();
        let body = if empty { Value::Null } else { response.json()? };
        Ok(Self { response: response.clone(), body })
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        self.response.status()
    }

    /// One header as text; `None` when it is missing or not visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.header_str(name)
    }

    /// The id of what was created, from `x-restli-id`, `x-linkedin-id` or `Location`. A simple id is plain text, a
    /// compound one is in the full form, for [`RestliValue::decode`](crate::restli::RestliValue::decode).
    pub fn id(&self) -> Option<String> {
        created::id_in_headers(&self.response).filter(|id: &String| !id.is_empty())
    }

    /// The body; null when it is empty.
    pub const fn body(&self) -> &Value {
        &self.body
    }

    /// The body; null when it is empty.
    pub fn into_body(self) -> Value {
        self.body
    }

    /// The body as a type of your own.
    ///
    /// # Errors
    /// When it has another shape; the error names the path, never the content.
    pub fn read_as<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        self.response.json()
    }

    /// What an ACTION gave: its `value`.
    ///
    /// # Errors
    /// When there is none, or it has another shape.
    pub fn action_value<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        created::value(&(), &self.response)
    }

    /// What a BATCH_GET of these keys gave. A key that the answer does not mention was not found.
    ///
    /// # Errors
    /// When the answer is no batch.
    pub fn batch_results<'k, T: DeserializeOwned>(
        &self,
        asked: impl IntoIterator<Item = &'k str>,
    ) -> Result<BatchResults<T>, DecodeError> {
        BatchResults::read(&self.response, asked)
    }

    /// What a BATCH_UPDATE, BATCH_PARTIAL_UPDATE or BATCH_DELETE of these keys did: the status of each.
    ///
    /// # Errors
    /// When the answer is no batch.
    pub fn batch_changes<'k>(
        &self,
        asked: impl IntoIterator<Item = &'k str>,
    ) -> Result<BatchResults<u16>, DecodeError> {
        BatchResults::changes(&self.response, asked)
    }

    /// What a BATCH_CREATE of this many entities made.
    ///
    /// # Errors
    /// When the answer is no batch.
    pub fn batch_created<T: FromStr>(&self, sent: usize) -> Result<BatchCreated<T>, DecodeError> {
        BatchCreated::read(&self.response, sent)
    }

    /// What a BATCH_FINDER found: for each of the criteria, in their order, a page or why there is none.
    ///
    /// # Errors
    /// When the answer is no batch.
    pub fn batch_found<T: DeserializeOwned>(
        &self,
    ) -> Result<Vec<Result<Page<T>, BatchFailure>>, DecodeError> {
        batch::found(&self.response)
    }
}

impl fmt::Debug for RawAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RawAnswer").field(&self.response).finish()
    }
}
